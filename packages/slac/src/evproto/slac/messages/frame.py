"""The Ethernet frame around a message: EtherType 0x88E1, MMV, MMTYPE, fragmentation fields."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from evproto.core import DecodeError, EncodeError
from evproto.slac.messages.wire import BY_MMTYPE, BY_VENDOR, MMV_AV_1_0, Layout, Mme, Rest

ETHERTYPE = 0x88E1
MIN_FRAME = 60
MAX_FRAME = 1514

_HEAD = struct.Struct("<6s6s2sBH")
_unpack_head = _HEAD.unpack_from
_ETHERTYPE = b"\x88\xe1"
_FIRST_VENDOR_MMTYPE = 0xA000
_OUI_LENGTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMme(Mme):
    """A message that this package does not know, or one part of a fragmented message."""

    mmtype: int
    mmv: int
    payload: Annotated[bytes, Rest()]


class Frame(NamedTuple):
    """A message on the wire."""

    destination: bytes
    source: bytes
    message: Mme


def decode(data: bytes) -> Frame:
    """Parse an Ethernet frame; DecodeError when it is none of EtherType 0x88E1 or is cut off."""
    if len(data) < _HEAD.size:
        raise DecodeError(f"frame of {len(data)} bytes", offset=len(data))
    destination, source, ethertype, mmv, mmtype = _unpack_head(data)
    if ethertype != _ETHERTYPE:
        raise DecodeError(f"expected EtherType 88e1, got {ethertype.hex()}", offset=12)
    layout, at = _find(data, mmv, mmtype)
    if layout is None:
        return Frame(destination, source, UnknownMme(mmtype=mmtype, mmv=mmv, payload=data[at:]))
    return Frame(destination, source, layout.read(data, at, mmv))


def encode(frame: Frame) -> bytes:
    """The frame as it goes on the wire, padded to 60 bytes; EncodeError for values that do not fit."""
    message = frame.message
    if len(frame.destination) != 6 or len(frame.source) != 6:
        raise EncodeError("expected addresses of 6 bytes", path="destination, source")
    if isinstance(message, UnknownMme):
        mmtype, mmv, payload = message.mmtype, message.mmv, message.payload
    else:
        mmtype, mmv = message.MMTYPE, message.MMV
        payload = message.OUI + message.LAYOUT.write(message)
    fragmentation = b"" if mmv == MMV_AV_1_0 else b"\0\0"
    head = _HEAD.pack(frame.destination, frame.source, _ETHERTYPE, mmv, mmtype)
    data = head + fragmentation + payload
    if len(data) > MAX_FRAME:
        raise EncodeError(f"frame of {len(data)} bytes", path=type(message).__name__)
    return data.ljust(MIN_FRAME, b"\0")


def redact(data: bytes) -> bytes:
    """The same frame with every key in it blanked: for traces, logs and captures."""
    if len(data) < _HEAD.size:
        return data
    _, _, ethertype, mmv, mmtype = _HEAD.unpack_from(data)
    if ethertype != _ETHERTYPE:
        return data
    layout, at = _find(data, mmv, mmtype)
    if layout is None:
        return data
    for offset, length in _secret_parts(layout):
        start = at + offset
        end = len(data) if length is None else min(start + length, len(data))
        data = data[:start] + bytes(max(0, end - start)) + data[end:]
    return data


def _find(data: bytes, mmv: int, mmtype: int) -> tuple[Layout | None, int]:
    """The layout of the message and where its payload begins; none for a part of a message."""
    at = 17
    if mmv != MMV_AV_1_0:
        at = 19
        if len(data) > 17 and data[17]:
            return None, at
    if mmtype < _FIRST_VENDOR_MMTYPE:
        return BY_MMTYPE.get(mmtype), at
    layout = BY_VENDOR.get((mmtype, data[at : at + _OUI_LENGTH]))
    return layout, at if layout is None else at + _OUI_LENGTH


def _secret_parts(layout: Layout) -> list[tuple[int, int | None]]:
    parts: list[tuple[int, int | None]] = list(layout.secrets)
    if layout.tail_is_secret:
        parts.append((layout.struct.size, None))
    return parts
