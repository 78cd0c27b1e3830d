"""What SECC and EVCC share: the road under a language session.

An endpoint cuts the stream into frames, holds the handshake, opens the session of the language
that was chosen, and then carries frames for it. Outputs, events and the deadline of the session
appear as the endpoint's own, also when the application speaks to the session directly.
"""

from __future__ import annotations

import enum
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from evproto.core import CLOSE, Close, JsonValue, Kind, StateError, StreamMachine, Trace, TraceSink
from evproto.v2gtp.app_protocol import Agreement
from evproto.v2gtp.events import (
    ConnectionEnded,
    EndpointEvent,
    EndpointFault,
    EndpointFaultKind,
    ProtocolAgreed,
)
from evproto.v2gtp.frames import DEFAULT_MAX_PAYLOAD, FrameFault, FrameParser, PayloadType, encode_frame
from evproto.v2gtp.language import AppProtocol, Frame, Language, LanguageSession, SessionContext

SessionT = TypeVar("SessionT", bound=LanguageSession[Any])
EventT = TypeVar("EventT")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Phase(enum.Enum):
    """How far a connection is."""

    IDLE = "idle"
    HANDSHAKE = "handshake"
    SESSION = "session"
    CLOSING = "closing"
    """All is said; the peer is given time to close the connection."""
    CLOSED = "closed"


