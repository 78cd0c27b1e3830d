//! The EXI Profile for limiting usage of dynamic memory: built-in grammars learn only so much.

use std::sync::Arc;

use super::Encoder;
use crate::error::{Error, ErrorKind, Result};
use crate::stream::item::{Item, Name};
use crate::stream::learning::{Learnt, Phase};
use crate::stream::names::{XSD, XSI_TYPE};
use crate::stream::session::Place;

impl Encoder {
    /// Called before a built-in grammar would learn. Where a bound of the profile is reached, the
    /// element is cast to xsd:anyType, whose grammar never learns; true when that happened.
    pub(super) fn leave_learning(&mut self) -> Result<bool> {
        if !self.must_not_learn() {
            return Ok(false);
        }
        if self.is_typed {
            let reason =
                "the EXI Profile wants xsi:type=\"xsd:anyType\" here, but the element has an xsi:type, \
                          of a type that the schema does not have";
            return Err(Error::new(ErrorKind::Content, reason));
        }
        let kept = self.context.kept.prefixes;
        if self.context.codecs.is_lexical() && !kept {
            // A string could not be told to mean a type of XML Schema.
            return Ok(false);
        }
        let value_prefix = if kept { Some(self.schema_prefix()?) } else { None };
        let any_type = Name::new(XSD, "anyType");
        let item = Item::Type { prefix: None, name: any_type, value_prefix, text: None };
        self.xsi_type(&item, true)?;
        Ok(matches!(self.stack.last().map(|frame| frame.place), Some(Place::Known { .. })))
    }

    /// A prefix of the namespace of XML Schema, declared here if there is none.
    fn schema_prefix(&mut self) -> Result<Arc<str>> {
        if let Some(prefix) = self.bindings.prefix_of(XSD) {
            return Ok(prefix.clone());
        }
        let prefix: Arc<str> = "xsdP".into();
        self.namespace(&prefix, &XSD.into(), false)?;
        self.end_of_event()?;
        Ok(prefix)
    }

    fn must_not_learn(&self) -> bool {
        // Only at the very start of an element can it be cast: attributes come after xsi:type.
        self.in_tag_start && self.is_at_bound()
    }

    /// Whether a bound of the profile rules out that the grammar of the element learns.
    pub(super) fn is_at_bound(&self) -> bool {
        if self.context.settings.profile.is_none() || self.context.informed.is_none() {
            return false;
        }
        match self.stack.last().map(|frame| frame.place) {
            Some(Place::Learning { grammar, phase: Phase::StartTag }) => {
                !self.may_have_grammar(grammar) || !self.session.builtins.may_learn()
            }
            _ => false,
        }
    }

    fn may_have_grammar(&self, grammar: u32) -> bool {
        let builtins = &self.session.builtins;
        if builtins.count() <= builtins.max_grammars {
            return true;
        }
        let rules = builtins.rules(grammar, Phase::StartTag);
        let cast_only = rules.len() == 1 && rules.by_code(0) == Some(Learnt::At(XSI_TYPE));
        rules.len() > 0 && !cast_only
    }
}
