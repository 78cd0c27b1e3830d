//! How long decoding takes without Python: nanoseconds per message into a sink that keeps nothing,
//! and per event list. `cargo run --release -p exi-core --example skip`

use std::hint::black_box;
use std::time::Instant;

#[path = "../tests/common/mod.rs"]
mod common;

use common::{app_protocol, element, leaf, APP};
use exi_core::{
    compile, decode, decode_events, encode_events, EncodeOptions, Event, Limits, Options, Skip, Tables,
};

const ROUNDS: usize = 15;
const REPEATS: u32 = 20_000;

fn main() {
    let tables = compile(&app_protocol(), Options::default()).expect("the schema of the handshake compiles");
    let protocol = |namespace: &str, priority: &str| {
        let names = ["ProtocolNamespace", "VersionNumberMajor", "VersionNumberMinor", "SchemaID", "Priority"];
        let values = [namespace, "2", "0", "10", priority];
        element("", "AppProtocol", names.iter().zip(values).map(|(name, value)| leaf(name, value)).collect())
    };
    let request = vec![
        protocol("urn:iso:std:iso:15118:-20:DC", "1"),
        protocol("urn:iso:15118:2:2013:MsgDef", "2"),
        protocol("urn:din:70121:2012:MsgDef", "3"),
    ];
    report("supportedAppProtocolReq", &tables, &element(APP, "supportedAppProtocolReq", request));
    let response = vec![leaf("ResponseCode", "OK_SuccessfulNegotiation"), leaf("SchemaID", "10")];
    report("supportedAppProtocolRes", &tables, &element(APP, "supportedAppProtocolRes", response));
}

fn report(name: &str, tables: &Tables, events: &[Event]) {
    let data = encode_events(tables, events, false, EncodeOptions::default()).expect("the sample is valid");
    let limits = Limits::default();
    let skip = time(|| {
        black_box(decode(tables, black_box(&data), false, limits, &mut Skip, &mut ()).is_ok());
    });
    let list = time(|| {
        black_box(decode_events(tables, black_box(&data), false, limits).is_ok());
    });
    println!("{name}: {} bytes, skip {skip:.0} ns, events {list:.0} ns", data.len());
}

/// The least time of a call over the rounds, in nanoseconds.
fn time(mut call: impl FnMut()) -> f64 {
    let round = |call: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..REPEATS).for_each(|_| call());
        start.elapsed().as_nanos() as f64 / f64::from(REPEATS)
    };
    (0..ROUNDS).map(|_| round(&mut call)).fold(f64::INFINITY, f64::min)
}
