//! Starts and ends of elements and of the document.

use super::{Encoder, Start};
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Name;
use crate::stream::learning::{Learnt, Phase};
use crate::stream::menu::{Extra, Menu};
use crate::stream::session::{Context, Frame, Place, Top};
use crate::tables::{Kind, Production, State, NONE};

impl Encoder {
    pub(super) fn start_document(&mut self) -> Result<()> {
        if self.top != Top::Start {
            return Err(Error::new(ErrorKind::Content, "StartDocument twice"));
        }
        self.top = if self.context.settings.fragment { Top::Fragment } else { Top::Document };
        Ok(())
    }

    pub(super) fn end_document(&mut self) -> Result<()> {
        if !self.stack.is_empty() || !matches!(self.top, Top::End | Top::Fragment) {
            let reason = "EndDocument where an element is open or the root is missing";
            return Err(Error::new(ErrorKind::Content, reason));
        }
        let escape = usize::from(!self.outer_menu().is_empty());
        let fragment = self.context.outer_state(true).map(|state| usize::from(state.len));
        match (self.top, fragment) {
            (Top::End, _) => self.code(0, 1 + escape),
            (_, Some(len)) => self.code(len as u64 - 1, len + escape),
            (_, None) => {
                let learnt = self.session.builtins.fragment.len();
                self.code(learnt as u64 + 1, learnt + 2 + escape);
            }
        }
        self.top = Top::Done;
        self.end_block()
    }

    pub(super) fn outer_menu(&self) -> Menu {
        match self.top {
            Top::Document => Menu::document(self.context.kept),
            _ => Menu::outside(self.context.kept),
        }
    }

    /// The event SE with all that belongs to the start tag.
    pub(super) fn start_element(&mut self, start: Start) -> Result<()> {
        if self.stack.len() >= self.depth as usize {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        }
        let (name, place) = match self.stack.last().map(|frame| frame.place) {
            None => self.start_outside(&start)?,
            Some(Place::Known { state, .. }) => self.start_known(state, &start)?,
            Some(Place::Learning { grammar, phase }) => self.start_unknown(grammar, phase, &start)?,
        };
        let bindings = self.bindings.len();
        self.stack.push(Frame { name, place, bindings, saved: None });
        self.spaces.push(self.spaces.last().copied().unwrap_or_default());
        self.end_of_event()?;
        self.tag(start)
    }

    fn start_outside(&mut self, start: &Start) -> Result<(QRef, Place)> {
        let (name, prefix) = (&start.name, start.prefix.as_deref());
        let menu = self.outer_menu();
        let escape = usize::from(!menu.is_empty());
        let fragment = self.top == Top::Fragment;
        match self.top {
            Top::Document => self.top = Top::End,
            Top::Fragment => {}
            _ => return Err(Error::new(ErrorKind::Content, "a document has one root element")),
        }
        self.outer_element(name, prefix, fragment, escape)
    }

    /// SE in DocContent or FragmentContent.
    pub(super) fn outer_element(
        &mut self,
        name: &Name,
        prefix: Option<&str>,
        fragment: bool,
        escape: usize,
    ) -> Result<(QRef, Place)> {
        let context = self.context.clone();
        if let Some(state) = context.outer_state(fragment) {
            let index =
                context.tables().map(|tables| if fragment { tables.fragment } else { tables.document });
            let found = self.find_start(&context, index.unwrap_or(NONE), state, name);
            let (code, production) = found.ok_or_else(|| unexpected(name))?;
            self.code(code as u64, usize::from(state.len) + escape);
            return self.element_of(production, name, prefix);
        }
        if !fragment {
            self.code(0, 1 + escape);
            return Ok(self.any_element(name, prefix));
        }
        let rules = &self.session.builtins.fragment;
        let (learnt, count) = (rules.len(), rules.len() + 2 + escape);
        let known = self.session.names.find_name(name);
        if let Some((name, code)) = known.and_then(|name| Some((name, rules.code_of(Learnt::Se(name))?))) {
            self.code(code, count);
            self.prefix(name.uri, prefix);
            return Ok((name, self.session.enter(&context, name)));
        }
        self.code(learnt as u64, count);
        let (name, place) = self.any_element(name, prefix);
        self.session.builtins.learn_fragment(name);
        Ok((name, place))
    }

