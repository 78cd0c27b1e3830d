//! A schema set as a file: components in a compact binary form with a version and a checksum.
//!
//! The components are kept, not the tables: they are smaller, serve strict and other grammars
//! alike, and no file can hold tables that the compiler would not make. Compiling them again
//! costs about a millisecond.
//!
//! Layout: `EXIG`, the version, the texts, then the components in the order of [`Schema`], each
//! number as an Unsigned Integer of 7 bits per octet, at last the checksum of all that.

mod read;
mod write;

pub use read::read;
pub use write::write;

const MAGIC: &[u8; 4] = b"EXIG";
const VERSION: u8 = 2;
const CHECKSUM: usize = 8;
/// Groups inside each other, as the compiler takes them.
const MAX_NESTING: usize = 64;

/// FNV-1a with 64 bits: it finds a damaged file, not a forged one, which the reader checks for itself.
fn checksum(data: &[u8]) -> [u8; CHECKSUM] {
    let hash = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash.to_be_bytes()
}
