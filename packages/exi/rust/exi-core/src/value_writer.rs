//! Writing typed values (EXI 1.0 section 7.1); each is checked against its facets first.

use crate::error::{Error, ErrorKind, Result};
use crate::names::{write_literal, QRef, WrittenStrings};
use crate::number::BigInt;
use crate::tables::{width_of, Codec, CodecKind, Tables};
use crate::value::{
    check_bytes, check_int, check_length, check_small, check_str, far_offset, item_codec, out_of_range, Value,
};
use crate::writer::BitWriter;

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
        (CodecKind::FarNBit, Value::Big(value)) => {
            let offset = far_offset(codec, value).ok_or_else(|| out_of_range(codec, value))?;
            writer.bits(offset, u32::from(codec.width));
        }
        (CodecKind::FarNBit, Value::Integer(value)) => {
            let big = Value::Big(Box::new(BigInt::from_i128(i128::from(*value))));
            return write_rare(writer, tables, codec, name, &big, strings);
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
