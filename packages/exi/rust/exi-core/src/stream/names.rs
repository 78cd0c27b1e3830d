//! The string table of names while a stream goes by: uris, local names and prefixes (7.3.1, 7.3.2).

use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use super::item::Name;
use crate::names::QRef;
use crate::quick::Quick;
use crate::tables::NameTable;

pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(crate) use crate::built_in_types::XSD;

/// Table D-2: the prefixes of the uris 0 to 2.
const PREFIXES: [&str; 3] = ["", "xml", "xsi"];

/// xsi:nil and xsi:type have the same identifiers in every stream (tables D-1 and D-4).
pub(crate) const XSI_NIL: QRef = QRef { uri: 2, local: 0 };
pub(crate) const XSI_TYPE: QRef = QRef { uri: 2, local: 1 };

/// Strings with compact identifiers, both ways. What a stream adds is hashed with a secret, so that
/// nobody can choose strings that collide; `S` is another hash for strings that are known beforehand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partition<S = RandomState> {
    texts: Vec<Arc<str>>,
    ids: HashMap<Arc<str>, u32, S>,
}

type Known = Partition<BuildHasherDefault<Quick>>;

impl<S: BuildHasher + Default> Partition<S> {
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
#[derive(Debug)]
pub(crate) struct Initial {
    uris: Known,
    locals: Vec<Known>,
    /// The prefixes of the first uris.
    prefixes: [Arc<str>; PREFIXES.len()],
}

impl Initial {
    /// Those that a schema brings.
    pub fn informed(names: &NameTable) -> Self {
        let locals = names.locals.iter().map(|locals| Known::of(locals.iter().map(String::as_str)));
        let uris = Known::of(names.uris.iter().map(String::as_str));
        Self { uris, locals: locals.collect(), prefixes: PREFIXES.map(Arc::from) }
    }

    /// Those without a schema.
    pub fn schema_less() -> Self {
        let locals =
            [Known::default(), Known::of(["base", "id", "lang", "space"]), Known::of(["nil", "type"])];
        Self { uris: Known::of(["", XML, XSI]), locals: locals.into(), prefixes: PREFIXES.map(Arc::from) }
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
    /// Uris that were found, by where they are in memory, which they keep while they are here.
    recent: Vec<(Arc<str>, u32)>,
}

/// Uris that are looked through by their place alone.
const RECENT: usize = 8;

impl Names {
    pub fn new(initial: Arc<Initial>) -> Self {
        let empty = initial.prefixes[0].clone();
        Self {
            initial,
            uris: Partition::default(),
            locals: HashMap::new(),
            prefixes: HashMap::new(),
            empty,
            recent: Vec::new(),
        }
    }

    pub fn initial(&self) -> &Arc<Initial> {
        &self.initial
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

    /// The same for a name that shares its uri with others.
    pub fn find_name(&mut self, name: &Name) -> Option<QRef> {
        self.find_shared(&name.uri, &name.local)
    }

    /// The same by its parts.
    pub fn find_shared(&mut self, uri: &Arc<str>, local: &str) -> Option<QRef> {
        let recent = self.recent.iter().find(|(have, _)| Arc::ptr_eq(have, uri));
        let uri = match recent {
            Some((_, id)) => *id,
            None => self.find_new_uri(uri)?,
        };
        Some(QRef { uri, local: self.find_local(uri, local)? })
    }

    fn find_new_uri(&mut self, uri: &Arc<str>) -> Option<u32> {
        let id = self.find_uri(uri)?;
        if self.recent.len() == RECENT {
            self.recent.clear();
        }
        self.recent.push((uri.clone(), id));
        Some(id)
    }

    pub fn add_uri(&mut self, uri: Arc<str>) -> u32 {
        self.initial.uris.texts.len() as u32 + self.uris.add(uri)
    }

    pub fn add_local(&mut self, uri: u32, local: Arc<str>) -> QRef {
        let known = self.initial_locals(uri).len() as u32;
        QRef { uri, local: known + self.locals.entry(uri).or_default().add(local) }
    }

    pub fn prefix_count(&self, uri: u32) -> usize {
        let known = usize::from(self.initial_prefix(uri).is_some());
        known + self.prefixes.get(&uri).map_or(0, |prefixes| prefixes.texts.len())
    }

    pub fn prefix(&self, uri: u32, id: u64) -> Option<&Arc<str>> {
        let mut id = usize::try_from(id).ok()?;
        if let Some(known) = self.initial_prefix(uri) {
            let Some(after) = id.checked_sub(1) else { return Some(known) };
            id = after;
        }
        self.prefixes.get(&uri)?.texts.get(id)
    }

    pub fn find_prefix(&self, uri: u32, prefix: &str) -> Option<u32> {
        let known = self.initial_prefix(uri);
        if known.is_some_and(|known| &**known == prefix) {
            return Some(0);
        }
        Some(u32::from(known.is_some()) + self.prefixes.get(&uri)?.find(prefix)?)
    }

    pub fn add_prefix(&mut self, uri: u32, prefix: Arc<str>) {
        self.prefixes.entry(uri).or_default().add(prefix);
    }

    fn initial_prefix(&self, uri: u32) -> Option<&Arc<str>> {
        self.initial.prefixes.get(uri as usize)
    }
}
