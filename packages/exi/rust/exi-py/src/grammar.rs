//! `Grammar`: a compiled schema set, and everything that can be done with it.

use std::cell::Cell;

use exi_core::schema::{QName, Schema, TypeRef};
use exi_core::tables::{Kind, Production, State, Tables};
use exi_core::{
    compile, content_events, decode, decode_events, describe, encode_events, fingerprint, EncodeOptions,
    Error, Event, Limits, Options, Output, QRef,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::binding::Binding;
use crate::decode::{Filler, Node};
use crate::encode::Writer;
use crate::errors::{decode_error, encode_error};
use crate::{events, schema};

/// Bytes of a buffer up to which it is kept for the next message.
const MOST_SPARED: usize = 16 * 1024;

thread_local! {
    /// The buffer of the last message.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The tables of a schema set, bound to its classes.
#[pyclass(frozen, module = "evproto.exi._native")]
pub struct Grammar {
    tables: Tables,
    binding: Binding,
    /// Per complex type the names under which it occurs as an element: global ones, and all.
    names: Vec<(Vec<QRef>, Vec<QRef>)>,
    /// Per complex type the event code of its only name, in documents and in fragments.
    roots: [Vec<Option<u32>>; 2],
    options: EncodeOptions,
    limits: Limits,
}

#[pymethods]
impl Grammar {
    #[new]
    #[pyo3(
        signature = (schema, *, strict=false, value_partition_capacity=Some(0), value_max_length=None, depth=128),
        text_signature = "(schema, *, strict=False, value_partition_capacity=0, value_max_length=None, depth=128)"
    )]
    fn new(
        schema: &Bound<'_, PyAny>,
        strict: bool,
        value_partition_capacity: Option<u32>,
        value_max_length: Option<u32>,
        depth: u32,
    ) -> PyResult<Self> {
        let (components, classes) = schema::read(schema)?;
        let mut tables = compile(&components, Options { strict })
            .map_err(|error| PyValueError::new_err(format!("the schema cannot be compiled: {error}")))?;
        let binding = Binding::new(schema.py(), classes, &mut tables)?;
        let options = EncodeOptions {
            value_capacity: value_partition_capacity,
            value_max_length,
            deviations: false,
            depth,
        };
        // A stream may refer back even where our own never does, so reading keeps every string.
        let value_capacity = value_partition_capacity.filter(|capacity| *capacity > 0);
        let limits = Limits { depth, value_capacity, value_max_length, ..Limits::default() };
        let names = element_names(&components, &tables);
        let mut grammar = Self { tables, binding, names, roots: [Vec::new(), Vec::new()], options, limits };
        for fragment in [false, true] {
            let root = |index| grammar.root_name(Some(index), fragment, "").ok();
            let code = |name: QRef| grammar.root_code(name, fragment).map(|code| code as u32);
            let types = 0..components.complex_types.len();
            let codes = types.map(|index| root(index).and_then(code)).collect();
            grammar.roots[usize::from(fragment)] = codes;
        }
        Ok(grammar)
    }

    /// The root object of a document or fragment; zero bytes may follow it.
    #[pyo3(signature = (data, fragment=false))]
    pub fn decode<'py>(&self, py: Python<'py>, data: &[u8], fragment: bool) -> PyResult<Bound<'py, PyAny>> {
        let (object, bits) = self.read(py, data, fragment)?;
        let used = bits.div_ceil(8);
        let rest = data.get(used..).unwrap_or_default();
        match rest.iter().position(|byte| *byte != 0) {
            None => Ok(object),
            Some(at) => {
                let reason = format!("{} bytes after the end of the document", rest.len());
                Err(decode_error(py, &reason, Some((used + at) * 8), ""))
            }
        }
    }

    /// The root object of a document or fragment, and the number of bytes that it took.
    #[pyo3(signature = (data, fragment=false))]
    fn decode_prefix<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        fragment: bool,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let (object, bits) = self.read(py, data, fragment)?;
        Ok((object, bits.div_ceil(8)))
    }

    /// The bytes of an object as a document or fragment; `element` names its root element.
    #[pyo3(signature = (obj, fragment=false, element=None))]
    pub fn encode<'py>(
        &self,
        obj: &Bound<'py, PyAny>,
        fragment: bool,
        element: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = obj.py();
        let given = element.map(schema::qname).transpose()?;
        let written = self.write(obj, fragment, given).map_err(|error| encode_error(py, &error))?;
        let bytes = PyBytes::new(py, &written);
        if written.capacity() <= MOST_SPARED {
            SPARE.set(written);
        }
        Ok(bytes)
    }

    /// The events of a document or fragment.
    #[pyo3(signature = (data, fragment=false))]
    fn decode_events<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        fragment: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let (list, _) = decode_events(&self.tables, data, fragment, self.limits)
            .map_err(|error| decode_error(py, error.reason(), error.bit(), &error.path()))?;
        events::to_python(py, &list)
    }

    /// The bytes of events; with `deviations` also of what the schema does not allow.
    #[pyo3(signature = (events, fragment=false, deviations=false))]
    fn encode_events<'py>(
        &self,
        events: &Bound<'py, PyAny>,
        fragment: bool,
        deviations: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = events.py();
        let list = events::from_python(events)?;
        let options = EncodeOptions { deviations, ..self.options };
        let bytes = encode_events(&self.tables, &list, fragment, options)
            .map_err(|error| encode_error(py, &error))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The tables as lines of text, the same for schemas that mean the same.
    fn tables(&self) -> Vec<String> {
        describe(&self.tables)
    }

    /// 32 hexadecimal digits that tell tables apart.
    fn fingerprint(&self) -> String {
        format!("{:032x}", fingerprint(&self.tables))
    }

    fn __repr__(&self) -> String {
        let (states, productions) = (self.tables.states.len(), self.tables.productions.len());
        format!("<Grammar: {states} states, {productions} productions>")
    }
}

