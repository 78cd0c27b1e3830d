//! Invariant: any options document is read or refused, and one that was read is written so that it
//! is read as the same options.
#![no_main]

use exi_core::stream::{Decoder, Encoder, Grammars, HeaderStyle, Item, Name, SchemaId, Schemas, Settings};
use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

/// Any schemaId means the same small schema.
struct Any;

impl Schemas for Any {
    fn find(&self, id: &SchemaId) -> exi_core::Result<Grammars> {
        Ok(if *id == SchemaId::SchemaLess { Grammars::schema_less() } else { Grammars::built_in_types() })
    }
}

fuzz_target!(|data: &[u8]| {
    // The header says that an options document follows.
    let stream = [&[0xa0][..], data].concat();
    let Ok(decoder) = Decoder::new(&Any, &stream, &Settings::default(), streams::LIMITS) else { return };
    let read = decoder.settings().clone();
    let grammars = Any.find(&read.schema_id).expect("any schema is found");
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    let Ok(mut encoder) = Encoder::new(&grammars, &read, &style) else { return };
    let root = Item::StartElement { name: Name::new("", "root"), prefix: None };
    for item in [Item::StartDocument, root, Item::EndElement, Item::EndDocument] {
        encoder.push(item).expect("an element without content");
    }
    let written = encoder.finish().expect("a whole document");
    let again =
        Decoder::new(&Any, &written, &Settings::default(), streams::LIMITS).expect("what was written");
    let mut expected = read;
    if !expected.alignment.has_channels() {
        expected.block_size = Settings::default().block_size;
    }
    assert_eq!(*again.settings(), expected);
});
