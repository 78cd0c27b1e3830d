//! XML text to the items of a stream: namespaces resolved, entities expanded, nothing fetched.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use exi_core::stream::{Item, ItemRef, Name};
use quick_xml::events::{BytesStart, Event};
use quick_xml::Reader;

use crate::chars::{is_name, is_ncname, is_text};
use crate::doctype;
use crate::names::{resolve, Resolved};
use crate::namespaces::Scope;
use crate::text::{checked, lines, predefined, Expander};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
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
    take: impl FnMut(ItemRef<'_>, usize) -> Result<(), E>,
) -> Result<(), Fault<E>> {
    let mut parser = Reader::from_str(text);
    parser.config_mut().check_comments = true;
    let mut state = State::new(text, keep, take);
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

/// What looking at the whole text once says of all its pieces.
struct Looks {
    /// It holds only what XML may hold.
    is_clean: bool,
    has_returns: bool,
    has_section_end: bool,
}

struct State<'d, F> {
    text: &'d str,
    looks: Looks,
    keep: Keep,
    take: F,
    /// Where the present piece begins.
    at: usize,
    scope: Scope,
    expander: Expander,
    /// A tag with nothing but a name, as written, and where; it waits for the end that may follow.
    waiting: Option<(&'d str, usize)>,
    /// Characters that wait for what follows: neighbours are one value.
    pending: Option<Cow<'d, str>>,
    roots: usize,
    has_doctype: bool,
}

type Read<E> = Result<(), Fault<E>>;

impl Looks {
    fn at(text: &str) -> Self {
        Self {
            is_clean: is_text(text),
            has_returns: text.contains('\r'),
            has_section_end: text.contains(']') && text.contains("]]>"),
        }
    }
}

impl<'d, E, F: FnMut(ItemRef<'_>, usize) -> Result<(), E>> State<'d, F> {
    fn new(text: &'d str, keep: Keep, take: F) -> Self {
        Self {
            text,
            looks: Looks::at(text),
            keep,
            take,
            at: 0,
            scope: Scope::new(),
            expander: Expander::default(),
            waiting: None,
            pending: None,
            roots: 0,
            has_doctype: false,
        }
    }

    fn event(&mut self, event: Event<'d>) -> Read<E> {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::Empty(tag) => {
                self.start(&tag)?;
                self.end_element()
            }
            Event::End(_) => self.end_element(),
            Event::Text(text) => self.text(&text),
            Event::CData(text) => self.cdata(&text),
            Event::GeneralRef(reference) => self.reference(&reference),
            Event::Comment(text) => self.comment(&text),
            Event::PI(pi) => self.instruction(&pi),
            Event::DocType(doctype) => self.doctype(&doctype),
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
        let name_length = tag.name().as_ref().len();
        let tag = self.piece(tag)?;
        if tag.len() == name_length {
            self.waiting = Some((tag, self.at));
            return Ok(());
        }
        let written = tag.get(..name_length).ok_or_else(|| self.fault("a letter cut in two"))?;
        let attributes = self.attributes(tag, name_length)?;
        self.begin(written, self.at)?;
        if self.keep.prefixes {
            self.declarations(written)?;
        }
        self.attribute_items(&attributes)
    }

    /// SE.
    fn begin(&mut self, written: &'d str, at: usize) -> Read<E> {
        let resolved = resolve(written, true, &self.scope);
        let Resolved { prefix, uri, local } = resolved.map_err(|reason| Fault::Xml(reason, at))?;
        let prefix = self.keep.prefixes.then_some(prefix);
        (self.take)(ItemRef::StartElement { uri, local, prefix }, at).map_err(Fault::Taker)
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

    fn end_element(&mut self) -> Read<E> {
        if self.waiting.is_some() && self.pending.as_ref().is_some_and(|text| !text.is_empty()) {
            return self.leaf();
        }
        self.flush()?;
        self.scope.close();
        (self.take)(ItemRef::EndElement, self.at).map_err(Fault::Taker)
    }

    /// What waits, as the element that it is with the end that came.
    fn leaf(&mut self) -> Read<E> {
        let (Some((written, at)), Some(text)) = (self.waiting.take(), self.pending.take()) else {
            return Ok(());
        };
        let resolved = resolve(written, true, &self.scope);
        let Resolved { prefix, uri, local } = resolved.map_err(|reason| Fault::Xml(reason, at))?;
        let prefix = self.keep.prefixes.then_some(prefix);
        (self.take)(ItemRef::Leaf { uri, local, prefix, text: &text }, at).map_err(Fault::Taker)?;
        self.scope.close();
        Ok(())
    }

    /// Binds the prefixes that a tag declares; gives its other attributes, as written and expanded.
    #[inline(never)]
    fn attributes(
        &mut self,
        tag: &'d str,
        name_length: usize,
    ) -> Result<Vec<(&'d str, Cow<'d, str>)>, Fault<E>> {
        let mut found = Vec::new();
        let mut parts = quick_xml::events::attributes::Attributes::new(tag, name_length);
        for part in parts.with_checks(false) {
            let part = part.map_err(|error| self.fault(error.to_string()))?;
            let key = self.piece(part.key.into_inner())?;
            let raw = self.piece(&part.value)?;
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
        let (element_prefix, _) = element.split_once(':').unwrap_or_default();
        let own: Vec<_> = self.scope.own().to_vec();
        for (prefix, uri) in own {
            let local_element = &*prefix == element_prefix;
            self.push(Item::Namespace { prefix, uri, local_element })?;
        }
        Ok(())
    }

    fn attribute_items(&mut self, attributes: &[(&'d str, Cow<'d, str>)]) -> Read<E> {
        let mut items = Vec::with_capacity(attributes.len());
        for (key, value) in attributes {
            let resolved = resolve(key, false, &self.scope);
            let Resolved { prefix, uri, local } = resolved.map_err(|reason| Fault::Xml(reason, self.at))?;
            items.push((Name { uri: uri.clone(), local: local.into() }, prefix.clone(), value));
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

    fn text(&mut self, raw: &[u8]) -> Read<E> {
        let text = self.checked(raw)?;
        if self.looks.has_section_end && text.contains("]]>") {
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

    fn cdata(&mut self, raw: &[u8]) -> Read<E> {
        if self.scope.depth() == 0 {
            return Err(self.fault("text outside of an element"));
        }
        let text = self.checked(raw)?;
        self.append(text);
        Ok(())
    }

    fn append(&mut self, text: &'d str) {
        let text = self.lines(text);
        match &mut self.pending {
            Some(before) => before.to_mut().push_str(&text),
            none => *none = Some(text),
        }
    }

    fn reference(&mut self, raw: &[u8]) -> Read<E> {
        let name = self.piece(raw)?;
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
        let text = self.pending.get_or_insert_default().to_mut();
        self.expander.reference(name, text).map_err(|reason| Fault::Xml(reason, self.at))
    }

    fn flush(&mut self) -> Read<E> {
        if let Some((written, at)) = self.waiting.take() {
            self.begin(written, at)?;
        }
        match self.pending.take() {
            Some(text) if !text.is_empty() => {
                (self.take)(ItemRef::Characters(&text), self.at).map_err(Fault::Taker)
            }
            _ => Ok(()),
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

    /// Bytes of the text, which is known to be UTF-8, as a part of it.
    fn piece(&self, raw: &[u8]) -> Result<&'d str, Fault<E>> {
        let from = raw.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        let piece = self.text.get(from..from.wrapping_add(raw.len()));
        piece.ok_or_else(|| self.fault("a letter cut in two"))
    }

    fn checked(&self, raw: &[u8]) -> Result<&'d str, Fault<E>> {
        let text = self.piece(raw)?;
        match self.looks.is_clean {
            true => Ok(text),
            false => checked(text).map_err(|reason| self.fault(reason)),
        }
    }

    fn lines(&self, text: &'d str) -> Cow<'d, str> {
        match self.looks.has_returns {
            true => lines(text),
            false => Cow::Borrowed(text),
        }
    }

    fn whole(&self, raw: &[u8]) -> Result<Cow<'d, str>, Fault<E>> {
        self.checked(raw).map(|text| self.lines(text))
    }

    fn push(&mut self, item: Item) -> Read<E> {
        (self.take)(ItemRef::Other(item), self.at).map_err(Fault::Taker)
    }

    #[cold]
    fn fault(&self, reason: impl Into<String>) -> Fault<E> {
        Fault::Xml(reason.into(), self.at)
    }
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
