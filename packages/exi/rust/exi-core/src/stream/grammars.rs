//! Schemas as streams use them: compiled on first use, shared by all streams.

use std::sync::{Arc, OnceLock};

use super::leaves::Leaves;
use super::names::Initial;
use super::representation::Codecs;
use super::settings::{SchemaId, Settings};
use crate::built_in_types::completed;
use crate::compile::{compile, Options};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Schema;
use crate::tables::Tables;

/// A schema set, or none: what the grammars of a stream come from. Clones share everything.
#[derive(Clone, Debug)]
pub struct Grammars(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    schema: Option<Schema>,
    loose: OnceLock<Result<Arc<Informed>>>,
    strict: OnceLock<Result<Arc<Informed>>>,
}

/// The tables of a schema for one value of the option strict.
#[derive(Debug)]
pub(crate) struct Informed {
    pub schema: Schema,
    pub tables: Tables,
    pub initial: Arc<Initial>,
    pub codecs: Arc<Codecs>,
    pub leaves: Leaves,
}

/// What finds the schema that a schemaId names.
pub trait Schemas {
    /// The grammars for a stream whose header has this schemaId; an error that names it otherwise.
    fn find(&self, id: &SchemaId) -> Result<Grammars>;
}

impl Grammars {
    /// The grammars of a schema set.
    pub fn new(schema: Schema) -> Self {
        Self::of(Some(completed(&schema)))
    }

    /// Built-in grammars only (section 8.4).
    pub fn schema_less() -> Self {
        static NONE: OnceLock<Grammars> = OnceLock::new();
        NONE.get_or_init(|| Self::of(None)).clone()
    }

    /// Only the types of XML Schema, as an empty schemaId says.
    pub fn built_in_types() -> Self {
        static TYPES: OnceLock<Grammars> = OnceLock::new();
        TYPES.get_or_init(|| Self::new(Schema::default())).clone()
    }

    fn of(schema: Option<Schema>) -> Self {
        Self(Arc::new(Inner { schema, loose: OnceLock::new(), strict: OnceLock::new() }))
    }

    /// Whether there is a schema.
    pub fn is_informed(&self) -> bool {
        self.0.schema.is_some()
    }
    /// Compiles the tables, which the first stream would do otherwise; tells what is wrong with the schema.
    pub fn check(&self, strict: bool) -> Result<()> {
        self.informed(strict).map(|_| ())
    }

    pub(crate) fn informed(&self, strict: bool) -> Result<Option<Arc<Informed>>> {
        let Some(schema) = &self.0.schema else { return Ok(None) };
        let cell = if strict { &self.0.strict } else { &self.0.loose };
        let made = cell.get_or_init(|| {
            let tables = compile(schema, Options { strict })?;
            let initial = Arc::new(Initial::informed(&tables.names));
            let codecs = Arc::new(Codecs::of(&tables, schema));
            let (schema, leaves) = (schema.clone(), Leaves::of(&tables));
            Ok(Arc::new(Informed { schema, tables, initial, codecs, leaves }))
        });
        made.clone().map(Some)
    }

    pub(crate) fn initial(informed: Option<&Informed>) -> Arc<Initial> {
        static SCHEMA_LESS: OnceLock<Arc<Initial>> = OnceLock::new();
        match informed {
            Some(informed) => informed.initial.clone(),
            None => SCHEMA_LESS.get_or_init(|| Arc::new(Initial::schema_less())).clone(),
        }
    }

    /// Whether the settings say anything that contradicts these grammars.
    pub(crate) fn check_settings(&self, settings: &Settings) -> Result<()> {
        settings.check()?;
        if settings.strict && !self.is_informed() {
            // Built-in grammars do not know of strict (section 8.4); it has no effect on them.
            return Ok(());
        }
        if settings.schema_id == SchemaId::SchemaLess && self.is_informed() {
            let reason = "the schemaId says that there is no schema, but a schema is given";
            return Err(Error::new(ErrorKind::Options, reason));
        }
        Ok(())
    }
}

/// One set of grammars serves streams that name it by any schemaId.
impl Schemas for Grammars {
    fn find(&self, id: &SchemaId) -> Result<Grammars> {
        Ok(match id {
            SchemaId::SchemaLess => Self::schema_less(),
            SchemaId::BuiltInTypes => Self::built_in_types(),
            SchemaId::Absent | SchemaId::Named(_) => self.clone(),
        })
    }
}
