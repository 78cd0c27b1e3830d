//! Streams to items, one event at a time; a block at a time where values have channels.

mod blocks;
mod direct;
mod events;
mod extra;
mod names;
mod outer;
mod self_contained;

use std::collections::VecDeque;
use std::sync::Arc;

use blocks::Blocks;
pub(crate) use blocks::SMALL;

use super::bindings::Bindings;
use super::grammars::{Grammars, Schemas};
use super::header::{read_header, Header};
use super::item::{Item, Name};
use super::reader::{Bytes, Reader};
use super::session::{Context, Frame, Session, Top};
use super::settings::{Limits, Settings};
use super::witness::{Part, What, Witness};
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;

/// Receives what is read, where somebody wants to know.
pub(crate) type Observer<'d> = Option<Box<dyn Witness + Send + 'd>>;

/// Reads a stream.
pub struct Decoder<'d> {
    header: Header,
    context: Arc<Context>,
    session: Session,
    reader: Reader<'d>,
    blocks: Option<Blocks<'d>>,
    stack: Vec<Frame>,
    top: Top,
    /// Namespace declarations in scope: prefix and uri.
    bindings: Bindings,
    queue: VecDeque<Item>,
    /// Items that left the queue.
    released: u64,
    /// The start of an element whose prefix a declaration may still change.
    open_start: Option<u64>,
    limits: Limits,
    witness: Observer<'d>,
    /// Stands for a value that is still to come.
    empty: Arc<str>,
    /// Whether each event is an item of its own, complete when it was read.
    plain: bool,
    /// The characters that [`Self::tell`] read last.
    text: String,
    /// Whether they are neither a string nor an enumeration.
    is_plain: bool,
}

impl<'d> Decoder<'d> {
    /// Reads the header. `settings` are those agreed upon elsewhere: an options document in the
    /// header takes their place, all but the schema when it names none.
    pub fn new(
        schemas: &dyn Schemas,
        data: impl Into<Bytes<'d>>,
        settings: &Settings,
        limits: Limits,
    ) -> Result<Self> {
        Self::start(schemas, data.into(), settings, limits, None)
    }

    /// As [`Self::new`], and tells `witness` of every part.
    pub fn observed(
        schemas: &dyn Schemas,
        data: impl Into<Bytes<'d>>,
        settings: &Settings,
        limits: Limits,
        witness: Box<dyn Witness + Send + 'd>,
    ) -> Result<Self> {
        Self::start(schemas, data.into(), settings, limits, Some(witness))
    }

    fn start(
        schemas: &dyn Schemas,
        data: Bytes<'d>,
        settings: &Settings,
        limits: Limits,
        mut witness: Observer<'d>,
    ) -> Result<Self> {
        let mut reader = Reader::new(data, 0, false);
        let (header, settings) = read_header(&mut reader, settings, &mut witness)?;
        let grammars = schemas.find(&settings.schema_id)?;
        let header_bits = reader.position();
        let mut decoder = Self::body(&grammars, reader, settings, limits, witness)?;
        decoder.header = Header { bits: header_bits as u64, ..header };
        Ok(decoder)
    }

