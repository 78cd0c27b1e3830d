"""What a vehicle does: S2, draw, toggles, proximity, sleep."""

from __future__ import annotations

import itertools
import math
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError, Trace
from evproto.iec61851 import (
    CCS1,
    TYPE1,
    CableReadAtInlet,
    Connected,
    CurrentAvailable,
    DigitalAvailable,
    Disconnected,
    Load,
    LockFeedback,
    MainsPresent,
    PilotReading,
    PilotState,
    ProximitySample,
    ReleasePressed,
    SetDraw,
    SetInletLock,
    SetLoad,
    StopRequested,
    TogglesSent,
    Vehicle,
    VehicleConfig,
    VehicleEvent,
    VehicleOutput,
    WokenUp,
    current_for_duty,
)

Sort = TypeVar("Sort")
NOMINAL = PilotReading(0.3, 9.0)  # 18 A
X1 = PilotReading(1.0, 9.0)
DIGITAL = PilotReading(0.05, 9.0)
F = PilotReading(0.0, -12.0)
NOTHING = PilotReading(0.0, 0.0)


class Inlet:
    """A vehicle, read every 10 ms; the tester sets what it sees."""

    def __init__(self, config: VehicleConfig | None = None) -> None:
        self.vehicle = Vehicle(config)
        self.now = 0.0
        self.pilot = NOTHING
        self.proximity_ohm = math.inf
        self.load = Load.B
        self.draw_a = 0.0
        self.locked = False
        self.log: list[tuple[float, VehicleEvent]] = []
        self.outputs: list[tuple[float, VehicleOutput]] = []
        self.run(0.2)

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until - 1e-9:
            target = min(self.now + 0.01, until)
            while (due := self.vehicle.deadline) is not None and due <= target:
                self.now = max(self.now, due)
                self.vehicle.advance(self.now)
                self.pump()
            self.now = target
            self.vehicle.receive(ProximitySample(self.proximity_ohm), self.now)
            self.vehicle.receive(self.pilot, self.now)
            self.pump()

    def pump(self) -> None:
        while (output := self.vehicle.next_output()) is not None:
            self.outputs.append((self.now, output))
            match output:
                case SetLoad():
                    self.load = output.load
                case SetDraw():
                    self.draw_a = output.current_a
                case SetInletLock():
                    self.locked = output.locked
        while (event := self.vehicle.next_event()) is not None:
            self.log.append((self.now, event))

    def see(self, pilot: PilotReading, seconds: float = 1.0, ohm: float = 220.0) -> None:
        self.pilot = pilot
        self.proximity_ohm = ohm
        self.run(seconds)

    def charge(self, pilot: PilotReading = NOMINAL, ohm: float = 220.0) -> None:
        self.vehicle.request_power(self.now)
        self.see(pilot, ohm=ohm)
        assert self.vehicle.state is PilotState.C2
        assert self.draw_a > 0

    def events(self, sort: type[Sort]) -> list[Sort]:
        return [event for _, event in self.log if isinstance(event, sort)]


def test_a_vehicle_that_wants_nothing_stays_in_b2() -> None:
    inlet = Inlet()
    inlet.see(X1)
    assert inlet.vehicle.state is PilotState.B1
    assert inlet.events(Connected)
    inlet.see(NOMINAL, 10.0)
    assert inlet.vehicle.state is PilotState.B2
    assert inlet.events(CurrentAvailable) == [CurrentAvailable(pytest.approx(18.0))]
    assert inlet.draw_a == 0.0


def test_s2_closes_only_after_the_supply_is_ready() -> None:
    inlet = Inlet()
    inlet.vehicle.request_power(inlet.now)
    inlet.see(X1, 10.0)
    assert inlet.load is Load.B
    inlet.see(NOMINAL)
    assert inlet.load is Load.C
    assert inlet.draw_a == pytest.approx(18.0)


def test_five_percent_leads_to_c2_and_the_communication_sets_the_draw() -> None:
    inlet = Inlet()
    inlet.see(DIGITAL)
    assert inlet.events(DigitalAvailable)
    inlet.charge(DIGITAL)
    assert inlet.draw_a == 32.0


def test_nothing_is_drawn_without_mains() -> None:
    inlet = Inlet()
    inlet.vehicle.receive(MainsPresent(False), inlet.now)
    inlet.vehicle.request_power(inlet.now)
    inlet.see(NOMINAL)
    assert inlet.load is Load.C
    assert inlet.draw_a == 0.0
    inlet.vehicle.receive(MainsPresent(True), inlet.now)
    inlet.run(0.01)
    assert inlet.draw_a == pytest.approx(18.0)


def test_the_draw_follows_the_duty_cycle_at_once_but_not_its_noise() -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.see(PilotReading(0.3008, 9.0), 0.1)
    assert inlet.draw_a == pytest.approx(18.0)
    inlet.see(PilotReading(0.4, 9.0), 0.1)
    assert inlet.draw_a == pytest.approx(24.0)
    inlet.see(PilotReading(0.2, 9.0), 0.1)
    assert inlet.draw_a == pytest.approx(12.0)


