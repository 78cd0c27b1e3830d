"""Whole sessions of Supply and Vehicle through the physics of the pilot."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from evproto.iec61851 import (
    CCS1,
    CCS2,
    NACS,
    TYPE1,
    TYPE2_SOCKET,
    TYPE2_TETHERED,
    ConnectorProfile,
    ContactorMayClose,
    ContactorMustOpen,
    Diode,
    Fault,
    PhasesSwitched,
    PilotCircuit,
    PilotState,
    Reason,
    Simulation,
    Supply,
    SupplyConfig,
    SupplyEvent,
    TogglesEnded,
    Vehicle,
    VehicleConfig,
    VehicleEvent,
    WakeUpStep,
    WokenUp,
)
from evproto.iec61851.generator import E


class Session:
    """A pair on a wire, with its events."""

    def __init__(
        self, supply: SupplyConfig | None = None, vehicle: VehicleConfig | None = None, ohm: float = 220.0
    ) -> None:
        self.supply = Supply(supply)
        self.vehicle = Vehicle(vehicle)
        self.supply_events: list[SupplyEvent] = []
        self.vehicle_events: list[VehicleEvent] = []
        self.ohm = ohm
        self.simulation = Simulation(
            self.supply,
            self.vehicle,
            on_supply=lambda event, _: self.supply_events.append(event),
            on_vehicle=lambda event, _: self.vehicle_events.append(event),
        )

    @property
    def circuit(self) -> PilotCircuit:
        return self.simulation.circuit

    @property
    def live(self) -> bool:
        return self.simulation.supply_board.contactor.position

    @property
    def current_a(self) -> float:
        return self.simulation.supply_board.currents_a[0]

    def run(self, seconds: float) -> None:
        self.simulation.run(self.simulation.now + seconds)

    def do(self, verb: Callable[..., object], *arguments: object) -> None:
        verb(*arguments, self.simulation.now)
        self.simulation.pump()

    def plug_in(self) -> None:
        self.run(0.5)
        self.simulation.plug_in(supply_ohm=220.0, vehicle_ohm=self.ohm)
        self.run(0.5)

    def charge(self, current_a: float = 16.0) -> None:
        self.plug_in()
        self.do(self.vehicle.request_power)
        self.do(self.supply.authorize)
        self.do(self.supply.offer, current_a)
        self.run(3.0)
        assert self.current_a > 5

    def end(self) -> None:
        """Every session ends with an open contactor and both sides in A."""
        self.simulation.plug_out()
        self.run(1.0)
        assert not self.live
        assert self.supply.state is PilotState.A1
        assert self.vehicle.state is PilotState.A1
        assert not self.supply.authorized


AC_PROFILES = [
    pytest.param(TYPE1, 150.0, id="type 1"),
    pytest.param(TYPE2_SOCKET, 220.0, id="type 2 socket"),
    pytest.param(TYPE2_TETHERED, 220.0, id="type 2 tethered"),
]


@pytest.mark.parametrize(("profile", "ohm"), AC_PROFILES)
def test_a_session_charges_at_the_offer_and_ends_with_an_open_contactor(
    profile: ConnectorProfile, ohm: float
) -> None:
    phases = profile.phases
    session = Session(SupplyConfig(profile=profile, phases=phases), VehicleConfig(profile=profile), ohm)
    session.charge(16.0)
    assert (session.supply.state, session.vehicle.state) == (PilotState.C2, PilotState.C2)
    assert 15.9 < session.current_a <= 16.0
    session.do(session.vehicle.release_power)
    session.run(3.0)
    assert session.supply.state is PilotState.B2
    assert not session.live
    session.end()


@pytest.mark.parametrize(
    ("profile", "ohm"),
    [
        pytest.param(CCS1, 150.0, id="CCS1"),
        pytest.param(CCS2, 220.0, id="CCS2"),
        pytest.param(NACS, 150.0, id="NACS"),
    ],
)
def test_a_direct_current_session_goes_by_five_percent(profile: ConnectorProfile, ohm: float) -> None:
    config = SupplyConfig(profile=profile, phases=profile.phases)
    session = Session(config, VehicleConfig(profile=profile), ohm)
    session.plug_in()
    session.do(session.supply.offer_digital)
    session.run(0.5)
    session.do(session.supply.authorize)
    session.do(session.vehicle.request_power)
    session.run(2.0)
    assert ContactorMayClose() in session.supply_events
    session.do(session.supply.close_contactor)
    session.run(1.0)
    assert session.live
    session.do(session.vehicle.release_power)
    session.run(3.0)
    assert not session.live
    session.end()


def test_pulling_the_plug_under_load_switches_off_within_100_ms() -> None:
    session = Session()
    session.charge()
    session.simulation.plug_out()
    session.run(0.1)
    assert not session.live
    session.end()


@pytest.mark.parametrize("fault", ["cp_open", "pe_open", "short", "diode short", "diode open"])
def test_a_fault_of_wire_or_diode_opens_the_contactor_within_3_seconds(fault: str) -> None:
    session = Session()
    session.charge()
    match fault:
        case "cp_open":
            session.circuit.cp_open = True
        case "pe_open":
            session.circuit.pe_open = True
        case "short":
            session.circuit.short_ohm = 0.0
        case "diode short":
            session.circuit.diode = Diode.SHORT
        case _:
            session.circuit.diode = Diode.OPEN
    session.run(3.0)
    assert not session.live
    session.circuit.cp_open = session.circuit.pe_open = False
    session.circuit.short_ohm = math.inf
    session.circuit.diode = Diode.GOOD
    session.end()


@pytest.mark.parametrize("leak_ohm", [100.0, 300.0, 1000.0, 3000.0])
def test_a_leak_in_the_cable_never_raises_the_power(leak_ohm: float) -> None:
    """A leak looks like a vehicle in C or D, but it loads the negative half too."""
    session = Session()
    session.plug_in()
    session.do(session.supply.authorize)
    session.do(session.supply.offer, 16.0)
    session.run(1.0)
    assert session.supply.state is PilotState.B2
    session.circuit.short_ohm = leak_ohm
    session.run(10.0)
    assert ContactorMayClose() not in session.supply_events, "the negative half is loaded"


def test_a_vehicle_that_draws_on_in_x1_is_cut_off_under_load() -> None:
    session = Session()
    session.charge()
    session.simulation.vehicle_board.greedy_a = 16.0
    session.simulation.vehicle.sleep(session.simulation.now)
    session.simulation.vehicle_board.circuit = PilotCircuit()  # its S2 is stuck
    session.do(session.supply.withdraw)
    session.run(5.8)
    assert session.live
    session.run(0.5)
    assert not session.live
    assert session.supply_events.count(ContactorMustOpen(Reason.STOP_TIMEOUT)) == 1


def test_a_vehicle_that_draws_too_much_is_cut_off() -> None:
    session = Session()
    session.charge(10.0)
    session.simulation.vehicle_board.greedy_a = 20.0
    session.run(8.0)
    assert Fault.OVERCURRENT in session.supply.faults
    assert not session.live
    session.end()
    assert not session.supply.faults


def test_a_simplified_vehicle_charges_with_10_ampere() -> None:
    session = Session(vehicle=VehicleConfig(simplified=True))
    session.plug_in()
    session.do(session.supply.authorize)
    session.do(session.supply.offer, 32.0)
    session.run(3.0)
    assert 9.9 < session.current_a <= 10.0
    session.do(session.supply.withdraw)
    session.run(7.0)
    assert not session.live
    session.end()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_supply_counts_the_toggles_that_the_vehicle_sends(number: int) -> None:
    session = Session()
    session.plug_in()
    session.do(session.supply.offer_digital)
    session.run(1.0)
    session.do(session.vehicle.toggle, number)
    session.run(5.0)
    assert TogglesEnded(number) in session.supply_events


@pytest.mark.parametrize("ladder", [None, (WakeUpStep(5.0, E, 4.0),)])
def test_a_sleeping_vehicle_is_woken_and_charges(ladder: tuple[WakeUpStep, ...] | None) -> None:
    session = Session(SupplyConfig() if ladder is None else SupplyConfig(wake_up=ladder))
    session.plug_in()
    session.do(session.supply.authorize)
    session.do(session.supply.offer, 16.0)
    session.run(1.0)
    session.do(session.vehicle.sleep)
    session.run(40.0)
    assert WokenUp() in session.vehicle_events
    session.do(session.vehicle.request_power)
    session.run(3.0)
    assert session.current_a > 15
    session.end()


def test_phases_are_switched_in_the_middle_of_a_session() -> None:
    session = Session()
    session.charge()
    assert session.simulation.supply_board.currents_a[1] > 5
    session.do(session.supply.switch_phases, 1)
    session.run(60.0)
    assert PhasesSwitched(1) in session.supply_events
    assert session.live
    assert session.simulation.supply_board.currents_a[0] > 15
    assert session.simulation.supply_board.currents_a[1] == 0.0
    session.end()


def test_pausing_and_resuming_from_the_supply_keeps_the_session() -> None:
    session = Session()
    session.charge()
    session.do(session.supply.withdraw)
    session.run(60.0)
    assert session.supply.state is PilotState.B1
    session.do(session.supply.offer, 8.0)
    session.run(5.0)
    assert 7.9 < session.current_a <= 8.0
    session.end()


def test_one_step_in_real_time_is_one_exchange() -> None:
    session = Session()
    for step in range(200):
        session.simulation.step(step * 0.01)
        if step == 20:
            session.simulation.plug_in()
    assert session.supply.state is PilotState.B1
    assert session.vehicle.state is PilotState.B1


def test_the_same_session_gives_the_same_events() -> None:
    runs = []
    for _ in range(2):
        session = Session()
        session.charge()
        session.end()
        runs.append((session.supply_events, session.vehicle_events))
    assert runs[0] == runs[1]
