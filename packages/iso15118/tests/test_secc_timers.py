"""Every timer of the SECC in virtual time: late is reported, too late has its consequence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evproto.iso15118.iso2 import FIELD, STRICT, SeccState
from evproto.iso15118.iso2.messages import ChargeProgress
from evproto.iso15118.iso2.samples import request
from evproto.iso15118.iso2.testing import SeccProbe
from evproto.iso15118.testing import AC_MODES, secc_config
from evproto.v2gtp.charging import EndReason, Isolation, Late, PeerFault, Pilot, SessionEnded

STATES_WITH_SEQUENCE_TIME = [
    SeccState.SERVICE_DISCOVERY,
    SeccState.SERVICE_SELECTION,
    SeccState.AUTHORIZATION,
    SeccState.CHARGE_PARAMETERS,
    SeccState.CABLE_CHECK,
    SeccState.PRE_CHARGE,
    SeccState.PRE_CHARGING,
    SeccState.DC_STARTED,
    SeccState.DC_CHARGING,
    SeccState.DC_STOPPED,
]


def in_state(state: SeccState, **options: object) -> SeccProbe:
    probe = SeccProbe(**options)
    probe.reach(state)
    return probe


def late(probe: SeccProbe) -> list[Late]:
    return [event for event in probe.events if isinstance(event, Late)]


def closed_after(probe: SeccProbe, reason: EndReason) -> None:
    assert isinstance(probe.events[-1], SessionEnded)
    assert probe.events[-1].reason is reason
    assert not probe.events[-1].ok
    assert probe.contactor is False
    assert probe.closed


@pytest.mark.parametrize("state", STATES_WITH_SEQUENCE_TIME, ids=lambda state: state.name)
def test_secc_closes_60_s_after_its_response_when_no_request_comes(state: SeccState) -> None:
    probe = in_state(state)
    assert probe.session.deadline is not None
    probe.wait(59.9)
    assert probe.ended is None
    assert probe.wait(0.2) is None
    closed_after(probe, EndReason.SEQUENCE_TIMEOUT)


def test_secc_reports_a_request_later_than_40_s_and_answers_it() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.wait(41.0)
    assert probe.ask(request("CurrentDemandReq")).response_code.value == "OK"
    assert late(probe) == [Late(name="CurrentDemandReq", by_peer=True, seconds=41.0, allowed_s=40.0)]


def test_secc_reports_nothing_for_a_request_within_40_s() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.wait(39.0)
    probe.ask(request("CurrentDemandReq"))
    assert late(probe) == []


def test_secc_closes_when_session_setup_is_not_done_at_the_setup_deadline() -> None:
    probe = SeccProbe()
    probe.wait(19.9)
    assert probe.ended is None
    probe.wait(0.1)
    closed_after(probe, EndReason.SETUP_TIMEOUT)


def test_session_setup_stops_the_communication_setup_timer() -> None:
    probe = in_state(SeccState.SERVICE_DISCOVERY)
    probe.wait(59.0)
    assert probe.ended is None


def ask_until(probe: SeccProbe, name: str, seconds: float, step: float = 1.0) -> object:
    """Ask again and again for so long; the last answer."""
    answer = None
    until = probe.now + seconds
    while probe.now < until and probe.ended is None:
        answer = probe.ask(request(name))
        probe.wait(step)
    return answer


def test_secc_waits_300_s_for_a_customer_then_fails_authorization() -> None:
    probe = in_state(SeccState.AUTHORIZATION)
    answer = ask_until(probe, "AuthorizationReq", 299.0)
    assert answer.evse_processing.value == "Ongoing_WaitingForCustomerInteraction"
    assert [event.name for event in late(probe)] == ["authorization"]
    answer = ask_until(probe, "AuthorizationReq", 3.0)
    assert answer.response_code.value == "FAILED"
    closed_after(probe, EndReason.NOT_AUTHORIZED)


def test_secc_fails_charge_parameter_discovery_after_60_s_without_schedules() -> None:
    config = replace(secc_config(), own_schedules=True)
    probe = in_state(SeccState.CHARGE_PARAMETERS, config=config)
    ask_until(probe, "ChargeParameterDiscoveryReq", 54.0)
    assert late(probe) == []
    ask_until(probe, "ChargeParameterDiscoveryReq", 5.0)
    assert [(event.name, event.by_peer) for event in late(probe)] == [("charge parameter discovery", False)]
    answer = ask_until(probe, "ChargeParameterDiscoveryReq", 3.0)
    assert answer.response_code.value == "FAILED"
    closed_after(probe, EndReason.ONGOING_TIMEOUT)


def test_secc_fails_the_cable_check_after_40_s_without_an_isolation_result() -> None:
    probe = SeccProbe(passive=True)
    probe.reach(SeccState.CABLE_CHECK)
    probe.session.pilot(Pilot.C, probe.now)
    ask_until(probe, "CableCheckReq", 37.0)
    assert late(probe) == []
    ask_until(probe, "CableCheckReq", 2.5)
    assert [event.name for event in late(probe)] == ["cable check"]
    answer = ask_until(probe, "CableCheckReq", 2.0)
    assert answer.response_code.value == "FAILED"
    closed_after(probe, EndReason.CABLE_CHECK_TIMEOUT)


def test_secc_does_not_begin_the_isolation_test_before_pilot_state_c() -> None:
    probe = SeccProbe(passive=True)
    probe.reach(SeccState.CABLE_CHECK)
    answer = ask_until(probe, "CableCheckReq", 10.0)
    assert answer.evse_processing.value == "Ongoing"
    assert not [event for event in probe.events if type(event).__name__ == "IsolationTestWanted"]


@pytest.mark.parametrize(("timeouts", "limit"), [(STRICT, 7.0), (FIELD, 10.0)], ids=["strict", "field"])
def test_secc_fails_a_pre_charge_that_does_not_reach_its_voltage(timeouts: object, limit: float) -> None:
    probe = in_state(SeccState.PRE_CHARGE, timeouts=timeouts)
    ask_until(probe, "PreChargeReq", 4.8, step=0.1)
    assert late(probe) == []
    ask_until(probe, "PreChargeReq", limit - 5.0, step=0.1)
    assert [event.name for event in late(probe)] == ["pre-charge"]
    assert probe.ended is None
    answer = ask_until(probe, "PreChargeReq", 1.0, step=0.1)
    assert answer.response_code.value == "FAILED"
    closed_after(probe, EndReason.PRE_CHARGE_TIMEOUT)


def test_secc_lets_a_pre_charge_last_once_its_voltage_is_reached() -> None:
    probe = in_state(SeccState.PRE_CHARGE)
    probe.session.set_present(395.0, 0.5, probe.now)
    answer = ask_until(probe, "PreChargeReq", 20.0)
    assert answer.response_code.value == "OK"
    assert answer.evse_present_voltage.si == 395.0


def starting(is_dc: bool, timeouts: object = STRICT) -> SeccProbe:
    config = secc_config(*(() if is_dc else AC_MODES))
    probe = SeccProbe(config, is_dc=is_dc, passive=True, timeouts=timeouts)
    probe.reach(SeccState.POWER_DELIVERY)
    assert probe.ask(request("PowerDeliveryReq")) is None
    return probe


@pytest.mark.parametrize(("timeouts", "limit"), [(STRICT, 0.25), (FIELD, 1.5)], ids=["strict", "field"])
def test_secc_refuses_power_when_the_pilot_does_not_change_in_time(timeouts: object, limit: float) -> None:
    probe = starting(is_dc=False, timeouts=timeouts)
    assert probe.wait(limit - 0.01) is None
    answer = probe.wait(0.02)
    assert answer.response_code.value == "FAILED_PowerDeliveryNotApplied"
    closed_after(probe, EndReason.PILOT_TIMEOUT)


def test_secc_answers_contactor_error_when_the_contactor_does_not_close_within_3_s() -> None:
    probe = starting(is_dc=False)
    probe.wait(0.2)
    probe.session.pilot(Pilot.C, probe.now)
    assert probe.response() is None
    assert probe.contactor is True
    assert probe.wait(2.9) is None
    answer = probe.wait(0.2)
    assert answer.response_code.value == "FAILED_ContactorError"
    closed_after(probe, EndReason.CONTACTOR_TIMEOUT)


def test_secc_answers_as_soon_as_the_contactor_has_closed() -> None:
    probe = starting(is_dc=False)
    probe.session.pilot(Pilot.C, probe.now)
    probe.wait(1.0)
    probe.session.contactor(True, probe.now)
    assert probe.response().response_code.value == "OK"
    assert probe.session.state is SeccState.AC_STARTED
    assert late(probe) == []


def test_secc_answers_contactor_error_when_the_contactor_does_not_open_within_3_s() -> None:
    probe = in_state(SeccState.AC_CHARGING, config=secc_config(*AC_MODES), is_dc=False)
    probe.passive = True
    assert probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.STOP)) is None
    assert probe.contactor is False
    answer = probe.wait(3.1)
    assert answer.response_code.value == "FAILED_ContactorError"
    closed_after(probe, EndReason.CONTACTOR_TIMEOUT)


def test_secc_reports_a_pilot_that_stays_in_c_after_the_stop() -> None:
    probe = in_state(SeccState.DC_STOPPED)
    probe.wait(0.3)
    assert [event.name for event in probe.events if isinstance(event, PeerFault)] == ["pilot state C"]
    assert probe.ended is None


def test_secc_reports_nothing_when_the_pilot_goes_back_in_time() -> None:
    probe = in_state(SeccState.DC_STOPPED)
    probe.session.pilot(Pilot.B, probe.now)
    probe.wait(0.3)
    assert not [event for event in probe.events if isinstance(event, PeerFault)]


def test_secc_reports_its_own_late_answer_apart_from_any_timeout() -> None:
    """The standard's times leave no room for it, so contactors are slow here by another table."""
    slow = replace(STRICT, contactor=STRICT.contactor._replace(timeout=30.0))
    probe = starting(is_dc=False, timeouts=slow)
    probe.session.pilot(Pilot.C, probe.now)
    probe.wait(4.6)
    probe.session.contactor(True, probe.now)
    assert probe.response().response_code.value == "OK"
    assert [(event.name, event.by_peer) for event in late(probe)] == [("PowerDeliveryReq", False)]


def test_the_sequence_timer_does_not_run_while_the_answer_is_owed() -> None:
    slow = replace(STRICT, contactor=STRICT.contactor._replace(timeout=100.0))
    probe = starting(is_dc=False, timeouts=slow)
    probe.session.pilot(Pilot.C, probe.now)
    probe.wait(70.0)
    assert probe.ended is None


def test_no_timer_runs_after_the_end() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.abort(probe.now)
    probe.response()
    assert probe.session.deadline is None


def test_the_isolation_test_is_asked_for_once() -> None:
    probe = SeccProbe(passive=True)
    probe.reach(SeccState.CABLE_CHECK)
    probe.session.pilot(Pilot.C, probe.now)
    ask_until(probe, "CableCheckReq", 5.0)
    assert len([event for event in probe.events if type(event).__name__ == "IsolationTestWanted"]) == 1
    probe.session.isolation_result(Isolation.WARNING, probe.now)
    answer = probe.ask(request("CableCheckReq"))
    assert answer.evse_processing.value == "Finished"
    assert answer.dc_evse_status.evse_isolation_status.value == "Warning"
