"""Messages of OCPP 1.6.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated

from msgspec import Meta

from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16 import datatypes, enums


class AuthorizeRequest(OcppStruct, frozen=True, kw_only=True):
    id_tag: Annotated[str, Meta(max_length=20)]


class AuthorizeResponse(OcppStruct, frozen=True, kw_only=True):
    id_tag_info: datatypes.IdTagInfo


class BootNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    charge_point_vendor: Annotated[str, Meta(max_length=20)]
    charge_point_model: Annotated[str, Meta(max_length=20)]
    charge_point_serial_number: Annotated[str, Meta(max_length=25)] | None = None
    charge_box_serial_number: Annotated[str, Meta(max_length=25)] | None = None
    firmware_version: Annotated[str, Meta(max_length=50)] | None = None
    iccid: Annotated[str, Meta(max_length=20)] | None = None
    imsi: Annotated[str, Meta(max_length=20)] | None = None
    meter_type: Annotated[str, Meta(max_length=25)] | None = None
    meter_serial_number: Annotated[str, Meta(max_length=25)] | None = None


class BootNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RegistrationStatus
    current_time: Timestamp
    interval: int


class CancelReservationRequest(OcppStruct, frozen=True, kw_only=True):
    reservation_id: int


class CancelReservationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CancelReservationStatus


class CertificateSignedRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_chain: Annotated[str, Meta(max_length=10000)]


class CertificateSignedResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.CertificateSignedStatusEnum


class ChangeAvailabilityRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    type: enums.AvailabilityType


class ChangeAvailabilityResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.AvailabilityStatus


class ChangeConfigurationRequest(OcppStruct, frozen=True, kw_only=True):
    key: Annotated[str, Meta(max_length=50)]
    value: Annotated[str, Meta(max_length=500)]


class ChangeConfigurationResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ConfigurationStatus


class ClearCacheRequest(OcppStruct, frozen=True, kw_only=True):
    pass


class ClearCacheResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearCacheStatus


class ClearChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    id: int | None = None
    connector_id: int | None = None
    charging_profile_purpose: enums.ChargingProfilePurpose | None = None
    stack_level: int | None = None


class ClearChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ClearChargingProfileStatus


class DataTransferRequest(OcppStruct, frozen=True, kw_only=True):
    vendor_id: Annotated[str, Meta(max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: str | None = None


class DataTransferResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DataTransferStatus
    data: str | None = None


class DeleteCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_hash_data: datatypes.CertificateHashData


class DeleteCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.DeleteCertificateStatusEnum


class DiagnosticsStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class ExtendedTriggerMessageRequest(OcppStruct, frozen=True, kw_only=True):
    requested_message: enums.MessageTriggerEnum
    connector_id: int | None = None


class ExtendedTriggerMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TriggerMessageStatusEnum


class FirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.FirmwareStatus


class FirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class GetCompositeScheduleRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    duration: int
    charging_rate_unit: enums.ChargingRateUnit | None = None


class GetCompositeScheduleResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetCompositeScheduleStatus
    connector_id: int | None = None
    schedule_start: Timestamp | None = None
    charging_schedule: datatypes.ChargingSchedule | None = None


class GetConfigurationRequest(OcppStruct, frozen=True, kw_only=True):
    key: tuple[Annotated[str, Meta(max_length=50)], ...] | None = None


class GetConfigurationResponse(OcppStruct, frozen=True, kw_only=True):
    configuration_key: tuple[datatypes.KeyValue, ...] | None = None
    unknown_key: tuple[Annotated[str, Meta(max_length=50)], ...] | None = None


class GetDiagnosticsRequest(OcppStruct, frozen=True, kw_only=True):
    location: str
    retries: int | None = None
    retry_interval: int | None = None
    start_time: Timestamp | None = None
    stop_time: Timestamp | None = None


class GetDiagnosticsResponse(OcppStruct, frozen=True, kw_only=True):
    file_name: Annotated[str, Meta(max_length=255)] | None = None


class GetInstalledCertificateIdsRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_type: enums.CertificateUseEnum


class GetInstalledCertificateIdsResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GetInstalledCertificateStatusEnum
    certificate_hash_data: Annotated[tuple[datatypes.CertificateHashData, ...], Meta(min_length=1)] | None = (
        None
    )


class GetLocalListVersionRequest(OcppStruct, frozen=True, kw_only=True):
    pass


class GetLocalListVersionResponse(OcppStruct, frozen=True, kw_only=True):
    list_version: int


class GetLogRequest(OcppStruct, frozen=True, kw_only=True):
    log: datatypes.LogParameters
    log_type: enums.LogEnum
    request_id: int
    retries: int | None = None
    retry_interval: int | None = None


class GetLogResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.LogStatusEnum
    filename: Annotated[str, Meta(max_length=255)] | None = None


class HeartbeatRequest(OcppStruct, frozen=True, kw_only=True):
    pass


class HeartbeatResponse(OcppStruct, frozen=True, kw_only=True):
    current_time: Timestamp


class InstallCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    certificate_type: enums.CertificateUseEnum
    certificate: Annotated[str, Meta(max_length=5500)]


class InstallCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.InstallCertificateStatusEnum


class LogStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.UploadLogStatusEnum
    request_id: int | None = None


class LogStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class MeterValuesRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    meter_value: Annotated[tuple[datatypes.MeterValue, ...], Meta(min_length=1)]
    transaction_id: int | None = None


class MeterValuesResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class RemoteStartTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    id_tag: Annotated[str, Meta(max_length=20)]
    connector_id: int | None = None
    charging_profile: datatypes.ChargingProfile | None = None


class RemoteStartTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RemoteStartStopStatus


class RemoteStopTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    transaction_id: int


class RemoteStopTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.RemoteStartStopStatus


class ReserveNowRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    expiry_date: Timestamp
    id_tag: Annotated[str, Meta(max_length=20)]
    reservation_id: int
    parent_id_tag: Annotated[str, Meta(max_length=20)] | None = None


class ReserveNowResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ReservationStatus


class ResetRequest(OcppStruct, frozen=True, kw_only=True):
    type: enums.ResetType


class ResetResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ResetStatus


class SecurityEventNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    type: Annotated[str, Meta(max_length=50)]
    timestamp: Timestamp
    tech_info: Annotated[str, Meta(max_length=255)] | None = None


class SecurityEventNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class SendLocalListRequest(OcppStruct, frozen=True, kw_only=True):
    list_version: int
    update_type: enums.UpdateType
    local_authorization_list: tuple[datatypes.AuthorizationData, ...] | None = None


class SendLocalListResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UpdateStatus


class SetChargingProfileRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    cs_charging_profiles: datatypes.ChargingProfile


class SetChargingProfileResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.ChargingProfileStatus


class SignCertificateRequest(OcppStruct, frozen=True, kw_only=True):
    csr: Annotated[str, Meta(max_length=5500)]


class SignCertificateResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.GenericStatusEnum


class SignedFirmwareStatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    status: enums.FirmwareStatusEnum
    request_id: int | None = None


class SignedFirmwareStatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class SignedUpdateFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    request_id: int
    firmware: datatypes.Firmware
    retries: int | None = None
    retry_interval: int | None = None


class SignedUpdateFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UpdateFirmwareStatusEnum


class StartTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    id_tag: Annotated[str, Meta(max_length=20)]
    meter_start: int
    timestamp: Timestamp
    reservation_id: int | None = None


class StartTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    id_tag_info: datatypes.IdTagInfo
    transaction_id: int


class StatusNotificationRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int
    error_code: enums.ChargePointErrorCode
    status: enums.ChargePointStatus
    info: Annotated[str, Meta(max_length=50)] | None = None
    timestamp: Timestamp | None = None
    vendor_id: Annotated[str, Meta(max_length=255)] | None = None
    vendor_error_code: Annotated[str, Meta(max_length=50)] | None = None


class StatusNotificationResponse(OcppStruct, frozen=True, kw_only=True):
    pass


class StopTransactionRequest(OcppStruct, frozen=True, kw_only=True):
    meter_stop: int
    timestamp: Timestamp
    transaction_id: int
    id_tag: Annotated[str, Meta(max_length=20)] | None = None
    reason: enums.Reason | None = None
    transaction_data: tuple[datatypes.MeterValue, ...] | None = None


class StopTransactionResponse(OcppStruct, frozen=True, kw_only=True):
    id_tag_info: datatypes.IdTagInfo | None = None


class TriggerMessageRequest(OcppStruct, frozen=True, kw_only=True):
    requested_message: enums.MessageTrigger
    connector_id: int | None = None


class TriggerMessageResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.TriggerMessageStatus


class UnlockConnectorRequest(OcppStruct, frozen=True, kw_only=True):
    connector_id: int


class UnlockConnectorResponse(OcppStruct, frozen=True, kw_only=True):
    status: enums.UnlockStatus


class UpdateFirmwareRequest(OcppStruct, frozen=True, kw_only=True):
    location: str
    retrieve_date: Timestamp
    retries: int | None = None
    retry_interval: int | None = None


class UpdateFirmwareResponse(OcppStruct, frozen=True, kw_only=True):
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
