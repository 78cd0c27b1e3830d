//! Objects to streams: each state asks which of its productions has a value waiting.

use exi_core::tables::{Grammar, Kind, Production, State, Tables, COUNTERS, NO_SLOT};
use exi_core::{Error, ErrorKind, Output, QRef, Result};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::any;
use crate::binding::{Binding, Record};
use crate::convert::{from_python, str_of};

/// Writes objects into an [`Output`].
pub struct Writer<'g, 'py> {
    pub py: Python<'py>,
    pub tables: &'g Tables,
    pub binding: &'g Binding,
    pub out: Output<'g>,
}

/// How far an object has been written.
struct Progress {
    /// Fields of one value that are written, by slot.
    done: Vec<bool>,
    /// Items of tuple fields that are written, by slot.
    items: Vec<u32>,
}

type Object = *mut ffi::PyObject;

impl<'g> Writer<'g, '_> {
    /// The content of an element that a production begins, to its end.
    #[inline]
    pub fn child(&mut self, production: &Production, item: Object, depth: u32) -> Result<()> {
        match production.kind {
            Kind::Leaf => self.leaf(production, item),
            Kind::Se => {
                let grammar = &self.tables.grammars[production.target as usize];
                self.element(grammar, production.name, item, depth)
            }
            _ => self.any(production, item, depth),
        }
        .map_err(|error| self.inside(error, production))
    }

    #[cold]
    fn inside(&self, error: Error, production: &Production) -> Error {
        match production.kind {
            Kind::Leaf | Kind::Se | Kind::At => error.within(self.tables.names.local(production.name)),
            _ => error,
        }
    }

    #[inline(always)]
    fn leaf(&mut self, production: &Production, item: Object) -> Result<()> {
        let tables = self.tables;
        let codec = &tables.codecs[production.target as usize];
        if !tables.strict {
            self.out.writer.bits(0, 1);
        }
        self.value(codec, production.name, item)?;
        if !tables.strict {
            self.out.writer.bits(0, 1);
        }
        Ok(())
    }

    #[inline(always)]
    fn value(&mut self, codec: &exi_core::tables::Codec, name: QRef, item: Object) -> Result<()> {
        // SAFETY: the object is held by the message that the caller of `encode` holds.
        match unsafe { from_python(self.py, self.tables, self.binding, codec, item) } {
            Some(value) => self.out.value(codec, name, &value),
            None => Err(self.wrong_value(codec, item)),
        }
    }

    #[cold]
    fn wrong_value(&self, codec: &exi_core::tables::Codec, item: Object) -> Error {
        // SAFETY: a live object, see `value`.
        let item = unsafe { Bound::from_borrowed_ptr(self.py, item) };
        let kind = item.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        Error::new(ErrorKind::Content, format!("a {kind} is no value of type {:?}", codec.primitive))
    }

    fn any(&mut self, production: &Production, item: Object, depth: u32) -> Result<()> {
        // SAFETY: a live object, see `value`.
        let item = unsafe { Bound::from_borrowed_ptr(self.py, item) };
        let mut events = Vec::new();
        any::events(&item, depth, &mut events)?;
        self.out.any_element(production, &events)
    }

    /// The content of an element of a grammar, to its end.
    pub fn element(&mut self, grammar: &Grammar, name: QRef, object: Object, depth: u32) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        };
        let record = self.record(grammar, object)?;
        let mut progress = Progress { done: vec![false; record.len()], items: vec![0; record.len()] };
        let mut counters = [0u32; COUNTERS];
        let mut at = grammar.start;
        loop {
            let state = &self.tables.states[at as usize];
            let Some((code, production, item)) = self.next(state, grammar, record, object, &mut progress)
            else {
                return Err(self.incomplete(state));
            };
            self.out.writer.bits(code as u64, u32::from(state.width));
            match production.kind {
                Kind::Ee => return self.complete(record, object, &progress),
                Kind::Ch => self.value(&self.tables.codecs[production.target as usize], name, item)?,
                Kind::ChUntyped => {
                    self.value(&self.tables.codecs[self.tables.untyped as usize], name, item)?;
                }
                Kind::At => {
                    let result =
                        self.value(&self.tables.codecs[production.target as usize], production.name, item);
                    result.map_err(|error| self.inside(error, production))?;
                }
                _ => self.child(production, item, depth)?,
            }
            at = production.follow(&mut counters);
        }
    }

    fn record(&self, grammar: &Grammar, object: Object) -> Result<&'g Record> {
        let expected = match grammar.type_ref {
            Some(exi_core::schema::TypeRef::Complex(index)) => self.binding.records.get(index),
            _ => None,
        };
        match expected {
            Some(Some(record)) if record.is_class_of(object) => Ok(record),
            Some(Some(record)) => Err(self.wrong_class(record, object)),
            _ => Err(Error::new(ErrorKind::Content, "a type without a class")),
        }
    }

    #[cold]
    fn wrong_class(&self, record: &Record, object: Object) -> Error {
        // SAFETY: a live object, see `value`.
        let object = unsafe { Bound::from_borrowed_ptr(self.py, object) };
        let name = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        Error::new(ErrorKind::Content, format!("expected {}, got {name}", record.name()))
    }

    /// The first production of the state for which the object has a value waiting.
    #[inline(always)]
    fn next(
        &self,
        state: &'g State,
        grammar: &Grammar,
        record: &Record,
        object: Object,
        progress: &mut Progress,
    ) -> Option<(usize, &'g Production, Object)> {
        let mut end = None;
        for (code, production) in self.tables.productions_of(state).iter().enumerate() {
            let slot = match production.kind {
                Kind::Ee => {
                    end = Some((code, production, std::ptr::null_mut()));
                    continue;
                }
                Kind::Ch | Kind::ChUntyped => grammar.text_slot,
                _ => production.slot,
            };
            if slot == NO_SLOT {
                continue;
            }
            let repeated = production.repeated || production.kind == Kind::ChUntyped;
            // SAFETY: the object is of the record's class, and the slot was checked by `Binding`.
            let held = unsafe { record.get(object, usize::from(slot)) };
            if held.is_null() || held == self.none() {
                continue;
            }
            if let Some(item) = self.waiting(production, usize::from(slot), repeated, held, progress) {
                return Some((code, production, item));
            }
        }
        end
    }

    #[inline(always)]
    fn none(&self) -> Object {
        // SAFETY: the address of a singleton.
        unsafe { ffi::Py_None() }
    }

    /// The item of a field that this production can write now; notes that it is written.
    #[inline(always)]
    fn waiting(
        &self,
        production: &Production,
        slot: usize,
        repeated: bool,
        held: Object,
        progress: &mut Progress,
    ) -> Option<Object> {
        if !repeated {
            let item = if progress.done[slot] { return None } else { self.matching(production, held)? };
            progress.done[slot] = true;
            return Some(item);
        }
        let index = progress.items[slot];
        // SAFETY: `held` is live; tuples keep their items alive.
        let item = unsafe {
            if ffi::PyTuple_Check(held) == 0 || index as ffi::Py_ssize_t >= ffi::PyTuple_Size(held) {
                return None;
            }
            ffi::PyTuple_GetItem(held, index as ffi::Py_ssize_t)
        };
        let item = self.matching(production, item)?;
        progress.items[slot] = index + 1;
        Some(item)
    }

    /// The value that a production writes for an item of its field, if it is the right one.
    #[inline(always)]
    fn matching(&self, production: &Production, item: Object) -> Option<Object> {
        match production.kind {
            Kind::Leaf if !production.wrapped => Some(item),
            Kind::Leaf => match self.binding.wrapper(production.part) {
                // SAFETY: a wrapper has one field; an empty slot is no value.
                Some(wrapper) => {
                    let value = wrapper.is_class_of(item).then(|| unsafe { wrapper.get(item, 0) })?;
                    (!value.is_null()).then_some(value)
                }
                None => Some(item),
            },
            Kind::Se => {
                let grammar = &self.tables.grammars[production.target as usize];
                let Some(exi_core::schema::TypeRef::Complex(index)) = grammar.type_ref else {
                    return Some(item);
                };
                let record = self.binding.records.get(index)?.as_ref()?;
                record.is_class_of(item).then_some(item)
            }
            Kind::SeAny | Kind::SeUri => {
                let any = self.binding.any_element.as_ref()?;
                // SAFETY: a live object.
                (unsafe { ffi::Py_TYPE(item).cast() } == any.as_ptr()).then_some(item)
            }
            // SAFETY: a live object.
            Kind::ChUntyped => unsafe { str_of(item) }.map(|_| item),
            _ => Some(item),
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
    fn complete(&self, record: &Record, object: Object, progress: &Progress) -> Result<()> {
        for slot in 0..record.len() {
            // SAFETY: the object is of the record's class.
            let held = unsafe { record.get(object, slot) };
            if progress.done[slot] || held.is_null() || held == self.none() {
                continue;
            }
            // SAFETY: a live object.
            let rest = unsafe {
                match ffi::PyTuple_Check(held) {
                    0 => 1,
                    _ => ffi::PyTuple_Size(held) - progress.items[slot] as ffi::Py_ssize_t,
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
        let field = record.field(slot);
        Error::new(
            ErrorKind::Content,
            format!("{}.{field} does not fit beside the other fields", record.name()),
        )
    }
}
