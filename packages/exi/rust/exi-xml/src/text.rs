//! Character data: ends of lines, references, entities.

use std::borrow::Cow;

use crate::chars::is_text;
use crate::doctype::{character, Entities};

/// Characters that the entities of one document may expand to: real ones stay far below.
const MAX_EXPANSION: usize = 1 << 20;
/// Entities inside entities.
const MAX_NESTING: u32 = 16;

/// Expands references; counts what entities gave, over the whole document.
#[derive(Default)]
pub struct Expander {
    pub entities: Entities,
    expanded: usize,
}

impl Expander {
    /// The value of an attribute as an application sees it (XML 1.0 3.3.3).
    pub fn attribute<'a>(&mut self, raw: &'a str) -> Result<Cow<'a, str>, String> {
        if !raw.bytes().any(|byte| byte < b' ' || byte == b'&' || byte == b'<') {
            return checked(raw).map(Cow::Borrowed);
        }
        if raw.contains('<') {
            return Err("< in the value of an attribute".to_owned());
        }
        checked(raw)?;
        let mut value = String::with_capacity(raw.len());
        self.expand(raw, &mut value, true, 0)?;
        Ok(Cow::Owned(value))
    }

    /// Appends what a reference in content stands for; `name` is what stands between & and ;.
    pub fn reference(&mut self, name: &str, out: &mut String) -> Result<(), String> {
        self.one(name, out, false, 0)
    }

    fn expand(&mut self, raw: &str, out: &mut String, attribute: bool, depth: u32) -> Result<(), String> {
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            push(&rest[..at], out, attribute);
            let (name, after) =
                rest[at + 1..].split_once(';').ok_or_else(|| "a reference that does not end".to_owned())?;
            self.one(name, out, attribute, depth)?;
            rest = after;
        }
        push(rest, out, attribute);
        Ok(())
    }

    fn one(&mut self, name: &str, out: &mut String, attribute: bool, depth: u32) -> Result<(), String> {
        if name.starts_with('#') {
            out.push(character(name)?);
            return Ok(());
        }
        if let Some(char) = predefined(name) {
            out.push(char);
            return Ok(());
        }
        let text = self.entities.text(name)?.to_owned();
        self.expanded += text.len();
        if depth == MAX_NESTING || self.expanded > MAX_EXPANSION {
            return Err(format!("the entity {name} expands to too much"));
        }
        if text.contains('<') {
            return Err(format!("the entity {name} holds markup, which is not expanded"));
        }
        self.expand(checked(&text)?, out, attribute, depth + 1)
    }
}

/// The character that every document may refer to by this name.
pub fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

/// Text with ends of lines as XML has them (XML 1.0 2.11).
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The same text, if XML can hold it.
pub fn checked(text: &str) -> Result<&str, String> {
    if is_text(text) {
        return Ok(text);
    }
    Err("a character that XML cannot hold".to_owned())
}

fn push(text: &str, out: &mut String, attribute: bool) {
    if attribute {
        let mut after_return = false;
        for char in text.chars() {
            match char {
                '\n' if after_return => {}
                '\t' | '\n' | '\r' => out.push(' '),
                char => out.push(char),
            }
            after_return = char == '\r';
        }
    } else {
        out.push_str(&lines(text));
    }
}
