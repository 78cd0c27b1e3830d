//! Document and fragment grammars (EXI 1.0 sections 8.5.1 to 8.5.3).

use std::collections::BTreeMap;

use super::{lookup, production, Compiler};
use crate::error::Result;
use crate::schema::{QName, TypeRef};
use crate::tables::{Grammar, Kind, Production, State, COMPLEX, NONE, NO_SLOT};

type ByName<'s, T> = BTreeMap<(&'s str, &'s str), T>;

impl Compiler<'_> {
    /// DocContent: all global elements by local name, then uri, then SE(*).
    pub(super) fn document(&mut self) -> Result<()> {
        let end = self.push_state(&[production(Kind::Ed, NONE)], State::default())?;
        let mut globals: ByName<'_, usize> = BTreeMap::new();
        for (index, element) in self.schema.elements.iter().enumerate() {
            if element.is_global {
                globals.insert(sort_key(&element.name), index);
            }
        }
        let mut productions = Vec::with_capacity(globals.len() + 1);
        for index in globals.into_values() {
            productions.push(self.start_production(index, end)?);
        }
        productions.push(production(Kind::SeAny, end));
        self.tables.document = self.push_state(&productions, State::default())?;
        Ok(())
    }

    /// FragmentContent: all element names, local ones included, then SE(*), then ED.
    pub(super) fn fragment(&mut self) -> Result<()> {
        let mut declared: ByName<'_, Vec<usize>> = BTreeMap::new();
        for (index, element) in self.schema.elements.iter().enumerate() {
            declared.entry(sort_key(&element.name)).or_default().push(index);
        }
        let ambiguous = declared.values().any(|indices| !self.same_type(indices));
        let mut elements = Vec::with_capacity(declared.len());
        for indices in declared.into_values() {
            let mut start = self.start_production(indices[0], NONE)?;
            if !self.same_type(&indices) {
                start = Production { kind: Kind::Se, target: NONE, speed: COMPLEX, ..start };
            }
            elements.push(start);
        }
        // The relaxed grammar refers to these names, itself included: its index comes first.
        let relaxed = self.tables.grammars.len() as u32;
        for start in elements.iter_mut().filter(|start| start.target == NONE) {
            start.target = relaxed;
        }
        if ambiguous {
            self.relaxed_grammar(&elements)?;
        }
        let state = self.tables.states.len() as u32;
        let mut productions: Vec<_> =
            elements.iter().map(|start| Production { next: state, ..*start }).collect();
        productions.push(production(Kind::SeAny, state));
        productions.push(production(Kind::Ed, NONE));
        self.tables.fragment = self.push_state(&productions, State::default())?;
        Ok(())
    }

    fn same_type(&self, indices: &[usize]) -> bool {
        let first = &self.schema.elements[indices[0]];
        indices.iter().map(|index| &self.schema.elements[*index]).all(|element| {
            element.nillable == first.nillable && self.same_type_name(element.type_ref, first.type_ref)
        })
    }

    fn same_type_name(&self, one: TypeRef, other: TypeRef) -> bool {
        one == other || self.type_name(one).is_some_and(|name| Some(name) == self.type_name(other))
    }

    fn type_name(&self, type_ref: TypeRef) -> Option<&QName> {
        match type_ref {
            TypeRef::Simple(index) => self.schema.simple_types[index].name.as_ref(),
            TypeRef::Complex(index) => self.schema.complex_types[index].name.as_ref(),
        }
    }

    /// The relaxed element fragment grammar (8.5.3), for names that have several types.
    fn relaxed_grammar(&mut self, elements: &[Production]) -> Result<()> {
        let attributes = self.all_attributes()?;
        let base = self.tables.states.len() as u32;
        let to = |next: u32, list: &[Production]| -> Vec<Production> {
            list.iter().map(|production| Production { next, ..*production }).collect()
        };
        let content = |next: u32| {
            let mut productions = to(next, elements);
            productions.push(production(Kind::SeAny, next));
            productions.push(production(Kind::Ee, NONE));
            productions.push(production(Kind::ChUntyped, next));
            productions
        };
        let mut first = to(base, &attributes);
        first.push(production(Kind::AtAny, base));
        first.extend(content(base + 3));
        // ElementFragment 0 and 1, content2, ElementFragment 2.
        let content_state = content(base + 3);
        self.push_state(&first, self.relaxed_state(base + 2, true, true))?;
        self.push_state(&content_state, self.relaxed_state(base + 2, false, true))?;
        self.push_state(&content_state, self.relaxed_state(base + 2, false, false))?;
        self.push_state(&content_state, self.relaxed_state(base + 3, false, false))?;
        let empty = base + 4;
        let mut first = to(empty, &attributes);
        first.push(production(Kind::AtAny, empty));
        first.push(production(Kind::Ee, NONE));
        // Of strict grammars only those of elements have xsi:type and xsi:nil, not what nil leads to.
        self.push_state(&first, self.relaxed_state(empty + 2, !self.options.strict, true))?;
        self.push_state(&[production(Kind::Ee, NONE)], self.relaxed_state(empty + 2, false, true))?;
        self.push_state(&[production(Kind::Ee, NONE)], self.relaxed_state(empty + 2, false, false))?;
        self.push_grammar(Grammar { start: base, empty, type_ref: None, text_slot: NO_SLOT, codec: NONE });
        Ok(())
    }

    fn relaxed_state(&self, content2: u32, first: bool, entry: bool) -> State {
        let loose = !self.options.strict;
        State {
            xsi_type: first,
            xsi_nil: first,
            any_attribute: loose && entry,
            any_content: loose,
            content2,
            ..State::default()
        }
    }

    /// Every declared attribute name; a name with several types is a string.
    fn all_attributes(&self) -> Result<Vec<Production>> {
        let mut declared: ByName<'_, (&QName, Option<usize>)> = BTreeMap::new();
        let uses = self.schema.complex_types.iter().flat_map(|complex| &complex.attributes);
        let uses = uses.map(|attribute| (&attribute.name, attribute.simple));
        for (name, simple) in self.schema.attributes.iter().map(|(name, simple)| (name, *simple)).chain(uses)
        {
            let entry = declared.entry(sort_key(name)).or_insert((name, Some(simple)));
            let same = |have| self.same_type_name(TypeRef::Simple(have), TypeRef::Simple(simple));
            entry.1 = entry.1.filter(|have| same(*have));
        }
        let production = |(name, simple): (&QName, Option<usize>)| {
            let target = simple.map_or(self.tables.untyped, |simple| simple as u32);
            Ok(Production { name: lookup(&self.tables.names, name)?, target, ..production(Kind::At, NONE) })
        };
        declared.into_values().map(production).collect()
    }
}

fn sort_key(name: &QName) -> (&str, &str) {
    (&name.local, &name.uri)
}
