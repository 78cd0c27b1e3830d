//! The iterator over the events of a stream.

use std::sync::{Arc, Mutex, PoisonError};

use exi_core::stream::Decoder;
use pyo3::prelude::*;

use crate::grammars::{next, Grammars};
use crate::items::Events;
use crate::settings::Settings;
use crate::sources::Source;

/// Events of a stream, decoded as they are asked for.
#[pyclass(module = "evproto.exi._native")]
pub struct EventReader {
    /// Goes before the source, from which it borrows.
    decoder: Mutex<Option<Decoder<'static>>>,
    source: Arc<Source>,
    events: Events,
}

#[pymethods]
impl EventReader {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let running = self.decoder.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(decoder) = running else { return Ok(None) };
        let item = next(py, decoder, self.source.bytes(py)?);
        if !matches!(item, Ok(Some(_))) {
            *running = None;
        }
        item?.map(|item| self.events.event(py, item)).transpose()
    }
}

impl EventReader {
    pub fn new(grammars: &Grammars, data: &Bound<'_, PyAny>, settings: &Settings) -> PyResult<Self> {
        let py = data.py();
        let source = Source::new(data)?;
        // SAFETY: the decoder is dropped before the source: it stands first in the struct.
        let bytes = unsafe { source.long_bytes(py)? };
        let decoder = grammars.decoder(py, bytes, settings, settings.limits)?;
        Ok(Self { decoder: Mutex::new(Some(decoder)), source, events: Events::default() })
    }
}
