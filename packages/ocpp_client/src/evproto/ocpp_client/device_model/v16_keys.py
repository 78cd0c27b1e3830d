"""The configuration keys of OCPP 1.6 as a view on the device model.

Chapter 9 of 1.6 and the security whitepaper: each key is a variable, or the maxLimit of one. What
2.x has no variable for stands in the component OCPP16LegacyCtrlr, as do keys of the vendor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
from evproto.ocpp_client.device_model.terms import Changed, Component, Mutability, SetStatus, Variable
from evproto.ocpp_client.v16.configuration import Key, Kind
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
_MORE_KEYS = {
    # security whitepaper, where the station has a part in it
    "CertSigningRepeatTimes": _Key("SecurityCtrlr", "CertSigningRepeatTimes"),
    "CertSigningWaitMinimum": _Key("SecurityCtrlr", "CertSigningWaitMinimum"),
    "SupportedFileTransferProtocols": _Key("OCPPCommCtrlr", "FileTransferProtocols"),
    # application notes
    "AlignedDataSignReadings": _Key("AlignedDataCtrlr", "SignReadings"),
    "CentralContractValidationAllowed": _Key("ISO15118Ctrlr", "CentralContractValidationAllowed"),
    "ContractValidationOffline": _Key("ISO15118Ctrlr", "ContractValidationOffline"),
    "ISO15118PnCEnabled": _Key("ISO15118Ctrlr", "PnCEnabled"),
    "PublicKeyWithSignedMeterValue": _Key("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue"),
    "SampledDataSignReadings": _Key("SampledDataCtrlr", "SignReadings"),
    "SampledDataSignStartedReadings": _Key("SampledDataCtrlr", "SignStartedReadings"),
    "SampledDataSignUpdatedReadings": _Key("SampledDataCtrlr", "SignUpdatedReadings"),
    "StartTxnSampledData": _Key("SampledDataCtrlr", "TxStartedMeasurands"),
}
"""Keys that are there where `v16_components` is asked for them."""
_ALL_KEYS = _KEYS | _MORE_KEYS
_NAMES = {name.casefold(): name for name in _ALL_KEYS}
_RATE_UNITS = {"A": "Current", "W": "Power"}

_STATUSES = {
    SetStatus.ACCEPTED: ConfigurationStatus.ACCEPTED,
    SetStatus.REJECTED: ConfigurationStatus.REJECTED,
    SetStatus.REBOOT_REQUIRED: ConfigurationStatus.REBOOT_REQUIRED,
}


def v16_components(values: Mapping[str, str], more: Iterable[Key] = ()) -> list[ComponentEntry]:
    """The components behind all keys, with first values by key; KeyError for a key that has none.

    more: keys beyond chapter 9 and the whitepaper, as a station has them; one that has no variable
    of its own stands in OCPP16LegacyCtrlr. Measurands may be those of 1.6, also with a phase
    (section 9.1.17).
    """
    own = [key for key in more if key.name not in _ALL_KEYS]
    wanted = _KEYS | {key.name: _MORE_KEYS[key.name] for key in more if key.name in _MORE_KEYS}
    places = wanted | {key.name: _Key(LEGACY, key.name) for key in own}
    firsts = {key.name: key.default for key in more if key.name not in _KEYS} | dict(values)
    by_component: dict[str, dict[str, str]] = {key.component: {} for key in places.values()}
    for name, value in firsts.items():
        key = places[name]
        if key.limit:
            raise KeyError(f"{name} is a limit of {key.component}, not a value")
        label = key.variable if key.instance is None else f"{key.variable}[{key.instance}]"
        by_component[key.component][label] = value
    return [_component(name, tuple(own)).with_values(chosen) for name, chosen in by_component.items()]


def takes_default(name: str) -> bool:
    """Whether the value of 1.6 fits the variable behind the key: limits and rate units are others."""
    key = _ALL_KEYS.get(name)
    return key is None or not (key.limit or key.variable == "RateUnit")


class ConfigurationKeys:
    """Reads and changes keys; what changes is told to the subscribers of the device model.

    names: the keys that the station has, by default those of chapter 9 and the whitepaper; keys of
    the vendor are always there.
    """

    def __init__(self, model: DeviceModel, names: Iterable[str] | None = None) -> None:
        self._model = model
        own = _KEYS if names is None else names
        self._names = {name.casefold(): name for name in own}

    def has(self, name: str) -> bool:
        """Whether the station has this key."""
        return self._lookup(name) is not None

    def flag(self, name: str) -> bool:
        """The value of a boolean key."""
        return self.text(name) == "true"

    def number(self, name: str) -> int:
        """The value of an integer key; those of time are seconds."""
        return int(self.text(name) or 0)

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a comma separated list."""
        return tuple(members(self.text(name)))

    def find(self, name: str) -> KeyValue | None:
        """One key as GetConfiguration returns it; names do not heed case (CiString)."""
        known = self._lookup(name)
        return None if known is None else _described(*known)

    def __iter__(self) -> Iterator[KeyValue]:
        for name in self._names.values():
            if (found := self.find(name)) is not None:
                yield found
        mapped = {key.variable for key in _ALL_KEYS.values() if key.component == LEGACY}
        for record in self._model:
            name = record.variable.name
            if record.component.name == LEGACY and name not in mapped and name.casefold() not in self._names:
                yield _described(record.variable.name, _Key(LEGACY, record.variable.name), record)

    def name_of(self, changed: Changed) -> str | None:
        """The key behind a variable that has changed; None where there is none."""
        place = (changed.component.name, changed.variable.name, changed.variable.instance)
        return _PLACES.get(place) or (changed.variable.name if changed.component.name == LEGACY else None)

    def put(self, name: str, value: str, now: float) -> None:
        """What the station itself has decided. Raises KeyError where the key is not there."""
        known = self._lookup(name)
        if known is None:
            raise KeyError(name)
        self._model.write(known[2].component, known[2].variable, value, now)

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
        present = self.number("SecurityProfile")
        if record.characteristics.refuse(value) is not None or int(value) <= present:
            return ConfigurationStatus.REJECTED
        self._model.write(record.component, record.variable, value, now)
        return ConfigurationStatus.ACCEPTED

    def _lookup(self, name: str) -> tuple[str, _Key, Record] | None:
        known = _NAMES.get(name.casefold())
        if known is not None and name.casefold() not in self._names:
            return None  # the station has no such key, though there is a variable
        key = _ALL_KEYS[known] if known is not None else _Key(LEGACY, name)
        found = self._model.find(Component(key.component), Variable(key.variable, key.instance))
        if not isinstance(found, Record):
            return None
        return known or found.variable.name, key, found

    def text(self, name: str) -> str:
        """The value of any key. Raises KeyError where it is not there."""
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
def _component(name: str, own: tuple[Key, ...]) -> ComponentEntry:
    if name == LEGACY:
        return msgspec.structs.replace(_LEGACY, variables=_LEGACY.variables + tuple(map(_variable, own)))
    entry = standard_component(name)
    variables = tuple(
        msgspec.structs.replace(variable, values_list=_measurands())
        if variable.name.endswith("Measurands")
        else variable
        for variable in entry.variables
    )
    return msgspec.structs.replace(entry, variables=variables)


