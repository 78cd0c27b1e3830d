"""What both sides are: a host with one own modem, that takes and gives Ethernet frames."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from evproto.core import DecodeError, EncodeError, Machine, StateError, TraceSink
from evproto.core.trace import JsonValue, Kind, Trace
from evproto.slac.events import AmplitudeMapAnswered, AmplitudeMapReceived, Event, FrameIgnored
from evproto.slac.messages import (
    BROADCAST,
    CmAmpMapCnf,
    CmAmpMapReq,
    Frame,
    Mme,
    decode,
    encode,
    redact,
)
from evproto.slac.modem import Modem, ModemConfig
from evproto.slac.timeouts import C_EV_MATCH_RETRY, Timeouts

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives that many random bytes: `secrets.token_bytes` outside of tests."""

_AMPLITUDE_TIMER = "tt_amp_map_exchange"


class Station(Machine[bytes, bytes, Event]):
    """Base of `Evse` and `Ev`: frames in and out, the own modem, the amplitude map.

    mac: the address of the host's interface (6 bytes).
    """

    SOURCE = "slac"

    def __init__(
        self,
        *,
        mac: bytes,
        entropy: Entropy,
        modem: ModemConfig,
        timeouts: Timeouts,
        trace: TraceSink | None,
    ) -> None:
        super().__init__(trace=trace)
        if len(mac) != 6 or mac[0] & 1:
            raise ValueError(f"expected the 6 bytes of a unicast address, got {mac.hex()}")
        self.mac = mac
        self.timeouts = timeouts
        self._entropy = entropy
        self._modem = Modem(self, modem)
        self._amplitudes: CmAmpMapReq | None = None
        self._amplitude_tries = 0

    def receive(self, item: bytes, now: float) -> None:
        """Take an Ethernet frame from the interface."""
        try:
            frame = decode(item)
        except DecodeError as error:
            self._trace_frame(Kind.FAULT, "DecodeError", item, now, {"reason": str(error)})
            self.emit(FrameIgnored(item[6:12], "", str(error)))
            return
        if frame.destination != self.mac and frame.destination != BROADCAST:
            return
        if self._trace is not None:
            self._trace_frame(Kind.RECEIVED, type(frame.message).__name__, item, now)
        if frame.source == self.mac:
            self.ignore(frame, "it bears our own address")
        elif not self._modem.receive(frame, now):
            self._on_frame(frame, now)

    def send_amplitude_map(self, amplitudes: bytes, now: float) -> None:
        """Ask the matched peer to send less on some carriers: 0 to 15 for each, at most 1155.

        The answer comes as `AmplitudeMapAnswered`.
        """
        if self._peer is None or self._amplitudes is not None:
            raise StateError("an amplitude map needs a matched peer and no other map on its way")
        if not amplitudes:
            raise EncodeError("an amplitude map without carriers", path="amplitudes")
        self._amplitudes = CmAmpMapReq.of(amplitudes)
        self._amplitude_tries = 0
        self._send_amplitudes(now)

    @property
    @abstractmethod
    def _peer(self) -> bytes | None:
        """The address of the matched peer."""

    @abstractmethod
    def _on_frame(self, frame: Frame, now: float) -> None:
        """Take a frame that is not the modem's."""

    @abstractmethod
    def on_key(self, taken: bool, now: float) -> None:
        """The modem has taken the key, or has been given up."""

    @abstractmethod
    def on_link(self, up: bool, now: float) -> None:
        """The modem's link came up or was lost."""

    def send(self, destination: bytes, message: Mme, now: float) -> None:
        """Queue a message."""
        data = encode(Frame(destination, self.mac, message))
        self._outputs.append(data)
        if self._trace is not None:
            self._trace_frame(Kind.SENT, type(message).__name__, data, now)

    def emit(self, event: Event) -> None:
        """Queue an event."""
        self._events.append(event)

    def ignore(self, frame: Frame, reason: str) -> None:
        """Say that a frame changed nothing."""
        self._events.append(FrameIgnored(frame.source, type(frame.message).__name__, reason))

    def note(self, kind: Kind, name: str, now: float, **details: JsonValue) -> None:
        """Record a state, a timer or a fault."""
        if self._trace is not None:
            self._record(Trace(time=now, source=self.SOURCE, kind=kind, name=name, details=details))

    def start_timer(self, name: str, at: float) -> None:
        """Start a timer that comes back through `_on_timer`."""
        self._timers.start(name, at)

    def stop_timer(self, name: str) -> None:
        """Stop a timer."""
        self._timers.stop(name)

    def timer_runs(self, name: str) -> bool:
        """Whether the timer is running."""
        return name in self._timers

    def _on_timer(self, name: str, now: float) -> None:
        self.note(Kind.TIMER, name, now)
        if name.startswith(Modem.PREFIX):
            self._modem.on_timer(name, now)
        elif name == _AMPLITUDE_TIMER:
            self._on_amplitude_timeout(now)
        else:
            self._on_own_timer(name, now)

    @abstractmethod
    def _on_own_timer(self, name: str, now: float) -> None:
        """Act on a timer of the side's own."""

    def _on_amplitude_message(self, frame: Frame, now: float) -> None:
        """Answer the peer's map, or take its answer to ours (ISO 15118-3 A.9.6)."""
        message = frame.message
        if frame.source != self._peer:
            self.ignore(frame, "it is not the matched peer's")
        elif isinstance(message, CmAmpMapReq):
            if not message.amlen:
                self.ignore(frame, "it names no carrier")
                return
            self.emit(AmplitudeMapReceived(message.amplitudes))
            self.send(frame.source, CmAmpMapCnf(result=0), now)
        elif isinstance(message, CmAmpMapCnf) and self._amplitudes is not None:
            self._end_amplitudes(message.result == 0)
        else:
            self.ignore(frame, "no map is on its way")

    def _send_amplitudes(self, now: float) -> None:
        if self._amplitudes is not None and self._peer is not None:
            self.send(self._peer, self._amplitudes, now)
            self.start_timer(_AMPLITUDE_TIMER, now + self.timeouts.tt_amp_map_exchange)

    def _on_amplitude_timeout(self, now: float) -> None:
        self._amplitude_tries += 1
        if self._amplitude_tries > C_EV_MATCH_RETRY:
            self._end_amplitudes(accepted=False)
        else:
            self._send_amplitudes(now)

    def _end_amplitudes(self, accepted: bool) -> None:
        self.stop_timer(_AMPLITUDE_TIMER)
        if self._amplitudes is not None:
            self._amplitudes = None
            self.emit(AmplitudeMapAnswered(accepted))

    def _trace_frame(
        self, kind: Kind, name: str, data: bytes, now: float, details: dict[str, JsonValue] | None = None
    ) -> None:
        if self._trace is not None:
            raw = redact(data)
            self._record(
                Trace(time=now, source=self.SOURCE, kind=kind, name=name, raw=raw, details=details or {})
            )
