"""Supply and vehicle joined by the physics of the pilot, with contactor, locks and current.

`Simulation.step(now)` does one exchange, for a loop in real time; `run` does many in virtual time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from evproto.iec61851 import supply_io as sio
from evproto.iec61851 import vehicle_io as vio
from evproto.iec61851.physics import PilotCircuit
from evproto.iec61851.supply import Supply
from evproto.iec61851.vehicle import Vehicle


@dataclass(slots=True)
class Moving:
    """Something that follows its command after `delay_s`; `stuck` it stays where it is."""

    delay_s: float
    position: bool = False
    stuck: bool = False
    _target: bool = False
    _at: float = -math.inf

    def command(self, target: bool, now: float) -> None:
        """Begin to move."""
        if target is not self._target:
            self._target = target
            self._at = now + self.delay_s

    def read(self, now: float) -> bool:
        """Where it is."""
        if now >= self._at and not self.stuck:
            self.position = self._target
        return self.position


@dataclass(slots=True)
class SupplyBoard:
    """The supply's hardware on a simulated circuit."""

    circuit: PilotCircuit
    contactor: Moving = field(default_factory=lambda: Moving(0.02))
    lock: Moving = field(default_factory=lambda: Moving(0.3))
    phases: int = 3
    currents_a: tuple[float, ...] = (0.0, 0.0, 0.0)
    residual_tripped: bool = False
    silent: bool = False
    residual_deaf: bool = False
    _tested_at: float = -math.inf

    def read(self, now: float) -> list[sio.SupplyInput]:
        """All readings of this moment."""
        if self.silent:
            return []
        return [
            sio.ProximitySample(self.circuit.supply_proximity_ohm),
            self.circuit.supply_sample(),
            sio.ContactorFeedback(self.contactor.read(now)),
            sio.LockFeedback(self.lock.read(now)),
            sio.CurrentSample(self.currents_a),
            sio.ResidualCurrent(self.residual_tripped or self._testing(now)),
        ]

    def _testing(self, now: float) -> bool:
        return now - self._tested_at < 0.1 and not self.residual_deaf

    def apply(self, command: sio.SupplyOutput, now: float) -> None:
        """Do what the machine commands."""
        match command:
            case sio.SetPilot():
                self.circuit.duty = float(command.duty)
            case sio.CutPilot():
                self.circuit.cut = command.cut
            case sio.SetContactor():
                self.contactor.command(command.closed, now)
            case sio.SetLock():
                self.lock.command(command.locked, now)
            case sio.SetPhases():
                self.phases = command.phases
            case sio.TestResidualCurrent():
                self._tested_at = now


@dataclass(slots=True)
class VehicleBoard:
    """The vehicle's hardware on a simulated circuit. `greedy_a` is drawn whatever was allowed."""

    circuit: PilotCircuit
    draw_a: float = 0.0
    greedy_a: float = 0.0
    locked: bool = False
    mains: bool = False

    def read(self, now: float) -> list[vio.VehicleInput]:
        """All readings of this moment."""
        return [
            sio.ProximitySample(self.circuit.vehicle_proximity_ohm),
            self.circuit.vehicle_reading(),
            vio.MainsPresent(self.mains),
        ]

    def apply(self, command: vio.VehicleOutput) -> None:
        """Do what the machine commands."""
        match command:
            case vio.SetLoad():
                self.circuit.load = command.load
            case vio.SetDraw():
                self.draw_a = command.current_a
            case vio.SetInletLock():
                self.locked = command.locked


class Simulation:
    """One supply, one vehicle, the cable between them, and the current that flows.

    `on_supply` and `on_vehicle` hear the events, with the time, and may give commands.
    """

    def __init__(
        self,
        supply: Supply,
        vehicle: Vehicle,
        *,
        circuit: PilotCircuit | None = None,
        sample_s: float = 0.01,
        on_supply: Callable[[sio.SupplyEvent, float], object] | None = None,
        on_vehicle: Callable[[vio.VehicleEvent, float], object] | None = None,
    ) -> None:
        self.supply = supply
        self.vehicle = vehicle
        self.circuit = circuit or PilotCircuit()
        self.supply_board = SupplyBoard(self.circuit)
        self.vehicle_board = VehicleBoard(self.circuit)
        self.sample_s = sample_s
        self.now = 0.0
        self._on_supply = on_supply
        self._on_vehicle = on_vehicle
        self._next_sample = 0.0

    def plug_in(self, *, supply_ohm: float = 220.0, vehicle_ohm: float = 220.0) -> None:
        """Connect the cable; the resistances are what each end reads at its proximity contact."""
        self.circuit.plugged = True
        self.circuit.supply_proximity_ohm = supply_ohm
        self.circuit.vehicle_proximity_ohm = vehicle_ohm

    def plug_out(self) -> None:
        """Take the cable out, whatever is locked."""
        self.circuit.plugged = False
        self.circuit.supply_proximity_ohm = self.circuit.vehicle_proximity_ohm = math.inf

    def step(self, now: float) -> None:
        """Read both ends, give the machines what they read, do what they command."""
        self.now = now
        self._flow()
        for reading in self.supply_board.read(now):
            self.supply.receive(reading, now)
            self.pump()
        self._flow()
        for item in self.vehicle_board.read(now):
            self.vehicle.receive(item, now)
            self.pump()

    def run(self, until: float, *, stop: Callable[[], bool] | None = None) -> bool:
        """Run in virtual time until `until`, or until `stop()` holds; tells whether it held."""
        self.pump()
        while stop is None or not stop():
            deadlines = [d for d in (self.supply.deadline, self.vehicle.deadline) if d is not None]
            due = min([self._next_sample, *deadlines])
            if due > until:
                self.now = max(self.now, until)
                return False
            self.now = max(self.now, due)
            self.supply.advance(self.now)
            self.vehicle.advance(self.now)
            self.pump()
            if self.now >= self._next_sample:
                self._next_sample = self.now + self.sample_s
                self.step(self.now)
        return True

    def pump(self) -> None:
        """Carry commands to the boards and hand out events until both machines are quiet."""
        busy = True
        while busy:
            busy = False
            while (output := self.supply.next_output()) is not None:
                self.supply_board.apply(output, self.now)
                busy = True
            while (command := self.vehicle.next_output()) is not None:
                self.vehicle_board.apply(command)
                busy = True
            busy |= self._hand_out()

    def _hand_out(self) -> bool:
        busy = False
        while (event := self.supply.next_event()) is not None:
            busy = True
            if self._on_supply is not None:
                self._on_supply(event, self.now)
        while (heard := self.vehicle.next_event()) is not None:
            busy = True
            if self._on_vehicle is not None:
                self._on_vehicle(heard, self.now)
        return busy

    def _flow(self) -> None:
        live = self.supply_board.contactor.read(self.now)
        self.vehicle_board.mains = live and self.circuit.plugged
        wanted = max(self.vehicle_board.draw_a, self.vehicle_board.greedy_a)
        current = wanted if self.vehicle_board.mains else 0.0
        idle = 3 - self.supply_board.phases
        self.supply_board.currents_a = (current,) * self.supply_board.phases + (0.0,) * idle
