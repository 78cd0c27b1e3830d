//! Typed values, reading them (EXI 1.0 section 7.1), and the facets, which are checked both ways.

use std::borrow::Cow;

use crate::bits::{BitReader, Bits};
use crate::date_time::DateTime;
use crate::error::{Error, ErrorKind, Result};
use crate::names::{QRef, Strings};
use crate::number::BigInt;
use crate::tables::{width_of, Codec, CodecKind, Tables};

/// Characters of a string: still in the stream when they are all ASCII.
#[derive(Clone, Debug, PartialEq)]
pub enum Text<'d> {
    /// ASCII at any bit of the stream.
    Ascii(Bits<'d>),
    /// Anything else.
    Other(Box<str>),
}

impl Text<'_> {
    /// Number of characters.
    pub fn chars(&self) -> u64 {
        match self {
            Text::Ascii(bits) => bits.len() as u64,
            Text::Other(text) => text.chars().count() as u64,
        }
    }

    /// The characters.
    pub fn into_string(self) -> String {
        match self {
            Text::Ascii(bits) => String::from_utf8(bits.to_vec()).unwrap_or_default(),
            Text::Other(text) => text.into_string(),
        }
    }
}

/// A decimal number: sign, integral part, and the fraction's digits in reverse order.
#[derive(Clone, Debug, PartialEq)]
pub struct Decimal {
    /// Whether it is below zero.
    pub negative: bool,
    /// The part before the point.
    pub integral: BigInt,
    /// The digits after the point, last digit first, as a number.
    pub reversed: BigInt,
}

/// A value of a simple type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'d> {
    /// xs:boolean.
    Boolean(bool),
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other integer.
    Big(Box<BigInt>),
    /// The index of an enumeration item.
    Enumeration(u32),
    /// A string.
    Text(Text<'d>),
    /// A string of the caller, for encoding.
    Str(&'d str),
    /// Bytes of the stream.
    Bits(Bits<'d>),
    /// Bytes of the caller, for encoding.
    Bytes(Cow<'d, [u8]>),
    /// xs:decimal.
    Decimal(Box<Decimal>),
    /// Mantissa and base-10 exponent; exponent -16384 is INF (1), -INF (-1) or NaN.
    Float(i64, i16),
    /// One of the date-time kinds.
    DateTime(Box<DateTime>),
    /// A list.
    List(Vec<Value<'d>>),
}

const FLOAT_SPECIAL: i64 = -16384;

/// Reads the value of an element or attribute `name`.
#[inline]
pub(crate) fn read_value<'d>(
    reader: &mut BitReader<'d>,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    strings: &mut Strings,
) -> Result<Value<'d>> {
    let start = reader.position();
    match codec.kind {
        CodecKind::NBit => {
            let offset = reader.bits(u32::from(codec.width))?;
            check_index(codec, offset, start)?;
            Ok(Value::Integer(codec.low + offset as i64))
        }
        CodecKind::Enumeration => {
            let index = reader.bits(u32::from(codec.width))?;
            check_index(codec, index, start)?;
            Ok(Value::Enumeration(index as u32))
        }
        CodecKind::Boolean => Ok(Value::Boolean(reader.bit()?)),
        CodecKind::Unsigned => read_unsigned(reader, codec, start),
        CodecKind::Integer => read_integer(reader, codec, start),
        CodecKind::String => read_string(reader, tables, codec, name, strings).map(Value::Text),
        CodecKind::Binary => {
            let len = reader.unsigned()?;
            check_length(codec, len, "bytes").map_err(|e| e.or_at(start))?;
            reader.take_bytes(len).map(Value::Bits)
        }
        _ => read_rare(reader, tables, codec, name, strings),
    }
}

#[inline(always)]
fn check_index(codec: &Codec, index: u64, start: usize) -> Result<()> {
    if index > u64::from(codec.last) {
        return Err(Error::at(ErrorKind::Invalid, start, format!("value {index} of {}", codec.last)));
    }
    Ok(())
}

#[inline]
fn read_unsigned<'d>(reader: &mut BitReader<'d>, codec: &Codec, start: usize) -> Result<Value<'d>> {
    match reader.unsigned_or_big()? {
        Ok(small) if small <= i64::MAX as u64 => {
            check_small(codec, small as i64).map_err(|e| e.or_at(start))?;
            Ok(Value::Integer(small as i64))
        }
        Ok(large) => big(codec, BigInt::from_i128(i128::from(large)), start),
        Err(large) => big(codec, large, start),
    }
}

