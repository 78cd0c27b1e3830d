//! Events as Python tuples: (0, uri, local) start, (1,) end, (2, uri, local, text) attribute,
//! (3, text) characters.

use exi_core::Event;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

const START: u8 = 0;
const END: u8 = 1;
const ATTRIBUTE: u8 = 2;
const CHARACTERS: u8 = 3;

pub fn to_python<'py>(py: Python<'py>, events: &[Event]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for event in events {
        let tuple = match event {
            Event::Start { uri, local } => (START, uri, local).into_pyobject(py)?,
            Event::Attribute { uri, local, text } => (ATTRIBUTE, uri, local, text).into_pyobject(py)?,
            Event::Characters(text) => (CHARACTERS, text).into_pyobject(py)?,
            Event::End => (END,).into_pyobject(py)?,
        };
        list.append(tuple)?;
    }
    Ok(list)
}

pub fn from_python(events: &Bound<'_, PyAny>) -> PyResult<Vec<Event>> {
    events.try_iter()?.map(|event| read(&event?)).collect()
}

fn read(event: &Bound<'_, PyAny>) -> PyResult<Event> {
    let parts = event.cast::<PyTuple>()?;
    let text = |index: usize| parts.get_item(index)?.extract::<String>();
    match (parts.get_item(0)?.extract::<u8>()?, parts.len()) {
        (START, 3) => Ok(Event::Start { uri: text(1)?, local: text(2)? }),
        (END, 1) => Ok(Event::End),
        (ATTRIBUTE, 4) => Ok(Event::Attribute { uri: text(1)?, local: text(2)?, text: text(3)? }),
        (CHARACTERS, 2) => Ok(Event::Characters(text(1)?)),
        (kind, len) => Err(PyTypeError::new_err(format!("no event: kind {kind} with {len} parts"))),
    }
}
