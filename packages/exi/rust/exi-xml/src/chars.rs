//! What XML 1.0 and Namespaces allow as characters and names.

/// The characters of ASCII that may stand in a name, but for the colon.
static NAME: [bool; 256] = {
    let mut is_in = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        is_in[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    is_in
};

/// Whether a text holds only what XML may hold. ASCII without control characters is seen at once.
pub fn is_text(text: &str) -> bool {
    let plain = |byte: u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r');
    // To look at all of a part, instead of up to the first, lets the machine take many at a time.
    let all_plain = |part: &[u8]| part.iter().fold(true, |all, byte| all & plain(*byte));
    text.as_bytes().chunks(4096).all(all_plain) && (text.is_ascii() || text.chars().all(is_char))
}

/// Whether a text is ASCII without control characters: seen faster than [`is_text`].
pub fn is_line(text: &str) -> bool {
    let all_plain = |part: &[u8]| part.iter().fold(true, |all, byte| all & (b' '..0x80).contains(byte));
    text.as_bytes().chunks(256).all(all_plain)
}

/// Whether a text may be written as it is: most are.
pub fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| (b' '..0x80).contains(&byte) & !matches!(byte, b'&' | b'<' | b'>' | b'"');
    let all_plain = |part: &[u8]| part.iter().fold(true, |all, byte| all & plain(*byte));
    text.as_bytes().chunks(256).all(all_plain)
}

/// Char (XML 1.0 [2]).
pub fn is_char(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// NCName (Namespaces in XML 1.0 [4]).
pub fn is_ncname(name: &str) -> bool {
    let ascii = name.bytes().all(|byte| NAME[usize::from(byte)]);
    match name.as_bytes().first() {
        Some(first) if ascii => first.is_ascii_alphabetic() || *first == b'_',
        _ => is_any_ncname(name),
    }
}

fn is_any_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// Name (XML 1.0 [5]).
pub fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first == ':' || is_name_start(first))
        && chars.all(|char| char == ':' || is_name_char(char))
}

fn is_name_start(char: char) -> bool {
    matches!(char, 'A'..='Z' | 'a'..='z' | '_')
        || matches!(char, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
            | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
            | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn is_name_char(char: char) -> bool {
    is_name_start(char)
        || matches!(char, '0'..='9' | '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
