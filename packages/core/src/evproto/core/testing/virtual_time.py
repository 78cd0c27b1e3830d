"""A clock that jumps to whatever comes next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any, Protocol


class Timed(Protocol):
    """The part of a machine that the clock needs."""

    @property
    def deadline(self) -> float | None: ...

    def advance(self, now: float) -> None: ...


class VirtualTime:
    """Runs scheduled actions and machines' deadlines in order of time.

    Actions at the same time run in the order in which they were scheduled, and before the
    machines' deadlines of that time. After each step `pump` callbacks move outputs and events.
    """

    def __init__(self, start: float = 0.0) -> None:
        self.now = start
        self._queue: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._machines: list[tuple[Timed, Callable[[], object]]] = []

    def at(self, time: float, action: Callable[[], object]) -> None:
        """Run the action at `time`, or now when that has passed."""
        heapq.heappush(self._queue, (max(time, self.now), next(self._order), action))

    def after(self, delay: float, action: Callable[[], object]) -> None:
        """Run the action `delay` seconds from now."""
        self.at(self.now + delay, action)

    def add(self, machine: Timed, pump: Callable[[], object]) -> None:
        """Advance the machine at its deadlines and call `pump` after each."""
        self._machines.append((machine, pump))

    def step(self, until: float) -> bool:
        """Do the next thing that is due at or before `until`; False when there is none."""
        due_machine, machine_at = self._next_machine()
        if self._queue and (machine_at is None or self._queue[0][0] <= machine_at):
            time, _, action = self._queue[0]
            if time > until:
                return False
            heapq.heappop(self._queue)
            self.now = time
            action()
            return True
        if due_machine is None or machine_at is None or machine_at > until:
            return False
        machine, pump = due_machine
        self.now = max(self.now, machine_at)
        machine.advance(self.now)
        pump()
        return True

    def run(self, *, until: float, stop: Callable[[], bool] | None = None, steps: int = 10_000_000) -> bool:
        """Run to the time `until`, or until `stop()` holds; tells whether `stop()` held.

        More than `steps` steps raise RuntimeError: the machines run in a circle without time.
        """
        for _ in range(steps):
            if stop is not None and stop():
                return True
            if not self.step(until):
                self.now = max(self.now, until)
                return stop is not None and stop()
        raise RuntimeError(f"more than {steps} steps before {until} s; the machines run in a circle")

    def _next_machine(self) -> tuple[tuple[Timed, Callable[[], object]] | None, float | None]:
        best: tuple[Timed, Callable[[], Any]] | None = None
        best_at: float | None = None
        for entry in self._machines:
            at = entry[0].deadline
            if at is not None and (best_at is None or at < best_at):
                best, best_at = entry, at
        return best, best_at
