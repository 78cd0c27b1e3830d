//! Values: their representations, their lexical forms, and what is not representable.

mod streams;

use exi_core::schema::{Primitive, Schema, SimpleType, TypeRef, WhiteSpace};
use exi_core::stream::{Canonical, Grammars, HeaderStyle, Item, Preserve, Settings};
use streams::*;

/// The grammars of a global element `v` of a type.
fn element_of(simple: SimpleType) -> Grammars {
    let mut b = Builder::new();
    let simple = b.simple(None, simple);
    b.element("", "v", TypeRef::Simple(simple), true);
    b.grammars()
}

fn plain_type(primitive: Primitive) -> Grammars {
    element_of(SimpleType::plain(primitive))
}

fn integers(minimum: Option<i128>, maximum: Option<i128>) -> Grammars {
    element_of(SimpleType { minimum, maximum, ..SimpleType::plain(Primitive::Integer) })
}

/// The bits after the header and after the event codes before the value, strict.
fn bits(grammars: &Grammars, value: &str) -> String {
    let settings = Settings { strict: true, ..Settings::default() };
    let data = plain(grammars, &document(leaf("", "v", value)), &settings).unwrap();
    // SE(v) or SE(*): one bit.
    data[1..].iter().map(|byte| format!("{byte:08b}")).collect::<String>()[1..].to_owned()
}

