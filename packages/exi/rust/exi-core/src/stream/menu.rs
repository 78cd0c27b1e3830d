//! The productions of the second and third level (sections 8.4 and 8.5.4.4), pruned by the fidelity
//! options (section 8.3).

use super::settings::Settings;
use crate::tables::State;

/// A production with an event code of two or three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    Ee,
    XsiType,
    XsiNil,
    /// AT(*).
    At,
    /// AT(qname) and AT(*) with an untyped value: a third part tells which.
    AtUntyped,
    Ns,
    Sc,
    /// SE(*).
    Se,
    /// CH with an untyped value.
    Ch,
    Er,
    Cm,
    Pi,
    Dt,
}

impl Extra {
    /// The notation of the specification.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Ee => "EE",
            Self::XsiType => "AT(xsi:type)",
            Self::XsiNil => "AT(xsi:nil)",
            Self::At => "AT(*)",
            Self::AtUntyped => "AT [untyped value]",
            Self::Ns => "NS",
            Self::Sc => "SC",
            Self::Se => "SE(*)",
            Self::Ch => "CH [untyped value]",
            Self::Er => "ER",
            Self::Cm => "CM",
            Self::Pi => "PI",
            Self::Dt => "DT",
        }
    }
}

/// What the options leave of the productions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kept {
    pub comments: bool,
    pub pis: bool,
    pub dtd: bool,
    pub prefixes: bool,
    pub self_contained: bool,
}

impl Kept {
    pub fn of(settings: &Settings) -> Self {
        let preserve = settings.preserve;
        Self {
            comments: preserve.comments,
            pis: preserve.pis,
            dtd: preserve.dtd,
            prefixes: preserve.prefixes,
            self_contained: settings.self_contained,
        }
    }

    fn any_misc(self) -> bool {
        self.comments || self.pis
    }
}

/// The productions below the first level at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Menu {
    second: [Extra; 12],
    len: u8,
    /// CM and PI share one code of the second part and have a third.
    grouped: bool,
    kept: Kept,
}

/// Event code parts after the first: value and number of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Codes {
    pub second: (u64, usize),
    pub third: Option<(u64, usize)>,
}

/// What the second part means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    One(Extra),
    /// CM or PI: a third part tells which.
    Misc,
}

impl Menu {
    fn new(kept: Kept, grouped: bool) -> Self {
        Self { second: [Extra::Ee; 12], len: 0, grouped, kept }
    }

    fn with(mut self, present: bool, extra: Extra) -> Self {
        if let Some(slot) = self.second.get_mut(usize::from(self.len)).filter(|_| present) {
            *slot = extra;
            self.len += 1;
        }
        self
    }

    /// Of a state of a schema-informed element or type grammar.
    pub fn of_state(state: &State, kept: Kept, strict: bool) -> Self {
        let first = state.xsi_type && !strict;
        Self::new(kept, true)
            .with(state.late_end, Extra::Ee)
            .with(state.xsi_type, Extra::XsiType)
            .with(state.xsi_nil, Extra::XsiNil)
            .with(state.any_attribute, Extra::At)
            .with(state.any_attribute, Extra::AtUntyped)
            .with(first && kept.prefixes, Extra::Ns)
            .with(first && kept.self_contained, Extra::Sc)
            .with(state.any_content, Extra::Se)
            .with(state.any_content, Extra::Ch)
            .with(state.any_content && kept.dtd, Extra::Er)
            .misc_if(state.any_content)
    }

    /// Of StartTagContent of a built-in element grammar.
    pub fn start_tag(kept: Kept) -> Self {
        Self::new(kept, true)
            .with(true, Extra::Ee)
            .with(true, Extra::At)
            .with(kept.prefixes, Extra::Ns)
            .with(kept.self_contained, Extra::Sc)
            .with(true, Extra::Se)
            .with(true, Extra::Ch)
            .with(kept.dtd, Extra::Er)
    }

    /// Of ElementContent of a built-in element grammar.
    pub fn content(kept: Kept) -> Self {
        Self::new(kept, true).with(true, Extra::Se).with(true, Extra::Ch).with(kept.dtd, Extra::Er)
    }

    /// Of DocContent.
    pub fn document(kept: Kept) -> Self {
        Self::new(kept, true).with(kept.dtd, Extra::Dt)
    }

    /// Of DocEnd and FragmentContent.
    pub fn outside(kept: Kept) -> Self {
        Self::new(kept, false).with(kept.comments, Extra::Cm).with(kept.pis, Extra::Pi)
    }

    fn misc_if(mut self, present: bool) -> Self {
        if !present {
            self.grouped = false;
        }
        self
    }

    fn listed(&self) -> &[Extra] {
        self.second.get(..usize::from(self.len)).unwrap_or_default()
    }

    fn has_misc(&self) -> bool {
        self.grouped && self.kept.any_misc()
    }

    /// Values of the second part.
    pub fn count(&self) -> usize {
        usize::from(self.len) + usize::from(self.has_misc())
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// What a value of the second part means.
    pub fn choice(&self, code: u64) -> Option<Choice> {
        let code = usize::try_from(code).ok()?;
        match self.listed().get(code) {
            Some(extra) => Some(Choice::One(*extra)),
            None => (self.has_misc() && code == self.listed().len()).then_some(Choice::Misc),
        }
    }

    /// Values of the third part of CM and PI.
    pub fn misc_count(&self) -> usize {
        usize::from(self.kept.comments) + usize::from(self.kept.pis)
    }

    /// What a value of the third part means, for CM and PI.
    pub fn misc(&self, code: u64) -> Option<Extra> {
        let both = [(self.kept.comments, Extra::Cm), (self.kept.pis, Extra::Pi)];
        let mut kept = both.iter().filter(|(kept, _)| *kept);
        kept.nth(usize::try_from(code).ok()?).map(|(_, extra)| *extra)
    }

    /// The codes of a production; None when it is not there.
    pub fn find(&self, wanted: Extra) -> Option<Codes> {
        let count = self.count();
        if let Some(at) = self.listed().iter().position(|have| *have == wanted) {
            return Some(Codes { second: (at as u64, count), third: None });
        }
        if !self.has_misc() {
            return None;
        }
        let code = (0..self.misc_count() as u64).find(|code| self.misc(*code) == Some(wanted))?;
        let second = (self.listed().len() as u64, count);
        Some(Codes { second, third: Some((code, self.misc_count())) })
    }
}
