//! Values to Python objects and back.

use exi_core::tables::{Codec, CodecKind, Tables};
use exi_core::{from_text, to_text, BigInt, Text, Value};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use std::borrow::Cow;
use std::ffi::CString;

use crate::binding::Binding;
use crate::integer::{compact, integer};

/// A new reference for a value, or null with a Python exception set.
#[inline(always)]
pub fn to_python(
    py: Python<'_>,
    tables: &Tables,
    binding: &Binding,
    codec: &Codec,
    value: &Value<'_>,
    scratch: &mut Vec<u8>,
) -> *mut ffi::PyObject {
    match value {
        Value::Integer(value) => integer(*value),
        Value::Enumeration(index) => enumeration(py, binding, codec, *index),
        // SAFETY: a plain constructor of the C API, called with the interpreter attached.
        Value::Boolean(value) => unsafe { ffi::PyBool_FromLong((*value).into()) },
        Value::Text(Text::Ascii(bits)) => {
            scratch.resize(bits.len(), 0);
            bits.copy_to(scratch);
            string(scratch)
        }
        Value::Text(Text::Other(text)) => string(text.as_bytes()),
        Value::Bits(bits) => bytes(bits),
        other => rare(py, tables, binding, codec, other, scratch),
    }
}

#[inline(always)]
fn enumeration(py: Python<'_>, binding: &Binding, codec: &Codec, index: u32) -> *mut ffi::PyObject {
    let values = binding.values.get(codec.index as usize);
    match values.and_then(|values| values.get(index as usize)) {
        Some(member) => member.clone_ref(py).into_ptr(),
        None => py.None().into_ptr(),
    }
}

#[inline(always)]
fn string(utf8: &[u8]) -> *mut ffi::PyObject {
    // SAFETY: pointer and length are those of a slice; the function copies and checks it.
    unsafe { ffi::PyUnicode_FromStringAndSize(utf8.as_ptr().cast(), utf8.len() as ffi::Py_ssize_t) }
}

/// A str of a long text. That of a message is ASCII: to see that and copy it takes less than half of what the
/// interpreter takes to read it as UTF-8.
pub fn long_text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyString>> {
    if !text.is_ascii() || text.is_empty() {
        return Ok(PyString::new(py, text));
    }
    // SAFETY: a new str for this many characters of ASCII is compact, and nobody else has seen it; all
    // its characters are written, one byte each.
    let object = unsafe {
        let object = ffi::PyUnicode_New(text.len() as ffi::Py_ssize_t, 127);
        let object = Bound::from_owned_ptr_or_err(py, object)?;
        let start = ffi::PyUnicode_1BYTE_DATA(object.as_ptr());
        std::ptr::copy_nonoverlapping(text.as_ptr(), start, text.len());
        object
    };
    Ok(object.cast_into::<PyString>()?)
}

/// A bytes object: a new reference, or null with an exception set.
#[inline]
pub fn bytes(bits: &exi_core::Bits<'_>) -> *mut ffi::PyObject {
    // SAFETY: a new bytes object of this length is ours alone until it is returned; its buffer
    // is filled whole, as `copy_to` writes exactly `len()` bytes.
    unsafe {
        let object = ffi::PyBytes_FromStringAndSize(std::ptr::null(), bits.len() as ffi::Py_ssize_t);
        if object.is_null() {
            return object;
        }
        let start = ffi::PyBytes_AsString(object).cast::<u8>();
        std::ptr::write_bytes(start, 0, bits.len());
        bits.copy_to(std::slice::from_raw_parts_mut(start, bits.len()));
        object
    }
}

#[cold]
fn rare(
    py: Python<'_>,
    tables: &Tables,
    binding: &Binding,
    codec: &Codec,
    value: &Value<'_>,
    scratch: &mut Vec<u8>,
) -> *mut ffi::PyObject {
    let made = match value {
        Value::Big(value) => big(py, value),
        Value::Decimal(_) => {
            let text = to_text(value, codec, tables);
            py.import("decimal").and_then(|module| module.getattr("Decimal")?.call1((text,)))
        }
        Value::Float(mantissa, exponent) => {
            float(*mantissa, *exponent).into_pyobject(py).map(Bound::into_any).map_err(PyErr::from)
        }
        Value::Bytes(bytes) => Ok(PyBytes::new(py, bytes).into_any()),
        Value::List(items) => {
            let item_codec = tables.codecs.get(codec.item as usize).unwrap_or(codec);
            let mut objects = Vec::with_capacity(items.len());
            for item in items {
                let object = to_python(py, tables, binding, item_codec, item, scratch);
                // SAFETY: a new reference or null with an exception set.
                match unsafe { Bound::from_owned_ptr_or_err(py, object) } {
                    Ok(object) => objects.push(object),
                    Err(error) => return failed(py, error),
                }
            }
            PyTuple::new(py, objects).map(Bound::into_any)
        }
        other => Ok(PyString::new(py, &to_text(other, codec, tables)).into_any()),
    };
    match made {
        Ok(object) => object.into_ptr(),
        Err(error) => failed(py, error),
    }
}

