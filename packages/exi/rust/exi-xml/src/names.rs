//! Qualified names of a text, resolved once for each set of prefixes in scope.

use std::sync::Arc;

use exi_core::stream::Name;

use crate::chars::is_ncname;
use crate::namespaces::Scope;

/// Bits of the place that the letters of a name give it among those that are kept. A hostile text
/// can make names replace each other, but not slow the search.
const PLACE_BITS: u32 = 6;

/// A name as it stands in the text, with what it means.
pub struct Resolved<'d> {
    written: &'d str,
    is_element: bool,
    /// The prefixes that were in scope.
    version: u64,
    pub name: Name,
    pub prefix: Arc<str>,
}

/// The names that were resolved last.
pub struct Names<'d>(Vec<Option<Resolved<'d>>>);

impl<'d> Names<'d> {
    pub fn new() -> Self {
        Self((0..1 << PLACE_BITS).map(|_| None).collect())
    }

    /// What a qualified name means; attributes without prefix have no namespace.
    pub fn resolve(
        &mut self,
        written: &'d str,
        is_element: bool,
        scope: &Scope,
    ) -> Result<&Resolved<'d>, String> {
        let version = scope.version();
        let is_same = |kept: &Resolved<'_>| kept.written == written && kept.is_element == is_element;
        let slot = self.0.get_mut(place_of(written)).ok_or_else(|| format!("no place for {written}"))?;
        let local = match slot {
            Some(kept) if is_same(kept) && kept.version == version => None,
            Some(kept) if is_same(kept) => Some(kept.name.local.clone()),
            _ => Some(local_part(written)?.into()),
        };
        if let Some(local) = local {
            let (prefix, _) = parts(written);
            let found =
                if prefix.is_empty() && !is_element { Some(scope.none()) } else { scope.binding(prefix) };
            let (prefix, uri) = found.ok_or_else(|| format!("the prefix of {written} is not declared"))?;
            let name = Name { uri: uri.clone(), local };
            *slot = Some(Resolved { written, is_element, version, name, prefix: prefix.clone() });
        }
        slot.as_ref().ok_or_else(|| format!("{written:?} is no name"))
    }
}

fn local_part(written: &str) -> Result<&str, String> {
    let (prefix, local) = parts(written);
    let has_prefix = local.len() < written.len();
    if has_prefix && (!is_ncname(prefix) || prefix == "xmlns") || !is_ncname(local) {
        return Err(format!("{written:?} is no name"));
    }
    Ok(local)
}

fn parts(written: &str) -> (&str, &str) {
    match written.bytes().position(|byte| byte == b':') {
        Some(colon) => (&written[..colon], &written[colon + 1..]),
        None => ("", written),
    }
}

fn place_of(name: &str) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |mixed: u64, word: u64| (mixed.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let words = name.as_bytes().chunks_exact(8);
    let rest = words.remainder().iter().fold(0, |rest, byte| rest << 8 | u64::from(*byte));
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let mixed = words.fold(name.len() as u64, |mixed, bytes| mix(mixed, word(bytes)));
    (mix(mixed, rest) >> (u64::BITS - PLACE_BITS)) as usize
}
