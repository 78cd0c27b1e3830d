"""Numbers, texts and binaries of DIN SPEC 70121 with their limits (V2G_CI_MsgDataTypes)."""

from typing import Annotated

from evproto.exi.types import Base64Binary, Byte, HexBinary, Interval, Length, Short, TypeName, UnsignedShort

from .namespaces import MSG_DATA_TYPES


def _named(name: str) -> TypeName:
    return MSG_DATA_TYPES.simple(name)


PMax = Annotated[Short, _named("PMaxType")]
"""A power in W; the unit leaves no room for more than 32.7 kW, so that field practice ignores it."""

PercentValue = Annotated[Byte, _named("percentValueType"), Interval(ge=0, le=100)]
"""A share in percent."""

FaultMsg = Annotated[str, _named("faultMsgType"), Length(max_length=64)]
"""Free text beside a fault code."""

ServiceName = Annotated[str, _named("serviceNameType"), Length(max_length=32)]
"""Name of a service for people."""

ServiceScope = Annotated[str, _named("serviceScopeType"), Length(max_length=32)]
"""Text that narrows a service to a provider or a place."""

MeterStatus = Annotated[Short, _named("meterStatusType")]
"""Status word of the meter; its meaning is the meter's own."""

GenChallenge = Annotated[str, _named("genChallengeType")]
"""Challenge of the SECC; unused, as contracts are out of scope."""

Certificate = Annotated[Base64Binary, _named("certificateType"), Length(max_length=1200)]
"""An X.509 certificate, DER."""

RootCertificateID = Annotated[str, _named("rootCertificateIDType"), Length(max_length=40)]
"""Name of a root certificate."""

DHParams = Annotated[Base64Binary, _named("dHParamsType"), Length(max_length=256)]
"""Diffie-Hellman parameters."""

PrivateKey = Annotated[Base64Binary, _named("privateKeyType"), Length(max_length=128)]
"""An encrypted private key."""

SigMeterReading = Annotated[Base64Binary, _named("sigMeterReadingType"), Length(max_length=32)]
"""Signature that the meter itself gave."""

SessionID = Annotated[HexBinary, _named("sessionIDType"), Length(max_length=8)]
"""Identifier of a session; all zero in the first request."""

EvccID = Annotated[HexBinary, _named("evccIDType"), Length(max_length=8)]
"""MAC address of the EVCC, 6 bytes; some cars pad it to 8."""

EvseID = Annotated[HexBinary, _named("evseIDType"), Length(max_length=32)]
"""Identifier of the charging point, one digit in each half byte; a single 0 where there is none."""

ServiceID = Annotated[UnsignedShort, _named("serviceIDType")]
"""Number of a service; 1 is charging."""

ContractID = Annotated[str, _named("contractIDType"), Length(max_length=24)]
"""Identifier of a contract."""

MeterID = Annotated[str, _named("meterIDType"), Length(max_length=32)]
"""Identifier of a meter."""

SAID = Annotated[Short, _named("SAIDType")]
"""Number of a schedule tuple or tariff."""

TariffDescription = Annotated[str, _named("tariffDescriptionType"), Length(max_length=32)]
"""Tariff name for people."""

UnitMultiplier = Annotated[Byte, _named("unitMultiplierType"), Interval(ge=-3, le=3)]
"""Power of ten of a physical value."""
