//! An observer of every part that a decoder reads, to explain a stream bit by bit.

/// Receives the parts of a stream in the order in which they are read.
pub trait Witness {
    /// One part was read.
    fn part(&mut self, part: &Part<'_>);
}

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The stream of bits: 0 is the one that was given, others were inflated from it.
    pub stream: u32,
    /// Its first bit.
    pub from: u64,
    /// The bit after its last; equal to `from` when it takes no room.
    pub to: u64,
    /// What it is.
    pub what: What<'a>,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// A field of the header: its name and meaning.
    Header(&'static str, String),
    /// The next parts are those of the options document.
    OptionsBegin,
    /// The options document ends.
    OptionsEnd,
    /// Bits without meaning before a boundary.
    Padding,
    /// A part of an event code.
    Code {
        /// 1, 2 or 3.
        part: u8,
        /// The code.
        value: u64,
        /// How many values there are.
        count: u64,
    },
    /// The production that the event code chose, in the notation of the specification.
    Production(&'a str),
    /// A string of a name or prefix: which partition, what of it.
    Table {
        /// "uri", "local-name" or "prefix".
        partition: &'static str,
        /// What was read.
        action: Action,
        /// The string that it stands for.
        text: &'a str,
    },
    /// A value: its kind, its place in the string table, its text.
    Value {
        /// The representation.
        kind: &'static str,
        /// None unless the value is a string.
        action: Option<Action>,
        /// The lexical value.
        text: &'a str,
    },
    /// A string outside the tables: of a comment, a processing instruction and so on.
    Literal(&'static str, &'a str),
    /// A flag.
    Flag(&'static str, bool),
    /// A channel of values begins: its element or attribute.
    Channel(&'a str, u64),
    /// A compressed stream: bits `from` to `to` became stream `into`, of so many bytes.
    Inflated {
        /// Its number.
        into: u32,
        /// Its length.
        bytes: u64,
    },
}

/// How a string was represented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// By its characters; whether it was added to the table.
    Miss,
    /// By a compact identifier.
    Hit(u64),
    /// By a compact identifier of the partition of its name.
    LocalHit(u64),
    /// By a compact identifier of the partition of all values.
    GlobalHit(u64),
}
