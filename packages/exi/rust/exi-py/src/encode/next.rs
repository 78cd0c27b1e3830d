//! Which production of a state has a value waiting, and how far an object has been written.

use exi_core::tables::{Grammar, Kind, Production, State, NO_SLOT};
use pyo3::ffi;

use super::{held, Object, Writer};
use crate::convert::str_of;
use crate::record::Record;

/// How far an object has been written.
#[derive(Default)]
pub(super) struct Progress {
    /// A mask of the fields that are written.
    pub done: u64,
    /// The tuple field that is being written, and how many of its items are.
    slot: usize,
    index: u32,
    /// Other tuple fields that were left before their end.
    parked: Vec<(usize, u32)>,
}

impl Progress {
    /// When these fields are written, and no item of any other.
    pub fn after(done: u64) -> Self {
        Self { done, ..Self::default() }
    }

    /// Items of a tuple field that are written.
    #[inline(always)]
    pub fn index_of(&mut self, slot: usize) -> u32 {
        if self.slot != slot {
            self.switch(slot);
        }
        self.index
    }

    /// Notes that a field, or an item of it, is written.
    #[inline(always)]
    fn take(&mut self, slot: usize, repeated: bool) {
        if repeated {
            self.index += 1;
        } else {
            self.done |= 1 << slot;
        }
    }

    fn switch(&mut self, slot: usize) {
        if self.index > 0 {
            self.parked.push((self.slot, self.index));
        }
        let again = self.parked.iter().position(|(parked, _)| *parked == slot);
        self.index = again.map_or(0, |at| self.parked.swap_remove(at).1);
        self.slot = slot;
    }
}

impl<'g> Writer<'g, '_> {
    /// The first production of the state for which the object has a value waiting.
    #[inline(always)]
    pub(super) fn next(
        &self,
        at: u32,
        state: &'g State,
        grammar: &Grammar,
        record: &Record,
        object: Object,
        progress: &mut Progress,
    ) -> Option<(usize, &'g Production, Object)> {
        let productions = self.tables.productions_of(state);
        if self.binding.many(at) != NO_SLOT {
            if let Some(found) = self.by_class(at, productions, record, object, progress) {
                return Some(found);
            }
        }
        let mut end = None;
        for (code, production) in productions.iter().enumerate() {
            if production.offset != 0 {
                let held = self.direct(production, object, progress.done);
                if let Some(item) = held.and_then(|held| self.matching(production, held)) {
                    progress.done |= 1 << production.slot;
                    return Some((code, production, item));
                }
                continue;
            }
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

    /// As [`Self::next`], for a state that has many elements for one field.
    fn by_class(
        &self,
        at: u32,
        productions: &'g [Production],
        record: &Record,
        object: Object,
        progress: &mut Progress,
    ) -> Option<(usize, &'g Production, Object)> {
        let slot = usize::from(self.binding.many(at));
        // SAFETY: the object is of the record's class, and the slot was checked by `Binding`.
        let held = unsafe { record.get(object, slot) };
        if held.is_null() {
            return None;
        }
        let item = self.item(slot, productions.first()?.repeated, held, progress)?;
        let code = usize::from(self.binding.code_of(at, item)?);
        let production = productions.get(code)?;
        progress.take(slot, production.repeated);
        Some((code, production, item))
    }

    /// The value of a production's field: of one that holds a single value as it is.
    #[inline(always)]
    fn direct(&self, production: &Production, object: Object, done: u64) -> Option<Object> {
        if production.offset == 0 || done >> production.slot & 1 != 0 {
            return None;
        }
        // SAFETY: `Binding` gave this production the place of its field in objects of the class
        // that its grammar fills, and `record` checked that the object is one.
        let held = unsafe { held(object, production) };
        (!held.is_null() && held != self.none()).then_some(held)
    }

    #[inline(always)]
    pub(super) fn none(&self) -> Object {
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
        let item = self.item(slot, repeated, held, progress)?;
        let item = self.matching(production, item)?;
        progress.take(slot, repeated);
        Some(item)
    }

    /// The value of a field, or the next item of its tuple, if it is not written yet.
    #[inline(always)]
    fn item(&self, slot: usize, repeated: bool, held: Object, progress: &mut Progress) -> Option<Object> {
        if !repeated {
            return (progress.done >> slot & 1 == 0).then_some(held);
        }
        let index = progress.index_of(slot) as ffi::Py_ssize_t;
        // SAFETY: `held` is live; tuples keep their items alive.
        unsafe {
            let exact = ffi::Py_TYPE(held) == &raw mut ffi::PyTuple_Type;
            if (!exact && ffi::PyTuple_Check(held) == 0) || index >= ffi::PyTuple_Size(held) {
                return None;
            }
            Some(ffi::PyTuple_GetItem(held, index))
        }
    }

    /// The value that a production writes for an item of its field, if it is the right one.
    #[inline(always)]
    fn matching(&self, production: &Production, item: Object) -> Option<Object> {
        match production.kind {
            Kind::Leaf if !production.wrapped => Some(item),
            Kind::Leaf | Kind::Se if production.wrapped => match self.binding.wrapper(production.part) {
                // SAFETY: a wrapper has one field; an empty slot is no value.
                Some(wrapper) => {
                    let value = wrapper.is_class_of(item).then(|| unsafe { wrapper.get(item, 0) })?;
                    (!value.is_null()).then_some(value)
                }
                None => Some(item),
            },
            Kind::Se => match self.binding.record(production.target) {
                Some(record) => record.is_class_of(item).then_some(item),
                None => Some(item),
            },
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
}
