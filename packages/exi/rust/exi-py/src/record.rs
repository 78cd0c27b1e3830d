//! One Python class and where its slots are in its objects.

use std::sync::Arc;

use exi_core::tables::{Grammar, Tables, NONE, NO_SLOT};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use crate::recycle::{self, Place};
use crate::slot;
use crate::whole::Whole;

/// Most fields that a class can have: progress while encoding is a mask.
const MAX_FIELDS: usize = 64;

/// What makes the objects of one class.
pub struct Mould {
    cls: Py<PyType>,
    /// Where its objects are kept to be used again.
    recycled: Option<Place>,
}

/// One class and where its fields are.
pub struct Record {
    pub mould: Mould,
    name: String,
    fields: Vec<Py<PyString>>,
    /// The field that text fills, or [`NO_SLOT`].
    pub text_slot: u16,
    /// The codec of simple content, or [`NONE`].
    pub codec: u32,
    /// Byte offset of each slot in an object of the class.
    offsets: Vec<usize>,
    /// Whether the slots of the fields are all that an object holds.
    covered: bool,
    /// Per slot: whether an absent value is an empty tuple rather than None.
    tuples: Vec<bool>,
    /// How to write an object as one word, where that can be.
    pub whole: Option<Arc<Whole>>,
}

impl Mould {
    /// The same once more.
    pub fn again(&self, py: Python<'_>) -> Self {
        Self { cls: self.cls.clone_ref(py), recycled: self.recycled }
    }

    /// Whether an object is of exactly this class.
    #[inline(always)]
    pub fn made(&self, object: *mut ffi::PyObject) -> bool {
        // SAFETY: callers pass a live object.
        unsafe { ffi::Py_TYPE(object).cast() == self.cls.as_ptr() }
    }

    /// A new object whose slots hold nothing valid yet, or null with an exception set.
    ///
    /// # Safety
    /// The slots of the class must be all that its objects hold (as in a [`Whole`]), and the caller
    /// sets every one before anything else can see the object.
    #[inline(always)]
    pub unsafe fn cast(&self) -> *mut ffi::PyObject {
        // SAFETY: `cls` is a heap type whose objects are slots only.
        unsafe {
            if let Some(place) = self.recycled {
                let object = recycle::take(place);
                if !object.is_null() {
                    return object;
                }
            }
            ffi::PyObject_GC_New::<ffi::PyObject>(self.cls.as_ptr().cast())
        }
    }
}

impl Record {
    /// The record of a class: TypeError when a field is no slot.
    pub fn new(cls: &Bound<'_, PyType>, fields: &[Py<PyString>], repeated: &[u16]) -> PyResult<Self> {
        let name = cls.name()?.to_string();
        let py = cls.py();
        let slot = |field: &Py<PyString>| offset(cls, field.bind(py));
        let offsets = fields.iter().map(slot).collect::<PyResult<_>>()?;
        if fields.len() > MAX_FIELDS {
            return Err(PyTypeError::new_err(format!("{name}: more than {MAX_FIELDS} fields")));
        }
        let words = fields.len() * std::mem::size_of::<*mut ffi::PyObject>();
        let size: usize = cls.getattr("__basicsize__")?.extract()?;
        // A class without fields is not one that the garbage collector knows.
        let covered = !fields.is_empty() && size == std::mem::size_of::<ffi::PyObject>() + words;
        let tuples = (0..fields.len()).map(|slot| repeated.contains(&(slot as u16))).collect();
        // SAFETY: `covered` says that the slots of the fields are all that an object holds, and a
        // class with slots is made by Python code.
        let recycled =
            if covered { unsafe { recycle::recycle(cls.as_type_ptr(), fields.len()) } } else { None };
        Ok(Self {
            mould: Mould { cls: cls.clone().unbind(), recycled },
            name,
            fields: fields.iter().map(|field| field.clone_ref(py)).collect(),
            text_slot: NO_SLOT,
            codec: NONE,
            offsets,
            covered,
            tuples,
            whole: None,
        })
    }

