"""Failed responses: for each request the response that says so, schema-valid and saying no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .messages import (
    EMAID,
    ACEVSEChargeParameter,
    ACEVSEStatus,
    AuthorizationReq,
    AuthorizationRes,
    BodyElement,
    CableCheckReq,
    CableCheckRes,
    CertificateChain,
    CertificateInstallationReq,
    CertificateInstallationRes,
    CertificateUpdateReq,
    CertificateUpdateRes,
    ChargeParameterDiscoveryReq,
    ChargeParameterDiscoveryRes,
    ChargeService,
    ChargingStatusReq,
    ChargingStatusRes,
    ContractSignatureEncryptedPrivateKey,
    CurrentDemandReq,
    CurrentDemandRes,
    DCEVSEChargeParameter,
    DCEVSEStatus,
    DiffieHellmanPublickey,
    EnergyTransferMode,
    EVSEChargeParameter,
    EVSEProcessing,
    EVSEStatus,
    MeteringReceiptReq,
    MeteringReceiptRes,
    PaymentDetailsReq,
    PaymentDetailsRes,
    PaymentOption,
    PaymentOptionList,
    PaymentServiceSelectionReq,
    PaymentServiceSelectionRes,
    PowerDeliveryReq,
    PowerDeliveryRes,
    PreChargeReq,
    PreChargeRes,
    ResponseCode,
    ServiceCategory,
    ServiceDetailReq,
    ServiceDetailRes,
    ServiceDiscoveryReq,
    ServiceDiscoveryRes,
    SessionSetupReq,
    SessionSetupRes,
    SessionStopReq,
    SessionStopRes,
    SupportedEnergyTransferMode,
    WeldingDetectionReq,
    WeldingDetectionRes,
)
from .values import amps, volts, watts

CHARGE_SERVICE_ID = 1
"""The one service that every charger has (ISO 15118-2 table 105)."""


class FailureContext:
    """What a failed response takes from the session."""

    __slots__ = ("ac_status", "dc_status", "evse_id", "is_dc", "mode")

    def __init__(
        self,
        *,
        evse_id: str,
        mode: EnergyTransferMode,
        is_dc: bool,
        ac_status: ACEVSEStatus,
        dc_status: DCEVSEStatus,
    ) -> None:
        self.evse_id = evse_id
        self.mode = mode
        self.is_dc = is_dc
        self.ac_status = ac_status
        self.dc_status = dc_status

    @property
    def status(self) -> EVSEStatus:
        """The status that belongs to the kind of charging."""
        return self.dc_status if self.is_dc else self.ac_status


def failed_response(
    request: type[BodyElement], code: ResponseCode, context: FailureContext
) -> BodyElement | None:
    """The response to a request of this class; None where the class is no request."""
    build = _BUILDERS.get(request)
    return build(code, context) if build else None


def _service_discovery(code: ResponseCode, context: FailureContext) -> BodyElement:
    return ServiceDiscoveryRes(
        response_code=code,
        payment_option_list=PaymentOptionList(payment_option=(PaymentOption.EXTERNAL_PAYMENT,)),
        charge_service=ChargeService(
            service_id=CHARGE_SERVICE_ID,
            service_category=ServiceCategory.EV_CHARGING,
            free_service=False,
            supported_energy_transfer_mode=SupportedEnergyTransferMode(energy_transfer_mode=(context.mode,)),
        ),
    )


def _charge_parameter_discovery(code: ResponseCode, context: FailureContext) -> BodyElement:
    return ChargeParameterDiscoveryRes(
        response_code=code,
        evse_processing=EVSEProcessing.FINISHED,
        evse_charge_parameter=_no_power(context),
    )


def _no_power(context: FailureContext) -> EVSEChargeParameter:
    if not context.is_dc:
        return ACEVSEChargeParameter(
            ac_evse_status=context.ac_status, evse_nominal_voltage=volts(0), evse_max_current=amps(0)
        )
    return DCEVSEChargeParameter(
        dc_evse_status=context.dc_status,
        evse_maximum_current_limit=amps(0),
        evse_maximum_power_limit=watts(0),
        evse_maximum_voltage_limit=volts(0),
        evse_minimum_current_limit=amps(0),
        evse_minimum_voltage_limit=volts(0),
        evse_peak_current_ripple=amps(0),
    )


def _current_demand(code: ResponseCode, context: FailureContext) -> BodyElement:
    return CurrentDemandRes(
        response_code=code,
        dc_evse_status=context.dc_status,
        evse_present_voltage=volts(0),
        evse_present_current=amps(0),
        evse_current_limit_achieved=False,
        evse_voltage_limit_achieved=False,
        evse_power_limit_achieved=False,
        evse_id=context.evse_id,
        sa_schedule_tuple_id=1,
    )


def _no_contract() -> tuple[
    CertificateChain, ContractSignatureEncryptedPrivateKey, DiffieHellmanPublickey, EMAID
]:
    return (
        CertificateChain(certificate=b""),
        ContractSignatureEncryptedPrivateKey(id="id1", value=b""),
        DiffieHellmanPublickey(id="id2", value=b""),
        EMAID(id="id3", value="0" * 14),
    )


def _certificate_installation(code: ResponseCode, _: FailureContext) -> BodyElement:
    chain, private_key, public_key, emaid = _no_contract()
    return CertificateInstallationRes(
        response_code=code,
        sa_provisioning_certificate_chain=chain,
        contract_signature_cert_chain=chain,
        contract_signature_encrypted_private_key=private_key,
        dh_publickey=public_key,
        emaid=emaid,
    )


def _certificate_update(code: ResponseCode, _: FailureContext) -> BodyElement:
    chain, private_key, public_key, emaid = _no_contract()
    return CertificateUpdateRes(
        response_code=code,
        sa_provisioning_certificate_chain=chain,
        contract_signature_cert_chain=chain,
        contract_signature_encrypted_private_key=private_key,
        dh_publickey=public_key,
        emaid=emaid,
    )


_BUILDERS: Mapping[type[BodyElement], Callable[[ResponseCode, FailureContext], BodyElement]] = {
    SessionSetupReq: lambda code, context: SessionSetupRes(response_code=code, evse_id=context.evse_id),
    ServiceDiscoveryReq: _service_discovery,
    ServiceDetailReq: lambda code, _: ServiceDetailRes(response_code=code, service_id=CHARGE_SERVICE_ID),
    PaymentServiceSelectionReq: lambda code, _: PaymentServiceSelectionRes(response_code=code),
    PaymentDetailsReq: lambda code, _: PaymentDetailsRes(
        response_code=code, gen_challenge=bytes(16), evse_time_stamp=0
    ),
    AuthorizationReq: lambda code, _: AuthorizationRes(
        response_code=code, evse_processing=EVSEProcessing.FINISHED
    ),
    ChargeParameterDiscoveryReq: _charge_parameter_discovery,
    PowerDeliveryReq: lambda code, context: PowerDeliveryRes(response_code=code, evse_status=context.status),
    MeteringReceiptReq: lambda code, context: MeteringReceiptRes(
        response_code=code, evse_status=context.status
    ),
    SessionStopReq: lambda code, _: SessionStopRes(response_code=code),
    ChargingStatusReq: lambda code, context: ChargingStatusRes(
        response_code=code,
        evse_id=context.evse_id,
        sa_schedule_tuple_id=1,
        ac_evse_status=context.ac_status,
    ),
    CableCheckReq: lambda code, context: CableCheckRes(
        response_code=code, dc_evse_status=context.dc_status, evse_processing=EVSEProcessing.FINISHED
    ),
    PreChargeReq: lambda code, context: PreChargeRes(
        response_code=code, dc_evse_status=context.dc_status, evse_present_voltage=volts(0)
    ),
    CurrentDemandReq: _current_demand,
    WeldingDetectionReq: lambda code, context: WeldingDetectionRes(
        response_code=code, dc_evse_status=context.dc_status, evse_present_voltage=volts(0)
    ),
    CertificateInstallationReq: _certificate_installation,
    CertificateUpdateReq: _certificate_update,
}
