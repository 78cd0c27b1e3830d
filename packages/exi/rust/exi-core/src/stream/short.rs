//! Values of few bits, from their texts at once: numbers, truth values and the words of enumerations as
//! they are usually written. What is written otherwise goes the long way, by [`super::value_out`].

use super::value_out::is_text;
use crate::tables::{Codec, CodecKind};

/// Digits of a number that 64 bits hold whatever they are.
const MAX_DIGITS: usize = 18;
/// The least unsigned integer that takes more than four octets.
const LONG: u64 = 1 << 28;

/// The bits of a value in a bit-packed stream, and how many there are: no more than 33.
pub(crate) fn short(text: &str, codec: &Codec) -> Option<(u64, u32)> {
    match codec.kind {
        CodecKind::NBit => {
            let offset = u64::try_from(number(text)?.checked_sub(codec.low)?).ok()?;
            (offset <= u64::from(codec.last)).then_some((offset, u32::from(codec.width)))
        }
        CodecKind::Unsigned => octets(u64::try_from(number(text)?).ok()?),
        CodecKind::Integer => {
            let value = number(text)?;
            let (bits, width) = octets(if value < 0 { !value as u64 } else { value as u64 })?;
            Some((u64::from(value < 0) << width | bits, width + 1))
        }
        CodecKind::Boolean => match text {
            "true" | "1" => Some((1, 1)),
            "false" | "0" => Some((0, 1)),
            _ => None,
        },
        CodecKind::Enumeration if is_text(codec) => {
            // White space is a matter of the type.
            let is_word = text.bytes().all(|byte| byte > b' ');
            let index = codec.enumeration.iter().position(|item| item == text).filter(|_| is_word);
            index.map(|index| (index as u64, u32::from(codec.width)))
        }
        _ => None,
    }
}

/// A number of digits alone, with a sign if it is below zero.
fn number(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    if digits.is_empty() || digits.len() > MAX_DIGITS {
        return None;
    }
    let mut value = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if digits.len() < bytes.len() { -value } else { value })
}

/// An unsigned integer (7.1.6).
fn octets(mut value: u64) -> Option<(u64, u32)> {
    if value >= LONG {
        return None;
    }
    let (mut bits, mut width) = (0, 0);
    while value >= 0x80 {
        bits = bits << 8 | 0x80 | value & 0x7f;
        width += 8;
        value >>= 7;
    }
    Some((bits << 8 | value, width + 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::codec;
    use crate::schema::{Primitive, SimpleType};
    use crate::stream::representation::Codecs;
    use crate::stream::value_out::{ready, write_value, Forms};
    use crate::stream::values::Values;
    use crate::stream::writer::Writer;
    use crate::stream::Settings;

    fn by_the_long_way(text: &str, codec: &Codec) -> Option<Vec<u8>> {
        let (codecs, mut writer) = (Codecs::untyped(), Writer::new(false));
        let mut values = Values::new(&Settings::default(), true);
        let value = ready(text, &codecs, codec, Forms::default())?;
        write_value(&mut writer, &codecs, codec, Default::default(), &value, &mut values).expect("no list");
        Some(writer.finish())
    }

    fn codecs() -> Vec<Codec> {
        let integer =
            |minimum, maximum| SimpleType { minimum, maximum, ..SimpleType::plain(Primitive::Integer) };
        let words = |primitive, words: &[&str]| {
            let enumeration = words.iter().map(|word| (*word).to_owned()).collect();
            SimpleType { enumeration, ..SimpleType::plain(primitive) }
        };
        let types = [
            integer(None, None),
            integer(Some(0), None),
            integer(Some(-3), Some(3)),
            integer(Some(0), Some(4095)),
            integer(Some(5), Some(5)),
            SimpleType::plain(Primitive::Boolean),
            words(Primitive::String, &["a", "b c", "", "true", " d"]),
            words(Primitive::Integer, &["1", "007", "-5"]),
            SimpleType::plain(Primitive::Float),
        ];
        types.iter().map(|simple| codec(simple, 0)).collect()
    }

    #[test]
    fn what_is_short_has_the_bits_of_the_long_way() {
        let texts = [
            "0",
            "1",
            "-1",
            "-0",
            "+1",
            "3",
            "4",
            "-3",
            "-4",
            "5",
            "007",
            "127",
            "128",
            "-128",
            "-129",
            "4095",
            "4096",
            "16383",
            "16384",
            "268435455",
            "268435456",
            "-268435456",
            "-268435457",
            "999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-",
            "",
            " 1",
            "1 ",
            "1_0",
            "0x1",
            "\u{661}",
            "--1",
            "true",
            "false",
            "True",
            "a",
            "b c",
            " d",
            "d",
            "a ",
            "b",
        ];
        let mut shorts = 0;
        for codec in codecs() {
            for text in texts {
                let Some((bits, width)) = short(text, &codec) else { continue };
                let mut writer = Writer::new(false);
                writer.n_bit(bits, width);
                assert_eq!(
                    Some(writer.finish()),
                    by_the_long_way(text, &codec),
                    "{text:?} as {:?}",
                    codec.kind
                );
                shorts += 1;
            }
        }
        assert!(shorts > 50, "{shorts}");
    }

    #[test]
    fn what_is_long_or_unusual_is_left_to_the_long_way() {
        let [integer, ..] = &codecs()[..] else { panic!("there are codecs") };
        for text in ["", "-", "+1", " 1", "268435456", "1234567890123456789"] {
            assert_eq!(short(text, integer), None, "{text:?}");
        }
    }
}
