"""The supply's rules as functions of what it knows: what to offer, when to close, open and lock.

`Situation` is all that the rules look at; the machine in supply.py keeps it up to date.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.iec61851.config import SupplyConfig
from evproto.iec61851.duty import MIN_CURRENT_A
from evproto.iec61851.generator import X1, Signal, SignalKind, Step
from evproto.iec61851.proximity import Latch, Proximity
from evproto.iec61851.states import Level, PilotState, state_of
from evproto.iec61851.supply_io import Fault, Reason

SIMPLIFIED_MAX_A = 10.0
"""The most for a vehicle with a simplified pilot (A.2.3)."""

PERMANENT = frozenset({Fault.WELDED_CONTACTOR, Fault.EMERGENCY_STOP})
"""Faults that unplugging does not clear and that keep the pilot in F."""


@dataclass(slots=True)
class Situation:
    """What the supply knows at this moment."""

    config: SupplyConfig
    level: Level = Level.INVALID
    signal: Signal = X1
    plugged: bool = False
    simplified: bool = False
    authorized: bool = False
    enabled: bool = True
    diode_seen: bool = False
    diode_doubted: bool = False
    faults: set[Fault] = field(default_factory=set)
    offer_a: float = 0.0
    offer_digital: bool = False
    step: Step = Step.X1
    urgent: bool = False
    phases: int = 3
    cable: Proximity | None = None
    locked: bool = False
    residual_tested: bool = True
    force_unlocked: bool = False

    @property
    def state(self) -> PilotState:
        """The state of Table A.4 that signal and level make."""
        if self.signal.kind is SignalKind.F:
            return PilotState.F
        if self.signal.kind is SignalKind.E:
            return PilotState.E
        return state_of(self.level, self.signal.pwm)


def limit_a(situation: Situation) -> float:
    """The most that hardware, cable, vehicle kind and phases leave, in ampere; 0 for no cable."""
    config = situation.config
    limits = [config.max_current_a, config.profile.max_current_a]
    if config.profile.supply_proximity is not None:
        limits.append(_cable_a(situation))
    if situation.phases == 1 and config.max_current_1ph_a is not None:
        limits.append(config.max_current_1ph_a)
    if situation.simplified:
        limits.append(SIMPLIFIED_MAX_A)
    return min(limits)


def offered_a(situation: Situation) -> float:
    """What the nominal duty cycle is to offer in ampere; 0 for none."""
    current = min(situation.offer_a, limit_a(situation))
    return current if current >= MIN_CURRENT_A else 0.0


def open_reason(situation: Situation) -> Reason | None:
    """Why the contactor may not be closed whatever the pilot offers, or None."""
    profile = situation.config.profile
    if situation.faults:
        return Reason.FAULT
    match situation.level:
        case Level.A:
            return Reason.UNPLUGGED
        case Level.B:
            return Reason.VEHICLE
        case Level.E | Level.F | Level.INVALID:
            return Reason.PILOT_LOST
        case Level.D if not situation.config.ventilation:
            return Reason.VENTILATION
    if situation.signal.kind in (SignalKind.E, SignalKind.F):
        return Reason.WITHDRAWN
    if profile.supply_proximity is not None and not has_cable(situation):
        return Reason.PROXIMITY
    if profile.supply_lock and not situation.locked:
        return Reason.LOCK
    return None


def may_close(situation: Situation) -> bool:
    """Whether the contactor may be closed: all of IEC 61851-1 6.3.1 and A.2 for state C2 or D2."""
    return (
        situation.signal.pwm
        and situation.authorized
        and situation.enabled
        and situation.diode_seen
        and situation.residual_tested
        and not situation.diode_doubted
        and open_reason(situation) is None
    )


def lock_wanted(situation: Situation, *, contactor_open: bool, released: bool) -> bool:
    """Whether the plug is to be locked; it never opens before the contactor has.

    released: a fault has lasted long enough for the user to take the plug.
    """
    if not contactor_open:
        return True
    if not situation.plugged or situation.force_unlocked or released:
        return False
    return situation.authorized or situation.config.lock_when_plugged


def has_cable(situation: Situation) -> bool:
    """Whether the plug's coding was read and is good."""
    return situation.cable is not None and situation.cable.latch is Latch.MATED


def _cable_a(situation: Situation) -> float:
    if situation.cable is None or not has_cable(situation):
        return 0.0
    rated = situation.cable.current_1ph_a if situation.phases == 1 else situation.cable.current_a
    return rated or 0.0
