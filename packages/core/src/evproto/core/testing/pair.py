"""Two machines of one protocol, joined in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from evproto.core.machine import Close, Machine
from evproto.core.testing.link import Link
from evproto.core.testing.virtual_time import VirtualTime

EventA = TypeVar("EventA")
EventB = TypeVar("EventB")


class Pair(Generic[EventA, EventB]):
    """Machines a and b, each other's peer.

    `a_to_b` and `b_to_a` are the links: change their chances before or during a run. Events are
    kept in `events_a` and `events_b` and given to `on_event_a` and `on_event_b`, which may give
    commands. A `Close` output ends the connection for both sides: machines that have
    `connection_lost` are told.
    """

    def __init__(
        self,
        a: Machine[Any, Any, EventA],
        b: Machine[Any, Any, EventB],
        *,
        on_event_a: Callable[[EventA], object] | None = None,
        on_event_b: Callable[[EventB], object] | None = None,
        seed: int = 0,
        **chances: float,
    ) -> None:
        self.time = VirtualTime()
        self.a = a
        self.b = b
        self.events_a: list[EventA] = []
        self.events_b: list[EventB] = []
        self.closed = False
        self._on_event_a = on_event_a
        self._on_event_b = on_event_b
        self.a_to_b: Link[Any] = Link(self.time, self._to_b, seed=seed, **chances)  # type: ignore[arg-type]
        self.b_to_a: Link[Any] = Link(self.time, self._to_a, seed=seed + 1, **chances)  # type: ignore[arg-type]
        self.time.add(a, self.pump)
        self.time.add(b, self.pump)

    def run(self, *, until: float = 3600.0, stop: Callable[[], bool] | None = None) -> bool:
        """Run to the time `until` or until `stop()` holds; tells whether `stop()` held."""
        self.pump()
        return self.time.run(until=until, stop=stop)

    def command(self, verb: Callable[..., Any], *arguments: Any) -> None:
        """Call `verb(*arguments, now)` of one of the machines and pump."""
        verb(*arguments, self.time.now)
        self.pump()

    def close(self) -> None:
        """End the connection under both machines."""
        if self.closed:
            return
        self.closed = True
        self.a_to_b.cut = self.b_to_a.cut = True
        for machine in (self.a, self.b):
            lost = getattr(machine, "connection_lost", None)
            if lost is not None:
                lost(self.time.now)

    def pump(self) -> None:
        """Move outputs onto the links and hand out events until both machines are quiet."""
        while self._pump_outputs() | self._pump_events():
            pass

    def _pump_outputs(self) -> bool:
        busy = False
        for machine, link in ((self.a, self.a_to_b), (self.b, self.b_to_a)):
            while (output := machine.next_output()) is not None:
                busy = True
                if isinstance(output, Close):
                    link.after_all(self._close_and_pump)
                else:
                    link.send(output)
        return busy

    def _pump_events(self) -> bool:
        busy = False
        while (event_a := self.a.next_event()) is not None:
            busy = True
            self.events_a.append(event_a)
            if self._on_event_a is not None:
                self._on_event_a(event_a)
        while (event_b := self.b.next_event()) is not None:
            busy = True
            self.events_b.append(event_b)
            if self._on_event_b is not None:
                self._on_event_b(event_b)
        return busy

    def _close_and_pump(self) -> None:
        self.close()
        self.pump()

    def _to_a(self, item: Any) -> None:
        self.a.receive(item, self.time.now)
        self.pump()

    def _to_b(self, item: Any) -> None:
        self.b.receive(item, self.time.now)
        self.pump()
