"""Every state of the SECC times every message: the table's answer, and never an exception."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evproto.iso15118.iso2 import ACCEPTS, SECC_TABLE, SeccState
from evproto.iso15118.iso2.failures import failed_response
from evproto.iso15118.iso2.messages import BodyElement, ChargeProgress
from evproto.iso15118.iso2.samples import METER, REQUEST_NAMES, request, response
from evproto.iso15118.iso2.states import CHARGING
from evproto.iso15118.iso2.testing import SeccProbe
from evproto.iso15118.testing import AC_MODES, DC_MODES, secc_config
from evproto.v2gtp.charging import EndReason, Pilot

AC_ONLY = {
    SeccState.POWER_DELIVERY,
    SeccState.AC_STARTED,
    SeccState.AC_CHARGING,
    SeccState.AC_RECEIPT,
    SeccState.STOPPED,
}
LIVE = [state for state in SeccState if state is not SeccState.ENDED]


def probe_in(state: SeccState) -> SeccProbe:
    is_dc = state not in AC_ONLY
    config = secc_config(*(DC_MODES if is_dc else AC_MODES))
    if state in (SeccState.AC_RECEIPT, SeccState.DC_RECEIPT):
        config = replace(config, receipt_wanted=True)
    probe = SeccProbe(config, is_dc=is_dc)
    probe.reach(state)
    return probe


def good_request(probe: SeccProbe, name: str) -> BodyElement:
    progress = ChargeProgress.STOP if probe.session.state in CHARGING else ChargeProgress.START
    if name == "PowerDeliveryReq" and progress is ChargeProgress.START:
        probe.session.pilot(Pilot.C, probe.now)
    return request(name, is_dc=probe.is_dc, progress=progress)


@pytest.mark.parametrize("state", SeccState, ids=lambda state: state.name)
def test_every_state_can_be_reached(state: SeccState) -> None:
    assert probe_in(state).session.state is state


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
@pytest.mark.parametrize("name", REQUEST_NAMES)
def test_secc_takes_what_the_table_allows_and_answers_sequence_error_to_the_rest(
    state: SeccState, name: str
) -> None:
    probe = probe_in(state)
    answer = probe.ask(good_request(probe, name))
    assert type(answer).__name__ == name.replace("Req", "Res")
    code = answer.response_code.value
    if name in ACCEPTS[state]:
        assert code.startswith("OK")
        following = {row.next for row in SECC_TABLE if row.state is state and row.request == name}
        assert probe.session.state in following
    else:
        assert code == "FAILED_SequenceError"
        assert probe.ended is not None
        assert probe.ended.reason is EndReason.SEQUENCE_ERROR
        assert not probe.ended.ok
        assert probe.contactor is False
        assert probe.closed


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
@pytest.mark.parametrize("name", REQUEST_NAMES)
def test_secc_closes_without_an_answer_when_it_is_sent_a_response(state: SeccState, name: str) -> None:
    if name in ("PaymentDetailsReq", "CertificateInstallationReq", "CertificateUpdateReq"):
        body = failed_response_sample(name)
    else:
        body = response(name)
    probe = probe_in(state)
    assert probe.ask(body) is None
    assert probe.ended is not None
    assert probe.ended.reason is EndReason.SEQUENCE_ERROR
    assert probe.contactor is False
    assert probe.closed


def failed_response_sample(name: str) -> BodyElement:
    probe = SeccProbe()
    answer = probe.ask(request(name))
    assert answer is not None
    return answer


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
@pytest.mark.parametrize("payload", [b"", b"\x80", b"\x80\x98\x00", b"\xff" * 40], ids=repr)
def test_secc_closes_and_opens_the_contactor_after_a_malformed_message(
    state: SeccState, payload: bytes
) -> None:
    probe = probe_in(state)
    assert probe.send(payload) is None
    assert probe.ended is not None
    assert probe.ended.reason is EndReason.MALFORMED_MESSAGE
    assert probe.contactor is False
    assert probe.closed


@pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name)
def test_secc_answers_unknown_session_to_a_foreign_session_id(state: SeccState) -> None:
    probe = probe_in(state)
    if state is SeccState.SESSION_SETUP:
        return
    name = sorted(ACCEPTS[state])[0]
    answer = probe.ask(good_request(probe, name), session_id=b"\x55" * 8)
    assert answer.response_code.value == "FAILED_UnknownSession"
    assert probe.ended.reason is EndReason.WRONG_SESSION
    assert probe.contactor is False


def test_secc_is_silent_once_it_has_ended() -> None:
    probe = probe_in(SeccState.ENDED)
    seen = len(probe.events)
    for name in REQUEST_NAMES:
        assert probe.ask(request(name)) is None
    assert probe.wait(1000.0) is None
    assert len(probe.events) == seen
    assert probe.session.deadline is None


def test_secc_refuses_a_payload_type_that_is_not_exi() -> None:
    probe = probe_in(SeccState.SERVICE_DISCOVERY)
    assert probe.send(b"\x80\x98", payload_type=0x9000) is None
    assert probe.ended.reason is EndReason.MALFORMED_MESSAGE


def test_every_request_has_a_failed_response_that_the_schema_allows() -> None:
    for name in REQUEST_NAMES:
        probe = SeccProbe()
        answer = probe.ask(request(name) if name != "SessionSetupReq" else request("SessionStopReq"))
        assert answer.response_code.value.startswith("FAILED")


def test_a_response_has_no_failed_response() -> None:
    assert failed_response(type(response("SessionStopReq")), None, None) is None  # type: ignore[arg-type]


def test_the_meter_sample_is_what_the_receipt_sample_names() -> None:
    receipt = request("MeteringReceiptReq")
    assert receipt.meter_info.meter_id == METER.meter_id
    assert receipt.meter_info.meter_reading == METER.energy_wh
