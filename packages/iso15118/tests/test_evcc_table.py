"""Every request of the EVCC times every message: the table's next step, and never an exception."""

from __future__ import annotations

import pytest

from evproto.iso15118.iso2 import EVCC_TABLE
from evproto.iso15118.iso2.messages import (
    AuthorizationRes,
    BodyElement,
    DCEVSEStatusCode,
    EVSENotification,
    EVSEProcessing,
    IsolationLevel,
    PowerDeliveryReq,
    PreChargeRes,
    ResponseCode,
    SessionStopReq,
)
from evproto.iso15118.iso2.samples import REQUEST_NAMES, change, dc_status, request, response
from evproto.iso15118.iso2.states import REQUESTS
from evproto.iso15118.iso2.testing import EvccProbe, SeccProbe
from evproto.iso15118.iso2.values import volts
from evproto.v2gtp.charging import ChargingStarted, EndReason, Pilot, PilotWanted

AC_ONLY = {"ChargingStatusReq"}
AT_ANY_TIME = [name for name in REQUESTS if name not in ("ServiceDetailReq",)]


def probe_at(name: str) -> EvccProbe:
    probe = EvccProbe(is_dc=name not in AC_ONLY)
    probe.reach(name)
    return probe


def over(probe: EvccProbe, reason: EndReason) -> None:
    assert probe.ended is not None
    assert probe.ended.reason is reason
    assert not probe.ended.ok
    assert probe.contactor is False
    assert probe.closed
    assert probe.session.deadline is None


@pytest.mark.parametrize("name", AT_ANY_TIME)
def test_every_request_is_reached_in_a_healthy_session(name: str) -> None:
    assert probe_at(name).asked == name


@pytest.mark.parametrize("name", AT_ANY_TIME)
def test_a_good_response_is_followed_by_what_the_table_allows(name: str) -> None:
    probe = probe_at(name)
    probe.answer(response(name, is_dc=probe.is_dc))
    probe.wait(0.2)
    following = {step.next for step in EVCC_TABLE if step.request == name}
    if probe.ended is not None:
        assert "ended" in following
        assert probe.ended.ok
    else:
        assert probe.asked in following


@pytest.mark.parametrize("name", AT_ANY_TIME)
@pytest.mark.parametrize("other", [name for name in REQUEST_NAMES if name in REQUESTS])
def test_a_response_to_something_else_ends_the_session(name: str, other: str) -> None:
    if name == other:
        return
    probe = probe_at(name)
    probe.answer(response(other))
    over(probe, EndReason.SEQUENCE_ERROR)


@pytest.mark.parametrize("name", AT_ANY_TIME)
@pytest.mark.parametrize("other", REQUEST_NAMES)
def test_a_request_from_the_charger_ends_the_session(name: str, other: str) -> None:
    probe = probe_at(name)
    probe.answer(request(other))
    over(probe, EndReason.SEQUENCE_ERROR)


@pytest.mark.parametrize("name", AT_ANY_TIME)
@pytest.mark.parametrize("code", [code for code in ResponseCode if code.value.startswith("FAILED")])
def test_a_failed_response_ends_the_session_and_is_named(name: str, code: ResponseCode) -> None:
    probe = probe_at(name)
    body = response(name, is_dc=probe.is_dc)
    probe.answer(change(body, type(body), response_code=code))
    over(probe, EndReason.PEER_REFUSED)
    assert code.value in probe.ended.detail


@pytest.mark.parametrize("name", AT_ANY_TIME)
@pytest.mark.parametrize("payload", [b"", b"\x80", b"\x80\x98\x00", b"\xff" * 40], ids=repr)
def test_a_malformed_message_ends_the_session(name: str, payload: bytes) -> None:
    probe = probe_at(name)
    probe.send(payload)
    over(probe, EndReason.MALFORMED_MESSAGE)


@pytest.mark.parametrize("name", [name for name in AT_ANY_TIME if name != "SessionSetupReq"])
def test_a_response_of_another_session_ends_the_session(name: str) -> None:
    probe = probe_at(name)
    probe.answer(response(name, is_dc=probe.is_dc), session_id=b"\x55" * 8)
    over(probe, EndReason.WRONG_SESSION)


def test_a_session_setup_with_session_id_zero_ends_the_session() -> None:
    probe = EvccProbe()
    probe.answer(response("SessionSetupReq"), session_id=bytes(8))
    over(probe, EndReason.WRONG_SESSION)


def test_a_response_that_nobody_asked_for_ends_the_session() -> None:
    probe = probe_at("CurrentDemandReq")
    probe.answer(response("CurrentDemandReq"))
    assert not probe.session.asked
    probe.answer(response("CurrentDemandReq"))
    over(probe, EndReason.SEQUENCE_ERROR)


def test_a_car_asks_again_while_authorization_is_ongoing() -> None:
    probe = probe_at("AuthorizationReq")
    count = len(probe.requests)
    waiting = AuthorizationRes(response_code=ResponseCode.OK, evse_processing=EVSEProcessing.ONGOING)
    probe.answer(waiting)
    assert len(probe.requests) == count
    probe.wait(0.1)
    assert len(probe.requests) == count + 1
    assert probe.asked == "AuthorizationReq"


