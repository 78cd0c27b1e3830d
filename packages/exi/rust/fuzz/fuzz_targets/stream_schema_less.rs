//! Invariant: a stream without schema that decodes can be encoded, decodes to the same items again,
//! and its learning grammars take no more memory than the stream has bits for.
#![no_main]

use exi_core::stream::{Alignment, Grammars, Settings};
use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

fuzz_target!(|data: &[u8]| {
    let Some((kind, stream)) = data.split_first() else { return };
    let alignment = [Alignment::BitPacked, Alignment::ByteAligned][usize::from(kind & 1)];
    let settings = Settings { alignment, fragment: kind & 2 != 0, ..Settings::default() };
    // An options document could bring types in.
    if stream.first() != Some(&0x80) {
        return;
    }
    let grammars = Grammars::schema_less();
    if let Ok(items) = streams::decode(&grammars, stream, &settings) {
        // Every event of a built-in grammar has at least one bit.
        assert!(items.len() <= stream.len() * 8 + 4);
    }
    streams::written_is_read(&grammars, stream, &settings);
});
