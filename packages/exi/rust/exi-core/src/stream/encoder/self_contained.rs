//! Self-contained elements (sections 8.4.3 and 8.5.4.4.1, terminal SC).

use super::{Encoder, Start};
use crate::error::{Error, ErrorKind, Result};
use crate::stream::menu::Extra;
use crate::stream::session::{Place, Session};

impl Encoder {
    /// SC: on a byte boundary and with nothing learnt, the element begins once more as the only one of
    /// a fragment.
    pub(super) fn enter_self_contained(&mut self, start: &Start) -> Result<()> {
        self.extra_code(Extra::Sc)?;
        self.writer.align();
        let saved = std::mem::replace(&mut self.session, self.context.session());
        let escape = usize::from(self.context.kept.comments || self.context.kept.pis);
        let (name, place) = self.outer_element(&start.name, start.prefix.as_deref(), true, escape)?;
        if let Some(frame) = self.stack.last_mut() {
            frame.name = name;
            frame.place = place;
            frame.saved = Some(Box::new(saved));
        }
        Ok(())
    }

    /// The end of that fragment.
    pub(super) fn leave_self_contained(&mut self, saved: Session) -> Result<()> {
        let escape = usize::from(self.context.kept.comments || self.context.kept.pis);
        let (end, count) = match self.context.outer_state(true) {
            Some(state) => (usize::from(state.len) - 1, usize::from(state.len) + escape),
            None => {
                let learnt = self.session.builtins.fragment.len();
                (learnt + 1, learnt + 2 + escape)
            }
        };
        self.code(end as u64, count);
        self.writer.align();
        self.session = saved;
        Ok(())
    }

    /// The code of NS or SC.
    pub(super) fn extra_code(&mut self, extra: Extra) -> Result<()> {
        let context = self.context.clone();
        match self.stack.last().map(|frame| frame.place) {
            Some(Place::Known { state, .. }) => {
                let state = context.state(state)?;
                let codes = Self::find_extra(&context.menu(state), extra, "the grammar does not have it")?;
                self.codes(usize::from(state.len), codes);
                Ok(())
            }
            Some(Place::Learning { grammar, phase }) => self.generic(grammar, phase, extra),
            None => Err(Error::new(ErrorKind::Content, "no element has begun")),
        }
    }
}
