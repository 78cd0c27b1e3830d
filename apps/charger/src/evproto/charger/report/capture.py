"""A session's traffic as a capture: real payloads, with the packets around them made up.

Demo sessions run over loopback or in virtual time, where no Ethernet frame exists. The capture
puts each payload into the packets that would carry it, the TCP streams with coherent numbers,
so that Wireshark and tshark follow them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address

from evproto.charger.ports import Side
from evproto.charger.report.packets import ACK, FIN, PSH, SYN, Endpoint, multicast_mac, tcp_packet, udp_packet
from evproto.core.pcapng import Interface, LinkType, Packet, encode, encode_packet

INTERFACES = (Interface(link_type=LinkType.ETHERNET, name="v2g"),)
EV_MAC = bytes.fromhex("02000000e001")
EVSE_MAC = bytes.fromhex("02000000e002")
SDP_PORT = 15118
SDP_GROUP = IPv6Address("ff02::1")
SEGMENT = 1_440
"""Payload of one segment on Ethernet over IPv6."""


@dataclass(slots=True)
class _Stream:
    """One TCP connection: both endpoints and each side's next sequence number."""

    endpoints: dict[Side, Endpoint]
    seq: dict[Side, int]
    finished: set[Side]


class Conversation:
    """Writes what passes between one EV and one EVSE as a growing pcapng file.

    `write` gets the file's bytes piece by piece, each packet at once, so that a crash loses none.
    Times are seconds from `epoch_ns`, which is in nanoseconds since 1970 (UTC).
    """

    def __init__(self, write: Callable[[bytes], object], *, epoch_ns: int = 0, comment: str = "") -> None:
        self._write = write
        self._epoch_ns = epoch_ns
        self._stream: _Stream | None = None
        self.packet_count = 0
        write(encode(INTERFACES, application="evproto-charger", comment=comment))

    def datagram(
        self, time: float, sender: Side, source: tuple[str, int], target: tuple[str, int], payload: bytes
    ) -> None:
        """A UDP datagram between the addresses and ports given."""
        ends = _endpoint(sender, *source), _endpoint(sender.other, *target)
        self._add(time, udp_packet(*ends, payload))

    def connected(self, time: float, ev: tuple[str, int], evse: tuple[str, int]) -> None:
        """The EV opened a TCP connection."""
        # Any start numbers do; fixed ones keep captures of equal sessions equal.
        self._stream = _Stream(
            {Side.EV: _endpoint(Side.EV, *ev), Side.EVSE: _endpoint(Side.EVSE, *evse)},
            {Side.EV: 1_000_000, Side.EVSE: 2_000_000},
            set(),
        )
        self._segment(time, Side.EV, b"", SYN)
        self._segment(time, Side.EVSE, b"", SYN | ACK)
        self._segment(time, Side.EV, b"", ACK)

    def data(self, time: float, sender: Side, payload: bytes) -> None:
        """Bytes on the open connection; the receiver acknowledges them."""
        if self._stream is None or sender in self._stream.finished:
            return
        for start in range(0, len(payload), SEGMENT):
            self._segment(time, sender, payload[start : start + SEGMENT], PSH | ACK)
        self._segment(time, sender.other, b"", ACK)

    def closed(self, time: float, by: Side) -> None:
        """One side ended its half of the connection."""
        if self._stream is None or by in self._stream.finished:
            return
        self._segment(time, by, b"", FIN | ACK)
        self._segment(time, by.other, b"", ACK)
        self._stream.finished.add(by)

    def _segment(self, time: float, sender: Side, payload: bytes, flags: int) -> None:
        stream = self._stream
        assert stream is not None
        receiver = sender.other
        self._add(
            time,
            tcp_packet(
                stream.endpoints[sender],
                stream.endpoints[receiver],
                payload,
                seq=stream.seq[sender],
                ack=stream.seq[receiver],
                flags=flags,
            ),
        )
        stream.seq[sender] += len(payload) + bool(flags & (SYN | FIN))

    def _add(self, time: float, data: bytes) -> None:
        packet = Packet(data=data, time_ns=self._epoch_ns + round(time * 1e6) * 1_000)
        self._write(encode_packet(packet, INTERFACES))
        self.packet_count += 1


def _endpoint(side: Side, host: str, port: int) -> Endpoint:
    address = IPv6Address(host.partition("%")[0])
    if address.is_multicast:
        return Endpoint(multicast_mac(address), address, port)
    return Endpoint(EV_MAC if side is Side.EV else EVSE_MAC, address, port)
