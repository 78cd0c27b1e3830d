"""What every benchmark shares: interleaved timing, and the table or JSON that it prints."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure. `ratio` is ours divided by the peer's, time-like: smaller is better."""

    case: str
    measure: str
    value: float
    unit: str
    peer: str | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds per call over the rounds of `interleave`."""

    minimum: float
    median: float


def interleave(*operations: Callable[[], object], rounds: int = 15, seconds: float = 0.02) -> list[Times]:
    """Time the operations in turn, round by round, so that a busy machine slows all alike."""
    counts = [_calls_in(operation, seconds) for operation in operations]
    samples: list[list[float]] = [[] for _ in operations]
    for _ in range(rounds):
        for operation, count, sample in zip(operations, counts, samples, strict=True):
            sample.append(_time(operation, count) / count)
    return [Times(min(sample), statistics.median(sample)) for sample in samples]


def options(description: str | None) -> argparse.ArgumentParser:
    """A parser with the option that all benchmarks have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print a JSON array of figures")
    return parser


def report(figures: list[Figure], *, as_json: bool) -> None:
    """Print the figures."""
    if as_json:
        print(json.dumps([asdict(figure) for figure in figures], indent=1))
        return
    width = max((len(figure.case) for figure in figures), default=0)
    for figure in figures:
        line = f"{figure.case:<{width}}  {figure.measure:<24} {figure.value:>12.4g} {figure.unit:<8}"
        if figure.ratio is not None:
            line += f" {figure.ratio:8.3f} x {figure.peer}"
        print(line.rstrip())


def _time(operation: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        operation()
    return time.perf_counter() - start


def _calls_in(operation: Callable[[], object], seconds: float) -> int:
    count = 1
    while (spent := _time(operation, count)) < seconds / 4:
        count *= 2
    return max(1, int(count * seconds / spent))
