//! Which representation a value has: that of its type, of the datatype representation map (7.4), or
//! a string of a restricted character set where lexical values are preserved (table 7-2).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::grammars::Informed;
use super::settings::Settings;
use crate::built_in_types::has_representation;
use crate::compile::codec;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{Primitive, QName, Schema, SimpleType, WhiteSpace};
use crate::tables::{width_of, Codec, CodecKind, Tables};

/// The namespace of EXI's own names.
pub(crate) const EXI: &str = "http://www.w3.org/2009/exi";

/// The codecs of a stream, by their index in the tables.
#[derive(Debug, Default)]
pub(crate) struct Codecs {
    list: Vec<Codec>,
    /// Types with a representation that nobody here knows.
    unknown: HashMap<u32, QName>,
    lexical: bool,
    /// The whiteSpace facets.
    whites: Vec<WhiteSpace>,
    pub untyped: u32,
    /// The codec of xsi:nil where it is a string.
    pub nil: u32,
}

/// What a whiteSpace facet makes of a text.
pub(crate) fn apply(facet: WhiteSpace, text: &str) -> Cow<'_, str> {
    let white = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r');
    // To look at all of a part, instead of up to the first, lets the machine take many at a time.
    let any_white = |part: &[u8]| part.iter().fold(false, |any, byte| any | white(char::from(*byte)));
    let has_white = || text.as_bytes().chunks(256).any(any_white);
    match facet {
        WhiteSpace::Replace if has_white() => text.replace(['\t', '\n', '\r'], " ").into(),
        WhiteSpace::Collapse if has_white() => {
            let words: Vec<&str> = text.split(white).filter(|word| !word.is_empty()).collect();
            words.join(" ").into()
        }
        _ => text.into(),
    }
}

impl Codecs {
    pub fn of(tables: &Tables, schema: &Schema) -> Self {
        let whites = schema.simple_types.iter().map(|simple| simple.white_space).collect();
        Self { list: tables.codecs.clone(), whites, untyped: tables.untyped, ..Self::default() }
    }

    /// Those without a schema: strings only.
    pub fn untyped() -> Self {
        Self { list: vec![codec(&SimpleType::plain(Primitive::String), 0)], ..Self::default() }
    }

    /// The codecs for the settings of a stream.
    pub fn for_stream(informed: Option<&Informed>, settings: &Settings) -> Result<Arc<Self>> {
        let Some(informed) = informed else {
            return Ok(Arc::new(Self { lexical: settings.preserve.lexical_values, ..Self::untyped() }));
        };
        if settings.preserve.lexical_values {
            return Ok(Arc::new(Self::lexical(informed)));
        }
        if !settings.maps_datatypes() {
            return Ok(informed.codecs.clone());
        }
        Self::mapped(informed, &settings.datatype_map).map(Arc::new)
    }

    fn lexical(informed: &Informed) -> Self {
        let of = |codec: &Codec| lexical(codec, &informed.tables);
        let mut list: Vec<Codec> = informed.tables.codecs.iter().map(of).collect();
        let nil = list.len() as u32;
        list.push(of(&codec(&SimpleType::plain(Primitive::Boolean), nil)));
        let untyped = informed.tables.untyped;
        Self { list, lexical: true, untyped, nil, whites: informed.codecs.whites.clone(), ..Self::default() }
    }

    fn mapped(informed: &Informed, map: &[(QName, QName)]) -> Result<Self> {
        let schema = &informed.schema;
        let by_type: HashMap<&QName, &QName> = map.iter().map(|(name, to)| (name, to)).collect();
        let mut codecs = Self::of(&informed.tables, schema);
        for (index, simple) in schema.simple_types.iter().enumerate() {
            let Some((from, to)) = closest(schema, index, &by_type) else { continue };
            let enumerated = !simple.enumeration.is_empty();
            if enumerated && schema.simple_types.get(from).is_some_and(|from| from.enumeration.is_empty()) {
                continue;
            }
            match represented(simple, to)? {
                Some(simple) => {
                    if let Some(slot) = codecs.list.get_mut(index) {
                        *slot = codec(&simple, index as u32);
                    }
                }
                None => {
                    codecs.unknown.insert(index as u32, to.clone());
                }
            }
        }
        Ok(codecs)
    }

    pub fn get(&self, index: u32) -> Result<&Codec> {
        if let Some(name) = self.unknown.get(&index) {
            let reason =
                format!("values are represented as {{{}}}{}, which is unknown", name.uri, name.local);
            return Err(Error::new(ErrorKind::Unsupported, reason));
        }
        let missing = || Error::new(ErrorKind::Schema, format!("no simple type {index}"));
        self.list.get(index as usize).ok_or_else(missing)
    }

