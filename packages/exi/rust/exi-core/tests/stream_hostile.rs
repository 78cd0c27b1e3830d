//! Hostile streams: every bound holds before anything is allocated, nothing loops, nothing panics.

mod random;
mod streams;

use std::time::{Duration, Instant};

use exi_core::schema::{Content, Particle, Primitive, SimpleType, Term, TypeRef};
use exi_core::stream::{
    Alignment, Decoder, Encoder, Grammars, HeaderStyle, Item, Limits, Preserve, Settings,
};
use exi_core::ErrorKind;
use random::Random;
use streams::*;

fn all_grammars() -> [Grammars; 3] {
    [Grammars::schema_less(), Grammars::built_in_types(), order_schema()]
}

fn kind(grammars: &Grammars, data: &[u8], settings: &Settings, limits: Limits) -> Option<ErrorKind> {
    decode_within(grammars, data, settings, limits).err().map(|error| error.kind())
}

/// An unsigned integer of seven bits an octet.
fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

#[test]
fn lengths_beyond_the_stream_are_refused_everywhere() {
    // Byte-aligned: header, SE(*), then the length of a uri, of a local name, of a value.
    let settings = Settings { alignment: Alignment::ByteAligned, ..Settings::default() };
    for length in [10, 1 << 20, u64::from(u32::MAX), u64::MAX - 2, u64::MAX] {
        let long = unsigned(length);
        let uri = [&[0x80, 0][..], &long].concat();
        let local = [&[0x80, 1][..], &long].concat();
        let value = [&[0x80, 1, 2, b'a', 3][..], &long].concat();
        for data in [uri, local, value] {
            let found = kind(&Grammars::schema_less(), &data, &settings, Limits::default());
            assert!(matches!(found, Some(ErrorKind::EndOfStream | ErrorKind::Invalid)), "{data:?} {found:?}");
        }
    }
}

#[test]
fn lengths_of_lists_and_restricted_strings_are_refused_too() {
    let mut b = Builder::new();
    let item =
        b.simple(None, SimpleType { enumeration: vec!["x".into()], ..SimpleType::plain(Primitive::String) });
    let list = b.simple(None, SimpleType { item: Some(item), ..SimpleType::plain(Primitive::List) });
    let set = b.simple(None, SimpleType { charset: Some(vec!['a']), ..SimpleType::plain(Primitive::String) });
    b.element("", "l", TypeRef::Simple(list), true);
    b.element("", "s", TypeRef::Simple(set), true);
    let grammars = b.grammars();
    let settings = Settings { alignment: Alignment::ByteAligned, strict: true, ..Settings::default() };
    for root in [0, 1] {
        let data = [&[0x80, root][..], &unsigned(1 << 40)].concat();
        assert_eq!(kind(&grammars, &data, &settings, Limits::default()), Some(ErrorKind::EndOfStream));
    }
}

#[test]
fn integers_without_end_are_refused() {
    let mut b = Builder::new();
    let integer = b.simple(None, SimpleType::plain(Primitive::Integer));
    b.element("", "v", TypeRef::Simple(integer), true);
    let grammars = b.grammars();
    let settings = Settings { alignment: Alignment::ByteAligned, strict: true, ..Settings::default() };
    let data = [&[0x80, 0, 0][..], &[0xff; 20_000]].concat();
    assert_eq!(kind(&grammars, &data, &settings, Limits::default()), Some(ErrorKind::Limit));
}

#[test]
fn depth_is_bounded_without_recursion() {
    for grammars in all_grammars() {
        for alignment in ALIGNMENTS {
            let settings = Settings { alignment, ..Settings::default() };
            let mut encoder = Encoder::new(&grammars, &settings, &HeaderStyle::default()).unwrap();
            encoder.set_depth(20_000);
            encoder.push(Item::StartDocument).unwrap();
            for _ in 0..20_000 {
                encoder.push(start("", "deep")).unwrap();
            }
            for _ in 0..20_000 {
                encoder.push(END).unwrap();
            }
            encoder.push(Item::EndDocument).unwrap();
            let data = encoder.finish().unwrap();
            assert_eq!(kind(&grammars, &data, &settings, Limits::default()), Some(ErrorKind::Limit));
            let deep = Limits { depth: 20_000, ..Limits::default() };
            assert_eq!(kind(&grammars, &data, &settings, deep), None);
        }
    }
}

