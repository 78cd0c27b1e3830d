//! Invariant: any bytes decode to events or to an error, the same way for every sink, as a
//! document and as a fragment, with strict and with other grammars.
#![no_main]

use std::sync::OnceLock;

use exi_core::{compile, decode, decode_events, Limits, Options, Skip, Tables};
use libfuzzer_sys::fuzz_target;

#[path = "../../exi-core/tests/common/mod.rs"]
mod common;

static TABLES: OnceLock<[Tables; 2]> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let tables = TABLES.get_or_init(|| {
        [false, true].map(|strict| compile(&common::app_protocol(), Options { strict }).expect("it compiles"))
    });
    for tables in tables {
        for fragment in [false, true] {
            let limits = Limits::default();
            let skipped = decode(tables, data, fragment, limits, &mut Skip, &mut ());
            let listed = decode_events(tables, data, fragment, limits);
            assert_eq!(skipped.ok(), listed.ok().map(|(_, bits)| bits));
        }
    }
});
