"""The device model of a station that is described by its EVSEs, and its settings as texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evproto.core import ConfigError, DecodeError
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.device_model import ComponentEntry, DeviceModel, standard_station

CONTROLLERS: tuple[str, ...] = ()
"""Controllers beyond those that every station has; each is here because a block does what it says."""


def make_model(
    path: Path | str, description: Description, settings: Mapping[str, str] | None = None
) -> DeviceModel:
    """The standard components of such a station; `settings` are first values by `Component.Variable`.

    An instance stands behind: `OCPPCommCtrlr.MessageAttempts[TransactionEvent]`. Raises ConfigError
    for a name that does not exist and for a value that the variable cannot have.
    """
    by_component = _by_component(settings or {})
    entries = []
    for entry in standard_station(description.connector_counts, *CONTROLLERS):
        chosen = by_component.pop(entry.name, {}) if entry.evse_id is None else {}
        entries.append(_with_values(entry, chosen))
    if by_component:
        raise ConfigError(f"the station has no component {', '.join(sorted(by_component))}")
    return DeviceModel(path, entries)


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
