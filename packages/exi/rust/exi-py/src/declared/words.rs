//! The Python classes that declarations are made of.

use pyo3::prelude::*;
use pyo3::types::PyType;

pub struct Words<'py> {
    pub type_name: Bound<'py, PyType>,
    pub interval: Bound<'py, PyType>,
    pub length: Bound<'py, PyType>,
    pub pattern: Bound<'py, PyType>,
    pub list_of: Bound<'py, PyType>,
    pub group_term: Bound<'py, PyType>,
    pub counted_term: Bound<'py, PyType>,
    pub local_term: Bound<'py, PyType>,
    pub wildcard: Bound<'py, PyType>,
    /// The default of a field that has to be given.
    pub missing: Bound<'py, PyAny>,
    pub enumeration: Bound<'py, PyType>,
    pub union: Bound<'py, PyAny>,
    pub typing_union: Bound<'py, PyAny>,
    /// `sys.modules`.
    pub modules: Bound<'py, PyAny>,
}

impl<'py> Words<'py> {
    pub fn new(py: Python<'py>) -> PyResult<Self> {
        let types = py.import("evproto.exi.types")?;
        let fields = py.import("evproto.exi.fields")?;
        let class = |module: &Bound<'py, PyModule>, name: &str| -> PyResult<Bound<'py, PyType>> {
            Ok(module.getattr(name)?.cast_into()?)
        };
        Ok(Self {
            type_name: class(&types, "TypeName")?,
            interval: class(&types, "Interval")?,
            length: class(&types, "Length")?,
            pattern: class(&types, "Pattern")?,
            list_of: class(&types, "ListOf")?,
            group_term: class(&fields, "GroupTerm")?,
            counted_term: class(&fields, "CountedTerm")?,
            local_term: class(&fields, "LocalTerm")?,
            wildcard: class(&fields, "Wildcard")?,
            missing: fields.getattr("MISSING")?,
            enumeration: class(&py.import("enum")?, "Enum")?,
            union: py.import("types")?.getattr("UnionType")?,
            typing_union: py.import("typing")?.getattr("Union")?,
            modules: py.import("sys")?.getattr("modules")?,
        })
    }
}
