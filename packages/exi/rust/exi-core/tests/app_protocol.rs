//! The handshake schema, checked against bytes that EXIficient wrote.

mod common;

use common::{app_protocol, element, hex, leaf, APP};
use exi_core::{
    compile, decode, decode_events, encode_events, EncodeOptions, ErrorKind, Event, Limits, Options, Skip,
};

fn protocol(namespace: &str, major: &str, id: &str, priority: &str) -> Vec<Event> {
    let parts = vec![
        leaf("ProtocolNamespace", namespace),
        leaf("VersionNumberMajor", major),
        leaf("VersionNumberMinor", "0"),
        leaf("SchemaID", id),
        leaf("Priority", priority),
    ];
    element("", "AppProtocol", parts)
}

fn request(count: usize) -> Vec<Event> {
    let one = |_| protocol("urn:din:70121:2012:MsgDef", "2", "1", "1");
    element(APP, "supportedAppProtocolReq", (0..count).map(one).collect())
}

#[test]
fn a_response_has_the_bytes_of_exificient() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    let parts = vec![leaf("ResponseCode", "OK_SuccessfulNegotiation"), leaf("SchemaID", "1")];
    let events = element(APP, "supportedAppProtocolRes", parts);
    let data = encode_events(&tables, &events, false, EncodeOptions::default()).unwrap();
    assert_eq!(data, hex("80400040"));
    assert_eq!(decode_events(&tables, &data, false, Limits::default()).unwrap(), (events, 28));
}

#[test]
fn arrays_of_every_length_come_back_and_one_more_is_refused() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    for count in 1..=20 {
        let data = encode_events(&tables, &request(count), false, EncodeOptions::default()).unwrap();
        assert_eq!(decode_events(&tables, &data, false, Limits::default()).unwrap().0, request(count));
    }
    for count in [0, 21] {
        let error = encode_events(&tables, &request(count), false, EncodeOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Content);
    }
}

#[test]
fn the_code_after_the_last_copy_is_a_bit_narrower() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    let bits = |count| {
        let data = encode_events(&tables, &request(count), false, EncodeOptions::default()).unwrap();
        decode(&tables, &data, false, Limits::default(), &mut Skip, &mut ()).unwrap()
    };
    let step = bits(18) - bits(17);
    assert_eq!(bits(19) - bits(18), step);
    assert_eq!(bits(20) - bits(19), step - 1);
}

#[test]
fn errors_name_the_field_and_the_bit() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    let data = encode_events(&tables, &request(1), false, EncodeOptions::default()).unwrap();
    let cut = &data[..20];
    let error = decode_events(&tables, cut, false, Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EndOfStream);
    assert_eq!(error.path(), "supportedAppProtocolReq/AppProtocol/ProtocolNamespace");
    assert_eq!(error.bit(), Some(21));
    let wrong = element(APP, "supportedAppProtocolReq", vec![protocol("urn", "2", "256", "1")]);
    let error = encode_events(&tables, &wrong, false, EncodeOptions::default()).unwrap_err();
    assert_eq!(
        (error.kind(), error.path().as_str()),
        (ErrorKind::Facet, "supportedAppProtocolReq/AppProtocol/SchemaID")
    );
}

#[test]
fn any_header_but_ours_is_refused() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    for header in [0x00, 0x81, 0xa0, 0x24] {
        let error = decode_events(&tables, &[header, 0x40, 0, 0x40], false, Limits::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Header);
    }
}

#[test]
fn a_text_that_comes_in_two_parts_is_one_event() {
    let tables = compile(&app_protocol(), Options::default()).unwrap();
    // Found by fuzzing: ProtocolNamespace, once as declared and once more as undeclared characters.
    let parted = hex("8000313df231f22e000080814030008081400000");
    let (events, _) = decode_events(&tables, &parted, false, Limits::default()).unwrap();
    assert!(events.windows(2).all(|pair| !matches!(pair, [Event::Characters(_), Event::Characters(_)])));
    let again = encode_events(&tables, &events, false, EncodeOptions::default()).unwrap();
    assert_eq!(decode_events(&tables, &again, false, Limits::default()).unwrap().0, events);
}
