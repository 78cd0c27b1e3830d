//! Names, prefixes and strings.

use std::sync::Arc;

use super::Encoder;
use crate::names::QRef;
use crate::stream::item::Name;
use crate::tables::width_of;

impl Encoder {
    pub(super) fn uri(&mut self, uri: &Arc<str>) -> u32 {
        let names = &mut self.session.names;
        let width = width_of(names.uri_count() + 1);
        match names.find_uri(uri) {
            Some(id) => {
                self.writer.n_bit(u64::from(id) + 1, width);
                id
            }
            None => {
                self.writer.n_bit(0, width);
                self.writer.string(uri, 0);
                names.add_uri(uri.clone())
            }
        }
    }

    pub(super) fn local(&mut self, uri: u32, local: &Arc<str>) -> QRef {
        let names = &mut self.session.names;
        match names.find_local(uri, local) {
            Some(id) => {
                self.writer.unsigned(0);
                self.writer.n_bit(u64::from(id), width_of(names.local_count(uri)));
                QRef { uri, local: id }
            }
            None => {
                self.writer.string(local, 1);
                names.add_local(uri, local.clone())
            }
        }
    }

    /// A whole qname (7.1.7).
    pub(super) fn qname(&mut self, name: &Name, prefix: Option<&str>) -> QRef {
        let uri = self.uri(&name.uri);
        self.local_of(uri, name, prefix)
    }

    /// A qname whose uri is known.
    pub(super) fn local_of(&mut self, uri: u32, name: &Name, prefix: Option<&str>) -> QRef {
        let found = self.local(uri, &name.local);
        self.prefix(uri, prefix);
        found
    }

    /// The prefix component of a qname; what is not in the table a declaration has to tell.
    pub(super) fn prefix(&mut self, uri: u32, prefix: Option<&str>) {
        if !self.context.kept.prefixes {
            return;
        }
        let names = &self.session.names;
        let width = width_of(names.prefix_count(uri).max(1));
        let known = prefix.and_then(|prefix| names.find_prefix(uri, prefix));
        self.writer.n_bit(u64::from(known.unwrap_or(0)), width);
    }

    pub(super) fn declared_prefix(&mut self, uri: u32, prefix: &Arc<str>) {
        let names = &mut self.session.names;
        let width = width_of(names.prefix_count(uri) + 1);
        match names.find_prefix(uri, prefix) {
            Some(id) => self.writer.n_bit(u64::from(id) + 1, width),
            None => {
                self.writer.n_bit(0, width);
                self.writer.string(prefix, 0);
                names.add_prefix(uri, prefix.clone());
            }
        }
    }
}
