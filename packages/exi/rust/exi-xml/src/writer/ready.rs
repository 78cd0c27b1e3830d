//! Tags of declared elements, which are made once and then only copied.

use exi_core::stream::{Chars, Declared, Listener, Name, Vocabulary};
use exi_core::QRef;
use exi_core::{Error, Result};

use super::escape::push_text;
use super::numbered::Named;
use super::{Open, Writer};
use crate::chars::is_ncname;

/// The tags of the names of one vocabulary: they last from document to document, and never grow beyond
/// its names.
#[derive(Default)]
pub(super) struct Tags {
    vocabulary: Option<Vocabulary>,
    /// By uri and local name.
    rows: Vec<Vec<Option<Tag>>>,
    /// By uri: the number that it has in this document.
    numbers: Vec<Option<usize>>,
}

/// The tags of one name with the prefix of one number.
struct Tag {
    name: Name,
    number: usize,
    /// The start tag and the end tag.
    both: Box<str>,
    /// Where the end tag begins.
    middle: usize,
}

impl Tag {
    /// None for a name that XML does not have.
    fn new(name: Name, number: usize, named: &Named) -> Option<Self> {
        let closing = &named.closing;
        let opening = closing.get(2..).filter(|_| is_ncname(&name.local))?;
        let both = ["<", opening, &name.local, ">", closing, &name.local, ">"].concat().into();
        let middle = opening.len() + name.local.len() + 2;
        Some(Self { name, number, both, middle })
    }

    fn start(&self) -> &str {
        self.both.get(..self.middle).unwrap_or_default()
    }

    fn end(&self) -> &str {
        self.both.get(self.middle..).unwrap_or_default()
    }
}

impl Tags {
    #[inline]
    fn get(&self, at: QRef) -> Option<&Tag> {
        self.rows.get(at.uri as usize)?.get(at.local as usize)?.as_ref()
    }

    #[inline]
    fn has(&self, name: &Declared<'_>, number: usize) -> bool {
        self.get(name.place()).is_some_and(|tag| tag.number == number)
    }

    #[inline]
    fn number(&self, name: &Declared<'_>) -> Option<usize> {
        *self.numbers.get(name.place().uri as usize)?
    }

    fn set_number(&mut self, uri: u32, number: usize) {
        let uri = uri as usize;
        if uri >= self.numbers.len() {
            self.numbers.resize(uri + 1, None);
        }
        self.numbers[uri] = Some(number);
    }

    fn set(&mut self, at: QRef, tag: Tag) {
        let (uri, local) = (at.uri as usize, at.local as usize);
        if uri >= self.rows.len() {
            self.rows.resize_with(uri + 1, Vec::new);
        }
        let row = &mut self.rows[uri];
        if local >= row.len() {
            row.resize_with(local + 1, || None);
        }
        row[local] = Some(tag);
    }

    /// The numbers of namespaces begin anew.
    pub fn restart(&mut self) {
        self.numbers.clear();
    }

    fn is_of(&self, name: &Declared<'_>) -> bool {
        self.vocabulary.as_ref().is_some_and(|vocabulary| vocabulary.has(name))
    }
}

impl Writer {
    /// Whether the tags of a name are there with the prefix that it has in this document, or can be made.
    #[inline]
    fn has_tags(&mut self, name: &Declared<'_>) -> bool {
        match self.tags.number(name).filter(|_| self.tags.is_of(name)) {
            Some(number) if self.tags.has(name, number) => true,
            Some(number) => self.make_tags(name, number),
            None => self.number_tags(name),
        }
    }

    /// The first name of its namespace in this document.
    fn number_tags(&mut self, name: &Declared<'_>) -> bool {
        if !self.has_bare_tags(name.uri()) {
            return false;
        }
        if !self.tags.is_of(name) {
            // Elements that are open still need theirs.
            if self.open.iter().any(|open| matches!(open, Open::Ready(_))) {
                return false;
            }
            self.tags = Tags { vocabulary: Some(name.vocabulary()), ..Tags::default() };
        }
        let number = self.numbered.number(name.uri());
        self.tags.set_number(name.place().uri, number);
        self.tags.has(name, number) || self.make_tags(name, number)
    }

    #[cold]
    fn make_tags(&mut self, name: &Declared<'_>, number: usize) -> bool {
        let named = self.numbered.get(number);
        let Some(tag) = named.and_then(|named| Tag::new(name.to_name(), number, named)) else { return false };
        self.tags.set(name.place(), tag);
        true
    }

