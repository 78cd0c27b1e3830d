"""What a language (DIN SPEC 70121, ISO 15118-2, -20) is to the endpoint.

The endpoint owns the road: discovery, TCP or TLS, V2GTP frames, the handshake. After
supportedAppProtocol it hands the conversation to one language session and from then on only
carries frames. A language comes from its own package; the endpoint knows none by name.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from evproto.core import Close, Machine, TraceSink

EventT = TypeVar("EventT")
SessionT_co = TypeVar("SessionT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Frame:
    """One V2GTP message: the payload type of its header and the payload."""

    payload_type: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class AppProtocol:
    """A protocol as supportedAppProtocol names it."""

    namespace: str
    version_major: int
    version_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContext:
    """What the endpoint knows when it hands over.

    protocol: the one that was agreed on. tls: whether the road is encrypted. setup_deadline:
    when communication set-up has to be finished (18 s or 20 s after it began), in the caller's
    seconds. entropy gives n random bytes; wall_clock gives an aware UTC time.
    """

    protocol: AppProtocol
    tls: bool
    setup_deadline: float
    entropy: Callable[[int], bytes]
    wall_clock: Callable[[], datetime]
    trace: TraceSink | None = None


class LanguageSession(Machine[Frame, Frame | Close, EventT]):
    """One conversation in one language: frames in, frames and at last CLOSE out."""

    @abstractmethod
    def connection_lost(self, now: float) -> None:
        """The connection ended under the conversation."""

    @property
    def closing(self) -> bool:
        """Whether CLOSE is among the outputs that nobody has taken yet."""
        return any(isinstance(output, Close) for output in self._outputs)


class Language(Protocol[SessionT_co]):
    """One side of a language, configured: it opens a session for each conversation."""

    @property
    def app_protocols(self) -> tuple[AppProtocol, ...]:
        """The protocols that it speaks, best first."""

    def open(self, context: SessionContext, now: float) -> SessionT_co:
        """A session that begins now; on the EVCC side it sends the first request."""
