//! `Fields`: fills the slots of a new object from what its class was called with.

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use crate::{record, slot};

/// The fields of a class: names, where they are in its objects, and defaults.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Fields {
    class: Py<PyType>,
    fields: Vec<Field>,
    /// Whether values may be given without their names.
    positional: bool,
}

struct Field {
    name: Py<PyString>,
    /// Byte offset of the slot in an object.
    offset: usize,
    default: Option<Py<PyAny>>,
}

#[pymethods]
impl Fields {
    #[new]
    fn new(
        cls: Bound<'_, PyType>,
        names: &Bound<'_, PyTuple>,
        defaults: &Bound<'_, PyDict>,
        positional: bool,
    ) -> PyResult<Self> {
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let name = name.cast_into::<PyString>()?;
            let offset = record::offset(&cls, &name)?;
            let default = defaults.get_item(&name)?.map(Bound::unbind);
            fields.push(Field { name: name.unbind(), offset, default });
        }
        Ok(Self { class: cls.unbind(), fields, positional })
    }

    /// Fills an object; false, with some fields filled, when the values are not those of the fields.
    fn fill(
        &self,
        object: &Bound<'_, PyAny>,
        given: &Bound<'_, PyTuple>,
        values: &Bound<'_, PyDict>,
    ) -> PyResult<bool> {
        let py = object.py();
        if !object.is_instance(self.class.bind(py))? {
            return Err(PyTypeError::new_err("an object of another class"));
        }
        if !self.positional && !given.is_empty() {
            return Ok(false);
        }
        let mut unnamed = given.iter_borrowed();
        // Most callers name fields in their order: then nothing has to be looked up.
        let mut entries = values.iter();
        let mut entry = entries.next();
        let mut named = 0;
        for field in &self.fields {
            let name = field.name.bind(py);
            let value = if let Some(value) = unnamed.next() {
                value.to_owned()
            } else if let Some((_, value)) = entry.take_if(|(key, _)| key.is(name)) {
                entry = entries.next();
                named += 1;
                value
            } else if let Some(value) = Self::look_up(values, named, name)? {
                named += 1;
                value
            } else if let Some(default) = &field.default {
                default.bind(py).clone()
            } else {
                return Ok(false);
            };
            // SAFETY: the object is one of the class or of a class derived from it, in which the
            // slot is at this offset.
            unsafe { slot::replace(object.as_ptr(), field.offset, value.into_ptr()) };
        }
        Ok(unnamed.next().is_none() && named == values.len())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.class)?;
        self.fields.iter().filter_map(|field| field.default.as_ref()).try_for_each(|value| visit.call(value))
    }
}

impl Fields {
    /// A value by its name, where not all have been found.
    fn look_up<'py>(
        values: &Bound<'py, PyDict>,
        named: usize,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if named == values.len() {
            return Ok(None);
        }
        values.get_item(name)
    }
}
