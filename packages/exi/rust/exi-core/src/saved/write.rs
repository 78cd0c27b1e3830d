//! Components to bytes.

use std::collections::HashMap;

use super::{checksum, MAGIC, VERSION};
use crate::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, QName, Schema, SimpleType, Term, TypeRef, Wildcard,
};

/// The bytes of a schema set; they are the same whenever the components are.
pub fn write(schema: &Schema) -> Vec<u8> {
    let mut body = Writer::default();
    body.schema(schema);
    let mut out = MAGIC.to_vec();
    out.push(VERSION);
    let mut texts = Writer::default();
    texts.number(body.texts.len() as u128);
    for text in &body.texts {
        texts.number(text.len() as u128);
        texts.out.extend_from_slice(text.as_bytes());
    }
    out.extend_from_slice(&texts.out);
    out.extend_from_slice(&body.out);
    let sum = checksum(&out);
    out.extend_from_slice(&sum);
    out
}

#[derive(Default)]
struct Writer<'s> {
    out: Vec<u8>,
    texts: Vec<&'s str>,
    numbers: HashMap<&'s str, usize>,
}

impl<'s> Writer<'s> {
    fn schema(&mut self, schema: &'s Schema) {
        self.list(&schema.namespaces, |out, uri| out.text(uri));
        self.list(&schema.simple_types, Self::simple);
        self.list(&schema.complex_types, Self::complex);
        self.list(&schema.elements, Self::element);
        self.list(&schema.attributes, |out, (name, simple)| {
            out.name(name);
            out.index(*simple);
        });
    }

    fn simple(&mut self, simple: &'s SimpleType) {
        self.optional(simple.name.as_ref(), Self::name);
        self.out.push(simple.primitive as u8);
        self.optional(simple.base, Self::index);
        self.optional(simple.item, Self::index);
        self.list(&simple.enumeration, |out, text| out.text(text));
        self.optional(simple.minimum, Self::signed);
        self.optional(simple.maximum, Self::signed);
        self.number(u128::from(simple.min_length));
        self.optional(simple.max_length, |out, length| out.number(u128::from(length)));
        self.optional(simple.charset.as_ref(), |out, chars| {
            out.list(chars, |out, char| out.number(u128::from(u32::from(*char))));
        });
        self.flag(simple.has_pattern);
        self.out.push(simple.white_space as u8);
    }

    fn complex(&mut self, complex: &'s ComplexType) {
        self.optional(complex.name.as_ref(), Self::name);
        self.optional(complex.base, Self::index);
        self.list(&complex.attributes, Self::attribute);
        self.optional(complex.attribute_wildcard.as_ref(), Self::wildcard);
        match &complex.content {
            Content::Empty => self.out.push(0),
            Content::Simple(simple) => {
                self.out.push(1);
                self.index(*simple);
            }
            Content::Elements(particle) => {
                self.out.push(2);
                self.particle(particle);
            }
            Content::Mixed(particle) => {
                self.out.push(3);
                self.particle(particle);
            }
        }
        self.slot(complex.text_slot);
    }

    fn attribute(&mut self, attribute: &'s AttributeUse) {
        self.name(&attribute.name);
        self.index(attribute.simple);
        self.flag(attribute.required);
        self.slot(attribute.slot);
    }

    fn wildcard(&mut self, wildcard: &'s Wildcard) {
        match wildcard {
            Wildcard::Any | Wildcard::Other => self.out.push(0),
            Wildcard::Uris(uris) => {
                self.out.push(1);
                self.list(uris, |out, uri| out.text(uri));
            }
        }
    }

    fn particle(&mut self, particle: &'s Particle) {
        self.number(u128::from(particle.minimum));
        self.optional(particle.maximum, |out, count| out.number(u128::from(count)));
        self.slot(particle.slot);
        self.flag(particle.repeated);
        match &particle.term {
            Term::Element(element) => {
                self.out.push(0);
                self.index(*element);
            }
            Term::Wildcard(wildcard) => {
                self.out.push(1);
                self.wildcard(wildcard);
            }
            Term::Sequence(children) => self.group(2, children),
            Term::Choice(children) => self.group(3, children),
            Term::All(children) => self.group(4, children),
        }
    }

    fn group(&mut self, kind: u8, children: &'s [Particle]) {
        self.out.push(kind);
        self.list(children, Self::particle);
    }

    fn element(&mut self, element: &'s Element) {
        self.name(&element.name);
        match element.type_ref {
            TypeRef::Simple(index) => {
                self.out.push(0);
                self.index(index);
            }
            TypeRef::Complex(index) => {
                self.out.push(1);
                self.index(index);
            }
        }
        self.flag(element.is_global);
        self.flag(element.nillable);
        self.optional(element.substitutes, Self::index);
    }

    fn name(&mut self, name: &'s QName) {
        self.text(&name.uri);
        self.text(&name.local);
    }

    fn text(&mut self, text: &'s str) {
        let next = self.texts.len();
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        self.index(number);
    }

    fn list<T>(&mut self, items: &'s [T], mut each: impl FnMut(&mut Self, &'s T)) {
        self.index(items.len());
        for item in items {
            each(self, item);
        }
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn slot(&mut self, slot: Option<u16>) {
        self.optional(slot, |out, slot| out.number(u128::from(slot)));
    }

    fn index(&mut self, index: usize) {
        self.number(index as u128);
    }

    fn flag(&mut self, flag: bool) {
        self.out.push(u8::from(flag));
    }

    /// Sign, then the value or, below zero, its complement.
    fn signed(&mut self, value: i128) {
        self.flag(value < 0);
        self.number(if value < 0 { !value as u128 } else { value as u128 });
    }

    fn number(&mut self, mut value: u128) {
        while value > 127 {
            self.out.push(value as u8 | 128);
            value >>= 7;
        }
        self.out.push(value as u8);
    }
}
