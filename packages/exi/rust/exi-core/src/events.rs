//! A stream as a list of events with lexical text.

use crate::decode::{decode, decode_content, Limits, Opening, Sink};
use crate::error::Result;
use crate::names::{Names, QRef};
use crate::tables::{Codec, Production, Tables};
use crate::text::to_text;
use crate::value::Value;

/// One event of the XML information set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An element begins.
    Start {
        /// Namespace URI.
        uri: String,
        /// Local name.
        local: String,
    },
    /// An attribute of the element that began last. The value of xsi:type is `{uri}local`.
    Attribute {
        /// Namespace URI.
        uri: String,
        /// Local name.
        local: String,
        /// Lexical value.
        text: String,
    },
    /// Characters; two of them never follow each other.
    Characters(String),
    /// The element ends.
    End,
}

/// Decodes a stream into events; also returns the bits that were read.
pub fn decode_events(
    tables: &Tables,
    data: &[u8],
    fragment: bool,
    limits: Limits,
) -> Result<(Vec<Event>, usize)> {
    let mut sink = Events { tables, events: Vec::new() };
    let bits = decode(tables, data, fragment, limits, &mut sink, &mut ())?;
    Ok((sink.events, bits))
}

/// The events of an element's content alone: `data` is a header and what a typed writer wrote
/// for the content of an element `name` of a grammar.
pub fn content_events(
    tables: &Tables,
    data: &[u8],
    name: QRef,
    grammar: u32,
    limits: Limits,
) -> Result<Vec<Event>> {
    let mut sink = Events { tables, events: Vec::new() };
    decode_content(tables, data, name, grammar, limits, &mut sink, &mut ())?;
    Ok(sink.events)
}

struct Events<'t> {
    tables: &'t Tables,
    events: Vec<Event>,
}

impl Events<'_> {
    fn characters(&mut self, codec: &Codec, value: &Value<'_>) {
        let text = to_text(value, codec, self.tables);
        match self.events.last_mut() {
            // A stream may part what is one text in XML.
            Some(Event::Characters(before)) => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.events.push(Event::Characters(text)),
        }
    }

    fn named(&mut self, names: &Names<'_>, name: QRef, text: String) {
        let (uri, local) = (names.uri(name.uri).to_owned(), names.local(name).to_owned());
        self.events.push(Event::Attribute { uri, local, text });
    }

    fn xsi(&mut self, local: &str, text: String) {
        let uri = "http://www.w3.org/2001/XMLSchema-instance".to_owned();
        self.events.push(Event::Attribute { uri, local: local.to_owned(), text });
    }
}

impl<'d> Sink<'d> for Events<'_> {
    type Node = ();

    fn leaf(&mut self, (): &mut (), production: &Production, value: Value<'d>) -> Result<()> {
        let names = &self.tables.names;
        let (uri, local) = (names.uri(production.name).to_owned(), names.local(production.name).to_owned());
        self.events.push(Event::Start { uri, local });
        if let Some(codec) = self.tables.codecs.get(production.target as usize) {
            self.characters(codec, &value);
        }
        self.events.push(Event::End);
        Ok(())
    }

    fn open(&mut self, (): &mut (), opening: &Opening<'_>) -> Result<()> {
        let (names, name) = (opening.names, opening.name);
        let (uri, local) = (names.uri(name.uri).to_owned(), names.local(name).to_owned());
        self.events.push(Event::Start { uri, local });
        Ok(())
    }

    fn close(&mut self, (): &mut (), (): &mut (), _: Option<&Production>) -> Result<()> {
        self.events.push(Event::End);
        Ok(())
    }

    fn attribute(
        &mut self,
        (): &mut (),
        _: Option<&Production>,
        (names, name): (&Names<'_>, QRef),
        codec: &Codec,
        value: Value<'d>,
    ) -> Result<()> {
        let text = to_text(&value, codec, self.tables);
        self.named(names, name, text);
        Ok(())
    }

    fn text(&mut self, (): &mut (), codec: &Codec, value: Value<'d>, _: bool) -> Result<()> {
        self.characters(codec, &value);
        Ok(())
    }

    fn retype(&mut self, (): &mut (), _: u32, (names, name): (&Names<'_>, QRef)) -> Result<()> {
        self.xsi("type", format!("{{{}}}{}", names.uri(name.uri), names.local(name)));
        Ok(())
    }

    fn nil(&mut self, (): &mut (), value: bool) -> Result<()> {
        self.xsi("nil", value.to_string());
        Ok(())
    }
}
