"""A stretch of power line with modems on it: attenuation, noise, loss, and what passes where.

Messages of EtherType 0x88E1 are heard by all that are near enough, whatever their network; all
other frames pass only between modems with the same key. Everything random comes from one seed.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from evproto.core import DecodeError, Machine
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.messages import (
    BROADCAST,
    GROUPS,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    Frame,
    Mme,
    decode,
    encode,
    qualcomm,
)

_ETHERTYPE = b"\x88\xe1"


class PortFrame(NamedTuple):
    """A frame between a modem and the host at its port."""

    port: str
    data: bytes


@dataclass(kw_only=True)
class Channel:
    """What the line does to frames.

    default_db: attenuation between modems without a value of their own. max_db: beyond it nothing
    is heard. noise_db: half the width of the noise on each group of a profile. latency, jitter:
    seconds. loss, duplicate: chances of each frame for each receiver; `loss_of` has those of
    single message types. drop: a test's own choice, called with sender, receiver and message.
    """

    default_db: float = 10.0
    max_db: float = 90.0
    noise_db: float = 0.0
    latency: float = 0.0005
    jitter: float = 0.0
    loss: float = 0.0
    duplicate: float = 0.0
    loss_of: dict[type[Mme], float] = field(default_factory=dict)
    drop: Callable[[str, str, Mme], bool] | None = None
    attenuation_db: dict[tuple[str, str], float] = field(default_factory=dict)

    def set_attenuation(self, one: str, other: str, attenuation_db: float) -> None:
        """The attenuation between two ports, both ways."""
        self.attenuation_db[one, other] = self.attenuation_db[other, one] = attenuation_db

    def attenuation(self, sender: str, receiver: str) -> float:
        """In dB."""
        return self.attenuation_db.get((sender, receiver), self.default_db)


class PowerLine(Machine[PortFrame, PortFrame, PortFrame]):
    """The line as a machine: frames from hosts in, frames to hosts out, each at its time.

    Its events are the frames that crossed the line, as they were sent, for a capture.
    """

    MANAGEMENT_DELAY = 0.0002

    def __init__(self, channel: Channel | None = None, *, seed: int = 0) -> None:
        super().__init__()
        self.channel = channel or Channel()
        self.modems: dict[str, EmulatedModem] = {}
        self.capture = False
        self._hosts: dict[bytes, str] = {}
        self._random = random.Random(seed)
        self._queue: list[tuple[float, int, PortFrame]] = []
        self._order = itertools.count()
        self._last: dict[str, float] = {}

    def add(self, port: str, modem: EmulatedModem) -> EmulatedModem:
        """Put a modem on the line; its host is at the port."""
        self.modems[port] = modem
        return modem

    def linked(self, port: str, now: float) -> list[EmulatedModem]:
        """The modems that share a network with the one at the port."""
        own = self.modems[port]
        return [
            peer
            for name, peer in self.modems.items()
            if name != port
            and peer.nmk == own.nmk
            and self._reaches(port, name)
            and now >= max(own.keyed_at + own.join_time, peer.keyed_at + peer.join_time)
        ]

    def receive(self, item: PortFrame, now: float) -> None:
        """Take a frame from the host at a port."""
        port, data = item
        if len(data) < 14 or port not in self.modems:
            return
        self._hosts[data[6:12]] = port
        if self.capture:
            self._events.append(item)
        if data[12:14] != _ETHERTYPE:
            self._carry_data(port, data, now)
            return
        try:
            frame = decode(data)
        except DecodeError:
            return
        if frame.destination in (qualcomm.LOCAL_MODEM, self.modems[port].mac):
            self._manage(port, frame, now)
        else:
            self._carry(port, frame, data, now)

    def _on_timer(self, name: str, now: float) -> None:
        while self._queue and self._queue[0][0] <= now:
            self._outputs.append(heapq.heappop(self._queue)[2])
        if self._queue:
            self._timers.start(name, self._queue[0][0])

    def _manage(self, port: str, frame: Frame, now: float) -> None:
        modem = self.modems[port]
        answer = modem.answer(frame.message, self.linked(port, now), now)
        if answer is not None:
            data = encode(Frame(frame.source, modem.mac, answer))
            if self.capture:
                self._events.append(PortFrame(port, data))
            self._deliver(port, data, now + self.MANAGEMENT_DELAY)

    def _carry(self, port: str, frame: Frame, data: bytes, now: float) -> None:
        for receiver in self._receivers(port, frame.destination):
            if not self._reaches(port, receiver) or self._is_lost(port, receiver, frame.message):
                continue
            copies = 2 if self._chance(self.channel.duplicate) else 1
            for _ in range(copies):
                arrival = self._arrival(receiver, now)
                self._deliver(receiver, data, arrival)
                if isinstance(frame.message, CmMnbcSoundInd):
                    self._report_sound(port, receiver, frame, arrival)

    def _carry_data(self, port: str, data: bytes, now: float) -> None:
        linked = {modem.mac for modem in self.linked(port, now)}
        for receiver in self._receivers(port, data[:6]):
            if self.modems[receiver].mac in linked and not self._chance(self.channel.loss):
                self._deliver(receiver, data, self._arrival(receiver, now))

    def _report_sound(self, sender: str, receiver: str, frame: Frame, arrival: float) -> None:
        modem = self.modems[receiver]
        if not modem.reports_sounds or modem.silent:
            return
        profile = CmAttenProfileInd(pev_mac=frame.source, aag=self._profile(sender, receiver))
        host = next((mac for mac, port in self._hosts.items() if port == receiver), BROADCAST)
        self._deliver(receiver, encode(Frame(host, modem.mac, profile)), arrival)

    def _profile(self, sender: str, receiver: str) -> bytes:
        level = self.channel.attenuation(sender, receiver)
        noise = self.channel.noise_db
        if not noise:
            return bytes([_clamped(level)]) * GROUPS
        # One random byte per group, each byte standing for a step of the noise.
        return self._random.randbytes(GROUPS).translate(_noise_table(level, noise))

    def _receivers(self, sender: str, destination: bytes) -> list[str]:
        known = None if destination[0] & 1 else self._hosts.get(destination)
        if known is not None:
            return [] if known == sender else [known]
        return [port for port in self.modems if port != sender]

    def _reaches(self, sender: str, receiver: str) -> bool:
        return self.channel.attenuation(sender, receiver) <= self.channel.max_db

    def _is_lost(self, sender: str, receiver: str, message: Mme) -> bool:
        channel = self.channel
        if channel.drop is not None and channel.drop(sender, receiver, message):
            return True
        return self._chance(channel.loss_of.get(type(message), channel.loss))

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance

    def _arrival(self, receiver: str, now: float) -> float:
        """Frames to one receiver keep their order."""
        jitter = self._random.random() * self.channel.jitter if self.channel.jitter else 0.0
        arrival = max(now + self.channel.latency + jitter, self._last.get(receiver, 0.0))
        self._last[receiver] = arrival
        return arrival

    def _deliver(self, port: str, data: bytes, at: float) -> None:
        heapq.heappush(self._queue, (at, next(self._order), PortFrame(port, data)))
        self._timers.start("deliver", self._queue[0][0])


@functools.lru_cache(maxsize=1024)
def _noise_table(level: float, noise: float) -> bytes:
    return bytes(_clamped(level + noise * (step / 127.5 - 1)) for step in range(256))


def _clamped(level: float) -> int:
    return min(255, max(0, round(level)))
