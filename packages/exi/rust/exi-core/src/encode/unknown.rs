//! Elements without declaration: built-in grammars, which learn (EXI 1.0 section 8.4.3).

use super::{Attributes, Place, Source, XSI};
use crate::builtin::{Generic, Learnt, Phase};
use crate::error::{Error, ErrorKind, Result};
use crate::events::Event;
use crate::names::{QRef, XSI_TYPE};
use crate::tables::{width_of, COUNTERS};

impl<'e> Source<'_, '_, 'e> {
    pub(super) fn unknown(&mut self, element: QRef, attributes: Attributes<'e>, depth: u32) -> Result<()> {
        if let Some(text) = attributes.xsi_type {
            self.unknown_attribute_name(element, XSI, "type");
            let grammar = self.type_name(text);
            if let Some(known) = self.out.tables.grammars.get(grammar as usize) {
                let place = Place { at: known.start, grammar, counters: [0; COUNTERS] };
                return self.known(element, place, Attributes { xsi_type: None, ..attributes }, depth);
            }
        }
        let nil = attributes.xsi_nil.map(|text| ("nil", XSI, text));
        for (local, uri, text) in nil.into_iter().chain(attributes.others) {
            let name = self.unknown_attribute_name(element, uri, local);
            self.untyped(name, text)?;
        }
        let mut phase = Phase::StartTag;
        while let Some(event) = self.next() {
            match event {
                Event::Start { uri, local } => {
                    let name = self.unknown_child_name(element, phase, uri, local);
                    self.any(name, depth).map_err(|e| e.within(local))?;
                }
                Event::Characters(text) => {
                    self.learnt_or_generic(element, phase, Learnt::Ch, Generic::Ch);
                    self.untyped(element, text)?;
                }
                Event::Attribute { local, .. } => {
                    return Err(Error::new(ErrorKind::Content, format!("attribute {local} after content")));
                }
                Event::End => {
                    self.unknown_end(element, phase);
                    return Ok(());
                }
            }
            phase = Phase::Content;
        }
        Err(Error::new(ErrorKind::Content, "the events end inside an element"))
    }

    fn unknown_attribute_name(&mut self, element: QRef, uri: &str, local: &str) -> QRef {
        self.unknown_name(element, Phase::StartTag, uri, local, Learnt::At, Generic::At)
    }

    fn unknown_child_name(&mut self, element: QRef, phase: Phase, uri: &str, local: &str) -> QRef {
        self.unknown_name(element, phase, uri, local, Learnt::Se, Generic::Se)
    }

    fn unknown_name(
        &mut self,
        element: QRef,
        phase: Phase,
        uri: &str,
        local: &str,
        learnt: fn(QRef) -> Learnt,
        generic: Generic,
    ) -> QRef {
        let (width, count) = self.out.builtins.shape(element, phase);
        if let Some(name) = self.out.names.find(uri, local) {
            if let Some(code) = self.out.builtins.code_of(element, phase, learnt(name)) {
                self.out.writer.bits(code as u64, width);
                return name;
            }
        }
        self.generic(phase, width, count, generic);
        let name = self.out.names.write_qname(&mut self.out.writer, uri, local);
        debug_assert!(uri != XSI || local != "type" || name == XSI_TYPE);
        self.out.builtins.learn(element, phase, learnt(name));
        name
    }

    fn generic(&mut self, phase: Phase, width: u32, learnt: usize, generic: Generic) {
        let events = phase.generic();
        let code = events.iter().position(|have| *have == generic).unwrap_or_default();
        self.out.writer.bits((learnt + phase.fixed()) as u64, width);
        self.out.writer.bits(code as u64, width_of(events.len()));
    }

    fn learnt_or_generic(&mut self, element: QRef, phase: Phase, learnt: Learnt, generic: Generic) {
        let (width, count) = self.out.builtins.shape(element, phase);
        match self.out.builtins.code_of(element, phase, learnt) {
            Some(code) => self.out.writer.bits(code as u64, width),
            None => {
                self.generic(phase, width, count, generic);
                self.out.builtins.learn(element, phase, learnt);
            }
        }
    }

    fn unknown_end(&mut self, element: QRef, phase: Phase) {
        if phase == Phase::StartTag {
            return self.learnt_or_generic(element, phase, Learnt::Ee, Generic::Ee);
        }
        let (width, count) = self.out.builtins.shape(element, phase);
        self.out.writer.bits(count as u64, width);
    }
}
