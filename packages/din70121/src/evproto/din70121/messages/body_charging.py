"""Messages of DIN SPEC 70121 about charging."""

from __future__ import annotations

from evproto.exi import attribute, element, ref

from .enumerations import EVRequestedEnergyTransfer, EVSEProcessing, ResponseCode
from .namespaces import MSG_BODY, BodyElement
from .parameters import EVChargeParameter, EVPowerDeliveryParameter, EVSEChargeParameter
from .physical import PhysicalValue
from .schedules import ChargingProfile, SASchedules
from .simple_types import SAID, EvseID, SessionID
from .status import ACEVSEStatus, DCEVSEStatus, DCEVStatus, EVSEStatus, MeterInfo
from .xml_types import IDRef


class ChargeParameterDiscoveryReq(BodyElement, namespace=MSG_BODY, element="ChargeParameterDiscoveryReq"):
    """Tells what the vehicle can do and wants."""

    ev_requested_energy_transfer_type: EVRequestedEnergyTransfer = element("EVRequestedEnergyTransferType")
    ev_charge_parameter: EVChargeParameter = ref()


class ChargeParameterDiscoveryRes(BodyElement, namespace=MSG_BODY, element="ChargeParameterDiscoveryRes"):
    """Tells what the charging point can do, and when, as schedules."""

    response_code: ResponseCode = element("ResponseCode")
    evse_processing: EVSEProcessing = element("EVSEProcessing")
    sa_schedules: SASchedules = ref()
    evse_charge_parameter: EVSEChargeParameter = ref()


class PowerDeliveryReq(BodyElement, namespace=MSG_BODY, element="PowerDeliveryReq"):
    """Starts (`ready_to_charge_state` true) or stops the flow of power."""

    ready_to_charge_state: bool = element("ReadyToChargeState")
    charging_profile: ChargingProfile | None = element("ChargingProfile", default=None)
    ev_power_delivery_parameter: EVPowerDeliveryParameter | None = ref(default=None)


class PowerDeliveryRes(BodyElement, namespace=MSG_BODY, element="PowerDeliveryRes"):
    """Answers the start or stop."""

    response_code: ResponseCode = element("ResponseCode")
    evse_status: EVSEStatus = ref()


class ChargingStatusReq(BodyElement, namespace=MSG_BODY, element="ChargingStatusReq"):
    """Asks for the state while AC charging; out of scope."""


class ChargingStatusRes(BodyElement, namespace=MSG_BODY, element="ChargingStatusRes"):
    """State while AC charging; out of scope."""

    response_code: ResponseCode = element("ResponseCode")
    evse_id: EvseID = element("EVSEID")
    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    evse_max_current: PhysicalValue | None = element("EVSEMaxCurrent", default=None)
    meter_info: MeterInfo | None = element("MeterInfo", default=None)
    receipt_required: bool = element("ReceiptRequired")
    ac_evse_status: ACEVSEStatus = element("AC_EVSEStatus")


class MeteringReceiptReq(BodyElement, namespace=MSG_BODY, element="MeteringReceiptReq"):
    """Confirms a meter reading; out of scope."""

    id: IDRef | None = attribute("Id", default=None)
    session_id: SessionID = element("SessionID")
    sa_schedule_tuple_id: SAID | None = element("SAScheduleTupleID", default=None)
    meter_info: MeterInfo = element("MeterInfo")


class MeteringReceiptRes(BodyElement, namespace=MSG_BODY, element="MeteringReceiptRes"):
    """Takes the receipt; out of scope."""

    response_code: ResponseCode = element("ResponseCode")
    ac_evse_status: ACEVSEStatus = element("AC_EVSEStatus")


class SessionStopReq(BodyElement, namespace=MSG_BODY, element="SessionStopReq", type="SessionStopType"):
    """Ends the session."""


class SessionStopRes(BodyElement, namespace=MSG_BODY, element="SessionStopRes"):
    """Answers the end."""

    response_code: ResponseCode = element("ResponseCode")


class CableCheckReq(BodyElement, namespace=MSG_BODY, element="CableCheckReq"):
    """Asks for the isolation test of the cable."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")


class CableCheckRes(BodyElement, namespace=MSG_BODY, element="CableCheckRes"):
    """Says whether the isolation test is done."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_processing: EVSEProcessing = element("EVSEProcessing")


class PreChargeReq(BodyElement, namespace=MSG_BODY, element="PreChargeReq"):
    """Asks the charger to bring its voltage to the battery's, V and A."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")
    ev_target_voltage: PhysicalValue = element("EVTargetVoltage")
    ev_target_current: PhysicalValue = element("EVTargetCurrent")


class PreChargeRes(BodyElement, namespace=MSG_BODY, element="PreChargeRes"):
    """Reports the voltage at the outlet in V."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_present_voltage: PhysicalValue = element("EVSEPresentVoltage")


class CurrentDemandReq(BodyElement, namespace=MSG_BODY, element="CurrentDemandReq"):
    """Asks for current: targets and limits in A, V and W, remaining times in seconds."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")
    ev_target_current: PhysicalValue = element("EVTargetCurrent")
    ev_maximum_voltage_limit: PhysicalValue | None = element("EVMaximumVoltageLimit", default=None)
    ev_maximum_current_limit: PhysicalValue | None = element("EVMaximumCurrentLimit", default=None)
    ev_maximum_power_limit: PhysicalValue | None = element("EVMaximumPowerLimit", default=None)
    bulk_charging_complete: bool | None = element("BulkChargingComplete", default=None)
    charging_complete: bool = element("ChargingComplete")
    remaining_time_to_full_soc: PhysicalValue | None = element("RemainingTimeToFullSoC", default=None)
    remaining_time_to_bulk_soc: PhysicalValue | None = element("RemainingTimeToBulkSoC", default=None)
    ev_target_voltage: PhysicalValue = element("EVTargetVoltage")


class CurrentDemandRes(BodyElement, namespace=MSG_BODY, element="CurrentDemandRes"):
    """Reports the voltage (V), current (A) and limits of the moment."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_present_voltage: PhysicalValue = element("EVSEPresentVoltage")
    evse_present_current: PhysicalValue = element("EVSEPresentCurrent")
    evse_current_limit_achieved: bool = element("EVSECurrentLimitAchieved")
    evse_voltage_limit_achieved: bool = element("EVSEVoltageLimitAchieved")
    evse_power_limit_achieved: bool = element("EVSEPowerLimitAchieved")
    evse_maximum_voltage_limit: PhysicalValue | None = element("EVSEMaximumVoltageLimit", default=None)
    evse_maximum_current_limit: PhysicalValue | None = element("EVSEMaximumCurrentLimit", default=None)
    evse_maximum_power_limit: PhysicalValue | None = element("EVSEMaximumPowerLimit", default=None)


class WeldingDetectionReq(BodyElement, namespace=MSG_BODY, element="WeldingDetectionReq"):
    """Asks for the voltage at the outlet after the vehicle opened its contactors."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")


class WeldingDetectionRes(BodyElement, namespace=MSG_BODY, element="WeldingDetectionRes"):
    """Reports the voltage at the outlet in V."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_present_voltage: PhysicalValue = element("EVSEPresentVoltage")
