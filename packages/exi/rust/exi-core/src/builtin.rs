//! Built-in element grammars, which learn (EXI 1.0 section 8.4.3).

use std::collections::HashMap;

use crate::names::{Later, QRef, XSI_TYPE};
use crate::tables::width_of;

/// A production that was learnt; it has an event code of length one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Learnt {
    At(QRef),
    Se(QRef),
    Ch,
    Ee,
}

/// Which of the two states of a built-in grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    StartTag,
    Content,
}

/// A production that every built-in grammar has at its second level (EE in content: first level).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generic {
    Ee,
    At,
    Se,
    Ch,
}

#[derive(Default)]
struct Grammar {
    start_tag: Vec<Learnt>,
    content: Vec<Learnt>,
}

/// The built-in grammars of one stream.
#[derive(Default)]
pub(crate) struct Builtins(Later<HashMap<QRef, Grammar>>);

impl Phase {
    /// The generic productions of the second level, in order.
    pub fn generic(self) -> &'static [Generic] {
        match self {
            Phase::StartTag => &[Generic::Ee, Generic::At, Generic::Se, Generic::Ch],
            Phase::Content => &[Generic::Se, Generic::Ch],
        }
    }

    /// Productions of the first level that were not learnt.
    pub fn fixed(self) -> usize {
        usize::from(self == Phase::Content)
    }
}

impl Builtins {
    fn list(&mut self, element: QRef, phase: Phase) -> &mut Vec<Learnt> {
        let grammar = self.0.make().entry(element).or_default();
        match phase {
            Phase::StartTag => &mut grammar.start_tag,
            Phase::Content => &mut grammar.content,
        }
    }

    /// The bits of the first part of an event code, and the number of learnt productions.
    pub fn shape(&mut self, element: QRef, phase: Phase) -> (u32, usize) {
        let learnt = self.list(element, phase).len();
        (width_of(learnt + phase.fixed() + 1), learnt)
    }

    /// The learnt production of an event code: the newest has code 0.
    pub fn by_code(&mut self, element: QRef, phase: Phase, code: usize) -> Option<Learnt> {
        let list = self.list(element, phase);
        list.len().checked_sub(code + 1).and_then(|index| list.get(index).copied())
    }

    /// The event code of a learnt production.
    pub fn code_of(&mut self, element: QRef, phase: Phase, wanted: Learnt) -> Option<usize> {
        let list = self.list(element, phase);
        list.iter().rposition(|have| *have == wanted).map(|index| list.len() - 1 - index)
    }

    /// Adds a production; characters, ends and xsi:type are added once only.
    pub fn learn(&mut self, element: QRef, phase: Phase, learnt: Learnt) {
        let list = self.list(element, phase);
        let once = matches!(learnt, Learnt::Ch | Learnt::Ee | Learnt::At(XSI_TYPE));
        if once && list.contains(&learnt) {
            return;
        }
        list.push(learnt);
    }
}
