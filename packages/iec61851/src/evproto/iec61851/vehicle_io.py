"""What goes into and comes out of the vehicle machine: readings, commands to the board, events."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from evproto.iec61851.states import PilotState
from evproto.iec61851.supply_io import LockFeedback, ProximitySample, StateChanged


@dataclass(frozen=True, slots=True)
class PilotReading:
    """The pilot at the vehicle: duty cycle, 0 to 1, and positive plateau in volt.

    A constant voltage has duty 1 when positive, 0 when negative or zero.
    """

    duty: float
    high_v: float


@dataclass(frozen=True, slots=True)
class MainsPresent:
    """Whether voltage is at the inlet."""

    present: bool


VehicleInput: TypeAlias = PilotReading | ProximitySample | MainsPresent | LockFeedback


class Load(enum.Enum):
    """The resistance that the vehicle puts on the pilot, by the state that it makes."""

    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class SetLoad:
    """Open S2 (B), or close it without (C) or with (D) the wish for ventilation."""

    load: Load


@dataclass(frozen=True, slots=True)
class SetDraw:
    """The most that the on-board charger may draw now, in ampere per phase."""

    current_a: float


@dataclass(frozen=True, slots=True)
class SetInletLock:
    """Lock or release the plug in the inlet."""

    locked: bool


VehicleOutput: TypeAlias = SetLoad | SetDraw | SetInletLock


@dataclass(frozen=True, slots=True)
class Connected:
    """A supply is there."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """No supply is there any more."""


@dataclass(frozen=True, slots=True)
class CurrentAvailable:
    """The supply offers this current in ampere by its duty cycle; 0 for none."""

    current_a: float


@dataclass(frozen=True, slots=True)
class DigitalAvailable:
    """The supply shows 5 %: digital communication is to begin."""


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The supply took its pilot away while S2 was closed; the draw ends and S2 opens."""

    state: PilotState


@dataclass(frozen=True, slots=True)
class ReleasePressed:
    """The button of the plug is pressed: the draw ended."""


@dataclass(frozen=True, slots=True)
class CableReadAtInlet:
    """The cable's coding read at the inlet, in ampere; None for a cable without."""

    current_a: float | None


@dataclass(frozen=True, slots=True)
class TogglesSent:
    """The B-C-B toggles that were asked for are done."""

    number: int


@dataclass(frozen=True, slots=True)
class WokenUp:
    """The supply woke the sleeping vehicle (A.5.3)."""


VehicleEvent: TypeAlias = (
    StateChanged
    | Connected
    | Disconnected
    | CurrentAvailable
    | DigitalAvailable
    | StopRequested
    | ReleasePressed
    | CableReadAtInlet
    | TogglesSent
    | WokenUp
)
