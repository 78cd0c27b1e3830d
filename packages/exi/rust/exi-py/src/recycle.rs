//! Memory of message objects, used again and again: a message is a dozen small objects that come
//! and go together, and asking the interpreter for each costs as much as decoding it.
//!
//! Classes whose objects are nothing but slots get a destructor of ours. It gives up the slots and
//! keeps the object for the next one of its class.

use std::cell::UnsafeCell;

use pyo3::ffi;

use crate::slot::Object;

/// Objects of one class that are kept.
const MOST_KEPT: u32 = 256;
/// Places for classes, a power of two; those that find none are not recycled.
const PLACES: usize = 4096;
/// How many places after its own a class may stand.
const NEAR: usize = 8;
/// Destructors inside each other; what is nested deeper waits for the outermost.
const MOST_NESTED: u32 = 64;
const HEADER: usize = std::mem::size_of::<ffi::PyObject>();
const WORD: usize = std::mem::size_of::<*mut ffi::PyObject>();

type Class = *mut ffi::PyTypeObject;

/// The dead objects of one class: each keeps its class alive, and holds the next in its first slot.
#[derive(Clone, Copy)]
struct Kept {
    class: Class,
    first: Object,
    count: u32,
    slots: u32,
}

struct Pool {
    kept: [Kept; PLACES],
    nested: u32,
    waiting: Vec<Object>,
}

struct Shared(UnsafeCell<Pool>);

// SAFETY: everything here runs with the interpreter attached and its global lock held, which the
// module asks for (`gil_used`) where an interpreter can do without. No reference into the pool is
// kept while Python code may run.
unsafe impl Sync for Shared {}

const NONE: Kept = Kept { class: std::ptr::null_mut(), first: std::ptr::null_mut(), count: 0, slots: 0 };

static POOL: Shared = Shared(UnsafeCell::new(Pool { kept: [NONE; PLACES], nested: 0, waiting: Vec::new() }));

/// What recycled classes are known by: one address, where the compiler may give a function several.
static DESTROY: ffi::destructor = destroy;

/// Where the objects of a recycled class are kept.
#[derive(Clone, Copy)]
pub struct Place(usize);

/// Lets the objects of a class be recycled, where it can be.
///
/// # Safety
/// `class` must be a live heap type without instance dict and weak references, whose objects are
/// a header and `slots` object slots.
pub unsafe fn recycle(class: Class, slots: usize) -> Option<Place> {
    // SAFETY: the caller's; the fields of a live type are there to read. For the pool see `Shared`.
    unsafe {
        let finalized = (*class).tp_finalize.is_some() || (*class).tp_del.is_some();
        if slots == 0 || finalized {
            return None;
        }
        let own = home(class);
        let kept = &mut (*POOL.0.get()).kept;
        let free = |at: &usize| kept[*at].class.is_null() || kept[*at].class == class;
        let place = (own..own + NEAR).map(|at| at % PLACES).find(free)?;
        if kept[place].class.is_null() {
            // The place outlives the class otherwise, and another class could get its address.
            ffi::Py_INCREF(class.cast());
            kept[place] = Kept { class, slots: slots as u32, ..NONE };
            (*class).tp_dealloc = Some(DESTROY);
        }
        Some(Place(place))
    }
}

/// An object of the class of a place again; its slots are not set. Null where none is kept.
#[inline(always)]
pub fn take(Place(place): Place) -> Object {
    // SAFETY: see `Shared`; what is kept is an untracked object with a reference count of zero,
    // and `place` came from `recycle`.
    unsafe {
        let kept = (*POOL.0.get()).kept.get_unchecked_mut(place);
        let object = kept.first;
        if !object.is_null() {
            kept.first = *slot(object, 0);
            kept.count -= 1;
            ffi::Py_INCREF(object);
        }
        object
    }
}

/// The destructor (tp_dealloc) of recycled classes.
unsafe extern "C" fn destroy(object: Object) {
    let pool = POOL.0.get();
    // SAFETY: see `Shared`. The object is dead, so its slots are ours.
    unsafe {
        ffi::PyObject_GC_UnTrack(object.cast());
        if (*pool).nested == MOST_NESTED {
            (*pool).waiting.push(object);
            return;
        }
        (*pool).nested += 1;
        empty(object);
        (*pool).nested -= 1;
        while (*pool).nested == 0 {
            let Some(next) = (*pool).waiting.pop() else { break };
            (*pool).nested += 1;
            empty(next);
            (*pool).nested -= 1;
        }
    }
}

/// Gives up the slots of a dead object, then the object, or keeps it.
#[inline(always)]
unsafe fn empty(object: Object) {
    // SAFETY: the object is dead and untracked. Its class was recycled, or is derived from one that
    // was; the slots of that one come first, and the rest was cleared before.
    unsafe {
        let class = ffi::Py_TYPE(object);
        let own = find(class);
        let owner = own.or_else(|| find(base_of(class)));
        let slots = owner.map_or(0, |place| (*POOL.0.get()).kept[place].slots);
        for index in 0..slots as usize {
            let value = std::mem::replace(&mut *slot(object, index), std::ptr::null_mut());
            if !value.is_null() {
                ffi::Py_DECREF(value);
            }
        }
        if let Some(place) = own {
            let kept = &mut (*POOL.0.get()).kept[place];
            if kept.count < MOST_KEPT {
                *slot(object, 0) = kept.first;
                kept.first = object;
                kept.count += 1;
                return;
            }
        }
        ffi::PyObject_GC_Del(object.cast());
        ffi::Py_DECREF(class.cast());
    }
}

/// The recycled class that a class is derived from.
#[cold]
unsafe fn base_of(class: Class) -> Class {
    let ours = |destructor| std::ptr::fn_addr_eq::<ffi::destructor, ffi::destructor>(destructor, DESTROY);
    let mut base = class;
    // SAFETY: only objects with such a base come here, and bases live as long as the class.
    unsafe {
        while !(*base).tp_dealloc.is_some_and(ours) {
            base = (*base).tp_base;
        }
    }
    base
}

#[inline(always)]
fn find(class: Class) -> Option<usize> {
    let own = home(class);
    // SAFETY: see `Shared`; places are below their number.
    let kept = unsafe { &(*POOL.0.get()).kept };
    (own..own + NEAR).map(|at| at % PLACES).find(|at| kept[*at].class == class)
}

#[inline(always)]
fn home(class: Class) -> usize {
    // Types are hundreds of bytes large: the low bits of their addresses say little.
    ((class as usize) >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (usize::BITS - PLACES.trailing_zeros())
}

#[inline(always)]
unsafe fn slot(object: Object, index: usize) -> *mut Object {
    // SAFETY: the caller keeps the index within the object.
    unsafe { crate::slot::at(object, HEADER + index * WORD) }
}
