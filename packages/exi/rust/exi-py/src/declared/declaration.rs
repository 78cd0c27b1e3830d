//! Declarations with the fields that they inherit.

use std::rc::Rc;

use exi_core::schema::QName;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::Reader;
use crate::declare::{Declaration, FieldSpec, Said};

/// A declaration that has been met.
pub struct Known<'py> {
    pub object: Bound<'py, Declaration>,
    pub class: Bound<'py, PyType>,
    pub parent: Option<usize>,
    pub space: Rc<Space>,
    /// All fields, those of the bases first: the place of one is its slot.
    pub fields: Vec<Field<'py>>,
    /// How many of them bases declare.
    pub inherited: usize,
}

/// A namespace and its habits.
#[derive(Default)]
pub struct Space {
    pub uri: String,
    pub qualified_elements: bool,
    pub qualified_attributes: bool,
}

#[derive(Clone)]
pub struct Field<'py> {
    pub name: Bound<'py, PyString>,
    spec: Bound<'py, FieldSpec>,
    /// The topmost of the class and its bases that has the field.
    pub owner: usize,
}

impl Field<'_> {
    pub fn spec(&self) -> &FieldSpec {
        self.spec.get()
    }
}

impl<'py> Known<'py> {
    /// What the class statement says.
    pub fn said(&self) -> &Said {
        &self.object.get().said
    }

    /// The name of the class.
    pub fn name(&self) -> String {
        self.class.name().map(|name| name.to_string()).unwrap_or_default()
    }

    pub fn qname(&self, local: &str) -> QName {
        QName { uri: self.space.uri.clone(), local: local.to_owned() }
    }

    /// The slot of a field.
    pub fn slot(&self, name: &Bound<'_, PyString>) -> PyResult<Option<usize>> {
        if let Some(slot) = self.fields.iter().position(|field| field.name.is(name)) {
            return Ok(Some(slot));
        }
        let name = name.to_str()?;
        Ok(self.fields.iter().position(|field| field.name.to_str().is_ok_and(|known| known == name)))
    }

    /// Takes the fields that the class itself declares.
    fn take(&mut self, owner: usize) -> PyResult<()> {
        let py = self.object.py();
        for (name, spec) in &self.object.clone().get().own {
            let (name, spec) = (name.bind(py).clone(), spec.bind(py).clone());
            match self.slot(&name)? {
                Some(slot) => self.fields[slot].spec = spec,
                None => self.fields.push(Field { name, spec, owner }),
            }
        }
        Ok(())
    }
}

impl<'py> Reader<'py> {
    /// Where a declaration is among the known ones; it becomes one if it was not.
    pub(super) fn declaration(&mut self, object: &Bound<'py, Declaration>) -> PyResult<usize> {
        let address = object.as_ptr() as usize;
        if let Some(at) = self.by_object.get(&address) {
            return Ok(*at);
        }
        let py = self.py;
        let parent = object.get().parent.as_ref();
        let parent = parent.map(|parent| self.declaration(parent.bind(py))).transpose()?;
        let at = self.known.len();
        let fields = parent.map_or_else(Vec::new, |parent| self.known[parent].fields.clone());
        let mut read = Known {
            object: object.clone(),
            class: object.get().class(py)?.clone(),
            parent,
            space: self.space(object.get().said.namespace.as_ref())?,
            inherited: fields.len(),
            fields,
        };
        read.take(at)?;
        self.known.push(read);
        self.models.push(None);
        self.by_object.insert(address, at);
        Ok(at)
    }

    fn space(&mut self, namespace: Option<&Py<PyAny>>) -> PyResult<Rc<Space>> {
        let py = self.py;
        let Some(namespace) = namespace.map(|namespace| namespace.bind(py)) else { return Ok(Rc::default()) };
        let address = namespace.as_ptr() as usize;
        if let Some(known) = self.spaces.get(&address) {
            return Ok(known.clone());
        }
        let space = Rc::new(Space {
            uri: namespace.getattr(intern!(py, "uri"))?.extract()?,
            qualified_elements: namespace.getattr(intern!(py, "qualified_elements"))?.is_truthy()?,
            qualified_attributes: namespace.getattr(intern!(py, "qualified_attributes"))?.is_truthy()?,
        });
        self.spaces.insert(address, space.clone());
        Ok(space)
    }
}

/// An object that is not None.
pub fn some(object: Bound<'_, PyAny>) -> Option<Bound<'_, PyAny>> {
    (!object.is_none()).then_some(object)
}
