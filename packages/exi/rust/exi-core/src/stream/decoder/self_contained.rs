//! Self-contained elements (sections 8.4.3 and 8.5.4.4.1, terminal SC).

use super::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Item;
use crate::stream::learning::Learnt;
use crate::stream::session::{Place, Session};
use crate::tables::Kind;

impl Decoder<'_> {
    /// SC: on a byte boundary and with nothing learnt, the element begins once more as the only one of
    /// a fragment.
    pub(super) fn enter_self_contained(&mut self, element: QRef) -> Result<()> {
        let element = self.session.names.name(element);
        self.pad();
        let saved = std::mem::replace(&mut self.session, self.context.session());
        let (name, prefix, place) = self.fragment_element()?;
        if self.session.names.name(name) != element {
            let reason = format!("the self-contained element {} begins as another", element.local);
            return Err(Error::new(ErrorKind::Invalid, reason));
        }
        if let Some(frame) = self.stack.last_mut() {
            if frame.saved.is_some() {
                return Err(Error::new(ErrorKind::Invalid, "SC twice in one element"));
            }
            frame.name = name;
            frame.place = place;
            frame.saved = Some(Box::new(saved));
        }
        let at = self.open_start.map(|open| (open - self.released) as usize);
        if let Some(Item::StartElement { prefix: slot, .. }) = at.and_then(|at| self.queue.get_mut(at)) {
            if prefix.is_some() {
                *slot = prefix;
            }
        }
        self.push(Item::SelfContained);
        Ok(())
    }

    /// The element at the beginning of a fragment.
    fn fragment_element(&mut self) -> Result<(QRef, Option<std::sync::Arc<str>>, Place)> {
        let context = self.context.clone();
        let escape = usize::from(context.kept.comments || context.kept.pis);
        let Some(state) = context.outer_state(true) else {
            // A built-in fragment grammar that learnt nothing: SE(*), ED.
            if self.code(1, 2 + escape)? != 0 {
                return Err(no_element());
            }
            let (name, prefix) = self.qname()?;
            self.session.builtins.learn_fragment(name);
            let place = self.session.enter(&context, name);
            return Ok((name, prefix, place));
        };
        let code = self.code(1, usize::from(state.len) + escape)?;
        let production = context.production(state, code).ok_or_else(no_element)?;
        match production.kind {
            Kind::Leaf | Kind::Se => {
                self.chose_named("SE", production.name, "");
                let prefix = self.prefix(production.name.uri)?;
                Ok((production.name, prefix, self.place_of(production.target)?))
            }
            Kind::SeAny => {
                self.chose("SE(*)");
                let (name, prefix) = self.qname()?;
                let place = self.session.enter(&context, name);
                Ok((name, prefix, place))
            }
            _ => Err(no_element()),
        }
    }

    /// The end of that fragment.
    pub(super) fn leave_self_contained(&mut self, saved: Session) -> Result<()> {
        let context = self.context.clone();
        let escape = usize::from(context.kept.comments || context.kept.pis);
        let (end, count) = match context.outer_state(true) {
            Some(state) => (usize::from(state.len) - 1, usize::from(state.len) + escape),
            None => {
                let learnt = self.session.builtins.fragment.len();
                debug_assert!(matches!(self.session.builtins.fragment.by_code(0), Some(Learnt::Se(_))));
                (learnt + 1, learnt + 2 + escape)
            }
        };
        if self.code(1, count)? != end as u64 {
            return Err(Error::new(ErrorKind::Invalid, "more than one element in a self-contained element"));
        }
        self.pad();
        self.session = saved;
        Ok(())
    }

    fn pad(&mut self) {
        let from = self.reader.position();
        self.reader.align();
        if self.reader.position() > from {
            self.saw(from, crate::stream::witness::What::Padding);
        }
    }
}

fn no_element() -> Error {
    Error::new(ErrorKind::Invalid, "a self-contained element without element")
}
