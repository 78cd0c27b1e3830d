"""What the machines tell the application. No event holds a key."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias


class Vendor(enum.Enum):
    """Who made the own modem."""

    QUALCOMM = "qualcomm"
    LUMISSIL = "lumissil"
    UNKNOWN = "unknown"


class Failure(enum.Enum):
    """Why a matching run ended without a match."""

    NO_PARAMETERS = "no CM_SLAC_PARM.CNF"
    NO_START = "no CM_START_ATTEN_CHAR.IND"
    NO_SOUND = "no sound was heard"
    NO_ATTENUATION_RESPONSE = "no CM_ATTEN_CHAR.RSP"
    NO_REPORT = "no CM_ATTEN_CHAR.IND with a usable profile"
    NOT_FOUND = "every EVSE is too far away"
    NOT_VALIDATED = "no EVSE was validated"
    NO_MATCH_REQUEST = "neither CM_VALIDATE.REQ nor CM_SLAC_MATCH.REQ"
    NO_MATCH_RESPONSE = "no CM_SLAC_MATCH.CNF"
    NOT_JOINED = "the link did not come up"
    KEY_REFUSED = "the modem did not take the key"
    REPLACED = "another matching run took its place"
    STOPPED = "the application stopped it"
    SLAC_INIT = "no CM_SLAC_PARM.REQ at all"
    REPETITION = "the time for repetition is over"


@dataclass(frozen=True, slots=True)
class ModemFound:
    """The own modem has answered; `version` is its own text."""

    vendor: Vendor
    version: str
    mac: bytes


@dataclass(frozen=True, slots=True)
class ModemFault:
    """The own modem is silent or refuses."""

    reason: str


@dataclass(frozen=True, slots=True)
class KeySet:
    """The own modem has taken a key. verified: the modem has named the network itself."""

    nid: bytes
    verified: bool


@dataclass(frozen=True, slots=True)
class MatchingStarted:
    """EVSE: a car asks for parameters; EV: the first question is out (peer: all)."""

    peer: bytes
    run_id: bytes


@dataclass(frozen=True, slots=True)
class RunFailed:
    """One run has failed; more may follow."""

    peer: bytes
    run_id: bytes
    reason: Failure


@dataclass(frozen=True, slots=True)
class MatchingFailed:
    """Matching is over without a match."""

    reason: Failure


@dataclass(frozen=True, slots=True)
class ReportSent:
    """EVSE: the car's attenuation was reported. mean_db is None when nothing was heard."""

    peer: bytes
    mean_db: float
    sounds: int


@dataclass(frozen=True, slots=True)
class CandidatesRanked:
    """EV: the chargers that were heard with their mean attenuation in dB, nearest first."""

    candidates: tuple[tuple[bytes, float], ...]


@dataclass(frozen=True, slots=True)
class ValidationStarted:
    """EVSE: give every change of the pilot to `pilot` now. EV: see `ToggleRequested`."""

    peer: bytes
    duration: float


@dataclass(frozen=True, slots=True)
class ToggleRequested:
    """EV: make the pilot go B-C-B `toggles` times, each phase `phase` seconds, beginning now."""

    toggles: int
    phase: float


@dataclass(frozen=True, slots=True)
class ValidationEnded:
    """Whether the toggles that were seen are those that were made."""

    peer: bytes
    toggles: int
    success: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """The peer is known; the link is not up yet."""

    peer: bytes
    run_id: bytes


@dataclass(frozen=True, slots=True)
class LinkReady:
    """D-LINK_READY.indication: the data link is established, or is no more."""

    established: bool


@dataclass(frozen=True, slots=True)
class ErrorRoutineRequested:
    """EVSE: the link was lost or D-LINK_ERROR came: do the pilot's E or F routine, once."""

    reason: str


@dataclass(frozen=True, slots=True)
class AmplitudeMapReceived:
    """The peer asks to send less on some carriers: one value of 0 to 15 per carrier."""

    amplitudes: bytes


@dataclass(frozen=True, slots=True)
class AmplitudeMapAnswered:
    """The peer's answer to our amplitude map, or its silence."""

    accepted: bool


@dataclass(frozen=True, slots=True)
class FrameIgnored:
    """A frame changed nothing, and why."""

    source: bytes
    message: str
    reason: str


Event: TypeAlias = (
    ModemFound
    | ModemFault
    | KeySet
    | MatchingStarted
    | RunFailed
    | MatchingFailed
    | ReportSent
    | CandidatesRanked
    | ValidationStarted
    | ToggleRequested
    | ValidationEnded
    | Matched
    | LinkReady
    | ErrorRoutineRequested
    | AmplitudeMapReceived
    | AmplitudeMapAnswered
    | FrameIgnored
)
