//! Compiled grammars: flat arrays of states, productions and value codecs.
//!
//! A state is a non-terminal of a normalized grammar (8.5.4.2); its productions stand together in
//! event-code order. What section 8.5.4.4 adds at the second level follows from the flags of the
//! state, so it takes no room. A particle of many copies does not unroll: a production may count.

use crate::names::QRef;
use crate::quick::QuickMap;
use crate::schema::{Primitive, TypeRef};

/// No slot, state or grammar.
pub const NONE: u32 = u32::MAX;
/// `Production::speed` from here on is no width.
pub const WIDTHS: u8 = 32;
/// A Leaf that is a signed integer.
pub const INTEGER: u8 = 252;
/// Any other Leaf.
pub const LONG: u8 = 253;
/// An element of complex type.
pub const COMPLEX: u8 = 254;
/// Anything else.
pub const SLOW: u8 = 255;
/// No field.
pub const NO_SLOT: u16 = u16::MAX;
/// Nested counters that one element can have.
pub const COUNTERS: usize = 2;

/// The terminal symbol of a production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// SE(qname) of an element with a simple type.
    Leaf,
    /// SE(qname) of an element with a complex type.
    Se,
    /// EE.
    Ee,
    /// CH with a schema-typed value.
    Ch,
    /// CH with an untyped value.
    ChUntyped,
    /// AT(qname) with a schema-typed value.
    At,
    /// AT(uri:*).
    AtUri,
    /// AT(*).
    AtAny,
    /// SE(uri:*).
    SeUri,
    /// SE(*).
    SeAny,
    /// ED.
    Ed,
}

/// What a value of fixed width is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Form {
    /// An offset from the least value.
    Integer,
    /// An index.
    Enumeration,
    /// A truth value.
    Boolean,
}

/// One production: a terminal and what follows. The alignment makes its place cheap to find.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Production {
    /// The terminal.
    pub kind: Kind,
    /// Whether the field is a sequence.
    pub repeated: bool,
    /// Whether the element may carry xsi:nil.
    pub nillable: bool,
    /// A mask of the counters that start at one here.
    pub set: u8,
    /// 1 + the counter that goes up here, or 0.
    pub inc: u8,
    /// How to decode this production fast: the bits of a Leaf's value where it is an index or
    /// offset of fixed width, otherwise [`INTEGER`], [`LONG`], [`COMPLEX`] or [`SLOW`].
    pub speed: u8,
    /// What a value of fixed width is.
    pub form: Form,
    /// The least value, where it is an integer.
    pub low: i32,
    /// The number of values less one.
    pub last: u32,
    /// For whoever binds tables to classes: this value goes into a wrapper.
    pub wrapped: bool,
    /// For whoever binds tables to classes: where in an object a single value goes as it is, or 0.
    pub offset: u32,
    /// The field to fill, or [`NO_SLOT`].
    pub slot: u16,
    /// The grammar of the element (Se, Leaf), or the codec (At, Ch).
    pub target: u32,
    /// The next state.
    pub next: u32,
    /// The next state when the counter reaches `bound`.
    pub alt: u32,
    /// See `alt`.
    pub bound: u32,
    /// The name (At, Se, Leaf) or its uri only (AtUri, SeUri).
    pub name: QRef,
    /// Which particle or attribute use of the schema this is: see [`Tables::parts`].
    pub part: u32,
}

impl Production {
    /// The state after this production, given the counters of the element.
    #[inline(always)]
    pub fn follow(&self, counters: &mut [u32; COUNTERS]) -> u32 {
        if self.set | self.inc == 0 {
            return self.next;
        }
        for (index, counter) in counters.iter_mut().enumerate() {
            if self.set >> index & 1 != 0 {
                *counter = 1;
            }
        }
        if let Some(counter) = counters.get_mut(usize::from(self.inc).wrapping_sub(1)) {
            *counter += 1;
            if *counter == self.bound {
                return self.alt;
            }
        }
        self.next
    }
}

