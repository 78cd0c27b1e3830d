"""When the contactor may close, and when it has to open (IEC 61851-1 Table A.6, Seq 2, 4, 8, 10)."""

from __future__ import annotations

from evproto.iec61851.rules import Situation, may_close, open_reason
from evproto.iec61851.supply_io import Reason
from evproto.iec61851.timing import SupplyTiming


class Interlock:
    """Holds the permission to close, and the two times that it takes.

    After C2 the permission waits for `close_delay_s`; after x1 a closed contactor stays closed
    for `stop_s`, so that the vehicle may end its draw first (Seq 10).
    """

    def __init__(self, timing: SupplyTiming) -> None:
        self.permitted = False
        self._timing = timing
        self._close_due: float | None = None
        self._stop_due: float | None = None

    @property
    def due(self) -> float | None:
        """When to decide again although nothing changed, or None."""
        return self._stop_due if self._close_due is None else self._close_due

    def decide(self, situation: Situation, *, closed: bool, opened: bool, now: float) -> Reason | bool:
        """Returns why to open now, True for a permission that begins now, else False.

        closed: the contactor is commanded to close. opened: it is known to be open.
        """
        reason = open_reason(situation) or self._stop_reason(situation, closed, now)
        if reason is not None:
            lost = self.revoke() or closed
            return reason if lost else False
        if self.permitted or not (opened and may_close(situation)):
            self._close_due = None
            return False
        return self._permit(now)

    def revoke(self) -> bool:
        """Take the permission back; tells whether there was one."""
        lost, self.permitted = self.permitted, False
        self._close_due = self._stop_due = None
        return lost

    def _stop_reason(self, situation: Situation, closed: bool, now: float) -> Reason | None:
        if closed and not situation.signal.pwm:
            if self._stop_due is None:
                self._stop_due = now + self._timing.stop_s
            return Reason.STOP_TIMEOUT if now >= self._stop_due else None
        self._stop_due = None
        if self.permitted and not closed and not may_close(situation):
            return Reason.WITHDRAWN
        return None

    def _permit(self, now: float) -> bool:
        if self._close_due is None:
            self._close_due = now + self._timing.close_delay_s
        if now < self._close_due:
            return False
        self._close_due = None
        self.permitted = True
        return True
