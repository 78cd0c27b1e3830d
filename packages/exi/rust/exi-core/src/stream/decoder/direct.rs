//! What a schema declares, straight from its tables into a [`Listener`].

use super::Decoder;
use crate::names::QRef;
use crate::stream::listener::{Chars, Declared, Listener};
use crate::stream::representation::Codecs;
use crate::stream::session::{Context, Frame, Place};
use crate::stream::value_in::read_text;
use crate::tables::{width_of, CodecKind, Kind, Production, Tables};

/// Where the way leads: what stays the same through a stream.
#[derive(Clone, Copy)]
struct Way<'c> {
    context: &'c Context,
    tables: &'c Tables,
}

impl Decoder<'_> {
    /// Hands SE, EE and CH as the schema declares them to `listener`, up to anything else, anything that is
    /// wrong, or `most` events: [`Self::next`] gives what comes then. Gives how many it were, leaves as one.
    pub fn tell<S: Listener>(&mut self, listener: &mut S, most: u32) -> Result<u32, S::Error> {
        if !self.plain || !self.queue.is_empty() || self.stack.is_empty() {
            return Ok(0);
        }
        let context = self.context.clone();
        let Some(tables) = context.tables() else { return Ok(0) };
        let way = Way { context: &context, tables };
        let mut done = 0;
        while done < most && self.step(way, listener)? {
            done += 1;
        }
        Ok(done)
    }

    /// One event; false, with nothing read, where another way leads on.
    #[inline]
    fn step<S: Listener>(&mut self, way: Way<'_>, listener: &mut S) -> Result<bool, S::Error> {
        let (depth, start) = (self.stack.len(), self.reader.position());
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.saved.is_none()) else {
            return Ok(false);
        };
        let (element, from) = (frame.name, frame.place);
        let events = self.limits.events.checked_sub(1);
        let (Some(events), Some(production)) = (events, self.production(way.tables, from)) else {
            self.reader.rewind(start);
            return Ok(false);
        };
        let inner = match production.kind {
            Kind::Leaf | Kind::Se if depth < self.limits.depth as usize => {
                way.context.start(production.target)
            }
            _ => None,
        };
        match (production.kind, inner) {
            (Kind::Ee, _) => {
                self.limits.events = events;
                self.stack.pop();
                listener.end()?;
            }
            (kind, Some(inner)) => {
                self.limits.events = events;
                self.set_place(from.follow(production));
                match kind {
                    Kind::Leaf => self.leaf(way, production.name, inner, listener)?,
                    _ => self.begin(production.name, inner, listener)?,
                }
            }
            (Kind::Ch, _) if self.characters_in(&way.context.codecs, production.target, element) => {
                self.limits.events = events;
                self.set_place(from.follow(production));
                listener.characters(self.read())?;
            }
            _ => {
                self.reader.rewind(start);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin<S: Listener>(&mut self, name: QRef, place: Place, listener: &mut S) -> Result<(), S::Error> {
        self.stack.push(Frame { name, place, bindings: self.bindings.len(), saved: None });
        listener.start(Declared::new(name, &self.session.names))
    }

    /// An element of simple type that has begun, up to its end where only a value comes before that.
    #[inline]
    fn leaf<S: Listener>(
        &mut self,
        way: Way<'_>,
        name: QRef,
        place: Place,
        listener: &mut S,
    ) -> Result<(), S::Error> {
        let start = self.reader.position();
        let Some(after) = self.value_in(way, name, place) else {
            // What is to be refused is read once more when its turn comes.
            self.reader.rewind(start);
            return self.begin(name, place, listener);
        };
        let end = self.reader.position();
        if self.is_end(way, after) {
            return listener.leaf(Declared::new(name, &self.session.names), self.read());
        }
        self.reader.rewind(end);
        self.begin(name, after, listener)?;
        listener.characters(self.read())
    }

    /// The value of an element, as the event that comes next, into `text`; gives the place after it.
    #[inline]
    fn value_in(&mut self, way: Way<'_>, name: QRef, place: Place) -> Option<Place> {
        let events = self.limits.events.checked_sub(1)?;
        let production = self.production(way.tables, place).filter(|found| found.kind == Kind::Ch)?;
        let is_read = self.characters_in(&way.context.codecs, production.target, name);
        is_read.then(|| {
            self.limits.events = events;
            place.follow(production)
        })
    }

    fn is_end(&mut self, way: Way<'_>, place: Place) -> bool {
        let Some(events) = self.limits.events.checked_sub(1) else { return false };
        let is_end = self.production(way.tables, place).is_some_and(|found| found.kind == Kind::Ee);
        if is_end {
            self.limits.events = events;
        }
        is_end
    }

    /// The production of the event that comes next, where it is one of the first level.
    #[inline]
    fn production<'t>(&mut self, tables: &'t Tables, place: Place) -> Option<&'t Production> {
        let Place::Known { state, .. } = place else { return None };
        let from = tables.states.get(state as usize)?;
        let code = self.reader.n_bit(width_of(from.codes())).ok()?;
        tables.productions_of(from).get(code as usize)
    }

    /// Reads a value into `text`. False where it cannot be read, or not be read twice: the items of a
    /// list enter the string table before the list is whole.
    #[inline]
    fn characters_in(&mut self, codecs: &Codecs, codec: u32, element: QRef) -> bool {
        self.text.clear();
        let Ok(codec) = codecs.get(codec) else { return false };
        if codec.kind == CodecKind::List {
            return false;
        }
        self.is_plain = !matches!(codec.kind, CodecKind::String | CodecKind::Enumeration);
        let values = &mut self.session.values;
        let read = read_text(&mut self.reader, codecs, codec, element, values, &mut self.text);
        read.is_ok() && self.charge(self.text.len()).is_ok()
    }

    /// What [`Self::characters_in`] read.
    fn read(&self) -> Chars<'_> {
        Chars { text: &self.text, is_plain: self.is_plain }
    }
}