fn failed(py: Python<'_>, error: PyErr) -> *mut ffi::PyObject {
    error.restore(py);
    std::ptr::null_mut()
}

fn float(mantissa: i64, exponent: i16) -> f64 {
    match (exponent, mantissa) {
        (-16384, 1) => f64::INFINITY,
        (-16384, -1) => f64::NEG_INFINITY,
        (-16384, _) => f64::NAN,
        // The parser rounds correctly where a product of powers would not.
        _ => format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN),
    }
}

fn big<'py>(py: Python<'py>, value: &BigInt) -> PyResult<Bound<'py, PyAny>> {
    let mut text = String::from(if value.negative { "-0" } else { "0" });
    for byte in value.magnitude.iter().rev() {
        text.push_str(&format!("{byte:02x}"));
    }
    let text = CString::new(text).unwrap_or_default();
    // SAFETY: a NUL-terminated string of hexadecimal digits, which lives beyond the call.
    unsafe {
        Bound::from_owned_ptr_or_err(py, ffi::PyLong_FromString(text.as_ptr(), std::ptr::null_mut(), 16))
    }
}

/// The value of a Python object for a codec; None when it is of another kind.
///
/// # Safety
/// `object` must be a live object, and stay alive as long as the value is used.
#[inline(always)]
pub unsafe fn from_python<'a>(
    py: Python<'_>,
    tables: &Tables,
    binding: &Binding,
    codec: &Codec,
    object: *mut ffi::PyObject,
) -> Option<Value<'a>> {
    // SAFETY: `object` is live; the calls only look at it, and strings and bytes are immutable.
    unsafe {
        match codec.kind {
            CodecKind::NBit | CodecKind::Unsigned | CodecKind::Integer => any_integer(py, object),
            CodecKind::Enumeration => member(py, binding, codec, object),
            CodecKind::Boolean | CodecKind::BooleanPattern => boolean(object).map(Value::Boolean),
            CodecKind::String => str_of(object).map(Value::Str),
            CodecKind::Binary => bytes_of(object).map(|bytes| Value::Bytes(Cow::Borrowed(bytes))),
            _ => rare_value(py, tables, binding, codec, object),
        }
    }
}

#[inline(always)]
unsafe fn any_integer<'a>(py: Python<'_>, object: *mut ffi::PyObject) -> Option<Value<'a>> {
    // SAFETY: see `from_python`.
    match unsafe { small_integer(object) } {
        Some(value) => Some(Value::Integer(value)),
        // SAFETY: see `from_python`.
        None => unsafe { big_integer(py, object) },
    }
}

/// The value of an int of up to 64 bits.
///
/// # Safety
/// `object` must be live.
#[inline(always)]
pub unsafe fn small_integer(object: *mut ffi::PyObject) -> Option<i64> {
    // SAFETY: the caller's.
    unsafe { compact(object).or_else(|| long_integer(object)) }
}

/// As [`small_integer`], for more than one digit and for classes derived from int.
#[cold]
unsafe fn long_integer(object: *mut ffi::PyObject) -> Option<i64> {
    // SAFETY: `object` is live, and an int before its value is asked for.
    unsafe {
        if !is_integer(object) {
            return None;
        }
        let mut overflow = 0;
        let value = ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow);
        (overflow == 0).then_some(value)
    }
}

#[inline(always)]
unsafe fn is_integer(object: *mut ffi::PyObject) -> bool {
    // SAFETY: see `small_integer`.
    unsafe {
        let exact = ffi::Py_TYPE(object) == &raw mut ffi::PyLong_Type;
        exact || (ffi::PyLong_Check(object) != 0 && ffi::PyBool_Check(object) == 0)
    }
}

#[cold]
unsafe fn big_integer<'a>(py: Python<'_>, object: *mut ffi::PyObject) -> Option<Value<'a>> {
    // SAFETY: see `from_python`.
    unsafe {
        if !is_integer(object) {
            return None;
        }
        let hex = Bound::from_owned_ptr_or_opt(py, ffi::PyNumber_ToBase(object, 16))?;
        big_from_hex(&hex.extract::<String>().ok()?).map(|big| Value::Big(Box::new(big)))
    }
}

