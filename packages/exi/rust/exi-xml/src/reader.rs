//! XML text to the items of a stream: namespaces resolved, entities expanded, nothing fetched.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use exi_core::stream::{Item, Name};
use quick_xml::events::{BytesStart, Event};
use quick_xml::Reader;

use crate::chars::{is_name, is_ncname};
use crate::doctype;
use crate::namespaces::Scope;
use crate::text::{checked, lines, predefined, utf8, Expander};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Names that are kept to be shared, each in the one place that its letters give: a power of two.
/// A hostile text can make them replace each other, but not slow the search.
const NAMES: usize = 64;
/// Attributes up to which looking at each pair is the fastest way to find two alike.
const FEW: usize = 8;

/// What a stream has a place for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keep {
    /// Comments.
    pub comments: bool,
    /// Processing instructions.
    pub pis: bool,
    /// The DOCTYPE, and references to its entities.
    pub dtd: bool,
    /// Prefixes and their declarations.
    pub prefixes: bool,
    /// Any number of elements may stand at the top.
    pub fragment: bool,
}

/// Why a text could not be read.
#[derive(Debug)]
pub enum Fault<E> {
    /// It is no well-formed XML: the reason, and the offset in bytes.
    Xml(String, usize),
    /// What took the items refused one.
    Taker(E),
}

/// Hands the items of an XML text to `take`, one after the other, each with its offset in bytes.
pub fn read<E>(
    text: &str,
    keep: Keep,
    take: impl FnMut(Item, usize) -> Result<(), E>,
) -> Result<(), Fault<E>> {
    let mut parser = Reader::from_str(text);
    parser.config_mut().check_comments = true;
    let mut state = State::new(keep, take);
    state.push(Item::StartDocument)?;
    loop {
        state.at = parser.buffer_position() as usize;
        let event = parser.read_event();
        let event = event.map_err(|error| Fault::Xml(error.to_string(), parser.error_position() as usize))?;
        if matches!(event, Event::Eof) {
            return state.end();
        }
        state.event(event)?;
    }
}

/// Characters that wait for what follows: neighbours are one value.
enum Pending<'d> {
    None,
    One(Cow<'d, str>),
    Many(String),
}

/// The parts of a qualified name.
#[derive(Clone)]
struct Split {
    prefix: Arc<str>,
    local: Arc<str>,
}

struct State<'d, F> {
    keep: Keep,
    take: F,
    /// Where the present piece begins.
    at: usize,
    scope: Scope,
    /// Names as they stand in the text, with their parts.
    names: Vec<Option<(Box<str>, Split)>>,
    expander: Expander,
    pending: Pending<'d>,
    roots: usize,
    has_doctype: bool,
}

type Read<E> = Result<(), Fault<E>>;

impl<'d, E, F: FnMut(Item, usize) -> Result<(), E>> State<'d, F> {
    fn new(keep: Keep, take: F) -> Self {
        Self {
            keep,
            take,
            at: 0,
            scope: Scope::new(),
            names: vec![None; NAMES],
            expander: Expander::default(),
            pending: Pending::None,
            roots: 0,
            has_doctype: false,
        }
    }

