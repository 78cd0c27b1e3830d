"""The poller in virtual time: fair turns, faults, and never a wrong value reported as good."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.core.modbus import Answer, Failed, Failure, Function, Read, Refused, Registers, Request
from evproto.modbus_meter import (
    EnergyBackwards,
    Load,
    MeterConfig,
    MeterFault,
    MeterStale,
    Poller,
    PollerOptions,
    Quality,
    Reading,
    SimulatedMeter,
    StrayAnswer,
    Trouble,
    meter_map,
)

SDM = meter_map("eastron_sdm630")
FEW = frozenset({"voltage_l1", "power", "energy_import", "energy_total"})


@dataclass
class Line:
    """Virtual time between a poller and devices: `reply` gives an answer and its delay, or None."""

    poller: Poller
    reply: Callable[[Request, float], list[tuple[float, Answer]]]
    now: float = 0.0
    events: list[tuple[float, object]] = field(default_factory=list)
    sent: list[tuple[float, Request]] = field(default_factory=list)
    flying: list[tuple[float, int, Answer]] = field(default_factory=list)

    def run(self, until: float) -> Line:
        if not self.sent:
            self.poller.start(self.now)
        self._take()
        while True:
            times = [at for at, _, _ in self.flying]
            if self.poller.deadline is not None:
                times.append(self.poller.deadline)
            if not times or min(times) > until:
                self.now = until
                return self
            self.now = max(self.now, min(times))
            due = sorted(item for item in self.flying if item[0] <= self.now)
            if due:
                self.flying.remove(due[0])
                self.poller.receive(due[0][2], self.now)
            else:
                self.poller.advance(self.now)
            self._take()

    def _take(self) -> None:
        while (request := self.poller.next_output()) is not None:
            self.sent.append((self.now, request))
            for delay, answer in self.reply(request, self.now):
                self.flying.append((self.now + delay, len(self.sent) * 10 + len(self.flying), answer))
        while (event := self.poller.next_event()) is not None:
            self.events.append((self.now, event))

    def of(self, kind: type) -> list:  # type: ignore[type-arg]
        return [event for _, event in self.events if isinstance(event, kind)]


def meters(count: int, period: float = 1.0) -> list[MeterConfig]:
    return [
        MeterConfig(name=f"m{unit}", map=SDM, unit=unit, period=period, only=FEW)
        for unit in range(1, count + 1)
    ]


def devices(count: int, delay: float = 0.03, dead: frozenset[int] = frozenset()):  # type: ignore[no-untyped-def]
    simulated = {unit: SimulatedMeter(SDM, Load(), unit=unit) for unit in range(1, count + 1)}

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        if request.unit in dead:
            return []
        answer = simulated[request.unit].answer(request)
        assert answer is not None
        return [(delay, answer)]

    return reply


def gaps(line: Line, name: str) -> list[float]:
    times = [0.0] + [at for at, event in line.events if isinstance(event, Reading) and event.meter == name]
    return [after - before for before, after in itertools.pairwise(times)]


def test_every_meter_is_read_once_in_its_period() -> None:
    line = Line(Poller(meters(5)), devices(5)).run(20.0)
    for unit in range(1, 6):
        assert max(gaps(line, f"m{unit}")) < 1.2
        assert len(gaps(line, f"m{unit}")) >= 19


def test_ten_meters_with_a_dead_one_are_each_read_within_twice_the_period() -> None:
    options = PollerOptions(timeout=0.5)
    line = Line(Poller(meters(10, period=2.0), options), devices(10, dead=frozenset({4}))).run(300.0)
    for unit in range(1, 11):
        found = gaps(line, f"m{unit}")
        if unit == 4:
            assert found == []
        else:
            assert max(found) <= 4.0
    dead = [at for at, request in line.sent if request.unit == 4]
    assert 5 <= len(dead) <= 20
    assert dead[-1] > 200


def test_a_silent_meter_goes_stale_and_comes_back() -> None:
    silent = {"now": False}
    answering = devices(1)

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        silent["now"] = 10 <= now < 30
        return [] if silent["now"] else answering(request, now)

    line = Line(Poller(meters(1), PollerOptions(timeout=0.5, longest_pause=5.0)), reply).run(20.0)
    stale = line.of(MeterStale)
    assert len(stale) == 1
    reading = line.poller.reading("m1")
    assert reading is not None
    assert reading["power"].quality is Quality.STALE
    assert reading.good("power") is None
    line.run(60.0)
    reading = line.poller.reading("m1")
    assert reading is not None
    assert reading.good("power") == pytest.approx(11040)


def test_an_answer_that_comes_too_late_is_never_taken_for_another() -> None:
    simulated = SimulatedMeter(SDM, Load())
    first = iter([1.05])

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        answer = simulated.answer(request)
        assert answer is not None
        return [(next(first, 0.03), answer)]

    line = Line(Poller(meters(1), PollerOptions(timeout=1.0, quiet=0.1)), reply).run(5.0)
    assert len(line.of(StrayAnswer)) == 1
    for reading in line.of(Reading):
        assert reading.good("voltage_l1") == 230.0
        assert reading.good("power") == pytest.approx(11040)


@pytest.mark.parametrize("kind", ["unit", "function", "short", "long"])
def test_an_answer_that_does_not_belong_is_refused(kind: str) -> None:
    simulated = SimulatedMeter(SDM, Load())

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        right = simulated.answer(request)
        assert isinstance(right, Registers)
        data, unit, function = right.data, 1, 4
        match kind:
            case "unit":
                unit = 2
            case "function":
                function = 3
            case "short":
                data = data[:-2]
            case "long":
                data += b"\0\0"
        return [(0.03, Registers(unit=unit, function=function, data=data))]

    line = Line(Poller(meters(1)), reply).run(10.0)
    assert line.of(Reading) == []
    assert {fault.trouble for fault in line.of(MeterFault)} == {Trouble.MISMATCH}


def test_an_exception_code_is_told_and_not_repeated_at_once() -> None:
    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        return [(0.03, Refused(unit=request.unit, function=4, code=2))]

    line = Line(Poller(meters(1)), reply).run(3.0)
    faults = line.of(MeterFault)
    assert faults[0].trouble is Trouble.REFUSED
    assert "2" in faults[0].text
    assert len(line.sent) <= 3
    assert line.of(Reading) == []


def test_a_cable_pulled_in_the_middle_of_a_reading_gives_no_reading() -> None:
    answering = devices(1)
    count = {"n": 0}

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        count["n"] += 1
        if count["n"] == 1:
            return answering(request, now)
        return [(0.0, Failed(failure=Failure.CLOSED, text="cable pulled"))]

    line = Line(Poller(meters(1)), reply).run(5.0)
    assert line.of(Reading) == []
    assert line.of(MeterFault)[0].trouble is Trouble.CLOSED


def test_values_of_one_reading_come_from_one_turn() -> None:
    load = Load()
    simulated = SimulatedMeter(SDM, load)

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        if request.address > 0x100 and 1.0 < now < 5.0:
            return []
        answer = simulated.answer(request)
        assert answer is not None
        load.advance(3600.0)
        return [(0.03, answer)]

    line = Line(Poller(meters(1), PollerOptions(timeout=0.3)), reply).run(20.0)
    for reading in line.of(Reading):
        assert reading["energy_total"].value - reading["energy_import"].value <= 11041


def energy_line(values: list[float]) -> Line:
    it = iter(values)
    state = {"wh": next(it)}

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        meter = SimulatedMeter(SDM, Load(imported_wh=[state["wh"], 0, 0]))
        answer = meter.answer(request)
        assert answer is not None
        if request.address == 0x48:
            state["wh"] = next(it, state["wh"])
        return [(0.03, answer)]

    config = MeterConfig(name="m1", map=SDM, only=frozenset({"voltage_l1", "energy_import"}))
    return Line(Poller([config]), reply)


def test_energy_that_runs_backwards_is_never_good_without_an_event() -> None:
    line = energy_line([5000.0, 5000.0, 4000.0, 5100.0, 5200.0]).run(4.5)
    qualities = [reading["energy_import"].quality for reading in line.of(Reading)]
    assert qualities[:2] == [Quality.GOOD, Quality.SUSPECT] or Quality.SUSPECT in qualities
    events = line.of(EnergyBackwards)
    assert [(e.before, e.after, e.accepted) for e in events] == [(5000.0, 4000.0, False)]
    assert qualities[-1] is Quality.GOOD


def test_a_meter_that_was_exchanged_is_believed_after_a_while() -> None:
    line = energy_line([5000.0, 10.0]).run(8.0)
    events = line.of(EnergyBackwards)
    assert [event.accepted for event in events] == [False, False, True]
    assert line.of(Reading)[-1].good("energy_import") == pytest.approx(10.0)


def test_a_value_that_cannot_be_is_kept_back() -> None:
    simulated = SimulatedMeter(SDM, Load(voltages_v=(1e6, 230.0, 230.0)))

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        answer = simulated.answer(request)
        assert answer is not None
        return [(0.03, answer)]

    line = Line(Poller(meters(1)), reply).run(0.5)
    voltage = line.of(Reading)[0]["voltage_l1"]
    assert (voltage.value, voltage.quality) == (None, Quality.INVALID)


def test_what_the_meter_calls_not_measured_is_missing() -> None:
    abb = meter_map("abb_b23")

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        return [(0.01, Registers(unit=1, function=3, data=b"\xff\xff" * request.count))]

    line = Line(Poller([MeterConfig(name="m", map=abb, only=frozenset({"voltage_l1"}))]), reply).run(0.5)
    assert line.of(Reading)[0]["voltage_l1"].quality is Quality.MISSING


def test_starting_twice_is_a_fault_of_the_application() -> None:
    poller = Poller(meters(1))
    poller.start(0.0)
    with pytest.raises(StateError):
        poller.start(1.0)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32))
def test_on_any_line_a_good_value_is_a_true_one_and_no_meter_starves(seed: int) -> None:
    rng = random.Random(seed)
    simulated = {
        unit: SimulatedMeter(SDM, Load(voltages_v=(200.0 + unit,) * 3), unit=unit) for unit in (1, 2, 3)
    }

    def reply(request: Request, now: float) -> list[tuple[float, Answer]]:
        del now
        right = simulated[request.unit].answer(request)
        assert isinstance(right, Registers)
        match rng.randrange(16):
            case 0:
                return []
            case 1:
                return [(rng.uniform(0.2, 0.29), right)]
            case 2:
                return [(0.02, Registers(unit=rng.randint(1, 3) % 3 + 10, function=4, data=right.data))]
            case 3:
                return [(0.02, Failed(failure=Failure.CLOSED))]
            case 4:
                return [(0.02, right), (0.03, right)]
        return [(0.02, right)]

    options = PollerOptions(timeout=0.2, quiet=0.1, longest_pause=4.0)
    line = Line(Poller(meters(3), options), reply).run(120.0)
    for reading in line.of(Reading):
        value = reading.good("voltage_l1")
        assert value is None or value == 200.0 + int(reading.meter[1:])
    for unit in (1, 2, 3):
        assert len(gaps(line, f"m{unit}")) >= 5


@settings(deadline=None, max_examples=100)
@given(st.lists(st.binary(max_size=20), max_size=10), st.integers(0, 20))
def test_receive_never_raises(blobs: list[bytes], unit: int) -> None:
    poller = Poller(meters(2))
    poller.start(0.0)
    for number, blob in enumerate(blobs):
        poller.receive(Registers(unit=unit, function=Function.READ_INPUT, data=blob), number * 0.3)
        poller.advance(number * 0.3 + 0.1)


def test_the_first_request_of_a_meter_is_a_plain_read() -> None:
    poller = Poller(meters(1))
    poller.start(0.0)
    assert isinstance(poller.next_output(), Read)
