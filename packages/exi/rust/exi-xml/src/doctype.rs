//! The document type declaration: its identifiers, and the internal entities of its subset.
//! Nothing that it names is ever fetched, and no content model in it is used.

use std::collections::HashMap;

use crate::chars::is_name;

/// What a DOCTYPE says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Doctype<'a> {
    pub name: &'a str,
    pub public: &'a str,
    pub system: &'a str,
    /// The internal subset, between the brackets.
    pub text: &'a str,
}

/// The general entities of a document.
#[derive(Debug, Default)]
pub struct Entities {
    /// Name to replacement text; None for one that is external.
    found: HashMap<String, Option<String>>,
}

impl Entities {
    /// The replacement text; an error for an entity that is external or not declared.
    pub fn text(&self, name: &str) -> Result<&str, String> {
        match self.found.get(name) {
            Some(Some(text)) => Ok(text),
            Some(None) => Err(format!("the entity {name} is external, which is never fetched")),
            None => Err(format!("the entity {name} is not declared")),
        }
    }
}

/// Reads what stands between `<!DOCTYPE` and its `>`.
pub fn parse(content: &str) -> Result<Doctype<'_>, String> {
    let mut rest = content.trim_start();
    let name = word(&mut rest, |char| char.is_ascii_whitespace() || char == '[');
    if !is_name(name) {
        return Err("a DOCTYPE without the name of an element".to_owned());
    }
    let mut doctype = Doctype { name, ..Doctype::default() };
    match word(&mut rest, |char| char.is_ascii_whitespace() || char == '[') {
        "PUBLIC" => {
            doctype.public = literal(&mut rest)?;
            doctype.system = literal(&mut rest)?;
        }
        "SYSTEM" => doctype.system = literal(&mut rest)?,
        "" => {}
        other => return Err(format!("{other:?} in a DOCTYPE")),
    }
    let rest = rest.trim();
    if let Some(subset) = rest.strip_prefix('[') {
        doctype.text =
            subset.strip_suffix(']').ok_or_else(|| "a DOCTYPE whose subset does not end".to_owned())?;
    } else if !rest.is_empty() {
        return Err(format!("{rest:.40?} in a DOCTYPE"));
    }
    Ok(doctype)
}

/// The general entities that an internal subset declares; the first declaration of a name counts.
pub fn entities(subset: &str) -> Result<Entities, String> {
    let mut entities = Entities::default();
    let mut rest = subset.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = skip(after, "-->")?;
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = skip(after, "?>")?;
        } else if let Some(after) = rest.strip_prefix("<!ENTITY") {
            rest = entity(after, &mut entities)?;
        } else if let Some(after) = rest.strip_prefix("<!") {
            rest = skip_declaration(after)?;
        } else if rest.starts_with('%') {
            rest = skip(rest, ";")?;
        } else {
            return Err(format!("{:?} in a DOCTYPE", rest.chars().take(20).collect::<String>()));
        }
        rest = rest.trim_start();
    }
    Ok(entities)
}

fn entity<'a>(after: &'a str, entities: &mut Entities) -> Result<&'a str, String> {
    let mut rest = after.trim_start();
    if rest.starts_with('%') {
        return skip_declaration(rest);
    }
    let name = word(&mut rest, |char| char.is_ascii_whitespace());
    if !is_name(name) {
        return Err(format!("an entity by the name of {name:?}"));
    }
    let quoted = rest.starts_with(['"', '\'']);
    let text = if quoted { Some(replacement(literal(&mut rest)?)?) } else { None };
    entities.found.entry(name.to_owned()).or_insert(text);
    skip_declaration(rest)
}

/// The replacement text of a literal: character references in it are resolved (XML 1.0 4.5).
fn replacement(literal: &str) -> Result<String, String> {
    let mut text = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find("&#") {
        text.push_str(&rest[..at]);
        let (reference, after) =
            rest[at + 1..].split_once(';').ok_or_else(|| "a reference that does not end".to_owned())?;
        text.push(character(reference)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of a reference such as `#10` or `#xA`.
pub fn character(reference: &str) -> Result<char, String> {
    let digits = reference.strip_prefix('#').unwrap_or(reference);
    let code = match digits.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let char = code.ok().and_then(char::from_u32).filter(|char| plain && crate::chars::is_char(*char));
    char.ok_or_else(|| format!("&{reference}; is no character"))
}

fn skip<'a>(text: &'a str, end: &str) -> Result<&'a str, String> {
    text.split_once(end).map(|(_, rest)| rest).ok_or_else(|| format!("a DOCTYPE without a {end}"))
}

/// Past the `>` of a declaration; one inside quotes does not count.
fn skip_declaration(text: &str) -> Result<&str, String> {
    let mut quote = None;
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (None, '>') => return Ok(&text[at + 1..]),
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            _ => {}
        }
    }
    Err("a declaration in a DOCTYPE does not end".to_owned())
}

fn word<'a>(rest: &mut &'a str, ends: impl Fn(char) -> bool) -> &'a str {
    let text = rest.trim_start();
    let end = text.find(ends).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    *rest = after.trim_start();
    word
}

fn literal<'a>(rest: &mut &'a str) -> Result<&'a str, String> {
    let missing = || "a literal is missing in a DOCTYPE".to_owned();
    let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\'')).ok_or_else(missing)?;
    let (text, after) = rest[1..].split_once(quote).ok_or_else(missing)?;
    *rest = after.trim_start();
    Ok(text)
}
