"""Runs a world in virtual time: milliseconds for a whole session."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from evproto.charger.demo.world import EV_SDP_PORT, World
from evproto.charger.ports import Connect, NetworkOutput, Side
from evproto.charger.report.capture import SDP_PORT
from evproto.core import Close, Datagram

LATENCY_S = 0.0005
"""What every message takes on its way."""
EV_PORT = 50_001


class VirtualRunner:
    """The network of a world in virtual time. `stamp` is the present time."""

    def __init__(self) -> None:
        self._now = 0.0
        self._under_way: deque[tuple[float, Callable[[], None]]] = deque()
        self._lost: set[Side] = set()

    def stamp(self) -> float:
        """The virtual time in seconds."""
        return self._now

    def run(self, world: World) -> None:
        """Run the session to its end."""
        world.start()
        while not world.finished:
            while (sent := world.next_output()) is not None:
                self._carry(world, *sent)
            if self._under_way:
                arrival, action = self._under_way.popleft()
                self._now = max(self._now, arrival)
                action()
            else:
                due = world.deadline
                self._now = max(self._now, due)
                world.advance(due)

    def _carry(self, world: World, side: Side, output: NetworkOutput) -> None:
        match output:
            case bytes():
                self._later(lambda: world.data(side.other, output))
            case Datagram():
                source = ("::1", EV_SDP_PORT if side is Side.EV else SDP_PORT, 0, 0)
                self._later(lambda: world.datagram(side.other, output.data, source))
            case Connect():
                self._lost.clear()
                self._later(lambda: world.connected(("::1", EV_PORT), (output.host, output.port)))
            case Close():
                self._later(lambda: self._lose(world, side.other))
                self._later(lambda: self._lose(world, side))

    def _lose(self, world: World, side: Side) -> None:
        if side not in self._lost:
            self._lost.add(side)
            world.connection_lost(side)

    def _later(self, action: Callable[[], None]) -> None:
        self._under_way.append((self._now + LATENCY_S, action))
