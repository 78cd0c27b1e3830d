"""Every response code with which the SECC says no, each with its cause, and what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evproto.core import ConfigError, StateError
from evproto.iso15118.iso2 import Secc, SeccState
from evproto.iso15118.iso2.messages import (
    BodyElement,
    ChargeProgress,
    ChargingProfile,
    DCEVErrorCode,
    DCEVStatus,
    EnergyTransferMode,
    PaymentOption,
    ProfileEntry,
    SelectedService,
    SelectedServiceList,
    ServiceDetailReq,
    UnitSymbol,
)
from evproto.iso15118.iso2.samples import METER, request
from evproto.iso15118.iso2.testing import SeccProbe
from evproto.iso15118.iso2.values import amps, physical, volts, watts
from evproto.iso15118.testing import AC_MODES, DC_MODES, secc_config
from evproto.v2gtp.charging import (
    EndReason,
    Isolation,
    PeerFault,
    Pilot,
    Schedule,
    ScheduleEntry,
    SchedulesWanted,
    Service,
)

WIFI = Service(
    id=3, name="Internet", category="Internet", parameter_sets={1: {"Protocol": "http", "Port": 80}}
)


def refused(probe: SeccProbe, answer: BodyElement | None, code: str, reason: EndReason) -> None:
    assert answer.response_code.value == code
    assert [event.name for event in probe.events if isinstance(event, PeerFault)][-1] == code
    assert probe.ended.reason is reason
    assert not probe.ended.ok
    assert probe.contactor is False
    assert probe.closed
    assert probe.session.deadline is None


def in_state(state: SeccState, *, is_dc: bool = True, **changes: object) -> SeccProbe:
    config = replace(secc_config(*(DC_MODES if is_dc else AC_MODES)), **changes)
    probe = SeccProbe(config, is_dc=is_dc)
    probe.reach(state)
    return probe


def test_secc_answers_service_id_invalid_to_details_of_an_unknown_service() -> None:
    probe = in_state(SeccState.SERVICE_SELECTION)
    answer = probe.ask(ServiceDetailReq(service_id=77))
    refused(probe, answer, "FAILED_ServiceIDInvalid", EndReason.REFUSED)


def test_secc_gives_the_parameter_sets_of_a_service_that_it_offers() -> None:
    probe = in_state(SeccState.SERVICE_SELECTION, services=(WIFI,))
    answer = probe.ask(ServiceDetailReq(service_id=3))
    parameters = answer.service_parameter_list.parameter_set[0].parameter
    assert [(p.name, p.string_value or p.int_value) for p in parameters] == [
        ("Protocol", "http"),
        ("Port", 80),
    ]


def selection(
    *services: SelectedService, option: PaymentOption = PaymentOption.EXTERNAL_PAYMENT
) -> BodyElement:
    return replace(
        request("PaymentServiceSelectionReq"),
        selected_payment_option=option,
        selected_service_list=SelectedServiceList(selected_service=services),
    )


CHARGE = SelectedService(service_id=1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (selection(CHARGE, option=PaymentOption.CONTRACT), "FAILED_PaymentSelectionInvalid"),
        (selection(SelectedService(service_id=3)), "FAILED_NoChargeServiceSelected"),
        (selection(CHARGE, SelectedService(service_id=9)), "FAILED_ServiceSelectionInvalid"),
        (
            selection(CHARGE, SelectedService(service_id=3, parameter_set_id=8)),
            "FAILED_ServiceSelectionInvalid",
        ),
    ],
)
def test_secc_refuses_a_selection_that_it_did_not_offer(body: BodyElement, code: str) -> None:
    probe = in_state(SeccState.SERVICE_SELECTION, services=(WIFI,))
    refused(probe, probe.ask(body), code, EndReason.REFUSED)


def test_secc_takes_a_selection_that_it_offered() -> None:
    probe = in_state(SeccState.SERVICE_SELECTION, services=(WIFI,))
    answer = probe.ask(selection(CHARGE, SelectedService(service_id=3, parameter_set_id=1)))
    assert answer.response_code.value == "OK"


def test_secc_fails_authorization_that_the_application_refused() -> None:
    probe = in_state(SeccState.AUTHORIZATION)
    waiting = probe.ask(request("AuthorizationReq"))
    assert waiting.evse_processing.value == "Ongoing_WaitingForCustomerInteraction"
    probe.session.authorize(False, probe.now)
    refused(probe, probe.ask(request("AuthorizationReq")), "FAILED", EndReason.NOT_AUTHORIZED)


@pytest.mark.parametrize("name", ["PaymentDetailsReq", "CertificateInstallationReq", "CertificateUpdateReq"])
def test_secc_without_plug_and_charge_answers_sequence_error_to_contract_messages(name: str) -> None:
    probe = in_state(SeccState.AUTHORIZATION)
    refused(probe, probe.ask(request(name)), "FAILED_SequenceError", EndReason.SEQUENCE_ERROR)


def test_secc_answers_wrong_energy_transfer_mode_to_a_mode_that_it_did_not_offer() -> None:
    probe = in_state(SeccState.CHARGE_PARAMETERS)
    body = request("ChargeParameterDiscoveryReq", is_dc=False)
    refused(probe, probe.ask(body), "FAILED_WrongEnergyTransferMode", EndReason.REFUSED)


def test_secc_answers_wrong_energy_transfer_mode_to_a_change_from_dc_to_ac_in_a_renegotiation() -> None:
    probe = in_state(SeccState.DC_CHARGING, modes=DC_MODES + AC_MODES)
    probe.ask(request("PowerDeliveryReq", progress=ChargeProgress.RENEGOTIATE))
    body = request("ChargeParameterDiscoveryReq", is_dc=False)
    refused(probe, probe.ask(body), "FAILED_WrongEnergyTransferMode", EndReason.REFUSED)


def dc_parameters(**changes: object) -> BodyElement:
    body = request("ChargeParameterDiscoveryReq")
    return replace(body, ev_charge_parameter=replace(body.ev_charge_parameter, **changes))


def ac_parameters(**changes: object) -> BodyElement:
    body = request("ChargeParameterDiscoveryReq", is_dc=False)
    return replace(body, ev_charge_parameter=replace(body.ev_charge_parameter, **changes))


@pytest.mark.parametrize(
    "body",
    [
        dc_parameters(ev_maximum_current_limit=volts(300)),
        dc_parameters(ev_maximum_voltage_limit=volts(-1)),
        dc_parameters(ev_maximum_voltage_limit=volts(100)),
        dc_parameters(ev_maximum_power_limit=physical(1, UnitSymbol.WH)),
        replace(
            request("ChargeParameterDiscoveryReq", is_dc=False),
            requested_energy_transfer_mode=EnergyTransferMode.DC_EXTENDED,
        ),
    ],
)
def test_secc_answers_wrong_charge_parameter_to_impossible_dc_limits(body: BodyElement) -> None:
    probe = in_state(SeccState.CHARGE_PARAMETERS)
    refused(probe, probe.ask(body), "FAILED_WrongChargeParameter", EndReason.REFUSED)


@pytest.mark.parametrize("body", [ac_parameters(ev_min_current=amps(40)), ac_parameters(e_amount=watts(100))])
def test_secc_answers_wrong_charge_parameter_to_impossible_ac_limits(body: BodyElement) -> None:
    probe = in_state(SeccState.CHARGE_PARAMETERS, is_dc=False)
    refused(probe, probe.ask(body), "FAILED_WrongChargeParameter", EndReason.REFUSED)


def power_delivery(**changes: object) -> BodyElement:
    return replace(request("PowerDeliveryReq"), **changes)


def a_profile(*entries: tuple[int, float]) -> ChargingProfile:
    return ChargingProfile(
        profile_entry=tuple(
            ProfileEntry(charging_profile_entry_start=start, charging_profile_entry_max_power=watts(power))
            for start, power in entries
        )
    )


def test_secc_answers_tariff_selection_invalid_to_a_schedule_that_it_did_not_offer() -> None:
    probe = in_state(SeccState.POWER_DELIVERY, is_dc=False)
    answer = probe.ask(power_delivery(sa_schedule_tuple_id=2))
    refused(probe, answer, "FAILED_TariffSelectionInvalid", EndReason.REFUSED)


STEPS = (
    Schedule(
        id=1,
        entries=(
            ScheduleEntry(start_s=0, max_power_w=11_000.0),
            ScheduleEntry(start_s=3600, max_power_w=5_000.0),
        ),
        end_s=86400,
    ),
)


@pytest.mark.parametrize(
    "profile",
    [
        a_profile((0, 12_000)),
        a_profile((0, 11_000)),
        a_profile((0, 5_000), (3599, 11_000)),
        a_profile((0, 5_000), (0, 4_000)),
        a_profile((100, 5_000), (50, 5_000)),
    ],
)
def test_secc_answers_charging_profile_invalid_to_a_profile_above_the_schedule(
    profile: ChargingProfile,
) -> None:
    probe = SeccProbe(secc_config(*AC_MODES), is_dc=False)
    probe.session.set_schedules(STEPS, 0.0)
    probe.reach(SeccState.POWER_DELIVERY)
    probe.session.pilot(Pilot.C, 0.0)
    answer = probe.ask(power_delivery(charging_profile=profile))
    refused(probe, answer, "FAILED_ChargingProfileInvalid", EndReason.REFUSED)


def test_secc_takes_a_profile_that_keeps_to_the_schedule() -> None:
    probe = SeccProbe(secc_config(*AC_MODES), is_dc=False)
    probe.session.set_schedules(STEPS, 0.0)
    probe.reach(SeccState.POWER_DELIVERY)
    probe.session.pilot(Pilot.C, 0.0)
    answer = probe.ask(power_delivery(charging_profile=a_profile((0, 11_000), (3600, 5_000))))
    assert answer.response_code.value == "OK"


def test_secc_answers_power_delivery_not_applied_after_an_emergency_shutdown() -> None:
    probe = in_state(SeccState.POWER_DELIVERY, is_dc=False)
    probe.session.emergency_shutdown(probe.now)
    answer = probe.ask(power_delivery())
    refused(probe, answer, "FAILED_PowerDeliveryNotApplied", EndReason.EMERGENCY_SHUTDOWN)


def test_secc_answers_power_delivery_not_applied_when_the_shutdown_comes_while_the_contactor_closes() -> None:
    probe = SeccProbe(secc_config(*AC_MODES), is_dc=False, passive=True)
    probe.reach(SeccState.POWER_DELIVERY)
    probe.session.pilot(Pilot.C, probe.now)
    assert probe.ask(power_delivery()) is None
    probe.session.emergency_shutdown(probe.now)
    refused(probe, probe.response(), "FAILED_PowerDeliveryNotApplied", EndReason.EMERGENCY_SHUTDOWN)


def test_secc_answers_failed_to_a_renegotiation_before_charging() -> None:
    probe = in_state(SeccState.POWER_DELIVERY, is_dc=False)
    answer = probe.ask(power_delivery(charge_progress=ChargeProgress.RENEGOTIATE))
    refused(probe, answer, "FAILED", EndReason.SEQUENCE_ERROR)


def test_secc_answers_sequence_error_to_a_second_start() -> None:
    probe = in_state(SeccState.AC_CHARGING, is_dc=False)
    refused(probe, probe.ask(power_delivery()), "FAILED_SequenceError", EndReason.SEQUENCE_ERROR)


@pytest.mark.parametrize("isolation", [Isolation.FAULT, Isolation.NO_IMD])
def test_secc_fails_the_cable_check_when_the_isolation_test_failed(isolation: Isolation) -> None:
    probe = SeccProbe(passive=True)
    probe.reach(SeccState.CABLE_CHECK)
    probe.session.pilot(Pilot.C, probe.now)
    assert probe.ask(request("CableCheckReq")).evse_processing.value == "Ongoing"
    probe.session.isolation_result(isolation, probe.now)
    answer = probe.ask(request("CableCheckReq"))
    assert answer.dc_evse_status.evse_isolation_status.name == isolation.name
    refused(probe, answer, "FAILED", EndReason.ISOLATION_FAULT)


@pytest.mark.parametrize(
    ("state", "name"), [(SeccState.CABLE_CHECK, "CableCheckReq"), (SeccState.PRE_CHARGE, "PreChargeReq")]
)
def test_secc_fails_before_the_energy_when_the_car_reports_an_error(state: SeccState, name: str) -> None:
    probe = in_state(state)
    error = DCEVErrorCode.FAILED_EV_RESS_MALFUNCTION
    status = DCEVStatus(ev_ready=False, ev_error_code=error, ev_ress_soc=4)
    refused(probe, probe.ask(replace(request(name), dc_ev_status=status)), "FAILED", EndReason.EV_ERROR)


@pytest.mark.parametrize(
    ("state", "name"), [(SeccState.CABLE_CHECK, "CableCheckReq"), (SeccState.PRE_CHARGE, "PreChargeReq")]
)
def test_secc_fails_before_the_energy_after_an_emergency_shutdown(state: SeccState, name: str) -> None:
    probe = in_state(state)
    probe.session.emergency_shutdown(probe.now)
    answer = probe.ask(request(name))
    assert answer.dc_evse_status.evse_status_code.value == "EVSE_EmergencyShutdown"
    refused(probe, answer, "FAILED", EndReason.EMERGENCY_SHUTDOWN)


@pytest.mark.parametrize("change", [{"meter_id": "other"}, {"meter_reading": 9}])
def test_secc_answers_metering_signature_not_valid_to_a_receipt_for_another_reading(
    change: dict[str, object],
) -> None:
    probe = in_state(SeccState.DC_RECEIPT, receipt_wanted=True)
    body = request("MeteringReceiptReq")
    answer = probe.ask(replace(body, meter_info=replace(body.meter_info, **change)))
    refused(probe, answer, "FAILED_MeteringSignatureNotValid", EndReason.REFUSED)


def test_secc_answers_metering_signature_not_valid_to_a_receipt_of_another_session() -> None:
    probe = in_state(SeccState.AC_RECEIPT, is_dc=False, receipt_wanted=True)
    answer = probe.ask(replace(request("MeteringReceiptReq"), session_id=b"\7"))
    refused(probe, answer, "FAILED_MeteringSignatureNotValid", EndReason.REFUSED)


def test_secc_wants_one_receipt_for_each_reading() -> None:
    probe = in_state(SeccState.DC_RECEIPT, receipt_wanted=True)
    assert probe.ask(request("MeteringReceiptReq")).response_code.value == "OK"
    assert not probe.ask(request("CurrentDemandReq")).receipt_required
    probe.session.meter(replace(METER, energy_wh=1300), probe.now)
    assert probe.ask(request("CurrentDemandReq")).receipt_required


def test_secc_sends_ongoing_until_the_application_has_brought_schedules() -> None:
    probe = in_state(SeccState.CHARGE_PARAMETERS, is_dc=False, own_schedules=True)
    body = request("ChargeParameterDiscoveryReq", is_dc=False)
    for _ in range(3):
        answer = probe.ask(body)
        assert answer.evse_processing.value == "Ongoing"
        assert answer.sa_schedules is None
    assert len([event for event in probe.events if isinstance(event, SchedulesWanted)]) == 1
    probe.session.set_schedules(STEPS, probe.now)
    answer = probe.ask(body)
    assert answer.evse_processing.value == "Finished"
    entries = answer.sa_schedules.sa_schedule_tuple[0].p_max_schedule.p_max_schedule_entry
    assert [(e.time_interval.start, e.time_interval.duration, e.p_max.si) for e in entries] == [
        (0, None, 11_000.0),
        (3600, 82_800, 5_000.0),
    ]


def test_secc_offers_no_more_entries_than_the_car_can_hold() -> None:
    probe = SeccProbe(secc_config(*AC_MODES), is_dc=False)
    probe.session.set_schedules(STEPS, 0.0)
    probe.reach(SeccState.CHARGE_PARAMETERS)
    body = replace(request("ChargeParameterDiscoveryReq", is_dc=False), max_entries_sa_schedule_tuple=1)
    entries = probe.ask(body).sa_schedules.sa_schedule_tuple[0].p_max_schedule.p_max_schedule_entry
    assert [(e.time_interval.start, e.time_interval.duration) for e in entries] == [(0, 3600)]


@pytest.mark.parametrize(
    "schedules",
    [
        (),
        (STEPS[0], STEPS[0]),
        (replace(STEPS[0], entries=()),),
        (replace(STEPS[0], entries=STEPS[0].entries[::-1]),),
        (replace(STEPS[0], id=256),),
    ],
)
def test_secc_takes_no_offer_that_no_message_can_carry(schedules: tuple[Schedule, ...]) -> None:
    with pytest.raises(ValueError, match="schedule"):
        SeccProbe().session.set_schedules(schedules, 0.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"evse_id": "short"},
        {"modes": ()},
        {"dc_limits": None},
        {"modes": AC_MODES, "ac_limits": None},
        {"services": (Service(id=1),)},
    ],
)
def test_a_charger_that_cannot_be_is_a_config_error(changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Secc(replace(secc_config(), **changes))


def test_isolation_result_without_a_test_is_a_state_error() -> None:
    with pytest.raises(StateError):
        SeccProbe().session.isolation_result(Isolation.VALID, 0.0)


def test_decisions_after_the_end_are_state_errors_and_facts_are_ignored() -> None:
    probe = in_state(SeccState.ENDED)
    session = probe.session
    for decision in (
        lambda: session.authorize(True, 0.0),
        lambda: session.stop(0.0),
        lambda: session.renegotiate(0.0),
        lambda: session.emergency_shutdown(0.0),
        lambda: session.abort(0.0),
        lambda: session.set_schedules(STEPS, 0.0),
    ):
        with pytest.raises(StateError):
            decision()
    session.contactor(True, 0.0)
    session.pilot(Pilot.A, 0.0)
    session.set_present(1.0, 1.0, 0.0)
    session.meter(METER, 0.0)
    session.connection_lost(0.0)
    assert session.next_event() is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_measurement_that_no_message_can_carry_is_a_value_error(value: float) -> None:
    with pytest.raises(ValueError, match="voltage_v"):
        SeccProbe().session.set_present(value, 0.0, 0.0)
