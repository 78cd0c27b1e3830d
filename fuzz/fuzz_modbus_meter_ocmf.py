"""Invariant: any bytes are an OCMF record or a DecodeError; what verifies has a payload that was signed."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from _runner import run

from evproto.core import DecodeError
from evproto.modbus_meter.ocmf import parse_ocmf, parse_public_key, verify_ocmf

SAMPLES = json.loads(
    (Path(__file__).parent.parent / "packages/modbus_meter/tests/ocmf_samples.json").read_text("utf-8")
)["records"]
SIGNED = {parse_ocmf(item["record"]).signed_data for item in SAMPLES.values()}
KEYS = [parse_public_key(item["key"]) for item in SAMPLES.values()]


def check(data: bytes) -> None:
    """A record, and the same bytes as a key."""
    with contextlib.suppress(DecodeError):
        parse_public_key(data)
    try:
        record = parse_ocmf(data)
    except DecodeError:
        return
    for key in KEYS:
        if verify_ocmf(record, key):
            assert record.signed_data in SIGNED


if __name__ == "__main__":
    run(check, [item["record"].encode() for item in SAMPLES.values()])
