//! The bytes of a Python object, without a copy where it can do no harm.

use std::sync::Arc;

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Bytes that stay where they are as long as this lives.
pub enum Source {
    /// Of a bytes object, which never changes.
    Bytes(Py<PyBytes>),
    /// Of a text, which never changes.
    Text(Py<PyString>),
    /// Of a mapped file.
    Mapped(PyBuffer<u8>),
}

impl Source {
    /// Holds a bytes object, a str or a read-only mapped file.
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Arc<Self>> {
        let made = match (object.cast::<PyBytes>(), object.cast::<PyString>()) {
            (Ok(bytes), _) => Self::Bytes(bytes.clone().unbind()),
            (_, Ok(text)) => Self::Text(text.clone().unbind()),
            _ => Self::Mapped(PyBuffer::get(object)?),
        };
        Ok(Arc::new(made))
    }

    /// The bytes; of a text as UTF-8.
    pub fn bytes<'a>(&'a self, py: Python<'a>) -> PyResult<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.bind(py).as_bytes()),
            Self::Text(text) => Ok(text.bind(py).to_str()?.as_bytes()),
            Self::Mapped(buffer) => {
                let address = buffer.buf_ptr().cast::<u8>();
                if !buffer.is_c_contiguous() || !buffer.readonly() || address.is_null() {
                    return Err(pyo3::exceptions::PyTypeError::new_err(
                        "the bytes are not read-only and in one piece",
                    ));
                }
                // SAFETY: the buffer is held, contiguous and read-only through this object. A file
                // that another program changes while it is mapped changes under every reader.
                Ok(unsafe { std::slice::from_raw_parts(address, buffer.len_bytes()) })
            }
        }
    }

    /// The bytes of a source that the caller keeps alive for longer than they are used.
    ///
    /// # Safety
    /// The slice must not outlive the source.
    pub unsafe fn long_bytes(self: &Arc<Self>, py: Python<'_>) -> PyResult<&'static [u8]> {
        let bytes = self.bytes(py)?;
        // SAFETY: of a bytes object, a str (whose UTF-8 form lives as long as itself) or a held
        // buffer the address does not change; the caller keeps the source.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) })
    }
}
