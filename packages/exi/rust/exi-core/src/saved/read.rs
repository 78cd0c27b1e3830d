//! Bytes to components. Nothing in them is believed: counts are held against the bytes that are
//! left, indices against the lists they point into (here or by the compiler).

use super::{checksum, CHECKSUM, MAGIC, MAX_NESTING, VERSION};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term,
    TypeRef, WhiteSpace, Wildcard,
};

/// A text stands once and is referred to by a number, so a small file could ask for a lot of
/// memory: real ones stay far below these.
const TEXT_FACTOR: usize = 64;
const TEXT_FLOOR: usize = 1 << 20;

/// The schema set in a saved file.
pub fn read(data: &[u8]) -> Result<Schema> {
    let body = data.strip_prefix(MAGIC).ok_or_else(|| wrong("this is no saved grammar"))?;
    match body.first() {
        Some(&VERSION) => {}
        Some(other) => {
            return Err(wrong(format!("a grammar of version {other}, this program reads {VERSION}")))
        }
        None => return Err(wrong("the saved grammar is cut short")),
    }
    let Some(end) = data.len().checked_sub(CHECKSUM).filter(|end| *end > MAGIC.len()) else {
        return Err(wrong("the saved grammar is cut short"));
    };
    let (content, sum) = data.split_at(end);
    if checksum(content) != sum {
        return Err(wrong("the saved grammar is damaged: its checksum is another"));
    }
    let budget = TEXT_FACTOR * data.len() + TEXT_FLOOR;
    let mut reader = Reader { data: &content[MAGIC.len() + 1..], texts: Vec::new(), budget };
    reader.texts = reader.all_texts()?;
    let schema = reader.schema()?;
    if !reader.data.is_empty() {
        return Err(wrong("the saved grammar is longer than its content"));
    }
    check_elements(&schema)?;
    Ok(schema)
}

fn wrong(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Schema, reason)
}

/// The element of every particle; all other indices are checked by the compiler.
fn check_elements(schema: &Schema) -> Result<()> {
    fn fits(particle: &Particle, elements: usize) -> bool {
        match &particle.term {
            Term::Element(index) => *index < elements,
            Term::Wildcard(_) => true,
            Term::Sequence(children) | Term::Choice(children) | Term::All(children) => {
                children.iter().all(|child| fits(child, elements))
            }
        }
    }
    let fine = schema.complex_types.iter().all(|complex| match &complex.content {
        Content::Elements(particle) | Content::Mixed(particle) => fits(particle, schema.elements.len()),
        Content::Empty | Content::Simple(_) => true,
    });
    if fine {
        return Ok(());
    }
    Err(wrong("a content model of the saved grammar names an element that it does not have"))
}

struct Reader<'d> {
    data: &'d [u8],
    texts: Vec<&'d str>,
    /// Octets of text that may still be copied.
    budget: usize,
}

