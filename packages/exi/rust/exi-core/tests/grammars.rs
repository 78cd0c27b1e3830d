//! Particles, attributes, mixed content, wildcards, substitution and undeclared content.

mod common;

use common::{attribute, element, leaf, sequence, start, text, Builder};
use exi_core::schema::{Content, Particle, Primitive, Schema, SimpleType, Term, TypeRef, Wildcard};
use exi_core::{
    compile, decode_events, describe, encode_events, fingerprint, EncodeOptions, ErrorKind, Event, Limits,
    Options, Tables,
};

const NS: &str = "urn:test";

fn tables(schema: &Schema) -> Tables {
    compile(schema, Options::default()).unwrap()
}

fn round_trip(tables: &Tables, events: &[Event], options: EncodeOptions) -> Vec<u8> {
    let data = encode_events(tables, events, false, options).unwrap();
    assert_eq!(decode_events(tables, &data, false, Limits::default()).unwrap().0, events);
    data
}

/// A root whose content is `minimum` to `maximum` copies of a group (a, b?).
fn repeated(minimum: u32, maximum: Option<u32>, grouped: bool) -> Schema {
    let mut b = Builder::new(&[NS]);
    let simple = b.integer(Some(0), Some(7));
    let first = b.local("a", TypeRef::Simple(simple), 1, Some(1));
    let second = b.local("b", TypeRef::Simple(simple), 0, Some(1));
    let inner = if grouped { Term::Sequence(vec![first, second]) } else { first.term };
    let many = Particle { minimum, maximum, ..Particle::one(inner) };
    let last = b.local("z", TypeRef::Simple(simple), 0, Some(1));
    let root = b.complex(sequence(vec![many, last]));
    b.element(NS, "root", TypeRef::Complex(root), true);
    b.0
}

fn items(count: usize, grouped: bool) -> Vec<Event> {
    let mut parts = Vec::new();
    for index in 0..count {
        parts.push(leaf("a", "3"));
        if grouped && index % 3 == 0 {
            parts.push(leaf("b", "5"));
        }
    }
    parts.push(leaf("z", "1"));
    element(NS, "root", parts)
}

#[test]
fn copies_between_the_bounds_are_taken_and_others_refused() {
    for grouped in [false, true] {
        for (minimum, maximum) in
            [(0, Some(3)), (2, Some(2)), (2, Some(40)), (20, Some(30)), (12, Some(12)), (9, None)]
        {
            let tables = tables(&repeated(minimum, maximum, grouped));
            for count in 0..50 {
                let wanted = count >= minimum as usize && maximum.is_none_or(|max| count <= max as usize);
                let encoded = encode_events(&tables, &items(count, grouped), false, EncodeOptions::default());
                assert_eq!(encoded.is_ok(), wanted, "{count} of {minimum}..{maximum:?}");
                if wanted {
                    round_trip(&tables, &items(count, grouped), EncodeOptions::default());
                }
            }
        }
    }
}

#[test]
fn a_large_maximum_costs_no_states() {
    let few = tables(&repeated(1, Some(20), true)).states.len();
    assert_eq!(tables(&repeated(1, Some(100_000), true)).states.len(), few);
}

#[test]
fn counted_and_unrolled_copies_have_the_same_bits() {
    // Eight copies are states of their own, nine are counted: a ninth optional copy at the end
    // must cost one bit more, as in between.
    let counted = tables(&repeated(0, Some(9), false));
    let unrolled = tables(&repeated(0, Some(8), false));
    for count in 0..8 {
        let [one, other] =
            [&counted, &unrolled].map(|t| round_trip(t, &items(count, false), EncodeOptions::default()));
        assert_eq!(one, other);
    }
}

#[test]
fn an_all_group_takes_any_order() {
    let mut b = Builder::new(&[NS]);
    let simple = b.integer(Some(0), Some(7));
    let parts = ["a", "b", "c"].map(|name| b.local(name, TypeRef::Simple(simple), 1, Some(1))).to_vec();
    let root = b.complex(Content::Elements(Particle::one(Term::All(parts))));
    b.element(NS, "root", TypeRef::Complex(root), true);
    let tables = tables(&b.0);
    for order in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]] {
        let events = element(NS, "root", order.map(|name| leaf(name, "1")).to_vec());
        round_trip(&tables, &events, EncodeOptions::default());
    }
}

