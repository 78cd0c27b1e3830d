//! Invariant: any text is read or refused; what was read and has a place in a stream is read from it
//! again as a text that is read in turn, and from the second on all rounds give the same text. The usual
//! way through a text, learnt from all texts before, gives what its items give.
#![no_main]

use std::cell::RefCell;
use std::collections::HashMap;

use exi_core::stream::{Decoder, Encoder, Grammars, HeaderStyle, Settings};
use exi_xml::{Habits, Keep, Writer};
use libfuzzer_sys::fuzz_target;

#[path = "../streams.rs"]
mod streams;

thread_local! {
    static HABITS: RefCell<HashMap<(*const Grammars, bool), Habits>> = RefCell::default();
    static WRITER: RefCell<Writer> = RefCell::new(Writer::gathered());
}

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
    let by_items = exi_xml::read(text, keep, |item, _| encoder.put(item));
    let by_items = by_items.ok().map(|()| encoder.finish().expect("all was read"));
    let mut encoder = Encoder::new(grammars, settings, &HeaderStyle::default()).ok()?;
    encoder.set_depth(streams::LIMITS.depth);
    let usual = HABITS.with_borrow_mut(|habits| {
        let habits = habits.entry((grammars, settings.strict)).or_default();
        exi_xml::read_to(text, keep, &mut encoder, habits)
    });
    let usual = usual.ok().map(|()| encoder.finish().expect("all was read"));
    // Of a text that is wrong twice, either may come first.
    assert_eq!(usual, by_items);
    by_items
}

/// The text of a stream, the same told as by items, and with a writer that wrote all texts before.
fn decode(grammars: &Grammars, stream: &[u8], settings: &Settings) -> Option<String> {
    let new = if settings.preserve.prefixes { Writer::default } else { Writer::gathered };
    let text = written(&mut new(), grammars, stream, settings, 0);
    assert_eq!(written(&mut new(), grammars, stream, settings, u32::MAX), text);
    if !settings.preserve.prefixes {
        let again = WRITER.with_borrow_mut(|warm| written(warm, grammars, stream, settings, u32::MAX));
        assert_eq!(again, text);
    }
    text
}

fn written(
    writer: &mut Writer,
    grammars: &Grammars,
    stream: &[u8],
    settings: &Settings,
    most: u32,
) -> Option<String> {
    writer.clear();
    let mut decoder = Decoder::new(grammars, stream, settings, streams::LIMITS).expect("a header");
    loop {
        decoder.tell(writer, most).ok()?;
        match decoder.next().expect("what was written is read") {
            Some(item) => writer.push(item).ok()?,
            None => return Some(std::mem::take(&mut writer.out)),
        }
    }
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
