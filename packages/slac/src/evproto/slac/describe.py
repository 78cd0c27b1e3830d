"""Frames and events in a line of text for people. Keys are never shown."""

from __future__ import annotations

from dataclasses import fields

from evproto.core import DecodeError
from evproto.slac.events import Event
from evproto.slac.messages import Frame, Mme, UnknownMme, decode
from evproto.slac.messages.qualcomm import LOCAL_MODEM

_QUIET = {"application_type", "security_type", "mvf_length"}
_STATION_IDS = {"source_id", "resp_id", "sender_id", "pev_id", "evse_id"}


def format_mac(mac: bytes) -> str:
    """The usual form with colons; "all" for broadcast, "modem" for the local modem's address."""
    if mac == b"\xff" * 6:
        return "all"
    return "modem" if mac == LOCAL_MODEM else mac.hex(":")


def standard_name(message: Mme) -> str:
    """The message's name as the standard writes it: CM_SLAC_PARM.REQ."""
    if isinstance(message, UnknownMme):
        return f"MMTYPE {message.mmtype:04x}"
    words: list[str] = []
    for letter in type(message).__name__:
        if letter.isupper():
            words.append(letter)
        else:
            words[-1] += letter
    return "_".join(word.upper() for word in words[:-1]) + "." + words[-1].upper()


def describe_frame(data: bytes) -> str:
    """Source, destination, name and telling fields of a frame; the error for one that is broken."""
    try:
        frame = decode(data)
    except DecodeError as error:
        return f"broken frame: {error}"
    return f"{_path(frame)}  {standard_name(frame.message):<24} {describe_fields(frame.message)}".rstrip()


def describe_fields(message: Mme) -> str:
    """The fields that tell something, without keys."""
    shown = []
    for entry in fields(message):
        value = getattr(message, entry.name)
        if not entry.repr or entry.name in _QUIET or (entry.name in _STATION_IDS and not any(value)):
            continue
        shown.append(f"{entry.name}={_value(entry.name, value)}")
    return " ".join(shown)


def describe_event(event: Event) -> str:
    """The event's name and fields."""
    shown = [f"{entry.name}={_value(entry.name, getattr(event, entry.name))}" for entry in fields(event)]
    return f"{type(event).__name__} {' '.join(shown)}".rstrip()


def _path(frame: Frame) -> str:
    return f"{format_mac(frame.source):>17} > {format_mac(frame.destination):<17}"


def _value(name: str, value: object) -> str:
    if name == "aag" and isinstance(value, bytes) and value:
        return f"{len(value)} groups, mean {sum(value) / len(value):.1f} dB"
    if name == "version" and isinstance(value, bytes):
        return value.rstrip(b"\0").decode("ascii", "replace")
    if isinstance(value, bytes):
        if len(value) == 6:
            return format_mac(value)
        return value.hex() if len(value) <= 17 else f"{len(value)} bytes"
    if isinstance(value, float):
        return f"{value:.1f}"
    if name == "candidates" and isinstance(value, tuple):
        return ", ".join(f"{format_mac(mac)} {loss:.1f} dB" for mac, loss in value) or "none"
    return str(getattr(value, "value", value))
