//! `evproto.exi._native`: EXI streams to Python objects and back.
//!
//! exi-core does the work on bits and grammars; this crate reads the schema from Python, fills
//! objects through their slots while decoding and reads them while encoding. For documents of any
//! kind it hands on XML text (through exi-xml) or events.

mod any;
mod binding;
mod components;
mod convert;
mod declare;
mod declared;
mod decode;
mod direct;
mod encode;
mod errors;
mod events;
mod explain;
mod fields;
mod fixed;
mod grammar;
mod grammars;
mod infoset;
mod integer;
mod items;
mod reading;
mod record;
mod recycle;
mod route;
mod schema;
mod settings;
mod slot;
mod sources;
mod view;
mod whole;

use pyo3::prelude::*;

/// The native half of evproto.exi.
#[pymodule(gil_used = true)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<components::Components>()?;
    module.add_class::<declare::Declaration>()?;
    module.add_class::<declare::FieldSpec>()?;
    module.add_class::<direct::Direct>()?;
    module.add_class::<fields::Fields>()?;
    module.add_class::<grammar::Grammar>()?;
    module.add_class::<grammars::Grammars>()?;
    module.add_class::<reading::EventReader>()?;
    module.add_class::<settings::Settings>()?;
    infoset::register(module)
}