class Endpoint(StreamMachine[EndpointEvent | EventT], Generic[SessionT, EventT]):
    """One connection. `start` comes first, once the TCP or TLS connection stands.

    languages: what we speak, best first. entropy: n random bytes of a cryptographic source.
    wall_clock: an aware UTC time. tls: whether the connection is encrypted. max_payload: bytes
    of a frame that are accepted at most.
    """

    _name: str
    _setup_time: float
    """Seconds that communication set-up may take, as the language is told."""

    def __init__(
        self,
        languages: Sequence[Language[SessionT]],
        *,
        entropy: Callable[[int], bytes],
        wall_clock: Callable[[], datetime],
        tls: bool = False,
        max_payload: int = DEFAULT_MAX_PAYLOAD,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self._languages = {
            protocol: language for language in reversed(languages) for protocol in language.app_protocols
        }
        self._protocols = tuple(
            dict.fromkeys(protocol for language in languages for protocol in language.app_protocols)
        )
        if not self._protocols:
            raise ValueError("an endpoint needs at least one language")
        self._entropy = entropy
        self._wall_clock = wall_clock
        self._tls = tls
        self._parser = FrameParser(max_payload=max_payload)
        self._phase = Phase.IDLE
        self._began = 0.0
        self._now = 0.0
        self._session: SessionT | None = None
        self._protocol: AppProtocol | None = None
        self._closed_by_us = False
        self._ended = False

    def start(self, now: float, began: float | None = None) -> None:
        """The connection stands. Communication set-up began at `began`, now when not given."""
        if self._phase is not Phase.IDLE:
            raise StateError(f"the {self._name} endpoint has been started already")
        self._now = now
        self._began = now if began is None else began
        self._enter(Phase.HANDSHAKE, now)
        self._begin_handshake(now)

    def receive(self, item: bytes, now: float) -> None:
        """Take bytes of the stream."""
        if self._phase is Phase.IDLE:
            raise StateError(f"the {self._name} endpoint has not been started")
        self._now = now
        for found in self._parser.feed(item):
            if self._phase is Phase.CLOSED:
                return
            if isinstance(found, Frame):
                self._receive_frame(found, now)
            else:
                self._receive_fault(found, now)
        # Not before: a second request in the same bytes came before the first was answered, and
        # the session tells so by its answer that nobody has taken.
        self._collect(now)

    def connection_lost(self, now: float) -> None:
        """The stream ended; `ConnectionEnded` is the last event."""
        self._now = now
        if self._ended:
            return
        self._ended = True
        self._break_session(now)
        self._enter(Phase.CLOSED, now)
        self._timers.clear()
        self._outputs.clear()
        self._events.append(ConnectionEnded(self._closed_by_us))

    def close(self, now: float) -> None:
        """End the connection at once; a running session is told that it lost the connection."""
        self._now = now
        if self._phase is Phase.CLOSED:
            return
        self._break_session(now)
        self._close(now)

    @property
    def phase(self) -> Phase:
        """How far the connection is."""
        return self._phase

    @property
    def protocol(self) -> AppProtocol | None:
        """The protocol that was agreed on."""
        return self._protocol

    @property
    def session(self) -> SessionT | None:
        """The session of the language, from the agreement on."""
        return self._session

    def command(
        self,
        verb: Callable[Concatenate[SessionT, Arguments], Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """Call a method of the running session: `command(SeccSession.authorize, True, now)`.

        `verb` may be the method of a base class: the session's own is called. StateError while
        no session runs.
        """
        if self._session is None:
            raise StateError(f"no language session runs: the {self._name} endpoint is {self._phase.value}")
        method: Callable[Arguments, Result] = getattr(self._session, verb.__name__)
        return method(*arguments, **options)

    def next_output(self) -> bytes | Close | None:
        if not self._outputs:
            self._collect(None)
        return super().next_output()

    def next_event(self) -> EndpointEvent | EventT | None:
        if not self._events:
            self._collect(None)
        return super().next_event()

    @property
    def deadline(self) -> float | None:
        own = super().deadline
        of_session = self._session.deadline if self._session is not None else None
        if own is None or of_session is None:
            return of_session if own is None else own
        return min(own, of_session)

    def advance(self, now: float) -> None:
        self._now = max(self._now, now)
        super().advance(now)
        if self._session is not None:
            self._session.advance(now)
            self._collect(now)

    @abstractmethod
    def _begin_handshake(self, now: float) -> None:
        """Start the timers and say what this side says first."""

    @abstractmethod
    def _handshake(self, payload: bytes, now: float) -> None:
        """Take the peer's part of supportedAppProtocol."""

    @abstractmethod
    def _session_over(self, now: float) -> None:
        """The language closed its conversation: do what this side does then."""

    def _open_session(self, agreement: Agreement, offered: tuple[AppProtocol, ...], now: float) -> None:
        self._timers.clear()
        self._protocol = agreement.protocol
        self._enter(Phase.SESSION, now, {"protocol": agreement.protocol.namespace})
        self._events.append(ProtocolAgreed(agreement.protocol, agreement.minor_deviation, offered))
        context = SessionContext(
            protocol=agreement.protocol,
            tls=self._tls,
            setup_deadline=self._began + self._setup_time,
            entropy=self._entropy,
            wall_clock=self._wall_clock,
            trace=self._trace,
        )
        self._session = self._languages[agreement.protocol].open(context, now)
        self._collect(now)

    def _receive_frame(self, frame: Frame, now: float) -> None:
        if self._session is not None and self._session.closing:
            self._collect(now)
        if self._phase is Phase.SESSION and self._session is not None:
            self._session.receive(frame, now)
        elif self._phase is Phase.HANDSHAKE:
            if frame.payload_type == PayloadType.EXI:
                self._handshake(frame.payload, now)
            else:
                self._fail(
                    EndpointFaultKind.UNEXPECTED_PAYLOAD_TYPE,
                    f"expected 0x8001 in the handshake, got 0x{frame.payload_type:04X}",
                    now,
                )
        else:
            self._report(EndpointFaultKind.UNEXPECTED_FRAME, "a frame after the last one", False, now)

    def _receive_fault(self, fault: FrameFault, now: float) -> None:
        kind = EndpointFaultKind[fault.kind.name]
        if fault.fatal:
            self._fail(kind, fault.reason, now)
        else:
            self._report(kind, fault.reason, False, now)

    def _collect(self, now: float | None) -> None:
        """Take what the session has to send and to tell; `now` is None where nobody knows it."""
        session = self._session
        if session is None:
            return
        while (output := session.next_output()) is not None:
            if self._phase is not Phase.SESSION:
                continue
            if isinstance(output, Frame):
                self._outputs.append(encode_frame(output))
                continue
            self._enter(Phase.CLOSING, self._now if now is None else now)
            if now is None:
                # A command went to the session past us: the next `advance` brings the time.
                self._timers.start("session over", self._now)
            else:
                self._session_over(now)
        while (event := session.next_event()) is not None:
            self._events.append(event)

    def _on_timer(self, name: str, now: float) -> None:
        if name == "session over":
            self._session_over(self._now)

    def _break_session(self, now: float) -> None:
        """End the session when it still runs; what it would send stays unsent."""
        if self._phase is Phase.SESSION and self._session is not None:
            self._session.connection_lost(now)
            self._phase = Phase.CLOSING
            self._collect(now)

    def _fail(self, kind: EndpointFaultKind, reason: str, now: float) -> None:
        self._report(kind, reason, True, now)
        self._break_session(now)
        self._close(now)

    def _report(self, kind: EndpointFaultKind, reason: str, fatal: bool, now: float) -> None:
        self._events.append(EndpointFault(kind, reason, fatal))
        self._record(
            Trace(time=now, source=self._name, kind=Kind.FAULT, name=kind.value, details={"reason": reason})
        )

    def _close(self, now: float) -> None:
        """Close the connection once all before is sent."""
        self._timers.clear()
        self._closed_by_us = True
        self._enter(Phase.CLOSED, now)
        self._outputs.append(CLOSE)

    def _enter(self, phase: Phase, now: float, details: Mapping[str, JsonValue] | None = None) -> None:
        if phase is self._phase:
            return
        self._phase = phase
        self._record(
            Trace(time=now, source=self._name, kind=Kind.STATE, name=phase.value, details=details or {})
        )
