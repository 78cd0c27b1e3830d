//! What a class says of its XML type, and what its fields are.

use std::rc::Rc;

use exi_core::schema::QName;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use super::place::placed;
use super::words::Words;
use super::Reader;

/// The least and the greatest number of copies; None is unbounded.
pub type Occurs = (u32, Option<u32>);

/// `evproto.exi.declare.Declaration`.
pub struct Declaration<'py> {
    pub class: Bound<'py, PyType>,
    pub parent: Option<usize>,
    pub space: Space,
    pub type_name: Option<String>,
    pub element: Option<String>,
    pub element_is_global: bool,
    pub is_abstract: bool,
    pub mixed: bool,
    pub simple: bool,
    pub content: Option<Bound<'py, PyAny>>,
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
    pub spec: Rc<Spec<'py>>,
    /// The topmost of the class and its bases that has the field.
    pub owner: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Element,
    Ref,
    Attribute,
    Text,
    Wildcard,
    Children,
}

/// `evproto.exi.fields.FieldSpec`.
pub struct Spec<'py> {
    pub kind: Kind,
    pub name: String,
    pub has_default: bool,
    pub occurs: Option<Occurs>,
    pub nillable: bool,
    pub qualified: Option<bool>,
    pub term: Option<Bound<'py, PyAny>>,
}

impl Declaration<'_> {
    /// The name of the class.
    pub fn name(&self) -> String {
        self.class.name().map(|name| name.to_string()).unwrap_or_default()
    }

    pub fn qname(&self, local: &str) -> QName {
        QName { uri: self.space.uri.clone(), local: local.to_owned() }
    }

    /// Whether the class stands for something in a schema, rather than carrying a namespace.
    pub fn is_type(&self) -> bool {
        self.type_name.is_some() || self.element.is_some()
    }

    /// The slot of a field.
    pub fn slot(&self, name: &Bound<'_, PyString>) -> PyResult<Option<usize>> {
        if let Some(slot) = self.fields.iter().position(|field| field.name.is(name)) {
            return Ok(Some(slot));
        }
        let name = name.to_str()?;
        Ok(self.fields.iter().position(|field| field.name.to_str().is_ok_and(|known| known == name)))
    }
}

impl<'py> Reader<'py> {
    /// Where a declaration is among the known ones; it becomes one if it was not.
    pub(super) fn declaration(&mut self, object: &Bound<'py, PyAny>) -> PyResult<usize> {
        let address = object.as_ptr() as usize;
        if let Some(at) = self.by_object.get(&address) {
            return Ok(*at);
        }
        let py = self.py;
        let parent = some(object.getattr(intern!(py, "parent"))?);
        let parent = parent.map(|parent| self.declaration(&parent)).transpose()?;
        let at = self.known.len();
        let fields = parent.map_or_else(Vec::new, |parent| self.known[parent].fields.clone());
        let mut read = Declaration {
            class: object.getattr(intern!(py, "cls"))?.cast_into()?,
            parent,
            space: space(&object.getattr(intern!(py, "namespace"))?)?,
            type_name: object.getattr(intern!(py, "type_name"))?.extract()?,
            element: object.getattr(intern!(py, "element"))?.extract()?,
            element_is_global: object.getattr(intern!(py, "element_is_global"))?.is_truthy()?,
            is_abstract: object.getattr(intern!(py, "abstract"))?.is_truthy()?,
            mixed: object.getattr(intern!(py, "mixed"))?.is_truthy()?,
            simple: object.getattr(intern!(py, "simple"))?.is_truthy()?,
            content: some(object.getattr(intern!(py, "content"))?),
            inherited: fields.len(),
            fields,
        };
        read.take(&self.words, object.getattr(intern!(py, "own"))?.cast::<PyDict>()?, at)?;
        self.known.push(read);
        self.models.push(None);
        self.by_object.insert(address, at);
        Ok(at)
    }
}

impl<'py> Declaration<'py> {
    /// Takes the fields that the class itself declares.
    fn take(&mut self, words: &Words<'py>, own: &Bound<'py, PyDict>, owner: usize) -> PyResult<()> {
        for (name, spec) in own {
            let name = name.cast_into::<PyString>()?;
            let spec = Rc::new(Spec::read(words, &spec).map_err(|error| placed(self, &name, error))?);
            match self.slot(&name)? {
                Some(slot) => self.fields[slot].spec = spec,
                None => self.fields.push(Field { name, spec, owner }),
            }
        }
        Ok(())
    }
}

impl<'py> Spec<'py> {
    fn read(words: &Words<'py>, spec: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = spec.py();
        let kind = spec.getattr(intern!(py, "kind"))?.cast_into::<PyString>()?;
        Ok(Self {
            kind: match kind.to_str()? {
                "element" => Kind::Element,
                "ref" => Kind::Ref,
                "attribute" => Kind::Attribute,
                "text" => Kind::Text,
                "wildcard" => Kind::Wildcard,
                _ => Kind::Children,
            },
            name: spec.getattr(intern!(py, "name"))?.extract()?,
            has_default: !spec.getattr(intern!(py, "default"))?.is(&words.missing),
            occurs: spec.getattr(intern!(py, "occurs"))?.extract()?,
            nillable: spec.getattr(intern!(py, "nillable"))?.is_truthy()?,
            qualified: spec.getattr(intern!(py, "qualified"))?.extract()?,
            term: some(spec.getattr(intern!(py, "term"))?),
        })
    }
}

fn space(namespace: &Bound<'_, PyAny>) -> PyResult<Space> {
    let py = namespace.py();
    if namespace.is_none() {
        return Ok(Space::default());
    }
    Ok(Space {
        uri: namespace.getattr(intern!(py, "uri"))?.extract()?,
        qualified_elements: namespace.getattr(intern!(py, "qualified_elements"))?.is_truthy()?,
        qualified_attributes: namespace.getattr(intern!(py, "qualified_attributes"))?.is_truthy()?,
    })
}

/// An object that is not None.
pub fn some(object: Bound<'_, PyAny>) -> Option<Bound<'_, PyAny>> {
    (!object.is_none()).then_some(object)
}
