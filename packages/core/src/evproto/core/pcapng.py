"""Capture files in the pcapng format: bytes in, bytes out, no file is opened here.

The writer makes one little-endian section with any number of interfaces, each with its own link
type and timestamp resolution, and a comment wherever the format allows one. The reader takes what
other programs write: both byte orders, several sections, any resolution, unknown blocks and
options, and a file that was cut off in the middle of a block.
Format: IETF draft-ietf-opsawg-pcapng, sections 4.1 to 4.4.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from evproto.core.errors import DecodeError, EncodeError

_SECTION_HEADER = 0x0A0D0D0A
_INTERFACE = 1
_OBSOLETE_PACKET = 2
_SIMPLE_PACKET = 3
_ENHANCED_PACKET = 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_MAX_BLOCK = 16 << 20

_OPT_COMMENT = 1
_OPT_USER_APPLICATION = 4
_OPT_IF_NAME = 2
_OPT_IF_DESCRIPTION = 3
_OPT_IF_TSRESOL = 9
_OPT_IF_TSOFFSET = 14


class LinkType(enum.IntEnum):
    """The link types that EV charging needs; an `Interface` may hold any other number."""

    ETHERNET = 1
    RAW_IP = 101
    USER0 = 147


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """Where packets were captured.

    timestamp_digits: decimal digits of a second that timestamps hold when written: 6 or 9.
    """

    link_type: int
    name: str = ""
    description: str = ""
    timestamp_digits: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One captured packet.

    time_ns: nanoseconds since 1970 (UTC). interface: index into the capture's interfaces.
    original_length: bytes on the wire where the capture holds fewer, else None.
    """

    time_ns: int
    data: bytes
    interface: int = 0
    comment: str = ""
    original_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What `decode` found. fault: why reading ended early, or None."""

    interfaces: tuple[Interface, ...]
    packets: tuple[Packet, ...]
    comment: str = ""
    application: str = ""
    fault: str | None = None


def encode(
    interfaces: Sequence[Interface],
    packets: Iterable[Packet] = (),
    *,
    application: str = "evproto",
    comment: str = "",
) -> bytes:
    """A whole capture file.

    A live capture writes `encode(interfaces)` first and appends an `encode_packet` per packet.
    """
    parts = [_encode_section(application, comment)]
    parts += [_encode_interface(interface) for interface in interfaces]
    parts += [encode_packet(packet, interfaces) for packet in packets]
    return b"".join(parts)


def encode_packet(packet: Packet, interfaces: Sequence[Interface]) -> bytes:
    """The block of one packet, to be appended to a file that began with these interfaces."""
    if not 0 <= packet.interface < len(interfaces):
        raise EncodeError(f"no interface {packet.interface}", path="interface")
    if packet.time_ns < 0:
        raise EncodeError(f"{packet.time_ns} is before 1970", path="time_ns")
    ticks = packet.time_ns // 10 ** (9 - interfaces[packet.interface].timestamp_digits)
    original = len(packet.data) if packet.original_length is None else packet.original_length
    head = struct.pack(
        "<IIIII", packet.interface, ticks >> 32, ticks & 0xFFFFFFFF, len(packet.data), original
    )
    return _block(_ENHANCED_PACKET, head + _padded(packet.data) + _options((_OPT_COMMENT, packet.comment)))


def decode(data: bytes) -> Capture:
    """Read a capture; what follows a broken block is left out and named in `fault`.

    Raises DecodeError when the data do not begin as a pcapng file at all.
    """
    if len(data) < 12 or data[:4] != b"\x0a\x0d\x0d\x0a":
        raise DecodeError("expected a pcapng section header", offset=0)
    reading = _Reading()
    try:
        for kind, body, order in _blocks(data):
            reading.take(kind, body, order)
    except DecodeError as error:
        if not reading.sections:
            raise
        reading.fault = str(error)
    return Capture(
        interfaces=tuple(timed.interface for timed in reading.interfaces),
        packets=tuple(reading.packets),
        comment=reading.comment,
        application=reading.application,
        fault=reading.fault,
    )


@dataclass(slots=True)
class _Timed:
    """An interface with the rule by which its ticks become nanoseconds."""

    interface: Interface
    numerator: int
    denominator: int
    offset_ns: int

    def time_ns(self, ticks: int) -> int:
        return ticks * self.numerator // self.denominator + self.offset_ns


@dataclass(slots=True)
class _Reading:
    """What was read so far. Interface numbers count anew in each section, ours go on."""

    interfaces: list[_Timed] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)
    comment: str = ""
    application: str = ""
    fault: str | None = None
    sections: int = 0
    _first_of_section: int = 0

    def take(self, kind: int, body: bytes, order: str) -> None:
        match kind:
            case 0x0A0D0D0A:
                self._take_section(body, order)
            case 1:
                self.interfaces.append(_decode_interface(body, order))
            case 6:
                self._take_packet(_unpack(order + "IIIII", body), body, 20, order)
            case 2:
                number, _drops, *rest = _unpack(order + "HHIIII", body)
                self._take_packet((number, *rest), body, 20, order)
            case 3:
                (original,) = _unpack(order + "I", body)
                length = min(original, len(body) - 4)
                self._take_packet((0, 0, 0, length, original), body, 4, order)

    def _take_section(self, body: bytes, order: str) -> None:
        self.sections += 1
        self._first_of_section = len(self.interfaces)
        options = _decode_options(body[16:], order)
        if self.sections == 1:
            self.comment = _text(options.get(_OPT_COMMENT))
            self.application = _text(options.get(_OPT_USER_APPLICATION))

    def _take_packet(self, head: tuple[int, ...], body: bytes, start: int, order: str) -> None:
        number, high, low, length, original = head
        index = self._first_of_section + number
        if index >= len(self.interfaces):
            raise DecodeError(f"packet of unknown interface {number}")
        if length > len(body) - start:
            raise DecodeError(f"packet of {length} bytes in a block of {len(body)}")
        options = _decode_options(body[start + length + (-length & 3) :], order)
        self.packets.append(
            Packet(
                time_ns=self.interfaces[index].time_ns(high << 32 | low),
                data=body[start : start + length],
                interface=index,
                comment=_text(options.get(_OPT_COMMENT)),
                original_length=original if original != length else None,
            )
        )


def _blocks(data: bytes) -> Iterator[tuple[int, bytes, str]]:
    """Each block's type, body and byte order ("<" or ">")."""
    at = 0
    order = "<"
    while at < len(data):
        if len(data) - at < 12:
            raise DecodeError("cut off in a block header", offset=at)
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = _byte_order(data, at)
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or length % 4 or length > _MAX_BLOCK:
            raise DecodeError(f"block length {length}", offset=at + 4)
        if length > len(data) - at:
            raise DecodeError("cut off in a block", offset=at)
        yield kind, data[at + 8 : at + length - 4], order
        at += length


