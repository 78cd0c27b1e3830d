"""The device model of a station that is described by its EVSEs, and its settings as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from evproto.core import ConfigError, DecodeError
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.device_model import (
    AttributeEntry,
    ComponentEntry,
    DataType,
    DeviceModel,
    Mutability,
    VariableEntry,
    standard_component,
    standard_station,
)

CONTROLLERS: tuple[str, ...] = ()
"""Controllers beyond those that every station has; each is here because a block does what it says."""


def make_model(
    path: Path | str,
    description: Description,
    settings: Mapping[str, str] | None = None,
    *,
    components: Iterable[ComponentEntry] = (),
) -> DeviceModel:
    """The standard components of such a station; `settings` are first values by `Component.Variable`.

    An instance stands behind: `OCPPCommCtrlr.MessageAttempts[TransactionEvent]`. What is set of an
    EVSE or a Connector is so of all of them. components: more than the standard ones, with the
    monitors that the factory gives them; the charger tells their values by `Observed`.

    Raises ConfigError for a name that does not exist and for a value that the variable cannot have.
    """
    by_component = _by_component(settings or {})
    by_component["ChargingStation"] = _about(description) | by_component.get("ChargingStation", {})
    controllers = (*CONTROLLERS, "ISO15118Ctrlr") if description.plug_and_charge else CONTROLLERS
    station = standard_station(description.connector_counts, *controllers)
    if not description.fixed_cables:
        station += _locks(description.connector_counts)
    if description.vendor_ids or description.custom_triggers:
        station.append(_customizations(description))
    station += components
    entries = [_with_values(entry, by_component.get(entry.name, {})) for entry in station]
    if missing := by_component.keys() - {entry.name for entry in station}:
        raise ConfigError(f"the station has no component {', '.join(sorted(missing))}")
    return DeviceModel(path, entries)


def _about(description: Description) -> dict[str, str]:
    """What the back end also reads in BootNotification."""
    known = {
        "VendorName": description.vendor,
        "Model": description.model,
        "SerialNumber": description.serial_number,
    }
    return {name: value for name, value in known.items() if value is not None}


def _locks(connector_counts: tuple[int, ...]) -> list[ComponentEntry]:
    """ConnectorPlugRetentionLock of each socket (G05)."""
    lock = standard_component("ConnectorPlugRetentionLock").only("Active", "Problem")
    return [
        lock.at(evse_id=evse_id, connector_id=connector_id)
        for evse_id, count in enumerate(connector_counts, start=1)
        for connector_id in range(1, count + 1)
    ]


def _customizations(description: Description) -> ComponentEntry:
    """CustomizationCtrlr: what a vendor adds; the back end may switch off his data."""
    switches = [
        VariableEntry(
            name="CustomImplementationEnabled",
            instance=vendor_id,
            data_type=DataType.BOOLEAN,
            attributes=(AttributeEntry(mutability=Mutability.READ_WRITE, value="true"),),
        )
        for vendor_id in description.vendor_ids
    ]
    triggers = VariableEntry(
        name="CustomTriggers",
        data_type=DataType.MEMBER_LIST,
        values_list=description.custom_triggers,
        attributes=(AttributeEntry(value=",".join(description.custom_triggers)),),
    )
    variables = (*switches, triggers) if description.custom_triggers else tuple(switches)
    return ComponentEntry(name="CustomizationCtrlr", variables=variables)


def _with_values(entry: ComponentEntry, values: dict[str, str]) -> ComponentEntry:
    try:
        return entry.with_values(values)
    except KeyError as error:
        raise ConfigError(str(error.args[0])) from None
    except DecodeError as error:
        raise ConfigError(str(error)) from None


def _by_component(settings: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in settings.items():
        component, dot, variable = name.partition(".")
        if not dot:
            raise ConfigError(f"a setting is named Component.Variable, not {name!r}")
        found.setdefault(component, {})[variable] = value
    return found
