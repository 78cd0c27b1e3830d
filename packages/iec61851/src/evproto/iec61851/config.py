"""What a supply is built with."""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.core import ConfigError
from evproto.iec61851.duty import MIN_CURRENT_A
from evproto.iec61851.profiles import TYPE2_TETHERED, ConnectorProfile
from evproto.iec61851.timing import SupplyTiming
from evproto.iec61851.wakeup import STANDARD_WAKE_UP, WakeUpStep


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyConfig:
    """The supply's hardware and habits; the defaults are a wall box of 32 A with a fixed cable.

    max_current_a: the most that the hardware carries per phase. max_current_1ph_a: the most on
    one phase alone (unbalanced load), None for no other limit. ventilation: state D may charge.
    automatic_contactor: the machine closes the contactor as soon as it may; else the application
    does so by `close_contactor` (direct current). None: as the profile says. contactor_feedback,
    lock_feedback: an auxiliary contact exists. can_cut: the board can cut the vehicle from the
    pilot (state E); else F is shown in its place. lock_when_plugged: lock the plug before
    authorization (IEC 61851-1 D.6.5, public chargers). resolution: the PWM hardware's steps.
    residual_self_test: the residual current device tests itself before the first closing for each
    vehicle. phases: the phases connected at the start. wake_up: the ladder for a vehicle that stays in B2.
    """

    profile: ConnectorProfile = TYPE2_TETHERED
    max_current_a: float = 32.0
    max_current_1ph_a: float | None = None
    ventilation: bool = False
    automatic_contactor: bool | None = None
    contactor_feedback: bool = True
    lock_feedback: bool = True
    can_cut: bool = True
    lock_when_plugged: bool = False
    residual_self_test: bool = False
    resolution: int = 10_000
    phases: int = 3
    wake_up: tuple[WakeUpStep, ...] = STANDARD_WAKE_UP
    timing: SupplyTiming = field(default_factory=SupplyTiming)

    def __post_init__(self) -> None:
        if not self.max_current_a >= MIN_CURRENT_A:
            raise ConfigError(f"max_current_a: {MIN_CURRENT_A} A or more expected, got {self.max_current_a}")
        if self.resolution < 100:
            raise ConfigError(f"resolution: 100 steps or more expected, got {self.resolution}")
        if self.phases not in (1, 3):
            raise ConfigError(f"phases: 1 or 3 expected, got {self.phases}")
        if self.timing.debounce_limit_s > 0.09:
            raise ConfigError("debounce_limit_s: at most 0.09 s, the contactor needs the rest of 100 ms")

    @property
    def closes_by_itself(self) -> bool:
        """Whether the machine closes the contactor without being told."""
        if self.automatic_contactor is None:
            return not self.profile.direct_current
        return self.automatic_contactor
