//! The commonest elements without a look at their names: what a start tag meant in a state of a
//! grammar it means there again.
//!
//! Who reads a text keeps a [`Way`] for each tag and state, for as many documents as it likes, and
//! takes it where the same tag comes in the same state. What is not usual is refused with nothing
//! written and goes as items.

use std::sync::Arc;

use super::content::find;
use super::{After, Encoder};
use crate::error::Result;
use crate::stream::representation::apply;
use crate::stream::session::{Context, Frame, Place};
use crate::stream::short::short;
use crate::stream::value_out::{ready, write_text, write_value};
use crate::stream::writer::Writer;
use crate::tables::{width_of, Codec, CodecKind, Kind, Production, COUNTERS};

/// Bits that can be written together.
const TOGETHER: u32 = 63;

/// What the start of a declared element leads to, in the state for which it was found.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Its place among the productions of the state.
    at: u32,
    code: Code,
    leaf: Option<Leaf>,
}

/// An event code of one part.
#[derive(Clone, Copy, Debug)]
struct Code {
    value: u64,
    width: u32,
}

/// Content that may be one value and nothing else.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    codec: u32,
    content: Code,
    end: Code,
}

impl Encoder {
    /// The state in which the next element begins, where ways can be taken: a schema knows it, all
    /// that came is written, and each event is written as it comes.
    pub fn place(&mut self) -> Result<Option<u32>> {
        if !self.plain || !self.text.is_empty() {
            return Ok(None);
        }
        if self.start.is_some() {
            self.flush_start().map_err(|error| self.located(error))?;
        }
        Ok(self.settled_place())
    }

    /// The same right after [`Self::place`], or after ways that were taken from there.
    #[inline]
    pub fn settled_place(&self) -> Option<u32> {
        let Place::Known { state, .. } = self.stack.last()?.place else { return None };
        Some(state).filter(|_| !self.keeps_space())
    }

    /// What an element leads to in such a state; None for one that the schema does not declare there.
    pub fn way(&mut self, place: u32, uri: &Arc<str>, local: &str) -> Option<Way> {
        let Self { context, session, indices, .. } = self;
        let tables = context.tables()?;
        let state = context.state(place).ok()?;
        let productions = tables.productions_of(state);
        let name = session.names.find_shared(uri, local)?;
        let at = indices.element(place, productions, name)?;
        let leaf = leaf_of(context, productions.get(at)?);
        Some(Way { at: at as u32, code: Code::new(at, state.codes()), leaf })
    }

    /// Writes SE, CH and EE. False, with nothing written, where that is not what the grammar has.
    pub fn put_leaf(&mut self, way: &Way, text: &str) -> Result<bool> {
        self.leaf_by(way, text).map_err(|error| self.located(error))
    }

    fn leaf_by(&mut self, way: &Way, text: &str) -> Result<bool> {
        let Some(leaf) = way.leaf.filter(|_| !self.is_deep()) else { return Ok(false) };
        let Self { context, session, writer, stack, .. } = self;
        let Some((frame, production)) = stack.last_mut().and_then(|frame| {
            let production = production_of(context, frame, way)?;
            Some((frame, production))
        }) else {
            return Ok(false);
        };
        let codecs = &context.codecs;
        let codec = codecs.get(leaf.codec)?;
        if !put_short(writer, way.code, leaf, codec, text) {
            let text = apply(codecs.white(leaf.codec), text);
            let is_string = codec.kind == CodecKind::String && !session.values.is_used();
            let value = if is_string { None } else { ready(&text, codecs, codec, self.forms) };
            if text.is_empty() || value.is_none() && !is_string {
                return Ok(false);
            }
            writer.n_bit(way.code.value, way.code.width);
            writer.n_bit(leaf.content.value, leaf.content.width);
            match value {
                Some(value) => {
                    write_value(writer, codecs, codec, production.name, &value, &mut session.values)?;
                }
                None => write_text(writer, codec, &text),
            }
            writer.n_bit(leaf.end.value, leaf.end.width);
        }
        frame.place = frame.place.follow(production);
        self.after = After::Other;
        Ok(true)
    }

