//! Elements, and the types that annotations mean.

use exi_core::schema::{Element, TypeRef};
use pyo3::intern;
use pyo3::prelude::*;

use super::place::{placed, refuse};
use super::Reader;

impl<'py> Reader<'py> {
    /// Enters the global element of a class, its head before it.
    pub(super) fn global_element_of(&mut self, at: usize) -> PyResult<()> {
        let declaration = &self.known[at];
        let class = declaration.class.as_ptr() as usize;
        let said = declaration.said();
        let Some(element) = said.element.clone().filter(|_| said.element_is_global) else {
            return Ok(());
        };
        if self.global_elements.contains_key(&class) {
            return Ok(());
        }
        let head = declaration.parent.filter(|parent| self.known[*parent].said().element.is_some());
        if let Some(head) = head {
            self.global_element_of(head)?;
        }
        let type_ref = self.type_of(at)?;
        let declaration = &self.known[at];
        let head = head.map(|head| self.known[head].class.as_ptr() as usize);
        let head = head.and_then(|head| self.global_elements.get(&head).copied());
        self.global_elements.insert(class, self.elements.len());
        self.elements.push(Element {
            name: declaration.qname(&element),
            type_ref,
            is_global: true,
            nillable: false,
            is_abstract: declaration.said().is_abstract,
            substitutes: head,
        });
        Ok(())
    }

    /// Enters a `GlobalElement`.
    pub(super) fn global_element(&mut self, declared: &Bound<'py, PyAny>) -> PyResult<()> {
        let type_ref = self.type_ref(&declared.getattr(intern!(self.py, "type"))?)?;
        let name = crate::schema::qname(&declared.getattr(intern!(self.py, "qname"))?)?;
        self.global_elements.insert(declared.as_ptr() as usize, self.elements.len());
        self.kept.push(declared.clone());
        self.elements.push(Element { name, is_global: true, ..local(type_ref) });
        Ok(())
    }

    /// Enters a local element of a class.
    pub(super) fn local_element(
        &mut self,
        at: usize,
        name: &str,
        type_ref: TypeRef,
        nillable: bool,
    ) -> usize {
        let declaration = &self.known[at];
        let mut name = declaration.qname(name);
        if !declaration.space.qualified_elements {
            name.uri.clear();
        }
        self.elements.push(Element { name, nillable, ..local(type_ref) });
        self.elements.len() - 1
    }

    /// The type of the element of a class.
    pub(super) fn type_of(&mut self, at: usize) -> PyResult<TypeRef> {
        if !self.known[at].said().simple {
            let class = self.known[at].class.clone();
            return self.type_ref(class.as_any());
        }
        let value = pyo3::types::PyString::intern(self.py, "value");
        self.simple_type(at, at, &value).map(TypeRef::Simple)
    }

    /// The index of the simple type of a text or an attribute, which stands in the class `owner`.
    pub(super) fn simple_type(
        &mut self,
        at: usize,
        owner: usize,
        field: &Bound<'py, pyo3::types::PyString>,
    ) -> PyResult<usize> {
        let found = self.annotation(owner, field);
        let found = found.and_then(|found| self.simple_type_of(&found.item));
        found.map_err(|error| placed(&self.known[at], field, error))
    }

    /// The type that an annotation means: that of a message class, or a simple one.
    pub(super) fn type_ref(&mut self, item: &Bound<'py, PyAny>) -> PyResult<TypeRef> {
        let address = item.as_ptr() as usize;
        if let Some(known) = self.type_refs.get(&address) {
            return Ok(*known);
        }
        let found = match self.complex_index.get(&address) {
            Some(index) => TypeRef::Complex(*index),
            None if item.getattr_opt(intern!(self.py, "__exi__"))?.is_some() => {
                let name = item.getattr(intern!(self.py, "__name__"))?;
                return Err(refuse(format!("its class {name} is in none of the namespaces of the codec")));
            }
            None => TypeRef::Simple(self.simple_type_of(item)?),
        };
        self.kept.push(item.clone());
        self.type_refs.insert(address, found);
        Ok(found)
    }
}

fn local(type_ref: TypeRef) -> Element {
    Element {
        name: exi_core::schema::QName::default(),
        type_ref,
        is_global: false,
        nillable: false,
        is_abstract: false,
        substitutes: None,
    }
}
