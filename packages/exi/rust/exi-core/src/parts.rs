//! The parts that composite values are made of, whatever the alignment of the stream.

use crate::bits::BitReader;
use crate::error::Result;
use crate::number::BigInt;
use crate::value::{read_big, read_small_integer};
use crate::value_writer::{write_groups, write_small_integer};
use crate::writer::BitWriter;

/// Reads parts of values.
pub(crate) trait PartReader {
    /// Bits read so far.
    fn place(&self) -> usize;
    /// An n-bit unsigned integer (7.1.9).
    fn n_bits(&mut self, width: u32) -> Result<u64>;
    /// A signed integer of 64 bits (7.1.5).
    fn small_integer(&mut self) -> Result<i64>;
    /// An unsigned integer of any size (7.1.6).
    fn big_integer(&mut self) -> Result<BigInt>;
}

/// Writes parts of values.
pub(crate) trait PartWriter {
    /// An n-bit unsigned integer (7.1.9).
    fn n_bits(&mut self, value: u64, width: u32);
    /// A signed integer of 64 bits (7.1.5).
    fn small_integer(&mut self, value: i64);
    /// The magnitude of an integer (7.1.6).
    fn big_integer(&mut self, value: &BigInt);
}

impl PartReader for BitReader<'_> {
    fn place(&self) -> usize {
        self.position()
    }

    fn n_bits(&mut self, width: u32) -> Result<u64> {
        self.bits(width)
    }

    fn small_integer(&mut self) -> Result<i64> {
        read_small_integer(self)
    }

    fn big_integer(&mut self) -> Result<BigInt> {
        read_big(self)
    }
}

impl PartWriter for BitWriter {
    fn n_bits(&mut self, value: u64, width: u32) {
        self.bits(value, width);
    }

    fn small_integer(&mut self, value: i64) {
        write_small_integer(self, value);
    }

    fn big_integer(&mut self, value: &BigInt) {
        write_groups(self, value);
    }
}