#[inline]
fn read_integer<'d>(reader: &mut BitReader<'d>, codec: &Codec, start: usize) -> Result<Value<'d>> {
    let negative = reader.bit()?;
    match reader.unsigned_or_big()? {
        Ok(small) if small <= i64::MAX as u64 => {
            let value = if negative { -(small as i64) - 1 } else { small as i64 };
            check_small(codec, value).map_err(|e| e.or_at(start))?;
            Ok(Value::Integer(value))
        }
        Ok(large) => big(codec, signed(negative, BigInt::from_i128(i128::from(large))), start),
        Err(large) => big(codec, signed(negative, large), start),
    }
}

/// A negative integer is coded as its magnitude minus one (7.1.5).
fn signed(negative: bool, coded: BigInt) -> BigInt {
    if negative {
        BigInt { negative: true, ..coded.plus_one() }
    } else {
        coded
    }
}

#[cold]
fn big<'d>(codec: &Codec, value: BigInt, start: usize) -> Result<Value<'d>> {
    check_int(codec, &value).map_err(|e| e.or_at(start))?;
    Ok(Value::Big(Box::new(value)))
}

fn read_string<'d>(
    reader: &mut BitReader<'d>,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    strings: &mut Strings,
) -> Result<Text<'d>> {
    let start = reader.position();
    let coded = reader.unsigned()?;
    if coded < 2 {
        let charset = |codec: u32| tables.codecs.get(codec as usize).map_or(&[][..], |codec| &codec.charset);
        let text = match coded {
            0 => strings.local_hit(reader, name, charset),
            _ => strings.global_hit(reader, charset),
        }?;
        check_length(codec, text.chars(), "characters").map_err(|e| e.or_at(start))?;
        return Ok(text);
    }
    let chars = coded - 2;
    check_length(codec, chars, "characters").map_err(|e| e.or_at(start))?;
    strings.note(name, reader.position(), chars, codec.index);
    read_chars(reader, chars, &codec.charset)
}

/// Reads the characters of a string whose length is known.
#[inline]
pub(crate) fn read_chars<'d>(reader: &mut BitReader<'d>, chars: u64, charset: &[char]) -> Result<Text<'d>> {
    if charset.is_empty() {
        let start = reader.position();
        let bits = reader.take_bytes(chars)?;
        if bits.is_ascii() {
            return Ok(Text::Ascii(bits));
        }
        reader.rewind(start);
    }
    read_other_chars(reader, chars, charset)
}

#[cold]
fn read_other_chars<'d>(reader: &mut BitReader<'d>, chars: u64, charset: &[char]) -> Result<Text<'d>> {
    let width = width_of(charset.len() + 1).max(if charset.is_empty() { 8 } else { 1 });
    if chars > (reader.remaining() / width as usize) as u64 {
        let reason = format!("a string of {chars} characters where {} bits are left", reader.remaining());
        return Err(Error::at(ErrorKind::EndOfStream, reader.position(), reason));
    }
    let mut text = String::with_capacity(chars as usize);
    for _ in 0..chars {
        text.push(read_char(reader, charset)?);
    }
    Ok(Text::Other(text.into_boxed_str()))
}

fn read_char(reader: &mut BitReader<'_>, charset: &[char]) -> Result<char> {
    if !charset.is_empty() {
        let index = reader.bits(width_of(charset.len() + 1))? as usize;
        if let Some(char) = charset.get(index) {
            return Ok(*char);
        }
    }
    let start = reader.position();
    let code = reader.unsigned()?;
    let char = u32::try_from(code).ok().and_then(char::from_u32);
    char.ok_or_else(|| Error::at(ErrorKind::Invalid, start, format!("{code:#x} is no character")))
}

#[cold]
fn read_rare<'d>(
    reader: &mut BitReader<'d>,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    strings: &mut Strings,
) -> Result<Value<'d>> {
    match codec.kind {
        CodecKind::BooleanPattern => Ok(Value::Boolean(reader.bits(2)? >= 2)),
        CodecKind::FarNBit => {
            let start = reader.position();
            let offset = reader.bits(u32::from(codec.width))?;
            check_index(codec, offset, start)?;
            Ok(Value::Big(Box::new(far_integer(codec, offset))))
        }
        CodecKind::Decimal => {
            let negative = reader.bit()?;
            let integral = read_big(reader)?;
            let reversed = read_big(reader)?;
            Ok(Value::Decimal(Box::new(Decimal { negative, integral, reversed })))
        }
        CodecKind::Float => {
            let start = reader.position();
            let mantissa = read_small_integer(reader)?;
            let exponent = read_small_integer(reader)?;
            if !(FLOAT_SPECIAL..=-FLOAT_SPECIAL - 1).contains(&exponent) {
                return Err(Error::at(ErrorKind::Invalid, start, format!("a float exponent of {exponent}")));
            }
            Ok(Value::Float(mantissa, exponent as i16))
        }
        CodecKind::DateTime => DateTime::read(reader, codec.primitive).map(|v| Value::DateTime(Box::new(v))),
        _ => read_list(reader, tables, codec, name, strings),
    }
}

