"""Two applications for tests, benchmarks and first steps: an ideal charger and an ideal car.

Each hears the events of its session and gives the commands that a healthy device would give, at
once. Nothing here knows a language; both sides of any language can be joined with them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from evproto.core import TraceSink
from evproto.v2gtp.charging import (
    AuthorizationWanted,
    ChargingStarted,
    ContactorWanted,
    EnergyTransferMode,
    EvAcLimits,
    EvccConfig,
    EvccEvent,
    EvccSession,
    EvDcLimits,
    EvseAcLimits,
    EvseDcLimits,
    EvsePresentChanged,
    Isolation,
    IsolationTestWanted,
    Pilot,
    PilotWanted,
    PreChargeWanted,
    SeccConfig,
    SeccEvent,
    SeccSession,
    SupplyOffWanted,
    TargetsChanged,
)
from evproto.v2gtp.language import AppProtocol, SessionContext

AC_MODES = (EnergyTransferMode.AC_THREE_PHASE, EnergyTransferMode.AC_SINGLE_PHASE)
DC_MODES = (EnergyTransferMode.DC_EXTENDED,)


def secc_config(*modes: EnergyTransferMode) -> SeccConfig:
    """A charger of 150 kW DC and 22 kW AC that offers these modes; DC when none are given."""
    return SeccConfig(
        evse_id="DE*EVP*E00001",
        modes=modes or DC_MODES,
        dc_limits=EvseDcLimits(
            max_voltage_v=1000.0,
            max_current_a=400.0,
            max_power_w=150_000.0,
            min_voltage_v=150.0,
            peak_current_ripple_a=1.0,
        ),
        ac_limits=EvseAcLimits(nominal_voltage_v=230.0, max_current_a=32.0),
    )


def evcc_config(*modes: EnergyTransferMode) -> EvccConfig:
    """A car of 400 V that wants these modes; DC when none are given."""
    return EvccConfig(
        evcc_id=bytes.fromhex("02AABBCCDDEE"),
        modes=modes or DC_MODES,
        dc_limits=EvDcLimits(max_voltage_v=450.0, max_current_a=300.0, max_power_w=120_000.0),
        ac_limits=EvAcLimits(max_voltage_v=260.0, max_current_a=32.0, min_current_a=6.0, energy_wh=40_000.0),
    )


def context(
    protocol: AppProtocol, *, setup_deadline: float = 20.0, seed: int = 1, trace: TraceSink | None = None
) -> SessionContext:
    """What an endpoint would hand over, with entropy and wall clock that repeat."""
    return SessionContext(
        protocol=protocol,
        tls=False,
        setup_deadline=setup_deadline,
        entropy=lambda count: bytes((seed + index) % 255 + 1 for index in range(count)),
        wall_clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        trace=trace,
    )


class IdealCharger:
    """Authorizes, passes the isolation test and follows every wish, as soon as it hears of it.

    It is deaf to the event types in `ignores`, so that a test can bring the fact late or never.
    """

    def __init__(self, session: SeccSession, now: Callable[[], float], *ignores: type[object]) -> None:
        self.session = session
        self.now = now
        self.ignores = ignores
        self.contactor_closed = False
        self.voltage_v = 0.0
        self.current_a = 0.0

    def __call__(self, event: SeccEvent) -> None:
        """Hear an event."""
        if isinstance(event, self.ignores):
            return
        now = self.now()
        match event:
            case TargetsChanged(voltage_v=voltage, current_a=current):
                self._supply(voltage, current, now)
            case PreChargeWanted(voltage_v=voltage):
                self._supply(voltage, 0.0, now)
            case SupplyOffWanted():
                self._supply(0.0, 0.0, now)
            case AuthorizationWanted():
                self.session.authorize(True, now)
            case IsolationTestWanted():
                self.session.isolation_result(Isolation.VALID, now)
            case ContactorWanted(closed=closed):
                self.contactor_closed = closed
                self.session.contactor(closed, now)

    def _supply(self, voltage: float, current: float, now: float) -> None:
        self.voltage_v, self.current_a = voltage, current
        self.session.set_present(voltage, current, now)


class IdealCar:
    """Follows every wish at once, and stops after `loops` answers of the charge loop (DC).

    `pilot` hears the state that the car brings the pilot to: hand it the charger's
    `session.pilot`, with the time bound, to join the two.
    """

    def __init__(
        self,
        session: EvccSession,
        now: Callable[[], float],
        pilot: Callable[[Pilot], None],
        *,
        voltage_v: float = 400.0,
        current_a: float = 200.0,
        loops: int = 10,
    ) -> None:
        self.session = session
        self.now = now
        self.pilot = pilot
        self.loops = loops
        self.contactor_closed = False
        session.set_battery(voltage_v, 40.0, now())
        session.set_targets(voltage_v + 10.0, current_a, now())
        self._targets = (voltage_v + 10.0, current_a)

    def __call__(self, event: EvccEvent) -> None:
        """Hear an event."""
        now = self.now()
        match event:
            case EvsePresentChanged(current_a=current) if current is not None:
                self._count(now)
            case PilotWanted(state=state):
                self.pilot(state)
            case ContactorWanted(closed=closed):
                self.contactor_closed = closed
                self.session.contactor(closed, now)
            case ChargingStarted():
                self.session.set_targets(*self._targets, now)

    def _count(self, now: float) -> None:
        """Each answer brings a new demand, so that no two requests are alike."""
        self.loops -= 1
        if self.loops <= 0:
            self.session.set_progress(now, complete=True)
            return
        voltage, current = self._targets
        self.session.set_targets(voltage, current - self.loops % 7, now)
