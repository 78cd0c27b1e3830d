//! Documents, schemas and settings for the tests of whole streams.
#![allow(dead_code)]

use std::convert::Infallible;

use exi_core::schema::{
    AttributeUse, ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term,
    TypeRef, Wildcard,
};
use exi_core::stream::{
    Alignment, Chars, Declared, Decoder, Encoder, Grammars, HeaderStyle, Item, Limits, Listener, Name,
    Preserve, Schemas, Settings,
};
use exi_core::{Error, Result};

pub const NS: &str = "urn:test";
pub const XSD: &str = "http://www.w3.org/2001/XMLSchema";

pub const ALIGNMENTS: [Alignment; 4] =
    [Alignment::BitPacked, Alignment::ByteAligned, Alignment::PreCompression, Alignment::Compression];

pub fn start(uri: &str, local: &str) -> Item {
    Item::StartElement { name: Name::new(uri, local), prefix: None }
}

pub fn prefixed(prefix: &str, uri: &str, local: &str) -> Item {
    Item::StartElement { name: Name::new(uri, local), prefix: Some(prefix.into()) }
}

pub fn attribute(uri: &str, local: &str, value: &str) -> Item {
    Item::Attribute { name: Name::new(uri, local), prefix: None, value: value.into() }
}

pub fn text(text: &str) -> Item {
    Item::Characters(text.into())
}

pub fn xsi_type(uri: &str, local: &str) -> Item {
    Item::Type { prefix: None, name: Name::new(uri, local), value_prefix: None, text: None }
}

pub fn nil(value: bool) -> Item {
    Item::Nil { prefix: None, value, text: None }
}

pub const END: Item = Item::EndElement;

/// A whole document around its content.
pub fn document(items: impl IntoIterator<Item = Item>) -> Vec<Item> {
    let mut all = vec![Item::StartDocument];
    all.extend(items);
    all.push(Item::EndDocument);
    all
}

pub fn leaf(uri: &str, local: &str, value: &str) -> Vec<Item> {
    vec![start(uri, local), text(value), END]
}

pub fn encode(
    grammars: &Grammars,
    items: &[Item],
    settings: &Settings,
    style: &HeaderStyle,
) -> Result<Vec<u8>> {
    let mut encoder = Encoder::new(grammars, settings, style)?;
    let mut out = Vec::new();
    for item in items {
        encoder.push(item.clone())?;
        out.extend(encoder.take_output());
    }
    out.extend(encoder.finish()?);
    Ok(out)
}

pub fn plain(grammars: &Grammars, items: &[Item], settings: &Settings) -> Result<Vec<u8>> {
    encode(grammars, items, settings, &HeaderStyle::default())
}

pub fn decode(schemas: &dyn Schemas, data: &[u8], settings: &Settings) -> Result<Vec<Item>> {
    decode_within(schemas, data, settings, Limits::default())
}

pub fn decode_within(
    schemas: &dyn Schemas,
    data: &[u8],
    settings: &Settings,
    limits: Limits,
) -> Result<Vec<Item>> {
    let mut decoder = Decoder::new(schemas, data, settings, limits)?;
    let mut items = Vec::new();
    while let Some(item) = decoder.next()? {
        items.push(item);
    }
    Ok(items)
}

/// Makes items of what it is told.
#[derive(Default)]
pub struct Told(pub Vec<Item>);

impl Listener for Told {
    type Error = Infallible;

    fn start(&mut self, name: Declared<'_>) -> std::result::Result<(), Infallible> {
        self.0.push(Item::StartElement { name: name.to_name(), prefix: None });
        Ok(())
    }

    fn end(&mut self) -> std::result::Result<(), Infallible> {
        self.0.push(END);
        Ok(())
    }

