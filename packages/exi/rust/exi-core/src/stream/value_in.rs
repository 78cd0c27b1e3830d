//! Reading values in their representations (sections 7.1 and 7.2), as lexical text.

use std::sync::{Arc, OnceLock};

use super::reader::Reader;
use super::representation::Codecs;
use super::values::Values;
use super::witness::Action;
use crate::date_time::DateTime;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::number::BigInt;
use crate::tables::{width_of, Codec, CodecKind, Tables};
use crate::text::{push_integer, write_text};
use crate::value::{far_integer, Decimal, Value};

/// A value that was read: its text, and how a string was represented.
pub(crate) struct Read {
    pub text: Arc<str>,
    pub action: Option<Action>,
}

/// Reads the value of an element or attribute `name`.
pub(crate) fn read_value(
    reader: &mut Reader<'_>,
    codecs: &Codecs,
    codec: &Codec,
    name: QRef,
    values: &mut Values,
) -> Result<Read> {
    match codec.kind {
        CodecKind::String => read_string(reader, codec, name, values),
        CodecKind::List => {
            let text = read_list(reader, codecs, codec, name, values)?;
            Ok(Read { text: text.into(), action: None })
        }
        _ => {
            let mut text = String::new();
            read_plain(reader, codec, &mut text)?;
            Ok(Read { text: text.into(), action: None })
        }
    }
}

/// As [`read_value`], and appends the text to `out`.
pub(crate) fn read_text(
    reader: &mut Reader<'_>,
    codecs: &Codecs,
    codec: &Codec,
    name: QRef,
    values: &mut Values,
    out: &mut String,
) -> Result<()> {
    match codec.kind {
        CodecKind::String | CodecKind::List => {
            out.push_str(&read_value(reader, codecs, codec, name, values)?.text);
            Ok(())
        }
        _ => read_plain(reader, codec, out),
    }
}

/// Reads a value of a kind that is short, and appends its text to `out`. False, with nothing read, for
/// any other, and for one that is wrong.
#[inline(always)]
pub(crate) fn read_short(reader: &mut Reader<'_>, codec: &Codec, out: &mut String) -> bool {
    let start = reader.position();
    let read = match codec.kind {
        CodecKind::NBit => read_index(reader, codec).is_ok_and(|index| {
            push_integer(codec.low + index as i64, out);
            true
        }),
        CodecKind::Enumeration => read_index(reader, codec).is_ok_and(|index| {
            let text = codec.enumeration.get(index as usize);
            text.is_some_and(|text| {
                out.push_str(text);
                true
            })
        }),
        CodecKind::Boolean => reader.flag().is_ok_and(|value| {
            out.push_str(if value { "true" } else { "false" });
            true
        }),
        CodecKind::Integer => match (reader.flag(), reader.unsigned()) {
            (Ok(negative), Ok(coded)) if coded < 1 << 62 => {
                // A negative integer is coded as its magnitude minus one (7.1.5).
                push_integer(if negative { -1 - coded as i64 } else { coded as i64 }, out);
                true
            }
            _ => false,
        },
        CodecKind::Unsigned => reader.unsigned().is_ok_and(|value| {
            let small = value < 1 << 62;
            if small {
                push_integer(value as i64, out);
            }
            small
        }),
        _ => return false,
    };
    if !read {
        reader.rewind(start);
    }
    read
}

fn read_list(
    reader: &mut Reader<'_>,
    codecs: &Codecs,
    codec: &Codec,
    name: QRef,
    values: &mut Values,
) -> Result<String> {
    let start = reader.position();
    let count = reader.unsigned()?;
    let item = codecs.item(codec)?;
    // Items may take no bits at all, but no value has many of those.
    if count > reader.remaining() as u64 + 64 {
        return Err(Error::at(ErrorKind::EndOfStream, start, format!("a list of {count} items")));
    }
    let mut text = String::new();
    for index in 0..count {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(&read_value(reader, codecs, item, name, values)?.text);
    }
    Ok(text)
}