    /// Takes what the grammar of the class says of its text.
    pub fn bind(&mut self, grammar: &Grammar) {
        self.text_slot = grammar.text_slot;
        self.codec = grammar.codec;
    }

    /// TypeError when a slot is beyond the fields.
    pub fn check_slot(&self, slot: u16) -> PyResult<()> {
        if slot != NO_SLOT && usize::from(slot) >= self.offsets.len() {
            return Err(PyTypeError::new_err(format!("{}: a slot beyond its fields", self.name)));
        }
        Ok(())
    }

    /// The place of a field in an object, 0 for none.
    pub fn offset(&self, slot: u16) -> u32 {
        self.offsets.get(usize::from(slot)).map_or(0, |offset| *offset as u32)
    }

    /// The same record once more.
    pub fn again(&self, py: Python<'_>) -> Self {
        Self {
            mould: self.mould.again(py),
            text_slot: self.text_slot,
            codec: self.codec,
            name: self.name.clone(),
            fields: self.fields.iter().map(|field| field.clone_ref(py)).collect(),
            offsets: self.offsets.clone(),
            covered: self.covered,
            tuples: self.tuples.clone(),
            whole: None,
        }
    }

    /// The address of the class.
    pub fn address(&self) -> usize {
        self.mould.cls.as_ptr() as usize
    }

