//! The one error of this crate: what is wrong, at which bit, in which field.

use std::fmt;

/// What kind of fault an [`Error`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The stream ends inside a value or an event code.
    EndOfStream,
    /// The header is none that this processor takes.
    Header,
    /// An event code or a value that the grammar does not have.
    Invalid,
    /// A value outside the facets of its type.
    Facet,
    /// A depth, size or count above the limit.
    Limit,
    /// Legal EXI that this processor or this sink does not take.
    Unsupported,
    /// The schema cannot be compiled.
    Schema,
    /// What is to be encoded does not fit the schema.
    Content,
    /// EXI options that contradict each other, or that nothing here understands.
    Options,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    kind: ErrorKind,
    reason: String,
    bit: Option<usize>,
    path: Vec<String>,
}

/// A fault with its place. It is one pointer wide, so that results stay in registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Body>);

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A fault without place.
    #[cold]
    pub fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Body { kind, reason: reason.into(), bit: None, path: Vec::new() }))
    }

    /// A fault at a bit of the stream.
    #[cold]
    pub fn at(kind: ErrorKind, bit: usize, reason: impl Into<String>) -> Self {
        Self(Box::new(Body { kind, reason: reason.into(), bit: Some(bit), path: Vec::new() }))
    }

    /// The same fault, at `bit` unless it already had a place.
    #[cold]
    pub fn or_at(mut self, bit: usize) -> Self {
        self.0.bit.get_or_insert(bit);
        self
    }

    /// The same fault, inside the element or attribute `name`.
    #[cold]
    pub fn within(mut self, name: impl Into<String>) -> Self {
        self.0.path.push(name.into());
        self
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The reason, without the place.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The bit offset in the stream, where there is one.
    pub fn bit(&self) -> Option<usize> {
        self.0.bit
    }

    /// The field, outermost element first, joined with "/".
    pub fn path(&self) -> String {
        let names: Vec<&str> = self.0.path.iter().rev().map(String::as_str).collect();
        names.join("/")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.reason)?;
        if !self.0.path.is_empty() {
            write!(f, " in {}", self.path())?;
        }
        if let Some(bit) = self.0.bit {
            write!(f, " at bit {bit}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
