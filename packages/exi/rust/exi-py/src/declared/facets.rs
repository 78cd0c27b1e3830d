//! Facets: ours, those of annotated-types and what looks like them.

use exi_core::schema::{Primitive, SimpleType};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::declaration::some;
use super::place::refuse;
use super::Reader;

impl<'py> Reader<'py> {
    /// Narrows a type by the facets of one step.
    pub(super) fn restrict(&self, made: &mut SimpleType, facets: &[Bound<'py, PyAny>]) -> PyResult<()> {
        for facet in facets {
            let class = facet.get_type();
            if class.is(&self.words.pattern) {
                self.pattern(made, facet)?;
            } else if class.is(&self.words.length) {
                lengths(made, facet)?;
            } else if class.is(&self.words.interval) {
                let (lower, upper) = (whole(facet, "ge")?, whole(facet, "le")?);
                narrow(made, lower, upper).then_some(()).ok_or_else(|| unknown(facet))?;
            } else if !class.is(&self.words.list_of) {
                foreign(made, facet)?;
            }
        }
        Ok(())
    }

    fn pattern(&self, made: &mut SimpleType, facet: &Bound<'py, PyAny>) -> PyResult<()> {
        made.has_pattern = true;
        if made.primitive != Primitive::String {
            return Ok(());
        }
        let expression = facet.getattr(intern!(self.py, "expression"))?;
        let charset_of = self.py.import("evproto.exi.charset")?.getattr("charset_of")?;
        let charset: Option<Vec<u32>> = charset_of.call1((expression,))?.extract()?;
        made.charset = charset.map(|codes| codes.into_iter().filter_map(char::from_u32).collect());
        Ok(())
    }
}

/// Takes a facet of annotated-types (Interval, Ge, Gt, Le, Lt, Len), or what looks like one.
fn foreign(made: &mut SimpleType, facet: &Bound<'_, PyAny>) -> PyResult<()> {
    let (above, below) = (whole(facet, "gt")?, whole(facet, "lt")?);
    let lower = above.map_or_else(|| whole(facet, "ge"), |above| Ok(Some(above.saturating_add(1))))?;
    let upper = below.map_or_else(|| whole(facet, "le"), |below| Ok(Some(below.saturating_sub(1))))?;
    let known = lengths(made, facet)? | narrow(made, lower, upper);
    known.then_some(()).ok_or_else(|| unknown(facet))
}

fn unknown(facet: &Bound<'_, PyAny>) -> PyErr {
    match facet.repr() {
        Ok(shown) => refuse(format!("{shown} is no facet that EXI knows")),
        Err(error) => error,
    }
}

/// Takes bounds where they are tighter than those of the base and the facets before; whether there
/// are any.
fn narrow(made: &mut SimpleType, lower: Option<i128>, upper: Option<i128>) -> bool {
    if let Some(lower) = lower {
        made.minimum = Some(made.minimum.map_or(lower, |known| known.max(lower)));
    }
    if let Some(upper) = upper {
        made.maximum = Some(made.maximum.map_or(upper, |known| known.min(upper)));
    }
    lower.is_some() || upper.is_some()
}

/// Takes the lengths that a facet has; whether it has any.
fn lengths(made: &mut SimpleType, facet: &Bound<'_, PyAny>) -> PyResult<bool> {
    let least = facet.getattr_opt(intern!(facet.py(), "min_length"))?.and_then(some);
    let most = facet.getattr_opt(intern!(facet.py(), "max_length"))?.and_then(some);
    if let Some(least) = &least {
        made.min_length = least.extract()?;
    }
    if let Some(most) = &most {
        made.max_length = Some(most.extract()?);
    }
    Ok(least.is_some() || most.is_some())
}

fn whole(facet: &Bound<'_, PyAny>, side: &str) -> PyResult<Option<i128>> {
    let Some(bound) = facet.getattr_opt(side)?.and_then(some) else { return Ok(None) };
    if !bound.is_instance_of::<PyInt>() {
        return Err(refuse(format!("the bound {} is no integer", bound.repr()?)));
    }
    bound.extract().map(Some)
}
