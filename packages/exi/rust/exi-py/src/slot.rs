//! The fields of Python objects: pointers at offsets that `record::offset` gave.

use pyo3::ffi;

/// A Python object.
pub type Object = *mut ffi::PyObject;

/// Where a field is.
///
/// # Safety
/// `object` must be live, and `offset` that of a field in its class. So for all below.
#[inline(always)]
pub unsafe fn at(object: Object, offset: usize) -> *mut Object {
    // SAFETY: the caller's: the offset lies inside the object.
    unsafe { object.cast::<u8>().add(offset).cast() }
}

/// What stands in a field: borrowed, null when empty.
///
/// # Safety
/// See [`at`].
#[inline(always)]
pub unsafe fn held(object: Object, offset: usize) -> Object {
    // SAFETY: the caller's.
    unsafe { *at(object, offset) }
}

/// Puts an owned value, or null, into a field that holds nothing valid yet.
///
/// # Safety
/// See [`at`].
#[inline(always)]
pub unsafe fn put(object: Object, offset: usize, value: Object) {
    // SAFETY: the caller's.
    unsafe { *at(object, offset) = value }
}

/// Puts an owned value into a field; what stood there is given back once it no longer does.
///
/// # Safety
/// See [`at`].
#[inline(always)]
pub unsafe fn replace(object: Object, offset: usize, value: Object) {
    // SAFETY: the caller's; a field owns its reference.
    unsafe { ffi::Py_XDECREF(std::mem::replace(&mut *at(object, offset), value)) }
}
