//! Invariant: what was decoded under any options with a small schema, and can be encoded, decodes
//! again; and what that gives comes back the same from one more round.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

fuzz_target!(|data: &[u8]| {
    let Some((settings, grammars, stream)) = streams::parts(data) else { return };
    streams::written_is_read(grammars, stream, &settings);
});