/// The value of an n-bit integer that 64 bits do not hold.
pub(crate) fn far_integer(codec: &Codec, offset: u64) -> BigInt {
    BigInt::from_i128(codec.minimum.unwrap_or(0).saturating_add(i128::from(offset)))
}

/// The offset of such a value.
pub(crate) fn far_offset(codec: &Codec, value: &BigInt) -> Option<u64> {
    let offset = value.to_i128()?.checked_sub(codec.minimum?)?;
    u64::try_from(offset).ok().filter(|offset| *offset <= u64::from(codec.last))
}

fn read_list<'d>(
    reader: &mut BitReader<'d>,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    strings: &mut Strings,
) -> Result<Value<'d>> {
    let start = reader.position();
    let count = reader.unsigned()?;
    check_length(codec, count, "items").map_err(|e| e.or_at(start))?;
    if count > reader.remaining() as u64 {
        return Err(Error::at(ErrorKind::EndOfStream, start, format!("a list of {count} items")));
    }
    let item = item_codec(tables, codec)?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(read_value(reader, tables, item, name, strings)?);
    }
    Ok(Value::List(items))
}

/// The codec of list items; a list of lists, which XML Schema forbids, is refused.
pub(crate) fn item_codec<'t>(tables: &'t Tables, codec: &Codec) -> Result<&'t Codec> {
    let item = tables.codecs.get(codec.item as usize).filter(|item| item.kind != CodecKind::List);
    item.ok_or_else(|| Error::new(ErrorKind::Schema, "a list without item type"))
}

pub(crate) fn read_big(reader: &mut BitReader<'_>) -> Result<BigInt> {
    Ok(reader.unsigned_or_big()?.map_or_else(|big| big, |small| BigInt::from_i128(i128::from(small))))
}

/// A signed integer of 64 bits.
pub(crate) fn read_small_integer(reader: &mut BitReader<'_>) -> Result<i64> {
    let start = reader.position();
    let negative = reader.bit()?;
    let coded = i64::try_from(reader.unsigned()?)
        .map_err(|_| Error::at(ErrorKind::Limit, start, "the integer is larger than 64 bits"))?;
    Ok(if negative { -coded - 1 } else { coded })
}

#[cold]
pub(crate) fn out_of_range(codec: &Codec, value: impl std::fmt::Display) -> Error {
    let bound = |bound: Option<i128>| bound.map_or("unbounded".to_owned(), |bound| bound.to_string());
    let (low, high) = (bound(codec.minimum), bound(codec.maximum));
    Error::new(ErrorKind::Facet, format!("{value} is outside {low} to {high}"))
}

#[inline(always)]
pub(crate) fn check_small(codec: &Codec, value: i64) -> Result<()> {
    if codec.bounded && (value < codec.least || value > codec.most) {
        return Err(out_of_range(codec, value));
    }
    Ok(())
}

fn check_bounds(codec: &Codec, value: i128) -> Result<()> {
    if codec.minimum.is_some_and(|min| value < min) || codec.maximum.is_some_and(|max| value > max) {
        return Err(out_of_range(codec, value));
    }
    Ok(())
}

#[inline]
pub(crate) fn check_length(codec: &Codec, length: u64, what: &str) -> Result<()> {
    if length < codec.min_length || length > codec.max_length {
        return Err(bad_length(codec, length, what));
    }
    Ok(())
}

#[cold]
fn bad_length(codec: &Codec, length: u64, what: &str) -> Error {
    let high = match codec.max_length {
        u64::MAX => "any number".to_owned(),
        max => max.to_string(),
    };
    Error::new(ErrorKind::Facet, format!("{length} {what} where the type has {} to {high}", codec.min_length))
}

/// Checks an integer of any size against the bounds of a type.
pub fn check_int(codec: &Codec, value: &BigInt) -> Result<()> {
    match value.to_i128() {
        Some(small) => check_bounds(codec, small),
        None if value.negative && codec.minimum.is_none() => Ok(()),
        None if !value.negative && codec.maximum.is_none() => Ok(()),
        None => Err(out_of_range(codec, value)),
    }
}

/// Checks the length of a string against the facets of a type.
#[inline]
pub fn check_str(codec: &Codec, text: &str) -> Result<()> {
    if codec.max_length == u64::MAX && codec.min_length == 0 {
        return Ok(());
    }
    let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
    check_length(codec, chars as u64, "characters")
}

/// Checks the length of a binary value against the facets of a type.
#[inline]
pub fn check_bytes(codec: &Codec, bytes: &[u8]) -> Result<()> {
    check_length(codec, bytes.len() as u64, "bytes")
}
