"""What a model is made of, as data: points, symbols, groups; and the reading of model files."""

from __future__ import annotations

import enum
import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from evproto.core import ConfigError
from evproto.sunspec.types import TYPES, PointType

MAX_DEPTH = 8
"""Groups within groups; the published models use three."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named value of an enumeration, or the number of a bit in a bit field."""

    name: str
    value: int
    label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDef:
    """A point. `scale` is a number or the name of a sunssf point; `unit` is the source's own text."""

    name: str
    type: PointType
    words: int
    scale: int | str | None = None
    unit: str | None = None
    writable: bool = False
    mandatory: bool = False
    static: bool = False
    label: str = ""
    text: str = ""
    standards: tuple[str, ...] = ()
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDef:
    """A group. `count` is None (once), 0 (to the end of the model), a number, or a point's name.

    A `sync` group is read and written in one request.
    """

    name: str
    points: tuple[PointDef, ...]
    groups: tuple[GroupDef, ...] = ()
    count: int | str | None = None
    sync: bool = False
    label: str = ""
    text: str = ""

    @property
    def words(self) -> int:
        """Registers of the group's own points, without groups within."""
        return sum(point.words for point in self.points)

    def walk(self) -> Iterator[GroupDef]:
        """The group and all groups within."""
        yield self
        for group in self.groups:
            yield from group.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDef:
    """A model: its number and its outermost group, whose first points are ID and L."""

    id: int
    group: GroupDef

    def __hash__(self) -> int:
        return hash((self.id, self.group.name))

    @property
    def label(self) -> str:
        """The model's name for people."""
        return self.group.label or self.group.name


class Library:
    """Models by number: those of the SunSpec Alliance, and the caller's own, which come first."""

    def __init__(self, own: Mapping[int, ModelDef] | None = None) -> None:
        self._own = dict(own or {})

    def add(self, model: ModelDef) -> None:
        """Know this model, in place of one of the same number."""
        self._own[model.id] = model

    def add_file(self, path: str | Path) -> ModelDef:
        """Know the model of a JSON file, in our form or in that of github.com/sunspec/models."""
        try:
            data = json.loads(Path(path).read_text("utf-8"))
            model = parse_model(data)
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: {error}") from None
        self.add(model)
        return model

    def get(self, number: int) -> ModelDef | None:
        """The model, or None where nobody defined it."""
        return self._own.get(number) or _published(number)

    def ids(self) -> list[int]:
        """All numbers, ascending."""
        return sorted(set(published_ids()) | set(self._own))


@functools.cache
def published_ids() -> tuple[int, ...]:
    """The numbers of the models that this package carries."""
    folder = resources.files("evproto.sunspec") / "models"
    return tuple(sorted(int(entry.name[:-5]) for entry in folder.iterdir() if entry.name.endswith(".json")))


@functools.cache
def _published(number: int) -> ModelDef | None:
    if number not in published_ids():
        return None
    text = (resources.files("evproto.sunspec") / "models" / f"{number}.json").read_text("utf-8")
    return parse_model(json.loads(text))


def vendor_model(name: str) -> ModelDef:
    """A model of evproto's own, from the folder vendor/."""
    text = (resources.files("evproto.sunspec") / "vendor" / f"{name}.json").read_text("utf-8")
    return parse_model(json.loads(text))


def parse_model(data: object) -> ModelDef:
    """A model from JSON data, in our form or the source's; ConfigError names the place."""
    model = _mapping(data, "model")
    number = model.get("id")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number < 0xFFFF:
        raise ConfigError(f"model: id must be 1 to 65534, not {number!r}")
    group = _group(_mapping(model.get("group"), "group"), f"{number}", 1)
    if [point.name for point in group.points[:2]] != ["ID", "L"]:
        raise ConfigError(f"{number}: the first points must be ID and L")
    _check_names(group, ())
    return ModelDef(id=number, group=group)


def _group(data: Mapping[str, Any], place: str, depth: int) -> GroupDef:
    if depth > MAX_DEPTH:
        raise ConfigError(f"{place}: groups are nested deeper than {MAX_DEPTH}")
    name = _name(data, place)
    inner = f"{place}.{name}"
    points = tuple(_point(_mapping(item, inner), inner) for item in _items(data, "points", inner))
    groups = tuple(_group(_mapping(item, inner), inner, depth + 1) for item in _items(data, "groups", inner))
    names = [point.name for point in points] + [group.name for group in groups]
    if len(names) != len(set(names)):
        raise ConfigError(f"{inner}: a name is used twice")
    return GroupDef(
        name=name,
        points=points,
        groups=groups,
        count=_number_or_name(data.get("count"), f"{inner}.count"),
        sync=bool(data.get("sync")) or data.get("type") == "sync",
        label=str(data.get("label", "")),
        text=str(data.get("text", data.get("desc", ""))),
    )


