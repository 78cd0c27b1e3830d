//! Characters, ends of elements, comments and what else stands between tags.

use std::sync::Arc;

use super::{After, Encoder};
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::learning::{Learnt, Phase};
use crate::stream::menu::Extra;
use crate::stream::session::{Place, Top};
use crate::stream::value_out::{ready, Ready};
use crate::tables::{Kind, Production, State};

impl Encoder {
    /// Writes the text that was collected, as one event.
    pub(super) fn flush_text(&mut self, closing: bool) -> Result<()> {
        let after = std::mem::replace(&mut self.after, After::Other);
        let mut text = std::mem::take(&mut self.text);
        self.whole_text(&text, after == After::Start && closing)?;
        text.clear();
        self.text = text;
        Ok(())
    }

    /// `simple`: the text is all that stands between the tags of an element.
    fn whole_text(&mut self, text: &str, simple: bool) -> Result<()> {
        let Some((name, place)) = self.stack.last().map(|frame| (frame.name, frame.place)) else {
            return match text.trim().is_empty() {
                true => Ok(()),
                false => Err(Error::new(ErrorKind::Content, format!("text {text:?} outside of elements"))),
            };
        };
        let Some(text) = self.significant(place, text, simple) else { return Ok(()) };
        self.characters(name, place, &text)?;
        self.end_of_event()
    }

    pub(super) fn characters(&mut self, name: QRef, place: Place, text: &str) -> Result<()> {
        match place {
            Place::Known { state, .. } => self.known_characters(name, state, text),
            Place::Learning { grammar, phase } => self.unknown_characters(name, grammar, phase, text),
        }
    }

    fn known_characters(&mut self, name: QRef, index: u32, text: &str) -> Result<()> {
        let context = self.context.clone();
        let state = context.state(index)?;
        let count = state.codes();
        if let Some((code, production)) = find(&context, state, Kind::Ch) {
            if let Some(value) = self.typed(production.target, text)? {
                self.code(code as u64, count);
                self.move_to(|place| place.follow(production));
                return self.value(production.target, name, value);
            }
        }
        let untyped = context.codecs.untyped;
        if let Some((code, production)) = find(&context, state, Kind::ChUntyped) {
            self.code(code as u64, count);
            self.move_to(|place| place.follow(production));
            return self.value(untyped, name, Ready::Text(text.into()));
        }
        let Some(codes) = context.menu(state).find(Extra::Ch) else {
            if text.trim().is_empty() && !self.keeps_space() {
                return Ok(());
            }
            let expected = context.expected(state);
            let reason = format!("the text {text:?} cannot stand here, expected {expected}");
            return Err(Error::new(ErrorKind::Content, reason));
        };
        self.codes(usize::from(state.len), codes);
        self.move_to(|place| place.content(Some(state)));
        self.value(untyped, name, Ready::Text(text.into()))
    }

    fn unknown_characters(&mut self, name: QRef, grammar: u32, phase: Phase, text: &str) -> Result<()> {
        let untyped = self.context.codecs.untyped;
        let rules = self.session.builtins.rules(grammar, phase);
        match rules.code_of(Learnt::Ch) {
            Some(code) => self.code(code, phase.count(rules)),
            None => {
                if self.leave_learning()? {
                    let place = self.stack.last().map(|frame| frame.place);
                    return self.characters(name, place.unwrap_or(Place::Learning { grammar, phase }), text);
                }
                self.generic(grammar, phase, Extra::Ch)?;
                self.session.builtins.learn(grammar, phase, Learnt::Ch);
            }
        }
        self.move_to(|_| Place::Learning { grammar, phase: Phase::Content });
        self.value(untyped, name, Ready::Text(text.into()))
    }

    /// A text in the representation of a type; None when that does not have it.
    pub(super) fn typed(&self, codec: u32, text: &str) -> Result<Option<Ready>> {
        let codecs = &self.context.codecs;
        Ok(ready(text, codecs, codecs.get(codec)?, self.forms))
    }

    pub(super) fn end_element(&mut self) -> Result<()> {
        let Some(frame) = self.stack.last() else {
            return Err(Error::new(ErrorKind::Content, "EndElement without an element"));
        };
        let (name, place) = (frame.name, frame.place);
        match place {
            Place::Known { state, .. } => self.end_known(name, state)?,
            Place::Learning { grammar, phase } => self.end_unknown(grammar, phase)?,
        }
        self.spaces.pop();
        if let Some(mut frame) = self.stack.pop() {
            self.bindings.truncate(frame.bindings);
            if let Some(session) = frame.saved.take() {
                self.leave_self_contained(*session)?;
            }
        }
        self.after = After::Other;
        self.end_of_event()
    }

