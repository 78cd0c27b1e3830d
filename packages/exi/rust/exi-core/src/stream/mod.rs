//! EXI 1.0 for any XML information set: all options, all alignments, with and without a schema.
//!
//! A [`Decoder`] turns a stream into [`Item`]s, an [`Encoder`] items into a stream. Both work one item
//! at a time, hold no recursion and bound what a stream can ask of them. The typed path for messages
//! of a known schema ([`crate::decode`]) uses the same tables.

mod bindings;
mod canonical;
mod decoder;
mod deflate;
mod encoder;
mod grammars;
mod header;
mod item;
mod learning;
mod leaves;
mod listener;
mod menu;
mod names;
mod options;
mod options_schema;
mod reader;
mod representation;
mod session;
mod settings;
mod short;
mod value_in;
mod value_out;
mod values;
mod witness;
mod writer;

pub use decoder::Decoder;
pub use encoder::{Encoder, Way};
pub use grammars::{Grammars, Schemas};
pub use header::{Header, COOKIE};
pub use item::{Item, ItemRef, Name};
pub use listener::{Chars, Declared, Listener, Vocabulary};
pub use reader::Bytes;
pub use settings::{
    Alignment, Canonical, HeaderStyle, Limits, Preserve, Profile, SchemaId, Settings, DEFAULT_BLOCK_SIZE,
};
pub use witness::{Action, Part, What, Witness};
