//! The usual way through a text gives what its items give, whatever texts came before.

use exi_core::stream::{Encoder, Grammars, HeaderStyle, Item, Settings};
use exi_xml::{read, read_to, Fault, Habits, Keep, Writer};

#[path = "../../exi-core/tests/streams/mod.rs"]
mod streams;

type Outcome = Result<Vec<u8>, String>;

fn encoder(grammars: &Grammars, settings: &Settings) -> Encoder {
    Encoder::new(grammars, settings, &HeaderStyle::default()).expect("settings that go together")
}

fn keep(settings: &Settings) -> Keep {
    let kept = settings.preserve;
    Keep { comments: kept.comments, pis: kept.pis, dtd: kept.dtd, prefixes: kept.prefixes, fragment: false }
}

fn by_items(grammars: &Grammars, text: &str, settings: &Settings) -> Outcome {
    let mut encoder = encoder(grammars, settings);
    let done = read(text, keep(settings), |item, _| encoder.put(item));
    done.map_err(reason).map(|()| encoder.finish().expect("all was read"))
}

fn usual(grammars: &Grammars, text: &str, settings: &Settings, habits: &mut Habits) -> Outcome {
    let mut encoder = encoder(grammars, settings);
    let done = read_to(text, keep(settings), &mut encoder, habits);
    done.map_err(reason).map(|()| encoder.finish().expect("all was read"))
}

fn reason(fault: Fault<exi_core::Error>) -> String {
    match fault {
        Fault::Xml(reason, at) => format!("{reason} at {at}"),
        Fault::Taker(error) => error.to_string(),
    }
}

fn text_of(items: Vec<Item>) -> String {
    let mut writer = Writer::default();
    items.into_iter().for_each(|item| writer.push(item).expect("an order is XML"));
    writer.out
}

fn variants(text: &str) -> Vec<String> {
    let changes = [
        ("<count>", "<count >"),
        ("</count>", "</count >"),
        ("<count>", "<count> "),
        ("<count>", "<count>&#49;"),
        ("<count>1", "<count>one"),
        ("<count>", "<count x='y'>"),
        ("<count>", "<count xmlns='urn:other'>"),
        ("<count>", "<count><!-- c -->"),
        ("<count>", "<count><![CDATA[1]]>"),
        ("<count>", "x<count>"),
        ("</item>", "</count>"),
        ("</item>", ""),
        ("</item>", " </item>"),
        ("<name>", "<name/><name>"),
        ("<name>", "<name></name><name>"),
        ("<name>", "<name> </name><name>"),
        ("<name>thing", "<name>th\u{1}ng"),
        ("<name>thing", "<name>th<b/>ng"),
        ("<name>thing", "<name>thing]]>"),
        ("<name>thing", "<name>thing\r\n"),
        ("><", ">\n  <"),
        ("<note>", "<unknown/><note>"),
        ("urn:test", "urn:else"),
    ];
    let changed = changes.iter().flat_map(|(old, new)| [text.replacen(old, new, 1), text.replace(old, new)]);
    [text.to_owned()].into_iter().chain(changed).collect()
}

#[test]
fn any_order_of_texts_gives_what_their_items_give() {
    let grammars = streams::order_schema();
    let texts = variants(&text_of(streams::valid_order(20)));
    for strict in [false, true] {
        let mut habits = Habits::default();
        for alignment in streams::ALIGNMENTS {
            for preserve in [Default::default(), streams::all_preserved()] {
                if strict && preserve != Default::default() {
                    continue;
                }
                let settings = Settings { alignment, strict, preserve, ..Settings::default() };
                for text in texts.iter().chain(texts.iter().rev()) {
                    let expected = by_items(&grammars, text, &settings);
                    assert_eq!(usual(&grammars, text, &settings, &mut habits), expected, "{text}");
                }
            }
        }
    }
}

#[test]
fn what_is_kept_of_texts_has_bounds() {
    let grammars = streams::order_schema();
    let mut habits = Habits::default();
    let settings = Settings::default();
    let known = habits.len();
    for round in 0..4 {
        let prefix = |at: usize| format!("p{}", "x".repeat((at + round) % 40));
        let item = |at: usize| {
            let name = format!("{}:n{at}", prefix(at));
            format!("<{name} xmlns:{}='urn:{at}'>1</{name}><e{at}>1</e{at}>", prefix(at))
        };
        let items: String = (0..2000).map(item).collect();
        let text = format!("<t:order xmlns:t='urn:test'>{items}</t:order>");
        assert_eq!(usual(&grammars, &text, &settings, &mut habits), by_items(&grammars, &text, &settings));
        assert!(habits.len() <= known + 4096);
    }
}