def test_the_draw_stays_within_the_charger_and_the_cable() -> None:
    inlet = Inlet(VehicleConfig(max_current_a=10.0))
    inlet.charge()
    assert inlet.draw_a == 10.0
    inlet = Inlet()
    inlet.charge(ohm=1500.0)
    assert inlet.draw_a == 13.0
    assert inlet.events(CableReadAtInlet) == [CableReadAtInlet(13.0)]


def test_ventilation_is_asked_for_by_state_d() -> None:
    inlet = Inlet(VehicleConfig(ventilation=True))
    inlet.vehicle.request_power(inlet.now)
    inlet.see(NOMINAL)
    assert inlet.vehicle.state is PilotState.D2


def test_a_simplified_vehicle_starts_in_c_draws_10_ampere_and_cannot_release() -> None:
    inlet = Inlet(VehicleConfig(simplified=True))
    inlet.see(NOMINAL)
    assert inlet.vehicle.state is PilotState.C2
    assert inlet.draw_a == 10.0
    with pytest.raises(StateError, match="no switch"):
        inlet.vehicle.release_power(inlet.now)


def test_x1_ends_the_draw_at_once_and_opens_s2_within_3_seconds() -> None:
    inlet = Inlet()
    inlet.charge()
    begin = inlet.now
    inlet.see(X1, 3.0)
    assert inlet.events(StopRequested) == [StopRequested(PilotState.C1)]
    ended = next(at for at, out in inlet.outputs if out == SetDraw(0.0) and at > begin)
    opened = next(at for at, out in inlet.outputs if out == SetLoad(Load.B) and at > begin)
    assert ended - begin < 0.2
    assert ended < opened < begin + 3.0


def test_pwm_that_comes_back_before_s2_opened_lets_the_draw_go_on() -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.see(X1, 0.2)
    inlet.see(NOMINAL, 2.0)
    assert inlet.load is Load.C
    assert inlet.draw_a == pytest.approx(18.0)


@pytest.mark.parametrize(("pilot", "state"), [(F, PilotState.F), (NOTHING, PilotState.E)])
def test_e_and_f_open_s2_at_once(pilot: PilotReading, state: PilotState) -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.see(pilot, 0.2)
    assert inlet.vehicle.state is state
    assert inlet.load is Load.B
    assert inlet.draw_a == 0.0
    assert len(inlet.events(StopRequested)) == 1
    inlet.see(NOMINAL)
    assert inlet.load is Load.C, "the wish stands"


@pytest.mark.parametrize("duty", [0.02, 0.075, 0.98])
def test_a_duty_cycle_that_allows_nothing_opens_s2(duty: float) -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.see(PilotReading(duty, 6.0), 2.0)
    assert inlet.load is Load.B
    assert inlet.draw_a == 0.0


def test_unplugging_ends_everything() -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.see(NOTHING, 0.3, ohm=math.inf)
    assert inlet.vehicle.state is PilotState.A1
    assert inlet.events(Disconnected)
    assert not inlet.vehicle.connected
    assert (inlet.load, inlet.draw_a, inlet.locked) == (Load.B, 0.0, False)
    assert inlet.vehicle.available_a == 0.0


def test_an_inlet_without_proximity_takes_a_lost_pilot_for_an_unplugged_one() -> None:
    inlet = Inlet(VehicleConfig(reads_proximity=False))
    inlet.vehicle.request_power(inlet.now)
    inlet.see(NOMINAL, ohm=math.inf)
    assert inlet.vehicle.state is PilotState.C2
    inlet.see(NOTHING, ohm=math.inf)
    assert inlet.events(Disconnected)


def test_release_ends_the_draw_before_s2_opens() -> None:
    inlet = Inlet()
    inlet.charge()
    begin = inlet.now
    inlet.vehicle.release_power(begin)
    inlet.pump()
    assert inlet.draw_a == 0.0
    assert inlet.load is Load.C
    inlet.run(1.0)
    assert inlet.load is Load.B
    assert not inlet.events(StopRequested)


@pytest.mark.parametrize("config", [VehicleConfig(profile=TYPE1), VehicleConfig(profile=CCS1)])
def test_a_pressed_button_ends_the_draw_within_100_ms(config: VehicleConfig) -> None:
    inlet = Inlet(config)
    inlet.charge(ohm=150.0)
    begin = inlet.now
    inlet.see(NOMINAL, 0.5, ohm=480.0)
    assert inlet.events(ReleasePressed)
    ended = next(at for at, out in inlet.outputs if out == SetDraw(0.0) and at > begin)
    assert ended - begin <= 0.1
    assert inlet.load is Load.B
    inlet.see(NOMINAL, ohm=150.0)
    assert inlet.load is Load.C


