//! The commonest events handed on as they are read, without an [`Item`](super::Item) for each.

use std::sync::Arc;

use super::item::Name;
use super::names::{Initial, Names};
use crate::names::QRef;

/// Takes what a schema declares, from [`Decoder::tell`](super::Decoder::tell).
pub trait Listener {
    /// Why it takes no more.
    type Error;

    /// SE.
    fn start(&mut self, name: Declared<'_>) -> Result<(), Self::Error>;

    /// EE.
    fn end(&mut self) -> Result<(), Self::Error>;

    /// CH.
    fn characters(&mut self, text: Chars<'_>) -> Result<(), Self::Error>;

    /// SE, CH and EE of an element with nothing but characters.
    fn leaf(&mut self, name: Declared<'_>, text: Chars<'_>) -> Result<(), Self::Error>;
}

/// The value of an element, as lexical text.
#[derive(Clone, Copy, Debug)]
pub struct Chars<'a> {
    /// The characters.
    pub text: &'a str,
    /// Whether they are a number, a date or the like: ASCII without control characters and markup.
    pub is_plain: bool,
}

/// The name of a declared element.
#[derive(Clone, Copy)]
pub struct Declared<'a> {
    at: QRef,
    names: &'a Names,
}

impl<'a> Declared<'a> {
    pub(crate) fn new(at: QRef, names: &'a Names) -> Self {
        Self { at, names }
    }

    /// Its place in the vocabulary.
    pub fn place(&self) -> QRef {
        self.at
    }

    /// Its namespace URI, empty for none.
    pub fn uri(&self) -> &'a Arc<str> {
        self.names.uri(self.at.uri)
    }

    /// Its local part.
    pub fn local(&self) -> &'a Arc<str> {
        self.names.local(self.at)
    }

    /// The name with strings of its own.
    pub fn to_name(&self) -> Name {
        self.names.name(self.at)
    }

    /// The vocabulary that it is of.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary(self.names.initial().clone())
    }
}

/// The names that a schema brings: they have the same places in all its streams.
#[derive(Clone, Debug)]
pub struct Vocabulary(Arc<Initial>);

impl Vocabulary {
    /// Whether a name is one of these.
    #[inline]
    pub fn has(&self, name: &Declared<'_>) -> bool {
        Arc::ptr_eq(&self.0, name.names.initial())
    }
}
