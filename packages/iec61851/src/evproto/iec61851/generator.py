"""Which signal the supply may put on the pilot next, and when.

Between 5 % and a nominal duty cycle, and between any two periods of PWM, lies x1 for T_step_X1 or
E/F for T_step_EF (ISO 15118-3); nominal duty cycles change at most every 5 s (Seq 6).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction

from evproto.iec61851.duty import F_DUTY, X1_DUTY, digital_duty, duty_for_current
from evproto.iec61851.timing import SupplyTiming


class SignalKind(enum.Enum):
    """The families of pilot signals."""

    X1 = "x1"
    DIGITAL = "5 %"
    NOMINAL = "nominal"
    E = "E"
    """The vehicle is cut from the pilot."""
    F = "F"


class Step(enum.Enum):
    """The way from one PWM family to the other (ISO 15118-3 [V2G3-M06-05], [V2G3-M06-06])."""

    X1 = "x1"
    EF = "E/F"


@dataclass(frozen=True, slots=True)
class Signal:
    """What is on the pilot."""

    kind: SignalKind
    duty: Fraction

    @property
    def pwm(self) -> bool:
        """Whether PWM runs."""
        return self.kind in _PWM


X1 = Signal(SignalKind.X1, X1_DUTY)
F = Signal(SignalKind.F, F_DUTY)
E = Signal(SignalKind.E, X1_DUTY)


class Signals:
    """The signals that one supply's hardware makes: `resolution` steps, and E only if it can cut."""

    def __init__(self, resolution: int, *, can_cut: bool) -> None:
        self.digital = Signal(SignalKind.DIGITAL, digital_duty(resolution))
        self.cut = E if can_cut else F
        self._resolution = resolution
        self._last = (0.0, X1)

    def nominal(self, current_a: float) -> Signal:
        """The signal that offers the current; x1 for none."""
        if not current_a:
            return X1
        if self._last[0] != current_a:
            duty = duty_for_current(current_a, self._resolution)
            self._last = (current_a, Signal(SignalKind.NOMINAL, duty))
        return self._last[1]


_PWM = (SignalKind.NOMINAL, SignalKind.DIGITAL)
_ERROR = (SignalKind.E, SignalKind.F)


class Generator:
    """Walks from the present signal to the wanted one by the steps that the standards ask for."""

    def __init__(self, timing: SupplyTiming, step_signal: Signal) -> None:
        self.signal = X1
        self.due: float | None = None
        """When the next step may be taken, or None when there is none to wait for."""
        self._timing = timing
        self._step_signal = step_signal
        self._target = X1
        self._step = Step.X1
        self._urgent = False
        self._hold_s = 0.0
        self._next_hold_s = 0.0
        self._since = 0.0
        self._x1_least_s = 0.0
        self._pwm_at = -float("inf")

    def want(
        self, target: Signal, *, step: Step = Step.X1, hold_s: float = 0.0, urgent: bool = False
    ) -> None:
        """Set the goal. hold_s: the least time to stay once it is E or F. urgent: reduce at once."""
        self._target = target
        self._step = step
        self._urgent = urgent
        if target.kind in _ERROR and target.kind is self.signal.kind:
            self._hold_s = max(self._hold_s, hold_s)
        elif target.kind in _ERROR:
            self._next_hold_s = hold_s

    def step(self, now: float) -> Signal | None:
        """Take the next step if its time has come; returns the new signal, else None."""
        following = self._following()
        if following == self.signal:
            self.due = None
            return None
        due = self._earliest(following)
        if now < due:
            self.due = due
            return None
        self._enter(following, now)
        return following

    def _following(self) -> Signal:
        present, target = self.signal.kind, self._target
        if not target.pwm or present is target.kind or present is SignalKind.X1:
            return target
        if present in _PWM and self._step is Step.EF:
            self._next_hold_s = self._timing.t_step_ef_s
            return self._step_signal
        return X1

    def _earliest(self, following: Signal) -> float:
        present = self.signal.kind
        if present in _ERROR:
            return self._since + (0.0 if following.kind in _ERROR else self._hold_s)
        if not following.pwm:
            return self._since
        if present is SignalKind.X1:
            return self._since + self._x1_least_s
        if self._urgent and following.duty < self.signal.duty:
            return self._since
        return self._pwm_at + self._timing.pwm_interval_s

    def _enter(self, following: Signal, now: float) -> None:
        if following.kind is SignalKind.X1:
            self._x1_least_s = self._x1_after(now)
        elif following.kind in _ERROR:
            if self.signal.kind not in _ERROR:
                self._hold_s = self._next_hold_s
        else:
            self._pwm_at = now
        if following.kind is not self.signal.kind:
            self._since = now
        self.signal = following

    def _x1_after(self, now: float) -> float:
        """An E or F too short for T_step_EF is no step: x1 must then last for T_step_X1."""
        if self.signal.kind in _ERROR and now - self._since >= self._timing.t_step_ef_s:
            return self._timing.ready_s
        return self._timing.t_step_x1_s