    fn event(&mut self, event: Event<'d>) -> Read<E> {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::Empty(tag) => {
                self.start(&tag)?;
                self.close()
            }
            Event::End(_) => {
                self.flush()?;
                self.close()
            }
            Event::Text(text) => self.text(text.into_inner()),
            Event::CData(text) => self.cdata(text.into_inner()),
            Event::GeneralRef(reference) => self.reference(&reference.into_inner()),
            Event::Comment(text) => self.comment(&text.into_inner()),
            Event::PI(pi) => self.instruction(&pi.into_inner()),
            Event::DocType(doctype) => self.doctype(&doctype.into_inner()),
            Event::Decl(declaration) => self.declaration(&declaration),
            Event::Eof => Ok(()),
        }
    }

    fn end(mut self) -> Read<E> {
        if self.scope.depth() > 0 {
            return Err(self.fault("the text ends inside an element"));
        }
        if self.roots == 0 && !self.keep.fragment {
            return Err(self.fault("there is no element"));
        }
        self.push(Item::EndDocument)
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Read<E> {
        self.flush()?;
        self.begin_root()?;
        self.scope.open();
        let attributes = self.attributes(tag)?;
        let name = tag.name();
        let (name, prefix) = self.name(utf8(name.as_ref()).map_err(|e| self.fault(e))?, true)?;
        let element_prefix = prefix.clone();
        let kept = self.keep.prefixes.then_some(prefix);
        self.push(Item::StartElement { name, prefix: kept })?;
        if self.keep.prefixes {
            self.declarations(&element_prefix)?;
        }
        self.attribute_items(&attributes)
    }

    fn begin_root(&mut self) -> Read<E> {
        if self.scope.depth() == 0 {
            if self.roots > 0 && !self.keep.fragment {
                return Err(self.fault("a second element at the top, which only a fragment has"));
            }
            self.roots += 1;
        }
        Ok(())
    }

    fn close(&mut self) -> Read<E> {
        self.scope.close();
        self.push(Item::EndElement)
    }

    /// Binds the prefixes that a tag declares; gives its other attributes, as written and expanded.
    fn attributes<'t>(&mut self, tag: &'t BytesStart<'_>) -> Result<Vec<(&'t str, Cow<'t, str>)>, Fault<E>> {
        let mut found = Vec::new();
        let name_length = tag.name().as_ref().len();
        let content = utf8(tag).map_err(|reason| self.fault(reason))?;
        if content.len() == name_length {
            return Ok(found);
        }
        let mut parts = quick_xml::events::attributes::Attributes::new(content, name_length);
        for part in parts.with_checks(false) {
            let part = part.map_err(|error| self.fault(error.to_string()))?;
            let key = utf8(part.key.into_inner()).map_err(|reason| self.fault(reason))?;
            let Cow::Borrowed(raw) = part.value else { continue };
            let raw = utf8(raw).map_err(|reason| self.fault(reason))?;
            let value = self.expander.attribute(raw).map_err(|reason| self.fault(reason))?;
            match (key, key.strip_prefix("xmlns:")) {
                ("xmlns", _) => self.bind("", &value)?,
                (_, Some(prefix)) => self.bind(prefix, &value)?,
                _ => found.push((key, value)),
            }
        }
        Ok(found)
    }

    fn bind(&mut self, prefix: &str, uri: &str) -> Read<E> {
        if !prefix.is_empty() && !is_ncname(prefix) {
            return Err(self.fault(format!("{prefix:?} is no prefix")));
        }
        self.scope.bind(prefix, uri).map_err(|reason| self.fault(reason))
    }

    fn declarations(&mut self, element: &str) -> Read<E> {
        let own: Vec<_> = self.scope.own().to_vec();
        for (prefix, uri) in own {
            let local_element = &*prefix == element;
            self.push(Item::Namespace { prefix, uri, local_element })?;
        }
        Ok(())
    }

    fn attribute_items(&mut self, attributes: &[(&str, Cow<'_, str>)]) -> Read<E> {
        let mut items = Vec::with_capacity(attributes.len());
        for (key, value) in attributes {
            let (name, prefix) = self.name(key, false)?;
            items.push((name, prefix, value));
        }
        if let Some(twice) = repeated(&items) {
            return Err(self.fault(format!("the attribute {twice} stands twice")));
        }
        for (name, prefix, value) in items {
            let prefix = self.keep.prefixes.then_some(prefix);
            let item = if &*name.uri == XSI {
                self.xsi(name, prefix, value)
            } else {
                attribute(name, prefix, value)
            };
            self.push(item)?;
        }
        Ok(())
    }

    fn xsi(&mut self, name: Name, prefix: Option<Arc<str>>, value: &str) -> Item {
        let written = value.trim_matches([' ', '\t', '\n', '\r']);
        match (&*name.local, written) {
            ("type", _) => {
                let (value_prefix, local) = written.split_once(':').unwrap_or(("", written));
                let uri = self.scope.find(value_prefix).filter(|_| is_ncname(local));
                let name = uri.map_or_else(|| Name::new("", value), |uri| Name::new(uri, local));
                let value_prefix = uri.filter(|_| self.keep.prefixes).map(|_| value_prefix.into());
                Item::Type { prefix, name, value_prefix, text: Some(value.into()) }
            }
            ("nil", "true" | "1") => Item::Nil { prefix, value: true, text: Some(value.into()) },
            ("nil", "false" | "0") => Item::Nil { prefix, value: false, text: Some(value.into()) },
            _ => attribute(name, prefix, value),
        }
    }

    /// The expanded name of a qualified one, with its prefix; attributes without one have no namespace.
    fn name(&mut self, qualified: &str, element: bool) -> Result<(Name, Arc<str>), Fault<E>> {
        let Split { prefix, local } = self.split(qualified)?;
        if prefix.is_empty() && !element {
            return Ok((Name { uri: prefix.clone(), local }, prefix));
        }
        let uri = self.scope.find(&prefix).cloned();
        let uri = uri.ok_or_else(|| self.fault(format!("the prefix of {qualified} is not declared")))?;
        Ok((Name { uri, local }, prefix))
    }

    fn split(&mut self, qualified: &str) -> Result<Split, Fault<E>> {
        let place = place_of(qualified);
        if let Some(Some((name, known))) = self.names.get(place) {
            if **name == *qualified {
                return Ok(known.clone());
            }
        }
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let bad_prefix = qualified.contains(':') && (!is_ncname(prefix) || prefix == "xmlns");
        if bad_prefix || !is_ncname(local) {
            return Err(self.fault(format!("{qualified:?} is no name")));
        }
        let split = Split { prefix: prefix.into(), local: local.into() };
        if let Some(kept) = self.names.get_mut(place) {
            *kept = Some((qualified.into(), split.clone()));
        }
        Ok(split)
    }

    fn text(&mut self, raw: Cow<'d, [u8]>) -> Read<E> {
        let text = self.checked(raw)?;
        if text.contains("]]>") {
            return Err(self.fault("]]> in text"));
        }
        if self.scope.depth() > 0 {
            self.append(text);
            return Ok(());
        }
        match text.trim_matches([' ', '\t', '\n', '\r', '\u{feff}']).is_empty() {
            true => Ok(()),
            false => Err(self.fault("text outside of an element")),
        }
    }

    fn cdata(&mut self, raw: Cow<'d, [u8]>) -> Read<E> {
        if self.scope.depth() == 0 {
            return Err(self.fault("text outside of an element"));
        }
        let text = self.checked(raw)?;
        self.append(text);
        Ok(())
    }

    fn append(&mut self, text: Cow<'d, str>) {
        let text = match text {
            Cow::Borrowed(text) => lines(text),
            Cow::Owned(text) => Cow::Owned(lines(&text).into_owned()),
        };
        if text.is_empty() {
            return;
        }
        self.pending = match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::None => Pending::One(text),
            Pending::One(first) => Pending::Many(first.into_owned() + &text),
            Pending::Many(before) => Pending::Many(before + &text),
        };
    }

    fn reference(&mut self, raw: &[u8]) -> Read<E> {
        let name = utf8(raw).map_err(|reason| self.fault(reason))?;
        if self.scope.depth() == 0 {
            return Err(self.fault("a reference outside of an element"));
        }
        if self.keep.dtd && !name.starts_with('#') && predefined(name).is_none() {
            if !is_name(name) {
                return Err(self.fault(format!("&{name}; is no reference")));
            }
            self.flush()?;
            return self.push(Item::EntityReference(name.into()));
        }
        let mut text = match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::None => String::new(),
            Pending::One(first) => first.into_owned(),
            Pending::Many(before) => before,
        };
        self.expander.reference(name, &mut text).map_err(|reason| self.fault(reason))?;
        self.pending = Pending::Many(text);
        Ok(())
    }

    fn flush(&mut self) -> Read<E> {
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::None => Ok(()),
            Pending::One(text) => self.push(Item::Characters((*text).into())),
            Pending::Many(text) if text.is_empty() => Ok(()),
            Pending::Many(text) => self.push(Item::Characters(text.into())),
        }
    }

    fn comment(&mut self, raw: &[u8]) -> Read<E> {
        let text = self.whole(raw)?;
        if !self.keep.comments {
            return Ok(());
        }
        self.flush()?;
        self.push(Item::Comment((*text).into()))
    }

    fn instruction(&mut self, raw: &[u8]) -> Read<E> {
        let text = self.whole(raw)?;
        let end = text.find([' ', '\t', '\n']).unwrap_or(text.len());
        let (target, rest) = text.split_at(end);
        if !is_ncname(target) || target.eq_ignore_ascii_case("xml") {
            return Err(self.fault(format!("{target:?} is no target of a processing instruction")));
        }
        if !self.keep.pis {
            return Ok(());
        }
        self.flush()?;
        let rest = rest.trim_start_matches([' ', '\t', '\n']);
        self.push(Item::ProcessingInstruction { target: target.into(), text: rest.into() })
    }

    fn doctype(&mut self, raw: &[u8]) -> Read<E> {
        if self.roots > 0 || self.has_doctype {
            return Err(self.fault("a DOCTYPE in the wrong place"));
        }
        self.has_doctype = true;
        let text = self.whole(raw)?;
        let found = doctype::parse(&text).map_err(|reason| self.fault(reason))?;
        self.expander.entities = doctype::entities(found.text).map_err(|reason| self.fault(reason))?;
        if !self.keep.dtd {
            return Ok(());
        }
        self.push(Item::DocType {
            name: found.name.into(),
            public: found.public.into(),
            system: found.system.into(),
            text: found.text.into(),
        })
    }

    fn declaration(&self, declaration: &[u8]) -> Read<E> {
        let start = [0, '\u{feff}'.len_utf8()];
        if !start.contains(&self.at) {
            return Err(self.fault("an XML declaration that is not at the start"));
        }
        match declaration.windows(4).any(|four| four == b"1.1\"" || four == b"1.1'") {
            true => Err(self.fault("XML 1.1 is not taken")),
            false => Ok(()),
        }
    }

    fn checked<'t>(&self, raw: Cow<'t, [u8]>) -> Result<Cow<'t, str>, Fault<E>> {
        let text = match raw {
            Cow::Borrowed(raw) => utf8(raw).map(Cow::Borrowed),
            Cow::Owned(raw) => String::from_utf8(raw).map(Cow::Owned).map_err(|error| error.to_string()),
        };
        let text = text.map_err(|reason| self.fault(reason))?;
        checked(&text).map_err(|reason| self.fault(reason))?;
        Ok(text)
    }

    fn whole<'t>(&self, raw: &'t [u8]) -> Result<Cow<'t, str>, Fault<E>> {
        let text = utf8(raw).and_then(checked).map_err(|reason| self.fault(reason))?;
        Ok(lines(text))
    }

    fn push(&mut self, item: Item) -> Read<E> {
        (self.take)(item, self.at).map_err(Fault::Taker)
    }

    #[cold]
    fn fault(&self, reason: impl Into<String>) -> Fault<E> {
        Fault::Xml(reason.into(), self.at)
    }
}

fn place_of(name: &str) -> usize {
    let mixed = name.bytes().fold(name.len(), |mixed, byte| mixed.wrapping_mul(31) ^ usize::from(byte));
    (mixed ^ mixed >> 6) % NAMES
}

fn attribute(name: Name, prefix: Option<Arc<str>>, value: &str) -> Item {
    Item::Attribute { name, prefix, value: value.into() }
}

fn repeated<T>(attributes: &[(Name, Arc<str>, T)]) -> Option<&str> {
    if attributes.len() > FEW {
        let mut seen = HashSet::with_capacity(attributes.len());
        return attributes.iter().find(|(name, ..)| !seen.insert(name)).map(|(name, ..)| &*name.local);
    }
    let twice = |at: usize| attributes[..at].iter().any(|(name, ..)| *name == attributes[at].0);
    (1..attributes.len()).find(|at| twice(*at)).map(|at| &*attributes[at].0.local)
}
