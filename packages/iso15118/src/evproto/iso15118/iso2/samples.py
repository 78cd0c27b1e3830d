"""One good message of every kind, as a healthy car and a healthy charger send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from evproto.v2gtp.charging import (
    MeterReading,
    Schedule,
    ScheduleEntry,
)
from evproto.v2gtp.messages.xmldsig import X509IssuerSerial

from .failures import CHARGE_SERVICE_ID, FailureContext, failed_response
from .messages import (
    ACEVChargeParameter,
    ACEVSEChargeParameter,
    ACEVSEStatus,
    AuthorizationReq,
    BodyElement,
    CableCheckReq,
    CertificateChain,
    CertificateInstallationReq,
    CertificateUpdateReq,
    ChargeParameterDiscoveryReq,
    ChargeParameterDiscoveryRes,
    ChargeProgress,
    ChargingSession,
    ChargingStatusReq,
    CurrentDemandReq,
    DCEVChargeParameter,
    DCEVErrorCode,
    DCEVSEChargeParameter,
    DCEVSEStatus,
    DCEVSEStatusCode,
    DCEVStatus,
    EnergyTransferMode,
    EVSENotification,
    EVSEProcessing,
    IsolationLevel,
    ListOfRootCertificateIDs,
    MeterInfo,
    MeteringReceiptReq,
    PaymentDetailsReq,
    PaymentOption,
    PaymentServiceSelectionReq,
    PowerDeliveryReq,
    PreChargeReq,
    PreChargeRes,
    ResponseCode,
    SAScheduleList,
    SelectedService,
    SelectedServiceList,
    ServiceDetailReq,
    ServiceDiscoveryReq,
    SessionSetupReq,
    SessionStopReq,
    WeldingDetectionReq,
)
from .secc_parameters import DAY_S
from .values import amps, schedule_tuple, volts, watt_hours, watts

METER = MeterReading(meter_id="meter 1", energy_wh=1234)
SESSION_ID = bytes.fromhex("0102030405060708")
BATTERY_V = 400.0

_EV_STATUS = DCEVStatus(ev_ready=True, ev_error_code=DCEVErrorCode.NO_ERROR, ev_ress_soc=40)
_ROOTS = ListOfRootCertificateIDs(
    root_certificate_id=(X509IssuerSerial(x509_issuer_name="CN=V2GRootCA", x509_serial_number=1),)
)

BodyT = TypeVar("BodyT", bound=BodyElement)


def request(name: str, *, is_dc: bool = True, progress: ChargeProgress = ChargeProgress.START) -> BodyElement:
    """A good request of this name."""
    if name == "ChargeParameterDiscoveryReq":
        return _dc_parameters() if is_dc else _ac_parameters()
    if name == "PowerDeliveryReq":
        return PowerDeliveryReq(charge_progress=progress, sa_schedule_tuple_id=1)
    return _REQUESTS[name]


def _dc_parameters() -> BodyElement:
    return ChargeParameterDiscoveryReq(
        requested_energy_transfer_mode=EnergyTransferMode.DC_EXTENDED,
        ev_charge_parameter=DCEVChargeParameter(
            dc_ev_status=_EV_STATUS,
            ev_maximum_current_limit=amps(300),
            ev_maximum_voltage_limit=volts(450),
        ),
    )


def _ac_parameters() -> BodyElement:
    return ChargeParameterDiscoveryReq(
        requested_energy_transfer_mode=EnergyTransferMode.AC_THREE_PHASE_CORE,
        ev_charge_parameter=ACEVChargeParameter(
            e_amount=watt_hours(20_000),
            ev_max_voltage=volts(260),
            ev_max_current=amps(32),
            ev_min_current=amps(6),
        ),
    )


_REQUESTS: Mapping[str, BodyElement] = {
    type(body).__name__: body
    for body in (
        SessionSetupReq(evcc_id=bytes.fromhex("02AABBCCDDEE")),
        ServiceDiscoveryReq(),
        ServiceDetailReq(service_id=CHARGE_SERVICE_ID),
        PaymentServiceSelectionReq(
            selected_payment_option=PaymentOption.EXTERNAL_PAYMENT,
            selected_service_list=SelectedServiceList(
                selected_service=(SelectedService(service_id=CHARGE_SERVICE_ID),)
            ),
        ),
        PaymentDetailsReq(
            emaid="DE1ABCD2EF357A", contract_signature_cert_chain=CertificateChain(certificate=b"\0")
        ),
        AuthorizationReq(),
        _dc_parameters(),
        PowerDeliveryReq(charge_progress=ChargeProgress.START, sa_schedule_tuple_id=1),
        ChargingStatusReq(),
        MeteringReceiptReq(
            session_id=bytes(range(2, 10)), meter_info=MeterInfo(meter_id="meter 1", meter_reading=1234)
        ),
        CableCheckReq(dc_ev_status=_EV_STATUS),
        PreChargeReq(dc_ev_status=_EV_STATUS, ev_target_voltage=volts(BATTERY_V), ev_target_current=amps(1)),
        CurrentDemandReq(
            dc_ev_status=_EV_STATUS,
            ev_target_current=amps(100),
            charging_complete=False,
            ev_target_voltage=volts(410),
        ),
        WeldingDetectionReq(dc_ev_status=_EV_STATUS),
        SessionStopReq(charging_session=ChargingSession.TERMINATE),
        CertificateInstallationReq(
            id="id1", oem_provisioning_cert=b"\0", list_of_root_certificate_ids=_ROOTS
        ),
        CertificateUpdateReq(
            id="id1",
            contract_signature_cert_chain=CertificateChain(certificate=b"\0"),
            emaid="DE1ABCD2EF357A",
            list_of_root_certificate_ids=_ROOTS,
        ),
    )
}

REQUEST_NAMES: tuple[str, ...] = tuple(_REQUESTS)
"""The names of all requests of the standard."""


def dc_status(
    *,
    code: DCEVSEStatusCode = DCEVSEStatusCode.EVSE_READY,
    notification: EVSENotification = EVSENotification.NONE,
    isolation: IsolationLevel = IsolationLevel.VALID,
) -> DCEVSEStatus:
    """The status of a DC charger, healthy where nothing else is said."""
    return DCEVSEStatus(
        notification_max_delay=0,
        evse_notification=notification,
        evse_isolation_status=isolation,
        evse_status_code=code,
    )


def ac_status(*, notification: EVSENotification = EVSENotification.NONE, rcd: bool = False) -> ACEVSEStatus:
    """The status of an AC charger, healthy where nothing else is said."""
    return ACEVSEStatus(notification_max_delay=0, evse_notification=notification, rcd=rcd)


def response(name: str, *, is_dc: bool = True, receipt: bool = False) -> BodyElement:
    """A good response to the request of this name."""
    facts = FailureContext(
        evse_id="DE*EVP*E00001",
        mode=EnergyTransferMode.DC_EXTENDED if is_dc else EnergyTransferMode.AC_THREE_PHASE_CORE,
        is_dc=is_dc,
        ac_status=ac_status(),
        dc_status=dc_status(),
    )
    if name == "ChargeParameterDiscoveryReq":
        return _parameters(is_dc)
    body = failed_response(type(_REQUESTS[name]), ResponseCode.OK, facts)
    assert body is not None
    if name == "PreChargeReq":
        return change(body, PreChargeRes, evse_present_voltage=volts(BATTERY_V))
    if receipt:
        info = MeterInfo(meter_id="meter 1", meter_reading=1234)
        return change(body, type(body), meter_info=info, receipt_required=True)
    return body


def change(body: BodyElement, cls: type[BodyT], **fields: Any) -> BodyT:
    """The same message with other values in some fields."""
    assert isinstance(body, cls)
    return replace(body, **fields)


def _parameters(is_dc: bool) -> BodyElement:
    offer = Schedule(id=1, entries=(ScheduleEntry(start_s=0, max_power_w=22_000.0),), end_s=DAY_S)
    return ChargeParameterDiscoveryRes(
        response_code=ResponseCode.OK,
        evse_processing=EVSEProcessing.FINISHED,
        sa_schedules=SAScheduleList(sa_schedule_tuple=(schedule_tuple(offer),)),
        evse_charge_parameter=_dc_charger() if is_dc else _ac_charger(),
    )


def _dc_charger() -> DCEVSEChargeParameter:
    return DCEVSEChargeParameter(
        dc_evse_status=dc_status(),
        evse_maximum_current_limit=amps(400),
        evse_maximum_power_limit=watts(150_000),
        evse_maximum_voltage_limit=volts(1000),
        evse_minimum_current_limit=amps(0),
        evse_minimum_voltage_limit=volts(150),
        evse_peak_current_ripple=amps(1),
    )


def _ac_charger() -> ACEVSEChargeParameter:
    return ACEVSEChargeParameter(
        ac_evse_status=ac_status(), evse_nominal_voltage=volts(230), evse_max_current=amps(32)
    )
