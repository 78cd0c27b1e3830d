//! Writing values: from lexical text to a representation, which is ready before an event code is
//! chosen, to bits.

use std::sync::Arc;

use super::representation::Codecs;
use super::settings::Canonical;
use super::value_in::no_tables;
use super::values::{Found, Values};
use super::writer::Writer;
use crate::date_time::DateTime;
use crate::error::Result;
use crate::names::QRef;
use crate::number::BigInt;
use crate::tables::{width_of, Codec, CodecKind};
use crate::text::from_text;
use crate::value::{far_offset, Decimal, Value};

/// A value that is ready to be written in the representation of a type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ready {
    Text(Arc<str>),
    Index(u32),
    Boolean(bool),
    /// false, 0, true, 1.
    Boolean4(u8),
    /// An integer; `Big` where 64 bits do not hold it.
    Integer(i64),
    Big(BigInt),
    Bytes(Vec<u8>),
    Decimal(Decimal),
    Float(i64, i16),
    DateTime(DateTime),
    List(Vec<Ready>),
}

/// Which of the forms of a value is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Forms {
    pub canonical: Option<Canonical>,
    /// Whether decimals have a zero below zero: the parameters of the profile do.
    pub minus_zero: bool,
}

const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The value that a text means; None when the representation does not have it.
pub(crate) fn ready(text: &str, codecs: &Codecs, codec: &Codec, forms: Forms) -> Option<Ready> {
    match codec.kind {
        CodecKind::String => Some(Ready::Text(text.into())),
        CodecKind::List => {
            let item = codecs.item(codec).ok()?;
            let words = text.split(WHITE).filter(|word| !word.is_empty());
            words.map(|word| ready(word, codecs, item, forms)).collect::<Option<_>>().map(Ready::List)
        }
        CodecKind::BooleanPattern => {
            let index = ["false", "0", "true", "1"].iter().position(|form| *form == text.trim_matches(WHITE));
            index.map(|index| Ready::Boolean4(index as u8))
        }
        CodecKind::Enumeration => enumeration(text, codec).map(Ready::Index),
        _ => {
            let is_integer = matches!(codec.kind, CodecKind::NBit | CodecKind::Unsigned | CodecKind::Integer);
            if let Some(value) = text.parse().ok().filter(|_| is_integer) {
                return integer(value, codec);
            }
            let ready = from_value(from_text(text, codec, no_tables())?, codec)?;
            Some(normal(ready, forms))
        }
    }
}

fn integer(value: i64, codec: &Codec) -> Option<Ready> {
    match codec.kind {
        CodecKind::NBit => {
            let offset = value.checked_sub(codec.low)?;
            (0..=i64::from(codec.last)).contains(&offset).then_some(Ready::Integer(offset))
        }
        CodecKind::FarNBit => {
            far_offset(codec, &BigInt::from_i128(value.into())).map(|at| Ready::Index(at as u32))
        }
        CodecKind::Unsigned => (value >= 0).then_some(Ready::Integer(value)),
        _ => Some(Ready::Integer(value)),
    }
}

fn from_value(value: Value<'_>, codec: &Codec) -> Option<Ready> {
    match value {
        Value::Boolean(value) => Some(Ready::Boolean(value)),
        Value::Integer(value) => integer(value, codec),
        Value::Big(big) => match big.to_i128().and_then(|value| i64::try_from(value).ok()) {
            Some(small) => integer(small, codec),
            None if codec.kind == CodecKind::FarNBit => {
                far_offset(codec, &big).map(|at| Ready::Index(at as u32))
            }
            None if codec.kind == CodecKind::NBit => None,
            None if codec.kind == CodecKind::Unsigned && big.negative => None,
            None => Some(Ready::Big(*big)),
        },
        Value::Bytes(bytes) => Some(Ready::Bytes(bytes.into_owned())),
        Value::Decimal(decimal) => Some(Ready::Decimal(*decimal)),
        Value::Float(mantissa, exponent) => Some(Ready::Float(mantissa, exponent)),
        Value::DateTime(date_time) => Some(Ready::DateTime(*date_time)),
        _ => None,
    }
}

/// The index of an enumerated value: the first of the same text or, but for strings, the same value.
fn enumeration(text: &str, codec: &Codec) -> Option<u32> {
    let trimmed = text.trim_matches(WHITE);
    let find = |text: &str| codec.enumeration.iter().position(|item| item == text);
    let same_value = || {
        let plain = Codec { kind: plain_kind(codec)?, ..codec.clone() };
        let value = |text: &str| {
            let value = from_text(text.trim_matches(WHITE), &plain, no_tables())?;
            from_value(value, &plain).map(|ready| normal(ready, Forms::default()))
        };
        let wanted = value(trimmed)?;
        codec.enumeration.iter().position(|item| value(item).as_ref() == Some(&wanted))
    };
    let found = match plain_kind(codec) {
        Some(_) => same_value(),
        None => find(text).or_else(|| find(trimmed)),
    };
    found.map(|index| index as u32)
}

