"""Meter files: YAML, checked whole, faults told by line.

name: Example meter
source: manual, page 12
function: 4              # defaults of all registers: 3 holding, 4 input
type: float32
word_order: high_first   # or low_first
max_block: 80
serial: 9600 8N1
registers:
  voltage_l1: {at: 0x0000, unit: V}
  power: {at: 0x34, unit: kW, type: int32, scale: 0.01, valid: [-50000, 50000]}
  energy_import: {at: 0x48, unit: kWh, missing: [0xFFFFFFFF]}
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import NoReturn

import yaml

from evproto.core import ConfigError
from evproto.core.modbus import Function
from evproto.modbus_meter.meter_map import TYPES, MeterMap, Register
from evproto.modbus_meter.quantities import UNITS, Quantity, parse_quantity

_TOP = {"name", "source", "function", "type", "word_order", "max_block", "serial", "registers", "scale"}
_ENTRY = {"at", "unit", "function", "type", "word_order", "scale", "missing", "valid"}


@functools.cache
def meter_ids() -> tuple[str, ...]:
    """The ids of the meters that this package knows."""
    folder = resources.files("evproto.modbus_meter") / "meters"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@functools.cache
def meter_map(name: str) -> MeterMap:
    """The meter of this id; ConfigError where there is none."""
    if name not in meter_ids():
        raise ConfigError(f"no meter {name!r}; `evproto-meter list` shows those that are known")
    text = (resources.files("evproto.modbus_meter") / "meters" / f"{name}.yaml").read_text("utf-8")
    return parse_meter(text, name, f"{name}.yaml")


def load_meter(path: str | Path) -> MeterMap:
    """The meter of a file of one's own; its id is the file's name. ConfigError tells file and line."""
    path = Path(path)
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None
    return parse_meter(text, path.stem, str(path))


def parse_meter(text: str, meter_id: str, place: str = "meter") -> MeterMap:
    """The meter that a text describes; ConfigError tells place and line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{place}: {error}") from None
    return _Reader(place).meter(root, meter_id)


class _Reader:
    """Reads the nodes of one file, so that each fault has its line."""

    def __init__(self, place: str) -> None:
        self._place = place

    def meter(self, root: yaml.Node | None, meter_id: str) -> MeterMap:
        top = self._mapping(root, _TOP)
        for key in ("name", "source", "registers"):
            if key not in top:
                self._fail(root, f"{key} is missing")
        entries = self._mapping(top["registers"])
        if not entries:
            self._fail(top["registers"], "there are no registers")
        registers = tuple(self._register(key, node, top) for key, node in entries.items())
        most = self._number(top, "max_block", 125, 1, 125)
        for register in registers:
            if register.span.count > most:
                self._fail(entries[register.quantity.name], f"{register.type} is longer than max_block")
        return MeterMap(
            id=meter_id,
            name=self._text(top["name"]),
            source=self._text(top["source"]),
            registers=registers,
            max_block=most,
            serial=self._text(top["serial"]) if "serial" in top else "",
        )

    def _register(self, key: str, node: yaml.Node, top: Mapping[str, yaml.Node]) -> Register:
        quantity = parse_quantity(key)
        if quantity is None:
            self._fail(node, f"unknown quantity {key!r}")
        own = self._mapping(node, _ENTRY)
        for needed in ("at", "unit"):
            if needed not in own:
                self._fail(node, f"{key}: {needed} is missing")
        entry = {**{k: v for k, v in top.items() if k in _ENTRY}, **own}
        kind = self._choice(entry, "type", tuple(TYPES))
        address = self._number(entry, "at", 0, 0, 0xFFFF)
        if address + TYPES[kind][0] > 0x10000:
            self._fail(node, f"{key}: the register ends beyond 65535")
        low, high = self._bounds(entry, quantity)
        return Register(
            quantity=quantity,
            function=Function(self._number(entry, "function", 3, 3, 4)),
            address=address,
            type=kind,
            low_word_first=self._choice(entry, "word_order", ("high_first", "low_first")) == "low_first",
            factor=self._factor(entry, quantity),
            missing=self._integers(entry, "missing"),
            low=low,
            high=high,
        )

    def _factor(self, entry: Mapping[str, yaml.Node], quantity: Quantity) -> Decimal:
        node = entry["unit"]
        unit = self._text(node)
        if unit not in UNITS or UNITS[unit][0] != quantity.unit:
            fitting = ", ".join(name for name, (si, _) in UNITS.items() if si == quantity.unit)
            self._fail(node, f"{unit!r} is no unit of {quantity}; it has {fitting}")
        scale = Decimal(1)
        if "scale" in entry:
            scale = self._decimal(entry["scale"])
            if scale == 0 or not Decimal("1e-12") <= abs(scale) <= Decimal("1e12"):
                self._fail(entry["scale"], f"the scale {scale} is no scale")
        return scale.scaleb(UNITS[unit][1])

    def _bounds(self, entry: Mapping[str, yaml.Node], quantity: Quantity) -> tuple[float, float]:
        node = entry.get("valid")
        if node is None:
            return quantity.kind.low, quantity.kind.high
        if not isinstance(node, yaml.SequenceNode) or len(node.value) != 2:
            self._fail(node, "valid needs a lowest and a highest value in SI units")
        low, high = (float(self._decimal(item)) for item in node.value)
        if low >= high:
            self._fail(node, f"valid: {low} is not below {high}")
        return low, high

    def _choice(self, entry: Mapping[str, yaml.Node], key: str, known: tuple[str, ...]) -> str:
        if key not in entry:
            return known[0]
        text = self._text(entry[key])
        if text not in known:
            self._fail(entry[key], f"{key}: {text!r} is none of {', '.join(known)}")
        return text

    def _number(self, entry: Mapping[str, yaml.Node], key: str, default: int, low: int, high: int) -> int:
        if key not in entry:
            return default
        number = self._integer(entry[key])
        if not low <= number <= high:
            self._fail(entry[key], f"{key}: {number} is not {low} to {high}")
        return number

    def _integers(self, entry: Mapping[str, yaml.Node], key: str) -> tuple[int, ...]:
        node = entry.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, f"{key}: a list is needed")
        return tuple(self._integer(item) for item in node.value)

    def _integer(self, node: yaml.Node) -> int:
        text = self._text(node)
        try:
            return int(text, 0)
        except ValueError:
            self._fail(node, f"{text!r} is no whole number")

    def _decimal(self, node: yaml.Node) -> Decimal:
        text = self._text(node)
        try:
            number = Decimal(text)
        except InvalidOperation:
            self._fail(node, f"{text!r} is no number")
        if not number.is_finite():
            self._fail(node, f"{text!r} is no number")
        return number

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, "a plain value is needed")
        return str(node.value)

    def _mapping(self, node: yaml.Node | None, known: set[str] | None = None) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, "a mapping is needed")
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = self._text(key_node)
            if known is not None and key not in known:
                self._fail(key_node, f"unknown key {key!r}; known are {', '.join(sorted(known))}")
            if key in found:
                self._fail(key_node, f"{key!r} stands twice")
            found[key] = value
        return found

    def _fail(self, node: yaml.Node | None, text: str) -> NoReturn:
        line = node.start_mark.line + 1 if node is not None else 1
        raise ConfigError(f"{self._place}, line {line}: {text}")
