"""Frames to and from pcapng captures, and a capture played back to a machine.

Keys are blanked before anything is written, unless the caller asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evproto.core import Machine
from evproto.core.pcapng import Interface, LinkType, Packet, decode, encode, encode_packet
from evproto.core.trace import Kind, Trace
from evproto.slac.events import Event
from evproto.slac.messages import redact

_ETHERTYPE = b"\x88\xe1"
_SECOND_NS = 1_000_000_000


class FrameCapture:
    """Writes frames into a capture, at once, so that a crash loses none.

    write: takes bytes, such as a file's `write`. epoch_ns: nanoseconds since 1970 at the time 0
    of the frames' clock. It is a trace sink as well: given to a machine as `trace`, it writes the
    frames that the machine sends and receives. Those are without keys whatever `keep_keys` says.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        *,
        epoch_ns: int,
        interfaces: Iterable[str] = ("slac",),
        keep_keys: bool = False,
    ) -> None:
        self._write = write
        self._epoch_ns = epoch_ns
        self._keep_keys = keep_keys
        self._interfaces = [
            Interface(link_type=LinkType.ETHERNET, name=name, timestamp_digits=9) for name in interfaces
        ]
        write(encode(self._interfaces, application="evproto-slac"))

    def add(self, frame: bytes, now: float, *, interface: int = 0, comment: str = "") -> None:
        """Write one frame; `now` in seconds of the frames' clock."""
        data = frame if self._keep_keys else redact(frame)
        time_ns = max(0, self._epoch_ns + round(now * _SECOND_NS))
        packet = Packet(time_ns=time_ns, data=data, interface=interface, comment=comment)
        self._write(encode_packet(packet, self._interfaces))

    def __call__(self, record: Trace) -> None:
        if record.raw is not None and record.kind in (Kind.SENT, Kind.RECEIVED):
            self.add(record.raw, record.time, comment=f"{record.source} {record.kind.value} {record.name}")


def frames_of(capture: bytes) -> Iterator[tuple[float, bytes]]:
    """The HomePlug frames of a pcapng file with their times in seconds from the first packet.

    Raises DecodeError when it is no pcapng file.
    """
    packets = decode(capture).packets
    start_ns = packets[0].time_ns if packets else 0
    for packet in packets:
        if packet.data[12:14] == _ETHERTYPE:
            yield (packet.time_ns - start_ns) / _SECOND_NS, packet.data


def replay(
    frames: Iterable[tuple[float, bytes]], machine: Machine[bytes, bytes, Event], *, mac: bytes
) -> Iterator[tuple[float, bytes | Event]]:
    """Play frames to a machine in virtual time; yields what it sends and tells, with the times.

    Frames from `mac` are left out: they are those of the side that the machine stands for.
    """
    for time, frame in frames:
        while (deadline := machine.deadline) is not None and deadline < time:
            machine.advance(deadline)
            yield from _drain(machine, deadline)
        if frame[6:12] != mac:
            machine.receive(frame, time)
            yield from _drain(machine, time)


def _drain(machine: Machine[bytes, bytes, Event], now: float) -> Iterator[tuple[float, bytes | Event]]:
    while (output := machine.next_output()) is not None:
        yield now, output
    while (event := machine.next_event()) is not None:
        yield now, event
