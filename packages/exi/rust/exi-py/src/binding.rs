//! How parts of a schema meet Python classes: slots by their place in the object.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use exi_core::schema::TypeRef;
use exi_core::tables::{Kind, Tables, NO_SLOT};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use crate::record::Record;
use crate::route::Routes;
use crate::schema::Classes;
use crate::whole::Whole;

/// Productions of one field from which on a state looks them up by class.
const MANY: usize = 4;

/// All that a typed decoder or encoder needs beside the tables.
pub struct Binding {
    /// Per grammar of a complex type, from `Tables::simple_count` on.
    records: Vec<Option<Record>>,
    first_record: u32,
    /// Per codec: the objects of its enumeration.
    pub values: Vec<Vec<Py<PyAny>>>,
    /// Per part: a wrapper class.
    pub wrappers: Vec<Option<Record>>,
    /// Complex type by the address of its class.
    pub by_class: Addresses<usize>,
    /// For states with many elements for one field: the event code by state and class.
    by_item: Addresses<u16>,
    /// Which states those are, and their field.
    many: Vec<u16>,
    /// `AnyElement` and `AnyAttribute`.
    pub any_element: Option<Py<PyType>>,
    pub any_attribute: Option<Py<PyType>>,
    /// The usual way through the grammars.
    pub routes: Routes,
    /// The empty tuple.
    pub empty: Py<PyTuple>,
}

impl Binding {
    pub fn new(py: Python<'_>, classes: Classes, tables: &mut Tables) -> PyResult<Self> {
        let mut records = Vec::new();
        let mut by_class = Addresses::default();
        for (index, (class, repeated)) in classes.classes.iter().zip(&classes.repeated).enumerate() {
            let record = match class {
                Some((cls, fields)) => Some(Record::new(cls.bind(py).cast::<PyType>()?, fields, repeated)?),
                None => None,
            };
            if let Some(record) = &record {
                by_class.insert(record.address(), index);
            }
            records.push(record);
        }
        for grammar in tables.grammars.iter().skip(tables.simple_count as usize + records.len()) {
            let again = match grammar.type_ref {
                Some(TypeRef::Complex(index)) => records.get(index).and_then(Option::as_ref),
                _ => None,
            };
            let again = again.map(|record: &Record| record.again(py));
            records.push(again);
        }
        for (grammar, record) in tables.grammars.iter().skip(tables.simple_count as usize).zip(&mut records) {
            if let Some(record) = record {
                record.bind(grammar);
            }
        }
        place_fields(&records, tables)?;
        let wrappers: Vec<Option<Record>> =
            classes.wrappers.iter().map(|class| wrapper(py, class.as_ref())).collect::<PyResult<_>>()?;
        for production in &mut tables.productions {
            production.wrapped = wrappers.get(production.part as usize).is_some_and(Option::is_some);
            if production.wrapped || production.repeated {
                production.offset = 0;
            }
        }
        for (grammar, record) in tables.grammars.iter().skip(tables.simple_count as usize).zip(&mut records) {
            if let Some(record) = record {
                record.whole = Whole::new(py, tables, &classes.values, grammar, record).map(Arc::new);
            }
        }
        let bound = !by_class.is_empty();
        let any = |name: &str| -> PyResult<Option<Py<PyType>>> {
            let found =
                || py.import("evproto.exi")?.getattr(name)?.cast_into::<PyType>().map_err(PyErr::from);
            bound.then(|| found().map(Bound::unbind)).transpose()
        };
        let mut binding = Self {
            records,
            first_record: tables.simple_count,
            by_item: Addresses::default(),
            many: vec![NO_SLOT; tables.states.len()],
            values: classes.values,
            wrappers,
            by_class,
            any_element: any("AnyElement")?,
            any_attribute: any("AnyAttribute")?,
            empty: PyTuple::empty(py).unbind(),
            routes: Routes::default(),
        };
        binding.index_states(tables);
        binding.routes = Routes::new(py, tables, &binding);
        Ok(binding)
    }

    /// Notes the event codes of states where one field has elements of many classes.
    fn index_states(&mut self, tables: &Tables) {
        for (index, state) in tables.states.iter().enumerate() {
            let productions = tables.productions_of(state);
            let Some(first) = productions.first().filter(|p| p.kind == Kind::Se && p.slot != NO_SLOT) else {
                continue;
            };
            let same = productions.iter().filter(|p| p.kind == Kind::Se && p.slot == first.slot);
            if same.clone().count() < MANY {
                continue;
            }
            self.many[index] = first.slot;
            for (code, production) in productions.iter().enumerate() {
                if let Some(record) = self.record(production.target).filter(|_| production.slot == first.slot)
                {
                    let key = item_key(index as u32, record.address());
                    self.by_item.entry(key).or_insert(code as u16);
                }
            }
        }
    }

