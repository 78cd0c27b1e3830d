"""Reading and writing the models of a scanned device in the fewest requests."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

from evproto.core import EncodeError, EvprotoError
from evproto.core.modbus import (
    MAX_WRITE,
    Answer,
    Code,
    Failed,
    Failure,
    Flow,
    Read,
    Refused,
    Registers,
    Request,
    Span,
    Write,
    Written,
    plan_blocks,
)
from evproto.sunspec.device import Device
from evproto.sunspec.encode import encode_value
from evproto.sunspec.layout import HEAD, Layout, Node, Slot, layout_for
from evproto.sunspec.types import Raw, Value
from evproto.sunspec.values import Model

GAP = 32
"""Registers between two chosen points that are cheaper to read along than to skip."""


class ExchangeError(EvprotoError):
    """The device refused a request or did not answer it; `answer` tells which."""

    def __init__(self, request: Request, answer: Answer) -> None:
        self.request = request
        self.answer = answer
        what = f"{request.function.name.lower()} {request.address}+{request.count} of unit {request.unit}"
        super().__init__(f"{what}: {_reason(answer)}")


class MapChangedError(EvprotoError):
    """The device's models are no longer where the scan found them: scan again."""


class WriteError(EvprotoError):
    """The device took the write and shows something else; `shown` maps path to value."""

    def __init__(self, shown: Mapping[str, Value]) -> None:
        self.shown = dict(shown)
        super().__init__("written, but read back as " + ", ".join(f"{k}={v}" for k, v in shown.items()))


def refresh(device: Device, models: Sequence[Model] | None = None, *, retries: int = 1) -> Flow[None]:
    """Read the models anew, all by default, and put them into the device.

    Either all are replaced or, with ExchangeError or MapChangedError, none.
    """
    chosen = list(device) if models is None else list(models)
    blocks = yield from _fetch(device, chosen, retries)
    fresh = [_renewed(device, model, blocks) for model in chosen]
    torn = [new for old, new in zip(chosen, fresh, strict=True) if _scales_moved(device, old, new)]
    if torn:
        # a scale factor changed between the requests of a model: values and scale may not belong together
        blocks = yield from _fetch(device, torn, retries)
        again = {model.address: _renewed(device, model, blocks) for model in torn}
        fresh = [again.get(model.address, model) for model in fresh]
    by_address = {model.address: model for model in fresh}
    device.models = [by_address.get(model.address, model) for model in device.models]


def read_points(
    device: Device, model: Model, paths: Iterable[str], *, retries: int = 1
) -> Flow[dict[str, Value]]:
    """Read only these points, and the scale factors that they need."""
    layout = model.layout
    slots = [_slot(layout, path) for path in paths]
    raws = yield from _read_slots(device, model, slots, retries)
    return {slot.path: layout.value(slot.index, raws) for slot in slots}


def write_points(
    device: Device,
    model: Model,
    values: Mapping[str, Value],
    *,
    limits: Mapping[str, tuple[float, float]] | None = None,
    verify: bool = True,
    retries: int = 1,
) -> Flow[dict[str, Value]]:
    """Write points and read them back; the dict holds what the device shows.

    Scale factors are read first. A sync group goes out whole, points that are not given as the
    device has them. A write is never repeated by itself: ExchangeError after a time-out means that
    it is unknown whether the device took it. EncodeError for what may not or cannot be written.
    """
    layout = model.layout
    slots = [_slot(layout, path) for path in values]
    _check(slots, values, limits or {})
    companions = _sync_companions(layout, slots)
    raws = list((yield from _read_slots(device, model, [*slots, *companions], retries)))
    for slot in slots:
        raws[slot.index] = encode_value(layout, slot, values[slot.path], tuple(raws))
    packed = layout.pack(raws)
    for span in _write_spans(device, layout, [*slots, *companions]):
        yield from _write(device.unit, model.address, span, packed)
    if not verify:
        return dict(values)
    shown = yield from _read_slots(device, model, slots, retries)
    result = {slot.path: layout.value(slot.index, shown) for slot in slots}
    wrong = {slot.path: result[slot.path] for slot in slots if not _same(shown[slot.index], raws[slot.index])}
    if wrong:
        raise WriteError(wrong)
    return result


def _fetch(device: Device, models: Sequence[Model], retries: int) -> Flow[dict[int, bytes]]:
    places = tuple((model.address, model.length, model.layout) for model in models)
    spans = _whole_plan(places, device.quirks.max_read, device.quirks.across_models)
    return (yield from _read_spans(device.unit, spans, retries))


@functools.lru_cache(maxsize=64)
def _whole_plan(
    places: tuple[tuple[int, int, Layout], ...], max_read: int, across_models: bool
) -> tuple[Span, ...]:
    """The blocks that bring whole models; asked for again with every refresh, so remembered."""
    atoms = [
        [Span(address + atom.address, atom.count) for atom in _whole(length, layout)]
        for address, length, layout in places
    ]
    groups = [[atom for model in atoms for atom in model]] if across_models else atoms
    return tuple(span for group in groups for span in plan_blocks(group, max_count=max_read))


def _whole(length: int, layout: Layout) -> list[Span]:
    """The model's points, and what stands behind them when L says more."""
    atoms = [atom for atom in layout.atoms() if atom.end <= length + HEAD]
    rest = Span(layout.words, length + HEAD - layout.words)
    return [*atoms, rest] if rest.count > 0 else atoms


