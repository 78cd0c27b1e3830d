//! Classes whose objects are read and written as one word: a few required fields of short simple
//! types.

use exi_core::tables::{Grammar, RunTail, Tables};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::fixed::Field;
use crate::integer::{integer, short_signed};
use crate::record::{Mould, Record};
use crate::slot::{self, Object};

/// How to read and write objects of such a class.
pub struct Whole {
    /// What makes them.
    pub mould: Mould,
    /// The fields of fixed width, in the order of the schema.
    fields: Box<[Part]>,
    /// Bits from the first event code to the last EE, without the tail.
    bits: u32,
    /// The most bits that there can be, with the tail.
    pub most: u32,
    /// How many elements an object is.
    pub elements: u32,
    /// The integer that follows them.
    tail: Option<Tail>,
    /// The bits of a word, from its top, that are zero if everything is as usual.
    zeros: u64,
}

/// A field and its place in a word.
struct Part {
    field: Field,
    /// Bits between its value and the end of [`Whole::bits`].
    shift: u32,
    /// Bits to the left of its value, and 63 less its own bits.
    place: (u32, u32),
}

/// An integer of up to three octets at the end.
struct Tail {
    /// Where in an object it is.
    offset: u32,
    /// Bits of its event code and CH, all zero.
    code_bits: u32,
    /// Bits of the event code of the end, all zero.
    end_bits: u32,
    /// Its bounds, both included.
    bounds: (i64, i64),
}

impl Tail {
    /// The most bits of sign, octets and EE.
    const MOST: u32 = 26;

    fn new(tables: &Tables, tail: &RunTail, end_bits: u32) -> Option<Self> {
        let production = tables.productions.get(tail.production as usize)?;
        let codec = tables.codecs.get(production.target as usize)?;
        let bounds = if codec.bounded { (codec.least, codec.most) } else { (i64::MIN, i64::MAX) };
        Some(Self { offset: production.offset, code_bits: tail.code_bits, end_bits, bounds })
    }

    #[inline(always)]
    fn has(&self, value: i64) -> bool {
        value >= self.bounds.0 && value <= self.bounds.1
    }

    /// The integer in what follows the other fields in a word, and its bits.
    #[inline(always)]
    fn read(&self, rest: u64) -> Option<(i64, u32)> {
        let rest = rest << self.code_bits;
        let (value, bits) = exi_core::short_integer(rest)?;
        // EE of the integer, and the end of the element.
        let closing = rest << bits >> (63 - self.end_bits);
        let bits = self.code_bits + bits as u32 + 1 + self.end_bits;
        (closing == 0 && self.has(value)).then_some((value, bits))
    }
}

impl Whole {
    /// The plan of a class, if its grammar begins with a run that takes each of its fields and ends.
    pub fn new(
        py: Python<'_>,
        tables: &Tables,
        members: &[Vec<Py<PyAny>>],
        grammar: &Grammar,
        record: &Record,
    ) -> Option<Self> {
        let run = tables.run_at(tables.states.get(grammar.start as usize)?).filter(|run| run.ends)?;
        let productions = run.fields.iter().map(|field| field.production);
        if !record.are_all_fields(tables, productions.chain(run.tail.map(|tail| tail.production))) {
            return None;
        }
        let part = |run_field: &exi_core::tables::RunField| {
            let production = tables.productions.get(run_field.production as usize)?;
            Some(Part {
                field: Field::new(py, production, run_field.production, members)?,
                shift: run.bits - run_field.at - run_field.bits,
                place: (run_field.at, 63 - run_field.bits),
            })
        };
        let fields = run.fields.iter().map(part).collect::<Option<_>>()?;
        let tail = match &run.tail {
            Some(tail) => Some(Tail::new(tables, tail, run.end_bits)?),
            None => None,
        };
        let rest = tail.as_ref().map_or(0, |tail| tail.code_bits + Tail::MOST + tail.end_bits);
        let (bits, most) = (run.bits, run.bits + rest);
        let elements = 1 + run.fields.len() as u32 + u32::from(tail.is_some());
        let mould = record.mould.again(py);
        Some(Self { mould, fields, bits, most, elements, tail, zeros: run.zeros })
    }

    /// The object at the top of a word, of which `left` bits belong to the stream, and its bits: a new
    /// reference, or null with an exception set. None where anything is not as usual.
    #[inline(always)]
    pub fn read(&self, word: u64, left: usize) -> Option<(Object, u32)> {
        if word & self.zeros != 0 {
            return None;
        }
        let (value, rest) = match &self.tail {
            Some(tail) => tail.read(word << self.bits)?,
            None => (0, 0),
        };
        let bits = self.bits + rest;
        if bits as usize > left {
            return None;
        }
        Some((self.make(word, value)?, bits))
    }

    #[inline(always)]
    fn make(&self, word: u64, value: i64) -> Option<Object> {
        // SAFETY: a plan takes each field of its class, which holds nothing else; so all is set, or
        // emptied by `undo`. Its offsets are those of the fields.
        unsafe {
            let object = self.mould.cast();
            if object.is_null() {
                return Some(object);
            }
            for (at, part) in self.fields.iter().enumerate() {
                let (left, right) = part.place;
                match part.field.object(word << left >> 1 >> right) {
                    Some(value) if !value.is_null() => part.field.set(object, value),
                    other => return self.undo(object, at, other),
                }
            }
            if let Some(tail) = &self.tail {
                let value = integer(value);
                slot::put(object, tail.offset as usize, value);
                if value.is_null() {
                    return self.undo(object, self.fields.len(), Some(value));
                }
            }
            Some(object)
        }
    }

    /// Gives up an object whose fields from `at` on are not set; gives back `result`.
    ///
    /// # Safety
    /// `object` must be an owned one of the class, and the fields before `at` must be set.
    #[cold]
    unsafe fn undo(&self, object: Object, at: usize, result: Option<Object>) -> Option<Object> {
        // SAFETY: the caller's; fields that hold null are empty.
        unsafe {
            for part in self.fields.iter().skip(at) {
                part.field.set(object, std::ptr::null_mut());
            }
            if let Some(tail) = &self.tail {
                slot::put(object, tail.offset as usize, std::ptr::null_mut());
            }
            ffi::Py_DECREF(object);
        }
        result
    }

    /// The bits of an object, and how many; `index_of` gives the value of a field that is not told at
    /// a glance, `value_of` that of an integer. None where anything is not as usual.
    ///
    /// # Safety
    /// `object` must be a live one of the class.
    #[inline(always)]
    pub unsafe fn word(
        &self,
        object: Object,
        index_of: impl Fn(&Field, Object) -> Option<u64>,
        value_of: impl Fn(Object) -> Option<i64>,
    ) -> Option<(u64, u32)> {
        let mut word = 0;
        for part in &self.fields {
            // SAFETY: the caller's, and a plan holds fields of its class.
            let index = unsafe {
                let held = part.field.held(object);
                match part.field.index(held) {
                    Some(index) => index,
                    None => index_of(&part.field, held)?,
                }
            };
            word |= index << part.shift;
        }
        let Some(tail) = &self.tail else { return Some((word, self.bits)) };
        // SAFETY: as above.
        let held = unsafe { slot::held(object, tail.offset as usize) };
        let (integer, bits) = short_signed(value_of(held).filter(|value| tail.has(*value))?)?;
        let word = ((word << (tail.code_bits + bits)) | integer) << tail.end_bits;
        Some((word, self.bits + tail.code_bits + bits + tail.end_bits))
    }
}
