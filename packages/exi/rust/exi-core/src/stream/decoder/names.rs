//! Names, prefixes, literals and values.

use std::sync::Arc;

use super::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Item;
use crate::stream::value_in::read_value;
use crate::stream::witness::{Action, What};
use crate::tables::{width_of, CodecKind};

pub(super) type Prefix = Option<Arc<str>>;

impl Decoder<'_> {
    /// A whole qname (7.1.7).
    pub(super) fn qname(&mut self) -> Result<(QRef, Prefix)> {
        let uri = self.uri()?;
        self.local_of(uri)
    }

    /// A qname whose uri is known.
    pub(super) fn local_of(&mut self, uri: u32) -> Result<(QRef, Prefix)> {
        let name = self.local(uri)?;
        let prefix = self.prefix(uri)?;
        Ok((name, prefix))
    }

    pub(super) fn uri(&mut self) -> Result<u32> {
        let from = self.reader.position();
        let count = self.session.names.uri_count();
        let code = self.reader.n_bit(width_of(count + 1))?;
        let (id, action) = match code.checked_sub(1) {
            None => {
                let text = self.reader.string()?;
                self.charge(text.len())?;
                (self.session.names.add_uri(text), Action::Miss)
            }
            Some(id) if id < count as u64 => (id as u32, Action::Hit(id)),
            Some(id) => {
                return Err(Error::at(ErrorKind::Invalid, from, format!("no uri {id} in the string table")))
            }
        };
        if self.witness.is_some() {
            let text = self.session.names.uri(id).clone();
            self.saw(from, What::Table { partition: "uri", action, text: &text });
        }
        Ok(id)
    }

    fn local(&mut self, uri: u32) -> Result<QRef> {
        let from = self.reader.position();
        let coded = self.reader.unsigned()?;
        let (name, action) = match coded.checked_sub(1) {
            Some(chars) => {
                let text: Arc<str> = self.reader.chars(chars)?.into();
                self.charge(text.len())?;
                (self.session.names.add_local(uri, text), Action::Miss)
            }
            None => {
                let count = self.session.names.local_count(uri);
                let id = self.reader.n_bit(width_of(count))?;
                if id >= count as u64 {
                    let reason = format!("no local name {id} for uri {:?}", self.session.names.uri(uri));
                    return Err(Error::at(ErrorKind::Invalid, from, reason));
                }
                (QRef { uri, local: id as u32 }, Action::Hit(id))
            }
        };
        if self.witness.is_some() {
            let text = self.session.names.local(name).clone();
            self.saw(from, What::Table { partition: "local-name", action, text: &text });
        }
        Ok(name)
    }

    /// The prefix component of a qname, where prefixes are preserved. None when there is no candidate.
    pub(super) fn prefix(&mut self, uri: u32) -> Result<Prefix> {
        if !self.context.kept.prefixes {
            return Ok(None);
        }
        let from = self.reader.position();
        let count = self.session.names.prefix_count(uri).max(1);
        let id = self.reader.n_bit(width_of(count))?;
        let prefix = self.session.names.prefix(uri, id).cloned();
        if self.witness.is_some() {
            let text = prefix.clone().unwrap_or_else(|| "".into());
            self.saw(from, What::Table { partition: "prefix", action: Action::Hit(id), text: &text });
        }
        Ok(prefix)
    }

    /// The prefix of a namespace declaration.
    pub(super) fn declared_prefix(&mut self, uri: u32) -> Result<Arc<str>> {
        let from = self.reader.position();
        let count = self.session.names.prefix_count(uri);
        let code = self.reader.n_bit(width_of(count + 1))?;
        let (prefix, action) = match code.checked_sub(1) {
            None => {
                let text = self.reader.string()?;
                self.session.names.add_prefix(uri, text.clone());
                (text, Action::Miss)
            }
            Some(id) => {
                let known = self.session.names.prefix(uri, id).cloned();
                let missing =
                    || Error::at(ErrorKind::Invalid, from, format!("no prefix {id} in the string table"));
                (known.ok_or_else(missing)?, Action::Hit(id))
            }
        };
        self.charge(prefix.len())?;
        if self.witness.is_some() {
            self.saw(from, What::Table { partition: "prefix", action, text: &prefix });
        }
        Ok(prefix)
    }

    /// A string outside the string tables.
    pub(super) fn literal(&mut self, what: &'static str) -> Result<Arc<str>> {
        let from = self.reader.position();
        let text = self.reader.string()?;
        self.charge(text.len())?;
        if self.witness.is_some() {
            self.saw(from, What::Literal(what, &text));
        }
        Ok(text)
    }

    pub(super) fn boolean(&mut self, what: &'static str) -> Result<bool> {
        let from = self.reader.position();
        let value = self.reader.flag()?;
        self.saw(from, What::Flag(what, value));
        Ok(value)
    }

    /// Queues an item with the value that follows, or that is in a channel.
    pub(super) fn valued(
        &mut self,
        codec: u32,
        name: QRef,
        item: impl FnOnce(Arc<str>) -> Item,
    ) -> Result<()> {
        if let Some(blocks) = &mut self.blocks {
            blocks.expect(name, codec, self.released + self.queue.len() as u64);
            let later = item(self.empty.clone());
            self.push(later);
            return Ok(());
        }
        let text = self.value(codec, name)?;
        self.push(item(text));
        Ok(())
    }

    /// A value that follows right here.
    pub(super) fn value(&mut self, codec: u32, name: QRef) -> Result<Arc<str>> {
        let from = self.reader.position();
        let codecs = self.context.codecs.clone();
        let codec = codecs.get(codec)?;
        let read = read_value(&mut self.reader, &codecs, codec, name, &mut self.session.values)?;
        self.charge(read.text.len())?;
        if self.witness.is_some() {
            let kind = kind_name(codec.kind);
            self.saw(from, What::Value { kind, action: read.action, text: &read.text });
        }
        Ok(read.text)
    }
}

/// Puts a value where it belongs.
pub(super) fn set_text(item: &mut Item, text: Arc<str>) {
    match item {
        Item::Attribute { value, .. } => *value = text,
        Item::Characters(value) => *value = text,
        _ => {}
    }
}

pub(super) fn kind_name(kind: CodecKind) -> &'static str {
    match kind {
        CodecKind::NBit | CodecKind::FarNBit => "n-bit unsigned integer",
        CodecKind::Unsigned => "unsigned integer",
        CodecKind::Integer => "integer",
        CodecKind::Enumeration => "enumeration",
        CodecKind::Boolean | CodecKind::BooleanPattern => "boolean",
        CodecKind::Binary => "binary",
        CodecKind::String => "string",
        CodecKind::Decimal => "decimal",
        CodecKind::Float => "float",
        CodecKind::DateTime => "date-time",
        CodecKind::List => "list",
    }
}
