//! The commonest elements in one step: those that the schema declares, with nothing but a value.

use std::sync::Arc;

use super::content::find;
use super::{After, Encoder};
use crate::error::Result;
use crate::stream::representation::apply;
use crate::stream::session::Place;
use crate::stream::value_out::{ready, write_value};
use crate::tables::{width_of, Kind, COUNTERS};

impl Encoder {
    /// Writes SE, CH and EE. False, with nothing written, where they are not just what is declared.
    pub(super) fn leaf(&mut self, uri: &Arc<str>, local: &str, text: &str) -> Result<bool> {
        let is_deep = self.stack.len() >= self.depth as usize;
        if !self.plain || is_deep || self.keeps_space() {
            return Ok(false);
        }
        Ok(self.declared_leaf(uri, local, text)?.is_some())
    }

    fn declared_leaf(&mut self, uri: &Arc<str>, local: &str, text: &str) -> Result<Option<()>> {
        let Self { context, session, writer, stack, indices, .. } = self;
        let (Some(tables), Some(frame)) = (context.tables(), stack.last_mut()) else { return Ok(None) };
        let Place::Known { state: index, .. } = frame.place else { return Ok(None) };
        let state = context.state(index)?;
        let productions = tables.productions_of(state);
        let name = session.names.find_shared(uri, local);
        let at = name.and_then(|name| indices.element(index, productions, name));
        let Some((at, element)) = at.and_then(|at| Some((at, productions.get(at)?))) else { return Ok(None) };
        let Some(grammar) = context.grammar(element.target) else { return Ok(None) };
        let start = context.state(grammar.start)?;
        let Some((content_at, content)) = find(context, start, Kind::Ch) else { return Ok(None) };
        let after = context.state(content.follow(&mut [0; COUNTERS]))?;
        let Some((end_at, _)) = find(context, after, Kind::Ee) else { return Ok(None) };
        let codecs = &context.codecs;
        let codec = codecs.get(content.target)?;
        let text = apply(codecs.white(content.target), text);
        let value = Some(&*text).filter(|text| !text.is_empty());
        let Some(value) = value.and_then(|text| ready(text, codecs, codec, self.forms)) else {
            return Ok(None);
        };
        writer.n_bit(at as u64, width_of(state.codes()));
        writer.n_bit(content_at as u64, width_of(start.codes()));
        write_value(writer, codecs, codec, element.name, &value, &mut session.values)?;
        writer.n_bit(end_at as u64, width_of(after.codes()));
        frame.place = frame.place.follow(element);
        self.after = After::Other;
        Ok(Some(()))
    }
}
