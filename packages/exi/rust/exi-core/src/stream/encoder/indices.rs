//! Productions by name.

use std::collections::HashMap;

use crate::names::QRef;
use crate::tables::{Kind, Production};

/// Productions of a state from which on an index pays, and looks at them after which it does.
const MANY: usize = 24;
const OFTEN: u32 = 8;

/// The index of each state that has many productions, apart for attributes and elements.
#[derive(Default)]
pub(super) struct Indices(HashMap<(u32, bool), Index>);

/// Where in a state each name is; made when the state is looked at often.
#[derive(Default)]
struct Index {
    looks: u32,
    places: HashMap<QRef, u32>,
}

impl Indices {
    /// Where among the productions of a state the element of a name is.
    pub fn element(&mut self, state: u32, productions: &[Production], name: QRef) -> Option<usize> {
        self.find((state, false), productions, name, |p| matches!(p.kind, Kind::Leaf | Kind::Se))
    }

    /// Where among the productions of a state the attribute of a name is.
    pub fn attribute(&mut self, state: u32, productions: &[Production], name: QRef) -> Option<usize> {
        self.find((state, true), productions, name, |p| p.kind == Kind::At)
    }

    fn find(
        &mut self,
        key: (u32, bool),
        productions: &[Production],
        name: QRef,
        wanted: impl Fn(&Production) -> bool,
    ) -> Option<usize> {
        let look = || productions.iter().position(|p| p.name == name && wanted(p));
        if productions.len() < MANY {
            return look();
        }
        let made = self.0.entry(key).or_default();
        made.looks = made.looks.saturating_add(1);
        if made.looks < OFTEN {
            return look();
        }
        if made.looks == OFTEN {
            let named = productions.iter().enumerate().rev().filter(|(_, p)| wanted(p));
            made.places = named.map(|(at, p)| (p.name, at as u32)).collect();
        }
        made.places.get(&name).map(|at| *at as usize)
    }
}
