//! The usual way through the grammars of a schema set: what stands alone in a field and fits a word
//! with its event code, and the objects that hold such things. Whatever else there is goes the long
//! way, from the same state.

use std::sync::Arc;

use exi_core::tables::{CodecKind, Kind, Production, Tables, NONE, NO_SLOT, WIDTHS};
use exi_core::QRef;
use pyo3::prelude::*;

use crate::binding::Binding;
use crate::fixed::Field;
use crate::whole::Whole;

/// Most bytes of a binary value that is read and written the usual way: its length is one octet.
const MOST_BYTES: u64 = 127;

/// What to do in each state of the tables.
#[derive(Default)]
pub struct Routes(Box<[Stop]>);

/// One state.
pub struct Stop {
    /// Bits of the event code.
    pub width: u32,
    /// Its productions.
    pub turns: Box<[Turn]>,
    /// Whether a value or an object of one word can come.
    pub quick: bool,
    /// Whether the production is found by the class of what stands in the field of all of them.
    pub by_class: bool,
}

/// One production.
pub struct Turn {
    /// What it stands for.
    pub way: Way,
    /// Where in an object its field is.
    pub offset: u32,
    /// The state after it.
    pub next: u32,
    /// Its field as a mask.
    pub field: u64,
}

/// What a production stands for.
pub enum Way {
    /// An object that is one word.
    Whole(Arc<Whole>),
    /// A value of fixed width, whose bits these are.
    Value(Box<Field>, u32),
    /// Any other object.
    Object(Box<Entry>),
    /// Bytes.
    Bytes(Box<Bytes>),
    /// The end of the element.
    End,
    /// Anything else.
    Long,
}

/// How to begin an object.
pub struct Entry {
    /// Its grammar.
    pub grammar: u32,
    /// The first state of that.
    pub start: u32,
    /// The name of the element.
    pub name: QRef,
}

/// The bounds of a length.
pub struct Bytes {
    /// Fewest bytes.
    pub least: u64,
    /// Most bytes, of those that go the usual way.
    pub most: u64,
}

impl Routes {
    /// The ways through tables whose productions have their places.
    pub fn new(py: Python<'_>, tables: &Tables, binding: &Binding) -> Self {
        if tables.strict {
            return Self::default();
        }
        let stop = |(index, state)| {
            let state: &exi_core::tables::State = state;
            let productions = tables.productions_of(state).iter().zip(state.first..);
            let turns: Box<[Turn]> =
                productions.map(|(production, at)| Turn::new(py, tables, binding, production, at)).collect();
            let one = turns.first().map_or(0, |turn| turn.field);
            let by_class = binding.many(index) != NO_SLOT && turns.iter().all(|turn| turn.is_object_in(one));
            let quick =
                turns.iter().any(|turn| matches!(turn.way, Way::Whole(_) | Way::Value(..) | Way::Bytes(_)));
            Stop { width: state.width.into(), turns, quick, by_class }
        };
        Self((0..).zip(&tables.states).map(stop).collect())
    }

    /// What to do in a state.
    #[inline(always)]
    pub fn stop(&self, at: u32) -> Option<&Stop> {
        self.0.get(at as usize)
    }
}

impl Turn {
    fn new(py: Python<'_>, tables: &Tables, binding: &Binding, production: &Production, index: u32) -> Self {
        Self {
            way: way(py, tables, binding, production, index),
            offset: production.offset,
            next: production.next,
            field: 1u64.checked_shl(production.slot.into()).unwrap_or(0),
        }
    }

    fn is_object_in(&self, field: u64) -> bool {
        match self.way {
            Way::Whole(_) | Way::Object(_) => self.field == field,
            Way::End => true,
            _ => false,
        }
    }
}

fn way(py: Python<'_>, tables: &Tables, binding: &Binding, production: &Production, index: u32) -> Way {
    if production.set | production.inc != 0 {
        return Way::Long;
    }
    if production.kind == Kind::Ee {
        return Way::End;
    }
    if production.offset == 0 || production.slot == NO_SLOT {
        return Way::Long;
    }
    let found = match production.kind {
        Kind::Se => object(tables, binding, production),
        Kind::Leaf if production.speed < WIDTHS => {
            let field = Field::new(py, production, index, &binding.values);
            field.map(|field| Way::Value(Box::new(field), production.speed.into()))
        }
        Kind::Leaf => bytes(tables, production),
        _ => None,
    };
    found.unwrap_or(Way::Long)
}

fn object(tables: &Tables, binding: &Binding, production: &Production) -> Option<Way> {
    let record = binding.record(production.target)?;
    if let Some(whole) = &record.whole {
        return Some(Way::Whole(whole.clone()));
    }
    // An object with text may have to get the empty one at its end.
    let plain = record.codec == NONE && record.text_slot == NO_SLOT;
    let start = tables.grammars.get(production.target as usize)?.start;
    let entry = Entry { grammar: production.target, start, name: production.name };
    plain.then(|| Way::Object(Box::new(entry)))
}

fn bytes(tables: &Tables, production: &Production) -> Option<Way> {
    let codec = tables.codecs.get(production.target as usize)?;
    let (least, most) = (codec.min_length, codec.max_length.min(MOST_BYTES));
    (codec.kind == CodecKind::Binary).then(|| Way::Bytes(Box::new(Bytes { least, most })))
}
