//! Namespaces by number: those that were given a prefix, which follows from uri and number.

use std::collections::HashMap;
use std::sync::Arc;

use super::{XSD, XSI};

/// Namespaces up to which looking at each is the fastest way to find one, and that are remembered.
const FEW: usize = 16;
/// Bytes of a uri that is remembered.
const SHORT: usize = 256;

/// A namespace that was given a prefix.
pub(super) struct Named {
    pub uri: Arc<str>,
    pub prefix: Arc<str>,
    /// How end tags begin that have it.
    pub closing: Box<str>,
    /// Its declaration, once that was needed.
    pub declaration: Box<str>,
}

impl Named {
    fn new(uri: &Arc<str>, number: usize) -> Self {
        let prefix: Arc<str> = match &**uri {
            XSI => "xsi".into(),
            XSD => "xs".into(),
            _ => ["ns", &number.to_string()].concat().into(),
        };
        let closing = ["</", &prefix, ":"].concat().into();
        Self { uri: uri.clone(), prefix, closing, declaration: "".into() }
    }
}

/// The namespaces of a document in the order of their numbers.
#[derive(Default)]
pub(super) struct Numbered {
    /// Behind them stand those of the document before, which are likely to come again.
    list: Vec<Named>,
    count: usize,
    /// The numbers, once there are many.
    ids: HashMap<Arc<str>, usize>,
    /// The number that was asked for last.
    recent: usize,
}

impl Numbered {
    pub fn get(&self, number: usize) -> Option<&Named> {
        self.list.get(..self.count)?.get(number)
    }

    pub fn all(&mut self) -> &mut [Named] {
        self.list.get_mut(..self.count).unwrap_or_default()
    }

    /// The number of a namespace, which gets a prefix if it has none.
    pub fn number(&mut self, uri: &Arc<str>) -> usize {
        // Most have the namespace of the one before.
        if self.get(self.recent).is_some_and(|named| Arc::ptr_eq(&named.uri, uri)) {
            return self.recent;
        }
        self.recent = self.find(uri).unwrap_or_else(|| self.add(uri));
        self.recent
    }

    fn find(&self, uri: &Arc<str>) -> Option<usize> {
        let known = self.list.get(..self.count).unwrap_or_default();
        if known.len() > FEW {
            return self.ids.get(uri).copied();
        }
        let same = known.iter().position(|named| Arc::ptr_eq(&named.uri, uri));
        same.or_else(|| known.iter().position(|named| named.uri == *uri))
    }

    fn add(&mut self, uri: &Arc<str>) -> usize {
        let number = self.count;
        match self.list.get_mut(number) {
            Some(before) if Arc::ptr_eq(&before.uri, uri) => {}
            Some(before) => *before = Named::new(uri, number),
            None => self.list.push(Named::new(uri, number)),
        }
        self.count += 1;
        // They are looked for here only once there are many.
        if number >= FEW {
            let new = self.list.iter().take(self.count).enumerate().skip(self.ids.len());
            self.ids.extend(new.map(|(number, named)| (named.uri.clone(), number)));
        }
        number
    }

    /// The next document numbers its namespaces anew; of this one a few are remembered.
    pub fn restart(&mut self) {
        self.count = 0;
        self.recent = 0;
        if !self.ids.is_empty() {
            self.ids = HashMap::new();
        }
        self.list.truncate(FEW);
        self.list.shrink_to(FEW);
        if self.list.iter().any(|named| named.uri.len() > SHORT) {
            self.list.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_have_the_numbers_and_prefixes_of_their_order_and_again_in_the_next_document() {
        let uris: Vec<Arc<str>> = (0..40).map(|number| format!("urn:{number}").into()).collect();
        let mut numbered = Numbered::default();
        for skipped in [0, 0, 3, 20] {
            for (number, uri) in uris.iter().skip(skipped).enumerate() {
                assert_eq!(numbered.number(uri), number);
                assert_eq!(numbered.number(&uri.to_string().into()), number);
                assert_eq!(numbered.get(number).map(|named| &*named.prefix), Some(&*format!("ns{number}")));
            }
            assert_eq!(numbered.all().len(), 40 - skipped);
            numbered.restart();
            assert!(numbered.get(0).is_none());
        }
    }

    #[test]
    fn few_namespaces_of_a_document_are_remembered_and_no_long_ones() {
        let mut numbered = Numbered::default();
        (0..100_000).for_each(|number| assert_eq!(numbered.number(&format!("urn:{number}").into()), number));
        numbered.restart();
        assert_eq!((numbered.list.len(), numbered.ids.capacity()), (FEW, 0));
        assert!(numbered.list.capacity() < 2 * FEW);
        numbered.number(&"x".repeat(SHORT + 1).into());
        numbered.restart();
        assert!(numbered.list.is_empty());
    }
}
