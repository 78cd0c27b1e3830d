//! The options document: settings to and from its elements (section 5.4).

use std::sync::Arc;

use super::decoder::{Decoder, Observer};
use super::encoder::Encoder;
use super::header::profile_decimal;
use super::item::{Item, Name};
use super::names::XSD;
use super::options_schema::options_grammars;
use super::reader::{Bytes, Reader};
use super::representation::EXI;
use super::settings::{Alignment, Limits, Profile, SchemaId, Settings, DEFAULT_BLOCK_SIZE};
use super::writer::Writer;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::QName;

/// Bounds of an options document: it is short.
const LIMITS: Limits = Limits { depth: 32, events: 10_000, text: 1 << 20, inflated: 0, ratio: 0 };

fn grammar_settings() -> Settings {
    Settings { strict: true, ..Settings::default() }
}

/// Reads an options document; the reader is then behind it.
pub(crate) fn read_options<'d>(reader: &mut Reader<'d>, witness: &mut Observer<'d>) -> Result<Settings> {
    let empty = Reader::new(Bytes::Borrowed(&[]), 0, false);
    let inner = std::mem::replace(reader, empty);
    let mut decoder = Decoder::body(&options_grammars(), inner, grammar_settings(), LIMITS, witness.take())?;
    let read = read_items(&mut decoder);
    (*reader, *witness) = decoder.into_reader();
    let settings = read?;
    settings.check()?;
    Ok(settings)
}

fn read_items(decoder: &mut Decoder<'_>) -> Result<Settings> {
    let mut document = Document::default();
    while let Some(item) = decoder.next()? {
        document.item(&item)?;
    }
    Ok(document.settings)
}

#[derive(Default)]
struct Document {
    settings: Settings,
    path: Vec<Name>,
    map_from: Option<QName>,
}

impl Document {
    fn item(&mut self, item: &Item) -> Result<()> {
        match item {
            Item::StartElement { name, .. } => {
                self.element(name);
                self.path.push(name.clone());
            }
            Item::EndElement => {
                self.path.pop();
            }
            Item::Nil { value: true, .. } if self.is_at("schemaId") => {
                self.settings.schema_id = SchemaId::SchemaLess;
            }
            Item::Characters(text) => self.text(text)?,
            _ => {}
        }
        Ok(())
    }

    fn is_at(&self, local: &str) -> bool {
        self.path.last().is_some_and(|name| name.is(EXI, local))
    }

    fn element(&mut self, name: &Name) {
        let preserve = &mut self.settings.preserve;
        let parent = self.path.last().map_or("", |parent| &*parent.local);
        match (parent, &*name.local) {
            ("datatypeRepresentationMap", _) => self.mapping(name),
            ("uncommon", _) if &*name.uri != EXI => self.settings.user_defined.push(qname(name)),
            ("alignment", "byte") => self.settings.alignment = Alignment::ByteAligned,
            ("alignment", "pre-compress") => self.settings.alignment = Alignment::PreCompression,
            ("uncommon", "selfContained") => self.settings.self_contained = true,
            ("preserve", "dtd") => preserve.dtd = true,
            ("preserve", "prefixes") => preserve.prefixes = true,
            ("preserve", "lexicalValues") => preserve.lexical_values = true,
            ("preserve", "comments") => preserve.comments = true,
            ("preserve", "pis") => preserve.pis = true,
            ("common", "compression") => self.settings.alignment = Alignment::Compression,
            ("common", "fragment") => self.settings.fragment = true,
            // Without nil and without characters it is the empty string.
            ("common", "schemaId") => self.settings.schema_id = SchemaId::BuiltInTypes,
            ("header", "strict") => self.settings.strict = true,
            _ => {}
        }
    }

    fn mapping(&mut self, name: &Name) {
        match self.map_from.take() {
            None => self.map_from = Some(qname(name)),
            Some(from) => self.settings.datatype_map.push((from, qname(name))),
        }
    }

