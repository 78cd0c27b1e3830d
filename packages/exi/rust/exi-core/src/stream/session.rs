//! What a stream has learnt so far, and where in the grammars it is: the same for both directions.

use std::sync::Arc;

use super::grammars::{Grammars, Informed};
use super::learning::{Builtins, Phase};
use super::menu::{Kept, Menu};
use super::names::{Initial, Names};
use super::representation::Codecs;
use super::settings::Settings;
use super::values::Values;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::tables::{Grammar, Kind, Production, State, Tables, COUNTERS, NONE};

/// What stays the same through a stream.
#[derive(Debug)]
pub(crate) struct Context {
    pub informed: Option<Arc<Informed>>,
    pub codecs: Arc<Codecs>,
    pub settings: Settings,
    pub kept: Kept,
    initial: Arc<Initial>,
    searched: bool,
}

impl Context {
    /// `searched`: values are looked up by text, as an encoder does.
    pub fn new(grammars: &Grammars, settings: Settings, searched: bool) -> Result<Self> {
        grammars.check_settings(&settings)?;
        let informed = grammars.informed(settings.strict)?;
        let codecs = Codecs::for_stream(informed.as_deref(), &settings)?;
        let initial = Grammars::initial(informed.as_deref());
        Ok(Self { kept: Kept::of(&settings), informed, codecs, settings, initial, searched })
    }

    pub fn session(&self) -> Session {
        Session {
            names: Names::new(self.initial.clone()),
            values: Values::new(&self.settings, self.searched),
            builtins: Builtins::new(self.settings.profile.filter(|_| self.informed.is_some())),
        }
    }

    pub fn tables(&self) -> Option<&Tables> {
        self.informed.as_ref().map(|informed| &informed.tables)
    }

    pub fn state(&self, index: u32) -> Result<&State> {
        let state = self.tables().and_then(|tables| tables.states.get(index as usize));
        state.ok_or_else(|| Error::new(ErrorKind::Schema, format!("no state {index}")))
    }

    pub fn production(&self, state: &State, code: u64) -> Option<&Production> {
        let tables = self.tables()?;
        tables.productions_of(state).get(usize::try_from(code).ok()?)
    }

    pub fn grammar(&self, index: u32) -> Option<&Grammar> {
        self.tables()?.grammars.get(index as usize)
    }

    /// The beginning of the grammar of a global element declaration.
    pub fn global(&self, name: QRef) -> Option<Place> {
        self.start(self.tables()?.globals.get(&name)?.grammar)
    }

    /// The beginning of a grammar.
    pub fn start(&self, grammar: u32) -> Option<Place> {
        let state = self.grammar(grammar)?.start;
        Some(Place::Known { state, grammar, counters: [0; COUNTERS] })
    }

    /// The beginning of the grammar of a type, for xsi:type.
    pub fn of_type(&self, name: QRef) -> Option<Place> {
        self.start(*self.tables()?.types.get(&name)?)
    }

    /// The codec of an attribute that only a wildcard matches.
    pub fn attribute_codec(&self, name: QRef) -> Option<u32> {
        self.tables()?.attributes.get(&name).copied()
    }

    pub fn menu(&self, state: &State) -> Menu {
        Menu::of_state(state, self.kept, self.settings.strict)
    }

    pub fn phase_menu(&self, phase: Phase) -> Menu {
        match phase {
            Phase::StartTag => Menu::start_tag(self.kept),
            Phase::Content => Menu::content(self.kept),
        }
    }

    /// What may stand at a state, for an error.
    #[cold]
    pub fn expected(&self, state: &State) -> String {
        let Some(tables) = self.tables() else { return String::new() };
        let name = |production: &Production| match production.kind {
            Kind::Leaf | Kind::Se => tables.names.local(production.name).to_owned(),
            Kind::At => format!("attribute {}", tables.names.local(production.name)),
            Kind::AtAny | Kind::AtUri => "other attributes".to_owned(),
            Kind::Ee => "the end".to_owned(),
            Kind::Ch | Kind::ChUntyped => "text".to_owned(),
            _ => "other elements".to_owned(),
        };
        let names: Vec<String> = tables.productions_of(state).iter().take(12).map(name).collect();
        names.join(", ")
    }

    /// The state DocContent or FragmentContent of a schema.
    pub fn outer_state(&self, fragment: bool) -> Option<&State> {
        let tables = self.tables()?;
        let index = if fragment { tables.fragment } else { tables.document };
        tables.states.get(index as usize)
    }
}

/// What self-contained elements start anew.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub names: Names,
    pub values: Values,
    pub builtins: Builtins,
}

impl Session {
    /// The beginning of the grammar of an element by its name alone.
    pub fn enter(&mut self, context: &Context, name: QRef) -> Place {
        match context.global(name) {
            Some(place) => place,
            None => Place::Learning { grammar: self.builtins.of(name), phase: Phase::StartTag },
        }
    }
}

/// Where in its grammar an element is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In a grammar of the schema.
    Known { state: u32, grammar: u32, counters: [u32; COUNTERS] },
    /// In a built-in grammar.
    Learning { grammar: u32, phase: Phase },
}

impl Place {
    /// The place after a production.
    pub fn follow(self, production: &Production) -> Self {
        match self {
            Self::Known { grammar, mut counters, .. } => {
                let state = production.follow(&mut counters);
                Self::Known { state, grammar, counters }
            }
            other => other,
        }
    }

    /// The same grammar in another state.
    pub fn at(self, state: u32) -> Self {
        match self {
            Self::Known { grammar, counters, .. } => Self::Known { state, grammar, counters },
            other => other,
        }
    }

    /// The place after content that has no production of one part.
    pub fn content(self, state: Option<&State>) -> Self {
        match self {
            Self::Known { .. } => self.at(state.map_or(NONE, |state| state.content2)),
            Self::Learning { grammar, .. } => Self::Learning { grammar, phase: Phase::Content },
        }
    }
}

/// An element whose end was not seen yet.
#[derive(Debug)]
pub(crate) struct Frame {
    pub name: QRef,
    pub place: Place,
    /// Namespace bindings when it began.
    pub bindings: usize,
    /// What is taken up again after a self-contained element.
    pub saved: Option<Box<Session>>,
}

/// Where outside the root element a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    /// Before SD.
    Start,
    /// DocContent.
    Document,
    /// DocEnd.
    End,
    /// FragmentContent.
    Fragment,
    /// After ED.
    Done,
}
