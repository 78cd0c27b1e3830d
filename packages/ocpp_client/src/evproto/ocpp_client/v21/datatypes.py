"""Data types of OCPP 2.1.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated

from msgspec import Meta, field

from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.v21 import enums


class StatusInfo(OcppStruct, frozen=True, kw_only=True):
    reason_code: Annotated[str, Meta(max_length=20)]
    additional_info: Annotated[str, Meta(max_length=1024)] | None = None
    custom_data: CustomData | None = None


class PeriodicEventStreamParams(OcppStruct, frozen=True, kw_only=True):
    interval: Annotated[int, Meta(ge=0)] | None = None
    values: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class AdditionalInfo(OcppStruct, frozen=True, kw_only=True):
    additional_id_token: Annotated[str, Meta(max_length=255)]
    type: Annotated[str, Meta(max_length=50)]
    custom_data: CustomData | None = None


class IdToken(OcppStruct, frozen=True, kw_only=True):
    id_token: Annotated[str, Meta(max_length=255)]
    type: Annotated[str, Meta(max_length=20)]
    additional_info: Annotated[tuple[AdditionalInfo, ...], Meta(min_length=1)] | None = None
    custom_data: CustomData | None = None


class OCSPRequestData(OcppStruct, frozen=True, kw_only=True):
    hash_algorithm: enums.HashAlgorithmEnum
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]
    responder_url: Annotated[str, Meta(max_length=2000)] = field(name="responderURL")
    custom_data: CustomData | None = None


class MessageContent(OcppStruct, frozen=True, kw_only=True):
    format: enums.MessageFormatEnum
    content: Annotated[str, Meta(max_length=1024)]
    language: Annotated[str, Meta(max_length=8)] | None = None
    custom_data: CustomData | None = None


class IdTokenInfo(OcppStruct, frozen=True, kw_only=True):
    status: enums.AuthorizationStatusEnum
    cache_expiry_date_time: Timestamp | None = None
    charging_priority: int | None = None
    group_id_token: IdToken | None = None
    language1: Annotated[str, Meta(max_length=8)] | None = None
    language2: Annotated[str, Meta(max_length=8)] | None = None
    evse_id: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1)] | None = None
    personal_message: MessageContent | None = None
    custom_data: CustomData | None = None


class TariffConditions(OcppStruct, frozen=True, kw_only=True):
    start_time_of_day: str | None = None
    end_time_of_day: str | None = None
    day_of_week: Annotated[tuple[enums.DayOfWeekEnum, ...], Meta(min_length=1, max_length=7)] | None = None
    valid_from_date: str | None = None
    valid_to_date: str | None = None
    evse_kind: enums.EvseKindEnum | None = None
    min_energy: float | None = None
    max_energy: float | None = None
    min_current: float | None = None
    max_current: float | None = None
    min_power: float | None = None
    max_power: float | None = None
    min_time: int | None = None
    max_time: int | None = None
    min_charging_time: int | None = None
    max_charging_time: int | None = None
    min_idle_time: int | None = None
    max_idle_time: int | None = None
    custom_data: CustomData | None = None


class TariffEnergyPrice(OcppStruct, frozen=True, kw_only=True):
    price_kwh: float
    conditions: TariffConditions | None = None
    custom_data: CustomData | None = None


class TaxRate(OcppStruct, frozen=True, kw_only=True):
    type: Annotated[str, Meta(max_length=20)]
    tax: float
    stack: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class TariffEnergy(OcppStruct, frozen=True, kw_only=True):
    prices: Annotated[tuple[TariffEnergyPrice, ...], Meta(min_length=1)]
    tax_rates: Annotated[tuple[TaxRate, ...], Meta(min_length=1, max_length=5)] | None = None
    custom_data: CustomData | None = None


class TariffTimePrice(OcppStruct, frozen=True, kw_only=True):
    price_minute: float
    conditions: TariffConditions | None = None
    custom_data: CustomData | None = None


class TariffTime(OcppStruct, frozen=True, kw_only=True):
    prices: Annotated[tuple[TariffTimePrice, ...], Meta(min_length=1)]
    tax_rates: Annotated[tuple[TaxRate, ...], Meta(min_length=1, max_length=5)] | None = None
    custom_data: CustomData | None = None


class TariffConditionsFixed(OcppStruct, frozen=True, kw_only=True):
    start_time_of_day: str | None = None
    end_time_of_day: str | None = None
    day_of_week: Annotated[tuple[enums.DayOfWeekEnum, ...], Meta(min_length=1, max_length=7)] | None = None
    valid_from_date: str | None = None
    valid_to_date: str | None = None
    evse_kind: enums.EvseKindEnum | None = None
    payment_brand: Annotated[str, Meta(max_length=20)] | None = None
    payment_recognition: Annotated[str, Meta(max_length=20)] | None = None
    custom_data: CustomData | None = None


class TariffFixedPrice(OcppStruct, frozen=True, kw_only=True):
    price_fixed: float
    conditions: TariffConditionsFixed | None = None
    custom_data: CustomData | None = None


class TariffFixed(OcppStruct, frozen=True, kw_only=True):
    prices: Annotated[tuple[TariffFixedPrice, ...], Meta(min_length=1)]
    tax_rates: Annotated[tuple[TaxRate, ...], Meta(min_length=1, max_length=5)] | None = None
    custom_data: CustomData | None = None


class Price(OcppStruct, frozen=True, kw_only=True):
    excl_tax: float | None = None
    incl_tax: float | None = None
    tax_rates: Annotated[tuple[TaxRate, ...], Meta(min_length=1, max_length=5)] | None = None
    custom_data: CustomData | None = None


class Tariff(OcppStruct, frozen=True, kw_only=True):
    tariff_id: Annotated[str, Meta(max_length=60)]
    currency: Annotated[str, Meta(max_length=3)]
    description: Annotated[tuple[MessageContent, ...], Meta(min_length=1, max_length=10)] | None = None
    energy: TariffEnergy | None = None
    valid_from: Timestamp | None = None
    charging_time: TariffTime | None = None
    idle_time: TariffTime | None = None
    fixed_fee: TariffFixed | None = None
    reservation_time: TariffTime | None = None
    reservation_fixed: TariffFixed | None = None
    min_cost: Price | None = None
    max_cost: Price | None = None
    custom_data: CustomData | None = None


class BatteryData(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    serial_number: Annotated[str, Meta(max_length=50)]
    soc: Annotated[float, Meta(ge=0.0, le=100.0)] = field(name="soC")
    soh: Annotated[float, Meta(ge=0.0, le=100.0)] = field(name="soH")
    production_date: Timestamp | None = None
    vendor_info: Annotated[str, Meta(max_length=500)] | None = None
    custom_data: CustomData | None = None


class Modem(OcppStruct, frozen=True, kw_only=True):
    iccid: Annotated[str, Meta(max_length=20)] | None = None
    imsi: Annotated[str, Meta(max_length=20)] | None = None
    custom_data: CustomData | None = None


class ChargingStation(OcppStruct, frozen=True, kw_only=True):
    model: Annotated[str, Meta(max_length=20)]
    vendor_name: Annotated[str, Meta(max_length=50)]
    serial_number: Annotated[str, Meta(max_length=25)] | None = None
    modem: Modem | None = None
    firmware_version: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class EVSE(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    connector_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class ClearChargingProfile(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    charging_profile_purpose: enums.ChargingProfilePurposeEnum | None = None
    stack_level: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class ClearTariffsResult(OcppStruct, frozen=True, kw_only=True):
    status: enums.TariffClearStatusEnum
    status_info: StatusInfo | None = None
    tariff_id: Annotated[str, Meta(max_length=60)] | None = None
    custom_data: CustomData | None = None


class ClearMonitoringResult(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearMonitoringStatusEnum
    id: Annotated[int, Meta(ge=0)]
    status_info: StatusInfo | None = None
    custom_data: CustomData | None = None


class CertificateHashData(OcppStruct, frozen=True, kw_only=True):
    hash_algorithm: enums.HashAlgorithmEnum
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]
    custom_data: CustomData | None = None


class CertificateStatusRequestInfo(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: CertificateHashData
    source: enums.CertificateStatusSourceEnum
    urls: Annotated[tuple[Annotated[str, Meta(max_length=2000)], ...], Meta(min_length=1, max_length=5)]
    custom_data: CustomData | None = None


class CertificateStatus(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: CertificateHashData
    source: enums.CertificateStatusSourceEnum
    status: enums.CertificateStatusEnum
    next_update: Timestamp
    custom_data: CustomData | None = None


class ChargingProfileCriterion(OcppStruct, frozen=True, kw_only=True):
    charging_profile_purpose: enums.ChargingProfilePurposeEnum | None = None
    stack_level: Annotated[int, Meta(ge=0)] | None = None
    charging_profile_id: Annotated[tuple[int, ...], Meta(min_length=1)] | None = None
    charging_limit_source: (
        Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(min_length=1, max_length=4)] | None
    ) = None
    custom_data: CustomData | None = None


class V2XFreqWattPoint(OcppStruct, frozen=True, kw_only=True):
    frequency: float
    power: float
    custom_data: CustomData | None = None


class V2XSignalWattPoint(OcppStruct, frozen=True, kw_only=True):
    signal: int
    power: float
    custom_data: CustomData | None = None


class ChargingSchedulePeriod(OcppStruct, frozen=True, kw_only=True):
    start_period: int
    limit: float | None = None
    limit_l2: float | None = field(default=None, name="limit_L2")
    limit_l3: float | None = field(default=None, name="limit_L3")
    number_phases: Annotated[int, Meta(ge=0, le=3)] | None = None
    phase_to_use: Annotated[int, Meta(ge=0, le=3)] | None = None
    discharge_limit: Annotated[float, Meta(le=0.0)] | None = None
    discharge_limit_l2: Annotated[float, Meta(le=0.0)] | None = field(default=None, name="dischargeLimit_L2")
    discharge_limit_l3: Annotated[float, Meta(le=0.0)] | None = field(default=None, name="dischargeLimit_L3")
    setpoint: float | None = None
    setpoint_l2: float | None = field(default=None, name="setpoint_L2")
    setpoint_l3: float | None = field(default=None, name="setpoint_L3")
    setpoint_reactive: float | None = None
    setpoint_reactive_l2: float | None = field(default=None, name="setpointReactive_L2")
    setpoint_reactive_l3: float | None = field(default=None, name="setpointReactive_L3")
    preconditioning_request: bool | None = None
    evse_sleep: bool | None = None
    v2x_baseline: float | None = None
    operation_mode: enums.OperationModeEnum | None = None
    v2x_freq_watt_curve: Annotated[tuple[V2XFreqWattPoint, ...], Meta(min_length=1, max_length=20)] | None = (
        None
    )
    v2x_signal_watt_curve: (
        Annotated[tuple[V2XSignalWattPoint, ...], Meta(min_length=1, max_length=20)] | None
    ) = None
    custom_data: CustomData | None = None


class CompositeSchedule(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    duration: int
    schedule_start: Timestamp
    charging_rate_unit: enums.ChargingRateUnitEnum
    charging_schedule_period: Annotated[tuple[ChargingSchedulePeriod, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class CertificateHashDataChain(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: CertificateHashData
    certificate_type: enums.GetCertificateIdUseEnum
    child_certificate_hash_data: (
        Annotated[tuple[CertificateHashData, ...], Meta(min_length=1, max_length=4)] | None
    ) = None
    custom_data: CustomData | None = None


class LogParameters(OcppStruct, frozen=True, kw_only=True):
    remote_location: Annotated[str, Meta(max_length=2000)]
    oldest_timestamp: Timestamp | None = None
    latest_timestamp: Timestamp | None = None
    custom_data: CustomData | None = None


class Component(OcppStruct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=50)]
    evse: EVSE | None = None
    instance: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class Variable(OcppStruct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=50)]
    instance: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class ComponentVariable(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable | None = None
    custom_data: CustomData | None = None


class ConstantStreamData(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    params: PeriodicEventStreamParams
    variable_monitoring_id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class TariffAssignment(OcppStruct, frozen=True, kw_only=True):
    tariff_id: Annotated[str, Meta(max_length=60)]
    tariff_kind: enums.TariffKindEnum
    valid_from: Timestamp | None = None
    evse_ids: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1)] | None = None
    id_tokens: Annotated[tuple[Annotated[str, Meta(max_length=255)], ...], Meta(min_length=1)] | None = None
    custom_data: CustomData | None = None


class GetVariableData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    attribute_type: enums.AttributeEnum | None = None
    custom_data: CustomData | None = None


class GetVariableResult(OcppStruct, frozen=True, kw_only=True):
    attribute_status: enums.GetVariableStatusEnum
    component: Component
    variable: Variable
    attribute_status_info: StatusInfo | None = None
    attribute_type: enums.AttributeEnum | None = None
    attribute_value: Annotated[str, Meta(max_length=2500)] | None = None
    custom_data: CustomData | None = None


class SignedMeterValue(OcppStruct, frozen=True, kw_only=True):
    signed_meter_data: Annotated[str, Meta(max_length=32768)]
    encoding_method: Annotated[str, Meta(max_length=50)]
    signing_method: Annotated[str, Meta(max_length=50)] | None = None
    public_key: Annotated[str, Meta(max_length=2500)] | None = None
    custom_data: CustomData | None = None


class UnitOfMeasure(OcppStruct, frozen=True, kw_only=True):
    unit: Annotated[str, Meta(max_length=20)] = "Wh"
    multiplier: int = 0
    custom_data: CustomData | None = None


class SampledValue(OcppStruct, frozen=True, kw_only=True):
    value: float
    measurand: enums.MeasurandEnum | None = None
    context: enums.ReadingContextEnum | None = None
    phase: enums.PhaseEnum | None = None
    location: enums.LocationEnum | None = None
    signed_meter_value: SignedMeterValue | None = None
    unit_of_measure: UnitOfMeasure | None = None
    custom_data: CustomData | None = None


class MeterValue(OcppStruct, frozen=True, kw_only=True):
    sampled_value: Annotated[tuple[SampledValue, ...], Meta(min_length=1)]
    timestamp: Timestamp
    custom_data: CustomData | None = None


class LimitAtSoC(OcppStruct, frozen=True, kw_only=True):
    soc: Annotated[int, Meta(ge=0, le=100)]
    limit: float
    custom_data: CustomData | None = None


class RelativeTimeInterval(OcppStruct, frozen=True, kw_only=True):
    start: int
    duration: int | None = None
    custom_data: CustomData | None = None


class Cost(OcppStruct, frozen=True, kw_only=True):
    cost_kind: enums.CostKindEnum
    amount: int
    amount_multiplier: int | None = None
    custom_data: CustomData | None = None


class ConsumptionCost(OcppStruct, frozen=True, kw_only=True):
    start_value: float
    cost: Annotated[tuple[Cost, ...], Meta(min_length=1, max_length=3)]
    custom_data: CustomData | None = None


class SalesTariffEntry(OcppStruct, frozen=True, kw_only=True):
    relative_time_interval: RelativeTimeInterval
    e_price_level: Annotated[int, Meta(ge=0)] | None = None
    consumption_cost: Annotated[tuple[ConsumptionCost, ...], Meta(min_length=1, max_length=3)] | None = None
    custom_data: CustomData | None = None


class SalesTariff(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    sales_tariff_entry: Annotated[tuple[SalesTariffEntry, ...], Meta(min_length=1, max_length=1024)]
    sales_tariff_description: Annotated[str, Meta(max_length=32)] | None = None
    num_e_price_levels: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class RationalNumber(OcppStruct, frozen=True, kw_only=True):
    exponent: int
    value: int
    custom_data: CustomData | None = None


class PriceRule(OcppStruct, frozen=True, kw_only=True):
    energy_fee: RationalNumber
    power_range_start: RationalNumber
    parking_fee_period: int | None = None
    carbon_dioxide_emission: Annotated[int, Meta(ge=0)] | None = None
    renewable_generation_percentage: Annotated[int, Meta(ge=0, le=100)] | None = None
    parking_fee: RationalNumber | None = None
    custom_data: CustomData | None = None


class PriceRuleStack(OcppStruct, frozen=True, kw_only=True):
    duration: int
    price_rule: Annotated[tuple[PriceRule, ...], Meta(min_length=1, max_length=8)]
    custom_data: CustomData | None = None


class TaxRule(OcppStruct, frozen=True, kw_only=True):
    tax_rule_id: Annotated[int, Meta(ge=0)] = field(name="taxRuleID")
    applies_to_energy_fee: bool
    applies_to_parking_fee: bool
    applies_to_overstay_fee: bool
    applies_to_minimum_maximum_cost: bool
    tax_rate: RationalNumber
    tax_rule_name: Annotated[str, Meta(max_length=100)] | None = None
    tax_included_in_price: bool | None = None
    custom_data: CustomData | None = None


class OverstayRule(OcppStruct, frozen=True, kw_only=True):
    overstay_fee: RationalNumber
    start_time: int
    overstay_fee_period: int
    overstay_rule_description: Annotated[str, Meta(max_length=32)] | None = None
    custom_data: CustomData | None = None


class OverstayRuleList(OcppStruct, frozen=True, kw_only=True):
    overstay_rule: Annotated[tuple[OverstayRule, ...], Meta(min_length=1, max_length=5)]
    overstay_power_threshold: RationalNumber | None = None
    overstay_time_threshold: int | None = None
    custom_data: CustomData | None = None


class AdditionalSelectedServices(OcppStruct, frozen=True, kw_only=True):
    service_fee: RationalNumber
    service_name: Annotated[str, Meta(max_length=80)]
    custom_data: CustomData | None = None


class AbsolutePriceSchedule(OcppStruct, frozen=True, kw_only=True):
    time_anchor: Timestamp
    price_schedule_id: Annotated[int, Meta(ge=0)] = field(name="priceScheduleID")
    currency: Annotated[str, Meta(max_length=3)]
    language: Annotated[str, Meta(max_length=8)]
    price_algorithm: Annotated[str, Meta(max_length=2000)]
    price_rule_stacks: Annotated[tuple[PriceRuleStack, ...], Meta(min_length=1, max_length=1024)]
    price_schedule_description: Annotated[str, Meta(max_length=160)] | None = None
    minimum_cost: RationalNumber | None = None
    maximum_cost: RationalNumber | None = None
    tax_rules: Annotated[tuple[TaxRule, ...], Meta(min_length=1, max_length=10)] | None = None
    overstay_rule_list: OverstayRuleList | None = None
    additional_selected_services: (
        Annotated[tuple[AdditionalSelectedServices, ...], Meta(min_length=1, max_length=5)] | None
    ) = None
    custom_data: CustomData | None = None


class PriceLevelScheduleEntry(OcppStruct, frozen=True, kw_only=True):
    duration: int
    price_level: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class PriceLevelSchedule(OcppStruct, frozen=True, kw_only=True):
    price_level_schedule_entries: Annotated[
        tuple[PriceLevelScheduleEntry, ...], Meta(min_length=1, max_length=100)
    ]
    time_anchor: Timestamp
    price_schedule_id: Annotated[int, Meta(ge=0)]
    number_of_price_levels: Annotated[int, Meta(ge=0)]
    price_schedule_description: Annotated[str, Meta(max_length=32)] | None = None
    custom_data: CustomData | None = None


class ChargingSchedule(OcppStruct, frozen=True, kw_only=True):
    id: int
    charging_rate_unit: enums.ChargingRateUnitEnum
    charging_schedule_period: Annotated[
        tuple[ChargingSchedulePeriod, ...], Meta(min_length=1, max_length=1024)
    ]
    limit_at_soc: LimitAtSoC | None = field(default=None, name="limitAtSoC")
    start_schedule: Timestamp | None = None
    duration: int | None = None
    min_charging_rate: float | None = None
    power_tolerance: float | None = None
    signature_id: Annotated[int, Meta(ge=0)] | None = None
    digest_value: Annotated[str, Meta(max_length=88)] | None = None
    use_local_time: bool | None = None
    randomized_delay: Annotated[int, Meta(ge=0)] | None = None
    sales_tariff: SalesTariff | None = None
    absolute_price_schedule: AbsolutePriceSchedule | None = None
    price_level_schedule: PriceLevelSchedule | None = None
    custom_data: CustomData | None = None


class ChargingLimit(OcppStruct, frozen=True, kw_only=True):
    charging_limit_source: Annotated[str, Meta(max_length=20)]
    is_local_generation: bool | None = None
    is_grid_critical: bool | None = None
    custom_data: CustomData | None = None


class MessageInfo(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    priority: enums.MessagePriorityEnum
    message: MessageContent
    display: Component | None = None
    state: enums.MessageStateEnum | None = None
    start_date_time: Timestamp | None = None
    end_date_time: Timestamp | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    message_extra: Annotated[tuple[MessageContent, ...], Meta(min_length=1, max_length=4)] | None = None
    custom_data: CustomData | None = None


class ACChargingParameters(OcppStruct, frozen=True, kw_only=True):
    energy_amount: float
    ev_min_current: float
    ev_max_current: float
    ev_max_voltage: float
    custom_data: CustomData | None = None


class DERChargingParameters(OcppStruct, frozen=True, kw_only=True):
    ev_supported_der_control: Annotated[tuple[enums.DERControlEnum, ...], Meta(min_length=1)] | None = field(
        default=None, name="evSupportedDERControl"
    )
    ev_over_excited_max_discharge_power: float | None = None
    ev_over_excited_power_factor: float | None = None
    ev_under_excited_max_discharge_power: float | None = None
    ev_under_excited_power_factor: float | None = None
    max_apparent_power: float | None = None
    max_charge_apparent_power: float | None = None
    max_charge_apparent_power_l2: float | None = field(default=None, name="maxChargeApparentPower_L2")
    max_charge_apparent_power_l3: float | None = field(default=None, name="maxChargeApparentPower_L3")
    max_discharge_apparent_power: float | None = None
    max_discharge_apparent_power_l2: float | None = field(default=None, name="maxDischargeApparentPower_L2")
    max_discharge_apparent_power_l3: float | None = field(default=None, name="maxDischargeApparentPower_L3")
    max_charge_reactive_power: float | None = None
    max_charge_reactive_power_l2: float | None = field(default=None, name="maxChargeReactivePower_L2")
    max_charge_reactive_power_l3: float | None = field(default=None, name="maxChargeReactivePower_L3")
    min_charge_reactive_power: float | None = None
    min_charge_reactive_power_l2: float | None = field(default=None, name="minChargeReactivePower_L2")
    min_charge_reactive_power_l3: float | None = field(default=None, name="minChargeReactivePower_L3")
    max_discharge_reactive_power: float | None = None
    max_discharge_reactive_power_l2: float | None = field(default=None, name="maxDischargeReactivePower_L2")
    max_discharge_reactive_power_l3: float | None = field(default=None, name="maxDischargeReactivePower_L3")
    min_discharge_reactive_power: float | None = None
    min_discharge_reactive_power_l2: float | None = field(default=None, name="minDischargeReactivePower_L2")
    min_discharge_reactive_power_l3: float | None = field(default=None, name="minDischargeReactivePower_L3")
    nominal_voltage: float | None = None
    nominal_voltage_offset: float | None = None
    max_nominal_voltage: float | None = None
    min_nominal_voltage: float | None = None
    ev_inverter_manufacturer: Annotated[str, Meta(max_length=50)] | None = None
    ev_inverter_model: Annotated[str, Meta(max_length=50)] | None = None
    ev_inverter_serial_number: Annotated[str, Meta(max_length=50)] | None = None
    ev_inverter_sw_version: Annotated[str, Meta(max_length=50)] | None = None
    ev_inverter_hw_version: Annotated[str, Meta(max_length=50)] | None = None
    ev_islanding_detection_method: (
        Annotated[tuple[enums.IslandingDetectionEnum, ...], Meta(min_length=1)] | None
    ) = None
    ev_islanding_trip_time: float | None = None
    ev_maximum_level1_dc_injection: float | None = field(default=None, name="evMaximumLevel1DCInjection")
    ev_duration_level1_dc_injection: float | None = field(default=None, name="evDurationLevel1DCInjection")
    ev_maximum_level2_dc_injection: float | None = field(default=None, name="evMaximumLevel2DCInjection")
    ev_duration_level2_dc_injection: float | None = field(default=None, name="evDurationLevel2DCInjection")
    ev_reactive_susceptance: float | None = None
    ev_session_total_discharge_energy_available: float | None = None
    custom_data: CustomData | None = None


class EVPriceRule(OcppStruct, frozen=True, kw_only=True):
    energy_fee: float
    power_range_start: float
    custom_data: CustomData | None = None


class EVAbsolutePriceScheduleEntry(OcppStruct, frozen=True, kw_only=True):
    duration: int
    ev_price_rule: Annotated[tuple[EVPriceRule, ...], Meta(min_length=1, max_length=8)]
    custom_data: CustomData | None = None


class EVAbsolutePriceSchedule(OcppStruct, frozen=True, kw_only=True):
    time_anchor: Timestamp
    currency: Annotated[str, Meta(max_length=3)]
    ev_absolute_price_schedule_entries: Annotated[
        tuple[EVAbsolutePriceScheduleEntry, ...], Meta(min_length=1, max_length=1024)
    ]
    price_algorithm: Annotated[str, Meta(max_length=2000)]
    custom_data: CustomData | None = None


class EVPowerScheduleEntry(OcppStruct, frozen=True, kw_only=True):
    duration: int
    power: float
    custom_data: CustomData | None = None


class EVPowerSchedule(OcppStruct, frozen=True, kw_only=True):
    ev_power_schedule_entries: Annotated[
        tuple[EVPowerScheduleEntry, ...], Meta(min_length=1, max_length=1024)
    ]
    time_anchor: Timestamp
    custom_data: CustomData | None = None


class EVEnergyOffer(OcppStruct, frozen=True, kw_only=True):
    ev_power_schedule: EVPowerSchedule
    ev_absolute_price_schedule: EVAbsolutePriceSchedule | None = None
    custom_data: CustomData | None = None


class DCChargingParameters(OcppStruct, frozen=True, kw_only=True):
    ev_max_current: float
    ev_max_voltage: float
    ev_max_power: float | None = None
    ev_energy_capacity: float | None = None
    energy_amount: float | None = None
    state_of_charge: Annotated[int, Meta(ge=0, le=100)] | None = None
    full_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="fullSoC")
    bulk_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="bulkSoC")
    custom_data: CustomData | None = None


class V2XChargingParameters(OcppStruct, frozen=True, kw_only=True):
    min_charge_power: float | None = None
    min_charge_power_l2: float | None = field(default=None, name="minChargePower_L2")
    min_charge_power_l3: float | None = field(default=None, name="minChargePower_L3")
    max_charge_power: float | None = None
    max_charge_power_l2: float | None = field(default=None, name="maxChargePower_L2")
    max_charge_power_l3: float | None = field(default=None, name="maxChargePower_L3")
    min_discharge_power: float | None = None
    min_discharge_power_l2: float | None = field(default=None, name="minDischargePower_L2")
    min_discharge_power_l3: float | None = field(default=None, name="minDischargePower_L3")
    max_discharge_power: float | None = None
    max_discharge_power_l2: float | None = field(default=None, name="maxDischargePower_L2")
    max_discharge_power_l3: float | None = field(default=None, name="maxDischargePower_L3")
    min_charge_current: float | None = None
    max_charge_current: float | None = None
    min_discharge_current: float | None = None
    max_discharge_current: float | None = None
    min_voltage: float | None = None
    max_voltage: float | None = None
    ev_target_energy_request: float | None = None
    ev_min_energy_request: float | None = None
    ev_max_energy_request: float | None = None
    ev_min_v2x_energy_request: float | None = field(default=None, name="evMinV2XEnergyRequest")
    ev_max_v2x_energy_request: float | None = field(default=None, name="evMaxV2XEnergyRequest")
    target_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="targetSoC")
    custom_data: CustomData | None = None


class ChargingNeeds(OcppStruct, frozen=True, kw_only=True):
    requested_energy_transfer: enums.EnergyTransferModeEnum
    ac_charging_parameters: ACChargingParameters | None = None
    der_charging_parameters: DERChargingParameters | None = None
    ev_energy_offer: EVEnergyOffer | None = None
    dc_charging_parameters: DCChargingParameters | None = None
    v2x_charging_parameters: V2XChargingParameters | None = None
    available_energy_transfer: (
        Annotated[tuple[enums.EnergyTransferModeEnum, ...], Meta(min_length=1)] | None
    ) = None
    control_mode: enums.ControlModeEnum | None = None
    mobility_needs_mode: enums.MobilityNeedsModeEnum | None = None
    departure_time: Timestamp | None = None
    custom_data: CustomData | None = None


class EventData(OcppStruct, frozen=True, kw_only=True):
    event_id: Annotated[int, Meta(ge=0)]
    timestamp: Timestamp
    trigger: enums.EventTriggerEnum
    actual_value: Annotated[str, Meta(max_length=2500)]
    component: Component
    event_notification_type: enums.EventNotificationEnum
    variable: Variable
    cause: Annotated[int, Meta(ge=0)] | None = None
    tech_code: Annotated[str, Meta(max_length=50)] | None = None
    tech_info: Annotated[str, Meta(max_length=500)] | None = None
    cleared: bool | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    variable_monitoring_id: Annotated[int, Meta(ge=0)] | None = None
    severity: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class VariableMonitoring(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    transaction: bool
    value: float
    type: enums.MonitorEnum
    severity: Annotated[int, Meta(ge=0)]
    event_notification_type: enums.EventNotificationEnum
    custom_data: CustomData | None = None


class MonitoringData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    variable_monitoring: Annotated[tuple[VariableMonitoring, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class StreamDataElement(OcppStruct, frozen=True, kw_only=True):
    t: float
    v: Annotated[str, Meta(max_length=2500)]
    custom_data: CustomData | None = None


class VariableAttribute(OcppStruct, frozen=True, kw_only=True):
    type: enums.AttributeEnum | None = None
    value: Annotated[str, Meta(max_length=2500)] | None = None
    mutability: enums.MutabilityEnum | None = None
    persistent: bool = False
    constant: bool = False
    custom_data: CustomData | None = None


class VariableCharacteristics(OcppStruct, frozen=True, kw_only=True):
    data_type: enums.DataEnum
    supports_monitoring: bool
    unit: Annotated[str, Meta(max_length=16)] | None = None
    min_limit: float | None = None
    max_limit: float | None = None
    max_elements: Annotated[int, Meta(ge=1)] | None = None
    values_list: Annotated[str, Meta(max_length=1000)] | None = None
    custom_data: CustomData | None = None


class ReportData(OcppStruct, frozen=True, kw_only=True):
    component: Component
    variable: Variable
    variable_attribute: Annotated[tuple[VariableAttribute, ...], Meta(min_length=1, max_length=4)]
    variable_characteristics: VariableCharacteristics | None = None
    custom_data: CustomData | None = None


class Address(OcppStruct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(max_length=50)]
    address1: Annotated[str, Meta(max_length=100)]
    city: Annotated[str, Meta(max_length=100)]
    country: Annotated[str, Meta(max_length=50)]
    address2: Annotated[str, Meta(max_length=100)] | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    custom_data: CustomData | None = None


class ChargingScheduleUpdate(OcppStruct, frozen=True, kw_only=True):
    limit: float | None = None
    limit_l2: float | None = field(default=None, name="limit_L2")
    limit_l3: float | None = field(default=None, name="limit_L3")
    discharge_limit: Annotated[float, Meta(le=0.0)] | None = None
    discharge_limit_l2: Annotated[float, Meta(le=0.0)] | None = field(default=None, name="dischargeLimit_L2")
    discharge_limit_l3: Annotated[float, Meta(le=0.0)] | None = field(default=None, name="dischargeLimit_L3")
    setpoint: float | None = None
    setpoint_l2: float | None = field(default=None, name="setpoint_L2")
    setpoint_l3: float | None = field(default=None, name="setpoint_L3")
    setpoint_reactive: float | None = None
    setpoint_reactive_l2: float | None = field(default=None, name="setpointReactive_L2")
    setpoint_reactive_l3: float | None = field(default=None, name="setpointReactive_L3")
    custom_data: CustomData | None = None


class ChargingProfile(OcppStruct, frozen=True, kw_only=True):
    id: int
    stack_level: Annotated[int, Meta(ge=0)]
    charging_profile_purpose: enums.ChargingProfilePurposeEnum
    charging_profile_kind: enums.ChargingProfileKindEnum
    charging_schedule: Annotated[tuple[ChargingSchedule, ...], Meta(min_length=1, max_length=3)]
    recurrency_kind: enums.RecurrencyKindEnum | None = None
    valid_from: Timestamp | None = None
    valid_to: Timestamp | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    max_offline_duration: int | None = None
    invalid_after_offline_duration: bool | None = None
    dyn_update_interval: int | None = None
    dyn_update_time: Timestamp | None = None
    price_schedule_signature: Annotated[str, Meta(max_length=256)] | None = None
    custom_data: CustomData | None = None


class DERCurvePoints(OcppStruct, frozen=True, kw_only=True):
    x: float
    y: float
    custom_data: CustomData | None = None


class Hysteresis(OcppStruct, frozen=True, kw_only=True):
    hysteresis_high: float | None = None
    hysteresis_low: float | None = None
    hysteresis_delay: float | None = None
    hysteresis_gradient: float | None = None
    custom_data: CustomData | None = None


class ReactivePowerParams(OcppStruct, frozen=True, kw_only=True):
    v_ref: float | None = None
    autonomous_v_ref_enable: bool | None = None
    autonomous_v_ref_time_constant: float | None = None
    custom_data: CustomData | None = None


class VoltageParams(OcppStruct, frozen=True, kw_only=True):
    hv10_min_mean_value: float | None = None
    hv10_min_mean_trip_delay: float | None = None
    power_during_cessation: enums.PowerDuringCessationEnum | None = None
    custom_data: CustomData | None = None


class DERCurve(OcppStruct, frozen=True, kw_only=True):
    curve_data: Annotated[tuple[DERCurvePoints, ...], Meta(min_length=1, max_length=10)]
    priority: Annotated[int, Meta(ge=0)]
    y_unit: enums.DERUnitEnum
    hysteresis: Hysteresis | None = None
    reactive_power_params: ReactivePowerParams | None = None
    voltage_params: VoltageParams | None = None
    response_time: float | None = None
    start_time: Timestamp | None = None
    duration: float | None = None
    custom_data: CustomData | None = None


class DERCurveGet(OcppStruct, frozen=True, kw_only=True):
    curve: DERCurve
    id: Annotated[str, Meta(max_length=36)]
    curve_type: enums.DERControlEnum
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | None = None


class EnterService(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    high_voltage: float
    low_voltage: float
    high_freq: float
    low_freq: float
    delay: float | None = None
    random_delay: float | None = None
    ramp_rate: float | None = None
    custom_data: CustomData | None = None


class EnterServiceGet(OcppStruct, frozen=True, kw_only=True):
    enter_service: EnterService
    id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class FixedPF(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    displacement: float
    excitation: bool
    start_time: Timestamp | None = None
    duration: float | None = None
    custom_data: CustomData | None = None


class FixedPFGet(OcppStruct, frozen=True, kw_only=True):
    fixed_pf: FixedPF = field(name="fixedPF")
    id: Annotated[str, Meta(max_length=36)]
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | None = None


class FixedVar(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    setpoint: float
    unit: enums.DERUnitEnum
    start_time: Timestamp | None = None
    duration: float | None = None
    custom_data: CustomData | None = None


class FixedVarGet(OcppStruct, frozen=True, kw_only=True):
    fixed_var: FixedVar
    id: Annotated[str, Meta(max_length=36)]
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | None = None


class FreqDroop(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    over_freq: float
    under_freq: float
    over_droop: float
    under_droop: float
    response_time: float
    start_time: Timestamp | None = None
    duration: float | None = None
    custom_data: CustomData | None = None


class FreqDroopGet(OcppStruct, frozen=True, kw_only=True):
    freq_droop: FreqDroop
    id: Annotated[str, Meta(max_length=36)]
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | None = None


class Gradient(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    gradient: float
    soft_gradient: float
    custom_data: CustomData | None = None


class GradientGet(OcppStruct, frozen=True, kw_only=True):
    gradient: Gradient
    id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class LimitMaxDischarge(OcppStruct, frozen=True, kw_only=True):
    priority: Annotated[int, Meta(ge=0)]
    pct_max_discharge_power: float | None = None
    power_monitoring_must_trip: DERCurve | None = None
    start_time: Timestamp | None = None
    duration: float | None = None
    custom_data: CustomData | None = None


class LimitMaxDischargeGet(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(max_length=36)]
    is_default: bool
    is_superseded: bool
    limit_max_discharge: LimitMaxDischarge
    custom_data: CustomData | None = None


class AuthorizationData(OcppStruct, frozen=True, kw_only=True):
    id_token: IdToken
    id_token_info: IdTokenInfo | None = None
    custom_data: CustomData | None = None


class APN(OcppStruct, frozen=True, kw_only=True):
    apn: Annotated[str, Meta(max_length=2000)]
    apn_authentication: enums.APNAuthenticationEnum
    apn_user_name: Annotated[str, Meta(max_length=50)] | None = None
    apn_password: Annotated[str, Meta(max_length=64)] | None = None
    sim_pin: int | None = None
    preferred_network: Annotated[str, Meta(max_length=6)] | None = None
    use_only_preferred_network: bool = False
    custom_data: CustomData | None = None


class VPN(OcppStruct, frozen=True, kw_only=True):
    server: Annotated[str, Meta(max_length=2000)]
    user: Annotated[str, Meta(max_length=50)]
    password: Annotated[str, Meta(max_length=64)]
    key: Annotated[str, Meta(max_length=255)]
    type: enums.VPNEnum
    group: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class NetworkConnectionProfile(OcppStruct, frozen=True, kw_only=True):
    ocpp_interface: enums.OCPPInterfaceEnum
    ocpp_transport: enums.OCPPTransportEnum
    message_timeout: int
    ocpp_csms_url: Annotated[str, Meta(max_length=2000)]
    security_profile: Annotated[int, Meta(ge=0)]
    apn: APN | None = None
    ocpp_version: enums.OCPPVersionEnum | None = None
    identity: Annotated[str, Meta(max_length=48)] | None = None
    basic_auth_password: Annotated[str, Meta(max_length=64)] | None = None
    vpn: VPN | None = None
    custom_data: CustomData | None = None


class SetMonitoringData(OcppStruct, frozen=True, kw_only=True):
    value: float
    type: enums.MonitorEnum
    severity: Annotated[int, Meta(ge=0)]
    component: Component
    variable: Variable
    id: Annotated[int, Meta(ge=0)] | None = None
    periodic_event_stream: PeriodicEventStreamParams | None = None
    transaction: bool = False
    custom_data: CustomData | None = None


class SetMonitoringResult(OcppStruct, frozen=True, kw_only=True):
    status: enums.SetMonitoringStatusEnum
    type: enums.MonitorEnum
    component: Component
    variable: Variable
    severity: Annotated[int, Meta(ge=0)]
    id: Annotated[int, Meta(ge=0)] | None = None
    status_info: StatusInfo | None = None
    custom_data: CustomData | None = None


class SetVariableData(OcppStruct, frozen=True, kw_only=True):
    attribute_value: Annotated[str, Meta(max_length=2500)]
    component: Component
    variable: Variable
    attribute_type: enums.AttributeEnum | None = None
    custom_data: CustomData | None = None


class SetVariableResult(OcppStruct, frozen=True, kw_only=True):
    attribute_status: enums.SetVariableStatusEnum
    component: Component
    variable: Variable
    attribute_type: enums.AttributeEnum | None = None
    attribute_status_info: StatusInfo | None = None
    custom_data: CustomData | None = None


class CostDimension(OcppStruct, frozen=True, kw_only=True):
    type: enums.CostDimensionEnum
    volume: float
    custom_data: CustomData | None = None


class ChargingPeriod(OcppStruct, frozen=True, kw_only=True):
    start_period: Timestamp
    dimensions: Annotated[tuple[CostDimension, ...], Meta(min_length=1)] | None = None
    tariff_id: Annotated[str, Meta(max_length=60)] | None = None
    custom_data: CustomData | None = None


class TotalPrice(OcppStruct, frozen=True, kw_only=True):
    excl_tax: float | None = None
    incl_tax: float | None = None
    custom_data: CustomData | None = None


class TotalCost(OcppStruct, frozen=True, kw_only=True):
    currency: Annotated[str, Meta(max_length=3)]
    type_of_cost: enums.TariffCostEnum
    total: TotalPrice
    fixed: Price | None = None
    energy: Price | None = None
    charging_time: Price | None = None
    idle_time: Price | None = None
    reservation_time: Price | None = None
    reservation_fixed: Price | None = None
    custom_data: CustomData | None = None


class TotalUsage(OcppStruct, frozen=True, kw_only=True):
    energy: float
    charging_time: int
    idle_time: int
    reservation_time: int | None = None
    custom_data: CustomData | None = None


class CostDetails(OcppStruct, frozen=True, kw_only=True):
    total_cost: TotalCost
    total_usage: TotalUsage
    charging_periods: Annotated[tuple[ChargingPeriod, ...], Meta(min_length=1)] | None = None
    failure_to_calculate: bool | None = None
    failure_reason: Annotated[str, Meta(max_length=500)] | None = None
    custom_data: CustomData | None = None


class TransactionLimit(OcppStruct, frozen=True, kw_only=True):
    max_cost: float | None = None
    max_energy: float | None = None
    max_time: int | None = None
    max_soc: Annotated[int, Meta(ge=0, le=100)] | None = field(default=None, name="maxSoC")
    custom_data: CustomData | None = None


class Transaction(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    charging_state: enums.ChargingStateEnum | None = None
    time_spent_charging: int | None = None
    stopped_reason: enums.ReasonEnum | None = None
    remote_start_id: int | None = None
    operation_mode: enums.OperationModeEnum | None = None
    tariff_id: Annotated[str, Meta(max_length=60)] | None = None
    transaction_limit: TransactionLimit | None = None
    custom_data: CustomData | None = None


class Firmware(OcppStruct, frozen=True, kw_only=True):
    location: Annotated[str, Meta(max_length=2000)]
    retrieve_date_time: Timestamp
    install_date_time: Timestamp | None = None
    signing_certificate: Annotated[str, Meta(max_length=5500)] | None = None
    signature: Annotated[str, Meta(max_length=800)] | None = None
    custom_data: CustomData | None = None
