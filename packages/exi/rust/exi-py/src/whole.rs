//! Classes whose objects are read and written as one word: a few required fields of short simple
//! types.

use exi_core::tables::{Codec, Form, Grammar, Production, Tables};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::record::Record;

/// Values of a field up to which its objects are kept at hand.
const MOST_VALUES: u32 = 256;
/// Values of a field among which an object is looked for.
const FEW_VALUES: usize = 16;

/// How to read and write objects of such a class.
pub struct Whole {
    /// The fields of fixed width, in the order of the schema.
    pub fields: Box<[Field]>,
    /// Bits from the first event code to the last EE, without the tail.
    pub bits: u32,
    /// The integer that follows them.
    pub tail: Option<Tail>,
    /// The bits of a word, from its top, that are zero if everything is as usual.
    zeros: u64,
}

/// One field of fixed width.
pub struct Field {
    /// Its production.
    pub production: Production,
    /// Bits between its value and the end of [`Whole::bits`].
    pub shift: u32,
    /// Its value's place in a word: bits to its left, and 63 less its own bits.
    place: (u32, u32),
    /// The objects of all its values; none where they are too many.
    objects: Box<[Py<PyAny>]>,
    /// The logarithm of the distance in memory between them, where they stand in a row.
    stride: Option<u32>,
}

/// An integer of up to three octets at the end.
pub struct Tail {
    /// Its production.
    pub production: Production,
    /// Bits of its event code and CH, all zero.
    pub code_bits: u32,
    /// Bits of the event code of the end, all zero.
    pub end_bits: u32,
    /// Its bounds, both included.
    bounds: (i64, i64),
}

impl Tail {
    /// Sign, octets and EE of a value within the bounds, if it has at most three octets.
    #[inline(always)]
    pub fn short(&self, value: i64) -> Option<(u64, u32)> {
        let (least, most) = self.bounds;
        if value < least || value > most {
            return None;
        }
        short_signed(value)
    }
}

impl Whole {
    /// The plan of a class, if its grammar begins with a run that takes each of its fields and ends.
    pub fn new(
        py: Python<'_>,
        tables: &Tables,
        values: &[Vec<Py<PyAny>>],
        grammar: &Grammar,
        record: &Record,
    ) -> Option<Self> {
        let run = tables.run_at(tables.states.get(grammar.start as usize)?).filter(|run| run.ends)?;
        let production = |index: u32| tables.productions.get(index as usize).copied();
        let mut fields = Vec::new();
        for field in &run.fields {
            let production = production(field.production)?;
            let members = values.get(production.target as usize).map_or(&[][..], Vec::as_slice);
            let objects = objects(py, &production, members);
            fields.push(Field {
                production,
                shift: run.bits - field.at - field.bits,
                place: (field.at, 63 - field.bits),
                stride: stride(&objects),
                objects,
            });
        }
        let tail = match run.tail {
            Some(tail) => {
                let production = production(tail.production)?;
                let codec = tables.codecs.get(production.target as usize)?;
                let bounds = if codec.bounded { (codec.least, codec.most) } else { (i64::MIN, i64::MAX) };
                Some(Tail { production, code_bits: tail.code_bits, end_bits: run.end_bits, bounds })
            }
            None => None,
        };
        let whole = Self { fields: fields.into(), bits: run.bits, tail, zeros: run.zeros };
        whole.takes_each_field_of(record).then_some(whole)
    }

    /// The bits of an object at the top of a word, of which `left` belong to the stream, and the
    /// integer at its end. None where anything is not as usual.
    #[inline(always)]
    pub fn find(&self, word: u64, left: usize) -> Option<(u32, i64)> {
        if word & self.zeros != 0 || !self.fields.iter().all(|field| field.object(word).is_some()) {
            return None;
        }
        let (mut bits, mut value) = (self.bits, 0);
        if let Some(tail) = &self.tail {
            let rest = word << self.bits << tail.code_bits;
            let (integer, octets) = exi_core::short_integer(rest)?;
            let closing = rest << octets >> (63 - tail.end_bits);
            if closing != 0 || integer < tail.bounds.0 || integer > tail.bounds.1 {
                return None;
            }
            value = integer;
            bits += tail.code_bits + octets as u32 + 1 + tail.end_bits;
        }
        (bits as usize <= left).then_some((bits, value))
    }

