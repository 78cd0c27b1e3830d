//! W3C EXI 1.0 (second edition) without Python: schema components become flat tables, and one
//! decode loop drives a [`Sink`] that fills objects, lists events or skips.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bits;
pub mod built_in_types;
mod builtin;
mod compile;
mod date_time;
mod decode;
mod describe;
mod encode;
mod error;
mod events;
mod names;
mod number;
mod octets;
mod parts;
mod quick;
pub mod saved;
pub mod schema;
pub mod stream;
pub mod tables;
mod text;
mod value;
mod value_writer;
mod writer;

pub use bits::{BitReader, Bits};
pub use compile::{compile, Options};
pub use date_time::DateTime;
pub use decode::{decode, short_integer, Limits, Opening, Place, Short, Sink, Skip};
pub use describe::{describe, fingerprint};
pub use encode::{encode_events, EncodeOptions, Output};
pub use error::{Error, ErrorKind, Result};
pub use events::{content_events, decode_events, Event};
pub use names::{Names, QRef};
pub use number::BigInt;
pub use quick::{Quick, QuickMap};
pub use tables::Tables;
pub use text::{from_text, to_text};
pub use value::{check_bytes, check_int, check_str, Decimal, Text, Value};
pub use writer::BitWriter;
