//! Objects to streams: each state asks which of its productions has a value waiting.

use exi_core::tables::{
    Codec, CodecKind, Form, Grammar, Kind, Production, Run, State, Tables, COUNTERS, LONG, NO_SLOT, WIDTHS,
};
use exi_core::{Error, ErrorKind, Output, QRef, Result};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::any;
use crate::binding::Binding;
use crate::convert::{boolean, from_python, small_integer, str_of};
use crate::record::Record;
use crate::whole::{short_integer, short_unsigned, Whole};

/// Writes objects into an [`Output`].
pub struct Writer<'g, 'py> {
    pub py: Python<'py>,
    pub tables: &'g Tables,
    pub binding: &'g Binding,
    pub out: Output<'g>,
}

/// How far an object has been written.
#[derive(Default)]
struct Progress {
    /// A mask of the fields that are written.
    done: u64,
    /// The tuple field that is being written, and how many of its items are.
    slot: usize,
    index: u32,
    /// Other tuple fields that were left before their end.
    parked: Vec<(usize, u32)>,
}

impl Progress {
    /// Items of a tuple field that are written.
    #[inline(always)]
    fn index_of(&mut self, slot: usize) -> u32 {
        if self.slot != slot {
            self.switch(slot);
        }
        self.index
    }

    /// Notes that a field, or an item of it, is written.
    #[inline(always)]
    fn take(&mut self, slot: usize, repeated: bool) {
        if repeated {
            self.index += 1;
        } else {
            self.done |= 1 << slot;
        }
    }

    fn switch(&mut self, slot: usize) {
        if self.index > 0 {
            self.parked.push((self.slot, self.index));
        }
        let again = self.parked.iter().position(|(parked, _)| *parked == slot);
        self.index = again.map_or(0, |at| self.parked.swap_remove(at).1);
        self.slot = slot;
    }
}

/// Where an element goes on after a run.
enum Step {
    To(u32),
    End,
}

type Object = *mut ffi::PyObject;

