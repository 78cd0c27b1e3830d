//! The header of a stream (section 5).

use super::decoder::Observer;
use super::options::{read_options, write_options};
use super::reader::Reader;
use super::settings::{HeaderStyle, Profile, SchemaId, Settings};
use super::witness::{Part, What};
use super::writer::Writer;
use crate::error::{Error, ErrorKind, Result};

/// The four bytes that may stand before everything else (section 5.1).
pub const COOKIE: &[u8; 4] = b"$EXI";
/// `10`, which no XML document begins with (section 5.2).
const DISTINGUISHING: u64 = 0b10;

/// What a header said, beside the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Whether it began with `$EXI`.
    pub cookie: bool,
    /// Whether it held an options document.
    pub options: bool,
    /// The version of the format.
    pub version: u32,
    /// Whether that version is a preview.
    pub preview: bool,
    /// Bits of the header, padding included.
    pub bits: u64,
}

/// Reads a header; the reader is then at the body.
pub(crate) fn read_header<'d>(
    reader: &mut Reader<'d>,
    agreed: &Settings,
    witness: &mut Observer<'d>,
) -> Result<(Header, Settings)> {
    let mut header = Header { cookie: reader.data().as_ref().starts_with(COOKIE), ..Header::default() };
    if header.cookie {
        let from = reader.position();
        reader.n_bit(32)?;
        tell(witness, reader, from, "EXI Cookie", "$EXI".to_owned());
    }
    let from = reader.position();
    if reader.n_bit(2)? != DISTINGUISHING {
        return Err(Error::at(ErrorKind::Header, from, not_exi(reader.data().as_ref())));
    }
    tell(witness, reader, from, "Distinguishing Bits", "10".to_owned());
    let from = reader.position();
    header.options = reader.flag()?;
    let present = if header.options { "an options document follows" } else { "no options document" };
    tell(witness, reader, from, "Presence Bit for EXI Options", present.to_owned());
    let from = reader.position();
    (header.preview, header.version) = read_version(reader)?;
    let kind = if header.preview { "preview version" } else { "final version" };
    tell(witness, reader, from, "EXI Format Version", format!("{kind} {}", header.version));
    if header.preview || header.version != 1 {
        let reason =
            format!("the stream has {kind} {} of the format, expected final version 1", header.version);
        return Err(Error::at(ErrorKind::Header, from, reason));
    }
    let settings = if header.options { options(reader, agreed, witness)? } else { agreed.clone() };
    if settings.alignment.is_aligned() {
        let from = reader.position();
        reader.align();
        if reader.position() > from {
            tell_part(witness, reader, from, What::Padding);
        }
    }
    Ok((header, settings))
}

fn options<'d>(reader: &mut Reader<'d>, agreed: &Settings, witness: &mut Observer<'d>) -> Result<Settings> {
    tell_part(witness, reader, reader.position(), What::OptionsBegin);
    let mut settings = read_options(reader, witness)?;
    tell_part(witness, reader, reader.position(), What::OptionsEnd);
    // Without schemaId nothing is said about the schema; the profile may be agreed upon elsewhere too.
    if settings.schema_id == SchemaId::Absent {
        settings.schema_id = agreed.schema_id.clone();
    }
    settings.profile = settings.profile.or(agreed.profile);
    Ok(settings)
}

/// Whether the version is a preview, and its number (section 5.3).
fn read_version(reader: &mut Reader<'_>) -> Result<(bool, u32)> {
    let preview = reader.flag()?;
    let mut version = 1u32;
    loop {
        let more = reader.n_bit(4)? as u32;
        version = version.saturating_add(more);
        if more < 15 {
            return Ok((preview, version));
        }
    }
}

fn not_exi(data: &[u8]) -> String {
    let start: String = data.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let about = match data {
        [b'<', ..] | [0xef, 0xbb, 0xbf, ..] => "this looks like XML text",
        [0x1f, 0x8b, ..] => "this looks like gzip",
        _ => "this is no EXI stream",
    };
    format!("the stream begins with {start}, expected $EXI or the bits 10: {about}")
}

fn tell(witness: &mut Observer<'_>, reader: &Reader<'_>, from: usize, field: &'static str, meaning: String) {
    tell_part(witness, reader, from, What::Header(field, meaning));
}

fn tell_part(witness: &mut Observer<'_>, reader: &Reader<'_>, from: usize, what: What<'_>) {
    if let Some(witness) = witness {
        let (from, to) = (from as u64, reader.position() as u64);
        witness.part(&Part { stream: 0, from, to, what });
    }
}

/// Writes a header.
pub(crate) fn write_header(settings: &Settings, style: &HeaderStyle) -> Result<Writer> {
    let mut writer = Writer::new(false);
    // Canonical EXI has no cookie, and an options document unless it is left out on purpose.
    let cookie = style.cookie && style.canonical.is_none();
    let options = style.canonical.map_or(style.options, |canonical| !canonical.omit_options);
    if cookie {
        writer.octets(COOKIE);
    }
    writer.n_bit(DISTINGUISHING, 2);
    writer.flag(options);
    writer.n_bit(0, 5);
    if options {
        writer = write_options(writer, settings)?;
    }
    if settings.alignment.is_aligned() {
        writer.align();
    }
    Ok(writer)
}

/// How the profile's parameters stand in one decimal: sign, integral part, fraction.
pub(crate) fn profile_decimal(profile: &Profile) -> (bool, u64, u64) {
    let shifted = |value: Option<u32>| value.map_or(0, |value| u64::from(value) + 1);
    let negative = profile.local_value_partitions;
    (negative, shifted(profile.max_element_grammars), shifted(profile.max_productions))
}
