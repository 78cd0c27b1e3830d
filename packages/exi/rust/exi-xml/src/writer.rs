//! The items of a stream to XML text. Prefixes that the stream did not keep are made up.

mod escape;
mod numbered;
mod prefixes;
mod ready;

use std::collections::HashSet;
use std::sync::Arc;

use exi_core::stream::{Item, Name};
use exi_core::QRef;
use exi_core::{Error, ErrorKind, Result};

use crate::chars::{is_name, is_ncname, is_text};
use crate::doctype;
use crate::namespaces::{Scope, XML};
use escape::{push_text, push_value};
use numbered::Numbered;
use ready::Tags;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// Bytes that a text may have before there is more room made for it: those of a small message.
const ROOM: usize = 4096;
/// Bytes that are kept for the next one.
const MOST_ROOM: usize = 1 << 18;
/// Open elements, attributes and declarations that there is room kept for.
const FEW: usize = 64;

/// Writes items as they come; [`Writer::out`] may be taken away at any time, unless all is gathered.
pub struct Writer {
    /// What was written.
    pub out: String,
    /// Prefixes are made up for all namespaces, and declared in the tag of the root when it ends.
    gathered: bool,
    /// Where in `out` the declarations of the root go.
    root_at: usize,
    scope: Scope,
    /// The elements that are open.
    open: Vec<Open>,
    /// The start tag that is not complete yet: none without a name.
    start: Start,
    numbered: Numbered,
    /// What is declared at a root.
    declarations: String,
    has_doctype: bool,
    xsi: Arc<str>,
    tags: Tags,
}

/// An element that is open.
enum Open {
    /// Its end tag is ready.
    Ready(QRef),
    /// The number of its namespace, and its local name.
    Made(usize, Arc<str>),
    /// Its prefix and local name.
    Other(Arc<str>, Arc<str>),
}

/// A start tag that collects what belongs into it.
#[derive(Default)]
struct Start {
    /// A declared element, so far without anything but its name.
    ready: Option<QRef>,
    /// Any other.
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

impl Start {
    fn clear(&mut self) {
        self.ready = None;
        self.name = None;
        self.namespaces.clear();
        self.namespaces.shrink_to(FEW);
        self.attributes.clear();
        self.attributes.shrink_to(FEW);
    }
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
            start: Start::default(),
            numbered: Numbered::default(),
            declarations: String::new(),
            has_doctype: false,
            xsi: XSI.into(),
            tags: Tags::default(),
        }
    }
}

impl Writer {
    /// A writer for streams without prefixes: those that it makes up are all declared at the root,
    /// so what is written is complete when the root has ended, not before.
    pub fn gathered() -> Self {
        let (out, open) = (String::with_capacity(ROOM), Vec::with_capacity(FEW));
        Self { gathered: true, out, open, ..Self::default() }
    }

    /// Forgets the document, but not what the next one can use: that takes no more room than the names
    /// of the schema and a small text.
    pub fn clear(&mut self) {
        self.out.clear();
        self.out.shrink_to(MOST_ROOM);
        self.root_at = 0;
        if self.scope.depth() > 0 {
            self.scope = Scope::new();
        }
        self.open.clear();
        self.open.shrink_to(FEW);
        self.start.clear();
        self.has_doctype = false;
        self.forget_numbers();
    }

    /// The next root numbers its namespaces anew.
    fn forget_numbers(&mut self) {
        self.numbered.restart();
        self.tags.restart();
        self.declarations.clear();
        self.declarations.shrink_to(ROOM);
    }

