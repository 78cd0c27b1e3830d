//! `Grammars`: the grammars of any document, and streams of it to XML text or events and back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exi_core::schema::Schema;
use exi_core::stream::{self, Decoder, Encoder, Item, ItemRef, Limits, SchemaId};
use exi_core::{saved, Error, ErrorKind};
use exi_xml::{Fault, Habits, Taker, Writer};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::convert::long_text;
use crate::errors::{config_error, decode_error, encode_error, text_error};
use crate::explain;
use crate::items::Items;
use crate::reading::EventReader;
use crate::schema;
use crate::settings::Settings;
use crate::sources::Source;

/// Items between looks at what there is to hand on.
const PACE: u32 = 256;
/// Bytes of text that a stream may become in memory: so many at least, and for each of its own.
const MEMORY_FLOOR: u64 = 256 << 20;
const MEMORY_FACTOR: u64 = 64;

/// The grammars of a schema set, or of none.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Grammars {
    pub grammars: stream::Grammars,
    kind: Kind,
    /// What tags meant in the texts before; each call takes them for itself. Strict grammars have
    /// states of their own.
    habits: [Mutex<Habits>; 2],
    /// What wrote the last text as one; each call takes it for itself.
    writer: Mutex<Option<Writer>>,
}

enum Kind {
    Schema(Arc<Schema>),
    SchemaLess,
    BuiltInTypes,
}

/// Why writing a stream ended.
enum Stop {
    Encoding(Error),
    Raised(PyErr),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Encoding(error)
    }
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

#[pymethods]
impl Grammars {
    /// The grammars of schema components.
    #[staticmethod]
    fn from_components(components: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self::of(Arc::unwrap_or_clone(schema::read(components)?.0)))
    }

    #[staticmethod]
    fn schemaless() -> Self {
        Self::new(stream::Grammars::schema_less(), Kind::SchemaLess)
    }

    #[staticmethod]
    fn built_in_types() -> Self {
        Self::new(stream::Grammars::built_in_types(), Kind::BuiltInTypes)
    }

    /// What `save` gave.
    #[staticmethod]
    fn load(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let schema = saved::read(data).map_err(|error| decode_error(py, error.reason(), None, ""))?;
        Ok(Self::of(schema))
    }

    /// The schema as bytes.
    fn save<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match &self.kind {
            Kind::Schema(schema) => Ok(PyBytes::new(py, &saved::write(schema))),
            _ => Err(config_error(py, "there is no schema to save")),
        }
    }

    /// Compiles the tables.
    fn check(&self, py: Python<'_>, strict: bool) -> PyResult<()> {
        let cannot = |error: Error| format!("the schema cannot be compiled: {error}");
        self.grammars.check(strict).map_err(|error| decode_error(py, &cannot(error), None, ""))
    }

    /// The stream of an XML text (str, or bytes of UTF-8).
    fn encode_xml<'py>(
        &self,
        text: &Bound<'py, PyAny>,
        settings: &Settings,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = text.py();
        let source = Source::new(text)?;
        let mut stream = Stream { encoder: self.encoder(py, settings)?, settings, out: None };
        self.read_xml(py, utf8(py, source.bytes(py)?)?, &mut stream)?;
        let bytes = stream.encoder.finish().map_err(|error| encode_error(py, &error))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The same, handed to `write` piece by piece; `progress` is told how many bytes of text are done.
    #[pyo3(signature = (text, settings, write, progress=None))]
    fn encode_xml_to(
        &self,
        text: &Bound<'_, PyAny>,
        settings: &Settings,
        write: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        let py = text.py();
        let source = Source::new(text)?;
        let mut out = Out { write, progress, bytes: 0, items: 0 };
        let mut stream = Stream { encoder: self.encoder(py, settings)?, settings, out: Some(&mut out) };
        self.read_xml(py, utf8(py, source.bytes(py)?)?, &mut stream)?;
        let rest = stream.encoder.finish().map_err(|error| encode_error(py, &error))?;
        out.emit(&rest)?;
        Ok(out.bytes)
    }

    /// The XML text of a stream.
    fn decode_xml<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        settings: &Settings,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = data.py();
        let source = Source::new(data)?;
        let bytes = source.bytes(py)?;
        let text = MEMORY_FLOOR.max(MEMORY_FACTOR * bytes.len() as u64);
        let mut decoder = self.decoder(py, bytes, settings, Limits { text, ..settings.limits })?;
        let keeps = decoder.settings().preserve.prefixes;
        let warm = if keeps { Some(Writer::default()) } else { lock(&self.writer).take() };
        let mut writer = warm.unwrap_or_else(Writer::gathered);
        while written(py, &mut writer, &mut decoder)?.is_some() {}
        check_rest(py, &decoder, bytes)?;
        let text = long_text(py, &writer.out)?;
        if !keeps {
            writer.clear();
            *lock(&self.writer) = Some(writer);
        }
        Ok(text)
    }

    /// The same, handed to `write` piece by piece as UTF-8; `progress` is told how many bytes are done.
    #[pyo3(signature = (data, settings, write, progress=None))]
    fn decode_xml_to(
        &self,
        data: &Bound<'_, PyAny>,
        settings: &Settings,
        write: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        let py = data.py();
        let source = Source::new(data)?;
        let bytes = source.bytes(py)?;
        let mut decoder = self.decoder(py, bytes, settings, settings.limits)?;
        let mut out = Out { write, progress, bytes: 0, items: 0 };
        let mut writer = Writer::default();
        while let Some(items) = written(py, &mut writer, &mut decoder)? {
            out.step(items, decoder.position() / 8, || std::mem::take(&mut writer.out).into_bytes())?;
        }
        check_rest(py, &decoder, bytes)?;
        out.emit(writer.out.as_bytes())?;
        Ok(out.bytes)
    }

    /// The events of a stream, lazily.
    fn read(&self, data: &Bound<'_, PyAny>, settings: &Settings) -> PyResult<EventReader> {
        EventReader::new(self, data, settings)
    }

    /// The stream of events, handed to `write` piece by piece.
    fn write(
        &self,
        events: &Bound<'_, PyAny>,
        settings: &Settings,
        write: &Bound<'_, PyAny>,
    ) -> PyResult<usize> {
        let py = events.py();
        let mut encoder = self.encoder(py, settings)?;
        let mut out = Out { write, progress: None, bytes: 0, items: 0 };
        let mut items = Items::default();
        for event in events.try_iter()? {
            let item = items.item(&event?)?;
            encoder.push(item).map_err(|error| encode_error(py, &error))?;
            out.step(1, 0, || encoder.take_output())?;
        }
        out.emit(&encoder.finish().map_err(|error| encode_error(py, &error))?)?;
        Ok(out.bytes)
    }

    /// The parts of a stream as tuples, and the error that ended it or None.
    fn explain<'py>(
        &self,
        data: &Bound<'py, PyAny>,
        settings: &Settings,
    ) -> PyResult<(Bound<'py, PyList>, Option<PyErr>)> {
        explain::explain(self, data, settings)
    }
}

