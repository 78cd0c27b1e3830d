//! Whole streams: items to bytes and back, in all alignments. Nanoseconds an item, least and median of the rounds. `cargo bench -p exi-core --bench stream`

use std::hint::black_box;

mod clock;

#[path = "../tests/streams/mod.rs"]
mod streams;

use clock::time;
use exi_core::stream::{Alignment, Decoder, Encoder, Grammars, HeaderStyle, Item, Limits, Settings};
use streams::{order_schema, valid_order, ALIGNMENTS};

const ROUNDS: usize = 21;
const REPEATS: u32 = 100;

fn main() {
    let items = valid_order(50);
    println!("an order of {} items", items.len());
    for (name, grammars) in [("informed", order_schema()), ("schema-less", Grammars::schema_less())] {
        for alignment in ALIGNMENTS {
            report(name, &grammars, &items, alignment);
        }
    }
}

fn report(name: &str, grammars: &Grammars, items: &[Item], alignment: Alignment) {
    let settings = Settings { alignment, ..Settings::default() };
    let write = || {
        let mut encoder =
            Encoder::new(grammars, &settings, &HeaderStyle::default()).expect("the settings fit");
        items.iter().for_each(|item| encoder.push(item.clone()).expect("the sample is valid"));
        encoder.finish().expect("the sample is whole")
    };
    let data = write();
    let reading = time(ROUNDS, REPEATS, || {
        let mut decoder =
            Decoder::new(grammars, &data, &settings, Limits::default()).expect("the header is right");
        while let Some(item) = decoder.next().expect("the stream is right") {
            black_box(item);
        }
    });
    let writing = time(ROUNDS, REPEATS, || {
        black_box(write());
    });
    let each = items.len() as f64;
    println!(
        "{name} {alignment:?} ({} bytes): decode {:.0} ns an item (median {:.0}), encode {:.0} ns (median {:.0})",
        data.len(),
        reading.0 / each,
        reading.1 / each,
        writing.0 / each,
        writing.1 / each
    );
}
