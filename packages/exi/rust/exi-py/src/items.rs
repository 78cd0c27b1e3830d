//! Items of a stream as events in Python, and back. Names are shared.

use std::collections::HashMap;
use std::sync::Arc;

use exi_core::stream::{Item, Name};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

use crate::infoset::{
    Attribute, Characters, Comment, Doctype, EndDocument, EndElement, EntityReference, NamespaceDeclaration,
    ProcessingInstruction, SelfContained, StartDocument, StartElement, XsiNil, XsiType,
};

/// Names that are kept to be shared; beyond it they are forgotten.
const MAX_NAMES: usize = 8192;

static QNAME: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Makes events of items.
#[derive(Default)]
pub struct Events {
    /// By the addresses of their strings, which the name keeps alive.
    names: HashMap<(usize, usize), (Name, Py<PyAny>)>,
}

impl Events {
    /// The event of an item.
    pub fn event(&mut self, py: Python<'_>, item: Item) -> PyResult<Py<PyAny>> {
        Ok(match item {
            Item::StartElement { name, prefix } => {
                object(py, StartElement::new(self.name(py, &name)?, optional(py, prefix)))?
            }
            Item::EndElement => object(py, EndElement::new())?,
            Item::Characters(text) => object(py, Characters::new(string(py, &text)))?,
            Item::Attribute { name, prefix, value } => {
                let name = self.name(py, &name)?;
                object(py, Attribute::new(name, string(py, &value), optional(py, prefix)))?
            }
            Item::Type { prefix, name, value_prefix, text } => {
                let (prefix, value_prefix) = (optional(py, prefix), optional(py, value_prefix));
                object(py, XsiType::new(self.name(py, &name)?, prefix, value_prefix, optional(py, text)))?
            }
            Item::Nil { prefix, value, text } => {
                object(py, XsiNil::new(value, optional(py, prefix), optional(py, text)))?
            }
            Item::Namespace { prefix, uri, local_element } => {
                let (uri, prefix) = (string(py, &uri), string(py, &prefix));
                object(py, NamespaceDeclaration::new(uri, prefix, local_element))?
            }
            Item::Comment(text) => object(py, Comment::new(string(py, &text)))?,
            Item::ProcessingInstruction { target, text } => {
                object(py, ProcessingInstruction::new(string(py, &target), string(py, &text)))?
            }
            Item::DocType { name, public, system, text } => {
                let some = |text: Arc<str>| optional(py, Some(text).filter(|text| !text.is_empty()));
                object(py, Doctype::new(string(py, &name), some(public), some(system), some(text)))?
            }
            Item::EntityReference(name) => object(py, EntityReference::new(string(py, &name)))?,
            Item::SelfContained => object(py, SelfContained::new())?,
            Item::StartDocument => object(py, StartDocument::new())?,
            Item::EndDocument => object(py, EndDocument::new())?,
        })
    }

    fn name(&mut self, py: Python<'_>, name: &Name) -> PyResult<Py<PyAny>> {
        let key = (name.uri.as_ptr() as usize, name.local.as_ptr() as usize);
        if let Some((_, known)) = self.names.get(&key) {
            return Ok(known.clone_ref(py));
        }
        let class = QNAME.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
            Ok(py.import("evproto.exi.schema")?.getattr("QName")?.unbind())
        })?;
        let made = class.call1(py, (&*name.uri, &*name.local))?;
        if self.names.len() == MAX_NAMES {
            self.names.clear();
        }
        self.names.insert(key, (name.clone(), made.clone_ref(py)));
        Ok(made)
    }
}

fn object<'py, T>(py: Python<'py>, event: T) -> PyResult<Py<PyAny>>
where
    T: pyo3::PyClass + Into<pyo3::PyClassInitializer<T>>,
{
    Ok(Py::new(py, event)?.into_any())
}

fn string(py: Python<'_>, text: &str) -> Py<PyAny> {
    PyString::new(py, text).into_any().unbind()
}

fn optional(py: Python<'_>, text: Option<Arc<str>>) -> Option<Py<PyAny>> {
    text.map(|text| string(py, &text))
}

/// Makes items of events.
#[derive(Default)]
pub struct Items {
    /// By the addresses of the Python objects, which are kept alive.
    names: HashMap<usize, (Py<PyAny>, Name)>,
}

