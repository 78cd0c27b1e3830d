"""Named deadlines in the caller's monotonic seconds."""

from __future__ import annotations

from typing import NamedTuple


class Due(NamedTuple):
    """The earliest running timer."""

    at: float
    name: str


class Timers:
    """A table of running timers.

    A timer may belong to a `scope` (usually a state): leaving the scope stops it. Timers that
    fall due at the same time fire in the order in which they were started.
    """

    def __init__(self) -> None:
        self._running: dict[str, tuple[float, int, str | None]] = {}
        self._started = 0
        self._next: Due | None = None
        self._stale = False

    def start(self, name: str, at: float, *, scope: str | None = None) -> None:
        """Start the timer, or start it anew, so that it falls due at `at`."""
        self._started += 1
        self._running[name] = (at, self._started, scope)
        self._stale = True

    def stop(self, name: str) -> None:
        """Stop the timer; one that does not run is no error."""
        if self._running.pop(name, None) is not None:
            self._stale = True

    def leave(self, scope: str) -> None:
        """Stop every timer of the scope."""
        for name in [name for name, (_, _, owner) in self._running.items() if owner == scope]:
            self.stop(name)

    def clear(self) -> None:
        """Stop all timers."""
        self._running.clear()
        self._stale = True

    def at(self, name: str) -> float | None:
        """When the timer falls due, or None when it does not run."""
        entry = self._running.get(name)
        return entry[0] if entry else None

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def next(self) -> Due | None:
        """The timer that falls due first."""
        if self._stale:
            first = min(((at, order, name) for name, (at, order, _) in self._running.items()), default=None)
            self._next = Due(first[0], first[2]) if first else None
            self._stale = False
        return self._next
