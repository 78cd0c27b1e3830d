//! Type grammars (EXI 1.0 section 8.5.4.1.3) with what section 8.5.4.4 adds to them.

use super::codec::codec;
use super::content::{automaton, leaves, Context, Edge, Spot, Symbol};
use super::{lookup, production, Compiler};
use crate::error::Result;
use crate::names::QRef;
use crate::schema::{ComplexType, Content, Particle, Primitive, SimpleType, TypeRef, Wildcard};
use crate::tables::{Grammar, Kind, Production, State, NONE, NO_SLOT};

/// The content of a type, ready to be joined with attribute states.
enum Body {
    Value(u32),
    Model { spots: Vec<Spot>, mixed: bool },
}

/// A place for a grammar that is still to be made.
pub(super) const UNMADE: Grammar =
    Grammar { start: 0, empty: 0, type_ref: None, text_slot: NO_SLOT, codec: NONE };

/// States under construction: the index of `content`, then content2, then the rest.
struct Layout {
    base: u32,
    attributes: u32,
}

impl Layout {
    fn content(&self) -> u32 {
        self.base + self.attributes
    }

    fn content2(&self) -> u32 {
        self.content() + 1
    }

    /// The state of a spot of the content automaton.
    fn spot(&self, index: usize) -> u32 {
        if index == 0 {
            self.content()
        } else {
            self.content2() + index as u32
        }
    }
}

