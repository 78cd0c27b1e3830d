//! The typed path alone: decoding to a sink that skips, encoding from events. Nanoseconds, least and
//! median of the rounds. `cargo bench -p exi-core --bench typed`
//!
//! The schema has the shape of ISO 15118-2: as many global elements, as many members of the body's
//! substitution group, the same types in the two messages.

use std::hint::black_box;

mod clock;

#[path = "../tests/common/mod.rs"]
mod common;

use clock::time;
use common::{element, leaf, qname, sequence, text, Builder};
use exi_core::schema::{Content, Particle, Primitive, SimpleType, Term, TypeRef};
use exi_core::{compile, decode, encode_events, EncodeOptions, Event, Limits, Options, Skip, Tables};

const ROUNDS: usize = 31;
const REPEATS: u32 = 5_000;
const NS: &str = "urn:iso:15118:2:2013:MsgDef";
const GLOBALS: usize = 80;
const MESSAGES: usize = 35;

fn main() {
    let tables = compile(&schema(), Options::default()).expect("the schema compiles");
    report("CurrentDemandReq", &tables, &message(current_demand()));
    report("PaymentDetailsReq", &tables, &message(payment_details()));
}

fn report(name: &str, tables: &Tables, events: &[Event]) {
    let options = EncodeOptions::default();
    let data = encode_events(tables, events, false, options).expect("the sample is valid");
    let reading = time(ROUNDS, REPEATS, || {
        black_box(decode(tables, black_box(&data), false, Limits::default(), &mut Skip, &mut ()).is_ok());
    });
    let writing = time(ROUNDS, REPEATS, || {
        black_box(encode_events(tables, black_box(events), false, options).is_ok());
    });
    println!(
        "{name} ({} bytes): decode to skip {:.0} ns (median {:.0}), encode from events {:.0} ns (median {:.0})",
        data.len(),
        reading.0,
        reading.1,
        writing.0,
        writing.1
    );
}

fn schema() -> exi_core::schema::Schema {
    let mut b = Builder::new(&[NS]);
    let session = b.plain(Primitive::HexBinary);
    let part = b.local("SessionID", TypeRef::Simple(session), 1, Some(1));
    let header = b.complex(sequence(vec![part]));
    let head_type = b.complex(Content::Empty);
    let head = b.element(NS, "BodyElement", TypeRef::Complex(head_type), true);
    let demand = current_demand_type(&mut b);
    let payment = payment_details_type(&mut b);
    let named = [("CurrentDemandReq", demand), ("PaymentDetailsReq", payment)];
    let others: Vec<(String, usize)> =
        (named.len() + 1..MESSAGES).map(|index| (format!("Message{index}"), head_type)).collect();
    let named = named.into_iter().map(|(name, complex)| (name.to_owned(), complex));
    for (name, complex) in named.chain(others) {
        let member = b.element(NS, &name, TypeRef::Complex(complex), true);
        b.0.elements[member].substitutes = Some(head);
    }
    let body = Particle { minimum: 0, ..Particle::one(Term::Element(head)) };
    let body = b.complex(sequence(vec![body]));
    let parts = vec![
        b.local("Header", TypeRef::Complex(header), 1, Some(1)),
        b.local("Body", TypeRef::Complex(body), 1, Some(1)),
    ];
    let root = b.complex(sequence(parts));
    b.element(NS, "V2G_Message", TypeRef::Complex(root), true);
    for index in MESSAGES + 1..GLOBALS {
        b.element(NS, &format!("Other{index}"), TypeRef::Complex(head_type), true);
    }
    b.0
}

fn enumeration(b: &mut Builder, count: usize) -> TypeRef {
    let enumeration = (0..count).map(|index| format!("VALUE_{index}")).collect();
    TypeRef::Simple(b.simple(SimpleType { enumeration, ..SimpleType::plain(Primitive::String) }))
}

