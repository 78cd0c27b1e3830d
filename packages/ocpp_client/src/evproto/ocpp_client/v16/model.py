"""A device model that holds the configuration keys of a 1.6 station."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evproto.core import ConfigError, DecodeError
from evproto.ocpp_client.device_model import DeviceModel
from evproto.ocpp_client.device_model.v16_keys import takes_default, v16_components
from evproto.ocpp_client.v16.configuration import Key, Kind


def v16_model(
    path: Path | str, keys: tuple[Key, ...], values: Mapping[str, str] | None = None
) -> DeviceModel:
    """keys: those of the station (`extensions.keys_for`); values: first values by key.

    Raises ConfigError for a key that does not exist and a value that it cannot have.
    """
    firsts = {key.name: key.default for key in keys if _is_first(key)} | dict(values or {})
    try:
        return DeviceModel(path, v16_components(firsts, keys))
    except KeyError as error:
        raise ConfigError(f"there is no configuration key {error.args[0]}") from None
    except DecodeError as error:
        raise ConfigError(str(error)) from None


def _is_first(key: Key) -> bool:
    """Secrets have no default."""
    return bool(key.default) and key.kind is not Kind.SECRET and takes_default(key.name)
