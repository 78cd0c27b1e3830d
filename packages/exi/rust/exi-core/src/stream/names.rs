//! The string table of names while a stream goes by: uris, local names and prefixes (7.3.1, 7.3.2).

use std::collections::HashMap;
use std::sync::Arc;

use super::item::Name;
use crate::names::QRef;
use crate::tables::NameTable;

pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(crate) const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// xsi:nil and xsi:type have the same identifiers in every stream (tables D-1 and D-4).
pub(crate) const XSI_NIL: QRef = QRef { uri: 2, local: 0 };
pub(crate) const XSI_TYPE: QRef = QRef { uri: 2, local: 1 };

/// Strings with compact identifiers, both ways.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partition {
    texts: Vec<Arc<str>>,
    ids: HashMap<Arc<str>, u32>,
}

impl Partition {
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut partition = Self::default();
        for text in texts {
            partition.add(text.into());
        }
        partition
    }

    fn add(&mut self, text: Arc<str>) -> u32 {
        let id = self.texts.len() as u32;
        // A stream may add what is there already; the first one stays the one to refer to.
        self.ids.entry(text.clone()).or_insert(id);
        self.texts.push(text);
        id
    }

    fn find(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }
}

/// The partitions before the first event, shared by all streams of one schema.
#[derive(Debug, Default)]
pub(crate) struct Initial {
    uris: Partition,
    locals: Vec<Partition>,
}

impl Initial {
    /// Those that a schema brings.
    pub fn informed(names: &NameTable) -> Self {
        let locals = names.locals.iter().map(|locals| Partition::of(locals.iter().map(String::as_str)));
        Self { uris: Partition::of(names.uris.iter().map(String::as_str)), locals: locals.collect() }
    }

    /// Those without a schema.
    pub fn schema_less() -> Self {
        let locals = [
            Partition::default(),
            Partition::of(["base", "id", "lang", "space"]),
            Partition::of(["nil", "type"]),
        ];
        Self { uris: Partition::of(["", XML, XSI]), locals: locals.into() }
    }
}

/// The partitions of names of one stream: those before it and what it added.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    initial: Arc<Initial>,
    uris: Partition,
    locals: HashMap<u32, Partition>,
    prefixes: HashMap<u32, Partition>,
    empty: Arc<str>,
}

impl Names {
    pub fn new(initial: Arc<Initial>) -> Self {
        let prefixes = [(0, ""), (1, "xml"), (2, "xsi")];
        let prefixes = prefixes.map(|(uri, prefix)| (uri, Partition::of([prefix])));
        Self {
            initial,
            uris: Partition::default(),
            locals: HashMap::new(),
            prefixes: prefixes.into(),
            empty: "".into(),
        }
    }

    pub fn uri_count(&self) -> usize {
        self.initial.uris.texts.len() + self.uris.texts.len()
    }

    fn initial_locals(&self, uri: u32) -> &[Arc<str>] {
        self.initial.locals.get(uri as usize).map_or(&[], |partition| &partition.texts)
    }

    pub fn local_count(&self, uri: u32) -> usize {
        self.initial_locals(uri).len() + self.locals.get(&uri).map_or(0, |added| added.texts.len())
    }

    pub fn uri(&self, id: u32) -> &Arc<str> {
        let known = &self.initial.uris.texts;
        let id = id as usize;
        known.get(id).or_else(|| self.uris.texts.get(id - known.len())).unwrap_or(&self.empty)
    }

    pub fn local(&self, name: QRef) -> &Arc<str> {
        let known = self.initial_locals(name.uri);
        let id = name.local as usize;
        let added = || self.locals.get(&name.uri)?.texts.get(id - known.len());
        known.get(id).or_else(added).unwrap_or(&self.empty)
    }

    pub fn name(&self, name: QRef) -> Name {
        Name { uri: self.uri(name.uri).clone(), local: self.local(name).clone() }
    }

    pub fn find_uri(&self, uri: &str) -> Option<u32> {
        let known = self.initial.uris.texts.len() as u32;
        self.initial.uris.find(uri).or_else(|| self.uris.find(uri).map(|id| known + id))
    }

    pub fn find_local(&self, uri: u32, local: &str) -> Option<u32> {
        let known = self.initial.locals.get(uri as usize);
        let added = || Some(self.initial_locals(uri).len() as u32 + self.locals.get(&uri)?.find(local)?);
        known.and_then(|known| known.find(local)).or_else(added)
    }

    pub fn find(&self, uri: &str, local: &str) -> Option<QRef> {
        let uri = self.find_uri(uri)?;
        Some(QRef { uri, local: self.find_local(uri, local)? })
    }

    pub fn add_uri(&mut self, uri: Arc<str>) -> u32 {
        self.initial.uris.texts.len() as u32 + self.uris.add(uri)
    }

    pub fn add_local(&mut self, uri: u32, local: Arc<str>) -> QRef {
        let known = self.initial_locals(uri).len() as u32;
        QRef { uri, local: known + self.locals.entry(uri).or_default().add(local) }
    }

    pub fn prefix_count(&self, uri: u32) -> usize {
        self.prefixes.get(&uri).map_or(0, |prefixes| prefixes.texts.len())
    }

    pub fn prefix(&self, uri: u32, id: u64) -> Option<&Arc<str>> {
        self.prefixes.get(&uri)?.texts.get(usize::try_from(id).ok()?)
    }

    pub fn find_prefix(&self, uri: u32, prefix: &str) -> Option<u32> {
        self.prefixes.get(&uri)?.find(prefix)
    }

    pub fn add_prefix(&mut self, uri: u32, prefix: Arc<str>) {
        self.prefixes.entry(uri).or_default().add(prefix);
    }
}
