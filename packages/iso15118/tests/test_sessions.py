"""Complete sessions of our charger and our car in virtual time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evproto.iso15118.iso2 import PausedSessions
from evproto.iso15118.testing import AC_MODES, DC_MODES, evcc_config, secc_config
from evproto.v2gtp.charging import (
    AuthorizationPending,
    AuthorizationWanted,
    ChargingStarted,
    ChargingStopped,
    ContactorWanted,
    EndReason,
    EnergyTransferMode,
    EvError,
    EvseAcLimits,
    EvseDcLimits,
    EvseLimitsChanged,
    Isolation,
    IsolationTestWanted,
    Late,
    MeterReading,
    MeterReceived,
    Notification,
    NotificationReceived,
    PeerFault,
    Pilot,
    ProfileEntry,
    ReceiptReceived,
    RenegotiationStarted,
    Schedule,
    ScheduleEntry,
    SchedulesOffered,
    Service,
    ServicesOffered,
    SessionStarted,
    TargetsChanged,
    WeldingChecked,
)

BOTH = pytest.mark.parametrize("is_dc", [True, False], ids=["DC", "AC"])


def finished(drive: Any) -> None:
    charger, car = drive.ends
    assert (charger.reason, car.reason) == (EndReason.FINISHED, EndReason.FINISHED)
    assert charger.ok and car.ok
    for events in (drive.of_charger(PeerFault), drive.of_car(PeerFault)):
        assert events == []


@BOTH
def test_a_session_runs_from_setup_to_stop(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc)
    session.run()
    finished(session)
    assert len(session.of_charger(ChargingStarted)) == len(session.of_car(ChargingStarted)) == 1
    assert len(session.of_charger(ChargingStopped)) == len(session.of_car(ChargingStopped)) == 1
    assert session.of_charger(Late) == session.of_car(Late) == []
    assert [event.closed for event in session.of_charger(ContactorWanted)] == [True, False]


def test_the_same_inputs_give_the_same_events(drive: Any) -> None:
    one, two = drive(seed=3, chances={"delay": 0.01}), drive(seed=3, chances={"delay": 0.01})
    one.run()
    two.run()
    assert one.pair.events_a == two.pair.events_a
    assert one.pair.events_b == two.pair.events_b


@BOTH
def test_a_session_bears_a_slow_link_within_the_performance_times(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc, chances={"delay": 0.01})
    session.run()
    finished(session)


def test_a_car_reports_a_charger_that_answers_the_current_demand_late(drive: Any) -> None:
    session = drive(chances={"delay": 0.05})
    session.run()
    finished(session)
    assert {event.name for event in session.of_car(Late)} == {"CurrentDemandReq"}


@BOTH
def test_the_charger_stops_the_charging(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0)
    session.at(2.0, lambda: session.secc.stop(session.now(), max_delay_s=5.0))
    session.run(until=400.0)
    finished(session)
    told = session.of_car(NotificationReceived)
    assert told == [NotificationReceived(notification=Notification.STOP_CHARGING, max_delay_s=5.0)]


@BOTH
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.25, 0.35, 0.6, 2.0])
def test_the_car_stops_at_any_moment(drive: Any, is_dc: bool, seconds: float) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0, chances={"delay": 0.003})
    session.at(seconds, lambda: session.evcc.stop(session.now()))
    session.run(until=400.0)
    finished(session)


@BOTH
def test_an_emergency_shutdown_opens_both_contactors_and_ends_the_session(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0)
    session.at(2.0, lambda: session.secc.emergency_shutdown(session.now()))
    session.run(until=400.0)
    charger, car = session.ends
    assert charger.reason is EndReason.EMERGENCY_SHUTDOWN
    assert not charger.ok
    if is_dc:
        assert car.reason is EndReason.EMERGENCY_SHUTDOWN


@BOTH
def test_the_charger_renegotiates(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc, loops=40, ac_seconds=6.0)
    session.at(2.0, lambda: session.secc.renegotiate(session.now()))
    session.run()
    finished(session)
    assert session.of_charger(RenegotiationStarted) == [RenegotiationStarted(by_ev=False)]
    assert session.of_car(RenegotiationStarted) == [RenegotiationStarted(by_ev=False)]
    assert len(session.of_charger(ChargingStarted)) == 2
    assert len(session.of_charger(IsolationTestWanted)) == (2 if is_dc else 0)


@BOTH
def test_the_car_renegotiates(drive: Any, is_dc: bool) -> None:
    session = drive(is_dc=is_dc, loops=40, ac_seconds=6.0)
    session.at(2.0, lambda: session.evcc.renegotiate(session.now()))
    session.run()
    finished(session)
    assert session.of_charger(RenegotiationStarted) == [RenegotiationStarted(by_ev=True)]
    assert session.of_car(RenegotiationStarted) == [RenegotiationStarted(by_ev=True)]
    assert len(session.of_car(ChargingStarted)) == 2


@BOTH
def test_a_session_is_paused_and_resumed(drive: Any, is_dc: bool) -> None:
    memory = PausedSessions()
    first = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0, paused=memory)
    first.at(2.0, lambda: first.evcc.pause(first.now()))
    first.run(until=400.0)
    charger, car = first.ends
    assert (charger.reason, car.reason) == (EndReason.PAUSED, EndReason.PAUSED)
    assert charger.ok and car.ok
    config = replace(evcc_config(*(DC_MODES if is_dc else AC_MODES)), resume=car.session_id)
    second = drive(is_dc=is_dc, paused=memory, evcc_config=config, seed=9)
    second.run()
    finished(second)
    for events in (second.of_charger(SessionStarted), second.of_car(SessionStarted)):
        assert [(event.session_id, event.resumed) for event in events] == [(car.session_id, True)]
    assert second.of_charger(AuthorizationWanted) == []


def test_a_charger_without_memory_gives_a_resuming_car_a_new_session(drive: Any) -> None:
    session = drive(evcc_config=replace(evcc_config(), resume=b"\x42" * 8))
    session.run()
    finished(session)
    assert [event.resumed for event in session.of_car(SessionStarted)] == [False]


def test_authorization_that_takes_a_minute_is_waited_for(drive: Any) -> None:
    session = drive(ignores=(AuthorizationWanted,))
    session.at(70.0, lambda: session.secc.authorize(True, session.now()))
    session.run()
    finished(session)
    assert session.of_car(AuthorizationPending) == [AuthorizationPending(for_customer=True)]


def test_authorization_that_is_refused_ends_the_session(drive: Any) -> None:
    session = drive(ignores=(AuthorizationWanted,))
    session.at(3.0, lambda: session.secc.authorize(False, session.now()))
    session.run()
    charger, car = session.ends
    assert (charger.reason, car.reason) == (EndReason.NOT_AUTHORIZED, EndReason.PEER_REFUSED)


def test_a_free_charger_asks_nobody(drive: Any) -> None:
    session = drive(secc_config=replace(secc_config(), authorized=True, free_service=True))
    session.run()
    finished(session)
    assert session.of_charger(AuthorizationWanted) == []
    assert session.of_car(ServicesOffered)[0].free


def test_an_isolation_test_that_takes_seconds_is_waited_for(drive: Any) -> None:
    session = drive(ignores=(IsolationTestWanted,))
    session.at(20.0, lambda: session.secc.isolation_result(Isolation.VALID, session.now()))
    session.run()
    finished(session)


def test_an_isolation_fault_ends_the_session_before_any_contactor_has_closed(drive: Any) -> None:
    session = drive(ignores=(IsolationTestWanted,))
    session.at(5.0, lambda: session.secc.isolation_result(Isolation.FAULT, session.now()))
    session.run()
    charger, _ = session.ends
    assert charger.reason is EndReason.ISOLATION_FAULT
    for events in (session.of_charger(ContactorWanted), session.of_car(ContactorWanted)):
        assert not any(event.closed for event in events)


def test_a_car_and_a_charger_without_a_common_mode_part_in_good_order(drive: Any) -> None:
    session = drive(
        secc_config=secc_config(*AC_MODES), evcc_config=evcc_config(EnergyTransferMode.DC_EXTENDED)
    )
    session.run()
    charger, car = session.ends
    assert charger.ok
    assert car.reason is EndReason.INCOMPATIBLE


def test_the_car_takes_the_first_of_its_modes_that_is_offered(drive: Any) -> None:
    session = drive(
        is_dc=False,
        secc_config=secc_config(EnergyTransferMode.AC_SINGLE_PHASE),
        evcc_config=evcc_config(*DC_MODES, *AC_MODES),
    )
    session.run()
    finished(session)
    assert session.of_car(ChargingStarted)[0].profile[0].max_power_w == 230 * 32


OFFERS = tuple(
    Schedule(
        id=number,
        entries=(
            ScheduleEntry(start_s=0, max_power_w=7_000.0 * number),
            ScheduleEntry(start_s=1800, max_power_w=4_000.0),
        ),
        end_s=7200,
    )
    for number in (1, 2, 3)
)


def test_the_application_of_the_car_chooses_among_the_schedules(drive: Any) -> None:
    session = drive(is_dc=False, evcc_config=replace(evcc_config(*AC_MODES), own_schedule=True))
    session.secc.set_schedules(OFFERS, 0.0)
    profile = (
        ProfileEntry(start_s=0, max_power_w=9_000.0, phases=3),
        ProfileEntry(start_s=1800, max_power_w=0.0),
    )
    session.at(4.0, lambda: session.evcc.choose_schedule(2, profile, session.now()))
    session.run()
    finished(session)
    assert session.of_car(SchedulesOffered)[0].schedules == OFFERS
    assert session.of_charger(ChargingStarted) == [ChargingStarted(schedule_id=2, profile=profile)]


def test_the_car_keeps_to_the_schedule_by_itself(drive: Any) -> None:
    session = drive(is_dc=False)
    session.secc.set_schedules(OFFERS[:1], 0.0)
    session.run()
    finished(session)
    profile = session.of_charger(ChargingStarted)[0].profile
    assert [(entry.start_s, entry.max_power_w) for entry in profile] == [(0, 7_000.0), (1800, 4_000.0)]


def test_the_car_selects_the_services_that_it_wants(drive: Any) -> None:
    wifi = Service(id=3, name="Internet", category="Internet", parameter_sets={4: {"Protocol": "http"}})
    session = drive(
        secc_config=replace(secc_config(), services=(wifi, Service(id=9))),
        evcc_config=replace(evcc_config(), services=(3, 9, 12)),
    )
    session.run()
    finished(session)
    offered = session.of_car(ServicesOffered)[0].services
    assert [(service.id, service.category) for service in offered] == [(3, "Internet"), (9, "OtherCustom")]


@BOTH
def test_meter_readings_and_receipts(drive: Any, is_dc: bool) -> None:
    modes = DC_MODES if is_dc else AC_MODES
    session = drive(is_dc=is_dc, secc_config=replace(secc_config(*modes), receipt_wanted=True))
    reading = MeterReading(meter_id="M1", energy_wh=17, signature=b"\1\2", status=4, time_s=1_700_000_000)
    session.secc.meter(reading, 0.0)
    session.run()
    finished(session)
    assert session.of_car(MeterReceived)[0].reading == reading
    assert session.of_charger(ReceiptReceived) == [ReceiptReceived(reading=reading)]


def test_new_limits_of_the_charger_reach_the_car_and_bound_its_demand(drive: Any) -> None:
    session = drive(loops=30)
    limits = EvseDcLimits(max_voltage_v=1000.0, max_current_a=50.0, max_power_w=20_000.0)
    session.at(1.5, lambda: session.secc.set_limits(limits, session.now()))
    session.run()
    finished(session)
    told = session.of_car(EvseLimitsChanged)[-1].limits
    assert (told.max_current_a, told.max_power_w) == (50.0, 20_000.0)
    assert session.of_charger(TargetsChanged)[-1].current_a == 50.0


def test_new_ac_limits_of_the_charger_reach_the_car(drive: Any) -> None:
    session = drive(is_dc=False, ac_seconds=5.0)
    limits = EvseAcLimits(nominal_voltage_v=230.0, max_current_a=8.0)
    session.at(2.0, lambda: session.secc.set_limits(limits, session.now()))
    session.run()
    assert session.of_car(EvseLimitsChanged)[-1].limits == limits


def test_welding_is_checked_after_charging(drive: Any) -> None:
    session = drive()
    session.run()
    assert session.of_car(WeldingChecked) == [WeldingChecked(voltage_v=0.0, suspicious=False)]


def test_a_voltage_that_stays_is_suspicious(drive: Any) -> None:
    session = drive()
    supply = session.charger._supply
    session.charger._supply = lambda voltage, current, now: supply(voltage or 400.0, current, now)
    session.run()
    finished(session)
    assert session.of_car(WeldingChecked) == [WeldingChecked(voltage_v=400.0, suspicious=True)]


def test_an_error_of_the_car_stops_the_charging(drive: Any) -> None:
    session = drive(loops=10**6)
    session.at(2.0, lambda: session.evcc.set_ready(False, EvError.RESS_TEMPERATURE_INHIBIT, session.now()))
    session.run(until=400.0)
    charger, car = session.ends
    assert charger.ok
    assert car.reason is EndReason.EV_ERROR
    assert not car.ok
    assert [fault.name for fault in session.of_charger(PeerFault)] == ["FAILED_RESSTemperatureInhibit"]


MOMENTS = [0.0, 0.05, 0.12, 0.2, 0.25, 0.31, 0.35, 0.4, 0.6, 1.0, 3.3]


@BOTH
@pytest.mark.parametrize("seconds", MOMENTS)
def test_a_cable_pulled_at_any_moment_leaves_both_contactors_open(
    drive: Any, is_dc: bool, seconds: float
) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0, chances={"delay": 0.004})

    def pull() -> None:
        session.secc.pilot(Pilot.A, session.now())
        session.evcc.unplugged(session.now())

    session.at(seconds, pull)
    session.run(until=400.0)
    charger, car = session.ends
    assert (charger.reason, car.reason) == (EndReason.UNPLUGGED, EndReason.UNPLUGGED)


@BOTH
@pytest.mark.parametrize("seconds", MOMENTS)
def test_a_silent_peer_ends_the_session_within_its_timeouts(drive: Any, is_dc: bool, seconds: float) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0, chances={"delay": 0.004})

    def cut() -> None:
        session.pair.a_to_b.cut = session.pair.b_to_a.cut = True
        session.pair.closed = True

    session.at(seconds, cut)
    session.run(until=seconds + 61.0)
    charger, car = session.ends
    assert charger.reason in (EndReason.SEQUENCE_TIMEOUT, EndReason.SETUP_TIMEOUT)
    assert car.reason is EndReason.MESSAGE_TIMEOUT


@BOTH
@pytest.mark.parametrize("seconds", MOMENTS)
def test_a_connection_lost_at_any_moment_leaves_both_contactors_open(
    drive: Any, is_dc: bool, seconds: float
) -> None:
    session = drive(is_dc=is_dc, loops=10**6, ac_seconds=500.0, chances={"delay": 0.004})
    session.at(seconds, session.pair.close)
    session.run(until=400.0)
    charger, car = session.ends
    assert (charger.reason, car.reason) == (EndReason.CONNECTION_LOST, EndReason.CONNECTION_LOST)
