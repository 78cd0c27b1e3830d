//! Components as Python objects (`evproto.exi.schema`), for those who look at them.

use exi_core::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term,
    TypeRef, WhiteSpace, Wildcard,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::schema::Classes;

/// The schema as a Python `Schema`.
pub fn schema<'py>(py: Python<'py>, schema: &Schema, classes: &Classes) -> PyResult<Bound<'py, PyAny>> {
    let mut view = View { py, home: py.import("evproto.exi.schema")?, classes, part: 0 };
    let simple = schema.simple_types.iter().zip(&classes.values);
    let simple =
        simple.map(|(simple, values)| view.simple_type(simple, values)).collect::<PyResult<Vec<_>>>()?;
    let complex = schema.complex_types.iter().enumerate();
    let complex = complex.map(|(at, one)| view.complex_type(at, one)).collect::<PyResult<Vec<_>>>()?;
    let elements = schema.elements.iter().map(|one| view.element(one)).collect::<PyResult<Vec<_>>>()?;
    let attributes = schema.attributes.iter();
    let attributes = attributes.map(|(name, simple)| Ok((view.qname(name)?, simple)));
    let values = PyDict::new(py);
    values.set_item("namespaces", PyTuple::new(py, &schema.namespaces)?)?;
    values.set_item("simple_types", PyTuple::new(py, simple)?)?;
    values.set_item("complex_types", PyTuple::new(py, complex)?)?;
    values.set_item("elements", PyTuple::new(py, elements)?)?;
    values.set_item("attributes", PyTuple::new(py, attributes.collect::<PyResult<Vec<_>>>()?)?)?;
    view.made("Schema", &values)
}

struct View<'py, 'c> {
    py: Python<'py>,
    home: Bound<'py, PyModule>,
    classes: &'c Classes,
    /// The next part, as [`Classes::wrappers`] counts them.
    part: usize,
}

type Made<'py> = PyResult<Bound<'py, PyAny>>;

