//! Elements of simple types in as few steps as their bits allow.

use super::{Decoder, Opening, Sink, Step, Whole};
use crate::error::{Error, ErrorKind, Result};
use crate::tables::{Production, Run, RunTail};
use crate::value::Small;

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
        let result = self.sink.small(parent, production, Small::Integer(value));
        result.map_err(|e| self.inside(e, production.name))
    }

    /// The elements of a run, if they are all there as usual; otherwise nothing is read.
    #[inline(always)]
    pub(super) fn run(&mut self, node: &mut S::Node, run: &'t Run, word: u64) -> Result<Option<Step>> {
        let items = run.fields.len() as u64;
        if word & run.zeros != 0 || run.bits as usize > self.reader.remaining() || self.items <= items {
            return Ok(None);
        }
        self.items -= items;
        self.fields(node, run, word)?;
        self.reader.advance(run.bits as usize)?;
        let Some(tail) = run.tail else {
            return Ok(Some(if run.ends { Step::End } else { Step::To(run.next) }));
        };
        let Some((production, value, bits)) = self.tail(run, &tail, word) else {
            return Ok(Some(Step::To(run.next)));
        };
        if bits > self.reader.remaining() {
            return Ok(Some(Step::To(run.next)));
        }
        self.reader.advance(bits)?;
        self.count_item()?;
        let result = self.sink.small(node, production, Small::Integer(value));
        result.map_err(|e| self.inside(e, production.name))?;
        Ok(Some(if run.ends { Step::End } else { Step::To(tail.next) }))
    }

    /// The integer after the fields of a run and the bits to the end, if both are as usual.
    #[inline(always)]
    fn tail(&self, run: &Run, tail: &RunTail, word: u64) -> Option<(&'t Production, i64, usize)> {
        let rest = word << run.bits << tail.code_bits;
        let (value, bits) = short_integer(rest)?;
        let bits = bits as u32;
        // EE of the tail and, where the element ends after it, the EE of that.
        let closing = (rest << bits) >> (63 - run.end_bits);
        let production = self.tables.productions.get(tail.production as usize)?;
        let usual = closing == 0 && self.codec(production.target).has(value);
        usual.then_some((production, value, (tail.code_bits + bits + 1 + run.end_bits) as usize))
    }

    /// An element of complex type all of whose content is one run: from its name to its end
    /// without the loop over events. Where anything is unusual nothing is read, and the answer
    /// is false.
    #[inline(never)]
    pub(super) fn whole(
        &mut self,
        parent: &mut S::Node,
        production: &'t Production,
        depth: u32,
    ) -> Result<bool> {
        let tables = self.tables;
        let Some(known) = tables.grammars.get(production.target as usize) else { return Ok(false) };
        let Some(run) = tables.run_at(self.state(known.start)).filter(|run| run.ends) else {
            return Ok(false);
        };
        let word = self.reader.peek();
        // The element, its fields and the tail.
        let items = 1 + run.fields.len() as u64 + u64::from(run.tail.is_some());
        if word & run.zeros != 0 || depth == 0 || self.items < items {
            return Ok(false);
        }
        let tail = run.tail.as_ref().map(|tail| self.tail(run, tail, word));
        let bits = match tail {
            None => run.bits as usize,
            Some(Some((_, _, bits))) => run.bits as usize + bits,
            Some(None) => return Ok(false),
        };
        if bits > self.reader.remaining() {
            return Ok(false);
        }
        self.items -= items;
        let tail = tail.flatten().map(|(production, value, _)| (production, value));
        let whole = Whole { production, run, word, tail };
        if self.valid(run, word)
            && self.sink.whole(parent, &whole).map_err(|e| self.inside(e, production.name))?
        {
            self.reader.advance(bits)?;
            return Ok(true);
        }
        self.fill(parent, &whole, bits).map_err(|e| self.inside(e, production.name))?;
        Ok(true)
    }

    /// Whether the values of fixed width of a run are all values of their types.
    #[inline(always)]
    fn valid(&self, run: &Run, word: u64) -> bool {
        let productions = &self.tables.productions;
        run.fields.iter().all(|field| {
            let production = productions.get(field.production as usize);
            production.is_some_and(|production| field.index(word) <= u64::from(production.last))
        })
    }

    /// The same element in single steps; its content takes so many `bits`.
    #[inline(never)]
    fn fill(&mut self, parent: &mut S::Node, whole: &Whole<'t>, bits: usize) -> Result<()> {
        let (name, grammar) = (whole.production.name, whole.production.target);
        let opening = Opening { name, production: Some(whole.production), grammar, names: &self.names };
        let mut node = self.sink.open(parent, &opening)?;
        self.fields(&mut node, whole.run, whole.word)?;
        self.reader.advance(bits)?;
        if let Some((last, value)) = whole.tail {
            let result = self.sink.small(&mut node, last, Small::Integer(value));
            result.map_err(|e| self.inside(e, last.name))?;
        }
        self.sink.close(parent, &mut node, Some(whole.production))
    }

    /// The elements of fixed width of a run, whose word the reader stands before.
    #[inline(always)]
    fn fields(&mut self, node: &mut S::Node, run: &'t Run, word: u64) -> Result<()> {
        let start = self.reader.position();
        let productions = &self.tables.productions;
        for field in &run.fields {
            let Some(production) = productions.get(field.production as usize) else { continue };
            let index = field.index(word);
            self.fixed(node, production, index, start + field.at as usize)?;
        }
        Ok(())
    }

    /// An element whose value is a number of fixed width, which stands `at` this bit.
    #[inline(always)]
    fn fixed(&mut self, node: &mut S::Node, production: &'t Production, index: u64, at: usize) -> Result<()> {
        if index > u64::from(production.last) {
            return Err(self.no_such_value(production, index, at));
        }
        let result = self.sink.small(node, production, production.fixed(index));
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
fn short_integer(word: u64) -> Option<(i64, usize)> {
    let (mut magnitude, mut bits) = (0, 1);
    loop {
        let octet = (word << bits) >> 56;
        magnitude |= (octet & 0x7f) << ((bits - 1) / 8 * 7);
        bits += 8;
        if octet < 0x80 {
            break;
        }
        if bits > 24 {
            return None;
        }
    }
    // A negative integer is coded as its complement.
    Some((magnitude as i64 ^ -((word >> 63) as i64), bits))
}
