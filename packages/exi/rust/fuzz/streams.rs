//! Settings, schemas and limits of the targets that read and write whole streams.
#![allow(dead_code)]

use std::sync::OnceLock;

use exi_core::stream::{Alignment, Decoder, Grammars, Item, Limits, Preserve, Profile, Settings};
use exi_core::Result;

#[path = "../exi-core/tests/streams/mod.rs"]
mod made;

/// Small enough for many runs a second.
pub const LIMITS: Limits =
    Limits { depth: 64, events: 20_000, text: 1 << 20, inflated: 1 << 20, ratio: 1100 };

/// For what was written: the profile adds a type and its namespace to elements.
const WIDE: Limits = Limits { events: 100_000, text: 8 << 20, inflated: 8 << 20, ..LIMITS };

const ALIGNMENTS: [Alignment; 4] =
    [Alignment::BitPacked, Alignment::ByteAligned, Alignment::PreCompression, Alignment::Compression];

/// No schema, the types of XML Schema, a small schema without and with namespaces.
pub fn grammars(number: u8) -> &'static Grammars {
    static ALL: OnceLock<[Grammars; 4]> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        [
            Grammars::schema_less(),
            Grammars::built_in_types(),
            made::order_schema(),
            made::qualified_order_schema(),
        ]
    });
    &all[usize::from(number) % all.len()]
}

/// Settings that do not contradict each other, from three bytes.
pub fn settings([first, second, third]: [u8; 3]) -> Settings {
    let bit = |byte: u8, at: u8| byte >> at & 1 != 0;
    let alignment = ALIGNMENTS[usize::from(first & 3)];
    let strict = bit(first, 2);
    let kept = |set: bool| set && !strict;
    let preserve = Preserve {
        comments: kept(bit(second, 0)),
        pis: kept(bit(second, 1)),
        dtd: kept(bit(second, 2)),
        prefixes: kept(bit(second, 3)),
        lexical_values: bit(second, 4),
    };
    let bound = |at: u8| bit(third, at).then_some(u32::from(third >> 4));
    let profile = Profile {
        local_value_partitions: bit(third, 2),
        max_element_grammars: bound(0),
        max_productions: bound(1),
    };
    Settings {
        alignment,
        strict,
        fragment: bit(first, 3),
        preserve,
        self_contained: kept(bit(second, 5)) && !alignment.has_channels(),
        block_size: if bit(first, 4) { 3 } else { 1000 },
        value_max_length: bit(first, 5).then_some(5),
        value_capacity: bit(first, 6).then_some(3),
        profile: bit(third, 3).then_some(profile),
        ..Settings::default()
    }
}

/// The settings, the grammars and the stream that some bytes stand for.
pub fn parts(data: &[u8]) -> Option<(Settings, &'static Grammars, &[u8])> {
    let (head, rest) = data.split_first_chunk::<4>()?;
    let [schema, others @ ..] = *head;
    Some((settings(others), grammars(schema), rest))
}

/// All items, told as far as they can be.
pub fn told(decoder: Decoder<'_>) -> Result<Vec<Item>> {
    match made::told(decoder, u32::MAX) {
        (items, None) => Ok(items),
        (_, Some(fault)) => Err(fault),
    }
}

pub fn decode(grammars: &Grammars, data: &[u8], settings: &Settings) -> Result<Vec<Item>> {
    made::decode_within(grammars, data, settings, LIMITS)
}

/// What was decoded and can be encoded is read back, and comes back the same from then on.
pub fn written_is_read(grammars: &Grammars, stream: &[u8], settings: &Settings) {
    let Ok(items) = decode(grammars, stream, settings) else { return };
    let Ok(written) = made::plain(grammars, &items, settings) else { return };
    let read = |stream: &[u8]| made::decode_within(grammars, stream, settings, WIDE);
    let back = read(&written).expect("what was written is read");
    let again = made::plain(grammars, &back, settings).expect("what was read is written");
    let twice = read(&again).expect("what was written again is read");
    assert_eq!(comparable(twice), comparable(back));
}

/// Which declaration gave an element its prefix is worked out anew when encoding.
fn comparable(items: Vec<Item>) -> Vec<Item> {
    let without = |item| match item {
        Item::Namespace { prefix, uri, .. } => Item::Namespace { prefix, uri, local_element: false },
        other => other,
    };
    items.into_iter().map(without).collect()
}
