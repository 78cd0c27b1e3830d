//! Qualified names of a text, and what they mean.

use std::sync::Arc;

use crate::chars::is_ncname;
use crate::namespaces::Scope;

/// What a qualified name means.
pub struct Resolved<'s, 'd> {
    pub prefix: &'s Arc<str>,
    pub uri: &'s Arc<str>,
    pub local: &'d str,
}

/// What a name means with these prefixes in scope; attributes without prefix have no namespace.
pub fn resolve<'s, 'd>(
    written: &'d str,
    is_element: bool,
    scope: &'s Scope,
) -> Result<Resolved<'s, 'd>, String> {
    let (prefix, local) = match written.bytes().position(|byte| byte == b':') {
        Some(colon) => (&written[..colon], &written[colon + 1..]),
        None => ("", written),
    };
    if !is_ncname(local) {
        return Err(no_name(written));
    }
    let found = if prefix.is_empty() && !is_element { Some(scope.none()) } else { scope.binding(prefix) };
    let has_prefix = local.len() < written.len();
    match found {
        // Prefixes that were declared are well written.
        Some((prefix, uri)) if !(has_prefix && prefix.is_empty()) => Ok(Resolved { prefix, uri, local }),
        _ if has_prefix && (!is_ncname(prefix) || prefix == "xmlns") => Err(no_name(written)),
        _ => Err(format!("the prefix of {written} is not declared")),
    }
}

#[cold]
fn no_name(written: &str) -> String {
    format!("{written:?} is no name")
}