impl Compiler<'_> {
    /// Codecs and grammars of all simple types (8.5.4.1.3.1).
    pub(super) fn simple_types(&mut self) {
        let count = self.schema.simple_types.len() as u32;
        for (index, simple) in self.schema.simple_types.iter().enumerate() {
            self.tables.codecs.push(codec(simple, index as u32));
            self.tables.bases.push(simple.base.map_or(NONE, |base| base as u32));
        }
        self.tables.codecs.push(codec(&SimpleType::plain(Primitive::String), count));
        self.tables.untyped = count;
        self.tables.simple_count = count;
    }

    /// Grammars of all types: simple ones first, as [`Self::type_grammar`] has it.
    pub(super) fn complex_types(&mut self) -> Result<()> {
        let simple = (0..self.schema.simple_types.len()).map(TypeRef::Simple);
        let complex = (0..self.schema.complex_types.len()).map(TypeRef::Complex);
        let types: Vec<TypeRef> = simple.chain(complex).collect();
        // Every type has its place before any is compiled: copies for nillable elements come after.
        self.tables.grammars = vec![UNMADE; types.len()];
        for (index, type_ref) in types.into_iter().enumerate() {
            self.tables.grammars[index] = self.grammar(type_ref, None)?;
        }
        self.tables.parts = self.next_part;
        Ok(())
    }

    /// Strict grammars of elements, whose places were given out before.
    pub(super) fn element_types(&mut self) -> Result<()> {
        while let Some(((type_ref, nillable), place)) = self.unmade.pop() {
            let parts = self.next_part;
            if let TypeRef::Complex(index) = type_ref {
                self.next_part = self.schema.complex_types[..index].iter().map(parts_of).sum();
            }
            let grammar = self.grammar(type_ref, Some(nillable));
            self.next_part = parts;
            self.tables.grammars[place as usize] = grammar?;
        }
        Ok(())
    }

    /// `element`: whether the element is nillable; None for the grammar of the type itself.
    fn grammar(&mut self, type_ref: TypeRef, element: Option<bool>) -> Result<Grammar> {
        match type_ref {
            TypeRef::Simple(index) => {
                let start = self.states(type_ref, &[], None, Body::Value(index as u32), element)?;
                let empty = self.states(type_ref, &[], None, empty_body(), None)?;
                let codec = index as u32;
                Ok(Grammar { start, empty, type_ref: Some(type_ref), text_slot: NO_SLOT, codec })
            }
            TypeRef::Complex(index) => self.complex_grammar(index, element),
        }
    }

    fn complex_grammar(&mut self, index: usize, element: Option<bool>) -> Result<Grammar> {
        let complex = &self.schema.complex_types[index];
        let type_ref = TypeRef::Complex(index);
        let attributes = self.attribute_productions(complex)?;
        let (body, codec) = match &complex.content {
            Content::Empty => (empty_body(), NONE),
            Content::Simple(simple) => (Body::Value(*simple as u32), *simple as u32),
            Content::Elements(particle) => (self.model(particle, false)?, NONE),
            Content::Mixed(particle) => (self.model(particle, true)?, NONE),
        };
        let wildcard = complex.attribute_wildcard.as_ref();
        let start = self.states(type_ref, &attributes, wildcard, body, element)?;
        let empty = self.states(type_ref, &attributes, wildcard, empty_body(), None)?;
        let text_slot = complex.text_slot.unwrap_or(NO_SLOT);
        Ok(Grammar { start, empty, type_ref: Some(type_ref), text_slot, codec })
    }

    fn model(&mut self, particle: &Particle, mixed: bool) -> Result<Body> {
        let context = Context { element_names: &self.element_names, members: &self.members };
        let spots = automaton(&context, particle, &mut self.next_part)?;
        Ok(Body::Model { spots, mixed })
    }

    /// Attribute uses sorted by local name, then uri, each with whether it is required.
    fn attribute_productions(&mut self, complex: &ComplexType) -> Result<Vec<(Production, bool)>> {
        let mut uses = Vec::new();
        for (offset, attribute) in complex.attributes.iter().enumerate() {
            let name = lookup(&self.tables.names, &attribute.name)?;
            let part = self.next_part + offset as u32;
            let slot = attribute.slot.unwrap_or(NO_SLOT);
            let target = attribute.simple as u32;
            let production = Production { name, part, slot, target, ..production(Kind::At, NONE) };
            uses.push((&attribute.name, production, attribute.required));
        }
        self.next_part += complex.attributes.len() as u32;
        uses.sort_by_key(|(name, ..)| (&name.local, &name.uri));
        Ok(uses.into_iter().map(|(_, production, required)| (production, required)).collect())
    }

    /// Writes the states of one type grammar and returns its entry state.
    fn states(
        &mut self,
        type_ref: TypeRef,
        attributes: &[(Production, bool)],
        wildcard: Option<&Wildcard>,
        body: Body,
        element: Option<bool>,
    ) -> Result<u32> {
        let layout = Layout {
            base: self.tables.states.len() as u32,
            attributes: (attributes.len() + usize::from(wildcard.is_some())) as u32,
        };
        let spots = self.body_productions(&layout, body)?;
        let (content, ends) = spots.first().cloned().unwrap_or_default();
        for at in 0..layout.attributes as usize {
            let mut productions = self.attribute_state(&layout, attributes, wildcard, at);
            let open = attributes[at.min(attributes.len())..].iter().all(|(_, required)| !required);
            if open {
                productions.extend_from_slice(&content);
            }
            let state = self.entry_state(type_ref, element, &layout, at == 0, open && ends);
            self.push_state(&productions, state)?;
        }
        let state = self.entry_state(type_ref, element, &layout, layout.attributes == 0, ends);
        self.push_state(&content, state)?;
        self.inner_state(&content, ends)?;
        for (productions, ends) in spots.iter().skip(1) {
            self.inner_state(productions, *ends)?;
        }
        Ok(layout.base)
    }

    /// The attribute part of the state before attribute `at`.
    fn attribute_state(
        &self,
        layout: &Layout,
        attributes: &[(Production, bool)],
        wildcard: Option<&Wildcard>,
        at: usize,
    ) -> Vec<Production> {
        let state = layout.base + at as u32;
        let mut productions = Vec::new();
        for (offset, (production, required)) in attributes[at.min(attributes.len())..].iter().enumerate() {
            productions.push(Production { next: state + offset as u32 + 1, ..*production });
            if *required {
                break;
            }
        }
        match wildcard {
            Some(Wildcard::Any | Wildcard::Other) => productions.push(production(Kind::AtAny, state)),
            Some(Wildcard::Uris(uris)) => {
                let mut uris: Vec<&String> = uris.iter().collect();
                uris.sort();
                uris.dedup();
                let at_uri = |uri: &String| self.with_uri(Kind::AtUri, uri, state);
                productions.extend(uris.into_iter().map(at_uri));
            }
            None => {}
        }
        productions
    }

    fn with_uri(&self, kind: Kind, uri: &str, next: u32) -> Production {
        let uri = self.tables.names.find_uri(uri).unwrap_or(0);
        Production { name: QRef { uri, local: 0 }, ..production(kind, next) }
    }

    /// The productions of each spot, and whether the element may end there.
    fn body_productions(&mut self, layout: &Layout, body: Body) -> Result<Vec<(Vec<Production>, bool)>> {
        match body {
            Body::Value(codec) => {
                let value = Production { target: codec, ..production(Kind::Ch, layout.spot(1)) };
                Ok(vec![(vec![value], false), (vec![production(Kind::Ee, NONE)], true)])
            }
            Body::Model { spots, mixed } => {
                let mut states = Vec::with_capacity(spots.len());
                for (index, spot) in spots.iter().enumerate() {
                    let mut productions = Vec::with_capacity(spot.edges.len() + 2);
                    for edge in &spot.edges {
                        productions.push(self.edge_production(layout, edge)?);
                    }
                    if spot.accepting {
                        productions.push(production(Kind::Ee, NONE));
                    }
                    if mixed {
                        productions.push(production(Kind::ChUntyped, layout.spot(index)));
                    }
                    states.push((productions, spot.accepting));
                }
                Ok(states)
            }
        }
    }

    fn edge_production(&mut self, layout: &Layout, edge: &Edge) -> Result<Production> {
        let next = layout.spot(edge.next);
        let start = match &edge.symbol {
            Symbol::Element(index) => self.start_production(*index, next)?,
            Symbol::Uri(uri) => self.with_uri(Kind::SeUri, uri, next),
            Symbol::Any => production(Kind::SeAny, next),
        };
        Ok(Production {
            alt: edge.alt.map_or(NONE, |alt| layout.spot(alt)),
            set: edge.set,
            inc: edge.inc,
            bound: edge.bound,
            slot: edge.slot.unwrap_or(NO_SLOT),
            repeated: edge.repeated,
            part: edge.part,
            ..start
        })
    }

    /// A state up to and including `content` (8.5.4.4.1), or the strict one (8.5.4.4.2).
    fn entry_state(
        &self,
        type_ref: TypeRef,
        element: Option<bool>,
        layout: &Layout,
        first: bool,
        ends: bool,
    ) -> State {
        let loose = !self.options.strict;
        let cast = element.is_some() && self.has_subtypes(type_ref);
        State {
            late_end: loose && !ends,
            xsi_type: first && (loose || cast),
            xsi_nil: first && (loose || element == Some(true)),
            any_attribute: loose,
            any_content: loose,
            content2: layout.content2(),
            ..State::default()
        }
    }

    /// A state after `content`, content2 included.
    fn inner_state(&mut self, productions: &[Production], ends: bool) -> Result<u32> {
        let loose = !self.options.strict;
        let content2 = self.tables.states.len() as u32;
        let state = State { late_end: loose && !ends, any_content: loose, content2, ..State::default() };
        self.push_state(productions, state)
    }
}

fn empty_body() -> Body {
    Body::Model { spots: vec![Spot { edges: Vec::new(), accepting: true }], mixed: false }
}

/// Parts of a complex type: its attributes, then its leaf particles.
fn parts_of(complex: &ComplexType) -> u32 {
    let content = match &complex.content {
        Content::Elements(particle) | Content::Mixed(particle) => leaves(particle),
        _ => 0,
    };
    complex.attributes.len() as u32 + content
}
