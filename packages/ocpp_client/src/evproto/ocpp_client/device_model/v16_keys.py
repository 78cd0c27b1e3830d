"""The configuration keys of OCPP 1.6 as a view on the device model.

Chapter 9 of 1.6 and the security whitepaper: each key is a variable, or the maxLimit of one. What
2.x has no variable for stands in the component OCPP16LegacyCtrlr, as do keys of the vendor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from evproto.ocpp_client.device_model.characteristics import DataType, members
from evproto.ocpp_client.device_model.definition import (
    AttributeEntry,
    ComponentEntry,
    VariableEntry,
    standard_component,
)
from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.record import Record
from evproto.ocpp_client.device_model.terms import Component, Mutability, SetStatus, Variable
from evproto.ocpp_client.v16.datatypes import KeyValue
from evproto.ocpp_client.v16.enums import ConfigurationStatus, Measurand, Phase

LEGACY = "OCPP16LegacyCtrlr"


@dataclass(frozen=True, slots=True)
class _Key:
    component: str
    variable: str
    instance: str | None = None
    limit: bool = False
    """It is the maxLimit of the variable."""


_KEYS = {
    # 9.1 core
    "AllowOfflineTxForUnknownId": _Key("AuthCtrlr", "OfflineTxForUnknownIdEnabled"),
    "AuthorizationCacheEnabled": _Key("AuthCacheCtrlr", "Enabled"),
    "AuthorizeRemoteTxRequests": _Key("AuthCtrlr", "AuthorizeRemoteStart"),
    "ClockAlignedDataInterval": _Key("AlignedDataCtrlr", "Interval"),
    "ConnectionTimeOut": _Key("TxCtrlr", "EVConnectionTimeOut"),
    "ConnectorPhaseRotation": _Key(LEGACY, "ConnectorPhaseRotation"),
    "GetConfigurationMaxKeys": _Key(LEGACY, "GetConfigurationMaxKeys"),
    "HeartbeatInterval": _Key("OCPPCommCtrlr", "HeartbeatInterval"),
    "LocalAuthorizeOffline": _Key("AuthCtrlr", "LocalAuthorizeOffline"),
    "LocalPreAuthorize": _Key("AuthCtrlr", "LocalPreAuthorize"),
    "MaxEnergyOnInvalidId": _Key("TxCtrlr", "MaxEnergyOnInvalidId"),
    "MeterValuesAlignedData": _Key("AlignedDataCtrlr", "Measurands"),
    "MeterValuesAlignedDataMaxLength": _Key("AlignedDataCtrlr", "Measurands", limit=True),
    "MeterValuesSampledData": _Key("SampledDataCtrlr", "TxUpdatedMeasurands"),
    "MeterValuesSampledDataMaxLength": _Key("SampledDataCtrlr", "TxUpdatedMeasurands", limit=True),
    "MeterValueSampleInterval": _Key("SampledDataCtrlr", "TxUpdatedInterval"),
    "MinimumStatusDuration": _Key("OCPPCommCtrlr", "MinimumStatusDuration"),
    "NumberOfConnectors": _Key(LEGACY, "NumberOfConnectors"),
    "ResetRetries": _Key("OCPPCommCtrlr", "ResetRetries"),
    "StopTransactionOnEVSideDisconnect": _Key("TxCtrlr", "StopTxOnEVSideDisconnect"),
    "StopTransactionOnInvalidId": _Key("TxCtrlr", "StopTxOnInvalidId"),
    "StopTxnAlignedData": _Key("AlignedDataCtrlr", "TxEndedMeasurands"),
    "StopTxnAlignedDataMaxLength": _Key("AlignedDataCtrlr", "TxEndedMeasurands", limit=True),
    "StopTxnSampledData": _Key("SampledDataCtrlr", "TxEndedMeasurands"),
    "StopTxnSampledDataMaxLength": _Key("SampledDataCtrlr", "TxEndedMeasurands", limit=True),
    "SupportedFeatureProfiles": _Key(LEGACY, "SupportedFeatureProfiles"),
    "TransactionMessageAttempts": _Key("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
    "TransactionMessageRetryInterval": _Key("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"),
    "UnlockConnectorOnEVSideDisconnect": _Key("OCPPCommCtrlr", "UnlockOnEVSideDisconnect"),
    "WebSocketPingInterval": _Key("OCPPCommCtrlr", "WebSocketPingInterval"),
    # 9.2 local authorization list
    "LocalAuthListEnabled": _Key("LocalAuthListCtrlr", "Enabled"),
    "LocalAuthListMaxLength": _Key("LocalAuthListCtrlr", "Entries", limit=True),
    "SendLocalListMaxLength": _Key("LocalAuthListCtrlr", "ItemsPerMessage"),
    # 9.3 reservation
    "ReserveConnectorZeroSupported": _Key("ReservationCtrlr", "NonEvseSpecific"),
    # 9.4 smart charging
    "ChargeProfileMaxStackLevel": _Key("SmartChargingCtrlr", "ProfileStackLevel"),
    "ChargingScheduleAllowedChargingRateUnit": _Key("SmartChargingCtrlr", "RateUnit"),
    "ChargingScheduleMaxPeriods": _Key("SmartChargingCtrlr", "PeriodsPerSchedule"),
    "ConnectorSwitch3to1PhaseSupported": _Key("SmartChargingCtrlr", "Phases3to1"),
    "MaxChargingProfilesInstalled": _Key("SmartChargingCtrlr", "Entries", "ChargingProfiles", limit=True),
    # security whitepaper
    "AdditionalRootCertificateCheck": _Key("SecurityCtrlr", "AdditionalRootCertificateCheck"),
    "AuthorizationKey": _Key("SecurityCtrlr", "BasicAuthPassword"),
    "CertificateSignedMaxChainSize": _Key("SecurityCtrlr", "MaxCertificateChainSize"),
    "CertificateStoreMaxLength": _Key("SecurityCtrlr", "CertificateEntries", limit=True),
    "CpoName": _Key("SecurityCtrlr", "OrganizationName"),
    "SecurityProfile": _Key("SecurityCtrlr", "SecurityProfile"),
}
_NAMES = {name.casefold(): name for name in _KEYS}
_RATE_UNITS = {"A": "Current", "W": "Power"}

_STATUSES = {
    SetStatus.ACCEPTED: ConfigurationStatus.ACCEPTED,
    SetStatus.REJECTED: ConfigurationStatus.REJECTED,
    SetStatus.REBOOT_REQUIRED: ConfigurationStatus.REBOOT_REQUIRED,
}


def v16_components(values: Mapping[str, str]) -> list[ComponentEntry]:
    """The components behind all keys, with first values by key; KeyError for a key that has none.

    Measurands may be those of 1.6, also with a phase (section 9.1.17).
    """
    by_component: dict[str, dict[str, str]] = {key.component: {} for key in _KEYS.values()}
    for name, value in values.items():
        key = _KEYS[name]
        if key.limit:
            raise KeyError(f"{name} is a limit of {key.component}, not a value")
        label = key.variable if key.instance is None else f"{key.variable}[{key.instance}]"
        by_component[key.component][label] = value
    return [_component(name).with_values(chosen) for name, chosen in by_component.items()]


class ConfigurationKeys:
    """Reads and changes keys; what changes is told to the subscribers of the device model."""

    def __init__(self, model: DeviceModel) -> None:
        self._model = model

    def flag(self, name: str) -> bool:
        """The value of a boolean key."""
        return self._text(name) == "true"

    def number(self, name: str) -> int:
        """The value of an integer key; those of time are seconds."""
        return int(self._text(name) or 0)

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a comma separated list."""
        return tuple(members(self._text(name)))

    def find(self, name: str) -> KeyValue | None:
        """One key as GetConfiguration returns it; names do not heed case (CiString)."""
        known = self._lookup(name)
        return None if known is None else _described(*known)

    def __iter__(self) -> Iterator[KeyValue]:
        for name in _KEYS:
            if (found := self.find(name)) is not None:
                yield found
        mapped = {key.variable for key in _KEYS.values() if key.component == LEGACY}
        for record in self._model:
            if record.component.name == LEGACY and record.variable.name not in mapped:
                yield _described(record.variable.name, _Key(LEGACY, record.variable.name), record)

    def change(self, name: str, value: str, now: float) -> ConfigurationStatus:
        """What ChangeConfiguration answers; an Accepted value stands on the disk (section 5.3)."""
        known = self._lookup(name)
        if known is None:
            return ConfigurationStatus.NOT_SUPPORTED
        key_name, key, record = known
        if key.limit:
            return ConfigurationStatus.REJECTED
        if key_name == "SecurityProfile":
            return self._raise_security_profile(record, value, now)
        result = self._model.set(record.component, record.variable, value, now)
        return _STATUSES[result.status]

    def _raise_security_profile(self, record: Record, value: str, now: float) -> ConfigurationStatus:
        """It is writable in 1.6, but only upward (whitepaper, section on SecurityProfile)."""
        present = int(self._text("SecurityProfile") or 0)
        if record.characteristics.refuse(value) is not None or int(value) <= present:
            return ConfigurationStatus.REJECTED
        self._model.write(record.component, record.variable, value, now)
        return ConfigurationStatus.ACCEPTED

    def _lookup(self, name: str) -> tuple[str, _Key, Record] | None:
        key_name = _NAMES.get(name.casefold(), name)
        key = _KEYS.get(key_name) or _Key(LEGACY, name)
        found = self._model.find(Component(key.component), Variable(key.variable, key.instance))
        if not isinstance(found, Record):
            return None
        return (key_name if key_name in _KEYS else found.variable.name), key, found

    def _text(self, name: str) -> str:
        known = self._lookup(name)
        if known is None:
            raise KeyError(name)
        _, key, record = known
        return _limit(record) if key.limit else record.actual.value or ""


