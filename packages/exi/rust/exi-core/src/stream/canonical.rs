//! What Canonical EXI makes of the options (its section 3); the rest stands where it belongs: the
//! header in `header`, values in `value_out`, the order of what stands in a tag in the encoder.

use super::names::XSD;
use super::representation::EXI;
use super::settings::{Alignment, Settings};
use crate::schema::QName;

/// The settings of the canonical form. Whether they name a schema is left to the caller.
pub(crate) fn canonical(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    if settings.alignment == Alignment::Compression {
        // DEFLATE makes of bytes what each implementation likes.
        settings.alignment = Alignment::PreCompression;
    }
    if settings.preserve.lexical_values {
        settings.datatype_map.clear();
    }
    settings.datatype_map.retain(|(from, to)| !is_default(from, to));
    settings.datatype_map.sort_by(|(a, _), (b, _)| (&a.local, &a.uri).cmp(&(&b.local, &b.uri)));
    settings.user_defined.clear();
    settings
}

/// Whether a type has this representation anyway (table 7-1).
fn is_default(from: &QName, to: &QName) -> bool {
    let by_name = match from.local.as_str() {
        "anySimpleType" => "string",
        "float" => "double",
        other => other,
    };
    from.uri == XSD && to.uri == EXI && to.local == by_name
}
