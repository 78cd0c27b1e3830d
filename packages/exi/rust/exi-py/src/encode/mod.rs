//! Objects to streams: each state asks which of its productions has a value waiting.

mod content;
mod next;
mod route;

use exi_core::tables::{Codec, CodecKind, Form, Kind, Production, Tables, WIDTHS};
use exi_core::{Error, ErrorKind, Output, QRef, Result};
use pyo3::prelude::*;

use crate::any;
use crate::binding::Binding;
use crate::convert::{boolean, from_python, small_integer};
use crate::integer::{short_in_bounds, short_unsigned};
use crate::record::Record;
use crate::route::Entry;
use crate::slot::{self, Object};

/// Writes objects into an [`Output`].
pub struct Writer<'g, 'py> {
    pub py: Python<'py>,
    pub tables: &'g Tables,
    pub binding: &'g Binding,
    pub out: Output<'g>,
}

/// What stands in the field of a production: borrowed, null when empty.
///
/// # Safety
/// `object` must be live and of the class in which the production has a place.
#[inline(always)]
unsafe fn held(object: Object, production: &Production) -> Object {
    // SAFETY: the caller's.
    unsafe { slot::held(object, production.offset as usize) }
}

impl<'g> Writer<'g, '_> {
    /// The content of an element that a production begins, to its end.
    #[inline]
    pub fn child(&mut self, production: &Production, item: Object, depth: u32) -> Result<()> {
        match production.kind {
            Kind::Leaf => self.leaf(production, item, 0, 0),
            Kind::Se => self.element(production.target, production.name, item, depth),
            _ => self.any(production, item, depth),
        }
        .map_err(|error| self.inside(error, production))
    }

    #[cold]
    fn inside(&self, error: Error, production: &Production) -> Error {
        match production.kind {
            Kind::Leaf | Kind::Se | Kind::At => error.within(self.tables.names.local(production.name)),
            _ => error,
        }
    }

    /// An element of a simple type after its event code, which is written with it.
    #[inline(always)]
    fn leaf(&mut self, production: &Production, item: Object, code: u64, width: u32) -> Result<()> {
        let tables: &'g Tables = self.tables;
        let codec = &tables.codecs[production.target as usize];
        let bits = u32::from(production.speed);
        if production.speed < WIDTHS {
            let Some(index) = self.index_of(production, item) else {
                return Err(self.bad_value(codec, production.name, item));
            };
            // The event code, CH (0), the value, EE (0).
            self.out.writer.bits((code << (bits + 2)) | (index << 1), width + bits + 2);
            return Ok(());
        }
        if let Some((word, bits)) = self.short(codec, item) {
            // The event code, CH (0), the value and EE.
            self.out.writer.bits((code << (bits + 1)) | word, width + bits + 1);
            return Ok(());
        }
        let loose = u32::from(!tables.strict);
        self.out.writer.bits(code << loose, width + loose);
        self.value(codec, production.name, item)?;
        self.out.writer.bits(0, loose);
        Ok(())
    }

    #[inline(always)]
    fn value(&mut self, codec: &Codec, name: QRef, item: Object) -> Result<()> {
        // SAFETY: the object is held by the message that the caller of `encode` holds.
        match unsafe { from_python(self.py, self.tables, self.binding, codec, item) } {
            Some(value) => self.out.value(codec, name, &value),
            None => Err(self.wrong_value(codec, item)),
        }
    }

    /// The value and EE of an integer of few bits; not in strict grammars, which code no such EE.
    #[inline(always)]
    fn short(&self, codec: &Codec, item: Object) -> Option<(u64, u32)> {
        if self.tables.strict {
            return None;
        }
        // SAFETY: the object is held by the message that the caller of `encode` holds.
        let value = || unsafe { small_integer(item) };
        match codec.kind {
            CodecKind::Integer => short_in_bounds(codec, value()?),
            CodecKind::Unsigned => {
                let value = value().filter(|value| codec.has(*value))?;
                short_unsigned(u64::try_from(value).ok()?)
            }
            _ => None,
        }
    }

    /// The bits of a value of fixed width, if it is one.
    #[inline(always)]
    fn index_of(&self, production: &Production, item: Object) -> Option<u64> {
        // SAFETY: the object is held by the message that the caller of `encode` holds.
        let index = match production.form {
            Form::Integer => unsafe { small_integer(item) }?.checked_sub(i64::from(production.low))? as u64,
            Form::Enumeration => self.binding.index_of(self.py, production.target, item)?,
            Form::Boolean => u64::from(unsafe { boolean(item) }?),
        };
        (index <= u64::from(production.last)).then_some(index)
    }

    /// What is wrong with a value that has no bits.
    #[cold]
    fn bad_value(&mut self, codec: &Codec, name: QRef, item: Object) -> Error {
        match self.value(codec, name, item) {
            Err(error) => error,
            Ok(()) => Error::new(ErrorKind::Content, "the value cannot be written"),
        }
    }

    #[cold]
    fn wrong_value(&self, codec: &Codec, item: Object) -> Error {
        // SAFETY: a live object, see `value`.
        let item = unsafe { Bound::from_borrowed_ptr(self.py, item) };
        let kind = item.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        Error::new(ErrorKind::Content, format!("a {kind} is no value of type {:?}", codec.primitive))
    }

    fn any(&mut self, production: &Production, item: Object, depth: u32) -> Result<()> {
        // SAFETY: a live object, see `value`.
        let item = unsafe { Bound::from_borrowed_ptr(self.py, item) };
        let mut events = Vec::new();
        any::events(&item, depth, &mut events)?;
        self.out.any_element(production, &events)
    }

    /// The content of an element of a grammar, to its end.
    #[inline(always)]
    pub fn element(&mut self, grammar: u32, name: QRef, object: Object, depth: u32) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::new(ErrorKind::Limit, "elements nested deeper than the limit"));
        };
        let Some(record) = self.binding.record(grammar) else {
            return self.simple(grammar, name, object);
        };
        if !record.is_class_of(object) {
            return Err(self.wrong_class(record, object));
        }
        match record.whole.as_ref().and_then(|whole| self.whole(whole, object)) {
            Some((word, bits)) => {
                self.out.writer.bits(word, bits);
                Ok(())
            }
            None => {
                let start = self.tables.grammars[grammar as usize].start;
                self.content(&Entry { grammar, start, name }, record, object, depth)
            }
        }
    }

    /// An element of a simple type whose grammar is one of its own: in strict streams, where the
    /// element may carry xsi:type or xsi:nil.
    #[cold]
    fn simple(&mut self, grammar: u32, name: QRef, item: Object) -> Result<()> {
        let tables: &'g Tables = self.tables;
        let grammar = &tables.grammars[grammar as usize];
        let Some(codec) = tables.codecs.get(grammar.codec as usize) else {
            return Err(Error::new(ErrorKind::Content, "a type without a class"));
        };
        let mut at = grammar.start;
        for kind in [Kind::Ch, Kind::Ee] {
            let state = &tables.states[at as usize];
            let mut productions = tables.productions_of(state).iter().enumerate();
            let Some((code, production)) = productions.find(|(_, production)| production.kind == kind) else {
                return Err(Error::new(ErrorKind::Schema, "a simple type without value or end"));
            };
            self.out.writer.bits(code as u64, u32::from(state.width));
            if kind == Kind::Ch {
                self.value(codec, name, item)?;
            }
            at = production.next;
        }
        Ok(())
    }

    /// An attribute or text.
    fn other(&mut self, production: &Production, element: QRef, item: Object) -> Result<()> {
        let tables: &'g Tables = self.tables;
        let codec = |index: u32| &tables.codecs[index as usize];
        match production.kind {
            Kind::Ch => self.value(codec(production.target), element, item),
            Kind::ChUntyped => self.value(codec(tables.untyped), element, item),
            _ => {
                let result = self.value(codec(production.target), production.name, item);
                result.map_err(|error| self.inside(error, production))
            }
        }
    }

    #[cold]
    fn wrong_class(&self, record: &Record, object: Object) -> Error {
        // SAFETY: a live object, see `value`.
        let object = unsafe { Bound::from_borrowed_ptr(self.py, object) };
        let name = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        Error::new(ErrorKind::Content, format!("expected {}, got {name}", record.name()))
    }
}
