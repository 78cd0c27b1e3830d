//! The header: cookie, version, options document, padding, and what contradicts itself.

mod streams;

use exi_core::stream::{
    Alignment, Decoder, Encoder, Grammars, HeaderStyle, Item, Limits, Preserve, Profile, SchemaId, Settings,
    DEFAULT_BLOCK_SIZE,
};
use exi_core::ErrorKind;
use streams::*;

fn tiny() -> Vec<Item> {
    document([start("", "a"), END])
}

fn style(cookie: bool, options: bool) -> HeaderStyle {
    HeaderStyle { cookie, options, ..HeaderStyle::default() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_shortest_header_is_one_byte() {
    let data = plain(&Grammars::schema_less(), &tiny(), &Settings::default()).unwrap();
    assert_eq!(data[0], 0x80);
}

#[test]
fn a_cookie_is_told_from_the_rest() {
    let grammars = Grammars::schema_less();
    let data = encode(&grammars, &tiny(), &Settings::default(), &style(true, false)).unwrap();
    assert!(data.starts_with(b"$EXI\x80"));
    let decoder = Decoder::new(&grammars, &data, &Settings::default(), Limits::default()).unwrap();
    assert!(decoder.header().cookie && !decoder.header().options);
    assert_eq!((decoder.header().version, decoder.header().bits), (1, 40));
}

#[test]
fn an_empty_options_document_takes_two_bits() {
    // header, then neither lesscommon nor common nor strict: SE(header) of two, EE of four.
    let data = encode(&Grammars::schema_less(), &tiny(), &Settings::default(), &style(false, true)).unwrap();
    assert_eq!(hex(&data[..1]), "a0");
    let decoder =
        Decoder::new(&Grammars::schema_less(), &data, &Settings::default(), Limits::default()).unwrap();
    assert_eq!(decoder.header().bits, 8 + 1 + 2);
}

#[test]
fn versions_are_sums_of_four_bits_and_all_but_final_version_one_are_refused() {
    let reason = |data: &[u8]| {
        let result = Decoder::new(&Grammars::schema_less(), data, &Settings::default(), Limits::default());
        let error = result.err().expect("the version is refused");
        assert_eq!(error.kind(), ErrorKind::Header);
        error.reason().to_owned()
    };
    assert!(reason(&[0b1001_0000]).contains("preview version 1 "));
    assert!(reason(&[0b1000_1110]).contains("final version 15 "));
    assert!(reason(&[0b1000_1111, 0b0000_0000]).contains("final version 16 "));
    assert!(reason(&[0b1000_1111, 0b0001_0000]).contains("final version 17 "));
    assert!(reason(&[0b1000_1111, 0b1111_0001, 0]).contains("final version 32 "));
    assert!(Decoder::new(
        &Grammars::schema_less(),
        &[0xff; 4096][..],
        &Settings::default(),
        Limits::default()
    )
    .is_err());
}

#[test]
fn what_is_no_exi_is_named() {
    let reason = |data: &'static [u8]| {
        let result = Decoder::new(&Grammars::schema_less(), data, &Settings::default(), Limits::default());
        result.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(reason(b"<a/>").contains("XML"));
    assert!(reason(b"\x1f\x8b\x08\x00").contains("gzip"));
    assert!(!reason(b"$EX").is_empty() && !reason(b"").is_empty() && !reason(b"$EXI").is_empty());
}

/// Settings that set every option in turn and many together.
fn all_settings() -> Vec<Settings> {
    let base = Settings::default;
    let preserve = |bits: u32| Preserve {
        comments: bits & 1 != 0,
        pis: bits & 2 != 0,
        dtd: bits & 4 != 0,
        prefixes: bits & 8 != 0,
        lexical_values: bits & 16 != 0,
    };
    let mut all = vec![base()];
    for alignment in ALIGNMENTS {
        all.push(Settings { alignment, ..base() });
        all.push(Settings { alignment, fragment: true, block_size: 17, ..base() });
        all.push(Settings { alignment, strict: true, schema_id: SchemaId::Named("urn:é".into()), ..base() });
        for bits in 0..32 {
            all.push(Settings { alignment, preserve: preserve(bits), ..base() });
        }
    }
    for id in [SchemaId::SchemaLess, SchemaId::BuiltInTypes, SchemaId::Named("s".into())] {
        all.push(Settings { schema_id: id, ..base() });
    }
    for value in [0, 1, 300, u32::MAX] {
        all.push(Settings { value_max_length: Some(value), ..base() });
        all.push(Settings { value_capacity: Some(value), ..base() });
        all.push(Settings { block_size: value.max(1), ..base() });
    }
    let map = vec![
        (qname(XSD, "decimal"), qname("http://www.w3.org/2009/exi", "string")),
        (qname("urn:mine", "type"), qname("urn:mine", "codec")),
    ];
    all.push(Settings { datatype_map: map, ..base() });
    all.push(Settings { user_defined: vec![qname("urn:mine", "meta"), qname("", "plain")], ..base() });
    all.push(Settings { self_contained: true, preserve: preserve(15), ..base() });
    for local_value_partitions in [true, false] {
        for bound in [None, Some(0), Some(10), Some(1200)] {
            let max_element_grammars = bound;
            let max_productions = bound.map(|bound| bound * 10);
            let profile = Some(Profile { local_value_partitions, max_element_grammars, max_productions });
            all.push(Settings { profile, ..base() });
        }
    }
    all
}

#[test]
fn every_option_comes_back_from_the_options_document() {
    struct Any;
    impl exi_core::stream::Schemas for Any {
        fn find(&self, _: &SchemaId) -> exi_core::Result<Grammars> {
            Ok(Grammars::built_in_types())
        }
    }
    for settings in all_settings() {
        let grammars = match settings.schema_id {
            SchemaId::SchemaLess => Grammars::schema_less(),
            _ => Grammars::built_in_types(),
        };
        let data = encode(&grammars, &tiny(), &settings, &style(true, true)).unwrap();
        let misled = Settings { alignment: Alignment::ByteAligned, fragment: true, ..Settings::default() };
        let schemas: &dyn exi_core::stream::Schemas =
            if settings.schema_id == SchemaId::SchemaLess { &grammars } else { &Any };
        let decoder = Decoder::new(schemas, &data, &misled, Limits::default()).unwrap();
        // Without channels the size of blocks means nothing and is left out.
        let block_size =
            if settings.alignment.has_channels() { settings.block_size } else { DEFAULT_BLOCK_SIZE };
        assert_eq!(*decoder.settings(), Settings { block_size, ..settings });
        assert_eq!(decode(schemas, &data, &misled).unwrap().last(), Some(&Item::EndDocument));
    }
}

#[test]
fn the_schema_stays_as_agreed_when_the_document_names_none() {
    let agreed = Settings { schema_id: SchemaId::SchemaLess, ..Settings::default() };
    let data = encode(&Grammars::schema_less(), &tiny(), &Settings::default(), &style(false, true)).unwrap();
    let decoder = Decoder::new(&order_schema(), &data, &agreed, Limits::default()).unwrap();
    assert_eq!(decoder.settings().schema_id, SchemaId::SchemaLess);
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    let kept = |preserve: Preserve| Settings { strict: true, preserve, ..Settings::default() };
    let none = Preserve::default();
    let bad = [
        kept(Preserve { comments: true, ..none }),
        kept(Preserve { pis: true, ..none }),
        kept(Preserve { dtd: true, ..none }),
        kept(Preserve { prefixes: true, ..none }),
        Settings { strict: true, self_contained: true, ..Settings::default() },
        Settings { self_contained: true, alignment: Alignment::PreCompression, ..Settings::default() },
        Settings { self_contained: true, alignment: Alignment::Compression, ..Settings::default() },
        Settings { block_size: 0, ..Settings::default() },
    ];
    for settings in bad {
        let error = plain(&Grammars::built_in_types(), &tiny(), &settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Options, "{settings:?}");
    }
    let lexical = kept(Preserve { lexical_values: true, ..none });
    assert!(plain(&Grammars::built_in_types(), &tiny(), &lexical).is_ok());
}

#[test]
fn a_body_begins_on_a_byte_unless_it_is_bit_packed() {
    for alignment in ALIGNMENTS {
        let settings = Settings { alignment, value_max_length: Some(1), ..Settings::default() };
        let data = encode(&Grammars::schema_less(), &tiny(), &settings, &style(false, true)).unwrap();
        let decoder =
            Decoder::new(&Grammars::schema_less(), &data, &Settings::default(), Limits::default()).unwrap();
        assert_eq!(decoder.header().bits % 8 == 0, alignment != Alignment::BitPacked);
    }
}

#[test]
fn more_options_than_a_document_is_read_with_are_not_written() {
    let name = |number: usize| qname("urn:user", &format!("o{number}"));
    let settings = |count| Settings { user_defined: (0..count).map(name).collect(), ..Settings::default() };
    let style = HeaderStyle { options: true, ..HeaderStyle::default() };
    assert!(Encoder::new(&Grammars::schema_less(), &settings(4_000), &style).is_ok());
    let refused = Encoder::new(&Grammars::schema_less(), &settings(6_000), &style).err();
    assert_eq!(refused.map(|error| error.kind()), Some(ErrorKind::Options));
}
