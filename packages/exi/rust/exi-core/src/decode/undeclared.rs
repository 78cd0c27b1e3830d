//! What the schema does not declare: the second level of event codes and unknown elements.

use super::{Decoder, Sink, Step};
use crate::builtin::{Generic, Learnt, Phase};
use crate::error::{Error, ErrorKind, Result};
use crate::names::{QRef, XSI_TYPE};
use crate::tables::{width_of, State, NONE};

/// Steps inside an unknown element: on to content, or on with a schema type.
const CONTENT: u32 = 1;
const TYPED: u32 = 2;

impl<'t, 'd, S: Sink<'d>> Decoder<'t, 'd, '_, S> {
    /// An event that the schema does not declare here (8.5.4.4).
    #[cold]
    pub(super) fn second_level(
        &mut self,
        node: &mut S::Node,
        at: u32,
        element: QRef,
        grammar: &mut u32,
        depth: u32,
    ) -> Result<Step> {
        let state = self.state(at);
        let events = second_level(state);
        let start = self.reader.position();
        let code = self.reader.bits(width_of(events.len()))?;
        let Some(event) = events.get(code as usize) else {
            return Err(Error::at(
                ErrorKind::Invalid,
                start,
                format!("second event code {code} of {}", events.len()),
            ));
        };
        match event {
            Second::Ee => {
                self.sink.cut_short(node)?;
                return Ok(Step::End);
            }
            Second::XsiType => return self.xsi_type(node, at, grammar),
            Second::XsiNil => {
                let nil = self.reader.bit()?;
                self.sink.nil(node, nil)?;
                let empty = self.tables.grammars.get(*grammar as usize).map_or(at, |grammar| grammar.empty);
                return Ok(Step::To(if nil { empty } else { at }));
            }
            Second::AtAny => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.any_attribute(node, name)?;
            }
            Second::AtUntyped => return self.untyped_attribute(node, at),
            Second::SeAny => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.any(node, None, name, depth)?;
                return Ok(Step::To(state.content2));
            }
            Second::ChUntyped => {
                self.text(node, self.codec(self.tables.untyped), element, false)?;
                return Ok(Step::To(state.content2));
            }
        }
        Ok(Step::To(at))
    }

    fn xsi_type(&mut self, node: &mut S::Node, at: u32, grammar: &mut u32) -> Result<Step> {
        let name = self.names.read_qname(&mut self.reader)?;
        let target = self.tables.types.get(&name).copied().unwrap_or(NONE);
        self.sink.retype(node, target, (&self.names, name))?;
        match self.tables.grammars.get(target as usize) {
            Some(known) => {
                *grammar = target;
                Ok(Step::To(known.start))
            }
            None => Ok(Step::To(at)),
        }
    }

    fn untyped_attribute(&mut self, node: &mut S::Node, at: u32) -> Result<Step> {
        let state = self.state(at);
        let code = self.reader.bits(width_of(usize::from(state.attributes) + 1))?;
        if code > u64::from(state.attributes) {
            return Err(self.no_such_code(state, code));
        }
        if code == u64::from(state.attributes) {
            let name = self.names.read_qname(&mut self.reader)?;
            self.attribute(node, None, name, self.tables.untyped)?;
            return Ok(Step::To(at));
        }
        let production = self.production(state, code)?;
        self.attribute(node, None, production.name, self.tables.untyped)?;
        Ok(Step::To(production.next))
    }

    /// The content of an element without declaration: a built-in grammar, which learns.
    pub(super) fn unknown(&mut self, node: &mut S::Node, element: QRef, depth: u32) -> Result<()> {
        let mut phase = Phase::StartTag;
        loop {
            let (width, learnt) = self.builtins.shape(element, phase);
            let code = self.reader.bits(width)? as usize;
            let step = match code.checked_sub(learnt) {
                None => self.learnt(node, element, phase, code, depth)?,
                Some(0) if phase == Phase::Content => Step::End,
                Some(_) => self.generic(node, element, phase, depth)?,
            };
            match step {
                Step::End => return Ok(()),
                Step::To(0) => {}
                Step::To(CONTENT) => phase = Phase::Content,
                Step::To(typed) => {
                    let grammar = self.tables.grammars.get((typed - TYPED) as usize);
                    let start = grammar.map_or(0, |grammar| grammar.start);
                    return self.element(node, start, element, typed - TYPED, depth);
                }
            }
        }
    }

    fn learnt(
        &mut self,
        node: &mut S::Node,
        element: QRef,
        phase: Phase,
        code: usize,
        depth: u32,
    ) -> Result<Step> {
        match self.builtins.by_code(element, phase, code) {
            Some(Learnt::At(name)) => self.unknown_attribute(node, name),
            Some(Learnt::Se(name)) => {
                self.any(node, None, name, depth)?;
                Ok(Step::To(CONTENT))
            }
            Some(Learnt::Ch) => {
                self.text(node, self.codec(self.tables.untyped), element, true)?;
                Ok(Step::To(CONTENT))
            }
            _ => Ok(Step::End),
        }
    }

    fn generic(&mut self, node: &mut S::Node, element: QRef, phase: Phase, depth: u32) -> Result<Step> {
        let events = phase.generic();
        let start = self.reader.position();
        let code = self.reader.bits(width_of(events.len()))? as usize;
        match events.get(code) {
            Some(Generic::Ee) => {
                self.builtins.learn(element, phase, Learnt::Ee);
                Ok(Step::End)
            }
            Some(Generic::At) => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.builtins.learn(element, phase, Learnt::At(name));
                self.unknown_attribute(node, name)
            }
            Some(Generic::Se) => {
                let name = self.names.read_qname(&mut self.reader)?;
                self.builtins.learn(element, phase, Learnt::Se(name));
                self.any(node, None, name, depth)?;
                Ok(Step::To(CONTENT))
            }
            Some(Generic::Ch) => {
                self.builtins.learn(element, phase, Learnt::Ch);
                self.text(node, self.codec(self.tables.untyped), element, true)?;
                Ok(Step::To(CONTENT))
            }
            None => {
                Err(Error::at(ErrorKind::Invalid, start, format!("event code {code} in an unknown element")))
            }
        }
    }

    fn unknown_attribute(&mut self, node: &mut S::Node, name: QRef) -> Result<Step> {
        if name != XSI_TYPE {
            self.attribute(node, None, name, self.tables.untyped)?;
            return Ok(Step::To(0));
        }
        let mut grammar = NONE;
        self.xsi_type(node, 0, &mut grammar)?;
        Ok(Step::To(if grammar == NONE { 0 } else { TYPED + grammar }))
    }
}

/// A production of the second level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    Ee,
    XsiType,
    XsiNil,
    AtAny,
    AtUntyped,
    SeAny,
    ChUntyped,
}

/// The second level of a state, in event-code order (8.5.4.4).
pub(crate) fn second_level(state: &State) -> Vec<Second> {
    let all = [
        (state.late_end, Second::Ee),
        (state.xsi_type, Second::XsiType),
        (state.xsi_nil, Second::XsiNil),
        (state.any_attribute, Second::AtAny),
        (state.any_attribute, Second::AtUntyped),
        (state.any_content, Second::SeAny),
        (state.any_content, Second::ChUntyped),
    ];
    all.iter().filter(|(present, _)| *present).map(|(_, event)| *event).collect()
}
