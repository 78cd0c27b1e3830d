"""Discovery: finds the map and reads the chain of models in the fewest requests.

Blocks of full length are read from the base on and the chain is walked inside what came. A device
that refuses such a block is read again with less and less help from luck: exactly up to the known
end, then within one model, then in smaller and smaller pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evproto.core import DecodeError
from evproto.core.modbus import Answer, Code, Failed, Failure, Flow, Read, Refused, Registers
from evproto.sunspec.definitions import Library, ModelDef
from evproto.sunspec.device import Device, Quirks, UnknownModel
from evproto.sunspec.layout import HEAD, layout_for
from evproto.sunspec.values import Model

BASES = (40000, 0, 50000)
"""Where a map may begin, the usual place first."""
MARK = b"SunS"
END = 0xFFFF
LAST_ADDRESS = 0xFFFF
WORTH = 100
"""When so many registers are known to be there, they are read without guessing at more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """How to look. `retries` are for requests without an answer; `values` False reads only heads."""

    bases: Sequence[int] = BASES
    retries: int = 1
    max_read: int = 125
    max_models: int = 256
    values: bool = True


class NoSunSpecError(DecodeError):
    """No map at any of the bases; the text tells what each of them gave."""


def scan(unit: int, library: Library, options: ScanOptions | None = None) -> Flow[Device]:
    """Find the device's map and read it; NoSunSpecError where there is none."""
    options = options or ScanOptions()
    findings = []
    for base in options.bases:
        window = _Window(unit, base, Quirks(max_read=options.max_read), options.retries)
        finding = yield from window.probe()
        if not finding:
            return (yield from _walk(window, library, options))
        findings.append(f"at {base}: {finding}")
    raise NoSunSpecError("no SunSpec map found; " + "; ".join(findings))


class _Window:
    """The registers read so far, from the base on, and how to get more of them."""

    def __init__(self, unit: int, base: int, quirks: Quirks, retries: int) -> None:
        self.unit = unit
        self.base = base
        self.quirks = quirks
        self.data = bytearray()
        self._retries = retries
        self._guess = True

    @property
    def end(self) -> int:
        return self.base + len(self.data) // 2

    def probe(self) -> Flow[str]:
        """Read the mark; what is wrong, or nothing."""
        answer: Answer = Failed(failure=Failure.TIMEOUT)
        for count in (min(self.quirks.max_read, LAST_ADDRESS + 1 - self.base), 3, 2):
            if isinstance(answer, Refused) or count != 3:
                answer = yield from self._read(count, retries=0 if count > 3 else self._retries)
            match answer:
                case Registers() if answer.data[:4] != MARK:
                    return "other registers"
                case Registers():
                    self.data += answer.data
                    return ""
                case Failed(failure=Failure.CLOSED):
                    break
        return f"refused with code {answer.code}" if isinstance(answer, Refused) else _failure(answer)

    def need(self, end: int, model_end: int) -> Flow[bool]:
        """Have everything before `end`; `model_end` bounds a read that may not cross models."""
        while self.end < end:
            before = self.end
            for count, lesson in self._tries(end, model_end):
                guess = count > end - before
                answer = yield from self._read(count, retries=0 if guess else self._retries)
                if isinstance(answer, Registers):
                    self.data += answer.data
                    lesson(count)
                    break
                if guess:
                    self._guess = False
                if isinstance(answer, Failed) and (answer.failure is Failure.CLOSED or count <= 2):
                    return False
            if self.end == before:
                return False
        return True

    def words(self, address: int, count: int) -> bytes:
        """What was read of these registers."""
        start = 2 * (address - self.base)
        return bytes(self.data[start : start + 2 * count])

    def _tries(self, end: int, model_end: int) -> Iterator[tuple[int, Callable[[int], None]]]:
        """Counts to try one after the other, each with what is learnt when it works."""
        exact, body = end - self.end, model_end - self.end
        most = min(self.quirks.max_read, LAST_ADDRESS + 1 - self.end)
        if self._guess and self.quirks.across_models and exact < min(WORTH, most):
            yield most, _nothing
        if self.quirks.across_models or body <= 0 or exact <= body:
            yield min(exact, most), _nothing
        if exact == body + HEAD and exact <= most:
            yield exact - 1, _nothing  # an end mark without a length
        if 0 < body < exact:
            yield min(body, most), self._stay_within_models
        count = min(body, most) if body > 0 else 1
        while count > 1:
            count //= 2
            yield count, self._read_less

    def _stay_within_models(self, count: int) -> None:
        del count
        self.quirks.across_models = False

    def _read_less(self, count: int) -> None:
        self.quirks.max_read = count

    def _read(self, count: int, retries: int) -> Flow[Answer]:
        answer: Answer = Failed(failure=Failure.TIMEOUT)
        for _ in range(1 + retries):
            answer = yield Read(unit=self.unit, address=self.end, count=count)
            if not isinstance(answer, Failed) and not (
                isinstance(answer, Refused) and answer.code in (Code.ACKNOWLEDGE, Code.BUSY)
            ):
                break
        return answer

    def skip(self, end: int) -> None:
        """Step over registers whose values nobody asked for."""
        self.data += bytes(max(0, 2 * (end - self.end)))


