"""Events of machines as trace records."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from numbers import Real

from evproto.core import JsonValue, Kind, Trace


def event_record(source: str, event: object, now: float, *, fault: bool = False) -> Trace:
    """What a machine told the application, under its class's name."""
    kind = Kind.FAULT if fault else Kind.NOTE
    return Trace(time=now, source=source, kind=kind, name=type(event).__name__, details=_details(event))


def plain(value: object) -> JsonValue:
    """Any value of an event as JSON data: enumerations by name, bytes as hex, records as objects."""
    match value:
        case None | bool() | int() | str():
            return value
        case enum.Enum():
            return value.name
        case float():
            return round(value, 3)
        case Fraction() | Real():
            return round(float(value), 6)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple() | list() | frozenset() | set():
            return [plain(item) for item in value]
    return _details(value) if is_dataclass(value) else str(value)


def _details(event: object) -> dict[str, JsonValue]:
    if not is_dataclass(event):
        return {}
    return {item.name: plain(getattr(event, item.name)) for item in fields(event)}