impl Items {
    /// The item of an event; TypeError for anything else.
    pub fn item(&mut self, event: &Bound<'_, PyAny>) -> PyResult<Item> {
        let py = event.py();
        if let Ok(event) = event.cast::<StartElement>() {
            let event = event.get();
            let (name, prefix) = (self.name(event.name.bind(py))?, maybe(py, event.prefix.as_ref())?);
            return Ok(Item::StartElement { name, prefix });
        }
        if event.is_instance_of::<EndElement>() {
            return Ok(Item::EndElement);
        }
        if let Ok(event) = event.cast::<Characters>() {
            return Ok(Item::Characters(text(event.get().text.bind(py))?));
        }
        if let Ok(event) = event.cast::<Attribute>() {
            let event = event.get();
            let (name, prefix) = (self.name(event.name.bind(py))?, maybe(py, event.prefix.as_ref())?);
            return Ok(Item::Attribute { name, prefix, value: text(event.value.bind(py))? });
        }
        self.rare(event)
    }

    fn rare(&mut self, event: &Bound<'_, PyAny>) -> PyResult<Item> {
        let py = event.py();
        if let Ok(event) = event.cast::<XsiType>() {
            let event = event.get();
            return Ok(Item::Type {
                prefix: maybe(py, event.prefix.as_ref())?,
                name: self.name(event.name.bind(py))?,
                value_prefix: maybe(py, event.value_prefix.as_ref())?,
                text: maybe(py, event.text.as_ref())?,
            });
        }
        if let Ok(event) = event.cast::<XsiNil>() {
            let event = event.get();
            let (prefix, text) = (maybe(py, event.prefix.as_ref())?, maybe(py, event.text.as_ref())?);
            return Ok(Item::Nil { prefix, value: event.value, text });
        }
        if let Ok(event) = event.cast::<NamespaceDeclaration>() {
            let event = event.get();
            let (prefix, uri) = (text(event.prefix.bind(py))?, text(event.uri.bind(py))?);
            return Ok(Item::Namespace { prefix, uri, local_element: event.local_element });
        }
        if let Ok(event) = event.cast::<Comment>() {
            return Ok(Item::Comment(text(event.get().text.bind(py))?));
        }
        if let Ok(event) = event.cast::<ProcessingInstruction>() {
            let event = event.get();
            let (target, text) = (text(event.target.bind(py))?, text(event.text.bind(py))?);
            return Ok(Item::ProcessingInstruction { target, text });
        }
        outside(event)
    }

    fn name(&mut self, name: &Bound<'_, PyAny>) -> PyResult<Name> {
        let key = name.as_ptr() as usize;
        if let Some((_, known)) = self.names.get(&key) {
            return Ok(known.clone());
        }
        let made = match name.extract::<(String, String)>() {
            Ok((uri, local)) => Name::new(&uri, &local),
            Err(_) => return Err(wrong_type("a QName", name)),
        };
        if self.names.len() == MAX_NAMES {
            self.names.clear();
        }
        self.names.insert(key, (name.clone().unbind(), made.clone()));
        Ok(made)
    }
}

/// What does not stand inside of elements, as a rule.
fn outside(event: &Bound<'_, PyAny>) -> PyResult<Item> {
    let py = event.py();
    if let Ok(event) = event.cast::<Doctype>() {
        let event = event.get();
        let some = |part: &Option<Py<PyAny>>| Ok::<_, PyErr>(maybe(py, part.as_ref())?.unwrap_or_default());
        let (public, system) = (some(&event.public)?, some(&event.system)?);
        return Ok(Item::DocType {
            name: text(event.name.bind(py))?,
            public,
            system,
            text: some(&event.text)?,
        });
    }
    if let Ok(event) = event.cast::<EntityReference>() {
        return Ok(Item::EntityReference(text(event.get().name.bind(py))?));
    }
    if event.is_instance_of::<StartDocument>() {
        return Ok(Item::StartDocument);
    }
    if event.is_instance_of::<EndDocument>() {
        return Ok(Item::EndDocument);
    }
    if event.is_instance_of::<SelfContained>() {
        return Ok(Item::SelfContained);
    }
    Err(wrong_type("an event", event))
}

fn text(object: &Bound<'_, PyAny>) -> PyResult<Arc<str>> {
    match object.cast::<PyString>() {
        Ok(text) => Ok(text.to_str()?.into()),
        Err(_) => Err(wrong_type("str", object)),
    }
}

fn maybe(py: Python<'_>, object: Option<&Py<PyAny>>) -> PyResult<Option<Arc<str>>> {
    object.map(|object| text(object.bind(py))).transpose()
}

fn wrong_type(wanted: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let name = object.get_type().getattr(intern!(object.py(), "__name__"));
    let name = name.map(|name| name.to_string()).unwrap_or_default();
    PyTypeError::new_err(format!("{wanted} was expected, not {name}"))
}