fn read_string(reader: &mut Reader<'_>, codec: &Codec, name: QRef, values: &mut Values) -> Result<Read> {
    let start = reader.position();
    let coded = reader.unsigned()?;
    let (found, action) = match coded {
        0 => {
            let id = reader.n_bit(width_of(values.local_count(name)))?;
            (values.local(name, id), Action::LocalHit(id))
        }
        1 => {
            let id = reader.n_bit(width_of(values.global_count()))?;
            (values.global(id), Action::GlobalHit(id))
        }
        _ => {
            let chars = coded - 2;
            let text: Arc<str> = if codec.charset.is_empty() {
                reader.chars(chars)?.into()
            } else {
                reader.chars_of(chars, &codec.charset, width_of(codec.charset.len() + 1))?.into()
            };
            values.add(name, &text, chars);
            return Ok(Read { text, action: Some(Action::Miss) });
        }
    };
    let missing =
        || Error::at(ErrorKind::Invalid, start, format!("{action:?} where the string table has none"));
    Ok(Read { text: found.ok_or_else(missing)?, action: Some(action) })
}

/// A value that is neither a string nor a list.
fn read_plain(reader: &mut Reader<'_>, codec: &Codec, out: &mut String) -> Result<()> {
    let start = reader.position();
    let value = match codec.kind {
        CodecKind::NBit => {
            let index = read_index(reader, codec)?;
            push_integer(codec.low + index as i64, out);
            return Ok(());
        }
        CodecKind::FarNBit => Value::Big(Box::new(far_integer(codec, read_index(reader, codec)?))),
        CodecKind::Enumeration => Value::Enumeration(read_index(reader, codec)? as u32),
        CodecKind::Boolean => Value::Boolean(reader.flag()?),
        CodecKind::BooleanPattern => {
            let texts = ["false", "0", "true", "1"];
            let index = reader.n_bit(2)? as usize;
            let text = texts.get(index);
            let invalid = || Error::at(ErrorKind::Invalid, start, format!("boolean {index} of 4"));
            return text.map(|text| out.push_str(text)).ok_or_else(invalid);
        }
        CodecKind::Unsigned => integer(false, reader.unsigned_or_big()?),
        CodecKind::Integer => integer(reader.flag()?, reader.unsigned_or_big()?),
        CodecKind::Binary => {
            let len = reader.unsigned()?;
            Value::Bytes(reader.octets(len)?.into())
        }
        CodecKind::Decimal => {
            let negative = reader.flag()?;
            let (integral, reversed) = (reader.big()?, reader.big()?);
            Value::Decimal(Box::new(Decimal { negative, integral, reversed }))
        }
        CodecKind::Float => {
            let (mantissa, exponent) = (reader.integer()?, reader.integer()?);
            if !(-16384..=16383).contains(&exponent) {
                return Err(Error::at(ErrorKind::Invalid, start, format!("a float exponent of {exponent}")));
            }
            Value::Float(mantissa, exponent as i16)
        }
        _ => Value::DateTime(Box::new(DateTime::read(reader, codec.primitive)?)),
    };
    write_text(&value, codec, no_tables(), out);
    Ok(())
}

/// A negative integer is coded as its magnitude minus one (7.1.5).
fn integer<'d>(negative: bool, coded: std::result::Result<u64, BigInt>) -> Value<'d> {
    let small = coded.as_ref().ok().and_then(|coded| i64::try_from(*coded).ok());
    if let Some(small) = small {
        return Value::Integer(if negative { -small - 1 } else { small });
    }
    let coded = coded.map_or_else(|big| big, |large| BigInt::from_i128(i128::from(large)));
    Value::Big(Box::new(if negative { BigInt { negative, ..coded.plus_one() } } else { coded }))
}

/// Lexical forms of single values need no tables: only lists do, which are taken apart before.
pub(crate) fn no_tables() -> &'static Tables {
    static NONE: OnceLock<Tables> = OnceLock::new();
    NONE.get_or_init(Tables::default)
}

fn read_index(reader: &mut Reader<'_>, codec: &Codec) -> Result<u64> {
    let start = reader.position();
    let index = reader.n_bit(u32::from(codec.width))?;
    if index > u64::from(codec.last) {
        return Err(Error::at(ErrorKind::Invalid, start, format!("value {index} of {}", codec.last)));
    }
    Ok(index)
}
