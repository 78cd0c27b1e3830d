"""B-C-B toggles: ISO 15118-3 validation, and a vehicle's wish to resume."""

from __future__ import annotations

from evproto.iec61851.states import Level
from evproto.iec61851.supply_io import ToggleSeen, TogglesEnded
from evproto.iec61851.timing import SupplyTiming


class ToggleCounter:
    """Counts phases of B and C that are as long as a toggle's."""

    def __init__(self, timing: SupplyTiming) -> None:
        self.due: float | None = None
        """When the running sequence ends, or None."""
        self._timing = timing
        self._number = 0
        self._ends = 0.0
        self._changed = 0.0

    def changed(self, previous: Level, level: Level, now: float) -> ToggleSeen | TogglesEnded | None:
        """Take a change of level; returns the event that it makes."""
        stood_s = now - self._changed
        self._changed = now
        if previous is Level.C and level is Level.B and self._is_phase(stood_s):
            return self._count(stood_s, now)
        if previous is Level.B and level is Level.C and self._number and self._is_phase(stood_s):
            return None
        return self.end()

    def end(self) -> TogglesEnded | None:
        """End the running sequence; returns its event if there was one."""
        number, self._number, self.due = self._number, 0, None
        return TogglesEnded(number) if number else None

    def _count(self, closed_s: float, now: float) -> ToggleSeen:
        if not self._number:
            self._ends = now - closed_s + self._timing.toggle_window_s
        self._number += 1
        # the next C, and the B after it, would be seen by then
        self.due = max(now, min(now + 2 * self._timing.toggle_max_s, self._ends))
        return ToggleSeen(self._number, closed_s)

    def _is_phase(self, stood_s: float) -> bool:
        # the sum of two clock readings may be off by a rounding error
        return self._timing.toggle_min_s - 1e-6 <= stood_s <= self._timing.toggle_max_s + 1e-6
