//! Elements that have a value and end: most do, and both event codes are then known beforehand.

use crate::tables::{Grammar, Kind, State, Tables, COUNTERS};

/// Content that is usually one value and nothing else; the event codes of CH and EE are zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    /// The codec of the value.
    pub codec: u32,
    /// Bits of the event code of CH.
    pub before: u32,
    /// Bits of the event code of EE.
    pub after: u32,
    /// The state between value and end.
    pub state: u32,
}

/// By grammar, what its elements usually have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaves(Vec<Option<Leaf>>);

impl Leaves {
    pub fn of(tables: &Tables) -> Self {
        Self(tables.grammars.iter().map(|grammar| leaf(tables, grammar)).collect())
    }

    #[inline]
    pub fn get(&self, grammar: u32) -> Option<&Leaf> {
        self.0.get(grammar as usize)?.as_ref()
    }
}

fn leaf(tables: &Tables, grammar: &Grammar) -> Option<Leaf> {
    let first = |state: &State| tables.productions_of(state).first();
    let start = tables.states.get(grammar.start as usize)?;
    let value = first(start).filter(|found| found.kind == Kind::Ch && found.set | found.inc == 0)?;
    let state = value.follow(&mut [0; COUNTERS]);
    let end = tables.states.get(state as usize)?;
    first(end).filter(|found| found.kind == Kind::Ee)?;
    Some(Leaf { codec: value.target, before: start.width.into(), after: end.width.into(), state })
}
