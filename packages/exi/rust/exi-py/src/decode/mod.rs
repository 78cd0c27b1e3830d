//! The sink that fills Python objects.

mod route;
mod sink;

use exi_core::schema::TypeRef;
use exi_core::tables::{Codec, Kind as Terminal, Production, Tables, NO_SLOT};
use exi_core::{from_text, to_text, Error, ErrorKind, Opening, Result, Value};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::any::AnyBuilder;
use crate::binding::Binding;
use crate::convert::to_python;
use crate::integer::integer;
use crate::record::Record;

/// Fills objects; holds the items of tuples that are not complete yet.
pub struct Filler<'g, 'py> {
    pub py: Python<'py>,
    pub tables: &'g Tables,
    pub binding: &'g Binding,
    items: Vec<*mut ffi::PyObject>,
    scratch: Vec<u8>,
    /// Whether objects in others may be tried the usual way.
    nested: bool,
    /// An exception that Python raised while an object was made.
    pub raised: Option<PyErr>,
}

enum Kind<'g> {
    /// What holds the root element.
    Root,
    /// An object of a declared class.
    Object(&'g Record),
    /// An element of a simple type that came event by event, with its codec.
    Plain(u32),
    /// An element that becomes an `AnyElement`.
    Any(Box<AnyBuilder>),
}

/// An element under construction.
pub struct Node<'g> {
    kind: Kind<'g>,
    object: *mut ffi::PyObject,
    list_start: usize,
    list_slot: u16,
    nil: bool,
}

impl Drop for Node<'_> {
    fn drop(&mut self) {
        if !self.object.is_null() {
            // SAFETY: the node owns this reference; the interpreter is attached, as nodes only
            // live inside one call from Python.
            unsafe { ffi::Py_DECREF(self.object) }
        }
    }
}

impl Drop for Filler<'_, '_> {
    fn drop(&mut self) {
        for item in self.items.drain(..) {
            // SAFETY: items that no tuple took are owned here.
            unsafe { ffi::Py_DECREF(item) }
        }
    }
}

impl<'g> Node<'g> {
    /// What receives the root element.
    pub fn root() -> Self {
        Self::new(Kind::Root, std::ptr::null_mut())
    }

    #[inline(always)]
    fn new(kind: Kind<'g>, object: *mut ffi::PyObject) -> Self {
        Self { kind, object, list_start: 0, list_slot: NO_SLOT, nil: false }
    }

    /// The finished root object.
    pub fn take(&mut self) -> *mut ffi::PyObject {
        std::mem::replace(&mut self.object, std::ptr::null_mut())
    }
}

impl<'g, 'py> Filler<'g, 'py> {
    pub fn new(py: Python<'py>, tables: &'g Tables, binding: &'g Binding) -> Self {
        Self { py, tables, binding, items: Vec::new(), scratch: Vec::new(), nested: true, raised: None }
    }

    #[inline(always)]
    fn python(&mut self, codec: &Codec, value: &Value<'_>) -> Result<*mut ffi::PyObject> {
        let object = to_python(self.py, self.tables, self.binding, codec, value, &mut self.scratch);
        self.checked(object)
    }

    /// An owned object, or the exception that Python set instead.
    #[inline(always)]
    fn checked(&mut self, object: *mut ffi::PyObject) -> Result<*mut ffi::PyObject> {
        if object.is_null() {
            return Err(self.failed());
        }
        Ok(object)
    }

    /// As [`Self::python`], for a value that mostly is at hand already.
    #[inline(always)]
    fn python_leaf(&mut self, production: &Production, value: Value<'_>) -> Result<*mut ffi::PyObject> {
        let known = match value {
            Value::Integer(value) => return self.checked(integer(value)),
            Value::Enumeration(index) => self.binding.member(production.target, index),
            // SAFETY: the addresses of two singletons.
            Value::Boolean(value) => unsafe {
                if value {
                    ffi::Py_True()
                } else {
                    ffi::Py_False()
                }
            },
            other => return self.python(&self.tables.codecs[production.target as usize], &other),
        };
        if known.is_null() {
            return Err(Error::new(ErrorKind::Invalid, "a value without a member"));
        }
        // SAFETY: a live object that the binding or the interpreter holds.
        unsafe { ffi::Py_INCREF(known) };
        Ok(known)
    }

    /// An element of a simple type that is an item, has a wrapper or stands in an `AnyElement`.
    fn other_leaf(&mut self, parent: &mut Node<'g>, production: &Production, value: Value<'_>) -> Result<()> {
        let codec = &self.tables.codecs[production.target as usize];
        if let Kind::Any(builder) = &mut parent.kind {
            let names = &self.tables.names;
            let mut child = AnyBuilder::new(names.uri(production.name), names.local(production.name));
            child.text(to_text(&value, codec, self.tables));
            builder.child(child);
            return Ok(());
        }
        let object = self.python(codec, &value)?;
        let object = if production.wrapped { self.wrap(production.part, object)? } else { object };
        self.put(parent, production.slot, production.repeated, object)
    }