    fn text(&mut self, text: &Arc<str>) -> Result<()> {
        let Some(name) = self.path.last().filter(|name| &*name.uri == EXI) else { return Ok(()) };
        let number = || {
            let number = text.trim().parse::<u32>();
            number.map_err(|_| Error::new(ErrorKind::Options, format!("{} is {text:?}", name.local)))
        };
        match &*name.local {
            "blockSize" => self.settings.block_size = number()?,
            "valueMaxLength" => self.settings.value_max_length = Some(number()?),
            "valuePartitionCapacity" => self.settings.value_capacity = Some(number()?),
            "schemaId" if !text.is_empty() => {
                self.settings.schema_id = SchemaId::Named((**text).to_owned());
            }
            "p" => self.settings.profile = Some(profile(text)?),
            _ => {}
        }
        Ok(())
    }
}

/// The parameters of the profile stand in one decimal: below zero there are local value partitions,
/// the parts before and after the point are the two bounds raised by one, 0 for none.
fn profile(text: &str) -> Result<Profile> {
    let invalid = || Error::new(ErrorKind::Options, format!("the EXI Profile parameters are {text:?}"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (integral, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    // Digits after the point are in reverse order within the stream (7.1.3).
    let reversed: String = fraction.chars().rev().collect();
    let bound = |digits: &str| {
        let number = digits.parse::<u64>().map_err(|_| invalid())?;
        Ok(number.checked_sub(1).map(|bound| u32::try_from(bound).unwrap_or(u32::MAX)))
    };
    Ok(Profile {
        local_value_partitions: negative,
        max_element_grammars: bound(integral)?,
        max_productions: bound(&reversed)?,
    })
}

fn qname(name: &Name) -> QName {
    QName { uri: (*name.uri).to_owned(), local: (*name.local).to_owned() }
}

/// Appends an options document to a header.
pub(crate) fn write_options(writer: Writer, settings: &Settings) -> Result<Writer> {
    let items = header_items(settings);
    if items.len() as u64 + 2 > LIMITS.events {
        let reason = "more datatype mappings and options of users than an options document is read with";
        return Err(Error::new(ErrorKind::Options, reason));
    }
    let mut encoder = Encoder::body(&options_grammars(), writer, grammar_settings())?;
    encoder.keep_minus_zero();
    let mut out = |item: Item| encoder.push(item);
    out(Item::StartDocument)?;
    for item in items {
        out(item)?;
    }
    out(Item::EndDocument)?;
    encoder.into_writer()
}

fn header_items(settings: &Settings) -> Vec<Item> {
    element("header", [lesscommon(settings), common(settings), flag("strict", settings.strict)])
}

fn lesscommon(settings: &Settings) -> Vec<Item> {
    let preserve = settings.preserve;
    let kept = [
        flag("dtd", preserve.dtd),
        flag("prefixes", preserve.prefixes),
        flag("lexicalValues", preserve.lexical_values),
        flag("comments", preserve.comments),
        flag("pis", preserve.pis),
    ];
    // Without channels it means nothing.
    let blocks = settings.alignment.has_channels();
    let block_size = Some(settings.block_size).filter(|size| blocks && *size != DEFAULT_BLOCK_SIZE);
    let parts = [uncommon(settings), group("preserve", kept), value("blockSize", block_size)];
    group("lesscommon", parts)
}

fn uncommon(settings: &Settings) -> Vec<Item> {
    let alignment = [
        flag("byte", settings.alignment == Alignment::ByteAligned),
        flag("pre-compress", settings.alignment == Alignment::PreCompression),
    ];
    let user_defined = settings.user_defined.iter().flat_map(empty);
    let maps = settings.datatype_map.iter().flat_map(|(from, to)| {
        element("datatypeRepresentationMap", [empty(from).to_vec(), empty(to).to_vec()])
    });
    let parts = [
        user_defined.collect(),
        settings.profile.as_ref().map_or(Vec::new(), profile_items),
        group("alignment", alignment),
        flag("selfContained", settings.self_contained),
        value("valueMaxLength", settings.value_max_length),
        value("valuePartitionCapacity", settings.value_capacity),
        maps.collect(),
    ];
    group("uncommon", parts)
}

fn common(settings: &Settings) -> Vec<Item> {
    let compression = flag("compression", settings.alignment == Alignment::Compression);
    let schema_id = match &settings.schema_id {
        SchemaId::Absent => Vec::new(),
        SchemaId::SchemaLess => {
            element("schemaId", [vec![Item::Nil { prefix: None, value: true, text: None }]])
        }
        SchemaId::BuiltInTypes => element("schemaId", [vec![Item::Characters("".into())]]),
        SchemaId::Named(id) => element("schemaId", [vec![Item::Characters(id.as_str().into())]]),
    };
    group("common", [compression, flag("fragment", settings.fragment), schema_id])
}

fn profile_items(profile: &Profile) -> Vec<Item> {
    let (negative, integral, fraction) = profile_decimal(profile);
    let reversed: String = fraction.to_string().chars().rev().collect();
    let text = format!("{}{integral}.{reversed}", if negative { "-" } else { "" });
    let decimal = Name::new(XSD, "decimal");
    let typed = Item::Type { prefix: None, name: decimal, value_prefix: None, text: None };
    element("p", [vec![typed, Item::Characters(text.into())]])
}

fn element<const N: usize>(name: &str, parts: [Vec<Item>; N]) -> Vec<Item> {
    let mut items = vec![Item::StartElement { name: Name::new(EXI, name), prefix: None }];
    items.extend(parts.into_iter().flatten());
    items.push(Item::EndElement);
    items
}

/// An element that is there only when something is in it.
fn group<const N: usize>(name: &str, parts: [Vec<Item>; N]) -> Vec<Item> {
    if parts.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    element(name, parts)
}

fn flag(name: &str, present: bool) -> Vec<Item> {
    if present {
        element(name, [])
    } else {
        Vec::new()
    }
}

fn value(name: &str, number: Option<u32>) -> Vec<Item> {
    let Some(number) = number else { return Vec::new() };
    element(name, [vec![Item::Characters(number.to_string().into())]])
}

fn empty(name: &QName) -> [Item; 2] {
    [Item::StartElement { name: Name::new(&name.uri, &name.local), prefix: None }, Item::EndElement]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_data_of_users_is_passed_over_whatever_it_holds() {
        let name = |local| Name::new("urn:mine", local);
        let meta = vec![
            Item::StartElement { name: name("meta"), prefix: None },
            Item::Attribute { name: name("kind"), prefix: None, value: "strict".into() },
            Item::StartElement { name: Name::new(EXI, "strict"), prefix: None },
            Item::Characters("text".into()),
            Item::EndElement,
            Item::EndElement,
        ];
        let byte = group("alignment", [flag("byte", true)]);
        let uncommon = element("uncommon", [meta, byte]);
        let items = element("header", [element("lesscommon", [uncommon])]);
        let mut encoder = Encoder::body(&options_grammars(), Writer::new(false), grammar_settings()).unwrap();
        encoder.push(Item::StartDocument).unwrap();
        items.into_iter().for_each(|item| encoder.push(item).unwrap());
        encoder.push(Item::EndDocument).unwrap();
        let data = encoder.finish().unwrap();
        let mut reader = Reader::new(data.into(), 0, false);
        let settings = read_options(&mut reader, &mut None).unwrap();
        let user_defined = vec![QName { uri: "urn:mine".into(), local: "meta".into() }];
        let expected = Settings { alignment: Alignment::ByteAligned, user_defined, ..Settings::default() };
        assert_eq!(settings, expected);
    }
}
