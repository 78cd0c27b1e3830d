//! Reading bits, most significant first, through 64-bit words.

use crate::error::{Error, ErrorKind, Result};
use crate::number::BigInt;

/// Octets of one unsigned integer that are accepted: 3 584 bits, far above any serial number.
const MAX_INTEGER_OCTETS: usize = 512;

/// A position in a bit-packed stream.
#[derive(Clone, Debug)]
pub struct BitReader<'d> {
    data: &'d [u8],
    pos: usize,
    /// Where the last whole word begins.
    last_word: usize,
}

/// Whole bytes that stand at any bit of a stream; they are copied only when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<'d> {
    data: &'d [u8],
    pos: usize,
    len: usize,
}

impl<'d> BitReader<'d> {
    /// A reader at the first bit of `data`.
    pub fn new(data: &'d [u8]) -> Self {
        Self { data, pos: 0, last_word: data.len().saturating_sub(8) }
    }

    /// Bits read so far.
    #[inline]
    pub fn position(&self) -> usize {
        self.pos
    }

    /// Goes to a position that [`Self::position`] gave.
    #[inline]
    pub fn rewind(&mut self, pos: usize) {
        self.pos = pos.min(self.data.len() * 8);
    }

    /// Bits that are left.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.data.len() * 8 - self.pos
    }

    /// The next bits from the top of a word: at least 57, zeros after the end of the stream.
    #[inline(always)]
    pub fn peek(&self) -> u64 {
        let byte = self.pos >> 3;
        // Near the end the last whole word of the stream is shifted instead of a shorter read:
        // there is no branch that depends on the place.
        let base = byte.min(self.last_word);
        let shift = (byte - base) * 8 + (self.pos & 7);
        match self.data.get(base..).and_then(<[u8]>::first_chunk::<8>) {
            Some(chunk) => u64::from_be_bytes(*chunk).checked_shl(shift as u32).unwrap_or(0),
            None => self.peek_short(),
        }
    }

    /// As [`Self::peek`], for a stream of fewer than eight bytes.
    #[cold]
    fn peek_short(&self) -> u64 {
        let mut chunk = [0; 8];
        for (to, from) in chunk.iter_mut().zip(self.data) {
            *to = *from;
        }
        u64::from_be_bytes(chunk).checked_shl(self.pos as u32).unwrap_or(0)
    }

    /// Steps over `count` bits that were peeked.
    #[inline(always)]
    pub fn advance(&mut self, count: usize) -> Result<()> {
        if count > self.remaining() {
            return Err(self.short(count));
        }
        self.pos += count;
        Ok(())
    }

    #[cold]
    fn short(&self, count: usize) -> Error {
        let left = self.remaining();
        Error::at(ErrorKind::EndOfStream, self.pos, format!("need {count} more bits, {left} are left"))
    }

    /// Reads `count` bits, at most 57.
    #[inline(always)]
    pub fn bits(&mut self, count: u32) -> Result<u64> {
        debug_assert!(count <= 57);
        let value = (self.peek() >> 1) >> (63 - count);
        self.advance(count as usize)?;
        Ok(value)
    }

    /// Reads one bit.
    #[inline(always)]
    pub fn bit(&mut self) -> Result<bool> {
        Ok(self.bits(1)? != 0)
    }

    /// Reads an unsigned integer (7.1.6) that fits 64 bits; a larger one is refused.
    #[inline]
    pub fn unsigned(&mut self) -> Result<u64> {
        let start = self.pos;
        match self.unsigned_or_big()? {
            Ok(value) => Ok(value),
            Err(_) => Err(Error::at(ErrorKind::Limit, start, "the integer is larger than 64 bits")),
        }
    }

    /// Reads an unsigned integer of any size: `Err` inside when it does not fit 64 bits.
    #[inline]
    pub fn unsigned_or_big(&mut self) -> Result<std::result::Result<u64, BigInt>> {
        let word = self.peek();
        let mut value = 0u64;
        for index in 0..7 {
            let octet = (word << (index * 8)) >> 56;
            value |= (octet & 0x7f) << (index * 7);
            if octet < 0x80 {
                self.advance(index * 8 + 8)?;
                return Ok(Ok(value));
            }
        }
        self.long_unsigned()
    }

    #[cold]
    fn long_unsigned(&mut self) -> Result<std::result::Result<u64, BigInt>> {
        let start = self.pos;
        let mut groups = Vec::with_capacity(16);
        loop {
            let octet = self.bits(8)? as u8;
            groups.push(octet & 0x7f);
            if octet < 0x80 {
                break;
            }
            if groups.len() == MAX_INTEGER_OCTETS {
                let reason = format!("the integer has more than {MAX_INTEGER_OCTETS} octets");
                return Err(Error::at(ErrorKind::Limit, start, reason));
            }
        }
        let big = BigInt::from_groups(&groups);
        Ok(big.to_u64().ok_or(big))
    }

    /// Takes `len` whole bytes without copying them.
    #[inline]
    pub fn take_bytes(&mut self, len: u64) -> Result<Bits<'d>> {
        let fits = usize::try_from(len).ok().filter(|len| *len <= self.remaining() / 8);
        let Some(len) = fits else {
            let left = self.remaining() / 8;
            let reason = format!("a length of {len} bytes where {left} are left");
            return Err(Error::at(ErrorKind::EndOfStream, self.pos, reason));
        };
        let taken = Bits { data: self.data, pos: self.pos, len };
        self.pos += len * 8;
        Ok(taken)
    }
}

