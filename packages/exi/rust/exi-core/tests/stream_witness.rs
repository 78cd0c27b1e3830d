//! An observer sees every bit of a stream once, in order.

mod streams;

use std::sync::{Arc, Mutex};

use exi_core::stream::{
    Action, Alignment, Decoder, Grammars, HeaderStyle, Item, Limits, Part, Preserve, Settings, What, Witness,
};
use streams::*;

/// Stream, first bit, bit after the last, what it is.
type Told = (u32, u64, u64, String);

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Told>>>);

impl Witness for Seen {
    fn part(&mut self, part: &Part<'_>) {
        let what = format!("{:?}", part.what);
        self.0.lock().unwrap().push((part.stream, part.from, part.to, what));
    }
}

fn observe(grammars: &Grammars, data: &[u8]) -> Vec<Told> {
    let seen = Seen::default();
    let witness = Box::new(seen.clone());
    let mut decoder =
        Decoder::observed(grammars, data, &Settings::default(), Limits::default(), witness).unwrap();
    while decoder.next().unwrap().is_some() {}
    let parts = seen.0.lock().unwrap().clone();
    parts
}

#[test]
fn every_bit_is_told_once_and_in_order() {
    let style = HeaderStyle { cookie: true, options: true, ..HeaderStyle::default() };
    for grammars in [order_schema(), Grammars::schema_less()] {
        for alignment in ALIGNMENTS {
            for preserve in [
                Preserve::default(),
                all_preserved(),
                Preserve { lexical_values: true, ..Preserve::default() },
            ] {
                let settings = Settings { alignment, preserve, block_size: 30, ..Settings::default() };
                for items in [valid_order(60), odd_order()] {
                    let data = encode(&grammars, &items, &settings, &style).unwrap();
                    let parts = observe(&grammars, &data);
                    let streams = parts.iter().map(|part| part.0).max().unwrap_or(0);
                    for stream in 0..=streams {
                        let mut at = 0;
                        for (_, from, to, what) in parts.iter().filter(|part| part.0 == stream) {
                            assert_eq!(*from, at, "{what} of stream {stream}, {settings:?}");
                            at = *to;
                        }
                        if stream == 0 {
                            assert!(data.len() as u64 * 8 - at < 8, "{at} of {} bits", data.len() * 8);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_first_bits_of_a_stream_are_explained() {
    let items = document([start("", "note"), attribute("", "a", "x"), text("x"), END]);
    let data = plain(&Grammars::schema_less(), &items, &Settings::default()).unwrap();
    let parts: Vec<String> =
        observe(&Grammars::schema_less(), &data).into_iter().map(|part| part.3).collect();
    let expected = [
        format!("{:?}", What::Header("Distinguishing Bits", "10".into())),
        format!("{:?}", What::Header("Presence Bit for EXI Options", "no options document".into())),
        format!("{:?}", What::Header("EXI Format Version", "final version 1".into())),
        format!("{:?}", What::Code { part: 1, value: 0, count: 1 }),
        format!("{:?}", What::Production("SE(*)")),
        format!("{:?}", What::Table { partition: "uri", action: Action::Hit(0), text: "" }),
        format!("{:?}", What::Table { partition: "local-name", action: Action::Miss, text: "note" }),
        format!("{:?}", What::Code { part: 1, value: 0, count: 1 }),
        format!("{:?}", What::Code { part: 2, value: 1, count: 4 }),
        format!("{:?}", What::Production("AT(*)")),
    ];
    assert_eq!(parts[..expected.len()], expected);
    let value = What::Value { kind: "string", action: Some(Action::GlobalHit(0)), text: "x" };
    assert!(parts.contains(&format!("{value:?}")));
}

#[test]
fn productions_name_elements_and_attributes_of_the_schema() {
    let data = plain(&order_schema(), &valid_order(1), &Settings::default()).unwrap();
    let parts: Vec<String> = observe(&order_schema(), &data).into_iter().map(|part| part.3).collect();
    for production in ["SE({urn:test}order)", "AT({}day) [schema-typed value]", "SE({}count)", "EE"] {
        assert!(parts.contains(&format!("{:?}", What::Production(production))), "{production}");
    }
}

#[test]
fn an_observer_changes_nothing() {
    let settings = Settings { alignment: Alignment::Compression, ..Settings::default() };
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    let data = encode(&order_schema(), &valid_order(9), &settings, &style).unwrap();
    let witness = Box::new(Seen::default());
    let mut decoder =
        Decoder::observed(&order_schema(), &data, &Settings::default(), Limits::default(), witness).unwrap();
    let mut items: Vec<Item> = Vec::new();
    while let Some(item) = decoder.next().unwrap() {
        items.push(item);
    }
    assert_eq!(items, valid_order(9));
}