def _nothing(count: int) -> None:
    del count


def _failure(answer: Answer) -> str:
    return answer.failure.value if isinstance(answer, Failed) else "no answer"


def _walk(window: _Window, library: Library, options: ScanOptions) -> Flow[Device]:
    device = Device(window.unit, window.base, quirks=window.quirks)
    address = window.base + 2
    while len(device.models) < options.max_models:
        head = yield from _head(window, address)
        if head is None:
            device.faults.append(f"the chain breaks off at {address}")
            break
        number, length = head
        if number == END:
            break
        definition = library.get(number)
        end = address + HEAD + length
        if end > LAST_ADDRESS + 1:
            device.faults.append(f"model {number} at {address}: L {length} leads out of the map")
            break
        complete = True
        if options.values:
            # the head of the next model rides along, so that it costs no request of its own
            complete = yield from window.need(min(end + HEAD, LAST_ADDRESS + 1), end)
            complete = complete or window.end >= end
        else:
            window.skip(end)
        data = window.words(address, HEAD + length if options.values else HEAD)
        device.models.append(_model(definition, number, address, length, data))
        if not complete:
            device.faults.append(f"model {number} at {address}: read up to {window.end} of {end}")
            break
        address = yield from _next(window, library, definition, address, length, device)
    device.faults += [
        f"model {model.id} at {model.address}: {text}" for model in device for text in model.faults
    ]
    return device


def _head(window: _Window, address: int) -> Flow[tuple[int, int] | None]:
    """ID and L; the end mark of some devices has no L, and some devices have no end mark."""
    if address + HEAD > LAST_ADDRESS + 1:
        return None
    if not (yield from window.need(address + HEAD, address)) and window.end <= address:
        return None
    number = int.from_bytes(window.words(address, 1), "big")
    if number == END:
        return END, 0
    if window.end < address + HEAD:
        return None
    return number, int.from_bytes(window.words(address + 1, 1), "big")


def _model(
    definition: ModelDef | None, number: int, address: int, length: int, data: bytes
) -> Model | UnknownModel:
    if definition is None:
        return UnknownModel(number, address, length, data)
    return Model(layout_for(definition, length, data), address, length, data)


def _next(
    window: _Window, library: Library, definition: ModelDef | None, address: int, length: int, device: Device
) -> Flow[int]:
    """Where the next head stands: behind L, unless only the length of the definition leads to a model."""
    regular = address + HEAD + length
    model = device.models[-1]
    if not isinstance(model, Model) or model.layout.words == HEAD + length or definition is None:
        return regular
    head = yield from _head(window, regular)
    if head is not None and _plausible(library, head):
        return regular
    full = layout_for(definition, LAST_ADDRESS, model.data)
    other = address + (full.words if not _open_ended(definition) else model.layout.words)
    if other == regular or other + HEAD > LAST_ADDRESS + 1:
        return regular
    head = yield from _head(window, other)
    if head is None or not _plausible(library, head):
        return regular
    device.faults.append(f"model {model.id} at {address}: L {length} is wrong, the next model is at {other}")
    data = window.words(address, other - address)
    device.models[-1] = _model(definition, model.id, address, other - address - HEAD, data)
    return other


def _plausible(library: Library, head: tuple[int, int]) -> bool:
    return head[0] == END or library.get(head[0]) is not None


def _open_ended(definition: ModelDef) -> bool:
    return any(group.count == 0 for group in definition.group.walk())
