"""Every row of the timing table (IEC 61851-1 Table A.6, ISO 15118-3 Table 3) in virtual time.

Times are measured at the contactor of the board, which itself takes 20 ms.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from evproto.iec61851 import (
    TYPE2_SOCKET,
    ContactorMustOpen,
    Diode,
    Fault,
    FaultRaised,
    Load,
    OfferChanged,
    PilotState,
    PluggedIn,
    Reason,
    Simulation,
    Step,
    Supply,
    SupplyConfig,
    Unplugged,
    Vehicle,
    WakeUpStarted,
)


def test_seq_1_1_plugging_in_leads_from_a1_to_b1(rig: Any) -> None:
    rig.plug_in()
    rig.run(0.2)
    assert rig.states()[-2:] == [PilotState.A1, PilotState.B1]
    assert rig.sequences()[-1] == "1.1"
    assert rig.events(PluggedIn) == [PluggedIn(simplified=False)]


def test_seq_1_2_a_simplified_pilot_is_offered_10_ampere_at_most(rig: Any) -> None:
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer, 32.0)
    rig.plug_in(Load.C)
    rig.run(2.0)
    assert "1.2" in rig.sequences()
    assert rig.events(PluggedIn) == [PluggedIn(simplified=True)]
    assert rig.supply.state is PilotState.C2
    assert 9.9 < rig.supply.offered_a <= 10.0
    assert rig.board.contactor.position


def test_seq_2_1_unplugging_in_b_ends_the_session(rig: Any) -> None:
    rig.ready()
    rig.plug_out()
    rig.run(0.2)
    assert "2.1" in rig.sequences()
    assert rig.events(Unplugged)
    assert not rig.supply.authorized
    assert rig.circuit.duty == 1.0


def test_seq_2_2_unplugging_in_c_switches_off_within_100_ms(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.plug_out()
    assert rig.since(begin, lambda: not rig.board.contactor.position, 1.0) <= 0.1
    assert "2.2" in rig.sequences()


def test_seq_3_1_and_3_2_the_supply_becomes_ready_when_it_is_told(rig: Any) -> None:
    rig.plug_in()
    rig.run(60.0)
    assert rig.supply.state is PilotState.B1
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer, 16.0)
    assert rig.sequences()[-1] == "3.1"
    rig.circuit.load = Load.C
    rig.run(1.0)
    rig.do(rig.supply.withdraw)
    rig.run(4.0)
    rig.do(rig.supply.offer, 16.0)
    rig.run(0.1)
    assert rig.sequences()[-2:] == ["9.2", "3.2"]


@pytest.mark.parametrize("load", [Load.C, Load.D])
def test_seq_4_the_contactor_closes_within_3_seconds_of_c2_or_d2(new_rig: Any, load: Load) -> None:
    rig = new_rig(SupplyConfig(ventilation=True))
    rig.ready()
    begin = rig.now
    rig.circuit.load = load
    assert rig.since(begin, lambda: rig.board.contactor.position, 5.0) <= 3.0
    assert rig.sequences()[-1] == "4"


def test_seq_5_the_vehicle_may_wait_in_c2_as_long_as_it_likes(rig: Any) -> None:
    rig.charge()
    rig.period_s = 0.5
    rig.run(10_000.0)
    assert rig.board.contactor.position
    assert not rig.supply.faults


def test_seq_6_nominal_duty_cycles_change_at_most_every_5_seconds(rig: Any) -> None:
    rig.charge(10.0)
    rig.run(10.0)
    begin = rig.now
    rig.do(rig.supply.offer, 16.0)
    assert rig.supply.offered_a > 15.9
    rig.do(rig.supply.offer, 20.0)
    assert 4.99 <= rig.since(begin, lambda: rig.supply.offered_a > 19.9, 6.0) <= 5.01


def test_seq_6_an_urgent_decrease_does_not_wait(rig: Any) -> None:
    rig.charge(16.0)
    rig.do(rig.supply.offer, 10.0)
    assert rig.supply.offered_a > 15.0
    rig.do(rig.supply.offer, 8.0, urgent=True)
    assert rig.supply.offered_a <= 8.0


def test_seq_6_the_vehicle_follows_a_change_within_5_seconds() -> None:
    simulation = charging_pair()
    simulation.supply.offer(10.0, simulation.now)
    simulation.run(simulation.now + 5.1)  # the change itself may have waited
    assert simulation.vehicle.draw_a <= 10.0


def test_seq_7_the_vehicle_ends_its_draw_before_it_opens_s2() -> None:
    simulation = charging_pair()
    simulation.vehicle.release_power(simulation.now)
    simulation.pump()
    assert simulation.vehicle_board.draw_a == 0.0
    assert simulation.circuit.load is Load.C
    assert simulation.run(simulation.now + 3.0, stop=lambda: simulation.circuit.load is Load.B)


def test_seq_8_1_opening_s2_with_pwm_switches_off_within_100_ms(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.circuit.load = Load.B
    assert rig.since(begin, lambda: not rig.board.contactor.position, 1.0) <= 0.1
    assert rig.sequences()[-1] == "8.1"


def test_seq_8_2_opening_s2_without_pwm_switches_off_within_100_ms(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.withdraw)
    rig.run(1.0)
    assert rig.board.contactor.position
    begin = rig.now
    rig.circuit.load = Load.B
    assert rig.since(begin, lambda: not rig.board.contactor.position, 1.0) <= 0.1


def test_seq_9_1_withdrawing_in_b2_leads_to_b1(rig: Any) -> None:
    rig.ready()
    rig.do(rig.supply.withdraw)
    assert rig.sequences()[-1] == "9.1"


def test_seq_9_2_x1_lasts_3_seconds_before_pwm_comes_back(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.do(rig.supply.withdraw)
    assert rig.sequences()[-1] == "9.2"
    rig.do(rig.supply.offer, 16.0)
    assert 2.99 <= rig.since(begin, lambda: rig.circuit.duty < 1.0, 4.0) <= 3.01


@pytest.mark.parametrize("step", Step)
def test_seq_9_3_and_9_4_digital_to_nominal_goes_through_x1_or_ef(rig: Any, step: Step) -> None:
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.offer_digital)
    rig.do(rig.supply.authorize)
    rig.run(1.0)
    assert rig.circuit.duty == 0.05
    begin = rig.now
    rig.do(rig.supply.offer, 16.0, step=step)
    assert rig.circuit.duty == (1.0 if step is Step.X1 else 0.0)
    took = rig.since(begin, lambda: 0.05 < rig.circuit.duty < 1.0, 6.0)
    assert 2.99 <= took <= 3.01 if step is Step.X1 else 4.74 <= took <= 4.76


def test_nominal_to_digital_goes_through_x1_too(rig: Any) -> None:
    rig.ready()
    begin = rig.now
    rig.do(rig.supply.offer_digital)
    assert rig.circuit.duty == 1.0
    assert 2.99 <= rig.since(begin, lambda: rig.circuit.duty == 0.05, 6.0) <= 3.01


def test_seq_10_1_the_vehicle_answers_a_stop_within_3_seconds() -> None:
    simulation = charging_pair()
    begin = simulation.now
    simulation.supply.withdraw(begin)
    assert simulation.run(begin + 3.0, stop=lambda: simulation.supply.state is PilotState.B1)
    assert not simulation.supply.contactor_closed


def test_seq_10_2_a_vehicle_that_does_not_stop_is_switched_off_after_6_seconds(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.do(rig.supply.withdraw)
    rig.run(5.9)
    assert rig.board.contactor.position
    assert 6.0 <= rig.since(begin, lambda: not rig.board.contactor.position, 7.0) <= 6.1
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.STOP_TIMEOUT


def test_seq_10_2_a_new_offer_before_6_seconds_keeps_the_contactor_closed(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.withdraw)
    rig.run(2.0)
    rig.do(rig.supply.offer, 10.0)
    rig.run(10.0)
    assert rig.supply.state is PilotState.C2
    assert not rig.events(ContactorMustOpen)


def test_seq_11_a_short_of_the_pilot_switches_off_within_3_seconds(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.circuit.short_ohm = 0.0
    assert rig.since(begin, lambda: not rig.board.contactor.position, 3.0) <= 0.1
    assert rig.supply.state is PilotState.E
    assert rig.circuit.duty == 1.0
    rig.circuit.short_ohm = math.inf
    rig.circuit.load = Load.B
    rig.run(5.0)
    assert rig.supply.state is PilotState.B2


def test_seq_12_a_fault_in_c_switches_off_at_once_and_shows_f(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.fault, Fault.INTERNAL)
    assert rig.circuit.duty == 0.0
    assert not rig.supply.contactor_closed
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.FAULT
    assert "12" in rig.sequences()


def test_seq_13_a_missing_diode_in_c_switches_off_within_3_seconds(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.circuit.diode = Diode.SHORT
    assert rig.since(begin, lambda: not rig.board.contactor.position, 3.0) <= 3.0
    assert rig.events(FaultRaised) == [FaultRaised(Fault.DIODE)]


def test_a_4_no_contactor_closes_before_the_diode_was_seen(rig: Any) -> None:
    rig.circuit.diode = Diode.SHORT
    rig.ready()
    rig.circuit.load = Load.C
    rig.run(30.0)
    assert not rig.board.contactor.position
    assert Fault.DIODE in rig.supply.faults


def test_a_5_a_fault_stays_in_f_for_at_least_300_ms(rig: Any) -> None:
    rig.ready()
    begin = rig.now
    rig.do(rig.supply.fault, Fault.INTERNAL)
    assert 0.299 <= rig.since(begin, lambda: rig.circuit.duty == 1.0, 1.0) <= 0.31


def test_a_5_3_a_vehicle_that_stays_in_b2_is_woken_once_after_30_seconds_for_4(rig: Any) -> None:
    rig.ready()
    begin = rig.time_of(OfferChanged)
    woken = begin + rig.since(begin, lambda: rig.circuit.duty == 0.0, 40.0)
    assert 29.99 <= woken - begin <= 30.01
    assert rig.events(WakeUpStarted) == [WakeUpStarted(1)]
    back = rig.since(woken, lambda: rig.circuit.duty == 1.0, 6.0)
    assert 3.99 <= back <= 4.02
    ready = rig.since(woken + back, lambda: rig.supply.state is PilotState.B2, 2.0)
    assert 0.5 <= ready <= 1.0
    rig.period_s = 0.1
    rig.run(1000.0)
    assert len(rig.events(WakeUpStarted)) == 1


def test_d_6_5_the_plug_is_locked_in_b_where_the_public_may_pull_it(new_rig: Any) -> None:
    for early in (True, False):
        rig = new_rig(SupplyConfig(profile=TYPE2_SOCKET, lock_when_plugged=early))
        rig.plug_in()
        rig.run(1.0)
        assert rig.board.lock.position is early
        rig.do(rig.supply.authorize)
        rig.run(1.0)
        assert rig.board.lock.position


def test_the_application_hears_of_a_vehicle_that_opened_s2_within_one_sample(rig: Any) -> None:
    """The software's share of the 100 ms is the debounce alone."""
    rig.charge()
    begin = rig.now
    rig.circuit.load = Load.B
    reaction = rig.since(begin, lambda: not rig.supply.contactor_closed, 1.0)
    assert reaction <= rig.supply.config.timing.debounce_s + 0.011


def charging_pair() -> Simulation:
    """A supply and a vehicle that charges at 16 A."""
    supply, vehicle = Supply(), Vehicle()
    simulation = Simulation(supply, vehicle)
    simulation.plug_in()
    vehicle.request_power(simulation.now)
    supply.authorize(simulation.now)
    supply.offer(16.0, simulation.now)
    assert simulation.run(10.0, stop=lambda: vehicle.draw_a > 15)
    simulation.run(simulation.now + 1.0)
    return simulation
