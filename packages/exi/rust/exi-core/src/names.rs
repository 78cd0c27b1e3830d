//! String tables: qualified names (7.3.2, 7.3.3) and values (7.3.3).

use std::collections::HashMap;

use crate::bits::BitReader;
use crate::error::{Error, ErrorKind, Result};
use crate::tables::{width_of, NameTable};
use crate::value::{read_chars, Text};
use crate::writer::BitWriter;

/// A qualified name by its compact identifiers in the string table of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct QRef {
    /// Index in the uri partition.
    pub uri: u32,
    /// Index in the local-name partition of that uri.
    pub local: u32,
}

/// xsi:type in the initial string table (D.1, D.3).
pub(crate) const XSI_TYPE: QRef = QRef { uri: 2, local: 1 };

/// What few streams need, made when one does: making and dropping a few hash tables takes as long as
/// reading some elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Later<T>(Option<Box<T>>);

impl<T: Default> Later<T> {
    /// What has been made.
    pub fn made(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// What has been made, or is now.
    pub fn make(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }

    /// Forgets what has been made.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

/// The name partitions of one stream: the initial table and what the stream added.
pub struct Names<'t> {
    base: &'t NameTable,
    uris: Vec<String>,
    locals: Later<HashMap<u32, Vec<String>>>,
}

impl<'t> Names<'t> {
    pub(crate) fn new(base: &'t NameTable) -> Self {
        Self { base, uris: Vec::new(), locals: Later::default() }
    }

    fn uri_count(&self) -> usize {
        self.base.uris.len() + self.uris.len()
    }

    fn base_locals(&self, uri: u32) -> &'t [String] {
        self.base.locals.get(uri as usize).map_or(&[], Vec::as_slice)
    }

    fn added(&self, uri: u32) -> &[String] {
        self.locals.made().and_then(|locals| locals.get(&uri)).map_or(&[], Vec::as_slice)
    }

    fn local_count(&self, uri: u32) -> usize {
        self.base_locals(uri).len() + self.added(uri).len()
    }

    /// A uri by its compact identifier.
    pub fn uri(&self, id: u32) -> &str {
        let id = id as usize;
        let added = || self.uris.get(id - self.base.uris.len());
        self.base.uris.get(id).or_else(added).map_or("", String::as_str)
    }

    /// The local part of a name.
    pub fn local(&self, name: QRef) -> &str {
        let base = self.base_locals(name.uri);
        let id = name.local as usize;
        let added = || self.added(name.uri).get(id - base.len());
        base.get(id).or_else(added).map_or("", String::as_str)
    }

    pub(crate) fn read_qname(&mut self, reader: &mut BitReader<'_>) -> Result<QRef> {
        let at = reader.position();
        let id = reader.bits(width_of(self.uri_count() + 1))?;
        if id as usize > self.uri_count() {
            return Err(Error::at(ErrorKind::Invalid, at, format!("no uri {id} in the string table")));
        }
        let uri = match id {
            0 => self.read_uri(reader)?,
            id => (id - 1) as u32,
        };
        self.read_local(reader, uri)
    }

    fn read_uri(&mut self, reader: &mut BitReader<'_>) -> Result<u32> {
        let chars = reader.unsigned()?;
        let text = read_chars(reader, chars, &[])?.into_string();
        self.uris.push(text);
        Ok((self.uri_count() - 1) as u32)
    }

    pub(crate) fn read_local(&mut self, reader: &mut BitReader<'_>, uri: u32) -> Result<QRef> {
        let at = reader.position();
        let length = reader.unsigned()?;
        let count = self.local_count(uri);
        let local = if length == 0 {
            let id = reader.bits(width_of(count))?;
            if id as usize >= count {
                let reason = format!("no local name {id} for uri {:?}", self.uri(uri));
                return Err(Error::at(ErrorKind::Invalid, at, reason));
            }
            id as u32
        } else {
            let text = read_chars(reader, length - 1, &[])?.into_string();
            self.locals.make().entry(uri).or_default().push(text);
            count as u32
        };
        Ok(QRef { uri, local })
    }

