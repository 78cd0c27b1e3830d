//! The decode loop: one for every use, driven by tables, filling a [`Sink`].

mod fast;
mod skip;
mod undeclared;

use crate::bits::BitReader;
use crate::builtin::Builtins;
use crate::error::{Error, ErrorKind, Result};
use crate::names::{Names, QRef, Strings};
use crate::tables::{Codec, Kind, Production, State, Tables, COMPLEX, COUNTERS, INTEGER, LONG, NONE, WIDTHS};
use crate::value::{read_value, Value};

pub use fast::short_integer;
pub use skip::Skip;
pub(crate) use undeclared::{second_level, Second};

/// What a stream may ask of the decoder at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Elements inside each other.
    pub depth: u32,
    /// Elements and attributes in all.
    pub items: u64,
    /// valuePartitionCapacity; None is unbounded.
    pub value_capacity: Option<u32>,
    /// valueMaxLength; None is unbounded.
    pub value_max_length: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, items: 4_000_000, value_capacity: None, value_max_length: None }
    }
}

/// The start of an element.
pub struct Opening<'a> {
    /// Its name.
    pub name: QRef,
    /// The production that matched it: SE(qname), or the wildcard; None when it is undeclared.
    pub production: Option<&'a Production>,
    /// The grammar of its type, or [`NONE`] for an unknown element.
    pub grammar: u32,
    /// The names of the stream.
    pub names: &'a Names<'a>,
}

/// What [`Sink::short`] took.
#[derive(Clone, Copy, Debug)]
pub struct Short {
    /// Bits after the event code.
    pub bits: u32,
    /// Elements.
    pub items: u32,
}

/// How far an element has been read, and what may still come.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The state, or [`NONE`] after the end.
    pub at: u32,
    /// Elements inside each other that may come.
    pub depth: u32,
    /// Elements and attributes that may come in all.
    pub items: u64,
}