    /// How many elements an object is.
    #[inline(always)]
    pub fn elements(&self) -> u32 {
        1 + self.fields.len() as u32 + u32::from(self.tail.is_some())
    }

    fn takes_each_field_of(&self, record: &Record) -> bool {
        let tail = self.tail.iter().map(|tail| &tail.production);
        if !record.covered {
            return false;
        }
        let mut slots = 0u64;
        for production in self.fields.iter().map(|field| &field.production).chain(tail) {
            if production.offset == 0 || slots >> production.slot & 1 != 0 {
                return false;
            }
            slots |= 1 << production.slot;
        }
        slots == record.slots()
    }
}

impl Field {
    /// The object of this field's value in a word.
    #[inline(always)]
    pub fn object(&self, word: u64) -> Option<&Py<PyAny>> {
        let (left, right) = self.place;
        self.objects.get((word << left >> 1 >> right) as usize)
    }

    /// The index of a value, if its object is at hand: members of an enumeration, truth values and
    /// small integers exist once.
    #[inline(always)]
    pub fn index_at_hand(&self, object: *mut ffi::PyObject) -> Option<u64> {
        if let Some(stride) = self.stride {
            let index = (object as usize).wrapping_sub(self.objects.first()?.as_ptr() as usize) >> stride;
            return self.objects.get(index).filter(|known| known.as_ptr() == object).map(|_| index as u64);
        }
        if self.objects.len() > FEW_VALUES {
            return None;
        }
        self.objects.iter().position(|known| known.as_ptr() == object).map(|index| index as u64)
    }
}

/// The interpreter keeps its small integers in one array.
fn stride(objects: &[Py<PyAny>]) -> Option<u32> {
    let [first, second, ..] = objects else { return None };
    let stride = (second.as_ptr() as usize).checked_sub(first.as_ptr() as usize)?;
    let even =
        |pair: &[Py<PyAny>]| (pair[1].as_ptr() as usize).wrapping_sub(pair[0].as_ptr() as usize) == stride;
    (stride.is_power_of_two() && objects.windows(2).all(even)).then(|| stride.trailing_zeros())
}

/// The object of each value of a field.
fn objects(py: Python<'_>, production: &Production, members: &[Py<PyAny>]) -> Box<[Py<PyAny>]> {
    let integer = |index: u32| i64::from(production.low) + i64::from(index);
    let number = |index: u32| integer(index).into_pyobject(py).map(|value| value.into_any().unbind());
    let object = |index: u32| match production.form {
        Form::Integer => number(index).ok(),
        Form::Enumeration => members.get(index as usize).map(|member| member.clone_ref(py)),
        Form::Boolean => Some(PyBool::new(py, index != 0).to_owned().into_any().unbind()),
    };
    if production.last >= MOST_VALUES {
        return Box::default();
    }
    (0..=production.last).map_while(object).collect()
}

/// Octets and EE of an unsigned integer of at most three octets: the bits, and how many.
#[inline(always)]
pub fn short_unsigned(magnitude: u64) -> Option<(u64, u32)> {
    let octet = |at: u32| magnitude >> at & 0x7f;
    let (octets, bits) = match magnitude {
        0..0x80 => (magnitude, 8),
        0x80..0x4000 => ((octet(0) | 0x80) << 8 | octet(7), 16),
        0x4000..0x20_0000 => ((octet(0) | 0x80) << 16 | (octet(7) | 0x80) << 8 | octet(14), 24),
        _ => return None,
    };
    Some((octets << 1, bits + 1))
}

/// Sign, octets and EE of an integer within its bounds, of at most three octets.
#[inline(always)]
pub fn short_integer(codec: &Codec, value: i64) -> Option<(u64, u32)> {
    if !codec.has(value) {
        return None;
    }
    short_signed(value)
}

#[inline(always)]
fn short_signed(value: i64) -> Option<(u64, u32)> {
    let (octets, bits) = short_unsigned((value ^ (value >> 63)) as u64)?;
    Some((u64::from(value < 0) << bits | octets, bits + 1))
}
