"""One electric vehicle: inlet, discovery, session, battery and contactor, joined without I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from evproto.charger.ports import Connect, earliest
from evproto.charger.simulation.battery import Battery
from evproto.charger.simulation.contactor import Contactor
from evproto.charger.telling import event_record
from evproto.core import Close, Datagram, TraceSink
from evproto.iec61851 import (
    DigitalAvailable,
    Disconnected,
    SetDraw,
    SetInletLock,
    SetLoad,
    StateChanged,
    Vehicle,
    VehicleConfig,
    VehicleEvent,
    VehicleInput,
    VehicleOutput,
)
from evproto.v2gtp import Evcc, Language, ProtocolAgreed, SdpClient, SdpFailed, SdpFound, Security
from evproto.v2gtp.charging import (
    ContactorWanted,
    EvccEvent,
    EvccSession,
    EvError,
    EvseAcLimits,
    EvseLimitsChanged,
    EvsePresentChanged,
    Pilot,
    PilotWanted,
    SessionEnded,
)
from evproto.v2gtp.events import EndpointEvent, EndpointTimedOut, NoCommonProtocol

OVERVOLTAGE_V = 5.0
"""The car asks for this much above its battery's limit, so that the supply can drive the current."""

CarOutput: TypeAlias = SetLoad | Datagram | Connect | bytes | Close