    /// The codec of list items; a list of lists, which XML Schema forbids, is refused.
    pub fn item(&self, codec: &Codec) -> Result<&Codec> {
        let item = self.get(codec.item)?;
        if item.kind == CodecKind::List {
            return Err(Error::new(ErrorKind::Schema, "a list of lists"));
        }
        Ok(item)
    }

    /// The whiteSpace facet of a type; lexical values stay as they are.
    pub fn white(&self, index: u32) -> WhiteSpace {
        let facet = self.whites.get(index as usize).copied();
        facet.filter(|_| !self.lexical).unwrap_or(WhiteSpace::Preserve)
    }

    /// Whether all values are strings.
    pub fn is_lexical(&self) -> bool {
        self.lexical
    }
}

/// The closest ancestor that has a representation in the map, unless one by default is closer.
fn closest<'m>(
    schema: &Schema,
    index: usize,
    map: &HashMap<&QName, &'m QName>,
) -> Option<(usize, &'m QName)> {
    let mut at = Some(index);
    for _ in 0..=schema.simple_types.len() {
        let index = at?;
        let simple = schema.simple_types.get(index)?;
        if let Some(to) = simple.name.as_ref().and_then(|name| map.get(name)) {
            return Some((index, to));
        }
        if simple.name.as_ref().is_some_and(has_representation) || is_constructed(schema, simple) {
            return None;
        }
        at = simple.base;
    }
    None
}

/// Whether a type is directly derived by list or union.
fn is_constructed(schema: &Schema, simple: &SimpleType) -> bool {
    let constructed = matches!(simple.primitive, Primitive::List | Primitive::Union);
    let base = simple.base.and_then(|base| schema.simple_types.get(base));
    constructed && base.is_none_or(|base| base.primitive != simple.primitive)
}

/// A type with the representation of another name; None when the name means nothing here.
fn represented(simple: &SimpleType, to: &QName) -> Result<Option<SimpleType>> {
    if to.uri != EXI {
        return Ok(None);
    }
    let primitive = match to.local.as_str() {
        "base64Binary" => Primitive::Base64Binary,
        "hexBinary" => Primitive::HexBinary,
        "boolean" => Primitive::Boolean,
        "dateTime" => Primitive::DateTime,
        "time" => Primitive::Time,
        "date" => Primitive::Date,
        "gYearMonth" => Primitive::GYearMonth,
        "gYear" => Primitive::GYear,
        "gMonthDay" => Primitive::GMonthDay,
        "gDay" => Primitive::GDay,
        "gMonth" => Primitive::GMonth,
        "decimal" => Primitive::Decimal,
        "double" => Primitive::Float,
        "integer" => Primitive::Integer,
        "string" => Primitive::String,
        "ieeeBinary32" | "ieeeBinary64" => return Ok(None),
        other => {
            let reason = format!("datatypeRepresentationMap: EXI has no representation {other:?}");
            return Err(Error::new(ErrorKind::Options, reason));
        }
    };
    let same = simple.primitive == primitive;
    let kept = if same { simple.clone() } else { SimpleType::plain(primitive) };
    Ok(Some(SimpleType { enumeration: Vec::new(), name: simple.name.clone(), ..kept }))
}

/// The string that stands for a value of a type.
fn lexical(codec: &Codec, tables: &Tables) -> Codec {
    let item = tables.codecs.get(codec.item as usize).filter(|_| codec.kind == CodecKind::List);
    let charset = charset(item.unwrap_or(codec).primitive);
    let width = width_of(charset.len() + 1) as u8;
    let enumeration = Vec::new();
    Codec { kind: CodecKind::String, charset, width, enumeration, ..codec.clone() }
}

/// Table 7-2.
pub(crate) fn charset(primitive: Primitive) -> Vec<char> {
    const DIGITS: (char, char) = ('0', '9');
    match primitive {
        Primitive::Base64Binary => set(&[DIGITS, ('A', 'Z'), ('a', 'z')], "+/="),
        Primitive::HexBinary => set(&[DIGITS, ('A', 'F'), ('a', 'f')], ""),
        Primitive::Boolean => set(&[], "01aeflrstu"),
        Primitive::Decimal => set(&[DIGITS], "+-."),
        Primitive::Float => set(&[DIGITS], "+-.EFINae"),
        Primitive::Integer => set(&[DIGITS], "+-"),
        Primitive::String | Primitive::QName | Primitive::List | Primitive::Union => Vec::new(),
        _ => set(&[DIGITS], "+-.:TZ"),
    }
}

fn set(ranges: &[(char, char)], singles: &str) -> Vec<char> {
    let mut chars: BTreeSet<char> = "\t\n\r ".chars().chain(singles.chars()).collect();
    chars.extend(ranges.iter().flat_map(|(from, to)| *from..=*to));
    chars.into_iter().collect()
}
