//! The usual way through an element: values and objects, one after the other.

use exi_core::tables::NONE;
use exi_core::{BitReader, Place, Result};
use pyo3::ffi;

use super::Filler;
use crate::binding::Binding;
use crate::convert::bytes;
use crate::route::{Bytes, Entry, Way};
use crate::slot::{self, Object};

/// Bits that a peek is sure to have.
const WORD: u32 = 57;

impl<'g> Filler<'g, '_> {
    /// Reads what can be read the usual way from a state on into an object, and notes the fields that
    /// are filled; what comes then is not touched.
    #[inline(always)]
    pub(super) fn along(
        &mut self,
        object: Object,
        mut stand: Place,
        reader: &mut BitReader<'_>,
        done: &mut u64,
    ) -> Result<Place> {
        let binding: &'g Binding = self.binding;
        while let Some(stop) = binding.routes.stop(stand.at).filter(|stop| stop.quick || self.nested) {
            let (word, width) = (reader.peek(), stop.width);
            let code = (word >> 1) >> (63 - width);
            let Some(turn) = stop.turns.get(code as usize) else { break };
            let (word, left) = (word << width, reader.remaining().saturating_sub(width as usize));
            let value = match &turn.way {
                Way::Whole(whole) if whole.most + width <= WORD && stand.depth > 0 => {
                    let enough = stand.items >= u64::from(whole.elements);
                    let found = if enough { whole.read(word, left) } else { None };
                    taken(found, width, whole.elements, reader, &mut stand)
                }
                Way::Value(field, bits) if stand.items > 0 => {
                    taken(field.read(word, *bits, left), width, 1, reader, &mut stand)
                }
                Way::Bytes(bounds) if stand.items > 0 => {
                    taken(octets(bounds, word, width, reader), width, 1, reader, &mut stand)
                }
                Way::Object(entry) if stand.items > 0 && stand.depth > 0 && self.nested => {
                    self.inner(entry, width, reader, &mut stand)?
                }
                Way::End if reader.remaining() >= width as usize => {
                    reader.advance(width as usize)?;
                    stand.at = NONE;
                    break;
                }
                _ => None,
            };
            let Some(value) = value else { break };
            let value = self.checked(value)?;
            // SAFETY: `Binding` gave this production the place of its field in objects of the class
            // that its grammar fills, and the caller's object is one.
            unsafe { slot::replace(object, turn.offset as usize, value) };
            stand.at = turn.next;
            *done |= turn.field;
        }
        Ok(stand)
    }

    /// An object after its event code of `width` bits. None, and the reader as it was, where not all
    /// of it goes the usual way.
    fn inner(
        &mut self,
        entry: &Entry,
        width: u32,
        reader: &mut BitReader<'_>,
        stand: &mut Place,
    ) -> Result<Option<Object>> {
        let binding: &'g Binding = self.binding;
        let whole_code = reader.remaining() >= width as usize;
        let Some(record) = binding.record(entry.grammar).filter(|_| whole_code) else { return Ok(None) };
        let start = reader.position();
        reader.advance(width as usize)?;
        let object = self.allocate(record)?;
        let inside = Place { at: entry.start, depth: stand.depth - 1, items: stand.items - 1 };
        let mut done = 0;
        match self.along(object, inside, reader, &mut done) {
            Ok(Place { at: NONE, items, .. }) => {
                stand.items = items;
                // SAFETY: the object is of the record's class.
                unsafe { record.fill_but(done, object, binding.empty.as_ptr()) };
                Ok(Some(object))
            }
            result => {
                // SAFETY: an owned object that nobody else has seen.
                unsafe { ffi::Py_DECREF(object) };
                result?;
                // From here on objects are opened one by one, so that nothing is read more than twice.
                self.nested = false;
                reader.rewind(start);
                Ok(None)
            }
        }
    }
}

/// Steps over an object that was found after an event code of `width` bits.
#[inline(always)]
fn taken(
    found: Option<(Object, u32)>,
    width: u32,
    elements: u32,
    reader: &mut BitReader<'_>,
    stand: &mut Place,
) -> Option<Object> {
    let (object, bits) = found?;
    reader.rewind(reader.position() + (width + bits) as usize);
    stand.items -= u64::from(elements);
    Some(object)
}

/// The bytes after an event code of `width` bits, where `word` begins: CH (0), their length as one
/// octet, themselves and EE (0).
#[inline(always)]
fn octets(bounds: &Bytes, word: u64, width: u32, reader: &BitReader<'_>) -> Option<(Object, u32)> {
    let len = word >> 55;
    if len < bounds.least || len > bounds.most {
        return None;
    }
    let mut ahead = reader.clone();
    ahead.advance(width as usize + 9).ok()?;
    let found = ahead.take_bytes(len).ok()?;
    let closed = ahead.remaining() > 0 && ahead.peek() >> 63 == 0;
    closed.then(|| (bytes(&found), 10 + 8 * len as u32))
}
