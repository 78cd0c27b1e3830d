"""OCMF payload to text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal

from evproto.core import EncodeError
from evproto.modbus_meter.ocmf.record import KEYS, OcmfReading, Payload


def write_payload(payload: Payload) -> str:
    """The payload section, keys in the order of the specification, digits of numbers kept.

    A field of a reading that is the same as in the one before is left out. EncodeError for a "|".
    """
    if not payload.readings:
        raise EncodeError("there are no readings", path="RD")
    data: dict[str, object] = {}
    for key, name in KEYS.items():
        value = getattr(payload, name)
        if value is not None:
            data[key] = list(value) if isinstance(value, tuple) else value
    data |= payload.extra
    before: dict[str, object] = {}
    readings = []
    for reading in payload.readings:
        fields = _reading(reading)
        for key in ("TX", "RI", "RU", "RT"):
            if key in before and key not in fields:
                raise EncodeError(f"{key} cannot be left out after a reading that has it", path="RD")
        readings.append({k: v for k, v in fields.items() if k in ("RV", "CL", "ST") or before.get(k) != v})
        before = fields
    data["RD"] = readings
    text = _json(data)
    if "|" in text:
        raise EncodeError("'|' may not stand in a record")
    return text


def _reading(reading: OcmfReading) -> dict[str, object]:
    fields: dict[str, object | None] = {
        "TM": format_time(reading.time) + f" {reading.time_status.value}",
        "TX": reading.reason.value if reading.reason else None,
        "RV": reading.value,
        "RI": reading.obis,
        "RU": reading.unit,
        "RT": reading.current_type,
        "CL": reading.cumulated_loss,
        "EF": reading.errors,
        "ST": reading.status.value,
    }
    return {key: value for key, value in fields.items() if value is not None}


def format_time(time: dt.datetime) -> str:
    """As in TM without its status; the time must know its offset. EncodeError."""
    if time.tzinfo is None:
        raise EncodeError("a time without an offset to UTC", path="TM")
    return f"{time:%Y-%m-%dT%H:%M:%S},{time.microsecond // 1000:03d}{time:%z}"[:28]


def _json(value: object) -> str:
    """Compact JSON; decimals with their digits, which the standard library would turn into floats."""
    match value:
        case Decimal():
            return f"{value:f}"
        case Mapping():
            return (
                "{"
                + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_json(v)}" for k, v in value.items())
                + "}"
            )
        case list() | tuple():
            return "[" + ",".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
