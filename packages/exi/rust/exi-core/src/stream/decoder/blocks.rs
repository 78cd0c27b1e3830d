//! Blocks, channels and compressed streams (section 9).

use std::collections::HashMap;

use super::names::set_text;
use super::Decoder;
use crate::error::Result;
use crate::names::QRef;
use crate::stream::deflate::Room;
use crate::stream::reader::{Bytes, Reader};
use crate::stream::session::Top;
use crate::stream::settings::{Alignment, Limits, Settings};
use crate::stream::witness::{Part, What};

/// Values up to which a channel shares its compressed stream (section 9.3).
pub(crate) const SMALL: usize = 100;

/// A value that stands in a channel.
#[derive(Clone, Copy, Debug)]
struct Expected {
    codec: u32,
    /// Which item it belongs to, counted from the first of the stream.
    item: u64,
}

/// The block that is being read.
#[derive(Debug)]
pub(super) struct Blocks<'d> {
    data: Bytes<'d>,
    compressed: bool,
    size: usize,
    room: Room,
    streams: u32,
    channels: Vec<(QRef, Vec<Expected>)>,
    places: HashMap<QRef, usize>,
    count: usize,
}

impl<'d> Blocks<'d> {
    pub fn new(settings: &Settings, reader: &Reader<'d>, limits: &Limits) -> Self {
        let data = reader.data().clone();
        let room = Room::new(limits, data.as_ref().len());
        Self {
            data,
            compressed: settings.alignment == Alignment::Compression,
            size: settings.block_size as usize,
            room,
            streams: 0,
            channels: Vec::new(),
            places: HashMap::new(),
            count: 0,
        }
    }

    /// Notes that an item has its value in the channel of a name.
    pub fn expect(&mut self, name: QRef, codec: u32, item: u64) {
        let place = *self.places.entry(name).or_insert_with(|| {
            self.channels.push((name, Vec::new()));
            self.channels.len() - 1
        });
        if let Some((_, values)) = self.channels.get_mut(place) {
            values.push(Expected { codec, item });
        }
        self.count += 1;
    }

    fn stream(&mut self, at: usize) -> Reader<'d> {
        self.streams += 1;
        Reader::packed(self.data.clone(), at, self.room, self.streams)
    }
}

impl Decoder<'_> {
    /// Goes to the first compressed stream, if there is any.
    pub(super) fn first_block(&mut self) {
        let at = self.reader.position().div_ceil(8);
        if let Some(blocks) = self.blocks.as_mut().filter(|blocks| blocks.compressed) {
            self.reader = blocks.stream(at);
        }
    }

    pub(super) fn block(&mut self) -> Result<()> {
        loop {
            self.event()?;
            let full = self.blocks.as_ref().is_none_or(|blocks| blocks.count >= blocks.size);
            if full || self.top == Top::Done {
                break;
            }
        }
        self.channels()?;
        self.next_stream();
        Ok(())
    }

    /// Reads the values of the block in the order of their channels (section 9.3).
    fn channels(&mut self) -> Result<()> {
        let Some(blocks) = &mut self.blocks else { return Ok(()) };
        let channels = std::mem::take(&mut blocks.channels);
        blocks.places.clear();
        let together = std::mem::take(&mut blocks.count) <= SMALL;
        let (small, large): (Vec<_>, Vec<_>) =
            channels.into_iter().partition(|(_, values)| together || values.len() <= SMALL);
        if !together && !small.is_empty() {
            self.next_stream();
        }
        for (name, values) in small {
            self.channel(name, &values)?;
        }
        for (name, values) in large {
            self.next_stream();
            self.channel(name, &values)?;
        }
        Ok(())
    }

    fn channel(&mut self, name: QRef, values: &[Expected]) -> Result<()> {
        if self.witness.is_some() {
            let local = self.session.names.local(name).clone();
            self.saw(self.reader.position(), What::Channel(&local, values.len() as u64));
        }
        for expected in values {
            let value = self.value(expected.codec, name);
            let text = value.map_err(|e| e.within(&**self.session.names.local(name)))?;
            let at = expected.item.saturating_sub(self.released) as usize;
            if let Some(item) = self.queue.get_mut(at) {
                set_text(item, text);
            }
        }
        Ok(())
    }

    /// Goes to the next compressed stream; without compression all is one.
    fn next_stream(&mut self) {
        if !self.blocks.as_ref().is_some_and(|blocks| blocks.compressed) {
            return;
        }
        self.saw_inflated();
        let empty = Reader::new(Bytes::Borrowed(&[]), 0, true);
        let last = std::mem::replace(&mut self.reader, empty);
        if let (Some((at, room)), Some(blocks)) = (last.into_packed(), self.blocks.as_mut()) {
            blocks.room = room;
            self.reader = blocks.stream(at);
        }
    }

    fn saw_inflated(&mut self) {
        let (Some((from, to)), Some(witness)) = (self.reader.source, &mut self.witness) else { return };
        let what =
            What::Inflated { into: self.reader.stream, bytes: self.reader.data().as_ref().len() as u64 };
        witness.part(&Part { stream: 0, from: from as u64 * 8, to: to as u64 * 8, what });
    }
}
