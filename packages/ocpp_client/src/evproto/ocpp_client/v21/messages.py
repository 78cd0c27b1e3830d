"""Messages of OCPP 2.1.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated, Any

from msgspec import Meta, field

from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.v21 import datatypes, enums


class AFRRSignalRequest(OcppStruct, frozen=True, kw_only=True):
    timestamp: Timestamp
    signal: int
    custom_data: CustomData | None = None


class AFRRSignalResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class AdjustPeriodicEventStreamRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    params: datatypes.PeriodicEventStreamParams
    custom_data: CustomData | None = None


class AdjustPeriodicEventStreamResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class AuthorizeRequest(OcppStruct, frozen=True, kw_only=True):
    id_token: datatypes.IdToken
    certificate: Annotated[str, Meta(max_length=10000)] | None = None
    iso15118_certificate_hash_data: (
        Annotated[tuple[datatypes.OCSPRequestData, ...], Meta(min_length=1, max_length=4)] | None
    ) = None
    custom_data: CustomData | None = None


class AuthorizeResponse(OcppStruct, frozen=True, kw_only=True):
    id_token_info: datatypes.IdTokenInfo
    certificate_status: enums.AuthorizeCertificateStatusEnum | None = None
    allowed_energy_transfer: (
        Annotated[tuple[enums.EnergyTransferModeEnum, ...], Meta(min_length=1)] | None
    ) = None
    tariff: datatypes.Tariff | None = None
    custom_data: CustomData | None = None


class BatterySwapRequest(OcppStruct, frozen=True, kw_only=True):
    battery_data: Annotated[tuple[datatypes.BatteryData, ...], Meta(min_length=1)]
    event_type: enums.BatterySwapEventEnum
    id_token: datatypes.IdToken
    request_id: int
    custom_data: CustomData | None = None


class BatterySwapResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class BootNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    charging_station: datatypes.ChargingStation
    reason: enums.BootReasonEnum
    custom_data: CustomData | None = None


class BootNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    current_time: Timestamp
    interval: int
    status: enums.RegistrationStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class CancelReservationRequest(OcppStruct, frozen=True, kw_only=True):
    reservation_id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class CancelReservationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CancelReservationStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class CertificateSignedRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_chain: Annotated[str, Meta(max_length=10000)]
    certificate_type: enums.CertificateSigningUseEnum | None = None
    request_id: int | None = None
    custom_data: CustomData | None = None


class CertificateSignedResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CertificateSignedStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ChangeAvailabilityRequest(OcppStruct, frozen=True, kw_only=True):
    operational_status: enums.OperationalStatusEnum
    evse: datatypes.EVSE | None = None
    custom_data: CustomData | None = None


class ChangeAvailabilityResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChangeAvailabilityStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ChangeTransactionTariffRequest(OcppStruct, frozen=True, kw_only=True):
    tariff: datatypes.Tariff
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class ChangeTransactionTariffResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TariffChangeStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ClearCacheRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ClearCacheResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearCacheStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ClearChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    charging_profile_id: int | None = None
    charging_profile_criteria: datatypes.ClearChargingProfile | None = None
    custom_data: CustomData | None = None


class ClearChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearChargingProfileStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ClearDERControlRequest(OcppStruct, frozen=True, kw_only=True):
    is_default: bool
    control_type: enums.DERControlEnum | None = None
    control_id: Annotated[str, Meta(max_length=36)] | None = None
    custom_data: CustomData | None = None


class ClearDERControlResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DERControlStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ClearDisplayMessageRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class ClearDisplayMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearMessageStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ClearTariffsRequest(OcppStruct, frozen=True, kw_only=True):
    tariff_ids: Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(min_length=1)] | None = None
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class ClearTariffsResponse(OcppStruct, frozen=True, kw_only=True):
    clear_tariffs_result: Annotated[tuple[datatypes.ClearTariffsResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearVariableMonitoringRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearVariableMonitoringResponse(OcppStruct, frozen=True, kw_only=True):
    clear_monitoring_result: Annotated[tuple[datatypes.ClearMonitoringResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearedChargingLimitRequest(OcppStruct, frozen=True, kw_only=True):
    charging_limit_source: Annotated[str, Meta(max_length=20)]
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class ClearedChargingLimitResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ClosePeriodicEventStreamRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class ClosePeriodicEventStreamResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class CostUpdatedRequest(OcppStruct, frozen=True, kw_only=True):
    total_cost: float
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class CostUpdatedResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class CustomerInformationRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: Annotated[int, Meta(ge=0)]
    report: bool
    clear: bool
    customer_certificate: datatypes.CertificateHashData | None = None
    id_token: datatypes.IdToken | None = None
    customer_identifier: Annotated[str, Meta(max_length=64)] | None = None
    custom_data: CustomData | None = None


class CustomerInformationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CustomerInformationStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class DataTransferRequest(OcppStruct, frozen=True, kw_only=True):
    vendor_id: Annotated[str, Meta(max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: Any | None = None
    custom_data: CustomData | None = None


class DataTransferResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DataTransferStatusEnum
    status_info: datatypes.StatusInfo | None = None
    data: Any | None = None
    custom_data: CustomData | None = None


class DeleteCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: datatypes.CertificateHashData
    custom_data: CustomData | None = None


class DeleteCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DeleteCertificateStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class FirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.FirmwareStatusEnum
    request_id: int | None = None
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class FirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class Get15118EVCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    iso15118_schema_version: Annotated[str, Meta(max_length=50)]
    action: enums.CertificateActionEnum
    exi_request: Annotated[str, Meta(max_length=11000)]
    maximum_contract_certificate_chains: Annotated[int, Meta(ge=0)] | None = None
    prioritized_emai_ds: (
        Annotated[tuple[Annotated[str, Meta(max_length=255)], ...], Meta(min_length=1, max_length=8)] | None
    ) = field(default=None, name="prioritizedEMAIDs")
    custom_data: CustomData | None = None


class Get15118EVCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.Iso15118EVCertificateStatusEnum
    exi_response: Annotated[str, Meta(max_length=17000)]
    status_info: datatypes.StatusInfo | None = None
    remaining_contracts: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class GetBaseReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    report_base: enums.ReportBaseEnum
    custom_data: CustomData | None = None


class GetBaseReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetCertificateChainStatusRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_status_requests: Annotated[
        tuple[datatypes.CertificateStatusRequestInfo, ...], Meta(min_length=1, max_length=4)
    ]
    custom_data: CustomData | None = None


class GetCertificateChainStatusResponse(OcppStruct, frozen=True, kw_only=True):
    certificate_status: Annotated[tuple[datatypes.CertificateStatus, ...], Meta(min_length=1, max_length=4)]
    custom_data: CustomData | None = None


class GetCertificateStatusRequest(OcppStruct, frozen=True, kw_only=True):
    ocsp_request_data: datatypes.OCSPRequestData
    custom_data: CustomData | None = None


class GetCertificateStatusResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetCertificateStatusEnum
    status_info: datatypes.StatusInfo | None = None
    ocsp_result: Annotated[str, Meta(max_length=18000)] | None = None
    custom_data: CustomData | None = None


class GetChargingProfilesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    charging_profile: datatypes.ChargingProfileCriterion
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class GetChargingProfilesResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetChargingProfileStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetCompositeScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    duration: int
    evse_id: Annotated[int, Meta(ge=0)]
    charging_rate_unit: enums.ChargingRateUnitEnum | None = None
    custom_data: CustomData | None = None


class GetCompositeScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    schedule: datatypes.CompositeSchedule | None = None
    custom_data: CustomData | None = None


class GetDERControlRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    is_default: bool | None = None
    control_type: enums.DERControlEnum | None = None
    control_id: Annotated[str, Meta(max_length=36)] | None = None
    custom_data: CustomData | None = None


class GetDERControlResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DERControlStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetDisplayMessagesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    id: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1)] | None = None
    priority: enums.MessagePriorityEnum | None = None
    state: enums.MessageStateEnum | None = None
    custom_data: CustomData | None = None


class GetDisplayMessagesResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetDisplayMessagesStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetInstalledCertificateIdsRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_type: Annotated[tuple[enums.GetCertificateIdUseEnum, ...], Meta(min_length=1)] | None = None
    custom_data: CustomData | None = None


class GetInstalledCertificateIdsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetInstalledCertificateStatusEnum
    status_info: datatypes.StatusInfo | None = None
    certificate_hash_data_chain: (
        Annotated[tuple[datatypes.CertificateHashDataChain, ...], Meta(min_length=1)] | None
    ) = None
    custom_data: CustomData | None = None


class GetLocalListVersionRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class GetLocalListVersionResponse(OcppStruct, frozen=True, kw_only=True):
    version_number: int
    custom_data: CustomData | None = None


class GetLogRequest(OcppStruct, frozen=True, kw_only=True):
    log: datatypes.LogParameters
    log_type: enums.LogEnum
    request_id: int
    retries: Annotated[int, Meta(ge=0)] | None = None
    retry_interval: int | None = None
    custom_data: CustomData | None = None


class GetLogResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.LogStatusEnum
    status_info: datatypes.StatusInfo | None = None
    filename: Annotated[str, Meta(max_length=255)] | None = None
    custom_data: CustomData | None = None


class GetMonitoringReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    monitoring_criteria: (
        Annotated[tuple[enums.MonitoringCriterionEnum, ...], Meta(min_length=1, max_length=3)] | None
    ) = None
    custom_data: CustomData | None = None


class GetMonitoringReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetPeriodicEventStreamRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class GetPeriodicEventStreamResponse(OcppStruct, frozen=True, kw_only=True):
    constant_stream_data: Annotated[tuple[datatypes.ConstantStreamData, ...], Meta(min_length=1)] | None = (
        None
    )
    custom_data: CustomData | None = None


class GetReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    component_criteria: (
        Annotated[tuple[enums.ComponentCriterionEnum, ...], Meta(min_length=1, max_length=4)] | None
    ) = None
    custom_data: CustomData | None = None


class GetReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class GetTariffsRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class GetTariffsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TariffGetStatusEnum
    status_info: datatypes.StatusInfo | None = None
    tariff_assignments: Annotated[tuple[datatypes.TariffAssignment, ...], Meta(min_length=1)] | None = None
    custom_data: CustomData | None = None


class GetTransactionStatusRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    custom_data: CustomData | None = None


class GetTransactionStatusResponse(OcppStruct, frozen=True, kw_only=True):
    messages_in_queue: bool
    ongoing_indicator: bool | None = None
    custom_data: CustomData | None = None


class GetVariablesRequest(OcppStruct, frozen=True, kw_only=True):
    get_variable_data: Annotated[tuple[datatypes.GetVariableData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class GetVariablesResponse(OcppStruct, frozen=True, kw_only=True):
    get_variable_result: Annotated[tuple[datatypes.GetVariableResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class HeartbeatRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class HeartbeatResponse(OcppStruct, frozen=True, kw_only=True):
    current_time: Timestamp
    custom_data: CustomData | None = None


class InstallCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_type: enums.InstallCertificateUseEnum
    certificate: Annotated[str, Meta(max_length=10000)]
    custom_data: CustomData | None = None


class InstallCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.InstallCertificateStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class LogStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.UploadLogStatusEnum
    request_id: int | None = None
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class LogStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class MeterValuesRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class MeterValuesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyAllowedEnergyTransferRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    allowed_energy_transfer: Annotated[tuple[enums.EnergyTransferModeEnum, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class NotifyAllowedEnergyTransferResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.NotifyAllowedEnergyTransferStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class NotifyChargingLimitRequest(OcppStruct, frozen=True, kw_only=True):
    charging_limit: datatypes.ChargingLimit
    charging_schedule: Annotated[tuple[datatypes.ChargingSchedule, ...], Meta(min_length=1)] | None = None
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class NotifyChargingLimitResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyCustomerInformationRequest(OcppStruct, frozen=True, kw_only=True):
    data: Annotated[str, Meta(max_length=512)]
    seq_no: Annotated[int, Meta(ge=0)]
    generated_at: Timestamp
    request_id: Annotated[int, Meta(ge=0)]
    tbc: bool = False
    custom_data: CustomData | None = None


class NotifyCustomerInformationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyDERAlarmRequest(OcppStruct, frozen=True, kw_only=True):
    control_type: enums.DERControlEnum
    timestamp: Timestamp
    grid_event_fault: enums.GridEventFaultEnum | None = None
    alarm_ended: bool | None = None
    extra_info: Annotated[str, Meta(max_length=200)] | None = None
    custom_data: CustomData | None = None


class NotifyDERAlarmResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyDERStartStopRequest(OcppStruct, frozen=True, kw_only=True):
    control_id: Annotated[str, Meta(max_length=36)]
    started: bool
    timestamp: Timestamp
    superseded_ids: (
        Annotated[tuple[Annotated[str, Meta(max_length=36)], ...], Meta(min_length=1, max_length=24)] | None
    ) = None
    custom_data: CustomData | None = None


class NotifyDERStartStopResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyDisplayMessagesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    message_info: Annotated[tuple[datatypes.MessageInfo, ...], Meta(min_length=1)] | None = None
    tbc: bool = False
    custom_data: CustomData | None = None


class NotifyDisplayMessagesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyEVChargingNeedsRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=1)]
    charging_needs: datatypes.ChargingNeeds
    max_schedule_tuples: Annotated[int, Meta(ge=0)] | None = None
    timestamp: Timestamp | None = None
    custom_data: CustomData | None = None


class NotifyEVChargingNeedsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.NotifyEVChargingNeedsStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class NotifyEVChargingScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    time_base: Timestamp
    charging_schedule: datatypes.ChargingSchedule
    evse_id: Annotated[int, Meta(ge=1)]
    selected_charging_schedule_id: Annotated[int, Meta(ge=0)] | None = None
    power_tolerance_acceptance: bool | None = None
    custom_data: CustomData | None = None


class NotifyEVChargingScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class NotifyEventRequest(OcppStruct, frozen=True, kw_only=True):
    generated_at: Timestamp
    seq_no: Annotated[int, Meta(ge=0)]
    event_data: Annotated[tuple[datatypes.EventData, ...], Meta(min_length=1)]
    tbc: bool = False
    custom_data: CustomData | None = None


class NotifyEventResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyMonitoringReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    seq_no: Annotated[int, Meta(ge=0)]
    generated_at: Timestamp
    monitor: Annotated[tuple[datatypes.MonitoringData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False
    custom_data: CustomData | None = None


class NotifyMonitoringReportResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyPeriodicEventStreamRequest(OcppStruct, frozen=True, kw_only=True):
    data: Annotated[tuple[datatypes.StreamDataElement, ...], Meta(min_length=1)]
    id: Annotated[int, Meta(ge=0)]
    pending: Annotated[int, Meta(ge=0)]
    basetime: Timestamp
    custom_data: CustomData | None = None


class NotifyPriorityChargingRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    activated: bool
    custom_data: CustomData | None = None


class NotifyPriorityChargingResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    generated_at: Timestamp
    seq_no: Annotated[int, Meta(ge=0)]
    report_data: Annotated[tuple[datatypes.ReportData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False
    custom_data: CustomData | None = None


class NotifyReportResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifySettlementRequest(OcppStruct, frozen=True, kw_only=True):
    psp_ref: Annotated[str, Meta(max_length=255)]
    status: enums.PaymentStatusEnum
    settlement_amount: float
    settlement_time: Timestamp
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    status_info: Annotated[str, Meta(max_length=500)] | None = None
    receipt_id: Annotated[str, Meta(max_length=50)] | None = None
    receipt_url: Annotated[str, Meta(max_length=2000)] | None = None
    vat_company: datatypes.Address | None = None
    vat_number: Annotated[str, Meta(max_length=20)] | None = None
    custom_data: CustomData | None = None


class NotifySettlementResponse(OcppStruct, frozen=True, kw_only=True):
    receipt_url: Annotated[str, Meta(max_length=2000)] | None = None
    receipt_id: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class NotifyWebPaymentStartedRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    timeout: int
    custom_data: CustomData | None = None


class NotifyWebPaymentStartedResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class OpenPeriodicEventStreamRequest(OcppStruct, frozen=True, kw_only=True):
    constant_stream_data: datatypes.ConstantStreamData
    custom_data: CustomData | None = None


class OpenPeriodicEventStreamResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class PublishFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    location: Annotated[str, Meta(max_length=2000)]
    checksum: Annotated[str, Meta(max_length=32)]
    request_id: Annotated[int, Meta(ge=0)]
    retries: Annotated[int, Meta(ge=0)] | None = None
    retry_interval: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class PublishFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class PublishFirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.PublishFirmwareStatusEnum
    location: Annotated[tuple[Annotated[str, Meta(max_length=2000)], ...], Meta(min_length=1)] | None = None
    request_id: Annotated[int, Meta(ge=0)] | None = None
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class PublishFirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class PullDynamicScheduleUpdateRequest(OcppStruct, frozen=True, kw_only=True):
    charging_profile_id: int
    custom_data: CustomData | None = None


class PullDynamicScheduleUpdateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChargingProfileStatusEnum
    schedule_update: datatypes.ChargingScheduleUpdate | None = None
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ReportChargingProfilesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    charging_limit_source: Annotated[str, Meta(max_length=20)]
    charging_profile: Annotated[tuple[datatypes.ChargingProfile, ...], Meta(min_length=1)]
    evse_id: Annotated[int, Meta(ge=0)]
    tbc: bool = False
    custom_data: CustomData | None = None


class ReportChargingProfilesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ReportDERControlRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    curve: Annotated[tuple[datatypes.DERCurveGet, ...], Meta(min_length=1, max_length=24)] | None = None
    enter_service: (
        Annotated[tuple[datatypes.EnterServiceGet, ...], Meta(min_length=1, max_length=24)] | None
    ) = None
    fixed_pf_absorb: Annotated[tuple[datatypes.FixedPFGet, ...], Meta(min_length=1, max_length=24)] | None = (
        field(default=None, name="fixedPFAbsorb")
    )
    fixed_pf_inject: Annotated[tuple[datatypes.FixedPFGet, ...], Meta(min_length=1, max_length=24)] | None = (
        field(default=None, name="fixedPFInject")
    )
    fixed_var: Annotated[tuple[datatypes.FixedVarGet, ...], Meta(min_length=1, max_length=24)] | None = None
    freq_droop: Annotated[tuple[datatypes.FreqDroopGet, ...], Meta(min_length=1, max_length=24)] | None = None
    gradient: Annotated[tuple[datatypes.GradientGet, ...], Meta(min_length=1, max_length=24)] | None = None
    limit_max_discharge: (
        Annotated[tuple[datatypes.LimitMaxDischargeGet, ...], Meta(min_length=1, max_length=24)] | None
    ) = None
    tbc: bool | None = None
    custom_data: CustomData | None = None


class ReportDERControlResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class RequestBatterySwapRequest(OcppStruct, frozen=True, kw_only=True):
    id_token: datatypes.IdToken
    request_id: int
    custom_data: CustomData | None = None


class RequestBatterySwapResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class RequestStartTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    id_token: datatypes.IdToken
    remote_start_id: int
    evse_id: Annotated[int, Meta(ge=1)] | None = None
    group_id_token: datatypes.IdToken | None = None
    charging_profile: datatypes.ChargingProfile | None = None
    custom_data: CustomData | None = None


class RequestStartTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RequestStartStopStatusEnum
    status_info: datatypes.StatusInfo | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None
    custom_data: CustomData | None = None


class RequestStopTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class RequestStopTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RequestStartStopStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ReservationStatusUpdateRequest(OcppStruct, frozen=True, kw_only=True):
    reservation_id: Annotated[int, Meta(ge=0)]
    reservation_update_status: enums.ReservationUpdateStatusEnum
    custom_data: CustomData | None = None


class ReservationStatusUpdateResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ReserveNowRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[int, Meta(ge=0)]
    expiry_date_time: Timestamp
    id_token: datatypes.IdToken
    connector_type: Annotated[str, Meta(max_length=20)] | None = None
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    group_id_token: datatypes.IdToken | None = None
    custom_data: CustomData | None = None


class ReserveNowResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ReserveNowStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class ResetRequest(OcppStruct, frozen=True, kw_only=True):
    type: enums.ResetEnum
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class ResetResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ResetStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SecurityEventNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    type: Annotated[str, Meta(max_length=50)]
    timestamp: Timestamp
    tech_info: Annotated[str, Meta(max_length=255)] | None = None
    custom_data: CustomData | None = None


class SecurityEventNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class SendLocalListRequest(OcppStruct, frozen=True, kw_only=True):
    version_number: int
    update_type: enums.UpdateEnum
    local_authorization_list: (
        Annotated[tuple[datatypes.AuthorizationData, ...], Meta(min_length=1)] | None
    ) = None
    custom_data: CustomData | None = None


class SendLocalListResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.SendLocalListStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    charging_profile: datatypes.ChargingProfile
    custom_data: CustomData | None = None


class SetChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChargingProfileStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetDERControlRequest(OcppStruct, frozen=True, kw_only=True):
    is_default: bool
    control_id: Annotated[str, Meta(max_length=36)]
    control_type: enums.DERControlEnum
    curve: datatypes.DERCurve | None = None
    enter_service: datatypes.EnterService | None = None
    fixed_pf_absorb: datatypes.FixedPF | None = field(default=None, name="fixedPFAbsorb")
    fixed_pf_inject: datatypes.FixedPF | None = field(default=None, name="fixedPFInject")
    fixed_var: datatypes.FixedVar | None = None
    freq_droop: datatypes.FreqDroop | None = None
    gradient: datatypes.Gradient | None = None
    limit_max_discharge: datatypes.LimitMaxDischarge | None = None
    custom_data: CustomData | None = None


class SetDERControlResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DERControlStatusEnum
    status_info: datatypes.StatusInfo | None = None
    superseded_ids: (
        Annotated[tuple[Annotated[str, Meta(max_length=36)], ...], Meta(min_length=1, max_length=24)] | None
    ) = None
    custom_data: CustomData | None = None


class SetDefaultTariffRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    tariff: datatypes.Tariff
    custom_data: CustomData | None = None


class SetDefaultTariffResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TariffSetStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetDisplayMessageRequest(OcppStruct, frozen=True, kw_only=True):
    message: datatypes.MessageInfo
    custom_data: CustomData | None = None


class SetDisplayMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DisplayMessageStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetMonitoringBaseRequest(OcppStruct, frozen=True, kw_only=True):
    monitoring_base: enums.MonitoringBaseEnum
    custom_data: CustomData | None = None


class SetMonitoringBaseResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetMonitoringLevelRequest(OcppStruct, frozen=True, kw_only=True):
    severity: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class SetMonitoringLevelResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetNetworkProfileRequest(OcppStruct, frozen=True, kw_only=True):
    configuration_slot: int
    connection_data: datatypes.NetworkConnectionProfile
    custom_data: CustomData | None = None


class SetNetworkProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.SetNetworkProfileStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class SetVariableMonitoringRequest(OcppStruct, frozen=True, kw_only=True):
    set_monitoring_data: Annotated[tuple[datatypes.SetMonitoringData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariableMonitoringResponse(OcppStruct, frozen=True, kw_only=True):
    set_monitoring_result: Annotated[tuple[datatypes.SetMonitoringResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariablesRequest(OcppStruct, frozen=True, kw_only=True):
    set_variable_data: Annotated[tuple[datatypes.SetVariableData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariablesResponse(OcppStruct, frozen=True, kw_only=True):
    set_variable_result: Annotated[tuple[datatypes.SetVariableResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SignCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    csr: Annotated[str, Meta(max_length=5500)]
    certificate_type: enums.CertificateSigningUseEnum | None = None
    hash_root_certificate: datatypes.CertificateHashData | None = None
    request_id: int | None = None
    custom_data: CustomData | None = None


class SignCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class StatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    timestamp: Timestamp
    connector_status: enums.ConnectorStatusEnum
    evse_id: Annotated[int, Meta(ge=0)]
    connector_id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class StatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class TransactionEventRequest(OcppStruct, frozen=True, kw_only=True):
    event_type: enums.TransactionEventEnum
    timestamp: Timestamp
    trigger_reason: enums.TriggerReasonEnum
    seq_no: Annotated[int, Meta(ge=0)]
    transaction_info: datatypes.Transaction
    cost_details: datatypes.CostDetails | None = None
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)] | None = None
    offline: bool = False
    number_of_phases_used: Annotated[int, Meta(ge=0, le=3)] | None = None
    cable_max_current: int | None = None
    reservation_id: Annotated[int, Meta(ge=0)] | None = None
    preconditioning_status: enums.PreconditioningStatusEnum | None = None
    evse_sleep: bool | None = None
    evse: datatypes.EVSE | None = None
    id_token: datatypes.IdToken | None = None
    custom_data: CustomData | None = None


class TransactionEventResponse(OcppStruct, frozen=True, kw_only=True):
    total_cost: float | None = None
    charging_priority: int | None = None
    id_token_info: datatypes.IdTokenInfo | None = None
    transaction_limit: datatypes.TransactionLimit | None = None
    updated_personal_message: datatypes.MessageContent | None = None
    updated_personal_message_extra: (
        Annotated[tuple[datatypes.MessageContent, ...], Meta(min_length=1, max_length=4)] | None
    ) = None
    custom_data: CustomData | None = None


class TriggerMessageRequest(OcppStruct, frozen=True, kw_only=True):
    requested_message: enums.MessageTriggerEnum
    evse: datatypes.EVSE | None = None
    custom_trigger: Annotated[str, Meta(max_length=50)] | None = None
    custom_data: CustomData | None = None


class TriggerMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TriggerMessageStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class UnlockConnectorRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: Annotated[int, Meta(ge=0)]
    connector_id: Annotated[int, Meta(ge=0)]
    custom_data: CustomData | None = None


class UnlockConnectorResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UnlockStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class UnpublishFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    checksum: Annotated[str, Meta(max_length=32)]
    custom_data: CustomData | None = None


class UnpublishFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UnpublishFirmwareStatusEnum
    custom_data: CustomData | None = None


class UpdateDynamicScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    charging_profile_id: int
    schedule_update: datatypes.ChargingScheduleUpdate
    custom_data: CustomData | None = None


class UpdateDynamicScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChargingProfileStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class UpdateFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    firmware: datatypes.Firmware
    retries: Annotated[int, Meta(ge=0)] | None = None
    retry_interval: int | None = None
    custom_data: CustomData | None = None


class UpdateFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UpdateFirmwareStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class UsePriorityChargingRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    activate: bool
    custom_data: CustomData | None = None


class UsePriorityChargingResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.PriorityChargingStatusEnum
    status_info: datatypes.StatusInfo | None = None
    custom_data: CustomData | None = None


class VatNumberValidationRequest(OcppStruct, frozen=True, kw_only=True):
    vat_number: Annotated[str, Meta(max_length=20)]
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


class VatNumberValidationResponse(OcppStruct, frozen=True, kw_only=True):
    vat_number: Annotated[str, Meta(max_length=20)]
    status: enums.GenericStatusEnum
    company: datatypes.Address | None = None
    status_info: datatypes.StatusInfo | None = None
    evse_id: Annotated[int, Meta(ge=0)] | None = None
    custom_data: CustomData | None = None


ACTIONS: dict[str, tuple[type[OcppStruct], type[OcppStruct]]] = {
    "AFRRSignal": (AFRRSignalRequest, AFRRSignalResponse),
    "AdjustPeriodicEventStream": (AdjustPeriodicEventStreamRequest, AdjustPeriodicEventStreamResponse),
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BatterySwap": (BatterySwapRequest, BatterySwapResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ChangeTransactionTariff": (ChangeTransactionTariffRequest, ChangeTransactionTariffResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "ClearDERControl": (ClearDERControlRequest, ClearDERControlResponse),
    "ClearDisplayMessage": (ClearDisplayMessageRequest, ClearDisplayMessageResponse),
    "ClearTariffs": (ClearTariffsRequest, ClearTariffsResponse),
    "ClearVariableMonitoring": (ClearVariableMonitoringRequest, ClearVariableMonitoringResponse),
    "ClearedChargingLimit": (ClearedChargingLimitRequest, ClearedChargingLimitResponse),
    "ClosePeriodicEventStream": (ClosePeriodicEventStreamRequest, ClosePeriodicEventStreamResponse),
    "CostUpdated": (CostUpdatedRequest, CostUpdatedResponse),
    "CustomerInformation": (CustomerInformationRequest, CustomerInformationResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "Get15118EVCertificate": (Get15118EVCertificateRequest, Get15118EVCertificateResponse),
    "GetBaseReport": (GetBaseReportRequest, GetBaseReportResponse),
    "GetCertificateChainStatus": (GetCertificateChainStatusRequest, GetCertificateChainStatusResponse),
    "GetCertificateStatus": (GetCertificateStatusRequest, GetCertificateStatusResponse),
    "GetChargingProfiles": (GetChargingProfilesRequest, GetChargingProfilesResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetDERControl": (GetDERControlRequest, GetDERControlResponse),
    "GetDisplayMessages": (GetDisplayMessagesRequest, GetDisplayMessagesResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "GetMonitoringReport": (GetMonitoringReportRequest, GetMonitoringReportResponse),
    "GetPeriodicEventStream": (GetPeriodicEventStreamRequest, GetPeriodicEventStreamResponse),
    "GetReport": (GetReportRequest, GetReportResponse),
    "GetTariffs": (GetTariffsRequest, GetTariffsResponse),
    "GetTransactionStatus": (GetTransactionStatusRequest, GetTransactionStatusResponse),
    "GetVariables": (GetVariablesRequest, GetVariablesResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "NotifyAllowedEnergyTransfer": (NotifyAllowedEnergyTransferRequest, NotifyAllowedEnergyTransferResponse),
    "NotifyChargingLimit": (NotifyChargingLimitRequest, NotifyChargingLimitResponse),
    "NotifyCustomerInformation": (NotifyCustomerInformationRequest, NotifyCustomerInformationResponse),
    "NotifyDERAlarm": (NotifyDERAlarmRequest, NotifyDERAlarmResponse),
    "NotifyDERStartStop": (NotifyDERStartStopRequest, NotifyDERStartStopResponse),
    "NotifyDisplayMessages": (NotifyDisplayMessagesRequest, NotifyDisplayMessagesResponse),
    "NotifyEVChargingNeeds": (NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse),
    "NotifyEVChargingSchedule": (NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse),
    "NotifyEvent": (NotifyEventRequest, NotifyEventResponse),
    "NotifyMonitoringReport": (NotifyMonitoringReportRequest, NotifyMonitoringReportResponse),
    "NotifyPriorityCharging": (NotifyPriorityChargingRequest, NotifyPriorityChargingResponse),
    "NotifyReport": (NotifyReportRequest, NotifyReportResponse),
    "NotifySettlement": (NotifySettlementRequest, NotifySettlementResponse),
    "NotifyWebPaymentStarted": (NotifyWebPaymentStartedRequest, NotifyWebPaymentStartedResponse),
    "OpenPeriodicEventStream": (OpenPeriodicEventStreamRequest, OpenPeriodicEventStreamResponse),
    "PublishFirmware": (PublishFirmwareRequest, PublishFirmwareResponse),
    "PublishFirmwareStatusNotification": (
        PublishFirmwareStatusNotificationRequest,
        PublishFirmwareStatusNotificationResponse,
    ),
    "PullDynamicScheduleUpdate": (PullDynamicScheduleUpdateRequest, PullDynamicScheduleUpdateResponse),
    "ReportChargingProfiles": (ReportChargingProfilesRequest, ReportChargingProfilesResponse),
    "ReportDERControl": (ReportDERControlRequest, ReportDERControlResponse),
    "RequestBatterySwap": (RequestBatterySwapRequest, RequestBatterySwapResponse),
    "RequestStartTransaction": (RequestStartTransactionRequest, RequestStartTransactionResponse),
    "RequestStopTransaction": (RequestStopTransactionRequest, RequestStopTransactionResponse),
    "ReservationStatusUpdate": (ReservationStatusUpdateRequest, ReservationStatusUpdateResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
    "SetDERControl": (SetDERControlRequest, SetDERControlResponse),
    "SetDefaultTariff": (SetDefaultTariffRequest, SetDefaultTariffResponse),
    "SetDisplayMessage": (SetDisplayMessageRequest, SetDisplayMessageResponse),
    "SetMonitoringBase": (SetMonitoringBaseRequest, SetMonitoringBaseResponse),
    "SetMonitoringLevel": (SetMonitoringLevelRequest, SetMonitoringLevelResponse),
    "SetNetworkProfile": (SetNetworkProfileRequest, SetNetworkProfileResponse),
    "SetVariableMonitoring": (SetVariableMonitoringRequest, SetVariableMonitoringResponse),
    "SetVariables": (SetVariablesRequest, SetVariablesResponse),
    "SignCertificate": (SignCertificateRequest, SignCertificateResponse),
    "StatusNotification": (StatusNotificationRequest, StatusNotificationResponse),
    "TransactionEvent": (TransactionEventRequest, TransactionEventResponse),
    "TriggerMessage": (TriggerMessageRequest, TriggerMessageResponse),
    "UnlockConnector": (UnlockConnectorRequest, UnlockConnectorResponse),
    "UnpublishFirmware": (UnpublishFirmwareRequest, UnpublishFirmwareResponse),
    "UpdateDynamicSchedule": (UpdateDynamicScheduleRequest, UpdateDynamicScheduleResponse),
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
    "UsePriorityCharging": (UsePriorityChargingRequest, UsePriorityChargingResponse),
    "VatNumberValidation": (VatNumberValidationRequest, VatNumberValidationResponse),
}
"""Every action with its request and its response."""

ONE_WAY: dict[str, type[OcppStruct]] = {
    "NotifyPeriodicEventStream": NotifyPeriodicEventStreamRequest,
}
"""What goes by SEND and is never answered."""
