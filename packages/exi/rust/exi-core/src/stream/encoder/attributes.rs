//! What belongs to a start tag: SC, NS, xsi:type, xsi:nil and the other attributes (section 6).

use std::sync::Arc;

use super::{boolean, check_once, Encoder, Pair, Start, Tag};
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::{Item, Name};
use crate::stream::learning::{Learnt, Phase};
use crate::stream::menu::{Codes, Extra};
use crate::stream::names::{XML, XSI, XSI_NIL, XSI_TYPE};
use crate::stream::session::{Context, Place};
use crate::stream::value_out::Ready;
use crate::tables::{Kind, State};

impl Encoder {
    pub(super) fn tag(&mut self, mut start: Start) -> Result<()> {
        self.in_tag_start = true;
        self.is_typed = false;
        match start.tag.take() {
            Some(tag) => self.rest_of_tag(&start, *tag),
            None => Ok(()),
        }
    }

    /// Apart, so that tags with nothing but a name do not pay for its size.
    #[inline(never)]
    fn rest_of_tag(&mut self, start: &Start, mut tag: Tag) -> Result<()> {
        if tag.self_contained {
            self.enter_self_contained(start)?;
        }
        self.namespaces(start, &mut tag)?;
        if let Some(item) = &tag.xsi_type {
            let forced = self.is_at_bound();
            self.xsi_type(item, forced)?;
            self.is_typed = true;
            self.end_of_event()?;
        }
        if let Some(item) = tag.xsi_nil.take() {
            self.xsi_nil(&item)?;
            self.end_of_event()?;
        }
        check_once(&tag.attributes)?;
        if self.context.informed.is_some() || self.forms.canonical.is_some() {
            tag.attributes.sort_by(|a, b| order(&a.name).cmp(&order(&b.name)));
        }
        for pair in tag.attributes {
            self.space(&pair);
            let local = pair.name.local.clone();
            self.attribute(pair).map_err(|error| error.within(&*local))?;
            self.in_tag_start = false;
            self.end_of_event()?;
        }
        Ok(())
    }

    fn space(&mut self, pair: &Pair) {
        if !pair.name.is(XML, "space") {
            return;
        }
        if let Some(space) = self.spaces.last_mut() {
            *space = match &*pair.value {
                "preserve" => true,
                "default" => false,
                _ => *space,
            };
        }
    }

    fn namespaces(&mut self, start: &Start, tag: &mut Tag) -> Result<()> {
        if self.forms.canonical.is_some() {
            tag.namespaces.sort();
        }
        if tag.self_contained && self.context.kept.prefixes {
            self.repeat_bindings(tag);
        }
        for (prefix, uri, flag) in &tag.namespaces {
            let local_element = match &start.prefix {
                Some(own) => own == prefix && *uri == start.name.uri,
                None => *flag,
            };
            self.namespace(prefix, uri, local_element)?;
            self.end_of_event()?;
        }
        Ok(())
    }

    /// A self-contained element stands for itself: the declarations in scope are its own.
    fn repeat_bindings(&self, tag: &mut Tag) {
        let own = tag.namespaces.iter().map(|(prefix, ..)| prefix.clone()).collect();
        let outer = self.bindings.in_effect(&own).into_iter();
        tag.namespaces.extend(outer.map(|(prefix, uri)| (prefix, uri, false)));
    }

    pub(super) fn namespace(&mut self, prefix: &Arc<str>, uri: &Arc<str>, local_element: bool) -> Result<()> {
        self.extra_code(Extra::Ns)?;
        let id = self.uri(uri);
        self.declared_prefix(id, prefix);
        self.writer.flag(local_element);
        self.bindings.push(prefix.clone(), uri.clone());
        Ok(())
    }

