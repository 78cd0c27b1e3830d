//! Writing the parts of a stream, bit-packed or byte-aligned.

use crate::number::BigInt;
use crate::parts::PartWriter;
use crate::value_writer::write_groups;
use crate::writer::BitWriter;

/// A growing stream or channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writer {
    bits: BitWriter,
    aligned: bool,
}

impl Writer {
    pub fn new(aligned: bool) -> Self {
        Self { bits: BitWriter::default(), aligned }
    }

    /// The same stream, from here on with or without byte alignment.
    pub fn set_aligned(&mut self, aligned: bool) {
        self.aligned = aligned;
    }

    /// Whether each part begins a byte.
    pub fn is_aligned(&self) -> bool {
        self.aligned
    }

    /// An n-bit unsigned integer (7.1.9).
    #[inline]
    pub fn n_bit(&mut self, value: u64, width: u32) {
        if !self.aligned {
            return self.bits.bits(value, width);
        }
        for shift in 0..width.div_ceil(8) {
            self.bits.bits(value >> (8 * shift) & 0xff, 8);
        }
    }

    pub fn flag(&mut self, value: bool) {
        self.n_bit(u64::from(value), 1);
    }

    pub fn unsigned(&mut self, value: u64) {
        self.bits.unsigned(value);
    }

    /// A signed integer of 64 bits (7.1.5).
    pub fn integer(&mut self, value: i64) {
        self.flag(value < 0);
        self.unsigned(if value < 0 { !value as u64 } else { value as u64 });
    }

    /// The magnitude of an integer as an unsigned integer.
    pub fn big(&mut self, value: &BigInt) {
        write_groups(&mut self.bits, value);
    }

    pub fn octets(&mut self, bytes: &[u8]) {
        self.bits.bytes(bytes);
    }

    /// Characters as code points.
    pub fn chars(&mut self, text: &str) {
        if text.is_ascii() {
            return self.bits.bytes(text.as_bytes());
        }
        for char in text.chars() {
            self.bits.unsigned(u64::from(u32::from(char)));
        }
    }

    /// A string with its length, raised by `offset`, before it.
    pub fn string(&mut self, text: &str, offset: u64) {
        let count = if text.is_ascii() { text.len() } else { text.chars().count() };
        self.unsigned(count as u64 + offset);
        self.chars(text);
    }

    /// Characters of a restricted set (7.1.10.1).
    pub fn chars_of(&mut self, text: &str, set: &[char], width: u32) {
        for char in text.chars() {
            match set.binary_search(&char) {
                Ok(index) => self.n_bit(index as u64, width),
                Err(_) => {
                    self.n_bit(set.len() as u64, width);
                    self.unsigned(u64::from(u32::from(char)));
                }
            }
        }
    }

    /// Pads to the next byte.
    pub fn align(&mut self) {
        let used = (self.bits.position() % 8) as u32;
        if used > 0 {
            self.bits.bits(0, 8 - used);
        }
    }

    /// Makes room for so many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.bits.reserve(bytes);
    }

    /// The bytes that are finished.
    pub fn take(&mut self) -> Vec<u8> {
        self.bits.take_whole()
    }

    pub fn finish(self) -> Vec<u8> {
        self.bits.finish()
    }
}

impl PartWriter for Writer {
    fn n_bits(&mut self, value: u64, width: u32) {
        self.n_bit(value, width);
    }

    fn small_integer(&mut self, value: i64) {
        self.integer(value);
    }

    fn big_integer(&mut self, value: &BigInt) {
        self.big(value);
    }
}
