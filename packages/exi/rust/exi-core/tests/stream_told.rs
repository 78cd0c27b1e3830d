//! What is told of a stream is what its items are, and so are the faults, whatever the stream.

mod random;
mod streams;

use exi_core::stream::{Decoder, Grammars, Limits, Preserve, Settings};
use random::Random;
use streams::*;

fn check(grammars: &Grammars, data: &[u8], settings: &Settings, limits: Limits) {
    let decoder = || Decoder::new(grammars, data, settings, limits).expect("the header is whole");
    let plain = told(decoder(), 0);
    for most in [2, u32::MAX] {
        assert_eq!(told(decoder(), most), plain);
    }
}

fn all_settings() -> impl Iterator<Item = Settings> {
    let lexical = Preserve { lexical_values: true, ..Preserve::default() };
    let kept = [Preserve::default(), lexical, all_preserved()];
    let pairs = ALIGNMENTS.into_iter().flat_map(move |alignment| kept.map(|preserve| (alignment, preserve)));
    let settings = pairs.map(|(alignment, preserve)| Settings { alignment, preserve, ..Settings::default() });
    settings.flat_map(|settings| {
        [None, Some(0), Some(2)].map(|value_capacity| Settings { value_capacity, ..settings.clone() })
    })
}

/// Grammars and documents of them.
fn cases() -> [(Grammars, [Vec<exi_core::stream::Item>; 2]); 3] {
    let documents = [valid_order(3), odd_order()];
    [
        (Grammars::schema_less(), documents.clone()),
        (order_schema(), documents.clone()),
        (qualified_order_schema(), documents.map(qualified)),
    ]
}

#[test]
fn documents_are_told_as_their_items() {
    for (grammars, documents) in cases() {
        for settings in all_settings() {
            for items in &documents {
                let data = plain(&grammars, items, &settings).expect("it can be written");
                check(&grammars, &data, &settings, Limits::default());
            }
        }
    }
}

#[test]
fn a_declared_document_is_told_whole() {
    let settings = Settings { strict: true, ..Settings::default() };
    let grammars = qualified_order_schema();
    let data = plain(&grammars, &qualified(valid_order(9))[..], &settings);
    let data = data.expect("it can be written");
    let mut decoder = Decoder::new(&grammars, &data, &settings, Limits::default()).expect("a header");
    let mut others = 0;
    let mut told = Told::default();
    loop {
        let Ok(_) = decoder.tell(&mut told, u32::MAX);
        match decoder.next().expect("it is whole") {
            Some(_) => others += 1,
            None => break,
        }
    }
    // Others: the document and its root, the attributes, and three elements that a wildcard lets in.
    assert_eq!((told.0.len(), others), (91, 34));
}

#[test]
fn faults_are_told_as_they_are() {
    let mut random = Random(7);
    for (grammars, [items, _]) in cases().into_iter().skip(1) {
        for settings in all_settings().step_by(2) {
            let data = plain(&grammars, &items, &settings).expect("it can be written");
            for end in 1..data.len() {
                check(&grammars, &data[..end], &settings, Limits::default());
            }
            for _ in 0..60 {
                let mut broken = data.clone();
                let at = 1 + random.next() as usize % (data.len() - 1);
                broken[at] ^= 1 << (random.next() % 8);
                check(&grammars, &broken, &settings, Limits::default());
            }
        }
    }
}

#[test]
fn limits_end_what_is_told_where_they_end_the_items() {
    for (grammars, [items, _]) in cases() {
        let settings = Settings::default();
        let data = plain(&grammars, &items, &settings).expect("it can be written");
        for limit in 0..40 {
            let limits = Limits::default();
            check(&grammars, &data, &settings, Limits { events: limit, ..limits });
            check(&grammars, &data, &settings, Limits { text: limit, ..limits });
            check(&grammars, &data, &settings, Limits { depth: limit as u32, ..limits });
        }
    }
}