    /// Writes SE of an element without attributes. False, with nothing written, where it cannot be.
    pub fn put_start(&mut self, way: &Way) -> bool {
        if self.is_deep() {
            return false;
        }
        let Self { context, writer, stack, spaces, bindings, .. } = self;
        let found = stack.last_mut().and_then(|frame| {
            let production = production_of(context, frame, way)?;
            Some((frame, production, context.start(production.target)?))
        });
        let Some((frame, production, place)) = found else { return false };
        writer.n_bit(way.code.value, way.code.width);
        frame.place = frame.place.follow(production);
        stack.push(Frame { name: production.name, place, bindings: bindings.len(), saved: None });
        spaces.push(false);
        self.in_tag_start = true;
        self.after = After::Start;
        true
    }

    /// Writes EE. False, with nothing written, where the grammar has no plain one.
    pub fn put_end(&mut self) -> bool {
        let Self { context, writer, stack, spaces, bindings, .. } = self;
        let Some(frame) = stack.last().filter(|frame| frame.saved.is_none()) else { return false };
        let Place::Known { state, .. } = frame.place else { return false };
        let Ok(state) = context.state(state) else { return false };
        let Some((code, _)) = find(context, state, Kind::Ee) else { return false };
        writer.n_bit(code as u64, width_of(state.codes()));
        bindings.truncate(frame.bindings);
        stack.pop();
        spaces.pop();
        self.after = After::Other;
        true
    }

    /// Whether white space before an end is what stands between tags, and not a value.
    pub fn is_after_end(&self) -> bool {
        self.after == After::Other
    }

    /// An element with nothing but a value, as one way; false where it has to go as its items.
    pub(super) fn leaf(&mut self, uri: &Arc<str>, local: &str, text: &str) -> Result<bool> {
        let place = self.settled_place().filter(|_| self.plain);
        match place.and_then(|place| self.way(place, uri, local)) {
            Some(way) => self.leaf_by(&way, text),
            None => Ok(false),
        }
    }

    fn is_deep(&self) -> bool {
        self.stack.len() >= self.depth as usize
    }
}

impl Code {
    fn new(at: usize, count: usize) -> Self {
        Self { value: at as u64, width: width_of(count) }
    }
}

/// Writes SE, CH and EE at once where all of it is a few bits; false, with nothing written, elsewhere.
fn put_short(writer: &mut Writer, code: Code, leaf: Leaf, codec: &Codec, text: &str) -> bool {
    if writer.is_aligned() {
        return false;
    }
    let Some((value, width)) = short(text, codec) else { return false };
    let all = code.width + leaf.content.width + width + leaf.end.width;
    if all > TOGETHER {
        return false;
    }
    let bits = code.value << leaf.content.width | leaf.content.value;
    writer.n_bit((bits << width | value) << leaf.end.width | leaf.end.value, all);
    true
}

fn production_of<'c>(context: &'c Context, frame: &Frame, way: &Way) -> Option<&'c Production> {
    let Place::Known { state, .. } = frame.place else { return None };
    let state = context.state(state).ok()?;
    context.tables()?.productions_of(state).get(way.at as usize)
}

/// What an element has between its tags where that is a value and the end.
fn leaf_of(context: &Context, element: &Production) -> Option<Leaf> {
    let start = context.state(context.grammar(element.target)?.start).ok()?;
    let (content_at, content) = find(context, start, Kind::Ch)?;
    let after = context.state(content.follow(&mut [0; COUNTERS])).ok()?;
    let (end_at, _) = find(context, after, Kind::Ee)?;
    Some(Leaf {
        codec: content.target,
        content: Code::new(content_at, start.codes()),
        end: Code::new(end_at, after.codes()),
    })
}
