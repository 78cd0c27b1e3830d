//! Writing streams: from a list of events, and the parts that a typed writer is made of.

mod unknown;

use crate::builtin::Builtins;
use crate::decode::{second_level, Second};
use crate::error::{Error, ErrorKind, Result};
use crate::events::Event;
use crate::names::{Names, QRef, WrittenStrings};
use crate::tables::{width_of, Codec, Kind, Production, State, Tables, COUNTERS, NONE};
use crate::text::from_text;
use crate::value::Value;
use crate::value_writer::write_value;
use crate::writer::BitWriter;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// How to write a stream.
#[derive(Clone, Copy, Debug)]
pub struct EncodeOptions {
    /// valuePartitionCapacity; None is unbounded. Zero never refers back, as V2G does.
    pub value_capacity: Option<u32>,
    /// valueMaxLength; None is unbounded.
    pub value_max_length: Option<u32>,
    /// Whether to write what the schema does not allow, by the second level of event codes.
    pub deviations: bool,
    /// Elements inside each other.
    pub depth: u32,
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self { value_capacity: Some(0), value_max_length: None, deviations: false, depth: 128 }
    }
}

/// A stream under construction.
pub struct Output<'t> {
    /// The bits so far.
    pub writer: BitWriter,
    tables: &'t Tables,
    options: EncodeOptions,
    names: Names<'t>,
    strings: WrittenStrings,
    builtins: Builtins,
}

impl<'t> Output<'t> {
    /// A stream that holds its header.
    pub fn new(tables: &'t Tables, options: EncodeOptions) -> Self {
        Self::on(Vec::with_capacity(256), tables, options)
    }

    /// As [`Self::new`], in the memory of a buffer; what it holds is lost.
    pub fn on(buffer: Vec<u8>, tables: &'t Tables, options: EncodeOptions) -> Self {
        let mut writer = BitWriter::on(buffer);
        writer.bits(0x80, 8);
        Self {
            writer,
            tables,
            options,
            names: Names::new(&tables.names),
            strings: WrittenStrings::new(options.value_capacity, options.value_max_length),
            builtins: Builtins::default(),
        }
    }

    /// Writes a value of the element or attribute `name`.
    #[inline(always)]
    pub fn value(&mut self, codec: &Codec, name: QRef, value: &Value<'_>) -> Result<()> {
        write_value(&mut self.writer, self.tables, codec, name, value, &mut self.strings)
    }

    /// Writes one whole element, matched by a wildcard production, from its start event on.
    pub fn any_element(&mut self, production: &Production, events: &[Event]) -> Result<()> {
        let depth = self.options.depth;
        let mut source = Source { out: self, events, at: 1 };
        let Some(Event::Start { uri, local }) = events.first() else {
            return Err(Error::new(ErrorKind::Content, "an element must begin with its start"));
        };
        source.wildcard(production, uri, local, depth)
    }
}

/// Encodes events as a document or a fragment.
pub fn encode_events(
    tables: &Tables,
    events: &[Event],
    fragment: bool,
    options: EncodeOptions,
) -> Result<Vec<u8>> {
    let mut out = Output::new(tables, options);
    let mut source = Source { out: &mut out, events, at: 0 };
    source.body(fragment)?;
    Ok(out.writer.finish())
}

/// Attributes of one element, in the order in which they are written.
struct Attributes<'e> {
    xsi_type: Option<&'e str>,
    xsi_nil: Option<&'e str>,
    others: Vec<(&'e str, &'e str, &'e str)>,
}

struct Source<'o, 't, 'e> {
    out: &'o mut Output<'t>,
    events: &'e [Event],
    at: usize,
}

/// Where an element is: in a state, with its counters.
struct Place {
    at: u32,
    grammar: u32,
    counters: [u32; COUNTERS],
}

