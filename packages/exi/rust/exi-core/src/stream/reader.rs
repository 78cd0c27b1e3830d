//! Reading the parts of a stream, bit-packed or byte-aligned.

use std::sync::Arc;

use super::deflate::{inflate, Room};
use crate::bits::BitReader;
use crate::error::{Error, ErrorKind, Result};
use crate::number::BigInt;
use crate::parts::PartReader;
use crate::value::read_big;

/// The bytes of a stream: borrowed, or owned by all that read from them.
#[derive(Clone, Debug)]
pub enum Bytes<'d> {
    /// Somebody else's.
    Borrowed(&'d [u8]),
    /// Owned.
    Shared(Arc<Vec<u8>>),
}

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

impl<'d> From<&'d [u8]> for Bytes<'d> {
    fn from(bytes: &'d [u8]) -> Self {
        Self::Borrowed(bytes)
    }
}

impl<'d> From<&'d Vec<u8>> for Bytes<'d> {
    fn from(bytes: &'d Vec<u8>) -> Self {
        Self::Borrowed(bytes)
    }
}

impl From<Vec<u8>> for Bytes<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Shared(Arc::new(bytes))
    }
}

/// A compressed stream that is not inflated before something is read of it: a channel without
/// content has no stream (section 9.3, note).
#[derive(Debug)]
struct Packed<'d> {
    data: Bytes<'d>,
    at: usize,
    room: Room,
}

/// A place in a stream.
#[derive(Debug)]
pub(crate) struct Reader<'d> {
    data: Bytes<'d>,
    pos: usize,
    aligned: bool,
    packed: Option<Packed<'d>>,
    /// Which stream of bits this is: see `Part::stream`.
    pub stream: u32,
    /// Where in the whole stream the compressed one began and ended, in bytes, once inflated.
    pub source: Option<(usize, usize)>,
}

impl<'d> Reader<'d> {
    pub fn new(data: Bytes<'d>, pos: usize, aligned: bool) -> Self {
        Self { data, pos, aligned, packed: None, stream: 0, source: None }
    }

    /// A reader of what a compressed stream at a byte of `data` inflates to.
    pub fn packed(data: Bytes<'d>, at: usize, room: Room, stream: u32) -> Self {
        let packed = Some(Packed { data, at, room });
        Self { data: Bytes::Borrowed(&[]), pos: 0, aligned: true, packed, stream, source: None }
    }

    /// Where the next compressed stream begins, and the room that is left.
    pub fn into_packed(self) -> Option<(usize, Room)> {
        self.packed.map(|packed| (packed.at, packed.room))
    }