impl Grammars {
    fn of(schema: Schema) -> Self {
        let kept = Arc::new(schema.clone());
        Self::new(stream::Grammars::new(schema), Kind::Schema(kept))
    }

    fn new(grammars: stream::Grammars, kind: Kind) -> Self {
        Self { grammars, kind, habits: Default::default(), writer: Mutex::default() }
    }

    fn read_xml(&self, py: Python<'_>, text: &str, stream: &mut Stream<'_, '_, '_>) -> PyResult<()> {
        let kept = &self.habits[usize::from(stream.encoder.settings().strict)];
        let mut habits = std::mem::take(&mut *lock(kept));
        let done = exi_xml::read_to(text, stream.settings.keep(), stream, &mut habits);
        *lock(kept) = habits;
        done.map_err(|fault| xml_fault(py, fault))
    }

    pub fn decoder<'d>(
        &self,
        py: Python<'_>,
        data: &'d [u8],
        settings: &Settings,
        limits: Limits,
    ) -> PyResult<Decoder<'d>> {
        Decoder::new(&self.grammars, data, &settings.settings, limits).map_err(|error| fault(py, &error))
    }

    fn encoder(&self, py: Python<'_>, settings: &Settings) -> PyResult<Encoder> {
        let schema_id = self.schema_id(settings).map_err(|reason| config_error(py, reason))?;
        let with_id = stream::Settings { schema_id, ..settings.settings.clone() };
        let made = Encoder::new(&self.grammars, &with_id, &settings.style);
        let mut encoder = made.map_err(|error| match error.kind() {
            ErrorKind::Options => config_error(py, error.reason()),
            _ => encode_error(py, &error),
        })?;
        encoder.set_depth(settings.limits.depth);
        Ok(encoder)
    }

    fn schema_id(&self, settings: &Settings) -> Result<SchemaId, &'static str> {
        if !settings.include_schema_id {
            return Ok(SchemaId::Absent);
        }
        match (&self.kind, &settings.schema_id) {
            (Kind::SchemaLess, _) => Ok(SchemaId::SchemaLess),
            (Kind::BuiltInTypes, _) => Ok(SchemaId::BuiltInTypes),
            (Kind::Schema(_), Some(id)) => Ok(SchemaId::Named(id.clone())),
            (Kind::Schema(_), None) => Err("include_schema_id needs a schema_id to include"),
        }
    }
}

