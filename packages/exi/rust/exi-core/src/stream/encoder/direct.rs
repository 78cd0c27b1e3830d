//! The commonest elements in one step: those that the schema declares, with nothing but a value.

use std::sync::Arc;

use super::content::find;
use super::{After, Encoder};
use crate::error::Result;
use crate::stream::representation::apply;
use crate::stream::session::Place;
use crate::stream::value_out::{ready, write_value};
use crate::tables::{Kind, COUNTERS};

impl Encoder {
    /// Writes SE, CH and EE. False, with nothing written, where they are not just what is declared.
    pub(super) fn leaf(&mut self, uri: &Arc<str>, local: &str, text: &str) -> Result<bool> {
        let is_deep = self.stack.len() >= self.depth as usize;
        if !self.plain || is_deep || self.keeps_space() {
            return Ok(false);
        }
        let context = self.context.clone();
        let (Some(tables), Some(frame)) = (context.tables(), self.stack.last()) else { return Ok(false) };
        let Place::Known { state: index, .. } = frame.place else { return Ok(false) };
        let state = context.state(index)?;
        let productions = tables.productions_of(state);
        let name = self.session.names.find_shared(uri, local);
        let at = name.and_then(|name| self.declared(index, productions, name));
        let Some((at, element)) = at.and_then(|at| Some((at, productions.get(at)?))) else {
            return Ok(false);
        };
        let Some(grammar) = context.grammar(element.target) else { return Ok(false) };
        let start = context.state(grammar.start)?;
        let Some((content_at, content)) = find(&context, start, Kind::Ch) else { return Ok(false) };
        let after = context.state(content.follow(&mut [0; COUNTERS]))?;
        let Some((end_at, _)) = find(&context, after, Kind::Ee) else { return Ok(false) };
        let codecs = &context.codecs;
        let codec = codecs.get(content.target)?;
        let text = apply(codecs.white(content.target), text);
        let value = Some(&*text).filter(|text| !text.is_empty());
        let Some(value) = value.and_then(|text| ready(text, codecs, codec, self.forms)) else {
            return Ok(false);
        };
        self.code(at as u64, state.codes());
        self.code(content_at as u64, start.codes());
        write_value(&mut self.writer, codecs, codec, element.name, &value, &mut self.session.values)?;
        self.code(end_at as u64, after.codes());
        self.move_to(|place| place.follow(element));
        self.after = After::Other;
        Ok(true)
    }
}
