//! Which white space is written: that of values follows their types, and between tags it is left
//! out unless xml:space or lexical values ask for it.

use std::borrow::Cow;

use super::content::find;
use super::Encoder;
use crate::schema::WhiteSpace;
use crate::stream::representation::apply;
use crate::stream::session::Place;
use crate::tables::Kind;

impl Encoder {
    /// Whether all white space is kept.
    pub(super) fn keeps_space(&self) -> bool {
        self.spaces.last().copied().unwrap_or_default()
    }

    /// The text as it is written; None when nothing is left of it. `simple`: it is all that stands
    /// between the tags of an element.
    pub(super) fn significant<'t>(&self, place: Place, text: &'t str, simple: bool) -> Option<Cow<'t, str>> {
        if self.context.settings.preserve.lexical_values || self.keeps_space() {
            return Some(Cow::Borrowed(text));
        }
        if let Some(white) = self.white(place) {
            let text = apply(white, text);
            return Some(text).filter(|text| !text.is_empty());
        }
        let blank = || text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        if !simple && blank() {
            return None;
        }
        Some(Cow::Borrowed(text))
    }

    /// The whiteSpace facet of the value that may stand here.
    fn white(&self, place: Place) -> Option<WhiteSpace> {
        let Place::Known { state, .. } = place else { return None };
        let state = self.context.state(state).ok()?;
        let (_, production) = find(&self.context, state, Kind::Ch)?;
        Some(self.context.codecs.white(production.target))
    }
}
