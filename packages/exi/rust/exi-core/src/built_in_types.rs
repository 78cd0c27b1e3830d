//! The types that XML Schema itself defines: every schema has them (section 8.5.4).

use std::collections::HashMap;

use crate::schema::{
    ComplexType, Content, Particle, Primitive, QName, Schema, SimpleType, Term, WhiteSpace, Wildcard,
};

/// The namespace of XML Schema.
pub const XSD: &str = "http://www.w3.org/2001/XMLSchema";

type Bounds = (Option<i128>, Option<i128>);

const FREE: Bounds = (None, None);

/// Name, base, representation, item type, bounds.
type Row = (&'static str, &'static str, Primitive, &'static str, Bounds);

#[rustfmt::skip]
const TYPES: [Row; 45] = [
    ("anySimpleType", "", Primitive::String, "", FREE),
    ("string", "anySimpleType", Primitive::String, "", FREE),
    ("normalizedString", "string", Primitive::String, "", FREE),
    ("token", "normalizedString", Primitive::String, "", FREE),
    ("language", "token", Primitive::String, "", FREE),
    ("NMTOKEN", "token", Primitive::String, "", FREE),
    ("NMTOKENS", "anySimpleType", Primitive::List, "NMTOKEN", FREE),
    ("Name", "token", Primitive::String, "", FREE),
    ("NCName", "Name", Primitive::String, "", FREE),
    ("ID", "NCName", Primitive::String, "", FREE),
    ("IDREF", "NCName", Primitive::String, "", FREE),
    ("IDREFS", "anySimpleType", Primitive::List, "IDREF", FREE),
    ("ENTITY", "NCName", Primitive::String, "", FREE),
    ("ENTITIES", "anySimpleType", Primitive::List, "ENTITY", FREE),
    ("anyURI", "anySimpleType", Primitive::String, "", FREE),
    ("QName", "anySimpleType", Primitive::QName, "", FREE),
    ("NOTATION", "anySimpleType", Primitive::QName, "", FREE),
    ("duration", "anySimpleType", Primitive::String, "", FREE),
    ("boolean", "anySimpleType", Primitive::Boolean, "", FREE),
    ("base64Binary", "anySimpleType", Primitive::Base64Binary, "", FREE),
    ("hexBinary", "anySimpleType", Primitive::HexBinary, "", FREE),
    ("float", "anySimpleType", Primitive::Float, "", FREE),
    ("double", "anySimpleType", Primitive::Float, "", FREE),
    ("dateTime", "anySimpleType", Primitive::DateTime, "", FREE),
    ("time", "anySimpleType", Primitive::Time, "", FREE),
    ("date", "anySimpleType", Primitive::Date, "", FREE),
    ("gYearMonth", "anySimpleType", Primitive::GYearMonth, "", FREE),
    ("gYear", "anySimpleType", Primitive::GYear, "", FREE),
    ("gMonthDay", "anySimpleType", Primitive::GMonthDay, "", FREE),
    ("gDay", "anySimpleType", Primitive::GDay, "", FREE),
    ("gMonth", "anySimpleType", Primitive::GMonth, "", FREE),
    ("decimal", "anySimpleType", Primitive::Decimal, "", FREE),
    ("integer", "decimal", Primitive::Integer, "", FREE),
    ("nonPositiveInteger", "integer", Primitive::Integer, "", (None, Some(0))),
    ("negativeInteger", "nonPositiveInteger", Primitive::Integer, "", (None, Some(-1))),
    ("long", "integer", Primitive::Integer, "", (Some(i64::MIN as i128), Some(i64::MAX as i128))),
    ("int", "long", Primitive::Integer, "", (Some(i32::MIN as i128), Some(i32::MAX as i128))),
    ("short", "int", Primitive::Integer, "", (Some(i16::MIN as i128), Some(i16::MAX as i128))),
    ("byte", "short", Primitive::Integer, "", (Some(i8::MIN as i128), Some(i8::MAX as i128))),
    ("nonNegativeInteger", "integer", Primitive::Integer, "", (Some(0), None)),
    ("unsignedLong", "nonNegativeInteger", Primitive::Integer, "", (Some(0), Some(u64::MAX as i128))),
    ("unsignedInt", "unsignedLong", Primitive::Integer, "", (Some(0), Some(u32::MAX as i128))),
    ("unsignedShort", "unsignedInt", Primitive::Integer, "", (Some(0), Some(u16::MAX as i128))),
    ("unsignedByte", "unsignedShort", Primitive::Integer, "", (Some(0), Some(u8::MAX as i128))),
    ("positiveInteger", "nonNegativeInteger", Primitive::Integer, "", (Some(1), None)),
];

/// The same schema with those types of XML Schema that it does not have yet.
pub(crate) fn completed(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let mut found: HashMap<String, usize> = HashMap::new();
    for (index, simple) in schema.simple_types.iter().enumerate() {
        if let Some(name) = simple.name.as_ref().filter(|name| name.uri == XSD) {
            found.entry(name.local.clone()).or_insert(index);
        }
    }
    for simple in simple_types() {
        let Some(name) = simple.name.as_ref().map(|name| name.local.clone()) else { continue };
        if found.contains_key(&name) {
            continue;
        }
        // What it refers to stands elsewhere in this schema.
        let named = |index: Option<usize>| index.and_then(|index| found.get(TYPES[index].0).copied());
        let simple = SimpleType { base: named(simple.base), item: named(simple.item), ..simple };
        found.insert(name, schema.simple_types.len());
        schema.simple_types.push(simple);
    }
    let any_type = any_type();
    if !schema.complex_types.iter().any(|complex| complex.name == any_type.name) {
        schema.complex_types.push(any_type);
    }
    schema
}

/// The simple types, a base or an item before what refers to it.
pub fn simple_types() -> Vec<SimpleType> {
    let simple = |(name, base, primitive, item, (minimum, maximum)): &Row| SimpleType {
        name: Some(qname(name)),
        base: index_of(base),
        item: index_of(item),
        minimum: *minimum,
        maximum: *maximum,
        min_length: u64::from(*primitive == Primitive::List),
        white_space: white_space(name),
        ..SimpleType::plain(*primitive)
    };
    TYPES.iter().map(simple).collect()
}

/// The index of one of [`simple_types`] by its local name.
pub fn index_of(name: &str) -> Option<usize> {
    TYPES.iter().position(|(known, ..)| *known == name)
}

fn white_space(name: &str) -> WhiteSpace {
    match name {
        "string" | "anySimpleType" => WhiteSpace::Preserve,
        "normalizedString" => WhiteSpace::Replace,
        _ => WhiteSpace::Collapse,
    }
}

/// The complex type of what has no type.
pub fn any_type() -> ComplexType {
    let any = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Wildcard(Wildcard::Any)) };
    ComplexType {
        name: Some(qname("anyType")),
        base: None,
        is_abstract: false,
        attributes: Vec::new(),
        attribute_wildcard: Some(Wildcard::Any),
        content: Content::Mixed(Particle::one(Term::Sequence(vec![any]))),
        text_slot: None,
    }
}

fn qname(local: &str) -> QName {
    QName { uri: XSD.to_owned(), local: local.to_owned() }
}

/// Types that table 7-1 gives a representation of their own.
pub(crate) fn has_representation(name: &QName) -> bool {
    let found = TYPES.iter().find(|(local, ..)| name.uri == XSD && *local == name.local);
    match found {
        Some((local, base, primitive, ..)) => match *primitive {
            Primitive::String => matches!(*local, "string" | "anySimpleType"),
            Primitive::Integer => *local == "integer",
            Primitive::QName => false,
            _ => *base == "anySimpleType",
        },
        None => false,
    }
}
