//! What stands outside of elements: document and fragment grammars (sections 8.4.1, 8.4.2, 8.5.1, 8.5.2).

use super::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::names::QRef;
use crate::stream::item::Item;
use crate::stream::learning::Learnt;
use crate::stream::menu::{Choice, Extra, Menu};
use crate::stream::session::{Place, Top};
use crate::tables::Kind;

impl Decoder<'_> {
    pub(super) fn outside(&mut self) -> Result<()> {
        match self.top {
            Top::Start => {
                self.top = if self.context.settings.fragment { Top::Fragment } else { Top::Document };
                self.push(Item::StartDocument);
                Ok(())
            }
            Top::Document | Top::Fragment => match self.context.informed {
                Some(_) => self.informed_top(),
                None => self.learning_top(),
            },
            Top::End => self.end(),
            Top::Done => Ok(()),
        }
    }

    fn outer_menu(&self) -> Menu {
        match self.top {
            Top::Document => Menu::document(self.context.kept),
            _ => Menu::outside(self.context.kept),
        }
    }

    fn informed_top(&mut self) -> Result<()> {
        let context = self.context.clone();
        let fragment = self.top == Top::Fragment;
        let state = context.outer_state(fragment);
        let state = state.ok_or_else(|| Error::new(ErrorKind::Schema, "the schema has no grammar"))?;
        let menu = self.outer_menu();
        let len = usize::from(state.len);
        let code = self.code(1, len + usize::from(!menu.is_empty()))?;
        let Some(production) = context.production(state, code) else { return self.outer_extra(menu) };
        if production.kind == Kind::Ed {
            self.chose("ED");
            return self.finish();
        }
        if !fragment {
            self.top = Top::End;
        }
        self.element_of(production)
    }

    fn learning_top(&mut self) -> Result<()> {
        let menu = self.outer_menu();
        let escape = usize::from(!menu.is_empty());
        if self.top == Top::Document {
            if self.code(1, 1 + escape)? == 1 {
                return self.outer_extra(menu);
            }
            self.top = Top::End;
            return self.any_element("SE(*)");
        }
        let learnt = self.session.builtins.fragment.len();
        let code = self.code(1, learnt + 2 + escape)? as usize;
        match code.checked_sub(learnt) {
            None => match self.session.builtins.fragment.by_code(code) {
                Some(Learnt::Se(name)) => {
                    self.chose_named("SE", name, "");
                    self.element_by_name(name)
                }
                _ => Err(Error::new(ErrorKind::Invalid, "no such production")),
            },
            Some(0) => {
                self.chose("SE(*)");
                let (name, prefix) = self.qname()?;
                self.session.builtins.learn_fragment(name);
                let place = self.session.enter(&self.context, name);
                self.start_element(name, prefix, place)
            }
            Some(1) => {
                self.chose("ED");
                self.finish()
            }
            Some(_) => self.outer_extra(menu),
        }
    }

    /// DocEnd.
    fn end(&mut self) -> Result<()> {
        let menu = self.outer_menu();
        if self.code(1, 1 + usize::from(!menu.is_empty()))? == 0 {
            self.chose("ED");
            return self.finish();
        }
        self.outer_extra(menu)
    }

    fn finish(&mut self) -> Result<()> {
        self.top = Top::Done;
        self.push(Item::EndDocument);
        Ok(())
    }

    fn outer_extra(&mut self, menu: Menu) -> Result<()> {
        match self.extra(menu)? {
            Extra::Dt => self.doc_type(),
            other => self.misc(other),
        }
    }

    /// The production that the second, perhaps third part of an event code means.
    pub(super) fn extra(&mut self, menu: Menu) -> Result<Extra> {
        let code = self.code(2, menu.count())?;
        let chosen = match menu.choice(code) {
            Some(Choice::One(extra)) => Some(extra),
            Some(Choice::Misc) => {
                let code = self.code(3, menu.misc_count())?;
                menu.misc(code)
            }
            None => None,
        };
        let extra = chosen.ok_or_else(|| Error::new(ErrorKind::Invalid, "no such production"))?;
        if extra != Extra::AtUntyped {
            self.chose(extra.notation());
        }
        Ok(extra)
    }

    fn doc_type(&mut self) -> Result<()> {
        let name = self.literal("name")?;
        let public = self.literal("public")?;
        let system = self.literal("system")?;
        let text = self.literal("text")?;
        self.push(Item::DocType { name, public, system, text });
        Ok(())
    }

    /// CM or PI.
    pub(super) fn misc(&mut self, extra: Extra) -> Result<()> {
        if extra == Extra::Cm {
            let text = self.literal("text")?;
            self.push(Item::Comment(text));
            return Ok(());
        }
        let target = self.literal("name")?;
        let text = self.literal("text")?;
        self.push(Item::ProcessingInstruction { target, text });
        Ok(())
    }

    /// The place of an element of a production SE(qname).
    pub(super) fn place_of(&self, grammar: u32) -> Result<Place> {
        let place = self.context.start(grammar);
        place.ok_or_else(|| Error::new(ErrorKind::Schema, format!("no grammar {grammar}")))
    }

    /// The bottom of the stack has no production to be followed.
    pub(super) fn set_place(&mut self, place: Place) {
        if let Some(frame) = self.stack.last_mut() {
            frame.place = place;
        }
    }

    /// An element that a wildcard or a built-in grammar lets in.
    pub(super) fn any_element(&mut self, production: &str) -> Result<()> {
        self.chose(production);
        let (name, prefix) = self.qname()?;
        let place = self.session.enter(&self.context, name);
        self.start_element(name, prefix, place)
    }

    /// An element of a known name without production of its own.
    pub(super) fn element_by_name(&mut self, name: QRef) -> Result<()> {
        let prefix = self.prefix(name.uri)?;
        let place = self.session.enter(&self.context, name);
        self.start_element(name, prefix, place)
    }
}
