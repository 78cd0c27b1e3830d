//! What start tags meant in the documents before: the same letters in the same state of a grammar,
//! with the same prefixes in scope, mean the same again and need not be taken apart.

use std::sync::Arc;

use exi_core::stream::{Encoder, Way};
use exi_core::Result;

use crate::namespaces::{Binding, Scope};

/// Bounds of what is kept, whatever the documents hold.
const MAX_SCOPES: usize = 8;
const MAX_BINDINGS: usize = 32;
const MAX_TAGS: usize = 4096;
const MAX_IN_STATE: usize = 16;
const MAX_LETTERS: usize = 200;
/// Letters of a tag with declarations, and of all prefixes and namespaces.
const MAX_ROOT: usize = 4096;

/// The tags that documents of one grammar had, kept from one to the next.
#[derive(Default)]
pub struct Habits {
    /// What is kept for the prefixes in scope in a root element, of which all else holds.
    scopes: Vec<Root>,
    /// Which of them the document has that is read now.
    now: Option<usize>,
    /// The one that is replaced next.
    oldest: usize,
}

/// Tags inside of root elements with the same prefixes.
#[derive(Default)]
struct Root {
    /// A start tag with nothing but these declarations, as written.
    written: Box<str>,
    bindings: Vec<Binding>,
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
        self.scopes.iter().map(|root| root.count).sum()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins a document with these prefixes in its root; `written`: a tag that declares just these.
    pub fn begin(&mut self, scope: &Scope, written: Option<&str>) {
        let bindings = scope.bindings();
        self.now = self.scopes.iter().position(|root| root.bindings == bindings);
        if self.now.is_none() && is_small(bindings) {
            self.keep(Root { bindings: bindings.to_vec(), ..Root::default() });
        }
        let written = written.filter(|written| written.len() <= MAX_ROOT);
        if let (Some(root), Some(written)) = (self.now.map(|now| &mut self.scopes[now]), written) {
            root.written = written.into();
        }
    }

    /// Begins a document whose root has a start tag, as written, that came before; gives the prefixes in
    /// scope.
    pub fn begin_again(&mut self, written: &str) -> Option<&[Binding]> {
        self.now = self.scopes.iter().position(|root| *root.written == *written);
        self.root().map(|root| &*root.bindings)
    }

    fn keep(&mut self, root: Root) {
        if self.scopes.len() < MAX_SCOPES {
            self.now = Some(self.scopes.len());
            return self.scopes.push(root);
        }
        self.now = Some(self.oldest);
        self.scopes[self.oldest] = root;
        self.oldest = (self.oldest + 1) % MAX_SCOPES;
    }

    fn root(&self) -> Option<&Root> {
        self.scopes.get(self.now?)
    }

    /// The way of the tag with which a text begins, and its length.
    pub fn find(&self, state: u32, text: &str) -> Option<(&Way, usize)> {
        let tags = self.root()?.by_state.get(state as usize)?;
        let text = text.as_bytes();
        // Where the `>` is, tags of one state differ first.
        let is_as_long = |tag: &Tag| text.get(tag.written.len() - 1) == Some(&b'>');
        let tag = tags.iter().find(|tag| is_as_long(tag) && text.starts_with(tag.written.as_bytes()))?;
        Some((&tag.way, tag.written.len()))
    }

    /// Keeps what a start tag with nothing but this name leads to, where the encoder is now.
    pub fn learn(&mut self, encoder: &mut Encoder, written: &str, uri: &Arc<str>, local: &str) -> Result<()> {
        let Some(place) = encoder.place()? else { return Ok(()) };
        let Some(root) = self.now.map(|now| &mut self.scopes[now]) else { return Ok(()) };
        let state = place as usize;
        if root.by_state.len() <= state {
            root.by_state.resize_with(state + 1, Vec::new);
        }
        let tags = &mut root.by_state[state];
        let is_full = root.count == MAX_TAGS || tags.len() == MAX_IN_STATE || written.len() > MAX_LETTERS;
        if is_full || tags.iter().any(|tag| tag.name() == written) {
            return Ok(());
        }
        if let Some(way) = encoder.way(place, uri, local) {
            tags.push(Tag { written: format!("<{written}>").into(), way });
            root.count += 1;
        }
        Ok(())
    }
}

impl Tag {
    fn name(&self) -> &str {
        &self.written[1..self.written.len() - 1]
    }
}

fn is_small(bindings: &[Binding]) -> bool {
    let letters: usize = bindings.iter().map(|(prefix, uri)| prefix.len() + uri.len()).sum();
    bindings.len() <= MAX_BINDINGS && letters <= MAX_ROOT
}
