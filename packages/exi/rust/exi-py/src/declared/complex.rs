//! Complex types: attributes, content and the field that text fills.

use exi_core::schema::{AttributeUse, ComplexType, Content, Particle, QName, Term};
use pyo3::prelude::*;

use super::content::slot_number;
use super::declaration::Known;
use super::place::{placed, refuse};
use super::Reader;
use crate::declare::Kind;
use crate::schema::Classes;

impl Reader<'_> {
    /// The complex type of a class; what it says of classes goes into `bound`.
    pub(super) fn complex_type(&mut self, at: usize, bound: &mut Classes) -> PyResult<ComplexType> {
        let model = self.model(at)?;
        let text = self.known[at].fields.iter().find(|field| field.spec().kind == Kind::Text).cloned();
        let text = text.map(|text| self.simple_type(at, text.owner, &text.name)).transpose()?;
        let attributes = self.attributes(at)?;
        let declaration = &self.known[at];
        let mut repeated = Vec::new();
        bound.wrappers.extend(attributes.iter().map(|_| None));
        let particle = model.map(|model| {
            if text.is_none() {
                let wrappers = model.leaves.wrappers.into_iter();
                bound.wrappers.extend(wrappers.map(|wrapper| wrapper.map(Bound::unbind)));
                repeated = model.leaves.repeated;
            }
            model.particle
        });
        let content = content(declaration, text, particle);
        let text_slot = text_slot(declaration, &content)?;
        if let Content::Mixed(_) = content {
            repeated.extend(text_slot);
        }
        bound.repeated.push(repeated);
        let fields = declaration.fields.iter().map(|field| field.name.clone().unbind()).collect();
        bound.classes.push(Some((declaration.class.clone().into_any().unbind(), fields)));
        let base = declaration.parent.map(|parent| self.known[parent].class.as_ptr() as usize);
        Ok(ComplexType {
            name: declaration.said().type_name.as_ref().map(|name| declaration.qname(name)),
            base: base.and_then(|class| self.complex_index.get(&class).copied()),
            is_abstract: declaration.said().is_abstract,
            attributes,
            attribute_wildcard: None,
            content,
            text_slot,
        })
    }

    fn attributes(&mut self, at: usize) -> PyResult<Vec<AttributeUse>> {
        let mut uses = Vec::new();
        for slot in 0..self.known[at].fields.len() {
            let field = self.known[at].fields[slot].clone();
            if field.spec().kind != Kind::Attribute {
                continue;
            }
            let found = self.annotation(field.owner, &field.name);
            let found = found.and_then(|found| Ok((self.simple_type_of(&found.item)?, !found.optional)));
            let declaration = &self.known[at];
            let (simple, required) = found.map_err(|error| placed(declaration, &field.name, error))?;
            let qualified = field.spec().qualified.unwrap_or(declaration.space.qualified_attributes);
            let local = field.spec().name.clone();
            let uri = if qualified { declaration.space.uri.clone() } else { String::new() };
            uses.push(AttributeUse {
                name: QName { uri, local },
                simple,
                required,
                slot: Some(slot_number(slot)),
            });
        }
        uses.sort_by(|one, other| {
            (&one.name.local, &one.name.uri).cmp(&(&other.name.local, &other.name.uri))
        });
        Ok(uses)
    }
}

fn content(declaration: &Known<'_>, text: Option<usize>, particle: Option<Particle>) -> Content {
    match (text, particle) {
        (Some(simple), _) => Content::Simple(simple),
        (None, particle) if declaration.said().mixed => {
            Content::Mixed(particle.unwrap_or_else(|| Particle::one(Term::Sequence(Vec::new()))))
        }
        (None, Some(particle)) => Content::Elements(particle),
        (None, None) => Content::Empty,
    }
}

fn text_slot(declaration: &Known<'_>, content: &Content) -> PyResult<Option<u16>> {
    let wanted = match content {
        Content::Simple(_) => Kind::Text,
        Content::Mixed(_) => Kind::Children,
        _ => return Ok(None),
    };
    let slot = declaration.fields.iter().position(|field| field.spec().kind == wanted);
    let missing =
        || refuse(format!("{}: mixed content needs a field made by children()", declaration.name()));
    Ok(Some(slot_number(slot.ok_or_else(missing)?)))
}
