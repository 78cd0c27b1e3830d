//! Errors that say where in a declaration they are.

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::declaration::Known;

/// The same error with the class and the field in front.
pub fn placed(declaration: &Known<'_>, field: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    let py = field.py();
    let wrong = error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py)
        || error.is_instance_of::<PyOverflowError>(py);
    if !wrong {
        return error;
    }
    refuse(format!("{}.{field}: {}", declaration.name(), error.value(py)))
}

/// A TypeError.
pub fn refuse(reason: String) -> PyErr {
    PyTypeError::new_err(reason)
}