impl<'t, 'e> Source<'_, 't, 'e> {
    fn body(&mut self, fragment: bool) -> Result<()> {
        let tables = self.out.tables;
        let state = self.state(if fragment { tables.fragment } else { tables.document });
        let depth = self.out.options.depth;
        while let Some(event) = self.next() {
            let Event::Start { uri, local } = event else {
                return Err(Error::new(ErrorKind::Content, "only elements can stand at the top"));
            };
            self.child(state, uri, local, depth)?;
            if !fragment {
                break;
            }
        }
        if self.at < self.events.len() {
            return Err(Error::new(ErrorKind::Content, "a document has one root element"));
        }
        if fragment {
            self.code(state, usize::from(state.len) - 1);
        } else if self.events.is_empty() {
            return Err(Error::new(ErrorKind::Content, "a document has one root element"));
        }
        Ok(())
    }

    fn next(&mut self) -> Option<&'e Event> {
        let event = self.events.get(self.at)?;
        self.at += 1;
        Some(event)
    }

    fn state(&self, index: u32) -> &'t State {
        &self.out.tables.states[index as usize]
    }

    fn codec(&self, index: u32) -> &'t Codec {
        &self.out.tables.codecs[index as usize]
    }

    fn code(&mut self, state: &State, code: usize) {
        self.out.writer.bits(code as u64, u32::from(state.width));
    }

    /// Writes the code of a second-level production; false when the state has none such.
    fn second(&mut self, state: &State, event: Second) -> bool {
        let events = second_level(state);
        let Some(code) = events.iter().position(|have| *have == event) else { return false };
        self.code(state, usize::from(state.len));
        self.out.writer.bits(code as u64, width_of(events.len()));
        true
    }

    fn find(&self, state: &State, wanted: impl Fn(&Production) -> bool) -> Option<(usize, &'t Production)> {
        self.out.tables.productions_of(state).iter().enumerate().find(|(_, production)| wanted(production))
    }

    /// Writes a child element; returns the production, None for an undeclared one.
    fn child(&mut self, state: &State, uri: &str, local: &str, depth: u32) -> Result<Option<&'t Production>> {
        let name = self.out.names.find(uri, local);
        let by_name = |p: &Production| matches!(p.kind, Kind::Leaf | Kind::Se) && Some(p.name) == name;
        let uri_id = self.out.names.find_uri(uri);
        let by_uri = |p: &Production| p.kind == Kind::SeUri && Some(p.name.uri) == uri_id;
        if let Some((code, production)) = self.find(state, by_name) {
            self.code(state, code);
            self.element(production.name, production.target, depth).map_err(|e| e.within(local))?;
            return Ok(Some(production));
        }
        let wildcard = self.find(state, by_uri).or_else(|| self.find(state, |p| p.kind == Kind::SeAny));
        if let Some((code, production)) = wildcard {
            self.code(state, code);
            self.wildcard(production, uri, local, depth)?;
            return Ok(Some(production));
        }
        if !self.out.options.deviations || !self.second(state, Second::SeAny) {
            let reason = format!("unexpected element {local}, {}", self.expected(state));
            return Err(Error::new(ErrorKind::Content, reason));
        }
        let name = self.out.names.write_qname(&mut self.out.writer, uri, local);
        self.any(name, depth).map_err(|e| e.within(local))?;
        Ok(None)
    }

    fn wildcard(&mut self, production: &Production, uri: &str, local: &str, depth: u32) -> Result<()> {
        let name = match production.kind {
            Kind::SeUri => self.out.names.write_local(&mut self.out.writer, production.name.uri, local),
            _ => self.out.names.write_qname(&mut self.out.writer, uri, local),
        };
        self.any(name, depth).map_err(|e| e.within(local))
    }

    fn any(&mut self, name: QRef, depth: u32) -> Result<()> {
        let grammar = self.out.tables.globals.get(&name).map_or(NONE, |global| global.grammar);
        self.element(name, grammar, depth)
    }

    #[cold]
    fn expected(&self, state: &State) -> String {
        let name = |production: &Production| match production.kind {
            Kind::Leaf | Kind::Se | Kind::At => self.out.tables.names.local(production.name).to_owned(),
            Kind::Ee => "the end".to_owned(),
            Kind::Ch | Kind::ChUntyped => "text".to_owned(),
            _ => "any".to_owned(),
        };
        let names: Vec<String> = self.out.tables.productions_of(state).iter().take(12).map(name).collect();
        format!("expected {}", names.join(", "))
    }

    fn attributes(&mut self) -> Attributes<'e> {
        let mut attributes = Attributes { xsi_type: None, xsi_nil: None, others: Vec::new() };
        while let Some(Event::Attribute { uri, local, text }) = self.events.get(self.at) {
            self.at += 1;
            match (uri.as_str(), local.as_str()) {
                (XSI, "type") => attributes.xsi_type = Some(text),
                (XSI, "nil") => attributes.xsi_nil = Some(text),
                _ => attributes.others.push((local, uri, text)),
            }
        }
        attributes.others.sort_unstable();
        attributes
    }

    fn element(&mut self, name: QRef, grammar: u32, depth: u32) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        };
        let attributes = self.attributes();
        match self.out.tables.grammars.get(grammar as usize) {
            Some(known) => {
                let place = Place { at: known.start, grammar, counters: [0; COUNTERS] };
                self.known(name, place, attributes, depth)
            }
            None => self.unknown(name, attributes, depth),
        }
    }

    fn known(&mut self, name: QRef, mut place: Place, attributes: Attributes<'e>, depth: u32) -> Result<()> {
        if let Some(text) = attributes.xsi_type {
            self.xsi_type(&mut place, text)?;
        }
        if let Some(text) = attributes.xsi_nil {
            self.xsi_nil(&mut place, text)?;
        }
        for (local, uri, text) in attributes.others {
            self.attribute(&mut place, uri, local, text).map_err(|e| e.within(local))?;
        }
        while let Some(event) = self.next() {
            let state = self.state(place.at);
            match event {
                Event::Start { uri, local } => {
                    place.at = match self.child(state, uri, local, depth)? {
                        Some(production) => production.follow(&mut place.counters),
                        None => state.content2,
                    };
                }
                Event::Characters(text) => self.characters(&mut place, name, text)?,
                Event::Attribute { local, .. } => {
                    return Err(Error::new(ErrorKind::Content, format!("attribute {local} after content")));
                }
                Event::End => return self.end(&mut place, name),
            }
        }
        Err(Error::new(ErrorKind::Content, "the events end inside an element"))
    }

    fn xsi_type(&mut self, place: &mut Place, text: &str) -> Result<()> {
        let state = self.state(place.at);
        if !self.second(state, Second::XsiType) {
            return Err(Error::new(ErrorKind::Content, "xsi:type is not possible here"));
        }
        let grammar = self.type_name(text);
        if let Some(known) = self.out.tables.grammars.get(grammar as usize) {
            (place.at, place.grammar) = (known.start, grammar);
        }
        Ok(())
    }

    fn type_name(&mut self, text: &str) -> u32 {
        let clark = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (uri, local) = clark.unwrap_or(("", text));
        let name = self.out.names.write_qname(&mut self.out.writer, uri, local);
        self.out.tables.types.get(&name).copied().unwrap_or(NONE)
    }

    fn xsi_nil(&mut self, place: &mut Place, text: &str) -> Result<()> {
        let nil = match text.trim() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return Err(Error::new(ErrorKind::Content, format!("xsi:nil is {text:?}"))),
        };
        let state = self.state(place.at);
        if !self.second(state, Second::XsiNil) {
            return Err(Error::new(ErrorKind::Content, "xsi:nil is not possible here"));
        }
        self.out.writer.bits(u64::from(nil), 1);
        if nil {
            place.at = self.out.tables.grammars[place.grammar as usize].empty;
        }
        Ok(())
    }

    fn attribute(&mut self, place: &mut Place, uri: &str, local: &str, text: &str) -> Result<()> {
        let state = self.state(place.at);
        let name = self.out.names.find(uri, local);
        if let Some((code, production)) = self.find(state, |p| p.kind == Kind::At && Some(p.name) == name) {
            if self.typed_attribute(state, code, production, text)? {
                place.at = production.next;
                return Ok(());
            }
        }
        let uri_id = self.out.names.find_uri(uri);
        let by_uri = self.find(state, |p| p.kind == Kind::AtUri && Some(p.name.uri) == uri_id);
        if let Some((code, production)) = by_uri.or_else(|| self.find(state, |p| p.kind == Kind::AtAny)) {
            self.code(state, code);
            let name = match production.kind {
                Kind::AtUri => self.out.names.write_local(&mut self.out.writer, production.name.uri, local),
                _ => self.out.names.write_qname(&mut self.out.writer, uri, local),
            };
            return self.any_attribute_value(name, text);
        }
        if !self.out.options.deviations || !self.second(state, Second::AtAny) {
            let reason = format!("unexpected attribute {local}, {}", self.expected(state));
            return Err(Error::new(ErrorKind::Content, reason));
        }
        let name = self.out.names.write_qname(&mut self.out.writer, uri, local);
        self.any_attribute_value(name, text)
    }

    /// AT(qname), typed where the value allows it; false when it cannot be written at all.
    fn typed_attribute(
        &mut self,
        state: &State,
        code: usize,
        production: &Production,
        text: &str,
    ) -> Result<bool> {
        let codec = self.codec(production.target);
        let value = self.typed(codec, text);
        if value.is_some() || !self.out.options.deviations {
            self.code(state, code);
            let value = value.ok_or_else(|| not_of_type(text, codec))?;
            self.out.value(codec, production.name, &value)?;
            return Ok(true);
        }
        if !self.second(state, Second::AtUntyped) {
            return Ok(false);
        }
        self.out.writer.bits(code as u64, width_of(usize::from(state.attributes) + 1));
        self.untyped(production.name, text)?;
        Ok(true)
    }

    /// The value, if it has the lexical form of the type and keeps its facets.
    fn typed<'a>(&self, codec: &Codec, text: &'a str) -> Option<Value<'a>> {
        let value = from_text(text, codec, self.out.tables)?;
        if !self.out.options.deviations {
            return Some(value);
        }
        let mut trial = Output::new(self.out.tables, EncodeOptions::default());
        trial.value(codec, QRef::default(), &value).is_ok().then_some(value)
    }

    fn any_attribute_value(&mut self, name: QRef, text: &str) -> Result<()> {
        let Some(codec) = self.out.tables.attributes.get(&name) else {
            return self.untyped(name, text);
        };
        let codec = self.codec(*codec);
        let value = from_text(text, codec, self.out.tables).ok_or_else(|| not_of_type(text, codec))?;
        self.out.value(codec, name, &value)
    }

    fn untyped(&mut self, name: QRef, text: &str) -> Result<()> {
        let codec = self.codec(self.out.tables.untyped);
        self.out.value(codec, name, &Value::Str(text))
    }

    fn characters(&mut self, place: &mut Place, name: QRef, first: &'e str) -> Result<()> {
        let mut joined = String::new();
        while let Some(Event::Characters(more)) = self.events.get(self.at) {
            if joined.is_empty() {
                joined.push_str(first);
            }
            joined.push_str(more);
            self.at += 1;
        }
        self.text(place, name, if joined.is_empty() { first } else { &joined })
    }

    fn text(&mut self, place: &mut Place, name: QRef, text: &str) -> Result<()> {
        let state = self.state(place.at);
        if let Some((code, production)) = self.find(state, |p| p.kind == Kind::Ch) {
            let codec = self.codec(production.target);
            let value = self.typed(codec, text);
            if value.is_some() || !self.out.options.deviations {
                self.code(state, code);
                place.at = production.next;
                return self.out.value(codec, name, &value.ok_or_else(|| not_of_type(text, codec))?);
            }
        }
        if let Some((code, production)) = self.find(state, |p| p.kind == Kind::ChUntyped) {
            self.code(state, code);
            place.at = production.next;
            return self.untyped(name, text);
        }
        if text.trim().is_empty() {
            return Ok(());
        }
        if !self.out.options.deviations || !self.second(state, Second::ChUntyped) {
            let reason = format!("unexpected text {text:?}, {}", self.expected(state));
            return Err(Error::new(ErrorKind::Content, reason));
        }
        place.at = state.content2;
        self.untyped(name, text)
    }

    fn end(&mut self, place: &mut Place, name: QRef) -> Result<()> {
        let state = self.state(place.at);
        if let Some((code, _)) = self.find(state, |p| p.kind == Kind::Ee) {
            self.code(state, code);
            return Ok(());
        }
        // XML does not tell an empty value from none. Without deviations it is a value of no
        // characters; with them it is what the specification makes of it, an end out of turn.
        if self.out.options.deviations && self.second(state, Second::Ee) {
            return Ok(());
        }
        if let Some((_, production)) = self.find(state, |p| p.kind == Kind::Ch) {
            if self.typed(self.codec(production.target), "").is_some() {
                self.text(place, name, "")?;
                return self.end(place, name);
            }
        }
        Err(Error::new(ErrorKind::Content, format!("the element is not complete, {}", self.expected(state))))
    }
}

fn not_of_type(text: &str, codec: &Codec) -> Error {
    Error::new(ErrorKind::Content, format!("{text:?} is no value of type {:?}", codec.primitive))
}
