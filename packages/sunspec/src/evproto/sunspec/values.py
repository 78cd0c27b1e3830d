"""The points of a read model as Python values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from evproto.sunspec.definitions import ModelDef, PointDef
from evproto.sunspec.layout import Layout, Node, Slot
from evproto.sunspec.types import Raw, Value

Tree: TypeAlias = "dict[str, Value | Tree | list[Tree]]"
"""A model as plain nested data."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point with everything about it; `raw` is None where its registers were not read."""

    path: str
    value: Value
    raw: Raw | None
    unit: str | None
    definition: PointDef


class Group(Mapping[str, "Value | Group | tuple[Group, ...]"]):
    """A group: `group["W"]` is a point's value, `group["Crv"][0]["Pt"]` goes inward."""

    def __init__(self, model: Model, node: Node) -> None:
        self._model = model
        self._node = node

    def __getitem__(self, name: str) -> Value | Group | tuple[Group, ...]:
        index = self._node.slots.get(name)
        if index is not None:
            return self._model.value_at(index)
        child = self._node.groups[name]
        if isinstance(child, Node):
            return Group(self._model, child)
        return tuple(Group(self._model, node) for node in child)

    def __iter__(self) -> Iterator[str]:
        yield from self._node.slots
        yield from self._node.groups

    def __len__(self) -> int:
        return len(self._node.slots) + len(self._node.groups)

    def to_dict(self) -> Tree:
        """Plain nested data, values as they are."""
        tree: Tree = {}
        for name, item in self.items():
            if isinstance(item, Group):
                tree[name] = item.to_dict()
            elif isinstance(item, tuple):
                tree[name] = [group.to_dict() for group in item]
            else:
                tree[name] = item
        return tree


class Model(Group):
    """One model of a device as it was read. Registers that were not read give None.

    `address` is where its ID stands, `length` what L says; `faults` tells where the device and the
    definition disagree.
    """

    def __init__(self, layout: Layout, address: int, length: int, data: bytes) -> None:
        super().__init__(self, layout.root)
        self.layout = layout
        self.address = address
        self.length = length
        self.data = data
        self._raws = layout.unpack(data)
        self._available = len(data) // 2

    def __repr__(self) -> str:
        return f"Model({self.id} {self.definition.group.name} at {self.address})"

    @property
    def id(self) -> int:
        """The model's number."""
        return self.definition.id

    @property
    def definition(self) -> ModelDef:
        """What the model is made of."""
        return self.layout.model

    @property
    def faults(self) -> tuple[str, ...]:
        """Where the device disagrees with the definition."""
        return tuple(self.layout.faults)

    def value(self, path: str) -> Value:
        """The value of a point by its path, such as "W" or "Crv.0.Pt.1.V"; KeyError."""
        return self.value_at(self.layout.by_path[path].index)

    def value_at(self, index: int) -> Value:
        """The value of a slot of the layout."""
        slot = self.layout.slots[index]
        if slot.end > self._available:
            return None
        if slot.scale_slot is not None and self.layout.slots[slot.scale_slot].end > self._available:
            return None
        return self.layout.value(index, self._raws)

    def raw(self, path: str) -> Raw | None:
        """The raw of a point by its path; None where it was not read."""
        slot = self.layout.by_path[path]
        return self._raws[slot.index] if slot.end <= self._available else None

    def scale(self, path: str) -> int | None:
        """The scale factor in force for a point; None where it has none."""
        return self.layout.scale_of(self.layout.by_path[path], self._raws)

    def points(self) -> Iterator[Point]:
        """Every point in the order of its registers."""
        for slot in self.layout.slots:
            yield Point(slot.path, self.value_at(slot.index), self._raw_of(slot), slot.point.unit, slot.point)

    def _raw_of(self, slot: Slot) -> Raw | None:
        return self._raws[slot.index] if slot.end <= self._available else None
