//! Lexical forms: values to text and text to values.

use std::borrow::Cow;

use crate::date_time::DateTime;
use crate::number::BigInt;
use crate::octets::{from_base64, from_hex, to_base64, to_hex};
use crate::schema::Primitive;
use crate::tables::{Codec, CodecKind, Tables};
use crate::value::{Decimal, Value};

/// The canonical lexical form of a value.
pub fn to_text(value: &Value<'_>, codec: &Codec, tables: &Tables) -> String {
    match value {
        Value::Text(text) => text.clone().into_string(),
        Value::Str(text) => (*text).to_owned(),
        Value::Bits(bits) => binary_text(&bits.to_vec(), codec.primitive),
        Value::Bytes(bytes) => binary_text(bytes, codec.primitive),
        Value::Decimal(decimal) => decimal_text(decimal),
        Value::Float(mantissa, exponent) => float_text(*mantissa, *exponent),
        Value::DateTime(value) => value.to_text(),
        Value::List(items) => {
            let item = tables.codecs.get(codec.item as usize).unwrap_or(codec);
            let texts: Vec<String> = items.iter().map(|value| to_text(value, item, tables)).collect();
            texts.join(" ")
        }
        small => {
            let mut out = String::new();
            write_text(small, codec, tables, &mut out);
            out
        }
    }
}

/// Appends the canonical lexical form of a value: without an allocation where it is a small one.
pub(crate) fn write_text(value: &Value<'_>, codec: &Codec, tables: &Tables, out: &mut String) {
    match value {
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => push_integer(*value, out),
        Value::Big(value) => out.push_str(&value.to_string()),
        Value::Enumeration(index) => {
            out.push_str(codec.enumeration.get(*index as usize).map_or("", String::as_str));
        }
        other => out.push_str(&to_text(other, codec, tables)),
    }
}

/// Appends decimal digits: a few instructions each, where the formatting machinery takes a hundred.
pub(crate) fn push_integer(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    push_digits(value.unsigned_abs(), out);
}

/// The numbers of three digits, one after the other.
const THREES: [u8; 3000] = {
    let mut digits = [b'0'; 3000];
    let mut number = 0;
    while number < 1000 {
        digits[number * 3] += (number / 100) as u8;
        digits[number * 3 + 1] += (number / 10 % 10) as u8;
        digits[number * 3 + 2] += (number % 10) as u8;
        number += 1;
    }
    digits
};
static DIGITS: &str = match std::str::from_utf8(&THREES) {
    Ok(digits) => digits,
    Err(_) => "",
};

fn push_digits(value: u64, out: &mut String) {
    let (rest, last) = (value / 1000, (value % 1000) as usize);
    let mut skipped = 0;
    if rest > 0 {
        push_digits(rest, out);
    } else {
        skipped = usize::from(last < 100) + usize::from(last < 10);
    }
    out.push_str(DIGITS.get(last * 3 + skipped..last * 3 + 3).unwrap_or_default());
}

fn decimal_text(decimal: &Decimal) -> String {
    let sign = if decimal.negative { "-" } else { "" };
    let fraction: String = decimal.reversed.to_string().chars().rev().collect();
    format!("{sign}{}.{fraction}", decimal.integral)
}

fn float_text(mantissa: i64, exponent: i16) -> String {
    match (exponent, mantissa) {
        (-16384, 1) => "INF".to_owned(),
        (-16384, -1) => "-INF".to_owned(),
        (-16384, _) => "NaN".to_owned(),
        _ => format!("{mantissa}E{exponent}"),
    }
}

fn binary_text(bytes: &[u8], primitive: Primitive) -> String {
    match primitive {
        Primitive::HexBinary => to_hex(bytes),
        _ => to_base64(bytes),
    }
}

/// A value from its lexical form; None when the type does not have it.
pub fn from_text<'a>(text: &'a str, codec: &Codec, tables: &Tables) -> Option<Value<'a>> {
    if codec.kind == CodecKind::String {
        return Some(Value::Str(text));
    }
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    match codec.kind {
        CodecKind::Enumeration => enumeration(text, trimmed, codec),
        CodecKind::Boolean | CodecKind::BooleanPattern => match trimmed {
            "true" | "1" => Some(Value::Boolean(true)),
            "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        CodecKind::NBit | CodecKind::FarNBit | CodecKind::Unsigned | CodecKind::Integer => {
            let plain = trimmed.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(trimmed);
            match plain.parse::<i64>() {
                Ok(value) => Some(Value::Integer(value)),
                Err(_) => BigInt::parse(plain).map(|value| Value::Big(Box::new(value))),
            }
        }
        CodecKind::Binary if codec.primitive == Primitive::HexBinary => from_hex(trimmed).map(bytes),
        CodecKind::Binary => from_base64(trimmed).map(bytes),
        CodecKind::Decimal => decimal(trimmed).map(|value| Value::Decimal(Box::new(value))),
        CodecKind::Float => float(trimmed),
        CodecKind::DateTime => {
            DateTime::parse(trimmed, codec.primitive).map(|v| Value::DateTime(Box::new(v)))
        }
        CodecKind::String => None,
        CodecKind::List => {
            let item = tables.codecs.get(codec.item as usize)?;
            let words = trimmed.split_ascii_whitespace();
            words.map(|word| from_text(word, item, tables)).collect::<Option<Vec<_>>>().map(Value::List)
        }
    }
}

fn bytes<'a>(bytes: Vec<u8>) -> Value<'a> {
    Value::Bytes(Cow::Owned(bytes))
}

fn enumeration<'a>(text: &str, trimmed: &str, codec: &Codec) -> Option<Value<'a>> {
    let find = |text: &str| codec.enumeration.iter().position(|item| item == text);
    let index = find(text).or_else(|| find(trimmed)).or_else(|| {
        let number: i64 = trimmed.parse().ok().filter(|_| codec.primitive == Primitive::Integer)?;
        codec.enumeration.iter().position(|item| item.parse() == Ok(number))
    })?;
    Some(Value::Enumeration(index as u32))
}

fn decimal(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (integral, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if integral.is_empty() && fraction.is_empty() {
        return None;
    }
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| BigInt::parse(if digits.is_empty() { "0" } else { digits })).flatten()
    };
    let reversed: String = fraction.chars().rev().collect();
    Some(Decimal { negative, integral: number(integral)?, reversed: number(&reversed)? })
}

/// Mantissa and exponent as they stand in the text: 1.50E3 is 150 and 1.
fn float<'a>(text: &str) -> Option<Value<'a>> {
    match text {
        "INF" => return Some(Value::Float(1, -16384)),
        "-INF" => return Some(Value::Float(-1, -16384)),
        "NaN" => return Some(Value::Float(0, -16384)),
        _ => {}
    }
    let (number, exponent) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (integral, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mantissa: i64 = format!("{integral}{fraction}").parse().ok()?;
    let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let range = -16383..=16383;
    range.contains(&exponent).then_some(Value::Float(mantissa, exponent as i16))
}

#[cfg(test)]
mod tests {
    use super::push_integer;

    #[test]
    fn integers_have_the_digits_that_the_language_gives_them() {
        let powers = (0..19).flat_map(|power| [-1, 0, 1, 5].map(|near| 10i64.pow(power) + near));
        for value in powers.flat_map(|value| [value, -value]).chain(-1100..1100).chain([i64::MIN, i64::MAX]) {
            let mut text = String::new();
            push_integer(value, &mut text);
            assert_eq!(text, value.to_string());
        }
    }
}
