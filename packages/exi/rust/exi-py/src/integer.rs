//! Integers of the interpreter: read where they lie, and made once.

use std::cell::UnsafeCell;

use exi_core::tables::Codec;
use pyo3::ffi;

type Object = *mut ffi::PyObject;

/// What an int begins with: its sign and how many digits it has.
const SIZE: usize = std::mem::size_of::<ffi::PyObject>();
/// Its first digit, of 30 bits.
const DIGIT: usize = SIZE + std::mem::size_of::<usize>();
/// The integers that are kept are those of 16 bits.
const KEPT: usize = 1 << 16;
const LEAST: i64 = i16::MIN as i64;

/// Integers that have been read, by their distance from [`LEAST`]; null where none has been. A
/// value that a car sends once it mostly sends again, and making an int costs more than reading one.
struct Kept(UnsafeCell<[Object; KEPT]>);

// SAFETY: as for the pool of `recycle`: only used with the interpreter attached and its lock held.
unsafe impl Sync for Kept {}

static MADE: Kept = Kept(UnsafeCell::new([std::ptr::null_mut(); KEPT]));

/// An int: a new reference, or null with an exception set.
#[inline(always)]
pub fn integer(value: i64) -> Object {
    let index = value.wrapping_sub(LEAST) as u64;
    if index >= KEPT as u64 {
        // SAFETY: a constructor that gives a new reference or null.
        return unsafe { ffi::PyLong_FromLongLong(value) };
    }
    // SAFETY: the index is below the number of places; what stands there is held for good.
    unsafe {
        let known = *MADE.0.get().cast::<Object>().add(index as usize);
        if known.is_null() {
            return make(index as usize);
        }
        ffi::Py_INCREF(known);
        known
    }
}

#[cold]
fn make(index: usize) -> Object {
    // SAFETY: as above; the place keeps a reference of its own.
    unsafe {
        let made = ffi::PyLong_FromLongLong(LEAST + index as i64);
        if !made.is_null() {
            ffi::Py_INCREF(made);
            *MADE.0.get().cast::<Object>().add(index) = made;
        }
        made
    }
}

/// The value of an int of one digit; None for any other object.
///
/// # Safety
/// `object` must be live.
#[inline(always)]
pub unsafe fn compact(object: Object) -> Option<i64> {
    // SAFETY: an int is a header, a word and its digits, of which there is one at least. The build
    // script says for which CPython this is, and a test reads integers of every size.
    unsafe {
        if ffi::Py_TYPE(object) != &raw mut ffi::PyLong_Type {
            return None;
        }
        let size = *object.cast::<u8>().add(SIZE).cast::<usize>();
        let digit = i64::from(*object.cast::<u8>().add(DIGIT).cast::<u32>());
        sign(size).map(|sign| sign * digit)
    }
}

/// The sign in the word before the digits, if there is one digit at most. Up to CPython 3.11 the word
/// is the number of digits, below zero for a negative int.
#[cfg(not(Py_3_12))]
#[inline(always)]
fn sign(size: usize) -> Option<i64> {
    (size.wrapping_add(1) <= 2).then_some(size as i64)
}

/// As above. From CPython 3.12 on the number of digits stands three bits up, and one less the sign
/// below it.
#[cfg(Py_3_12)]
#[inline(always)]
fn sign(size: usize) -> Option<i64> {
    (size < 2 << 3).then_some(1 - (size & 3) as i64)
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

/// Sign, octets and EE of an integer of at most three octets.
#[inline(always)]
pub fn short_signed(value: i64) -> Option<(u64, u32)> {
    let (octets, bits) = short_unsigned((value ^ (value >> 63)) as u64)?;
    Some((u64::from(value < 0) << bits | octets, bits + 1))
}

/// As [`short_signed`], of an integer within the bounds of its type.
#[inline(always)]
pub fn short_in_bounds(codec: &Codec, value: i64) -> Option<(u64, u32)> {
    short_signed(value).filter(|_| codec.has(value))
}