    /// Keeps the Python exception that is set, for the caller.
    #[cold]
    fn failed(&mut self) -> Error {
        self.raised = Some(PyErr::fetch(self.py));
        Error::new(ErrorKind::Unsupported, "a Python object could not be made")
    }

    #[cold]
    fn raise(&mut self, error: PyErr) -> Error {
        self.raised = Some(error);
        Error::new(ErrorKind::Unsupported, "a Python object could not be made")
    }

    /// Gives an owned object to its place in the parent.
    #[inline(always)]
    fn put(
        &mut self,
        parent: &mut Node<'g>,
        slot: u16,
        repeated: bool,
        object: *mut ffi::PyObject,
    ) -> Result<()> {
        let Kind::Object(record) = &parent.kind else {
            return self.put_elsewhere(parent, object);
        };
        let record: &'g Record = record;
        if slot == NO_SLOT {
            // SAFETY: a part without a field; the object is owned and not wanted.
            unsafe { ffi::Py_DECREF(object) };
            return Ok(());
        }
        if !repeated {
            // SAFETY: `binding` checked that slots are within the fields of the class.
            unsafe { record.set(parent.object, usize::from(slot), object) };
            return Ok(());
        }
        if parent.list_slot != slot {
            // The object must not leak when the flush fails, so it is an item first.
            self.items.push(object);
            let result = self.flush(parent, record, self.items.len() - 1);
            parent.list_slot = slot;
            parent.list_start = self.items.len() - 1;
            return result;
        }
        self.items.push(object);
        Ok(())
    }

    #[cold]
    fn put_elsewhere(&mut self, parent: &mut Node<'g>, object: *mut ffi::PyObject) -> Result<()> {
        if matches!(parent.kind, Kind::Root) && parent.object.is_null() {
            parent.object = object;
            return Ok(());
        }
        // SAFETY: owned and not wanted.
        unsafe { ffi::Py_DECREF(object) };
        Err(Error::new(ErrorKind::Unsupported, "more than one element at the top of the fragment"))
    }

    /// Makes a tuple of the collected items up to `end` and puts it into its slot.
    #[inline]
    fn flush(&mut self, node: &mut Node<'g>, record: &'g Record, end: usize) -> Result<()> {
        if node.list_slot == NO_SLOT {
            return Ok(());
        }
        let slot = usize::from(node.list_slot);
        node.list_slot = NO_SLOT;
        let count = end - node.list_start;
        // SAFETY: a new tuple, filled whole with owned references before anyone sees it. The
        // slot is within the fields, and takes the tuple over.
        unsafe {
            let tuple = ffi::PyTuple_New(count as ffi::Py_ssize_t);
            if tuple.is_null() {
                return Err(self.failed());
            }
            for (index, item) in self.items.drain(node.list_start..end).enumerate() {
                ffi::PyTuple_SetItem(tuple, index as ffi::Py_ssize_t, item);
            }
            let before = record.get(node.object, slot);
            let mut whole = tuple;
            if !before.is_null() {
                // The field was left and came back: a repeated choice.
                whole = ffi::PySequence_Concat(before, tuple);
                ffi::Py_DECREF(tuple);
                if whole.is_null() {
                    return Err(self.failed());
                }
            }
            record.set(node.object, slot, whole);
        }
        Ok(())
    }

    /// Puts the wrapper of a part around an owned object, where there is one.
    #[cold]
    fn wrap(&mut self, part: u32, object: *mut ffi::PyObject) -> Result<*mut ffi::PyObject> {
        let Some(wrapper) = self.binding.wrapper(part) else { return Ok(object) };
        let outer = match self.allocate(wrapper) {
            Ok(outer) => outer,
            Err(error) => {
                // SAFETY: owned and not placed.
                unsafe { ffi::Py_DECREF(object) };
                return Err(error);
            }
        };
        // SAFETY: a wrapper has one field, which takes the object over.
        unsafe { wrapper.set(outer, 0, object) };
        Ok(outer)
    }

    /// Simple content without characters is the empty value, which has no event of its own in XML.
    fn empty_text(&mut self, node: &mut Node<'g>, record: &Record) -> Result<()> {
        if record.text_slot == NO_SLOT {
            return Ok(());
        }
        let slot = usize::from(record.text_slot);
        // SAFETY: the object is of the record's class, and its slots were checked.
        if unsafe { record.get(node.object, slot).is_null() } && !node.nil {
            let value = self.empty_value(record.codec)?;
            // SAFETY: as above; the value is owned.
            unsafe { record.set(node.object, slot, value) };
        }
        Ok(())
    }

