//! Events inside of elements, by productions with an event code of one part.

use super::names::Prefix;
use super::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Item;
use crate::stream::learning::{Learnt, Phase};
use crate::stream::names::{XSI_NIL, XSI_TYPE};
use crate::stream::session::{Frame, Place};
use crate::tables::{Kind, Production};

impl Decoder<'_> {
    pub(super) fn inside(&mut self, element: QRef, place: Place) -> Result<()> {
        match place {
            Place::Known { state, .. } => {
                let state = *self.context.state(state)?;
                let code = self.code(1, state.codes())?;
                match self.context.production(&state, code).copied() {
                    Some(production) => self.declared(element, place, &production),
                    None => self.undeclared(element, place, &state),
                }
            }
            Place::Learning { grammar, phase } => {
                let rules = self.session.builtins.rules(grammar, phase);
                let (learnt, count) = (rules.len(), phase.count(rules));
                let code = self.code(1, count)? as usize;
                match code.checked_sub(learnt) {
                    None => self.learnt(element, grammar, phase, code),
                    Some(0) if phase == Phase::Content => {
                        self.chose("EE");
                        self.end_element()
                    }
                    Some(_) => self.generic(element, grammar, phase),
                }
            }
        }
    }

    /// A production of a schema-informed grammar.
    fn declared(&mut self, element: QRef, place: Place, production: &Production) -> Result<()> {
        if production.kind == Kind::Ee {
            self.chose("EE");
            return self.end_element();
        }
        self.set_place(place.follow(production));
        match production.kind {
            Kind::Ch => {
                self.chose("CH [schema-typed value]");
                self.characters(production.target, element)
            }
            Kind::ChUntyped => {
                self.chose("CH [untyped value]");
                self.characters(self.context.codecs.untyped, element)
            }
            Kind::At => {
                self.chose_named("AT", production.name, " [schema-typed value]");
                let prefix = self.prefix(production.name.uri)?;
                self.attribute(production.name, prefix, production.target)
            }
            Kind::AtUri => {
                self.chose("AT(uri:*)");
                let (name, prefix) = self.local_of(production.name.uri)?;
                self.any_attribute(name, prefix)
            }
            Kind::AtAny => {
                self.chose("AT(*)");
                let (name, prefix) = self.qname()?;
                self.any_attribute(name, prefix)
            }
            _ => self.element_of(production),
        }
    }

    /// SE(qname), SE(uri:*) or SE(*) of a schema.
    pub(super) fn element_of(&mut self, production: &Production) -> Result<()> {
        match production.kind {
            Kind::Leaf | Kind::Se => {
                self.chose_named("SE", production.name, "");
                let prefix = self.prefix(production.name.uri)?;
                let place = self.place_of(production.target)?;
                self.start_element(production.name, prefix, place)
            }
            Kind::SeUri => {
                self.chose("SE(uri:*)");
                let (name, prefix) = self.local_of(production.name.uri)?;
                let place = self.session.enter(&self.context, name);
                self.start_element(name, prefix, place)
            }
            Kind::SeAny => self.any_element("SE(*)"),
            _ => Err(Error::new(ErrorKind::Schema, "a production that cannot stand here")),
        }
    }

    pub(super) fn start_element(&mut self, name: QRef, prefix: Prefix, place: Place) -> Result<()> {
        if self.stack.len() >= self.limits.depth as usize {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        }
        let bindings = self.bindings.len();
        self.stack.push(Frame { name, place, bindings, saved: None });
        let item = Item::StartElement { name: self.session.names.name(name), prefix };
        self.push(item);
        if self.context.kept.prefixes {
            self.open_start = Some(self.released + self.queue.len() as u64 - 1);
        }
        Ok(())
    }

    pub(super) fn end_element(&mut self) -> Result<()> {
        if let Some(mut frame) = self.stack.pop() {
            self.bindings.truncate(frame.bindings);
            if let Some(session) = frame.saved.take() {
                self.leave_self_contained(*session)?;
            }
        }
        self.push(Item::EndElement);
        Ok(())
    }

    pub(super) fn characters(&mut self, codec: u32, element: QRef) -> Result<()> {
        self.valued(codec, element, Item::Characters)
    }

    pub(super) fn attribute(&mut self, name: QRef, prefix: Prefix, codec: u32) -> Result<()> {
        let full = self.session.names.name(name);
        self.valued(codec, name, |value| Item::Attribute { name: full, prefix, value })
    }

    /// AT(*): a global attribute declaration gives the type of its value.
    pub(super) fn any_attribute(&mut self, name: QRef, prefix: Prefix) -> Result<()> {
        if name == XSI_TYPE || name == XSI_NIL {
            return Err(Error::new(
                ErrorKind::Invalid,
                "AT(*) stands for xsi:type or xsi:nil (EXI 8.5.4.4.1)",
            ));
        }
        let codec = self.context.attribute_codec(name).unwrap_or(self.context.codecs.untyped);
        self.attribute(name, prefix, codec)
    }

    /// A production that a built-in grammar has learnt.
    fn learnt(&mut self, element: QRef, grammar: u32, phase: Phase, code: usize) -> Result<()> {
        let learnt = self.session.builtins.rules(grammar, phase).by_code(code);
        match learnt {
            Some(Learnt::At(name)) => {
                self.chose_named("AT", name, "");
                let prefix = self.prefix(name.uri)?;
                self.unknown_attribute(name, prefix)
            }
            Some(Learnt::Se(name)) => {
                self.chose_named("SE", name, "");
                self.set_place(Place::Learning { grammar, phase: Phase::Content });
                self.element_by_name(name)
            }
            Some(Learnt::Ch) => {
                self.chose("CH");
                self.set_place(Place::Learning { grammar, phase: Phase::Content });
                self.characters(self.context.codecs.untyped, element)
            }
            Some(Learnt::Ee) => {
                self.chose("EE");
                self.end_element()
            }
            None => Err(Error::new(ErrorKind::Invalid, "no such production")),
        }
    }

    /// An attribute in a built-in grammar: xsi:type may lead to a type of the schema.
    pub(super) fn unknown_attribute(&mut self, name: QRef, prefix: Prefix) -> Result<()> {
        if name == XSI_TYPE {
            return self.xsi_type(prefix);
        }
        self.attribute(name, prefix, self.context.codecs.untyped)
    }
}
