//! Start and end tags: names and their prefixes, attributes, declarations.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use exi_core::stream::{Item, ItemRef, Name};
use quick_xml::events::BytesStart;

use crate::chars::is_ncname;
use crate::names::{resolve, Resolved};
use crate::reader::{Fault, Read, State, Taker};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Attributes up to which looking at each pair is the fastest way to find two alike.
const FEW: usize = 8;

/// Attributes of a tag as written, their values expanded.
type Attributes<'d> = Vec<(&'d str, Cow<'d, str>)>;

impl<'d, T: Taker> State<'d, '_, T> {
    pub fn start(&mut self, tag: &BytesStart<'_>) -> Read<T> {
        self.flush()?;
        self.begin_root()?;
        self.scope.open();
        let name_length = tag.name().as_ref().len();
        let tag = self.piece(tag)?;
        let written = tag.get(..name_length).ok_or_else(|| self.fault("a letter cut in two"))?;
        self.open.push(written);
        let mut attributes = Vec::new();
        if !self.begins_again(tag) {
            if tag.len() > name_length {
                attributes = self.attributes(tag, name_length)?;
            }
            self.begin_habits(tag, attributes.is_empty());
        }
        if tag.len() == name_length {
            self.waiting = Some((tag, self.at));
            return Ok(());
        }
        self.element(written, self.at, None)?;
        if self.keep.prefixes {
            self.declarations(written)?;
        }
        self.attribute_items(&attributes)
    }

    /// SE, or with its text a whole element.
    pub fn element(&mut self, written: &'d str, at: usize, text: Option<&str>) -> Read<T> {
        let resolved = resolve(written, true, &self.scope);
        let Resolved { prefix, uri, local } = resolved.map_err(|reason| Fault::Xml(reason, at))?;
        if self.looks.is_plain && self.has_root_bindings() {
            if let Some(encoder) = self.taker.encoder() {
                let learnt = self.habits.learn(encoder, written, uri, local);
                learnt.map_err(|error| Fault::Taker(error.into()))?;
            }
        }
        let prefix = self.keep.prefixes.then_some(prefix);
        let item = match text {
            Some(text) => ItemRef::Leaf { uri, local, prefix, text },
            None => ItemRef::StartElement { uri, local, prefix },
        };
        self.taker.take(item, at).map_err(Fault::Taker)
    }

    fn begin_root(&mut self) -> Read<T> {
        if self.scope.depth() == 0 {
            if self.roots > 0 && !self.keep.fragment {
                return Err(self.fault("a second element at the top, which only a fragment has"));
            }
            self.roots += 1;
        }
        Ok(())
    }

    /// Refuses the end of another element than the one that is open.
    pub fn check_end(&mut self, name: &[u8]) -> Read<T> {
        match self.open.last() {
            Some(open) if open.as_bytes() == name => Ok(()),
            Some(open) => {
                Err(self.fault(format!("</{}> where </{open}> is due", String::from_utf8_lossy(name))))
            }
            None => Err(self.fault(format!("</{}> ends no element", String::from_utf8_lossy(name)))),
        }
    }

    pub fn end_element(&mut self) -> Read<T> {
        if self.waiting.is_some() && self.pending.as_ref().is_some_and(|text| !text.is_empty()) {
            self.leaf()?;
        } else {
            self.flush()?;
            self.taker.take(ItemRef::EndElement, self.at).map_err(Fault::Taker)?;
        }
        self.open.pop();
        self.scope.close();
        Ok(())
    }

    /// What waits, as the element that it is with the end that came.
    fn leaf(&mut self) -> Read<T> {
        match (self.waiting.take(), self.pending.take()) {
            (Some((written, at)), Some(text)) => self.element(written, at, Some(&text)),
            _ => Ok(()),
        }
    }

    /// Binds the prefixes that a tag declares; gives its other attributes, as written and expanded.
    #[inline(never)]
    fn attributes(&mut self, tag: &'d str, name_length: usize) -> Result<Attributes<'d>, Fault<T::Error>> {
        let mut found = Vec::new();
        let mut parts = quick_xml::events::attributes::Attributes::new(tag, name_length);
        for part in parts.with_checks(false) {
            let part = part.map_err(|error| self.fault(error.to_string()))?;
            let key = self.piece(part.key.into_inner())?;
            let raw = self.piece(&part.value)?;
            let value = self.expander.attribute(raw).map_err(|reason| self.fault(reason))?;
            match (key, key.strip_prefix("xmlns:")) {
                ("xmlns", _) => self.bind("", &value)?,
                (_, Some(prefix)) => self.bind(prefix, &value)?,
                _ => found.push((key, value)),
            }
        }
        Ok(found)
    }

    fn bind(&mut self, prefix: &str, uri: &str) -> Read<T> {
        if !prefix.is_empty() && !is_ncname(prefix) {
            return Err(self.fault(format!("{prefix:?} is no prefix")));
        }
        self.scope.bind(prefix, uri).map_err(|reason| self.fault(reason))
    }

    fn declarations(&mut self, element: &str) -> Read<T> {
        let (element_prefix, _) = element.split_once(':').unwrap_or_default();
        let own: Vec<_> = self.scope.own().to_vec();
        for (prefix, uri) in own {
            let local_element = &*prefix == element_prefix;
            self.push(Item::Namespace { prefix, uri, local_element })?;
        }
        Ok(())
    }

    fn attribute_items(&mut self, attributes: &Attributes<'d>) -> Read<T> {
        let mut items = Vec::with_capacity(attributes.len());
        for (key, value) in attributes {
            let resolved = resolve(key, false, &self.scope);
            let Resolved { prefix, uri, local } = resolved.map_err(|reason| Fault::Xml(reason, self.at))?;
            items.push((Name { uri: uri.clone(), local: local.into() }, prefix.clone(), value));
        }
        if let Some(twice) = repeated(&items) {
            return Err(self.fault(format!("the attribute {twice} stands twice")));
        }
        for (name, prefix, value) in items {
            let prefix = self.keep.prefixes.then_some(prefix);
            let item = if &*name.uri == XSI {
                self.xsi(name, prefix, value)
            } else {
                attribute(name, prefix, value)
            };
            self.push(item)?;
        }
        Ok(())
    }

    fn xsi(&mut self, name: Name, prefix: Option<Arc<str>>, value: &str) -> Item {
        let written = value.trim_matches([' ', '\t', '\n', '\r']);
        match (&*name.local, written) {
            ("type", _) => {
                let (value_prefix, local) = written.split_once(':').unwrap_or(("", written));
                let uri = self.scope.find(value_prefix).filter(|_| is_ncname(local));
                let name = uri.map_or_else(|| Name::new("", value), |uri| Name::new(uri, local));
                let value_prefix = uri.filter(|_| self.keep.prefixes).map(|_| value_prefix.into());
                Item::Type { prefix, name, value_prefix, text: Some(value.into()) }
            }
            ("nil", "true" | "1") => Item::Nil { prefix, value: true, text: Some(value.into()) },
            ("nil", "false" | "0") => Item::Nil { prefix, value: false, text: Some(value.into()) },
            _ => attribute(name, prefix, value),
        }
    }
}

fn attribute(name: Name, prefix: Option<Arc<str>>, value: &str) -> Item {
    Item::Attribute { name, prefix, value: value.into() }
}

fn repeated<T>(attributes: &[(Name, Arc<str>, T)]) -> Option<&str> {
    if attributes.len() > FEW {
        let mut seen = HashSet::with_capacity(attributes.len());
        return attributes.iter().find(|(name, ..)| !seen.insert(name)).map(|(name, ..)| &*name.local);
    }
    let twice = |at: usize| attributes[..at].iter().any(|(name, ..)| *name == attributes[at].0);
    (1..attributes.len()).find(|at| twice(*at)).map(|at| &*attributes[at].0.local)
}
