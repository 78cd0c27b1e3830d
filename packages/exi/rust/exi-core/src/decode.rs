//! The decode loop: one for every use, driven by tables, filling a [`Sink`].

use crate::bits::BitReader;
use crate::builtin::{Builtins, Generic, Learnt, Phase};
use crate::error::{Error, ErrorKind, Result};
use crate::names::{Names, QRef, Strings, XSI_TYPE};
use crate::tables::{
    width_of, Codec, Form, Kind, Production, Run, State, Tables, COMPLEX, COUNTERS, INTEGER, LONG, NONE,
    WIDTHS,
};
use crate::value::{read_value, Value};

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

/// What receives the content of a stream. A node is an element under construction.
pub trait Sink<'d> {
    /// An element under construction; it is dropped as it is when the stream turns out bad.
    type Node;

    /// An element of a simple type, whole.
    fn leaf(&mut self, parent: &mut Self::Node, production: &Production, value: Value<'d>) -> Result<()>;

    /// An element begins.
    fn open(&mut self, parent: &mut Self::Node, opening: &Opening<'_>) -> Result<Self::Node>;

    /// An element ends.
    fn close(&mut self, parent: &mut Self::Node, node: &mut Self::Node) -> Result<()>;

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
            return Err(Error::new(ErrorKind::Limit, "more elements and attributes than the limit"));
        }
        self.items -= 1;
        Ok(())
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

    /// An element of a simple type in one go: CH, a value of fixed width, EE. `word` is what
    /// follows an event code of `width` bits, which is not stepped over yet.
    #[inline(always)]
    fn short_leaf(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        word: u64,
        width: u32,
        depth: u32,
    ) -> Result<()> {
        let bits = u32::from(production.speed);
        // Both event codes are zero, or this is not the plain case.
        if (word >> 63) | ((word >> (62 - bits)) & 1) != 0 {
            self.reader.advance(width as usize)?;
            return self.declared(parent, production, depth);
        }
        self.count_item()?;
        let index = (word << 1 >> 1) >> (63 - bits);
        self.reader.advance((width + bits + 2) as usize)?;
        self.fixed(parent, production, index, self.reader.position() - bits as usize - 1)
    }

    /// CH, sign, up to three octets and EE from one word; anything longer takes the long way.
    #[inline(always)]
    fn integer_leaf(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        word: u64,
        depth: u32,
    ) -> Result<()> {
        let codec = self.codec(production.target);
        let (value, bits) = match short_integer(word << 1) {
            Some((value, bits)) if codec.has(value) => (value, bits + 1),
            _ => return self.long_leaf(parent, production, depth),
        };
        if (word >> 63) | ((word << bits) >> 63) != 0 {
            return self.long_leaf(parent, production, depth);
        }
        self.reader.advance(bits + 1)?;
        self.count_item()?;
        let result = self.sink.leaf(parent, production, Value::Integer(value));
        result.map_err(|e| self.inside(e, production.name))
    }

    /// The elements of a run, if they are all there as usual; otherwise nothing is read.
    #[inline(always)]
    fn run(&mut self, node: &mut S::Node, run: &'t Run, word: u64) -> Result<Option<Step>> {
        let items = run.fields.len() as u64;
        if word & run.zeros != 0 || run.bits as usize > self.reader.remaining() || self.items <= items {
            return Ok(None);
        }
        self.items -= items;
        let start = self.reader.position();
        let productions = &self.tables.productions;
        for field in &run.fields {
            let Some(production) = productions.get(field.production as usize) else { continue };
            let index = (word << field.at >> 1) >> (63 - field.bits);
            self.fixed(node, production, index, start + field.at as usize)?;
        }
        self.reader.advance(run.bits as usize)?;
        let Some(tail) = run.tail else {
            return Ok(Some(if run.ends { Step::End } else { Step::To(run.next) }));
        };
        let rest = word << run.bits << tail.code_bits;
        let Some((value, bits)) = short_integer(rest) else { return Ok(Some(Step::To(run.next))) };
        let bits = bits as u32;
        // EE of the tail and, where the element ends after it, the EE of that.
        let closing = (rest << bits) >> (63 - run.end_bits);
        let total = (tail.code_bits + bits + 1 + run.end_bits) as usize;
        let production = productions.get(tail.production as usize);
        let within = production.is_some_and(|production| self.codec(production.target).has(value));
        let (Some(production), true, true) =
            (production, closing == 0 && within, total <= self.reader.remaining())
        else {
            return Ok(Some(Step::To(run.next)));
        };
        self.reader.advance(total)?;
        self.count_item()?;
        let result = self.sink.leaf(node, production, Value::Integer(value));
        result.map_err(|e| self.inside(e, production.name))?;
        Ok(Some(if run.ends { Step::End } else { Step::To(tail.next) }))
    }

    /// An element whose value is a number of fixed width, which stands `at` this bit.
    #[inline(always)]
    fn fixed(&mut self, node: &mut S::Node, production: &'t Production, index: u64, at: usize) -> Result<()> {
        if index > u64::from(production.last) {
            return Err(self.no_such_value(production, index, at));
        }
        let result = match production.form {
            Form::Integer => {
                self.sink.leaf(node, production, Value::Integer(i64::from(production.low) + index as i64))
            }
            Form::Enumeration => self.sink.leaf(node, production, Value::Enumeration(index as u32)),
            Form::Boolean => self.sink.leaf(node, production, Value::Boolean(index != 0)),
        };
        result.map_err(|e| self.inside(e, production.name))
    }

    #[cold]
    fn no_such_value(&self, production: &Production, index: u64, at: usize) -> Error {
        let error = Error::at(ErrorKind::Invalid, at, format!("value {index} of {}", production.last));
        self.inside(error, production.name)
    }

    /// As [`Self::short_leaf`], for a value whose width the stream tells.
    #[inline]
    fn long_leaf(&mut self, parent: &mut S::Node, production: &'t Production, depth: u32) -> Result<()> {
        self.count_item()?;
        let codec = self.codec(production.target);
        let (start, mark) = (self.reader.position(), self.strings.mark());
        let loose = !self.tables.strict;
        if !loose || self.reader.peek() >> 63 == 0 {
            self.reader.advance(usize::from(loose))?;
            let value = self.value(codec, production.name).map_err(|e| self.inside(e, production.name))?;
            if !loose || self.reader.peek() >> 63 == 0 {
                self.reader.advance(usize::from(loose))?;
                return self
                    .sink
                    .leaf(parent, production, value)
                    .map_err(|e| self.inside(e, production.name));
            }
        }
        // An attribute or undeclared content: once more, event by event.
        self.reader.rewind(start);
        self.strings.forget(mark);
        self.declared(parent, production, depth)
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
        self.sink.close(parent, &mut node)
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
                self.declared(node, production, depth)?;
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

    /// An event that the schema does not declare here (8.5.4.4).
    #[cold]
    fn second_level(
        &mut self,
        node: &mut S::Node,
        at: u32,
        element: QRef,
        grammar: &mut u32,
        depth: u32,
    ) -> Result<Step> {
        let state = self.state(at);
        let events = second_level(state);
        let start = self.reader.position();
        let code = self.reader.bits(width_of(events.len()))?;
        let Some(event) = events.get(code as usize) else {
            return Err(Error::at(
                ErrorKind::Invalid,
                start,
                format!("second event code {code} of {}", events.len()),
            ));
        };
        match event {
            Second::Ee => {
                self.sink.cut_short(node)?;
                return Ok(Step::End);
            }
            Second::XsiType => return self.xsi_type(node, at, grammar),
            Second::XsiNil => {
                let nil = self.reader.bit()?;
                self.sink.nil(node, nil)?;
                let empty = self.tables.grammars.get(*grammar as usize).map_or(at, |grammar| grammar.empty);
                return Ok(Step::To(if nil { empty } else { at }));
            }
            Second::AtAny => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.any_attribute(node, name)?;
            }
            Second::AtUntyped => return self.untyped_attribute(node, at),
            Second::SeAny => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.any(node, None, name, depth)?;
                return Ok(Step::To(state.content2));
            }
            Second::ChUntyped => {
                self.text(node, self.codec(self.tables.untyped), element, false)?;
                return Ok(Step::To(state.content2));
            }
        }
        Ok(Step::To(at))
    }

    fn xsi_type(&mut self, node: &mut S::Node, at: u32, grammar: &mut u32) -> Result<Step> {
        let name = self.names.read_qname(&mut self.reader)?;
        let target = self.tables.types.get(&name).copied().unwrap_or(NONE);
        self.sink.retype(node, target, (&self.names, name))?;
        match self.tables.grammars.get(target as usize) {
            Some(known) => {
                *grammar = target;
                Ok(Step::To(known.start))
            }
            None => Ok(Step::To(at)),
        }
    }

    fn untyped_attribute(&mut self, node: &mut S::Node, at: u32) -> Result<Step> {
        let state = self.state(at);
        let code = self.reader.bits(width_of(usize::from(state.attributes) + 1))?;
        if code > u64::from(state.attributes) {
            return Err(self.no_such_code(state, code));
        }
        if code == u64::from(state.attributes) {
            let name = self.names.read_qname(&mut self.reader)?;
            self.attribute(node, None, name, self.tables.untyped)?;
            return Ok(Step::To(at));
        }
        let production = self.production(state, code)?;
        self.attribute(node, None, production.name, self.tables.untyped)?;
        Ok(Step::To(production.next))
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

    /// The content of an element without declaration: a built-in grammar, which learns.
    fn unknown(&mut self, node: &mut S::Node, element: QRef, depth: u32) -> Result<()> {
        let mut phase = Phase::StartTag;
        loop {
            let (width, learnt) = self.builtins.shape(element, phase);
            let code = self.reader.bits(width)? as usize;
            let step = match code.checked_sub(learnt) {
                None => self.learnt(node, element, phase, code, depth)?,
                Some(0) if phase == Phase::Content => Step::End,
                Some(_) => self.generic(node, element, phase, depth)?,
            };
            match step {
                Step::End => return Ok(()),
                Step::To(0) => {}
                Step::To(CONTENT) => phase = Phase::Content,
                Step::To(typed) => {
                    let grammar = self.tables.grammars.get((typed - TYPED) as usize);
                    let start = grammar.map_or(0, |grammar| grammar.start);
                    return self.element(node, start, element, typed - TYPED, depth);
                }
            }
        }
    }

    fn learnt(
        &mut self,
        node: &mut S::Node,
        element: QRef,
        phase: Phase,
        code: usize,
        depth: u32,
    ) -> Result<Step> {
        match self.builtins.by_code(element, phase, code) {
            Some(Learnt::At(name)) => self.unknown_attribute(node, name),
            Some(Learnt::Se(name)) => {
                self.any(node, None, name, depth)?;
                Ok(Step::To(CONTENT))
            }
            Some(Learnt::Ch) => {
                self.text(node, self.codec(self.tables.untyped), element, true)?;
                Ok(Step::To(CONTENT))
            }
            _ => Ok(Step::End),
        }
    }

    fn generic(&mut self, node: &mut S::Node, element: QRef, phase: Phase, depth: u32) -> Result<Step> {
        let events = phase.generic();
        let start = self.reader.position();
        let code = self.reader.bits(width_of(events.len()))? as usize;
        match events.get(code) {
            Some(Generic::Ee) => {
                self.builtins.learn(element, phase, Learnt::Ee);
                Ok(Step::End)
            }
            Some(Generic::At) => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.builtins.learn(element, phase, Learnt::At(name));
                self.unknown_attribute(node, name)
            }
            Some(Generic::Se) => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.builtins.learn(element, phase, Learnt::Se(name));
                self.any(node, None, name, depth)?;
                Ok(Step::To(CONTENT))
            }
            Some(Generic::Ch) => {
                self.builtins.learn(element, phase, Learnt::Ch);
                self.text(node, self.codec(self.tables.untyped), element, true)?;
                Ok(Step::To(CONTENT))
            }
            None => {
                Err(Error::at(ErrorKind::Invalid, start, format!("event code {code} in an unknown element")))
            }
        }
    }

    fn unknown_attribute(&mut self, node: &mut S::Node, name: QRef) -> Result<Step> {
        if name != XSI_TYPE {
            self.attribute(node, None, name, self.tables.untyped)?;
            return Ok(Step::To(0));
        }
        let mut grammar = NONE;
        self.xsi_type(node, 0, &mut grammar)?;
        Ok(Step::To(if grammar == NONE { 0 } else { TYPED + grammar }))
    }
}

