"""The wake-up ladder: steps in E or F for a vehicle that stays in B2 (IEC 61851-1 A.5.3)."""

from __future__ import annotations

from dataclasses import dataclass

from evproto.iec61851.generator import E, F, Signal


@dataclass(frozen=True, slots=True)
class WakeUpStep:
    """Wait in B2 for `wait_s`, then show `signal` (E or F) for `hold_s`."""

    wait_s: float
    signal: Signal
    hold_s: float = 4.0


NO_WAKE_UP: tuple[WakeUpStep, ...] = ()
STANDARD_WAKE_UP = (WakeUpStep(30.0, F),)
"""The one step that A.5.3 describes."""
PERSISTENT_WAKE_UP = (
    WakeUpStep(90.0, E, 4.0),
    WakeUpStep(30.0, E, 30.0),
    WakeUpStep(30.0, F, 4.0),
    WakeUpStep(30.0, F, 30.0),
)
"""What wakes sleepy vehicles in the field; not for those that take F for a broken charger."""


class WakeUp:
    """Where on the ladder the supply stands."""

    def __init__(self, ladder: tuple[WakeUpStep, ...]) -> None:
        self.due: float | None = None
        """When the next step begins, or the running one ends, or None."""
        self.active: WakeUpStep | None = None
        self._ladder = ladder
        self._next = 0

    @property
    def number(self) -> int:
        """The step that began last, from 1; 0 before the first."""
        return self._next

    @property
    def exhausted(self) -> bool:
        """Whether no step is left."""
        return self._next >= len(self._ladder)

    def reset(self) -> None:
        """Back to the foot of the ladder: the vehicle woke up or left."""
        self._next = 0
        self.stop()

    def stop(self) -> None:
        """Do not wait any more and end a running step; its place on the ladder is kept."""
        self.active = None
        self.due = None

    def wait(self, now: float) -> None:
        """The vehicle is in B2 and should not be; does nothing while a wait or a step runs."""
        if self.due is None and not self.exhausted:
            self.due = now + self._ladder[self._next].wait_s

    def begin(self, now: float, step: WakeUpStep | None = None) -> WakeUpStep:
        """Begin the given step, or the next of the ladder."""
        if step is None:
            step = self._ladder[self._next]
            self._next += 1
        self.active = step
        self.due = now + step.hold_s
        return step
