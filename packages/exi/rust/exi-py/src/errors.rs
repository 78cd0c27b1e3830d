//! Faults of the core as the errors of `evproto.core`.

use exi_core::Error;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

/// A `DecodeError` at a bit of a stream.
pub fn decode_error(py: Python<'_>, reason: &str, bit: Option<usize>, path: &str) -> PyErr {
    located_error(py, reason, bit, intern!(py, "bit"), path)
}

/// A `DecodeError` at a byte of a text.
pub fn text_error(py: Python<'_>, reason: &str, byte: usize) -> PyErr {
    located_error(py, reason, Some(byte), intern!(py, "byte"), "")
}

fn located_error(
    py: Python<'_>,
    reason: &str,
    offset: Option<usize>,
    unit: &Bound<'_, PyString>,
    path: &str,
) -> PyErr {
    let made = || {
        let fields = PyDict::new(py);
        fields.set_item(intern!(py, "offset"), offset)?;
        fields.set_item(intern!(py, "unit"), unit)?;
        fields.set_item(intern!(py, "path"), path)?;
        let class = py.import("evproto.core")?.getattr("DecodeError")?;
        class.call((reason,), Some(&fields)).map(PyErr::from_value)
    };
    made().unwrap_or_else(|error| error)
}

/// An `EncodeError` in a field.
pub fn encode_error(py: Python<'_>, error: &Error) -> PyErr {
    let made = || {
        let fields = PyDict::new(py);
        fields.set_item(intern!(py, "path"), error.path())?;
        let class = py.import("evproto.core")?.getattr("EncodeError")?;
        class.call((error.reason(),), Some(&fields)).map(PyErr::from_value)
    };
    made().unwrap_or_else(|error| error)
}

/// A `ConfigError`: what the user set cannot be.
pub fn config_error(py: Python<'_>, reason: &str) -> PyErr {
    let made = || {
        let class = py.import("evproto.core")?.getattr("ConfigError")?;
        class.call1((reason,)).map(PyErr::from_value)
    };
    made().unwrap_or_else(|error| error)
}
