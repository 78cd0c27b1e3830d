"""The SECC endpoint: the charger's side of one connection."""

from __future__ import annotations

from evproto.core import DecodeError, Kind
from evproto.v2gtp import app_protocol
from evproto.v2gtp.endpoint import Endpoint, EventT, Phase, SessionT
from evproto.v2gtp.events import (
    EndpointFaultKind,
    EndpointLate,
    EndpointTimedOut,
    EndpointTimer,
    NoCommonProtocol,
)
from evproto.v2gtp.frames import PayloadType, encode_frame
from evproto.v2gtp.language import Frame
from evproto.v2gtp.messages.app_protocol import SupportedAppProtocolReq, decode, encode
from evproto.v2gtp.tracing import handshake_record

SETUP_PERFORMANCE_TIME = 18.0
"""Seconds; V2G_SECC_CommunicationSetup_Performance_Time ([V2G2-714])."""
SETUP_TIMEOUT = 20.0
"""Seconds after which the SECC gives up a connection on which nothing was agreed."""
TERMINATION_WAIT = 5.0
"""Seconds that the EVCC has to close the connection after the last response."""


class Secc(Endpoint[SessionT, EventT]):
    """The charger's side: answers the handshake, then lets the chosen language answer.

    After the last response the car closes the connection; when it has not done so within 5 s,
    we do.
    """

    _name = "secc"
    _setup_time = SETUP_PERFORMANCE_TIME

    def _begin_handshake(self, now: float) -> None:
        self._timers.start("setup late", self._began + SETUP_PERFORMANCE_TIME)
        self._timers.start("setup", self._began + SETUP_TIMEOUT)

    def _handshake(self, payload: bytes, now: float) -> None:
        try:
            request = decode(payload)
        except DecodeError as error:
            self._fail(EndpointFaultKind.MALFORMED_HANDSHAKE, str(error), now)
            return
        if not isinstance(request, SupportedAppProtocolReq):
            reason = f"expected supportedAppProtocolReq, got {type(request).__name__}"
            self._fail(EndpointFaultKind.MALFORMED_HANDSHAKE, reason, now)
            return
        self._record(handshake_record(now, self._name, Kind.RECEIVED, request, payload))
        self._answer(request, now)

    def _answer(self, request: SupportedAppProtocolReq, now: float) -> None:
        agreement = app_protocol.choose(request, self._protocols)
        response = app_protocol.answer(agreement)
        payload = encode(response)
        self._record(handshake_record(now, self._name, Kind.SENT, response, payload))
        self._outputs.append(encode_frame(Frame(PayloadType.EXI, payload)))
        offered = app_protocol.offered(request)
        if agreement is not None:
            self._open_session(agreement, offered, now)
            return
        self._events.append(NoCommonProtocol(offered))
        self._timers.clear()
        self._enter(Phase.CLOSING, now)
        self._session_over(now)

    def _session_over(self, now: float) -> None:
        self._timers.start("termination", now + TERMINATION_WAIT)

    def _on_timer(self, name: str, now: float) -> None:
        match name:
            case "setup late":
                self._events.append(EndpointLate(EndpointTimer.COMMUNICATION_SETUP))
            case "setup":
                self._events.append(EndpointTimedOut(EndpointTimer.COMMUNICATION_SETUP))
                self._close(now)
            case "termination":
                self._close(now)
            case _:
                super()._on_timer(name, now)