impl<'py> View<'py, '_> {
    fn made(&self, class: &str, values: &Bound<'py, PyDict>) -> Made<'py> {
        self.home.getattr(class)?.call((), Some(values))
    }

    fn qname(&self, name: &QName) -> Made<'py> {
        self.home.getattr("QName")?.call1((&name.uri, &name.local))
    }

    fn optional_qname(&self, name: Option<&QName>) -> PyResult<Option<Bound<'py, PyAny>>> {
        name.map(|name| self.qname(name)).transpose()
    }

    /// A member of one of the enumerations, by its number.
    fn member(&self, enumeration: &str, number: usize) -> Made<'py> {
        self.home.getattr(enumeration)?.call1((number,))
    }

    fn simple_type(&self, simple: &SimpleType, members: &[Py<PyAny>]) -> Made<'py> {
        let py = self.py;
        let primitive = Primitive::ALL.iter().position(|one| *one == simple.primitive);
        let white_space = WhiteSpace::ALL.iter().position(|one| *one == simple.white_space);
        let charset =
            simple.charset.as_ref().map(|all| all.iter().map(|one| *one as u32).collect::<Vec<_>>());
        let values = PyDict::new(py);
        values.set_item("name", self.optional_qname(simple.name.as_ref())?)?;
        values.set_item("primitive", self.member("Primitive", primitive.unwrap_or_default())?)?;
        values.set_item("base", simple.base)?;
        values.set_item("item", simple.item)?;
        values.set_item("enumeration", PyTuple::new(py, &simple.enumeration)?)?;
        values.set_item("minimum", simple.minimum)?;
        values.set_item("maximum", simple.maximum)?;
        values.set_item("min_length", simple.min_length)?;
        values.set_item("max_length", simple.max_length)?;
        values.set_item("charset", charset.map(|codes| PyTuple::new(py, codes)).transpose()?)?;
        values.set_item("has_pattern", simple.has_pattern)?;
        values.set_item("white_space", self.member("WhiteSpace", white_space.unwrap_or_default())?)?;
        if !members.is_empty() {
            values.set_item("values", PyTuple::new(py, members)?)?;
        }
        self.made("SimpleType", &values)
    }

    fn complex_type(&mut self, at: usize, complex: &ComplexType) -> Made<'py> {
        let py = self.py;
        let attributes =
            complex.attributes.iter().map(|one| self.attribute(one)).collect::<PyResult<Vec<_>>>()?;
        self.part += attributes.len();
        let wildcard = complex.attribute_wildcard.as_ref().map(|one| self.wildcard(one)).transpose()?;
        let values = PyDict::new(py);
        let number = match &complex.content {
            Content::Empty => 0,
            Content::Simple(simple) => {
                values.set_item("simple", simple)?;
                1
            }
            Content::Elements(particle) => {
                values.set_item("particle", self.particle(particle)?)?;
                2
            }
            Content::Mixed(particle) => {
                if !matches!(&particle.term, Term::Sequence(children) if children.is_empty()) {
                    values.set_item("particle", self.particle(particle)?)?;
                }
                3
            }
        };
        values.set_item("name", self.optional_qname(complex.name.as_ref())?)?;
        values.set_item("content", self.member("Content", number)?)?;
        values.set_item("base", complex.base)?;
        values.set_item("abstract", complex.is_abstract)?;
        values.set_item("attributes", PyTuple::new(py, attributes)?)?;
        values.set_item("attribute_wildcard", wildcard)?;
        if let Some(Some((class, fields))) = self.classes.classes.get(at) {
            values.set_item("cls", class)?;
            values.set_item("fields", PyTuple::new(py, fields)?)?;
        }
        values.set_item("text_slot", complex.text_slot)?;
        self.made("ComplexType", &values)
    }

    fn attribute(&self, attribute: &AttributeUse) -> Made<'py> {
        let values = PyDict::new(self.py);
        values.set_item("name", self.qname(&attribute.name)?)?;
        values.set_item("type", attribute.simple)?;
        values.set_item("required", attribute.required)?;
        values.set_item("slot", attribute.slot)?;
        self.made("AttributeUse", &values)
    }

    fn particle(&mut self, particle: &Particle) -> Made<'py> {
        let values = PyDict::new(self.py);
        values.set_item("minimum", particle.minimum)?;
        values.set_item("maximum", particle.maximum)?;
        match &particle.term {
            Term::Element(element) => {
                values.set_item("element", element)?;
                values.set_item("wrapper", self.classes.wrappers.get(self.part).and_then(Option::as_ref))?;
                self.part += 1;
            }
            Term::Wildcard(wildcard) => {
                values.set_item("wildcard", self.wildcard(wildcard)?)?;
                self.part += 1;
            }
            Term::Sequence(children) => self.group(&values, 0, children)?,
            Term::Choice(children) => self.group(&values, 1, children)?,
            Term::All(children) => self.group(&values, 2, children)?,
        }
        values.set_item("slot", particle.slot)?;
        values.set_item("repeated", particle.repeated)?;
        self.made("Particle", &values)
    }

    fn group(&mut self, values: &Bound<'py, PyDict>, number: usize, children: &[Particle]) -> PyResult<()> {
        let children = children.iter().map(|child| self.particle(child)).collect::<PyResult<Vec<_>>>()?;
        values.set_item("group", self.member("Group", number)?)?;
        values.set_item("children", PyTuple::new(self.py, children)?)
    }

    fn wildcard(&self, wildcard: &Wildcard) -> Made<'py> {
        let (number, uris) = match wildcard {
            Wildcard::Any => (0, &[][..]),
            Wildcard::Other => (1, &[][..]),
            Wildcard::Uris(uris) => (2, uris.as_slice()),
        };
        let kind = self.member("WildcardKind", number)?;
        self.home.getattr("Wildcard")?.call1((kind, PyTuple::new(self.py, uris)?))
    }

    fn element(&self, element: &Element) -> Made<'py> {
        let (is_complex, index) = match element.type_ref {
            TypeRef::Simple(index) => (false, index),
            TypeRef::Complex(index) => (true, index),
        };
        let values = PyDict::new(self.py);
        values.set_item("name", self.qname(&element.name)?)?;
        values.set_item("type", self.home.getattr("TypeRef")?.call1((is_complex, index))?)?;
        values.set_item("is_global", element.is_global)?;
        values.set_item("nillable", element.nillable)?;
        values.set_item("abstract", element.is_abstract)?;
        values.set_item("substitutes", element.substitutes)?;
        self.made("Element", &values)
    }
}
