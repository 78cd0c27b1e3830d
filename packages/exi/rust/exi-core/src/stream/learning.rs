//! Built-in grammars, which learn (sections 8.4.2 and 8.4.3).

use std::collections::HashMap;

use super::names::XSI_TYPE;
use super::settings::Profile;
use crate::names::QRef;

/// A production that was learnt: it has an event code of one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Learnt {
    At(QRef),
    Se(QRef),
    Ch,
    Ee,
}

/// Where in a built-in grammar an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    StartTag,
    Content,
}

/// The learnt productions of one non-terminal, the newest last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    list: Vec<Learnt>,
    places: HashMap<Learnt, u32>,
    /// Which of CH, EE and AT(xsi:type) are there.
    once: u8,
}

impl Rules {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The production of an event code: the newest has code 0.
    pub fn by_code(&self, code: usize) -> Option<Learnt> {
        let place = self.list.len().checked_sub(code.checked_add(1)?)?;
        self.list.get(place).copied()
    }

    /// The event code of a production.
    pub fn code_of(&self, wanted: Learnt) -> Option<u64> {
        let place = *self.places.get(&wanted)?;
        Some(self.list.len() as u64 - 1 - u64::from(place))
    }

    /// Adds a production; one that is not `usable` has an event code all the same.
    fn add(&mut self, learnt: Learnt, usable: bool) -> bool {
        // Only these are looked for before they are added (8.4.3).
        let once = match learnt {
            Learnt::Ch => Some(1),
            Learnt::Ee => Some(2),
            Learnt::At(XSI_TYPE) => Some(4),
            _ => None,
        };
        if once.is_some_and(|bit| self.once & bit != 0) {
            return false;
        }
        self.once |= once.unwrap_or(0);
        if usable {
            self.places.insert(learnt, self.list.len() as u32);
        }
        self.list.push(learnt);
        true
    }
}

#[derive(Clone, Debug, Default)]
struct Grammar {
    start_tag: Rules,
    content: Rules,
}

/// The built-in grammars of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Builtins {
    ids: HashMap<QRef, u32>,
    grammars: Vec<Grammar>,
    pub fragment: Rules,
    max_productions: u32,
    productions: u32,
    /// How many grammars may be made.
    pub max_grammars: u32,
}

impl Builtins {
    /// The profile bounds what is learnt beside a schema only.
    pub fn new(profile: Option<Profile>) -> Self {
        let profile = profile.unwrap_or_default();
        Self {
            ids: HashMap::new(),
            grammars: Vec::new(),
            fragment: Rules::default(),
            max_productions: profile.max_productions.unwrap_or(u32::MAX),
            productions: 0,
            max_grammars: profile.max_element_grammars.unwrap_or(u32::MAX),
        }
    }

    /// The grammar of an element; it is made on first use.
    pub fn of(&mut self, element: QRef) -> u32 {
        let next = self.grammars.len() as u32;
        let id = *self.ids.entry(element).or_insert(next);
        if id == next {
            self.grammars.push(Grammar::default());
        }
        id
    }

    /// How many grammars there are.
    pub fn count(&self) -> u32 {
        self.grammars.len() as u32
    }

    pub fn rules(&self, grammar: u32, phase: Phase) -> &Rules {
        static NONE: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
        let Some(grammar) = self.grammars.get(grammar as usize) else {
            return NONE.get_or_init(Rules::default);
        };
        match phase {
            Phase::StartTag => &grammar.start_tag,
            Phase::Content => &grammar.content,
        }
    }

    /// Whether one more production may be learnt.
    pub fn may_learn(&self) -> bool {
        self.productions < self.max_productions
    }

    pub fn learn(&mut self, grammar: u32, phase: Phase, learnt: Learnt) {
        let Some(grammar) = self.grammars.get_mut(grammar as usize) else { return };
        let rules = match phase {
            Phase::StartTag => &mut grammar.start_tag,
            Phase::Content => &mut grammar.content,
        };
        let usable = self.productions < self.max_productions;
        self.productions = self.productions.saturating_add(u32::from(rules.add(learnt, usable)));
    }

    pub fn learn_fragment(&mut self, name: QRef) {
        self.fragment.add(Learnt::Se(name), true);
    }
}

impl Phase {
    /// Productions with codes of one part that are not learnt: EE of ElementContent.
    pub fn fixed(self) -> usize {
        usize::from(self == Self::Content)
    }

    /// Values of the first part of an event code: learnt, fixed, and the way to the second part.
    pub fn count(self, rules: &Rules) -> usize {
        rules.len() + self.fixed() + 1
    }
}
