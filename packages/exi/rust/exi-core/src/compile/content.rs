//! Content models to automata (EXI 1.0 sections 8.5.4.1.5 to 8.5.4.2.2).
//!
//! A state is what may still follow: a chain of continuations. Two non-terminals with the same
//! chain are one state, which is what the elimination of empty and duplicate productions comes
//! to. Particles of many copies stay one state that counts; few copies are told apart by state.

mod flatten;

use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::quick::QuickMap;
use crate::schema::{Particle, Term};

/// Copies of a particle up to which each has a state of its own.
const UNROLLED: u32 = 8;
/// States of one content model, when counting is not possible.
const MAX_STATES: usize = 20_000;
/// Productions that are looked at for them.
const MAX_WORK: usize = 200_000;
/// Copies from which on a maximum counts as none, when counting is not possible.
const ENDLESS: u32 = 1_000;
/// Productions up to which those of one symbol are found by looking at all.
const FEW: usize = 16;
/// Nesting of groups.
const MAX_NESTING: usize = 64;

/// The symbol of an edge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Symbol {
    Element(usize),
    Uri(String),
    Any,
}

/// From one state to the next. Counters: `set` is a mask of counters that start at one, `inc` is
/// one plus the counter that goes up; at `bound` it leads to `alt`.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub symbol: Symbol,
    pub part: u32,
    pub next: usize,
    pub alt: Option<usize>,
    pub set: u8,
    pub inc: u8,
    pub bound: u32,
    pub slot: Option<u16>,
    pub repeated: bool,
}

/// One state of a content model.
#[derive(Debug, Default)]
pub(super) struct Spot {
    pub edges: Vec<Edge>,
    pub accepting: bool,
}

/// What the automaton needs of the rest of the schema.
pub(super) struct Context<'a> {
    pub element_names: &'a [QRef],
    pub members: &'a QuickMap<usize, Vec<usize>>,
}

/// The automaton of a particle; state 0 is the start and nothing leads back to it. `part`
/// numbers the leaf particles, depth first, and is left at the next free number.
pub(super) fn automaton(context: &Context<'_>, particle: &Particle, part: &mut u32) -> Result<Vec<Spot>> {
    let first_part = *part;
    // Counting fails where a symbol would have to count two ways, unrolling where it takes too many
    // states. A maximum without end then has the same event codes up to the last copies, which no
    // stream within the limits of a decoder comes to.
    for (unrolled, endless) in [(UNROLLED, u32::MAX), (u32::MAX, u32::MAX), (u32::MAX, ENDLESS)] {
        *part = first_part;
        if let Some(spots) = Builder::new(context, particle, part, unrolled, endless)?.run()? {
            return Ok(spots);
        }
    }
    Err(Error::new(ErrorKind::Schema, "a content model with nested counts that takes too many states"))
}