    /// Writes one item; an error when XML cannot hold it.
    pub fn push(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Characters(text) => {
                self.finish_start(false)?;
                push_text(&mut self.out, &text)
            }
            Item::StartElement { name, prefix } => self.start_element(name, prefix),
            Item::EndElement => self.end_element(),
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
                self.spell_out();
                if self.start.name.is_some() {
                    self.start.namespaces.push((prefix, uri, local_element));
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
        self.spell_out();
        if self.start.name.is_none() {
            return Err(wrong("an attribute outside of a start tag"));
        }
        self.start.attributes.push(attribute);
        Ok(())
    }

    fn start_element(&mut self, name: Name, prefix: Option<Arc<str>>) -> Result<()> {
        self.finish_start(false)?;
        self.start.name = Some((name, prefix));
        Ok(())
    }

    /// Writes the start tag that waits, if one does.
    fn finish_start(&mut self, empty: bool) -> Result<()> {
        if let Some(at) = self.start.ready.take() {
            return self.ready_tag(at, empty);
        }
        match self.start.name.take() {
            Some((name, prefix)) => self.spelled_tag(name, prefix, empty),
            None => Ok(()),
        }
    }

    fn spelled_tag(&mut self, name: Name, prefix: Option<Arc<str>>, empty: bool) -> Result<()> {
        self.scope.open();
        let bare = self.start.attributes.is_empty() && self.start.namespaces.is_empty();
        if bare && self.has_bare_tags(&name.uri) {
            return self.bare_tag(name, empty);
        }
        let mut start = std::mem::take(&mut self.start);
        for (prefix, uri, _) in &start.namespaces {
            self.scope.bind(prefix, uri).map_err(wrong)?;
        }
        let own = start.namespaces.iter().find(|(_, uri, local)| *local && *uri == name.uri);
        let prefix = own.map(|(prefix, ..)| prefix.clone()).or(prefix);
        let prefix = self.prefix(&name.uri, prefix, Role::Element)?;
        check_element(&name.local)?;
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
        self.start = start;
        self.finish_tag(Open::Other(prefix, name.local), empty)
    }

    /// A start tag that declares nothing and has no attributes, as most do where prefixes are gathered.
    fn bare_tag(&mut self, name: Name, empty: bool) -> Result<()> {
        check_element(&name.local)?;
        let number = self.numbered.number(&name.uri);
        self.out.push('<');
        if let Some(named) = self.numbered.get(number) {
            self.out.push_str(named.closing.get(2..).unwrap_or_default());
        }
        self.out.push_str(&name.local);
        if self.open.is_empty() {
            self.root_at = self.out.len();
        }
        self.finish_tag(Open::Made(number, name.local), empty)
    }

    /// Whether elements of a namespace are without declarations of their own.
    fn has_bare_tags(&self, uri: &str) -> bool {
        self.gathered && !uri.is_empty() && uri != XML
    }

    fn finish_tag(&mut self, open: Open, empty: bool) -> Result<()> {
        if empty {
            self.scope.close();
            self.out.push_str("/>");
            return self.end_root();
        }
        self.open.push(open);
        self.out.push('>');
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
        push_value(&mut self.out, &value)
    }

    fn type_value(&mut self, name: &Name, prefix: Option<Arc<str>>) -> Result<Arc<str>> {
        if name.uri.is_empty() {
            return Ok(name.local.clone());
        }
        let prefix = self.prefix(&name.uri, prefix, Role::Value)?;
        Ok(if prefix.is_empty() { name.local.clone() } else { format!("{prefix}:{}", name.local).into() })
    }

    fn end_element(&mut self) -> Result<()> {
        if self.start.ready.is_some() || self.start.name.is_some() {
            return self.finish_start(true);
        }
        match self.open.pop().ok_or_else(|| wrong("an end without a start"))? {
            Open::Ready(at) => self.ready_end(at),
            Open::Made(number, local) => {
                let closing = self.numbered.get(number).map_or("</", |named| &named.closing);
                self.out.push_str(closing);
                self.close(&local);
            }
            Open::Other(prefix, local) => {
                self.out.push_str("</");
                if !prefix.is_empty() {
                    self.pieces(&[&prefix, ":"]);
                }
                self.close(&local);
            }
        }
        self.end_root()
    }

    fn close(&mut self, local: &str) {
        self.scope.close();
        self.out.push_str(local);
        self.out.push('>');
    }

    /// Declares at the root what was made up below it.
    fn end_root(&mut self) -> Result<()> {
        if !self.gathered || !self.open.is_empty() {
            return Ok(());
        }
        for named in self.numbered.all() {
            if named.declaration.is_empty() {
                let mut declaration = [" xmlns:", &named.prefix].concat();
                push_value(&mut declaration, &named.uri)?;
                named.declaration = declaration.into();
            }
            self.declarations.push_str(&named.declaration);
        }
        self.out.insert_str(self.root_at, &self.declarations);
        self.forget_numbers();
        Ok(())
    }

    fn qualified(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(local);
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

fn check_element(local: &str) -> Result<()> {
    match is_ncname(local) {
        true => Ok(()),
        false => Err(wrong(format!("an element by the name of {local:?}"))),
    }
}

#[cold]
fn wrong(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{} has no place in XML text", reason.into()))
}
