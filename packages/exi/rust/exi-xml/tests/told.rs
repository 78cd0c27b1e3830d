//! What a schema declares becomes the same text told as by items, the first time and again.

#[path = "../../exi-core/tests/streams/mod.rs"]
mod streams;

use exi_core::stream::{Decoder, Grammars, Item, Limits, Preserve, Settings};
use exi_core::Error;
use exi_xml::Writer;
use streams::*;

/// The text of a stream with a writer that may have written before.
fn written(
    writer: &mut Writer,
    grammars: &Grammars,
    data: &[u8],
    settings: &Settings,
    most: u32,
) -> Result<String, Error> {
    let mut decoder = Decoder::new(grammars, data, settings, Limits::default())?;
    loop {
        decoder.tell(writer, most)?;
        match decoder.next()? {
            Some(item) => writer.push(item)?,
            None => break,
        }
    }
    let text = writer.out.clone();
    writer.clear();
    Ok(text)
}

fn stream(grammars: &Grammars, items: &[Item], settings: &Settings) -> Vec<u8> {
    plain(grammars, items, settings).expect("it can be written")
}

/// Documents of the schema with namespaces, with the namespaces in several orders.
fn documents() -> Vec<Vec<Item>> {
    let markup = [start(NS, "order"), start(NS, "note"), text("1 < 2 & \"so\" \r\u{e4}"), END, END];
    let foreign =
        [start(NS, "order"), start("urn:first", "x"), END, start(NS, "item"), attribute("", "colour", "red")];
    let foreign = foreign.into_iter().chain(leaf(PARTS, "count", "7")).chain([END, END]);
    let empty = [start(NS, "order"), END];
    let mut all = [valid_order(9), valid_order(0), odd_order()].map(qualified).to_vec();
    all.extend([document(markup), document(foreign), document(empty)]);
    all
}

fn all_settings() -> impl Iterator<Item = Settings> {
    let lexical = Preserve { lexical_values: true, ..Preserve::default() };
    let pairs = ALIGNMENTS
        .into_iter()
        .flat_map(move |alignment| [(alignment, Preserve::default()), (alignment, lexical)]);
    pairs.map(|(alignment, preserve)| Settings { alignment, preserve, ..Settings::default() })
}

#[test]
fn told_and_by_items_is_the_same_text_gathered_or_not() {
    let grammars = qualified_order_schema();
    for settings in all_settings() {
        for items in documents() {
            let data = stream(&grammars, &items, &settings);
            for new in [Writer::gathered, Writer::default] {
                let by_items = written(&mut new(), &grammars, &data, &settings, 0).expect("it is whole");
                for most in [1, 3, u32::MAX] {
                    assert_eq!(
                        written(&mut new(), &grammars, &data, &settings, most).as_ref(),
                        Ok(&by_items)
                    );
                }
            }
        }
    }
}

#[test]
fn a_writer_that_has_written_writes_what_a_new_one_does() {
    let settings = Settings::default();
    let schemas =
        [qualified_order_schema(), order_schema(), Grammars::schema_less(), qualified_order_schema()];
    let mut used = Writer::gathered();
    for round in 0..3 {
        for items in documents().iter().skip(round).chain(&documents()) {
            for grammars in &schemas {
                let data = stream(grammars, items, &settings);
                let fresh = written(&mut Writer::gathered(), grammars, &data, &settings, u32::MAX);
                assert_eq!(written(&mut used, grammars, &data, &settings, u32::MAX), fresh);
            }
        }
    }
}

#[test]
fn a_fragment_declares_at_each_root_what_it_names() {
    let settings = Settings { fragment: true, ..Settings::default() };
    let grammars = qualified_order_schema();
    let mut items = qualified(valid_order(1));
    let roots = items[1..items.len() - 1].to_vec();
    let foreign = [start("urn:z", "z"), END];
    items.splice(1..1, foreign.into_iter().chain(roots.clone()).chain(leaf(PARTS, "count", "1")));
    let data = stream(&grammars, &items, &settings);
    let by_items = written(&mut Writer::gathered(), &grammars, &data, &settings, 0).expect("it is whole");
    let told = written(&mut Writer::gathered(), &grammars, &data, &settings, u32::MAX);
    assert_eq!(told.as_ref(), Ok(&by_items));
    assert!(by_items.contains("<ns0:z xmlns:ns0=\"urn:z\"/><ns0:order xmlns:ns0=\"urn:test\""), "{by_items}");
}

#[test]
fn a_stream_that_fails_leaves_nothing_to_the_next() {
    let settings = Settings::default();
    let grammars = qualified_order_schema();
    let good = stream(&grammars, &qualified(valid_order(5)), &settings);
    let expected = written(&mut Writer::gathered(), &grammars, &good, &settings, 0).expect("it is whole");
    let mut used = Writer::gathered();
    for end in 1..good.len() - 1 {
        assert!(written(&mut used, &grammars, &good[..end], &settings, u32::MAX).is_err());
        used.clear();
        assert_eq!(written(&mut used, &grammars, &good, &settings, u32::MAX).as_ref(), Ok(&expected));
    }
}

#[test]
fn what_xml_cannot_hold_is_refused_told_as_by_items() {
    let settings = Settings::default();
    let grammars = qualified_order_schema();
    let note = [start(NS, "order"), start(NS, "note"), text("a\0"), END, END];
    let data = stream(&grammars, &document(note), &settings);
    let by_items = written(&mut Writer::gathered(), &grammars, &data, &settings, 0).expect_err("NUL");
    let told = written(&mut Writer::gathered(), &grammars, &data, &settings, u32::MAX);
    assert_eq!(told.as_ref().map_err(Error::reason), Err(by_items.reason()));
}
