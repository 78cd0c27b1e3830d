//! The parts of a stream as Python tuples.

use std::sync::{Arc, Mutex, PoisonError};

use exi_core::stream::{Action, Decoder, Limits, Part, What, Witness};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::grammars::{fault, next, Grammars};
use crate::settings::Settings;
use crate::sources::Source;

/// Events that are explained at most: beyond it nobody reads on.
const MAX_EVENTS: u64 = 2_000_000;

/// Stream, from, to, kind, name, text, value, count, action: see `evproto.exi.explain.Part`.
type Row = (u32, u64, u64, &'static str, String, String, Option<u64>, Option<u64>, Option<&'static str>);

#[derive(Clone, Default)]
struct Rows(Arc<Mutex<Vec<Row>>>);

impl Witness for Rows {
    fn part(&mut self, part: &Part<'_>) {
        let row = row(part);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(row);
    }
}

/// Explains a stream up to its end or its fault.
pub fn explain<'py>(
    grammars: &Grammars,
    data: &Bound<'py, PyAny>,
    settings: &Settings,
) -> PyResult<(Bound<'py, PyList>, Option<PyErr>)> {
    let py = data.py();
    let source = Source::new(data)?;
    let bytes = source.bytes(py)?;
    let rows = Rows::default();
    let limits = Limits { events: MAX_EVENTS.min(settings.limits.events), ..settings.limits };
    let witness = Box::new(rows.clone());
    let started = Decoder::observed(&grammars.grammars, bytes, &settings.settings, limits, witness);
    let ended = match started {
        Ok(mut decoder) => loop {
            match next(py, &mut decoder, bytes) {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        },
        Err(error) => Some(fault(py, &error)),
    };
    let rows = std::mem::take(&mut *rows.0.lock().unwrap_or_else(PoisonError::into_inner));
    let list = PyList::empty(py);
    for row in rows {
        list.append(tuple(py, row)?)?;
    }
    Ok((list, ended))
}

fn tuple<'py>(py: Python<'py>, row: Row) -> PyResult<Bound<'py, PyTuple>> {
    row.into_pyobject(py)
}

fn row(part: &Part<'_>) -> Row {
    let (stream, from, to) = (part.stream, part.from, part.to);
    let full = |kind, name: &str, text: &str, value, count, action| {
        (stream, from, to, kind, name.to_owned(), text.to_owned(), value, count, action)
    };
    match &part.what {
        What::Header(name, meaning) => full("header", name, meaning, None, None, None),
        What::OptionsBegin => full("options-begin", "", "", None, None, None),
        What::OptionsEnd => full("options-end", "", "", None, None, None),
        What::Padding => full("padding", "", "", None, None, None),
        What::Code { part, value, count } => {
            full("code", &part.to_string(), "", Some(*value), Some(*count), None)
        }
        What::Production(text) => full("production", "", text, None, None, None),
        What::Table { partition, action, text } => {
            let (action, value) = acted(*action);
            full("table", partition, text, value, None, Some(action))
        }
        What::Value { kind, action, text } => {
            let (action, value) = action.map(acted).map_or((None, None), |(name, id)| (Some(name), id));
            full("value", kind, text, value, None, action)
        }
        What::Literal(name, text) => full("literal", name, text, None, None, None),
        What::Flag(name, flag) => full("flag", name, "", Some(u64::from(*flag)), None, None),
        What::Channel(name, count) => full("channel", "", name, None, Some(*count), None),
        What::Inflated { into, bytes } => {
            full("inflated", "", "", Some(u64::from(*into)), Some(*bytes), None)
        }
    }
}

fn acted(action: Action) -> (&'static str, Option<u64>) {
    match action {
        Action::Miss => ("miss", None),
        Action::Hit(id) => ("hit", Some(id)),
        Action::LocalHit(id) => ("local hit", Some(id)),
        Action::GlobalHit(id) => ("global hit", Some(id)),
    }
}
