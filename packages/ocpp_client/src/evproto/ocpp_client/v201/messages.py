"""Messages of OCPP 2.0.1.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated, Any

from msgspec import Meta

from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.v201 import datatypes, enums


class AuthorizeRequest(OcppStruct, frozen=True, kw_only=True):
    id_token: datatypes.IdToken
    custom_data: CustomData | None = None
    certificate: Annotated[str, Meta(max_length=5500)] | None = None
    iso15118_certificate_hash_data: (
        Annotated[tuple[datatypes.OCSPRequestData, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class AuthorizeResponse(OcppStruct, frozen=True, kw_only=True):
    id_token_info: datatypes.IdTokenInfo
    custom_data: CustomData | None = None
    certificate_status: enums.AuthorizeCertificateStatusEnum | None = None


class BootNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    charging_station: datatypes.ChargingStation
    reason: enums.BootReasonEnum
    custom_data: CustomData | None = None


class BootNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    current_time: Timestamp
    interval: int
    status: enums.RegistrationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class CancelReservationRequest(OcppStruct, frozen=True, kw_only=True):
    reservation_id: int
    custom_data: CustomData | None = None


class CancelReservationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CancelReservationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class CertificateSignedRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_chain: Annotated[str, Meta(max_length=10000)]
    custom_data: CustomData | None = None
    certificate_type: enums.CertificateSigningUseEnum | None = None


class CertificateSignedResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CertificateSignedStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ChangeAvailabilityRequest(OcppStruct, frozen=True, kw_only=True):
    operational_status: enums.OperationalStatusEnum
    custom_data: CustomData | None = None
    evse: datatypes.EVSE | None = None


class ChangeAvailabilityResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChangeAvailabilityStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearCacheRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ClearCacheResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearCacheStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    charging_profile_id: int | None = None
    charging_profile_criteria: datatypes.ClearChargingProfile | None = None


class ClearChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearDisplayMessageRequest(OcppStruct, frozen=True, kw_only=True):
    id: int
    custom_data: CustomData | None = None


class ClearDisplayMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearVariableMonitoringRequest(OcppStruct, frozen=True, kw_only=True):
    id: Annotated[tuple[int, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearVariableMonitoringResponse(OcppStruct, frozen=True, kw_only=True):
    clear_monitoring_result: Annotated[tuple[datatypes.ClearMonitoringResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearedChargingLimitRequest(OcppStruct, frozen=True, kw_only=True):
    charging_limit_source: enums.ChargingLimitSourceEnum
    custom_data: CustomData | None = None
    evse_id: int | None = None


class ClearedChargingLimitResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class CostUpdatedRequest(OcppStruct, frozen=True, kw_only=True):
    total_cost: float
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class CostUpdatedResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class CustomerInformationRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    report: bool
    clear: bool
    custom_data: CustomData | None = None
    customer_certificate: datatypes.CertificateHashData | None = None
    id_token: datatypes.IdToken | None = None
    customer_identifier: Annotated[str, Meta(max_length=64)] | None = None


class CustomerInformationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CustomerInformationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class DataTransferRequest(OcppStruct, frozen=True, kw_only=True):
    vendor_id: Annotated[str, Meta(max_length=255)]
    custom_data: CustomData | None = None
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: Any | None = None


class DataTransferResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DataTransferStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    data: Any | None = None


class DeleteCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: datatypes.CertificateHashData
    custom_data: CustomData | None = None


class DeleteCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DeleteCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class FirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.FirmwareStatusEnum
    custom_data: CustomData | None = None
    request_id: int | None = None


class FirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class Get15118EVCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    iso15118_schema_version: Annotated[str, Meta(max_length=50)]
    action: enums.CertificateActionEnum
    exi_request: Annotated[str, Meta(max_length=5600)]
    custom_data: CustomData | None = None


class Get15118EVCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.Iso15118EVCertificateStatusEnum
    exi_response: Annotated[str, Meta(max_length=7500)]
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetBaseReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    report_base: enums.ReportBaseEnum
    custom_data: CustomData | None = None


class GetBaseReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetCertificateStatusRequest(OcppStruct, frozen=True, kw_only=True):
    ocsp_request_data: datatypes.OCSPRequestData
    custom_data: CustomData | None = None


class GetCertificateStatusResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    ocsp_result: Annotated[str, Meta(max_length=5500)] | None = None


class GetChargingProfilesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    charging_profile: datatypes.ChargingProfileCriterion
    custom_data: CustomData | None = None
    evse_id: int | None = None


class GetChargingProfilesResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetCompositeScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    duration: int
    evse_id: int
    custom_data: CustomData | None = None
    charging_rate_unit: enums.ChargingRateUnitEnum | None = None


class GetCompositeScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    schedule: datatypes.CompositeSchedule | None = None


class GetDisplayMessagesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    custom_data: CustomData | None = None
    id: Annotated[tuple[int, ...], Meta(min_length=1)] | None = None
    priority: enums.MessagePriorityEnum | None = None
    state: enums.MessageStateEnum | None = None


class GetDisplayMessagesResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetDisplayMessagesStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetInstalledCertificateIdsRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    certificate_type: Annotated[tuple[enums.GetCertificateIdUseEnum, ...], Meta(min_length=1)] | None = None


class GetInstalledCertificateIdsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetInstalledCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    certificate_hash_data_chain: (
        Annotated[tuple[datatypes.CertificateHashDataChain, ...], Meta(min_length=1)] | None
    ) = None


class GetLocalListVersionRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class GetLocalListVersionResponse(OcppStruct, frozen=True, kw_only=True):
    version_number: int
    custom_data: CustomData | None = None


class GetLogRequest(OcppStruct, frozen=True, kw_only=True):
    log: datatypes.LogParameters
    log_type: enums.LogEnum
    request_id: int
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class GetLogResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.LogStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    filename: Annotated[str, Meta(max_length=255)] | None = None


class GetMonitoringReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    custom_data: CustomData | None = None
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    monitoring_criteria: (
        Annotated[tuple[enums.MonitoringCriterionEnum, ...], Meta(min_length=1, max_length=3)] | None
    ) = None


class GetMonitoringReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    custom_data: CustomData | None = None
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    component_criteria: (
        Annotated[tuple[enums.ComponentCriterionEnum, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class GetReportResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetTransactionStatusRequest(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class GetTransactionStatusResponse(OcppStruct, frozen=True, kw_only=True):
    messages_in_queue: bool
    custom_data: CustomData | None = None
    ongoing_indicator: bool | None = None


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
    certificate: Annotated[str, Meta(max_length=5500)]
    custom_data: CustomData | None = None


class InstallCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.InstallCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class LogStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.UploadLogStatusEnum
    custom_data: CustomData | None = None
    request_id: int | None = None


class LogStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class MeterValuesRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: int
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class MeterValuesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyChargingLimitRequest(OcppStruct, frozen=True, kw_only=True):
    charging_limit: datatypes.ChargingLimit
    custom_data: CustomData | None = None
    charging_schedule: Annotated[tuple[datatypes.ChargingSchedule, ...], Meta(min_length=1)] | None = None
    evse_id: int | None = None


class NotifyChargingLimitResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyCustomerInformationRequest(OcppStruct, frozen=True, kw_only=True):
    data: Annotated[str, Meta(max_length=512)]
    seq_no: int
    generated_at: Timestamp
    request_id: int
    custom_data: CustomData | None = None
    tbc: bool = False


class NotifyCustomerInformationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyDisplayMessagesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    custom_data: CustomData | None = None
    message_info: Annotated[tuple[datatypes.MessageInfo, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyDisplayMessagesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyEVChargingNeedsRequest(OcppStruct, frozen=True, kw_only=True):
    charging_needs: datatypes.ChargingNeeds
    evse_id: int
    custom_data: CustomData | None = None
    max_schedule_tuples: int | None = None


class NotifyEVChargingNeedsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.NotifyEVChargingNeedsStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class NotifyEVChargingScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    time_base: Timestamp
    charging_schedule: datatypes.ChargingSchedule
    evse_id: int
    custom_data: CustomData | None = None


class NotifyEVChargingScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class NotifyEventRequest(OcppStruct, frozen=True, kw_only=True):
    generated_at: Timestamp
    seq_no: int
    event_data: Annotated[tuple[datatypes.EventData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None
    tbc: bool = False


class NotifyEventResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyMonitoringReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    seq_no: int
    generated_at: Timestamp
    custom_data: CustomData | None = None
    monitor: Annotated[tuple[datatypes.MonitoringData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyMonitoringReportResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class NotifyReportRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    generated_at: Timestamp
    seq_no: int
    custom_data: CustomData | None = None
    report_data: Annotated[tuple[datatypes.ReportData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyReportResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class PublishFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    location: Annotated[str, Meta(max_length=512)]
    checksum: Annotated[str, Meta(max_length=32)]
    request_id: int
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class PublishFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class PublishFirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.PublishFirmwareStatusEnum
    custom_data: CustomData | None = None
    location: Annotated[tuple[Annotated[str, Meta(max_length=512)], ...], Meta(min_length=1)] | None = None
    request_id: int | None = None


class PublishFirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ReportChargingProfilesRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    charging_limit_source: enums.ChargingLimitSourceEnum
    charging_profile: Annotated[tuple[datatypes.ChargingProfile, ...], Meta(min_length=1)]
    evse_id: int
    custom_data: CustomData | None = None
    tbc: bool = False


class ReportChargingProfilesResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class RequestStartTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    id_token: datatypes.IdToken
    remote_start_id: int
    custom_data: CustomData | None = None
    evse_id: int | None = None
    group_id_token: datatypes.IdToken | None = None
    charging_profile: datatypes.ChargingProfile | None = None


class RequestStartTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RequestStartStopStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class RequestStopTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class RequestStopTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RequestStartStopStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ReservationStatusUpdateRequest(OcppStruct, frozen=True, kw_only=True):
    reservation_id: int
    reservation_update_status: enums.ReservationUpdateStatusEnum
    custom_data: CustomData | None = None


class ReservationStatusUpdateResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class ReserveNowRequest(OcppStruct, frozen=True, kw_only=True):
    id: int
    expiry_date_time: Timestamp
    id_token: datatypes.IdToken
    custom_data: CustomData | None = None
    connector_type: enums.ConnectorEnum | None = None
    evse_id: int | None = None
    group_id_token: datatypes.IdToken | None = None


class ReserveNowResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ReserveNowStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ResetRequest(OcppStruct, frozen=True, kw_only=True):
    type: enums.ResetEnum
    custom_data: CustomData | None = None
    evse_id: int | None = None


class ResetResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ResetStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SecurityEventNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    type: Annotated[str, Meta(max_length=50)]
    timestamp: Timestamp
    custom_data: CustomData | None = None
    tech_info: Annotated[str, Meta(max_length=255)] | None = None


class SecurityEventNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class SendLocalListRequest(OcppStruct, frozen=True, kw_only=True):
    version_number: int
    update_type: enums.UpdateEnum
    custom_data: CustomData | None = None
    local_authorization_list: (
        Annotated[tuple[datatypes.AuthorizationData, ...], Meta(min_length=1)] | None
    ) = None


class SendLocalListResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.SendLocalListStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: int
    charging_profile: datatypes.ChargingProfile
    custom_data: CustomData | None = None


class SetChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetDisplayMessageRequest(OcppStruct, frozen=True, kw_only=True):
    message: datatypes.MessageInfo
    custom_data: CustomData | None = None


class SetDisplayMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DisplayMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetMonitoringBaseRequest(OcppStruct, frozen=True, kw_only=True):
    monitoring_base: enums.MonitoringBaseEnum
    custom_data: CustomData | None = None


class SetMonitoringBaseResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetMonitoringLevelRequest(OcppStruct, frozen=True, kw_only=True):
    severity: int
    custom_data: CustomData | None = None


class SetMonitoringLevelResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetNetworkProfileRequest(OcppStruct, frozen=True, kw_only=True):
    configuration_slot: int
    connection_data: datatypes.NetworkConnectionProfile
    custom_data: CustomData | None = None


class SetNetworkProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.SetNetworkProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


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
    custom_data: CustomData | None = None
    certificate_type: enums.CertificateSigningUseEnum | None = None


class SignCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class StatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    timestamp: Timestamp
    connector_status: enums.ConnectorStatusEnum
    evse_id: int
    connector_id: int
    custom_data: CustomData | None = None


class StatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None


class TransactionEventRequest(OcppStruct, frozen=True, kw_only=True):
    event_type: enums.TransactionEventEnum
    timestamp: Timestamp
    trigger_reason: enums.TriggerReasonEnum
    seq_no: int
    transaction_info: datatypes.Transaction
    custom_data: CustomData | None = None
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)] | None = None
    offline: bool = False
    number_of_phases_used: int | None = None
    cable_max_current: int | None = None
    reservation_id: int | None = None
    evse: datatypes.EVSE | None = None
    id_token: datatypes.IdToken | None = None


class TransactionEventResponse(OcppStruct, frozen=True, kw_only=True):
    custom_data: CustomData | None = None
    total_cost: float | None = None
    charging_priority: int | None = None
    id_token_info: datatypes.IdTokenInfo | None = None
    updated_personal_message: datatypes.MessageContent | None = None


class TriggerMessageRequest(OcppStruct, frozen=True, kw_only=True):
    requested_message: enums.MessageTriggerEnum
    custom_data: CustomData | None = None
    evse: datatypes.EVSE | None = None


class TriggerMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TriggerMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class UnlockConnectorRequest(OcppStruct, frozen=True, kw_only=True):
    evse_id: int
    connector_id: int
    custom_data: CustomData | None = None


class UnlockConnectorResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UnlockStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class UnpublishFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    checksum: Annotated[str, Meta(max_length=32)]
    custom_data: CustomData | None = None


class UnpublishFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UnpublishFirmwareStatusEnum
    custom_data: CustomData | None = None


class UpdateFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    firmware: datatypes.Firmware
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class UpdateFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UpdateFirmwareStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


ACTIONS: dict[str, tuple[type[OcppStruct], type[OcppStruct]]] = {
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "ClearDisplayMessage": (ClearDisplayMessageRequest, ClearDisplayMessageResponse),
    "ClearVariableMonitoring": (ClearVariableMonitoringRequest, ClearVariableMonitoringResponse),
    "ClearedChargingLimit": (ClearedChargingLimitRequest, ClearedChargingLimitResponse),
    "CostUpdated": (CostUpdatedRequest, CostUpdatedResponse),
    "CustomerInformation": (CustomerInformationRequest, CustomerInformationResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "Get15118EVCertificate": (Get15118EVCertificateRequest, Get15118EVCertificateResponse),
    "GetBaseReport": (GetBaseReportRequest, GetBaseReportResponse),
    "GetCertificateStatus": (GetCertificateStatusRequest, GetCertificateStatusResponse),
    "GetChargingProfiles": (GetChargingProfilesRequest, GetChargingProfilesResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetDisplayMessages": (GetDisplayMessagesRequest, GetDisplayMessagesResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "GetMonitoringReport": (GetMonitoringReportRequest, GetMonitoringReportResponse),
    "GetReport": (GetReportRequest, GetReportResponse),
    "GetTransactionStatus": (GetTransactionStatusRequest, GetTransactionStatusResponse),
    "GetVariables": (GetVariablesRequest, GetVariablesResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "NotifyChargingLimit": (NotifyChargingLimitRequest, NotifyChargingLimitResponse),
    "NotifyCustomerInformation": (NotifyCustomerInformationRequest, NotifyCustomerInformationResponse),
    "NotifyDisplayMessages": (NotifyDisplayMessagesRequest, NotifyDisplayMessagesResponse),
    "NotifyEVChargingNeeds": (NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse),
    "NotifyEVChargingSchedule": (NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse),
    "NotifyEvent": (NotifyEventRequest, NotifyEventResponse),
    "NotifyMonitoringReport": (NotifyMonitoringReportRequest, NotifyMonitoringReportResponse),
    "NotifyReport": (NotifyReportRequest, NotifyReportResponse),
    "PublishFirmware": (PublishFirmwareRequest, PublishFirmwareResponse),
    "PublishFirmwareStatusNotification": (
        PublishFirmwareStatusNotificationRequest,
        PublishFirmwareStatusNotificationResponse,
    ),
    "ReportChargingProfiles": (ReportChargingProfilesRequest, ReportChargingProfilesResponse),
    "RequestStartTransaction": (RequestStartTransactionRequest, RequestStartTransactionResponse),
    "RequestStopTransaction": (RequestStopTransactionRequest, RequestStopTransactionResponse),
    "ReservationStatusUpdate": (ReservationStatusUpdateRequest, ReservationStatusUpdateResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
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
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
}
"""Every action with its request and its response."""
