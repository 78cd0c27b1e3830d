//! Characters as they stand in content and in attributes.

use exi_core::Result;

use super::wrong;
use crate::chars::{is_plain, is_text};

/// Characters between tags.
pub(super) fn push_text(out: &mut String, text: &str) -> Result<()> {
    escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#13;"),
        _ => None,
    })
}

/// The value of an attribute, with the equals sign before it.
pub(super) fn push_value(out: &mut String, text: &str) -> Result<()> {
    out.push_str("=\"");
    escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        b'\r' => Some("&#13;"),
        _ => None,
    })?;
    out.push('"');
    Ok(())
}

fn escaped(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) -> Result<()> {
    if is_plain(text) {
        out.push_str(text);
        return Ok(());
    }
    if !is_text(text) {
        return Err(wrong("a character that XML cannot hold"));
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(instead) = escape(byte) {
            out.push_str(&text[from..at]);
            out.push_str(instead);
            from = at + 1;
        }
    }
    out.push_str(&text[from..]);
    Ok(())
}