fn text_of(items: &[Item]) -> String {
    items
        .iter()
        .find_map(|item| match item {
            Item::Characters(text) => Some(text.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The text after a round trip in all alignments, strict: it must be the same in all.
fn back(grammars: &Grammars, value: &str) -> String {
    let texts = ALIGNMENTS.map(|alignment| {
        let settings = Settings { alignment, strict: true, ..Settings::default() };
        let data = plain(grammars, &document(leaf("", "v", value)), &settings).unwrap();
        text_of(&decode(grammars, &data, &settings).unwrap())
    });
    assert!(texts.iter().all(|text| *text == texts[0]));
    texts[0].clone()
}

/// Whether a strict stream can hold the value.
fn takes(grammars: &Grammars, value: &str) -> bool {
    let settings = Settings { strict: true, ..Settings::default() };
    plain(grammars, &document(leaf("", "v", value)), &settings).is_ok()
}

#[test]
fn representations_have_the_bits_of_section_7_1() {
    assert!(bits(&plain_type(Primitive::Boolean), "true").starts_with('1'));
    assert!(bits(&plain_type(Primitive::Boolean), "0").starts_with('0'));
    assert!(bits(&integers(Some(-3), Some(3)), "3").starts_with("110"));
    assert!(bits(&integers(Some(0), Some(4095)), "4095").starts_with("111111111111"));
    // One value more, and it is an unsigned integer: 127 + 32 * 128.
    assert!(bits(&integers(Some(0), Some(4096)), "4096").starts_with("1000000000100000"));
    assert!(bits(&integers(None, None), "-1").starts_with("100000000"));
    assert!(bits(&plain_type(Primitive::Decimal), "-1.05").starts_with("10000000100110010"));
    assert!(
        bits(&plain_type(Primitive::Float), "12.5").starts_with(concat!("0", "01111101", "1", "00000000"))
    );
    assert!(bits(&plain_type(Primitive::HexBinary), "ff").starts_with("0000000111111111"));
    assert!(bits(&plain_type(Primitive::GYear), "1999").starts_with("1000000000"));
    assert!(bits(&plain_type(Primitive::Date), "2000-03-05").starts_with("0000000000011001010"));
    assert!(bits(&plain_type(Primitive::Time), "24:00:00").starts_with("1100000000000000000"));
    assert!(bits(&plain_type(Primitive::String), "a").starts_with("0000001101100001"));
}

#[test]
fn lexical_forms_come_back_as_one_form_for_each_value() {
    use Primitive as P;
    let cases: [(P, &[(&str, &str)]); 13] = [
        (P::Boolean, &[("1", "true"), (" false ", "false")]),
        (P::Decimal, &[("-0", "0.0"), ("+1.50", "1.5"), (".5", "0.5"), ("5.", "5.0"), ("-00.010", "-0.01")]),
        (
            P::Float,
            &[
                ("100", "1E2"),
                ("-0", "0E0"),
                ("1.50e3", "15E2"),
                ("INF", "INF"),
                ("-INF", "-INF"),
                ("NaN", "NaN"),
            ],
        ),
        (P::Integer, &[("+7", "7"), ("-0", "0"), ("007", "7")]),
        (P::HexBinary, &[("0aFf", "0AFF"), ("", "")]),
        (P::Base64Binary, &[("AQ ID", "AQID"), ("AQ==", "AQ==")]),
        (
            P::DateTime,
            &[
                ("2026-11-28T12:00:00.000", "2026-11-28T12:00:00"),
                ("2026-11-28T24:00:00+00:00", "2026-11-28T24:00:00Z"),
            ],
        ),
        (P::DateTime, &[("-0044-03-15T12:00:00.0250-01:30", "-0044-03-15T12:00:00.025-01:30")]),
        (P::Time, &[("23:59:60Z", "23:59:60Z"), ("00:00:00.5+14:00", "00:00:00.5+14:00")]),
        (P::Date, &[("1999-12-31", "1999-12-31")]),
        (P::GYearMonth, &[("12024-02", "12024-02")]),
        (P::GMonthDay, &[("--02-29", "--02-29")]),
        (P::GMonth, &[("--12-14:00", "--12-14:00")]),
    ];
    for (primitive, forms) in cases {
        for (from, to) in forms {
            assert_eq!(back(&plain_type(primitive), from), *to, "{primitive:?}");
        }
    }
    assert_eq!(back(&plain_type(P::GYear), "0001"), "0001");
    assert_eq!(back(&plain_type(P::GDay), "---31"), "---31");
}

#[test]
fn integers_of_any_size_come_back() {
    let nines = "9".repeat(300);
    for value in ["18446744073709551616", "-18446744073709551616", "-9223372036854775808", &nines] {
        assert_eq!(back(&integers(None, None), value), value);
    }
    assert_eq!(back(&integers(Some(0), None), &nines), nines);
    let far = 100_000_000_000_000_000_000;
    assert_eq!(back(&integers(Some(far), Some(far + 9)), "100000000000000000009"), "100000000000000000009");
    assert!(bits(&integers(Some(far), Some(far + 9)), "100000000000000000009").starts_with("1001"));
    assert!(!takes(&integers(Some(far), Some(far + 9)), "100000000000000000010"));
}

#[test]
fn a_value_is_typed_when_its_representation_has_it_whatever_the_facets_say() {
    let short = SimpleType { max_length: Some(2), ..SimpleType::plain(Primitive::String) };
    assert_eq!(back(&element_of(short), "longer"), "longer");
    assert_eq!(back(&integers(Some(5), Some(50_000)), "70000"), "70000");
    assert!(!takes(&integers(Some(0), None), "-1"));
    assert!(!takes(&integers(Some(0), Some(10)), "11"));
    for (primitive, wrong) in [
        (Primitive::Boolean, "yes"),
        (Primitive::Integer, "1.0"),
        (Primitive::Decimal, "1e5"),
        (Primitive::Float, "one"),
        (Primitive::Float, "99999999999999999999"),
        (Primitive::HexBinary, "abc"),
        (Primitive::Base64Binary, "A"),
        (Primitive::DateTime, "2026-11-28"),
        (Primitive::Date, "2026-13-01"),
        (Primitive::Time, "25:00:00"),
    ] {
        assert!(!takes(&plain_type(primitive), wrong), "{primitive:?} {wrong}");
        let settings = Settings::default();
        let items = document(leaf("", "v", wrong));
        let data = plain(&plain_type(primitive), &items, &settings).unwrap();
        assert_eq!(decode(&plain_type(primitive), &data, &settings).unwrap(), items);
    }
}

#[test]
fn booleans_with_a_pattern_keep_their_form() {
    let grammars = element_of(SimpleType { has_pattern: true, ..SimpleType::plain(Primitive::Boolean) });
    for (index, form) in ["false", "0", "true", "1"].into_iter().enumerate() {
        assert_eq!(back(&grammars, form), form);
        assert!(bits(&grammars, form).starts_with(&format!("{index:02b}")));
    }
}

fn enumeration(primitive: Primitive, values: &[&str]) -> Grammars {
    let enumeration = values.iter().map(|value| (*value).to_owned()).collect();
    element_of(SimpleType { enumeration, ..SimpleType::plain(primitive) })
}

#[test]
fn enumerated_values_are_found_by_value() {
    let decimal = enumeration(Primitive::Decimal, &["3", "1.0", "2"]);
    for form in ["1", "1.00", "+1.0"] {
        assert!(bits(&decimal, form).starts_with("01"));
    }
    assert!(bits(&enumeration(Primitive::Float, &["2", "1E1"]), "10").starts_with('1'));
    assert!(bits(&enumeration(Primitive::HexBinary, &["00", "FF"]), "ff").starts_with('1'));
    assert!(bits(&enumeration(Primitive::String, &["a", "b"]), " b ").starts_with('1'));
    assert!(!takes(&enumeration(Primitive::String, &["a", "b"]), "c"));
    assert!(!takes(&decimal, "4"));
}

#[test]
fn lists_hold_items_of_their_type() {
    let mut b = Builder::new();
    let item = b.simple(
        None,
        SimpleType { minimum: Some(-5), maximum: Some(5), ..SimpleType::plain(Primitive::Integer) },
    );
    let list = b.simple(None, SimpleType { item: Some(item), ..SimpleType::plain(Primitive::List) });
    b.element("", "v", TypeRef::Simple(list), true);
    let grammars = b.grammars();
    assert_eq!(back(&grammars, "\t-5  0\n5 "), "-5 0 5");
    assert_eq!(back(&grammars, ""), "");
    assert!(!takes(&grammars, "1 6"));
}

#[test]
fn characters_outside_a_restricted_set_come_back_too() {
    let charset = Some(('0'..='9').chain('a'..='f').collect());
    let grammars = element_of(SimpleType { charset, ..SimpleType::plain(Primitive::String) });
    for value in ["cafe", "beyond ü 𝔘", "09"] {
        assert_eq!(back(&grammars, value), value);
    }
    // 4 characters of 5 bits.
    assert!(bits(&grammars, "0a9f").starts_with("0000011000000010100100101111"));
}

#[test]
fn lexical_values_are_strings_of_the_characters_of_table_7_2() {
    let settings = Settings {
        preserve: Preserve { lexical_values: true, ..Preserve::default() },
        strict: true,
        ..Settings::default()
    };
    for (primitive, form, set) in [
        (Primitive::Boolean, "1", 14),
        (Primitive::Decimal, "+1.500", 17),
        (Primitive::Float, "1.50E+1", 23),
        (Primitive::Integer, "007", 16),
        (Primitive::HexBinary, "aF", 26),
        (Primitive::Base64Binary, "AQ ==", 69),
        (Primitive::DateTime, "2026-11-28T24:00:00.000Z", 20),
    ] {
        let grammars = plain_type(primitive);
        let items = document(leaf("", "v", form));
        let data = plain(&grammars, &items, &settings).unwrap();
        assert_eq!(decode(&grammars, &data, &settings).unwrap(), items);
        let width = (f64::from(set) + 1.0).log2().ceil() as usize;
        assert_eq!(data.len(), (8 + 1 + 8 + form.len() * width).div_ceil(8), "{primitive:?}");
    }
}

#[test]
fn white_space_follows_the_type() {
    let of = |white_space| {
        let simple = SimpleType { white_space, ..SimpleType::plain(Primitive::String) };
        back(&element_of(simple), " a\t b ")
    };
    assert_eq!(of(WhiteSpace::Preserve), " a\t b ");
    assert_eq!(of(WhiteSpace::Replace), " a  b ");
    assert_eq!(of(WhiteSpace::Collapse), "a b");
}

#[test]
fn white_space_between_tags_is_left_out_unless_something_asks_for_it() {
    let grammars = order_schema();
    let blank = |space: Option<&str>| {
        let mut items = vec![start(NS, "order")];
        items.extend(space.map(|value| attribute("http://www.w3.org/XML/1998/namespace", "space", value)));
        items.extend([text("\n  "), start("", "note"), text(" x "), END, text("\n"), END]);
        document(items)
    };
    for grammars in [&grammars, &Grammars::schema_less()] {
        let count = |settings: &Settings, items: Vec<Item>| {
            let data = plain(grammars, &items, settings).unwrap();
            let back = decode(grammars, &data, settings).unwrap();
            back.iter().filter(|item| matches!(item, Item::Characters(_))).count()
        };
        assert_eq!(count(&Settings::default(), blank(None)), 1);
        assert_eq!(count(&Settings::default(), blank(Some("preserve"))), 3);
        let preserve = Preserve { lexical_values: true, ..Preserve::default() };
        assert_eq!(count(&Settings { preserve, ..Settings::default() }, blank(None)), 3);
    }
}

fn mapped(from: (&str, &str), to: &str, primitive: Primitive, name: &str) -> (Grammars, Settings) {
    let mut b = Builder::new();
    let any = b.built_in("anySimpleType", Primitive::String);
    let decimal = b.built_in("decimal", Primitive::Decimal);
    b.0.simple_types[decimal].base = Some(any);
    let integer = b.built_in("integer", Primitive::Integer);
    b.0.simple_types[integer].base = Some(decimal);
    let base = match primitive {
        Primitive::Decimal => decimal,
        Primitive::Integer => integer,
        _ => any,
    };
    let own = SimpleType { base: Some(base), ..SimpleType::plain(primitive) };
    let own = b.simple(Some((NS, name)), own);
    b.element("", "v", TypeRef::Simple(own), true);
    let to = match to.split_once(':') {
        Some((uri, local)) => qname(uri, local),
        None => qname("http://www.w3.org/2009/exi", to),
    };
    let settings = Settings { datatype_map: vec![(qname(from.0, from.1), to)], ..Settings::default() };
    (b.grammars(), settings)
}

fn mapped_text((grammars, settings): (Grammars, Settings), value: &str) -> exi_core::Result<String> {
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    let data = encode(&grammars, &document(leaf("", "v", value)), &settings, &style)?;
    Ok(text_of(&decode(&grammars, &data, &Settings::default())?))
}

#[test]
fn the_datatype_representation_map_changes_a_type_and_those_derived_from_it() {
    // As a string the form stays as it was.
    let decimal = mapped((XSD, "decimal"), "string", Primitive::Decimal, "Price");
    assert_eq!(mapped_text(decimal, "1.500").unwrap(), "1.500");
    // xsd:integer has a representation of its own, which is closer (7.4).
    let integer = mapped((XSD, "decimal"), "string", Primitive::Integer, "Count");
    assert_eq!(mapped_text(integer, "007").unwrap(), "7");
    let own = mapped((NS, "Count"), "string", Primitive::Integer, "Count");
    assert_eq!(mapped_text(own, "007").unwrap(), "007");
    let float = mapped((NS, "Price"), "double", Primitive::Decimal, "Price");
    assert_eq!(mapped_text(float, "1500").unwrap(), "15E2");
}

#[test]
fn an_unknown_representation_is_an_error_only_where_it_is_used() {
    let unknown = mapped((NS, "Count"), "urn-mine:codec", Primitive::Integer, "Count");
    let error = mapped_text(unknown, "7").unwrap_err();
    assert_eq!(error.kind(), exi_core::ErrorKind::Unsupported);
    assert!(error.to_string().contains("{urn-mine}codec"));
    let unused = mapped((NS, "Other"), "urn-mine:codec", Primitive::Integer, "Count");
    assert_eq!(mapped_text(unused, "7").unwrap(), "7");
    let wrong = mapped((NS, "Count"), "nonsense", Primitive::Integer, "Count");
    assert_eq!(mapped_text(wrong, "7").unwrap_err().kind(), exi_core::ErrorKind::Options);
}

#[test]
fn the_canonical_form_has_one_representation_for_each_value() {
    let form = |primitive, value: &str, utc_time| {
        let style = HeaderStyle {
            canonical: Some(Canonical { utc_time, omit_options: true }),
            ..HeaderStyle::default()
        };
        let grammars = plain_type(primitive);
        let data = encode(&grammars, &document(leaf("", "v", value)), &Settings::default(), &style).unwrap();
        text_of(&decode(&grammars, &data, &Settings::default()).unwrap())
    };
    assert_eq!(form(Primitive::DateTime, "2026-12-31T24:00:00", false), "2027-01-01T00:00:00");
    assert_eq!(form(Primitive::DateTime, "2024-02-28T23:30:00-01:00", true), "2024-02-29T00:30:00Z");
    assert_eq!(form(Primitive::DateTime, "2026-01-01T00:30:00.50+01:00", true), "2025-12-31T23:30:00.5Z");
    assert_eq!(form(Primitive::DateTime, "2026-01-01T00:30:00+01:00", false), "2026-01-01T00:30:00+01:00");
    assert_eq!(form(Primitive::Time, "00:30:00+01:00", true), "23:30:00Z");
    assert_eq!(form(Primitive::Decimal, "-0.0", false), "0.0");
    assert_eq!(form(Primitive::Float, "1200", false), "12E2");
}

#[test]
fn types_of_xml_schema_can_be_named_without_any_schema() {
    for grammars in [Grammars::built_in_types(), Grammars::new(Schema::default())] {
        let mut items = vec![start("", "list")];
        for (name, value) in [("int", "-5"), ("date", "2026-11-28"), ("NMTOKENS", "a b"), ("anyURI", "urn:x")]
        {
            items.extend([start("", "v"), xsi_type(XSD, name), text(value), END]);
        }
        items.push(END);
        for alignment in ALIGNMENTS {
            round_trip(&grammars, &document(items.clone()), &Settings { alignment, ..Settings::default() });
        }
    }
}

#[test]
fn a_type_of_xml_schema_itself_can_be_mapped() {
    let mut b = Builder::new();
    let decimal = b.built_in("decimal", Primitive::Decimal);
    b.element("", "v", TypeRef::Simple(decimal), true);
    let map = vec![(qname(XSD, "decimal"), qname("http://www.w3.org/2009/exi", "double"))];
    let settings = Settings { datatype_map: map, ..Settings::default() };
    assert_eq!(mapped_text((b.grammars(), settings), "1.50").unwrap(), "15E-1");
}
