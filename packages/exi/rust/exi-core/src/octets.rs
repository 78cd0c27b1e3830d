//! Bytes as the texts of hexBinary and base64Binary.

const HEX: &[u8; 16] = b"0123456789ABCDEF";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// In the tables of values: no digit.
const NONE: u8 = 0xff;

static HEX_VALUES: [u8; 256] = {
    let mut values = values_of(HEX);
    let mut digit = b'a';
    while digit <= b'f' {
        values[digit as usize] = digit - b'a' + 10;
        digit += 1;
    }
    values
};
/// For each of four digits what its value is worth in their word; more than three bytes hold where it
/// is none.
static BASE64_PLACES: [[u32; 256]; 4] = {
    let values = values_of(BASE64);
    let mut places = [[u32::MAX; 256]; 4];
    let mut at = 0;
    while at < 4 * 256 {
        let value = values[at % 256];
        if value != NONE {
            places[at / 256][at % 256] = (value as u32) << (18 - 6 * (at / 256));
        }
        at += 1;
    }
    places
};

const fn values_of(digits: &[u8]) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < digits.len() {
        values[digits[value] as usize] = value as u8;
        value += 1;
    }
    values
}

/// Two digits a byte, in capitals.
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| HEX[usize::from(half & 15)];
    text(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect())
}

/// The bytes of hexadecimal digits; None for any other text.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| Some(HEX_VALUES[usize::from(digit)]).filter(|value| *value != NONE);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(value(pair[0])? << 4 | value(*pair.get(1)?)?)).collect()
}

/// Four digits for three bytes, without line breaks.
pub fn to_base64(bytes: &[u8]) -> String {
    let mut out = vec![b'='; bytes.len().div_ceil(3) * 4];
    let triples = bytes.chunks_exact(3);
    let rest = triples.remainder();
    for (triple, quad) in triples.zip(out.chunks_exact_mut(4)) {
        quad.copy_from_slice(&digits_of([triple[0], triple[1], triple[2]]));
    }
    let (first, second) = (rest.first().copied(), rest.get(1).copied());
    if let Some((first, quad)) = first.zip(out.last_chunk_mut::<4>()) {
        let digits = digits_of([first, second.unwrap_or_default(), 0]);
        quad[..=rest.len()].copy_from_slice(&digits[..=rest.len()]);
    }
    text(out)
}

#[inline(always)]
fn digits_of([first, second, third]: [u8; 3]) -> [u8; 4] {
    let word = u32::from_be_bytes([0, first, second, third]);
    [18, 12, 6, 0].map(|shift| BASE64[(word >> shift & 63) as usize])
}

fn text(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).unwrap_or_default()
}

/// The bytes of base64 digits, with white space anywhere; None for any other text.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let rest = quads(text.as_bytes(), &mut out);
    let rest: Vec<u8> = rest.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let last = match *quads(&rest, &mut out) {
        [] => return Some(out),
        [first, second, b'=', b'='] => [first, second, b'A', b'A'],
        [first, second, third, b'='] => [first, second, third, b'A'],
        _ => return None,
    };
    let padding = rest.iter().rev().take_while(|byte| **byte == b'=').count();
    let bytes = bytes_of(last)?;
    out.extend_from_slice(bytes.get(..3 - padding)?);
    Some(out)
}

/// Takes digits four at a time; gives what begins with anything else.
fn quads<'t>(text: &'t [u8], out: &mut Vec<u8>) -> &'t [u8] {
    let (before, mut taken) = (out.len(), 0);
    out.resize(before + text.len() / 4 * 3, 0);
    for (quad, place) in text.chunks_exact(4).zip(out[before..].chunks_exact_mut(3)) {
        let Some(bytes) = bytes_of([quad[0], quad[1], quad[2], quad[3]]) else { break };
        place.copy_from_slice(&bytes);
        taken += 1;
    }
    out.truncate(before + taken * 3);
    &text[taken * 4..]
}

#[inline(always)]
fn bytes_of([first, second, third, fourth]: [u8; 4]) -> Option<[u8; 3]> {
    let [firsts, seconds, thirds, fourths] = &BASE64_PLACES;
    let word = firsts[usize::from(first)]
        | seconds[usize::from(second)]
        | thirds[usize::from(third)]
        | fourths[usize::from(fourth)];
    let [over, bytes @ ..] = word.to_be_bytes();
    (over == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_every_length_and_value_are_read_back() {
        let all: Vec<u8> = (0..=255).collect();
        for len in 0..=all.len() {
            for bytes in [&all[..len], &all[all.len() - len..]] {
                assert_eq!(from_hex(&to_hex(bytes)).as_deref(), Some(bytes));
                assert_eq!(from_base64(&to_base64(bytes)).as_deref(), Some(bytes));
            }
        }
    }

    #[test]
    fn base64_has_the_vectors_of_rfc_4648() {
        let vectors = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (len, text) in vectors.iter().enumerate() {
            assert_eq!(to_base64(&b"foobar"[..len]), *text);
            assert_eq!(from_base64(text).as_deref(), Some(&b"foobar"[..len]));
        }
    }

    #[test]
    fn white_space_may_stand_anywhere_between_base64_digits() {
        for text in ["Zm9v YmFy", " Z m9vYm\nFy\t", "Zm9vYmFy\r\n"] {
            assert_eq!(from_base64(text).as_deref(), Some(&b"foobar"[..]));
        }
        assert_eq!(from_base64("Zm9vY g = =").as_deref(), Some(&b"foob"[..]));
        assert_eq!(from_base64(" \n"), Some(Vec::new()));
    }

    #[test]
    fn other_texts_are_no_bytes() {
        for text in ["Z", "Zm9", "Zg=", "Z===", "====", "=", "Zg==Zm9v", "Zm9v=", "Zm9-", "Zm\u{e9}v", "Zg=A"]
        {
            assert_eq!(from_base64(text), None, "{text}");
        }
        for text in ["0", "0g", "12 34", "\u{e9}"] {
            assert_eq!(from_hex(text), None, "{text}");
        }
        assert_eq!(from_hex("aB09").as_deref(), Some(&[0xab, 0x09][..]));
    }
}
