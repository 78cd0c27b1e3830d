//! The prefixes in scope while a document is read.

use std::sync::Arc;

pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Prefixes that one tag declares, and that are in scope, at most: all are looked through one by one,
/// and real documents have a dozen.
const MAX_OWN: usize = 256;
const MAX_BINDINGS: usize = 4096;

/// Elements inside each other that are nothing unusual.
pub const USUAL_DEPTH: usize = 16;

/// A prefix, empty for the default namespace, and its namespace.
pub type Binding = (Arc<str>, Arc<str>);

/// Bindings, innermost last.
pub struct Scope {
    none: Arc<str>,
    bindings: Vec<Binding>,
    /// How many bindings there were before each open element.
    marks: Vec<usize>,
}

impl Scope {
    pub fn new() -> Self {
        Self {
            none: "".into(),
            bindings: vec![("xml".into(), XML.into())],
            marks: Vec::with_capacity(USUAL_DEPTH),
        }
    }

    pub fn depth(&self) -> usize {
        self.marks.len()
    }

    pub fn open(&mut self) {
        self.marks.push(self.bindings.len());
    }

    pub fn close(&mut self) {
        if let Some(mark) = self.marks.pop().filter(|mark| *mark < self.bindings.len()) {
            self.bindings.truncate(mark);
        }
    }

    /// Takes over the bindings that the same root element had before.
    pub fn adopt(&mut self, bindings: &[Binding]) {
        self.bindings.clear();
        self.bindings.extend_from_slice(bindings);
    }

    /// Binds a prefix (empty: the default namespace) in the element that was opened last.
    pub fn bind(&mut self, prefix: &str, uri: &str) -> Result<(), String> {
        let reason = match prefix {
            "xmlns" => "the prefix xmlns cannot be declared",
            "xml" if uri != XML => "the prefix xml cannot be bound to another namespace",
            _ if prefix != "xml" && (uri == XML || uri == XMLNS) => "a reserved namespace cannot be bound",
            _ if self.own().iter().any(|(have, _)| &**have == prefix) => {
                "a prefix is declared twice in one tag"
            }
            _ if self.own().len() == MAX_OWN || self.bindings.len() == MAX_BINDINGS => "too many prefixes",
            _ if uri.is_empty() && !prefix.is_empty() => "a prefix cannot be bound to no namespace",
            _ => {
                self.bindings.push((prefix.into(), uri.into()));
                return Ok(());
            }
        };
        Err(reason.to_owned())
    }

    /// The namespace of a prefix; without a prefix the default one.
    pub fn find(&self, prefix: &str) -> Option<&Arc<str>> {
        self.binding(prefix).map(|(_, uri)| uri)
    }

    /// A prefix, shared, and its namespace.
    pub fn binding(&self, prefix: &str) -> Option<(&Arc<str>, &Arc<str>)> {
        let bound = self.bindings.iter().rev().find(|(have, _)| &**have == prefix);
        let bound = bound.map(|(prefix, uri)| (prefix, uri));
        bound.or_else(|| prefix.is_empty().then_some(self.none()))
    }

    /// No prefix and no namespace.
    pub fn none(&self) -> (&Arc<str>, &Arc<str>) {
        (&self.none, &self.none)
    }

    /// A prefix that means a namespace here; the empty one only where `default` allows it.
    pub fn prefix_of(&self, uri: &str, default: bool) -> Option<&Arc<str>> {
        let bound = self.bindings.iter().rev().filter(|(prefix, have)| {
            &**have == uri
                && (default || !prefix.is_empty())
                && self.find(prefix).is_some_and(|now| now == have)
        });
        bound.map(|(prefix, _)| prefix).next()
    }

    /// All bindings, as prefix and uri, innermost last.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The bindings of the element that was opened last, as prefix and uri.
    pub fn own(&self) -> &[Binding] {
        let mark = self.marks.last().copied().unwrap_or_default();
        self.bindings.get(mark..).unwrap_or_default()
    }
}