def _byte_order(data: bytes, at: int) -> str:
    for order in "<>":
        if struct.unpack_from(order + "I", data, at + 8)[0] == _BYTE_ORDER_MAGIC:
            return order
    raise DecodeError("unknown byte order magic", offset=at + 8)


def _decode_interface(body: bytes, order: str) -> _Timed:
    link_type, _reserved, _snap_length = _unpack(order + "HHI", body)
    options = _decode_options(body[8:], order)
    resolution = (options.get(_OPT_IF_TSRESOL) or b"\x06")[0]
    per_second = 1 << (resolution & 0x7F) if resolution & 0x80 else 10 ** min(resolution, 38)
    raw_offset = options.get(_OPT_IF_TSOFFSET, b"")
    offset_s = struct.unpack(order + "q", raw_offset)[0] if len(raw_offset) == 8 else 0
    interface = Interface(
        link_type=link_type,
        name=_text(options.get(_OPT_IF_NAME)),
        description=_text(options.get(_OPT_IF_DESCRIPTION)),
        timestamp_digits=9 if per_second > 10**6 else 6,
    )
    return _Timed(interface, 10**9, per_second, offset_s * 10**9)


def _decode_options(data: bytes, order: str) -> dict[int, bytes]:
    """The first value of each option; a list that is cut off ends where it is cut."""
    options: dict[int, bytes] = {}
    at = 0
    while len(data) - at >= 4:
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0 or length > len(data) - at - 4:
            break
        options.setdefault(code, data[at + 4 : at + 4 + length])
        at += 4 + length + (-length & 3)
    return options


def _unpack(layout: str, body: bytes) -> tuple[int, ...]:
    if len(body) < struct.calcsize(layout):
        raise DecodeError(f"block body of {len(body)} bytes, expected {struct.calcsize(layout)}")
    return struct.unpack_from(layout, body)


def _encode_section(application: str, comment: str) -> bytes:
    head = struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, -1)
    options = _options((_OPT_COMMENT, comment), (_OPT_USER_APPLICATION, application))
    return _block(_SECTION_HEADER, head + options)


def _encode_interface(interface: Interface) -> bytes:
    if interface.timestamp_digits not in (6, 9):
        raise EncodeError(f"expected 6 or 9, got {interface.timestamp_digits}", path="timestamp_digits")
    head = struct.pack("<HHI", interface.link_type, 0, 0)
    options = _options(
        (_OPT_IF_NAME, interface.name),
        (_OPT_IF_DESCRIPTION, interface.description),
        (_OPT_IF_TSRESOL, bytes([interface.timestamp_digits])),
    )
    return _block(_INTERFACE, head + options)


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def _options(*options: tuple[int, str | bytes]) -> bytes:
    """The options that have a value, closed by the end mark."""
    parts = []
    for code, value in options:
        raw = _clipped(value) if isinstance(value, str) else value
        if raw:
            parts.append(struct.pack("<HH", code, len(raw)) + _padded(raw))
    return b"".join([*parts, bytes(4)]) if parts else b""


def _clipped(text: str) -> bytes:
    """UTF-8 of the text, at most what the 16-bit length of an option can say."""
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) <= 0xFFFF else raw[:0xFFFF].decode("utf-8", "ignore").encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) & 3)


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")