def _variable(key: Key) -> VariableEntry:
    mutability = Mutability.READ_WRITE if key.writable else Mutability.READ_ONLY
    if key.kind is Kind.SECRET:
        mutability = Mutability.WRITE_ONLY
    return VariableEntry(
        name=key.name,
        data_type=_TYPES[key.kind],
        min_limit="0" if key.kind is Kind.NUMBER else None,
        max_limit=str(key.largest) if key.kind is Kind.NUMBER else "500" if key.kind is Kind.TEXT else None,
        values_list=_measurands() if key.kind is Kind.MEASURANDS else (),
        attributes=(AttributeEntry(mutability=mutability, value=key.default),),
    )


@cache
def _measurands() -> tuple[str, ...]:
    plain = [measurand.value for measurand in Measurand]
    return tuple(plain + [f"{measurand}.{phase.value}" for measurand in plain for phase in Phase])


_PLACES = {
    (key.component, key.variable, key.instance): name for name, key in _ALL_KEYS.items() if not key.limit
}
_TYPES = {
    Kind.FLAG: DataType.BOOLEAN,
    Kind.NUMBER: DataType.INTEGER,
    Kind.MEASURANDS: DataType.MEMBER_LIST,
    Kind.TEXT: DataType.STRING,
    Kind.SECRET: DataType.STRING,
}

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