    #[cold]
    fn empty_value(&mut self, codec: u32) -> Result<*mut ffi::PyObject> {
        let missing = || Error::new(ErrorKind::Invalid, "an element without its value");
        let codec = self.tables.codecs.get(codec as usize).ok_or_else(missing)?;
        let value =
            from_text("", codec, self.tables).filter(|_| codec.min_length == 0).ok_or_else(missing)?;
        self.python(codec, &value)
    }

    /// A value of the type that xsi:type named in the form of the type that the field has.
    #[cold]
    fn declared(&mut self, declared: u32, codec: &Codec, value: &Value<'_>) -> Result<*mut ffi::PyObject> {
        let text = to_text(value, codec, self.tables);
        let wrong = || Error::new(ErrorKind::Invalid, format!("{text:?} is no value of the declared type"));
        let codec = self.tables.codecs.get(declared as usize).ok_or_else(wrong)?;
        let value = from_text(&text, codec, self.tables).ok_or_else(wrong)?;
        self.python(codec, &value)
    }

    #[inline(always)]
    fn allocate(&mut self, record: &Record) -> Result<*mut ffi::PyObject> {
        self.checked(record.allocate())
    }

    /// The start of an element that is no object, or of one that has no place.
    fn other_open(&mut self, parent: &mut Node<'g>, opening: &Opening<'_>) -> Result<Node<'g>> {
        let declared = opening.production.filter(|p| matches!(p.kind, Terminal::Se | Terminal::Leaf));
        if matches!(parent.kind, Kind::Any(_)) || (declared.is_none() && opening.production.is_some()) {
            if matches!(parent.kind, Kind::Root) {
                return Err(Error::new(ErrorKind::Invalid, "the schema does not have this root element"));
            }
            let (uri, local) = (opening.names.uri(opening.name.uri), opening.names.local(opening.name));
            return Ok(Node::new(Kind::Any(Box::new(AnyBuilder::new(uri, local))), std::ptr::null_mut()));
        }
        if declared.is_none() {
            return Err(Error::new(ErrorKind::Invalid, "an element that the schema does not have here"));
        }
        let grammar = self.tables.grammars.get(opening.grammar as usize);
        match grammar.map(|grammar| (grammar.type_ref, grammar.codec)) {
            Some((Some(TypeRef::Simple(_)), codec)) => {
                Ok(Node::new(Kind::Plain(codec), std::ptr::null_mut()))
            }
            Some((Some(TypeRef::Complex(_)), _)) => {
                Err(Error::new(ErrorKind::Unsupported, "a type without a class"))
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "an element name that has several types")),
        }
    }

    /// The end of an element that is no object, or is nil.
    fn other_close(
        &mut self,
        parent: &mut Node<'g>,
        node: &mut Node<'g>,
        production: Option<&Production>,
    ) -> Result<()> {
        if node.nil {
            return self.close_nil(parent, node, production);
        }
        let object = match &mut node.kind {
            Kind::Any(builder) => {
                if let Kind::Any(outer) = &mut parent.kind {
                    outer.child(std::mem::take(&mut **builder));
                    return Ok(());
                }
                let made = builder.build(self.py, self.binding);
                made.map_err(|error| self.raise(error))?.into_ptr()
            }
            Kind::Plain(codec) if node.object.is_null() => {
                let codec = *codec;
                self.empty_value(codec)?
            }
            _ => node.take(),
        };
        self.settle(parent, production, object)
    }

    fn close_nil(
        &mut self,
        parent: &mut Node<'g>,
        node: &mut Node<'g>,
        production: Option<&Production>,
    ) -> Result<()> {
        // Attributes may have begun a tuple; they go with the object, which nil replaces.
        if let Kind::Object(record) = node.kind {
            let end = self.items.len();
            self.flush(node, record, end)?;
        }
        if !production.is_some_and(|production| production.nillable) {
            return Err(Error::new(ErrorKind::Invalid, "xsi:nil on an element that is not nillable"));
        }
        let none = self.py.None().into_ptr();
        let (slot, repeated) = production.map_or((NO_SLOT, false), |p| (p.slot, p.repeated));
        self.put(parent, slot, repeated, none)
    }

    /// Gives a finished, owned object to its parent, in its wrapper.
    fn settle(
        &mut self,
        parent: &mut Node<'g>,
        production: Option<&Production>,
        object: *mut ffi::PyObject,
    ) -> Result<()> {
        let Some(production) = production else {
            return self.put(parent, NO_SLOT, false, object);
        };
        let object = if production.wrapped { self.wrap(production.part, object)? } else { object };
        self.put(parent, production.slot, production.repeated, object)
    }
}
