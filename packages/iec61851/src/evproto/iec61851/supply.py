"""The supply's side of the control pilot: IEC 61851-1 Annex A, SAE J1772, ISO 15118-3 clause 7.

The public face of the machine in engine.py: its properties and commands.
"""

from __future__ import annotations

from evproto.core import StateError
from evproto.iec61851 import supply_io as io
from evproto.iec61851.engine import SupplyEngine
from evproto.iec61851.generator import F, Step
from evproto.iec61851.states import Level, PilotState
from evproto.iec61851.supply_io import Fault, SupplyInput
from evproto.iec61851.wakeup import WakeUpStep


class Supply(SupplyEngine):
    """One connector of a charger.

    Readings come in by `receive`; the outputs are commands for the board. A session is
    `authorize` and `offer` (or `offer_digital`), in any order; the rest follows from the pilot.
    """

    @property
    def state(self) -> PilotState:
        """The pilot's state."""
        return self._state

    @property
    def plugged(self) -> bool:
        """Whether a vehicle is connected."""
        return self._situation.plugged

    @property
    def offered_a(self) -> float | None:
        """What the pilot offers now in ampere: 0 for none, None at 5 %."""
        return self._offered

    @property
    def authorized(self) -> bool:
        """Whether power is authorized."""
        return self._situation.authorized

    @property
    def contactor_closed(self) -> bool:
        """Whether the contactor is commanded to close."""
        return self._contactor.commanded

    @property
    def may_close(self) -> bool:
        """Whether the contactor may be closed now: between ContactorMayClose and ContactorMustOpen."""
        return self._interlock.permitted

    @property
    def phases(self) -> int:
        """The phases that are connected."""
        return self._phases.phases

    @property
    def faults(self) -> frozenset[Fault]:
        """The faults that stand."""
        return frozenset(self._situation.faults)

    def receive(self, item: SupplyInput, now: float) -> None:
        """Take a reading of the board."""
        now = self._enter(now)
        if self._take(item, now):
            self._evaluate(now)

    def authorize(self, now: float) -> None:
        """Allow power to this vehicle, or to the next when none is connected."""
        now = self._enter(now)
        self._situation.authorized = True
        self._evaluate(now)

    def deauthorize(self, now: float) -> None:
        """Take the authorization back: a nominal pilot goes to x1 and the vehicle has 6 s to stop.

        At 5 % the digital communication ends the session; the contactor cannot close again.
        """
        now = self._enter(now)
        self._situation.authorized = False
        self._evaluate(now)

    def offer(self, current_a: float, now: float, *, step: Step = Step.X1, urgent: bool = False) -> None:
        """Offer a current by nominal duty cycle once authorized; less than 6 A means none.

        The least of offer, hardware, cable and phases counts. step: the way when 5 % runs now.
        urgent: a decrease does not wait for the 5 s between changes.
        """
        if not current_a >= 0:
            raise ValueError(f"current_a: 0 or more expected, got {current_a}")
        self._set_offer(now, current_a, digital=False, step=step, urgent=urgent)

    def offer_digital(self, now: float, *, step: Step = Step.X1) -> None:
        """Offer 5 %: the vehicle is to start digital communication. step: the way from nominal."""
        self._set_offer(now, 0.0, digital=True, step=step)

    def withdraw(self, now: float) -> None:
        """Offer nothing: x1. A vehicle that does not open S2 is switched off after 6 s."""
        self._set_offer(now, 0.0, digital=False)

    def close_contactor(self, now: float) -> None:
        """Close the contactor, where the application does it. StateError unless `may_close`."""
        now = self._enter(now)
        if self.config.closes_by_itself:
            raise StateError("the machine closes the contactor by itself")
        if not self._interlock.permitted:
            raise StateError(f"the contactor may not close in state {self._state.value}")
        self._command_contactor(True, now)
        self._evaluate(now)

    def open_contactor(self, now: float) -> None:
        """Open the contactor, where the application closes it; it may be closed again."""
        now = self._enter(now)
        if self.config.closes_by_itself:
            raise StateError("the machine opens the contactor by itself; use withdraw")
        self._command_contactor(False, now)
        self._evaluate(now)

    def enable(self, now: float) -> None:
        """Make the supply available again."""
        now = self._enter(now)
        self._situation.enabled = True
        self._evaluate(now)

    def disable(self, now: float) -> None:
        """Make the supply unavailable: x1 until the contactor is open, then F."""
        now = self._enter(now)
        self._situation.enabled = False
        self._evaluate(now)

    def fault(self, fault: Fault, now: float) -> None:
        """Report a fault that the application found: the contactor opens at once."""
        now = self._enter(now)
        self._fail(fault, now)
        self._evaluate(now)

    def clear_faults(self, now: float) -> None:
        """Reset all faults; those whose cause stands are raised again."""
        now = self._enter(now)
        self._clear(set(), now)
        self._contactor.watch_again(now)
        self._lock.watch_again(now)
        self._evaluate(now)

    def force_unlock(self, now: float) -> None:
        """Release the plug until it is pulled, as soon as the contactor is open."""
        now = self._enter(now)
        self._situation.force_unlocked = True
        self._evaluate(now)

    def switch_phases(self, phases: int, now: float) -> None:
        """Go to one or three phases: x1, contactor open, pilot cut, relay, dwell, then the offer again."""
        if phases not in (1, 3) or phases > self.config.profile.phases:
            raise ValueError(f"phases: 1 or 3 expected, as {self.config.profile.name} has them, got {phases}")
        now = self._enter(now)
        self._phases.request(phases)
        self._evaluate(now)

    def wake_up(self, now: float, step: WakeUpStep | None = None) -> None:
        """Show E or F to a vehicle that stays in B, for 4 s or as `step` says. StateError in C or D."""
        now = self._enter(now)
        if self._situation.level is not Level.B or self._contactor.commanded:
            raise StateError(f"a vehicle in state {self._state.value} is not asleep")
        self._wake.begin(now, step or WakeUpStep(0.0, F, self._timing.t_step_ef_s))
        self._evaluate(now)

    def error_step(self, now: float) -> None:
        """Show E/F for T_step_EF and come back: digital communication is to start anew (D-LINK_ERROR)."""
        now = self._enter(now)
        if not self._situation.plugged or self._situation.faults:
            raise StateError(f"no error step in state {self._state.value}")
        self._open(io.Reason.COMMAND, now)
        self._wake.begin(now, WakeUpStep(0.0, self._step_signal, self._timing.t_step_ef_s))
        self._evaluate(now)

    def _set_offer(
        self, now: float, current_a: float, *, digital: bool, step: Step = Step.X1, urgent: bool = False
    ) -> None:
        now = self._enter(now)
        situation = self._situation
        situation.offer_a = current_a
        situation.offer_digital = digital
        situation.step = step
        situation.urgent = urgent
        self._evaluate(now)
