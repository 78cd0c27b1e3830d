//! XML text to the items of a stream: namespaces resolved, entities expanded, nothing fetched.

use std::borrow::Cow;

use exi_core::stream::{Encoder, Item, ItemRef};
use memchr::{memchr, memmem};
use quick_xml::events::Event;
use quick_xml::Reader;

use crate::chars::{is_line, is_name, is_text};
use crate::habits::Habits;
use crate::namespaces::{Scope, USUAL_DEPTH};
use crate::text::{checked, lines, predefined, Expander};

/// What a stream has a place for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keep {
    /// Comments.
    pub comments: bool,
    /// Processing instructions.
    pub pis: bool,
    /// The DOCTYPE, and references to its entities.
    pub dtd: bool,
    /// Prefixes and their declarations.
    pub prefixes: bool,
    /// Any number of elements may stand at the top.
    pub fragment: bool,
}

/// Why a text could not be read.
#[derive(Debug)]
pub enum Fault<E> {
    /// It is no well-formed XML: the reason, and the offset in bytes.
    Xml(String, usize),
    /// What took the items refused one.
    Taker(E),
}

/// What takes the items of a text.
pub trait Taker {
    /// Why it takes no more.
    type Error: From<exi_core::Error>;

    /// Takes an item that stands at an offset in bytes.
    fn take(&mut self, item: ItemRef<'_>, at: usize) -> Result<(), Self::Error>;

    /// The encoder to which all items go, so that what is usual goes to it without them.
    fn encoder(&mut self) -> Option<&mut Encoder> {
        None
    }

    /// Something went to the encoder without items, up to that offset.
    fn wrote(&mut self, _at: usize) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Hands the items of an XML text to `take`, one after the other, each with its offset in bytes.
pub fn read<E: From<exi_core::Error>>(
    text: &str,
    keep: Keep,
    take: impl FnMut(ItemRef<'_>, usize) -> Result<(), E>,
) -> Result<(), Fault<E>> {
    read_to(text, keep, &mut Each(take), &mut Habits::default())
}

/// The same, to what may be an encoder; `habits` are those of texts before, of the same grammars.
pub fn read_to<T: Taker>(
    text: &str,
    keep: Keep,
    taker: &mut T,
    habits: &mut Habits,
) -> Result<(), Fault<T::Error>> {
    let mut parser = Reader::from_str(text);
    let config = parser.config_mut();
    config.check_comments = true;
    // Usual tags do not pass there: `State` looks at the names of all ends.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut state = State::new(text, keep, taker, habits);
    state.push(Item::StartDocument)?;
    // Letters that the parser did not see.
    let mut passed = 0;
    loop {
        let at = passed + parser.buffer_position() as usize;
        state.at = state.usual(at)?;
        if state.at > at {
            passed += state.at - at;
            *parser.get_mut() = text.as_bytes().get(state.at..).unwrap_or_default();
        }
        let event = parser.read_event();
        let place = |parser: &Reader<_>| passed + parser.error_position() as usize;
        let event = event.map_err(|error| Fault::Xml(error.to_string(), place(&parser)))?;
        if matches!(event, Event::Eof) {
            return state.end();
        }
        state.event(event)?;
    }
}

impl Taker for Encoder {
    type Error = exi_core::Error;

    fn take(&mut self, item: ItemRef<'_>, _at: usize) -> exi_core::Result<()> {
        self.put(item)
    }

    fn encoder(&mut self) -> Option<&mut Encoder> {
        Some(self)
    }
}

/// A function that takes items.
struct Each<F>(F);

impl<E: From<exi_core::Error>, F: FnMut(ItemRef<'_>, usize) -> Result<(), E>> Taker for Each<F> {
    type Error = E;

    fn take(&mut self, item: ItemRef<'_>, at: usize) -> Result<(), E> {
        self.0(item, at)
    }
}

/// What looking at the whole text once says of all its pieces.
pub(crate) struct Looks {
    /// It holds only what XML may hold.
    is_clean: bool,
    has_returns: bool,
    has_section_end: bool,
    /// None of its pieces is anything but what it looks like.
    pub is_plain: bool,
}

pub(crate) struct State<'d, 't, T> {
    pub text: &'d str,
    pub looks: Looks,
    pub keep: Keep,
    pub taker: &'t mut T,
    pub habits: &'t mut Habits,
    /// Where the present piece begins.
    pub at: usize,
    pub scope: Scope,
    pub expander: Expander,
    /// The names of open elements, as written.
    pub open: Vec<&'d str>,
    /// How many prefixes the root element has in scope.
    root_bindings: usize,
    /// A tag with nothing but a name, as written, and where; it waits for the end that may follow.
    pub waiting: Option<(&'d str, usize)>,
    /// Characters that wait for what follows: neighbours are one value.
    pub pending: Option<Cow<'d, str>>,
    pub roots: usize,
    pub has_doctype: bool,
}

pub(crate) type Read<T> = Result<(), Fault<<T as Taker>::Error>>;

impl Looks {
    fn at(text: &str) -> Self {
        let has_section_end = memmem::find(text.as_bytes(), b"]]>").is_some();
        if is_line(text) {
            let is_plain = !has_section_end;
            return Self { is_clean: true, has_returns: false, has_section_end, is_plain };
        }
        let is_clean = is_text(text);
        let has_returns = memchr(b'\r', text.as_bytes()).is_some();
        Self {
            is_clean,
            has_returns,
            has_section_end,
            is_plain: is_clean && !has_returns && !has_section_end,
        }
    }
}

impl<'d, 't, T: Taker> State<'d, 't, T> {
    fn new(text: &'d str, keep: Keep, taker: &'t mut T, habits: &'t mut Habits) -> Self {
        Self {
            text,
            looks: Looks::at(text),
            keep,
            taker,
            habits,
            at: 0,
            scope: Scope::new(),
            expander: Expander::default(),
            open: Vec::with_capacity(USUAL_DEPTH),
            root_bindings: 0,
            waiting: None,
            pending: None,
            roots: 0,
            has_doctype: false,
        }
    }

    fn event(&mut self, event: Event<'d>) -> Read<T> {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::Empty(tag) => {
                self.start(&tag)?;
                self.end_element()
            }
            Event::End(tag) => {
                self.check_end(tag.name().into_inner())?;
                self.end_element()
            }
            Event::Text(text) => self.text(&text),
            Event::CData(text) => self.cdata(&text),
            Event::GeneralRef(reference) => self.reference(&reference),
            Event::Comment(text) => self.comment(&text),
            Event::PI(pi) => self.instruction(&pi),
            Event::DocType(doctype) => self.doctype(&doctype),
            Event::Decl(declaration) => self.declaration(&declaration),
            Event::Eof => Ok(()),
        }
    }

    fn end(mut self) -> Read<T> {
        if self.scope.depth() > 0 {
            return Err(self.fault("the text ends inside an element"));
        }
        if self.roots == 0 && !self.keep.fragment {
            return Err(self.fault("there is no element"));
        }
        self.push(Item::EndDocument)
    }

    /// Whether just the prefixes of the root element are in scope.
    pub fn has_root_bindings(&self) -> bool {
        self.scope.bindings().len() == self.root_bindings
    }

    /// Takes the prefixes of a root element from a text before that had the same tag.
    pub fn begins_again(&mut self, tag: &str) -> bool {
        if self.scope.depth() > 1 {
            return false;
        }
        let Some(bindings) = self.habits.begin_again(tag) else { return false };
        self.scope.adopt(bindings);
        self.root_bindings = bindings.len();
        true
    }

    /// The prefixes of a root element are known. `plain`: its tag has nothing but declarations.
    pub fn begin_habits(&mut self, tag: &str, plain: bool) {
        if self.scope.depth() > 1 {
            return;
        }
        self.root_bindings = self.scope.bindings().len();
        // What an entity means is not the same in every text.
        self.habits.begin(&self.scope, Some(tag).filter(|tag| plain && !tag.contains('&')));
    }

    fn text(&mut self, raw: &[u8]) -> Read<T> {
        let text = self.checked(raw)?;
        if self.looks.has_section_end && text.contains("]]>") {
            return Err(self.fault("]]> in text"));
        }
        if self.scope.depth() > 0 {
            self.append(text);
            return Ok(());
        }
        match text.trim_matches([' ', '\t', '\n', '\r', '\u{feff}']).is_empty() {
            true => Ok(()),
            false => Err(self.fault("text outside of an element")),
        }
    }

    fn cdata(&mut self, raw: &[u8]) -> Read<T> {
        if self.scope.depth() == 0 {
            return Err(self.fault("text outside of an element"));
        }
        let text = self.checked(raw)?;
        self.append(text);
        Ok(())
    }

    fn append(&mut self, text: &'d str) {
        let text = self.lines(text);
        match &mut self.pending {
            Some(before) => before.to_mut().push_str(&text),
            none => *none = Some(text),
        }
    }

    fn reference(&mut self, raw: &[u8]) -> Read<T> {
        let name = self.piece(raw)?;
        if self.scope.depth() == 0 {
            return Err(self.fault("a reference outside of an element"));
        }
        if self.keep.dtd && !name.starts_with('#') && predefined(name).is_none() {
            if !is_name(name) {
                return Err(self.fault(format!("&{name}; is no reference")));
            }
            self.flush()?;
            return self.push(Item::EntityReference(name.into()));
        }
        let text = self.pending.get_or_insert_default().to_mut();
        self.expander.reference(name, text).map_err(|reason| Fault::Xml(reason, self.at))
    }

    pub fn flush(&mut self) -> Read<T> {
        if let Some((written, at)) = self.waiting.take() {
            self.element(written, at, None)?;
        }
        match self.pending.take() {
            Some(text) if !text.is_empty() => {
                self.taker.take(ItemRef::Characters(&text), self.at).map_err(Fault::Taker)
            }
            _ => Ok(()),
        }
    }

    /// Bytes of the text, which is known to be UTF-8, as a part of it.
    pub fn piece(&self, raw: &[u8]) -> Result<&'d str, Fault<T::Error>> {
        let from = raw.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        let piece = self.text.get(from..from.wrapping_add(raw.len()));
        piece.ok_or_else(|| self.fault("a letter cut in two"))
    }

    pub fn checked(&self, raw: &[u8]) -> Result<&'d str, Fault<T::Error>> {
        let text = self.piece(raw)?;
        match self.looks.is_clean {
            true => Ok(text),
            false => checked(text).map_err(|reason| self.fault(reason)),
        }
    }

    pub fn lines(&self, text: &'d str) -> Cow<'d, str> {
        match self.looks.has_returns {
            true => lines(text),
            false => Cow::Borrowed(text),
        }
    }

    pub fn whole(&self, raw: &[u8]) -> Result<Cow<'d, str>, Fault<T::Error>> {
        self.checked(raw).map(|text| self.lines(text))
    }

    pub fn push(&mut self, item: Item) -> Read<T> {
        self.taker.take(ItemRef::Other(item), self.at).map_err(Fault::Taker)
    }

    #[cold]
    pub fn fault(&self, reason: impl Into<String>) -> Fault<T::Error> {
        Fault::Xml(reason.into(), self.at)
    }
}