fn big_from_hex(text: &str) -> Option<BigInt> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.strip_prefix("0x")?),
        None => (false, text.strip_prefix("0x")?),
    };
    let pair = |end: usize| u8::from_str_radix(&digits[end.saturating_sub(2)..end], 16).ok();
    let ends = (1..=digits.len()).rev().step_by(2);
    Some(BigInt { negative, magnitude: ends.map(pair).collect::<Option<_>>()? })
}

/// The truth value of True or False.
///
/// # Safety
/// None beyond those of the C API: only addresses are compared.
#[inline(always)]
pub unsafe fn boolean(object: *mut ffi::PyObject) -> Option<bool> {
    // SAFETY: comparing addresses with those of the two singletons.
    unsafe {
        if object == ffi::Py_True() {
            Some(true)
        } else {
            (object == ffi::Py_False()).then_some(false)
        }
    }
}

#[inline(always)]
fn member<'a>(
    py: Python<'_>,
    binding: &Binding,
    codec: &Codec,
    object: *mut ffi::PyObject,
) -> Option<Value<'a>> {
    binding.index_of(py, codec.index, object).map(|index| Value::Enumeration(index as u32))
}

/// The UTF-8 of a str.
///
/// # Safety
/// `object` must be live and outlive the result.
#[inline(always)]
pub unsafe fn str_of<'a>(object: *mut ffi::PyObject) -> Option<&'a str> {
    // SAFETY: the UTF-8 form is cached in the string, which is immutable.
    unsafe {
        let exact = ffi::Py_TYPE(object) == &raw mut ffi::PyUnicode_Type;
        if !exact && ffi::PyUnicode_Check(object) == 0 {
            return None;
        }
        let mut size = 0;
        let start = ffi::PyUnicode_AsUTF8AndSize(object, &mut size);
        if start.is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        std::str::from_utf8(std::slice::from_raw_parts(start.cast(), size as usize)).ok()
    }
}

/// The bytes of a bytes object.
///
/// # Safety
/// `object` must be live and outlive the result.
#[inline(always)]
pub unsafe fn bytes_of<'a>(object: *mut ffi::PyObject) -> Option<&'a [u8]> {
    // SAFETY: the buffer of a bytes object is immutable and lives as long as the object.
    unsafe {
        let exact = ffi::Py_TYPE(object) == &raw mut ffi::PyBytes_Type;
        if !exact && ffi::PyBytes_Check(object) == 0 {
            return None;
        }
        let size = ffi::PyBytes_Size(object) as usize;
        Some(std::slice::from_raw_parts(ffi::PyBytes_AsString(object).cast(), size))
    }
}

#[cold]
unsafe fn rare_value<'a>(
    py: Python<'_>,
    tables: &Tables,
    binding: &Binding,
    codec: &Codec,
    object: *mut ffi::PyObject,
) -> Option<Value<'a>> {
    // SAFETY: see `from_python`.
    let bound = unsafe { Bound::from_borrowed_ptr(py, object) };
    match codec.kind {
        CodecKind::List => {
            let item_codec = tables.codecs.get(codec.item as usize)?;
            let items = bound.cast::<PyTuple>().ok()?;
            // SAFETY: a tuple keeps its items alive, and is itself kept alive by the caller.
            let value = |item: Bound<'_, PyAny>| unsafe {
                from_python(py, tables, binding, item_codec, item.as_ptr())
            };
            items.iter().map(value).collect::<Option<Vec<_>>>().map(Value::List)
        }
        CodecKind::Decimal => {
            let text = bound.call_method1("__format__", ("f",)).ok()?.extract::<String>().ok()?;
            owned(from_text(&text, codec, tables)?)
        }
        CodecKind::Float => {
            let text = bound.extract::<f64>().ok().map(float_text)?;
            owned(from_text(&text, codec, tables)?)
        }
        // SAFETY: see `from_python`.
        _ => owned(from_text(unsafe { str_of(object) }?, codec, tables)?),
    }
}

fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "INF" } else { "-INF" }.to_owned();
    }
    format!("{value:e}")
}

/// A value that does not borrow from the text it was made of.
fn owned<'a>(value: Value<'_>) -> Option<Value<'a>> {
    Some(match value {
        Value::Decimal(value) => Value::Decimal(value),
        Value::Float(mantissa, exponent) => Value::Float(mantissa, exponent),
        Value::DateTime(value) => Value::DateTime(value),
        _ => return None,
    })
}
