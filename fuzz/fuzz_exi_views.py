"""Any text as XML, JSON or pattern, any stream to explain gives a result or DecodeError (ValueError)."""

from __future__ import annotations

import contextlib

from _runner import run

from evproto.core import DecodeError
from evproto.exi import Schema, from_json, from_xml, to_json, to_xml
from evproto.exi.charset import charset_of
from evproto.v2gtp.messages import app_protocol

CODEC = app_protocol.CODEC
SCHEMA = Schema.from_components(CODEC.schema)
ANSWER = app_protocol.SupportedAppProtocolRes(
    response_code=app_protocol.ResponseCode.OK_SUCCESSFUL_NEGOTIATION, schema_id=7
)
SEEDS = [
    to_xml(ANSWER, CODEC).encode(),
    to_json(ANSWER, CODEC).encode(),
    app_protocol.encode(ANSWER),
    rb"[a-z-[x]]\s(a|b){2,3}",
]


def check(data: bytes) -> None:
    for read in (from_xml, from_json):
        with contextlib.suppress(DecodeError):
            read(data, CODEC)
    for line in SCHEMA.explain(data).lines():
        assert str(line)
    with contextlib.suppress(ValueError):
        charset_of(data.decode("utf-8", "replace"))


if __name__ == "__main__":
    run(check, SEEDS)
