//! Canonical EXI: one stream for all that means the same.

mod streams;

use exi_core::stream::{
    Alignment, Canonical, Decoder, Grammars, HeaderStyle, Item, Limits, Preserve, SchemaId, Settings,
};
use streams::*;

fn style(omit_options: bool) -> HeaderStyle {
    let canonical = Some(Canonical { utc_time: false, omit_options });
    HeaderStyle { cookie: true, options: omit_options, canonical }
}

fn canonical(grammars: &Grammars, items: &[Item], settings: &Settings) -> Vec<u8> {
    encode(grammars, items, settings, &style(false)).unwrap()
}

#[test]
fn the_header_has_no_cookie_and_the_options_unless_left_out() {
    let items = document([start("", "a"), END]);
    assert_eq!(canonical(&Grammars::schema_less(), &items, &Settings::default())[0], 0xa0);
    let bare = encode(&Grammars::schema_less(), &items, &Settings::default(), &style(true)).unwrap();
    assert_eq!(bare[0], 0x80);
}

#[test]
fn the_options_have_one_form() {
    let exi = "http://www.w3.org/2009/exi";
    let settings = Settings {
        alignment: Alignment::Compression,
        datatype_map: vec![
            (qname("urn:b", "t"), qname(exi, "string")),
            (qname(XSD, "decimal"), qname(exi, "decimal")),
            (qname("urn:a", "t"), qname(exi, "string")),
            (qname("urn:z", "s"), qname(exi, "string")),
        ],
        user_defined: vec![qname("urn:mine", "meta")],
        ..Settings::default()
    };
    let items = document([start("", "a"), END]);
    let data = canonical(&Grammars::built_in_types(), &items, &settings);
    let decoder =
        Decoder::new(&Grammars::built_in_types(), &data, &Settings::default(), Limits::default()).unwrap();
    let found = decoder.settings();
    assert_eq!(found.alignment, Alignment::PreCompression);
    assert_eq!(found.schema_id, SchemaId::Absent, "what the caller did not name is not named");
    let names: Vec<String> =
        found.datatype_map.iter().map(|(from, _)| format!("{}{}", from.uri, from.local)).collect();
    assert_eq!(names, ["urn:zs", "urn:at", "urn:bt"]);
    assert!(found.user_defined.is_empty());
    let lexical = Preserve { lexical_values: true, ..Preserve::default() };
    let data = canonical(&Grammars::built_in_types(), &items, &Settings { preserve: lexical, ..settings });
    let decoder =
        Decoder::new(&Grammars::built_in_types(), &data, &Settings::default(), Limits::default()).unwrap();
    assert!(decoder.settings().datatype_map.is_empty());
}

#[test]
fn the_order_of_attributes_and_declarations_is_one() {
    let ns = |prefix: &str, uri: &str| Item::Namespace {
        prefix: prefix.into(),
        uri: uri.into(),
        local_element: false,
    };
    let preserve = Preserve { prefixes: true, ..Preserve::default() };
    let settings = Settings { preserve, ..Settings::default() };
    let one = [
        ns("b", "urn:b"),
        ns("a", "urn:a"),
        attribute("urn:b", "x", "1"),
        attribute("urn:a", "x", "2"),
        attribute("", "a", "3"),
    ];
    let mut other = one.clone();
    other.reverse();
    let around = |inner: &[Item]| document([&[prefixed("", "", "r")], inner, &[END]].concat());
    for grammars in [Grammars::schema_less(), order_schema()] {
        assert_eq!(
            canonical(&grammars, &around(&one), &settings),
            canonical(&grammars, &around(&other), &settings)
        );
    }
}

#[test]
fn text_in_pieces_and_empty_text_make_no_difference() {
    let grammars = order_schema();
    let with = |pieces: &[&str]| {
        let mut items = vec![start(NS, "order"), start("", "note")];
        items.extend(pieces.iter().map(|piece| text(piece)));
        items.extend([END, END]);
        canonical(&grammars, &document(items), &Settings::default())
    };
    assert_eq!(with(&["Jona", "", "than", ""]), with(&["Jonathan"]));
    assert_eq!(with(&[""]), with(&[]));
}

#[test]
fn what_was_canonical_is_so_again() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in ALIGNMENTS {
            for strict in [false, true] {
                let settings =
                    Settings { alignment, strict, schema_id: SchemaId::Absent, ..Settings::default() };
                let data = canonical(&grammars, &valid_order(30), &settings);
                let back = decode(&grammars, &data, &Settings::default()).unwrap();
                assert_eq!(canonical(&grammars, &back, &settings), data);
            }
        }
    }
}
