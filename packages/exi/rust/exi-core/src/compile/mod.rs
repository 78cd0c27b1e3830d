//! The grammar compiler: schema components to tables (EXI 1.0 section 8.5).

mod codec;
mod content;
mod fragment;
mod runs;
mod types;

pub(crate) use codec::codec;

use std::collections::BTreeSet;

use crate::built_in_types::XSD;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::quick::{QuickMap, QuickSet};
use crate::schema::{Content, Element, Primitive, QName, Schema, TypeRef};
use crate::tables::{
    width_of, Codec, CodecKind, Form, GlobalElement, Grammar, Kind, NameTable, Production, State, Tables,
    COMPLEX, INTEGER, LONG, NONE, NO_SLOT, SLOW,
};

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Table D-5: names that every schema-informed stream knows.
const XSD_NAMES: &str = "ENTITIES ENTITY ID IDREF IDREFS NCName NMTOKEN NMTOKENS NOTATION Name QName \
    anySimpleType anyType anyURI base64Binary boolean byte date dateTime decimal double duration float gDay \
    gMonth gMonthDay gYear gYearMonth hexBinary int integer language long negativeInteger nonNegativeInteger \
    nonPositiveInteger normalizedString positiveInteger short string time token unsignedByte unsignedInt \
    unsignedLong unsignedShort";

/// What of EXI's options changes the grammars.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only what the schema declares has an event code (8.5.4.4.2).
    pub strict: bool,
}

/// Compiles a schema set into tables.
pub fn compile(schema: &Schema, options: Options) -> Result<Tables> {
    check_references(schema)?;
    let names = name_table(schema);
    let mut compiler = Compiler::new(schema, options, names)?;
    compiler.simple_types();
    compiler.complex_types()?;
    compiler.global_names()?;
    compiler.document()?;
    compiler.fragment()?;
    compiler.element_types()?;
    runs::find_runs(&mut compiler.tables);
    Ok(compiler.tables)
}

struct Compiler<'s> {
    schema: &'s Schema,
    options: Options,
    tables: Tables,
    /// The name of each element.
    element_names: Vec<QRef>,
    /// For each head of a substitution group: its members and itself, sorted by name.
    members: QuickMap<usize, Vec<usize>>,
    /// Types that others are derived from.
    derived_from: QuickSet<TypeRef>,
    /// Strict grammars of elements by type and whether they are nillable, made on demand.
    element_grammars: QuickMap<(TypeRef, bool), u32>,
    /// Those that have a place and are still to be made.
    unmade: Vec<((TypeRef, bool), u32)>,
    next_part: u32,
}

impl<'s> Compiler<'s> {
    fn new(schema: &'s Schema, options: Options, names: NameTable) -> Result<Self> {
        let find = |element: &Element| lookup(&names, &element.name);
        let element_names = schema.elements.iter().map(find).collect::<Result<Vec<_>>>()?;
        let tables = Tables { names, strict: options.strict, ..Tables::default() };
        Ok(Self {
            schema,
            options,
            tables,
            element_names,
            members: substitution_groups(schema),
            derived_from: derivations(schema),
            element_grammars: QuickMap::default(),
            unmade: Vec::new(),
            next_part: 0,
        })
    }

    fn global_names(&mut self) -> Result<()> {
        for (index, element) in self.schema.elements.iter().enumerate() {
            if element.is_global {
                let grammar = self.element_grammar(element)?;
                let global = GlobalElement { grammar, nillable: element.nillable };
                self.tables.globals.insert(self.element_names[index], global);
            }
        }
        for (name, simple) in &self.schema.attributes {
            let name = lookup(&self.tables.names, name)?;
            self.tables.attributes.insert(name, *simple as u32);
        }
        let simple = self.schema.simple_types.iter().map(|simple| &simple.name);
        let complex = self.schema.complex_types.iter().map(|complex| &complex.name);
        for (grammar, name) in simple.chain(complex).enumerate() {
            if let Some(name) = name {
                let name = lookup(&self.tables.names, name)?;
                self.tables.types.entry(name).or_insert(grammar as u32);
            }
        }
        Ok(())
    }

    /// The grammar for elements of a declaration.
    fn element_grammar(&mut self, element: &Element) -> Result<u32> {
        if !self.has_own_grammar(element) {
            return Ok(self.type_grammar(element.type_ref));
        }
        let key = (element.type_ref, element.nillable);
        if let Some(grammar) = self.element_grammars.get(&key) {
            return Ok(*grammar);
        }
        // It is made later: the states of a grammar stand together.
        let grammar = self.push_grammar(types::UNMADE);
        self.unmade.push((key, grammar));
        self.element_grammars.insert(key, grammar);
        Ok(grammar)
    }