/// A stream that is written from XML text.
struct Stream<'a, 'o, 'py> {
    encoder: Encoder,
    settings: &'a Settings,
    /// What takes it piece by piece.
    out: Option<&'a mut Out<'o, 'py>>,
}

impl Taker for Stream<'_, '_, '_> {
    type Error = Stop;

    #[inline]
    fn take(&mut self, item: ItemRef<'_>, at: usize) -> Result<(), Stop> {
        match self.settings.self_contained.is_empty() {
            true => self.encoder.put(item)?,
            false => self.take_marked(item)?,
        }
        self.wrote(at)
    }

    #[inline]
    fn encoder(&mut self) -> Option<&mut Encoder> {
        self.settings.self_contained.is_empty().then_some(&mut self.encoder)
    }

    #[inline]
    fn wrote(&mut self, at: usize) -> Result<(), Stop> {
        match &mut self.out {
            Some(out) => out.step(1, at, || self.encoder.take_output()).map_err(Stop::Raised),
            None => Ok(()),
        }
    }
}

impl Stream<'_, '_, '_> {
    /// Marks the elements that are to be self-contained.
    fn take_marked(&mut self, item: ItemRef<'_>) -> Result<(), Error> {
        for item in item.into_items() {
            let marked = match &item {
                Item::StartElement { name, .. } => {
                    self.settings.self_contained.iter().any(|have| name.is(&have.uri, &have.local))
                }
                _ => false,
            };
            self.encoder.push(item)?;
            if marked {
                self.encoder.push(Item::SelfContained)?;
            }
        }
        Ok(())
    }
}

/// Hands on what is written.
struct Out<'a, 'py> {
    write: &'a Bound<'py, PyAny>,
    progress: Option<&'a Bound<'py, PyAny>>,
    bytes: usize,
    items: u32,
}

impl Out<'_, '_> {
    /// After each item or some: now and then what there is goes out.
    fn step(&mut self, items: u32, done: usize, take: impl FnOnce() -> Vec<u8>) -> PyResult<()> {
        self.items += items;
        if self.items < PACE {
            return Ok(());
        }
        self.items = 0;
        self.emit(&take())?;
        if let Some(progress) = self.progress {
            progress.call1((done,))?;
        }
        Ok(())
    }

    fn emit(&mut self, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.bytes += bytes.len();
        self.write.call1((PyBytes::new(self.write.py(), bytes),)).map(|_| ())
    }
}

/// What is kept is whole or not there at all: a panic elsewhere leaves nothing that is wrong.
fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next item; at the end only zero bytes may follow.
pub fn next(py: Python<'_>, decoder: &mut Decoder<'_>, data: &[u8]) -> PyResult<Option<Item>> {
    let item = decoder.next().map_err(|error| fault(py, &error))?;
    if item.is_none() {
        check_rest(py, decoder, data)?;
    }
    Ok(item)
}

fn check_rest(py: Python<'_>, decoder: &Decoder<'_>, data: &[u8]) -> PyResult<()> {
    if !decoder.settings().alignment.has_channels() {
        let used = decoder.position().div_ceil(8);
        let rest = data.get(used..).unwrap_or_default();
        if let Some(at) = rest.iter().position(|byte| *byte != 0) {
            let reason = format!("{} bytes after the end of the document", rest.len());
            return Err(decode_error(py, &reason, Some((used + at) * 8), ""));
        }
    }
    Ok(())
}

/// Writes what comes next, and gives how many items that were; None after the end.
fn written(py: Python<'_>, writer: &mut Writer, decoder: &mut Decoder<'_>) -> PyResult<Option<u32>> {
    let unwritten = |decoder: &Decoder<'_>, error: Error| {
        decode_error(py, error.reason(), Some(decoder.position()), &error.path())
    };
    let told = decoder.tell(writer, PACE).map_err(|error| unwritten(decoder, error))?;
    let Some(item) = decoder.next().map_err(|error| fault(py, &error))? else { return Ok(None) };
    writer.push(item).map_err(|error| unwritten(decoder, error))?;
    Ok(Some(told + 1))
}

/// What is wrong with a stream, or with the schema that it needs.
pub fn fault(py: Python<'_>, error: &Error) -> PyErr {
    decode_error(py, error.reason(), error.bit(), &error.path())
}

fn xml_fault(py: Python<'_>, fault: Fault<Stop>) -> PyErr {
    match fault {
        Fault::Xml(reason, at) => text_error(py, &format!("no well-formed XML: {reason}"), at),
        Fault::Taker(Stop::Encoding(error)) => encode_error(py, &error),
        Fault::Taker(Stop::Raised(error)) => error,
    }
}

fn utf8<'a>(py: Python<'_>, bytes: &'a [u8]) -> PyResult<&'a str> {
    std::str::from_utf8(bytes)
        .map_err(|error| text_error(py, "no XML: the text is not UTF-8", error.valid_up_to()))
}