class Car:
    """The composition; the same calls as `Station`, from the other end of the cable."""

    def __init__(
        self,
        *,
        inlet: VehicleConfig,
        languages: Sequence[Language[EvccSession]],
        battery: Battery,
        contactor: Contactor,
        sdp_target: tuple[Any, ...],
        entropy: Callable[[int], bytes],
        wall_clock: Callable[[], datetime],
        trace: TraceSink,
    ) -> None:
        self._trace = trace
        self._battery = battery
        self._contactor = contactor
        self._languages = languages
        self._sdp_target = sdp_target
        self._entropy = entropy
        self._wall_clock = wall_clock
        self._inlet = Vehicle(inlet, trace=trace)
        self._sdp: SdpClient | None = None
        self._evcc: Evcc[EvccSession, EvccEvent] | None = None
        self._session: EvccSession | None = None
        self._setup_began = 0.0
        self._current_a = 0.0
        self._outputs: deque[CarOutput] = deque()
        self._draw_a = 0.0
        self._evse_limit_a = float("inf")
        self.ended: SessionEnded | None = None
        """How the last session ended, None before."""
        self.gave_up = False
        """Whether no session came about."""

    @property
    def contactor_closed(self) -> bool:
        """Whether the inlet contactor is closed."""
        return self._contactor.closed

    @property
    def draw_limit_a(self) -> float:
        """What pilot and charger allow the onboard charger, per phase."""
        return min(self._draw_a, self._evse_limit_a)

    @property
    def deadline(self) -> float | None:
        """When to call `advance`, or None."""
        return earliest(
            (
                self._inlet.deadline,
                self._sdp.deadline if self._sdp else None,
                self._evcc.deadline if self._evcc else None,
                self._contactor.deadline,
            )
        )

    def next_output(self) -> CarOutput | None:
        """What to do next on the pilot or the network, or None."""
        return self._outputs.popleft() if self._outputs else None

    def reading(self, item: VehicleInput, now: float) -> None:
        """A reading of pilot, proximity or mains at the inlet."""
        self._inlet.receive(item, now)
        self._pump(now)

    def datagram(self, item: Datagram, now: float) -> None:
        """A datagram for the SDP client."""
        if self._sdp is not None:
            self._sdp.receive(item, now)
            self._pump(now)

    def connected(self, now: float) -> None:
        """The connection that was asked for stands."""
        self._evcc = Evcc(
            self._languages, entropy=self._entropy, wall_clock=self._wall_clock, trace=self._trace
        )
        self._evcc.start(now, self._setup_began)
        self._pump(now)

    def data(self, item: bytes, now: float) -> None:
        """Bytes of the connection."""
        if self._evcc is not None:
            self._evcc.receive(item, now)
            self._pump(now)

    def connection_lost(self, now: float) -> None:
        """The connection ended, or never came about."""
        if self._evcc is not None:
            self._evcc.connection_lost(now)
            self._pump(now)
            self._evcc = None
        self._stand_down(now)

    def measured(self, current_a: float, now: float) -> None:
        """The instruments were read (current into the battery): tell the charger what the car wants now."""
        self._current_a = current_a
        if self._session is None:
            return
        battery = self._battery
        self._session.set_battery(battery.voltage_at(current_a), battery.soc_percent, now)
        self._session.set_targets(battery.max_voltage_v + OVERVOLTAGE_V, battery.demand_a, now)
        if battery.full:
            self._session.set_progress(now, complete=True)
        self._pump(now)

    def advance(self, now: float) -> None:
        """Do what is due."""
        self._inlet.advance(now)
        if self._sdp is not None:
            self._sdp.advance(now)
        if self._evcc is not None:
            self._evcc.advance(now)
        if self._contactor.advance(now) and self._session is not None:
            self._session.contactor(self._contactor.closed, now)
        self._pump(now)

    def _pump(self, now: float) -> None:
        """Carry outputs out and events over until all machines are quiet."""
        while self._pump_inlet(now) | self._pump_sdp(now) | self._pump_evcc(now):
            pass

    def _pump_inlet(self, now: float) -> bool:
        busy = False
        while (output := self._inlet.next_output()) is not None:
            busy = True
            self._do(output)
        while (event := self._inlet.next_event()) is not None:
            busy = True
            self._on_inlet(event, now)
        return busy

    def _pump_sdp(self, now: float) -> bool:
        sdp, busy = self._sdp, False
        if sdp is None:
            return False
        while (output := sdp.next_output()) is not None:
            busy = True
            self._outputs.append(output)
        while (event := sdp.next_event()) is not None:
            busy = True
            if isinstance(event, SdpFound):
                self._sdp = None
                self._outputs.append(Connect(str(event.response.address), event.response.port))
            elif isinstance(event, SdpFailed):
                self._sdp = None
                self._tell(event, now, fault=True)
                self._stand_down(now)
        return busy

    def _pump_evcc(self, now: float) -> bool:
        evcc, busy = self._evcc, False
        if evcc is None:
            return False
        while (output := evcc.next_output()) is not None:
            busy = True
            self._outputs.append(output)
        while (event := evcc.next_event()) is not None:
            busy = True
            self._on_evcc(event, now)
        return busy

    def _do(self, output: VehicleOutput) -> None:
        match output:
            case SetLoad():
                self._outputs.append(output)
            case SetDraw():
                self._draw_a = output.current_a
            case SetInletLock():
                # The lock of the demo's inlet always follows; nobody asks for its contact.
                pass

    def _on_inlet(self, event: VehicleEvent, now: float) -> None:
        if not isinstance(event, StateChanged):
            self._tell(event, now, fault=False)
        match event:
            case DigitalAvailable() if self._sdp is None and self._evcc is None and self.ended is None:
                self._discover(now)
            case Disconnected():
                self._unplugged(now)
            case _:
                pass

    def _discover(self, now: float) -> None:
        self._setup_began = now
        self._sdp = SdpClient(security=Security.NONE, destination=self._sdp_target, trace=self._trace)
        self._sdp.start(now)

    def _unplugged(self, now: float) -> None:
        self._sdp = None
        if self._session is not None:
            self._session.unplugged(now)
        if self._evcc is not None:
            self._evcc.close(now)
        self._stand_down(now)

    def _on_evcc(self, event: EndpointEvent | EvccEvent, now: float) -> None:
        match event:
            case ProtocolAgreed():
                self._session = self._evcc.session if self._evcc else None
                if self._session is not None:
                    self._session.set_ready(True, EvError.NONE, now)
                self.measured(self._current_a, now)
            case PilotWanted():
                self._switch_pilot(event.state, now)
            case ContactorWanted():
                self._contactor.switch(event.closed, now)
            case EvseLimitsChanged(limits=EvseAcLimits() as limits):
                self._evse_limit_a = limits.max_current_a
            case EvsePresentChanged():
                return
            case SessionEnded():
                self.ended = event
                self._session = None
                self._stand_down(now)
            case _:
                pass
        self._tell(event, now, fault=_is_fault(event))

    def _switch_pilot(self, state: Pilot, now: float) -> None:
        if state.wants_energy:
            self._inlet.request_power(now)
        else:
            self._inlet.release_power(now)

    def _stand_down(self, now: float) -> None:
        """Whatever else happens: S2 opens and the contactor opens."""
        self.gave_up = self.ended is None
        self._inlet.release_power(now)
        self._contactor.switch(False, now)

    def _tell(self, event: object, now: float, *, fault: bool) -> None:
        self._trace(event_record("ev", event, now, fault=fault))


def _is_fault(event: object) -> bool:
    """Events that stand for something gone wrong and are not traced by their machine."""
    if isinstance(event, SessionEnded):
        return not event.ok
    return isinstance(event, EndpointTimedOut | NoCommonProtocol)
