//! Elements that the schema does not know, as `AnyElement` trees.

use exi_core::{Error, ErrorKind, Event, Result};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::binding::Binding;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An `AnyElement` while its parts arrive.
#[derive(Default)]
pub struct AnyBuilder {
    uri: String,
    local: String,
    attributes: Vec<(String, String, String)>,
    content: Vec<Part>,
}

enum Part {
    Text(String),
    Element(AnyBuilder),
}

impl AnyBuilder {
    pub fn new(uri: &str, local: &str) -> Self {
        Self { uri: uri.to_owned(), local: local.to_owned(), ..Self::default() }
    }

    pub fn attribute(&mut self, uri: &str, local: &str, text: String) {
        self.attributes.push((uri.to_owned(), local.to_owned(), text));
    }

    pub fn xsi(&mut self, local: &str, text: String) {
        self.attribute(XSI, local, text);
    }

    pub fn text(&mut self, text: String) {
        if !text.is_empty() {
            self.content.push(Part::Text(text));
        }
    }

    pub fn child(&mut self, child: AnyBuilder) {
        self.content.push(Part::Element(child));
    }

    /// The Python object.
    pub fn build<'py>(&self, py: Python<'py>, binding: &Binding) -> PyResult<Bound<'py, PyAny>> {
        let (Some(element), Some(attribute)) = (&binding.any_element, &binding.any_attribute) else {
            return Ok(py.None().into_bound(py));
        };
        let mut attributes = Vec::new();
        for (uri, local, text) in &self.attributes {
            let fields = PyDict::new(py);
            fields.set_item(intern!(py, "namespace"), uri)?;
            fields.set_item(intern!(py, "name"), local)?;
            fields.set_item(intern!(py, "value"), text)?;
            attributes.push(attribute.bind(py).call((), Some(&fields))?);
        }
        let mut content = Vec::new();
        for part in &self.content {
            content.push(match part {
                Part::Text(text) => PyString::new(py, text).into_any(),
                Part::Element(child) => child.build(py, binding)?,
            });
        }
        let fields = PyDict::new(py);
        fields.set_item(intern!(py, "namespace"), &self.uri)?;
        fields.set_item(intern!(py, "name"), &self.local)?;
        fields.set_item(intern!(py, "attributes"), PyTuple::new(py, attributes)?)?;
        fields.set_item(intern!(py, "content"), PyTuple::new(py, content)?)?;
        element.bind(py).call((), Some(&fields))
    }
}

/// The events of an `AnyElement`, its end included.
pub fn events(element: &Bound<'_, PyAny>, depth: u32, out: &mut Vec<Event>) -> Result<()> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
    };
    read(element, depth, out).map_err(|error| match error {
        Failure::Exi(error) => error,
        Failure::Python(error) => Error::new(ErrorKind::Content, format!("no AnyElement: {error}")),
    })
}

enum Failure {
    Exi(Error),
    Python(PyErr),
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Exi(error)
    }
}

fn read(element: &Bound<'_, PyAny>, depth: u32, out: &mut Vec<Event>) -> std::result::Result<(), Failure> {
    let py = element.py();
    let text =
        |object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>| object.getattr(name)?.extract::<String>();
    let (namespace, name) = (intern!(py, "namespace"), intern!(py, "name"));
    out.push(Event::Start { uri: text(element, namespace)?, local: text(element, name)? });
    for attribute in element.getattr(intern!(py, "attributes"))?.try_iter()? {
        let attribute = attribute?;
        let (uri, local) = (text(&attribute, namespace)?, text(&attribute, name)?);
        out.push(Event::Attribute { uri, local, text: text(&attribute, intern!(py, "value"))? });
    }
    for part in element.getattr(intern!(py, "content"))?.try_iter()? {
        let part = part?;
        match part.cast::<PyString>() {
            Ok(characters) => out.push(Event::Characters(characters.extract::<String>()?)),
            Err(_) => events(&part, depth, out)?,
        }
    }
    out.push(Event::End);
    Ok(())
}