impl Grammar {
    #[inline]
    fn read<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        fragment: bool,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let mut filler = Filler::new(py, &self.tables, &self.binding);
        let mut root = Node::root();
        match decode(&self.tables, data, fragment, self.limits, &mut filler, &mut root) {
            Ok(bits) => {
                // SAFETY: the root object is a new reference, or null when the fragment is empty.
                let object = unsafe { Bound::from_owned_ptr_or_opt(py, root.take()) };
                match object {
                    Some(object) => Ok((object, bits)),
                    None => Err(decode_error(py, "the fragment is empty", Some(8), "")),
                }
            }
            Err(error) => match filler.raised.take() {
                Some(raised) => Err(raised),
                None => Err(decode_error(py, error.reason(), error.bit(), &error.path())),
            },
        }
    }

    fn write(
        &self,
        object: &Bound<'_, PyAny>,
        fragment: bool,
        given: Option<QName>,
    ) -> Result<Vec<u8>, Error> {
        let class = object.get_type_ptr() as usize;
        let complex = self.binding.by_class.get(&class).copied();
        let code = match (&given, complex) {
            (None, Some(index)) => self.roots[usize::from(fragment)][index].map(|code| code as usize),
            _ => None,
        };
        let code = code.map_or_else(|| self.slow_root_code(object, complex, fragment, given), Ok)?;
        let state = self.root_state(fragment);
        let production = &self.tables.productions_of(state)[code];
        let out = Output::on(SPARE.take(), &self.tables, self.options);
        let mut writer = Writer { py: object.py(), tables: &self.tables, binding: &self.binding, out };
        let relaxed = self.tables.grammars[production.target as usize].type_ref.is_none();
        if let (true, Some(index)) = (relaxed, complex) {
            return self.write_relaxed(writer, production, object, index);
        }
        writer.out.writer.bits(code as u64, u32::from(state.width));
        writer.child(production, object.as_ptr(), self.options.depth)?;
        if fragment {
            writer.out.writer.bits(u64::from(state.len) - 1, u32::from(state.width));
        }
        Ok(writer.out.writer.finish())
    }

    fn root_state(&self, fragment: bool) -> &State {
        &self.tables.states[if fragment { self.tables.fragment } else { self.tables.document } as usize]
    }

    fn root_code(&self, wanted: QRef, fragment: bool) -> Option<usize> {
        let is_it = |p: &Production| matches!(p.kind, Kind::Se | Kind::Leaf) && p.name == wanted;
        self.tables.productions_of(self.root_state(fragment)).iter().position(is_it)
    }

    #[cold]
    fn slow_root_code(
        &self,
        object: &Bound<'_, PyAny>,
        complex: Option<usize>,
        fragment: bool,
        given: Option<QName>,
    ) -> Result<usize, Error> {
        let class = || object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        let missing = |local: &str| content(format!("the schema has no such root element {local}"));
        let name = match &given {
            Some(name) => {
                self.tables.names.find(&name.uri, &name.local).ok_or_else(|| missing(&name.local))?
            }
            None => self.root_name(complex, fragment, &class())?,
        };
        self.root_code(name, fragment).ok_or_else(|| missing(self.tables.names.local(name)))
    }

    /// A fragment whose element name has several types (8.5.3): the object is written by its own
    /// grammar, and what that says once more by the relaxed one.
    fn write_relaxed(
        &self,
        mut writer: Writer<'_, '_>,
        production: &Production,
        object: &Bound<'_, PyAny>,
        index: usize,
    ) -> Result<Vec<u8>, Error> {
        let grammar = self.tables.simple_count + index as u32;
        writer.element(grammar, production.name, object.as_ptr(), self.options.depth)?;
        let data = writer.out.writer.finish();
        let names = &self.tables.names;
        let (uri, local) = (names.uri(production.name), names.local(production.name));
        let mut list = vec![Event::Start { uri: uri.to_owned(), local: local.to_owned() }];
        list.extend(content_events(&self.tables, &data, production.name, grammar, self.limits)?);
        list.push(Event::End);
        encode_events(&self.tables, &list, true, self.options)
    }

    fn root_name(&self, complex: Option<usize>, fragment: bool, class: &str) -> Result<QRef, Error> {
        let known = complex.and_then(|index| self.names.get(index)).filter(|(_, all)| !all.is_empty());
        let Some((globals, all)) = known else {
            return Err(content(format!("{class} is the class of no element; name the element")));
        };
        let names = if globals.len() == 1 || !fragment { globals } else { all };
        match names.as_slice() {
            [name] => Ok(*name),
            _ => Err(content(format!("{class} is the class of {} elements; name one", names.len()))),
        }
    }
}

fn content(reason: String) -> Error {
    Error::new(exi_core::ErrorKind::Content, reason)
}

fn element_names(schema: &Schema, tables: &Tables) -> Vec<(Vec<QRef>, Vec<QRef>)> {
    let mut names = vec![(Vec::new(), Vec::new()); schema.complex_types.len()];
    for element in &schema.elements {
        let TypeRef::Complex(index) = element.type_ref else { continue };
        let Some(name) = tables.names.find(&element.name.uri, &element.name.local) else { continue };
        let (globals, all) = &mut names[index];
        if element.is_global && !globals.contains(&name) {
            globals.push(name);
        }
        if !all.contains(&name) {
            all.push(name);
        }
    }
    names
}
