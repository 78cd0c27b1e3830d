"""The contract of every protocol: a machine without socket, clock, sleep or await."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from evproto.core.timers import Timers
from evproto.core.trace import Trace, TraceSink

In = TypeVar("In")
Out = TypeVar("Out")
Event = TypeVar("Event")


class Machine(ABC, Generic[In, Out, Event]):
    """One side of a protocol; the caller brings the input and the time.

    `now` is always seconds of one monotonic clock of the caller's choice. The order of use is:
    after every `receive`, command or `advance`, take all of `next_output()` and send it, take
    all of `next_event()`, then read `deadline` anew and call `advance` when it has come.
    Calling `advance` early does nothing. The same calls always give the same outputs.

    `receive` raises nothing for what a peer sent: the machine answers as its standard says and
    reports the fault as an event. A command at the wrong time raises `StateError`.
    """

    def __init__(self, *, trace: TraceSink | None = None) -> None:
        self._timers = Timers()
        self._outputs: deque[Out] = deque()
        self._events: deque[Event] = deque()
        self._trace = trace

    @abstractmethod
    def receive(self, item: In, now: float) -> None:
        """Take what came from the peer: bytes, a frame, a pilot sample or a text."""

    def next_output(self) -> Out | None:
        """What to send next, or None."""
        return self._outputs.popleft() if self._outputs else None

    def next_event(self) -> Event | None:
        """What the application should know next, or None."""
        return self._events.popleft() if self._events else None

    @property
    def deadline(self) -> float | None:
        """When to call `advance` next, or None while nothing runs."""
        due = self._timers.next()
        return due.at if due else None

    def advance(self, now: float) -> None:
        """Fire every timer that is due at `now`, earliest first, each at its own due time."""
        while (due := self._timers.next()) and due.at <= now:
            self._timers.stop(due.name)
            self._on_timer(due.name, due.at)

    @abstractmethod
    def _on_timer(self, name: str, now: float) -> None:
        """Act on a timer that fell due; it is stopped already."""

    def _record(self, record: Trace) -> None:
        if self._trace is not None:
            self._trace(record)


@dataclass(frozen=True, slots=True)
class Datagram:
    """One datagram and the peer's address, as the socket module writes addresses."""

    data: bytes
    address: tuple[Any, ...]


class Close:
    """Among the outputs of a stream machine: close the connection once all before it is sent."""

    def __repr__(self) -> str:
        return "CLOSE"


CLOSE = Close()
"""The one instance of `Close`."""


class StreamMachine(Machine[bytes, bytes | Close, Event]):
    """A machine over one reliable byte stream (TCP, TLS, a serial line)."""

    @abstractmethod
    def connection_lost(self, now: float) -> None:
        """The stream ended: the peer closed it, it broke, or our own CLOSE is done."""
