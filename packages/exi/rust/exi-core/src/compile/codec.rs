//! Simple types to value codecs (EXI 1.0 sections 7.1 and 7.2).

use crate::schema::{Primitive, SimpleType};
use crate::tables::{width_of, Codec, CodecKind, NONE};

/// Ranges of up to this many integers are n-bit (7.1.5).
const N_BIT_RANGE: i128 = 4096;

/// The codec of a simple type at `index`.
pub(crate) fn codec(simple: &SimpleType, index: u32) -> Codec {
    let kind = kind(simple);
    let range = range(simple).filter(|_| matches!(kind, CodecKind::NBit | CodecKind::FarNBit));
    let (low, last) = match (kind, range) {
        (CodecKind::Enumeration, _) => (0, simple.enumeration.len() as u32 - 1),
        (_, Some((low, last))) => (low.unwrap_or(0), last),
        _ => (0, 0),
    };
    Codec {
        kind,
        width: width_of(last as usize + 1) as u8,
        low,
        last,
        min_length: simple.min_length,
        max_length: simple.max_length.unwrap_or(u64::MAX),
        minimum: simple.minimum,
        maximum: simple.maximum,
        bounded: simple.minimum.is_some_and(|min| min != 0 || kind != CodecKind::Unsigned)
            || simple.maximum.is_some(),
        least: clamp(simple.minimum.unwrap_or(i128::MIN)),
        most: clamp(simple.maximum.unwrap_or(i128::MAX)),
        primitive: simple.primitive,
        item: simple.item.map_or(NONE, |item| item as u32),
        enumeration: simple.enumeration.clone(),
        charset: simple.charset.clone().unwrap_or_default(),
        index,
    }
}

fn kind(simple: &SimpleType) -> CodecKind {
    if !simple.enumeration.is_empty() {
        return CodecKind::Enumeration;
    }
    match simple.primitive {
        Primitive::String | Primitive::QName | Primitive::Union => CodecKind::String,
        Primitive::Boolean if simple.has_pattern => CodecKind::BooleanPattern,
        Primitive::Boolean => CodecKind::Boolean,
        Primitive::Decimal => CodecKind::Decimal,
        Primitive::Float => CodecKind::Float,
        Primitive::Integer => integer_kind(simple),
        Primitive::HexBinary | Primitive::Base64Binary => CodecKind::Binary,
        Primitive::List => CodecKind::List,
        _ => CodecKind::DateTime,
    }
}

fn integer_kind(simple: &SimpleType) -> CodecKind {
    if let Some((low, _)) = range(simple) {
        low.map_or(CodecKind::FarNBit, |_| CodecKind::NBit)
    } else if simple.minimum.is_some_and(|minimum| minimum >= 0) {
        CodecKind::Unsigned
    } else {
        CodecKind::Integer
    }
}

/// The least value, if 64 bits hold all, and the number of values less one, where the range is n-bit.
fn range(simple: &SimpleType) -> Option<(Option<i64>, u32)> {
    let (low, high) = (simple.minimum?, simple.maximum?);
    let last = high.checked_sub(low)?;
    if !(0..N_BIT_RANGE).contains(&last) {
        return None;
    }
    let near = i64::try_from(high).is_ok();
    Some((i64::try_from(low).ok().filter(|_| near), last as u32))
}

fn clamp(bound: i128) -> i64 {
    bound.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