fn current_demand_type(b: &mut Builder) -> usize {
    let flag = TypeRef::Simple(b.plain(Primitive::Boolean));
    let multiplier = TypeRef::Simple(b.integer(Some(-3), Some(3)));
    let value = TypeRef::Simple(b.integer(Some(-32768), Some(32767)));
    let percent = TypeRef::Simple(b.integer(Some(0), Some(100)));
    let unit = enumeration(b, 7);
    let error = enumeration(b, 12);
    let parts = vec![
        b.local("Multiplier", multiplier, 1, Some(1)),
        b.local("Unit", unit, 1, Some(1)),
        b.local("Value", value, 1, Some(1)),
    ];
    let physical = TypeRef::Complex(b.complex(sequence(parts)));
    let parts = vec![
        b.local("EVReady", flag, 1, Some(1)),
        b.local("EVErrorCode", error, 1, Some(1)),
        b.local("EVRESSSOC", percent, 1, Some(1)),
    ];
    let status = TypeRef::Complex(b.complex(sequence(parts)));
    let parts = vec![
        b.local("DC_EVStatus", status, 1, Some(1)),
        b.local("EVTargetCurrent", physical, 1, Some(1)),
        b.local("EVMaximumVoltageLimit", physical, 0, Some(1)),
        b.local("EVMaximumPowerLimit", physical, 0, Some(1)),
        b.local("EVMaximumCurrentLimit", physical, 0, Some(1)),
        b.local("BulkChargingComplete", flag, 0, Some(1)),
        b.local("ChargingComplete", flag, 1, Some(1)),
        b.local("RemainingTimeToFullSoC", physical, 0, Some(1)),
        b.local("RemainingTimeToBulkSoC", physical, 0, Some(1)),
        b.local("EVTargetVoltage", physical, 1, Some(1)),
    ];
    b.complex(sequence(parts))
}

fn payment_details_type(b: &mut Builder) -> usize {
    let id = SimpleType { max_length: Some(15), ..SimpleType::plain(Primitive::String) };
    let id = TypeRef::Simple(b.simple(id));
    let plain = b.plain(Primitive::String);
    let certificate = SimpleType { max_length: Some(800), ..SimpleType::plain(Primitive::Base64Binary) };
    let certificate = TypeRef::Simple(b.simple(certificate));
    let many = b.local("Certificate", certificate, 1, Some(4));
    let more = TypeRef::Complex(b.complex(sequence(vec![many])));
    let parts =
        vec![b.local("Certificate", certificate, 1, Some(1)), b.local("SubCertificates", more, 0, Some(1))];
    let chain = b.complex(sequence(parts));
    b.attribute(chain, "Id", plain, false);
    b.0.complex_types[chain].name = Some(qname(NS, "CertificateChainType"));
    let parts = vec![
        b.local("eMAID", id, 1, Some(1)),
        b.local("ContractSignatureCertChain", TypeRef::Complex(chain), 1, Some(1)),
    ];
    b.complex(sequence(parts))
}

fn message(inner: Vec<Event>) -> Vec<Event> {
    let header = element("", "Header", vec![leaf("SessionID", "0102030405060708")]);
    element(NS, "V2G_Message", vec![header, element("", "Body", vec![inner])])
}

fn physical(name: &str, value: &str) -> Vec<Event> {
    let parts = [("Multiplier", "0"), ("Unit", "VALUE_3"), ("Value", value)];
    element("", name, parts.iter().map(|(name, value)| leaf(name, value)).collect())
}

fn current_demand() -> Vec<Event> {
    let status = [("EVReady", "true"), ("EVErrorCode", "VALUE_0"), ("EVRESSSOC", "57")];
    let status = element("", "DC_EVStatus", status.iter().map(|(name, value)| leaf(name, value)).collect());
    let parts = vec![
        status,
        physical("EVTargetCurrent", "120"),
        physical("EVMaximumVoltageLimit", "450"),
        physical("EVMaximumPowerLimit", "5000"),
        physical("EVMaximumCurrentLimit", "200"),
        leaf("BulkChargingComplete", "false"),
        leaf("ChargingComplete", "false"),
        physical("RemainingTimeToFullSoC", "3600"),
        physical("RemainingTimeToBulkSoC", "1800"),
        physical("EVTargetVoltage", "400"),
    ];
    element(NS, "CurrentDemandReq", parts)
}

fn payment_details() -> Vec<Event> {
    let certificate = || vec![vec![text(&"MIIB".repeat(262))]];
    let certificate = || element("", "Certificate", certificate());
    let more = element("", "SubCertificates", vec![certificate(), certificate()]);
    let chain = element("", "ContractSignatureCertChain", vec![certificate(), more]);
    element(NS, "PaymentDetailsReq", vec![leaf("eMAID", "DE1234567890ABC"), chain])
}
