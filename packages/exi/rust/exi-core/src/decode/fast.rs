//! Elements of simple types in as few steps as their bits allow.

use super::{Decoder, Sink, Step};
use crate::error::{Error, ErrorKind, Result};
use crate::tables::{Form, Production, Run};
use crate::value::Value;

impl<'t, 'd, S: Sink<'d>> Decoder<'t, 'd, '_, S> {
    /// An element of a simple type in one go: CH, a value of fixed width, EE. `word` is what
    /// follows an event code of `width` bits, which is not stepped over yet.
    #[inline(always)]
    pub(super) fn short_leaf(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        word: u64,
        width: u32,
        depth: u32,
    ) -> Result<()> {
        let bits = u32::from(production.speed);
        // Both event codes are zero, or this is not the plain case.
        if (word >> 63) | ((word >> (62 - bits)) & 1) != 0 {
            self.reader.advance(width as usize)?;
            return self.declared(parent, production, depth);
        }
        self.count_item()?;
        let index = (word << 1 >> 1) >> (63 - bits);
        self.reader.advance((width + bits + 2) as usize)?;
        self.fixed(parent, production, index, self.reader.position() - bits as usize - 1)
    }

    /// CH, sign, up to three octets and EE from one word; anything longer takes the long way.
    #[inline(always)]
    pub(super) fn integer_leaf(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        word: u64,
        depth: u32,
    ) -> Result<()> {
        let codec = self.codec(production.target);
        let (value, bits) = match short_integer(word << 1) {
            Some((value, bits)) if codec.has(value) => (value, bits + 1),
            _ => return self.long_leaf(parent, production, depth),
        };
        if (word >> 63) | ((word << bits) >> 63) != 0 {
            return self.long_leaf(parent, production, depth);
        }
        self.reader.advance(bits + 1)?;
        self.count_item()?;
        let result = self.sink.leaf(parent, production, Value::Integer(value));
        result.map_err(|e| self.inside(e, production.name))
    }

    /// An element of complex type in one go, where the sink can.
    #[inline(always)]
    pub(super) fn short_element(&mut self, parent: &mut S::Node, production: &'t Production) -> Result<bool> {
        let taken = self.sink.short(parent, production, self.reader.peek(), self.reader.remaining())?;
        let Some(taken) = taken else { return Ok(false) };
        self.reader.advance(taken.bits as usize)?;
        match self.items.checked_sub(u64::from(taken.items)) {
            Some(left) => self.items = left,
            None => return Err(Self::too_many()),
        }
        Ok(true)
    }

    /// The elements of a run, if they are all there as usual; otherwise nothing is read.
    #[inline(always)]
    pub(super) fn run(&mut self, node: &mut S::Node, run: &'t Run, word: u64) -> Result<Option<Step>> {
        let items = run.fields.len() as u64;
        if word & run.zeros != 0 || run.bits as usize > self.reader.remaining() || self.items <= items {
            return Ok(None);
        }
        self.items -= items;
        let start = self.reader.position();
        let productions = &self.tables.productions;
        for field in &run.fields {
            let Some(production) = productions.get(field.production as usize) else { continue };
            let index = (word << field.at >> 1) >> (63 - field.bits);
            self.fixed(node, production, index, start + field.at as usize)?;
        }
        self.reader.advance(run.bits as usize)?;
        let Some(tail) = run.tail else {
            return Ok(Some(if run.ends { Step::End } else { Step::To(run.next) }));
        };
        let rest = word << run.bits << tail.code_bits;
        let Some((value, bits)) = short_integer(rest) else { return Ok(Some(Step::To(run.next))) };
        let bits = bits as u32;
        // EE of the tail and, where the element ends after it, the EE of that.
        let closing = (rest << bits) >> (63 - run.end_bits);
        let total = (tail.code_bits + bits + 1 + run.end_bits) as usize;
        let production = productions.get(tail.production as usize);
        let within = production.is_some_and(|production| self.codec(production.target).has(value));
        let (Some(production), true, true) =
            (production, closing == 0 && within, total <= self.reader.remaining())
        else {
            return Ok(Some(Step::To(run.next)));
        };
        self.reader.advance(total)?;
        self.count_item()?;
        let result = self.sink.leaf(node, production, Value::Integer(value));
        result.map_err(|e| self.inside(e, production.name))?;
        Ok(Some(if run.ends { Step::End } else { Step::To(tail.next) }))
    }

    /// An element whose value is a number of fixed width, which stands `at` this bit.
    #[inline(always)]
    fn fixed(&mut self, node: &mut S::Node, production: &'t Production, index: u64, at: usize) -> Result<()> {
        if index > u64::from(production.last) {
            return Err(self.no_such_value(production, index, at));
        }
        let result = match production.form {
            Form::Integer => {
                self.sink.leaf(node, production, Value::Integer(i64::from(production.low) + index as i64))
            }
            Form::Enumeration => self.sink.leaf(node, production, Value::Enumeration(index as u32)),
            Form::Boolean => self.sink.leaf(node, production, Value::Boolean(index != 0)),
        };
        result.map_err(|e| self.inside(e, production.name))
    }

    #[cold]
    fn no_such_value(&self, production: &Production, index: u64, at: usize) -> Error {
        let error = Error::at(ErrorKind::Invalid, at, format!("value {index} of {}", production.last));
        self.inside(error, production.name)
    }

    /// As [`Self::short_leaf`], for a value whose width the stream tells.
    #[inline]
    pub(super) fn long_leaf(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        depth: u32,
    ) -> Result<()> {
        self.count_item()?;
        let codec = self.codec(production.target);
        let (start, mark) = (self.reader.position(), self.strings.mark());
        let loose = !self.tables.strict;
        if !loose || self.reader.peek() >> 63 == 0 {
            self.reader.advance(usize::from(loose))?;
            let value = self.value(codec, production.name).map_err(|e| self.inside(e, production.name))?;
            if !loose || self.reader.peek() >> 63 == 0 {
                self.reader.advance(usize::from(loose))?;
                return self
                    .sink
                    .leaf(parent, production, value)
                    .map_err(|e| self.inside(e, production.name));
            }
        }
        // An attribute or undeclared content: once more, event by event.
        self.reader.rewind(start);
        self.strings.forget(mark);
        self.declared(parent, production, depth)
    }
}

/// A signed integer (7.1.5) of up to three octets at the top of a word, and its bits.
#[inline(always)]
pub fn short_integer(word: u64) -> Option<(i64, usize)> {
    let octets = word << 1;
    // The first octet without the bit that says that another follows.
    let last = (!octets & 0x8080_8000_0000_0000).leading_zeros();
    if last == u64::BITS {
        return None;
    }
    let group = |at: u32| octets << at >> 57;
    let magnitude = group(1) | group(9) << 7 | group(17) << 14;
    let magnitude = magnitude & ((1 << (7 + last / 8 * 7)) - 1);
    // A negative integer is coded as its complement.
    Some((magnitude as i64 ^ -((word >> 63) as i64), last as usize + 9))
}
