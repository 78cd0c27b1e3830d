//! The items of a stream to XML text. Prefixes that the stream did not keep are made up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use exi_core::stream::{Item, Name};
use exi_core::{Error, ErrorKind, Result};

use crate::chars::{is_name, is_ncname, is_text};
use crate::doctype;
use crate::namespaces::{Scope, XML};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// Namespaces up to which looking at each is the fastest way to find one.
const FEW: usize = 16;

/// Writes items as they come; [`Writer::out`] may be taken away at any time, unless all is gathered.
pub struct Writer {
    /// What was written.
    pub out: String,
    /// Prefixes are made up for all namespaces, and declared in the tag of the root when it ends.
    gathered: bool,
    /// Where in `out` the declarations of the root go.
    root_at: usize,
    scope: Scope,
    /// The elements that are open: their tags.
    open: Vec<(Arc<str>, Arc<str>)>,
    /// The start tag that is not complete yet.
    start: Option<Start>,
    spare: Start,
    /// Namespaces that were given a prefix, in the order of their numbers.
    named: Vec<(Arc<str>, Arc<str>)>,
    /// Their numbers, once there are many.
    numbers: HashMap<Arc<str>, usize>,
    has_doctype: bool,
    xsi: Arc<str>,
}

/// A start tag that collects what belongs into it.
#[derive(Default)]
struct Start {
    name: Option<(Name, Option<Arc<str>>)>,
    namespaces: Vec<(Arc<str>, Arc<str>, bool)>,
    attributes: Vec<Attribute>,
}

/// Where a prefix stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Element,
    Attribute,
    /// In the value of xsi:type.
    Value,
}

enum Attribute {
    Plain(Name, Option<Arc<str>>, Arc<str>),
    Type(Option<Arc<str>>, Name, Option<Arc<str>>),
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            out: String::new(),
            gathered: false,
            root_at: 0,
            scope: Scope::new(),
            open: Vec::new(),
            start: None,
            spare: Start::default(),
            named: Vec::new(),
            numbers: HashMap::new(),
            has_doctype: false,
            xsi: XSI.into(),
        }
    }
}

impl Writer {
    /// A writer for streams without prefixes: those that it makes up are all declared at the root,
    /// so what is written is complete when the root has ended, not before.
    pub fn gathered() -> Self {
        Self { gathered: true, ..Self::default() }
    }

