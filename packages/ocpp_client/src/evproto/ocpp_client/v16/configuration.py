"""The configuration keys of OCPP 1.6 (chapter 9), kept in the store."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16.datatypes import KeyValue
from evproto.ocpp_client.v16.enums import ConfigurationStatus, Measurand, Phase


class Kind(enum.Enum):
    """What a value is made of."""

    FLAG = enum.auto()
    NUMBER = enum.auto()
    MEASURANDS = enum.auto()
    TEXT = enum.auto()
    SECRET = enum.auto()
    """A text that is never read out."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its default, and what the back end may make of it."""

    name: str
    kind: Kind
    default: str
    writable: bool = True
    at_reboot: bool = False
    largest: int = 2_147_483_647


ENERGY = Measurand.ENERGY_ACTIVE_IMPORT_REGISTER.value

KEYS = (
    # 9.1 core
    Key("AllowOfflineTxForUnknownId", Kind.FLAG, "false"),
    Key("AuthorizationCacheEnabled", Kind.FLAG, "true"),
    Key("AuthorizeRemoteTxRequests", Kind.FLAG, "false"),
    Key("ClockAlignedDataInterval", Kind.NUMBER, "0", largest=86_400),
    Key("ConnectionTimeOut", Kind.NUMBER, "60"),
    Key("ConnectorPhaseRotation", Kind.TEXT, "0.Unknown"),
    Key("GetConfigurationMaxKeys", Kind.NUMBER, "100", writable=False),
    Key("HeartbeatInterval", Kind.NUMBER, "300"),
    Key("LocalAuthorizeOffline", Kind.FLAG, "true"),
    Key("LocalPreAuthorize", Kind.FLAG, "false"),
    Key("MaxEnergyOnInvalidId", Kind.NUMBER, "0"),
    Key("MeterValuesAlignedData", Kind.MEASURANDS, ENERGY),
    Key("MeterValuesAlignedDataMaxLength", Kind.NUMBER, "20", writable=False),
    Key("MeterValuesSampledData", Kind.MEASURANDS, ENERGY),
    Key("MeterValuesSampledDataMaxLength", Kind.NUMBER, "20", writable=False),
    Key("MeterValueSampleInterval", Kind.NUMBER, "60"),
    Key("MinimumStatusDuration", Kind.NUMBER, "0"),
    Key("NumberOfConnectors", Kind.NUMBER, "1", writable=False),
    Key("ResetRetries", Kind.NUMBER, "1"),
    Key("StopTransactionOnEVSideDisconnect", Kind.FLAG, "true"),
    Key("StopTransactionOnInvalidId", Kind.FLAG, "true"),
    Key("StopTxnAlignedData", Kind.MEASURANDS, ""),
    Key("StopTxnAlignedDataMaxLength", Kind.NUMBER, "20", writable=False),
    Key("StopTxnSampledData", Kind.MEASURANDS, ""),
    Key("StopTxnSampledDataMaxLength", Kind.NUMBER, "20", writable=False),
    Key(
        "SupportedFeatureProfiles",
        Kind.TEXT,
        "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
        writable=False,
    ),
    Key("TransactionMessageAttempts", Kind.NUMBER, "3"),
    Key("TransactionMessageRetryInterval", Kind.NUMBER, "60"),
    Key("UnlockConnectorOnEVSideDisconnect", Kind.FLAG, "true"),
    Key("WebSocketPingInterval", Kind.NUMBER, "60", at_reboot=True),
    # 9.2 local authorization list
    Key("LocalAuthListEnabled", Kind.FLAG, "true"),
    Key("LocalAuthListMaxLength", Kind.NUMBER, "10000", writable=False),
    Key("SendLocalListMaxLength", Kind.NUMBER, "1000", writable=False),
    # 9.3 reservation
    Key("ReserveConnectorZeroSupported", Kind.FLAG, "true", writable=False),
    # 9.4 smart charging
    Key("ChargeProfileMaxStackLevel", Kind.NUMBER, "99", writable=False),
    Key("ChargingScheduleAllowedChargingRateUnit", Kind.TEXT, "Current,Power", writable=False),
    Key("ChargingScheduleMaxPeriods", Kind.NUMBER, "48", writable=False),
    Key("MaxChargingProfilesInstalled", Kind.NUMBER, "50", writable=False),
)

