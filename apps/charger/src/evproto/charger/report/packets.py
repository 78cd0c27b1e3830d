"""Ethernet, IPv6, UDP and TCP headers around payloads, with right checksums."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv6Address

ETHERTYPE_IPV6 = 0x86DD
UDP = 17
TCP = 6
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
WINDOW = 64_240


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a conversation: hardware address, IPv6 address and port."""

    mac: bytes
    address: IPv6Address
    port: int


def udp_packet(source: Endpoint, target: Endpoint, payload: bytes) -> bytes:
    """An Ethernet frame that carries one UDP datagram."""
    length = 8 + len(payload)
    header = struct.pack("!HHHH", source.port, target.port, length, 0)
    checksum = _checksum(_pseudo(source, target, length, UDP) + header + payload) or 0xFFFF
    return _frame(source, target, UDP, header[:6] + struct.pack("!H", checksum) + payload)


def tcp_packet(
    source: Endpoint, target: Endpoint, payload: bytes, *, seq: int, ack: int, flags: int
) -> bytes:
    """An Ethernet frame that carries one TCP segment."""
    options = bytes((2, 4, 0x05, 0xA0)) if flags & SYN else b""
    offset = (20 + len(options)) // 4
    header = struct.pack(
        "!HHIIBBHHH",
        source.port,
        target.port,
        seq & 0xFFFFFFFF,
        ack & 0xFFFFFFFF if flags & ACK else 0,
        offset << 4,
        flags,
        WINDOW,
        0,
        0,
    )
    segment = header + options + payload
    checksum = _checksum(_pseudo(source, target, len(segment), TCP) + segment)
    return _frame(source, target, TCP, segment[:16] + struct.pack("!H", checksum) + segment[18:])


def multicast_mac(address: IPv6Address) -> bytes:
    """The Ethernet group address of an IPv6 group (RFC 2464 section 7)."""
    return b"\x33\x33" + address.packed[-4:]


def _frame(source: Endpoint, target: Endpoint, protocol: int, body: bytes) -> bytes:
    hops = 255 if target.address.is_multicast else 64
    header = struct.pack("!IHBB", 6 << 28, len(body), protocol, hops)
    ethernet = target.mac + source.mac + struct.pack("!H", ETHERTYPE_IPV6)
    return ethernet + header + source.address.packed + target.address.packed + body


def _pseudo(source: Endpoint, target: Endpoint, length: int, protocol: int) -> bytes:
    return source.address.packed + target.address.packed + struct.pack("!II", length, protocol)


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\x00"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