#[test]
fn strings_that_refer_back_count_in_full() {
    let settings = Settings::default();
    let mut items = vec![start("", "r")];
    let long = "x".repeat(10_000);
    for _ in 0..1_000 {
        items.extend(leaf("", "v", &long));
    }
    items.push(END);
    let data = plain(&Grammars::schema_less(), &document(items), &settings).unwrap();
    assert!(data.len() < 12_000);
    let limits = Limits { text: 1 << 20, ..Limits::default() };
    assert_eq!(kind(&Grammars::schema_less(), &data, &settings, limits), Some(ErrorKind::Limit));
}

#[test]
fn a_small_stream_does_not_inflate_without_bound() {
    let settings = Settings { alignment: Alignment::Compression, ..Settings::default() };
    let items = document(leaf("", "a", &"0".repeat(8 << 20)));
    let data = plain(&Grammars::schema_less(), &items, &settings).unwrap();
    assert!(data.len() < 20_000);
    let tight = Limits { ratio: 50, ..Limits::default() };
    assert_eq!(kind(&Grammars::schema_less(), &data, &settings, tight), Some(ErrorKind::Limit));
    let small = Limits { inflated: 1 << 20, ..Limits::default() };
    assert_eq!(kind(&Grammars::schema_less(), &data, &settings, small), Some(ErrorKind::Limit));
    assert_eq!(kind(&Grammars::schema_less(), &data, &settings, Limits::default()), None);
}

#[test]
fn elements_that_take_no_bits_are_bounded_by_the_number_of_events() {
    let mut b = Builder::new();
    let empty = b.complex(None, Content::Empty);
    let many = b.particle("e", TypeRef::Complex(empty), 4_000_000_000, Some(4_000_000_000));
    let root = b.complex(None, sequence(vec![many]));
    b.element("", "r", TypeRef::Complex(root), true);
    let grammars = b.grammars();
    for alignment in ALIGNMENTS {
        let settings = Settings { alignment, strict: true, ..Settings::default() };
        let limits = Limits { events: 20_000, ..Limits::default() };
        let data = [0x80, 0, 0, 0];
        let found = kind(&grammars, &data, &settings, limits);
        assert!(
            matches!(found, Some(ErrorKind::Limit | ErrorKind::Invalid | ErrorKind::EndOfStream)),
            "{found:?}"
        );
    }
}

#[test]
fn counts_that_nest_without_end_compile_or_are_refused_in_time() {
    for (inner, outer) in [(4_000_000_000, 1_000_000_000), (3, 1_000_000), (1_000_000, 3)] {
        for minimum in [0, 1, 1000] {
            let mut b = Builder::new();
            let empty = b.complex(None, Content::Empty);
            let a = b.particle("a", TypeRef::Complex(empty), minimum, Some(inner));
            let group =
                Particle { minimum: 0, maximum: Some(outer), ..Particle::one(Term::Sequence(vec![a])) };
            let root = b.complex(None, Content::Elements(group));
            b.element("", "r", TypeRef::Complex(root), true);
            let grammars = b.grammars();
            let begin = Instant::now();
            let made = grammars.check(false);
            assert!(begin.elapsed() < Duration::from_secs(20));
            if made.is_ok() {
                let count = (minimum.max(1) * 2) as usize;
                let inner = (0..count).flat_map(|_| [start("", "a"), END]);
                let items: Vec<Item> = std::iter::once(start("", "r")).chain(inner).chain([END]).collect();
                round_trip(&grammars, &document(items), &Settings::default());
            }
        }
    }
}

#[test]
fn many_names_and_values_take_linear_time() {
    let time = |count: usize| {
        let mut items = vec![start("", "r")];
        for index in 0..count {
            items.extend([start(&format!("urn:{index}"), &format!("e{index}"))]);
            items.extend([
                attribute("", &format!("a{index}"), &format!("v{index}")),
                text(&format!("t{index}")),
                END,
            ]);
        }
        items.push(END);
        let items = document(items);
        let begin = Instant::now();
        let data = plain(&Grammars::schema_less(), &items, &Settings::default()).unwrap();
        assert_eq!(decode(&Grammars::schema_less(), &data, &Settings::default()).unwrap(), items);
        begin.elapsed().as_secs_f64()
    };
    let (small, large) = (time(2_000), time(20_000));
    assert!(large < small * 40.0 + 2.0, "{small} {large}");
}

