"""SECC Discovery Protocol messages: ISO 15118-2 section 7.10.1, ISO 15118-20 section 7.10.1.

All four are fixed in length. `to_bytes` gives a whole datagram, V2GTP header included;
`decode_sdp` reads one.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import TypeAlias

from evproto.core import DecodeError
from evproto.v2gtp.frames import HEADER_LENGTH, PayloadType, decode_datagram, encode_frame
from evproto.v2gtp.language import Frame

_RESPONSE = struct.Struct(">16sHBB")
_REQUEST_WIRELESS = struct.Struct(">BBHB20s37s")
_RESPONSE_WIRELESS = struct.Struct(">16sHBBBB37s")


class Security(enum.IntEnum):
    """Whether the connection is encrypted."""

    TLS = 0x00
    NONE = 0x10


class Transport(enum.IntEnum):
    """What carries the session; UDP is reserved and never valid for one."""

    TCP = 0x00
    UDP = 0x10


@dataclass(frozen=True, slots=True)
class SdpRequest:
    """Who is the SECC, and may we speak to it with this security? ([V2G2-140], [V2G2-141])"""

    security: Security
    transport: Transport = Transport.TCP

    def to_bytes(self) -> bytes:
        """The datagram."""
        return encode_frame(Frame(PayloadType.SDP_REQUEST, bytes((self.security, self.transport))))

    @classmethod
    def from_payload(cls, payload: bytes) -> SdpRequest:
        """The request in a frame of type SDP_REQUEST."""
        _expect_length(payload, 2)
        return cls(_security(payload, 0), _transport(payload, 1))


@dataclass(frozen=True, slots=True)
class SdpResponse:
    """Where the SECC listens, and with which security ([V2G2-152] to [V2G2-156])."""

    address: IPv6Address
    port: int
    security: Security
    transport: Transport = Transport.TCP

    def to_bytes(self) -> bytes:
        """The datagram."""
        payload = _RESPONSE.pack(self.address.packed, self.port, self.security, self.transport)
        return encode_frame(Frame(PayloadType.SDP_RESPONSE, payload))

    @classmethod
    def from_payload(cls, payload: bytes) -> SdpResponse:
        """The response in a frame of type SDP_RESPONSE."""
        _expect_length(payload, _RESPONSE.size)
        packed, port, _, _ = _RESPONSE.unpack(payload)
        return cls(IPv6Address(packed), port, _security(payload, 18), _transport(payload, 19))


@dataclass(frozen=True, slots=True)
class SdpRequestWireless:
    """The request over ISO 15118-8, with what the pairing of car and supply device needs.

    pairing: the P2PS/PPD field, coupling_type, evid (20 bytes) and evse_id (37 bytes) are
    carried as they are.
    """

    security: Security
    transport: Transport
    pairing: int
    coupling_type: int
    evid: bytes
    evse_id: bytes

    def to_bytes(self) -> bytes:
        """The datagram."""
        payload = _REQUEST_WIRELESS.pack(
            self.security,
            self.transport,
            self.pairing,
            self.coupling_type,
            _exactly(self.evid, 20),
            _exactly(self.evse_id, 37),
        )
        return encode_frame(Frame(PayloadType.SDP_REQUEST_WIRELESS, payload))

    @classmethod
    def from_payload(cls, payload: bytes) -> SdpRequestWireless:
        """The request in a frame of type SDP_REQUEST_WIRELESS."""
        _expect_length(payload, _REQUEST_WIRELESS.size)
        _, _, pairing, coupling_type, evid, evse_id = _REQUEST_WIRELESS.unpack(payload)
        return cls(_security(payload, 0), _transport(payload, 1), pairing, coupling_type, evid, evse_id)


@dataclass(frozen=True, slots=True)
class SdpResponseWireless:
    """The response over ISO 15118-8; diag_status tells how far the pairing is."""

    address: IPv6Address
    port: int
    security: Security
    transport: Transport
    diag_status: int
    coupling_type: int
    evse_id: bytes

    def to_bytes(self) -> bytes:
        """The datagram."""
        payload = _RESPONSE_WIRELESS.pack(
            self.address.packed,
            self.port,
            self.security,
            self.transport,
            self.diag_status,
            self.coupling_type,
            _exactly(self.evse_id, 37),
        )
        return encode_frame(Frame(PayloadType.SDP_RESPONSE_WIRELESS, payload))

    @classmethod
    def from_payload(cls, payload: bytes) -> SdpResponseWireless:
        """The response in a frame of type SDP_RESPONSE_WIRELESS."""
        _expect_length(payload, _RESPONSE_WIRELESS.size)
        packed, port, _, _, diag_status, coupling_type, evse_id = _RESPONSE_WIRELESS.unpack(payload)
        security, transport = _security(payload, 18), _transport(payload, 19)
        return cls(IPv6Address(packed), port, security, transport, diag_status, coupling_type, evse_id)


SdpMessage: TypeAlias = SdpRequest | SdpResponse | SdpRequestWireless | SdpResponseWireless


def decode_sdp(data: bytes) -> SdpMessage:
    """The SDP message of a datagram; DecodeError when it is none."""
    frame = decode_datagram(data)
    match frame.payload_type:
        case PayloadType.SDP_REQUEST:
            return SdpRequest.from_payload(frame.payload)
        case PayloadType.SDP_RESPONSE:
            return SdpResponse.from_payload(frame.payload)
        case PayloadType.SDP_REQUEST_WIRELESS:
            return SdpRequestWireless.from_payload(frame.payload)
        case PayloadType.SDP_RESPONSE_WIRELESS:
            return SdpResponseWireless.from_payload(frame.payload)
        case other:
            raise DecodeError(f"expected an SDP payload type, got 0x{other:04X}", offset=2)


def _expect_length(payload: bytes, length: int) -> None:
    if len(payload) != length:
        raise DecodeError(f"expected a payload of {length} bytes, got {len(payload)}", offset=4)


def _exactly(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise ValueError(f"expected {length} bytes, got {len(value)}")
    return value


def _security(payload: bytes, at: int) -> Security:
    try:
        return Security(payload[at])
    except ValueError:
        raise DecodeError(
            f"expected 0x00 (TLS) or 0x10 (none), got 0x{payload[at]:02X}",
            offset=HEADER_LENGTH + at,
            path="Security",
        ) from None


def _transport(payload: bytes, at: int) -> Transport:
    try:
        return Transport(payload[at])
    except ValueError:
        raise DecodeError(
            f"expected 0x00 (TCP) or 0x10 (UDP), got 0x{payload[at]:02X}",
            offset=HEADER_LENGTH + at,
            path="Transport",
        ) from None
