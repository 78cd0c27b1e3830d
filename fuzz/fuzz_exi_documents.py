"""Any bytes as a stream, as XML text or as a saved schema: what comes out fits together, or DecodeError.

The first two bytes choose the options. Streams give events, text and an explanation that agree; text
gives a stream that comes back the same.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from _runner import run

from evproto.core import DecodeError, EncodeError
from evproto.exi import Alignment, EndDocument, Options, Preserve, Schema
from evproto.v2gtp.messages import app_protocol

SCHEMA = Schema.from_components(app_protocol.CODEC.schema)
SCHEMAS = (Schema.schemaless(), Schema.built_in_types(), SCHEMA)
SAVED = Path(tempfile.mkdtemp()) / "saved"
INNER = '<!-- c --><p:b xmlns:p="u">x&e;</p:b><?pi x?>'
TEXT = f'<!DOCTYPE a [<!ENTITY e "x">]><a xmlns="urn:a" b="1&#10;">{INNER}</a>'


def options_of(first: int, second: int) -> Options:
    """One of all layouts with any fidelity options."""
    strict = bool(first & 4)
    preserve = Preserve.LEXICAL_VALUES if strict else Preserve(second & 31)
    alignment = list(Alignment)[first & 3] if first & 3 < 3 else Alignment.BIT_PACKED
    contained = not strict and first & 3 < 2 and bool(first & 8)
    return Options(
        alignment=alignment,
        compression=first & 3 == 3,
        strict=strict,
        fragment=bool(first & 16),
        preserve=preserve,
        self_contained=contained,
        block_size=1 + (second >> 5),
        value_partition_capacity=(first >> 5) or None,
    )


def check(data: bytes) -> None:
    options = options_of(data[0] if data else 0, data[1] if len(data) > 1 else 0)
    for schema in SCHEMAS:
        check_stream(schema, data[2:], options)
        check_stream(schema, b"\x80" + data[2:], options)
        check_text(schema, data[2:], options)
    SAVED.write_bytes(data)
    try:
        Schema.load(SAVED).check()
    except DecodeError as error:
        assert error.reason


def check_stream(schema: Schema, data: bytes, options: Options) -> None:
    explanation = schema.explain(data, options)
    for line in explanation.lines():
        assert str(line)
    try:
        events = list(schema.read_events(data, options))
    except DecodeError as error:
        assert explanation.fault is not None
        assert error.reason == explanation.fault.reason
        return
    assert events[-1] == EndDocument()
    try:
        schema.decode_text(data, options)
    except DecodeError as error:
        assert "no place in XML" in error.reason or "DOCTYPE" in error.reason


def check_text(schema: Schema, text: bytes, options: Options) -> None:
    try:
        stream = schema.encode(text, options)
    except (DecodeError, EncodeError):
        return
    again = schema.encode(schema.decode_text(stream, options), options)
    assert again == stream


if __name__ == "__main__":
    seeds = [bytes([first, 31]) + TEXT.encode() for first in (0, 1, 2, 3, 4, 8, 16)]
    for schema in SCHEMAS[:2]:
        seeds += [
            bytes([first, 31]) + schema.encode(TEXT, options_of(first, 31)) for first in (0, 1, 2, 3, 8)
        ]
    SCHEMA.save(SAVED)
    run(check, [*seeds, SAVED.read_bytes()])
