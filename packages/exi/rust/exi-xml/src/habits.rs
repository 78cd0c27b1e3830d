//! What start tags meant in the documents before: the same letters in the same state of a grammar,
//! with the same prefixes in scope, mean the same again and need not be taken apart.

use std::sync::Arc;

use exi_core::stream::{Encoder, Way};
use exi_core::Result;

use crate::namespaces::Scope;

/// Bounds of what is kept, whatever the documents hold.
const MAX_TAGS: usize = 4096;
const MAX_IN_STATE: usize = 16;
const MAX_LETTERS: usize = 200;

/// The tags that documents of one grammar had, kept from one to the next.
#[derive(Default)]
pub struct Habits {
    /// The prefixes in scope in the root element, of which all else holds.
    bindings: Vec<(Arc<str>, Arc<str>)>,
    by_state: Vec<Vec<Tag>>,
    count: usize,
}

struct Tag {
    /// As written, from `<` to `>`.
    written: Box<str>,
    way: Way,
}

impl Habits {
    /// How many tags are kept.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Begins a document with these prefixes in its root; others make all forgotten.
    pub fn begin(&mut self, scope: &Scope) {
        if scope.bindings() != self.bindings {
            *self = Self { bindings: scope.bindings().to_vec(), ..Self::default() };
        }
    }

    /// The way of the tag with which a text begins, and its length.
    pub fn find(&self, state: u32, text: &str) -> Option<(&Way, usize)> {
        let tags = self.by_state.get(state as usize)?;
        let tag = tags.iter().find(|tag| text.as_bytes().starts_with(tag.written.as_bytes()))?;
        Some((&tag.way, tag.written.len()))
    }

    /// Keeps what a start tag with nothing but this name leads to, where the encoder is now.
    pub fn learn(&mut self, encoder: &mut Encoder, written: &str, uri: &Arc<str>, local: &str) -> Result<()> {
        let Some(place) = encoder.place()? else { return Ok(()) };
        let state = place as usize;
        if self.by_state.len() <= state {
            self.by_state.resize_with(state + 1, Vec::new);
        }
        let tags = &mut self.by_state[state];
        let is_full = self.count == MAX_TAGS || tags.len() == MAX_IN_STATE || written.len() > MAX_LETTERS;
        if is_full || tags.iter().any(|tag| tag.name() == written) {
            return Ok(());
        }
        if let Some(way) = encoder.way(place, uri, local) {
            tags.push(Tag { written: format!("<{written}>").into(), way });
            self.count += 1;
        }
        Ok(())
    }
}

impl Tag {
    fn name(&self) -> &str {
        &self.written[1..self.written.len() - 1]
    }
}