/// One state.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub struct State {
    /// Its first production.
    pub first: u32,
    /// Its number of productions.
    pub len: u16,
    /// How many of them, at the front, are AT(qname).
    pub attributes: u16,
    /// Bits of the first part of the event code.
    pub width: u8,
    /// Whether there is a second level.
    pub escapes: bool,
    /// At the second level: EE.
    pub late_end: bool,
    /// At the second level: AT(xsi:type).
    pub xsi_type: bool,
    /// At the second level: AT(xsi:nil).
    pub xsi_nil: bool,
    /// At the second level: AT(*), AT(qname) untyped, AT(*) untyped.
    pub any_attribute: bool,
    /// At the second level: SE(*) and CH untyped.
    pub any_content: bool,
    /// Where undeclared content leads ("content2" of 8.5.4.4.1, or the state itself).
    pub content2: u32,
    /// The [`Run`] that begins here, plus one, or 0.
    pub run: u32,
}

impl State {
    /// How many values the first part of the event code has.
    #[inline]
    pub fn codes(&self) -> usize {
        usize::from(self.len) + usize::from(self.escapes)
    }
}

/// Elements of fixed width that usually follow each other: they are read and written as one word.
/// All event codes on the way are zero.
#[derive(Clone, Debug)]
pub struct Run {
    /// The elements; they are neither repeated nor counted.
    pub fields: Vec<RunField>,
    /// Bits from the first event code to the last EE.
    pub bits: u32,
    /// The bits, from the top of a word, that are zero if everything is as usual.
    pub zeros: u64,
    /// An integer of up to three octets that comes after the fields.
    pub tail: Option<RunTail>,
    /// The state after the fields.
    pub next: u32,
    /// Whether the element ends after the fields, or after the tail if there is one.
    pub ends: bool,
    /// Bits of the event code of that end after a tail.
    pub end_bits: u32,
}

/// One element of a [`Run`].
#[derive(Clone, Copy, Debug)]
pub struct RunField {
    /// Its production.
    pub production: u32,
    /// Where its value begins, counted from the top of the word.
    pub at: u32,
    /// Bits of its value.
    pub bits: u32,
}

/// The integer at the end of a [`Run`].
#[derive(Clone, Copy, Debug)]
pub struct RunTail {
    /// Its production.
    pub production: u32,
    /// Bits of its event code and CH.
    pub code_bits: u32,
    /// The state after it.
    pub next: u32,
}

/// The grammar of a type, for elements of that type.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// The entry state of Type_i.
    pub start: u32,
    /// The entry state of TypeEmpty_i, for xsi:nil.
    pub empty: u32,
    /// The type; None for the relaxed element fragment grammar of 8.5.3.
    pub type_ref: Option<TypeRef>,
    /// The field that text fills, or [`NO_SLOT`].
    pub text_slot: u16,
    /// The codec of a simple type, or [`NONE`].
    pub codec: u32,
}

/// How a value of a simple type is represented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodecKind {
    /// Offset from `low` in `width` bits.
    NBit,
    /// Offset from `minimum` in `width` bits, where 64 bits do not hold the values.
    FarNBit,
    /// Unsigned Integer.
    Unsigned,
    /// Sign and Unsigned Integer.
    Integer,
    /// Index into the enumeration in `width` bits.
    Enumeration,
    /// One bit.
    Boolean,
    /// Two bits, where a pattern tells "0" from "false".
    BooleanPattern,
    /// Length and bytes.
    Binary,
    /// String, through the string table.
    String,
    /// Sign, integral part, reversed fraction.
    Decimal,
    /// Mantissa and exponent.
    Float,
    /// One of the eight date-time kinds.
    DateTime,
    /// Length and items.
    List,
}

/// The codec of one simple type, its facets included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codec {
    /// The representation.
    pub kind: CodecKind,
    /// Bits, for NBit and Enumeration.
    pub width: u8,
    /// The least value of NBit.
    pub low: i64,
    /// Values of NBit and Enumeration, less one.
    pub last: u32,
    /// Fewest characters, bytes or items.
    pub min_length: u64,
    /// Most characters, bytes or items.
    pub max_length: u64,
    /// Inclusive bounds of an integer.
    pub minimum: Option<i128>,
    /// Inclusive bounds of an integer.
    pub maximum: Option<i128>,
    /// Whether `minimum` or `maximum` needs a look after decoding.
    pub bounded: bool,
    /// The bounds as far as 64 bits reach.
    pub least: i64,
    /// The bounds as far as 64 bits reach.
    pub most: i64,
    /// The primitive, which tells hexBinary from base64Binary and the date-time kinds apart.
    pub primitive: Primitive,
    /// The codec of list items.
    pub item: u32,
    /// Lexical values in schema order.
    pub enumeration: Vec<String>,
    /// The restricted character set.
    pub charset: Vec<char>,
    /// Its own index in [`Tables::codecs`].
    pub index: u32,
}