/// How many leaf particles a particle has.
pub(super) fn leaves(particle: &Particle) -> u32 {
    match &particle.term {
        Term::Element(_) | Term::Wildcard(_) => 1,
        Term::Sequence(children) | Term::Choice(children) | Term::All(children) => {
            children.iter().map(leaves).sum()
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Cont {
    End,
    /// After `count` copies of a particle.
    Copies {
        particle: usize,
        count: u32,
        next: u32,
    },
    /// After a number of copies that a counter holds: below the minimum, or from it on.
    Counted {
        particle: usize,
        enough: bool,
        next: u32,
    },
    /// A sequence from its `child` on.
    Rest {
        particle: usize,
        child: usize,
        next: u32,
    },
    /// More of an all group.
    More {
        particle: usize,
        next: u32,
    },
}

enum Shape {
    Leaf { symbols: Vec<Symbol>, slot: Option<u16>, repeated: bool, part: u32 },
    Sequence(Vec<usize>),
    Choice(Vec<usize>),
    All(Vec<usize>),
}

struct Flat {
    minimum: u32,
    maximum: Option<u32>,
    shape: Shape,
    nullable: bool,
    counter: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Target {
    next: u32,
    alt: Option<u32>,
    set: u8,
    inc: u8,
    bound: u32,
}

struct Raw {
    order: (u32, usize),
    symbol: Symbol,
    particle: usize,
    target: Target,
}

struct Builder<'a> {
    context: &'a Context<'a>,
    unrolled: u32,
    endless: u32,
    flat: Vec<Flat>,
    conts: Vec<Cont>,
    cont_ids: QuickMap<Cont, u32>,
    root: usize,
}

impl<'a> Builder<'a> {
    fn new(
        context: &'a Context<'a>,
        particle: &Particle,
        part: &mut u32,
        unrolled: u32,
        endless: u32,
    ) -> Result<Self> {
        let mut builder = Self {
            context,
            unrolled,
            endless,
            flat: Vec::new(),
            conts: Vec::new(),
            cont_ids: QuickMap::default(),
            root: 0,
        };
        builder.root = builder.flatten(particle, part, 0, 0)?;
        Ok(builder)
    }

    /// None when two productions of one symbol would have to count differently, or it takes too long.
    fn run(mut self) -> Result<Option<Vec<Spot>>> {
        let end = self.cont(Cont::End);
        let start = self.copies(self.root, 0, end);
        let mut sets: Vec<Vec<u32>> = vec![vec![start]];
        let mut ids: QuickMap<Vec<u32>, usize> = QuickMap::default();
        let mut spots = Vec::new();
        let mut work = 0;
        while spots.len() < sets.len() {
            let set = sets[spots.len()].clone();
            let mut raw = Vec::new();
            let mut accepting = false;
            for cont in set {
                accepting |= self.first(cont, &mut raw);
            }
            work += raw.len() + sets[spots.len()].len();
            let Some(merged) = self.merge(raw) else { return Ok(None) };
            let mut spot = Spot { edges: Vec::new(), accepting };
            for (raw, nexts) in merged {
                let mut state = |set: Vec<u32>| {
                    *ids.entry(set).or_insert_with_key(|set| {
                        sets.push(set.clone());
                        sets.len() - 1
                    })
                };
                let next = state(nexts);
                let alt = raw.target.alt.map(|alt| state(vec![alt]));
                spot.edges.push(self.edge(raw, next, alt));
            }
            spots.push(spot);
            if sets.len() > MAX_STATES || work > MAX_WORK {
                return Ok(None);
            }
        }
        Ok(Some(spots))
    }

    fn edge(&self, raw: Raw, next: usize, alt: Option<usize>) -> Edge {
        let (slot, repeated) = match &self.flat[raw.particle].shape {
            Shape::Leaf { slot, repeated, .. } => (*slot, *repeated),
            _ => (None, false),
        };
        let Target { set, inc, bound, .. } = raw.target;
        Edge { symbol: raw.symbol, part: raw.order.0, next, alt, set, inc, bound, slot, repeated }
    }

    /// Puts productions in schema order (8.5.4.3) and merges those of one symbol (8.5.4.2.2).
    fn merge(&self, mut raw: Vec<Raw>) -> Option<Vec<(Raw, Vec<u32>)>> {
        raw.sort_by_key(|raw| (rank(&raw.symbol), raw.order));
        let mut merged: Vec<(Raw, Vec<u32>)> = Vec::new();
        let many = raw.len() > FEW;
        let mut seen = QuickMap::default();
        for raw in raw {
            let at = match many {
                true => *seen.entry(self.key(&raw.symbol)).or_insert(merged.len()),
                false => {
                    let same = |(first, _): &(Raw, _)| self.are_one(&first.symbol, &raw.symbol);
                    merged.iter().position(same).unwrap_or(merged.len())
                }
            };
            if at == merged.len() {
                let next = raw.target.next;
                merged.push((raw, vec![next]));
                continue;
            }
            let (first, nexts) = &mut merged[at];
            if first.target == raw.target {
                continue;
            }
            let counts = |target: &Target| target.set != 0 || target.inc != 0;
            if counts(&first.target) || counts(&raw.target) {
                return None;
            }
            if let Err(place) = nexts.binary_search(&raw.target.next) {
                nexts.insert(place, raw.target.next);
            }
        }
        Some(merged)
    }

    /// Whether two symbols are one for a stream: elements of one name are.
    fn are_one(&self, one: &Symbol, other: &Symbol) -> bool {
        match (one, other) {
            (Symbol::Element(one), Symbol::Element(other)) => {
                self.context.element_names[*one] == self.context.element_names[*other]
            }
            _ => one == other,
        }
    }

    fn key(&self, symbol: &Symbol) -> (u8, QRef, Option<String>) {
        match symbol {
            Symbol::Element(index) => (0, self.context.element_names[*index], None),
            Symbol::Uri(uri) => (1, QRef::default(), Some(uri.clone())),
            Symbol::Any => (2, QRef::default(), None),
        }
    }

    /// Lists what may come first in a continuation; true when it may be empty.
    fn first(&mut self, cont: u32, out: &mut Vec<Raw>) -> bool {
        match self.conts[cont as usize] {
            Cont::End => true,
            Cont::Copies { particle, count, next } => {
                let flat = &self.flat[particle];
                let enough = count >= flat.minimum;
                if flat.maximum.is_none_or(|maximum| count < maximum) {
                    if count == 0 && flat.counter.is_some() {
                        self.first_copy(particle, plain(next), out);
                    } else {
                        let target = plain(self.copies(particle, count + 1, next));
                        self.enter(particle, target, out);
                    }
                }
                enough && self.first(next, out)
            }
            Cont::Counted { particle, enough, next } => {
                let target = self.count_up(particle, enough, next, cont);
                self.enter(particle, target, out);
                enough && self.first(next, out)
            }
            Cont::Rest { particle, child, next } => {
                let count = self.child_count(particle);
                for at in child..count {
                    let target = plain(self.rest(particle, at + 1, next));
                    let child = self.child(particle, at);
                    self.first_copy(child, target, out);
                    if !self.flat[child].nullable {
                        return false;
                    }
                }
                self.first(next, out)
            }
            Cont::More { particle, next } => {
                self.enter(particle, plain(next), out);
                self.first(next, out)
            }
        }
    }

    /// The first copy of a particle, `target` being what follows all copies.
    fn first_copy(&mut self, particle: usize, target: Target, out: &mut Vec<Raw>) {
        let flat = &self.flat[particle];
        if flat.maximum == Some(0) {
            return;
        }
        let mut target = target;
        if let Some(counter) = flat.counter {
            target.set |= 1 << counter;
        }
        let target = self.map(target, |builder, next| builder.copies(particle, 1, next));
        self.enter(particle, target, out);
    }

    /// The start of one copy of a particle's term, `target` being what follows this copy.
    fn enter(&mut self, particle: usize, target: Target, out: &mut Vec<Raw>) {
        let count = self.child_count(particle);
        match &self.flat[particle].shape {
            Shape::Leaf { symbols, part, .. } => {
                for (at, symbol) in symbols.iter().enumerate() {
                    out.push(Raw { order: (*part, at), symbol: symbol.clone(), particle, target });
                }
            }
            Shape::Sequence(_) => {
                for at in 0..count {
                    let target = self.map(target, |builder, next| builder.rest(particle, at + 1, next));
                    let child = self.child(particle, at);
                    self.first_copy(child, target, out);
                    if !self.flat[child].nullable {
                        break;
                    }
                }
            }
            Shape::Choice(_) => {
                for at in 0..count {
                    self.first_copy(self.child(particle, at), target, out);
                }
            }
            Shape::All(_) => {
                let target = self.map(target, |builder, next| builder.cont(Cont::More { particle, next }));
                for at in 0..count {
                    self.first_copy(self.child(particle, at), target, out);
                }
            }
        }
    }

    fn map(&mut self, target: Target, mut to: impl FnMut(&mut Self, u32) -> u32) -> Target {
        let next = to(self, target.next);
        let alt = target.alt.map(|alt| to(self, alt));
        Target { next, alt, ..target }
    }

    fn count_up(&self, particle: usize, enough: bool, next: u32, same: u32) -> Target {
        let flat = &self.flat[particle];
        let inc = flat.counter.map_or(0, |counter| counter + 1);
        if !enough {
            let reached = match flat.maximum {
                Some(maximum) if maximum == flat.minimum => next,
                _ => self.cont_ids[&Cont::Counted { particle, enough: true, next }],
            };
            return Target { next: same, alt: Some(reached), set: 0, inc, bound: flat.minimum };
        }
        match flat.maximum {
            Some(maximum) => Target { next: same, alt: Some(next), set: 0, inc, bound: maximum },
            None => plain(same),
        }
    }

    /// What follows `count` copies of a particle.
    fn copies(&mut self, particle: usize, count: u32, next: u32) -> u32 {
        let flat = &self.flat[particle];
        let (minimum, maximum, counter) = (flat.minimum, flat.maximum, flat.counter);
        if maximum == Some(count) {
            return next;
        }
        if counter.is_some() && count > 0 {
            let enough = self.cont(Cont::Counted { particle, enough: true, next });
            return if count >= minimum {
                enough
            } else {
                self.cont(Cont::Counted { particle, enough: false, next })
            };
        }
        let count = if maximum.is_none() { count.min(minimum) } else { count };
        self.cont(Cont::Copies { particle, count, next })
    }

    fn rest(&mut self, particle: usize, child: usize, next: u32) -> u32 {
        if child == self.child_count(particle) {
            return next;
        }
        self.cont(Cont::Rest { particle, child, next })
    }

    fn cont(&mut self, cont: Cont) -> u32 {
        let conts = &mut self.conts;
        *self.cont_ids.entry(cont).or_insert_with(|| {
            conts.push(cont);
            conts.len() as u32 - 1
        })
    }

    fn child_count(&self, particle: usize) -> usize {
        match &self.flat[particle].shape {
            Shape::Leaf { .. } => 0,
            Shape::Sequence(children) | Shape::Choice(children) | Shape::All(children) => children.len(),
        }
    }

    fn child(&self, particle: usize, at: usize) -> usize {
        match &self.flat[particle].shape {
            Shape::Leaf { .. } => particle,
            Shape::Sequence(children) | Shape::Choice(children) | Shape::All(children) => children[at],
        }
    }
}

fn plain(next: u32) -> Target {
    Target { next, alt: None, set: 0, inc: 0, bound: 0 }
}

fn rank(symbol: &Symbol) -> u8 {
    match symbol {
        Symbol::Element(_) => 0,
        Symbol::Uri(_) => 1,
        Symbol::Any => 2,
    }
}
