//! The events of a document as Python classes: small, frozen, and made for `match`.

use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::prelude::*;
use pyo3::types::PyTuple;

type Object = Py<PyAny>;

/// Declares one class: its signature, and its fields with their types.
macro_rules! event {
    ($(#[$about:meta])* $name:ident [$($signature:tt)*] ($($field:ident: $type:ty),*)) => {
        $(#[$about])*
        #[pyclass(frozen, get_all, module = "evproto.exi")]
        pub struct $name {
            $(pub $field: $type,)*
        }

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = ($($signature)*))]
            pub fn new($($field: $type),*) -> Self {
                Self { $($field),* }
            }

            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
                let names: &[&str] = &[$(stringify!($field)),*];
                PyTuple::new(py, names)
            }

            fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
                let py = slf.py();
                match other.cast::<Self>() {
                    Ok(other) => slf.get().fields(py)?.eq(other.get().fields(py)?),
                    Err(_) => Ok(false),
                }
            }

            fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
                let mut hasher = DefaultHasher::new();
                (stringify!($name), self.fields(py)?.hash()?).hash(&mut hasher);
                Ok(hasher.finish())
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                let shown = self.fields(py)?.iter().map(|field| Ok(field.repr()?.to_string()));
                let shown: Vec<String> = shown.collect::<PyResult<_>>()?;
                Ok(format!("{}({})", stringify!($name), shown.join(", ")))
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
                Ok((slf.get_type().into_any(), slf.get().fields(slf.py())?))
            }
        }

        impl $name {
            #[allow(clippy::needless_question_mark, reason = "an empty tuple fails with another type")]
            fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
                Ok(($(&self.$field,)*).into_pyobject(py)?)
            }
        }
    };
}

event! {
    /// The document or fragment begins.
    StartDocument [] ()
}
event! {
    /// The document or fragment ends.
    EndDocument [] ()
}
event! {
    /// An element begins; its prefix is None where it was not preserved.
    StartElement [name, prefix = None] (name: Object, prefix: Option<Object>)
}
event! {
    /// The element that began last ends.
    EndElement [] ()
}
event! {
    /// An attribute of the element that began last, with its lexical value.
    Attribute [name, value, prefix = None] (name: Object, value: Object, prefix: Option<Object>)
}
event! {
    /// xsi:type of the element that began last; `text` is the value as it was written, where that was preserved.
    XsiType [name, prefix = None, value_prefix = None, text = None]
        (name: Object, prefix: Option<Object>, value_prefix: Option<Object>, text: Option<Object>)
}
event! {
    /// xsi:nil of the element that began last, when its value is a boolean; `text` as in `XsiType`.
    XsiNil [value, prefix = None, text = None] (value: bool, prefix: Option<Object>, text: Option<Object>)
}
event! {
    /// Text, as lexical as the stream has it.
    Characters [text] (text: Object)
}
event! {
    /// A prefix is declared; `local_element` says that the element itself has this prefix.
    NamespaceDeclaration [uri, prefix, local_element = false] (uri: Object, prefix: Object, local_element: bool)
}
event! {
    /// A comment.
    Comment [text] (text: Object)
}
event! {
    /// A processing instruction.
    ProcessingInstruction [target, text] (target: Object, text: Object)
}
event! {
    /// The document type declaration; `text` is its internal subset.
    Doctype [name, public = None, system = None, text = None]
        (name: Object, public: Option<Object>, system: Option<Object>, text: Option<Object>)
}
event! {
    /// A reference to an entity of the document type.
    EntityReference [name] (name: Object)
}
event! {
    /// The element that began last is self-contained.
    SelfContained [] ()
}

/// Adds the classes to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<StartDocument>()?;
    module.add_class::<EndDocument>()?;
    module.add_class::<StartElement>()?;
    module.add_class::<EndElement>()?;
    module.add_class::<Attribute>()?;
    module.add_class::<XsiType>()?;
    module.add_class::<XsiNil>()?;
    module.add_class::<Characters>()?;
    module.add_class::<NamespaceDeclaration>()?;
    module.add_class::<Comment>()?;
    module.add_class::<ProcessingInstruction>()?;
    module.add_class::<Doctype>()?;
    module.add_class::<EntityReference>()?;
    module.add_class::<SelfContained>()
}