    /// The name of the class.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of a field.
    pub fn field(&self, py: Python<'_>, slot: usize) -> String {
        self.fields.get(slot).map_or_else(String::new, |field| field.bind(py).to_string())
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    /// A mask of all slots.
    #[inline(always)]
    pub fn slots(&self) -> u64 {
        // `new` allows no more fields than a mask has bits.
        u64::MAX.checked_shr((MAX_FIELDS - self.len()) as u32).unwrap_or(0)
    }

    /// Whether a field is a tuple of what repeats.
    pub fn is_tuple(&self, slot: u16) -> bool {
        self.tuples.get(usize::from(slot)).copied().unwrap_or(false)
    }

    /// Whether the class is `other`'s or derived from it.
    pub fn is_subclass_of(&self, py: Python<'_>, other: &Record) -> bool {
        self.mould.cls.bind(py).is_subclass(other.mould.cls.bind(py)).unwrap_or(false)
    }

    /// Whether productions fill each field once, as a single value, and the fields are all that an
    /// object holds.
    pub fn are_all_fields(&self, tables: &Tables, productions: impl Iterator<Item = u32>) -> bool {
        let mut slots = 0u64;
        for index in productions {
            let Some(production) = tables.productions.get(index as usize) else { return false };
            if production.offset == 0 || slots >> production.slot & 1 != 0 {
                return false;
            }
            slots |= 1 << production.slot;
        }
        self.covered && slots == self.slots()
    }

    /// Whether an object is of exactly this class.
    #[inline(always)]
    pub fn is_class_of(&self, object: *mut ffi::PyObject) -> bool {
        self.mould.made(object)
    }

    /// A new object with all slots empty, or null with an exception set.
    ///
    /// The garbage collector does not track it: messages are immutable and hold only what was
    /// decoded before them, so that no cycle can come to pass, and tracking costs as much as the
    /// rest of the allocation.
    #[inline(always)]
    pub fn allocate(&self) -> *mut ffi::PyObject {
        if !self.covered {
            // SAFETY: `cls` is a heap type of Python objects with slots only (checked by
            // `offset`); its memory comes zeroed, and an empty slot is what slot descriptors
            // leave at first too.
            return unsafe { ffi::PyType_GenericAlloc(self.mould.cls.as_ptr().cast(), 0) };
        }
        // SAFETY: the slots are all there is of the object, and each is emptied.
        unsafe {
            let object = self.mould.cast();
            if !object.is_null() {
                for slot in 0..self.offsets.len() {
                    *self.place(object, slot) = std::ptr::null_mut();
                }
            }
            object
        }
    }

    /// The value of a slot: borrowed, null when empty.
    ///
    /// # Safety
    /// `object` must be of this record's class and `slot` below `len()`.
    #[inline(always)]
    pub unsafe fn get(&self, object: *mut ffi::PyObject, slot: usize) -> *mut ffi::PyObject {
        // SAFETY: `offset` found this place by storing through the slot's own descriptor.
        unsafe { *self.place(object, slot) }
    }

    /// Puts an owned value into a slot.
    ///
    /// # Safety
    /// As for [`Self::get`]; `value` is an owned reference and is taken over.
    #[inline(always)]
    pub unsafe fn set(&self, object: *mut ffi::PyObject, slot: usize, value: *mut ffi::PyObject) {
        // SAFETY: as above; the slot owns its reference, so the old one is given back.
        unsafe {
            slot::replace(object, *self.offsets.get_unchecked(slot), value);
        }
    }

    #[inline(always)]
    unsafe fn place(&self, object: *mut ffi::PyObject, slot: usize) -> *mut *mut ffi::PyObject {
        // SAFETY: the caller keeps `slot` in range, and the offset lies inside the object.
        unsafe { slot::at(object, *self.offsets.get_unchecked(slot)) }
    }

    /// Fills empty slots: None, or the empty tuple for a field that repeats.
    ///
    /// # Safety
    /// `object` must be of this record's class.
    #[inline(always)]
    pub unsafe fn fill(&self, object: *mut ffi::PyObject, empty: *mut ffi::PyObject) {
        for (slot, is_tuple) in self.tuples.iter().enumerate() {
            // SAFETY: `tuples` is as long as `offsets`; the values are borrowed and made owned.
            unsafe {
                let place = self.place(object, slot);
                if (*place).is_null() {
                    let value = if *is_tuple { empty } else { ffi::Py_None() };
                    ffi::Py_INCREF(value);
                    *place = value;
                }
            }
        }
    }

    /// As [`Self::fill`], where it is known which slots (a mask) are filled.
    ///
    /// # Safety
    /// `object` must be of this record's class; slots that are not filled must be empty.
    #[inline(always)]
    pub unsafe fn fill_but(&self, done: u64, object: *mut ffi::PyObject, empty: *mut ffi::PyObject) {
        let mut left = self.slots() & !done;
        while left != 0 {
            let slot = left.trailing_zeros();
            left &= left - 1;
            // SAFETY: the mask has no more bits than there are slots; the value is made owned.
            unsafe {
                let value = if self.is_tuple(slot as u16) { empty } else { ffi::Py_None() };
                ffi::Py_INCREF(value);
                *self.place(object, slot as usize) = value;
            }
        }
    }
}

/// Where the slot of a field is in an object of a class: TypeError when the field is no slot.
pub fn offset(cls: &Bound<'_, PyType>, field: &Bound<'_, PyString>) -> PyResult<usize> {
    let descriptor = cls.getattr(field)?;
    // SAFETY: an object of exactly this type is a member descriptor, which points to its definition.
    let slot = unsafe {
        if ffi::Py_TYPE(descriptor.as_ptr()) != &raw mut ffi::PyMemberDescr_Type {
            None
        } else {
            let descriptor = descriptor.as_ptr().cast::<ffi::PyMemberDescrObject>();
            let class = PyType::from_borrowed_type_ptr(cls.py(), (*descriptor).d_common.d_type);
            let member = &*(*descriptor).d_member;
            (member.type_code == ffi::Py_T_OBJECT_EX && cls.is_subclass(&class)?).then_some(member.offset)
        }
    };
    let refuse = || PyTypeError::new_err(format!("{}.{field} is no slot", class_name(cls)));
    slot.and_then(|offset| usize::try_from(offset).ok()).ok_or_else(refuse)
}

fn class_name(cls: &Bound<'_, PyType>) -> String {
    cls.name().map(|name| name.to_string()).unwrap_or_default()
}