    /// A member of an enumeration: borrowed, or null.
    #[inline(always)]
    pub fn member(&self, codec: u32, index: u32) -> *mut ffi::PyObject {
        let values = self.values.get(codec as usize).map_or(&[][..], Vec::as_slice);
        values.get(index as usize).map_or(std::ptr::null_mut(), Py::as_ptr)
    }

    /// The index of a member of an enumeration, or of what equals it.
    #[inline(always)]
    pub fn index_of(&self, py: Python<'_>, codec: u32, item: *mut ffi::PyObject) -> Option<u64> {
        let values = self.values.get(codec as usize)?;
        match values.iter().position(|value| value.as_ptr() == item) {
            Some(index) => Some(index as u64),
            None => equal_member(py, values, item),
        }
    }

    /// The class of a grammar.
    #[inline(always)]
    pub fn record(&self, grammar: u32) -> Option<&Record> {
        self.records.get(grammar.wrapping_sub(self.first_record) as usize)?.as_ref()
    }

    /// The field of a state that is looked up by class, or [`NO_SLOT`].
    #[inline(always)]
    pub fn many(&self, state: u32) -> u16 {
        self.many.get(state as usize).copied().unwrap_or(NO_SLOT)
    }

    /// The event code of an item in such a state.
    #[inline(always)]
    pub fn code_of(&self, state: u32, item: *mut ffi::PyObject) -> Option<u16> {
        // SAFETY: callers pass a live object.
        let class = unsafe { ffi::Py_TYPE(item) };
        self.by_item.get(&item_key(state, class as usize)).copied()
    }

    pub fn wrapper(&self, part: u32) -> Option<&Record> {
        self.wrappers.get(part as usize)?.as_ref()
    }
}

#[cold]
fn equal_member(py: Python<'_>, values: &[Py<PyAny>], item: *mut ffi::PyObject) -> Option<u64> {
    // SAFETY: callers pass a live object.
    let item = unsafe { Bound::from_borrowed_ptr(py, item) };
    values.iter().position(|value| value.bind(py).eq(&item).unwrap_or(false)).map(|index| index as u64)
}

/// A map from addresses, or addresses mixed with small numbers.
pub type Addresses<T> = HashMap<usize, T, BuildHasherDefault<AddressHasher>>;

/// Spreads the bits of an address; nobody outside chooses these keys.
#[derive(Default)]
pub struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, value: usize) {
        self.0 = (self.0 ^ value as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

fn item_key(state: u32, class: usize) -> usize {
    // Classes are aligned and below 2^48: the state goes where their address has no bits.
    class ^ (state as usize).rotate_right(16)
}

/// Gives the productions of each class's grammar the places of its fields. Slots come from
/// Python: none may be beyond the fields of its class.
fn place_fields(records: &[Option<Record>], tables: &mut Tables) -> PyResult<()> {
    let mut seen = vec![false; tables.states.len()];
    for (grammar, record) in tables.grammars.iter().skip(tables.simple_count as usize).zip(records) {
        let Some(record) = record else { continue };
        record.check_slot(grammar.text_slot)?;
        let mut open = vec![grammar.start, grammar.empty];
        while let Some(at) = open.pop() {
            let Some(state) = tables.states.get(at as usize) else { continue };
            if std::mem::replace(&mut seen[at as usize], true) {
                continue;
            }
            if state.any_content {
                open.push(state.content2);
            }
            let first = state.first as usize;
            for production in &mut tables.productions[first..first + usize::from(state.len)] {
                record.check_slot(production.slot)?;
                production.offset = record.offset(production.slot);
                open.extend([production.next, production.alt]);
            }
        }
    }
    Ok(())
}

fn wrapper(py: Python<'_>, class: Option<&Py<PyAny>>) -> PyResult<Option<Record>> {
    let Some(class) = class else { return Ok(None) };
    let cls = class.bind(py).cast::<PyType>()?;
    let names: Vec<Py<PyString>> = cls.getattr("__slots__")?.extract()?;
    if names.len() != 1 {
        return Err(PyTypeError::new_err(format!("{}: a wrapper has one field", cls.name()?)));
    }
    Record::new(cls, &names, &[]).map(Some)
}
