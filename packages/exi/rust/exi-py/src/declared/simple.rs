//! Simple types from annotations; each named one stands once, after those that it needs.

use std::collections::HashMap;

use exi_core::built_in_types::{self, index_of, XSD};
use exi_core::schema::{Primitive, QName, SimpleType};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString, PyTuple, PyType};

use super::declaration::some;
use super::place::refuse;
use super::Reader;
use crate::binding::Addresses;
use crate::schema::qname;

/// The simple types of a schema under construction.
pub struct SimpleTypes<'py> {
    pub found: Vec<SimpleType>,
    /// Per type: the objects of its enumeration.
    pub values: Vec<Vec<Py<PyAny>>>,
    named: HashMap<QName, usize>,
    /// Index by the address of the annotation, which is kept for as long.
    by_annotation: Addresses<(Bound<'py, PyAny>, usize)>,
}

/// One step of a derivation: a name, if it has one, and the facets that belong to it.
struct Step<'py> {
    name: Option<QName>,
    facets: Vec<Bound<'py, PyAny>>,
}

impl SimpleTypes<'_> {
    pub fn new() -> Self {
        let found = built_in_types::simple_types();
        let values = found.iter().map(|_| Vec::new()).collect();
        Self { found, values, named: HashMap::new(), by_annotation: Addresses::default() }
    }

    fn add(&mut self, made: SimpleType, values: Vec<Py<PyAny>>) -> usize {
        let index = self.found.len();
        if let Some(name) = &made.name {
            self.named.insert(name.clone(), index);
        }
        self.found.push(made);
        self.values.push(values);
        index
    }

    fn named(&self, name: &QName) -> Option<usize> {
        if name.uri == XSD {
            return index_of(&name.local);
        }
        self.named.get(name).copied()
    }
}

impl<'py> Reader<'py> {
    /// The index of the simple type that an annotation means; TypeError for none.
    pub(super) fn simple_type_of(&mut self, annotation: &Bound<'py, PyAny>) -> PyResult<usize> {
        let address = annotation.as_ptr() as usize;
        if let Some((_, index)) = self.simple.by_annotation.get(&address) {
            return Ok(*index);
        }
        let index = self.new_simple_type(annotation)?;
        self.simple.by_annotation.insert(address, (annotation.clone(), index));
        Ok(index)
    }

    fn new_simple_type(&mut self, annotation: &Bound<'py, PyAny>) -> PyResult<usize> {
        if let Ok(class) = annotation.cast::<PyType>() {
            if class.is_subclass(&self.words.enumeration)? {
                return self.enumeration(class);
            }
            return self.plain(annotation);
        }
        match annotation.getattr_opt(intern!(self.py, "__metadata__"))? {
            Some(metadata) if metadata.len()? > 0 => {
                let origin = annotation.getattr(intern!(self.py, "__origin__"))?;
                self.derived(&origin, metadata.cast::<PyTuple>()?)
            }
            _ => self.plain(annotation),
        }
    }

    /// The built-in type that a plain Python type means.
    fn plain(&self, python_type: &Bound<'py, PyAny>) -> PyResult<usize> {
        let py = self.py;
        let name = if python_type.is(py.get_type::<PyString>()) {
            "string"
        } else if python_type.is(py.get_type::<PyBool>()) {
            "boolean"
        } else if python_type.is(py.get_type::<PyInt>()) {
            "integer"
        } else if python_type.is(py.get_type::<PyFloat>()) {
            "double"
        } else if self.is_decimal(python_type)? {
            "decimal"
        } else {
            return Err(refuse(format!("{} is no simple type", python_type.repr()?)));
        };
        self.built_in(name)
    }

    /// The module decimal takes long to load: a type that is in it has loaded it.
    fn is_decimal(&self, python_type: &Bound<'py, PyAny>) -> PyResult<bool> {
        if !python_type.is_instance_of::<PyType>() {
            return Ok(false);
        }
        let Ok(decimal) = self.words.modules.get_item(intern!(self.py, "decimal")) else { return Ok(false) };
        Ok(decimal.getattr(intern!(self.py, "Decimal"))?.is(python_type))
    }

    fn built_in(&self, name: &str) -> PyResult<usize> {
        index_of(name).ok_or_else(|| refuse(format!("XML Schema has no simple type {name:?}")))
    }

    fn enumeration(&mut self, class: &Bound<'py, PyType>) -> PyResult<usize> {
        let py = self.py;
        let marker = class.getattr_opt(intern!(py, "__exi_type__"))?;
        let name = marker.map(|marker| name_of(&marker)).transpose()?.flatten();
        if let Some(known) = name.as_ref().and_then(|name| self.simple.named(name)) {
            return Ok(known);
        }
        let mut enumeration = Vec::new();
        let mut values = Vec::new();
        for member in class.try_iter()? {
            let member = member?;
            // The property `value` is written in Python, and slow.
            enumeration.push(member.getattr(intern!(py, "_value_"))?.extract()?);
            values.push(member.unbind());
        }
        let base = Some(self.built_in("string")?);
        let made = SimpleType { name, base, enumeration, ..SimpleType::plain(Primitive::String) };
        Ok(self.simple.add(made, values))
    }

    fn derived(&mut self, origin: &Bound<'py, PyAny>, metadata: &Bound<'py, PyTuple>) -> PyResult<usize> {
        let mut steps = self.steps(metadata)?;
        let mut index = self.start(origin, &mut steps)?;
        for step in steps {
            index = match step.name.as_ref().and_then(|name| self.simple.named(name)) {
                Some(known) => known,
                None => {
                    let mut made = self.simple.found[index].clone();
                    made.name = step.name;
                    made.base = Some(index);
                    self.restrict(&mut made, &step.facets)?;
                    self.simple.add(made, Vec::new())
                }
            };
        }
        Ok(index)
    }

    fn steps(&self, metadata: &Bound<'py, PyTuple>) -> PyResult<Vec<Step<'py>>> {
        let mut steps: Vec<Step<'py>> = Vec::new();
        for item in metadata {
            if item.get_type().is(&self.words.type_name) {
                steps.push(Step { name: name_of(&item)?, facets: Vec::new() });
                continue;
            }
            match steps.last_mut() {
                Some(step) => step.facets.push(item),
                None => steps.push(Step { name: None, facets: vec![item] }),
            }
        }
        Ok(steps)
    }

    /// The type from which the steps derive; takes a leading built-in step off the list.
    fn start(&mut self, origin: &Bound<'py, PyAny>, steps: &mut Vec<Step<'py>>) -> PyResult<usize> {
        let Some(first) = steps.first() else { return self.plain(origin) };
        if let Some(name) = first.name.as_ref().filter(|name| name.uri == XSD) {
            let index = self.built_in(&name.local)?;
            steps.remove(0);
            return Ok(index);
        }
        let list = first.facets.iter().find(|facet| facet.get_type().is(&self.words.list_of)).cloned();
        match list {
            Some(list) => self.list(&list.getattr(intern!(self.py, "item"))?),
            None => self.plain(origin),
        }
    }

    fn list(&mut self, item: &Bound<'py, PyAny>) -> PyResult<usize> {
        let base = Some(self.built_in("anySimpleType")?);
        let item = Some(self.simple_type_of(item)?);
        let made = SimpleType { base, item, ..SimpleType::plain(Primitive::List) };
        Ok(self.simple.add(made, Vec::new()))
    }
}

/// The name in a `TypeName`.
fn name_of(marker: &Bound<'_, PyAny>) -> PyResult<Option<QName>> {
    some(marker.getattr(intern!(marker.py(), "name"))?).map(|name| qname(&name)).transpose()
}