impl Codec {
    /// Whether an integer is within the bounds.
    #[inline(always)]
    pub fn has(&self, value: i64) -> bool {
        !self.bounded || (value >= self.least && value <= self.most)
    }
}

/// The initial string table.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    /// Uri partition.
    pub uris: Vec<String>,
    /// Local-name partitions, each sorted.
    pub locals: Vec<Vec<String>>,
    pub(crate) uri_index: QuickMap<String, u32>,
}

impl NameTable {
    /// The compact identifier of a uri.
    pub fn find_uri(&self, uri: &str) -> Option<u32> {
        self.uri_index.get(uri).copied()
    }

    /// The compact identifiers of a name.
    pub fn find(&self, uri: &str, local: &str) -> Option<QRef> {
        let uri = self.find_uri(uri)?;
        let names = self.locals.get(uri as usize)?;
        let local = names.binary_search_by(|have| have.as_str().cmp(local)).ok()?;
        Some(QRef { uri, local: local as u32 })
    }

    /// The uri of a name.
    pub fn uri(&self, name: QRef) -> &str {
        self.uris.get(name.uri as usize).map_or("", String::as_str)
    }

    /// The local part of a name.
    pub fn local(&self, name: QRef) -> &str {
        self.locals
            .get(name.uri as usize)
            .and_then(|names| names.get(name.local as usize))
            .map_or("", |name| name)
    }
}

/// Which declaration an element comes from.
#[derive(Clone, Copy, Debug)]
pub struct GlobalElement {
    /// The grammar of its type.
    pub grammar: u32,
    /// Whether it may carry xsi:nil.
    pub nillable: bool,
}

/// Everything that a coder needs of a schema.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// All states.
    pub states: Vec<State>,
    /// All productions.
    pub productions: Vec<Production>,
    /// Runs of elements.
    pub runs: Vec<Run>,
    /// Codecs; the index is that of the simple type, then one for untyped strings.
    pub codecs: Vec<Codec>,
    /// The type from which each simple type derives, or [`NONE`].
    pub bases: Vec<u32>,
    /// Grammars; simple types first, then complex types, then the others.
    pub grammars: Vec<Grammar>,
    /// State DocContent (8.5.1).
    pub document: u32,
    /// State FragmentContent (8.5.2).
    pub fragment: u32,
    /// Initial string table.
    pub names: NameTable,
    /// Global elements.
    pub globals: QuickMap<QRef, GlobalElement>,
    /// Global attributes and their codecs.
    pub attributes: QuickMap<QRef, u32>,
    /// Named types and their grammars, for xsi:type.
    pub types: QuickMap<QRef, u32>,
    /// Whether the grammars are strict (8.5.4.4.2).
    pub strict: bool,
    /// The codec of untyped values.
    pub untyped: u32,
    /// Number of simple types: grammars below this index are simple.
    pub simple_count: u32,
    /// How many parts (leaf particles and attribute uses) the schema has. They are numbered in
    /// the order: complex types; in each its attributes, then its leaf particles depth first.
    pub parts: u32,
}

impl Tables {
    /// The run that begins at a state.
    #[inline(always)]
    pub fn run_at(&self, state: &State) -> Option<&Run> {
        self.runs.get(state.run.wrapping_sub(1) as usize)
    }

    /// Whether a simple type is another one or derives from it, in however many steps.
    pub fn derives(&self, simple: u32, from: u32) -> bool {
        let base = |of: &u32| self.bases.get(*of as usize).copied();
        // Steps are as many as types at most, so that no cycle holds it.
        std::iter::successors(Some(simple), base).take(self.bases.len()).any(|have| have == from)
    }

    /// The productions of a state.
    #[inline(always)]
    pub fn productions_of(&self, state: &State) -> &[Production] {
        let first = state.first as usize;
        self.productions.get(first..first + state.len as usize).unwrap_or_default()
    }
}

/// ceil(log2(count)): the bits of an index below `count`.
#[inline]
pub fn width_of(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}