    /// Writes the start tag of a declared element that waits.
    pub(super) fn ready_tag(&mut self, at: QRef, empty: bool) -> Result<()> {
        let start = self.tags.get(at).map_or("", Tag::start);
        let tag = if empty { start.trim_end_matches('>') } else { start };
        self.out.push_str(tag);
        if self.open.is_empty() {
            self.root_at = self.out.len() - usize::from(!empty);
        }
        if empty {
            self.out.push_str("/>");
            return self.end_root();
        }
        self.open.push(Open::Ready(at));
        Ok(())
    }

    pub(super) fn ready_end(&mut self, at: QRef) {
        self.out.push_str(self.tags.get(at).map_or("", Tag::end));
    }

    /// A start tag that waits and turns out to need more than its name.
    pub(super) fn spell_out(&mut self) {
        if let Some(at) = self.start.ready.take() {
            self.start.name = self.tags.get(at).map(|tag| (tag.name.clone(), None));
        }
    }
}

/// What a stream without prefixes declares.
impl Listener for Writer {
    type Error = Error;

    fn start(&mut self, name: Declared<'_>) -> Result<()> {
        self.finish_start(false)?;
        if self.gathered && self.has_tags(&name) {
            self.start.ready = Some(name.place());
        } else {
            self.start.name = Some((name.to_name(), None));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.end_element()
    }

    fn characters(&mut self, chars: Chars<'_>) -> Result<()> {
        self.finish_start(false)?;
        if chars.is_plain {
            self.out.push_str(chars.text);
            return Ok(());
        }
        push_text(&mut self.out, chars.text)
    }

    #[inline]
    fn leaf(&mut self, name: Declared<'_>, chars: Chars<'_>) -> Result<()> {
        self.finish_start(false)?;
        if !self.gathered || self.open.is_empty() || !self.has_tags(&name) {
            self.start(name)?;
            self.characters(chars)?;
            return self.end();
        }
        let Some(tag) = self.tags.get(name.place()) else { return Ok(()) };
        self.out.push_str(tag.start());
        if chars.is_plain {
            self.out.push_str(chars.text);
        } else {
            push_text(&mut self.out, chars.text)?;
        }
        self.out.push_str(tag.end());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use exi_core::schema::{ComplexType, Content, Element, Particle, QName, Schema, Term, TypeRef, Wildcard};
    use exi_core::stream::{Decoder, Encoder, Grammars, HeaderStyle, Item, Limits, Settings};

    use super::super::{FEW, MOST_ROOM, ROOM};
    use super::*;

    /// An element `a` that may hold elements of any name, and others by its own.
    fn grammars() -> Grammars {
        let any = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Wildcard(Wildcard::Any)) };
        let complex = ComplexType {
            name: None,
            base: None,
            attributes: Vec::new(),
            attribute_wildcard: None,
            content: Content::Elements(any),
            text_slot: None,
            is_abstract: false,
        };
        let name = QName { uri: "urn:a".to_owned(), local: "a".to_owned() };
        let type_ref = TypeRef::Complex(0);
        let element = Element {
            name,
            type_ref,
            is_global: true,
            nillable: false,
            substitutes: None,
            is_abstract: false,
        };
        let namespaces = vec!["urn:a".to_owned()];
        let types = vec![complex];
        Grammars::new(Schema {
            namespaces,
            complex_types: types,
            elements: vec![element],
            ..Schema::default()
        })
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_names_that_a_stream_brings() {
        let (grammars, settings) = (grammars(), Settings::default());
        let mut encoder = Encoder::new(&grammars, &settings, &HeaderStyle::default()).expect("settings");
        let start = |uri: &str, local: &str| Item::StartElement { name: Name::new(uri, local), prefix: None };
        let names = (0..100_000)
            .flat_map(|n| [start(&format!("urn:{}", n % 1000), &format!("n{n}")), Item::EndElement]);
        let inside = [start("urn:a", "a")].into_iter().chain(names).chain([Item::EndElement]);
        let all = [Item::StartDocument].into_iter().chain(inside).chain([Item::EndDocument]);
        all.for_each(|item| encoder.push(item).expect("the wildcard lets it in"));
        let data = encoder.finish().expect("it is whole");
        let mut decoder = Decoder::new(&grammars, &data, &settings, Limits::default()).expect("a header");
        let mut writer = Writer::gathered();
        loop {
            decoder.tell(&mut writer, 100).expect("XML holds it");
            let Some(item) = decoder.next().expect("it is whole") else { break };
            writer.push(item).expect("XML holds it");
        }
        assert!(writer.out.ends_with("/></ns0:a>"));
        writer.clear();
        assert!(writer.out.capacity() <= MOST_ROOM && writer.declarations.capacity() <= ROOM);
        assert!(writer.open.capacity() <= FEW && writer.start.attributes.capacity() <= FEW);
        assert!(writer.tags.rows.iter().map(Vec::len).sum::<usize>() <= 100);
    }
}