#[test]
fn members_of_a_substitution_group_stand_for_the_head() {
    let mut b = Builder::new(&[NS]);
    let simple = b.integer(Some(0), Some(7));
    let head = b.element(NS, "Head", TypeRef::Simple(simple), true);
    for name in ["Alpha", "Zeta"] {
        let member = b.element(NS, name, TypeRef::Simple(simple), true);
        b.0.elements[member].substitutes = Some(head);
    }
    let root = b.complex(sequence(vec![Particle::one(Term::Element(head))]));
    b.element(NS, "root", TypeRef::Complex(root), true);
    let tables = tables(&b.0);
    let line = |wanted: &str| describe(&tables).iter().any(|line| line.contains(wanted));
    assert!(line(".0 SE({urn:test}Alpha)") && line(".1 SE({urn:test}Head)") && line(".2 SE({urn:test}Zeta)"));
    for name in ["Alpha", "Head", "Zeta"] {
        let inner = element(NS, name, vec![vec![text("4")]]);
        round_trip(&tables, &element(NS, "root", vec![inner]), EncodeOptions::default());
    }
}

fn open_schema() -> Schema {
    let mut b = Builder::new(&[NS]);
    let string = b.plain(Primitive::String);
    let number = b.integer(Some(0), Some(1000));
    let known = b.local("known", TypeRef::Simple(number), 1, Some(1));
    let any = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Wildcard(Wildcard::Any)) };
    let choice = Particle { minimum: 0, maximum: None, ..Particle::one(Term::Choice(vec![known, any])) };
    let root = b.complex(Content::Mixed(choice));
    b.attribute(root, "b", string, false);
    b.attribute(root, "a", number, true);
    b.element(NS, "root", TypeRef::Complex(root), true);
    b.0
}

#[test]
fn mixed_content_with_wildcards_comes_back() {
    let tables = tables(&open_schema());
    let unknown = |name: &str| {
        let mut events =
            vec![start("urn:else", name), attribute("", "x", "1"), attribute("urn:else", "y", "é")];
        events.extend([text("in"), start("", "deep"), Event::End, text("out"), Event::End]);
        events
    };
    let mut events =
        vec![start(NS, "root"), attribute("", "a", "7"), attribute("", "b", "text"), text("one")];
    for name in ["p", "p", "q", "p"] {
        events.extend(unknown(name));
        events.push(text("between"));
        events.extend(leaf("known", "999"));
    }
    events.push(Event::End);
    round_trip(&tables, &events, EncodeOptions::default());
}

#[test]
fn what_the_schema_does_not_allow_is_written_only_on_request() {
    let tables = tables(&repeated(1, Some(1), false));
    let odd = vec![
        start(NS, "root"),
        attribute("urn:else", "extra", "1"),
        start("", "a"),
        text("not a number"),
        Event::End,
        start("urn:else", "more"),
        Event::End,
        text("stray"),
        Event::End,
    ];
    let strict = encode_events(&tables, &odd, false, EncodeOptions::default()).unwrap_err();
    assert_eq!(strict.kind(), ErrorKind::Content);
    round_trip(&tables, &odd, EncodeOptions { deviations: true, ..EncodeOptions::default() });
}

#[test]
fn strings_are_referred_back_to_when_the_partition_has_room() {
    let tables = tables(&open_schema());
    let mut parts = vec![vec![attribute("", "a", "7"), attribute("", "b", "same")]];
    for word in ["same", "other", "third", "same", "other", "ünïcödé", "ünïcödé", "third", "same"] {
        parts.push(element("urn:else", "w", vec![vec![text(word)]]));
    }
    let events = element(NS, "root", parts);
    let plain = round_trip(&tables, &events, EncodeOptions::default());
    for capacity in [None, Some(1), Some(2), Some(3)] {
        let options = EncodeOptions { value_capacity: capacity, ..EncodeOptions::default() };
        let data = encode_events(&tables, &events, false, options).unwrap();
        assert!(data.len() < plain.len());
        let limits = Limits { value_capacity: capacity, ..Limits::default() };
        assert_eq!(decode_events(&tables, &data, false, limits).unwrap().0, events, "{capacity:?}");
    }
}

#[test]
fn xsi_type_and_nil_are_understood() {
    let mut b = Builder::new(&[NS]);
    let number = b.integer(Some(0), Some(7));
    let base = b.complex(Content::Empty);
    let inner = b.local("n", TypeRef::Simple(number), 1, Some(1));
    let derived = b.complex(sequence(vec![inner]));
    for (index, name) in [(base, "Base"), (derived, "Derived")] {
        b.0.complex_types[index].name = Some(common::qname(NS, name));
    }
    b.0.complex_types[derived].base = Some(base);
    b.element(NS, "root", TypeRef::Complex(base), true);
    for options in [Options::default(), Options { strict: true }] {
        let tables = compile(&b.0, options).unwrap();
        let xsi = "http://www.w3.org/2001/XMLSchema-instance";
        let typed =
            element(NS, "root", vec![vec![attribute(xsi, "type", "{urn:test}Derived")], leaf("n", "3")]);
        round_trip(&tables, &typed, EncodeOptions::default());
        let nil = element(NS, "root", vec![vec![attribute(xsi, "nil", "true")]]);
        assert_eq!(encode_events(&tables, &nil, false, EncodeOptions::default()).is_ok(), !options.strict);
    }
}

