//! What a stream says, event by event, into the objects under construction.

use exi_core::schema::TypeRef;
use exi_core::tables::{Codec, Kind as Terminal, Production, NONE, NO_SLOT};
use exi_core::{
    to_text, BitReader, Error, ErrorKind, Names, Opening, Place, QRef, Result, Short, Sink, Value,
};
use pyo3::ffi;

use super::{Filler, Kind, Node};
use crate::binding::Binding;
use crate::record::Record;
use crate::slot;

impl<'d, 'g> Sink<'d> for Filler<'g, '_> {
    type Node = Node<'g>;

    #[inline(always)]
    fn leaf(&mut self, parent: &mut Node<'g>, production: &Production, value: Value<'d>) -> Result<()> {
        if production.offset != 0 && matches!(parent.kind, Kind::Object(_)) {
            let object = self.python_leaf(production, value)?;
            // SAFETY: `binding` gave this production the place of its field in objects of the
            // class that its grammar fills, and the node holds such an object.
            unsafe { slot::replace(parent.object, production.offset as usize, object) };
            return Ok(());
        }
        self.other_leaf(parent, production, value)
    }

    #[inline(always)]
    fn short(
        &mut self,
        parent: &mut Node<'g>,
        production: &Production,
        word: u64,
        left: usize,
    ) -> Result<Option<Short>> {
        let binding: &'g Binding = self.binding;
        let record = binding.record(production.target).filter(|_| matches!(parent.kind, Kind::Object(_)));
        let Some(whole) = record.and_then(|record| record.whole.as_ref()) else { return Ok(None) };
        let Some((object, bits)) = whole.read(word, left) else { return Ok(None) };
        let object = self.checked(object)?;
        if production.offset != 0 {
            // SAFETY: as in `leaf`.
            unsafe { slot::replace(parent.object, production.offset as usize, object) };
        } else {
            self.settle(parent, Some(production), object)?;
        }
        Ok(Some(Short { bits, items: whole.elements }))
    }

    #[inline(always)]
    fn travel(&mut self, node: &mut Node<'g>, place: Place, reader: &mut BitReader<'d>) -> Result<Place> {
        match node.kind {
            Kind::Object(_) => self.along(node.object, place, reader, &mut 0),
            _ => Ok(place),
        }
    }

    #[inline(always)]
    fn open(&mut self, parent: &mut Node<'g>, opening: &Opening<'_>) -> Result<Node<'g>> {
        let binding: &'g Binding = self.binding;
        let declared = opening.production.is_some_and(|production| production.kind == Terminal::Se);
        if declared && !matches!(parent.kind, Kind::Any(_)) {
            if let Some(record) = binding.record(opening.grammar) {
                return Ok(Node::new(Kind::Object(record), self.allocate(record)?));
            }
        }
        self.other_open(parent, opening)
    }

    #[inline(always)]
    fn close(
        &mut self,
        parent: &mut Node<'g>,
        node: &mut Node<'g>,
        production: Option<&Production>,
    ) -> Result<()> {
        let record: &'g Record = match node.kind {
            Kind::Object(record) if !node.nil => record,
            _ => return self.other_close(parent, node, production),
        };
        if node.list_slot != NO_SLOT {
            self.flush(node, record, self.items.len())?;
        }
        if record.codec != NONE {
            self.empty_text(node, record)?;
        }
        // SAFETY: the object is of the record's class.
        unsafe { record.fill(node.object, self.binding.empty.as_ptr()) };
        let object = node.take();
        match production {
            Some(production) if production.offset != 0 && matches!(parent.kind, Kind::Object(_)) => {
                // SAFETY: as in `leaf`.
                unsafe { slot::replace(parent.object, production.offset as usize, object) };
                Ok(())
            }
            _ => self.settle(parent, production, object),
        }
    }

    fn attribute(
        &mut self,
        node: &mut Node<'g>,
        production: Option<&Production>,
        (names, name): (&Names<'_>, QRef),
        codec: &Codec,
        value: Value<'d>,
    ) -> Result<()> {
        if let Kind::Any(builder) = &mut node.kind {
            let text = to_text(&value, codec, self.tables);
            builder.attribute(names.uri(name.uri), names.local(name), text);
            return Ok(());
        }
        match production {
            Some(production) => {
                let object = self.python(codec, &value)?;
                self.put(node, production.slot, production.repeated, object)
            }
            // xsi:schemaLocation and its kin say nothing that a typed object holds.
            None if name.uri == 2 => Ok(()),
            None => Err(Error::new(ErrorKind::Invalid, "an attribute that the schema does not have here")),
        }
    }

    fn text(&mut self, node: &mut Node<'g>, codec: &Codec, value: Value<'d>, declared: bool) -> Result<()> {
        if let Kind::Any(builder) = &mut node.kind {
            builder.text(to_text(&value, codec, self.tables));
            return Ok(());
        }
        if !declared {
            return Err(Error::new(ErrorKind::Invalid, "text that the schema does not have here"));
        }
        if matches!(&value, Value::Text(text) if text.chars() == 0) && codec.index == self.tables.untyped {
            return Ok(());
        }
        let object = match node.kind {
            Kind::Plain(declared) if declared != codec.index => self.declared(declared, codec, &value)?,
            _ => self.python(codec, &value)?,
        };
        match &node.kind {
            Kind::Object(record) => {
                let (slot, repeated) = (record.text_slot, record.is_tuple(record.text_slot));
                self.put(node, slot, repeated, object)
            }
            _ => {
                let old = std::mem::replace(&mut node.object, object);
                if !old.is_null() {
                    // SAFETY: the node owned it.
                    unsafe { ffi::Py_DECREF(old) };
                }
                Ok(())
            }
        }
    }

    fn retype(&mut self, node: &mut Node<'g>, grammar: u32, (names, name): (&Names<'_>, QRef)) -> Result<()> {
        let local = names.local(name);
        if let Kind::Any(builder) = &mut node.kind {
            builder.xsi("type", format!("{{{}}}{local}", names.uri(name.uri)));
            return Ok(());
        }
        let wrong =
            || Error::new(ErrorKind::Unsupported, format!("xsi:type {local} does not fit the element"));
        let known = self.tables.grammars.get(grammar as usize).ok_or_else(wrong)?;
        match (&node.kind, known.type_ref) {
            (Kind::Plain(declared), Some(TypeRef::Simple(_))) => {
                self.tables.derives(grammar, *declared).then_some(()).ok_or_else(wrong)
            }
            (Kind::Object(old), Some(TypeRef::Complex(_))) => {
                let binding: &'g Binding = self.binding;
                let new = binding.record(grammar).ok_or_else(wrong)?;
                if !new.is_subclass_of(self.py, old) {
                    return Err(wrong());
                }
                let object = self.allocate(new)?;
                // SAFETY: the node owned the object of the declared type, which is still empty.
                unsafe { ffi::Py_DECREF(std::mem::replace(&mut node.object, object)) };
                node.kind = Kind::Object(new);
                Ok(())
            }
            _ => Err(wrong()),
        }
    }

    /// Simple content may end without characters; an object without a mandatory part cannot be.
    fn cut_short(&mut self, node: &mut Node<'g>) -> Result<()> {
        if matches!(node.kind, Kind::Object(record) if record.codec == NONE) {
            return Err(Error::new(ErrorKind::Invalid, "the element ends before its mandatory content"));
        }
        Ok(())
    }

    fn nil(&mut self, node: &mut Node<'g>, value: bool) -> Result<()> {
        if let Kind::Any(builder) = &mut node.kind {
            builder.xsi("nil", value.to_string());
            return Ok(());
        }
        node.nil = value;
        Ok(())
    }
}