/// Steps inside an unknown element: on to content, or on with a schema type.
const CONTENT: u32 = 1;
const TYPED: u32 = 2;

/// A signed integer (7.1.5) of up to three octets at the top of a word, and its bits.
#[inline(always)]
fn short_integer(word: u64) -> Option<(i64, usize)> {
    let (mut magnitude, mut bits) = (0, 1);
    loop {
        let octet = (word << bits) >> 56;
        magnitude |= (octet & 0x7f) << ((bits - 1) / 8 * 7);
        bits += 8;
        if octet < 0x80 {
            break;
        }
        if bits > 24 {
            return None;
        }
    }
    // A negative integer is coded as its complement.
    Some((magnitude as i64 ^ -((word >> 63) as i64), bits))
}

/// A production of the second level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    Ee,
    XsiType,
    XsiNil,
    AtAny,
    AtUntyped,
    SeAny,
    ChUntyped,
}

/// The second level of a state, in event-code order (8.5.4.4).
pub(crate) fn second_level(state: &State) -> Vec<Second> {
    let all = [
        (state.late_end, Second::Ee),
        (state.xsi_type, Second::XsiType),
        (state.xsi_nil, Second::XsiNil),
        (state.any_attribute, Second::AtAny),
        (state.any_attribute, Second::AtUntyped),
        (state.any_content, Second::SeAny),
        (state.any_content, Second::ChUntyped),
    ];
    all.iter().filter(|(present, _)| *present).map(|(_, event)| *event).collect()
}

/// A sink that takes everything and keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skip;

impl<'d> Sink<'d> for Skip {
    type Node = ();

    fn leaf(&mut self, (): &mut (), _: &Production, _: Value<'d>) -> Result<()> {
        Ok(())
    }

    fn open(&mut self, (): &mut (), _: &Opening<'_>) -> Result<()> {
        Ok(())
    }

    fn close(&mut self, (): &mut (), (): &mut ()) -> Result<()> {
        Ok(())
    }

    fn attribute(
        &mut self,
        (): &mut (),
        _: Option<&Production>,
        _: (&Names<'_>, QRef),
        _: &Codec,
        _: Value<'d>,
    ) -> Result<()> {
        Ok(())
    }

    fn text(&mut self, (): &mut (), _: &Codec, _: Value<'d>, _: bool) -> Result<()> {
        Ok(())
    }

    fn retype(&mut self, (): &mut (), _: u32, _: (&Names<'_>, QRef)) -> Result<()> {
        Ok(())
    }

    fn nil(&mut self, (): &mut (), _: bool) -> Result<()> {
        Ok(())
    }
}
