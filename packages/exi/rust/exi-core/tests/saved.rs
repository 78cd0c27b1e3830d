//! A saved schema set comes back whole; damaged and foreign files give an error.

mod common;

use common::app_protocol;
use exi_core::schema::{
    AttributeUse, ComplexType, Content, Particle, QName, Schema, Term, TypeRef, Wildcard,
};
use exi_core::{compile, describe, saved, Options};

const CHECKSUM: usize = 8;

/// The handshake's schema with what it lacks: groups, wildcards, attributes, a nillable substitute.
fn rich() -> Schema {
    let mut schema = app_protocol();
    let any = |wildcard| Particle::one(Term::Wildcard(wildcard));
    let uris = Wildcard::Uris(vec!["urn:a".to_owned(), String::new()]);
    let all = Particle::one(Term::All(vec![Particle::one(Term::Element(0))]));
    let choice = Particle { maximum: None, ..Particle::one(Term::Choice(vec![any(uris), all])) };
    let name = QName { uri: "urn:a".to_owned(), local: "rich".to_owned() };
    schema.complex_types.push(ComplexType {
        name: Some(name.clone()),
        base: Some(0),
        is_abstract: false,
        attributes: vec![AttributeUse { name: name.clone(), simple: 0, required: true, slot: Some(3) }],
        attribute_wildcard: Some(Wildcard::Any),
        content: Content::Mixed(choice),
        text_slot: Some(7),
    });
    let mut element = schema.elements[0].clone();
    element.type_ref = TypeRef::Complex(schema.complex_types.len() - 1);
    element.nillable = true;
    element.substitutes = Some(0);
    element.name = name.clone();
    schema.elements.push(element);
    schema.simple_types[0].minimum = Some(i128::MIN);
    schema.simple_types[0].maximum = Some(-1);
    schema.simple_types[0].charset = Some(vec!['a', '\u{10ffff}']);
    schema.attributes.push((name, 0));
    schema
}

fn resealed(content: &[u8]) -> Vec<u8> {
    let hash = content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    [content, &hash.to_be_bytes()].concat()
}

#[test]
fn a_saved_schema_set_comes_back_whole() {
    for schema in [Schema::default(), app_protocol(), rich()] {
        let data = saved::write(&schema);
        let back = saved::read(&data).expect("what was written can be read");
        assert_eq!(format!("{back:?}"), format!("{schema:?}"));
    }
    let tables = |schema: &Schema| describe(&compile(schema, Options::default()).expect("it compiles"));
    let back = saved::read(&saved::write(&app_protocol())).expect("what was written can be read");
    assert_eq!(tables(&back), tables(&app_protocol()));
}

#[test]
fn a_damaged_or_foreign_file_is_refused_by_name() {
    let data = saved::write(&rich());
    let reason =
        |data: &[u8]| saved::read(data).err().map(|error| error.reason().to_owned()).unwrap_or_default();
    assert!(reason(b"").contains("no saved grammar"));
    assert!(reason(b"\x7fELF and more").contains("no saved grammar"));
    assert!(reason(b"EXIG").contains("cut short"));
    assert!(reason(b"EXIG\x7f").contains("version 127"));
    assert!(reason(&data[..data.len() - 1]).contains("damaged"));
    for at in 5..data.len() {
        let mut other = data.clone();
        other[at] ^= 1;
        assert!(reason(&other).contains("damaged"), "byte {at}");
    }
}

#[test]
fn a_forged_file_gives_an_error_or_a_schema_that_compiles_or_is_refused() {
    let data = saved::write(&rich());
    let content = &data[..data.len() - CHECKSUM];
    for at in 5..content.len() {
        for value in [0, 1, 2, 5, 128, 255, content[at].wrapping_add(1)] {
            let mut other = content.to_vec();
            other[at] = value;
            if let Ok(schema) = saved::read(&resealed(&other)) {
                let _ = compile(&schema, Options::default());
            }
        }
        assert!(saved::read(&resealed(&content[..at])).is_err(), "cut at {at}");
    }
}

#[test]
fn texts_cannot_be_repeated_into_more_memory_than_a_file_may_ask_for() {
    let long = "x".repeat(1 << 16);
    let schema = Schema { namespaces: vec![long; 4000], ..Schema::default() };
    let error = saved::read(&saved::write(&schema)).expect_err("64 KiB, 4000 times");
    assert!(error.reason().contains("too often"));
}
