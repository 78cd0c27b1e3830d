//! DEFLATE (RFC 1951) with bounds: a small stream may not become a large one unseen.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::stream::{inflate as inflate_chunk, InflateState};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::settings::Limits;
use crate::error::{Error, ErrorKind, Result};

/// Bytes that a stream may always inflate to, whatever the ratio.
const FREE: u64 = 1 << 20;
const CHUNK: usize = 16 * 1024;
/// The level of compression that zlib has as its default.
const LEVEL: u8 = 6;

/// How much may still be inflated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room(u64);

impl Room {
    /// The room for a stream of `len` bytes.
    pub fn new(limits: &Limits, len: usize) -> Self {
        let by_ratio = (len as u64).saturating_mul(u64::from(limits.ratio)).max(FREE);
        Self(limits.inflated.min(by_ratio))
    }

    fn take(&mut self, bytes: usize) -> Result<()> {
        let left = self.0.checked_sub(bytes as u64);
        self.0 = left.ok_or_else(|| Error::new(ErrorKind::Limit, "inflates to more than the limit"))?;
        Ok(())
    }
}

/// Inflates the stream at the start of `raw`; also returns its length.
pub(crate) fn inflate(raw: &[u8], room: &mut Room) -> Result<(Vec<u8>, usize)> {
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut out = Vec::new();
    let mut used = 0;
    let mut chunk = [0; CHUNK];
    loop {
        let rest = raw.get(used..).unwrap_or_default();
        let result = inflate_chunk(&mut state, rest, &mut chunk, MZFlush::None);
        used += result.bytes_consumed;
        room.take(result.bytes_written)?;
        out.extend_from_slice(chunk.get(..result.bytes_written).unwrap_or_default());
        match result.status {
            Ok(MZStatus::StreamEnd) => return Ok((out, used)),
            Ok(_) if result.bytes_consumed > 0 || result.bytes_written > 0 => {}
            _ if used == raw.len() => {
                return Err(Error::new(ErrorKind::EndOfStream, "the compressed stream ends early"))
            }
            _ => return Err(Error::new(ErrorKind::Invalid, "not a DEFLATE stream")),
        }
    }
}

/// The stream that inflates to `bytes`.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_one_after_the_other_are_told_apart() {
        let parts: Vec<Vec<u8>> = (0..40usize).map(|i| vec![i as u8; i * i * 37 % 5000 + 1]).collect();
        let packed: Vec<u8> = parts.iter().flat_map(|part| deflate(part)).collect();
        let mut room = Room::new(&Limits::default(), packed.len());
        let mut at = 0;
        for part in &parts {
            let (bytes, used) = inflate(&packed[at..], &mut room).unwrap();
            assert_eq!(&bytes, part);
            at += used;
        }
        assert_eq!(at, packed.len());
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_inflated() {
        let packed = deflate(&vec![0; 64 << 20]);
        assert!(packed.len() < 100_000);
        let limits = Limits { inflated: 1 << 20, ..Limits::default() };
        let error = inflate(&packed, &mut Room::new(&limits, packed.len())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        let limits = Limits { ratio: 100, ..Limits::default() };
        assert!(inflate(&packed, &mut Room::new(&limits, packed.len())).is_err());
    }

    #[test]
    fn a_cut_or_broken_stream_is_an_error() {
        let packed = deflate(b"some text that is long enough, long enough, long enough");
        let room = || Room::new(&Limits::default(), packed.len());
        for len in 0..packed.len() {
            assert!(inflate(&packed[..len], &mut room()).is_err());
        }
        assert!(inflate(&[0xff; 20], &mut room()).is_err());
    }
}
