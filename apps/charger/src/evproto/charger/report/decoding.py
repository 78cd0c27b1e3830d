"""The messages of a trace for people: what stands in them, as JSON data and as XML."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from evproto.core import DecodeError, JsonValue, Trace
from evproto.exi import Codec, Message, to_json, to_xml
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.messages import app_protocol

CODECS: dict[str, Codec] = {"": app_protocol.CODEC, "iso2": iso2.CODEC}
"""Codecs by the part of a record's source behind the dot: the handshake, and the languages."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `xml` is None where it is no XML document."""

    details: dict[str, JsonValue] = field(default_factory=dict)
    xml: str | None = None


def read_message(record: Trace) -> Reading:
    """What the record's bytes say; the record's own details where they cannot be decoded."""
    codec = CODECS.get(record.source.partition(".")[2])
    if codec is None or record.raw is None:
        return Reading(dict(record.details))
    try:
        message = codec.decode(record.raw)
    except DecodeError as error:
        return Reading({"undecodable": str(error)})
    if not isinstance(message, Message):
        return Reading(dict(record.details))
    return Reading(json.loads(to_json(message, codec)), to_xml(message, codec))