/// What stands in the field of a production: borrowed, null when empty.
///
/// # Safety
/// `object` must be live and of the class in which the production has a place.
#[inline(always)]
unsafe fn held(object: Object, production: &Production) -> Object {
    // SAFETY: the caller's.
    unsafe { *object.cast::<u8>().add(production.offset as usize).cast::<Object>() }
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
            CodecKind::Integer => short_integer(codec, value()?),
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
        match &record.whole {
            Some(whole) if self.whole(whole, object) => Ok(()),
            _ => self.content(grammar, record, name, object, depth),
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

    /// All of an object as one word, if its values allow it; otherwise nothing is written.
    #[inline(always)]
    fn whole(&mut self, whole: &Whole, object: Object) -> bool {
        let Some((word, bits)) = self.whole_word(whole, object) else { return false };
        self.out.writer.bits(word, bits);
        true
    }

    /// An element that stands alone in its field and is an object to write as one word, with its
    /// event code; gives the state after it. None where the next element is another: nothing is written.
    #[inline(always)]
    fn whole_child(
        &mut self,
        state: &'g State,
        object: Object,
        progress: &mut Progress,
        depth: u32,
    ) -> Option<u32> {
        for (code, production) in self.tables.productions_of(state).iter().enumerate() {
            let plain = production.kind == Kind::Se && production.set | production.inc == 0;
            if !plain || production.offset == 0 || depth == 0 {
                return None;
            }
            let Some(item) = self.direct(production, object, progress.done) else { continue };
            let record = self.binding.record(production.target)?;
            let whole = record.whole.as_ref().filter(|_| record.is_class_of(item))?;
            let (word, bits) = self.whole_word(whole, item)?;
            let width = u32::from(state.width);
            if bits + width >= u64::BITS {
                return None;
            }
            self.out.writer.bits((code as u64) << bits | word, bits + width);
            progress.done |= 1 << production.slot;
            return Some(production.next);
        }
        None
    }

    #[inline(always)]
    fn whole_word(&self, whole: &Whole, object: Object) -> Option<(u64, u32)> {
        let mut word = 0;
        for field in &whole.fields {
            // SAFETY: a plan holds places of fields of its class, and `record` checked the class.
            let item = unsafe { held(object, &field.production) };
            let index = match field.index_at_hand(item) {
                Some(index) => index,
                None => self.index_of(&field.production, self.direct(&field.production, object, 0)?)?,
            };
            word |= index << field.shift;
        }
        let Some(tail) = &whole.tail else { return Some((word, whole.bits)) };
        // SAFETY: as above, and an empty slot is no value.
        let item = Some(unsafe { held(object, &tail.production) }).filter(|item| !item.is_null())?;
        // SAFETY: as in `index_of`.
        let (integer, bits) = tail.short(unsafe { small_integer(item) }?)?;
        let word = ((word << (tail.code_bits + bits)) | integer) << tail.end_bits;
        Some((word, whole.bits + tail.code_bits + bits + tail.end_bits))
    }

    /// The content of an element, production by production.
    fn content(
        &mut self,
        grammar: u32,
        record: &Record,
        name: QRef,
        object: Object,
        depth: u32,
    ) -> Result<()> {
        let tables: &'g Tables = self.tables;
        let grammar = &tables.grammars[grammar as usize];
        let mut progress = Progress::default();
        let mut counters = [0u32; COUNTERS];
        let mut at = grammar.start;
        loop {
            let state = &tables.states[at as usize];
            if let Some(run) = tables.run_at(state) {
                match self.run(run, object, &mut progress) {
                    Some(Step::To(next)) => {
                        at = next;
                        continue;
                    }
                    Some(Step::End) => return self.complete(record, object, &mut progress),
                    None => {}
                }
            }
            if let Some(next) = self.whole_child(state, object, &mut progress, depth) {
                at = next;
                continue;
            }
            let Some((code, production, item)) = self.next(at, state, grammar, record, object, &mut progress)
            else {
                return Err(self.incomplete(state));
            };
            let width = u32::from(state.width);
            if production.speed <= LONG {
                let result = self.leaf(production, item, code as u64, width);
                result.map_err(|error| self.inside(error, production))?;
            } else {
                self.out.writer.bits(code as u64, width);
                match production.kind {
                    Kind::Se | Kind::SeAny | Kind::SeUri => self.child(production, item, depth)?,
                    Kind::Ee => return self.complete(record, object, &mut progress),
                    _ => self.other(production, name, item)?,
                }
            }
            at = production.follow(&mut counters);
        }
    }

    /// The elements of a run as one word, if the object has them all; otherwise nothing is written.
    #[inline(always)]
    fn run(&mut self, run: &Run, object: Object, progress: &mut Progress) -> Option<Step> {
        let tables: &'g Tables = self.tables;
        let (mut word, mut done) = (0, progress.done);
        for field in &run.fields {
            let production = &tables.productions[field.production as usize];
            let index = self.index_of(production, self.direct(production, object, done)?)?;
            word |= (index << 1) << (63 - field.at - field.bits);
            done |= 1 << production.slot;
        }
        self.out.writer.bits((word >> 1) >> (63 - run.bits), run.bits);
        progress.done = done;
        let Some(tail) = run.tail else {
            return Some(if run.ends { Step::End } else { Step::To(run.next) });
        };
        let production = &tables.productions[tail.production as usize];
        let codec = &tables.codecs[production.target as usize];
        let item = self.direct(production, object, done);
        // SAFETY: as in `index_of`.
        let value = item.and_then(|item| unsafe { small_integer(item) });
        let Some((word, bits)) = value.and_then(|value| short_integer(codec, value)) else {
            return Some(Step::To(run.next));
        };
        self.out.writer.bits(word, tail.code_bits + bits);
        progress.done |= 1 << production.slot;
        self.out.writer.bits(0, run.end_bits);
        Some(if run.ends { Step::End } else { Step::To(tail.next) })
    }

    /// The value of a production's field: of one that holds a single value as it is.
    #[inline(always)]
    fn direct(&self, production: &Production, object: Object, done: u64) -> Option<Object> {
        if production.offset == 0 || done >> production.slot & 1 != 0 {
            return None;
        }
        // SAFETY: `Binding` gave this production the place of its field in objects of the class
        // that its grammar fills, and `record` checked that the object is one.
        let held = unsafe { held(object, production) };
        (!held.is_null() && held != self.none()).then_some(held)
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

    /// The first production of the state for which the object has a value waiting.
    #[inline(always)]
    fn next(
        &self,
        at: u32,
        state: &'g State,
        grammar: &Grammar,
        record: &Record,
        object: Object,
        progress: &mut Progress,
    ) -> Option<(usize, &'g Production, Object)> {
        let productions = self.tables.productions_of(state);
        if self.binding.many(at) != NO_SLOT {
            if let Some(found) = self.by_class(at, productions, record, object, progress) {
                return Some(found);
            }
        }
        let mut end = None;
        for (code, production) in productions.iter().enumerate() {
            if production.offset != 0 {
                let held = self.direct(production, object, progress.done);
                if let Some(item) = held.and_then(|held| self.matching(production, held)) {
                    progress.done |= 1 << production.slot;
                    return Some((code, production, item));
                }
                continue;
            }
            let slot = match production.kind {
                Kind::Ee => {
                    end = Some((code, production, std::ptr::null_mut()));
                    continue;
                }
                Kind::Ch | Kind::ChUntyped => grammar.text_slot,
                _ => production.slot,
            };
            if slot == NO_SLOT {
                continue;
            }
            let repeated = production.repeated || production.kind == Kind::ChUntyped;
            // SAFETY: the object is of the record's class, and the slot was checked by `Binding`.
            let held = unsafe { record.get(object, usize::from(slot)) };
            if held.is_null() || held == self.none() {
                continue;
            }
            if let Some(item) = self.waiting(production, usize::from(slot), repeated, held, progress) {
                return Some((code, production, item));
            }
        }
        end
    }

    /// As [`Self::next`], for a state that has many elements for one field.
    fn by_class(
        &self,
        at: u32,
        productions: &'g [Production],
        record: &Record,
        object: Object,
        progress: &mut Progress,
    ) -> Option<(usize, &'g Production, Object)> {
        let slot = usize::from(self.binding.many(at));
        // SAFETY: the object is of the record's class, and the slot was checked by `Binding`.
        let held = unsafe { record.get(object, slot) };
        if held.is_null() {
            return None;
        }
        let item = self.item(slot, productions.first()?.repeated, held, progress)?;
        let code = usize::from(self.binding.code_of(at, item)?);
        let production = productions.get(code)?;
        progress.take(slot, production.repeated);
        Some((code, production, item))
    }

    #[inline(always)]
    fn none(&self) -> Object {
        // SAFETY: the address of a singleton.
        unsafe { ffi::Py_None() }
    }

    /// The item of a field that this production can write now; notes that it is written.
    #[inline(always)]
    fn waiting(
        &self,
        production: &Production,
        slot: usize,
        repeated: bool,
        held: Object,
        progress: &mut Progress,
    ) -> Option<Object> {
        let item = self.item(slot, repeated, held, progress)?;
        let item = self.matching(production, item)?;
        progress.take(slot, repeated);
        Some(item)
    }

    /// The value of a field, or the next item of its tuple, if it is not written yet.
    #[inline(always)]
    fn item(&self, slot: usize, repeated: bool, held: Object, progress: &mut Progress) -> Option<Object> {
        if !repeated {
            return (progress.done >> slot & 1 == 0).then_some(held);
        }
        let index = progress.index_of(slot) as ffi::Py_ssize_t;
        // SAFETY: `held` is live; tuples keep their items alive.
        unsafe {
            let exact = ffi::Py_TYPE(held) == &raw mut ffi::PyTuple_Type;
            if (!exact && ffi::PyTuple_Check(held) == 0) || index >= ffi::PyTuple_Size(held) {
                return None;
            }
            Some(ffi::PyTuple_GetItem(held, index))
        }
    }

    /// The value that a production writes for an item of its field, if it is the right one.
    #[inline(always)]
    fn matching(&self, production: &Production, item: Object) -> Option<Object> {
        match production.kind {
            Kind::Leaf if !production.wrapped => Some(item),
            Kind::Leaf | Kind::Se if production.wrapped => match self.binding.wrapper(production.part) {
                // SAFETY: a wrapper has one field; an empty slot is no value.
                Some(wrapper) => {
                    let value = wrapper.is_class_of(item).then(|| unsafe { wrapper.get(item, 0) })?;
                    (!value.is_null()).then_some(value)
                }
                None => Some(item),
            },
            Kind::Se => match self.binding.record(production.target) {
                Some(record) => record.is_class_of(item).then_some(item),
                None => Some(item),
            },
            Kind::SeAny | Kind::SeUri => {
                let any = self.binding.any_element.as_ref()?;
                // SAFETY: a live object.
                (unsafe { ffi::Py_TYPE(item).cast() } == any.as_ptr()).then_some(item)
            }
            // SAFETY: a live object.
            Kind::ChUntyped => unsafe { str_of(item) }.map(|_| item),
            _ => Some(item),
        }
    }

    #[cold]
    fn incomplete(&self, state: &State) -> Error {
        let names =
            self.tables.productions_of(state).iter().filter(|p| p.slot != NO_SLOT || p.kind == Kind::Ch);
        let name = |production: &Production| match production.kind {
            Kind::Ch => "text",
            _ => self.tables.names.local(production.name),
        };
        let names: Vec<&str> = names.take(8).map(name).collect();
        Error::new(ErrorKind::Content, format!("missing or of the wrong class: {}", names.join(" or ")))
    }

    /// Every field must be written, or absent: what is left over has no place in the schema.
    #[inline]
    fn complete(&self, record: &Record, object: Object, progress: &mut Progress) -> Result<()> {
        let mut left = record.slots() & !progress.done;
        while left != 0 {
            let slot = left.trailing_zeros() as usize;
            left &= left - 1;
            // SAFETY: the object is of the record's class.
            let held = unsafe { record.get(object, slot) };
            if held.is_null() || held == self.none() {
                continue;
            }
            // SAFETY: a live object.
            let rest = unsafe {
                match ffi::PyTuple_Check(held) {
                    0 => 1,
                    _ => ffi::PyTuple_Size(held) - progress.index_of(slot) as ffi::Py_ssize_t,
                }
            };
            if rest > 0 {
                return Err(self.surplus(record, slot));
            }
        }
        Ok(())
    }

    #[cold]
    fn surplus(&self, record: &Record, slot: usize) -> Error {
        let field = record.field(slot);
        Error::new(
            ErrorKind::Content,
            format!("{}.{field} does not fit beside the other fields", record.name()),
        )
    }
}
