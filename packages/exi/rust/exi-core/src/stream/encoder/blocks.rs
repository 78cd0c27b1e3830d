//! Blocks, channels and compressed streams (section 9).

use std::collections::HashMap;

use super::Encoder;
use crate::error::Result;
use crate::names::QRef;
use crate::stream::decoder::SMALL;
use crate::stream::deflate::deflate;
use crate::stream::settings::{Alignment, Settings};
use crate::stream::value_out::{write_value, Ready};
use crate::stream::writer::Writer;

type Channel = (QRef, Vec<(u32, Ready)>);

/// The block that is being written, and the bytes of those before it.
#[derive(Debug)]
pub(super) struct Blocks {
    done: Vec<u8>,
    compressed: bool,
    size: usize,
    channels: Vec<Channel>,
    places: HashMap<QRef, usize>,
    count: usize,
}

impl Blocks {
    pub fn new(settings: &Settings, header: Vec<u8>) -> Self {
        Self {
            done: header,
            compressed: settings.alignment == Alignment::Compression,
            size: settings.block_size as usize,
            channels: Vec::new(),
            places: HashMap::new(),
            count: 0,
        }
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.done)
    }

    fn add(&mut self, name: QRef, codec: u32, value: Ready) {
        let place = *self.places.entry(name).or_insert_with(|| {
            self.channels.push((name, Vec::new()));
            self.channels.len() - 1
        });
        if let Some((_, values)) = self.channels.get_mut(place) {
            values.push((codec, value));
        }
        self.count += 1;
    }

    /// One compressed stream; none when nothing is in it (section 9.3, note).
    fn emit(&mut self, writer: Writer) {
        let bytes = writer.finish();
        if self.compressed && !bytes.is_empty() {
            self.done.extend_from_slice(&deflate(&bytes));
        } else {
            self.done.extend_from_slice(&bytes);
        }
    }
}

impl Encoder {
    /// Writes a value, or keeps it for its channel.
    pub(super) fn value(&mut self, codec: u32, name: QRef, value: Ready) -> Result<()> {
        if let Some(blocks) = &mut self.blocks {
            blocks.add(name, codec, value);
            return Ok(());
        }
        self.write_here(codec, name, &value)
    }

    /// Writes a value right here, as that of xsi:type.
    pub(super) fn write_here(&mut self, codec: u32, name: QRef, value: &Ready) -> Result<()> {
        let codecs = self.context.codecs.clone();
        let codec = codecs.get(codec)?;
        write_value(&mut self.writer, &codecs, codec, name, value, &mut self.session.values)
    }

    /// Ends the block when it is full; called after each event.
    pub(super) fn end_of_event(&mut self) -> Result<()> {
        match &self.blocks {
            Some(blocks) if blocks.count >= blocks.size => self.end_block(),
            _ => Ok(()),
        }
    }

    pub(super) fn end_block(&mut self) -> Result<()> {
        let Some(blocks) = &mut self.blocks else { return Ok(()) };
        let channels = std::mem::take(&mut blocks.channels);
        blocks.places.clear();
        let together = std::mem::take(&mut blocks.count) <= SMALL;
        let (small, large): (Vec<Channel>, Vec<Channel>) =
            channels.into_iter().partition(|(_, values)| together || values.len() <= SMALL);
        if !together {
            self.emit();
        }
        for channel in small {
            self.channel(channel)?;
        }
        self.emit();
        for channel in large {
            self.channel(channel)?;
            self.emit();
        }
        Ok(())
    }

    fn emit(&mut self) {
        let writer = std::mem::replace(&mut self.writer, Writer::new(true));
        if let Some(blocks) = &mut self.blocks {
            blocks.emit(writer);
        }
    }

    fn channel(&mut self, (name, values): Channel) -> Result<()> {
        for (codec, value) in values {
            self.write_here(codec, name, &value)?;
        }
        Ok(())
    }
}
