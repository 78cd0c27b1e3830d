//! Whatever the bytes are, decoding ends with a result or an error, soon and without much memory.

mod common;
mod random;

use common::{app_protocol, element, sequence, Builder};
use exi_core::schema::{Content, Particle, Primitive, Schema, Term, TypeRef, Wildcard};
use exi_core::{
    compile, decode, decode_events, encode_events, EncodeOptions, ErrorKind, Limits, Options, Skip,
};
use random::Random;

const NS: &str = "urn:test";

fn one_value(primitive: Primitive) -> Schema {
    let mut b = Builder::new(&[NS]);
    let simple = b.plain(primitive);
    b.element(NS, "v", TypeRef::Simple(simple), true);
    b.0
}

fn recursive() -> Schema {
    let mut b = Builder::new(&[NS]);
    let any = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Wildcard(Wildcard::Any)) };
    let inner = b.complex(Content::Mixed(any));
    let mut recursive = b.local("inner", TypeRef::Complex(inner), 0, None);
    recursive.maximum = Some(1);
    let root = b.complex(sequence(vec![recursive.clone()]));
    b.0.complex_types[root].content = sequence(vec![recursive]);
    b.element(NS, "root", TypeRef::Complex(root), true);
    b.0
}

#[test]
fn random_bytes_give_a_result_or_an_error() {
    let schemas = [app_protocol(), recursive(), one_value(Primitive::Union), one_value(Primitive::DateTime)];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for schema in &schemas {
        for strict in [false, true] {
            let tables = compile(schema, Options { strict }).unwrap();
            for round in 0..3000 {
                let len = (random.next() % 60) as usize;
                let mut data: Vec<u8> = (0..len).map(|_| random.next() as u8).collect();
                data.insert(0, 0x80);
                let fragment = round % 2 == 0;
                let skipped = decode(&tables, &data, fragment, Limits::default(), &mut Skip, &mut ());
                let listed = decode_events(&tables, &data, fragment, Limits::default());
                assert_eq!(skipped.as_ref().ok(), listed.as_ref().ok().map(|(_, bits)| bits));
                if let Ok((events, _)) = listed {
                    // What was read can be written, unless it says something twice.
                    let options = EncodeOptions { deviations: true, ..EncodeOptions::default() };
                    let _ = encode_events(&tables, &events, fragment, options);
                }
            }
        }
    }
}

#[test]
fn a_length_bomb_is_refused_before_it_allocates() {
    for primitive in [Primitive::String, Primitive::HexBinary, Primitive::List, Primitive::Base64Binary] {
        let mut schema = one_value(primitive);
        if primitive == Primitive::List {
            schema.simple_types.push(exi_core::schema::SimpleType::plain(Primitive::Boolean));
            schema.simple_types[0].item = Some(1);
        }
        let tables = compile(&schema, Options::default()).unwrap();
        // SE(v), CH, then a length of about 2^62.
        let data = [0x80, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0xff];
        let error = decode_events(&tables, &data, false, Limits::default()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::EndOfStream | ErrorKind::Limit), "{error}");
    }
}

#[test]
fn an_endless_integer_is_refused() {
    let tables = compile(&one_value(Primitive::Integer), Options::default()).unwrap();
    let mut data = vec![0x80, 0x1f];
    data.extend([0xff; 4000]);
    let error = decode_events(&tables, &data, false, Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn a_depth_bomb_is_refused() {
    let tables = compile(&recursive(), Options::default()).unwrap();
    let deep = |depth: usize| {
        (0..depth).fold(Vec::new(), |inner, _| {
            element("urn:else", "e", if inner.is_empty() { vec![] } else { vec![inner] })
        })
    };
    let nested = |depth: usize| element(NS, "root", vec![element("", "inner", vec![deep(depth)])]);
    let options = EncodeOptions { depth: 10_000, ..EncodeOptions::default() };
    let data = encode_events(&tables, &nested(100), false, options).unwrap();
    assert_eq!(decode_events(&tables, &data, false, Limits::default()).unwrap().0, nested(100));
    let data = encode_events(&tables, &nested(300), false, options).unwrap();
    assert_eq!(decode_events(&tables, &data, false, Limits::default()).unwrap_err().kind(), ErrorKind::Limit);
    let error = encode_events(&tables, &nested(300), false, EncodeOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn the_number_of_items_is_limited() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    let limits = Limits { items: 2, ..Limits::default() };
    let error = decode_events(&tables, &[0x80, 0x40, 0x00, 0x40], false, limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn a_schema_with_wrong_indices_is_refused() {
    let mut schema = app_protocol();
    schema.elements[0].type_ref = TypeRef::Simple(999);
    assert_eq!(compile(&schema, Options::default()).unwrap_err().kind(), ErrorKind::Schema);
}