def test_the_inlet_is_locked_while_s2_is_closed_or_mains_is_there() -> None:
    inlet = Inlet()
    inlet.charge()
    assert inlet.locked
    inlet.vehicle.receive(MainsPresent(True), inlet.now)
    inlet.vehicle.release_power(inlet.now)
    inlet.run(2.0)
    assert inlet.locked
    inlet.vehicle.receive(LockFeedback(True), inlet.now)
    inlet.vehicle.receive(MainsPresent(False), inlet.now)
    inlet.run(0.01)
    assert not inlet.locked
    assert not [
        out for _, out in Inlet(VehicleConfig(profile=TYPE1)).outputs if isinstance(out, SetInletLock)
    ]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_toggles_have_phases_of_200_to_400_ms_and_draw_nothing(number: int) -> None:
    inlet = Inlet()
    inlet.see(DIGITAL)
    inlet.vehicle.toggle(number, inlet.now)
    begin = inlet.now
    inlet.run(3.0)
    moves = [(at, out.load) for at, out in inlet.outputs if isinstance(out, SetLoad) and at >= begin]
    assert [load for _, load in moves] == [Load.C, Load.B] * number
    assert all(0.2 <= later - earlier <= 0.4 for (earlier, _), (later, _) in itertools.pairwise(moves))
    assert inlet.events(TogglesSent) == [TogglesSent(number)]
    assert not [out for at, out in inlet.outputs if isinstance(out, SetDraw) and at >= begin]


def test_toggles_need_state_b_and_are_one_to_three() -> None:
    inlet = Inlet()
    with pytest.raises(StateError, match="A1"):
        inlet.vehicle.toggle(1, inlet.now)
    inlet.see(DIGITAL)
    with pytest.raises(ValueError, match="1 to 3"):
        inlet.vehicle.toggle(4, inlet.now)


def test_unplugging_ends_toggles() -> None:
    inlet = Inlet()
    inlet.see(DIGITAL)
    inlet.vehicle.toggle(3, inlet.now)
    inlet.see(NOTHING, 1.0, ohm=math.inf)
    assert inlet.load is Load.B
    assert not inlet.events(TogglesSent)


@pytest.mark.parametrize("wake", [F, NOTHING])
def test_a_sleeping_vehicle_wakes_by_e_or_f(wake: PilotReading) -> None:
    inlet = Inlet()
    inlet.see(NOMINAL)
    inlet.vehicle.sleep(inlet.now)
    inlet.run(5.0)
    assert not inlet.events(WokenUp)
    inlet.see(wake, 4.0)
    assert len(inlet.events(WokenUp)) == 1


def test_a_sleeping_vehicle_does_not_wake_when_pwm_ends_but_when_it_comes_anew() -> None:
    inlet = Inlet()
    inlet.see(NOMINAL)
    inlet.vehicle.sleep(inlet.now)
    inlet.see(X1)
    assert not inlet.events(WokenUp)
    inlet.see(NOMINAL)
    assert inlet.events(WokenUp)


def test_a_silent_board_ends_the_draw() -> None:
    inlet = Inlet()
    inlet.charge()
    inlet.vehicle.advance(inlet.now + 0.5)
    inlet.vehicle.advance(inlet.now + 1.1)
    inlet.pump()
    assert inlet.draw_a == 0.0
    assert inlet.load is Load.B


def test_the_trace_tells_the_states() -> None:
    records: list[Trace] = []
    vehicle = Vehicle(trace=records.append)
    for step in range(10):
        vehicle.receive(X1, step * 0.01)
    assert [record.name for record in records] == ["B1"]


READINGS = st.one_of(
    st.builds(PilotReading, st.floats(), st.floats()),
    st.builds(PilotReading, st.floats(0.0, 1.0), st.sampled_from((9.0, 6.0, 3.0, 0.0, -12.0))),
    st.builds(ProximitySample, st.sampled_from((10.0, 150.0, 220.0, 480.0, math.inf))),
    st.builds(MainsPresent, st.booleans()),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from((VehicleConfig(), VehicleConfig(profile=TYPE1), VehicleConfig(simplified=True))),
    st.lists(
        st.tuples(st.floats(0.0, 0.5), READINGS | st.sampled_from(("want", "release", "toggle", "sleep")))
    ),
)
def test_no_walk_lets_a_vehicle_draw_more_than_offered_or_outside_of_c2(
    config: VehicleConfig, steps: list[tuple[float, object]]
) -> None:
    vehicle = Vehicle(config)
    now = 0.0
    seen = NOTHING
    for wait, step in steps:
        now += wait
        vehicle.advance(now)
        try:
            match step:
                case "want":
                    vehicle.request_power(now)
                case "release":
                    vehicle.release_power(now)
                case "toggle":
                    vehicle.toggle(2, now)
                case "sleep":
                    vehicle.sleep(now)
                case _:
                    seen = step if isinstance(step, PilotReading) else seen
                    vehicle.receive(step, now)  # type: ignore[arg-type]
        except StateError:
            pass
        assert vehicle.deadline is None or vehicle.deadline > now
        if vehicle.draw_a:
            assert vehicle.state in (PilotState.C2, PilotState.D2)
            assert vehicle.draw_a <= config.max_current_a
            offered = current_for_duty(seen.duty) if seen.high_v > 1.5 else 0.0
            if vehicle.available_a and offered:
                assert vehicle.draw_a <= offered