    fn characters(&mut self, chars: Chars<'_>) -> std::result::Result<(), Infallible> {
        let markup = |byte| !(b' '..0x80).contains(&byte) || matches!(byte, b'&' | b'<' | b'>');
        assert!(!chars.is_plain || !chars.text.bytes().any(markup), "{chars:?}");
        self.0.push(text(chars.text));
        Ok(())
    }

    fn leaf(&mut self, name: Declared<'_>, chars: Chars<'_>) -> std::result::Result<(), Infallible> {
        self.start(name)?;
        self.characters(chars)?;
        self.end()
    }
}

/// All items, a few events at a time told as far as they can be, and the fault that ended them.
pub fn told(mut decoder: Decoder<'_>, most: u32) -> (Vec<Item>, Option<Error>) {
    let mut told = Told::default();
    loop {
        let Ok(_) = decoder.tell(&mut told, most);
        match decoder.next() {
            Ok(Some(item)) => told.0.push(item),
            Ok(None) => return (told.0, None),
            Err(error) => return (told.0, Some(error)),
        }
    }
}

/// Encodes and decodes with an options document; the items must come back.
pub fn round_trip(grammars: &Grammars, items: &[Item], settings: &Settings) -> Vec<u8> {
    let style = HeaderStyle { options: true, cookie: true, ..HeaderStyle::default() };
    let data = encode(grammars, items, settings, &style).unwrap_or_else(|e| panic!("{e}: {settings:?}"));
    let back = decode(grammars, &data, &Settings::default()).unwrap_or_else(|e| panic!("{e}: {settings:?}"));
    assert_eq!(back, items, "{settings:?}");
    data
}

pub fn qname(uri: &str, local: &str) -> QName {
    QName { uri: uri.to_owned(), local: local.to_owned() }
}

/// A schema that grows by calls.
#[derive(Default)]
pub struct Builder(pub Schema);

impl Builder {
    pub fn new() -> Self {
        Self(Schema { namespaces: vec![NS.to_owned()], ..Schema::default() })
    }

    pub fn simple(&mut self, name: Option<(&str, &str)>, simple: SimpleType) -> usize {
        self.0.simple_types.push(SimpleType { name: name.map(|(uri, local)| qname(uri, local)), ..simple });
        self.0.simple_types.len() - 1
    }

    /// A type of XML Schema.
    pub fn built_in(&mut self, local: &str, primitive: Primitive) -> usize {
        self.simple(Some((XSD, local)), SimpleType::plain(primitive))
    }

