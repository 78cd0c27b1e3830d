"""A served device from a description: plain data, or a YAML file.

unit: 1
base: 40000
models:
  - id: 1
    values: {Mn: Example, Md: Meter, SN: "42"}
  - id: 203
    values: {A_SF: -2, A: 12.5}
  - id: 705
    groups: {Crv: 2, Pt: 4}
    values: {Crv.0.Pt.1.V: 106}
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from evproto.core import ConfigError, EncodeError
from evproto.sunspec.definitions import Library
from evproto.sunspec.server import DeviceServer, ServedModel, WriteHook
from evproto.sunspec.types import Value

_DEVICE = {"unit", "base", "models"}
_MODEL = {"id", "groups", "values"}


def load_device(
    path: str | Path, library: Library | None = None, *, on_write: WriteHook | None = None
) -> DeviceServer:
    """The device that a YAML file describes; ConfigError names file and place."""
    try:
        data = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: {error}") from None
    try:
        return build_device(data, library, on_write=on_write)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def build_device(
    data: object, library: Library | None = None, *, on_write: WriteHook | None = None
) -> DeviceServer:
    """The device of plain data; ConfigError names the place."""
    description = _mapping(data, "device", _DEVICE)
    models = description.get("models")
    if not isinstance(models, list) or not models:
        raise ConfigError("models: a list is needed")
    library = library or Library()
    served = [build_model(item, library, f"models[{place}]") for place, item in enumerate(models)]
    unit, base = description.get("unit", 1), description.get("base", 40000)
    if not _is_number(unit) or not 0 <= unit <= 255:
        raise ConfigError(f"unit: {unit!r} is not 0 to 255")
    if not _is_number(base) or not 0 <= base <= 65000:
        raise ConfigError(f"base: {base!r} is not 0 to 65000")
    return DeviceServer(served, unit=unit, base=base, on_write=on_write)


def build_model(data: object, library: Library, place: str = "model") -> ServedModel:
    """One model of plain data."""
    item = _mapping(data, place, _MODEL)
    number = item.get("id")
    definition = library.get(number) if isinstance(number, int) else None
    if definition is None:
        raise ConfigError(f"{place}: model {number!r} is unknown")
    groups = _mapping(item.get("groups", {}), f"{place}.groups")
    for name, count in groups.items():
        if not _is_number(count):
            raise ConfigError(f"{place}.groups.{name}: {count!r} is no number")
    try:
        model = ServedModel(definition, groups)
        model.set(_values(item.get("values", {}), f"{place}.values"))
    except (ConfigError, EncodeError) as error:
        raise ConfigError(f"{place}: {error}") from None
    return model


def _values(data: object, place: str) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for path, value in _mapping(data, place).items():
        if isinstance(value, bool) or not isinstance(value, int | float | str | None):
            raise ConfigError(f"{place}.{path}: {value!r} is no value of a point")
        values[str(path)] = value
    return values


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _mapping(data: object, place: str, keys: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ConfigError(f"{place}: a mapping is needed, not {type(data).__name__}")
    for key in data:
        if keys is not None and key not in keys:
            raise ConfigError(f"{place}: unknown key {key!r}; known are {', '.join(sorted(keys))}")
    return data