def _point(data: Mapping[str, Any], place: str) -> PointDef:
    name = _name(data, place)
    place = f"{place}.{name}"
    kind = TYPES.get(str(data.get("type")))
    if kind is None:
        raise ConfigError(f"{place}: unknown type {data.get('type')!r}")
    flags = str(data.get("flags", ""))
    return PointDef(
        name=name,
        type=kind,
        words=_words(kind, data.get("size", kind.words), place),
        scale=_number_or_name(data.get("sf"), f"{place}.sf"),
        unit=data.get("unit", data.get("units")) or None,
        writable="w" in flags or data.get("access") == "RW",
        mandatory="m" in flags or data.get("mandatory") == "M",
        static="s" in flags or data.get("static") == "S",
        label=str(data.get("label", "")),
        text=str(data.get("text", data.get("desc", ""))),
        standards=tuple(map(str, _items(data, "standards", place))),
        symbols=tuple(_symbol(_mapping(item, place), place) for item in _items(data, "symbols", place)),
    )


def _symbol(data: Mapping[str, Any], place: str) -> Symbol:
    name, value = _name(data, place), data.get("value")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**64:
        raise ConfigError(f"{place}: symbol {name} has the value {value!r}")
    return Symbol(name, value, str(data.get("label", "")), str(data.get("text", data.get("desc", ""))))


def _words(kind: PointType, size: object, place: str) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 0xFFFF:
        raise ConfigError(f"{place}: size must be a number of registers, not {size!r}")
    if kind.words not in (0, size):
        raise ConfigError(f"{place}: {kind.name} has {kind.words} registers, not {size}")
    return size


def _number_or_name(value: object, place: str) -> int | str | None:
    if isinstance(value, bool) or not isinstance(value, int | str | None):
        raise ConfigError(f"{place}: a number or a point's name is needed, not {value!r}")
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,5}", value):
        return int(value)
    return value


def _check_names(group: GroupDef, outer: tuple[str, ...]) -> None:
    """Scale factors and counts must name points of the group or of one around it."""
    seen = (*outer, *(point.name for point in group.points))
    for point in group.points:
        if isinstance(point.scale, str) and point.scale not in seen:
            raise ConfigError(f"{group.name}.{point.name}: no scale factor {point.scale}")
    for child in group.groups:
        if isinstance(child.count, str) and child.count not in seen:
            raise ConfigError(f"{group.name}.{child.name}: no count {child.count}")
        _check_names(child, seen)


def _name(data: Mapping[str, Any], place: str) -> str:
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{place}: a name is missing")
    return name


def _mapping(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{place}: a mapping is needed, not {type(value).__name__}")
    return value


def _items(data: Mapping[str, Any], key: str, place: str) -> list[Any]:
    items = data.get(key, [])
    if not isinstance(items, list):
        raise ConfigError(f"{place}.{key}: a list is needed")
    return items


@functools.lru_cache(maxsize=1024)
def symbol_enum(point: PointDef) -> type[enum.IntEnum] | type[enum.IntFlag] | None:
    """The enumeration of a point's symbols, or the flags of a bit field; None where it has none."""
    if not point.symbols or point.type.name[:4] not in ("enum", "bitf"):
        return None
    # the functional form with names known only now is beyond what type checkers follow
    if point.type.name.startswith("bitfield"):
        make: Any = enum.IntFlag
        bits = {_identifier(symbol.name): 1 << symbol.value for symbol in point.symbols if symbol.value < 64}
        if not bits:
            return None
        flags: type[enum.IntFlag] = make(point.name, bits, boundary=enum.KEEP)
        return flags
    make = enum.IntEnum
    names: type[enum.IntEnum] = make(
        point.name, {_identifier(symbol.name): symbol.value for symbol in point.symbols}
    )
    return names


def _identifier(name: str) -> str:
    """The name as Python takes it for a member; enum keeps names between underscores for itself."""
    plain = re.sub(r"\W", "_", name)
    if plain[:1].isdigit():
        return f"_{plain.rstrip('_')}"
    return f"X{plain}" if plain.startswith("_") or plain in _TAKEN else plain


_TAKEN = frozenset(dir(enum.IntFlag)) | {"mro", "name", "value"}