    /// Writes one item; an error when XML cannot hold it.
    pub fn push(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Characters(text) => {
                self.finish_start(false)?;
                self.text(&text)
            }
            Item::StartElement { name, prefix } => {
                self.finish_start(false)?;
                let mut start = std::mem::take(&mut self.spare);
                start.name = Some((name, prefix));
                self.start = Some(start);
                Ok(())
            }
            Item::EndElement => self.end(),
            Item::Attribute { name, prefix, value } => self.attribute(Attribute::Plain(name, prefix, value)),
            Item::Nil { prefix, value, text } => {
                let text = text.unwrap_or_else(|| if value { "true" } else { "false" }.into());
                self.attribute(Attribute::Plain(self.xsi_name("nil"), prefix, text))
            }
            Item::Type { prefix, text: Some(text), .. } => {
                self.attribute(Attribute::Plain(self.xsi_name("type"), prefix, text))
            }
            Item::Type { prefix, name, value_prefix, text: None } => {
                self.attribute(Attribute::Type(prefix, name, value_prefix))
            }
            Item::Namespace { prefix, uri, local_element } => {
                if let Some(start) = &mut self.start {
                    start.namespaces.push((prefix, uri, local_element));
                }
                Ok(())
            }
            other => self.rare(other),
        }
    }

    #[cold]
    fn rare(&mut self, item: Item) -> Result<()> {
        match item {
            Item::SelfContained | Item::StartDocument => return Ok(()),
            _ => self.finish_start(false)?,
        }
        match item {
            Item::Comment(text) => {
                if text.contains("--") || text.ends_with('-') || !is_text(&text) {
                    return Err(wrong("a comment that XML cannot hold"));
                }
                self.pieces(&["<!--", &text, "-->"]);
            }
            Item::ProcessingInstruction { target, text } => {
                let reserved = target.eq_ignore_ascii_case("xml");
                if reserved || !is_ncname(&target) || text.contains("?>") || !is_text(&text) {
                    return Err(wrong("a processing instruction that XML cannot hold"));
                }
                self.pieces(&["<?", &target, if text.is_empty() { "" } else { " " }, &text, "?>"]);
            }
            Item::DocType { name, public, system, text } => {
                return self.doctype(&name, &public, &system, &text)
            }
            Item::EntityReference(name) if is_name(&name) && self.has_doctype => {
                self.pieces(&["&", &name, ";"]);
            }
            Item::EntityReference(name) => {
                return Err(wrong(format!("a reference to {name:?} without a DOCTYPE that declares it")));
            }
            _ => {}
        }
        Ok(())
    }

    fn xsi_name(&self, local: &str) -> Name {
        Name { uri: self.xsi.clone(), local: local.into() }
    }

    fn attribute(&mut self, attribute: Attribute) -> Result<()> {
        let start = self.start.as_mut().ok_or_else(|| wrong("an attribute outside of a start tag"))?;
        start.attributes.push(attribute);
        Ok(())
    }

    /// Writes the start tag that waits, if one does.
    fn finish_start(&mut self, empty: bool) -> Result<()> {
        let Some(mut start) = self.start.take() else { return Ok(()) };
        let Some((name, prefix)) = start.name.take() else { return Ok(()) };
        self.scope.open();
        for (prefix, uri, _) in &start.namespaces {
            self.scope.bind(prefix, uri).map_err(wrong)?;
        }
        let own = start.namespaces.iter().find(|(_, uri, local)| *local && *uri == name.uri);
        let prefix = own.map(|(prefix, ..)| prefix.clone()).or(prefix);
        let prefix = self.prefix(&name.uri, prefix, Role::Element)?;
        if !is_ncname(&name.local) {
            return Err(wrong(format!("an element by the name of {:?}", name.local)));
        }
        self.out.push('<');
        self.qualified(&prefix, &name.local);
        if self.open.is_empty() {
            self.root_at = self.out.len();
        }
        let known = self.scope.own().len();
        self.declarations(0)?;
        self.check_attributes(&start.attributes)?;
        for attribute in start.attributes.drain(..) {
            self.write_attribute(attribute)?;
        }
        self.declarations(known)?;
        start.namespaces.clear();
        self.spare = start;
        if empty {
            self.scope.close();
            self.out.push_str("/>");
            self.end_root()?;
        } else {
            self.open.push((prefix, name.local));
            self.out.push('>');
        }
        Ok(())
    }

    fn check_attributes(&self, attributes: &[Attribute]) -> Result<()> {
        if attributes.len() < 2 {
            return Ok(());
        }
        let mut seen = HashSet::with_capacity(attributes.len());
        let twice = attributes.iter().find(|attribute| match attribute {
            Attribute::Plain(name, ..) => !seen.insert((&*name.uri, &*name.local)),
            Attribute::Type(..) => !seen.insert((XSI, "type")),
        });
        match twice {
            None => Ok(()),
            Some(_) => Err(wrong("an attribute that stands twice")),
        }
    }

    fn write_attribute(&mut self, attribute: Attribute) -> Result<()> {
        let (name, prefix, value) = match attribute {
            Attribute::Plain(name, prefix, value) => (name, prefix, value),
            Attribute::Type(prefix, named, value_prefix) => {
                let value = self.type_value(&named, value_prefix)?;
                (self.xsi_name("type"), prefix, value)
            }
        };
        if !is_ncname(&name.local) {
            return Err(wrong(format!("an attribute by the name of {:?}", name.local)));
        }
        let prefix = self.prefix(&name.uri, prefix, Role::Attribute)?;
        self.out.push(' ');
        self.qualified(&prefix, &name.local);
        self.value(&value)
    }

    fn type_value(&mut self, name: &Name, prefix: Option<Arc<str>>) -> Result<Arc<str>> {
        if name.uri.is_empty() {
            return Ok(name.local.clone());
        }
        let prefix = self.prefix(&name.uri, prefix, Role::Value)?;
        Ok(if prefix.is_empty() { name.local.clone() } else { format!("{prefix}:{}", name.local).into() })
    }

    /// The prefix for a namespace: the one that is wanted if it means that, or one that does, or a
    /// new one, which is then declared.
    fn prefix(&mut self, uri: &Arc<str>, wanted: Option<Arc<str>>, role: Role) -> Result<Arc<str>> {
        if uri.is_empty() {
            return self.no_prefix(role);
        }
        if self.gathered && &**uri != XML {
            return Ok(self.made_up(uri));
        }
        if let Some(wanted) = wanted.filter(|prefix| role != Role::Attribute || !prefix.is_empty()) {
            if self.scope.find(&wanted).is_some_and(|bound| bound == uri) {
                return Ok(wanted);
            }
            if self.may_bind(&wanted, role) && self.scope.bind(&wanted, uri).is_ok() {
                return Ok(wanted);
            }
        }
        if let Some(prefix) = self.scope.prefix_of(uri, role != Role::Attribute) {
            return Ok(prefix.clone());
        }
        let prefix = self.new_prefix(uri);
        self.scope.bind(&prefix, uri).map_err(wrong)?;
        Ok(prefix)
    }

    /// No namespace: elements (and values) must not be caught by a default one.
    fn no_prefix(&mut self, role: Role) -> Result<Arc<str>> {
        let caught = self.scope.find("").is_some_and(|bound| !bound.is_empty());
        if role == Role::Element && caught {
            if self.scope.own().iter().any(|(prefix, _)| prefix.is_empty()) {
                return Err(wrong("an element without namespace that declares a default one"));
            }
            self.scope.bind("", "").map_err(wrong)?;
        }
        Ok("".into())
    }

    /// Whether a prefix may be declared in this tag without changing what else in it means.
    fn may_bind(&self, prefix: &str, role: Role) -> bool {
        let own = || self.scope.own().iter().any(|(have, _)| &**have == prefix);
        match role {
            Role::Element => (prefix.is_empty() || is_ncname(prefix)) && !own(),
            Role::Attribute | Role::Value => is_ncname(prefix) && self.scope.find(prefix).is_none(),
        }
    }

    /// A prefix that nothing in scope has; a namespace gets the same one each time if it can.
    fn new_prefix(&mut self, uri: &Arc<str>) -> Arc<str> {
        let mut prefix = self.made_up(uri);
        while self.scope.find(&prefix).is_some() {
            prefix = format!("{prefix}_").into();
        }
        prefix
    }

    /// The prefix that goes with a namespace.
    fn made_up(&mut self, uri: &Arc<str>) -> Arc<str> {
        let same = |have: &Arc<str>| Arc::ptr_eq(have, uri) || have == uri;
        let found = match self.named.len() {
            0..=FEW => self.named.iter().position(|(have, _)| same(have)),
            _ => self.numbers.get(uri).copied(),
        };
        if let Some((_, prefix)) = found.and_then(|at| self.named.get(at)) {
            return prefix.clone();
        }
        let prefix: Arc<str> = match &**uri {
            XSI => "xsi".into(),
            XSD => "xs".into(),
            _ => format!("ns{}", self.named.len()).into(),
        };
        self.numbers.insert(uri.clone(), self.named.len());
        self.named.push((uri.clone(), prefix.clone()));
        prefix
    }

    /// Writes the declarations of this tag from one on.
    fn declarations(&mut self, from: usize) -> Result<()> {
        for at in from..self.scope.own().len() {
            let (prefix, uri) = self.scope.own()[at].clone();
            if !prefix.is_empty() && !is_ncname(&prefix) {
                return Err(wrong(format!("{prefix:?} as a prefix")));
            }
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(&prefix);
            self.value(&uri)?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if self.start.is_some() {
            return self.finish_start(true);
        }
        let (prefix, local) = self.open.pop().ok_or_else(|| wrong("an end without a start"))?;
        self.scope.close();
        self.out.push_str("</");
        self.qualified(&prefix, &local);
        self.out.push('>');
        self.end_root()
    }

    /// Declares at the root what was made up below it.
    fn end_root(&mut self) -> Result<()> {
        if !self.gathered || !self.open.is_empty() || self.named.is_empty() {
            return Ok(());
        }
        let tail = self.out.split_off(self.root_at);
        self.numbers.clear();
        for (uri, prefix) in std::mem::take(&mut self.named) {
            self.pieces(&[" xmlns:", &prefix]);
            self.value(&uri)?;
        }
        self.out.push_str(&tail);
        Ok(())
    }

    fn qualified(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(local);
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.escaped(text, |byte| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            b'\r' => Some("&#13;"),
            _ => None,
        })
    }

    fn value(&mut self, text: &str) -> Result<()> {
        self.out.push_str("=\"");
        self.escaped(text, |byte| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'"' => Some("&quot;"),
            b'\t' => Some("&#9;"),
            b'\n' => Some("&#10;"),
            b'\r' => Some("&#13;"),
            _ => None,
        })?;
        self.out.push('"');
        Ok(())
    }

    fn escaped(&mut self, text: &str, escape: impl Fn(u8) -> Option<&'static str>) -> Result<()> {
        if !is_text(text) {
            return Err(wrong("a character that XML cannot hold"));
        }
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if let Some(instead) = escape(byte) {
                self.out.push_str(&text[from..at]);
                self.out.push_str(instead);
                from = at + 1;
            }
        }
        self.out.push_str(&text[from..]);
        Ok(())
    }

    fn doctype(&mut self, name: &str, public: &str, system: &str, text: &str) -> Result<()> {
        let fits = is_name(name) && [public, system, text].into_iter().all(is_text);
        let quote = if system.contains('"') { "'" } else { "\"" };
        let quotable = !(system.contains(quote) || public.contains('"'));
        if self.has_doctype || !self.open.is_empty() || !fits || !quotable || doctype::entities(text).is_err()
        {
            return Err(wrong("a DOCTYPE that XML cannot hold"));
        }
        self.has_doctype = true;
        self.pieces(&["<!DOCTYPE ", name]);
        match (public.is_empty(), system.is_empty()) {
            (true, true) => {}
            (true, false) => self.pieces(&[" SYSTEM ", quote, system, quote]),
            _ => self.pieces(&[" PUBLIC \"", public, "\" ", quote, system, quote]),
        }
        if !text.is_empty() {
            self.pieces(&[" [", text, "]"]);
        }
        self.out.push('>');
        Ok(())
    }

    fn pieces(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.out.push_str(piece));
    }
}

#[cold]
fn wrong(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{} has no place in XML text", reason.into()))
}
