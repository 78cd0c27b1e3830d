//! Items to streams, one after the other; finished bytes can be taken at any time.

mod attributes;
mod blocks;
mod content;
mod elements;
mod indices;
mod names;
mod profile;
mod self_contained;
mod ways;
mod whitespace;

use std::collections::HashSet;
use std::sync::Arc;

pub use ways::Way;

use blocks::Blocks;
use indices::Indices;

use super::bindings::Bindings;
use super::canonical::canonical;
use super::grammars::Grammars;
use super::header::write_header;
use super::item::{Item, ItemRef, Name};
use super::menu::{Codes, Extra, Menu};
use super::session::{Context, Frame, Session, Top};
use super::settings::{HeaderStyle, Limits, Settings};
use super::value_out::Forms;
use super::writer::Writer;
use crate::error::{Error, ErrorKind, Result};
use crate::tables::width_of;

/// Bytes of a stream, and elements inside each other, that are nothing unusual.
const USUAL_BYTES: usize = 256;
const USUAL_DEPTH: usize = 16;

/// Writes a stream.
pub struct Encoder {
    context: Arc<Context>,
    session: Session,
    writer: Writer,
    blocks: Option<Blocks>,
    stack: Vec<Frame>,
    top: Top,
    start: Option<Start>,
    text: String,
    /// What went before the text, for white space.
    after: After,
    /// xml:space="preserve", for each open element that says so or not.
    spaces: Vec<bool>,
    depth: u32,
    /// Nothing but namespaces was written of the start tag.
    in_tag_start: bool,
    /// An xsi:type was written of the start tag.
    is_typed: bool,
    /// Namespace declarations that were written and are in scope.
    bindings: Bindings,
    forms: Forms,
    /// Productions by name, of states that have many.
    indices: Indices,
    /// Whether each event is written as it comes, and an element is no more than its content.
    plain: bool,
}

/// The start of an element, held back until all that belongs to its tag is known.
#[derive(Debug)]
struct Start {
    name: Name,
    prefix: Option<Arc<str>>,
    /// What else belongs to the tag; most have nothing.
    tag: Option<Box<Tag>>,
}

#[derive(Debug, Default)]
struct Tag {
    self_contained: bool,
    namespaces: Vec<(Arc<str>, Arc<str>, bool)>,
    attributes: Vec<Pair>,
    xsi_type: Option<Item>,
    xsi_nil: Option<Item>,
}

#[derive(Clone, Debug)]
struct Pair {
    name: Name,
    prefix: Option<Arc<str>>,
    value: Arc<str>,
}

/// The event before some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Start,
    Other,
}

impl Encoder {
    /// Begins a stream with its header.
    pub fn new(grammars: &Grammars, settings: &Settings, style: &HeaderStyle) -> Result<Self> {
        let settings = match style.canonical {
            Some(_) => canonical(settings),
            None => settings.clone(),
        };
        settings.check()?;
        let writer = write_header(&settings, style)?;
        let mut encoder = Self::body(grammars, writer, settings)?;
        encoder.forms.canonical = style.canonical;
        Ok(encoder)
    }

    /// Writes a body behind what `writer` holds.
    pub(crate) fn body(grammars: &Grammars, mut writer: Writer, settings: Settings) -> Result<Self> {
        let context = Arc::new(Context::new(grammars, settings, true)?);
        let alignment = context.settings.alignment;
        let blocks = alignment.has_channels().then(|| Blocks::new(&context.settings, writer.take()));
        if blocks.is_some() {
            writer = Writer::default();
        }
        writer.set_aligned(alignment.is_aligned());
        // Most streams are short: they take no more memory than is asked for here.
        writer.reserve(USUAL_BYTES);
        let plain = blocks.is_none() && !context.kept.prefixes && !context.settings.preserve.lexical_values;
        Ok(Self {
            session: context.session(),
            context,
            writer,
            blocks,
            stack: Vec::with_capacity(USUAL_DEPTH),
            top: Top::Start,
            start: None,
            text: String::new(),
            after: After::Other,
            spaces: Vec::with_capacity(USUAL_DEPTH),
            depth: Limits::default().depth,
            in_tag_start: false,
            is_typed: false,
            bindings: Bindings::default(),
            forms: Forms::default(),
            indices: Indices::default(),
            plain,
        })
    }

