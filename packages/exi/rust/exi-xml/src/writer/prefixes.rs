//! Which prefixes names are written with, and their declarations.

use std::sync::Arc;

use exi_core::Result;

use super::escape::push_value;
use super::{wrong, Role, Writer};
use crate::chars::is_ncname;
use crate::namespaces::XML;

impl Writer {
    /// The prefix for a namespace: the one that is wanted if it means that, or one that does, or a
    /// new one, which is then declared.
    pub(super) fn prefix(
        &mut self,
        uri: &Arc<str>,
        wanted: Option<Arc<str>>,
        role: Role,
    ) -> Result<Arc<str>> {
        if uri.is_empty() {
            return self.no_prefix(role);
        }
        if self.gathered && &**uri != XML {
            return Ok(self.made_up(uri));
        }
        if let Some(wanted) = wanted.filter(|prefix| role != Role::Attribute || !prefix.is_empty()) {
            if self.scope.find(&wanted).is_some_and(|bound| bound == uri) {
                return Ok(wanted);
            }
            if self.may_bind(&wanted, role) && self.scope.bind(&wanted, uri).is_ok() {
                return Ok(wanted);
            }
        }
        if let Some(prefix) = self.scope.prefix_of(uri, role != Role::Attribute) {
            return Ok(prefix.clone());
        }
        let prefix = self.new_prefix(uri);
        self.scope.bind(&prefix, uri).map_err(wrong)?;
        Ok(prefix)
    }

    /// No namespace: elements (and values) must not be caught by a default one.
    fn no_prefix(&mut self, role: Role) -> Result<Arc<str>> {
        let caught = self.scope.find("").is_some_and(|bound| !bound.is_empty());
        if role == Role::Element && caught {
            if self.scope.own().iter().any(|(prefix, _)| prefix.is_empty()) {
                return Err(wrong("an element without namespace that declares a default one"));
            }
            self.scope.bind("", "").map_err(wrong)?;
        }
        Ok("".into())
    }

    /// Whether a prefix may be declared in this tag without changing what else in it means.
    fn may_bind(&self, prefix: &str, role: Role) -> bool {
        let own = || self.scope.own().iter().any(|(have, _)| &**have == prefix);
        match role {
            Role::Element => (prefix.is_empty() || is_ncname(prefix)) && !own(),
            Role::Attribute | Role::Value => is_ncname(prefix) && self.scope.find(prefix).is_none(),
        }
    }

    /// A prefix that nothing in scope has; a namespace gets the same one each time if it can.
    fn new_prefix(&mut self, uri: &Arc<str>) -> Arc<str> {
        let mut prefix = self.made_up(uri);
        while self.scope.find(&prefix).is_some() {
            prefix = format!("{prefix}_").into();
        }
        prefix
    }

    /// The prefix that goes with a namespace.
    fn made_up(&mut self, uri: &Arc<str>) -> Arc<str> {
        let number = self.numbered.number(uri);
        self.numbered.get(number).map_or_else(|| "".into(), |named| named.prefix.clone())
    }

    /// Writes the declarations of this tag from one on.
    pub(super) fn declarations(&mut self, from: usize) -> Result<()> {
        for at in from..self.scope.own().len() {
            let (prefix, uri) = self.scope.own()[at].clone();
            if !prefix.is_empty() && !is_ncname(&prefix) {
                return Err(wrong(format!("{prefix:?} as a prefix")));
            }
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(&prefix);
            push_value(&mut self.out, &uri)?;
        }
        Ok(())
    }
}
