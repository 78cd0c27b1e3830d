//! Invariant: events that were decoded and can be encoded are read back, and from then on they
//! stay the same events. The first round may change them: an integer " 06" becomes "6".
#![no_main]

use std::sync::OnceLock;

use exi_core::{compile, decode_events, encode_events, EncodeOptions, Event, Limits, Options, Tables};
use libfuzzer_sys::fuzz_target;

#[path = "../../exi-core/tests/common/mod.rs"]
mod common;

static TABLES: OnceLock<Tables> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let tables =
        TABLES.get_or_init(|| compile(&common::app_protocol(), Options::default()).expect("it compiles"));
    let read = |data: &[u8]| decode_events(tables, data, false, Limits::default()).map(|(events, _)| events);
    let write = |events: &[Event]| encode_events(tables, events, false, EncodeOptions::default());
    let Ok(events) = read(data) else { return };
    let Ok(first) = write(&events) else { return };
    let settled = read(&first).expect("what was written is read");
    let second = write(&settled).expect("what was read is written");
    assert_eq!(read(&second).expect("what was written is read"), settled);
});