    /// The options in effect.
    pub fn settings(&self) -> &Settings {
        &self.context.settings
    }

    /// Elements that may stand inside each other.
    pub fn set_depth(&mut self, depth: u32) {
        self.depth = depth;
    }

    /// Writes the next item. Items that the options do not preserve are passed over.
    pub fn push(&mut self, item: Item) -> Result<()> {
        self.put(ItemRef::Other(item))
    }

    /// The same for an item that its owner keeps.
    pub fn put(&mut self, item: ItemRef<'_>) -> Result<()> {
        self.take(item).map_err(|error| self.located(error))
    }

    /// The bytes that are finished since the last call.
    pub fn take_output(&mut self) -> Vec<u8> {
        match &mut self.blocks {
            Some(blocks) => blocks.take(),
            None => self.writer.take(),
        }
    }

    /// The rest of the stream, which must have been written to its `EndDocument`.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        if self.top != Top::Done {
            return Err(Error::new(ErrorKind::Content, "the items end before EndDocument"));
        }
        Ok(match &mut self.blocks {
            Some(blocks) => blocks.take(),
            None => self.writer.finish(),
        })
    }

    /// The writer behind a body without padding.
    pub(crate) fn into_writer(self) -> Result<Writer> {
        if self.top != Top::Done {
            return Err(Error::new(ErrorKind::Content, "the items end before EndDocument"));
        }
        Ok(self.writer)
    }

    /// Lets decimals keep a zero below zero.
    pub(crate) fn keep_minus_zero(&mut self) {
        self.forms.minus_zero = true;
    }

    fn take(&mut self, item: ItemRef<'_>) -> Result<()> {
        match item {
            ItemRef::StartElement { uri, local, prefix } => {
                self.flush(false)?;
                let name = Name { uri: uri.clone(), local: local.into() };
                self.start = Some(Start { name, prefix: prefix.cloned(), tag: None });
                Ok(())
            }
            ItemRef::EndElement => {
                self.flush(true)?;
                self.end_element()
            }
            ItemRef::Characters(text) => {
                self.flush_start()?;
                self.text.push_str(text);
                Ok(())
            }
            ItemRef::Leaf { uri, local, prefix, text } => {
                self.flush(false)?;
                if self.leaf(uri, local, text)? {
                    return Ok(());
                }
                self.take(ItemRef::StartElement { uri, local, prefix })?;
                self.take(ItemRef::Characters(text))?;
                self.take(ItemRef::EndElement)
            }
            ItemRef::Other(item) => self.take_other(item),
        }
    }

    /// Apart, so that the frequent items do not pay for its size.
    #[inline(never)]
    fn take_other(&mut self, item: Item) -> Result<()> {
        let kept = self.context.kept;
        match item {
            Item::StartDocument => return self.start_document(),
            Item::EndDocument => {
                self.flush(false)?;
                return self.end_document();
            }
            Item::StartElement { name, prefix } => {
                let Name { uri, local } = &name;
                return self.take(ItemRef::StartElement { uri, local, prefix: prefix.as_ref() });
            }
            Item::EndElement => return self.take(ItemRef::EndElement),
            Item::Characters(text) => return self.take(ItemRef::Characters(&text)),
            Item::Comment(text) if kept.comments => {
                self.flush(true)?;
                self.misc(Extra::Cm, &[&text])?;
            }
            Item::ProcessingInstruction { target, text } if kept.pis => {
                self.flush(true)?;
                self.misc(Extra::Pi, &[&target, &text])?;
            }
            Item::DocType { name, public, system, text } if kept.dtd => {
                self.flush(false)?;
                self.misc(Extra::Dt, &[&name, &public, &system, &text])?;
            }
            Item::EntityReference(name) if kept.dtd => {
                self.flush(false)?;
                self.misc(Extra::Er, &[&name])?;
            }
            Item::Comment(_)
            | Item::ProcessingInstruction { .. }
            | Item::DocType { .. }
            | Item::EntityReference(_) => {}
            in_tag => return self.in_tag(in_tag),
        }
        Ok(())
    }

    /// What belongs to the start tag of the element that began last.
    fn in_tag(&mut self, item: Item) -> Result<()> {
        let kept = self.context.kept;
        let missing =
            || Error::new(ErrorKind::Content, "an attribute or namespace without start of an element");
        let tag = &mut **self.start.as_mut().ok_or_else(missing)?.tag.get_or_insert_default();
        match item {
            Item::Namespace { prefix, uri, local_element } if kept.prefixes => {
                tag.namespaces.push((prefix, uri, local_element));
            }
            Item::SelfContained if kept.self_contained => tag.self_contained = true,
            Item::SelfContained => {
                return Err(Error::new(
                    ErrorKind::Options,
                    "a self-contained element without the option selfContained",
                ))
            }
            Item::Attribute { name, prefix, value } => tag.attribute(name, prefix, value)?,
            Item::Type { .. } => tag.xsi_type = Some(item),
            Item::Nil { .. } => tag.xsi_nil = Some(item),
            _ => {}
        }
        Ok(())
    }

    /// Writes what is held back; `closing`: an end, a comment or a processing instruction follows.
    fn flush(&mut self, closing: bool) -> Result<()> {
        if self.start.is_some() {
            self.flush_start()?;
        }
        match self.text.is_empty() {
            // A comment that is passed over does not part the start of an element from its text.
            true => Ok(()),
            false => self.flush_text(closing),
        }
    }

    fn flush_start(&mut self) -> Result<()> {
        let Some(start) = self.start.take() else { return Ok(()) };
        let local = start.name.local.clone();
        self.start_element(start).map_err(|error| error.within(&*local))?;
        self.after = After::Start;
        Ok(())
    }

    #[cold]
    fn located(&self, error: Error) -> Error {
        let mut error = error;
        for frame in self.stack.iter().rev() {
            error = error.within(&**self.session.names.local(frame.name));
            if frame.saved.is_some() {
                break;
            }
        }
        error
    }

    /// A part of an event code.
    fn code(&mut self, value: u64, count: usize) {
        self.writer.n_bit(value, width_of(count));
    }

    /// An event code of more than one part: `first` is the first part, of `count` values.
    fn codes(&mut self, first: usize, codes: Codes) {
        self.code(first as u64, first + 1);
        self.code(codes.second.0, codes.second.1);
        if let Some((third, count)) = codes.third {
            self.code(third, count);
        }
    }

    /// The codes of a production below the first level, or what is wrong.
    fn find_extra(menu: &Menu, wanted: Extra, what: &str) -> Result<Codes> {
        let missing =
            || Error::new(ErrorKind::Content, format!("no {} is possible here: {what}", wanted.notation()));
        menu.find(wanted).ok_or_else(missing)
    }
}

impl Tag {
    fn attribute(&mut self, name: Name, prefix: Option<Arc<str>>, value: Arc<str>) -> Result<()> {
        if name.is(super::names::XSI, "type") {
            let reason = "xsi:type must be given as Item::Type, with its value resolved";
            return Err(Error::new(ErrorKind::Content, reason));
        }
        if name.is(super::names::XSI, "nil") {
            if let Some(nil) = boolean(&value) {
                self.xsi_nil = Some(Item::Nil { prefix, value: nil, text: Some(value) });
                return Ok(());
            }
        }
        self.attributes.push(Pair { name, prefix, value });
        Ok(())
    }
}

/// Refuses an attribute that stands twice.
fn check_once(attributes: &[Pair]) -> Result<()> {
    if attributes.len() < 2 {
        return Ok(());
    }
    let mut seen = HashSet::with_capacity(attributes.len());
    match attributes.iter().find(|pair| !seen.insert(&pair.name)) {
        Some(pair) => Err(Error::new(ErrorKind::Content, format!("attribute {} twice", pair.name.local))),
        None => Ok(()),
    }
}

/// The value of xsi:nil.
fn boolean(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '\t', '\n', '\r']) {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