    /// The identifiers of a name that the table already has.
    pub(crate) fn find(&self, uri: &str, local: &str) -> Option<QRef> {
        let uri = self.find_uri(uri)?;
        Some(QRef { uri, local: self.find_local(uri, local)? })
    }

    pub(crate) fn find_uri(&self, uri: &str) -> Option<u32> {
        let added = || self.uris.iter().position(|have| have == uri).map(|at| at + self.base.uris.len());
        self.base.find_uri(uri).or_else(|| added().map(|at| at as u32))
    }

    fn find_local(&self, uri: u32, local: &str) -> Option<u32> {
        let base = self.base_locals(uri);
        let added = || self.added(uri).iter().position(|have| have == local).map(|at| at + base.len());
        let found = base.binary_search_by(|have| have.as_str().cmp(local)).ok();
        found.or_else(added).map(|at| at as u32)
    }

    pub(crate) fn write_qname(&mut self, writer: &mut BitWriter, uri: &str, local: &str) -> QRef {
        let width = width_of(self.uri_count() + 1);
        let id = match self.find_uri(uri) {
            Some(id) => {
                writer.bits(u64::from(id) + 1, width);
                id
            }
            None => {
                writer.bits(0, width);
                write_literal(writer, uri, 0);
                self.uris.push(uri.to_owned());
                (self.uri_count() - 1) as u32
            }
        };
        self.write_local(writer, id, local)
    }

    pub(crate) fn write_local(&mut self, writer: &mut BitWriter, uri: u32, local: &str) -> QRef {
        let count = self.local_count(uri);
        if let Some(id) = self.find_local(uri, local) {
            writer.unsigned(0);
            writer.bits(u64::from(id), width_of(count));
            return QRef { uri, local: id };
        }
        write_literal(writer, local, 1);
        self.locals.make().entry(uri).or_default().push(local.to_owned());
        QRef { uri, local: count as u32 }
    }
}

/// Appends a string whose length is raised by `offset`.
pub(crate) fn write_literal(writer: &mut BitWriter, text: &str, offset: u64) {
    if text.is_ascii() {
        writer.unsigned(text.len() as u64 + offset);
        writer.bytes(text.as_bytes());
        return;
    }
    writer.unsigned(text.chars().count() as u64 + offset);
    for char in text.chars() {
        writer.unsigned(u64::from(u32::from(char)));
    }
}

/// The value partitions of one stream while reading. A value is remembered by its place only:
/// a stream that never refers back costs nothing but a note per string.
pub struct Strings {
    capacity: Option<u32>,
    max_length: Option<u32>,
    log: Vec<Noted>,
    local: Later<HashMap<QRef, Vec<u32>>>,
    indexed: usize,
}

#[derive(Clone, Copy)]
struct Noted {
    name: QRef,
    position: usize,
    chars: u64,
    codec: u32,
}

impl Strings {
    /// Empty partitions: `capacity` is valuePartitionCapacity, `max_length` valueMaxLength.
    pub fn new(capacity: Option<u32>, max_length: Option<u32>) -> Self {
        Self { capacity, max_length, log: Vec::new(), local: Later::default(), indexed: 0 }
    }

    #[inline]
    pub(crate) fn note(&mut self, name: QRef, position: usize, chars: u64, codec: u32) {
        let kept = self.max_length.is_none_or(|max| chars <= u64::from(max));
        if chars > 0 && kept && self.capacity != Some(0) {
            self.log.push(Noted { name, position, chars, codec });
        }
    }

    /// How many strings are noted, for [`Self::forget`].
    pub(crate) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back what was noted since `mark`.
    #[cold]
    pub(crate) fn forget(&mut self, mark: usize) {
        self.log.truncate(mark);
        if self.indexed > mark {
            self.local.clear();
            self.indexed = 0;
        }
    }

