//! Elements of simple types whose values have a fixed number of bits.

use exi_core::tables::{Form, Production};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::integer::{compact, integer};
use crate::slot::{self, Object};

/// Most objects that are kept for a field.
const MOST_VALUES: usize = 256;
/// Hash factors that are tried at each size of an index.
const TRIES: u64 = 32;

/// Such an element, and the objects of its values.
pub struct Field {
    /// Its production.
    pub production: u32,
    /// Where in an object its value is.
    offset: u32,
    known: Known,
}

enum Known {
    /// Integers from the least one on, and how many there are less one.
    Integers(i64, u64),
    /// Other objects, each of which exists once.
    Members(Members),
}

impl Field {
    /// The field of a production (with its index) of a fixed number of bits; `members` are those
    /// of its enumeration. None where there are too many.
    pub fn new(
        py: Python<'_>,
        production: &Production,
        index: u32,
        members: &[Vec<Py<PyAny>>],
    ) -> Option<Self> {
        let truth = |value| PyBool::new(py, value).to_owned().into_any().unbind();
        let known = match production.form {
            Form::Integer => Known::Integers(production.low.into(), production.last.into()),
            Form::Boolean => Known::Members(Members::new(vec![truth(false), truth(true)])),
            Form::Enumeration => {
                let members = members.get(production.target as usize)?;
                let all = members.len() == production.last as usize + 1 && members.len() <= MOST_VALUES;
                let members = members.iter().map(|member| member.clone_ref(py)).collect();
                all.then(|| Known::Members(Members::new(members)))?
            }
        };
        Some(Self { production: index, offset: production.offset, known })
    }

    /// What stands in the field: borrowed, null when empty.
    ///
    /// # Safety
    /// `object` must be live and of the class to which the field belongs.
    #[inline(always)]
    pub unsafe fn held(&self, object: Object) -> Object {
        // SAFETY: the caller's.
        unsafe { slot::held(object, self.offset as usize) }
    }

    /// Puts an owned value into the field, which holds nothing yet.
    ///
    /// # Safety
    /// As for [`Self::held`].
    #[inline(always)]
    pub unsafe fn set(&self, object: Object, value: Object) {
        // SAFETY: the caller's.
        unsafe { slot::put(object, self.offset as usize, value) }
    }

    /// The object of CH (0), a value of so many bits and EE (0) at the top of a word, of which `left`
    /// bits belong to the stream, and the bits of all: as [`Self::object`].
    #[inline(always)]
    pub fn read(&self, word: u64, bits: u32, left: usize) -> Option<(Object, u32)> {
        if (word >> 63) | (word >> (62 - bits) & 1) != 0 || (bits + 2) as usize > left {
            return None;
        }
        Some((self.object(word << 1 >> 1 >> (63 - bits))?, bits + 2))
    }

    /// The object of a value: a new reference, or null with an exception set. None where there is
    /// no such value.
    #[inline(always)]
    pub fn object(&self, index: u64) -> Option<Object> {
        match &self.known {
            Known::Integers(low, last) => (index <= *last).then(|| integer(low + index as i64)),
            Known::Members(members) => {
                let object = members.objects.get(index as usize)?.as_ptr();
                // SAFETY: a live object, which the field holds.
                unsafe { ffi::Py_INCREF(object) };
                Some(object)
            }
        }
    }

    /// The value of an object (or null), if it is told at a glance; others may have one too.
    ///
    /// # Safety
    /// `object` must be live or null.
    #[inline(always)]
    pub unsafe fn index(&self, object: Object) -> Option<u64> {
        match &self.known {
            Known::Integers(low, last) => {
                if object.is_null() {
                    return None;
                }
                // SAFETY: the caller's.
                let index = (unsafe { compact(object) }? - low) as u64;
                (index <= *last).then_some(index)
            }
            Known::Members(members) => members.index(object as usize),
        }
    }
}

/// Objects by their index, and the indices by their address.
struct Members {
    objects: Box<[Py<PyAny>]>,
    /// Addresses and indices, in places that a hash gives; a few may be missing.
    index: Box<[(usize, u64)]>,
    factor: u64,
    shift: u32,
}

impl Members {
    fn new(objects: Vec<Py<PyAny>>) -> Self {
        let mut members = Self { objects: objects.into(), index: Box::default(), factor: 0, shift: 0 };
        // A hash without collisions: found at once where members are few, which they mostly are.
        let least = members.objects.len().next_power_of_two().trailing_zeros() + 1;
        for bits in least..least + 3 {
            for factor in 1..=TRIES {
                if members.index_by(factor.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, bits) {
                    return members;
                }
            }
        }
        members
    }

    /// Makes the index with a hash; whether each object has a place of its own.
    fn index_by(&mut self, factor: u64, bits: u32) -> bool {
        (self.factor, self.shift) = (factor, u64::BITS - bits);
        self.index = vec![(0, 0); 1 << bits].into();
        let mut alone = true;
        for (index, object) in self.objects.iter().enumerate() {
            let address = object.as_ptr() as usize;
            let place = self.place(address);
            alone &= self.index[place].0 == 0;
            self.index[place] = (address, index as u64);
        }
        alone
    }

    #[inline(always)]
    fn place(&self, address: usize) -> usize {
        ((address as u64).wrapping_mul(self.factor) >> self.shift) as usize
    }

    #[inline(always)]
    fn index(&self, address: usize) -> Option<u64> {
        let (known, index) = *self.index.get(self.place(address))?;
        (known == address && address != 0).then_some(index)
    }
}
