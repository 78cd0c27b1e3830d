"""V2GTP frames: the eight-byte header and the stream parser.

ISO 15118-2 section 7.8.3, ISO 15118-20 section 7.8.3, DIN SPEC 70121 section 8.7.3. A header is
version (0x01), its inverse (0xFE), the payload type (two bytes) and the length (four bytes).
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Collection
from dataclasses import dataclass

from evproto.core import DecodeError
from evproto.v2gtp.language import Frame

VERSION = 0x01
INVERSE_VERSION = 0xFE
HEADER_LENGTH = 8
DEFAULT_MAX_PAYLOAD = 65536
"""Bytes; certificate messages with every chain at its longest stay far below."""

_HEADER = struct.Struct(">BBHI")
_MAGIC = bytes((VERSION, INVERSE_VERSION))
_LARGEST_PAYLOAD = 0xFFFFFFFF


class PayloadType(enum.IntEnum):
    """What a frame carries."""

    EXI = 0x8001
    """supportedAppProtocol in every language, and all of DIN SPEC 70121 and ISO 15118-2."""
    ISO20_MAIN = 0x8002
    ISO20_AC = 0x8003
    ISO20_DC = 0x8004
    ISO20_ACDP = 0x8005
    ISO20_WPT = 0x8006
    ISO20_AC_DER_IEC = 0x8010
    ISO20_AC_DER_SAE = 0x8011
    ISO20_SCHEDULE_RENEGOTIATION = 0x8101
    ISO20_METERING_CONFIRMATION = 0x8102
    ISO20_ACDP_SYSTEM_STATUS = 0x8103
    ISO20_PARKING_STATUS = 0x8104
    SDP_REQUEST = 0x9000
    SDP_RESPONSE = 0x9001
    SDP_REQUEST_WIRELESS = 0x9002
    SDP_RESPONSE_WIRELESS = 0x9003


SDP_TYPES = frozenset(payload_type for payload_type in PayloadType if payload_type >= 0x9000)
STREAM_TYPES = frozenset(PayloadType) - SDP_TYPES
"""The payload types that may travel on the TCP or TLS connection."""


class FrameFaultKind(enum.Enum):
    """What can be wrong with a header."""

    WRONG_VERSION = "WrongVersion"
    WRONG_INVERSE_VERSION = "WrongInverseVersion"
    UNKNOWN_PAYLOAD_TYPE = "UnknownPayloadType"
    PAYLOAD_TOO_LONG = "PayloadTooLong"


@dataclass(frozen=True, slots=True)
class FrameFault:
    """A header that breaks a rule.

    After an unknown payload type the payload is left out and the stream goes on; every other
    fault is fatal: where the next frame begins is not known, or not worth waiting for.
    """

    kind: FrameFaultKind
    reason: str
    header: bytes

    @property
    def fatal(self) -> bool:
        """Whether the stream is lost."""
        return self.kind is not FrameFaultKind.UNKNOWN_PAYLOAD_TYPE


class FrameParser:
    """Cuts a byte stream into frames, however it arrives.

    It never holds more than one frame and the piece that was fed last; a length above
    `max_payload` bytes is refused on the header alone. `payload_types` are those that count as
    known.
    """

    def __init__(
        self,
        *,
        max_payload: int = DEFAULT_MAX_PAYLOAD,
        payload_types: Collection[int] = STREAM_TYPES,
    ) -> None:
        self._max_payload = max_payload
        self._payload_types = payload_types
        self._buffer = bytearray()
        self._needed = HEADER_LENGTH
        self._to_skip = 0
        self._lost = False

    def feed(self, data: bytes) -> list[Frame | FrameFault]:
        """The frames and faults that these bytes complete; nothing more after a fatal fault."""
        found: list[Frame | FrameFault] = []
        if self._lost:
            return found
        if not self._buffer and not self._to_skip and (frame := self._whole(data)) is not None:
            return [frame]
        self._buffer += data
        while not self._lost and (item := self._take()) is not None:
            found.append(item)
        return found

    @property
    def incomplete(self) -> bool:
        """Whether the stream stands in the middle of a frame."""
        return bool(self._buffer) or self._to_skip > 0

    def _whole(self, data: bytes) -> Frame | None:
        """The frame, when the data is exactly one: the usual case, at no cost for a buffer."""
        if not data.startswith(_MAGIC) or len(data) < HEADER_LENGTH:
            return None
        _, _, payload_type, length = _HEADER.unpack_from(data)
        if length != len(data) - HEADER_LENGTH or length > self._max_payload:
            return None
        return Frame(payload_type, data[HEADER_LENGTH:]) if payload_type in self._payload_types else None

    def _take(self) -> Frame | FrameFault | None:
        self._skip()
        if len(self._buffer) < self._needed:
            # The fault of a version is clear before the header is whole.
            return self._check_version() if self._needed == HEADER_LENGTH else None
        _, _, payload_type, length = _HEADER.unpack_from(self._buffer)
        if self._needed == HEADER_LENGTH:
            fault = self._check_version() or self._check_rest(payload_type, length)
            if fault is not None:
                return fault
        self._needed = HEADER_LENGTH + length
        if len(self._buffer) < self._needed:
            return None
        payload = bytes(self._buffer[HEADER_LENGTH : self._needed])
        del self._buffer[: self._needed]
        self._needed = HEADER_LENGTH
        return Frame(payload_type, payload)

    def _skip(self) -> None:
        skipped = min(self._to_skip, len(self._buffer))
        if skipped:
            del self._buffer[:skipped]
            self._to_skip -= skipped

    def _check_version(self) -> FrameFault | None:
        if self._buffer and self._buffer[0] != VERSION:
            return self._lose(
                FrameFaultKind.WRONG_VERSION, f"expected version 0x01, got 0x{self._buffer[0]:02X}"
            )
        if len(self._buffer) > 1 and self._buffer[1] != INVERSE_VERSION:
            return self._lose(
                FrameFaultKind.WRONG_INVERSE_VERSION,
                f"expected inverse version 0xFE, got 0x{self._buffer[1]:02X}",
            )
        return None

    def _check_rest(self, payload_type: int, length: int) -> FrameFault | None:
        if length > self._max_payload:
            return self._lose(
                FrameFaultKind.PAYLOAD_TOO_LONG,
                f"expected at most {self._max_payload} bytes of payload, got a length of {length}",
            )
        if payload_type not in self._payload_types:
            header = bytes(self._buffer[:HEADER_LENGTH])
            self._to_skip = HEADER_LENGTH + length
            return FrameFault(
                FrameFaultKind.UNKNOWN_PAYLOAD_TYPE,
                f"expected a known payload type, got 0x{payload_type:04X}",
                header,
            )
        return None

    def _lose(self, kind: FrameFaultKind, reason: str) -> FrameFault:
        fault = FrameFault(kind, reason, bytes(self._buffer[:HEADER_LENGTH]))
        self._lost = True
        self._buffer.clear()
        return fault


def encode_frame(frame: Frame) -> bytes:
    """Header and payload; ValueError when a header cannot carry the type or the length."""
    if not 0 <= frame.payload_type <= 0xFFFF or len(frame.payload) > _LARGEST_PAYLOAD:
        raise ValueError(
            f"no V2GTP header can carry type {frame.payload_type:#x}, {len(frame.payload)} bytes"
        )
    return _HEADER.pack(VERSION, INVERSE_VERSION, frame.payload_type, len(frame.payload)) + frame.payload


def decode_datagram(data: bytes) -> Frame:
    """The one frame of a datagram; DecodeError when the datagram is not exactly that."""
    if len(data) < HEADER_LENGTH:
        raise DecodeError(f"expected a header of {HEADER_LENGTH} bytes, got {len(data)} bytes", offset=0)
    version, inverse, payload_type, length = _HEADER.unpack_from(data)
    if version != VERSION:
        raise DecodeError(f"expected version 0x01, got 0x{version:02X}", offset=0)
    if inverse != INVERSE_VERSION:
        raise DecodeError(f"expected inverse version 0xFE, got 0x{inverse:02X}", offset=1)
    if length != len(data) - HEADER_LENGTH:
        raise DecodeError(f"expected a length of {len(data) - HEADER_LENGTH}, got {length}", offset=4)
    return Frame(payload_type, data[HEADER_LENGTH:])
