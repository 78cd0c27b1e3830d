//! Reads a Python `Schema` into the components of exi-core, with what binds them to classes.

use std::sync::Arc;

use exi_core::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term,
    TypeRef, WhiteSpace, Wildcard,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::components::Components;

/// A class and the names of its fields.
pub type BoundClass = (Py<PyAny>, Vec<Py<PyString>>);

/// What a schema says about classes; the vectors run parallel to those of [`Schema`].
#[derive(Default)]
pub struct Classes {
    /// Per complex type: its class and the names of the fields.
    pub classes: Vec<Option<BoundClass>>,
    /// Per simple type: the objects of its enumeration.
    pub values: Vec<Vec<Py<PyAny>>>,
    /// Per part (see `Tables::parts`): the wrapper class.
    pub wrappers: Vec<Option<Py<PyAny>>>,
    /// Per complex type: the slots that hold tuples.
    pub repeated: Vec<Vec<u16>>,
}

impl Classes {
    /// The same once more.
    pub fn again(&self, py: Python<'_>) -> Self {
        let class = |(class, fields): &BoundClass| {
            (class.clone_ref(py), fields.iter().map(|field| field.clone_ref(py)).collect())
        };
        Self {
            classes: self.classes.iter().map(|entry| entry.as_ref().map(class)).collect(),
            values: self
                .values
                .iter()
                .map(|of| of.iter().map(|value| value.clone_ref(py)).collect())
                .collect(),
            wrappers: self
                .wrappers
                .iter()
                .map(|class| class.as_ref().map(|class| class.clone_ref(py)))
                .collect(),
            repeated: self.repeated.clone(),
        }
    }
}

