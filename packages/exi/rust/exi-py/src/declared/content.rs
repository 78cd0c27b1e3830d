//! Content models: fields and terms become particles.

use exi_core::schema::{Particle, Term, Wildcard};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use super::annotation::Annotation;
use super::declaration::Known;
use super::place::{placed, refuse};
use super::Reader;
use crate::declare::{Declaration, FieldSpec, Kind, Occurs};

const ONCE: Occurs = (1, Some(1));

/// The content of a class.
#[derive(Clone)]
pub struct Model<'py> {
    pub particle: Particle,
    pub leaves: Leaves<'py>,
}

/// What the leaf particles of a model say of classes, in their order.
#[derive(Clone, Default)]
pub struct Leaves<'py> {
    pub wrappers: Vec<Option<Bound<'py, PyAny>>>,
    /// Slots that hold tuples.
    pub repeated: Vec<u16>,
}

/// Where a term stands.
#[derive(Clone, Copy)]
struct Place {
    declaration: usize,
    /// The slot of the ordered content that it belongs to, if any.
    slot: Option<u16>,
}

impl<'py> Reader<'py> {
    /// The content of the bases, then what the class itself declares.
    pub(super) fn model(&mut self, at: usize) -> PyResult<Option<Model<'py>>> {
        if self.models[at].is_none() {
            let made = self.new_model(at)?;
            self.models[at] = Some(made);
        }
        Ok(self.models[at].clone().flatten())
    }

    fn new_model(&mut self, at: usize) -> PyResult<Option<Model<'py>>> {
        let parent = self.known[at].parent.filter(|parent| self.known[*parent].said().is_type());
        let inherited = parent.map(|parent| self.model(parent)).transpose()?.flatten();
        let (inherited, mut leaves) =
            inherited.map_or_else(Default::default, |model| (Some(model.particle), model.leaves));
        let content = self.known[at].said().content.as_ref().map(|content| content.bind(self.py).clone());
        let own = match content {
            Some(content) => {
                let place = Place { declaration: at, slot: None };
                Some(self.term(place, &content, ONCE, &mut leaves)?)
            }
            None => self.own_fields(at, &mut leaves)?,
        };
        let particle = match (inherited, own) {
            (Some(inherited), Some(own)) => Some(Particle::one(Term::Sequence(vec![inherited, own]))),
            (inherited, own) => own.or(inherited),
        };
        Ok(particle.map(|particle| Model { particle, leaves }))
    }

    /// The sequence of the fields that are new in a class.
    fn own_fields(&mut self, at: usize, leaves: &mut Leaves<'py>) -> PyResult<Option<Particle>> {
        let mut particles = Vec::new();
        for slot in self.known[at].inherited..self.known[at].fields.len() {
            if !matches!(self.known[at].fields[slot].spec().kind, Kind::Attribute | Kind::Text) {
                particles.push(self.field(at, slot, None, leaves)?);
            }
        }
        if let [Particle { term: Term::Sequence(_), .. }] = particles.as_slice() {
            return Ok(particles.pop());
        }
        Ok((!particles.is_empty()).then(|| Particle::one(Term::Sequence(particles))))
    }

    fn field(
        &mut self,
        at: usize,
        slot: usize,
        occurs: Option<Occurs>,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        let field = self.known[at].fields[slot].clone();
        let (missing, place) = (self.words.missing.clone(), slot_number(slot));
        if field.spec().kind == Kind::Children {
            let Some(term) = &field.spec().term else {
                return Err(refuse("children() without terms".to_owned()));
            };
            return self.term(Place { declaration: at, slot: Some(place) }, term.bind(self.py), ONCE, leaves);
        }
        let made = self.annotation(field.owner, &field.name).and_then(|annotation| {
            let occurs = occurs.map_or_else(|| occurs_of(&missing, field.spec(), &annotation), Ok)?;
            Ok((occurs, annotation.repeated, self.field_term(field.owner, field.spec(), &annotation.item)?))
        });
        let (occurs, repeated, term) = made.map_err(|error| placed(&self.known[at], &field.name, error))?;
        leaves.enter(None, repeated.then_some(place));
        Ok(Particle { minimum: occurs.0, maximum: occurs.1, term, slot: Some(place), repeated })
    }

    fn field_term(&mut self, owner: usize, spec: &FieldSpec, item: &Bound<'py, PyAny>) -> PyResult<Term> {
        match (spec.kind, spec.term.as_ref().map(|term| term.bind(self.py))) {
            (Kind::Wildcard, Some(wildcard)) => self.wildcard(wildcard).map(Term::Wildcard),
            (Kind::Ref, target) => {
                let target = target.unwrap_or(item);
                let known = self.global_elements.get(&(target.as_ptr() as usize));
                known.map(|index| Term::Element(*index)).ok_or_else(|| {
                    refuse(match target.repr() {
                        Ok(shown) => format!("{shown} declares no global element of the codec's namespaces"),
                        Err(_) => "its class declares no global element of the codec's namespaces".to_owned(),
                    })
                })
            }
            // Inherited fields are local elements of the class that declared them.
            _ => {
                let type_ref = self.type_ref(item)?;
                Ok(Term::Element(self.local_element(owner, &spec.name, type_ref, spec.nillable)))
            }
        }
    }

    fn wildcard(&mut self, wildcard: &Bound<'py, PyAny>) -> PyResult<Wildcard> {
        let wildcard = crate::schema::read_wildcard(wildcard)?;
        if let Wildcard::Uris(uris) = &wildcard {
            self.uris.extend(uris.iter().cloned());
        }
        Ok(wildcard)
    }

    fn term(
        &mut self,
        place: Place,
        term: &Bound<'py, PyAny>,
        occurs: Occurs,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        let py = self.py;
        let class = term.get_type();
        if class.is(&self.words.counted_term) {
            let inner = term.getattr(intern!(py, "term"))?;
            let occurs: Occurs = term.getattr(intern!(py, "occurs"))?.extract()?;
            if let Ok(name) = inner.cast::<PyString>() {
                return self.named(place.declaration, name, Some(occurs), leaves);
            }
            // A group has a number of copies of its own, in place of which this one stands.
            let particle = self.term(place, &inner, occurs, leaves)?;
            return Ok(Particle { minimum: occurs.0, maximum: occurs.1, ..particle });
        }
        if class.is(&self.words.group_term) {
            return self.group(place, term, leaves);
        }
        if class.is(&self.words.wildcard) {
            leaves.enter(None, place.slot);
            return Ok(ordered(Term::Wildcard(self.wildcard(term)?), place, occurs));
        }
        if class.is(&self.words.local_term) {
            let name: String = term.getattr(intern!(py, "name"))?.extract()?;
            let type_ref = self.type_ref(&term.getattr(intern!(py, "cls"))?)?;
            let element = self.local_element(place.declaration, &name, type_ref, false);
            leaves.enter(None, place.slot);
            return Ok(ordered(Term::Element(element), place, occurs));
        }
        if let Ok(class) = term.cast::<PyType>() {
            return self.class_term(place, class, occurs, leaves);
        }
        let name = self.known[place.declaration].name();
        Err(refuse(format!("{name}: {} cannot stand in a content model", term.repr()?)))
    }

    fn group(
        &mut self,
        place: Place,
        term: &Bound<'py, PyAny>,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        let py = self.py;
        let (minimum, maximum) = term.getattr(intern!(py, "occurs"))?.extract::<Occurs>()?;
        let mut parts = Vec::new();
        for part in term.getattr(intern!(py, "terms"))?.cast_into::<PyTuple>()? {
            parts.push(match part.cast::<PyString>() {
                Ok(name) => self.part(place.declaration, name, leaves)?,
                Err(_) => self.term(place, &part, ONCE, leaves)?,
            });
        }
        let term = match term.getattr(intern!(py, "group"))?.extract::<&str>()? {
            "sequence" => Term::Sequence(parts),
            "choice" => Term::Choice(parts),
            _ => Term::All(parts),
        };
        Ok(Particle { minimum, maximum, ..Particle::one(term) })
    }

    /// A field in a group: the model says by itself how often it occurs; tuples say it with the field.
    fn part(
        &mut self,
        at: usize,
        name: &Bound<'py, PyString>,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        let slot = self.known[at].slot(name)?;
        let fixed = slot.filter(|slot| !self.known[at].fields[*slot].spec().counts()).map(|_| ONCE);
        self.named(at, name, fixed, leaves)
    }

    fn named(
        &mut self,
        at: usize,
        name: &Bound<'py, PyString>,
        occurs: Option<Occurs>,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        match self.known[at].slot(name)? {
            Some(slot) => self.field(at, slot, occurs, leaves),
            None => Err(unknown_field(&self.known[at], name)),
        }
    }

    fn class_term(
        &mut self,
        place: Place,
        class: &Bound<'py, PyType>,
        occurs: Occurs,
        leaves: &mut Leaves<'py>,
    ) -> PyResult<Particle> {
        let inner = class.getattr_opt(intern!(self.py, "__exi__"))?;
        let inner = inner.map(|inner| self.declaration(inner.cast::<Declaration>()?)).transpose()?;
        let named =
            inner.and_then(|inner| self.known[inner].said().element.clone().map(|name| (inner, name)));
        let Some((inner, name)) = named else {
            let owner = self.known[place.declaration].name();
            return Err(refuse(format!("{owner}: {} declares no element", class.name()?)));
        };
        let element = if self.known[inner].said().element_is_global {
            let known = self.global_elements.get(&(class.as_ptr() as usize)).copied();
            let owner = self.known[place.declaration].name();
            let class = class.name()?;
            known.ok_or_else(|| {
                refuse(format!("{owner}: {class} is in none of the namespaces of the codec"))
            })?
        } else {
            let type_ref = self.type_of(inner)?;
            self.local_element(place.declaration, &name, type_ref, false)
        };
        leaves.enter(self.known[inner].said().simple.then(|| class.clone().into_any()), place.slot);
        Ok(ordered(Term::Element(element), place, occurs))
    }
}