SECURITY_KEYS = (
    # Chapter 7 of the security whitepaper, and the two that Plug & Charge brought.
    Key("AdditionalRootCertificateCheck", Kind.FLAG, "false", writable=False),
    Key("AuthorizationKey", Kind.SECRET, ""),
    Key("CertificateSignedMaxChainSize", Kind.NUMBER, "10000", writable=False),
    Key("CertificateStoreMaxLength", Kind.NUMBER, "32", writable=False),
    Key("CertSigningRepeatTimes", Kind.NUMBER, "3", largest=100),
    Key("CertSigningWaitMinimum", Kind.NUMBER, "30", largest=86_400),
    Key("CpoName", Kind.TEXT, ""),
    Key("SecurityProfile", Kind.NUMBER, "0", largest=3),
    Key("SupportedFileTransferProtocols", Kind.TEXT, "HTTP,HTTPS", writable=False),
)


class Keys(Protocol):
    """The configuration keys of a station, wherever they live."""

    def has(self, name: str) -> bool:
        """Whether the station has this key."""

    def flag(self, name: str) -> bool:
        """The value of a boolean key."""

    def number(self, name: str) -> int:
        """The value of an integer key; those of time are seconds."""

    def text(self, name: str) -> str:
        """The value of any key."""

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a comma separated list."""

    def find(self, name: str) -> KeyValue | None:
        """One key as GetConfiguration returns it; names do not heed case (CiString)."""

    def __iter__(self) -> Iterator[KeyValue]:
        """All of them."""

    def change(self, name: str, value: str, now: float) -> ConfigurationStatus:
        """What ChangeConfiguration answers; an Accepted value stands on the disk (section 5.3)."""

    def put(self, name: str, value: str, now: float) -> None:
        """What the station itself has decided."""


class Configuration:
    """Reads are from memory; what the back end sets is stored at once and outlives every restart.

    keys: those that this station has.
    """

    def __init__(self, store: Store, defaults: dict[str, str], keys: tuple[Key, ...] = KEYS) -> None:
        self._store = store
        self._by_name = _named(keys)
        self._values = {
            key.name: store.get(f"v16.{key.name}", defaults.get(key.name, key.default)) for key in keys
        }

    def has(self, name: str) -> bool:
        """Whether the station has this key."""
        return name in self._values

    def flag(self, name: str) -> bool:
        """The value of a boolean key."""
        return self._values[name].casefold() == "true"

    def number(self, name: str) -> int:
        """The value of an integer key; those of time are seconds."""
        return int(self._values[name])

    def text(self, name: str) -> str:
        """The value of any key."""
        return self._values[name]

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a comma separated list."""
        return tuple(part.strip() for part in self._values[name].split(",") if part.strip())

    def find(self, name: str) -> KeyValue | None:
        """One key as GetConfiguration returns it; names do not heed case (CiString)."""
        key = self._by_name.get(name.casefold())
        return None if key is None else self._described(key)

    def __iter__(self) -> Iterator[KeyValue]:
        return map(self._described, self._by_name.values())

    def change(self, name: str, value: str, now: float) -> ConfigurationStatus:
        """What ChangeConfiguration answers; an Accepted value stands in the store (section 5.3)."""
        key = self._by_name.get(name.casefold())
        if key is None:
            return ConfigurationStatus.NOT_SUPPORTED
        if not key.writable or not _fits(key, value):
            return ConfigurationStatus.REJECTED
        if key.at_reboot:
            self._store.put(f"v16.{key.name}", value)
            return ConfigurationStatus.REBOOT_REQUIRED
        self.put(key.name, value, now)
        return ConfigurationStatus.ACCEPTED

    def put(self, name: str, value: str, now: float) -> None:
        """What the station itself has decided."""
        self._store.put(f"v16.{name}", value)
        self._values[name] = value

    def _described(self, key: Key) -> KeyValue:
        if key.kind is Kind.SECRET:
            return KeyValue(key=key.name, readonly=not key.writable)
        return KeyValue(key=key.name, readonly=not key.writable, value=self._values[key.name])


def _fits(key: Key, value: str) -> bool:
    match key.kind:
        case Kind.FLAG:
            return value.casefold() in ("true", "false")
        case Kind.NUMBER:
            return value.isascii() and value.isdigit() and int(value) <= key.largest
        case Kind.MEASURANDS:
            parts = [part.strip() for part in value.split(",") if part.strip()]
            return len(parts) <= 20 and all(map(_is_measurand, parts))
        case Kind.TEXT | Kind.SECRET:
            return True


def _is_measurand(text: str) -> bool:
    """A measurand, with a phase behind a point where the meter has phases (section 9.1.17)."""
    measurand, point, phase = text.rpartition(".")
    if text in _MEASURANDS:
        return True
    return bool(point) and measurand in _MEASURANDS and phase in _PHASES


_MEASURANDS = {measurand.value for measurand in Measurand}
_PHASES = {phase.value for phase in Phase}


@cache
def _named(keys: tuple[Key, ...]) -> dict[str, Key]:
    """By name without case, made once for all stations that have the same keys."""
    return {key.name.casefold(): key for key in keys}
