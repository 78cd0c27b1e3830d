//! Reads declared classes (`evproto.exi.declare`) into the components of exi-core.
//!
//! A TypeError names the class and the field whose declaration is wrong.

mod annotation;
mod complex;
mod content;
mod declaration;
mod elements;
mod facets;
mod place;
mod simple;
mod words;

use std::collections::BTreeSet;
use std::rc::Rc;

use exi_core::built_in_types::any_type;
use exi_core::schema::{Element, Schema, TypeRef};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::binding::Addresses;
use crate::schema::Classes;
use content::Model;
use declaration::{Known, Space};
use simple::SimpleTypes;
use words::Words;

/// The schema of all that the namespaces declare, with the classes that it came from.
pub fn read(namespaces: &Bound<'_, PyTuple>) -> PyResult<(Schema, Classes)> {
    let mut reader = Reader::new(namespaces.py())?;
    for space in namespaces {
        reader.enter(&space)?;
    }
    for space in namespaces {
        for unused in space.getattr(intern!(space.py(), "simple_types"))?.try_iter()? {
            reader.simple_type_of(&unused?)?;
        }
    }
    for at in reader.declared.clone() {
        reader.global_element_of(at)?;
    }
    for space in namespaces {
        for declared in space.getattr(intern!(space.py(), "global_elements"))?.try_iter()? {
            reader.global_element(&declared?)?;
        }
    }
    reader.finish()
}

/// What is read so far.
struct Reader<'py> {
    py: Python<'py>,
    words: Words<'py>,
    /// Declarations of the namespaces and of their bases, and where each is by its address.
    known: Vec<Known<'py>>,
    by_object: Addresses<usize>,
    /// Their namespaces, by address.
    spaces: Addresses<Rc<Space>>,
    /// Those of the namespaces.
    declared: Vec<usize>,
    /// Of these, the complex types, and the index of each by the address of its class.
    complex: Vec<usize>,
    complex_index: Addresses<usize>,
    simple: SimpleTypes<'py>,
    elements: Vec<Element>,
    /// Index of a global element by the address of its class or `GlobalElement`.
    global_elements: Addresses<usize>,
    /// Content of a class as far as it is looked at: derived classes begin with it.
    models: Vec<Option<Option<Model<'py>>>>,
    /// What an annotation means, by its address; the annotations are kept for as long.
    type_refs: Addresses<TypeRef>,
    kept: Vec<Bound<'py, PyAny>>,
    /// Annotations of classes, by address, that Python had to read.
    hints: Addresses<Bound<'py, PyDict>>,
    /// All namespaces, those that wildcards name too.
    uris: BTreeSet<String>,
}

impl<'py> Reader<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        Ok(Self {
            py,
            words: Words::new(py)?,
            known: Vec::new(),
            by_object: Addresses::default(),
            spaces: Addresses::default(),
            declared: Vec::new(),
            complex: Vec::new(),
            complex_index: Addresses::default(),
            simple: SimpleTypes::new(),
            elements: Vec::new(),
            global_elements: Addresses::default(),
            models: Vec::new(),
            type_refs: Addresses::default(),
            kept: Vec::new(),
            hints: Addresses::default(),
            uris: BTreeSet::new(),
        })
    }

    /// Takes the classes of a namespace.
    fn enter(&mut self, space: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = self.py;
        self.uris.insert(space.getattr(intern!(py, "uri"))?.extract()?);
        for class in space.getattr(intern!(py, "classes"))?.try_iter()? {
            let at = self.declaration(class?.getattr(intern!(py, "__exi__"))?.cast()?)?;
            self.declared.push(at);
            if !self.known[at].said().simple {
                self.complex_index.insert(self.known[at].class.as_ptr() as usize, self.complex.len());
                self.complex.push(at);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> PyResult<(Schema, Classes)> {
        let mut classes = Classes::default();
        let mut complex_types = Vec::with_capacity(self.complex.len() + 1);
        for at in self.complex.clone() {
            complex_types.push(self.complex_type(at, &mut classes)?);
        }
        complex_types.push(any_type());
        classes.classes.push(None);
        classes.repeated.push(Vec::new());
        classes.wrappers.push(None); // of the wildcard in xs:anyType
        classes.values = self.simple.values;
        let schema = Schema {
            namespaces: self.uris.into_iter().collect(),
            simple_types: self.simple.found,
            complex_types,
            elements: self.elements,
            attributes: Vec::new(),
        };
        Ok((schema, classes))
    }
}
