//! Hand-made schemas for the tests.
#![allow(dead_code)]

use exi_core::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term,
    TypeRef,
};
use exi_core::Event;

pub const APP: &str = "urn:iso:15118:2:2010:AppProtocol";

pub fn qname(uri: &str, local: &str) -> QName {
    QName { uri: uri.to_owned(), local: local.to_owned() }
}

/// A schema that grows by calls.
#[derive(Default)]
pub struct Builder(pub Schema);

impl Builder {
    pub fn new(namespaces: &[&str]) -> Self {
        let namespaces = namespaces.iter().map(|uri| (*uri).to_owned()).collect();
        Self(Schema { namespaces, ..Schema::default() })
    }

    pub fn simple(&mut self, simple: SimpleType) -> usize {
        self.0.simple_types.push(simple);
        self.0.simple_types.len() - 1
    }

    pub fn plain(&mut self, primitive: Primitive) -> usize {
        self.simple(SimpleType::plain(primitive))
    }

    pub fn integer(&mut self, minimum: Option<i128>, maximum: Option<i128>) -> usize {
        self.simple(SimpleType { minimum, maximum, ..SimpleType::plain(Primitive::Integer) })
    }

    pub fn complex(&mut self, content: Content) -> usize {
        self.0.complex_types.push(ComplexType {
            name: None,
            base: None,
            is_abstract: false,
            attributes: Vec::new(),
            attribute_wildcard: None,
            content,
            text_slot: None,
        });
        self.0.complex_types.len() - 1
    }

    pub fn attribute(&mut self, complex: usize, local: &str, simple: usize, required: bool) {
        let attribute = AttributeUse { name: qname("", local), simple, required, slot: None };
        self.0.complex_types[complex].attributes.push(attribute);
    }

    pub fn element(&mut self, uri: &str, local: &str, type_ref: TypeRef, is_global: bool) -> usize {
        self.0.elements.push(Element {
            name: qname(uri, local),
            type_ref,
            is_global,
            nillable: false,
            is_abstract: false,
            substitutes: None,
        });
        self.0.elements.len() - 1
    }

    /// A particle of a new local element.
    pub fn local(&mut self, local: &str, type_ref: TypeRef, minimum: u32, maximum: Option<u32>) -> Particle {
        let element = self.element("", local, type_ref, false);
        Particle { minimum, maximum, ..Particle::one(Term::Element(element)) }
    }
}

pub fn sequence(particles: Vec<Particle>) -> Content {
    Content::Elements(Particle::one(Term::Sequence(particles)))
}

/// The handshake of ISO 15118: V2G_CI_AppProtocol.
pub fn app_protocol() -> Schema {
    let mut b = Builder::new(&[APP]);
    let namespace = b.simple(SimpleType { max_length: Some(100), ..SimpleType::plain(Primitive::String) });
    let unsigned_int = b.integer(Some(0), Some(u32::MAX.into()));
    let id = b.integer(Some(0), Some(255));
    let priority = b.integer(Some(1), Some(20));
    let code = b.simple(SimpleType {
        enumeration: [
            "OK_SuccessfulNegotiation",
            "OK_SuccessfulNegotiationWithMinorDeviation",
            "Failed_NoNegotiation",
        ]
        .map(str::to_owned)
        .to_vec(),
        ..SimpleType::plain(Primitive::String)
    });
    let one = |b: &mut Builder, local: &str, simple| b.local(local, TypeRef::Simple(simple), 1, Some(1));
    let parts = vec![
        one(&mut b, "ProtocolNamespace", namespace),
        one(&mut b, "VersionNumberMajor", unsigned_int),
        one(&mut b, "VersionNumberMinor", unsigned_int),
        one(&mut b, "SchemaID", id),
        one(&mut b, "Priority", priority),
    ];
    let protocol = b.complex(sequence(parts));
    let many = b.local("AppProtocol", TypeRef::Complex(protocol), 1, Some(20));
    let request = b.complex(sequence(vec![many]));
    b.element(APP, "supportedAppProtocolReq", TypeRef::Complex(request), true);
    let response_code = one(&mut b, "ResponseCode", code);
    let schema_id = b.local("SchemaID", TypeRef::Simple(id), 0, Some(1));
    let response = b.complex(sequence(vec![response_code, schema_id]));
    b.element(APP, "supportedAppProtocolRes", TypeRef::Complex(response), true);
    b.0
}

pub fn start(uri: &str, local: &str) -> Event {
    Event::Start { uri: uri.to_owned(), local: local.to_owned() }
}

pub fn attribute(uri: &str, local: &str, text: &str) -> Event {
    Event::Attribute { uri: uri.to_owned(), local: local.to_owned(), text: text.to_owned() }
}

pub fn text(text: &str) -> Event {
    Event::Characters(text.to_owned())
}

/// An element with text only.
pub fn leaf(local: &str, value: &str) -> Vec<Event> {
    vec![start("", local), text(value), Event::End]
}

/// An element around others.
pub fn element(uri: &str, local: &str, content: Vec<Vec<Event>>) -> Vec<Event> {
    let mut events = vec![start(uri, local)];
    events.extend(content.into_iter().flatten());
    events.push(Event::End);
    events
}

pub fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
