"""A supply on a bench: its board is simulated, the vehicle is the tester's hands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import pytest

from evproto.iec61851 import Load, PilotCircuit, PilotState, StateChanged, Supply, SupplyConfig, SupplyEvent
from evproto.iec61851.simulation import SupplyBoard

Sort = TypeVar("Sort")


class Rig:
    """One supply, sampled every `period_s` in virtual time; `log` keeps (time, event)."""

    def __init__(self, config: SupplyConfig | None = None) -> None:
        self.supply = Supply(config)
        self.circuit = PilotCircuit()
        self.board = SupplyBoard(self.circuit)
        self.now = 0.0
        self.period_s = 0.005
        self.log: list[tuple[float, SupplyEvent]] = []
        self.on_event: Callable[[SupplyEvent], object] | None = None
        self.run(0.2)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        next_sample = self.now
        while True:
            deadline = self.supply.deadline
            due = next_sample if deadline is None else min(next_sample, max(deadline, self.now))
            if due > until + 1e-9:
                break
            self.now = due
            self.supply.advance(self.now)
            self.pump()
            if due == next_sample:
                next_sample += self.period_s
                for reading in self.board.read(self.now):
                    self.supply.receive(reading, self.now)
                    self.pump()
        self.now = until

    def pump(self) -> None:
        """Obey the outputs and keep the events."""
        while (output := self.supply.next_output()) is not None:
            self.board.apply(output, self.now)
        while (event := self.supply.next_event()) is not None:
            self.log.append((self.now, event))
            if self.on_event is not None:
                self.on_event(event)

    def do(self, verb: Callable[..., object], *arguments: object, **named: object) -> None:
        """Call a verb of the supply as verb(*arguments, now)."""
        verb(*arguments, self.now, **named)
        self.pump()

    def plug_in(self, load: Load = Load.B, ohm: float = 220.0) -> None:
        """Connect a vehicle."""
        self.circuit.plugged = True
        self.circuit.load = load
        self.circuit.supply_proximity_ohm = ohm

    def plug_out(self) -> None:
        """Take it away."""
        self.circuit.plugged = False
        self.circuit.load = Load.B
        self.circuit.supply_proximity_ohm = math.inf

    def ready(self, current_a: float = 16.0) -> None:
        """Plug in, authorize and offer: state B2."""
        self.plug_in()
        self.run(0.2)
        self.do(self.supply.authorize)
        self.do(self.supply.offer, current_a)
        self.run(0.5)
        assert self.supply.state is PilotState.B2

    def charge(self, current_a: float = 16.0) -> None:
        """Go on to state C2 with a closed contactor."""
        self.ready(current_a)
        self.circuit.load = Load.C
        self.run(1.0)
        assert self.supply.state is PilotState.C2
        assert self.board.contactor.position or not self.supply.config.closes_by_itself

    def since(self, begin: float, condition: Callable[[], bool], within: float) -> float:
        """Run until the condition holds; the seconds since `begin`. Fails after `within`."""
        while not condition():
            self.run(0.005)
            assert self.now - begin <= within, f"not within {within} s"
        return self.now - begin

    def events(self, sort: type[Sort]) -> list[Sort]:
        """All events of one class."""
        return [event for _, event in self.log if isinstance(event, sort)]

    def time_of(self, sort: type[object]) -> float:
        """When the last event of the class came."""
        return next(time for time, event in reversed(self.log) if isinstance(event, sort))

    def states(self) -> list[PilotState]:
        """The states in their order."""
        return [event.state for event in self.events(StateChanged)]

    def sequences(self) -> list[str | None]:
        """The sequences of Table A.6 in their order."""
        return [event.sequence for event in self.events(StateChanged)]


@pytest.fixture
def rig() -> Rig:
    """A wall box with a fixed cable."""
    return Rig()


@pytest.fixture
def new_rig() -> type[Rig]:
    """For other configurations."""
    return Rig