    fn end_known(&mut self, name: QRef, index: u32) -> Result<()> {
        let context = self.context.clone();
        let state = context.state(index)?;
        if let Some((code, _)) = find(&context, state, Kind::Ee) {
            self.code(code as u64, state.codes());
            return Ok(());
        }
        let typed = match find(&context, state, Kind::Ch) {
            Some((_, production)) => self.typed(production.target, "")?.is_some(),
            None => false,
        };
        let codes = context.menu(state).find(Extra::Ee);
        // XML does not tell an empty value from none: an end out of turn is shorter, where there is one.
        if typed && codes.is_none() {
            self.known_characters(name, index, "")?;
            self.end_of_event()?;
            if let Some(Place::Known { state, .. }) = self.stack.last().map(|frame| frame.place) {
                return self.end_known(name, state);
            }
        }
        let codes = codes.ok_or_else(|| {
            let expected = context.expected(state);
            Error::new(ErrorKind::Content, format!("the element is not complete, expected {expected}"))
        })?;
        self.codes(usize::from(state.len), codes);
        Ok(())
    }

    fn end_unknown(&mut self, grammar: u32, phase: Phase) -> Result<()> {
        let rules = self.session.builtins.rules(grammar, phase);
        if phase == Phase::Content {
            self.code(rules.len() as u64, phase.count(rules));
            return Ok(());
        }
        if let Some(code) = rules.code_of(Learnt::Ee) {
            self.code(code, phase.count(rules));
            return Ok(());
        }
        if self.leave_learning()? {
            if let Some((name, Place::Known { state, .. })) = self.stack.last().map(|f| (f.name, f.place)) {
                return self.end_known(name, state);
            }
        }
        self.generic(grammar, phase, Extra::Ee)?;
        self.session.builtins.learn(grammar, phase, Learnt::Ee);
        Ok(())
    }

    /// CM, PI, DT or ER with its strings.
    pub(super) fn misc(&mut self, extra: Extra, texts: &[&Arc<str>]) -> Result<()> {
        self.misc_code(extra)?;
        for text in texts {
            self.writer.string(text, 0);
        }
        self.after = After::Other;
        self.end_of_event()
    }

    fn misc_code(&mut self, extra: Extra) -> Result<()> {
        let context = self.context.clone();
        match self.stack.last().map(|frame| frame.place) {
            None => self.outer_misc(extra),
            Some(Place::Known { state, .. }) => {
                let state = context.state(state)?;
                let codes = Self::find_extra(&context.menu(state), extra, "the grammar does not have it")?;
                self.codes(usize::from(state.len), codes);
                self.move_to(|place| place.content(Some(state)));
                Ok(())
            }
            Some(Place::Learning { grammar, phase }) => {
                self.generic(grammar, phase, extra)?;
                self.move_to(|place| place.content(None));
                Ok(())
            }
        }
    }

    fn outer_misc(&mut self, extra: Extra) -> Result<()> {
        let codes = Self::find_extra(&self.outer_menu(), extra, "it stands outside of elements")?;
        let fragment = self.top == Top::Fragment;
        let informed = self.context.outer_state(fragment).map(|state| usize::from(state.len));
        let first = match (self.top, informed) {
            (Top::End, _) => 1,
            (Top::Document, Some(len)) | (Top::Fragment, Some(len)) => len,
            (Top::Document, None) => 1,
            (Top::Fragment, None) => self.session.builtins.fragment.len() + 2,
            _ => return Err(Error::new(ErrorKind::Content, "an item outside of the document")),
        };
        self.codes(first, codes);
        Ok(())
    }
}

/// The production of a kind that a state has at most once.
pub(super) fn find<'c>(
    context: &'c crate::stream::session::Context,
    state: &State,
    kind: Kind,
) -> Option<(usize, &'c Production)> {
    let productions = context.tables()?.productions_of(state);
    // Ends and characters stand last (8.5.4.3).
    let at = productions.iter().rposition(|production| production.kind == kind)?;
    productions.get(at).map(|production| (at, production))
}
