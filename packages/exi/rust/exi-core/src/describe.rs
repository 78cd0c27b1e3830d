//! Tables as plain text that does not depend on the order of schema components.
//!
//! States are numbered as they are met from the document state on, so that two front ends that
//! mean the same schema give the same text.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::decode::second_level;
use crate::tables::{Codec, Kind, Production, Tables, NONE};

/// One line per state, production, name and type.
pub fn describe(tables: &Tables) -> Vec<String> {
    let mut describer = Describer { tables, numbers: HashMap::new(), queue: Vec::new(), lines: Vec::new() };
    describer.names();
    let document = describer.number(tables.document);
    let fragment = describer.number(tables.fragment);
    describer.lines.push(format!("document s{document}"));
    describer.lines.push(format!("fragment s{fragment}"));
    describer.named();
    let mut next = 0;
    while let Some(state) = describer.queue.get(next).copied() {
        describer.state(next, state);
        next += 1;
    }
    describer.lines
}

/// A number that tells tables apart: FNV-1a with 128 bits over [`describe`].
pub fn fingerprint(tables: &Tables) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in describe(tables).iter().flat_map(|line| line.bytes().chain([b'\n'])) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    }
    hash
}

struct Describer<'t> {
    tables: &'t Tables,
    numbers: HashMap<u32, usize>,
    queue: Vec<u32>,
    lines: Vec<String>,
}

impl Describer<'_> {
    fn names(&mut self) {
        for (uri, locals) in self.tables.names.uris.iter().zip(&self.tables.names.locals) {
            self.lines.push(format!("uri {uri:?} {}", locals.join(" ")));
        }
    }

    fn number(&mut self, state: u32) -> usize {
        let queue = &mut self.queue;
        *self.numbers.entry(state).or_insert_with(|| {
            queue.push(state);
            queue.len() - 1
        })
    }

    fn grammar(&mut self, grammar: u32) -> String {
        if grammar < self.tables.simple_count {
            return self.codec(grammar);
        }
        let Some(known) = self.tables.grammars.get(grammar as usize).copied() else {
            return "none".to_owned();
        };
        let (start, empty) = (self.number(known.start), self.number(known.empty));
        format!("s{start}/s{empty}")
    }

    fn codec(&self, index: u32) -> String {
        self.tables.codecs.get(index as usize).map_or("none".to_owned(), |codec| self.codec_text(codec))
    }

    fn codec_text(&self, codec: &Codec) -> String {
        let mut text = format!("{:?}:{:?}", codec.kind, codec.primitive);
        if codec.width > 0 || codec.last > 0 {
            let _ = write!(text, " bits={} low={} last={}", codec.width, codec.low, codec.last);
        }
        if let Some(minimum) = codec.minimum {
            let _ = write!(text, " min={minimum}");
        }
        if let Some(maximum) = codec.maximum {
            let _ = write!(text, " max={maximum}");
        }
        if codec.min_length > 0 || codec.max_length < u64::MAX {
            let _ = write!(text, " length={}..{}", codec.min_length, codec.max_length as i64);
        }
        if !codec.enumeration.is_empty() {
            let _ = write!(text, " of={:?}", codec.enumeration);
        }
        if !codec.charset.is_empty() {
            let _ = write!(text, " charset={:?}", codec.charset);
        }
        if codec.item != NONE {
            let _ = write!(text, " items=({})", self.codec(codec.item));
        }
        text
    }

    /// Global elements, global attributes and named types.
    fn named(&mut self) {
        let tables = self.tables;
        let name = |name| format!("{{{}}}{}", tables.names.uri(name), tables.names.local(name));
        let globals: BTreeMap<_, _> = tables.globals.iter().map(|(q, global)| (name(*q), *global)).collect();
        for (name, global) in globals {
            let grammar = self.grammar(global.grammar);
            self.lines.push(format!("element {name} {grammar} nillable={}", global.nillable));
        }
        let attributes: BTreeMap<_, _> =
            tables.attributes.iter().map(|(q, codec)| (name(*q), *codec)).collect();
        for (name, codec) in attributes {
            let codec = self.codec(codec);
            self.lines.push(format!("attribute {name} {codec}"));
        }
        let types: BTreeMap<_, _> = tables.types.iter().map(|(q, grammar)| (name(*q), *grammar)).collect();
        for (name, grammar) in types {
            let grammar = self.grammar(grammar);
            self.lines.push(format!("type {name} {grammar}"));
        }
    }

    fn state(&mut self, number: usize, index: u32) {
        let state = self.tables.states[index as usize];
        let second: Vec<String> = second_level(&state).iter().map(|event| format!("{event:?}")).collect();
        let content2 = if state.any_content { self.number(state.content2) } else { number };
        self.lines.push(format!(
            "s{number} width={} second=[{}] content2=s{content2}",
            state.width,
            second.join(",")
        ));
        let productions: Vec<Production> = self.tables.productions_of(&state).to_vec();
        for (code, production) in productions.iter().enumerate() {
            let line = self.production(production);
            self.lines.push(format!("s{number}.{code} {line}"));
        }
    }

    fn production(&mut self, production: &Production) -> String {
        let names = &self.tables.names;
        let name = format!("{{{}}}{}", names.uri(production.name), names.local(production.name));
        let uri = names.uri(production.name).to_owned();
        let mut text = match production.kind {
            Kind::Leaf | Kind::Se => {
                let grammar = self.grammar(production.target);
                format!("SE({name}) {grammar} nillable={}", production.nillable)
            }
            Kind::At => format!("AT({name}) {}", self.codec(production.target)),
            Kind::Ch => format!("CH {}", self.codec(production.target)),
            Kind::SeUri => format!("SE({{{uri}}}*)"),
            Kind::AtUri => format!("AT({{{uri}}}*)"),
            kind => format!("{kind:?}"),
        };
        if production.next != NONE {
            let next = self.number(production.next);
            let _ = write!(text, " -> s{next}");
        }
        if production.set != 0 {
            let _ = write!(text, " set={}", production.set);
        }
        if production.inc != 0 {
            let alt = self.number(production.alt);
            let _ = write!(text, " count={} at={} -> s{alt}", production.inc, production.bound);
        }
        text
    }
}