    fn start_known(&mut self, index: u32, start: &Start) -> Result<(QRef, Place)> {
        let context = self.context.clone();
        let state = context.state(index)?;
        let (name, prefix) = (&start.name, start.prefix.as_deref());
        if let Some((code, production)) = self.find_start(&context, index, state, name) {
            self.code(code as u64, state.codes());
            let element = self.element_of(production, name, prefix)?;
            self.move_to(|place| place.follow(production));
            return Ok(element);
        }
        let codes = context.menu(state).find(Extra::Se).ok_or_else(|| {
            let expected = context.expected(state);
            Error::new(ErrorKind::Content, format!("unexpected element {}, expected {expected}", name.local))
        })?;
        self.codes(usize::from(state.len), codes);
        let element = self.any_element(name, prefix);
        self.move_to(|place| place.content(Some(state)));
        Ok(element)
    }

    fn start_unknown(&mut self, grammar: u32, phase: Phase, start: &Start) -> Result<(QRef, Place)> {
        let (name, prefix) = (&start.name, start.prefix.as_deref());
        let rules = self.session.builtins.rules(grammar, phase);
        let known = self.session.names.find_name(name);
        let content = Place::Learning { grammar, phase: Phase::Content };
        if let Some((name, code)) = known.and_then(|name| Some((name, rules.code_of(Learnt::Se(name))?))) {
            self.code(code, phase.count(rules));
            self.prefix(name.uri, prefix);
            self.move_to(|_| content);
            let context = self.context.clone();
            return Ok((name, self.session.enter(&context, name)));
        }
        if self.leave_learning()? {
            if let Some(Place::Known { state, .. }) = self.stack.last().map(|frame| frame.place) {
                return self.start_known(state, start);
            }
        }
        self.generic(grammar, phase, Extra::Se)?;
        let (name, place) = self.any_element(name, prefix);
        self.session.builtins.learn(grammar, phase, Learnt::Se(name));
        self.move_to(|_| content);
        Ok((name, place))
    }

    /// The production of the first level that matches the start of an element.
    pub(super) fn find_start<'c>(
        &mut self,
        context: &'c Context,
        index: u32,
        state: &State,
        name: &Name,
    ) -> Option<(usize, &'c Production)> {
        let productions = context.tables()?.productions_of(state);
        let known = self.session.names.find_name(name);
        let named = known.and_then(|name| self.indices.element(index, productions, name));
        let names = &self.session.names;
        let wild = || {
            let uri = names.find_uri(&name.uri);
            productions.iter().position(|p| match p.kind {
                Kind::SeUri => Some(p.name.uri) == uri,
                Kind::SeAny => true,
                _ => false,
            })
        };
        let at = named.or_else(wild)?;
        productions.get(at).map(|production| (at, production))
    }

    /// The content of SE(qname), SE(uri:*) or SE(*) of a schema.
    fn element_of(
        &mut self,
        production: &Production,
        name: &Name,
        prefix: Option<&str>,
    ) -> Result<(QRef, Place)> {
        let context = self.context.clone();
        Ok(match production.kind {
            Kind::SeUri => {
                let name = self.local_of(production.name.uri, name, prefix);
                (name, self.session.enter(&context, name))
            }
            Kind::SeAny => self.any_element(name, prefix),
            _ => {
                self.prefix(production.name.uri, prefix);
                let place = context.start(production.target);
                let missing = || Error::new(ErrorKind::Schema, format!("no grammar {}", production.target));
                (production.name, place.ok_or_else(missing)?)
            }
        })
    }

    fn any_element(&mut self, name: &Name, prefix: Option<&str>) -> (QRef, Place) {
        let name = self.qname(name, prefix);
        let context = self.context.clone();
        (name, self.session.enter(&context, name))
    }

    pub(super) fn move_to(&mut self, to: impl FnOnce(Place) -> Place) {
        if let Some(frame) = self.stack.last_mut() {
            frame.place = to(frame.place);
        }
    }

    /// The code of a production that a built-in grammar has not learnt.
    pub(super) fn generic(&mut self, grammar: u32, phase: Phase, extra: Extra) -> Result<()> {
        let first = phase.count(self.session.builtins.rules(grammar, phase)) - 1;
        let menu = self.context.phase_menu(phase);
        let codes = Self::find_extra(&menu, extra, "it comes after content, or the options rule it out")?;
        self.codes(first, codes);
        Ok(())
    }
}

fn unexpected(name: &Name) -> Error {
    Error::new(ErrorKind::Content, format!("unexpected element {}", name.local))
}
