//! The commonest items as what the decoder holds already, without an [`Item`] that owns its strings.

use super::Decoder;
use crate::error::Result;
use crate::names::QRef;
use crate::stream::item::{Item, ItemRef};
use crate::stream::session::{Frame, Place};
use crate::stream::value_in::read_text;
use crate::tables::{width_of, Kind, Production};

/// What [`Decoder::direct`] came upon; the characters are in `Decoder::text`.
enum Common {
    Start(QRef),
    End,
    Characters,
    Leaf(QRef),
}

impl Decoder<'_> {
    /// As [`Self::next`], with no more copies than needed.
    #[inline]
    pub fn next_ref(&mut self) -> Result<Option<ItemRef<'_>>> {
        let common = match self.plain && self.queue.is_empty() {
            true => self.direct().map_err(|error| self.failed(error))?,
            false => None,
        };
        let Some(common) = common else { return Ok(self.next()?.map(ItemRef::Other)) };
        let names = &self.session.names;
        Ok(Some(match common {
            Common::Start(name) => {
                ItemRef::StartElement { uri: names.uri(name.uri), local: names.local(name), prefix: None }
            }
            Common::End => ItemRef::EndElement,
            Common::Characters => ItemRef::Characters(&self.text),
            Common::Leaf(name) => ItemRef::Leaf {
                uri: names.uri(name.uri),
                local: names.local(name),
                prefix: None,
                text: &self.text,
            },
        }))
    }

    /// SE, EE or CH as the schema declares it. None, with nothing read, where anything else stands, or
    /// what stands there is to be refused.
    #[inline(never)]
    fn direct(&mut self) -> Result<Option<Common>> {
        let (depth, start) = (self.stack.len(), self.reader.position());
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.saved.is_none()) else {
            return Ok(None);
        };
        let Place::Known { state, counters, .. } = &mut frame.place else { return Ok(None) };
        let Some(tables) = self.context.tables() else { return Ok(None) };
        let Some(from) = tables.states.get(*state as usize) else { return Ok(None) };
        let Some(events) = self.limits.events.checked_sub(1) else { return Ok(None) };
        let code = self.reader.n_bit(width_of(from.codes()))?;
        let production = tables.productions_of(from).get(code as usize);
        let common = match production {
            Some(production) if production.kind == Kind::Ee => {
                self.stack.pop();
                Common::End
            }
            Some(production) if production.kind == Kind::Ch => {
                *state = production.follow(counters);
                let element = frame.name;
                self.read_characters(production.target, element)?;
                Common::Characters
            }
            Some(production) if matches!(production.kind, Kind::Leaf | Kind::Se) => {
                let place = self.context.start(production.target);
                let Some(place) = place.filter(|_| depth < self.limits.depth as usize) else {
                    self.reader.rewind(start);
                    return Ok(None);
                };
                *state = production.follow(counters);
                let (name, is_leaf) = (production.name, production.kind == Kind::Leaf);
                self.limits.events = events;
                return Ok(Some(if is_leaf { self.leaf(name, place) } else { self.begin(name, place) }));
            }
            _ => {
                self.reader.rewind(start);
                return Ok(None);
            }
        };
        self.limits.events = events;
        Ok(Some(common))
    }

    /// The characters that follow, into `text`.
    fn read_characters(&mut self, codec: u32, element: QRef) -> Result<()> {
        self.text.clear();
        let codecs = &self.context.codecs;
        let codec = codecs.get(codec)?;
        read_text(&mut self.reader, codecs, codec, element, &mut self.session.values, &mut self.text)?;
        self.charge(self.text.len())
    }

    fn begin(&mut self, name: QRef, place: Place) -> Common {
        self.stack.push(Frame { name, place, bindings: self.bindings.len(), saved: None });
        Common::Start(name)
    }

    /// An element of simple type that has begun, up to its end where only a value comes before that.
    fn leaf(&mut self, name: QRef, place: Place) -> Common {
        let start = self.reader.position();
        let Some(after) = self.value_in(name, place) else {
            // What is to be refused is read once more when its turn comes.
            self.reader.rewind(start);
            return self.begin(name, place);
        };
        let end = self.reader.position();
        if self.is_end(after) {
            return Common::Leaf(name);
        }
        self.reader.rewind(end);
        self.queue.push_back(Item::Characters(self.text.as_str().into()));
        self.begin(name, after)
    }

    /// The value of an element, as the event that comes next, into `text`; gives the place after it.
    fn value_in(&mut self, name: QRef, place: Place) -> Option<Place> {
        let events = self.limits.events.checked_sub(1)?;
        let production = self.production(place).filter(|production| production.kind == Kind::Ch)?;
        let (codec, after) = (production.target, place.follow(production));
        self.read_characters(codec, name).ok()?;
        self.limits.events = events;
        Some(after)
    }

    fn is_end(&mut self, place: Place) -> bool {
        let Some(events) = self.limits.events.checked_sub(1) else { return false };
        let is_end = self.production(place).is_some_and(|production| production.kind == Kind::Ee);
        if is_end {
            self.limits.events = events;
        }
        is_end
    }

    /// The production of the event that comes next, where it is one of the first level.
    fn production(&mut self, place: Place) -> Option<&Production> {
        let Place::Known { state, .. } = place else { return None };
        let tables = self.context.tables()?;
        let from = tables.states.get(state as usize)?;
        let code = self.reader.n_bit(width_of(from.codes())).ok()?;
        tables.productions_of(from).get(code as usize)
    }
}
