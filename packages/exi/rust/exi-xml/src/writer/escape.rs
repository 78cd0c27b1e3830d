//! Characters as they stand in content and in attributes.

use exi_core::Result;

use super::{wrong, Writer};
use crate::chars::{is_plain, is_text};

impl Writer {
    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.escaped(text, |byte| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            b'\r' => Some("&#13;"),
            _ => None,
        })
    }

    pub(super) fn value(&mut self, text: &str) -> Result<()> {
        self.out.push_str("=\"");
        self.escaped(text, |byte| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'"' => Some("&quot;"),
            b'\t' => Some("&#9;"),
            b'\n' => Some("&#10;"),
            b'\r' => Some("&#13;"),
            _ => None,
        })?;
        self.out.push('"');
        Ok(())
    }

    fn escaped(&mut self, text: &str, escape: impl Fn(u8) -> Option<&'static str>) -> Result<()> {
        if is_plain(text) {
            self.out.push_str(text);
            return Ok(());
        }
        if !is_text(text) {
            return Err(wrong("a character that XML cannot hold"));
        }
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if let Some(instead) = escape(byte) {
                self.out.push_str(&text[from..at]);
                self.out.push_str(instead);
                from = at + 1;
            }
        }
        self.out.push_str(&text[from..]);
        Ok(())
    }
}