#[test]
fn every_datatype_comes_back_in_its_lexical_form() {
    let long = "9".repeat(200);
    let cases: Vec<(Primitive, Vec<&str>)> = vec![
        (Primitive::String, vec!["", "plain", "ünïcödé 𝔘 \u{10ffff}"]),
        (Primitive::Boolean, vec!["true", "false"]),
        (Primitive::Decimal, vec!["0.0", "-12.05", "123456789012345678901234567890.01"]),
        (Primitive::Float, vec!["1E0", "-15E-1", "INF", "-INF", "NaN"]),
        (
            Primitive::Integer,
            vec!["0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551616", &long],
        ),
        (Primitive::HexBinary, vec!["00FF10"]),
        (Primitive::Base64Binary, vec!["AQ==", "AQI=", "AQID", "/+8="]),
        (Primitive::DateTime, vec!["2026-11-22T23:59:60.00125Z", "-0044-03-15T12:00:00-01:30"]),
        (Primitive::Time, vec!["12:30:00", "00:00:00.5+14:00"]),
        (Primitive::Date, vec!["1999-12-31", "2000-01-01Z"]),
        (Primitive::GYearMonth, vec!["2024-02"]),
        (Primitive::GYear, vec!["1984", "12024"]),
        (Primitive::GMonthDay, vec!["--02-29"]),
        (Primitive::GDay, vec!["---31"]),
        (Primitive::GMonth, vec!["--12Z"]),
    ];
    for strict in [false, true] {
        for (primitive, texts) in &cases {
            let mut b = Builder::new(&[NS]);
            let simple = b.plain(*primitive);
            b.element(NS, "v", TypeRef::Simple(simple), true);
            let tables = compile(&b.0, Options { strict }).unwrap();
            for value in texts {
                let content = if value.is_empty() { vec![] } else { vec![vec![text(value)]] };
                round_trip(&tables, &element(NS, "v", content), EncodeOptions::default());
            }
        }
    }
}

#[test]
fn lists_and_restricted_character_sets_come_back() {
    let mut b = Builder::new(&[NS]);
    let number = b.integer(Some(-5), Some(5));
    let list = b.simple(SimpleType {
        item: Some(number),
        max_length: Some(4),
        ..SimpleType::plain(Primitive::List)
    });
    let set = b.simple(SimpleType {
        charset: Some(('0'..='9').chain('a'..='f').collect()),
        has_pattern: true,
        ..SimpleType::plain(Primitive::String)
    });
    b.element(NS, "list", TypeRef::Simple(list), true);
    b.element(NS, "set", TypeRef::Simple(set), true);
    let tables = tables(&b.0);
    for (name, value) in [("list", "-5 0 5"), ("set", "0123cafe"), ("set", "beyond ü")] {
        round_trip(&tables, &element(NS, name, vec![vec![text(value)]]), EncodeOptions::default());
    }
    let long = element(NS, "list", vec![vec![text("1 1 1 1 1")]]);
    assert_eq!(
        encode_events(&tables, &long, false, EncodeOptions::default()).unwrap_err().kind(),
        ErrorKind::Facet
    );
}

#[test]
fn tables_do_not_depend_on_the_order_of_components() {
    let make = |swap: bool| {
        let mut b = Builder::new(&[NS]);
        let kinds = if swap {
            [Primitive::String, Primitive::Boolean]
        } else {
            [Primitive::Boolean, Primitive::String]
        };
        let indices = kinds.map(|kind| b.plain(kind));
        let (boolean, string) = if swap { (indices[1], indices[0]) } else { (indices[0], indices[1]) };
        let parts = vec![
            b.local("flag", TypeRef::Simple(boolean), 1, Some(1)),
            b.local("word", TypeRef::Simple(string), 0, None),
        ];
        let root = b.complex(sequence(parts));
        b.element(NS, "root", TypeRef::Complex(root), true);
        tables(&b.0)
    };
    assert_eq!(fingerprint(&make(false)), fingerprint(&make(true)));
    assert_ne!(fingerprint(&make(false)), fingerprint(&tables(&open_schema())));
}