    /// When strict, xsi:type and xsi:nil belong to elements, not to their types (8.5.4.4.2).
    fn has_own_grammar(&self, element: &Element) -> bool {
        self.options.strict && (element.nillable || self.has_subtypes(element.type_ref))
    }

    /// Whether a type has named subtypes or is a union.
    fn has_subtypes(&self, type_ref: TypeRef) -> bool {
        let union = match type_ref {
            TypeRef::Simple(index) => self.schema.simple_types[index].primitive == Primitive::Union,
            TypeRef::Complex(_) => false,
        };
        union || self.derived_from.contains(&type_ref)
    }

    /// The grammar of a type: simple types stand first, in schema order.
    fn type_grammar(&self, type_ref: TypeRef) -> u32 {
        match type_ref {
            TypeRef::Simple(index) => index as u32,
            TypeRef::Complex(index) => (self.schema.simple_types.len() + index) as u32,
        }
    }

    /// A production SE(qname) for an element, without its place in a content model.
    fn start_production(&mut self, index: usize, next: u32) -> Result<Production> {
        let element = &self.schema.elements[index];
        let kind = match element.type_ref {
            TypeRef::Simple(_) if !self.has_own_grammar(element) => Kind::Leaf,
            _ => Kind::Se,
        };
        let speed = match element.type_ref {
            TypeRef::Simple(_) if self.options.strict && kind == Kind::Leaf => LONG,
            TypeRef::Simple(simple) if kind == Kind::Leaf => leaf_speed(&self.tables.codecs[simple]),
            _ => COMPLEX,
        };
        let (form, low, last) = match element.type_ref {
            TypeRef::Simple(simple) => fixed_form(&self.tables.codecs[simple]),
            TypeRef::Complex(_) => (Form::Integer, 0, 0),
        };
        Ok(Production {
            speed,
            form,
            low,
            last,
            target: self.element_grammar(element)?,
            name: self.element_names[index],
            nillable: element.nillable,
            ..production(kind, next)
        })
    }

    fn push_state(&mut self, productions: &[Production], mut state: State) -> Result<u32> {
        let len = u16::try_from(productions.len())
            .map_err(|_| Error::new(ErrorKind::Schema, "a state with more than 65535 productions"))?;
        state.first = self.tables.productions.len() as u32;
        state.len = len;
        state.attributes = productions.iter().filter(|p| p.kind == Kind::At).count() as u16;
        let second =
            state.late_end || state.xsi_type || state.xsi_nil || state.any_attribute || state.any_content;
        state.escapes = second;
        state.width = width_of(productions.len() + usize::from(second)) as u8;
        self.tables.productions.extend_from_slice(productions);
        self.tables.states.push(state);
        Ok(self.tables.states.len() as u32 - 1)
    }

    fn push_grammar(&mut self, grammar: Grammar) -> u32 {
        self.tables.grammars.push(grammar);
        self.tables.grammars.len() as u32 - 1
    }
}

fn production(kind: Kind, next: u32) -> Production {
    Production {
        kind,
        repeated: false,
        nillable: false,
        set: 0,
        inc: 0,
        speed: SLOW,
        form: Form::Integer,
        low: 0,
        last: 0,
        offset: 0,
        wrapped: false,
        slot: NO_SLOT,
        target: NONE,
        next,
        alt: NONE,
        bound: 0,
        name: QRef::default(),
        part: NONE,
    }
}

fn leaf_speed(codec: &Codec) -> u8 {
    match codec.kind {
        CodecKind::NBit if i32::try_from(codec.low).is_err() => LONG,
        CodecKind::NBit | CodecKind::Enumeration => codec.width,
        CodecKind::Boolean => 1,
        CodecKind::Integer => INTEGER,
        _ => LONG,
    }
}

fn fixed_form(codec: &Codec) -> (Form, i32, u32) {
    match codec.kind {
        CodecKind::Enumeration => (Form::Enumeration, 0, codec.last),
        CodecKind::Boolean => (Form::Boolean, 0, 1),
        _ => (Form::Integer, i32::try_from(codec.low).unwrap_or_default(), codec.last),
    }
}

fn lookup(names: &NameTable, name: &QName) -> Result<QRef> {
    let missing = || Error::new(ErrorKind::Schema, format!("no name {:?} in the string table", name.local));
    names.find(&name.uri, &name.local).ok_or_else(missing)
}

/// Heads with all direct and indirect members, each list with the head itself, sorted by local
/// name, then uri (8.5.4.1.6).
fn substitution_groups(schema: &Schema) -> QuickMap<usize, Vec<usize>> {
    let mut groups: QuickMap<usize, Vec<usize>> = QuickMap::default();
    for (index, element) in schema.elements.iter().enumerate() {
        let mut head = element.substitutes;
        let mut steps = schema.elements.len();
        while let Some(at) = head.filter(|_| steps > 0) {
            groups.entry(at).or_insert_with(|| vec![at]).push(index);
            head = schema.elements[at].substitutes;
            steps -= 1;
        }
    }
    for members in groups.values_mut() {
        sort_by_name(schema, members);
        members.dedup();
    }
    groups
}

