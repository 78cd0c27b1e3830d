//! `Direct`: documents of one root class, with nothing between the caller and the tables.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};

use crate::errors::decode_error;
use crate::grammar::Grammar;

/// Reads and writes documents of one class; the codec's grammar is compiled when it is first needed.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Direct {
    codec: Py<PyAny>,
    class: Py<PyType>,
    root: String,
    grammar: PyOnceLock<Py<Grammar>>,
}

#[pymethods]
impl Direct {
    #[new]
    fn new(codec: Py<PyAny>, cls: Py<PyType>, root: String) -> Self {
        Self { codec, class: cls, root, grammar: PyOnceLock::new() }
    }

    /// The message in an EXI document, after which zero bytes may follow.
    ///
    /// DecodeError, with bit offset and path, for anything else.
    fn decode<'py>(&self, py: Python<'py>, data: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        let object = self.grammar(py)?.decode(py, data, false)?;
        let class = self.class.bind(py);
        if object.get_type().is(class) || object.is_instance(class)? {
            return Ok(object);
        }
        let got = object.get_type().name()?;
        Err(decode_error(py, &format!("expected {}, got {got}", self.root), None, ""))
    }

    /// The EXI document of a message.
    ///
    /// EncodeError, with the path, when a value is missing or outside its type.
    fn encode<'py>(&self, message: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        self.grammar(message.py())?.encode(message, false, None)
    }
}

impl Direct {
    #[inline(always)]
    fn grammar(&self, py: Python<'_>) -> PyResult<&Grammar> {
        let made = || -> PyResult<Py<Grammar>> {
            Ok(self.codec.bind(py).getattr(intern!(py, "grammar"))?.cast_into::<Grammar>()?.unbind())
        };
        Ok(self.grammar.get_or_try_init(py, made)?.get())
    }
}
