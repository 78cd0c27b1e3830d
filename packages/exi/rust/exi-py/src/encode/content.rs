//! The content of an element: the usual way as far as it goes, then production by production.

use exi_core::tables::{Kind, Production, State, Tables, COUNTERS, LONG, NO_SLOT};
use exi_core::{Error, ErrorKind, Result};
use pyo3::ffi;

use super::next::Progress;
use super::route::Step;
use super::{Object, Writer};
use crate::record::Record;
use crate::route::Entry;

impl<'g> Writer<'g, '_> {
    /// The content of an element whose object is of the class of a record.
    pub(super) fn content(
        &mut self,
        entry: &Entry,
        record: &Record,
        object: Object,
        depth: u32,
    ) -> Result<()> {
        let mut done = 0;
        match self.travel(entry.start, object, &mut done, depth)? {
            Step::End if done == record.slots() => Ok(()),
            Step::End => self.complete(record, object, &mut Progress::after(done)),
            Step::To(at) => self.long_way(entry, at, record, object, Progress::after(done), depth),
        }
    }

    /// The content of an element from a state on, production by production.
    fn long_way(
        &mut self,
        entry: &Entry,
        mut at: u32,
        record: &Record,
        object: Object,
        mut progress: Progress,
        depth: u32,
    ) -> Result<()> {
        let tables: &'g Tables = self.tables;
        let grammar = &tables.grammars[entry.grammar as usize];
        let mut counters = [0u32; COUNTERS];
        loop {
            let state = &tables.states[at as usize];
            let Some((code, production, item)) = self.next(at, state, grammar, record, object, &mut progress)
            else {
                return Err(self.incomplete(state));
            };
            let width = u32::from(state.width);
            if production.speed <= LONG {
                let result = self.leaf(production, item, code as u64, width);
                result.map_err(|error| self.inside(error, production))?;
            } else {
                self.out.writer.bits(code as u64, width);
                match production.kind {
                    Kind::Se | Kind::SeAny | Kind::SeUri => self.child(production, item, depth)?,
                    Kind::Ee => return self.complete(record, object, &mut progress),
                    _ => self.other(production, entry.name, item)?,
                }
            }
            match self.travel(production.follow(&mut counters), object, &mut progress.done, depth)? {
                Step::To(next) => at = next,
                Step::End => return self.complete(record, object, &mut progress),
            }
        }
    }

    #[cold]
    fn incomplete(&self, state: &State) -> Error {
        let names =
            self.tables.productions_of(state).iter().filter(|p| p.slot != NO_SLOT || p.kind == Kind::Ch);
        let name = |production: &Production| match production.kind {
            Kind::Ch => "text",
            _ => self.tables.names.local(production.name),
        };
        let names: Vec<&str> = names.take(8).map(name).collect();
        Error::new(ErrorKind::Content, format!("missing or of the wrong class: {}", names.join(" or ")))
    }

    /// Every field must be written, or absent: what is left over has no place in the schema.
    #[inline]
    fn complete(&self, record: &Record, object: Object, progress: &mut Progress) -> Result<()> {
        let mut left = record.slots() & !progress.done;
        while left != 0 {
            let slot = left.trailing_zeros() as usize;
            left &= left - 1;
            // SAFETY: the object is of the record's class.
            let held = unsafe { record.get(object, slot) };
            if held.is_null() || held == self.none() {
                continue;
            }
            // SAFETY: a live object.
            let rest = unsafe {
                match ffi::PyTuple_Check(held) {
                    0 => 1,
                    _ => ffi::PyTuple_Size(held) - progress.index_of(slot) as ffi::Py_ssize_t,
                }
            };
            if rest > 0 {
                return Err(self.surplus(record, slot));
            }
        }
        Ok(())
    }

    #[cold]
    fn surplus(&self, record: &Record, slot: usize) -> Error {
        let field = record.field(self.py, slot);
        Error::new(
            ErrorKind::Content,
            format!("{}.{field} does not fit beside the other fields", record.name()),
        )
    }
}
