"""Debounce of readings that have names: levels, duty bands, proximity."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")


class Debounce(Generic[Value]):
    """Holds a value until another has stood long enough.

    A value that stands for `debounce_s` becomes the held one. Readings that flutter among several
    others do not keep the old one alive: after `limit_s` the last of them is taken, so that the
    100 ms that sequences 2 and 8 leave for the contactor are never spent here.
    """

    def __init__(self, held: Value, debounce_s: float, limit_s: float) -> None:
        self.held = held
        self.due: float | None = None
        """When the candidate becomes the held value, or None."""
        self._candidate = held
        self._debounce_s = debounce_s
        self._limit_s = limit_s
        self._latest = 0.0

    def feed(self, value: Value, now: float) -> None:
        """Take a new reading."""
        if value == self.held:
            self.due = None
        elif self.due is None:
            self._candidate = value
            self._latest = now + self._limit_s
            self.due = now + self._debounce_s
        elif value != self._candidate:
            self._candidate = value
            self.due = min(now + self._debounce_s, self._latest)

    def confirm(self, now: float) -> bool:
        """Make a candidate that has stood long enough the held value; tells whether it did."""
        if self.due is None or now < self.due:
            return False
        self.force(self._candidate)
        return True

    def force(self, value: Value) -> None:
        """Hold the value from now on, whatever was read."""
        self.held = value
        self.due = None
