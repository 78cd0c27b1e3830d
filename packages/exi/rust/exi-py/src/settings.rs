//! `Settings`: the options of a stream, read once from the Python `Options`.

use exi_core::schema::QName;
use exi_core::stream::{self, Alignment, Canonical, HeaderStyle, Limits, Preserve, Profile, SchemaId};
use exi_xml::Keep;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::schema::qname;

/// The options of a stream as the core has them.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Settings {
    pub settings: stream::Settings,
    pub style: HeaderStyle,
    pub limits: Limits,
    /// Elements that are written as self-contained ones.
    pub self_contained: Vec<QName>,
    pub schema_id: Option<String>,
    pub include_schema_id: bool,
}

#[pymethods]
impl Settings {
    #[new]
    fn new(options: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = options.py();
        let flag = |name: &Bound<'_, PyString>| options.getattr(name)?.extract::<bool>();
        let count = |name: &Bound<'_, PyString>| options.getattr(name)?.extract::<Option<u32>>();
        let settings = stream::Settings {
            alignment: alignment(options)?,
            strict: flag(intern!(py, "strict"))?,
            fragment: flag(intern!(py, "fragment"))?,
            preserve: preserve(options)?,
            self_contained: flag(intern!(py, "self_contained"))?,
            block_size: options.getattr(intern!(py, "block_size"))?.extract()?,
            value_max_length: count(intern!(py, "value_max_length"))?,
            value_capacity: count(intern!(py, "value_partition_capacity"))?,
            datatype_map: datatype_map(options)?,
            profile: profile(options)?,
            user_defined: Vec::new(),
            schema_id: SchemaId::Absent,
        };
        let canonical = flag(intern!(py, "canonical"))?.then_some(Canonical {
            utc_time: flag(intern!(py, "utc_time"))?,
            omit_options: flag(intern!(py, "omit_options_document"))?,
        });
        let style = HeaderStyle {
            cookie: flag(intern!(py, "include_cookie"))?,
            options: flag(intern!(py, "include_options"))?,
            canonical,
        };
        let depth = options.getattr(intern!(py, "depth"))?.extract()?;
        let elements = options.getattr(intern!(py, "self_contained_elements"))?;
        let self_contained = elements.try_iter()?.map(|name| qname(&name?)).collect::<PyResult<_>>()?;
        Ok(Self {
            settings,
            style,
            limits: Limits { depth, ..Limits::default() },
            self_contained,
            schema_id: options.getattr(intern!(py, "schema_id"))?.extract()?,
            include_schema_id: flag(intern!(py, "include_schema_id"))?,
        })
    }
}

impl Settings {
    /// What of an XML text a stream with these options has a place for.
    pub fn keep(&self) -> Keep {
        let Preserve { comments, pis, dtd, prefixes, .. } = self.settings.preserve;
        Keep { comments, pis, dtd, prefixes, fragment: self.settings.fragment }
    }
}

fn alignment(options: &Bound<'_, PyAny>) -> PyResult<Alignment> {
    let py = options.py();
    if options.getattr(intern!(py, "compression"))?.extract()? {
        return Ok(Alignment::Compression);
    }
    let name: String = options.getattr(intern!(py, "alignment"))?.extract()?;
    match name.as_str() {
        "bit-packed" => Ok(Alignment::BitPacked),
        "byte-aligned" => Ok(Alignment::ByteAligned),
        "pre-compression" => Ok(Alignment::PreCompression),
        other => Err(PyValueError::new_err(format!("no alignment {other:?}"))),
    }
}

fn preserve(options: &Bound<'_, PyAny>) -> PyResult<Preserve> {
    let py = options.py();
    let flags = options.getattr(intern!(py, "preserve"))?;
    let bits: u8 = flags.getattr(intern!(py, "value"))?.extract()?;
    let has = |bit: u8| bits >> bit & 1 != 0;
    Ok(Preserve { comments: has(0), pis: has(1), dtd: has(2), prefixes: has(3), lexical_values: has(4) })
}

fn datatype_map(options: &Bound<'_, PyAny>) -> PyResult<Vec<(QName, QName)>> {
    let map = options.getattr(intern!(options.py(), "datatype_representation_map"))?;
    let pairs = map.try_iter()?.map(|pair| {
        let pair = pair?;
        Ok((qname(&pair.get_item(0)?)?, qname(&pair.get_item(1)?)?))
    });
    pairs.collect()
}

fn profile(options: &Bound<'_, PyAny>) -> PyResult<Option<Profile>> {
    let py = options.py();
    let given = options.getattr(intern!(py, "profile"))?;
    if given.is_none() {
        return Ok(None);
    }
    Ok(Some(Profile {
        local_value_partitions: given.getattr(intern!(py, "local_value_partitions"))?.extract()?,
        max_element_grammars: given.getattr(intern!(py, "maximum_built_in_element_grammars"))?.extract()?,
        max_productions: given.getattr(intern!(py, "maximum_built_in_productions"))?.extract()?,
    }))
}
