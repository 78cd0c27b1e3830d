"""Data types of OCPP 2.0.1.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated

from msgspec import Meta, field

from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.v201 import enums


class AdditionalInfo(OcppStruct, frozen=True, kw_only=True):
    additional_id_token: Annotated[str, Meta(max_length=36)]
    type: Annotated[str, Meta(max_length=50)]
    custom_data: CustomData | None = None


class IdToken(OcppStruct, frozen=True, kw_only=True):
    id_token: Annotated[str, Meta(max_length=36)]
    type: enums.IdTokenEnum
    custom_data: CustomData | None = None
    additional_info: Annotated[tuple[AdditionalInfo, ...], Meta(min_length=1)] | None = None


class OCSPRequestData(OcppStruct, frozen=True, kw_only=True):
    hash_algorithm: enums.HashAlgorithmEnum
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]
    responder_url: Annotated[str, Meta(max_length=512)] = field(name="responderURL")
    custom_data: CustomData | None = None


class MessageContent(OcppStruct, frozen=True, kw_only=True):
    format: enums.MessageFormatEnum
    content: Annotated[str, Meta(max_length=512)]
    custom_data: CustomData | None = None
    language: Annotated[str, Meta(max_length=8)] | None = None


class IdTokenInfo(OcppStruct, frozen=True, kw_only=True):
    status: enums.AuthorizationStatusEnum
    custom_data: CustomData | None = None
    cache_expiry_date_time: Timestamp | None = None
    charging_priority: int | None = None
    language1: Annotated[str, Meta(max_length=8)] | None = None
    evse_id: Annotated[tuple[int, ...], Meta(min_length=1)] | None = None
    group_id_token: IdToken | None = None
    language2: Annotated[str, Meta(max_length=8)] | None = None
    personal_message: MessageContent | None = None


class Modem(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    iccid: Annotated[str, Meta(max_length=20)] | None = None
    imsi: Annotated[str, Meta(max_length=20)] | None = None


class ChargingStation(OcppStruct, frozen=True, kw_only=True):
    model: Annotated[str, Meta(max_length=20)]
    vendor_name: Annotated[str, Meta(max_length=50)]
    custom_data: CustomData | None = None
    serial_number: Annotated[str, Meta(max_length=25)] | None = None
    modem: Modem | None = None
    firmware_version: Annotated[str, Meta(max_length=50)] | None = None


class StatusInfo(OcppStruct, frozen=True, kw_only=True):
    reason_code: Annotated[str, Meta(max_length=20)]
    custom_data: CustomData | None = None
    additional_info: Annotated[str, Meta(max_length=512)] | None = None


class EVSE(OcppStruct, frozen=True, kw_only=True):
    id: int
    custom_data: CustomData | None = None
    connector_id: int | None = None


class ClearChargingProfile(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    evse_id: int | None = None
    charging_profile_purpose: enums.ChargingProfilePurposeEnum | None = None
    stack_level: int | None = None


class ClearMonitoringResult(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearMonitoringStatusEnum
    id: int
    custom_data: CustomData | None = None
    status_info: StatusInfo | None = None


class CertificateHashData(OcppStruct, frozen=True, kw_only=True):
    hash_algorithm: enums.HashAlgorithmEnum
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]
    custom_data: CustomData | None = None


class ChargingProfileCriterion(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    charging_profile_purpose: enums.ChargingProfilePurposeEnum | None = None
    stack_level: int | None = None
    charging_profile_id: Annotated[tuple[int, ...], Meta(min_length=1)] | None = None
    charging_limit_source: (
        Annotated[tuple[enums.ChargingLimitSourceEnum, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class ChargingSchedulePeriod(OcppStruct, frozen=True, kw_only=True):
    start_period: int
    limit: float
    custom_data: CustomData | None = None
    number_phases: int | None = None
    phase_to_use: int | None = None


class CompositeSchedule(OcppStruct, frozen=True, kw_only=True):
    charging_schedule_period: Annotated[tuple[ChargingSchedulePeriod, ...], Meta(min_length=1)]
    evse_id: int
    duration: int
    schedule_start: Timestamp
    charging_rate_unit: enums.ChargingRateUnitEnum
    custom_data: CustomData | None = None


class CertificateHashDataChain(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: CertificateHashData
    certificate_type: enums.GetCertificateIdUseEnum
    custom_data: CustomData | None = None
    child_certificate_hash_data: (
        Annotated[tuple[CertificateHashData, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class LogParameters(OcppStruct, frozen=True, kw_only=True):
    remote_location: Annotated[str, Meta(max_length=512)]
    custom_data: CustomData | None = None
    oldest_timestamp: Timestamp | None = None
    latest_timestamp: Timestamp | None = None


class Component(OcppStruct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=50)]
    custom_data: CustomData | None = None
    evse: EVSE | None = None
    instance: Annotated[str, Meta(max_length=50)] | None = None


class Variable(OcppStruct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=50)]
    custom_data: CustomData | None = None
    instance: Annotated[str, Meta(max_length=50)] | None = None


class ComponentVariable(OcppStruct, frozen=True, kw_only=True):
    component: Component
    custom_data: CustomData | None = None
    variable: Variable | None = None


class GetVariableData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    custom_data: CustomData | None = None
    attribute_type: enums.AttributeEnum | None = None


class GetVariableResult(OcppStruct, frozen=True, kw_only=True):
    attribute_status: enums.GetVariableStatusEnum
    component: Component
    variable: Variable
    custom_data: CustomData | None = None
    attribute_status_info: StatusInfo | None = None
    attribute_type: enums.AttributeEnum | None = None
    attribute_value: Annotated[str, Meta(max_length=2500)] | None = None


class SignedMeterValue(OcppStruct, frozen=True, kw_only=True):
    signed_meter_data: Annotated[str, Meta(max_length=2500)]
    signing_method: Annotated[str, Meta(max_length=50)]
    encoding_method: Annotated[str, Meta(max_length=50)]
    public_key: Annotated[str, Meta(max_length=2500)]
    custom_data: CustomData | None = None


class UnitOfMeasure(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    unit: Annotated[str, Meta(max_length=20)] = "Wh"
    multiplier: int = 0


class SampledValue(OcppStruct, frozen=True, kw_only=True):
    value: float
    custom_data: CustomData | None = None
    context: enums.ReadingContextEnum | None = None
    measurand: enums.MeasurandEnum | None = None
    phase: enums.PhaseEnum | None = None
    location: enums.LocationEnum | None = None
    signed_meter_value: SignedMeterValue | None = None
    unit_of_measure: UnitOfMeasure | None = None


class MeterValue(OcppStruct, frozen=True, kw_only=True):
    sampled_value: Annotated[tuple[SampledValue, ...], Meta(min_length=1)]
    timestamp: Timestamp
    custom_data: CustomData | None = None


class RelativeTimeInterval(OcppStruct, frozen=True, kw_only=True):
    start: int
    custom_data: CustomData | None = None
    duration: int | None = None


class Cost(OcppStruct, frozen=True, kw_only=True):
    cost_kind: enums.CostKindEnum
    amount: int
    custom_data: CustomData | None = None
    amount_multiplier: int | None = None


class ConsumptionCost(OcppStruct, frozen=True, kw_only=True):
    start_value: float
    cost: Annotated[tuple[Cost, ...], Meta(min_length=1, max_length=3)]
    custom_data: CustomData | None = None


class SalesTariffEntry(OcppStruct, frozen=True, kw_only=True):
    relative_time_interval: RelativeTimeInterval
    custom_data: CustomData | None = None
    e_price_level: Annotated[int, Meta(ge=0)] | None = None
    consumption_cost: Annotated[tuple[ConsumptionCost, ...], Meta(min_length=1, max_length=3)] | None = None


class SalesTariff(OcppStruct, frozen=True, kw_only=True):
    id: int
    sales_tariff_entry: Annotated[tuple[SalesTariffEntry, ...], Meta(min_length=1, max_length=1024)]
    custom_data: CustomData | None = None
    sales_tariff_description: Annotated[str, Meta(max_length=32)] | None = None
    num_e_price_levels: int | None = None


class ChargingSchedule(OcppStruct, frozen=True, kw_only=True):
    id: int
    charging_rate_unit: enums.ChargingRateUnitEnum
    charging_schedule_period: Annotated[
        tuple[ChargingSchedulePeriod, ...], Meta(min_length=1, max_length=1024)
    ]
    custom_data: CustomData | None = None
    start_schedule: Timestamp | None = None
    duration: int | None = None
    min_charging_rate: float | None = None
    sales_tariff: SalesTariff | None = None


class ChargingLimit(OcppStruct, frozen=True, kw_only=True):
    charging_limit_source: enums.ChargingLimitSourceEnum
    custom_data: CustomData | None = None
    is_grid_critical: bool | None = None


class MessageInfo(OcppStruct, frozen=True, kw_only=True):
    id: int
    priority: enums.MessagePriorityEnum
    message: MessageContent
    custom_data: CustomData | None = None
    display: Component | None = None
    state: enums.MessageStateEnum | None = None
    start_date_time: Timestamp | None = None
    end_date_time: Timestamp | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class ACChargingParameters(OcppStruct, frozen=True, kw_only=True):
    energy_amount: int
    ev_min_current: int
    ev_max_current: int
    ev_max_voltage: int
    custom_data: CustomData | None = None


class DCChargingParameters(OcppStruct, frozen=True, kw_only=True):
    ev_max_current: int
    ev_max_voltage: int
    custom_data: CustomData | None = None
    energy_amount: int | None = None
    ev_max_power: int | None = None
    state_of_charge: Annotated[int, Meta(ge=0, le=100)] | None = None
    ev_energy_capacity: int | None = None
    full_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="fullSoC")
    bulk_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="bulkSoC")


class ChargingNeeds(OcppStruct, frozen=True, kw_only=True):
    requested_energy_transfer: enums.EnergyTransferModeEnum
    custom_data: CustomData | None = None
    ac_charging_parameters: ACChargingParameters | None = None
    dc_charging_parameters: DCChargingParameters | None = None
    departure_time: Timestamp | None = None


class EventData(OcppStruct, frozen=True, kw_only=True):
    event_id: int
    timestamp: Timestamp
    trigger: enums.EventTriggerEnum
    actual_value: Annotated[str, Meta(max_length=2500)]
    component: Component
    event_notification_type: enums.EventNotificationEnum
    variable: Variable
    custom_data: CustomData | None = None
    cause: int | None = None
    tech_code: Annotated[str, Meta(max_length=50)] | None = None
    tech_info: Annotated[str, Meta(max_length=500)] | None = None
    cleared: bool | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    variable_monitoring_id: int | None = None


class VariableMonitoring(OcppStruct, frozen=True, kw_only=True):
    id: int
    transaction: bool
    value: float
    type: enums.MonitorEnum
    severity: int
    custom_data: CustomData | None = None


class MonitoringData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    variable_monitoring: Annotated[tuple[VariableMonitoring, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class VariableAttribute(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    type: enums.AttributeEnum | None = None
    value: Annotated[str, Meta(max_length=2500)] | None = None
    mutability: enums.MutabilityEnum | None = None
    persistent: bool = False
    constant: bool = False


class VariableCharacteristics(OcppStruct, frozen=True, kw_only=True):
    data_type: enums.DataEnum
    supports_monitoring: bool
    custom_data: CustomData | None = None
    unit: Annotated[str, Meta(max_length=16)] | None = None
    min_limit: float | None = None
    max_limit: float | None = None
    values_list: Annotated[str, Meta(max_length=1000)] | None = None


class ReportData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    variable_attribute: Annotated[tuple[VariableAttribute, ...], Meta(min_length=1, max_length=4)]
    custom_data: CustomData | None = None
    variable_characteristics: VariableCharacteristics | None = None


class ChargingProfile(OcppStruct, frozen=True, kw_only=True):
    id: int
    stack_level: int
    charging_profile_purpose: enums.ChargingProfilePurposeEnum
    charging_profile_kind: enums.ChargingProfileKindEnum
    charging_schedule: Annotated[tuple[ChargingSchedule, ...], Meta(min_length=1, max_length=3)]
    custom_data: CustomData | None = None
    recurrency_kind: enums.RecurrencyKindEnum | None = None
    valid_from: Timestamp | None = None
    valid_to: Timestamp | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class AuthorizationData(OcppStruct, frozen=True, kw_only=True):
    id_token: IdToken
    custom_data: CustomData | None = None
    id_token_info: IdTokenInfo | None = None


class APN(OcppStruct, frozen=True, kw_only=True):
    apn: Annotated[str, Meta(max_length=512)]
    apn_authentication: enums.APNAuthenticationEnum
    custom_data: CustomData | None = None
    apn_user_name: Annotated[str, Meta(max_length=20)] | None = None
    apn_password: Annotated[str, Meta(max_length=20)] | None = None
    sim_pin: int | None = None
    preferred_network: Annotated[str, Meta(max_length=6)] | None = None
    use_only_preferred_network: bool = False


class VPN(OcppStruct, frozen=True, kw_only=True):
    server: Annotated[str, Meta(max_length=512)]
    user: Annotated[str, Meta(max_length=20)]
    password: Annotated[str, Meta(max_length=20)]
    key: Annotated[str, Meta(max_length=255)]
    type: enums.VPNEnum
    custom_data: CustomData | None = None
    group: Annotated[str, Meta(max_length=20)] | None = None


class NetworkConnectionProfile(OcppStruct, frozen=True, kw_only=True):
    ocpp_version: enums.OCPPVersionEnum
    ocpp_transport: enums.OCPPTransportEnum
    ocpp_csms_url: Annotated[str, Meta(max_length=512)]
    message_timeout: int
    security_profile: int
    ocpp_interface: enums.OCPPInterfaceEnum
    custom_data: CustomData | None = None
    apn: APN | None = None
    vpn: VPN | None = None


class SetMonitoringData(OcppStruct, frozen=True, kw_only=True):
    value: float
    type: enums.MonitorEnum
    severity: int
    component: Component
    variable: Variable
    custom_data: CustomData | None = None
    id: int | None = None
    transaction: bool = False


class SetMonitoringResult(OcppStruct, frozen=True, kw_only=True):
    status: enums.SetMonitoringStatusEnum
    type: enums.MonitorEnum
    component: Component
    variable: Variable
    severity: int
    custom_data: CustomData | None = None
    id: int | None = None
    status_info: StatusInfo | None = None


class SetVariableData(OcppStruct, frozen=True, kw_only=True):
    attribute_value: Annotated[str, Meta(max_length=1000)]
    component: Component
    variable: Variable
    custom_data: CustomData | None = None
    attribute_type: enums.AttributeEnum | None = None


class SetVariableResult(OcppStruct, frozen=True, kw_only=True):
    attribute_status: enums.SetVariableStatusEnum
    component: Component
    variable: Variable
    custom_data: CustomData | None = None
    attribute_type: enums.AttributeEnum | None = None
    attribute_status_info: StatusInfo | None = None


class Transaction(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None
    charging_state: enums.ChargingStateEnum | None = None
    time_spent_charging: int | None = None
    stopped_reason: enums.ReasonEnum | None = None
    remote_start_id: int | None = None


class Firmware(OcppStruct, frozen=True, kw_only=True):
    location: Annotated[str, Meta(max_length=512)]
    retrieve_date_time: Timestamp
    custom_data: CustomData | None = None
    install_date_time: Timestamp | None = None
    signing_certificate: Annotated[str, Meta(max_length=5500)] | None = None
    signature: Annotated[str, Meta(max_length=800)] | None = None
