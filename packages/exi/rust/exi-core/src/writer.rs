//! Writing bits, most significant first, through a 64-bit word.

/// A growing bit-packed stream.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    out: Vec<u8>,
    /// The bits not yet in `out`, from the top; the rest is zero.
    word: u64,
    /// Their number, below 64.
    used: u32,
}

impl BitWriter {
    /// An empty stream in the memory of a buffer; what it holds is lost.
    pub fn on(mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { out: buffer, word: 0, used: 0 }
    }

    /// Makes room for so many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Bits written so far.
    pub fn position(&self) -> usize {
        self.out.len() * 8 + self.used as usize
    }

    /// Appends the low `count` bits of `value`, at most 63; higher bits must be zero.
    #[inline(always)]
    pub fn bits(&mut self, value: u64, count: u32) {
        debug_assert!(count < 64 && value >> count == 0);
        let free = 64 - self.used;
        if count < free {
            self.word |= (value << 1) << (free - count - 1);
            self.used += count;
            return;
        }
        let rest = count - free;
        self.out.extend_from_slice(&(self.word | (value >> rest)).to_be_bytes());
        self.word = (value << 1) << (63 - rest);
        self.used = rest;
    }

    /// Appends an unsigned integer (7.1.6).
    #[inline(always)]
    pub fn unsigned(&mut self, value: u64) {
        if value < 0x80 {
            return self.bits(value, 8);
        }
        self.long_unsigned(value);
    }

    fn long_unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bits((value & 0x7f) | 0x80, 8);
            value >>= 7;
        }
        self.bits(value, 8);
    }

    /// Appends whole bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        let whole = (self.used / 8) as usize;
        self.out.extend_from_slice(self.word.to_be_bytes().get(..whole).unwrap_or_default());
        self.word <<= whole * 8;
        self.used %= 8;
        if self.used == 0 {
            self.out.extend_from_slice(bytes);
            return;
        }
        self.out.reserve(bytes.len());
        let low = self.used;
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let word = chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            self.out.extend_from_slice(&(self.word | (word >> low)).to_be_bytes());
            self.word = word << (64 - low);
        }
        for byte in chunks.remainder() {
            self.bits(u64::from(*byte), 8);
        }
    }

    /// Takes out the whole bytes so far; the bits after them stay, and positions count from there.
    pub fn take_whole(&mut self) -> Vec<u8> {
        let whole = (self.used / 8) as usize;
        self.out.extend_from_slice(self.word.to_be_bytes().get(..whole).unwrap_or_default());
        self.word = self.word.checked_shl(whole as u32 * 8).unwrap_or(0);
        self.used %= 8;
        std::mem::take(&mut self.out)
    }

    /// The stream, its last byte padded with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        let whole = self.used.div_ceil(8) as usize;
        self.out.extend_from_slice(self.word.to_be_bytes().get(..whole).unwrap_or_default());
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::BitReader;

    #[test]
    fn what_is_written_is_read_back() {
        let mut writer = BitWriter::default();
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
                let mut writer = BitWriter::default();
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
