"""One outlet of a charging station: pilot, discovery, session and hardware, joined without I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address
from typing import TypeAlias

from evproto.charger.interfaces import Authorizer, ContactorDevice, IsolationDevice, Meter, PowerSupply
from evproto.charger.ports import earliest
from evproto.charger.telling import event_record
from evproto.core import Close, Datagram, TraceSink
from evproto.iec61851 import (
    ContactorFeedback,
    ContactorMayClose,
    CutPilot,
    Fault,
    FaultRaised,
    PluggedIn,
    SetContactor,
    SetLock,
    SetPhases,
    SetPilot,
    StateChanged,
    Supply,
    SupplyConfig,
    SupplyEvent,
    SupplyInput,
    SupplyOutput,
    Unplugged,
)
from evproto.v2gtp import Language, ProtocolAgreed, SdpServer, Secc
from evproto.v2gtp.charging import (
    AuthorizationWanted,
    ContactorWanted,
    Isolation,
    IsolationTestWanted,
    MeterReading,
    Pilot,
    PreChargeWanted,
    SeccEvent,
    SeccSession,
    SessionEnded,
    SupplyOffWanted,
    TargetsChanged,
)
from evproto.v2gtp.events import EndpointEvent, EndpointTimedOut, NoCommonProtocol

ISOLATION_TEST_V = 500.0
"""Voltage of the isolation test, cut to what the supply and the car can bear."""
METER_ID = "evproto-demo"

StationOutput: TypeAlias = SetPilot | CutPilot | Datagram | bytes | Close


@dataclass(frozen=True, slots=True, kw_only=True)
class StationParts:
    """The hardware of an outlet. DC has a supply and an isolation monitor, AC has neither."""

    contactor: ContactorDevice
    meter: Meter
    authorizer: Authorizer
    supply: PowerSupply | None = None
    isolation: IsolationDevice | None = None


class Station:
    """The composition. Bring readings, datagrams and bytes with the time; take what is to be sent.

    The pilot machine has the last word on the contactor: the session may wish it closed, but it
    closes only while the pilot permits it, and opens at once when the pilot demands that.
    """

    def __init__(
        self,
        *,
        pilot: SupplyConfig,
        languages: Sequence[Language[SeccSession]],
        parts: StationParts,
        address: IPv6Address,
        port: int,
        entropy: Callable[[int], bytes],
        wall_clock: Callable[[], datetime],
        trace: TraceSink,
    ) -> None:
        self._trace = trace
        self._parts = parts
        self._languages = languages
        self._entropy = entropy
        self._wall_clock = wall_clock
        self._pilot = Supply(pilot, trace=trace)
        self._sdp = SdpServer(address, plain_port=port, trace=trace)
        self._secc: Secc[SeccSession, SeccEvent] | None = None
        self._session: SeccSession | None = None
        self._outputs: deque[StationOutput] = deque()
        self._contactor_wanted = False
        self._test_wanted = False
        self._metered_wh = -1
        self.ended: SessionEnded | None = None
        """How the last session ended, None before."""

    @property
    def pilot_state(self) -> str:
        """The state of the pilot, "A1" to "F"."""
        return self._pilot.state.value

    @property
    def contactor_closed(self) -> bool:
        """What the auxiliary contact tells."""
        return self._parts.contactor.closed

    @property
    def in_session(self) -> bool:
        """Whether a charging session runs."""
        return self._session is not None

    @property
    def deadline(self) -> float | None:
        """When to call `advance`, or None."""
        parts = self._parts
        return earliest(
            (
                self._pilot.deadline,
                self._sdp.deadline,
                self._secc.deadline if self._secc else None,
                parts.contactor.deadline,
                parts.authorizer.deadline,
                parts.isolation.deadline if parts.isolation else None,
            )
        )

    def next_output(self) -> StationOutput | None:
        """What to do next on the pilot or the network, or None."""
        return self._outputs.popleft() if self._outputs else None

    def reading(self, item: SupplyInput, now: float) -> None:
        """A reading of the pilot board."""
        self._pilot.receive(item, now)
        self._pump(now)

    def datagram(self, item: Datagram, now: float) -> None:
        """A datagram on the SDP port; without a car on the pilot there is no link to hear it on."""
        if self._pilot.plugged:
            self._sdp.receive(item, now)
            self._pump(now)

    def connected(self, now: float) -> None:
        """A car connected."""
        self._secc = Secc(
            self._languages, entropy=self._entropy, wall_clock=self._wall_clock, trace=self._trace
        )
        self._secc.start(now)
        self._pump(now)

    def data(self, item: bytes, now: float) -> None:
        """Bytes of the connection."""
        if self._secc is not None:
            self._secc.receive(item, now)
            self._pump(now)

    def connection_lost(self, now: float) -> None:
        """The connection ended."""
        if self._secc is not None:
            self._secc.connection_lost(now)
            self._pump(now)
            self._secc = None

    def measured(self, voltage_v: float, current_a: float, now: float) -> None:
        """What the instruments at the outlet show."""
        self._pilot.receive(ContactorFeedback(self._parts.contactor.closed), now)
        if self._session is not None:
            self._tell_measurements(self._session, voltage_v, current_a, now)
        self._pump(now)

    def stop(self, now: float) -> None:
        """Ask the car to stop charging."""
        if self._session is not None:
            self._session.stop(now)
            self._pump(now)

    def emergency_stop(self, now: float) -> None:
        """Somebody hit the button: no current, contactor open, pilot in F."""
        if self._session is not None:
            self._session.emergency_shutdown(now)
        self._pilot.fault(Fault.EMERGENCY_STOP, now)
        self._power_off(now)
        self._pump(now)

    def advance(self, now: float) -> None:
        """Do what is due."""
        parts = self._parts
        self._pilot.advance(now)
        self._sdp.advance(now)
        if self._secc is not None:
            self._secc.advance(now)
        if parts.contactor.advance(now):
            self._contactor_moved(now)
        accepted = parts.authorizer.advance(now)
        if accepted is not None:
            self._authorized(accepted, now)
        if parts.isolation is not None and parts.isolation.advance(now):
            self._isolation_tested(parts.isolation.safe, now)
        self._pump(now)

    def _pump(self, now: float) -> None:
        """Carry outputs out and events over until all machines are quiet."""
        while self._pump_pilot(now) | self._pump_sdp(now) | self._pump_secc(now):
            pass

    def _pump_pilot(self, now: float) -> bool:
        busy = False
        while (output := self._pilot.next_output()) is not None:
            busy = True
            self._do(output, now)
        while (event := self._pilot.next_event()) is not None:
            busy = True
            self._on_pilot(event, now)
        return busy

    def _pump_sdp(self, now: float) -> bool:
        busy = False
        while (output := self._sdp.next_output()) is not None:
            busy = True
            self._outputs.append(output)
        while self._sdp.next_event() is not None:
            busy = True
        return busy

    def _pump_secc(self, now: float) -> bool:
        secc, busy = self._secc, False
        if secc is None:
            return False
        while (output := secc.next_output()) is not None:
            busy = True
            self._outputs.append(output)
        while (event := secc.next_event()) is not None:
            busy = True
            self._on_secc(event, now)
        return busy

    def _do(self, output: SupplyOutput, now: float) -> None:
        match output:
            case SetPilot() | CutPilot():
                self._outputs.append(output)
            case SetContactor():
                self._parts.contactor.switch(output.closed, now)
            case SetLock() | SetPhases():
                # A tethered cable has no lock, and the demo never changes phases.
                pass

    def _on_pilot(self, event: SupplyEvent, now: float) -> None:
        if not isinstance(event, StateChanged):
            self._tell(event, now, fault=isinstance(event, FaultRaised))
        match event:
            case PluggedIn():
                self._pilot.offer_digital(now)
            case StateChanged():
                self._tell_pilot(now)
            case ContactorMayClose():
                self._drive_contactor(now)
            case FaultRaised():
                self._abort_by_fault(now)
            case Unplugged():
                self._power_off(now)
                if self._secc is not None:
                    self._secc.close(now)
            case _:
                pass

    def _on_secc(self, event: EndpointEvent | SeccEvent, now: float) -> None:
        match event:
            case ProtocolAgreed():
                self._session = self._secc.session if self._secc else None
                self._tell_pilot(now)
            case AuthorizationWanted():
                self._parts.authorizer.ask(now)
            case IsolationTestWanted():
                self._test_wanted = self._contactor_wanted = True
                self._drive_contactor(now)
            case PreChargeWanted() | TargetsChanged():
                self._set_supply(event.voltage_v, event.current_a)
            case SupplyOffWanted():
                self._supply_off()
            case ContactorWanted():
                self._contactor_wanted = event.closed
                self._drive_contactor(now)
            case SessionEnded():
                self.ended = event
                self._session = None
                self._power_off(now)
                self._pilot.withdraw(now)
            case _:
                pass
        self._tell(event, now, fault=_is_fault(event))

    def _authorized(self, accepted: bool, now: float) -> None:
        if self._session is not None:
            self._session.authorize(accepted, now)
        if accepted:
            self._pilot.authorize(now)

    def _drive_contactor(self, now: float) -> None:
        """Bring the wish of the session and the permission of the pilot together."""
        if not self._contactor_wanted:
            self._pilot.open_contactor(now)
        elif self._pilot.may_close and not self._pilot.contactor_closed:
            self._pilot.close_contactor(now)
        elif self._test_wanted and self._parts.contactor.closed:
            self._start_isolation_test(now)

    def _contactor_moved(self, now: float) -> None:
        closed = self._parts.contactor.closed
        self._pilot.receive(ContactorFeedback(closed), now)
        if self._session is not None:
            self._session.contactor(closed, now)
        if closed and self._test_wanted:
            self._start_isolation_test(now)

    def _start_isolation_test(self, now: float) -> None:
        self._test_wanted = False
        self._set_supply(ISOLATION_TEST_V, 0.0)
        if self._parts.isolation is not None:
            self._parts.isolation.start(now)

    def _isolation_tested(self, safe: bool, now: float) -> None:
        self._supply_off()
        if self._session is not None:
            self._session.isolation_result(Isolation.VALID if safe else Isolation.FAULT, now)

    def _tell_measurements(
        self, session: SeccSession, voltage_v: float, current_a: float, now: float
    ) -> None:
        session.set_present(voltage_v, current_a, now)
        whole = int(self._parts.meter.reading_wh)
        if whole != self._metered_wh:
            self._metered_wh = whole
            session.meter(MeterReading(meter_id=METER_ID, energy_wh=whole), now)

    def _tell_pilot(self, now: float) -> None:
        letter = self._pilot.state.letter
        if self._session is not None and letter in Pilot.__members__:
            self._session.pilot(Pilot[letter], now)

    def _abort_by_fault(self, now: float) -> None:
        if self._session is not None:
            self._session.emergency_shutdown(now)
        self._power_off(now)

    def _power_off(self, now: float) -> None:
        """Whatever else happens: nothing flows, and the contactor opens."""
        self._supply_off()
        self._parts.authorizer.cancel()
        if self._parts.isolation is not None:
            self._parts.isolation.stop()
        self._contactor_wanted = self._test_wanted = False
        self._drive_contactor(now)

    def _set_supply(self, voltage_v: float, current_a: float) -> None:
        if self._parts.supply is not None:
            self._parts.supply.set(voltage_v, current_a)

    def _supply_off(self) -> None:
        if self._parts.supply is not None:
            self._parts.supply.switch_off()

    def _tell(self, event: object, now: float, *, fault: bool) -> None:
        self._trace(event_record("evse", event, now, fault=fault))


def _is_fault(event: object) -> bool:
    """Events that stand for something gone wrong and are not traced by their machine."""
    if isinstance(event, SessionEnded):
        return not event.ok
    return isinstance(event, EndpointTimedOut | NoCommonProtocol)
