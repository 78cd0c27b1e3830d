"""Data types of OCPP 1.6.

Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew.
"""

from typing import Annotated

from msgspec import Meta

from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16 import enums


class IdTagInfo(OcppStruct, frozen=True, kw_only=True):
    status: enums.AuthorizationStatus
    expiry_date: Timestamp | None = None
    parent_id_tag: Annotated[str, Meta(max_length=20)] | None = None


class CertificateHashData(OcppStruct, frozen=True, kw_only=True):
    hash_algorithm: enums.HashAlgorithmEnum
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]


class ChargingSchedulePeriod(OcppStruct, frozen=True, kw_only=True):
    start_period: int
    limit: float
    number_phases: int | None = None


class ChargingSchedule(OcppStruct, frozen=True, kw_only=True):
    charging_rate_unit: enums.ChargingRateUnit
    charging_schedule_period: tuple[ChargingSchedulePeriod, ...]
    duration: int | None = None
    start_schedule: Timestamp | None = None
    min_charging_rate: float | None = None


class KeyValue(OcppStruct, frozen=True, kw_only=True):
    key: Annotated[str, Meta(max_length=50)]
    readonly: bool
    value: Annotated[str, Meta(max_length=500)] | None = None


class LogParameters(OcppStruct, frozen=True, kw_only=True):
    remote_location: Annotated[str, Meta(max_length=512)]
    oldest_timestamp: Timestamp | None = None
    latest_timestamp: Timestamp | None = None


class SampledValue(OcppStruct, frozen=True, kw_only=True):
    value: str
    context: enums.ReadingContext | None = None
    format: enums.ValueFormat | None = None
    measurand: enums.Measurand | None = None
    phase: enums.Phase | None = None
    location: enums.Location | None = None
    unit: enums.UnitOfMeasure | None = None


class MeterValue(OcppStruct, frozen=True, kw_only=True):
    timestamp: Timestamp
    sampled_value: Annotated[tuple[SampledValue, ...], Meta(min_length=1)]


class ChargingProfile(OcppStruct, frozen=True, kw_only=True):
    charging_profile_id: int
    stack_level: int
    charging_profile_purpose: enums.ChargingProfilePurpose
    charging_profile_kind: enums.ChargingProfileKind
    charging_schedule: ChargingSchedule
    transaction_id: int | None = None
    recurrency_kind: enums.RecurrencyKind | None = None
    valid_from: Timestamp | None = None
    valid_to: Timestamp | None = None


class AuthorizationData(OcppStruct, frozen=True, kw_only=True):
    id_tag: Annotated[str, Meta(max_length=20)]
    id_tag_info: IdTagInfo | None = None


class Firmware(OcppStruct, frozen=True, kw_only=True):
    location: Annotated[str, Meta(max_length=512)]
    retrieve_date_time: Timestamp
    signing_certificate: Annotated[str, Meta(max_length=5500)]
    signature: Annotated[str, Meta(max_length=800)]
    install_date_time: Timestamp | None = None