    /// AT(xsi:type). `generic`: a built-in grammar uses no production that it learnt for it.
    pub(super) fn xsi_type(&mut self, item: &Item, generic: bool) -> Result<()> {
        let Item::Type { prefix, name, value_prefix, text } = item else { return Ok(()) };
        let prefix = prefix.as_deref().or(Some("xsi"));
        self.xsi_type_code(prefix, generic)?;
        let context = self.context.clone();
        let found = if context.codecs.is_lexical() {
            let text = text.clone().unwrap_or_else(|| lexical(name, value_prefix.as_deref()));
            self.write_here(context.codecs.untyped, XSI_TYPE, &Ready::Text(text.clone()))?;
            // A reader knows of the declarations in the stream only.
            let (name, _) = self.bindings.resolve(&text);
            self.session.names.find(&name.uri, &name.local)
        } else {
            Some(self.qname(name, value_prefix.as_deref()))
        };
        if let Some(place) = found.and_then(|name| context.of_type(name)) {
            self.move_to(|_| place);
        }
        Ok(())
    }

    fn xsi_type_code(&mut self, prefix: Option<&str>, generic: bool) -> Result<()> {
        let context = self.context.clone();
        match self.stack.last().map(|frame| frame.place) {
            Some(Place::Known { state, .. }) => {
                let state = context.state(state)?;
                let why =
                    "the type has no named subtypes and the grammar is strict, or a type was given already";
                let codes = Self::find_extra(&context.menu(state), Extra::XsiType, why)?;
                self.codes(usize::from(state.len), codes);
                self.prefix(XSI_TYPE.uri, prefix);
            }
            Some(Place::Learning { grammar, phase }) => {
                let rules = self.session.builtins.rules(grammar, phase);
                match rules.code_of(Learnt::At(XSI_TYPE)).filter(|_| !generic) {
                    Some(code) => {
                        self.code(code, phase.count(rules));
                        self.prefix(XSI_TYPE.uri, prefix);
                    }
                    None => {
                        self.generic(grammar, phase, Extra::At)?;
                        self.qname(&Name::new(XSI, "type"), prefix);
                        self.session.builtins.learn(grammar, phase, Learnt::At(XSI_TYPE));
                    }
                }
            }
            None => {}
        }
        Ok(())
    }

    /// AT(xsi:nil), or an ordinary attribute in a built-in grammar.
    fn xsi_nil(&mut self, item: &Item) -> Result<()> {
        let Item::Nil { prefix, value, text } = item else { return Ok(()) };
        let written = text.clone().unwrap_or_else(|| value.to_string().into());
        let context = self.context.clone();
        let Some(Place::Known { state, grammar, .. }) = self.stack.last().map(|frame| frame.place) else {
            let pair = Pair { name: Name::new(XSI, "nil"), prefix: prefix.clone(), value: written };
            return self.attribute(pair);
        };
        let state = context.state(state)?;
        let why = "the element is not nillable and the grammar is strict";
        let codes = Self::find_extra(&context.menu(state), Extra::XsiNil, why)?;
        self.codes(usize::from(state.len), codes);
        self.prefix(XSI_NIL.uri, prefix.as_deref().or(Some("xsi")));
        if context.codecs.is_lexical() {
            self.write_here(context.codecs.nil, XSI_NIL, &Ready::Text(written))?;
        } else {
            self.writer.flag(*value);
        }
        if let (true, Some(grammar)) = (*value, context.grammar(grammar)) {
            self.move_to(|place| place.at(grammar.empty));
        }
        Ok(())
    }

    fn attribute(&mut self, pair: Pair) -> Result<()> {
        match self.stack.last().map(|frame| frame.place) {
            Some(Place::Known { state, .. }) => self.known_attribute(state, pair),
            Some(Place::Learning { grammar, phase }) => self.unknown_attribute(grammar, phase, pair),
            None => Err(Error::new(ErrorKind::Content, "an attribute without element")),
        }
    }

    fn known_attribute(&mut self, index: u32, pair: Pair) -> Result<()> {
        let context = self.context.clone();
        let state = context.state(index)?;
        let productions = context.tables().map_or(&[][..], |tables| tables.productions_of(state));
        let known = self.session.names.find_name(&pair.name);
        let declared = known.and_then(|name| self.indices.attribute(index, productions, name));
        let Some((code, production)) = declared.and_then(|at| Some((at, productions.get(at)?))) else {
            return self.other_attribute(&context, state, known, pair);
        };
        match self.typed(production.target, &pair.value)? {
            Some(value) => {
                self.code(code as u64, state.codes());
                self.prefix(production.name.uri, pair.prefix.as_deref());
                self.value(production.target, production.name, value)?;
            }
            None => {
                self.untyped_code(&context, state, code as u64, &pair)?;
                self.prefix(production.name.uri, pair.prefix.as_deref());
                self.value(context.codecs.untyped, production.name, Ready::Text(pair.value))?;
            }
        }
        self.move_to(|place| place.follow(production));
        Ok(())
    }

