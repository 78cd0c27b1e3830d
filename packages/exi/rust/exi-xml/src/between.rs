//! What may stand between tags beside text: comments, processing instructions, declarations.

use exi_core::stream::Item;

use crate::chars::is_ncname;
use crate::doctype;
use crate::reader::{Read, State, Taker};

impl<T: Taker> State<'_, '_, T> {
    pub fn comment(&mut self, raw: &[u8]) -> Read<T> {
        let text = self.whole(raw)?;
        if !self.keep.comments {
            return Ok(());
        }
        self.flush()?;
        self.push(Item::Comment((*text).into()))
    }

    pub fn instruction(&mut self, raw: &[u8]) -> Read<T> {
        let text = self.whole(raw)?;
        let end = text.find([' ', '\t', '\n']).unwrap_or(text.len());
        let (target, rest) = text.split_at(end);
        if !is_ncname(target) || target.eq_ignore_ascii_case("xml") {
            return Err(self.fault(format!("{target:?} is no target of a processing instruction")));
        }
        if !self.keep.pis {
            return Ok(());
        }
        self.flush()?;
        let rest = rest.trim_start_matches([' ', '\t', '\n']);
        self.push(Item::ProcessingInstruction { target: target.into(), text: rest.into() })
    }

    pub fn doctype(&mut self, raw: &[u8]) -> Read<T> {
        if self.roots > 0 || self.has_doctype {
            return Err(self.fault("a DOCTYPE in the wrong place"));
        }
        self.has_doctype = true;
        let text = self.whole(raw)?;
        let found = doctype::parse(&text).map_err(|reason| self.fault(reason))?;
        self.expander.entities = doctype::entities(found.text).map_err(|reason| self.fault(reason))?;
        if !self.keep.dtd {
            return Ok(());
        }
        self.push(Item::DocType {
            name: found.name.into(),
            public: found.public.into(),
            system: found.system.into(),
            text: found.text.into(),
        })
    }

    pub fn declaration(&self, declaration: &[u8]) -> Read<T> {
        let start = [0, '\u{feff}'.len_utf8()];
        if !start.contains(&self.at) {
            return Err(self.fault("an XML declaration that is not at the start"));
        }
        match declaration.windows(4).any(|four| four == b"1.1\"" || four == b"1.1'") {
            true => Err(self.fault("XML 1.1 is not taken")),
            false => Ok(()),
        }
    }
}