def test_a_car_asks_for_energy_with_the_pilot_before_the_cable_check() -> None:
    probe = probe_at("CableCheckReq")
    assert PilotWanted(state=Pilot.C) in probe.events


def test_a_car_pre_charges_until_the_voltages_are_within_20_v() -> None:
    probe = probe_at("PreChargeReq")
    for voltage in (0.0, 200.0, 379.0):
        probe.answer(change(response("PreChargeReq"), PreChargeRes, evse_present_voltage=volts(voltage)))
        probe.wait(0.1)
        assert probe.asked == "PreChargeReq"
    probe.answer(change(response("PreChargeReq"), PreChargeRes, evse_present_voltage=volts(381.0)))
    assert probe.contactor is True
    assert probe.asked == "PowerDeliveryReq"


def test_a_car_keeps_its_contactor_open_until_pre_charge_is_done() -> None:
    probe = probe_at("PreChargeReq")
    assert probe.contactor is False


def test_a_car_sends_power_delivery_only_when_its_contactor_has_closed() -> None:
    probe = EvccProbe(passive=True)
    probe.reach("PreChargeReq")
    probe.answer(response("PreChargeReq"))
    assert probe.asked == "PreChargeReq"
    assert probe.contactor is True
    probe.session.contactor(True, probe.now)
    probe.pump()
    assert probe.asked == "PowerDeliveryReq"


@pytest.mark.parametrize("isolation", [IsolationLevel.FAULT, IsolationLevel.INVALID, IsolationLevel.NO_IMD])
def test_a_car_leaves_in_good_order_when_the_isolation_test_failed(isolation: IsolationLevel) -> None:
    probe = probe_at("CableCheckReq")
    body = response("CableCheckReq")
    probe.answer(change(body, type(body), dc_evse_status=dc_status(isolation=isolation)))
    assert isinstance(probe.request, SessionStopReq)
    probe.answer(response("SessionStopReq"))
    assert probe.ended.reason in (EndReason.ISOLATION_FAULT, EndReason.EMERGENCY_SHUTDOWN)
    assert not probe.ended.ok


@pytest.mark.parametrize("name", ["CurrentDemandReq", "ChargingStatusReq"])
def test_a_car_stops_when_the_charger_asks_it_to(name: str) -> None:
    probe = probe_at(name)
    body = response(name, is_dc=probe.is_dc)
    field = "dc_evse_status" if probe.is_dc else "ac_evse_status"
    told = change(
        getattr(body, field), type(getattr(body, field)), evse_notification=EVSENotification.STOP_CHARGING
    )
    probe.answer(change(body, type(body), **{field: told}))
    assert isinstance(probe.request, PowerDeliveryReq)
    assert probe.request.charge_progress.value == "Stop"


@pytest.mark.parametrize("name", ["CurrentDemandReq", "ChargingStatusReq"])
def test_a_car_renegotiates_when_the_charger_asks_it_to(name: str) -> None:
    probe = probe_at(name)
    body = response(name, is_dc=probe.is_dc)
    field = "dc_evse_status" if probe.is_dc else "ac_evse_status"
    told = change(
        getattr(body, field), type(getattr(body, field)), evse_notification=EVSENotification.RE_NEGOTIATION
    )
    probe.answer(change(body, type(body), **{field: told}))
    assert probe.request.charge_progress.value == "Renegotiate"
    probe.answer(response("PowerDeliveryReq", is_dc=probe.is_dc))
    assert probe.asked == "ChargeParameterDiscoveryReq"
    probe.reach(name)
    assert len([event for event in probe.events if isinstance(event, ChargingStarted)]) == 2


@pytest.mark.parametrize(
    "code", [DCEVSEStatusCode.EVSE_EMERGENCY_SHUTDOWN, DCEVSEStatusCode.EVSE_MALFUNCTION]
)
def test_a_car_opens_its_contactor_at_once_when_the_charger_shuts_down(code: DCEVSEStatusCode) -> None:
    probe = probe_at("CurrentDemandReq")
    body = response("CurrentDemandReq")
    probe.answer(change(body, type(body), dc_evse_status=dc_status(code=code)))
    assert probe.contactor is False
    assert probe.request.charge_progress.value == "Stop"
    for name in ("PowerDeliveryReq", "WeldingDetectionReq", "SessionStopReq"):
        assert probe.asked == name
        probe.answer(response(name))
    assert probe.ended.reason is EndReason.EMERGENCY_SHUTDOWN
    assert not probe.ended.ok


def test_a_car_signs_for_a_reading_first_when_a_receipt_is_required() -> None:
    probe = probe_at("MeteringReceiptReq")
    assert probe.request.meter_info.meter_reading == 1234
    assert probe.request.session_id == probe.session.session_id
    probe.answer(response("MeteringReceiptReq"))
    assert probe.asked == "CurrentDemandReq"


def test_every_answer_of_our_charger_is_a_response_that_the_car_knows() -> None:
    for name in REQUESTS:
        body: BodyElement | None = SeccProbe().ask(request(name))
        assert type(body).__name__ == name.replace("Req", "Res")
