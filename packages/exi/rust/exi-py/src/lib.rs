//! `evproto.exi._native`: EXI streams to Python objects and back.
//!
//! exi-core does the work on bits and grammars; this crate reads the schema from Python, fills
//! objects through their slots while decoding and reads them while encoding.

mod any;
mod binding;
mod convert;
mod decode;
mod direct;
mod encode;
mod events;
mod grammar;
mod record;
mod recycle;
mod schema;
mod whole;

use pyo3::prelude::*;

/// The native half of evproto.exi.
#[pymodule(gil_used = true)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<direct::Direct>()?;
    module.add_class::<grammar::Grammar>()
}
