"""The EVCC endpoint: the car's side of one connection."""

from __future__ import annotations

from evproto.core import DecodeError, Kind
from evproto.v2gtp import app_protocol
from evproto.v2gtp.endpoint import Endpoint, EventT, SessionT
from evproto.v2gtp.events import EndpointFaultKind, EndpointTimedOut, EndpointTimer, NoCommonProtocol
from evproto.v2gtp.frames import PayloadType, encode_frame
from evproto.v2gtp.language import Frame
from evproto.v2gtp.messages.app_protocol import SupportedAppProtocolRes, decode, encode
from evproto.v2gtp.tracing import handshake_record

SETUP_TIMEOUT = 20.0
"""Seconds; V2G_EVCC_CommunicationSetup_Timeout ([V2G2-714])."""
MESSAGE_TIMEOUT = 2.0
"""Seconds; V2G_EVCC_Msg_Timeout of supportedAppProtocolReq."""


class Evcc(Endpoint[SessionT, EventT]):
    """The car's side: offers its languages, then lets the chosen one speak first.

    `start` sends the offer, in the order of the languages. When the language has had its last
    word the connection is closed at once.
    """

    _name = "evcc"
    _setup_time = SETUP_TIMEOUT

    def _begin_handshake(self, now: float) -> None:
        self._timers.start("setup", self._began + SETUP_TIMEOUT)
        self._timers.start("response", now + MESSAGE_TIMEOUT)
        request = app_protocol.offer(self._protocols)
        payload = encode(request)
        self._record(handshake_record(now, self._name, Kind.SENT, request, payload))
        self._outputs.append(encode_frame(Frame(PayloadType.EXI, payload)))

    def _handshake(self, payload: bytes, now: float) -> None:
        try:
            response = decode(payload)
            if not isinstance(response, SupportedAppProtocolRes):
                raise DecodeError(f"expected supportedAppProtocolRes, got {type(response).__name__}")
            agreement = app_protocol.read_answer(response, self._protocols)
        except DecodeError as error:
            self._fail(EndpointFaultKind.MALFORMED_HANDSHAKE, str(error), now)
            return
        self._record(handshake_record(now, self._name, Kind.RECEIVED, response, payload))
        if agreement is not None:
            self._open_session(agreement, self._protocols, now)
            return
        self._events.append(NoCommonProtocol(self._protocols))
        self._close(now)

    def _session_over(self, now: float) -> None:
        self._close(now)

    def _on_timer(self, name: str, now: float) -> None:
        match name:
            case "setup":
                self._time_out(EndpointTimer.COMMUNICATION_SETUP, now)
            case "response":
                self._time_out(EndpointTimer.SUPPORTED_APP_PROTOCOL, now)
            case _:
                super()._on_timer(name, now)

    def _time_out(self, timer: EndpointTimer, now: float) -> None:
        self._events.append(EndpointTimedOut(timer))
        self._close(now)