fn sort_by_name(schema: &Schema, elements: &mut [usize]) {
    elements.sort_by_key(|index| {
        let name = &schema.elements[*index].name;
        (&name.local, &name.uri)
    });
}

fn derivations(schema: &Schema) -> QuickSet<TypeRef> {
    let named = |name: &Option<QName>| name.is_some();
    let simple =
        schema.simple_types.iter().filter(|simple| named(&simple.name)).filter_map(|simple| simple.base);
    let complex =
        schema.complex_types.iter().filter(|complex| named(&complex.name)).filter_map(|complex| complex.base);
    // A complex type with simple content extends a simple type, where it extends no complex one.
    let extended = schema.complex_types.iter().filter_map(|complex| match complex.content {
        Content::Simple(simple) if complex.base.is_none() && named(&complex.name) => Some(simple),
        _ => None,
    });
    let simple = simple.chain(extended).map(TypeRef::Simple);
    simple.chain(complex.map(TypeRef::Complex)).chain(ur_types(schema)).collect()
}

/// The types that all others are derived from, whether they say so or not.
fn ur_types(schema: &Schema) -> impl Iterator<Item = TypeRef> + '_ {
    let is = |name: &Option<QName>, local: &str| {
        name.as_ref().is_some_and(|name| name.uri == XSD && name.local == local)
    };
    let simple = schema.simple_types.iter().position(|simple| is(&simple.name, "anySimpleType"));
    let complex = schema.complex_types.iter().position(|complex| is(&complex.name, "anyType"));
    simple.map(TypeRef::Simple).into_iter().chain(complex.map(TypeRef::Complex))
}

fn name_table(schema: &Schema) -> NameTable {
    let declared: BTreeSet<&str> = schema.namespaces.iter().map(String::as_str).collect();
    let mut uris = vec!["", XML, XSI, XSD];
    uris.extend(declared.into_iter().filter(|uri| !["", XML, XSI, XSD].contains(uri)));
    let mut index: QuickMap<String, u32> = QuickMap::default();
    let mut locals: Vec<BTreeSet<&str>> = Vec::new();
    for uri in &uris {
        index.insert((*uri).to_owned(), locals.len() as u32);
        locals.push(BTreeSet::new());
    }
    locals[1].extend(["base", "id", "lang", "space"]);
    locals[2].extend(["nil", "type"]);
    locals[3].extend(XSD_NAMES.split_whitespace());
    for name in declared_names(schema) {
        let at = *index.entry(name.uri.clone()).or_insert_with(|| {
            uris.push(&name.uri);
            locals.push(BTreeSet::new());
            locals.len() as u32 - 1
        });
        locals[at as usize].insert(&name.local);
    }
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
    NameTable {
        uris: uris.into_iter().map(str::to_owned).collect(),
        locals: locals.into_iter().map(owned).collect(),
        uri_index: index,
    }
}

fn declared_names(schema: &Schema) -> impl Iterator<Item = &QName> {
    let elements = schema.elements.iter().map(|element| &element.name);
    let attributes = schema.attributes.iter().map(|(name, _)| name);
    let uses = schema.complex_types.iter().flat_map(|complex| complex.attributes.iter().map(|a| &a.name));
    let simple = schema.simple_types.iter().filter_map(|simple| simple.name.as_ref());
    let complex = schema.complex_types.iter().filter_map(|complex| complex.name.as_ref());
    elements.chain(attributes).chain(uses).chain(simple).chain(complex)
}

/// Every index of the schema must be in range; particles are checked where they are compiled.
fn check_references(schema: &Schema) -> Result<()> {
    let (simple, complex, elements) =
        (schema.simple_types.len(), schema.complex_types.len(), schema.elements.len());
    let type_ok = |type_ref: TypeRef| match type_ref {
        TypeRef::Simple(index) => index < simple,
        TypeRef::Complex(index) => index < complex,
    };
    let elements_ok = schema
        .elements
        .iter()
        .all(|element| type_ok(element.type_ref) && element.substitutes.is_none_or(|head| head < elements));
    let attributes_ok = schema.attributes.iter().all(|(_, index)| *index < simple)
        && schema.complex_types.iter().flat_map(|complex| &complex.attributes).all(|a| a.simple < simple);
    let contents_ok = schema.complex_types.iter().all(|complex| match complex.content {
        Content::Simple(index) => index < simple,
        _ => true,
    });
    let items_ok = schema.simple_types.iter().all(|t| t.item.is_none_or(|item| item < simple));
    if elements_ok && attributes_ok && contents_ok && items_ok {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Schema, "a component refers to an index that does not exist"))
}
