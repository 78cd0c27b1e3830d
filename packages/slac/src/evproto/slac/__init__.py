"""HomePlug Green PHY and SLAC (ISO 15118-3) for EV and EVSE.

The machines are `Evse` and `Ev`; `evproto.slac.messages` has every message and the frame around
it, `evproto.slac.driver` puts a machine on an interface, `evproto.slac.capture` writes and plays
captures, `evproto.slac.emulator` is a power line for tests.
"""

from evproto.slac.attenuation import Limits
from evproto.slac.ev import Ev, EvConfig
from evproto.slac.events import (
    AmplitudeMapAnswered,
    AmplitudeMapReceived,
    CandidatesRanked,
    ErrorRoutineRequested,
    Event,
    Failure,
    FrameIgnored,
    KeySet,
    LinkReady,
    Matched,
    MatchingFailed,
    MatchingStarted,
    ModemFault,
    ModemFound,
    ReportSent,
    RunFailed,
    ToggleRequested,
    ValidationEnded,
    ValidationStarted,
    Vendor,
)
from evproto.slac.evse import Evse, EvseConfig, Validation
from evproto.slac.keys import dak_from_password, nid_from_nmk, nmk_from_password
from evproto.slac.messages import Frame, decode, encode, redact
from evproto.slac.modem import KeySense, ModemConfig
from evproto.slac.states import EvseState, EvState, RunState
from evproto.slac.timeouts import Timeouts

__all__ = [
    "AmplitudeMapAnswered",
    "AmplitudeMapReceived",
    "CandidatesRanked",
    "ErrorRoutineRequested",
    "Ev",
    "EvConfig",
    "EvState",
    "Event",
    "Evse",
    "EvseConfig",
    "EvseState",
    "Failure",
    "Frame",
    "FrameIgnored",
    "KeySense",
    "KeySet",
    "Limits",
    "LinkReady",
    "Matched",
    "MatchingFailed",
    "MatchingStarted",
    "ModemConfig",
    "ModemFault",
    "ModemFound",
    "ReportSent",
    "RunFailed",
    "RunState",
    "Timeouts",
    "ToggleRequested",
    "Validation",
    "ValidationEnded",
    "ValidationStarted",
    "Vendor",
    "dak_from_password",
    "decode",
    "encode",
    "nid_from_nmk",
    "nmk_from_password",
    "redact",
]