/// Whether the values of an enumeration compare as texts.
pub(crate) fn is_text(codec: &Codec) -> bool {
    plain_kind(codec).is_none()
}

/// How the values of an enumeration compare; None for strings, which compare as text.
fn plain_kind(codec: &Codec) -> Option<CodecKind> {
    use crate::schema::Primitive as P;
    Some(match codec.primitive {
        P::Boolean => CodecKind::Boolean,
        P::Decimal => CodecKind::Decimal,
        P::Float => CodecKind::Float,
        P::Integer => CodecKind::Integer,
        P::HexBinary | P::Base64Binary => CodecKind::Binary,
        P::String | P::QName | P::List | P::Union => return None,
        _ => CodecKind::DateTime,
    })
}

/// One form for one value: no trailing zeros, no minus zero; what Canonical EXI prescribes beyond
/// that only on request.
fn normal(ready: Ready, forms: Forms) -> Ready {
    match ready {
        Ready::Float(mantissa, exponent) => {
            let (mantissa, exponent) = shortest(mantissa, exponent);
            Ready::Float(mantissa, exponent)
        }
        Ready::Decimal(decimal) => {
            let zero = decimal.integral.magnitude.is_empty() && decimal.reversed.magnitude.is_empty();
            let negative = decimal.negative && (forms.minus_zero || !zero);
            Ready::Decimal(Decimal { negative, ..decimal })
        }
        Ready::DateTime(date_time) => Ready::DateTime(match forms.canonical {
            Some(canonical) => date_time.canonical(canonical.utc_time),
            None => date_time.without_zero_fraction(),
        }),
        other => other,
    }
}

/// A float without zeros at the end of its mantissa.
fn shortest(mut mantissa: i64, mut exponent: i16) -> (i64, i16) {
    match (mantissa, exponent) {
        (_, -16384) => return (mantissa, exponent),
        (0, _) => return (0, 0),
        _ => {}
    }
    while mantissa % 10 == 0 && exponent < 16383 {
        mantissa /= 10;
        exponent += 1;
    }
    (mantissa, exponent)
}

/// Writes a value of the element or attribute `name`.
pub(crate) fn write_value(
    writer: &mut Writer,
    codecs: &Codecs,
    codec: &Codec,
    name: QRef,
    value: &Ready,
    values: &mut Values,
) -> Result<()> {
    match value {
        Ready::Text(text) => write_string(writer, codec, name, text, values),
        Ready::Index(index) => writer.n_bit(u64::from(*index), u32::from(codec.width)),
        Ready::Boolean(value) => writer.flag(*value),
        Ready::Boolean4(index) => writer.n_bit(u64::from(*index), 2),
        Ready::Integer(offset) if codec.kind == CodecKind::NBit => {
            writer.n_bit(*offset as u64, u32::from(codec.width));
        }
        Ready::Integer(value) if codec.kind == CodecKind::Unsigned => writer.unsigned(*value as u64),
        Ready::Integer(value) => writer.integer(*value),
        Ready::Big(value) => write_big(writer, codec, value),
        Ready::Bytes(bytes) => {
            writer.unsigned(bytes.len() as u64);
            writer.octets(bytes);
        }
        Ready::Decimal(decimal) => {
            writer.flag(decimal.negative);
            writer.big(&decimal.integral);
            writer.big(&decimal.reversed);
        }
        Ready::Float(mantissa, exponent) => {
            writer.integer(*mantissa);
            writer.integer(i64::from(*exponent));
        }
        Ready::DateTime(value) => value.write(writer),
        Ready::List(items) => {
            writer.unsigned(items.len() as u64);
            let item_codec = codecs.item(codec)?;
            for item in items {
                write_value(writer, codecs, item_codec, name, item, values)?;
            }
        }
    }
    Ok(())
}

fn write_big(writer: &mut Writer, codec: &Codec, value: &BigInt) {
    if codec.kind == CodecKind::Integer {
        writer.flag(value.negative);
    }
    if value.negative {
        writer.big(&value.clone().minus_one());
    } else {
        writer.big(value);
    }
}

fn write_string(writer: &mut Writer, codec: &Codec, name: QRef, text: &Arc<str>, values: &mut Values) {
    match values.find(name, text).filter(|_| values.is_used()) {
        Some(Found::Local(id, count)) => {
            writer.unsigned(0);
            return writer.n_bit(u64::from(id), width_of(count));
        }
        Some(Found::Global(id, count)) => {
            writer.unsigned(1);
            return writer.n_bit(u64::from(id), width_of(count));
        }
        None => {}
    }
    write_text(writer, codec, text);
    values.add(name, text, count(text));
}

/// Writes a string that is in no partition of values.
pub(crate) fn write_text(writer: &mut Writer, codec: &Codec, text: &str) {
    if codec.charset.is_empty() {
        writer.string(text, 2);
    } else {
        writer.unsigned(count(text) + 2);
        writer.chars_of(text, &codec.charset, width_of(codec.charset.len() + 1));
    }
}

/// The characters of a text.
fn count(text: &str) -> u64 {
    let count = if text.is_ascii() { text.len() } else { text.chars().count() };
    count as u64
}
