//! Particles to a flat list: what is nullable, what counts, which symbols a leaf stands for.

use super::{Builder, Flat, Shape, Symbol, MAX_NESTING};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{Particle, Term, Wildcard};
use crate::tables::COUNTERS;

impl Builder<'_> {
    pub(super) fn flatten(
        &mut self,
        particle: &Particle,
        part: &mut u32,
        counters: u8,
        depth: usize,
    ) -> Result<usize> {
        if depth > MAX_NESTING {
            return Err(Error::new(ErrorKind::Schema, "groups nested too deeply"));
        }
        let many = particle.minimum.max(particle.maximum.unwrap_or(0)) > self.unrolled;
        let counter = (many && usize::from(counters) < COUNTERS).then_some(counters);
        let inside = counters + u8::from(counter.is_some());
        let shape = match &particle.term {
            Term::Element(_) | Term::Wildcard(_) => self.leaf(particle, part)?,
            Term::Sequence(children) => Shape::Sequence(self.children(children, part, inside, depth)?),
            Term::Choice(children) => Shape::Choice(self.children(children, part, inside, depth)?),
            Term::All(children) => Shape::All(self.children(children, part, inside, depth)?),
        };
        let term_nullable = match &shape {
            Shape::Leaf { symbols, .. } => symbols.is_empty(),
            Shape::Sequence(children) => children.iter().all(|child| self.flat[*child].nullable),
            Shape::Choice(children) => {
                children.is_empty() || children.iter().any(|child| self.flat[*child].nullable)
            }
            Shape::All(_) => true,
        };
        let minimum = if term_nullable { 0 } else { particle.minimum };
        let maximum = particle.maximum.filter(|maximum| *maximum < self.endless);
        self.flat.push(Flat { minimum, maximum, shape, nullable: minimum == 0, counter });
        Ok(self.flat.len() - 1)
    }

    fn children(
        &mut self,
        children: &[Particle],
        part: &mut u32,
        counters: u8,
        depth: usize,
    ) -> Result<Vec<usize>> {
        children.iter().map(|child| self.flatten(child, part, counters, depth + 1)).collect()
    }

    fn leaf(&self, particle: &Particle, part: &mut u32) -> Result<Shape> {
        let symbols = match &particle.term {
            Term::Element(index) if *index >= self.context.element_names.len() => {
                return Err(Error::new(ErrorKind::Schema, format!("no element {index}")));
            }
            Term::Element(index) => match self.context.members.get(index) {
                Some(members) => members.iter().copied().map(Symbol::Element).collect(),
                None => vec![Symbol::Element(*index)],
            },
            Term::Wildcard(Wildcard::Uris(uris)) => uris.iter().cloned().map(Symbol::Uri).collect(),
            _ => vec![Symbol::Any],
        };
        *part += 1;
        Ok(Shape::Leaf { symbols, slot: particle.slot, repeated: particle.repeated, part: *part - 1 })
    }
}
