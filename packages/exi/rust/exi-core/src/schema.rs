//! Schema components: what a grammar is compiled from. They refer to each other by index.
//!
//! The names follow XML Schema part 1 and EXI 1.0 section 8.5.4. `slot` numbers belong to whoever
//! binds fields to parts; this crate only carries them into the tables.

/// A namespace URI (empty for none) and a local name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct QName {
    /// Namespace URI.
    pub uri: String,
    /// Local name.
    pub local: String,
}

/// How EXI represents the values of a simple type (EXI 1.0 table 7-1).
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    String,
    Boolean,
    Decimal,
    Float,
    Integer,
    HexBinary,
    Base64Binary,
    QName,
    DateTime,
    Time,
    Date,
    GYearMonth,
    GYear,
    GMonthDay,
    GDay,
    GMonth,
    List,
    Union,
}

impl Primitive {
    /// All primitives, in the order of their numbers in `evproto.exi.schema`.
    pub const ALL: [Self; 18] = [
        Self::String,
        Self::Boolean,
        Self::Decimal,
        Self::Float,
        Self::Integer,
        Self::HexBinary,
        Self::Base64Binary,
        Self::QName,
        Self::DateTime,
        Self::Time,
        Self::Date,
        Self::GYearMonth,
        Self::GYear,
        Self::GMonthDay,
        Self::GDay,
        Self::GMonth,
        Self::List,
        Self::Union,
    ];
}

/// The whiteSpace facet: what becomes of white space in the characters of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhiteSpace {
    /// It stays.
    Preserve,
    /// Tabs and line ends become blanks.
    Replace,
    /// Runs of it become one blank, at the ends none.
    Collapse,
}

impl WhiteSpace {
    /// All values, in the order of their numbers in `evproto.exi.schema`.
    pub const ALL: [Self; 3] = [Self::Preserve, Self::Replace, Self::Collapse];
}

/// A simple type with the facets of all its ancestors combined.
#[derive(Clone, Debug)]
pub struct SimpleType {
    /// None for an anonymous type.
    pub name: Option<QName>,
    /// The representation.
    pub primitive: Primitive,
    /// The type it was derived from.
    pub base: Option<usize>,
    /// The item type of a list.
    pub item: Option<usize>,
    /// Lexical values in schema order, where EXI uses them (section 7.2).
    pub enumeration: Vec<String>,
    /// Inclusive lower bound of an integer.
    pub minimum: Option<i128>,
    /// Inclusive upper bound of an integer.
    pub maximum: Option<i128>,
    /// Fewest characters, bytes or items.
    pub min_length: u64,
    /// Most characters, bytes or items.
    pub max_length: Option<u64>,
    /// The restricted character set, sorted (section 7.1.10.1).
    pub charset: Option<Vec<char>>,
    /// Whether any pattern applies (booleans then have four values, section 7.1.2).
    pub has_pattern: bool,
    /// What becomes of white space.
    pub white_space: WhiteSpace,
}

impl SimpleType {
    /// A type with no facets.
    pub fn plain(primitive: Primitive) -> Self {
        Self {
            name: None,
            primitive,
            base: None,
            item: None,
            enumeration: Vec::new(),
            minimum: None,
            maximum: None,
            min_length: 0,
            max_length: None,
            charset: None,
            has_pattern: false,
            white_space: match primitive {
                Primitive::String => WhiteSpace::Preserve,
                _ => WhiteSpace::Collapse,
            },
        }
    }
}

/// The namespace constraint of a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wildcard {
    /// ##any.
    Any,
    /// ##other, which EXI does not tell from ##any (section 8.5.4.1.7).
    Other,
    /// A list of namespaces, in schema order.
    Uris(Vec<String>),
}

/// What a particle holds.
#[derive(Clone, Debug)]
pub enum Term {
    /// An element, by index.
    Element(usize),
    /// Any element of some namespaces.
    Wildcard(Wildcard),
    /// One after the other.
    Sequence(Vec<Particle>),
    /// One of several.
    Choice(Vec<Particle>),
    /// In any order.
    All(Vec<Particle>),
}

/// `minimum` to `maximum` copies of one term.
#[derive(Clone, Debug)]
pub struct Particle {
    /// Fewest copies.
    pub minimum: u32,
    /// Most copies; None is unbounded.
    pub maximum: Option<u32>,
    /// What is copied.
    pub term: Term,
    /// The field that an element or wildcard fills.
    pub slot: Option<u16>,
    /// Whether that field is a sequence.
    pub repeated: bool,
}

impl Particle {
    /// Exactly one copy, no field.
    pub fn one(term: Term) -> Self {
        Self { minimum: 1, maximum: Some(1), term, slot: None, repeated: false }
    }
}

/// One attribute of a complex type.
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// Its qualified name.
    pub name: QName,
    /// Index of its simple type.
    pub simple: usize,
    /// Whether it must occur.
    pub required: bool,
    /// The field that it fills.
    pub slot: Option<u16>,
}

/// What stands between the tags.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A value of the simple type.
    Simple(usize),
    /// Elements only.
    Elements(Particle),
    /// Elements and text.
    Mixed(Particle),
}

/// A complex type with everything it inherits.
#[derive(Clone, Debug)]
pub struct ComplexType {
    /// None for an anonymous type.
    pub name: Option<QName>,
    /// The complex type it was derived from.
    pub base: Option<usize>,
    /// Whether no element can have exactly this type: EXI does not ask, and no saved schema says.
    pub is_abstract: bool,
    /// Attributes, in any order.
    pub attributes: Vec<AttributeUse>,
    /// The attribute wildcard.
    pub attribute_wildcard: Option<Wildcard>,
    /// Its content.
    pub content: Content,
    /// The field that text fills.
    pub text_slot: Option<u16>,
}

/// The type of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// Index of a simple type.
    Simple(usize),
    /// Index of a complex type.
    Complex(usize),
}

/// An element declaration, global or local.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its qualified name.
    pub name: QName,
    /// Its type.
    pub type_ref: TypeRef,
    /// Whether it may be the root of a document.
    pub is_global: bool,
    /// Whether xsi:nil is allowed.
    pub nillable: bool,
    /// Whether only members of its substitution group occur: as for complex types.
    pub is_abstract: bool,
    /// The head of its substitution group.
    pub substitutes: Option<usize>,
}

/// A whole schema set, imports included.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// All target namespaces and those that wildcards name.
    pub namespaces: Vec<String>,
    /// All simple types.
    pub simple_types: Vec<SimpleType>,
    /// All complex types.
    pub complex_types: Vec<ComplexType>,
    /// All element declarations.
    pub elements: Vec<Element>,
    /// Global attributes with their simple types.
    pub attributes: Vec<(QName, usize)>,
}
