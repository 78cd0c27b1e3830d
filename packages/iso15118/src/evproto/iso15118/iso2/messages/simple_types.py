"""Numbers, texts and binaries of ISO 15118-2 with their limits (V2G_CI_MsgDataTypes)."""

from typing import Annotated

from evproto.exi.types import (
    ANONYMOUS,
    Base64Binary,
    Byte,
    HexBinary,
    Interval,
    Length,
    Short,
    UnsignedByte,
    UnsignedInt,
    UnsignedShort,
)

from .namespaces import MSG_DATA_TYPES

PercentValue = Annotated[Byte, MSG_DATA_TYPES.simple("percentValueType"), Interval(ge=0, le=100)]
"""A share in percent."""

FaultMsg = Annotated[str, MSG_DATA_TYPES.simple("faultMsgType"), Length(max_length=64)]
"""Free text beside a fault code."""

ServiceName = Annotated[str, MSG_DATA_TYPES.simple("serviceNameType"), Length(max_length=32)]
"""Name of a service for people."""

ServiceScope = Annotated[str, MSG_DATA_TYPES.simple("serviceScopeType"), Length(max_length=64)]
"""URI or text that narrows a service to a provider or a place."""

MaxNumPhases = Annotated[Byte, MSG_DATA_TYPES.simple("maxNumPhasesType"), Interval(ge=1, le=3)]
"""A number of phases."""

MeterStatus = Annotated[Short, MSG_DATA_TYPES.simple("meterStatusType")]
"""Status word of the meter; its meaning is the meter's own."""

GenChallenge = Annotated[Base64Binary, MSG_DATA_TYPES.simple("genChallengeType"), Length(16, 16)]
"""Random challenge of the SECC, 16 bytes."""

Certificate = Annotated[Base64Binary, MSG_DATA_TYPES.simple("certificateType"), Length(max_length=800)]
"""An X.509 certificate, DER."""

DHpublickey = Annotated[Base64Binary, MSG_DATA_TYPES.simple("dHpublickeyType"), Length(max_length=65)]
"""Ephemeral ECDH public key of the secondary actor, uncompressed point."""

PrivateKey = Annotated[Base64Binary, MSG_DATA_TYPES.simple("privateKeyType"), Length(max_length=48)]
"""Contract private key, AES-CBC-128 encrypted: initialization vector and 32 bytes."""

SigMeterReading = Annotated[Base64Binary, MSG_DATA_TYPES.simple("sigMeterReadingType"), Length(max_length=64)]
"""Signature that the meter itself gave."""

SessionID = Annotated[HexBinary, MSG_DATA_TYPES.simple("sessionIDType"), Length(max_length=8)]
"""Identifier of a session; all zero in the first request of a new one."""

EvccID = Annotated[HexBinary, MSG_DATA_TYPES.simple("evccIDType"), Length(max_length=6)]
"""MAC address of the EVCC."""

EvseID = Annotated[str, MSG_DATA_TYPES.simple("evseIDType"), Length(7, 37)]
"""Identifier of the charging point, such as DE*ABC*E123."""

ServiceID = Annotated[UnsignedShort, MSG_DATA_TYPES.simple("serviceIDType")]
"""Number of a service; 1 is AC/DC charging, 2 certificates, 3 Internet."""

EMAIDText = Annotated[str, MSG_DATA_TYPES.simple("eMAIDType"), Length(14, 15)]
"""E-mobility account identifier (ISO 15118-2 annex H)."""

MeterID = Annotated[str, MSG_DATA_TYPES.simple("meterIDType"), Length(max_length=32)]
"""Identifier of a meter."""

SAID = Annotated[UnsignedByte, MSG_DATA_TYPES.simple("SAIDType"), Interval(ge=1, le=255)]
"""Number of a schedule tuple or tariff."""

TariffDescription = Annotated[str, MSG_DATA_TYPES.simple("tariffDescriptionType"), Length(max_length=32)]
"""Tariff name for people."""

UnitMultiplier = Annotated[Byte, MSG_DATA_TYPES.simple("unitMultiplierType"), Interval(ge=-3, le=3)]
"""Power of ten of a physical value."""

StartTime = Annotated[UnsignedInt, ANONYMOUS, Interval(ge=0, le=16777214)]
"""Seconds from the message to the start of an interval."""

Duration = Annotated[UnsignedInt, ANONYMOUS, Interval(ge=0, le=86400)]
"""Seconds of an interval."""
