//! What a leaf is written as.

mod streams;

use exi_core::stream::{Encoder, Grammars, HeaderStyle, Item, ItemRef, Preserve, Settings};
use exi_core::Error;
use streams::*;

fn all_settings() -> impl Iterator<Item = Settings> {
    let kept = [Preserve::default(), all_preserved()];
    let pairs = ALIGNMENTS.into_iter().flat_map(move |alignment| kept.map(|preserve| (alignment, preserve)));
    pairs.map(|(alignment, preserve)| Settings { alignment, preserve, ..Settings::default() })
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
