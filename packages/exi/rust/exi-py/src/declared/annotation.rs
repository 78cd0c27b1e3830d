//! What the annotation of a field says: a type, whether it is optional, whether it is a tuple.

use pyo3::exceptions::{PyAttributeError, PyNameError, PySyntaxError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use super::place::refuse;
use super::Reader;

/// An annotation taken apart.
pub struct Annotation<'py> {
    /// The type, or that of the items.
    pub item: Bound<'py, PyAny>,
    pub optional: bool,
    pub repeated: bool,
}

/// A text of one of the usual shapes.
#[derive(Debug, PartialEq, Eq)]
struct Shape<'t> {
    name: &'t str,
    optional: bool,
    repeated: bool,
}

impl<'py> Reader<'py> {
    /// The annotation of a field, which stands in the class `owner`.
    pub(super) fn annotation(
        &mut self,
        owner: usize,
        field: &Bound<'py, PyString>,
    ) -> PyResult<Annotation<'py>> {
        let class = self.known[owner].class.clone();
        let given =
            class.getattr(intern!(self.py, "__annotations__"))?.cast_into::<PyDict>()?.get_item(field)?;
        let given = given.ok_or_else(|| refuse("has no annotation".to_owned()))?;
        let Ok(text) = given.cast::<PyString>() else { return self.taken_apart(given) };
        if let Some(shape) = Shape::of(text.to_str()?) {
            if let Some(found) = self.look_up(&class, shape.name)? {
                let found = match shape.repeated {
                    true => Annotation { item: found, optional: false, repeated: true },
                    false => self.taken_apart(found)?,
                };
                return Ok(Annotation { optional: found.optional || shape.optional, ..found });
            }
        }
        let hints = self.hints_of(&class, text)?;
        let hint = hints.get_item(field)?.ok_or_else(|| refuse("has no annotation".to_owned()))?;
        self.taken_apart(hint)
    }

    fn taken_apart(&self, annotation: Bound<'py, PyAny>) -> PyResult<Annotation<'py>> {
        let (mut item, mut optional) = (annotation, false);
        if self.is_union(&item)? {
            let parts = item.getattr(intern!(self.py, "__args__"))?.cast_into::<PyTuple>()?;
            let none = self.py.None().bind(self.py).get_type();
            let others: Vec<_> = parts.iter().filter(|part| !part.is(&none)).collect();
            optional = others.len() < parts.len();
            if let [only] = others.as_slice() {
                item = only.clone();
            }
        }
        if self.is_tuple(&item)? {
            let parts = item.getattr(intern!(self.py, "__args__"))?;
            return Ok(Annotation { item: parts.get_item(0)?, optional, repeated: true });
        }
        Ok(Annotation { item, optional, repeated: false })
    }

    fn is_union(&self, annotation: &Bound<'py, PyAny>) -> PyResult<bool> {
        if annotation.is_instance_of::<PyType>() {
            return Ok(false);
        }
        let origin = annotation.getattr_opt(intern!(self.py, "__origin__"))?;
        Ok(annotation.get_type().is(&self.words.union)
            || origin.is_some_and(|origin| origin.is(&self.words.typing_union)))
    }

    fn is_tuple(&self, annotation: &Bound<'py, PyAny>) -> PyResult<bool> {
        if annotation.is_instance_of::<PyType>() {
            return Ok(false);
        }
        // The origin of an `Annotated` type is the type that it annotates.
        if annotation.getattr_opt(intern!(self.py, "__metadata__"))?.is_some() {
            return Ok(false);
        }
        let origin = annotation.getattr_opt(intern!(self.py, "__origin__"))?;
        Ok(origin.is_some_and(|origin| origin.is(self.py.get_type::<PyTuple>())))
    }

    /// What a name in an annotation of the class stands for; None where that is for Python to say.
    fn look_up(&self, class: &Bound<'py, PyType>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut names = name.split('.');
        let first = names.next().unwrap_or_default();
        if class.getattr(intern!(self.py, "__dict__"))?.contains(first)? {
            return Ok(None);
        }
        let module = class.getattr(intern!(self.py, "__module__"))?;
        let Ok(module) = self.words.modules.get_item(module) else { return Ok(None) };
        let globals = module.getattr(intern!(self.py, "__dict__"))?.cast_into::<PyDict>()?;
        let mut found = match globals.get_item(first)? {
            Some(found) => Some(found),
            None => self.py.import("builtins")?.getattr_opt(first)?,
        };
        for name in names {
            let Some(owner) = found else { return Ok(None) };
            found = owner.getattr_opt(name)?;
        }
        Ok(found.filter(|found| !found.is_none() && !found.is_instance_of::<PyString>()))
    }

    /// The annotations of a class as `typing` reads them.
    fn hints_of(
        &mut self,
        class: &Bound<'py, PyType>,
        text: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let address = class.as_ptr() as usize;
        if let Some(known) = self.hints.get(&address) {
            return Ok(known.clone());
        }
        let py = self.py;
        let module = self.words.modules.get_item(class.getattr(intern!(py, "__module__"))?)?;
        let options = PyDict::new(py);
        options.set_item("globalns", module.getattr("__dict__")?)?;
        options.set_item("include_extras", true)?;
        let hints = py.import("typing")?.getattr("get_type_hints")?.call((class,), Some(&options));
        let hints = hints.map_err(|error| unreadable(py, text, error))?.cast_into::<PyDict>()?;
        self.hints.insert(address, hints.clone());
        Ok(hints)
    }
}

fn unreadable(py: Python<'_>, text: &Bound<'_, PyString>, error: PyErr) -> PyErr {
    let readable = error.is_instance_of::<PyNameError>(py)
        || error.is_instance_of::<PyAttributeError>(py)
        || error.is_instance_of::<PySyntaxError>(py);
    match readable {
        true => refuse(format!("the annotation {text} cannot be read: {}", error.value(py))),
        false => error,
    }
}

impl<'t> Shape<'t> {
    /// NAME, NAME | None, tuple[NAME, ...] or tuple[NAME, ...] | None, names with or without dots.
    fn of(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let before_none = text.strip_suffix("None").and_then(|text| text.trim_end().strip_suffix('|'));
        let inner = before_none.unwrap_or(text).trim_end();
        let items = inner.strip_prefix("tuple[").and_then(|text| text.strip_suffix(']'));
        let name = match items {
            Some(items) => items.split_once(',').filter(|(_, rest)| rest.trim() == "...")?.0.trim(),
            None => inner,
        };
        let is_name = |part: &str| {
            !part.starts_with(|first: char| first.is_ascii_digit())
                && !part.is_empty()
                && part.chars().all(|c| c == '_' || c.is_alphanumeric())
        };
        let shape = Self { name, optional: before_none.is_some(), repeated: items.is_some() };
        name.split('.').all(is_name).then_some(shape)
    }
}