def _read_spans(unit: int, spans: Iterable[Span], retries: int) -> Flow[dict[int, bytes]]:
    blocks = {}
    for span in spans:
        request = Read(unit=unit, address=span.address, count=span.count)
        answer: Answer = Failed(failure=Failure.TIMEOUT)
        for _ in range(1 + retries):
            answer = yield request
            if not isinstance(answer, Failed):
                break
        if not isinstance(answer, Registers):
            raise ExchangeError(request, answer)
        blocks[span.address] = answer.data
    return blocks


def _renewed(device: Device, model: Model, blocks: Mapping[int, bytes]) -> Model:
    data = bytearray(2 * (model.length + HEAD))
    for address, block in blocks.items():
        start = 2 * (address - model.address)
        part = block[max(0, -start) : max(0, len(data) - start)]
        data[max(0, start) : max(0, start) + len(part)] = part
    head = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    expected = int.from_bytes(model.data[:2], "big"), int.from_bytes(model.data[2:4], "big")
    if head != expected:
        raise MapChangedError(
            f"unit {device.unit}: model {head[0]} of length {head[1]} at {model.address}, was {expected}"
        )
    return Model(
        layout_for(model.definition, model.length, bytes(data)), model.address, model.length, bytes(data)
    )


def _scales_moved(device: Device, old: Model, new: Model) -> bool:
    if new.length + HEAD <= device.quirks.max_read or not old.data:
        return False
    if len(old.data) < len(new.data) or old.layout is not new.layout:
        return False
    scales = {slot.scale_slot for slot in new.layout.slots if slot.scale_slot is not None}
    return any(old.raw(new.layout.slots[i].path) != new.raw(new.layout.slots[i].path) for i in scales)


def _read_slots(device: Device, model: Model, slots: Sequence[Slot], retries: int) -> Flow[tuple[Raw, ...]]:
    layout = model.layout
    needed = {slot.index: slot for slot in slots}
    needed |= {i: layout.slots[i] for slot in slots if (i := slot.scale_slot) is not None}
    inside = [node for node in layout.sync_groups if any(i in _direct(node) for i in needed)]
    spans = [Span(model.address + slot.offset, slot.point.words) for slot in needed.values()]
    spans += [Span(model.address + node.offset, node.end - node.offset) for node in inside]
    blocks = yield from _read_spans(
        device.unit, plan_blocks(spans, max_count=device.quirks.max_read, max_gap=GAP), retries
    )
    data = bytearray(2 * layout.words)
    for address, block in blocks.items():
        start = 2 * (address - model.address)
        data[start : start + len(block)] = block
    return layout.unpack(bytes(data))


def _direct(node: Node) -> set[int]:
    return set(node.slots.values())


def _slot(layout: Layout, path: str) -> Slot:
    slot = layout.by_path.get(path)
    if slot is None:
        raise EncodeError(f"model {layout.model.id} has no such point", path=path)
    return slot


def _check(
    slots: Sequence[Slot], values: Mapping[str, Value], limits: Mapping[str, tuple[float, float]]
) -> None:
    for slot in slots:
        if not slot.point.writable:
            raise EncodeError("the point is read-only", path=slot.path)
        value = values[slot.path]
        low, high = limits.get(slot.path, (None, None))
        if low is None or high is None or value is None:
            continue
        if not isinstance(value, int | float) or not low <= value <= high:
            raise EncodeError(f"{value!r} is outside {low} to {high}", path=slot.path)


def _sync_companions(layout: Layout, slots: Sequence[Slot]) -> list[Slot]:
    chosen = {slot.index for slot in slots}
    return [
        layout.slots[index]
        for node in layout.sync_groups
        if chosen & _direct(node)
        for index in sorted(_direct(node) - chosen)
        if layout.slots[index].point.writable
    ]


def _write_spans(device: Device, layout: Layout, slots: Sequence[Slot]) -> list[Span]:
    del device
    nodes = [node for node in layout.sync_groups if {slot.index for slot in slots} & _direct(node)]
    spans = [Span(node.offset, node.end - node.offset) for node in nodes]
    inside = {index for node in nodes for index in _direct(node)}
    spans += [Span(slot.offset, slot.point.words) for slot in slots if slot.index not in inside]
    return plan_blocks(spans, max_count=MAX_WRITE)


def _write(unit: int, base: int, span: Span, packed: bytes) -> Flow[None]:
    data = packed[2 * span.address : 2 * (span.address + span.count)]
    request = Write(unit=unit, address=base + span.address, data=data)
    answer = yield request
    if isinstance(answer, Refused) and answer.code == Code.ILLEGAL_FUNCTION and span.count == 1:
        request = Write(unit=unit, address=base + span.address, data=data, single=True)
        answer = yield request
    if not isinstance(answer, Written):
        raise ExchangeError(request, answer)


def _same(shown: Raw, written: Raw) -> bool:
    return shown == written or (shown != shown and written != written)


def _reason(answer: Answer) -> str:
    match answer:
        case Refused():
            name = Code(answer.code).name.lower() if answer.code in _CODES else "an unknown reason"
            return f"refused with code {answer.code}, {name}"
        case Failed():
            return f"{answer.failure.value} {answer.text}".rstrip()
    return f"unexpected {answer}"


_CODES = frozenset(code.value for code in Code)