#[test]
fn damaged_streams_end_in_an_error_or_in_items() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let limits = Limits { events: 20_000, text: 1 << 22, inflated: 1 << 22, ..Limits::default() };
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    for grammars in all_grammars() {
        for alignment in ALIGNMENTS {
            for preserve in
                [Preserve::default(), all_preserved(), Preserve { lexical_values: true, ..all_preserved() }]
            {
                let settings = Settings { alignment, preserve, block_size: 20, ..Settings::default() };
                let data = encode(&grammars, &valid_order(12), &settings, &style).unwrap();
                for _ in 0..150 {
                    let mut damaged = data.clone();
                    for _ in 0..random.next() % 4 + 1 {
                        let at = random.next() as usize % damaged.len();
                        damaged[at] ^= 1 << (random.next() % 8);
                    }
                    damaged.truncate(random.next() as usize % damaged.len() + 1);
                    let _ = decode_within(&grammars, &damaged, &Settings::default(), limits);
                }
            }
        }
    }
}

#[test]
fn noise_ends_in_an_error_or_in_items() {
    let mut random = Random(42);
    let limits = Limits { events: 20_000, text: 1 << 22, inflated: 1 << 22, ..Limits::default() };
    for grammars in all_grammars() {
        for alignment in ALIGNMENTS {
            let preserve = all_preserved();
            for settings in [
                Settings { alignment, preserve, ..Settings::default() },
                Settings { alignment, strict: true, ..Settings::default() },
                Settings { alignment, fragment: true, ..Settings::default() },
                Settings {
                    self_contained: !alignment.has_channels(),
                    alignment,
                    preserve,
                    ..Settings::default()
                },
            ] {
                for header in [0x80, 0xa0] {
                    for _ in 0..60 {
                        let mut data = vec![header];
                        data.extend((0..random.next() % 80).map(|_| (random.next() >> 8) as u8));
                        let _ = decode_within(&grammars, &data, &settings, limits);
                    }
                }
            }
        }
    }
}

#[test]
fn after_an_error_there_is_nothing_more() {
    let data = [0x80, 1, 2, b'a', 9];
    let settings = Settings { alignment: Alignment::ByteAligned, ..Settings::default() };
    let mut decoder =
        Decoder::new(&Grammars::schema_less(), &data[..], &settings, Limits::default()).unwrap();
    let mut errors = 0;
    for _ in 0..10 {
        match decoder.next() {
            Ok(Some(_)) => assert_eq!(errors, 0),
            Ok(None) => assert_eq!(errors, 1),
            Err(error) => {
                errors += 1;
                assert_eq!(error.path(), "a");
                assert!(error.bit().is_some());
            }
        }
    }
    assert_eq!(errors, 1);
}

#[test]
fn items_out_of_order_are_errors_of_the_encoder() {
    for wrong in [
        vec![END],
        vec![attribute("", "a", "1")],
        vec![start("", "a"), text("t"), attribute("", "a", "1")],
        vec![start("", "a"), END, start("", "b"), END, Item::EndDocument],
        vec![start("", "a"), Item::EndDocument],
        vec![text("outside")],
        vec![Item::EndDocument],
        vec![start("", "a"), attribute("", "x", "1"), attribute("", "x", "2"), END],
        vec![start("", "a"), Item::SelfContained, END],
    ] {
        for grammars in all_grammars() {
            let mut encoder = Encoder::new(&grammars, &Settings::default(), &HeaderStyle::default()).unwrap();
            let items = std::iter::once(Item::StartDocument).chain(wrong.clone());
            let result = items.into_iter().try_for_each(|item| encoder.push(item));
            assert!(result.is_err() || encoder.finish().is_err(), "{wrong:?}");
        }
    }
    let encoder =
        Encoder::new(&Grammars::schema_less(), &Settings::default(), &HeaderStyle::default()).unwrap();
    assert_eq!(encoder.finish().unwrap_err().kind(), ErrorKind::Content);
}

#[test]
fn aligned_integers_beyond_their_width_are_refused() {
    let mut b = Builder::new();
    let date = b.built_in("date", Primitive::Date);
    b.element("", "v", TypeRef::Simple(date), true);
    let settings = Settings { alignment: Alignment::ByteAligned, strict: true, ..Settings::default() };
    // SE(v), xsi:type or not, year 2000, 25 January, a time zone of more than 11 bits.
    let data = [0x80, 0, 0, 0, 0, 0x39, 0, 1, 0xff, 0xff];
    let grammars = b.grammars();
    assert_eq!(kind(&grammars, &data, &settings, Limits::default()), Some(ErrorKind::Invalid));
}
