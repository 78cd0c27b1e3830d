"""Where each point of a model stands, once the counts of its repeating groups are known."""

from __future__ import annotations

import functools
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from evproto.core.modbus import Span
from evproto.sunspec.definitions import GroupDef, ModelDef, PointDef, symbol_enum
from evproto.sunspec.types import MAX_SCALE, Raw, Value, plain_value, scaled_value

HEAD = 2
"""ID and L stand before the registers that L counts."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One point at its place: `offset` registers from the model's ID; `scale_slot` is its sunssf."""

    index: int
    path: str
    point: PointDef
    offset: int
    scale: int | None = None
    scale_slot: int | None = None

    @property
    def end(self) -> int:
        """The first register behind."""
        return self.offset + self.point.words


@dataclass(slots=True)
class Node:
    """A group at its place: slots of its points by name, and the groups within."""

    definition: GroupDef
    path: str
    offset: int
    end: int = 0
    slots: dict[str, int] = field(default_factory=dict)
    groups: dict[str, Node | tuple[Node, ...]] = field(default_factory=dict)


class Layout:
    """A model's points in the order of their registers; never longer than `length` says.

    `length` is the value of L. Groups that would not fit are left out and told in `faults`.
    """

    def __init__(self, model: ModelDef, length: int, counts: Mapping[str, int]) -> None:
        self.model = model
        self.faults: list[str] = []
        self.slots: list[Slot] = []
        self.sync_groups: list[Node] = []
        self._counts = counts
        self._limit = length + HEAD
        self.root = self._node(model.group, "", 0, {})
        self.words = self.root.end
        self.by_path = {slot.path: slot for slot in self.slots}
        self._struct = struct.Struct(">" + "".join(_code(slot.point) for slot in self.slots))
        if self.words != self._limit:
            self.faults.append(f"L is {length}, the points make {self.words - HEAD}")

    def unpack(self, data: bytes) -> tuple[Raw, ...]:
        """The raws of all slots; registers that `data` lacks count as zero."""
        return self._struct.unpack(data[: 2 * self.words].ljust(2 * self.words, b"\0"))

    def pack(self, raws: tuple[Raw, ...] | list[Raw]) -> bytes:
        """The registers of all slots."""
        return self._struct.pack(*raws)

    def value(self, index: int, raws: tuple[Raw, ...]) -> Value:
        """The value of a slot: scaled, named, None where it is missing or its scale is none."""
        slot = self.slots[index]
        raw = raws[index]
        kind = slot.point.type
        if not isinstance(raw, int) or raw in kind.missing:
            return plain_value(kind, raw)
        if slot.point.symbols:
            return _named(slot.point, raw)
        scale = self.scale_of(slot, raws)
        if scale is None:
            return plain_value(kind, raw) if slot.point.scale is None else None
        return scaled_value(raw, scale) if kind.scalable else plain_value(kind, raw)

    def scale_of(self, slot: Slot, raws: tuple[Raw, ...]) -> int | None:
        """The scale factor in force for a slot; None where it has none or a broken one."""
        if slot.scale_slot is None:
            return slot.scale if slot.scale is None or abs(slot.scale) <= MAX_SCALE else None
        scale = raws[slot.scale_slot]
        return scale if isinstance(scale, int) and abs(scale) <= MAX_SCALE else None

    def atoms(self) -> list[Span]:
        """Registers that must be read in one request: sync groups, and each point elsewhere."""
        atoms = [Span(node.offset, node.end - node.offset) for node in self.sync_groups]
        inside = {index for node in self.sync_groups for index in _all_slots(node)}
        atoms += [Span(slot.offset, slot.point.words) for slot in self.slots if slot.index not in inside]
        return sorted(atoms)

    def _node(self, group: GroupDef, path: str, offset: int, outer: Mapping[str, int]) -> Node:
        node = Node(group, path, offset)
        prefix = f"{path}." if path else ""
        for point in group.points:
            if not path and offset >= self._limit and point.name not in ("ID", "L"):
                break  # a device of an older version: the points at the end are not there
            node.slots[point.name] = len(self.slots)
            self.slots.append(Slot(len(self.slots), prefix + point.name, point, offset))
            offset += point.words
        scope = {**outer, **node.slots}
        self._resolve_scales(node, scope)
        for child in group.groups:
            placed, offset = self._place(child, prefix + child.name, offset, scope)
            if placed is not None:
                node.groups[child.name] = placed
        node.end = offset
        if group.sync:
            self.sync_groups.append(node)
        return node

    def _place(
        self, child: GroupDef, path: str, offset: int, scope: Mapping[str, int]
    ) -> tuple[Node | tuple[Node, ...] | None, int]:
        if child.count is None:
            if offset + child.words > self._limit:
                self.faults.append(f"{path} does not fit into the model")
                return None, offset
            node = self._node(child, path, offset, scope)
            return node, node.end
        wanted = self._repetitions(child, offset)
        nodes: list[Node] = []
        while len(nodes) < wanted and offset + child.words <= self._limit:
            nodes.append(self._node(child, f"{path}.{len(nodes)}", offset, scope))
            offset = nodes[-1].end
        if len(nodes) < wanted:
            self.faults.append(f"{path}: {len(nodes)} of {wanted} fit into the model")
        return tuple(nodes), offset

    def _repetitions(self, child: GroupDef, offset: int) -> int:
        if isinstance(child.count, str):
            return self._counts.get(child.count, 0)
        if child.count:
            return child.count
        return (self._limit - offset) // child.words if child.words else 0

    def _resolve_scales(self, node: Node, scope: Mapping[str, int]) -> None:
        for index in node.slots.values():
            slot = self.slots[index]
            scale = slot.point.scale
            if isinstance(scale, str):
                self.slots[index] = Slot(index, slot.path, slot.point, slot.offset, None, scope.get(scale))
            elif scale is not None:
                self.slots[index] = Slot(index, slot.path, slot.point, slot.offset, scale, None)


def _code(point: PointDef) -> str:
    return f"{2 * point.words}s" if point.type.code == "s" else point.type.code


def _named(point: PointDef, raw: int) -> Value:
    names = symbol_enum(point)
    if names is None:
        return raw
    try:
        return names(raw)
    except ValueError:
        return raw


def _all_slots(node: Node) -> list[int]:
    slots = list(node.slots.values())
    for child in node.groups.values():
        for inner in (child,) if isinstance(child, Node) else child:
            slots += _all_slots(inner)
    return slots


@functools.lru_cache(maxsize=512)
def _layout(model: ModelDef, length: int, counts: tuple[tuple[str, int], ...]) -> Layout:
    return Layout(model, length, dict(counts))


def layout_for(model: ModelDef, length: int, data: bytes) -> Layout:
    """The layout of a model of which `data` (from ID on) holds at least the points with counts."""
    counts = []
    offset = 0
    names = {group.count for group in model.group.walk() if isinstance(group.count, str)}
    for point in model.group.points:
        if point.name in names:
            raw = int.from_bytes(data[2 * offset : 2 * (offset + point.words)], "big")
            counts.append((point.name, 0 if raw in point.type.missing else raw))
        offset += point.words
    return _layout(model, length, tuple(counts))
