"""Messages of ISO 15118-2 about charging, AC and DC (8.4.3.8 to 8.4.5)."""

from __future__ import annotations

from evproto.exi import attribute, element, ref
from evproto.exi.types import ID, UnsignedShort

from .enumerations import ChargeProgress, ChargingSession, EnergyTransferMode, EVSEProcessing, ResponseCode
from .namespaces import BodyElement
from .parameters import EVChargeParameter, EVPowerDeliveryParameter, EVSEChargeParameter
from .physical import PhysicalValue
from .schedules import ChargingProfile, SASchedules
from .simple_types import SAID, EvseID, SessionID
from .status import ACEVSEStatus, DCEVSEStatus, DCEVStatus, EVSEStatus, MeterInfo


class ChargeParameterDiscoveryReq(BodyElement, element="ChargeParameterDiscoveryReq"):
    """Tells what the vehicle can do and wants."""

    max_entries_sa_schedule_tuple: UnsignedShort | None = element("MaxEntriesSAScheduleTuple", default=None)
    requested_energy_transfer_mode: EnergyTransferMode = element("RequestedEnergyTransferMode")
    ev_charge_parameter: EVChargeParameter = ref()


class ChargeParameterDiscoveryRes(BodyElement, element="ChargeParameterDiscoveryRes"):
    """Tells what the charging point can do, and when, as schedules."""

    response_code: ResponseCode = element("ResponseCode")
    evse_processing: EVSEProcessing = element("EVSEProcessing")
    sa_schedules: SASchedules | None = ref(default=None)
    evse_charge_parameter: EVSEChargeParameter = ref()


class PowerDeliveryReq(BodyElement, element="PowerDeliveryReq"):
    """Starts or stops the flow of power, or asks to negotiate anew."""

    charge_progress: ChargeProgress = element("ChargeProgress")
    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    charging_profile: ChargingProfile | None = element("ChargingProfile", default=None)
    ev_power_delivery_parameter: EVPowerDeliveryParameter | None = ref(default=None)


class PowerDeliveryRes(BodyElement, element="PowerDeliveryRes"):
    """Answers the start or stop."""

    response_code: ResponseCode = element("ResponseCode")
    evse_status: EVSEStatus = ref()


class MeteringReceiptReq(BodyElement, element="MeteringReceiptReq"):
    """Confirms a meter reading with a signature."""

    id: ID | None = attribute("Id", default=None)
    session_id: SessionID = element("SessionID")
    sa_schedule_tuple_id: SAID | None = element("SAScheduleTupleID", default=None)
    meter_info: MeterInfo = element("MeterInfo")


class MeteringReceiptRes(BodyElement, element="MeteringReceiptRes"):
    """Takes the receipt."""

    response_code: ResponseCode = element("ResponseCode")
    evse_status: EVSEStatus = ref()


class SessionStopReq(BodyElement, element="SessionStopReq"):
    """Ends or pauses the session."""

    charging_session: ChargingSession = element("ChargingSession")


class SessionStopRes(BodyElement, element="SessionStopRes"):
    """Answers the end or pause."""

    response_code: ResponseCode = element("ResponseCode")


class ChargingStatusReq(BodyElement, element="ChargingStatusReq"):
    """Asks for the state while AC charging."""


class ChargingStatusRes(BodyElement, element="ChargingStatusRes"):
    """State while AC charging: current limit per phase (A), meter, receipt wanted."""

    response_code: ResponseCode = element("ResponseCode")
    evse_id: EvseID = element("EVSEID")
    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    evse_max_current: PhysicalValue | None = element("EVSEMaxCurrent", default=None)
    meter_info: MeterInfo | None = element("MeterInfo", default=None)
    receipt_required: bool | None = element("ReceiptRequired", default=None)
    ac_evse_status: ACEVSEStatus = element("AC_EVSEStatus")


class CableCheckReq(BodyElement, element="CableCheckReq"):
    """Asks for the isolation test of the cable."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")


class CableCheckRes(BodyElement, element="CableCheckRes"):
    """Says whether the isolation test is done."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_processing: EVSEProcessing = element("EVSEProcessing")


class PreChargeReq(BodyElement, element="PreChargeReq"):
    """Asks the charger to bring its voltage to the battery's, V and A."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")
    ev_target_voltage: PhysicalValue = element("EVTargetVoltage")
    ev_target_current: PhysicalValue = element("EVTargetCurrent")


class PreChargeRes(BodyElement, element="PreChargeRes"):
    """Reports the voltage at the outlet in V."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_present_voltage: PhysicalValue = element("EVSEPresentVoltage")


class CurrentDemandReq(BodyElement, element="CurrentDemandReq"):
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


class CurrentDemandRes(BodyElement, element="CurrentDemandRes"):
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
    evse_id: EvseID = element("EVSEID")
    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    meter_info: MeterInfo | None = element("MeterInfo", default=None)
    receipt_required: bool | None = element("ReceiptRequired", default=None)


class WeldingDetectionReq(BodyElement, element="WeldingDetectionReq"):
    """Asks for the voltage at the outlet after the vehicle opened its contactors."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")


class WeldingDetectionRes(BodyElement, element="WeldingDetectionRes"):
    """Reports the voltage at the outlet in V."""

    response_code: ResponseCode = element("ResponseCode")
    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_present_voltage: PhysicalValue = element("EVSEPresentVoltage")
