"""Every timer of the EVCC in virtual time: late is reported, too late has its consequence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evproto.iso15118.iso2 import FIELD, STRICT
from evproto.iso15118.iso2.messages import (
    AuthorizationRes,
    CableCheckRes,
    ChargeParameterDiscoveryRes,
    EVSEProcessing,
    PreChargeRes,
    ResponseCode,
)
from evproto.iso15118.iso2.samples import change, response
from evproto.iso15118.iso2.states import REQUESTS
from evproto.iso15118.iso2.testing import EvccProbe
from evproto.iso15118.iso2.values import volts
from evproto.iso15118.testing import evcc_config
from evproto.v2gtp.charging import EndReason, Late

AT_ANY_TIME = [name for name in REQUESTS if name != "ServiceDetailReq"]


def probe_at(name: str, **options: object) -> EvccProbe:
    probe = EvccProbe(is_dc=name != "ChargingStatusReq", **options)
    probe.reach(name)
    return probe


def late(probe: EvccProbe) -> list[Late]:
    return [event for event in probe.events if isinstance(event, Late)]


def over(probe: EvccProbe, reason: EndReason) -> None:
    assert probe.ended is not None
    assert probe.ended.reason is reason
    assert not probe.ended.ok
    assert probe.contactor is False
    assert probe.closed


@pytest.mark.parametrize("name", AT_ANY_TIME)
@pytest.mark.parametrize("timeouts", [STRICT, FIELD], ids=["strict", "field"])
def test_evcc_closes_when_a_response_does_not_come_within_its_message_timeout(
    name: str, timeouts: object
) -> None:
    probe = probe_at(name, timeouts=timeouts)
    timing = timeouts.messages[name]
    probe.wait(timing.timeout - 0.01)
    assert probe.ended is None
    probe.wait(0.02)
    over(probe, EndReason.MESSAGE_TIMEOUT)


@pytest.mark.parametrize("name", AT_ANY_TIME)
def test_evcc_reports_a_response_after_the_performance_time_and_takes_it(name: str) -> None:
    probe = probe_at(name)
    timing = STRICT.messages[name]
    between = (timing.performance + timing.timeout) / 2
    probe.wait(between)
    probe.answer(response(name, is_dc=probe.is_dc))
    reports = [event for event in late(probe) if event.name == name]
    assert len(reports) == 1
    assert reports[0].by_peer
    assert reports[0].allowed_s == timing.performance
    assert probe.ended is None or probe.ended.ok


def test_the_tables_of_the_standard() -> None:
    quick, slow = (1.5, 2.0), (4.5, 5.0)
    table = {name: (timing.performance, timing.timeout) for name, timing in STRICT.messages.items()}
    assert table.pop("CurrentDemandReq") == (0.025, 0.25)
    for name in (
        "ServiceDetailReq",
        "PaymentDetailsReq",
        "PowerDeliveryReq",
        "CertificateInstallationReq",
        "CertificateUpdateReq",
    ):
        assert table.pop(name) == slow
    assert set(table.values()) == {quick}
    assert len(table) == 11
    pairs = [(t.performance, t.timeout) for t in (STRICT.sequence, STRICT.ongoing, STRICT.setup)]
    assert pairs == [(40.0, 60.0), (55.0, 60.0), (18.0, 20.0)]
    pairs = [(t.performance, t.timeout) for t in (STRICT.cable_check, STRICT.pre_charge)]
    assert pairs == [(38.0, 40.0), (5.0, 7.0)]
    assert (STRICT.pilot.timeout, STRICT.contactor.timeout) == (0.25, 3.0)


def test_the_field_is_never_less_patient_than_the_standard() -> None:
    for name, timing in STRICT.messages.items():
        assert FIELD.messages[name].timeout >= timing.timeout
        assert FIELD.messages[name].performance == timing.performance


def test_evcc_closes_when_session_setup_is_not_done_at_the_setup_deadline() -> None:
    patient = replace(
        STRICT,
        messages={name: timing._replace(timeout=100.0) for name, timing in STRICT.messages.items()},
    )
    probe = EvccProbe(timeouts=patient)
    probe.wait(19.9)
    assert probe.ended is None
    probe.wait(0.2)
    over(probe, EndReason.SETUP_TIMEOUT)


def answer_until(probe: EvccProbe, body: object, seconds: float, step: float = 0.5) -> None:
    until = probe.now + seconds
    while probe.now < until and probe.ended is None:
        probe.answer(body)
        probe.wait(step)


AUTHORIZING = AuthorizationRes(response_code=ResponseCode.OK, evse_processing=EVSEProcessing.ONGOING)
FOR_CUSTOMER = AuthorizationRes(
    response_code=ResponseCode.OK,
    evse_processing=EVSEProcessing.ONGOING_WAITING_FOR_CUSTOMER_INTERACTION,
)


def test_evcc_gives_up_authorization_that_is_ongoing_for_60_s() -> None:
    probe = probe_at("AuthorizationReq")
    answer_until(probe, AUTHORIZING, 54.0)
    assert late(probe) == []
    answer_until(probe, AUTHORIZING, 5.0)
    assert [event.name for event in late(probe)] == ["authorization"]
    answer_until(probe, AUTHORIZING, 2.0)
    over(probe, EndReason.ONGOING_TIMEOUT)


def test_evcc_waits_longer_for_a_customer() -> None:
    probe = probe_at("AuthorizationReq")
    answer_until(probe, FOR_CUSTOMER, 298.0)
    assert probe.ended is None
    answer_until(probe, FOR_CUSTOMER, 4.0)
    over(probe, EndReason.NOT_AUTHORIZED)


def test_evcc_gives_up_charge_parameter_discovery_that_is_ongoing_for_60_s() -> None:
    probe = probe_at("ChargeParameterDiscoveryReq")
    body = change(
        response("ChargeParameterDiscoveryReq"),
        ChargeParameterDiscoveryRes,
        evse_processing=EVSEProcessing.ONGOING,
        sa_schedules=None,
    )
    answer_until(probe, body, 59.0)
    assert probe.ended is None
    answer_until(probe, body, 2.0)
    over(probe, EndReason.ONGOING_TIMEOUT)


def test_evcc_gives_up_a_cable_check_of_40_s() -> None:
    probe = probe_at("CableCheckReq")
    body = change(response("CableCheckReq"), CableCheckRes, evse_processing=EVSEProcessing.ONGOING)
    answer_until(probe, body, 37.0)
    assert late(probe) == []
    answer_until(probe, body, 2.0)
    assert [event.name for event in late(probe)] == ["cable check"]
    answer_until(probe, body, 2.0)
    over(probe, EndReason.CABLE_CHECK_TIMEOUT)


@pytest.mark.parametrize(("timeouts", "limit"), [(STRICT, 7.0), (FIELD, 10.0)], ids=["strict", "field"])
def test_evcc_gives_up_a_pre_charge_that_does_not_reach_its_voltage(timeouts: object, limit: float) -> None:
    probe = probe_at("PreChargeReq", timeouts=timeouts)
    body = change(response("PreChargeReq"), PreChargeRes, evse_present_voltage=volts(10.0))
    answer_until(probe, body, limit - 0.2, step=0.1)
    assert probe.ended is None
    assert [event.name for event in late(probe)] == ["pre-charge"]
    answer_until(probe, body, 0.5, step=0.1)
    over(probe, EndReason.PRE_CHARGE_TIMEOUT)


def test_evcc_gives_up_when_its_own_contactor_does_not_close_within_3_s() -> None:
    probe = EvccProbe(passive=True)
    probe.reach("PreChargeReq")
    probe.answer(response("PreChargeReq"))
    probe.wait(2.9)
    assert probe.ended is None
    probe.wait(0.2)
    over(probe, EndReason.CONTACTOR_TIMEOUT)


def test_evcc_gives_up_when_nobody_chooses_a_schedule_within_the_sequence_performance_time() -> None:
    config = replace(evcc_config(), own_schedule=True)
    probe = EvccProbe(config)
    probe.reach("ChargeParameterDiscoveryReq")
    probe.answer(response("ChargeParameterDiscoveryReq"))
    probe.wait(39.9)
    assert probe.ended is None
    probe.wait(0.2)
    over(probe, EndReason.ABORTED)
