"""What a supply does beyond the timing table: faults, lock, proximity, phases, wake-up, toggles."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from evproto.core import ConfigError, StateError, Trace
from evproto.iec61851 import (
    CCS2,
    NO_WAKE_UP,
    PERSISTENT_WAKE_UP,
    TYPE1,
    TYPE2_SOCKET,
    CableRated,
    ContactorFeedback,
    ContactorMayClose,
    ContactorMustOpen,
    Fault,
    FaultRaised,
    FaultsCleared,
    Load,
    LockFeedback,
    LockWanted,
    OfferChanged,
    PhasesSwitched,
    PhaseSwitchAborted,
    PilotSample,
    PilotState,
    PluggedIn,
    PowerReleased,
    PowerRequested,
    ReadingsLost,
    Reason,
    Step,
    Supply,
    SupplyConfig,
    SupplyTiming,
    ToggleSeen,
    TogglesEnded,
    Unplugged,
    WakeUpExhausted,
    WakeUpStarted,
    WakeUpStep,
)
from evproto.iec61851.generator import E, F

SOCKET = SupplyConfig(profile=TYPE2_SOCKET, max_current_a=63.0)


def test_no_offer_is_shown_before_authorization_but_five_percent_is(rig: Any) -> None:
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.offer, 16.0)
    assert rig.circuit.duty == 1.0
    rig.do(rig.supply.offer_digital)
    assert rig.circuit.duty == 0.05
    assert rig.supply.offered_a is None
    rig.circuit.load = Load.C
    rig.run(5.0)
    assert not rig.board.contactor.position


def test_an_offer_below_6_ampere_is_none(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.offer, 5.9)
    assert rig.supply.state is PilotState.C1
    assert rig.supply.offered_a == 0.0


@pytest.mark.parametrize("current", [-1.0, math.nan])
def test_an_offer_that_is_no_current_is_refused(rig: Any, current: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        rig.supply.offer(current, rig.now)


def test_an_offer_is_cut_to_what_the_hardware_carries(rig: Any) -> None:
    rig.charge(80.0)
    assert 31.9 < rig.supply.offered_a <= 32.0


def test_taking_the_authorization_back_stops_a_nominal_session(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.deauthorize)
    assert rig.supply.state is PilotState.C1
    rig.circuit.load = Load.B
    rig.run(0.2)
    assert not rig.board.contactor.position
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.VEHICLE


def test_state_d_charges_only_with_ventilation(new_rig: Any) -> None:
    for ventilation in (True, False):
        rig = new_rig(SupplyConfig(ventilation=ventilation))
        rig.charge()
        rig.circuit.load = Load.D
        rig.run(1.0)
        assert rig.supply.state is PilotState.D2
        assert rig.board.contactor.position is ventilation
        assert rig.events(PowerRequested)[-1] == PowerRequested(ventilation=True)
        rig.circuit.load = Load.C
        rig.run(1.0)
        assert rig.board.contactor.position
        assert not rig.events(PowerReleased)


def test_a_silent_board_opens_the_contactor_and_is_no_weld(rig: Any) -> None:
    rig.charge()
    begin = rig.now
    rig.board.silent = True
    assert rig.since(begin, lambda: not rig.supply.contactor_closed, 2.0) <= 1.01
    assert rig.supply.state is PilotState.UNKNOWN
    rig.run(10.0)
    assert not rig.supply.faults
    rig.board.silent = False
    rig.run(2.0)
    assert rig.supply.state is PilotState.C2
    assert rig.board.contactor.position


def test_readings_that_are_lost_open_the_contactor_at_once(rig: Any) -> None:
    rig.charge()
    rig.do(lambda now: rig.supply.receive(ReadingsLost(), now))
    assert not rig.supply.contactor_closed
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.PILOT_LOST


def test_a_voltage_of_no_state_is_a_pilot_fault_after_a_second(rig: Any) -> None:
    rig.ready()
    rig.circuit.generator_v = 30.0
    rig.run(0.5)
    assert rig.supply.state is PilotState.UNKNOWN
    assert not rig.supply.faults
    rig.run(1.0)
    assert rig.supply.faults == {Fault.PILOT}


def test_a_pilot_that_reads_minus_twelve_volt_by_itself_is_no_state(rig: Any) -> None:
    rig.ready()
    for _ in range(30):
        rig.now += 0.01
        rig.do(lambda now: rig.supply.receive(PilotSample(-12.0, -12.0), now))
    assert rig.supply.state is PilotState.UNKNOWN


def test_a_fault_clears_when_the_vehicle_leaves(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.fault, Fault.INTERNAL)
    rig.do(rig.supply.fault, Fault.INTERNAL)
    assert len(rig.events(FaultRaised)) == 1
    rig.run(2.0)
    assert rig.supply.faults == {Fault.INTERNAL}
    rig.plug_out()
    rig.run(0.2)
    assert not rig.supply.faults
    assert rig.events(FaultsCleared)


def test_a_reset_fault_lets_the_session_go_on(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.fault, Fault.INTERNAL)
    rig.run(1.0)
    assert rig.supply.state is PilotState.C1
    rig.do(rig.supply.clear_faults)
    rig.run(5.0)
    assert rig.supply.state is PilotState.C2
    assert rig.board.contactor.position


def test_an_emergency_stop_stays_until_it_is_reset(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.fault, Fault.EMERGENCY_STOP)
    rig.plug_out()
    rig.run(10.0)
    assert rig.supply.state is PilotState.F
    rig.do(rig.supply.clear_faults)
    rig.run(1.0)
    assert rig.supply.state is PilotState.A1
    assert rig.events(Unplugged)


def test_a_welded_contactor_is_latched_in_f_and_keeps_the_plug_locked(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge()
    rig.board.contactor.stuck = True
    rig.circuit.load = Load.B
    rig.run(1.0)
    assert rig.supply.faults == {Fault.WELDED_CONTACTOR}
    rig.plug_out()
    rig.run(60.0)
    assert rig.supply.state is PilotState.F
    assert rig.board.lock.position
    rig.do(rig.supply.clear_faults)
    rig.run(1.0)
    assert rig.supply.faults == {Fault.WELDED_CONTACTOR}, "the cause stands"
    rig.board.contactor.stuck = False
    rig.run(0.1)
    rig.do(rig.supply.clear_faults)
    rig.run(2.0)
    assert not rig.supply.faults
    assert rig.supply.state is PilotState.A1
    assert not rig.board.lock.position


def test_a_contactor_that_does_not_close_is_a_fault(rig: Any) -> None:
    rig.ready()
    rig.board.contactor.stuck = True
    rig.circuit.load = Load.C
    rig.run(2.0)
    assert rig.supply.faults == {Fault.STUCK_CONTACTOR}
    assert not rig.supply.contactor_closed


def test_residual_current_opens_at_once_and_cannot_be_reset_while_it_stands(rig: Any) -> None:
    rig.charge()
    rig.board.residual_tripped = True
    rig.run(0.01)
    assert not rig.supply.contactor_closed
    rig.do(rig.supply.clear_faults)
    assert rig.supply.faults == {Fault.RESIDUAL_CURRENT}
    rig.board.residual_tripped = False
    rig.run(0.1)
    rig.do(rig.supply.clear_faults)
    assert not rig.supply.faults


def test_the_residual_current_device_tests_itself_before_the_first_closing_for_each_vehicle(
    new_rig: Any,
) -> None:
    rig = new_rig(SupplyConfig(residual_self_test=True))
    for _ in range(2):
        rig.charge()
        assert not rig.events(FaultRaised)
        rig.plug_out()
        rig.run(4.0)
    rig.charge()
    rig.board.residual_tripped = True
    rig.run(0.1)
    assert rig.supply.faults == {Fault.RESIDUAL_CURRENT}, "a trip outside of a test is one"


@pytest.mark.parametrize("tripped", [True, False])
def test_a_residual_current_device_that_fails_its_test_is_a_fault(new_rig: Any, tripped: bool) -> None:
    rig = new_rig(SupplyConfig(residual_self_test=True))
    rig.board.residual_deaf = not tripped
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.authorize)
    rig.board.residual_tripped = tripped
    rig.do(rig.supply.offer, 16.0)
    rig.circuit.load = Load.C
    rig.run(2.0)
    assert rig.events(FaultRaised)[0] == FaultRaised(Fault.RESIDUAL_CURRENT_TEST)
    assert not rig.events(ContactorMayClose)


def test_a_direct_current_is_no_overcurrent_of_the_pilot(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(profile=CCS2))
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer_digital)
    rig.circuit.load = Load.C
    rig.run(1.0)
    rig.do(rig.supply.close_contactor)
    rig.board.currents_a = (400.0,)
    rig.run(20.0)
    assert not rig.supply.faults


@pytest.mark.parametrize("digital", [False, True])
def test_overcurrent_is_a_fault_after_7_seconds(rig: Any, digital: bool) -> None:
    if digital:
        rig.plug_in()
        rig.run(0.2)
        rig.do(rig.supply.authorize)
        rig.do(rig.supply.offer_digital)
        rig.run(0.5)
        rig.circuit.load = Load.C
        rig.run(1.0)
    else:
        rig.charge(16.0)
    begin = rig.now
    rig.board.currents_a = (40.0, 0.0, 0.0)
    took = rig.since(begin, lambda: not rig.supply.contactor_closed, 8.0)
    assert 6.99 <= took <= 7.02
    assert rig.supply.faults == {Fault.OVERCURRENT}


def test_a_current_that_follows_in_time_is_no_overcurrent(rig: Any) -> None:
    rig.charge(16.0)
    rig.board.currents_a = (16.0, 16.0, 16.0)
    rig.run(6.0)
    rig.do(rig.supply.offer, 8.0)
    rig.run(6.5)
    rig.board.currents_a = (8.0, 8.0, 8.0)
    rig.run(10.0)
    assert not rig.supply.faults
    rig.do(rig.supply.withdraw)
    rig.board.currents_a = (16.0, 16.0, 16.0)
    rig.run(5.0)
    assert not rig.supply.faults


def test_a_cable_limits_the_offer_at_once_and_never_raises_it_in_a_session(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge(63.0)
    assert 31.9 < rig.supply.offered_a <= 32.0
    rig.circuit.supply_proximity_ohm = 680.0
    rig.run(0.2)
    assert 19.9 < rig.supply.offered_a <= 20.0
    rig.circuit.supply_proximity_ohm = 100.0
    rig.run(10.0)
    assert rig.supply.offered_a <= 20.0
    assert rig.events(CableRated) == [CableRated(32.0), CableRated(20.0)]
    rig.plug_out()
    rig.run(0.2)
    assert rig.events(CableRated)[-1] == CableRated(None)
    rig.plug_in(ohm=100.0)
    rig.run(0.2)
    assert rig.events(CableRated)[-1] == CableRated(63.0)


def test_a_socket_without_a_readable_cable_never_closes(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.plug_in(ohm=math.inf)
    rig.run(0.2)
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer, 16.0)
    rig.circuit.load = Load.C
    rig.run(10.0)
    assert rig.supply.offered_a == 0.0
    assert not rig.board.contactor.position


def test_a_plug_that_slips_out_of_its_proximity_opens_the_contactor(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge()
    rig.circuit.supply_proximity_ohm = math.inf
    rig.run(0.1)
    assert not rig.supply.contactor_closed
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.PROXIMITY


@pytest.mark.parametrize("early", [True, False])
def test_a_shorted_proximity_is_a_fault_while_plugged(new_rig: Any, early: bool) -> None:
    rig = new_rig(SOCKET)
    rig.plug_in(ohm=10.0 if early else 220.0)
    rig.run(0.2)
    rig.circuit.supply_proximity_ohm = 10.0
    rig.run(0.2)
    assert rig.supply.faults == {Fault.PROXIMITY}


def test_the_plug_is_locked_before_the_contactor_closes_and_released_after_it_opened(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    order: list[object] = []
    rig.on_event = order.append
    rig.charge()
    assert order.index(LockWanted(True)) < order.index(ContactorMayClose())
    rig.do(rig.supply.deauthorize)
    assert rig.board.lock.position
    rig.circuit.load = Load.B
    rig.run(1.0)
    assert not rig.board.lock.position
    assert order.index(LockWanted(False)) > order.index(ContactorMustOpen(Reason.VEHICLE))


@pytest.mark.parametrize("locking", [True, False])
def test_a_lock_that_does_not_move_is_a_fault_after_3_seconds(new_rig: Any, locking: bool) -> None:
    rig = new_rig(SOCKET)
    if not locking:
        rig.ready()
    rig.board.lock.stuck = True
    if locking:
        rig.ready()
        rig.circuit.load = Load.C
    else:
        rig.do(rig.supply.deauthorize)
    rig.run(2.4)
    assert not rig.supply.faults
    rig.run(1.0)
    assert rig.supply.faults == {Fault.LOCK}
    assert not rig.supply.contactor_closed


def test_a_lock_that_opens_while_charging_opens_the_contactor(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge()
    rig.do(lambda now: rig.supply.receive(LockFeedback(False), now))
    assert not rig.supply.contactor_closed
    assert rig.events(ContactorMustOpen)[-1].reason is Reason.LOCK


def test_a_forced_release_waits_for_the_contactor(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge()
    rig.do(rig.supply.force_unlock)
    rig.run(0.5)
    assert rig.board.lock.position
    rig.do(rig.supply.withdraw)
    rig.circuit.load = Load.B
    rig.run(1.0)
    assert not rig.board.lock.position


def test_a_fault_releases_the_plug_after_5_seconds(new_rig: Any) -> None:
    rig = new_rig(SOCKET)
    rig.charge()
    begin = rig.now
    rig.do(rig.supply.fault, Fault.INTERNAL)
    took = rig.since(begin, lambda: not rig.board.lock.position, 7.0)
    assert 5.0 <= took <= 5.5


def test_direct_current_waits_for_the_application_to_close(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(profile=CCS2))
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer_digital)
    rig.run(0.2)
    with pytest.raises(StateError, match="B2"):
        rig.supply.close_contactor(rig.now)
    rig.circuit.load = Load.C
    rig.run(1.0)
    assert rig.events(ContactorMayClose)
    assert rig.supply.may_close
    assert not rig.board.contactor.position
    rig.do(rig.supply.close_contactor)
    rig.run(0.1)
    assert rig.board.contactor.position
    rig.do(rig.supply.open_contactor)
    rig.run(0.1)
    assert not rig.board.contactor.position
    rig.do(rig.supply.close_contactor)
    rig.circuit.load = Load.B
    rig.run(0.1)
    assert not rig.board.contactor.position
    assert not rig.supply.may_close


def test_an_automatic_contactor_takes_no_commands(rig: Any) -> None:
    rig.charge()
    with pytest.raises(StateError):
        rig.supply.close_contactor(rig.now)
    with pytest.raises(StateError):
        rig.supply.open_contactor(rig.now)


def test_a_permission_that_was_not_used_is_taken_back(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(profile=CCS2))
    rig.charge()
    rig.do(rig.supply.deauthorize)
    assert rig.events(ContactorMustOpen) == [ContactorMustOpen(Reason.WITHDRAWN)]


def test_a_disabled_supply_lets_the_vehicle_stop_and_then_shows_f(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.disable)
    assert rig.supply.state is PilotState.C1
    rig.circuit.load = Load.B
    rig.run(0.2)
    assert rig.supply.state is PilotState.F
    rig.do(rig.supply.enable)
    rig.run(5.0)
    assert rig.supply.state is PilotState.B2


def test_a_vehicle_that_left_during_f_is_noticed_afterwards(rig: Any) -> None:
    rig.ready()
    rig.do(rig.supply.disable)
    rig.plug_out()
    rig.run(1.0)
    assert not rig.events(Unplugged)
    rig.do(rig.supply.enable)
    rig.run(1.0)
    assert rig.events(Unplugged)
    assert rig.supply.state is PilotState.A1


def test_the_wake_up_ladder_climbs_step_by_step_and_ends(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(wake_up=PERSISTENT_WAKE_UP))
    rig.ready()
    rig.period_s = 0.1
    rig.run(90.0 + 4 + 30 + 30 + 30 + 4 + 30 + 30 + 10)
    assert rig.events(WakeUpStarted) == [WakeUpStarted(step) for step in (1, 2, 3, 4)]
    assert rig.events(WakeUpExhausted) == [WakeUpExhausted()]
    errors = [state for state in rig.states() if state in (PilotState.E, PilotState.F)]
    assert errors == [PilotState.E, PilotState.E, PilotState.F, PilotState.F]


def test_a_vehicle_that_woke_up_starts_the_ladder_anew(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(wake_up=(WakeUpStep(5.0, E, 4.0), WakeUpStep(5.0, F, 4.0))))
    rig.ready()
    rig.run(10.0)
    rig.circuit.load = Load.C
    rig.run(1.0)
    rig.circuit.load = Load.B
    rig.run(6.0)
    assert rig.events(WakeUpStarted) == [WakeUpStarted(1), WakeUpStarted(1)]


def test_without_a_relay_the_pilot_is_not_cut_but_shows_f(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(wake_up=(WakeUpStep(5.0, E, 4.0),), can_cut=False))
    rig.ready()
    rig.run(6.0)
    assert rig.supply.state is PilotState.F


def test_an_application_may_wake_a_vehicle_in_b_but_not_one_that_charges(rig: Any) -> None:
    rig.ready()
    rig.do(rig.supply.wake_up)
    assert rig.supply.state is PilotState.F
    rig.run(6.0)
    assert rig.supply.state is PilotState.B2
    rig.circuit.load = Load.C
    rig.run(1.0)
    with pytest.raises(StateError, match="not asleep"):
        rig.supply.wake_up(rig.now)


def test_an_error_step_opens_the_contactor_first_and_comes_back_to_five_percent(rig: Any) -> None:
    rig.plug_in()
    rig.run(0.2)
    rig.do(rig.supply.authorize)
    rig.do(rig.supply.offer_digital)
    rig.run(0.5)
    rig.circuit.load = Load.C
    rig.run(1.0)
    assert rig.board.contactor.position
    begin = rig.now
    rig.do(rig.supply.error_step)
    assert rig.supply.state is PilotState.F
    assert not rig.supply.contactor_closed
    took = rig.since(begin, lambda: rig.circuit.duty == 0.05, 6.0)
    assert 4.74 <= took <= 4.77


def test_an_error_step_needs_a_vehicle_and_no_fault(rig: Any) -> None:
    with pytest.raises(StateError):
        rig.supply.error_step(rig.now)


def test_a_step_by_ef_turns_into_one_by_x1_while_the_contactor_is_closed(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.offer_digital, step=Step.EF)
    assert rig.supply.state is PilotState.C1
    assert rig.board.contactor.position


def test_phases_switch_at_once_without_a_vehicle(rig: Any) -> None:
    rig.do(rig.supply.switch_phases, 1)
    assert rig.board.phases == 1
    assert rig.supply.phases == 1
    assert rig.events(PhasesSwitched) == [PhasesSwitched(1)]


def test_phases_switch_with_open_contactor_and_cut_pilot_and_a_dwell_of_45_seconds(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.switch_phases, 1)
    assert rig.supply.state is PilotState.C1
    rig.run(1.0)
    rig.circuit.load = Load.B
    rig.since(rig.now, lambda: rig.circuit.cut, 1.0)
    assert not rig.board.contactor.position
    begin = rig.now
    rig.since(begin, lambda: rig.board.phases == 1, 0.2)
    rig.circuit.load = Load.C
    took = rig.since(begin, lambda: not rig.circuit.cut, 50.0)
    assert 45.0 <= took <= 45.3
    rig.run(3.0)
    assert rig.supply.state is PilotState.C2
    assert rig.board.contactor.position


def test_phases_that_switched_under_load_dwell_for_60_seconds(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.switch_phases, 1)
    rig.run(7.0)
    assert rig.board.phases == 1
    begin = rig.time_of(PhasesSwitched)
    took = rig.since(begin, lambda: not rig.circuit.cut, 65.0)
    assert 60.0 <= took <= 60.3


def test_a_phase_switch_may_be_turned_back(rig: Any) -> None:
    rig.ready()
    rig.do(rig.supply.switch_phases, 3)
    assert not rig.circuit.cut
    rig.do(rig.supply.switch_phases, 1)
    rig.run(5.0)
    rig.do(rig.supply.switch_phases, 3)
    rig.run(60.0)
    assert [event.phases for event in rig.events(PhasesSwitched)] == [1, 3]
    assert rig.supply.state is PilotState.B2


def test_a_fault_aborts_a_phase_switch_before_the_relay_moves(rig: Any) -> None:
    rig.charge()
    rig.do(rig.supply.switch_phases, 1)
    rig.do(rig.supply.fault, Fault.INTERNAL)
    rig.run(60.0)
    assert rig.events(PhaseSwitchAborted)
    assert rig.board.phases == 3


def test_phases_that_the_connector_does_not_have_are_refused(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(profile=TYPE1, phases=1))
    with pytest.raises(ValueError, match="type 1"):
        rig.supply.switch_phases(3, rig.now)


def test_one_phase_alone_has_its_own_limit(new_rig: Any) -> None:
    rig = new_rig(SupplyConfig(max_current_1ph_a=20.0))
    rig.do(rig.supply.switch_phases, 1)
    rig.charge(32.0)
    assert 19.9 < rig.supply.offered_a <= 20.0


@pytest.mark.parametrize("phase_s", [0.2, 0.3, 0.4])
def test_every_short_toggle_is_reported(rig: Any, phase_s: float) -> None:
    rig.plug_in()
    rig.run(0.5)
    for _ in range(3):
        rig.circuit.load = Load.C
        rig.run(phase_s)
        rig.circuit.load = Load.B
        rig.run(phase_s)
    rig.run(2.0)
    seen = rig.events(ToggleSeen)
    assert [toggle.number for toggle in seen] == [1, 2, 3]
    assert all(abs(toggle.closed_s - phase_s) < 0.02 for toggle in seen)
    assert rig.events(TogglesEnded) == [TogglesEnded(3)]


def test_a_toggle_while_nominal_pwm_runs_does_not_close_the_contactor(rig: Any) -> None:
    rig.ready()
    rig.circuit.load = Load.C
    rig.run(0.4)
    rig.circuit.load = Load.B
    rig.run(2.0)
    assert rig.events(ToggleSeen)
    assert not rig.events(ContactorMayClose)


@pytest.mark.parametrize("phase_s", [0.06, 0.6])
def test_a_change_that_is_too_short_or_too_long_is_no_toggle(rig: Any, phase_s: float) -> None:
    rig.plug_in()
    rig.run(0.5)
    rig.circuit.load = Load.C
    rig.run(phase_s)
    rig.circuit.load = Load.B
    rig.run(2.0)
    assert not rig.events(ToggleSeen)


def test_a_toggle_that_goes_on_to_c_ends_the_sequence(rig: Any) -> None:
    rig.plug_in()
    rig.run(0.5)
    rig.circuit.load = Load.C
    rig.run(0.3)
    rig.circuit.load = Load.B
    rig.run(0.3)
    rig.circuit.load = Load.C
    rig.run(2.0)
    assert rig.events(TogglesEnded) == [TogglesEnded(1)]


def test_a_vehicle_that_is_there_at_the_start_is_no_simplified_one() -> None:
    supply = Supply()
    for step in range(10):
        supply.receive(PilotSample(6.0), step * 0.01)
    events = []
    while (event := supply.next_event()) is not None:
        events.append(event)
    assert PluggedIn(simplified=False) in events


def test_a_clock_that_jumps_back_changes_nothing(rig: Any) -> None:
    rig.charge()
    before = len(rig.log)
    rig.supply.receive(PilotSample(6.0, -12.0), rig.now - 500.0)
    rig.supply.advance(rig.now - 500.0)
    rig.pump()
    assert len(rig.log) == before
    assert rig.supply.contactor_closed


def test_nothing_closes_before_the_first_feedback() -> None:
    supply = Supply(SupplyConfig())
    supply.authorize(0.0)
    supply.offer(16.0, 0.0)
    now = 0.0
    for volts in (9.0, 6.0):
        for _ in range(100):
            now += 0.02
            supply.receive(PilotSample(volts, -12.0), now)
    assert supply.state is PilotState.C2
    assert not supply.contactor_closed
    supply.receive(ContactorFeedback(False), now)
    supply.advance(now + 0.6)
    assert supply.contactor_closed


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"max_current_a": 5.0}, "max_current_a"),
        ({"max_current_a": math.nan}, "max_current_a"),
        ({"resolution": 10}, "resolution"),
        ({"phases": 2}, "phases"),
        ({"timing": SupplyTiming(debounce_limit_s=0.2)}, "debounce_limit_s"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        SupplyConfig(**wrong)


def test_the_trace_tells_states_commands_and_faults() -> None:
    records: list[Trace] = []
    supply = Supply(replace(SupplyConfig(), wake_up=NO_WAKE_UP), trace=records.append)
    for step in range(10):
        supply.receive(PilotSample(9.0), step * 0.01)
    supply.authorize(0.1)
    supply.offer(16.0, 0.1)
    supply.fault(Fault.INTERNAL, 0.2)
    assert [record.name for record in records if record.kind.value == "state"] == ["B1", "B2", "F"]
    assert [record.name for record in records if record.kind.value == "fault"] == ["internal"]
    assert any("SetPilot" in record.name for record in records)
    assert all(record.to_json() for record in records)


def test_an_offer_changes_once_per_signal(rig: Any) -> None:
    rig.ready()
    assert [round(event.current_a, 1) for event in rig.events(OfferChanged)] == [16.0]