    /// Reads a body without header, from where the reader is.
    pub(crate) fn body(
        grammars: &Grammars,
        reader: Reader<'d>,
        settings: Settings,
        limits: Limits,
        witness: Observer<'d>,
    ) -> Result<Self> {
        let context = Arc::new(Context::new(grammars, settings, false)?);
        let alignment = context.settings.alignment;
        let blocks = alignment.has_channels().then(|| Blocks::new(&context.settings, &reader, &limits));
        let reader = Reader::new(reader.data().clone(), reader.position(), alignment.is_aligned());
        let session = context.session();
        let plain = blocks.is_none() && witness.is_none() && !context.kept.prefixes;
        let mut decoder = Self {
            header: Header::default(),
            context,
            session,
            reader,
            blocks,
            stack: Vec::new(),
            top: Top::Start,
            bindings: Bindings::default(),
            queue: VecDeque::new(),
            released: 0,
            open_start: None,
            limits,
            witness,
            empty: "".into(),
            plain,
            text: String::new(),
            is_plain: false,
        };
        decoder.first_block();
        Ok(decoder)
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The options in effect.
    pub fn settings(&self) -> &Settings {
        &self.context.settings
    }

    /// Bits that were read: of the stream itself, or with compression of the part that was inflated last.
    pub fn position(&self) -> usize {
        self.reader.position()
    }

    /// The part that is being read last, and back the observer, when it is no longer needed.
    pub(crate) fn into_reader(self) -> (Reader<'d>, Observer<'d>) {
        (self.reader, self.witness)
    }

    /// The next item; None after the end. After an error there is no more.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Item>> {
        loop {
            let ready = self.open_start.map_or(self.queue.len() as u64, |open| open - self.released);
            if ready > 0 {
                self.released += 1;
                return Ok(self.queue.pop_front());
            }
            if self.top == Top::Done {
                return Ok(None);
            }
            if let Err(error) = self.advance() {
                return Err(self.failed(error));
            }
        }
    }

    /// One event, or one block of them.
    fn advance(&mut self) -> Result<()> {
        if self.blocks.is_some() {
            return self.block();
        }
        self.event()
    }

    fn event(&mut self) -> Result<()> {
        let left = self.limits.events.checked_sub(1);
        self.limits.events =
            left.ok_or_else(|| Error::new(ErrorKind::Limit, "more events than the limit"))?;
        match self.stack.last() {
            Some(frame) => self.inside(frame.name, frame.place),
            None => self.outside(),
        }
    }

    /// After an error there is no more.
    #[cold]
    fn failed(&mut self, error: Error) -> Error {
        let error = self.located(error);
        self.top = Top::Done;
        self.stack.clear();
        self.open_start = None;
        self.queue.clear();
        error
    }

    #[cold]
    fn located(&self, error: Error) -> Error {
        let mut error = error.or_at(self.reader.position());
        for frame in self.stack.iter().rev() {
            error = error.within(&**self.session.names.local(frame.name));
            if frame.saved.is_some() {
                break;
            }
        }
        error
    }

    fn push(&mut self, item: Item) {
        if !matches!(item, Item::Namespace { .. } | Item::SelfContained) {
            self.open_start = None;
        }
        self.queue.push_back(item);
    }

    /// Charges text against the limit.
    fn charge(&mut self, bytes: usize) -> Result<()> {
        let left = self.limits.text.checked_sub(bytes as u64);
        self.limits.text = left.ok_or_else(|| Error::new(ErrorKind::Limit, "more text than the limit"))?;
        Ok(())
    }

    /// Tells the observer of a part that began at `from`.
    fn saw(&mut self, from: usize, what: What<'_>) {
        if let Some(witness) = &mut self.witness {
            let (from, to) = (from as u64, self.reader.position() as u64);
            witness.part(&Part { stream: self.reader.stream, from, to, what });
        }
    }

    /// A part of an event code.
    fn code(&mut self, part: u8, count: usize) -> Result<u64> {
        let from = self.reader.position();
        let value = self.reader.n_bit(crate::tables::width_of(count))?;
        if value >= count as u64 {
            let reason = format!("event code part {part} is {value} where the grammar has {count}");
            return Err(Error::at(ErrorKind::Invalid, from, reason));
        }
        if self.witness.is_some() {
            self.saw(from, What::Code { part, value, count: count as u64 });
        }
        Ok(value)
    }

    /// A production with a name in it.
    fn chose_named(&mut self, terminal: &str, name: QRef, after: &str) {
        if self.witness.is_some() {
            let Name { uri, local } = self.session.names.name(name);
            self.chose(&format!("{terminal}({{{uri}}}{local}){after}"));
        }
    }

    fn chose(&mut self, production: &str) {
        if self.witness.is_some() {
            self.saw(self.reader.position(), What::Production(production));
        }
    }
}