    #[cold]
    pub(crate) fn global_hit<'d, 'c>(
        &self,
        reader: &mut BitReader<'d>,
        charset: impl Fn(u32) -> &'c [char],
    ) -> Result<Text<'d>> {
        let at = reader.position();
        let len = self.log.len();
        let capacity = self.capacity.map_or(len, |capacity| capacity as usize).min(len);
        let id = reader.bits(width_of(capacity))? as usize;
        if id >= capacity {
            return Err(Error::at(ErrorKind::Invalid, at, format!("no string {id} in the global partition")));
        }
        let newest = len - len % capacity;
        let index = if newest + id < len { newest + id } else { newest - capacity + id };
        self.recall(reader, index, charset)
    }

    #[cold]
    pub(crate) fn local_hit<'d, 'c>(
        &mut self,
        reader: &mut BitReader<'d>,
        name: QRef,
        charset: impl Fn(u32) -> &'c [char],
    ) -> Result<Text<'d>> {
        for (index, noted) in self.log.iter().enumerate().skip(self.indexed) {
            self.local.make().entry(noted.name).or_default().push(index as u32);
        }
        self.indexed = self.log.len();
        let at = reader.position();
        let known = self.local.made().and_then(|local| local.get(&name)).map_or(&[][..], Vec::as_slice);
        let id = reader.bits(width_of(known.len()))? as usize;
        let oldest = self.capacity.map_or(0, |capacity| self.log.len().saturating_sub(capacity as usize));
        let index = known.get(id).map(|index| *index as usize).filter(|index| *index >= oldest);
        let missing = || Error::at(ErrorKind::Invalid, at, format!("no string {id} in the local partition"));
        self.recall(reader, index.ok_or_else(missing)?, charset)
    }

    fn recall<'d, 'c>(
        &self,
        reader: &BitReader<'d>,
        index: usize,
        charset: impl Fn(u32) -> &'c [char],
    ) -> Result<Text<'d>> {
        let noted = self.log.get(index).ok_or_else(|| Error::new(ErrorKind::Invalid, "no such string"))?;
        let mut again = reader.clone();
        again.rewind(noted.position);
        read_chars(&mut again, noted.chars, charset(noted.codec))
    }
}

/// The value partitions of one stream while writing.
pub(crate) struct WrittenStrings {
    capacity: Option<u32>,
    max_length: Option<u32>,
    next: u32,
    total: u32,
    global: Later<HashMap<String, (u32, QRef, u32)>>,
    slots: Vec<String>,
    local_counts: Later<HashMap<QRef, u32>>,
}

impl WrittenStrings {
    pub fn new(capacity: Option<u32>, max_length: Option<u32>) -> Self {
        Self {
            capacity,
            max_length,
            next: 0,
            total: 0,
            global: Later::default(),
            slots: Vec::new(),
            local_counts: Later::default(),
        }
    }

    /// Writes a compact identifier where the string has one; otherwise notes it.
    pub fn write_hit(&mut self, writer: &mut BitWriter, name: QRef, text: &str) -> bool {
        if self.capacity == Some(0) {
            return false;
        }
        if let Some((id, local_name, local_id)) =
            self.global.made().and_then(|global| global.get(text)).copied()
        {
            if local_name == name {
                writer.unsigned(0);
                let count = self.local_counts.made().and_then(|counts| counts.get(&name)).copied();
                writer.bits(u64::from(local_id), width_of(count.unwrap_or_default() as usize));
            } else {
                writer.unsigned(1);
                writer.bits(u64::from(id), width_of(self.total as usize));
            }
            return true;
        }
        self.note(name, text);
        false
    }

    fn note(&mut self, name: QRef, text: &str) {
        let chars = text.chars().count();
        if chars == 0 || self.max_length.is_some_and(|max| chars > max as usize) {
            return;
        }
        let local = self.local_counts.make().entry(name).or_default();
        let (id, local_id) = (self.next, *local);
        *local += 1;
        match self.slots.get_mut(id as usize) {
            Some(old) => {
                self.global.make().remove(old.as_str());
                text.clone_into(old);
            }
            None => self.slots.push(text.to_owned()),
        }
        self.global.make().insert(text.to_owned(), (id, name, local_id));
        self.total = self.slots.len() as u32;
        self.next += 1;
        if Some(self.next) == self.capacity {
            self.next = 0;
        }
    }
}
