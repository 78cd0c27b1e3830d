"""What goes into and comes out of the supply machine: readings, commands to the board, events."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from evproto.iec61851.states import PilotState, sequence_of


@dataclass(frozen=True, slots=True)
class PilotSample:
    """The pilot at the supply, in volt: the positive plateau, and the negative one while PWM runs."""

    high_v: float
    low_v: float | None = None


@dataclass(frozen=True, slots=True)
class ProximitySample:
    """The proximity contact in ohm; infinity when open."""

    resistance_ohm: float


@dataclass(frozen=True, slots=True)
class ContactorFeedback:
    """The auxiliary contact of the contactor."""

    closed: bool


@dataclass(frozen=True, slots=True)
class LockFeedback:
    """The contact of the plug's lock."""

    locked: bool


@dataclass(frozen=True, slots=True)
class CurrentSample:
    """The current of each phase in ampere."""

    phases_a: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ResidualCurrent:
    """The residual current device tripped, or reports that it is ready again."""

    tripped: bool


@dataclass(frozen=True, slots=True)
class ReadingsLost:
    """The board cannot tell anything any more: what it told last is no longer true."""


SupplyInput: TypeAlias = (
    PilotSample
    | ProximitySample
    | ContactorFeedback
    | LockFeedback
    | CurrentSample
    | ResidualCurrent
    | ReadingsLost
)


@dataclass(frozen=True, slots=True)
class SetPilot:
    """Drive the pilot: 1 is constant +12 V (x1), 0 constant -12 V (F), else PWM of 1 kHz.

    The duty cycle is a whole number of steps of the resolution that the configuration names.
    """

    duty: Fraction


@dataclass(frozen=True, slots=True)
class CutPilot:
    """Disconnect the vehicle from the pilot (it sees E), or connect it again."""

    cut: bool


@dataclass(frozen=True, slots=True)
class SetContactor:
    """Close or open the contactor."""

    closed: bool


@dataclass(frozen=True, slots=True)
class SetLock:
    """Lock or release the plug."""

    locked: bool


@dataclass(frozen=True, slots=True)
class SetPhases:
    """Connect one phase or all three behind the contactor."""

    phases: int


@dataclass(frozen=True, slots=True)
class TestResidualCurrent:
    """Let the residual current device test itself: it is to report a trip and its end."""

    __test__ = False  # no test of pytest's, whatever its name


SupplyOutput: TypeAlias = SetPilot | CutPilot | SetContactor | SetLock | SetPhases | TestResidualCurrent


class Fault(enum.Enum):
    """What keeps the supply from charging until it is cleared."""

    DIODE = "diode"
    """No diode in the vehicle: the negative half of the pilot is loaded."""
    PILOT = "pilot"
    """A pilot voltage that no state has."""
    PROXIMITY = "proximity"
    LOCK = "lock"
    WELDED_CONTACTOR = "welded contactor"
    STUCK_CONTACTOR = "stuck contactor"
    """The contactor did not close when it was told to."""
    RESIDUAL_CURRENT = "residual current"
    RESIDUAL_CURRENT_TEST = "residual current self-test"
    """The device did not trip in its self-test, or did not come back."""
    OVERCURRENT = "overcurrent"
    EMERGENCY_STOP = "emergency stop"
    INTERNAL = "internal"
    """A fault that the application found."""


class Reason(enum.Enum):
    """Why the contactor opens."""

    UNPLUGGED = "unplugged"
    VEHICLE = "vehicle opened S2"
    STOP_TIMEOUT = "vehicle did not stop"
    VENTILATION = "no ventilation"
    PILOT_LOST = "pilot lost"
    PROXIMITY = "proximity lost"
    LOCK = "lock lost"
    FAULT = "fault"
    WITHDRAWN = "withdrawn"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The pilot's state changed."""

    previous: PilotState
    state: PilotState

    @property
    def sequence(self) -> str | None:
        """The sequence number of IEC 61851-1 Table A.6."""
        return sequence_of(self.previous, self.state)


@dataclass(frozen=True, slots=True)
class PluggedIn:
    """A vehicle is connected; `simplified` when it came without state B (Seq 1.2): at most 10 A."""

    simplified: bool


@dataclass(frozen=True, slots=True)
class Unplugged:
    """The vehicle is gone (Seq 2.1 or 2.2); authorization and offer are forgotten."""


@dataclass(frozen=True, slots=True)
class PowerRequested:
    """The vehicle closed S2: state C, or D with `ventilation`."""

    ventilation: bool


@dataclass(frozen=True, slots=True)
class PowerReleased:
    """The vehicle opened S2: back in state B."""


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """What the pilot now offers in ampere: 0 in x1, E and F; None at 5 %, where the HLC says."""

    current_a: float | None


@dataclass(frozen=True, slots=True)
class ContactorMayClose:
    """All conditions hold: state C2 or D2, authorized, diode seen, plug locked, no fault."""


@dataclass(frozen=True, slots=True)
class ContactorMustOpen:
    """The conditions hold no more; the command to open is among the outputs already."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class LockWanted:
    """The plug is to be locked or released; the command is among the outputs."""

    locked: bool


@dataclass(frozen=True, slots=True)
class CableRated:
    """The cable's coding: the most that it carries in ampere, or None for no cable."""

    current_a: float | None


@dataclass(frozen=True, slots=True)
class ToggleSeen:
    """A short B-C-B change: the how-many-th of its sequence, and how long C stood in seconds."""

    number: int
    closed_s: float


@dataclass(frozen=True, slots=True)
class TogglesEnded:
    """A sequence of B-C-B changes ended (ISO 15118-3 validation, or a wish to resume)."""

    number: int


@dataclass(frozen=True, slots=True)
class WakeUpStarted:
    """The vehicle stays in B2: a step of the wake-up ladder began (A.5.3), counted from 1."""

    step: int


@dataclass(frozen=True, slots=True)
class WakeUpExhausted:
    """All steps of the wake-up ladder were tried and the vehicle stays in B2."""


@dataclass(frozen=True, slots=True)
class PhasesSwitched:
    """The phase relay moved; the pilot comes back after its dwell."""

    phases: int


@dataclass(frozen=True, slots=True)
class PhaseSwitchAborted:
    """A fault came before the phase relay moved."""


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A fault: the contactor opens, the pilot goes to F."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultsCleared:
    """No fault any more: the vehicle left, or the application reset them."""


SupplyEvent: TypeAlias = (
    StateChanged
    | PluggedIn
    | Unplugged
    | PowerRequested
    | PowerReleased
    | OfferChanged
    | ContactorMayClose
    | ContactorMustOpen
    | LockWanted
    | CableRated
    | ToggleSeen
    | TogglesEnded
    | WakeUpStarted
    | WakeUpExhausted
    | PhasesSwitched
    | PhaseSwitchAborted
    | FaultRaised
    | FaultsCleared
)