/// Reads the schema.
pub fn read(schema: &Bound<'_, PyAny>) -> PyResult<(Arc<Schema>, Classes)> {
    if let Ok(components) = schema.cast::<Components>() {
        let components = components.get();
        return Ok((Arc::clone(&components.schema), components.classes.again(schema.py())));
    }
    let mut bound = Classes::default();
    let py = schema.py();
    let mut out =
        Schema { namespaces: schema.getattr(intern!(py, "namespaces"))?.extract()?, ..Schema::default() };
    for simple in schema.getattr(intern!(py, "simple_types"))?.try_iter()? {
        out.simple_types.push(simple_type(&simple?, &mut bound)?);
    }
    for complex in schema.getattr(intern!(py, "complex_types"))?.try_iter()? {
        out.complex_types.push(complex_type(&complex?, &mut bound)?);
    }
    for element in schema.getattr(intern!(py, "elements"))?.try_iter()? {
        out.elements.push(read_element(&element?)?);
    }
    for attribute in schema.getattr(intern!(py, "attributes"))?.try_iter()? {
        let (name, simple): (Bound<'_, PyAny>, usize) = attribute?.extract()?;
        out.attributes.push((qname(&name)?, simple));
    }
    Ok((Arc::new(out), bound))
}

/// A `QName` named tuple.
pub fn qname(value: &Bound<'_, PyAny>) -> PyResult<QName> {
    let (uri, local) = value.extract()?;
    Ok(QName { uri, local })
}

fn optional_qname(owner: &Bound<'_, PyAny>) -> PyResult<Option<QName>> {
    let name = owner.getattr(intern!(owner.py(), "name"))?;
    (!name.is_none()).then(|| qname(&name)).transpose()
}

fn simple_type(simple: &Bound<'_, PyAny>, bound: &mut Classes) -> PyResult<SimpleType> {
    let py = simple.py();
    let number: usize = simple.getattr(intern!(py, "primitive"))?.extract()?;
    let primitive = Primitive::ALL.get(number).copied();
    let primitive = primitive.ok_or_else(|| PyValueError::new_err(format!("no primitive {number}")))?;
    let enumeration: Vec<String> = simple.getattr(intern!(py, "enumeration"))?.extract()?;
    let values = simple.getattr(intern!(py, "values"))?;
    bound.values.push(if values.is_none() {
        enumeration.iter().map(|text| PyString::new(py, text).into_any().unbind()).collect()
    } else {
        values.extract()?
    });
    if bound.values.last().is_some_and(|values| values.len() != enumeration.len()) {
        return Err(PyValueError::new_err("an enumeration with more or fewer values than lexical forms"));
    }
    let charset: Option<Vec<u32>> = simple.getattr(intern!(py, "charset"))?.extract()?;
    Ok(SimpleType {
        name: optional_qname(simple)?,
        primitive,
        base: simple.getattr(intern!(py, "base"))?.extract()?,
        item: simple.getattr(intern!(py, "item"))?.extract()?,
        enumeration,
        minimum: simple.getattr(intern!(py, "minimum"))?.extract()?,
        maximum: simple.getattr(intern!(py, "maximum"))?.extract()?,
        min_length: simple.getattr(intern!(py, "min_length"))?.extract()?,
        max_length: simple.getattr(intern!(py, "max_length"))?.extract()?,
        charset: charset.map(|codes| codes.into_iter().filter_map(char::from_u32).collect()),
        has_pattern: simple.getattr(intern!(py, "has_pattern"))?.extract()?,
        white_space: white_space(simple.getattr(intern!(py, "white_space"))?.extract()?)?,
    })
}

fn white_space(number: usize) -> PyResult<WhiteSpace> {
    let found = WhiteSpace::ALL.get(number).copied();
    found.ok_or_else(|| PyValueError::new_err(format!("no white space {number}")))
}

fn complex_type(complex: &Bound<'_, PyAny>, bound: &mut Classes) -> PyResult<ComplexType> {
    let py = complex.py();
    let cls = complex.getattr(intern!(py, "cls"))?;
    let fields: Vec<Py<PyString>> = complex.getattr(intern!(py, "fields"))?.extract()?;
    bound.classes.push((!cls.is_none()).then(|| (cls.unbind(), fields)));
    bound.repeated.push(Vec::new());
    let mut attributes = Vec::new();
    for attribute in complex.getattr(intern!(py, "attributes"))?.try_iter()? {
        attributes.push(attribute_use(&attribute?)?);
        bound.wrappers.push(None);
    }
    let text_slot: Option<u16> = complex.getattr(intern!(py, "text_slot"))?.extract()?;
    let content = content(complex, bound)?;
    if let (Content::Mixed(_), Some(slot), Some(repeated)) = (&content, text_slot, bound.repeated.last_mut())
    {
        repeated.push(slot);
    }
    let wildcard = complex.getattr(intern!(py, "attribute_wildcard"))?;
    Ok(ComplexType {
        name: optional_qname(complex)?,
        base: complex.getattr(intern!(py, "base"))?.extract()?,
        is_abstract: complex.getattr(intern!(py, "abstract"))?.extract()?,
        attributes,
        attribute_wildcard: (!wildcard.is_none()).then(|| read_wildcard(&wildcard)).transpose()?,
        content,
        text_slot,
    })
}

fn content(complex: &Bound<'_, PyAny>, bound: &mut Classes) -> PyResult<Content> {
    let py = complex.py();
    let kind: u8 = complex.getattr(intern!(py, "content"))?.extract()?;
    let model = complex.getattr(intern!(py, "particle"))?;
    if kind == 1 {
        let simple: Option<usize> = complex.getattr(intern!(py, "simple"))?.extract()?;
        let missing = || PyTypeError::new_err("simple content without a simple type");
        return Ok(Content::Simple(simple.ok_or_else(missing)?));
    }
    if kind == 0 {
        return Ok(Content::Empty);
    }
    let particle = match model.is_none() {
        true => Particle::one(Term::Sequence(Vec::new())),
        false => particle(&model, bound)?,
    };
    Ok(if kind == 3 { Content::Mixed(particle) } else { Content::Elements(particle) })
}

fn attribute_use(attribute: &Bound<'_, PyAny>) -> PyResult<AttributeUse> {
    let py = attribute.py();
    Ok(AttributeUse {
        name: qname(&attribute.getattr(intern!(py, "name"))?)?,
        simple: attribute.getattr(intern!(py, "type"))?.extract()?,
        required: attribute.getattr(intern!(py, "required"))?.extract()?,
        slot: attribute.getattr(intern!(py, "slot"))?.extract()?,
    })
}

fn particle(given: &Bound<'_, PyAny>, bound: &mut Classes) -> PyResult<Particle> {
    let py = given.py();
    let slot: Option<u16> = given.getattr(intern!(py, "slot"))?.extract()?;
    let repeated: bool = given.getattr(intern!(py, "repeated"))?.extract()?;
    if let (Some(slot), true, Some(slots)) = (slot, repeated, bound.repeated.last_mut()) {
        slots.push(slot);
    }
    Ok(Particle {
        minimum: given.getattr(intern!(py, "minimum"))?.extract()?,
        maximum: given.getattr(intern!(py, "maximum"))?.extract()?,
        term: term(given, bound)?,
        slot,
        repeated,
    })
}

fn term(given: &Bound<'_, PyAny>, bound: &mut Classes) -> PyResult<Term> {
    let py = given.py();
    let element: Option<usize> = given.getattr(intern!(py, "element"))?.extract()?;
    let wildcard = given.getattr(intern!(py, "wildcard"))?;
    if element.is_some() || !wildcard.is_none() {
        let wrapper = given.getattr(intern!(py, "wrapper"))?;
        bound.wrappers.push((!wrapper.is_none()).then(|| wrapper.unbind()));
    }
    if let Some(element) = element {
        return Ok(Term::Element(element));
    }
    if !wildcard.is_none() {
        return Ok(Term::Wildcard(read_wildcard(&wildcard)?));
    }
    let group: Option<u8> = given.getattr(intern!(py, "group"))?.extract()?;
    let children = given.getattr(intern!(py, "children"))?.cast_into::<PyTuple>()?;
    let children = children.iter().map(|child| particle(&child, bound)).collect::<PyResult<Vec<_>>>()?;
    match group {
        Some(0) => Ok(Term::Sequence(children)),
        Some(1) => Ok(Term::Choice(children)),
        Some(2) => Ok(Term::All(children)),
        _ => Err(PyTypeError::new_err("a particle without a term")),
    }
}

/// A `Wildcard`.
pub fn read_wildcard(wildcard: &Bound<'_, PyAny>) -> PyResult<Wildcard> {
    let py = wildcard.py();
    let kind: u8 = wildcard.getattr(intern!(py, "kind"))?.extract()?;
    Ok(match kind {
        2 => Wildcard::Uris(wildcard.getattr(intern!(py, "uris"))?.extract()?),
        1 => Wildcard::Other,
        _ => Wildcard::Any,
    })
}

fn read_element(element: &Bound<'_, PyAny>) -> PyResult<Element> {
    let py = element.py();
    let type_ref = element.getattr(intern!(py, "type"))?;
    let is_complex: bool = type_ref.getattr(intern!(py, "is_complex"))?.extract()?;
    let index: usize = type_ref.getattr(intern!(py, "index"))?.extract()?;
    Ok(Element {
        name: qname(&element.getattr(intern!(py, "name"))?)?,
        type_ref: if is_complex { TypeRef::Complex(index) } else { TypeRef::Simple(index) },
        is_global: element.getattr(intern!(py, "is_global"))?.extract()?,
        nillable: element.getattr(intern!(py, "nillable"))?.extract()?,
        is_abstract: element.getattr(intern!(py, "abstract"))?.extract()?,
        substitutes: element.getattr(intern!(py, "substitutes"))?.extract()?,
    })
}