/// What receives the content of a stream. A node is an element under construction.
pub trait Sink<'d> {
    /// An element under construction; it is dropped as it is when the stream turns out bad.
    type Node;

    /// An element of a simple type, whole.
    fn leaf(&mut self, parent: &mut Self::Node, production: &Production, value: Value<'d>) -> Result<()>;

    /// An element begins.
    fn open(&mut self, parent: &mut Self::Node, opening: &Opening<'_>) -> Result<Self::Node>;

    /// An element ends; `production` is what matched it, as when it began.
    fn close(
        &mut self,
        parent: &mut Self::Node,
        node: &mut Self::Node,
        production: Option<&Production>,
    ) -> Result<()>;

    /// An attribute: of the production AT(qname), or any other (None).
    fn attribute(
        &mut self,
        node: &mut Self::Node,
        production: Option<&Production>,
        name: (&Names<'_>, QRef),
        codec: &Codec,
        value: Value<'d>,
    ) -> Result<()>;

    /// Characters; `declared` is false where the schema has none.
    fn text(&mut self, node: &mut Self::Node, codec: &Codec, value: Value<'d>, declared: bool) -> Result<()>;

    /// xsi:type names the type of a grammar ([`NONE`]: one that the schema does not have).
    fn retype(&mut self, node: &mut Self::Node, grammar: u32, name: (&Names<'_>, QRef)) -> Result<()>;

    /// xsi:nil stands on the element.
    fn nil(&mut self, node: &mut Self::Node, value: bool) -> Result<()>;

    /// Takes a whole element of complex type out of one word: `word` is what follows its event
    /// code, and `left` bits of it belong to the stream. None where that cannot be; nothing is done then.
    #[inline(always)]
    fn short(
        &mut self,
        _parent: &mut Self::Node,
        _production: &Production,
        _word: u64,
        _left: usize,
    ) -> Result<Option<Short>> {
        Ok(None)
    }

    /// Reads what it can of an element in its own way, from a state on. The default reads nothing.
    #[inline(always)]
    fn travel(&mut self, _node: &mut Self::Node, place: Place, _reader: &mut BitReader<'d>) -> Result<Place> {
        Ok(place)
    }

    /// The element ends where the schema still wants content (8.5.4.4): a sink of typed objects refuses.
    fn cut_short(&mut self, _node: &mut Self::Node) -> Result<()> {
        Ok(())
    }
}

/// Decodes a stream, header included; returns the bits that were read.
pub fn decode<'d, S: Sink<'d>>(
    tables: &Tables,
    data: &'d [u8],
    fragment: bool,
    limits: Limits,
    sink: &mut S,
    root: &mut S::Node,
) -> Result<usize> {
    let mut decoder = Decoder::new(tables, data, limits, sink);
    decoder.header()?;
    decoder.body(root, fragment, limits.depth).map_err(|e| e.or_at(decoder.reader.position()))?;
    Ok(decoder.reader.position())
}

/// Decodes a header and the content of an element `name` of a grammar into `node`.
pub(crate) fn decode_content<'d, S: Sink<'d>>(
    tables: &Tables,
    data: &'d [u8],
    name: QRef,
    grammar: u32,
    limits: Limits,
    sink: &mut S,
    node: &mut S::Node,
) -> Result<()> {
    let mut decoder = Decoder::new(tables, data, limits, sink);
    decoder.header()?;
    let known = tables.grammars.get(grammar as usize);
    let known = known.ok_or_else(|| Error::new(ErrorKind::Schema, "no such grammar"))?;
    decoder.element(node, known.start, name, grammar, limits.depth)
}

struct Decoder<'t, 'd, 's, S: Sink<'d>> {
    tables: &'t Tables,
    reader: BitReader<'d>,
    sink: &'s mut S,
    names: Names<'t>,
    strings: Strings,
    builtins: Builtins,
    items: u64,
}

/// Where an element goes on after one event.
enum Step {
    To(u32),
    End,
}

impl<'t, 'd, 's, S: Sink<'d>> Decoder<'t, 'd, 's, S> {
    fn new(tables: &'t Tables, data: &'d [u8], limits: Limits, sink: &'s mut S) -> Self {
        Self {
            tables,
            reader: BitReader::new(data),
            sink,
            names: Names::new(&tables.names),
            strings: Strings::new(limits.value_capacity, limits.value_max_length),
            builtins: Builtins::default(),
            items: limits.items,
        }
    }

    fn header(&mut self) -> Result<()> {
        let header = self.reader.bits(8)?;
        if header != 0x80 {
            return Err(Error::at(ErrorKind::Header, 0, format!("EXI header {header:#04x}, expected 0x80")));
        }
        Ok(())
    }

    fn body(&mut self, root: &mut S::Node, fragment: bool, depth: u32) -> Result<()> {
        let tables = self.tables;
        let state = self.state(if fragment { tables.fragment } else { tables.document });
        loop {
            let code = self.reader.bits(u32::from(state.width))?;
            if code >= u64::from(state.len) {
                return Err(self.no_such_code(state, code));
            }
            let production = self.production(state, code)?;
            if production.kind == Kind::Ed {
                return Ok(());
            }
            self.child(root, production, depth)?;
            if !fragment {
                return Ok(());
            }
        }
    }

    #[inline(always)]
    fn state(&self, index: u32) -> &'t State {
        // Indices come from the compiler; the first state stands in for one that cannot be.
        let states = &self.tables.states;
        states.get(index as usize).unwrap_or(&states[0])
    }

    /// The production of an event code below the number of the state's productions.
    #[inline(always)]
    fn production(&self, state: &State, code: u64) -> Result<&'t Production> {
        match self.tables.productions.get(state.first as usize + code as usize) {
            Some(production) => Ok(production),
            None => Err(self.no_such_code(state, code)),
        }
    }

    #[cold]
    fn no_such_code(&self, state: &State, code: u64) -> Error {
        let at = self.reader.position().saturating_sub(usize::from(state.width));
        Error::at(ErrorKind::Invalid, at, format!("event code {code} where the grammar has {}", state.len))
    }

    #[inline(always)]
    fn count_item(&mut self) -> Result<()> {
        if self.items == 0 {
            return Err(Self::too_many());
        }
        self.items -= 1;
        Ok(())
    }

    #[cold]
    fn too_many() -> Error {
        Error::new(ErrorKind::Limit, "more elements and attributes than the limit")
    }

    /// One child element by a production of kind Leaf, Se, SeUri or SeAny.
    #[inline(always)]
    fn child(&mut self, parent: &mut S::Node, production: &'t Production, depth: u32) -> Result<()> {
        match production.kind {
            Kind::Leaf => self.long_leaf(parent, production, depth),
            Kind::Se => self.declared(parent, production, depth),
            _ => self.wildcard(parent, production, depth),
        }
    }

    fn declared(&mut self, parent: &mut S::Node, production: &'t Production, depth: u32) -> Result<()> {
        let (name, grammar) = (production.name, production.target);
        self.open(parent, Some(production), name, grammar, depth).map_err(|e| self.inside(e, name))
    }

    fn wildcard(&mut self, parent: &mut S::Node, production: &'t Production, depth: u32) -> Result<()> {
        let name = match production.kind {
            Kind::SeUri => self.names.read_local(&mut self.reader, production.name.uri)?,
            _ => self.names.read_qname(&mut self.reader)?,
        };
        self.any(parent, Some(production), name, depth)
    }

    /// An element by its name: of the global declaration, or unknown.
    fn any(
        &mut self,
        parent: &mut S::Node,
        production: Option<&'t Production>,
        name: QRef,
        depth: u32,
    ) -> Result<()> {
        let grammar = self.tables.globals.get(&name).map_or(NONE, |global| global.grammar);
        self.open(parent, production, name, grammar, depth).map_err(|e| self.inside(e, name))
    }

    fn open(
        &mut self,
        parent: &mut S::Node,
        production: Option<&'t Production>,
        name: QRef,
        grammar: u32,
        depth: u32,
    ) -> Result<()> {
        self.count_item()?;
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        };
        let opening = Opening { name, production, grammar, names: &self.names };
        let mut node = self.sink.open(parent, &opening)?;
        match self.tables.grammars.get(grammar as usize) {
            Some(known) => self.element(&mut node, known.start, name, grammar, depth)?,
            None => self.unknown(&mut node, name, depth)?,
        }
        self.sink.close(parent, &mut node, production)
    }

    /// The content of an element from a state on, to its end.
    fn element(
        &mut self,
        node: &mut S::Node,
        mut at: u32,
        name: QRef,
        mut grammar: u32,
        depth: u32,
    ) -> Result<()> {
        let mut counters = [0u32; COUNTERS];
        loop {
            let place = Place { at, depth, items: self.items };
            let place = self.sink.travel(node, place, &mut self.reader)?;
            (at, self.items) = (place.at, place.items);
            if at == NONE {
                return Ok(());
            }
            let state = self.state(at);
            let word = self.reader.peek();
            if let Some(run) = self.tables.run_at(state) {
                match self.run(node, run, word)? {
                    Some(Step::To(next)) => {
                        at = next;
                        continue;
                    }
                    Some(Step::End) => return Ok(()),
                    None => {}
                }
            }
            let width = u32::from(state.width);
            let code = (word >> 1) >> (63 - width);
            if code >= u64::from(state.len) {
                self.reader.advance(width as usize)?;
                match self.second_level(node, at, name, &mut grammar, depth)? {
                    Step::To(next) => at = next,
                    Step::End => return Ok(()),
                }
                continue;
            }
            let production = self.production(state, code)?;
            // Not a match on the kind: it would become an indirect jump, which costs more.
            if production.speed < WIDTHS {
                self.short_leaf(node, production, word << width, width, depth)?;
                at = production.follow(&mut counters);
                continue;
            }
            self.reader.advance(width as usize)?;
            if production.speed == INTEGER {
                self.integer_leaf(node, production, word << width, depth)?;
            } else if production.speed == LONG {
                self.long_leaf(node, production, depth)?;
            } else if production.speed == COMPLEX {
                if depth == 0 || !self.short_element(node, production)? {
                    self.declared(node, production, depth)?;
                }
            } else if production.kind == Kind::Ee {
                return Ok(());
            } else {
                self.other(node, production, name, depth)?;
            }
            at = production.follow(&mut counters);
        }
    }

    fn other(
        &mut self,
        node: &mut S::Node,
        production: &'t Production,
        element: QRef,
        depth: u32,
    ) -> Result<()> {
        match production.kind {
            Kind::Ch => self.text(node, self.codec(production.target), element, true),
            Kind::ChUntyped => self.text(node, self.codec(self.tables.untyped), element, true),
            Kind::At => self.attribute(node, Some(production), production.name, production.target),
            Kind::AtAny => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.any_attribute(node, name)
            }
            Kind::AtUri => {
                let name = self.names.read_local(&mut self.reader, production.name.uri)?;
                self.any_attribute(node, name)
            }
            _ => self.wildcard(node, production, depth),
        }
    }

    /// AT(*): a global attribute declaration gives the type of its value.
    fn any_attribute(&mut self, node: &mut S::Node, name: QRef) -> Result<()> {
        let codec = self.tables.attributes.get(&name).copied().unwrap_or(self.tables.untyped);
        self.attribute(node, None, name, codec)
    }

    fn attribute(
        &mut self,
        node: &mut S::Node,
        production: Option<&Production>,
        name: QRef,
        codec: u32,
    ) -> Result<()> {
        self.count_item()?;
        let codec = self.codec(codec);
        let value = self.value(codec, name).map_err(|e| self.inside(e, name))?;
        let result = self.sink.attribute(node, production, (&self.names, name), codec, value);
        result.map_err(|e| self.inside(e, name))
    }

    fn text(&mut self, node: &mut S::Node, codec: &Codec, element: QRef, declared: bool) -> Result<()> {
        let value = self.value(codec, element)?;
        self.sink.text(node, codec, value, declared)
    }

    #[inline(always)]
    fn value(&mut self, codec: &Codec, name: QRef) -> Result<Value<'d>> {
        read_value(&mut self.reader, self.tables, codec, name, &mut self.strings)
    }

    #[inline(always)]
    fn codec(&self, index: u32) -> &'t Codec {
        let codecs = &self.tables.codecs;
        codecs.get(index as usize).unwrap_or(&codecs[0])
    }

    #[cold]
    fn inside(&self, error: Error, name: QRef) -> Error {
        error.or_at(self.reader.position()).within(self.names.local(name))
    }
}
