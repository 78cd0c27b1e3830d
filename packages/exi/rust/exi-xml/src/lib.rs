//! XML text to EXI and back. quick-xml takes the text apart; namespaces, entities and the rules
//! that it leaves to its users are here. Nothing outside of the text is ever looked at.

#![forbid(unsafe_code)]

mod chars;
mod doctype;
mod names;
mod namespaces;
mod reader;
mod text;
mod writer;

pub use reader::{read, Fault, Keep};
pub use writer::Writer;
