//! Invariant: events that were decoded and can be encoded decode to the same events again, but for
//! the order of attributes, unless an element has one twice, which XML does not allow.
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
    let Ok((events, _)) = decode_events(tables, data, false, Limits::default()) else { return };
    let Some(sorted) = sorted(&events) else { return };
    let Ok(again) = encode_events(tables, &events, false, EncodeOptions::default()) else { return };
    let (back, _) =
        decode_events(tables, &again, false, Limits::default()).expect("what was written is read");
    assert_eq!(crate::sorted(&back), Some(sorted));
});

/// The events with the attributes of each element by name; None where one stands twice.
fn sorted(events: &[Event]) -> Option<Vec<Event>> {
    let name = |event: &Event| match event {
        Event::Attribute { uri, local, .. } => Some((uri.clone(), local.clone())),
        _ => None,
    };
    let mut all = Vec::new();
    for run in events.chunk_by(|one, next| name(one).is_some() && name(next).is_some()) {
        let mut run = run.to_vec();
        run.sort_by_key(name);
        if run.windows(2).any(|pair| name(&pair[0]) == name(&pair[1])) {
            return None;
        }
        all.extend(run);
    }
    Some(all)
}
