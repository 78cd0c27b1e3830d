//! `FieldSpec` and `Declaration`: what message classes and their fields say of XML.
//!
//! A program makes them for every class and field when it starts: here that takes no time.

use std::sync::OnceLock;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

/// The least and the greatest number of copies; None is unbounded.
pub type Occurs = (u32, Option<u32>);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Element,
    Ref,
    Attribute,
    Text,
    Wildcard,
    Children,
}

/// What follows the equals sign of a field.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct FieldSpec {
    pub kind: Kind,
    #[pyo3(get)]
    pub name: String,
    #[pyo3(get)]
    pub default: Py<PyAny>,
    occurs: Option<Py<PyAny>>,
    pub nillable: bool,
    pub qualified: Option<bool>,
    pub term: Option<Py<PyAny>>,
}

#[pymethods]
impl FieldSpec {
    #[new]
    #[pyo3(signature = (kind, name, default, occurs=None, nillable=false, qualified=None, term=None))]
    fn new(
        kind: &str,
        name: String,
        default: Py<PyAny>,
        occurs: Option<Py<PyAny>>,
        nillable: bool,
        qualified: Option<bool>,
        term: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let kind = match kind {
            "element" => Kind::Element,
            "ref" => Kind::Ref,
            "attribute" => Kind::Attribute,
            "text" => Kind::Text,
            "wildcard" => Kind::Wildcard,
            "children" => Kind::Children,
            _ => return Err(PyTypeError::new_err(format!("a field is no {kind}"))),
        };
        Ok(Self { kind, name, default, occurs, nillable, qualified, term })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.default)?;
        visit.call(&self.term)
    }
}

impl FieldSpec {
    /// Whether the declaration itself says how often the field occurs.
    pub fn counts(&self) -> bool {
        self.occurs.is_some()
    }

    pub fn occurs(&self, py: Python<'_>) -> PyResult<Option<Occurs>> {
        self.occurs.as_ref().map(|occurs| occurs.extract(py)).transpose()
    }
}

/// What a class says of its XML type; the class holds it as `__exi__`.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Declaration {
    class: OnceLock<Py<PyType>>,
    pub parent: Option<Py<Declaration>>,
    /// The fields that the class itself declares.
    pub own: Vec<(Py<PyString>, Py<FieldSpec>)>,
    pub said: Said,
}

/// The keywords of a class statement.
pub struct Said {
    pub namespace: Option<Py<PyAny>>,
    pub type_name: Option<String>,
    pub element: Option<String>,
    pub element_is_global: bool,
    pub is_abstract: bool,
    pub mixed: bool,
    pub simple: bool,
    pub content: Option<Py<PyAny>>,
}

#[pymethods]
impl Declaration {
    /// Takes the fields out of the body of the class, and the keywords.
    #[new]
    fn new(
        name: &str,
        bases: &Bound<'_, PyTuple>,
        body: &Bound<'_, PyDict>,
        options: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let parent = parent(name, bases)?;
        let own = own_fields(body)?;
        let said = Said::read(name, parent.as_ref(), options)?;
        Ok(Self { class: OnceLock::new(), parent: parent.map(Bound::unbind), own, said })
    }

    /// Takes the class, and enters it in its namespace.
    fn bind(&self, cls: &Bound<'_, PyType>) -> PyResult<()> {
        let py = cls.py();
        let bound = self.class.set(cls.clone().unbind());
        bound.map_err(|_| PyTypeError::new_err("the declaration of another class"))?;
        match &self.said.namespace {
            Some(namespace) if self.said.is_type() => {
                let classes = namespace.bind(py).getattr(intern!(py, "classes"))?;
                classes.call_method1(intern!(py, "append"), (cls,)).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// The name of its element.
    #[getter]
    fn element(&self) -> Option<&str> {
        self.said.element.as_deref()
    }

    /// The `Namespace` that the class is in.
    #[getter]
    fn namespace(&self) -> Option<&Py<PyAny>> {
        self.said.namespace.as_ref()
    }

    /// The defaults of the fields that the class itself declares.
    #[getter]
    fn defaults<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let defaults = PyDict::new(py);
        for (name, spec) in &self.own {
            defaults.set_item(name, &spec.get().default)?;
        }
        Ok(defaults)
    }

    /// All fields, those of the bases first: the place of one is its slot.
    #[getter]
    fn specs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let specs = match &self.parent {
            Some(parent) => parent.get().specs(py)?,
            None => PyDict::new(py),
        };
        for (name, spec) in &self.own {
            specs.set_item(name, spec)?;
        }
        Ok(specs)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.parent)?;
        if let Some(class) = self.class.get() {
            visit.call(class)?;
        }
        visit.call(&self.said.namespace)?;
        visit.call(&self.said.content)?;
        self.own.iter().try_for_each(|(_, spec)| visit.call(spec))
    }
}

