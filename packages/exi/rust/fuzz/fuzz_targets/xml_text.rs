//! Invariant: any text is read or refused; what was read and has a place in a stream is read from it
//! again as a text that is read in turn, and from the second on all rounds give the same text.
#![no_main]

use exi_core::stream::{Decoder, Encoder, Grammars, HeaderStyle, Settings};
use exi_xml::{Keep, Writer};
use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

fn encode(grammars: &Grammars, text: &str, settings: &Settings) -> Option<Vec<u8>> {
    let preserve = settings.preserve;
    let keep = Keep {
        comments: preserve.comments,
        pis: preserve.pis,
        dtd: preserve.dtd,
        prefixes: preserve.prefixes,
        fragment: settings.fragment,
    };
    let mut encoder = Encoder::new(grammars, settings, &HeaderStyle::default()).ok()?;
    encoder.set_depth(streams::LIMITS.depth);
    exi_xml::read(text, keep, |item, _| encoder.put(item)).ok()?;
    encoder.finish().ok()
}

fn decode(grammars: &Grammars, stream: &[u8], settings: &Settings) -> Option<String> {
    let mut decoder = Decoder::new(grammars, stream, settings, streams::LIMITS).expect("a header");
    let mut writer = if settings.preserve.prefixes { Writer::default() } else { Writer::gathered() };
    while let Some(item) = decoder.next_ref().expect("what was written is read") {
        writer.write(item).ok()?;
    }
    Some(writer.out)
}

fuzz_target!(|data: &[u8]| {
    let Some((settings, grammars, text)) = streams::parts(data) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Some(stream) = encode(grammars, text, &settings) else { return };
    let Some(first) = decode(grammars, &stream, &settings) else { return };
    let second = round(grammars, &first, &settings);
    assert_eq!(round(grammars, &second, &settings), second);
});

fn round(grammars: &Grammars, text: &str, settings: &Settings) -> String {
    let stream = encode(grammars, text, settings).expect("text from a stream is read");
    decode(grammars, &stream, settings).expect("what was a text once is one again")
}
