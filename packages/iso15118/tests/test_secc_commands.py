"""What the charger's application commands, and what the pilot and the contactor do to a session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evproto.core import StateError, Trace
from evproto.iso15118.iso2 import PausedSessions, Secc, SeccState
from evproto.iso15118.iso2.messages import (
    Body,
    ChargeProgress,
    ChargingSession,
    MessageHeader,
    V2GMessage,
    encode,
)
from evproto.iso15118.iso2.samples import request
from evproto.iso15118.iso2.secc import APP_PROTOCOL
from evproto.iso15118.iso2.testing import SeccProbe
from evproto.iso15118.testing import AC_MODES, context, secc_config
from evproto.v2gtp.charging import (
    ChargingStopped,
    ContactorWanted,
    EndReason,
    EvseAcLimits,
    EvseDcLimits,
    EvStatusChanged,
    PeerFault,
    Pilot,
    PreChargeWanted,
    RenegotiationStarted,
    SessionStarted,
    SupplyOffWanted,
    TargetsChanged,
)

CHARGING = [
    SeccState.AC_STARTED,
    SeccState.AC_CHARGING,
    SeccState.DC_STARTED,
    SeccState.DC_CHARGING,
]


def in_state(state: SeccState, **options: object) -> SeccProbe:
    is_dc = not state.name.startswith("AC") and state is not SeccState.POWER_DELIVERY
    config = options.pop("config", None) or (secc_config() if is_dc else secc_config(*AC_MODES))
    probe = SeccProbe(config, is_dc=is_dc, **options)
    probe.reach(state)
    return probe


def loop(probe: SeccProbe) -> object:
    return probe.ask(request("CurrentDemandReq" if probe.is_dc else "ChargingStatusReq"))


def status(probe: SeccProbe, answer: object) -> object:
    return answer.dc_evse_status if probe.is_dc else answer.ac_evse_status


@pytest.mark.parametrize("state", CHARGING, ids=lambda state: state.name)
def test_stop_asks_the_car_to_stop_within_the_delay(state: SeccState) -> None:
    probe = in_state(state)
    probe.session.stop(probe.now, max_delay_s=20.0)
    told = status(probe, loop(probe))
    assert told.evse_notification.value == "StopCharging"
    assert told.notification_max_delay == 20
    answer = probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.STOP))
    assert answer.response_code.value == "OK"
    assert probe.contactor is False


def test_a_car_that_does_not_obey_is_reported_once() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.stop(probe.now, max_delay_s=10.0)
    for _ in range(80):
        probe.wait(1.0)
        loop(probe)
    faults = [event.name for event in probe.events if isinstance(event, PeerFault)]
    assert faults == ["EVSENotification stop charging"]


@pytest.mark.parametrize("state", CHARGING, ids=lambda state: state.name)
def test_emergency_shutdown_opens_the_contactor_at_once_and_is_told_once_then_fails(state: SeccState) -> None:
    probe = in_state(state)
    probe.session.emergency_shutdown(probe.now)
    probe.response()
    assert probe.contactor is False
    answer = loop(probe)
    assert answer.response_code.value == "OK"
    assert status(probe, answer).evse_notification.value == "StopCharging"
    if probe.is_dc:
        assert answer.dc_evse_status.evse_status_code.value == "EVSE_EmergencyShutdown"
    assert loop(probe).response_code.value == "FAILED"
    assert probe.ended.reason is EndReason.EMERGENCY_SHUTDOWN
    assert not probe.ended.ok


def test_a_car_may_end_in_good_order_after_an_emergency_shutdown() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.emergency_shutdown(probe.now)
    loop(probe)
    probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.STOP))
    probe.ask(request("WeldingDetectionReq"))
    assert probe.ask(request("SessionStopReq")).response_code.value == "OK"
    assert probe.ended.reason is EndReason.EMERGENCY_SHUTDOWN
    assert not probe.ended.ok


def test_no_current_is_wanted_after_an_emergency_shutdown() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.emergency_shutdown(probe.now)
    loop(probe)
    last = [event for event in probe.events if isinstance(event, TargetsChanged | SupplyOffWanted)][-1]
    assert isinstance(last, SupplyOffWanted)


def test_the_supply_is_off_before_the_contactor_opens() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.emergency_shutdown(probe.now)
    probe.response()
    kinds = [type(event) for event in probe.events[-2:]]
    assert kinds == [SupplyOffWanted, ContactorWanted]


LIVE = [
    state for state in SeccState if state not in (SeccState.ENDED, SeccState.AC_RECEIPT, SeccState.DC_RECEIPT)
]


def live(state: SeccState) -> SeccProbe:
    is_dc = state not in (SeccState.STOPPED, SeccState.POWER_DELIVERY) and not state.name.startswith("AC")
    probe = SeccProbe(secc_config() if is_dc else secc_config(*AC_MODES), is_dc=is_dc)
    probe.reach(state)
    return probe


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
def test_a_pulled_cable_ends_the_session_with_the_contactor_open_in_every_state(state: SeccState) -> None:
    probe = live(state)
    probe.session.pilot(Pilot.A, probe.now)
    assert probe.response() is None
    assert probe.ended.reason is EndReason.UNPLUGGED
    assert probe.contactor is False
    assert probe.closed


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
def test_a_lost_connection_ends_the_session_with_the_contactor_open_in_every_state(state: SeccState) -> None:
    probe = live(state)
    probe.session.connection_lost(probe.now)
    assert probe.response() is None
    assert probe.ended.reason is EndReason.CONNECTION_LOST
    assert probe.contactor is False
    assert not probe.closed


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
def test_abort_ends_the_session_with_the_contactor_open_in_every_state(state: SeccState) -> None:
    probe = live(state)
    probe.session.abort(probe.now)
    assert probe.response() is None
    assert probe.ended.reason is EndReason.ABORTED
    assert probe.contactor is False
    assert probe.closed


@pytest.mark.parametrize("state", CHARGING, ids=lambda state: state.name)
@pytest.mark.parametrize("pilot", [Pilot.B, Pilot.E, Pilot.F], ids=lambda pilot: pilot.name)
def test_the_contactor_opens_when_the_pilot_leaves_c_while_charging(state: SeccState, pilot: Pilot) -> None:
    probe = in_state(state)
    probe.session.pilot(pilot, probe.now)
    probe.response()
    assert probe.contactor is False
    assert probe.ended is None


def test_an_ac_contactor_closes_again_when_the_pilot_comes_back() -> None:
    probe = in_state(SeccState.AC_CHARGING)
    probe.session.pilot(Pilot.B, probe.now)
    probe.session.pilot(Pilot.C, probe.now)
    probe.response()
    assert probe.contactor is True


def test_a_dc_contactor_stays_open_when_the_pilot_comes_back() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.pilot(Pilot.B, probe.now)
    probe.session.pilot(Pilot.C, probe.now)
    loop(probe)
    assert probe.contactor is False


def test_a_contactor_that_opens_by_itself_shuts_the_charger_down() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    probe.session.contactor(False, probe.now)
    answer = loop(probe)
    assert answer.dc_evse_status.evse_status_code.value == "EVSE_Malfunction"
    assert probe.contactor is False


@pytest.mark.parametrize("state", CHARGING, ids=lambda state: state.name)
def test_renegotiation_by_the_charger_is_asked_for_and_begun_by_the_car(state: SeccState) -> None:
    probe = in_state(state)
    probe.session.renegotiate(probe.now)
    assert status(probe, loop(probe)).evse_notification.value == "ReNegotiation"
    probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.RENEGOTIATE))
    assert RenegotiationStarted(by_ev=False) in probe.events
    answer = probe.ask(request("ChargeParameterDiscoveryReq", is_dc=probe.is_dc))
    assert answer.evse_processing.value == "Finished"
    if probe.is_dc:
        assert answer.evse_charge_parameter.dc_evse_status.evse_notification.value == "None"


def test_renegotiation_by_the_car_is_reported_as_its_own() -> None:
    probe = in_state(SeccState.AC_CHARGING)
    probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.RENEGOTIATE))
    assert RenegotiationStarted(by_ev=True) in probe.events


def test_cable_check_after_a_renegotiation_begins_with_the_contactor_open_and_a_new_test() -> None:
    probe = in_state(SeccState.RENEGOTIATED)
    assert probe.contactor is True
    answer = probe.ask(request("CableCheckReq"))
    assert probe.contactor is False
    assert answer.evse_processing.value == "Ongoing"
    assert probe.ask(request("CableCheckReq")).evse_processing.value == "Finished"
    probe.ask(request("PreChargeReq"))
    assert probe.contactor is True


def test_renegotiation_before_charging_is_a_state_error() -> None:
    with pytest.raises(StateError):
        in_state(SeccState.CHARGE_PARAMETERS).session.renegotiate(0.0)


def test_new_limits_are_told_in_the_charge_loop() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    limits = EvseDcLimits(max_voltage_v=900.0, max_current_a=80.0, max_power_w=30_000.0)
    probe.session.set_limits(limits, probe.now)
    probe.session.set_present(400.0, 75.0, probe.now)
    answer = loop(probe)
    assert answer.evse_maximum_current_limit.si == 80.0
    assert answer.evse_maximum_power_limit.si == 30_000.0
    assert answer.evse_present_current.si == 75.0
    assert answer.evse_current_limit_achieved
    assert answer.evse_power_limit_achieved
    assert not answer.evse_voltage_limit_achieved
    assert TargetsChanged(voltage_v=410.0, current_a=80.0) in probe.events


def test_new_ac_limits_and_the_rcd_are_told_in_the_charge_loop() -> None:
    probe = in_state(SeccState.AC_CHARGING)
    probe.session.set_limits(EvseAcLimits(nominal_voltage_v=230.0, max_current_a=10.0), probe.now)
    probe.session.set_rcd(True, probe.now)
    answer = loop(probe)
    assert answer.evse_max_current.si == 10.0
    assert answer.ac_evse_status.rcd


def test_targets_are_told_only_when_they_change() -> None:
    probe = in_state(SeccState.DC_CHARGING)
    for _ in range(5):
        loop(probe)
    assert len([event for event in probe.events if isinstance(event, TargetsChanged)]) == 1
    assert len([event for event in probe.events if isinstance(event, EvStatusChanged)]) == 2


def test_the_pre_charge_target_never_exceeds_the_charger() -> None:
    probe = in_state(SeccState.PRE_CHARGE)
    probe.session.set_limits(
        EvseDcLimits(max_voltage_v=300.0, max_current_a=100.0, max_power_w=1000.0), probe.now
    )
    probe.ask(request("PreChargeReq"))
    assert PreChargeWanted(voltage_v=300.0, current_a=1.0) in probe.events


def test_a_stop_before_charging_is_answered_and_no_contactor_has_closed() -> None:
    probe = in_state(SeccState.POWER_DELIVERY)
    answer = probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.STOP))
    assert answer.response_code.value == "OK"
    assert ChargingStopped() in probe.events
    assert ContactorWanted(closed=True) not in probe.events


def test_a_second_request_before_the_response_ends_the_session() -> None:
    probe = SeccProbe(secc_config(*AC_MODES), is_dc=False, passive=True)
    probe.reach(SeccState.POWER_DELIVERY)
    assert probe.ask(request("PowerDeliveryReq")) is None
    answer = probe.ask(request("ChargingStatusReq"))
    assert answer.response_code.value == "FAILED_SequenceError"
    assert "before the response" in probe.ended.detail
    assert probe.contactor is False
    assert probe.closed


def paused() -> tuple[PausedSessions, bytes]:
    memory = PausedSessions()
    probe = SeccProbe(paused=memory)
    probe.reach(SeccState.DC_STOPPED)
    answer = probe.ask(replace(request("SessionStopReq"), charging_session=ChargingSession.PAUSE))
    assert answer.response_code.value == "OK"
    assert probe.ended.reason is EndReason.PAUSED
    assert probe.ended.ok
    return memory, probe.session_id


def test_a_paused_session_is_joined_again_and_stays_authorized() -> None:
    memory, session_id = paused()
    probe = SeccProbe(paused=memory)
    answer = probe.ask(request("SessionSetupReq"), session_id=session_id)
    assert answer.response_code.value == "OK_OldSessionJoined"
    assert probe.session_id == session_id
    assert SessionStarted(session_id=session_id, peer_id="02AABBCCDDEE", resumed=True) in probe.events
    for name in ("ServiceDiscoveryReq", "PaymentServiceSelectionReq"):
        probe.ask(request(name))
    assert probe.ask(request("AuthorizationReq")).evse_processing.value == "Finished"


def test_a_paused_session_is_joined_once_and_by_its_own_car_only() -> None:
    memory, session_id = paused()
    stranger = SeccProbe(paused=memory)
    answer = stranger.ask(replace(request("SessionSetupReq"), evcc_id=b"\1" * 6), session_id=session_id)
    assert answer.response_code.value == "OK_NewSessionEstablished"
    assert memory.sessions
    owner = SeccProbe(paused=memory)
    assert (
        owner.ask(request("SessionSetupReq"), session_id=session_id).response_code.value
        == "OK_OldSessionJoined"
    )
    again = SeccProbe(paused=memory)
    answer = again.ask(request("SessionSetupReq"), session_id=session_id)
    assert answer.response_code.value == "OK_NewSessionEstablished"


def test_an_unknown_session_id_becomes_a_new_session() -> None:
    probe = SeccProbe(paused=PausedSessions())
    answer = probe.ask(request("SessionSetupReq"), session_id=b"\x77" * 8)
    assert answer.response_code.value == "OK_NewSessionEstablished"
    assert probe.session_id != b"\x77" * 8


def test_the_memory_of_paused_sessions_is_bounded() -> None:
    memory = PausedSessions(capacity=2)
    first = paused()[0].sessions
    pattern = next(iter(first.values()))
    for number in range(5):
        memory.remember(replace(pattern, session_id=bytes([number])))
    assert list(memory.sessions) == [b"\3", b"\4"]


def test_a_session_id_is_eight_random_bytes_and_never_zero() -> None:
    zero = replace(context(APP_PROTOCOL), entropy=bytes)
    session = Secc(secc_config()).open(zero, 0.0)
    probe = SeccProbe()
    probe.session = session
    probe.ask(request("SessionSetupReq"))
    assert len(probe.session_id) == 8
    assert any(probe.session_id)


def test_the_trace_tells_messages_states_faults_and_the_end() -> None:
    records: list[Trace] = []
    session = Secc(secc_config()).open(context(APP_PROTOCOL, trace=records.append), 0.0)
    probe = SeccProbe()
    probe.session = session
    probe.ask(request("SessionSetupReq"))
    probe.ask(request("CableCheckReq"))
    told = [(record.kind.value, record.name) for record in records]
    assert told == [
        ("received", "SessionSetupReq"),
        ("sent", "SessionSetupRes"),
        ("state", "service discovery"),
        ("received", "CableCheckReq"),
        ("fault", "FAILED_SequenceError"),
        ("sent", "CableCheckRes"),
        ("note", "contactor wanted"),
        ("state", "ended"),
        ("note", "session ended"),
    ]
    assert all(record.raw for record in records if record.kind.value in ("sent", "received"))


def test_a_start_after_the_charger_asked_to_stop_is_refused() -> None:
    probe = in_state(SeccState.POWER_DELIVERY)
    probe.session.stop(probe.now)
    probe.session.pilot(Pilot.C, probe.now)
    answer = probe.ask(request("PowerDeliveryReq"))
    assert answer.response_code.value == "FAILED_PowerDeliveryNotApplied"
    assert ContactorWanted(closed=True) not in probe.events


def test_a_service_scope_of_nul_characters_as_a_car_sends_it_is_answered() -> None:
    probe = in_state(SeccState.SERVICE_DISCOVERY)
    answer = probe.ask(replace(request("ServiceDiscoveryReq"), service_scope="\0" * 64))
    assert answer.response_code.value == "OK"


def surplus(count: int, filler: bytes) -> tuple[SeccProbe, list[Trace], object]:
    records: list[Trace] = []
    probe = SeccProbe()
    probe.session = Secc(secc_config()).open(context(APP_PROTOCOL, trace=records.append), 0.0)
    message = V2GMessage(
        header=MessageHeader(session_id=b"\0"), body=Body(body_element=request("SessionSetupReq"))
    )
    return probe, records, probe.send(encode(message) + filler * count)


def test_surplus_zero_bytes_after_a_message_are_accepted_and_told_in_the_trace() -> None:
    _, records, answer = surplus(2, b"\0")
    assert answer.response_code.value == "OK_NewSessionEstablished"
    assert records[0].details == {"surplus_bytes": 2}


def test_other_bytes_after_a_message_are_malformed() -> None:
    probe, _, answer = surplus(1, b"\1")
    assert answer is None
    assert probe.ended.reason is EndReason.MALFORMED_MESSAGE