    pub fn complex(&mut self, name: Option<&str>, content: Content) -> usize {
        self.0.complex_types.push(ComplexType {
            name: name.map(|name| qname(NS, name)),
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

    pub fn particle(
        &mut self,
        local: &str,
        type_ref: TypeRef,
        minimum: u32,
        maximum: Option<u32>,
    ) -> Particle {
        let element = self.element("", local, type_ref, false);
        Particle { minimum, maximum, ..Particle::one(Term::Element(element)) }
    }

    pub fn grammars(self) -> Grammars {
        Grammars::new(self.0)
    }
}

pub fn sequence(particles: Vec<Particle>) -> Content {
    Content::Elements(Particle::one(Term::Sequence(particles)))
}

/// A little order: attributes, a list of items, an optional note, anything else at the end.
pub fn order_schema() -> Grammars {
    order().grammars()
}

/// The namespace of what is in an item of [`qualified_order_schema`].
pub const PARTS: &str = "urn:parts";

/// The same with a namespace for each element.
pub fn qualified_order_schema() -> Grammars {
    let mut b = order();
    b.0.namespaces.push(PARTS.to_owned());
    for element in &mut b.0.elements {
        element.name.uri = namespace_of(&element.name.local).to_owned();
    }
    b.grammars()
}

fn namespace_of(local: &str) -> &'static str {
    if matches!(local, "count" | "price" | "name") {
        PARTS
    } else {
        NS
    }
}

/// A document of [`order_schema`] as one of [`qualified_order_schema`].
pub fn qualified(items: Vec<Item>) -> Vec<Item> {
    let qualified = |item| match item {
        Item::StartElement { name, prefix } if name.uri.is_empty() => {
            Item::StartElement { name: Name::new(namespace_of(&name.local), &name.local), prefix }
        }
        other => other,
    };
    items.into_iter().map(qualified).collect()
}

fn order() -> Builder {
    let mut b = Builder::new();
    let string = b.built_in("string", Primitive::String);
    let date = b.built_in("date", Primitive::Date);
    let float = b.built_in("float", Primitive::Float);
    let byte = SimpleType { minimum: Some(0), maximum: Some(255), ..SimpleType::plain(Primitive::Integer) };
    let byte = b.simple(None, byte);
    let colour = SimpleType {
        enumeration: ["red", "green", "blue"].map(str::to_owned).to_vec(),
        base: Some(string),
        ..SimpleType::plain(Primitive::String)
    };
    let colour = b.simple(Some((NS, "Colour")), colour);
    let parts = vec![
        b.particle("count", TypeRef::Simple(byte), 1, Some(1)),
        b.particle("price", TypeRef::Simple(float), 0, Some(1)),
        b.particle("name", TypeRef::Simple(string), 0, None),
    ];
    let item = b.complex(Some("Item"), sequence(parts));
    b.attribute(item, "colour", colour, true);
    b.attribute(item, "code", string, false);
    let more = vec![b.particle("extra", TypeRef::Simple(string), 1, Some(1))];
    let special = b.complex(Some("Special"), sequence(more));
    b.0.complex_types[special].base = Some(item);
    let any = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Wildcard(Wildcard::Any)) };
    let parts = vec![
        b.particle("item", TypeRef::Complex(item), 0, Some(300)),
        b.particle("note", TypeRef::Simple(string), 0, Some(1)),
        any,
    ];
    let order = b.complex(None, sequence(parts));
    b.attribute(order, "day", date, false);
    b.0.complex_types[order].attribute_wildcard = Some(Wildcard::Any);
    b.element(NS, "order", TypeRef::Complex(order), true);
    for element in &mut b.0.elements {
        element.nillable = element.name.local == "item";
    }
    b
}

/// A document that is valid against [`order_schema`].
pub fn valid_order(items: usize) -> Vec<Item> {
    let mut all = vec![start(NS, "order"), attribute("", "day", "2026-11-28"), attribute("urn:x", "y", "z")];
    for index in 0..items {
        let colour = ["red", "green", "blue"][index % 3];
        all.push(start("", "item"));
        if index % 7 == 0 {
            all.push(attribute("", "code", "shared"));
        }
        all.push(attribute("", "colour", colour));
        all.extend(leaf("", "count", &(index % 256).to_string()));
        if index % 2 == 0 {
            all.extend(leaf("", "price", "125E-1"));
        }
        all.extend(leaf("", "name", &format!("thing {}", index % 5)));
        all.push(END);
    }
    all.extend(leaf("", "note", "shared"));
    for word in ["a", "b", "a"] {
        all.extend([
            start("urn:other", "any"),
            attribute("", "w", word),
            text("in"),
            start("", "deep"),
            END,
            END,
        ]);
    }
    all.push(END);
    document(all)
}

/// The same names in another order, with all that the schema does not allow.
pub fn odd_order() -> Vec<Item> {
    document([
        start(NS, "order"),
        attribute("", "day", "no day"),
        attribute("urn:x", "more", "1"),
        start("", "item"),
        attribute("", "colour", "purple"),
        attribute("", "surprise", "!"),
        start("", "count"),
        text("many"),
        END,
        text("stray"),
        start("urn:other", "any"),
        END,
        END,
        start("", "note"),
        END,
        start("", "item"),
        END,
        END,
    ])
}

pub fn all_preserved() -> Preserve {
    Preserve { comments: true, pis: true, dtd: true, prefixes: true, lexical_values: false }
}
