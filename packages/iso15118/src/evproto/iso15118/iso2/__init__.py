"""ISO 15118-2:2014: the two sides as languages of `evproto.v2gtp`, and all messages.

    iso2.Secc(config)   the charger, for evproto.v2gtp.Secc
    iso2.Evcc(config)   the car, for evproto.v2gtp.Evcc

What the application says and hears is in `evproto.v2gtp.charging`.
"""

from typing import TYPE_CHECKING

from evproto.core.lazy import lazy

if TYPE_CHECKING:
    from .evcc import Evcc
    from .paused import PausedSession, PausedSessions
    from .secc import APP_PROTOCOL, Secc
    from .states import ACCEPTS, EVCC_TABLE, SECC_TABLE, Outcome, Row, SeccState, Step
    from .timeouts import FIELD, STRICT, Timeouts, Timing

__all__ = [
    "ACCEPTS",
    "APP_PROTOCOL",
    "EVCC_TABLE",
    "FIELD",
    "SECC_TABLE",
    "STRICT",
    "Evcc",
    "Outcome",
    "PausedSession",
    "PausedSessions",
    "Row",
    "Secc",
    "SeccState",
    "Step",
    "Timeouts",
    "Timing",
]

__getattr__ = lazy(
    __name__,
    evcc="Evcc",
    paused="PausedSession PausedSessions",
    secc="APP_PROTOCOL Secc",
    states="ACCEPTS EVCC_TABLE SECC_TABLE Outcome Row SeccState Step",
    timeouts="FIELD STRICT Timeouts Timing",
)
