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

#[test]
fn a_root_that_came_before_binds_what_it_binds_in_its_own_text() {
    let grammars = streams::order_schema();
    let order = text_of(streams::valid_order(3));
    let root = order.split_once('>').expect("a tag").0.to_owned();
    let roots = [
        root.clone(),
        root.replace("urn:test", "&e;"),
        root.replace("urn:test", "urn:other"),
        format!("{root} xmlns:other='urn:other'"),
        format!("{root} other='1'"),
    ];
    let declared = ["", "<!DOCTYPE a [<!ENTITY e 'urn:test'>]>", "<!DOCTYPE a [<!ENTITY e 'urn:other'>]>"];
    let mut habits = Habits::default();
    for _ in 0..2 {
        for (root_now, declared) in roots.iter().flat_map(|root| declared.map(|declared| (root, declared))) {
            let text = format!("{declared}{}", order.replace(&root, root_now));
            for settings in
                [Settings::default(), Settings { preserve: streams::all_preserved(), ..Settings::default() }]
            {
                let expected = by_items(&grammars, &text, &settings);
                assert_eq!(usual(&grammars, &text, &settings, &mut habits), expected, "{text}");
            }
        }
    }
}

#[test]
fn prefixes_of_a_few_partners_are_kept_side_by_side_and_not_those_of_many() {
    let grammars = streams::order_schema();
    let settings = Settings::default();
    let order = text_of(streams::valid_order(3)).replace("ns0", "p");
    let texts: Vec<String> = (0..40)
        .map(|at| order.replace("p:", &format!("p{at}:")).replace(":p=", &format!(":p{at}=")))
        .collect();
    let mut habits = Habits::default();
    let mut kept = Vec::new();
    for text in &texts {
        assert_eq!(usual(&grammars, text, &settings, &mut habits), by_items(&grammars, text, &settings));
        kept.push(habits.len());
    }
    assert!(kept[0] > 0 && kept[1] == 2 * kept[0], "{kept:?}");
    assert!(kept.iter().all(|count| *count <= 8 * kept[0]), "{kept:?}");
    let long = order.replace("urn:test", &"u".repeat(10_000));
    assert_eq!(usual(&grammars, &long, &settings, &mut habits), by_items(&grammars, &long, &settings));
    assert!(habits.len() <= 8 * kept[0]);
}
