//! Documents come back from every alignment, with and without a schema, whatever is preserved.

mod streams;

use exi_core::stream::{Grammars, HeaderStyle, Item, Preserve, Settings};
use streams::*;

#[test]
fn a_valid_document_comes_back_in_every_alignment_strict_or_not() {
    let grammars = order_schema();
    for alignment in ALIGNMENTS {
        for strict in [false, true] {
            for items in [0, 1, 30, 250] {
                let settings = Settings { alignment, strict, ..Settings::default() };
                round_trip(&grammars, &valid_order(items), &settings);
            }
        }
    }
}

#[test]
fn a_document_comes_back_without_schema_in_every_alignment() {
    for grammars in [Grammars::schema_less(), Grammars::built_in_types()] {
        for alignment in ALIGNMENTS {
            for items in [0, 1, 30, 250] {
                let settings = Settings { alignment, ..Settings::default() };
                round_trip(&grammars, &valid_order(items), &settings);
                round_trip(&grammars, &odd_order(), &settings);
            }
        }
    }
}

#[test]
fn what_the_schema_does_not_allow_comes_back_unless_strict() {
    let grammars = order_schema();
    for alignment in ALIGNMENTS {
        let settings = Settings { alignment, ..Settings::default() };
        round_trip(&grammars, &odd_order(), &settings);
        let strict = Settings { strict: true, ..settings };
        assert!(plain(&grammars, &odd_order(), &strict).is_err());
    }
}

fn decorated() -> Vec<Item> {
    let ns = |prefix: &str, uri: &str, local_element| Item::Namespace {
        prefix: prefix.into(),
        uri: uri.into(),
        local_element,
    };
    document([
        Item::DocType {
            name: "order".into(),
            public: "p".into(),
            system: "s".into(),
            text: "<!ENTITY e 'x'>".into(),
        },
        Item::Comment(" before ".into()),
        Item::ProcessingInstruction { target: "go".into(), text: "on".into() },
        prefixed("o", NS, "order"),
        ns("o", NS, true),
        ns("x", "urn:x", false),
        Item::Attribute {
            name: exi_core::stream::Name::new("", "day"),
            prefix: Some("".into()),
            value: "2026-11-28".into(),
        },
        Item::Comment("inside".into()),
        prefixed("", "", "item"),
        Item::Attribute {
            name: exi_core::stream::Name::new("", "colour"),
            prefix: Some("".into()),
            value: "red".into(),
        },
        prefixed("", "", "count"),
        text("7"),
        END,
        Item::ProcessingInstruction { target: "pause".into(), text: "".into() },
        Item::EntityReference("e".into()),
        END,
        prefixed("x", "urn:x", "any"),
        text("a"),
        Item::Comment("c".into()),
        text("b"),
        Item::EntityReference("e".into()),
        prefixed("y", "urn:x", "any"),
        ns("y", "urn:x", true),
        END,
        END,
        END,
        Item::Comment("after".into()),
        Item::ProcessingInstruction { target: "stop".into(), text: "now".into() },
    ])
}

/// What is left of a document when only some of it is preserved.
fn kept(items: &[Item], preserve: Preserve) -> Vec<Item> {
    let mut left: Vec<Item> = Vec::new();
    for item in items {
        match item {
            Item::Comment(_) if !preserve.comments => {}
            Item::ProcessingInstruction { .. } if !preserve.pis => {}
            Item::DocType { .. } | Item::EntityReference(_) if !preserve.dtd => {}
            Item::Namespace { .. } if !preserve.prefixes => {}
            Item::StartElement { name, .. } if !preserve.prefixes => {
                left.push(Item::StartElement { name: name.clone(), prefix: None });
            }
            Item::Attribute { name, value, .. } if !preserve.prefixes => {
                left.push(Item::Attribute { name: name.clone(), prefix: None, value: value.clone() });
            }
            Item::Characters(more) => match left.last_mut() {
                Some(Item::Characters(text)) => *text = format!("{text}{more}").into(),
                _ => left.push(item.clone()),
            },
            other => left.push(other.clone()),
        }
    }
    left
}

#[test]
fn what_is_preserved_comes_back_and_nothing_else() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in ALIGNMENTS {
            for bits in 0..32u32 {
                let bit = |at: u32| bits >> at & 1 != 0;
                let preserve = Preserve {
                    comments: bit(0),
                    pis: bit(1),
                    dtd: bit(2),
                    prefixes: bit(3),
                    lexical_values: bit(4),
                };
                let settings = Settings { alignment, preserve, ..Settings::default() };
                let style = HeaderStyle { options: true, ..HeaderStyle::default() };
                let data = encode(&grammars, &decorated(), &settings, &style).unwrap();
                let back = decode(&grammars, &data, &Settings::default()).unwrap();
                assert_eq!(back, kept(&decorated(), preserve), "{settings:?}");
            }
        }
    }
}

