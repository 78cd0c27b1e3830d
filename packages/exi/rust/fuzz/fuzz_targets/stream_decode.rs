//! Invariant: any bytes decode to items or to an error in every alignment, under any options, with
//! and without a schema, the same way whether somebody observes or not, as items or told.
#![no_main]

use exi_core::stream::{Decoder, Item, Part, Witness};
use exi_core::Result;
use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

/// Parts follow each other: none goes back, none ends before it begins.
#[derive(Default)]
struct Order(u32, u64);

impl Witness for Order {
    fn part(&mut self, part: &Part<'_>) {
        assert!(part.from <= part.to);
        if part.stream == self.0 && !matches!(part.what, exi_core::stream::What::Inflated { .. }) {
            assert!(part.to >= self.1 || part.from == part.to || part.from <= self.1);
            self.1 = part.to;
        }
        self.0 = part.stream;
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((settings, grammars, stream)) = streams::parts(data) else { return };
    let plain = streams::decode(grammars, stream, &settings);
    let observed =
        Decoder::observed(grammars, stream, &settings, streams::LIMITS, Box::new(Order::default()));
    assert_eq!(observed.and_then(all), plain);
    let told = Decoder::new(grammars, stream, &settings, streams::LIMITS);
    assert_eq!(told.and_then(streams::told), plain);
});

fn all(mut decoder: Decoder<'_>) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    while let Some(item) = decoder.next()? {
        items.push(item);
    }
    Ok(items)
}
