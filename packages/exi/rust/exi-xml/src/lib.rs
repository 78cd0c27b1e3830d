//! XML text to EXI and back. quick-xml takes the text apart; namespaces, entities and the rules
//! that it leaves to its users are here. Nothing outside of the text is ever looked at.

#![forbid(unsafe_code)]

mod between;
mod chars;
mod doctype;
mod habits;
mod names;
mod namespaces;
mod reader;
mod tags;
mod text;
mod usual;
mod writer;

pub use habits::Habits;
pub use reader::{read, read_to, Fault, Keep, Taker};
pub use writer::Writer;
