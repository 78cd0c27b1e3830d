//! Writing bits, most significant first, through a 64-bit word.

/// A growing bit-packed stream.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    out: Vec<u8>,
    /// The bits not yet in `out`, right-aligned; fewer than 8 between calls.
    word: u64,
    used: u32,
}

impl BitWriter {
    /// An empty stream.
    pub fn new() -> Self {
        Self::with_buffer(Vec::new())
    }

    /// An empty stream that reuses the memory of `out`.
    pub fn with_buffer(mut out: Vec<u8>) -> Self {
        out.clear();
        Self { out, word: 0, used: 0 }
    }

    /// Bits written so far.
    pub fn position(&self) -> usize {
        self.out.len() * 8 + self.used as usize
    }

    /// Appends the low `count` bits of `value`, at most 56; higher bits must be zero.
    #[inline(always)]
    pub fn bits(&mut self, value: u64, count: u32) {
        debug_assert!(count <= 56 && value >> count == 0);
        self.word = (self.word << count) | value;
        self.used += count;
        if self.used >= 8 {
            self.flush();
        }
    }

    #[inline(always)]
    fn flush(&mut self) {
        let whole = (self.used / 8) as usize;
        let aligned = self.word << (64 - self.used);
        self.out.extend_from_slice(&aligned.to_be_bytes());
        self.out.truncate(self.out.len() - 8 + whole);
        self.used &= 7;
        self.word &= (1 << self.used) - 1;
    }

    /// Appends an unsigned integer (7.1.6).
    #[inline]
    pub fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bits((value & 0x7f) | 0x80, 8);
            value >>= 7;
        }
        self.bits(value, 8);
    }

    /// Appends whole bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        if self.used == 0 {
            self.out.extend_from_slice(bytes);
            return;
        }
        self.out.reserve(bytes.len());
        let (low, mut carry) = (self.used, self.word);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let word = chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            let shifted = (carry << (64 - low)) | (word >> low);
            self.out.extend_from_slice(&shifted.to_be_bytes());
            carry = word & ((1 << low) - 1);
        }
        self.word = carry;
        for byte in chunks.remainder() {
            self.bits(u64::from(*byte), 8);
        }
    }

    /// The stream, its last byte padded with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        if self.used > 0 {
            self.bits(0, 8 - self.used);
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::BitReader;

    #[test]
    fn what_is_written_is_read_back() {
        let mut writer = BitWriter::new();
        for count in 0..=56 {
            writer.bits((1u64 << count) - 1, count);
            writer.unsigned(u64::from(count) * 1_234_567);
        }
        let data = writer.finish();
        let mut reader = BitReader::new(&data);
        for count in 0..=56 {
            assert_eq!(reader.bits(count).unwrap(), (1u64 << count) - 1);
            assert_eq!(reader.unsigned().unwrap(), u64::from(count) * 1_234_567);
        }
    }

    #[test]
    fn bytes_are_appended_at_any_bit() {
        let plain: Vec<u8> = (0..40).map(|i| (i * 37 + 11) as u8).collect();
        for shift in 0..8 {
            for len in 0..plain.len() {
                let mut writer = BitWriter::new();
                writer.bits(0, shift);
                writer.bytes(&plain[..len]);
                assert_eq!(writer.position(), shift as usize + len * 8);
                let data = writer.finish();
                let mut reader = BitReader::new(&data);
                reader.bits(shift).unwrap();
                assert_eq!(reader.take_bytes(len as u64).unwrap().to_vec(), plain[..len]);
            }
        }
    }
}
