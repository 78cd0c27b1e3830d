//! Namespace declarations in scope.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::item::Name;

/// Declarations of all open elements, the innermost last.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    list: Vec<(Arc<str>, Arc<str>)>,
    /// The places of each prefix in the list.
    places: HashMap<Arc<str>, Vec<usize>>,
}

impl Bindings {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn push(&mut self, prefix: Arc<str>, uri: Arc<str>) {
        self.places.entry(prefix.clone()).or_default().push(self.list.len());
        self.list.push((prefix, uri));
    }

    /// Forgets all but the first `len`.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.list.len() {
            return;
        }
        for (prefix, _) in self.list.drain(len..) {
            if let Some(places) = self.places.get_mut(&prefix) {
                places.pop();
            }
        }
    }

    /// The namespace of a prefix.
    pub fn get(&self, prefix: &str) -> Option<&Arc<str>> {
        let place = *self.places.get(prefix)?.last()?;
        self.list.get(place).map(|(_, uri)| uri)
    }

    /// A prefix, not the empty one, of a namespace.
    pub fn prefix_of(&self, uri: &str) -> Option<&Arc<str>> {
        let mut bound = self.list.iter().filter(|(prefix, bound)| !prefix.is_empty() && &**bound == uri);
        bound
            .find(|(prefix, _)| self.get(prefix).is_some_and(|bound| &**bound == uri))
            .map(|(prefix, _)| prefix)
    }

    /// The declarations that are in effect, each prefix once, but for those named.
    pub fn in_effect(&self, without: &HashSet<Arc<str>>) -> Vec<(Arc<str>, Arc<str>)> {
        let last = |place: usize, prefix: &str| {
            self.places.get(prefix).is_some_and(|places| places.last() == Some(&place))
        };
        let list = self.list.iter().enumerate();
        let shown = list.filter(|(place, (prefix, _))| last(*place, prefix) && !without.contains(prefix));
        shown.map(|(_, binding)| binding.clone()).collect()
    }

    /// The qname that a text means, and its prefix; the whole text without namespace when its prefix
    /// is not bound.
    pub fn resolve(&self, text: &str) -> (Name, Option<Arc<str>>) {
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
        let (prefix, local) = trimmed.split_once(':').unwrap_or(("", trimmed));
        let uri = self.get(prefix).cloned().or_else(|| prefix.is_empty().then(|| "".into()));
        match uri {
            Some(uri) => (Name { uri, local: local.into() }, Some(prefix.into())),
            None => (Name::new("", trimmed), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_declaration_is_in_effect_until_its_element_ends() {
        let mut bindings = Bindings::default();
        bindings.push("p".into(), "urn:outer".into());
        let outer = bindings.len();
        bindings.push("p".into(), "urn:inner".into());
        bindings.push("".into(), "urn:default".into());
        assert!(bindings.resolve(" p:a ").0.is("urn:inner", "a"));
        assert!(bindings.resolve("a").0.is("urn:default", "a"));
        assert!(bindings.resolve("q:a").0.is("", "q:a"));
        assert_eq!(bindings.prefix_of("urn:outer"), None);
        assert_eq!(bindings.in_effect(&HashSet::new()).len(), 2);
        bindings.truncate(outer);
        assert!(bindings.resolve("p:a").0.is("urn:outer", "a"));
        assert!(bindings.resolve("a").0.is("", "a"));
        assert_eq!(bindings.prefix_of("urn:outer").map(|prefix| &**prefix), Some("p"));
    }
}
