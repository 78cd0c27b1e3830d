"""What an endpoint tells the application besides the events of the language."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from evproto.v2gtp.language import AppProtocol


@dataclass(frozen=True, slots=True)
class ProtocolAgreed:
    """The handshake chose a language: its session runs from now on.

    `offered` are the EVCC's protocols, best first.
    """

    protocol: AppProtocol
    minor_deviation: bool
    offered: tuple[AppProtocol, ...]


@dataclass(frozen=True, slots=True)
class NoCommonProtocol:
    """The handshake failed: none of the `offered` protocols is spoken by both."""

    offered: tuple[AppProtocol, ...]


class EndpointFaultKind(enum.Enum):
    """What the peer did wrong on the road; what it did wrong in the language, the language tells."""

    WRONG_VERSION = "WrongVersion"
    WRONG_INVERSE_VERSION = "WrongInverseVersion"
    UNKNOWN_PAYLOAD_TYPE = "UnknownPayloadType"
    PAYLOAD_TOO_LONG = "PayloadTooLong"
    UNEXPECTED_PAYLOAD_TYPE = "UnexpectedPayloadType"
    MALFORMED_HANDSHAKE = "MalformedHandshake"
    UNEXPECTED_FRAME = "UnexpectedFrame"


@dataclass(frozen=True, slots=True)
class EndpointFault:
    """The peer broke a rule of the road; after a `fatal` one the connection is closed."""

    kind: EndpointFaultKind
    reason: str
    fatal: bool


class EndpointTimer(enum.Enum):
    """The timers that run before the language has taken over."""

    COMMUNICATION_SETUP = "V2G_CommunicationSetup"
    SUPPORTED_APP_PROTOCOL = "supportedAppProtocolRes"


@dataclass(frozen=True, slots=True)
class EndpointLate:
    """The performance time of a timer has passed; nothing is broken yet."""

    timer: EndpointTimer


@dataclass(frozen=True, slots=True)
class EndpointTimedOut:
    """A timer has run out: the connection is closed."""

    timer: EndpointTimer


@dataclass(frozen=True, slots=True)
class ConnectionEnded:
    """The last event: the connection is gone. `by_us` tells who closed it."""

    by_us: bool


EndpointEvent: TypeAlias = (
    ProtocolAgreed | NoCommonProtocol | EndpointFault | EndpointLate | EndpointTimedOut | ConnectionEnded
)
