//! What a stream is written with: the options of the EXI header (section 5.4) and what lies outside them.

use crate::error::{Error, ErrorKind, Result};
use crate::schema::QName;

/// How event codes and content are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// In as many bits as they need.
    #[default]
    BitPacked,
    /// On byte boundaries.
    ByteAligned,
    /// In channels, as before compression.
    PreCompression,
    /// In channels, compressed with DEFLATE.
    Compression,
}

impl Alignment {
    /// Whether values go into channels of their own (section 9.2).
    pub fn has_channels(self) -> bool {
        matches!(self, Self::PreCompression | Self::Compression)
    }

    /// Whether n-bit integers take whole bytes (section 7.1.9).
    pub fn is_aligned(self) -> bool {
        self != Self::BitPacked
    }
}

/// Fidelity options (section 6.3).
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Preserve {
    pub comments: bool,
    pub pis: bool,
    pub dtd: bool,
    pub prefixes: bool,
    pub lexical_values: bool,
}

/// What the option schemaId says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SchemaId {
    /// Nothing: the schema is agreed upon elsewhere.
    #[default]
    Absent,
    /// xsi:nil: there is no schema.
    SchemaLess,
    /// The empty string: only the types of XML Schema itself.
    BuiltInTypes,
    /// A name on which both sides agree.
    Named(String),
}

/// Parameters of the EXI Profile for limiting usage of dynamic memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Whether values are looked up in the partition of their element or attribute.
    pub local_value_partitions: bool,
    /// maximumNumberOfBuiltInElementGrammars: None is unbounded.
    pub max_element_grammars: Option<u32>,
    /// maximumNumberOfBuiltInProductions: None is unbounded.
    pub max_productions: Option<u32>,
}

impl Default for Profile {
    fn default() -> Self {
        Self { local_value_partitions: true, max_element_grammars: None, max_productions: None }
    }
}

/// The EXI options of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Layout of the body.
    pub alignment: Alignment,
    /// Only what the schema allows can be said (section 8.5.4.4.2).
    pub strict: bool,
    /// The body is a fragment: any number of elements at the top.
    pub fragment: bool,
    /// What is kept beside elements, attributes and values.
    pub preserve: Preserve,
    /// Elements may be self-contained.
    pub self_contained: bool,
    /// Values in a block, for (pre-)compression.
    pub block_size: u32,
    /// Longest value that is remembered; None is unbounded.
    pub value_max_length: Option<u32>,
    /// Values that are remembered at a time; None is unbounded.
    pub value_capacity: Option<u32>,
    /// Schema types and the representations that stand in for their own (section 7.4).
    pub datatype_map: Vec<(QName, QName)>,
    /// The EXI Profile, where it is in use.
    pub profile: Option<Profile>,
    /// Elements of user-defined meta-data in the options document, which mean nothing to EXI.
    pub user_defined: Vec<QName>,
    /// What the header says about the schema.
    pub schema_id: SchemaId,
}

/// The block size where none is given.
pub const DEFAULT_BLOCK_SIZE: u32 = 1_000_000;

impl Default for Settings {
    fn default() -> Self {
        Self {
            alignment: Alignment::default(),
            strict: false,
            fragment: false,
            preserve: Preserve::default(),
            self_contained: false,
            block_size: DEFAULT_BLOCK_SIZE,
            value_max_length: None,
            value_capacity: None,
            datatype_map: Vec::new(),
            profile: None,
            user_defined: Vec::new(),
            schema_id: SchemaId::default(),
        }
    }
}

impl Settings {
    /// Refuses combinations that section 5.4 rules out.
    pub fn check(&self) -> Result<()> {
        let Preserve { comments, pis, dtd, prefixes, .. } = self.preserve;
        let kept = [
            (comments, "preserve.comments"),
            (pis, "preserve.pis"),
            (dtd, "preserve.dtd"),
            (prefixes, "preserve.prefixes"),
            (self.self_contained, "selfContained"),
        ];
        if let Some((_, name)) = kept.iter().find(|(set, _)| *set && self.strict) {
            return Err(bad(format!("the options strict and {name} exclude each other (EXI 5.4)")));
        }
        if self.self_contained && self.alignment.has_channels() {
            return Err(bad("the options selfContained and (pre-)compression exclude each other (EXI 5.4)"));
        }
        if self.block_size == 0 {
            return Err(bad("blockSize is zero"));
        }
        Ok(())
    }

    /// Whether values have representations other than those of their types.
    pub(crate) fn maps_datatypes(&self) -> bool {
        !self.datatype_map.is_empty() && !self.preserve.lexical_values
    }

    /// Whether values have partitions by name.
    pub(crate) fn local_partitions(&self) -> bool {
        self.profile.is_none_or(|profile| profile.local_value_partitions)
    }
}

fn bad(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Options, reason)
}

/// What the header shows of the settings, and rules of writing beyond the format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HeaderStyle {
    /// Begin with `$EXI`.
    pub cookie: bool,
    /// Write the options document.
    pub options: bool,
    /// Write as Canonical EXI prescribes.
    pub canonical: Option<Canonical>,
}

/// Choices within Canonical EXI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Canonical {
    /// Turn dates and times with a time zone into UTC.
    pub utc_time: bool,
    /// Leave the options document out.
    pub omit_options: bool,
}

/// What a stream may ask of the decoder at most, and of the encoder in depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Elements inside each other.
    pub depth: u32,
    /// Events in all.
    pub events: u64,
    /// Bytes of text in all items together. Strings that refer back count in full.
    pub text: u64,
    /// Bytes that compressed streams may inflate to, together.
    pub inflated: u64,
    /// Bytes that they may inflate to for each byte of the stream, once over 1 MiB.
    pub ratio: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 1024, events: 100_000_000, text: 4 << 30, inflated: 1 << 30, ratio: 1100 }
    }
}
