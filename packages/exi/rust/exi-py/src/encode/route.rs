//! The usual way through an element: values and objects of one word, one after the other.

use exi_core::Result;

use super::Writer;
use crate::binding::Binding;
use crate::convert::{bytes_of, small_integer};
use crate::fixed::Field;
use crate::route::{Bytes, Entry, Stop, Turn, Way};
use crate::slot::{self, Object};
use crate::whole::Whole;

/// Where an element goes on.
pub(super) enum Step {
    To(u32),
    End,
}

/// What comes next in an element, with its event code.
enum Found<'g> {
    Field(u64, &'g Turn, Object),
    End(u64),
}

impl<'g> Writer<'g, '_> {
    /// Writes what can be written the usual way from a state on, and its end with it; `done` are the
    /// fields that are written.
    #[inline(always)]
    pub(super) fn travel(&mut self, mut at: u32, object: Object, done: &mut u64, depth: u32) -> Result<Step> {
        let binding: &'g Binding = self.binding;
        while let Some(stop) = binding.routes.stop(at) {
            let (code, turn, item) = match self.turn(stop, at, object, *done) {
                Some(Found::Field(code, turn, item)) => (code, turn, item),
                Some(Found::End(code)) => {
                    self.out.writer.bits(code, stop.width);
                    return Ok(Step::End);
                }
                None => break,
            };
            let written = match &turn.way {
                Way::Whole(whole) if depth > 0 && whole.mould.made(item) => {
                    let word = self.whole(whole, item);
                    self.word(code, stop.width, word)
                }
                Way::Value(field, bits) => {
                    let word = self.field(field, *bits, item);
                    self.word(code, stop.width, word)
                }
                Way::Object(entry) if depth > 0 => self.object(entry, code, stop.width, item, depth - 1)?,
                Way::Bytes(bounds) => self.bytes(bounds, code, stop.width, item),
                _ => false,
            };
            if !written {
                break;
            }
            (*done, at) = (*done | turn.field, turn.next);
        }
        Ok(Step::To(at))
    }

    /// The first production of a state whose field holds something that is not written yet.
    #[inline(always)]
    fn turn(&self, stop: &'g Stop, at: u32, object: Object, done: u64) -> Option<Found<'g>> {
        // SAFETY: `Binding` gave each production the place of its field in objects of the class
        // that its grammar fills, and `element` checked that the object is one.
        let held = |turn: &Turn| unsafe { slot::held(object, turn.offset as usize) };
        let mut end = None;
        for (code, turn) in (0..).zip(&stop.turns) {
            match turn.way {
                Way::Long => return None,
                Way::End => end = Some(Found::End(code)),
                _ => {
                    let item = held(turn);
                    if item.is_null() || item == self.none() || done & turn.field != 0 {
                        continue;
                    }
                    if !stop.by_class {
                        return Some(Found::Field(code, turn, item));
                    }
                    let code = self.binding.code_of(at, item)?;
                    return Some(Found::Field(code.into(), stop.turns.get(usize::from(code))?, item));
                }
            }
        }
        end
    }

    /// An event code and what follows it, if that is a word; whether it is.
    #[inline(always)]
    fn word(&mut self, code: u64, width: u32, word: Option<(u64, u32)>) -> bool {
        match word {
            // A word of the tables has up to 57 bits, and an event code mostly few.
            Some((word, bits)) if bits + width < u64::BITS => {
                self.out.writer.bits(code << bits | word, bits + width);
                true
            }
            _ => false,
        }
    }

    /// An object with its event code, if it is of the class that belongs there.
    #[inline(always)]
    fn object(&mut self, entry: &Entry, code: u64, width: u32, item: Object, depth: u32) -> Result<bool> {
        let binding: &'g Binding = self.binding;
        let Some(record) = binding.record(entry.grammar).filter(|record| record.is_class_of(item)) else {
            return Ok(false);
        };
        self.out.writer.bits(code, width);
        let result = self.content(entry, record, item, depth);
        result.map_err(|error| error.within(self.tables.names.local(entry.name)))?;
        Ok(true)
    }

    /// An element of bytes with its event code, if they are of the usual length.
    #[inline(always)]
    fn bytes(&mut self, bounds: &Bytes, code: u64, width: u32, item: Object) -> bool {
        // SAFETY: a live object, which the message holds.
        let Some(bytes) = (unsafe { bytes_of(item) }) else { return false };
        let len = bytes.len() as u64;
        if len < bounds.least || len > bounds.most {
            return false;
        }
        // The event code, CH (0), the length, the bytes, EE (0).
        self.out.writer.bits(code << 9 | len, width + 9);
        self.out.writer.bytes(bytes);
        self.out.writer.bits(0, 1);
        true
    }

    /// All of an object as one word, if its values allow it.
    #[inline(always)]
    pub(super) fn whole(&self, whole: &Whole, object: Object) -> Option<(u64, u32)> {
        let index_of = |field: &Field, item| self.rare_index(field, item);
        // SAFETY: callers have checked the class of the object, which the message holds.
        unsafe {
            whole.word(object, index_of, |item| if item.is_null() { None } else { small_integer(item) })
        }
    }

    /// CH (0), a value of fixed width and EE (0).
    #[inline(always)]
    fn field(&self, field: &Field, bits: u32, item: Object) -> Option<(u64, u32)> {
        // SAFETY: a live object, which the message holds.
        let index = unsafe { field.index(item) }.or_else(|| self.rare_index(field, item))?;
        Some((index << 1, bits + 2))
    }

    /// The value of an object that is not the usual one: an int of a derived class, say.
    #[cold]
    fn rare_index(&self, field: &Field, item: Object) -> Option<u64> {
        if item.is_null() || item == self.none() {
            return None;
        }
        self.index_of(self.tables.productions.get(field.production as usize)?, item)
    }
}