impl<'d> Reader<'d> {
    fn all_texts(&mut self) -> Result<Vec<&'d str>> {
        self.list(|reader| {
            let length = reader.index()?;
            let bytes = reader.data.get(..length).ok_or_else(|| wrong("a text is cut short"))?;
            reader.data = &reader.data[length..];
            std::str::from_utf8(bytes).map_err(|_| wrong("a text is not UTF-8"))
        })
    }

    fn schema(&mut self) -> Result<Schema> {
        Ok(Schema {
            namespaces: self.list(Self::text)?,
            simple_types: self.list(Self::simple)?,
            complex_types: self.list(Self::complex)?,
            elements: self.list(Self::element)?,
            attributes: self.list(|reader| Ok((reader.name()?, reader.index()?)))?,
        })
    }

    fn simple(&mut self) -> Result<SimpleType> {
        Ok(SimpleType {
            name: self.optional(Self::name)?,
            primitive: self.primitive()?,
            base: self.optional(Self::index)?,
            item: self.optional(Self::index)?,
            enumeration: self.list(Self::text)?,
            minimum: self.optional(Self::signed)?,
            maximum: self.optional(Self::signed)?,
            min_length: self.narrow()?,
            max_length: self.optional(Self::narrow)?,
            charset: self.optional(|reader| reader.list(Self::char))?,
            has_pattern: self.flag()?,
            white_space: self.white_space()?,
        })
    }

    fn primitive(&mut self) -> Result<Primitive> {
        let number = self.byte()?;
        Primitive::ALL
            .get(usize::from(number))
            .copied()
            .ok_or_else(|| wrong(format!("no primitive {number}")))
    }

    fn white_space(&mut self) -> Result<WhiteSpace> {
        let number = self.byte()?;
        let found = WhiteSpace::ALL.get(usize::from(number)).copied();
        found.ok_or_else(|| wrong(format!("no white space {number}")))
    }

    fn complex(&mut self) -> Result<ComplexType> {
        Ok(ComplexType {
            name: self.optional(Self::name)?,
            base: self.optional(Self::index)?,
            is_abstract: false,
            attributes: self.list(Self::attribute)?,
            attribute_wildcard: self.optional(Self::wildcard)?,
            content: self.content()?,
            text_slot: self.optional(Self::narrow)?,
        })
    }

    fn content(&mut self) -> Result<Content> {
        match self.byte()? {
            0 => Ok(Content::Empty),
            1 => Ok(Content::Simple(self.index()?)),
            2 => Ok(Content::Elements(self.particle(0)?)),
            3 => Ok(Content::Mixed(self.particle(0)?)),
            kind => Err(wrong(format!("no content {kind}"))),
        }
    }

    fn attribute(&mut self) -> Result<AttributeUse> {
        Ok(AttributeUse {
            name: self.name()?,
            simple: self.index()?,
            required: self.flag()?,
            slot: self.optional(Self::narrow)?,
        })
    }

    fn wildcard(&mut self) -> Result<Wildcard> {
        match self.byte()? {
            0 => Ok(Wildcard::Any),
            1 => Ok(Wildcard::Uris(self.list(Self::text)?)),
            kind => Err(wrong(format!("no wildcard {kind}"))),
        }
    }

    fn particle(&mut self, depth: usize) -> Result<Particle> {
        if depth > MAX_NESTING {
            return Err(wrong("groups are nested too deeply"));
        }
        Ok(Particle {
            minimum: self.narrow()?,
            maximum: self.optional(Self::narrow)?,
            slot: self.optional(Self::narrow)?,
            repeated: self.flag()?,
            term: self.term(depth)?,
        })
    }

    fn term(&mut self, depth: usize) -> Result<Term> {
        let kind = self.byte()?;
        match kind {
            0 => return Ok(Term::Element(self.index()?)),
            1 => return Ok(Term::Wildcard(self.wildcard()?)),
            2..=4 => {}
            _ => return Err(wrong(format!("no particle {kind}"))),
        }
        let children = self.list(|reader| reader.particle(depth + 1))?;
        Ok(match kind {
            2 => Term::Sequence(children),
            3 => Term::Choice(children),
            _ => Term::All(children),
        })
    }

    fn element(&mut self) -> Result<Element> {
        Ok(Element {
            name: self.name()?,
            type_ref: match self.flag()? {
                false => TypeRef::Simple(self.index()?),
                true => TypeRef::Complex(self.index()?),
            },
            is_global: self.flag()?,
            nillable: self.flag()?,
            is_abstract: false,
            substitutes: self.optional(Self::index)?,
        })
    }

    fn name(&mut self) -> Result<QName> {
        Ok(QName { uri: self.text()?, local: self.text()? })
    }

    fn text(&mut self) -> Result<String> {
        let number = self.index()?;
        let text = self.texts.get(number).ok_or_else(|| wrong(format!("no text {number}")))?;
        let rest = self.budget.checked_sub(text.len());
        self.budget = rest.ok_or_else(|| wrong("the saved grammar repeats long texts too often"))?;
        Ok((*text).to_owned())
    }

    fn char(&mut self) -> Result<char> {
        char::from_u32(self.narrow()?).ok_or_else(|| wrong("a code point is no character"))
    }

    /// Items take a byte at least: a count beyond the bytes that are left is refused at once.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.index()?;
        if count > self.data.len() {
            return Err(wrong("a list is cut short"));
        }
        (0..count).map(|_| item(self)).collect()
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        self.flag()?.then(|| read(self)).transpose()
    }

    fn flag(&mut self) -> Result<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(wrong(format!("{other} is neither no nor yes"))),
        }
    }

    fn index(&mut self) -> Result<usize> {
        self.narrow()
    }

    fn signed(&mut self) -> Result<i128> {
        let negative = self.flag()?;
        let magnitude: i128 = self.narrow()?;
        Ok(if negative { !magnitude } else { magnitude })
    }

    fn narrow<T: TryFrom<u128>>(&mut self) -> Result<T> {
        T::try_from(self.number()?).map_err(|_| wrong("a number is too large"))
    }

    fn number(&mut self) -> Result<u128> {
        let mut value = 0u128;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            let part = u128::from(byte & 127);
            if shift > 126 || part << shift >> shift != part {
                break;
            }
            value |= part << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(wrong("a number is too large"))
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.data.split_first().ok_or_else(|| wrong("the saved grammar is cut short"))?;
        self.data = rest;
        Ok(*first)
    }
}
