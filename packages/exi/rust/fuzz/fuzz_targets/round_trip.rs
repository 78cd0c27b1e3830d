//! Invariant: events that were decoded and can be encoded decode to the same events again.
#![no_main]

use std::sync::OnceLock;

use exi_core::{compile, decode_events, encode_events, EncodeOptions, Limits, Options, Tables};
use libfuzzer_sys::fuzz_target;

#[path = "../../exi-core/tests/common/mod.rs"]
mod common;

static TABLES: OnceLock<Tables> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let tables =
        TABLES.get_or_init(|| compile(&common::app_protocol(), Options::default()).expect("it compiles"));
    let Ok((events, _)) = decode_events(tables, data, false, Limits::default()) else { return };
    let Ok(again) = encode_events(tables, &events, false, EncodeOptions::default()) else { return };
    let (back, _) =
        decode_events(tables, &again, false, Limits::default()).expect("what was written is read");
    assert_eq!(back, events);
});