impl<'py> Leaves<'py> {
    fn enter(&mut self, wrapper: Option<Bound<'py, PyAny>>, repeated: Option<u16>) {
        self.wrappers.push(wrapper);
        self.repeated.extend(repeated);
    }
}

/// A particle of ordered content.
fn ordered(term: Term, place: Place, (minimum, maximum): Occurs) -> Particle {
    Particle { minimum, maximum, term, slot: place.slot, repeated: true }
}

/// A class has no more than 64 fields, which is checked where it is bound.
pub fn slot_number(slot: usize) -> u16 {
    u16::try_from(slot).unwrap_or(u16::MAX - 1)
}

fn occurs_of(missing: &Bound<'_, PyAny>, spec: &FieldSpec, annotation: &Annotation<'_>) -> PyResult<Occurs> {
    if annotation.repeated {
        return spec
            .occurs(missing.py())?
            .ok_or_else(|| refuse("a tuple needs occurs=(least, greatest)".to_owned()));
    }
    if annotation.optional && spec.default.is(missing) {
        return Err(refuse("an optional field needs default=None".to_owned()));
    }
    Ok((u32::from(!annotation.optional), Some(1)))
}

fn unknown_field(declaration: &Known<'_>, name: &Bound<'_, PyString>) -> PyErr {
    let class = declaration.name();
    match name.repr() {
        Ok(name) => refuse(format!("{class}: the content model names the unknown field {name}")),
        Err(error) => error,
    }
}
