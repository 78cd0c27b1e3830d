//! Classes whose objects are written as one word: a few required fields of short simple types.

use exi_core::tables::{Codec, Grammar, Production, Tables};

use crate::record::Record;

/// How to write objects of such a class.
pub struct Whole {
    /// The fields of fixed width, in the order of the schema.
    pub fields: Box<[Field]>,
    /// Bits from the first event code to the last EE, without the tail.
    pub bits: u32,
    /// The integer that follows them.
    pub tail: Option<Tail>,
}

/// One field of fixed width.
pub struct Field {
    /// Its production.
    pub production: Production,
    /// Bits between its value and the end of [`Whole::bits`].
    pub shift: u32,
}

/// An integer of up to three octets at the end.
pub struct Tail {
    /// Its production.
    pub production: Production,
    /// Bits of its event code and CH, all zero.
    pub code_bits: u32,
    /// Bits of the event code of the end, all zero.
    pub end_bits: u32,
}

impl Whole {
    /// The plan of a class, if its grammar begins with a run that takes each of its fields and ends.
    pub fn new(tables: &Tables, grammar: &Grammar, record: &Record) -> Option<Self> {
        let run = tables.run_at(tables.states.get(grammar.start as usize)?).filter(|run| run.ends)?;
        let production = |index: u32| tables.productions.get(index as usize).copied();
        let mut fields = Vec::new();
        for field in &run.fields {
            let production = production(field.production)?;
            fields.push(Field { production, shift: run.bits - field.at - field.bits });
        }
        let tail = match run.tail {
            Some(tail) => Some(Tail {
                production: production(tail.production)?,
                code_bits: tail.code_bits,
                end_bits: run.end_bits,
            }),
            None => None,
        };
        let whole = Self { fields: fields.into(), bits: run.bits, tail };
        whole.takes_each_field_of(record).then_some(whole)
    }

    fn takes_each_field_of(&self, record: &Record) -> bool {
        let tail = self.tail.iter().map(|tail| &tail.production);
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
    let (octets, bits) = short_unsigned((value ^ (value >> 63)) as u64)?;
    Some((u64::from(value < 0) << bits | octets, bits + 1))
}