impl<'d> Bits<'d> {
    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Copies the bytes into `to`, which must be `len()` long; more or less is cut.
    #[inline]
    pub fn copy_to(&self, to: &mut [u8]) {
        let shift = (self.pos & 7) as u32;
        let len = self.len.min(to.len());
        let from = self.data.get(self.pos >> 3..).unwrap_or_default();
        if shift == 0 {
            if let (Some(to), Some(from)) = (to.get_mut(..len), from.get(..len)) {
                to.copy_from_slice(from);
            }
            return;
        }
        let mut at = 0;
        while at + 8 <= len {
            let (Some(word), Some(next)) = (chunk8(from, at), from.get(at + 8)) else { break };
            let shifted = (word << shift) | (u64::from(*next) >> (8 - shift));
            if let Some(out) = to.get_mut(at..at + 8) {
                out.copy_from_slice(&shifted.to_be_bytes());
            }
            at += 8;
        }
        for (offset, out) in to.iter_mut().enumerate().take(len).skip(at) {
            let high = from.get(offset).copied().unwrap_or_default();
            let low = from.get(offset + 1).copied().unwrap_or_default();
            *out = (u16::from_be_bytes([high, low]) << shift >> 8) as u8;
        }
    }

    /// The bytes as a vector.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = vec![0; self.len];
        self.copy_to(&mut out);
        out
    }

    /// Whether all bytes are below 0x80.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        let mut reader = BitReader { pos: self.pos, ..BitReader::new(self.data) };
        let mut left = self.len;
        let mut seen = 0u64;
        while left >= 7 {
            seen |= reader.peek() & 0x8080_8080_8080_8000;
            reader.pos += 56;
            left -= 7;
        }
        if left > 0 {
            seen |= reader.peek() & (0x8080_8080_8080_8080 << (64 - left * 8));
        }
        seen == 0
    }
}

#[inline(always)]
fn chunk8(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..).and_then(<[u8]>::first_chunk::<8>).map(|chunk| u64::from_be_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_most_significant_first_across_bytes() {
        let mut reader = BitReader::new(&[0b1010_0101, 0b1100_0011]);
        assert_eq!(reader.bits(3).unwrap(), 0b101);
        assert_eq!(reader.bits(0).unwrap(), 0);
        assert_eq!(reader.bits(9).unwrap(), 0b0_0101_1100);
        assert_eq!(reader.bits(4).unwrap(), 0b0011);
        assert_eq!(reader.bits(1).unwrap_err().kind(), ErrorKind::EndOfStream);
    }

    #[test]
    fn bytes_at_any_bit_equal_the_bytes_that_were_shifted() {
        let plain: Vec<u8> = (0..40).map(|i| (i * 37 + 11) as u8).collect();
        for shift in 0..8 {
            for len in 0..plain.len() {
                let mut packed = vec![0u8; plain.len() + 1];
                for (i, byte) in plain.iter().enumerate() {
                    packed[i] |= byte >> shift;
                    packed[i + 1] |= ((u16::from(*byte) << 8) >> shift) as u8;
                }
                let mut reader = BitReader::new(&packed);
                reader.bits(shift).unwrap();
                assert_eq!(reader.take_bytes(len as u64).unwrap().to_vec(), plain[..len]);
            }
        }
    }

    #[test]
    fn a_length_beyond_the_stream_is_refused_before_anything_is_allocated() {
        let mut reader = BitReader::new(&[0; 4]);
        assert_eq!(reader.take_bytes(u64::MAX).unwrap_err().kind(), ErrorKind::EndOfStream);
    }

    #[test]
    fn a_long_integer_is_big_and_an_endless_one_is_refused() {
        let mut data = vec![0xff; 20];
        data.push(1);
        assert!(BitReader::new(&data).unsigned_or_big().unwrap().is_err());
        let endless = vec![0xff; 2000];
        assert_eq!(BitReader::new(&endless).unsigned().unwrap_err().kind(), ErrorKind::Limit);
    }

    #[test]
    fn non_ascii_is_seen_at_every_place() {
        for len in 0..30 {
            let mut data = vec![b'a'; 30];
            data[len] = 0x80;
            let mut reader = BitReader::new(&data);
            assert!(reader.clone().take_bytes(len as u64).unwrap().is_ascii());
            assert!(!reader.take_bytes(len as u64 + 1).unwrap().is_ascii());
        }
    }
}