    /// An attribute that no production names.
    fn other_attribute(
        &mut self,
        context: &Context,
        state: &State,
        known: Option<QRef>,
        pair: Pair,
    ) -> Result<()> {
        let global = known.and_then(|name| context.attribute_codec(name));
        let codec = global.unwrap_or(context.codecs.untyped);
        let typed = self.typed(codec, &pair.value)?.filter(|_| known != Some(XSI_NIL));
        let Some(value) = typed else {
            self.untyped_code(context, state, u64::from(state.attributes), &pair)?;
            let name = self.qname(&pair.name, pair.prefix.as_deref());
            return self.value(context.codecs.untyped, name, Ready::Text(pair.value));
        };
        let productions = context.tables().map_or(&[][..], |tables| tables.productions_of(state));
        let uri = self.session.names.find_uri(&pair.name.uri);
        let wild = productions.iter().position(|p| match p.kind {
            Kind::AtUri => Some(p.name.uri) == uri,
            Kind::AtAny => true,
            _ => false,
        });
        let name = match wild.and_then(|at| Some((at, productions.get(at)?))) {
            Some((code, production)) => {
                self.code(code as u64, state.codes());
                self.move_to(|place| place.follow(production));
                match production.kind {
                    Kind::AtUri => self.local_of(production.name.uri, &pair.name, pair.prefix.as_deref()),
                    _ => self.qname(&pair.name, pair.prefix.as_deref()),
                }
            }
            None => {
                let codes = context.menu(state).find(Extra::At).ok_or_else(|| {
                    let expected = context.expected(state);
                    Error::new(ErrorKind::Content, format!("unexpected attribute, expected {expected}"))
                })?;
                self.codes(usize::from(state.len), codes);
                self.qname(&pair.name, pair.prefix.as_deref())
            }
        };
        self.value(codec, name, value)
    }

    /// The code of AT(qname) or AT(*) with an untyped value.
    fn untyped_code(&mut self, context: &Context, state: &State, third: u64, pair: &Pair) -> Result<()> {
        let found = context.menu(state).find(Extra::AtUntyped).ok_or_else(|| {
            let reason = format!("{:?} is no value of the attribute's type", pair.value);
            Error::new(ErrorKind::Content, reason)
        })?;
        let third = Some((third, usize::from(state.attributes) + 1));
        self.codes(usize::from(state.len), Codes { third, ..found });
        Ok(())
    }

    fn unknown_attribute(&mut self, grammar: u32, phase: Phase, pair: Pair) -> Result<()> {
        let known = self.session.names.find_name(&pair.name);
        let rules = self.session.builtins.rules(grammar, phase);
        let learnt = known.and_then(|name| Some((name, rules.code_of(Learnt::At(name))?)));
        let name = match learnt {
            Some((name, code)) => {
                self.code(code, phase.count(rules));
                self.prefix(name.uri, pair.prefix.as_deref());
                name
            }
            None => {
                if self.leave_learning()? {
                    return match boolean(&pair.value).filter(|_| pair.name.is(XSI, "nil")) {
                        Some(value) => {
                            self.xsi_nil(&Item::Nil { prefix: pair.prefix, value, text: Some(pair.value) })
                        }
                        None => self.attribute(pair),
                    };
                }
                self.generic(grammar, phase, Extra::At)?;
                let name = self.qname(&pair.name, pair.prefix.as_deref());
                self.session.builtins.learn(grammar, phase, Learnt::At(name));
                name
            }
        };
        self.value(self.context.codecs.untyped, name, Ready::Text(pair.value))
    }
}

/// Attributes are sorted by local name, then uri.
fn order(name: &Name) -> (&str, &str) {
    (&name.local, &name.uri)
}

fn lexical(name: &Name, prefix: Option<&str>) -> Arc<str> {
    match prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", name.local).into(),
        _ => name.local.clone(),
    }
}
