//! What a schema declares, straight from its tables into a [`Listener`].

use super::Decoder;
use crate::names::QRef;
use crate::stream::grammars::Informed;
use crate::stream::leaves::Leaf;
use crate::stream::listener::{Chars, Declared, Listener};
use crate::stream::session::{Context, Frame, Place};
use crate::stream::value_in::{read_short, read_text};
use crate::tables::{width_of, CodecKind, Kind, Production};

/// The events of a leaf: SE, CH and EE.
const LEAF: u64 = 3;

/// Where the way leads: what stays the same through a stream.
#[derive(Clone, Copy)]
struct Way<'c> {
    context: &'c Context,
    informed: &'c Informed,
}

/// What came of a value.
enum Found {
    /// It was read, and the element ended.
    Ended,
    /// It was read, and something else comes.
    Open,
    /// There is none, or none that can be read here; nothing was read.
    Nothing,
}

impl Decoder<'_> {
    /// Hands SE, EE and CH as the schema declares them to `listener`, up to anything else, anything
    /// that is wrong, or `most` events: [`Self::next`] gives what comes then. Gives how many it were,
    /// leaves as one.
    pub fn tell<L: Listener>(&mut self, listener: &mut L, most: u32) -> Result<u32, L::Error> {
        if !self.plain || !self.queue.is_empty() || self.stack.is_empty() {
            return Ok(0);
        }
        let context = self.context.clone();
        let Some(informed) = &context.informed else { return Ok(0) };
        let way = Way { context: &context, informed };
        let mut done = 0;
        while done < most && self.step(way, listener)? {
            done += 1;
        }
        Ok(done)
    }

    /// One event; false, with nothing read, where another way leads on.
    #[inline(always)]
    fn step<L: Listener>(&mut self, way: Way<'_>, listener: &mut L) -> Result<bool, L::Error> {
        let (depth, start) = (self.stack.len(), self.reader.position());
        // Close to a limit each event is counted by itself.
        if self.limits.events < LEAF || depth >= self.limits.depth as usize {
            return Ok(false);
        }
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.saved.is_none()) else {
            return Ok(false);
        };
        let Place::Known { state, counters, .. } = &mut frame.place else { return Ok(false) };
        let Some(from) = way.informed.tables.states.get(*state as usize) else { return Ok(false) };
        debug_assert_eq!(u32::from(from.width), width_of(from.codes()));
        let Ok(code) = self.reader.n_bit(from.width.into()) else { return Ok(false) };
        let production = way.informed.tables.productions_of(from).get(code as usize);
        match production {
            Some(production) if matches!(production.kind, Kind::Leaf | Kind::Se) => {
                let Some(inner) = way.context.start(production.target) else {
                    self.reader.rewind(start);
                    return Ok(false);
                };
                *state = production.follow(counters);
                self.limits.events -= 1;
                match production.kind {
                    Kind::Leaf => self.leaf(way, production, inner, listener)?,
                    _ => self.begin(production.name, inner, listener)?,
                }
            }
            Some(Production { kind: Kind::Ee, .. }) => {
                self.limits.events -= 1;
                self.stack.pop();
                listener.end()?;
            }
            Some(production) if production.kind == Kind::Ch => {
                let element = frame.name;
                if !self.value_of(way, production.target, element) {
                    self.reader.rewind(start);
                    return Ok(false);
                }
                self.limits.events -= 1;
                if let Some(frame) = self.stack.last_mut() {
                    frame.place = frame.place.follow(production);
                }
                listener.characters(self.read())?;
            }
            _ => {
                self.reader.rewind(start);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin<L: Listener>(&mut self, name: QRef, place: Place, listener: &mut L) -> Result<(), L::Error> {
        self.stack.push(Frame { name, place, bindings: self.bindings.len(), saved: None });
        listener.start(Declared::new(name, &self.session.names))
    }

    /// An element of simple type that has begun, up to its end where only a value comes before that.
    #[inline(always)]
    fn leaf<L: Listener>(
        &mut self,
        way: Way<'_>,
        production: &Production,
        inner: Place,
        listener: &mut L,
    ) -> Result<(), L::Error> {
        let Some(leaf) = way.informed.leaves.get(production.target) else {
            return self.begin(production.name, inner, listener);
        };
        match self.content(way, leaf, production.name) {
            Found::Ended => {
                self.limits.events -= 2;
                listener.leaf(Declared::new(production.name, &self.session.names), self.read())
            }
            Found::Open => {
                self.limits.events -= 1;
                self.begin(production.name, inner.at(leaf.state), listener)?;
                listener.characters(self.read())
            }
            // What is to be refused is read once more when its turn comes.
            Found::Nothing => self.begin(production.name, inner, listener),
        }
    }

    /// CH into `text`, and EE.
    #[inline(always)]
    fn content(&mut self, way: Way<'_>, leaf: &Leaf, name: QRef) -> Found {
        let start = self.reader.position();
        if !self.reader.skip_zeros(leaf.before) || !self.value_of(way, leaf.codec, name) {
            self.reader.rewind(start);
            return Found::Nothing;
        }
        match self.reader.skip_zeros(leaf.after) {
            true => Found::Ended,
            false => Found::Open,
        }
    }

    /// Reads a value into `text`. False where it cannot be read, or not be read twice: the items of a
    /// list enter the string table before the list is whole.
    #[inline(always)]
    fn value_of(&mut self, way: Way<'_>, codec: u32, element: QRef) -> bool {
        self.text.clear();
        let codecs = &way.context.codecs;
        let Ok(codec) = codecs.get(codec) else { return false };
        self.is_plain = !matches!(codec.kind, CodecKind::String | CodecKind::Enumeration);
        if !read_short(&mut self.reader, codec, &mut self.text) {
            let values = &mut self.session.values;
            let read = codec.kind != CodecKind::List
                && read_text(&mut self.reader, codecs, codec, element, values, &mut self.text).is_ok();
            if !read {
                return false;
            }
        }
        self.charge(self.text.len()).is_ok()
    }

    /// What [`Self::value_of`] read.
    fn read(&self) -> Chars<'_> {
        Chars { text: &self.text, is_plain: self.is_plain }
    }
}
