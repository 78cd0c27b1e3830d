"""Steps of the control pilot's machines, and the duty cycle law. Goal: a step at most 20 microseconds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from _report import Figure, interleave, options, report

from evproto.iec61851 import (
    ContactorFeedback,
    CurrentSample,
    PilotReading,
    PilotSample,
    ProximitySample,
    Simulation,
    Supply,
    Vehicle,
    current_for_duty,
    duty_for_current,
)
from evproto.iec61851.supply_io import SetContactor


def main() -> None:
    arguments = options(__doc__).parse_args()
    steps = {
        "supply: steady pilot sample": steady_supply(),
        "supply: all readings of a board": board_supply(),
        "supply: B-C-B cycle, per sample": cycling_supply(),
        "vehicle: steady pilot reading": steady_vehicle(),
    }
    measured = interleave(*(step for step, _ in steps.values()))
    figures = [
        Figure(case=case, measure=measure, value=seconds / count * 1e6, unit="us")
        for (case, (_, count)), times in zip(steps.items(), measured, strict=True)
        for measure, seconds in (("step, best round", times.minimum), ("step, median round", times.median))
    ]
    figures += duty_law()
    figures.append(reaction())
    figures.append(session())
    report(figures, as_json=arguments.json)


def steady_supply() -> tuple[Callable[[], object], int]:
    supply = charging()
    clock = itertools.count(100)
    sample = PilotSample(6.0, -12.0)
    return lambda: supply.receive(sample, next(clock) * 0.01), 1


def board_supply() -> tuple[Callable[[], object], int]:
    supply = charging()
    clock = itertools.count(100)
    readings = (
        ProximitySample(220.0),
        ContactorFeedback(True),
        CurrentSample((15.0,) * 3),
        PilotSample(6.0, -12.0),
    )

    def step() -> None:
        now = next(clock) * 0.01
        for reading in readings:
            supply.receive(reading, now)

    return step, 1


def cycling_supply() -> tuple[Callable[[], object], int]:
    """S2 closes and opens every 16 samples: closing, opening, events and timers included."""
    supply = charging()
    clock = itertools.count(20)
    samples = [PilotSample(6.0, -12.0)] * 16 + [PilotSample(9.0, -12.0)] * 16

    def cycle() -> None:
        for sample in samples:
            now = next(clock) * 0.05
            supply.advance(now)
            supply.receive(sample, now)
            while (output := supply.next_output()) is not None:
                if isinstance(output, SetContactor):
                    supply.receive(ContactorFeedback(output.closed), now)
            while supply.next_event() is not None:
                pass

    return cycle, len(samples)


def steady_vehicle() -> tuple[Callable[[], object], int]:
    vehicle = Vehicle()
    vehicle.request_power(0.0)
    clock = itertools.count(1)
    reading = PilotReading(0.3, 6.0)
    return lambda: vehicle.receive(reading, next(clock) * 0.01), 1


def charging() -> Supply:
    """A supply in C2 with a closed contactor at one second."""
    supply = Supply()
    supply.authorize(0.0)
    supply.offer(16.0, 0.0)
    supply.receive(ContactorFeedback(False), 0.0)
    for step in range(100):
        supply.receive(PilotSample(9.0 if step < 20 else 6.0, -12.0), step * 0.01)
    assert supply.contactor_closed
    supply.receive(ContactorFeedback(True), 0.99)
    return supply


def duty_law() -> list[Figure]:
    there, back = interleave(lambda: duty_for_current(16.3, 4096), lambda: current_for_duty(0.2717))
    tenths = [tenth / 10 for tenth in (*range(60, 511), *range(526, 801))]
    worst = max(current - current_for_duty(duty_for_current(current, 4000)) for current in tenths)
    return [
        Figure(case="duty for current", measure="time", value=there.median * 1e6, unit="us"),
        Figure(case="current for duty", measure="time", value=back.median * 1e6, unit="us"),
        Figure(case="duty law, 4000 counts, 6..80 A", measure="worst error", value=worst, unit="A"),
    ]


def reaction() -> Figure:
    """From the call that confirms state B to the command that opens the contactor, in process."""
    slowest = 0.0
    for _ in range(200):
        supply = charging()
        while supply.next_output() is not None:
            pass
        supply.receive(PilotSample(9.0, -12.0), 1.0)
        begin = time.perf_counter()
        supply.advance(1.03)
        output = supply.next_output()
        slowest = max(slowest, time.perf_counter() - begin)
        assert output == SetContactor(False)
    return Figure(case="C2 to B2", measure="worst reaction", value=slowest * 1e3, unit="ms")


def session() -> Figure:
    """Plug in, charge a virtual minute at a sample every 10 ms, plug out, through the physics."""
    supply, vehicle = Supply(), Vehicle()
    simulation = Simulation(supply, vehicle)
    begin = time.perf_counter()
    simulation.plug_in()
    vehicle.request_power(0.0)
    supply.authorize(0.0)
    supply.offer(16.0, 0.0)
    simulation.run(60.0)
    simulation.plug_out()
    simulation.run(61.0)
    return Figure(
        case="simulated session of 61 s", measure="time", value=time.perf_counter() - begin, unit="s"
    )


if __name__ == "__main__":
    main()
