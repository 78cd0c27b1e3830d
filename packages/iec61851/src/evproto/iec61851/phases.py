"""Switching between one and three phases: only with open contactor and a cut pilot, or no vehicle.

Vehicles were destroyed by a phase that came back under load; some need the pilot away for 45 s to
notice the new number of phases.
"""

from __future__ import annotations

import enum

from evproto.iec61851.timing import SupplyTiming


class PhaseStage(enum.Enum):
    """How far a switch has come."""

    IDLE = "idle"
    STOPPING = "stopping"
    """The pilot is in x1; waiting for the contactor to open."""
    OPEN = "open"
    """The contactor is open; the pilot is cut in a moment."""
    CUT = "cut"
    """The pilot is cut; the relay moves in a moment."""
    DWELL = "dwell"
    """The relay moved; the vehicle forgets."""


class PhaseSwitch:
    """The stage of the switch, and the phases in use."""

    def __init__(self, phases: int, timing: SupplyTiming) -> None:
        self.phases = phases
        self.stage = PhaseStage.IDLE
        self.due: float | None = None
        """When the present stage ends, or None when it waits for something else."""
        self.under_load = False
        self._wanted = phases
        self._timing = timing

    @property
    def cuts(self) -> bool:
        """Whether the pilot has to be cut now."""
        return self.stage in (PhaseStage.CUT, PhaseStage.DWELL)

    def request(self, phases: int) -> None:
        """Begin, or change the goal of, a switch."""
        self._wanted = phases
        if self.stage in (PhaseStage.IDLE, PhaseStage.DWELL) and phases != self.phases:
            self.stage = PhaseStage.STOPPING
            self.under_load = False
            self.due = None

    def abort(self) -> bool:
        """Give up a switch that has not moved the relay yet; tells whether there was one."""
        if self.stage in (PhaseStage.IDLE, PhaseStage.DWELL):
            return False
        self.finish()
        return True

    def finish(self) -> None:
        """The dwell is over."""
        self.stage = PhaseStage.IDLE
        self.due = None

    def opened(self, now: float) -> None:
        """The contactor is open."""
        self.stage = PhaseStage.OPEN
        self.due = now + self._timing.phase_cut_delay_s

    def cut(self, now: float) -> None:
        """The pilot is cut."""
        self.stage = PhaseStage.CUT
        self.due = now + self._timing.phase_switch_delay_s

    def move(self, now: float, *, dwell: bool) -> int:
        """The relay moves now; returns the phases that it connects."""
        self.phases = self._wanted
        self.stage = PhaseStage.DWELL if dwell else PhaseStage.IDLE
        self.due = now + self.dwell_s if dwell else None
        return self.phases

    @property
    def dwell_s(self) -> float:
        """How long the pilot stays cut after the move."""
        if self.under_load:
            return self._timing.phase_dwell_under_load_s
        return self._timing.phase_dwell_s
