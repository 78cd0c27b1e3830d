"""A SunSpec device as registers: what a server shows, and what it lets be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evproto.core import ConfigError, EncodeError
from evproto.core.modbus import Answer, Code, Function, Read, Refused, Registers, Request, Write, Written
from evproto.sunspec.definitions import GroupDef, ModelDef, symbol_enum
from evproto.sunspec.encode import encode_raw, encode_value
from evproto.sunspec.layout import HEAD, Layout, Slot
from evproto.sunspec.scan import END, LAST_ADDRESS, MARK
from evproto.sunspec.types import Raw, Value, missing_raw
from evproto.sunspec.values import Model


@dataclass(frozen=True, slots=True)
class Change:
    """A point that a client wants to write."""

    model: ServedModel
    path: str
    value: Value


WriteHook = Callable[[Sequence[Change]], bool]
"""Called with all points of a request before they change; False refuses the request."""


class ServedModel:
    """A model with its values. `counts` says how often groups repeat, by group or count point.

    Points that were not set show as not implemented.
    """

    def __init__(self, definition: ModelDef, counts: Mapping[str, int] | None = None) -> None:
        counts = _all_counts(definition, counts or {})
        length = _words(definition.group, counts) - HEAD
        if length + HEAD > LAST_ADDRESS:
            raise ConfigError(f"model {definition.id} would have {length} registers")
        by_point = {
            group.count: counts[group.name]
            for group in definition.group.walk()
            if isinstance(group.count, str)
        }
        self.definition = definition
        self.layout = Layout(definition, length, by_point)
        self.length = length
        self._packed: bytes | None = None
        self._raws: list[Raw] = [missing_raw(slot.point.type, slot.point.words) for slot in self.layout.slots]
        self.set_raw({"ID": definition.id, "L": length, **by_point})

    def set(self, values: Mapping[str, Value]) -> None:
        """Set points by path, in their units; scale factors first, all or none. EncodeError."""
        raws = list(self._raws)
        order = sorted(values, key=lambda path: self._slot(path).point.type.name != "sunssf")
        for path in order:
            slot = self._slot(path)
            raws[slot.index] = encode_value(self.layout, slot, values[path], tuple(raws))
        self._raws, self._packed = raws, None

    def set_raw(self, raws: Mapping[str, Raw]) -> None:
        """Set points by path to what stands on the wire. EncodeError."""
        checked = {self._slot(path).index: encode_raw(self._slot(path), raw) for path, raw in raws.items()}
        for index, raw in checked.items():
            self._raws[index] = raw
        self._packed = None

    def get(self, path: str) -> Value:
        """The value that a client reads."""
        return self.layout.value(self._slot(path).index, tuple(self._raws))

    def model(self, address: int = 0) -> Model:
        """The model as a client would read it now."""
        return Model(self.layout, address, self.length, self.data())

    def data(self) -> bytes:
        """The registers from ID on."""
        if self._packed is None:
            self._packed = self.layout.pack(self._raws)
        return self._packed

    def load(self, data: bytes) -> None:
        """Take over registers, whole, as they were read from a device of the same layout."""
        self._raws, self._packed = list(self.layout.unpack(data)), None

    def _slot(self, path: str) -> Slot:
        slot = self.layout.by_path.get(path)
        if slot is None:
            raise EncodeError(f"model {self.definition.id} has no such point", path=path)
        return slot


class DeviceServer:
    """A device of one unit: a chain of models from `base` on.

    Reads outside the map, writes to what is read-only or to half a point, and other functions than
    3, 6 and 16 are refused. A sync group must be written whole. `on_write` is asked before.
    """

    def __init__(
        self,
        models: Sequence[ServedModel],
        *,
        unit: int = 1,
        base: int = 40000,
        on_write: WriteHook | None = None,
    ) -> None:
        self.unit = unit
        self.base = base
        self.models = tuple(models)
        self._on_write = on_write
        self._starts: list[int] = []
        address = base + 2
        for model in models:
            self._starts.append(address)
            address += HEAD + model.length
        self.end = address + HEAD
        if self.end > LAST_ADDRESS + 1:
            raise ConfigError(f"the models end at {self.end}, beyond the last register")

    def __getitem__(self, number: int) -> ServedModel:
        """The first model with the number; KeyError."""
        for model in self.models:
            if model.definition.id == number:
                return model
        raise KeyError(number)

    def answer(self, request: Request) -> Answer | None:
        """Serve one request; None for another unit."""
        if request.unit != self.unit:
            return None
        if request.function == Function.READ_INPUT:
            return _refuse(request, Code.ILLEGAL_FUNCTION)
        if request.address < self.base or request.address + request.count > self.end:
            return _refuse(request, Code.ILLEGAL_ADDRESS)
        if isinstance(request, Read):
            return Registers(
                unit=request.unit, function=request.function, data=self._read(request.address, request.count)
            )
        return self._write(request)

    def _read(self, address: int, count: int) -> bytes:
        parts = []
        end = address + count
        if address < self.base + 2:
            parts.append((self.base, MARK))
        for start, model in zip(self._starts, self.models, strict=True):
            if start < end and address < start + HEAD + model.length:
                parts.append((start, model.data()))
        if end > self.end - HEAD:
            parts.append((self.end - HEAD, END.to_bytes(2, "big") + b"\0\0"))
        whole = b"".join(data for _, data in parts)
        skip = 2 * (address - parts[0][0])
        return whole[skip : skip + 2 * count]

    def _write(self, request: Write) -> Answer:
        for start, model in zip(self._starts, self.models, strict=True):
            if start <= request.address < start + HEAD + model.length:
                code = self._write_model(model, request.address - start, request.data)
                break
        else:
            code = Code.ILLEGAL_ADDRESS
        if code is not None:
            return _refuse(request, code)
        return Written(
            unit=request.unit, function=request.function, address=request.address, count=request.count
        )

    def _write_model(self, model: ServedModel, offset: int, data: bytes) -> Code | None:
        end = offset + len(data) // 2
        touched = [slot for slot in model.layout.slots if slot.offset < end and offset < slot.end]
        if not touched or touched[0].offset < offset or touched[-1].end > end:
            return Code.ILLEGAL_ADDRESS
        if touched[-1].end != end or not all(slot.point.writable for slot in touched):
            return Code.ILLEGAL_ADDRESS
        if _cuts_sync_group(model.layout, {slot.index for slot in touched}):
            return Code.ILLEGAL_VALUE
        registers = bytearray(model.data())
        registers[2 * offset : 2 * end] = data
        raws = model.layout.unpack(bytes(registers))
        if not all(_allowed(slot, raws[slot.index]) for slot in touched):
            return Code.ILLEGAL_VALUE
        changes = [Change(model, slot.path, model.layout.value(slot.index, raws)) for slot in touched]
        if self._on_write is not None and not self._on_write(changes):
            return Code.ILLEGAL_VALUE
        model.set_raw({slot.path: raws[slot.index] for slot in touched})
        return None


class Units:
    """Several devices behind one address, such as a gateway with a serial line."""

    def __init__(self, devices: Sequence[DeviceServer]) -> None:
        self._devices = {device.unit: device for device in devices}
        if len(self._devices) != len(devices):
            raise ConfigError("two devices have the same unit")

    def answer(self, request: Request) -> Answer | None:
        """Serve one request; None where no device has the unit."""
        device = self._devices.get(request.unit)
        return device.answer(request) if device else None


def _refuse(request: Request, code: Code) -> Refused:
    return Refused(unit=request.unit, function=request.function, code=code)


def _cuts_sync_group(layout: Layout, touched: set[int]) -> bool:
    for node in layout.sync_groups:
        inside = {index for index in node.slots.values() if layout.slots[index].point.writable}
        if touched & inside and not inside <= touched:
            return True
    return False


def _allowed(slot: Slot, raw: Raw) -> bool:
    names = symbol_enum(slot.point)
    if names is None or not slot.point.type.name.startswith("enum"):
        return True
    return raw in {symbol.value for symbol in slot.point.symbols}


def _all_counts(definition: ModelDef, counts: Mapping[str, int]) -> dict[str, int]:
    """How often each repeating group occurs, by group name."""
    groups = [group for group in definition.group.walk() if group.count is not None]
    known = {group.name for group in groups} | {group.count for group in groups}
    for name, count in counts.items():
        if name not in known:
            raise ConfigError(f"model {definition.id} has no repeating group {name}")
        if not 0 <= count < 0xFFFF:
            raise ConfigError(f"model {definition.id}: {name} cannot occur {count} times")
    return {
        group.name: group.count
        if isinstance(group.count, int) and group.count
        else counts.get(group.name, counts.get(str(group.count), 0))
        for group in groups
    }


def _words(group: GroupDef, counts: Mapping[str, int]) -> int:
    inner = sum(
        _words(child, counts) * (1 if child.count is None else counts[child.name]) for child in group.groups
    )
    return group.words + inner