impl Declaration {
    pub fn class<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        let unbound = || PyTypeError::new_err("a declaration without its class");
        self.class.get().map(|class| class.bind(py)).ok_or_else(unbound)
    }
}

/// The declaration of the base that is a message class.
fn parent<'py>(name: &str, bases: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, Declaration>>> {
    let mut found = None;
    for base in bases {
        if let Some(declaration) = base.getattr_opt(intern!(bases.py(), "__exi__"))? {
            if found.replace(declaration.cast_into::<Declaration>()?).is_some() {
                let reason = format!("{name}: a message class has one message class as its base");
                return Err(PyTypeError::new_err(reason));
            }
        }
    }
    Ok(found)
}

fn own_fields(body: &Bound<'_, PyDict>) -> PyResult<Vec<(Py<PyString>, Py<FieldSpec>)>> {
    let mut own = Vec::new();
    for (name, value) in body {
        if let (Ok(name), Ok(spec)) = (name.cast_into::<PyString>(), value.cast_into::<FieldSpec>()) {
            own.push((name.unbind(), spec.unbind()));
        }
    }
    for (name, _) in &own {
        body.del_item(name)?;
    }
    Ok(own)
}

impl Said {
    fn read(
        class: &str,
        parent: Option<&Bound<'_, Declaration>>,
        options: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let py = options.py();
        let flag = |name| options.get_item(name)?.map_or(Ok(false), |value| value.is_truthy());
        let object = |name| PyResult::Ok(options.get_item(name)?.filter(|value| !value.is_none()));
        let text = |name| object(name)?.map(|value| value.extract::<String>()).transpose();
        let wrapped = text(intern!(py, "simple"))?;
        let simple = wrapped.is_some();
        let element = if simple { wrapped } else { text(intern!(py, "element"))? };
        refuse_unknown(class, options, simple)?;
        let namespace = match options.contains(intern!(py, "namespace"))? {
            true => object(intern!(py, "namespace"))?.map(Bound::unbind),
            false => parent.and_then(|parent| Some(parent.get().said.namespace.as_ref()?.clone_ref(py))),
        };
        let type_name = if options.contains(intern!(py, "type"))? {
            text(intern!(py, "type"))?
        } else if simple || (element.is_none() && flag(intern!(py, "base"))?) {
            None
        } else {
            Some(format!("{}Type", element.as_deref().unwrap_or(class)))
        };
        let said = Self {
            namespace,
            type_name,
            element,
            element_is_global: !(simple && flag(intern!(py, "local"))?),
            is_abstract: flag(intern!(py, "abstract"))?,
            mixed: flag(intern!(py, "mixed"))?,
            simple,
            content: object(intern!(py, "content"))?.map(Bound::unbind),
        };
        if said.is_type() && said.namespace.is_none() {
            return Err(PyTypeError::new_err(format!("{class}: a message class needs a namespace")));
        }
        Ok(said)
    }

    /// Whether the class stands for something in a schema, rather than carrying a namespace.
    pub fn is_type(&self) -> bool {
        self.type_name.is_some() || self.element.is_some()
    }
}

fn refuse_unknown(class: &str, options: &Bound<'_, PyDict>, simple: bool) -> PyResult<()> {
    let mut unknown = Vec::new();
    for (keyword, _) in options {
        let keyword: String = keyword.extract()?;
        let known = match keyword.as_str() {
            "base" | "namespace" | "type" | "abstract" | "mixed" | "content" | "simple" => true,
            "element" => !simple,
            "local" => simple,
            _ => false,
        };
        if !known {
            unknown.push(keyword);
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!("{class}: unknown class keyword {}", unknown.join(", "))))
}
