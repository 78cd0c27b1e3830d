"""Messages of OCPP 1.6.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated

from msgspec import Meta

from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16 import datatypes, enums


class AuthorizeRequest(OcppStruct):
    id_tag: Annotated[str, Meta(max_length=20)]


class AuthorizeResponse(OcppStruct):
    id_tag_info: datatypes.IdTagInfo


class BootNotificationRequest(OcppStruct):
    charge_point_vendor: Annotated[str, Meta(max_length=20)]
    charge_point_model: Annotated[str, Meta(max_length=20)]
    charge_point_serial_number: Annotated[str, Meta(max_length=25)] | None = None
    charge_box_serial_number: Annotated[str, Meta(max_length=25)] | None = None
    firmware_version: Annotated[str, Meta(max_length=50)] | None = None
    iccid: Annotated[str, Meta(max_length=20)] | None = None
    imsi: Annotated[str, Meta(max_length=20)] | None = None
    meter_type: Annotated[str, Meta(max_length=25)] | None = None
    meter_serial_number: Annotated[str, Meta(max_length=25)] | None = None


class BootNotificationResponse(OcppStruct):
    status: enums.RegistrationStatus
    current_time: Timestamp
    interval: int


class CancelReservationRequest(OcppStruct):
    reservation_id: int


class CancelReservationResponse(OcppStruct):
    status: enums.CancelReservationStatus


class CertificateSignedRequest(OcppStruct):
    certificate_chain: Annotated[str, Meta(max_length=10000)]


class CertificateSignedResponse(OcppStruct):
    status: enums.CertificateSignedStatusEnum


class ChangeAvailabilityRequest(OcppStruct):
    connector_id: int
    type: enums.AvailabilityType


class ChangeAvailabilityResponse(OcppStruct):
    status: enums.AvailabilityStatus


class ChangeConfigurationRequest(OcppStruct):
    key: Annotated[str, Meta(max_length=50)]
    value: Annotated[str, Meta(max_length=500)]


class ChangeConfigurationResponse(OcppStruct):
    status: enums.ConfigurationStatus


class ClearCacheRequest(OcppStruct):
    pass


class ClearCacheResponse(OcppStruct):
    status: enums.ClearCacheStatus


class ClearChargingProfileRequest(OcppStruct):
    id: int | None = None
    connector_id: int | None = None
    charging_profile_purpose: enums.ChargingProfilePurpose | None = None
    stack_level: int | None = None


class ClearChargingProfileResponse(OcppStruct):
    status: enums.ClearChargingProfileStatus


class DataTransferRequest(OcppStruct):
    vendor_id: Annotated[str, Meta(max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: str | None = None


class DataTransferResponse(OcppStruct):
    status: enums.DataTransferStatus
    data: str | None = None


class DeleteCertificateRequest(OcppStruct):
    certificate_hash_data: datatypes.CertificateHashData


class DeleteCertificateResponse(OcppStruct):
    status: enums.DeleteCertificateStatusEnum


class DiagnosticsStatusNotificationRequest(OcppStruct):
    status: enums.DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(OcppStruct):
    pass


class ExtendedTriggerMessageRequest(OcppStruct):
    requested_message: enums.MessageTriggerEnum
    connector_id: int | None = None


class ExtendedTriggerMessageResponse(OcppStruct):
    status: enums.TriggerMessageStatusEnum


class FirmwareStatusNotificationRequest(OcppStruct):
    status: enums.FirmwareStatus


class FirmwareStatusNotificationResponse(OcppStruct):
    pass


class GetCompositeScheduleRequest(OcppStruct):
    connector_id: int
    duration: int
    charging_rate_unit: enums.ChargingRateUnit | None = None


class GetCompositeScheduleResponse(OcppStruct):
    status: enums.GetCompositeScheduleStatus
    connector_id: int | None = None
    schedule_start: Timestamp | None = None
    charging_schedule: datatypes.ChargingSchedule | None = None


class GetConfigurationRequest(OcppStruct):
    key: tuple[Annotated[str, Meta(max_length=50)], ...] | None = None


class GetConfigurationResponse(OcppStruct):
    configuration_key: tuple[datatypes.KeyValue, ...] | None = None
    unknown_key: tuple[Annotated[str, Meta(max_length=50)], ...] | None = None


class GetDiagnosticsRequest(OcppStruct):
    location: str
    retries: int | None = None
    retry_interval: int | None = None
    start_time: Timestamp | None = None
    stop_time: Timestamp | None = None


class GetDiagnosticsResponse(OcppStruct):
    file_name: Annotated[str, Meta(max_length=255)] | None = None


class GetInstalledCertificateIdsRequest(OcppStruct):
    certificate_type: enums.CertificateUseEnum


class GetInstalledCertificateIdsResponse(OcppStruct):
    status: enums.GetInstalledCertificateStatusEnum
    certificate_hash_data: Annotated[tuple[datatypes.CertificateHashData, ...], Meta(min_length=1)] | None = (
        None
    )


class GetLocalListVersionRequest(OcppStruct):
    pass


class GetLocalListVersionResponse(OcppStruct):
    list_version: int


class GetLogRequest(OcppStruct):
    log: datatypes.LogParameters
    log_type: enums.LogEnum
    request_id: int
    retries: int | None = None
    retry_interval: int | None = None


class GetLogResponse(OcppStruct):
    status: enums.LogStatusEnum
    filename: Annotated[str, Meta(max_length=255)] | None = None


class HeartbeatRequest(OcppStruct):
    pass


class HeartbeatResponse(OcppStruct):
    current_time: Timestamp


class InstallCertificateRequest(OcppStruct):
    certificate_type: enums.CertificateUseEnum
    certificate: Annotated[str, Meta(max_length=5500)]


class InstallCertificateResponse(OcppStruct):
    status: enums.InstallCertificateStatusEnum


class LogStatusNotificationRequest(OcppStruct):
    status: enums.UploadLogStatusEnum
    request_id: int | None = None


class LogStatusNotificationResponse(OcppStruct):
    pass


class MeterValuesRequest(OcppStruct):
    connector_id: int
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)]
    transaction_id: int | None = None


class MeterValuesResponse(OcppStruct):
    pass


class RemoteStartTransactionRequest(OcppStruct):
    id_tag: Annotated[str, Meta(max_length=20)]
    connector_id: int | None = None
    charging_profile: datatypes.ChargingProfile | None = None


class RemoteStartTransactionResponse(OcppStruct):
    status: enums.RemoteStartStopStatus


class RemoteStopTransactionRequest(OcppStruct):
    transaction_id: int


class RemoteStopTransactionResponse(OcppStruct):
    status: enums.RemoteStartStopStatus


class ReserveNowRequest(OcppStruct):
    connector_id: int
    expiry_date: Timestamp
    id_tag: Annotated[str, Meta(max_length=20)]
    reservation_id: int
    parent_id_tag: Annotated[str, Meta(max_length=20)] | None = None


class ReserveNowResponse(OcppStruct):
    status: enums.ReservationStatus


class ResetRequest(OcppStruct):
    type: enums.ResetType


class ResetResponse(OcppStruct):
    status: enums.ResetStatus


class SecurityEventNotificationRequest(OcppStruct):
    type: Annotated[str, Meta(max_length=50)]
    timestamp: Timestamp
    tech_info: Annotated[str, Meta(max_length=255)] | None = None


class SecurityEventNotificationResponse(OcppStruct):
    pass


class SendLocalListRequest(OcppStruct):
    list_version: int
    update_type: enums.UpdateType
    local_authorization_list: tuple[datatypes.AuthorizationData, ...] | None = None


class SendLocalListResponse(OcppStruct):
    status: enums.UpdateStatus


class SetChargingProfileRequest(OcppStruct):
    connector_id: int
    cs_charging_profiles: datatypes.ChargingProfile


class SetChargingProfileResponse(OcppStruct):
    status: enums.ChargingProfileStatus


class SignCertificateRequest(OcppStruct):
    csr: Annotated[str, Meta(max_length=5500)]


class SignCertificateResponse(OcppStruct):
    status: enums.GenericStatusEnum


class SignedFirmwareStatusNotificationRequest(OcppStruct):
    status: enums.FirmwareStatusEnum
    request_id: int | None = None


class SignedFirmwareStatusNotificationResponse(OcppStruct):
    pass


class SignedUpdateFirmwareRequest(OcppStruct):
    request_id: int
    firmware: datatypes.Firmware
    retries: int | None = None
    retry_interval: int | None = None


class SignedUpdateFirmwareResponse(OcppStruct):
    status: enums.UpdateFirmwareStatusEnum


class StartTransactionRequest(OcppStruct):
    connector_id: int
    id_tag: Annotated[str, Meta(max_length=20)]
    meter_start: int
    timestamp: Timestamp
    reservation_id: int | None = None


class StartTransactionResponse(OcppStruct):
    id_tag_info: datatypes.IdTagInfo
    transaction_id: int


class StatusNotificationRequest(OcppStruct):
    connector_id: int
    error_code: enums.ChargePointErrorCode
    status: enums.ChargePointStatus
    info: Annotated[str, Meta(max_length=50)] | None = None
    timestamp: Timestamp | None = None
    vendor_id: Annotated[str, Meta(max_length=255)] | None = None
    vendor_error_code: Annotated[str, Meta(max_length=50)] | None = None


class StatusNotificationResponse(OcppStruct):
    pass


class StopTransactionRequest(OcppStruct):
    meter_stop: int
    timestamp: Timestamp
    transaction_id: int
    id_tag: Annotated[str, Meta(max_length=20)] | None = None
    reason: enums.Reason | None = None
    transaction_data: tuple[datatypes.MeterValue, ...] | None = None


class StopTransactionResponse(OcppStruct):
    id_tag_info: datatypes.IdTagInfo | None = None


class TriggerMessageRequest(OcppStruct):
    requested_message: enums.MessageTrigger
    connector_id: int | None = None


class TriggerMessageResponse(OcppStruct):
    status: enums.TriggerMessageStatus


class UnlockConnectorRequest(OcppStruct):
    connector_id: int


class UnlockConnectorResponse(OcppStruct):
    status: enums.UnlockStatus


class UpdateFirmwareRequest(OcppStruct):
    location: str
    retrieve_date: Timestamp
    retries: int | None = None
    retry_interval: int | None = None


class UpdateFirmwareResponse(OcppStruct):
    pass


ACTIONS: dict[str, tuple[type[OcppStruct], type[OcppStruct]]] = {
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ChangeConfiguration": (ChangeConfigurationRequest, ChangeConfigurationResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "DiagnosticsStatusNotification": (
        DiagnosticsStatusNotificationRequest,
        DiagnosticsStatusNotificationResponse,
    ),
    "ExtendedTriggerMessage": (ExtendedTriggerMessageRequest, ExtendedTriggerMessageResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetConfiguration": (GetConfigurationRequest, GetConfigurationResponse),
    "GetDiagnostics": (GetDiagnosticsRequest, GetDiagnosticsResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "RemoteStartTransaction": (RemoteStartTransactionRequest, RemoteStartTransactionResponse),
    "RemoteStopTransaction": (RemoteStopTransactionRequest, RemoteStopTransactionResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
    "SignCertificate": (SignCertificateRequest, SignCertificateResponse),
    "SignedFirmwareStatusNotification": (
        SignedFirmwareStatusNotificationRequest,
        SignedFirmwareStatusNotificationResponse,
    ),
    "SignedUpdateFirmware": (SignedUpdateFirmwareRequest, SignedUpdateFirmwareResponse),
    "StartTransaction": (StartTransactionRequest, StartTransactionResponse),
    "StatusNotification": (StatusNotificationRequest, StatusNotificationResponse),
    "StopTransaction": (StopTransactionRequest, StopTransactionResponse),
    "TriggerMessage": (TriggerMessageRequest, TriggerMessageResponse),
    "UnlockConnector": (UnlockConnectorRequest, UnlockConnectorResponse),
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
}
"""Every action with its request and its response."""
