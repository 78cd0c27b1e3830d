"""A station, a car, the cable between them and a driver: a whole charging session without I/O.

The world has one clock: its own deadlines. Whatever comes from the network carries the time of
the deadline before it, as in a control unit that works in cycles. So a session depends on its
configuration alone: in virtual time and over real sockets it leaves the same trace, and only the
stamps of the records differ, which are the times at which the runner saw things happen.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from evproto.charger.car import Car
from evproto.charger.demo.faults import FaultInjector
from evproto.charger.demo.settings import DemoConfig, FaultName
from evproto.charger.ports import NetworkOutput, Side, earliest
from evproto.charger.report.capture import SDP_GROUP, SDP_PORT, Conversation
from evproto.charger.simulation import PowerLines
from evproto.charger.station import Station
from evproto.core import Close, Datagram, Kind, Timers, Trace, TraceSink
from evproto.iec61851 import CutPilot, MainsPresent, PilotCircuit, ProximitySample, SetLoad, SetPilot
from evproto.v2gtp.charging import SessionEnded

PLUG_OHM = 220.0
"""The coding of the plug of a cable for 32 A."""
SETTLING_S = 1.0
"""From the moment the cable is out until the curtain falls."""


class World:
    """Everything in a session but the network, which a runner brings.

    The runner calls `advance` with `deadline` when that has come and no message is under way,
    carries what `next_output` gives, and reports what arrives. `stamp` gives the time that
    records and packets show.
    """

    def __init__(
        self,
        config: DemoConfig,
        *,
        station: Station,
        car: Car,
        lines: PowerLines,
        trace: TraceSink,
        conversation: Conversation,
        stamp: Callable[[], float],
    ) -> None:
        self._config = config
        self._station = station
        self._car = car
        self._lines = lines
        self._trace = trace
        self._conversation = conversation
        self._stamp = stamp
        self._circuit = PilotCircuit()
        self._faults = FaultInjector(config)
        self._timers = Timers()
        self._outputs: deque[tuple[Side, NetworkOutput]] = deque()
        self._now = 0.0
        self._next_sample = 0.0
        self._over_noted = False
        self._ended: SessionEnded | None = None
        self.finished = False
        """Whether the session is over and the cable is out."""
        self._timers.start("tick", config.tick_s)
        self._timers.start("plug in", config.plug_in_s)
        self._timers.start("longest", config.longest_s)
        if config.stop_at_s is not None:
            self._timers.start("stop", config.stop_at_s)
        if self._faults.at is not None:
            self._timers.start("fault", self._faults.at)

    @property
    def now(self) -> float:
        """The time of the last deadline, in seconds from the start."""
        return self._now

    @property
    def contactor_closed(self) -> bool:
        """Whether the station's contactor is closed."""
        return self._station.contactor_closed

    @property
    def ended(self) -> SessionEnded | None:
        """How the session ended, as the side tells that saw it first; None while it runs."""
        return self._ended

    @property
    def deadline(self) -> float:
        """When to call `advance`; something is always to come until the session is finished."""
        due = self._timers.next()
        car = None if self._faults.car_frozen else self._car.deadline
        return earliest((due.at if due else None, self._station.deadline, car)) or 0.0

    def next_output(self) -> tuple[Side, NetworkOutput] | None:
        """What one side sends next on the network, or None."""
        return self._outputs.popleft() if self._outputs else None

    def start(self) -> None:
        """Take the first readings."""
        self._read_pilot()
        self._pump()

    def advance(self, now: float) -> None:
        """Do what is due at `now`: the driver, the physics, the station, the car."""
        self._now = now
        while (due := self._timers.next()) and due.at <= now:
            self._timers.stop(due.name)
            self._on_timer(due.name, due.at)
        self._station.advance(now)
        if not self._faults.car_frozen:
            self._car.advance(now)
        self._pump()

    def datagram(self, receiver: Side, data: bytes, address: tuple[object, ...]) -> None:
        """A datagram arrived."""
        if not self._circuit.plugged:
            return
        self._node(receiver).datagram(Datagram(data, address), self._now)
        self._pump()

    def connected(self, ev: tuple[str, int], evse: tuple[str, int]) -> None:
        """The TCP connection stands between these addresses."""
        self._conversation.connected(self._stamp(), ev, evse)
        self._station.connected(self._now)
        self._car.connected(self._now)
        self._pump()

    def data(self, receiver: Side, data: bytes) -> None:
        """Bytes of the connection arrived."""
        if receiver is Side.EVSE:
            self._station.data(data, self._now)
        elif not self._faults.car_frozen:
            self._car.data(data, self._now)
        self._pump()

    def connection_lost(self, side: Side) -> None:
        """The connection ended for one side."""
        if self._circuit.plugged:
            self._conversation.closed(self._stamp(), side)
        if side is Side.EVSE or not self._faults.car_frozen:
            self._node(side).connection_lost(self._now)
        self._pump()

    def _on_timer(self, name: str, now: float) -> None:
        match name:
            case "tick":
                self._timers.start("tick", now + self._config.tick_s)
                self._tick(now)
            case "plug in":
                self._plug(True)
            case "plug out" | "longest":
                self._pull(now)
            case "stop":
                self._note("StopPressed")
                self._station.stop(now)
            case "fault":
                self._strike(now)
            case "curtain":
                self.finished = True

    def _tick(self, now: float) -> None:
        """Let power flow for a cycle, read the instruments, look whether the session is over."""
        self._lines.step(self._config.tick_s, limit_a=self._car.draw_limit_a)
        present = self._lines.sample()
        self._station.measured(present.voltage_v, present.current_a, now)
        if not self._faults.car_frozen:
            self._car.measured(present.current_a, now)
        self._read_pilot()
        if now >= self._next_sample:
            self._next_sample = now + self._config.sample_s - self._config.tick_s / 2
            self._sample(now)
        self._look_for_the_end(now)

    def _look_for_the_end(self, now: float) -> None:
        over = self._car.ended is not None or self._car.gave_up or self._faults.car_frozen
        if over and not self._station.in_session and not self._over_noted and self._circuit.plugged:
            self._over_noted = True
            self._timers.start("plug out", now + self._config.plug_out_after_s)

    def _plug(self, plugged: bool) -> None:
        self._circuit.plugged = self._lines.plugged = plugged
        self._circuit.vehicle_proximity_ohm = PLUG_OHM if plugged else math.inf
        self._note("CablePluggedIn" if plugged else "CablePulled")
        self._read_pilot()

    def _pull(self, now: float) -> None:
        """The driver takes the cable out, whatever is going on; soon after the curtain falls."""
        self._plug(False)
        self._timers.start("curtain", now + SETTLING_S)

    def _strike(self, now: float) -> None:
        self._note("FaultInjected", fault=self._faults.name)
        match self._faults.fault:
            case FaultName.PULLED_CABLE:
                self._timers.stop("plug in")
                self._pull(now)
            case FaultName.EMERGENCY_STOP:
                self._station.emergency_stop(now)
            case _:
                self._faults.begin()

    def _read_pilot(self) -> None:
        self._station.reading(self._circuit.supply_sample(), self._now)
        if self._faults.car_frozen:
            return
        live = self._lines.plugged and self._station.contactor_closed and not self._config.is_dc
        self._car.reading(ProximitySample(self._circuit.vehicle_proximity_ohm), self._now)
        self._car.reading(MainsPresent(live), self._now)
        self._car.reading(self._circuit.vehicle_reading(), self._now)

    def _pump(self) -> None:
        """Carry what both sides put out to the pilot wire and the network until they are quiet."""
        while self._pump_station() | self._pump_car():
            self._read_pilot()
        self._ended = self._ended or self._station.ended or self._car.ended

    def _pump_station(self) -> bool:
        pilot_moved = False
        while (output := self._station.next_output()) is not None:
            match output:
                case SetPilot():
                    self._circuit.duty = float(output.duty)
                    pilot_moved = True
                case CutPilot():
                    self._circuit.cut = output.cut
                    pilot_moved = True
                case _:
                    self._send(Side.EVSE, output)
        return pilot_moved

    def _pump_car(self) -> bool:
        pilot_moved = False
        while (output := self._car.next_output()) is not None:
            if isinstance(output, SetLoad):
                self._circuit.load = output.load
                pilot_moved = True
            else:
                self._send(Side.EV, output)
        return pilot_moved

    def _send(self, side: Side, output: NetworkOutput) -> None:
        """Put an output on the network, unless a fault or the missing cable swallows it."""
        passed = self._faults.alter(side, output)
        if passed is None:
            return
        if self._circuit.plugged:
            self._tap(side, passed)
            self._outputs.append((side, passed))
        elif isinstance(passed, Close):
            # The peer never hears of it; the own end is gone at once.
            self._node(side).connection_lost(self._now)

    def _node(self, side: Side) -> Station | Car:
        return self._car if side is Side.EV else self._station

    def _tap(self, side: Side, output: NetworkOutput) -> None:
        match output:
            case bytes():
                self._conversation.data(self._stamp(), side, output)
            case Close():
                self._conversation.closed(self._stamp(), side)
            case Datagram() if side is Side.EV:
                # The group of SDP, also where loopback without multicast routes hands it over by unicast.
                target = (str(SDP_GROUP), SDP_PORT)
                self._conversation.datagram(self._stamp(), side, ("::1", EV_SDP_PORT), target, output.data)
            case Datagram():
                source = ("::1", SDP_PORT)
                self._conversation.datagram(self._stamp(), side, source, ("::1", EV_SDP_PORT), output.data)
            case _:
                pass

    def _sample(self, now: float) -> None:
        present = self._lines.sample()
        self._trace(
            Trace(
                time=now,
                source="plant",
                kind=Kind.SAMPLE,
                name="sample",
                details={
                    "voltage_v": round(present.voltage_v, 1),
                    "current_a": round(present.current_a, 1),
                    "power_w": round(present.power_w),
                    "energy_wh": round(present.energy_wh, 1),
                    "soc_percent": round(present.soc_percent, 2),
                    "pilot": self._station.pilot_state,
                    "contactor": "closed" if self._station.contactor_closed else "open",
                },
            )
        )

    def _note(self, name: str, **details: str) -> None:
        self._trace(Trace(time=self._now, source="driver", kind=Kind.NOTE, name=name, details=dict(details)))


EV_SDP_PORT = 49_999
"""The port of the car's SDP client in the capture."""