#[test]
fn fragments_hold_any_number_of_elements() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in ALIGNMENTS {
            let settings = Settings { alignment, fragment: true, ..Settings::default() };
            round_trip(&grammars, &document([]), &settings);
            let mut items = Vec::new();
            for _ in 0..3 {
                items.extend(leaf("", "count", "5"));
                items.extend(leaf("urn:other", "any", "text"));
                items.extend([start("", "item"), attribute("", "colour", "red"), END]);
            }
            round_trip(&grammars, &document(items), &settings);
        }
    }
}

#[test]
fn xsi_type_and_nil_switch_the_grammar() {
    let grammars = order_schema();
    for alignment in ALIGNMENTS {
        for strict in [false, true] {
            let mut items = vec![start(NS, "order"), start("", "item"), xsi_type(NS, "Special")];
            items.extend(leaf("", "extra", "more"));
            items.extend([END, start("", "item"), nil(true), attribute("", "colour", "blue"), END]);
            items.extend([
                start("urn:other", "unknown"),
                xsi_type(XSD, "date"),
                text("2020-02-29"),
                END,
                END,
            ]);
            let settings = Settings { alignment, strict, ..Settings::default() };
            round_trip(&grammars, &document(items), &settings);
        }
    }
}

#[test]
fn blocks_of_every_size_come_back() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in [ALIGNMENTS[2], ALIGNMENTS[3]] {
            for block_size in [1, 2, 3, 7, 50, 99, 100, 101, 102, 250, 1000] {
                let settings = Settings { alignment, block_size, ..Settings::default() };
                round_trip(&grammars, &valid_order(150), &settings);
            }
        }
    }
}

#[test]
fn values_are_remembered_within_the_bounds() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in ALIGNMENTS {
            for value_capacity in [None, Some(0), Some(1), Some(2), Some(3), Some(100)] {
                for value_max_length in [None, Some(0), Some(1), Some(6), Some(7)] {
                    let settings =
                        Settings { alignment, value_capacity, value_max_length, ..Settings::default() };
                    round_trip(&grammars, &valid_order(40), &settings);
                }
            }
        }
    }
}

#[test]
fn self_contained_elements_stand_for_themselves() {
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in [ALIGNMENTS[0], ALIGNMENTS[1]] {
            for preserve in [Preserve::default(), all_preserved()] {
                let prefix = |item: Item| match item {
                    Item::StartElement { name, .. } if preserve.prefixes => {
                        Item::StartElement { name, prefix: Some("".into()) }
                    }
                    Item::Attribute { name, value, .. } if preserve.prefixes => {
                        Item::Attribute { name, prefix: Some("".into()), value }
                    }
                    other => other,
                };
                let mut items = vec![start("", "order")];
                for _ in 0..3 {
                    items.extend([start("", "item"), Item::SelfContained, attribute("", "colour", "red")]);
                    items.extend(leaf("", "count", "7"));
                    items.extend(leaf("", "name", "same"));
                    items.extend([start("", "inner"), Item::SelfContained, text("same"), END, END]);
                    items.extend(leaf("", "name", "same"));
                }
                items.push(END);
                let items = document(items.into_iter().map(prefix));
                let settings = Settings { alignment, preserve, self_contained: true, ..Settings::default() };
                round_trip(&grammars, &items, &settings);
            }
        }
    }
}

#[test]
fn prefixes_hold_in_self_contained_elements_too() {
    let ns = |prefix: &str, uri: &str, local_element| Item::Namespace {
        prefix: prefix.into(),
        uri: uri.into(),
        local_element,
    };
    let preserve = Preserve { prefixes: true, ..Preserve::default() };
    let settings = Settings { preserve, self_contained: true, ..Settings::default() };
    let inner = [prefixed("p", "urn:p", "inner"), END];
    let mut items = vec![prefixed("p", "urn:p", "a"), ns("p", "urn:p", true), ns("q", "urn:p", false)];
    items.extend([prefixed("q", "urn:p", "b"), Item::SelfContained]);
    items.extend(inner.clone());
    items.extend([END, END]);
    for grammars in [order_schema(), Grammars::schema_less()] {
        let data = plain(&grammars, &document(items.clone()), &settings).unwrap();
        let back = decode(&grammars, &data, &settings).unwrap();
        let starts = |items: &[Item]| {
            let starts = items.iter().filter(|item| matches!(item, Item::StartElement { .. }));
            starts.cloned().collect::<Vec<_>>()
        };
        assert_eq!(starts(&back), starts(&items));
        // The element holds the declarations that it needs to stand for itself.
        let repeated = back.iter().filter(|item| matches!(item, Item::Namespace { .. })).count();
        assert_eq!(repeated, 4);
    }
}
