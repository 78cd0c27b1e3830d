"""The host's end of the serial line protocol: numbers, acknowledgements, keep-alive."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TypeAlias

from evproto.core import CLOSE, DecodeError, Kind, StreamMachine, Trace, TraceSink
from evproto.iec61851 import serial_line as line
from evproto.iec61851 import supply_io as io

ACK_S = 0.05
"""A command that is not acknowledged within this is sent again."""
TRIES = 5
KEEP_ALIVE_S = 0.3


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The microcontroller answered; all commands so far are sent to it."""

    firmware: str


@dataclass(frozen=True, slots=True)
class LinkLost:
    """No answer, another version, or the line ended: no reading comes until the next LinkUp."""

    reason: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that could not be read, or a command that was refused."""

    reason: str


LinkEvent: TypeAlias = io.SupplyInput | LinkUp | LinkLost | LineFault


class SerialLink(StreamMachine[LinkEvent]):
    """Carries a supply's outputs to a microcontroller, and its readings back as events.

    One command is under way at a time. What was commanded last of each kind is sent anew when the
    microcontroller comes back, the contactor only as open: closing again is the supply's decision.
    """

    def __init__(self, now: float, *, trace: TraceSink | None = None) -> None:
        super().__init__(trace=trace)
        self.up = False
        self._parser = line.LineParser()
        self._state: dict[type[object], io.SupplyOutput] = {}
        self._waiting: deque[line.Command] = deque()
        self._number = 0
        self._tries = 0
        self._ended = False
        self._ask(now)

    def apply(self, output: io.SupplyOutput, now: float) -> None:
        """Send an output of the supply; while the link is down it is kept for later."""
        self.advance(now)
        if not isinstance(output, io.TestResidualCurrent):
            self._state[type(output)] = output
        if self.up:
            self._queue(output)
            self._send_next(now)

    def receive(self, item: bytes, now: float) -> None:
        """Take bytes of the line."""
        self.advance(now)
        for payload in self._parser.feed(item):
            if isinstance(payload, DecodeError):
                self._events.append(LineFault(str(payload)))
                continue
            try:
                report = line.decode_report(payload)
            except DecodeError as error:
                self._events.append(LineFault(str(error)))
                continue
            self._take(report, now)

    def connection_lost(self, now: float) -> None:
        """The line ended."""
        self._ended = True
        self._down("the line ended", now)
        self._timers.clear()

    def close(self, now: float) -> None:
        """End the dialogue; the microcontroller makes itself safe when it misses the keep-alive."""
        self.advance(now)
        self._ended = True
        self._timers.clear()
        self._outputs.append(CLOSE)

    def _on_timer(self, name: str, now: float) -> None:
        if name == "keep alive":
            self._timers.start("keep alive", now + KEEP_ALIVE_S)
            if not self._waiting:
                self._waiting.append(line.KeepAlive())
                self._send_next(now)
        elif name == "ask":
            self._ask(now)
        elif self._tries < TRIES:
            self._transmit(now)
        else:
            self._down("no answer", now)

    def _take(self, report: line.Report, now: float) -> None:
        match report:
            case line.Hello():
                self._greet(report, now)
            case line.Ack(number):
                self._answered(number, now)
            case line.Reject(number, reason):
                self._events.append(LineFault(f"command refused: {reason}"))
                self._answered(number, now)
            case _ if self.up:
                self._events.append(report)

    def _greet(self, hello: line.Hello, now: float) -> None:
        """A Hello that nobody asked for is a microcontroller that started anew."""
        if hello.version != line.VERSION:
            self._down(f"version {line.VERSION} expected, got {hello.version}", now)
            return
        if self.up:
            self._down("the microcontroller started anew", now)
        self.up = True
        self._timers.stop("ask")
        self._timers.start("keep alive", now + KEEP_ALIVE_S)
        self._events.append(LinkUp(hello.firmware))
        if io.SetContactor in self._state:
            self._state[io.SetContactor] = io.SetContactor(False)
        self._waiting.extend(self._state.values())
        self._send_next(now)

    def _answered(self, number: int, now: float) -> None:
        if number == self._number and "answer" in self._timers:
            self._timers.stop("answer")
            self._number = (self._number + 1) % 100
            self._waiting.popleft()
            self._send_next(now)

    def _queue(self, output: io.SupplyOutput) -> None:
        """A newer command replaces one of its kind that still waits; opening goes before all others."""
        under_way = [self._waiting.popleft()] if "answer" in self._timers else []
        others = [command for command in self._waiting if type(command) is not type(output)]
        first = output == io.SetContactor(False)
        self._waiting = deque((*under_way, *((output, *others) if first else (*others, output))))

    def _send_next(self, now: float) -> None:
        if self._waiting and "answer" not in self._timers:
            self._tries = 0
            self._transmit(now)

    def _transmit(self, now: float) -> None:
        self._tries += 1
        command = self._waiting[0]
        data = line.encode_command(self._number, command)
        self._outputs.append(data)
        self._timers.start("answer", now + ACK_S)
        if self._trace is not None:
            name = type(command).__name__
            self._record(Trace(time=now, source="serial link", kind=Kind.SENT, name=name, raw=data))

    def _ask(self, now: float) -> None:
        self._outputs.append(line.encode_command(self._number, line.Query()))
        self._timers.start("ask", now + 1.0)

    def _down(self, reason: str, now: float) -> None:
        if self.up or not self._ended:
            self._events.append(LinkLost(reason))
        self.up = False
        self._waiting.clear()
        self._timers.clear()
        self._number = (self._number + 1) % 100
        if not self._ended:
            self._timers.start("ask", now + 1.0)