def _described(name: str, key: _Key, record: Record) -> KeyValue:
    cell = record.actual
    readonly = key.limit or (cell.traits.mutability is Mutability.READ_ONLY and name != "SecurityProfile")
    if cell.traits.mutability is Mutability.WRITE_ONLY:
        return KeyValue(key=name, readonly=readonly)
    value = _limit(record) if key.limit else cell.configured or ""
    if name == "ChargingScheduleAllowedChargingRateUnit":
        value = ",".join(_RATE_UNITS.get(unit, unit) for unit in members(value))
    return KeyValue(key=name, readonly=readonly, value=value[:500])


def _limit(record: Record) -> str:
    limit = record.characteristics.max_limit
    return "" if limit is None else str(limit)


@cache
def _component(name: str) -> ComponentEntry:
    if name == LEGACY:
        return _LEGACY
    entry = standard_component(name)
    variables = tuple(
        msgspec.structs.replace(variable, values_list=_measurands())
        if variable.name.endswith("Measurands")
        else variable
        for variable in entry.variables
    )
    return msgspec.structs.replace(entry, variables=variables)


@cache
def _measurands() -> tuple[str, ...]:
    plain = [measurand.value for measurand in Measurand]
    return tuple(plain + [f"{measurand}.{phase.value}" for measurand in plain for phase in Phase])


_LEGACY = ComponentEntry(
    name=LEGACY,
    variables=(
        VariableEntry(
            name="ConnectorPhaseRotation",
            data_type=DataType.STRING,
            max_limit="500",
            attributes=(AttributeEntry(mutability=Mutability.READ_WRITE, value="0.Unknown"),),
        ),
        VariableEntry(
            name="GetConfigurationMaxKeys",
            data_type=DataType.INTEGER,
            min_limit="1",
            attributes=(AttributeEntry(value="100"),),
        ),
        VariableEntry(
            name="NumberOfConnectors",
            data_type=DataType.INTEGER,
            min_limit="1",
            attributes=(AttributeEntry(value="1"),),
        ),
        VariableEntry(
            name="SupportedFeatureProfiles",
            data_type=DataType.MEMBER_LIST,
            values_list=(
                "Core",
                "FirmwareManagement",
                "LocalAuthListManagement",
                "Reservation",
                "SmartCharging",
                "RemoteTrigger",
            ),
            attributes=(AttributeEntry(value="Core"),),
        ),
    ),
)
