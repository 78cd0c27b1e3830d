//! The string table of values (7.3.3): one partition for all, one for each name.

use std::collections::HashMap;
use std::sync::Arc;

use super::settings::Settings;
use crate::names::QRef;

/// Where a value that is found stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Identifier in the partition of the name, entries there.
    Local(u32, usize),
    /// Identifier in the partition of all values, entries there.
    Global(u32, usize),
}

/// One value of the global partition.
#[derive(Clone, Debug)]
struct Entry {
    text: Arc<str>,
    name: QRef,
    local: u32,
}

/// The value partitions of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    capacity: u32,
    max_length: u64,
    local_partitions: bool,
    /// Whether values are looked up by text, which only an encoder does.
    searched: bool,
    global: Vec<Entry>,
    next: u32,
    /// By name: for each identifier the place in `global`, None where it is unassigned for ever.
    locals: HashMap<QRef, Vec<Option<u32>>>,
    ids: HashMap<Arc<str>, u32>,
}

impl Values {
    pub fn new(settings: &Settings, searched: bool) -> Self {
        Self {
            capacity: settings.value_capacity.unwrap_or(u32::MAX),
            max_length: settings.value_max_length.map_or(u64::MAX, u64::from),
            local_partitions: settings.local_partitions(),
            searched,
            global: Vec::new(),
            next: 0,
            locals: HashMap::new(),
            ids: HashMap::new(),
        }
    }

    pub fn global_count(&self) -> usize {
        self.global.len()
    }

    pub fn local_count(&self, name: QRef) -> usize {
        self.locals.get(&name).map_or(0, Vec::len)
    }

    pub fn global(&self, id: u64) -> Option<Arc<str>> {
        self.global.get(usize::try_from(id).ok()?).map(|entry| entry.text.clone())
    }

    pub fn local(&self, name: QRef, id: u64) -> Option<Arc<str>> {
        let place = (*self.locals.get(&name)?.get(usize::try_from(id).ok()?)?)?;
        self.global(u64::from(place))
    }

    /// Whether values can be found at all.
    pub fn is_used(&self) -> bool {
        self.capacity > 0
    }

    /// The compact identifier of a value; a local one before a global one.
    pub fn find(&self, name: QRef, text: &str) -> Option<Found> {
        let place = *self.ids.get(text)?;
        let entry = self.global.get(place as usize)?;
        if self.local_partitions && entry.name == name {
            return Some(Found::Local(entry.local, self.local_count(name)));
        }
        Some(Found::Global(place, self.global.len()))
    }

    /// Notes a value that was not found, of so many characters.
    pub fn add(&mut self, name: QRef, text: &Arc<str>, chars: u64) {
        if self.capacity == 0 || chars == 0 || chars > self.max_length {
            return;
        }
        let place = self.next;
        let mut local = 0;
        if self.local_partitions {
            let partition = self.locals.entry(name).or_default();
            local = partition.len() as u32;
            partition.push(Some(place));
        }
        let entry = Entry { text: text.clone(), name, local };
        if self.searched {
            self.ids.insert(text.clone(), place);
        }
        match self.global.get_mut(place as usize) {
            Some(old) => {
                let old = std::mem::replace(old, entry);
                self.drop_entry(&old, place);
            }
            None => self.global.push(entry),
        }
        self.next += 1;
        if self.next == self.capacity {
            self.next = 0;
        }
    }

    fn drop_entry(&mut self, old: &Entry, place: u32) {
        // A decoder may see one text twice; the identifier goes only where it still means this place.
        if self.searched && self.ids.get(&old.text) == Some(&place) {
            let same = self.global.get(place as usize).is_some_and(|entry| entry.text == old.text);
            if !same {
                self.ids.remove(&old.text);
            }
        }
        if !self.local_partitions {
            return;
        }
        if let Some(slot) = self.locals.get_mut(&old.name).and_then(|ids| ids.get_mut(old.local as usize)) {
            *slot = None;
        }
    }
}
