"""The poller: several meters on one line, each in its turn, nothing wrong ever reported as good."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from evproto.core import Kind, Machine, StateError, Trace, TraceSink
from evproto.core.modbus import Answer, Failed, Failure, Read, Refused, Registers, Request, checked
from evproto.modbus_meter.meter_map import Block, MeterMap, Register
from evproto.modbus_meter.reading import Measurement, Quality, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterConfig:
    """A meter on the line. `period` seconds between readings; `only` restricts the quantities."""

    name: str
    map: MeterMap
    unit: int = 1
    period: float = 1.0
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerOptions:
    """Seconds and counts. `quiet` is the rest after a fault, in which late answers die away."""

    timeout: float = 1.0
    retries: int = 1
    quiet: float = 0.1
    stale_after_periods: float = 3.0
    longest_pause: float = 60.0
    believe_backwards_after: int = 3


class Trouble(enum.Enum):
    """What goes wrong with a meter."""

    TIMEOUT = "timeout"
    CLOSED = "closed"
    MISMATCH = "mismatch"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MeterFault:
    """A request without a usable answer; reported for each."""

    meter: str
    trouble: Trouble
    text: str


@dataclass(frozen=True, slots=True)
class MeterStale:
    """No whole reading for too long: the values that were known are no longer good."""

    reading: Reading | None
    meter: str


@dataclass(frozen=True, slots=True)
class EnergyBackwards:
    """An energy is lower than it was; watt-hours. `accepted` when the lower one stays."""

    meter: str
    quantity: str
    before: float
    after: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class StrayAnswer:
    """An answer that nothing asked for, such as one that comes too late."""

    answer: Answer


PollerEvent = Reading | MeterFault | MeterStale | EnergyBackwards | StrayAnswer


@dataclass(slots=True)
class _Meter:
    config: MeterConfig
    registers: tuple[Register, ...]
    blocks: list[Block]
    due: float
    data: dict[Block, bytes] = field(default_factory=dict)
    failures: int = 0
    last: Reading | None = None
    is_stale: bool = False
    highest: dict[str, float] = field(default_factory=dict)
    lower: dict[str, int] = field(default_factory=dict)


class Poller(Machine[Answer, Request, PollerEvent]):
    """Asks each meter in turn, one request under way at a time.

    Outputs are requests; `receive` takes what came back for the one under way, also a `Failed`.
    Who waits longest is next, so no meter starves; one that does not answer is asked less and less
    often, once a turn without repeats, until it answers again.
    """

    def __init__(
        self,
        meters: Sequence[MeterConfig],
        options: PollerOptions | None = None,
        *,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        names = [meter.name for meter in meters]
        if len(set(names)) != len(names):
            raise ValueError("two meters have the same name")
        self._options = options or PollerOptions()
        self._meters = {config.name: _new_meter(config) for config in meters}
        self._current: _Meter | None = None
        self._block: Block | None = None
        self._request: Read | None = None
        self._last: Read | None = None
        self._answered = 0.0
        self._tries = 0
        self._started = False

    def start(self, now: float) -> None:
        """Begin; the first requests are due at once."""
        if self._started:
            raise StateError("the poller runs already")
        self._started = True
        for meter in self._meters.values():
            meter.due = now
            self._watch(meter, now)
        self._next_turn(now)

    def reading(self, name: str) -> Reading | None:
        """The last whole reading of a meter, marked stale where it is; None before the first."""
        meter = self._meters[name]
        if meter.last is None:
            return None
        return meter.last.stale() if meter.is_stale else meter.last

    def receive(self, item: Answer, now: float) -> None:
        """Take the answer to the request under way."""
        meter, block, request = self._current, self._block, self._request
        if meter is None or block is None or request is None:
            self._events.append(StrayAnswer(item))
            return
        self._timers.stop("answer")
        self._request = None
        self._answered = now
        match checked(request, item):
            case Registers(data=data):
                meter.data[block] = data
                self._tries = 0
                self._next_block(meter, now)
            case Refused(code=code):
                self._trouble(meter, Trouble.REFUSED, f"exception code {code}", now, final=True)
            case Failed(failure=failure, text=text):
                self._trouble(meter, _TROUBLES[failure], text, now)

    def _on_timer(self, name: str, now: float) -> None:
        kind, _, meter_name = name.partition(":")
        if kind == "answer":
            self._request = None
            assert self._current is not None
            self._trouble(self._current, Trouble.TIMEOUT, "no answer", now)
        elif kind == "quiet":
            if self._current is not None and self._block is not None:
                self._ask(self._current, self._block, now)
            else:
                self._next_turn(now)
        elif kind == "turn":
            self._next_turn(now)
        else:
            self._mark_stale(self._meters[meter_name])

    def _next_turn(self, now: float) -> None:
        if self._current is not None or "quiet" in self._timers or not self._meters:
            return
        meter = min(self._meters.values(), key=lambda candidate: candidate.due)
        if meter.due > now:
            self._timers.start("turn", meter.due)
            return
        # the next turn counts from when this one was due, unless that time has passed already
        meter.due = max(meter.due + meter.config.period, now)
        meter.data = {}
        self._current = meter
        self._tries = 0
        self._next_block(meter, now)

    def _next_block(self, meter: _Meter, now: float) -> None:
        waiting = [block for block in meter.blocks if block not in meter.data]
        if waiting:
            self._ask(meter, waiting[0], now)
        else:
            self._finish(meter, now)

    def _ask(self, meter: _Meter, block: Block, now: float) -> None:
        self._block = block
        request = Read(
            unit=meter.config.unit,
            address=block.span.address,
            count=block.span.count,
            function=block.function,
        )
        if self._confusable(request) and now < self._answered + self._options.quiet:
            self._timers.start("quiet", self._answered + self._options.quiet)
            return
        self._request = self._last = request
        self._outputs.append(self._request)
        self._timers.start("answer", now + self._options.timeout)

    def _confusable(self, request: Read) -> bool:
        """Whether an answer to the request before, sent twice, would pass for one to this."""
        last = self._last
        return (
            last is not None
            and (last.unit, last.function, last.count) == (request.unit, request.function, request.count)
            and last.address != request.address
        )

    def _trouble(
        self, meter: _Meter, trouble: Trouble, text: str, now: float, *, final: bool = False
    ) -> None:
        name = meter.config.name
        self._events.append(MeterFault(name, trouble, text))
        self._record(
            Trace(
                time=now, source=f"meter.{name}", kind=Kind.FAULT, name=trouble.value, details={"text": text}
            )
        )
        if not final and not meter.failures and self._tries < self._options.retries:
            self._tries += 1
        else:
            self._give_up(meter, now)
        self._timers.start("quiet", now + self._options.quiet)

    def _give_up(self, meter: _Meter, now: float) -> None:
        meter.failures += 1
        meter.data = {}
        pause = min(meter.config.period * 2 ** min(meter.failures, 16), self._options.longest_pause)
        # at least one time-out of rest: an answer still on its way must not meet the next turn
        meter.due = now + max(pause, self._options.timeout)
        self._current = self._block = None

    def _finish(self, meter: _Meter, now: float) -> None:
        self._current = self._block = None
        meter.failures = 0
        meter.is_stale = False
        values = {m.quantity.name: m for r in meter.registers for m in (self._measure(meter, r, now),)}
        meter.last = Reading(meter.config.name, now, values)
        self._watch(meter, now)
        self._events.append(meter.last)
        self._next_turn(now)

    def _measure(self, meter: _Meter, register: Register, now: float) -> Measurement:
        quantity = register.quantity
        value = register.decode(_bytes_of(register, meter.data))
        if value is None:
            return Measurement(quantity, None, Quality.MISSING, now)
        if not register.believable(value):
            return Measurement(quantity, None, Quality.INVALID, now)
        if quantity.kind.counts_up:
            return Measurement(quantity, value, self._energy_quality(meter, quantity.name, value), now)
        return Measurement(quantity, value, Quality.GOOD, now)

    def _energy_quality(self, meter: _Meter, name: str, value: float) -> Quality:
        before = meter.highest.get(name)
        if before is None or value >= before:
            meter.highest[name] = value
            meter.lower.pop(name, None)
            return Quality.GOOD
        times = meter.lower.get(name, 0) + 1
        accepted = times >= self._options.believe_backwards_after
        self._events.append(EnergyBackwards(meter.config.name, name, before, value, accepted))
        if accepted:
            meter.highest[name] = value
            meter.lower.pop(name, None)
            return Quality.GOOD
        meter.lower[name] = times
        return Quality.SUSPECT

    def _watch(self, meter: _Meter, now: float) -> None:
        limit = max(meter.config.period * self._options.stale_after_periods, self._options.timeout)
        self._timers.start(f"stale:{meter.config.name}", now + limit)

    def _mark_stale(self, meter: _Meter) -> None:
        meter.is_stale = True
        self._events.append(MeterStale(self.reading(meter.config.name), meter.config.name))


_TROUBLES = {
    Failure.TIMEOUT: Trouble.TIMEOUT,
    Failure.CLOSED: Trouble.CLOSED,
    Failure.MISMATCH: Trouble.MISMATCH,
}


def _new_meter(config: MeterConfig) -> _Meter:
    registers = config.map.select(config.only)
    return _Meter(config=config, registers=registers, blocks=config.map.blocks(registers), due=0.0)


def _bytes_of(register: Register, data: dict[Block, bytes]) -> bytes:
    span = register.span
    for block, content in data.items():
        if block.function is register.function and block.span.address <= span.address < block.span.end:
            start = 2 * (span.address - block.span.address)
            return content[start : start + 2 * span.count]
    raise AssertionError(f"{register.quantity} is in no block")
