"""Contactor and lock: each follows its command within a time, or is faulty."""

from __future__ import annotations

from evproto.iec61851.supply_io import Fault


class Actuator:
    """Something that is commanded and may tell where it is.

    late_on, late_off: the fault when it does not reach that position in `within_s`. Without
    feedback the command is taken for the position.
    """

    def __init__(self, *, feedback: bool, within_s: float, late_on: Fault, late_off: Fault) -> None:
        self.commanded = False
        self.due: float | None = None
        """When a position that was not reached becomes a fault, or None."""
        self._has_feedback = feedback
        self._position: bool | None = None
        self._within_s = within_s
        self._late_on = late_on
        self._late_off = late_off

    @property
    def unknown(self) -> bool:
        """No feedback came yet."""
        return self._has_feedback and self._position is None

    @property
    def is_on(self) -> bool:
        """Commanded on and known to be there."""
        return self.commanded and (self._position is True or not self._has_feedback)

    @property
    def is_off(self) -> bool:
        """Commanded off and known to be there."""
        return not self.commanded and (self._position is False or not self._has_feedback)

    def command(self, on: bool, now: float) -> None:
        """Note what is commanded now."""
        if on is not self.commanded:
            self.commanded = on
            self.due = None
            self._watch(now)

    def fed_back(self, on: bool, now: float) -> bool:
        """Note the position that the board reports; tells whether it is news."""
        if not self._has_feedback or on is self._position:
            return False
        self._position = on
        self._watch(now)
        return True

    def forget(self) -> None:
        """Nothing is known of the position any more."""
        self._position = None
        self.due = None

    def check(self, now: float) -> Fault | None:
        """The fault of a position that is overdue, once."""
        if self.due is None or now < self.due:
            return None
        self.due = None
        return self._late_on if self.commanded else self._late_off

    def watch_again(self, now: float) -> None:
        """Give a position that is still wrong its time anew, after a fault was reset."""
        self._watch(now)

    def _watch(self, now: float) -> None:
        if not self._has_feedback or self._position is self.commanded:
            self.due = None
        elif self.due is None and (self._position is not None or self.commanded):
            self.due = now + self._within_s
