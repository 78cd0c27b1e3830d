//! `Components`: the schema components of declared classes.

use std::sync::Arc;

use exi_core::schema::Schema;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::schema::Classes;
use crate::{declared, view};

/// What namespaces declare, read once: grammars are compiled from it.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Components {
    pub schema: Arc<Schema>,
    pub classes: Classes,
}

#[pymethods]
impl Components {
    #[new]
    fn new(namespaces: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let (schema, classes) = declared::read(namespaces)?;
        Ok(Self { schema: Arc::new(schema), classes })
    }

    /// The same as a Python `Schema`.
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        view::schema(py, &self.schema, &self.classes)
    }
}
