//! Events inside of elements, by productions with an event code of two or three parts.

use std::sync::Arc;

use super::names::Prefix;
use super::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Item;
use crate::stream::learning::{Learnt, Phase};
use crate::stream::menu::Extra;
use crate::stream::names::{XSI_NIL, XSI_TYPE};
use crate::stream::session::Place;
use crate::tables::State;

impl Decoder<'_> {
    /// What the schema does not declare here (section 8.5.4.4).
    pub(super) fn undeclared(&mut self, element: QRef, place: Place, state: &State) -> Result<()> {
        let menu = self.context.menu(state);
        match self.extra(menu)? {
            Extra::Ee => self.end_element(),
            Extra::XsiType => {
                let prefix = self.prefix(XSI_TYPE.uri)?;
                self.xsi_type(prefix)
            }
            Extra::XsiNil => self.xsi_nil(place),
            Extra::At => {
                let (name, prefix) = self.qname()?;
                self.any_attribute(name, prefix)
            }
            Extra::AtUntyped => self.untyped_attribute(place, state),
            other => self.common(other, element, place.content(Some(state))),
        }
    }

    /// What a built-in grammar has not learnt yet (section 8.4.3).
    pub(super) fn generic(&mut self, element: QRef, grammar: u32, phase: Phase) -> Result<()> {
        let content = Place::Learning { grammar, phase: Phase::Content };
        match self.extra(self.context.phase_menu(phase))? {
            Extra::Ee => {
                self.session.builtins.learn(grammar, phase, Learnt::Ee);
                self.end_element()
            }
            Extra::At => {
                let (name, prefix) = self.qname()?;
                self.session.builtins.learn(grammar, phase, Learnt::At(name));
                self.unknown_attribute(name, prefix)
            }
            Extra::Se => {
                let (name, prefix) = self.qname()?;
                let place = self.session.enter(&self.context, name);
                self.session.builtins.learn(grammar, phase, Learnt::Se(name));
                self.set_place(content);
                self.start_element(name, prefix, place)
            }
            Extra::Ch => {
                self.session.builtins.learn(grammar, phase, Learnt::Ch);
                self.set_place(content);
                self.characters(self.context.codecs.untyped, element)
            }
            other => self.common(other, element, content),
        }
    }

    /// The productions that both kinds of grammars have alike.
    fn common(&mut self, extra: Extra, element: QRef, content: Place) -> Result<()> {
        match extra {
            Extra::Ns => return self.namespace(),
            Extra::Sc => return self.enter_self_contained(element),
            _ => self.set_place(content),
        }
        match extra {
            Extra::Se => {
                let (name, prefix) = self.qname()?;
                let place = self.session.enter(&self.context, name);
                self.start_element(name, prefix, place)
            }
            Extra::Ch => self.characters(self.context.codecs.untyped, element),
            Extra::Er => {
                let name = self.literal("name")?;
                self.push(Item::EntityReference(name));
                Ok(())
            }
            other => self.misc(other),
        }
    }

    fn namespace(&mut self) -> Result<()> {
        let uri = self.uri()?;
        let prefix = self.declared_prefix(uri)?;
        let local_element = self.boolean("local-element-ns")?;
        let uri = self.session.names.uri(uri).clone();
        self.bindings.push(prefix.clone(), uri.clone());
        if local_element {
            self.set_element_prefix(&uri, &prefix)?;
        }
        self.push(Item::Namespace { prefix, uri, local_element });
        Ok(())
    }

    fn set_element_prefix(&mut self, bound: &str, to: &Arc<str>) -> Result<()> {
        let at = self.open_start.map(|open| (open - self.released) as usize);
        match at.and_then(|at| self.queue.get_mut(at)) {
            Some(Item::StartElement { name, prefix }) if &*name.uri == bound => {
                *prefix = Some(to.clone());
                Ok(())
            }
            _ => Err(Error::new(ErrorKind::Invalid, "local-element-ns is set for another namespace (EXI 4)")),
        }
    }

    fn untyped_attribute(&mut self, place: Place, state: &State) -> Result<()> {
        let declared = usize::from(state.attributes);
        let code = self.code(3, declared + 1)?;
        let untyped = self.context.codecs.untyped;
        let context = self.context.clone();
        match context.production(state, code).filter(|_| code < declared as u64) {
            Some(production) => {
                self.chose_named("AT", production.name, " [untyped value]");
                self.set_place(place.follow(production));
                let prefix = self.prefix(production.name.uri)?;
                self.attribute(production.name, prefix, untyped)
            }
            None => {
                self.chose("AT(*) [untyped value]");
                let (name, prefix) = self.qname()?;
                self.attribute(name, prefix, untyped)
            }
        }
    }

    /// AT(xsi:type): the value leads to the grammar of a type.
    pub(super) fn xsi_type(&mut self, prefix: Prefix) -> Result<()> {
        let (item, found) = match self.context.codecs.is_lexical() {
            true => self.lexical_type(prefix)?,
            false => {
                let (name, value_prefix) = self.qname()?;
                let found = self.context.of_type(name);
                let name = self.session.names.name(name);
                (Item::Type { prefix, name, value_prefix, text: None }, found)
            }
        };
        self.push(item);
        if let Some(place) = found {
            self.set_place(place);
        }
        Ok(())
    }

    /// The value of xsi:type as a string, whose prefix the declarations in scope resolve.
    fn lexical_type(&mut self, prefix: Prefix) -> Result<(Item, Option<Place>)> {
        let text = self.value(self.context.codecs.untyped, XSI_TYPE)?;
        let (name, value_prefix) = self.bindings.resolve(&text);
        let known = self.session.names.find(&name.uri, &name.local);
        let found = known.and_then(|name| self.context.of_type(name));
        Ok((Item::Type { prefix, name, value_prefix, text: Some(text) }, found))
    }

    /// AT(xsi:nil): true leaves the attributes only.
    fn xsi_nil(&mut self, place: Place) -> Result<()> {
        let prefix = self.prefix(XSI_TYPE.uri)?;
        let (value, text) = match self.context.codecs.is_lexical() {
            false => (self.boolean("xsi:nil")?, None),
            true => {
                let text = self.value(self.context.codecs.nil, XSI_NIL)?;
                (matches!(text.trim(), "true" | "1"), Some(text))
            }
        };
        if let (true, Place::Known { grammar, .. }) = (value, place) {
            let empty = self.context.grammar(grammar).map(|grammar| grammar.empty);
            self.set_place(empty.map_or(place, |empty| place.at(empty)));
        }
        self.push(Item::Nil { prefix, value, text });
        Ok(())
    }
}
