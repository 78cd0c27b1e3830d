//! Items that are borrowed are those that are owned, and so are the faults, whatever the stream.

mod random;
mod streams;

use exi_core::stream::{Decoder, Encoder, Grammars, HeaderStyle, Item, ItemRef, Limits, Preserve, Settings};
use exi_core::Error;
use random::Random;
use streams::*;

type Read = (Vec<Item>, Option<Error>);

fn read(grammars: &Grammars, data: &[u8], settings: &Settings, limits: Limits, borrowed: bool) -> Read {
    let mut decoder = Decoder::new(grammars, data, settings, limits).expect("the header is whole");
    let mut items = Vec::new();
    loop {
        let next =
            if borrowed { decoder.next_ref() } else { decoder.next().map(|item| item.map(ItemRef::Other)) };
        match next {
            Ok(Some(item)) => items.extend(item.into_items()),
            Ok(None) => return (items, None),
            Err(error) => {
                assert_eq!(decoder.next_ref().expect("an error ends the stream"), None);
                return (items, Some(error));
            }
        }
    }
}

fn check(grammars: &Grammars, data: &[u8], settings: &Settings, limits: Limits) {
    let plain = read(grammars, data, settings, limits, false);
    assert_eq!(read(grammars, data, settings, limits, true), plain);
}

fn all_settings() -> impl Iterator<Item = Settings> {
    let kept = [Preserve::default(), all_preserved()];
    let pairs = ALIGNMENTS.into_iter().flat_map(move |alignment| kept.map(|preserve| (alignment, preserve)));
    pairs.map(|(alignment, preserve)| Settings { alignment, preserve, ..Settings::default() })
}

#[test]
fn documents_are_the_same_borrowed_and_owned() {
    for grammars in [Grammars::schema_less(), order_schema()] {
        for settings in all_settings() {
            for items in [valid_order(3), odd_order()] {
                let data = plain(&grammars, &items, &settings).expect("it can be written");
                check(&grammars, &data, &settings, Limits::default());
                assert_eq!(read(&grammars, &data, &settings, Limits::default(), true).1, None);
            }
        }
    }
}

#[test]
fn faults_are_the_same_borrowed_and_owned() {
    let grammars = order_schema();
    let mut random = Random(7);
    for settings in all_settings() {
        let data = plain(&grammars, &valid_order(3), &settings).expect("it can be written");
        for end in 1..data.len() {
            check(&grammars, &data[..end], &settings, Limits::default());
        }
        for _ in 0..300 {
            let mut broken = data.clone();
            let at = 1 + random.next() as usize % (data.len() - 1);
            broken[at] ^= 1 << (random.next() % 8);
            check(&grammars, &broken, &settings, Limits::default());
        }
    }
}

#[test]
fn limits_are_the_same_borrowed_and_owned() {
    let grammars = order_schema();
    let settings = Settings::default();
    let data = plain(&grammars, &valid_order(3), &settings).expect("it can be written");
    for limit in 0..40 {
        let limits = Limits::default();
        check(&grammars, &data, &settings, Limits { events: limit, ..limits });
        check(&grammars, &data, &settings, Limits { text: limit, ..limits });
        check(&grammars, &data, &settings, Limits { depth: limit as u32, ..limits });
    }
}

/// The same items, with each element of nothing but characters as one.
fn encode_with_leaves(grammars: &Grammars, items: &[Item], settings: &Settings) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::new(grammars, settings, &HeaderStyle::default())?;
    let mut rest = items;
    while let Some((item, after)) = rest.split_first() {
        rest = after;
        match (item, after) {
            (Item::StartElement { name, prefix }, [Item::Characters(text), Item::EndElement, after @ ..]) => {
                let prefix = prefix.as_ref();
                encoder.put(ItemRef::Leaf { uri: &name.uri, local: &name.local, prefix, text })?;
                rest = after;
            }
            _ => encoder.push(item.clone())?,
        }
    }
    encoder.finish()
}

/// An order of one item that holds one leaf, for names and values that fit and that do not.
fn orders_of_a_leaf() -> impl Iterator<Item = Vec<Item>> {
    let values = ["", " ", "0", "-1", "+7", " 255 ", "256", "1e2", "x"];
    let pairs =
        ["count", "price", "name", "other"].into_iter().flat_map(move |name| values.map(|v| (name, v)));
    pairs.map(|(name, value)| {
        let open = [start(NS, "order"), start("", "item"), attribute("", "colour", "red")];
        document(open.into_iter().chain(leaf("", name, value)).chain([END, END]))
    })
}

#[test]
fn a_leaf_is_written_as_its_three_items_are() {
    for grammars in [Grammars::schema_less(), order_schema()] {
        for settings in all_settings() {
            for strict in [false, true] {
                let settings = Settings { strict, ..settings.clone() };
                for items in orders_of_a_leaf().chain([valid_order(9), odd_order()]) {
                    let whole = encode_with_leaves(&grammars, &items, &settings);
                    assert_eq!(whole, plain(&grammars, &items, &settings));
                }
            }
        }
    }
}