    pub fn data(&self) -> &Bytes<'d> {
        &self.data
    }

    pub fn position(&self) -> usize {
        self.pos
    }

    /// Goes back to a position that [`Self::position`] gave.
    pub fn rewind(&mut self, pos: usize) {
        self.pos = pos;
    }

    pub fn remaining(&self) -> usize {
        (self.data.as_ref().len() * 8).saturating_sub(self.pos)
    }

    fn fill(&mut self) -> Result<()> {
        let Some(packed) = &mut self.packed else { return Ok(()) };
        if self.source.is_some() {
            return Ok(());
        }
        let raw = packed.data.as_ref().get(packed.at..).unwrap_or_default();
        let (bytes, used) = inflate(raw, &mut packed.room).map_err(|e| e.or_at(packed.at * 8))?;
        self.source = Some((packed.at, packed.at + used));
        packed.at += used;
        self.data = bytes.into();
        Ok(())
    }

    #[inline(always)]
    fn read<T>(&mut self, read: impl FnOnce(&mut BitReader<'_>) -> Result<T>) -> Result<T> {
        if self.packed.is_some() {
            self.fill()?;
        }
        let mut bits = BitReader::new(self.data.as_ref());
        bits.rewind(self.pos);
        let value = read(&mut bits)?;
        self.pos = bits.position();
        Ok(value)
    }

    /// An n-bit unsigned integer (7.1.9).
    #[inline(always)]
    pub fn n_bit(&mut self, width: u32) -> Result<u64> {
        match (width, self.aligned) {
            (0, _) => Ok(0),
            (_, true) => self.n_bit_aligned(width),
            (_, false) => match self.bits_within(width) {
                Some(value) => Ok(value),
                None => self.last_bits(width),
            },
        }
    }

    /// Steps over so many bits if all are zero, as event codes often are; false, with nothing read, if not.
    #[inline(always)]
    pub fn skip_zeros(&mut self, width: u32) -> bool {
        let start = self.pos;
        let zero = matches!(self.n_bit(width), Ok(0));
        if !zero {
            self.pos = start;
        }
        zero
    }

    /// Bits of a stream that has eight more bytes.
    #[inline(always)]
    fn bits_within(&mut self, width: u32) -> Option<u64> {
        let word = self.data.as_ref().get(self.pos >> 3..)?.first_chunk::<8>().filter(|_| width <= 57)?;
        let value = (u64::from_be_bytes(*word) << (self.pos & 7)) >> (64 - width);
        self.pos += width as usize;
        Some(value)
    }

    #[cold]
    fn last_bits(&mut self, width: u32) -> Result<u64> {
        self.read(|bits| bits.bits(width))
    }

    fn n_bit_aligned(&mut self, width: u32) -> Result<u64> {
        self.read(|bits| {
            let mut value = 0;
            let start = bits.position();
            for shift in 0..width.div_ceil(8) {
                value |= bits.bits(8)? << (8 * shift);
            }
            if value >> width != 0 {
                return Err(Error::at(ErrorKind::Invalid, start, format!("{value} in {width} bits")));
            }
            Ok(value)
        })
    }

    /// A boolean (7.1.2).
    pub fn flag(&mut self) -> Result<bool> {
        let at = self.pos;
        match self.n_bit(1)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Error::at(ErrorKind::Invalid, at, format!("{other} is no boolean"))),
        }
    }

    /// An unsigned integer that fits 64 bits (7.1.6).
    pub fn unsigned(&mut self) -> Result<u64> {
        self.read(|bits| bits.unsigned())
    }

    /// An unsigned integer of any size (7.1.6).
    pub fn big(&mut self) -> Result<BigInt> {
        self.read(read_big)
    }

    /// As [`Self::big`]: `Err` inside when it does not fit 64 bits.
    pub fn unsigned_or_big(&mut self) -> Result<std::result::Result<u64, BigInt>> {
        self.read(|bits| bits.unsigned_or_big())
    }

    /// A signed integer of 64 bits (7.1.5).
    pub fn integer(&mut self) -> Result<i64> {
        let start = self.pos;
        let negative = self.flag()?;
        let coded = i64::try_from(self.unsigned()?)
            .map_err(|_| Error::at(ErrorKind::Limit, start, "the integer is larger than 64 bits"))?;
        Ok(if negative { -coded - 1 } else { coded })
    }

    /// Whole bytes.
    pub fn octets(&mut self, len: u64) -> Result<Vec<u8>> {
        self.read(|bits| Ok(bits.take_bytes(len)?.to_vec()))
    }

    /// Characters as code points, each an unsigned integer (7.1.10).
    pub fn chars(&mut self, count: u64) -> Result<String> {
        self.read(|bits| {
            let mut ahead = bits.clone();
            let taken = ahead.take_bytes(count)?;
            if taken.is_ascii() {
                *bits = ahead;
                return Ok(String::from_utf8(taken.to_vec()).unwrap_or_default());
            }
            let mut text = String::with_capacity(taken.len());
            for _ in 0..count {
                text.push(read_char(bits)?);
            }
            Ok(text)
        })
    }

    /// Characters of a restricted set (7.1.10.1).
    pub fn chars_of(&mut self, count: u64, set: &[char], width: u32) -> Result<String> {
        let least = if self.aligned { width.div_ceil(8) * 8 } else { width };
        if self.packed.is_some() {
            self.fill()?;
        }
        if count > self.remaining() as u64 / u64::from(least.max(1)) {
            let reason = format!("a string of {count} characters where {} bits are left", self.remaining());
            return Err(Error::at(ErrorKind::EndOfStream, self.pos, reason));
        }
        let mut text = String::with_capacity(count as usize);
        for _ in 0..count {
            let at = self.pos;
            let index = self.n_bit(width)? as usize;
            text.push(match set.get(index) {
                Some(char) => *char,
                None if index == set.len() => self.read(read_char)?,
                None => {
                    return Err(Error::at(
                        ErrorKind::Invalid,
                        at,
                        format!("character {index} of {}", set.len()),
                    ))
                }
            });
        }
        Ok(text)
    }

    /// A string with its length before it, outside the string tables.
    pub fn string(&mut self) -> Result<Arc<str>> {
        let count = self.unsigned()?;
        Ok(self.chars(count)?.into())
    }

    /// Skips to the next byte.
    pub fn align(&mut self) {
        self.pos = self.pos.next_multiple_of(8);
    }
}

fn read_char(bits: &mut BitReader<'_>) -> Result<char> {
    let start = bits.position();
    let code = bits.unsigned()?;
    let char = u32::try_from(code).ok().and_then(char::from_u32);
    char.ok_or_else(|| Error::at(ErrorKind::Invalid, start, format!("{code:#x} is no character")))
}

impl PartReader for Reader<'_> {
    fn place(&self) -> usize {
        self.pos
    }

    fn n_bits(&mut self, width: u32) -> Result<u64> {
        self.n_bit(width)
    }

    fn small_integer(&mut self) -> Result<i64> {
        self.integer()
    }

    fn big_integer(&mut self) -> Result<BigInt> {
        self.big()
    }
}
