//! Typed values and their codecs (EXI 1.0 section 7.1), facets checked in both directions.

use std::borrow::Cow;

use crate::bits::{BitReader, Bits};
use crate::error::{Error, ErrorKind, Result};
use crate::names::{write_literal, QRef, Strings, WrittenStrings};
use crate::number::BigInt;
use crate::tables::{width_of, Codec, CodecKind, Tables};
use crate::text::DateTime;
use crate::writer::BitWriter;

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
fn item_codec<'t>(tables: &'t Tables, codec: &Codec) -> Result<&'t Codec> {
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

pub(crate) fn write_small_integer(writer: &mut BitWriter, value: i64) {
    writer.bits(u64::from(value < 0), 1);
    writer.unsigned(if value < 0 { !value as u64 } else { value as u64 });
}

/// Writes the value of an element or attribute `name`; it is checked against the facets first.
#[inline]
pub(crate) fn write_value(
    writer: &mut BitWriter,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    value: &Value<'_>,
    strings: &mut WrittenStrings,
) -> Result<()> {
    match (codec.kind, value) {
        (CodecKind::NBit | CodecKind::Unsigned | CodecKind::Integer, Value::Integer(value)) => {
            write_int(writer, codec, *value)
        }
        (CodecKind::NBit | CodecKind::Unsigned | CodecKind::Integer, Value::Big(value)) => {
            write_big(writer, codec, value)
        }
        (CodecKind::Enumeration, Value::Enumeration(index)) => {
            if *index > codec.last {
                return Err(mismatch(codec));
            }
            writer.bits(u64::from(*index), u32::from(codec.width));
            Ok(())
        }
        (CodecKind::Boolean, Value::Boolean(value)) => {
            writer.bits(u64::from(*value), 1);
            Ok(())
        }
        (CodecKind::BooleanPattern, Value::Boolean(value)) => {
            writer.bits(u64::from(*value) * 2, 2);
            Ok(())
        }
        (CodecKind::String, Value::Str(text)) => write_string(writer, codec, name, text, strings),
        (CodecKind::String, Value::Text(text)) => {
            write_string(writer, codec, name, &text.clone().into_string(), strings)
        }
        (CodecKind::Binary, Value::Bytes(bytes)) => write_bytes(writer, codec, bytes),
        (CodecKind::Binary, Value::Bits(bits)) => write_bytes(writer, codec, &bits.to_vec()),
        _ => write_rare(writer, tables, codec, name, value, strings),
    }
}

fn write_int(writer: &mut BitWriter, codec: &Codec, value: i64) -> Result<()> {
    match codec.kind {
        CodecKind::NBit => {
            let offset = value.checked_sub(codec.low).and_then(|offset| u32::try_from(offset).ok());
            let offset =
                offset.filter(|offset| *offset <= codec.last).ok_or_else(|| out_of_range(codec, value))?;
            writer.bits(u64::from(offset), u32::from(codec.width));
        }
        CodecKind::Unsigned => {
            let unsigned = u64::try_from(value).map_err(|_| out_of_range(codec, value))?;
            check_small(codec, value)?;
            writer.unsigned(unsigned);
        }
        _ => {
            check_small(codec, value)?;
            write_small_integer(writer, value);
        }
    }
    Ok(())
}

#[cold]
fn write_big(writer: &mut BitWriter, codec: &Codec, value: &BigInt) -> Result<()> {
    check_int(codec, value)?;
    if let Some(small) = value.to_i128().and_then(|value| i64::try_from(value).ok()) {
        return write_int(writer, codec, small);
    }
    if codec.kind == CodecKind::NBit || (codec.kind == CodecKind::Unsigned && value.negative) {
        return Err(out_of_range(codec, value));
    }
    if codec.kind == CodecKind::Integer {
        writer.bits(u64::from(value.negative), 1);
    }
    let coded = if value.negative { value.clone().minus_one() } else { value.clone() };
    write_groups(writer, &coded);
    Ok(())
}

pub(crate) fn write_groups(writer: &mut BitWriter, value: &BigInt) {
    let groups = value.to_groups();
    let last = groups.len() - 1;
    for (index, group) in groups.iter().enumerate() {
        writer.bits(u64::from(*group) | if index < last { 0x80 } else { 0 }, 8);
    }
}

fn write_string(
    writer: &mut BitWriter,
    codec: &Codec,
    name: QRef,
    text: &str,
    strings: &mut WrittenStrings,
) -> Result<()> {
    check_str(codec, text)?;
    if strings.write_hit(writer, name, text) {
        return Ok(());
    }
    if codec.charset.is_empty() {
        write_literal(writer, text, 2);
        return Ok(());
    }
    writer.unsigned(text.chars().count() as u64 + 2);
    let width = width_of(codec.charset.len() + 1);
    for char in text.chars() {
        match codec.charset.binary_search(&char) {
            Ok(index) => writer.bits(index as u64, width),
            Err(_) => {
                writer.bits(codec.charset.len() as u64, width);
                writer.unsigned(u64::from(u32::from(char)));
            }
        }
    }
    Ok(())
}

#[inline]
fn write_bytes(writer: &mut BitWriter, codec: &Codec, bytes: &[u8]) -> Result<()> {
    check_bytes(codec, bytes)?;
    writer.unsigned(bytes.len() as u64);
    writer.bytes(bytes);
    Ok(())
}

#[cold]
fn write_rare(
    writer: &mut BitWriter,
    tables: &Tables,
    codec: &Codec,
    name: QRef,
    value: &Value<'_>,
    strings: &mut WrittenStrings,
) -> Result<()> {
    match (codec.kind, value) {
        (CodecKind::Decimal, Value::Decimal(decimal)) => {
            writer.bits(u64::from(decimal.negative), 1);
            write_groups(writer, &decimal.integral);
            write_groups(writer, &decimal.reversed);
        }
        (CodecKind::Float, Value::Float(mantissa, exponent)) => {
            write_small_integer(writer, *mantissa);
            write_small_integer(writer, i64::from(*exponent));
        }
        (CodecKind::DateTime, Value::DateTime(date_time)) if date_time.kind == codec.primitive => {
            date_time.write(writer);
        }
        (CodecKind::List, Value::List(items)) => {
            check_length(codec, items.len() as u64, "items")?;
            let item_codec = item_codec(tables, codec)?;
            writer.unsigned(items.len() as u64);
            for item in items {
                write_value(writer, tables, item_codec, name, item, strings)?;
            }
        }
        _ => return Err(mismatch(codec)),
    }
    Ok(())
}

#[cold]
fn mismatch(codec: &Codec) -> Error {
    Error::new(ErrorKind::Content, format!("the value is none of type {:?}", codec.primitive))
}

#[cold]
fn out_of_range(codec: &Codec, value: impl std::fmt::Display) -> Error {
    let bound = |bound: Option<i128>| bound.map_or("unbounded".to_owned(), |bound| bound.to_string());
    let (low, high) = (bound(codec.minimum), bound(codec.maximum));
    Error::new(ErrorKind::Facet, format!("{value} is outside {low} to {high}"))
}

#[inline(always)]
fn check_small(codec: &Codec, value: i64) -> Result<()> {
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
