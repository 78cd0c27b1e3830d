//! The EXI Profile: bounds of what built-in grammars learn, and value partitions.

mod streams;

use exi_core::stream::{Grammars, HeaderStyle, Item, Preserve, Profile, Settings};
use streams::*;

/// Unknown elements inside each other and beside each other.
fn unknown(count: usize) -> Vec<Item> {
    let mut items = vec![start("urn:u", "root")];
    for index in 0..count {
        let name = format!("e{}", index % 5);
        items.extend([
            start("urn:u", &name),
            attribute("", "x", "1"),
            attribute("", &format!("y{index}"), "1"),
        ]);
        items.extend([text("text"), start("", "empty"), END, start("", &name), text("same"), END, END]);
    }
    items.push(END);
    document(items)
}

/// The same items without the casts that an encoder put in.
fn without_casts(items: Vec<Item>) -> Vec<Item> {
    items
        .into_iter()
        .filter(|item| !matches!(item, Item::Type { name, .. } if name.is(XSD, "anyType")))
        .collect()
}

fn settings(max_element_grammars: Option<u32>, max_productions: Option<u32>) -> Settings {
    let profile = Some(Profile { local_value_partitions: true, max_element_grammars, max_productions });
    Settings { profile, ..Settings::default() }
}

#[test]
fn a_bounded_stream_holds_the_same_items_and_casts_where_it_may_not_learn() {
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    for grammars in [Grammars::built_in_types(), order_schema()] {
        for alignment in ALIGNMENTS {
            for bound in [Some(0), Some(1), Some(3), Some(20), None] {
                for productions in [Some(0), Some(2), Some(9), None] {
                    let settings = Settings { alignment, ..settings(bound, productions) };
                    let data = encode(&grammars, &unknown(12), &settings, &style).unwrap();
                    // A reader that knows nothing of the profile reads it as any other stream.
                    let back = decode(&grammars, &data, &Settings::default()).unwrap();
                    let casts = back.len() > unknown(12).len();
                    assert_eq!(without_casts(back), unknown(12));
                    assert_eq!(casts, bound.is_some_and(|b| b < 12) || productions.is_some(), "{settings:?}");
                }
            }
        }
    }
}

#[test]
fn an_element_is_not_cast_beside_a_type_of_its_own() {
    let typed = |rest: &[Item]| {
        let root = [start("urn:u", "root"), xsi_type("urn:u", "unknown")];
        document([&root, rest, &[END]].concat())
    };
    let allowed = settings(None, Some(9));
    let grammars = order_schema();
    for rest in [vec![text("text")], vec![attribute("", "a", "1")], vec![start("", "b"), END], vec![]] {
        let error = plain(&grammars, &typed(&rest), &settings(Some(0), None)).unwrap_err();
        assert!(error.reason().starts_with("the EXI Profile wants xsi:type"), "{error}");
    }
    let data = plain(&grammars, &typed(&[]), &allowed).unwrap();
    assert_eq!(decode(&grammars, &data, &allowed).unwrap(), typed(&[]));
}

#[test]
fn casts_come_back_with_prefixes_and_lexical_values() {
    for preserve in [
        Preserve { prefixes: true, ..Preserve::default() },
        Preserve { lexical_values: true, ..Preserve::default() },
        Preserve { prefixes: true, lexical_values: true, ..Preserve::default() },
    ] {
        for alignment in ALIGNMENTS {
            for block_size in [1, 2, 100] {
                let settings = Settings { alignment, preserve, block_size, ..settings(Some(0), Some(1)) };
                let data = plain(&Grammars::built_in_types(), &unknown(4), &settings).unwrap();
                let back = decode(&Grammars::built_in_types(), &data, &settings).unwrap();
                let text = |items: &[Item]| items.iter().filter(|i| matches!(i, Item::Characters(_))).count();
                assert_eq!(text(&back), text(&unknown(4)));
            }
        }
    }
}

#[test]
fn without_a_schema_the_bounds_have_no_effect() {
    let style = HeaderStyle::default();
    let bounded = encode(&Grammars::schema_less(), &unknown(3), &settings(Some(0), Some(0)), &style).unwrap();
    let free = encode(&Grammars::schema_less(), &unknown(3), &Settings::default(), &style).unwrap();
    assert_eq!(bounded.len(), free.len());
}

#[test]
fn values_are_found_among_all_where_there_are_no_partitions_by_name() {
    let profile = Some(Profile { local_value_partitions: false, ..Profile::default() });
    for grammars in [Grammars::schema_less(), order_schema()] {
        for alignment in ALIGNMENTS {
            let settings = Settings { alignment, profile, ..Settings::default() };
            round_trip(&grammars, &valid_order(40), &settings);
        }
    }
    // A hit in a partition by name is then an error.
    let repeated = document([start("", "a"), text("same"), start("", "a"), text("same"), END, END]);
    let data = plain(&Grammars::schema_less(), &repeated, &Settings::default()).unwrap();
    let settings = Settings { profile, ..Settings::default() };
    assert!(decode(&Grammars::schema_less(), &data, &settings).is_err());
}
