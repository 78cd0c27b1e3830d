"""Messages of OCPP 2.0.1.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated, Any

from msgspec import Meta

from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.v201 import datatypes, enums


class AuthorizeRequest(OcppStruct):
    id_token: datatypes.IdToken
    custom_data: CustomData | None = None
    certificate: Annotated[str, Meta(max_length=5500)] | None = None
    iso15118_certificate_hash_data: (
        Annotated[tuple[datatypes.OCSPRequestData, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class AuthorizeResponse(OcppStruct):
    id_token_info: datatypes.IdTokenInfo
    custom_data: CustomData | None = None
    certificate_status: enums.AuthorizeCertificateStatusEnum | None = None


class BootNotificationRequest(OcppStruct):
    charging_station: datatypes.ChargingStation
    reason: enums.BootReasonEnum
    custom_data: CustomData | None = None


class BootNotificationResponse(OcppStruct):
    current_time: Timestamp
    interval: int
    status: enums.RegistrationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class CancelReservationRequest(OcppStruct):
    reservation_id: int
    custom_data: CustomData | None = None


class CancelReservationResponse(OcppStruct):
    status: enums.CancelReservationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class CertificateSignedRequest(OcppStruct):
    certificate_chain: Annotated[str, Meta(max_length=10000)]
    custom_data: CustomData | None = None
    certificate_type: enums.CertificateSigningUseEnum | None = None


class CertificateSignedResponse(OcppStruct):
    status: enums.CertificateSignedStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ChangeAvailabilityRequest(OcppStruct):
    operational_status: enums.OperationalStatusEnum
    custom_data: CustomData | None = None
    evse: datatypes.EVSE | None = None


class ChangeAvailabilityResponse(OcppStruct):
    status: enums.ChangeAvailabilityStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearCacheRequest(OcppStruct):
    custom_data: CustomData | None = None


class ClearCacheResponse(OcppStruct):
    status: enums.ClearCacheStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearChargingProfileRequest(OcppStruct):
    custom_data: CustomData | None = None
    charging_profile_id: int | None = None
    charging_profile_criteria: datatypes.ClearChargingProfile | None = None


class ClearChargingProfileResponse(OcppStruct):
    status: enums.ClearChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearDisplayMessageRequest(OcppStruct):
    id: int
    custom_data: CustomData | None = None


class ClearDisplayMessageResponse(OcppStruct):
    status: enums.ClearMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ClearVariableMonitoringRequest(OcppStruct):
    id: Annotated[tuple[int, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearVariableMonitoringResponse(OcppStruct):
    clear_monitoring_result: Annotated[tuple[datatypes.ClearMonitoringResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class ClearedChargingLimitRequest(OcppStruct):
    charging_limit_source: enums.ChargingLimitSourceEnum
    custom_data: CustomData | None = None
    evse_id: int | None = None


class ClearedChargingLimitResponse(OcppStruct):
    custom_data: CustomData | None = None


class CostUpdatedRequest(OcppStruct):
    total_cost: float
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class CostUpdatedResponse(OcppStruct):
    custom_data: CustomData | None = None


class CustomerInformationRequest(OcppStruct):
    request_id: int
    report: bool
    clear: bool
    custom_data: CustomData | None = None
    customer_certificate: datatypes.CertificateHashData | None = None
    id_token: datatypes.IdToken | None = None
    customer_identifier: Annotated[str, Meta(max_length=64)] | None = None


class CustomerInformationResponse(OcppStruct):
    status: enums.CustomerInformationStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class DataTransferRequest(OcppStruct):
    vendor_id: Annotated[str, Meta(max_length=255)]
    custom_data: CustomData | None = None
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: Any | None = None


class DataTransferResponse(OcppStruct):
    status: enums.DataTransferStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    data: Any | None = None


class DeleteCertificateRequest(OcppStruct):
    certificate_hash_data: datatypes.CertificateHashData
    custom_data: CustomData | None = None


class DeleteCertificateResponse(OcppStruct):
    status: enums.DeleteCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class FirmwareStatusNotificationRequest(OcppStruct):
    status: enums.FirmwareStatusEnum
    custom_data: CustomData | None = None
    request_id: int | None = None


class FirmwareStatusNotificationResponse(OcppStruct):
    custom_data: CustomData | None = None


class Get15118EVCertificateRequest(OcppStruct):
    iso15118_schema_version: Annotated[str, Meta(max_length=50)]
    action: enums.CertificateActionEnum
    exi_request: Annotated[str, Meta(max_length=5600)]
    custom_data: CustomData | None = None


class Get15118EVCertificateResponse(OcppStruct):
    status: enums.Iso15118EVCertificateStatusEnum
    exi_response: Annotated[str, Meta(max_length=7500)]
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetBaseReportRequest(OcppStruct):
    request_id: int
    report_base: enums.ReportBaseEnum
    custom_data: CustomData | None = None


class GetBaseReportResponse(OcppStruct):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetCertificateStatusRequest(OcppStruct):
    ocsp_request_data: datatypes.OCSPRequestData
    custom_data: CustomData | None = None


class GetCertificateStatusResponse(OcppStruct):
    status: enums.GetCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    ocsp_result: Annotated[str, Meta(max_length=5500)] | None = None


class GetChargingProfilesRequest(OcppStruct):
    request_id: int
    charging_profile: datatypes.ChargingProfileCriterion
    custom_data: CustomData | None = None
    evse_id: int | None = None


class GetChargingProfilesResponse(OcppStruct):
    status: enums.GetChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetCompositeScheduleRequest(OcppStruct):
    duration: int
    evse_id: int
    custom_data: CustomData | None = None
    charging_rate_unit: enums.ChargingRateUnitEnum | None = None


class GetCompositeScheduleResponse(OcppStruct):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    schedule: datatypes.CompositeSchedule | None = None


class GetDisplayMessagesRequest(OcppStruct):
    request_id: int
    custom_data: CustomData | None = None
    id: Annotated[tuple[int, ...], Meta(min_length=1)] | None = None
    priority: enums.MessagePriorityEnum | None = None
    state: enums.MessageStateEnum | None = None


class GetDisplayMessagesResponse(OcppStruct):
    status: enums.GetDisplayMessagesStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetInstalledCertificateIdsRequest(OcppStruct):
    custom_data: CustomData | None = None
    certificate_type: Annotated[tuple[enums.GetCertificateIdUseEnum, ...], Meta(min_length=1)] | None = None


class GetInstalledCertificateIdsResponse(OcppStruct):
    status: enums.GetInstalledCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    certificate_hash_data_chain: (
        Annotated[tuple[datatypes.CertificateHashDataChain, ...], Meta(min_length=1)] | None
    ) = None


class GetLocalListVersionRequest(OcppStruct):
    custom_data: CustomData | None = None


class GetLocalListVersionResponse(OcppStruct):
    version_number: int
    custom_data: CustomData | None = None


class GetLogRequest(OcppStruct):
    log: datatypes.LogParameters
    log_type: enums.LogEnum
    request_id: int
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class GetLogResponse(OcppStruct):
    status: enums.LogStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    filename: Annotated[str, Meta(max_length=255)] | None = None


class GetMonitoringReportRequest(OcppStruct):
    request_id: int
    custom_data: CustomData | None = None
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    monitoring_criteria: (
        Annotated[tuple[enums.MonitoringCriterionEnum, ...], Meta(min_length=1, max_length=3)] | None
    ) = None


class GetMonitoringReportResponse(OcppStruct):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetReportRequest(OcppStruct):
    request_id: int
    custom_data: CustomData | None = None
    component_variable: Annotated[tuple[datatypes.ComponentVariable, ...], Meta(min_length=1)] | None = None
    component_criteria: (
        Annotated[tuple[enums.ComponentCriterionEnum, ...], Meta(min_length=1, max_length=4)] | None
    ) = None


class GetReportResponse(OcppStruct):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class GetTransactionStatusRequest(OcppStruct):
    custom_data: CustomData | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class GetTransactionStatusResponse(OcppStruct):
    messages_in_queue: bool
    custom_data: CustomData | None = None
    ongoing_indicator: bool | None = None


class GetVariablesRequest(OcppStruct):
    get_variable_data: Annotated[tuple[datatypes.GetVariableData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class GetVariablesResponse(OcppStruct):
    get_variable_result: Annotated[tuple[datatypes.GetVariableResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class HeartbeatRequest(OcppStruct):
    custom_data: CustomData | None = None


class HeartbeatResponse(OcppStruct):
    current_time: Timestamp
    custom_data: CustomData | None = None


class InstallCertificateRequest(OcppStruct):
    certificate_type: enums.InstallCertificateUseEnum
    certificate: Annotated[str, Meta(max_length=5500)]
    custom_data: CustomData | None = None


class InstallCertificateResponse(OcppStruct):
    status: enums.InstallCertificateStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class LogStatusNotificationRequest(OcppStruct):
    status: enums.UploadLogStatusEnum
    custom_data: CustomData | None = None
    request_id: int | None = None


class LogStatusNotificationResponse(OcppStruct):
    custom_data: CustomData | None = None


class MeterValuesRequest(OcppStruct):
    evse_id: int
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class MeterValuesResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyChargingLimitRequest(OcppStruct):
    charging_limit: datatypes.ChargingLimit
    custom_data: CustomData | None = None
    charging_schedule: Annotated[tuple[datatypes.ChargingSchedule, ...], Meta(min_length=1)] | None = None
    evse_id: int | None = None


class NotifyChargingLimitResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyCustomerInformationRequest(OcppStruct):
    data: Annotated[str, Meta(max_length=512)]
    seq_no: int
    generated_at: Timestamp
    request_id: int
    custom_data: CustomData | None = None
    tbc: bool = False


class NotifyCustomerInformationResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyDisplayMessagesRequest(OcppStruct):
    request_id: int
    custom_data: CustomData | None = None
    message_info: Annotated[tuple[datatypes.MessageInfo, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyDisplayMessagesResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyEVChargingNeedsRequest(OcppStruct):
    charging_needs: datatypes.ChargingNeeds
    evse_id: int
    custom_data: CustomData | None = None
    max_schedule_tuples: int | None = None


class NotifyEVChargingNeedsResponse(OcppStruct):
    status: enums.NotifyEVChargingNeedsStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class NotifyEVChargingScheduleRequest(OcppStruct):
    time_base: Timestamp
    charging_schedule: datatypes.ChargingSchedule
    evse_id: int
    custom_data: CustomData | None = None


class NotifyEVChargingScheduleResponse(OcppStruct):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class NotifyEventRequest(OcppStruct):
    generated_at: Timestamp
    seq_no: int
    event_data: Annotated[tuple[datatypes.EventData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None
    tbc: bool = False


class NotifyEventResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyMonitoringReportRequest(OcppStruct):
    request_id: int
    seq_no: int
    generated_at: Timestamp
    custom_data: CustomData | None = None
    monitor: Annotated[tuple[datatypes.MonitoringData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyMonitoringReportResponse(OcppStruct):
    custom_data: CustomData | None = None


class NotifyReportRequest(OcppStruct):
    request_id: int
    generated_at: Timestamp
    seq_no: int
    custom_data: CustomData | None = None
    report_data: Annotated[tuple[datatypes.ReportData, ...], Meta(min_length=1)] | None = None
    tbc: bool = False


class NotifyReportResponse(OcppStruct):
    custom_data: CustomData | None = None


class PublishFirmwareRequest(OcppStruct):
    location: Annotated[str, Meta(max_length=512)]
    checksum: Annotated[str, Meta(max_length=32)]
    request_id: int
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class PublishFirmwareResponse(OcppStruct):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class PublishFirmwareStatusNotificationRequest(OcppStruct):
    status: enums.PublishFirmwareStatusEnum
    custom_data: CustomData | None = None
    location: Annotated[tuple[Annotated[str, Meta(max_length=512)], ...], Meta(min_length=1)] | None = None
    request_id: int | None = None


class PublishFirmwareStatusNotificationResponse(OcppStruct):
    custom_data: CustomData | None = None


class ReportChargingProfilesRequest(OcppStruct):
    request_id: int
    charging_limit_source: enums.ChargingLimitSourceEnum
    charging_profile: Annotated[tuple[datatypes.ChargingProfile, ...], Meta(min_length=1)]
    evse_id: int
    custom_data: CustomData | None = None
    tbc: bool = False


class ReportChargingProfilesResponse(OcppStruct):
    custom_data: CustomData | None = None


class RequestStartTransactionRequest(OcppStruct):
    id_token: datatypes.IdToken
    remote_start_id: int
    custom_data: CustomData | None = None
    evse_id: int | None = None
    group_id_token: datatypes.IdToken | None = None
    charging_profile: datatypes.ChargingProfile | None = None


class RequestStartTransactionResponse(OcppStruct):
    status: enums.RequestStartStopStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None
    transaction_id: Annotated[str, Meta(max_length=36)] | None = None


class RequestStopTransactionRequest(OcppStruct):
    transaction_id: Annotated[str, Meta(max_length=36)]
    custom_data: CustomData | None = None


class RequestStopTransactionResponse(OcppStruct):
    status: enums.RequestStartStopStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ReservationStatusUpdateRequest(OcppStruct):
    reservation_id: int
    reservation_update_status: enums.ReservationUpdateStatusEnum
    custom_data: CustomData | None = None


class ReservationStatusUpdateResponse(OcppStruct):
    custom_data: CustomData | None = None


class ReserveNowRequest(OcppStruct):
    id: int
    expiry_date_time: Timestamp
    id_token: datatypes.IdToken
    custom_data: CustomData | None = None
    connector_type: enums.ConnectorEnum | None = None
    evse_id: int | None = None
    group_id_token: datatypes.IdToken | None = None


class ReserveNowResponse(OcppStruct):
    status: enums.ReserveNowStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class ResetRequest(OcppStruct):
    type: enums.ResetEnum
    custom_data: CustomData | None = None
    evse_id: int | None = None


class ResetResponse(OcppStruct):
    status: enums.ResetStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SecurityEventNotificationRequest(OcppStruct):
    type: Annotated[str, Meta(max_length=50)]
    timestamp: Timestamp
    custom_data: CustomData | None = None
    tech_info: Annotated[str, Meta(max_length=255)] | None = None


class SecurityEventNotificationResponse(OcppStruct):
    custom_data: CustomData | None = None


class SendLocalListRequest(OcppStruct):
    version_number: int
    update_type: enums.UpdateEnum
    custom_data: CustomData | None = None
    local_authorization_list: (
        Annotated[tuple[datatypes.AuthorizationData, ...], Meta(min_length=1)] | None
    ) = None


class SendLocalListResponse(OcppStruct):
    status: enums.SendLocalListStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetChargingProfileRequest(OcppStruct):
    evse_id: int
    charging_profile: datatypes.ChargingProfile
    custom_data: CustomData | None = None


class SetChargingProfileResponse(OcppStruct):
    status: enums.ChargingProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetDisplayMessageRequest(OcppStruct):
    message: datatypes.MessageInfo
    custom_data: CustomData | None = None


class SetDisplayMessageResponse(OcppStruct):
    status: enums.DisplayMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetMonitoringBaseRequest(OcppStruct):
    monitoring_base: enums.MonitoringBaseEnum
    custom_data: CustomData | None = None


class SetMonitoringBaseResponse(OcppStruct):
    status: enums.GenericDeviceModelStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetMonitoringLevelRequest(OcppStruct):
    severity: int
    custom_data: CustomData | None = None


class SetMonitoringLevelResponse(OcppStruct):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetNetworkProfileRequest(OcppStruct):
    configuration_slot: int
    connection_data: datatypes.NetworkConnectionProfile
    custom_data: CustomData | None = None


class SetNetworkProfileResponse(OcppStruct):
    status: enums.SetNetworkProfileStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class SetVariableMonitoringRequest(OcppStruct):
    set_monitoring_data: Annotated[tuple[datatypes.SetMonitoringData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariableMonitoringResponse(OcppStruct):
    set_monitoring_result: Annotated[tuple[datatypes.SetMonitoringResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariablesRequest(OcppStruct):
    set_variable_data: Annotated[tuple[datatypes.SetVariableData, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SetVariablesResponse(OcppStruct):
    set_variable_result: Annotated[tuple[datatypes.SetVariableResult, ...], Meta(min_length=1)]
    custom_data: CustomData | None = None


class SignCertificateRequest(OcppStruct):
    csr: Annotated[str, Meta(max_length=5500)]
    custom_data: CustomData | None = None
    certificate_type: enums.CertificateSigningUseEnum | None = None


class SignCertificateResponse(OcppStruct):
    status: enums.GenericStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class StatusNotificationRequest(OcppStruct):
    timestamp: Timestamp
    connector_status: enums.ConnectorStatusEnum
    evse_id: int
    connector_id: int
    custom_data: CustomData | None = None


class StatusNotificationResponse(OcppStruct):
    custom_data: CustomData | None = None


class TransactionEventRequest(OcppStruct):
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


class TransactionEventResponse(OcppStruct):
    custom_data: CustomData | None = None
    total_cost: float | None = None
    charging_priority: int | None = None
    id_token_info: datatypes.IdTokenInfo | None = None
    updated_personal_message: datatypes.MessageContent | None = None


class TriggerMessageRequest(OcppStruct):
    requested_message: enums.MessageTriggerEnum
    custom_data: CustomData | None = None
    evse: datatypes.EVSE | None = None


class TriggerMessageResponse(OcppStruct):
    status: enums.TriggerMessageStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class UnlockConnectorRequest(OcppStruct):
    evse_id: int
    connector_id: int
    custom_data: CustomData | None = None


class UnlockConnectorResponse(OcppStruct):
    status: enums.UnlockStatusEnum
    custom_data: CustomData | None = None
    status_info: datatypes.StatusInfo | None = None


class UnpublishFirmwareRequest(OcppStruct):
    checksum: Annotated[str, Meta(max_length=32)]
    custom_data: CustomData | None = None


class UnpublishFirmwareResponse(OcppStruct):
    status: enums.UnpublishFirmwareStatusEnum
    custom_data: CustomData | None = None


class UpdateFirmwareRequest(OcppStruct):
    request_id: int
    firmware: datatypes.Firmware
    custom_data: CustomData | None = None
    retries: int | None = None
    retry_interval: int | None = None


class UpdateFirmwareResponse(OcppStruct):
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
