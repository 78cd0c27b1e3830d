//! The usual way through a text: tags that were seen before are neither taken apart nor looked up.

use memchr::memchr2;

use crate::reader::{Fault, State, Taker};

/// Letters of a value up to which looking at each is the fastest way to its end.
const FEW: usize = 16;

impl<T: Taker> State<'_, '_, T> {
    /// Goes on from `at` for as long as all is usual; gives where that ends.
    pub fn usual(&mut self, at: usize) -> Result<usize, Fault<T::Error>> {
        let mut at = at;
        if !self.is_usual().map_err(|error| Fault::Taker(error.into()))? {
            return Ok(at);
        }
        while self.scope.depth() > 0 {
            let Some(length) = self.step(at).map_err(|error| Fault::Taker(error.into()))? else { break };
            at += length;
            self.taker.wrote(at).map_err(Fault::Taker)?;
        }
        Ok(at)
    }

    /// Whether the usual way may begin; no step on it changes that, but for the end of the root.
    fn is_usual(&mut self) -> exi_core::Result<bool> {
        let is_between = self.waiting.is_none() && self.pending.is_none() && self.scope.depth() > 0;
        if !self.looks.is_plain || !is_between || !self.has_root_bindings() {
            return Ok(false);
        }
        Ok(match self.taker.encoder() {
            Some(encoder) => encoder.place()?.is_some(),
            None => false,
        })
    }

    /// Writes a leaf, a start or an end; gives its length, with white space before it.
    fn step(&mut self, at: usize) -> exi_core::Result<Option<usize>> {
        let Self { taker, habits, open, scope, text, .. } = self;
        let Some(encoder) = taker.encoder() else { return Ok(None) };
        let Some(place) = encoder.settled_place() else { return Ok(None) };
        let text = text.get(at..).unwrap_or_default();
        let rest = text.trim_ascii_start();
        let space = text.len() - rest.len();
        if rest.starts_with("</") {
            let end = open.last().and_then(|name| end_length(rest, name));
            let end = end.filter(|_| (space == 0 || encoder.is_after_end()) && encoder.put_end());
            if end.is_some() {
                open.pop();
                scope.close();
            }
            return Ok(end.map(|end| space + end));
        }
        let Some((way, tag)) = habits.find(place, rest) else { return Ok(None) };
        let (tag, inner) = rest.split_at(tag);
        let name = &tag[1..tag.len() - 1];
        let Some((value, after)) = value_of(inner) else { return Ok(None) };
        if let Some(end) = end_length(after, name) {
            let is_written = !value.is_empty() && encoder.put_leaf(way, value)?;
            return Ok(is_written.then_some(space + tag.len() + value.len() + end));
        }
        if !value.trim_ascii_start().is_empty() || !encoder.put_start(way) {
            return Ok(None);
        }
        open.push(name);
        scope.open();
        Ok(Some(space + tag.len()))
    }
}

/// The length of an end tag of that name with which a text begins.
fn end_length(text: &str, name: &str) -> Option<usize> {
    let rest = text.as_bytes().strip_prefix(b"</")?.strip_prefix(name.as_bytes())?;
    (rest.first() == Some(&b'>')).then_some(name.len() + 3)
}

/// What stands before the next tag, and the rest; None where a reference or nothing comes first.
fn value_of(text: &str) -> Option<(&str, &str)> {
    let is_end = |byte: &u8| matches!(byte, b'<' | b'&');
    let bytes = text.as_bytes();
    let end = bytes.iter().take(FEW).position(is_end).or_else(|| memchr2(b'<', b'&', bytes))?;
    (bytes[end] == b'<').then(|| text.split_at(end))
}
