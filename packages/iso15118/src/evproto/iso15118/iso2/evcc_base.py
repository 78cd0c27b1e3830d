"""What carries the EVCC's side of a conversation: requests, responses, timers and the end.

The phases (evcc_setup.py, evcc_charge.py) hold one method per response and one per request on
top of this.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from evproto.core import CLOSE, DecodeError, JsonValue, Kind, StateError, Trace
from evproto.v2gtp.charging import (
    ContactorWanted,
    EndReason,
    EvccConfig,
    EvccSession,
    Late,
    PeerFault,
    Pilot,
    PilotWanted,
    SessionEnded,
)
from evproto.v2gtp.language import Frame, SessionContext

from .messages import (
    BodyElement,
    ChargingSession,
    MessageHeader,
    SessionSetupRes,
    SessionStopReq,
)
from .states import END, EVCC_NEXT, Outcome
from .timeouts import STRICT, Timeouts, Timing
from .wire import read, write

NO_SESSION = b"\0"
"""The session id of a car that begins: zero, as short as the schema allows."""


class Waiting(enum.Enum):
    """For which fact or decision of the application the next request waits."""

    NOTHING = "nothing"
    CONTACTOR_CLOSED = "contactor closed"
    CONTACTOR_OPEN = "contactor open"
    SCHEDULE = "choice of a schedule"


class EvccBase(EvccSession):
    """State of the conversation and the plumbing around the handlers of the phases."""

    def __init__(
        self, config: EvccConfig, context: SessionContext, now: float, *, timeouts: Timeouts = STRICT
    ) -> None:
        super().__init__(trace=context.trace)
        self._config = config
        self._context = context
        self._timeouts = timeouts
        self._handlers: dict[str, tuple[type[BodyElement], Callable[[Any, float], None]]] = {}
        self._builders: dict[str, Callable[[], BodyElement]] = {"SessionStopReq": self._session_stop_req}
        self._session_id = config.resume or NO_SESSION
        self._own_header = MessageHeader(session_id=self._session_id)
        self._request_name = ""
        self._asked = False
        self._sent_at = now
        self._planned: str | None = None
        self._waiting = Waiting.NOTHING
        self._after_wait = Outcome.OK
        self._phase_began: dict[str, float] = {}
        self._late_reported: set[str] = set()

        self._leaving: ChargingSession | None = None
        self._end_reason: EndReason | None = None
        self._end_detail = ""
        self._ended = False
        self._charging = False
        self._pilot_wanted = Pilot.B
        self._contactor_wanted: bool | None = None
        self._contactor_closed = False
        self._timers.start("communication setup", context.setup_deadline)

    @property
    def state(self) -> str:
        """The request that was sent last, or "ended"."""
        return END if self._ended else self._request_name

    @property
    def asked(self) -> bool:
        """Whether a request waits for its response."""
        return self._asked

    @property
    def session_id(self) -> bytes:
        """The id of the session."""
        return self._session_id

    def receive(self, item: Frame, now: float) -> None:
        """Take a frame from the charger."""
        if self._ended:
            return
        try:
            header, response, surplus = read(item)
        except DecodeError as error:
            self._malformed(str(error), item.payload, now)
            return
        if self._trace is not None:
            details: dict[str, JsonValue] = {"surplus_bytes": surplus} if surplus else {}
            self._note(Kind.RECEIVED, type(response).__name__, now, item.payload, details)
        if self._acceptable(header, response, now):
            self._asked = False
            self._timers.stop("message")
            self._check_message_time(now)
            self._handlers[self._request_name][1](response, now)

    def connection_lost(self, now: float) -> None:
        """The connection ended under the conversation."""
        self._end(EndReason.CONNECTION_LOST, now, "", close=False)

    def abort(self, now: float) -> None:
        self._must_run("abort")
        self._end(EndReason.ABORTED, now, "")

    def unplugged(self, now: float) -> None:
        self._end(EndReason.UNPLUGGED, now, "")

    def _acceptable(self, header: MessageHeader, response: BodyElement, now: float) -> bool:
        """Whether this is a good response to what was asked; otherwise the session is over."""
        name = type(response).__name__
        expected = self._handlers[self._request_name][0].__name__ if self._asked else "nothing"
        if name != expected:
            self._fail(
                "FAILED_SequenceError", f"got {name}, expected {expected}", EndReason.SEQUENCE_ERROR, now
            )
            return False
        code = response.response_code.value  # type: ignore[attr-defined]
        if code.startswith("FAILED"):
            self._fail(code, name, EndReason.PEER_REFUSED, now)
            return False
        carried = header.session_id
        if isinstance(response, SessionSetupRes):
            known = any(carried)
            self._session_id = carried
        else:
            known = carried == self._session_id
        if not known:
            detail = f"{name} carries session {carried.hex()}"
            self._fail("FAILED_UnknownSession", detail, EndReason.WRONG_SESSION, now)
        return known

    def _go(self, outcome: Outcome, now: float, delay: float = 0.0) -> None:
        """Send what the table says comes next, after a delay in seconds where one is given."""
        following = EVCC_NEXT[self._request_name, outcome]
        if following == END:
            self._end(self._end_reason or EndReason.FINISHED, now, self._end_detail)
        elif self._leaving and not self._charging and following not in _LAST_WORDS:
            self._leave_now(now)
        elif delay > 0:
            self._planned = following
            self._timers.start("pace", now + delay)
        else:
            self._send(following, now)

    def _leave(self, reason: EndReason, detail: str, now: float) -> None:
        """Give up in good order: the next request is the one that ends it."""
        if self._end_reason is None:
            self._end_reason = reason
            self._end_detail = detail
        self._leaving = self._leaving or ChargingSession.TERMINATE

    def _leave_now(self, now: float) -> None:
        """No energy flows: SessionStopReq can follow at once; the pilot goes back after it."""
        self._waiting = Waiting.NOTHING
        self._planned = None
        for name in ("pace", "contactor", "choice"):
            self._timers.stop(name)
        self._want_contactor(False, now)
        self._send("SessionStopReq", now)

    def _session_stop_req(self) -> BodyElement:
        return SessionStopReq(charging_session=self._leaving or ChargingSession.TERMINATE)

    def _wait_for(self, what: Waiting, then: Outcome, now: float) -> None:
        """Hold the next request until the application has done its part."""
        if (what is Waiting.CONTACTOR_CLOSED and self._contactor_closed) or (
            what is Waiting.CONTACTOR_OPEN and not self._contactor_closed
        ):
            self._go(then, now)
            return
        self._waiting = what
        self._after_wait = then
        if what is Waiting.SCHEDULE:
            self._timers.start("choice", now + self._timeouts.sequence.performance)
        else:
            self._timers.start("contactor", now + self._timeouts.contactor.timeout)

    def _done_waiting(self, what: Waiting, now: float) -> None:
        if self._waiting is what:
            self._waiting = Waiting.NOTHING
            self._timers.stop("contactor")
            self._timers.stop("choice")
            self._go(self._after_wait, now)

    def _send(self, name: str, now: float) -> None:
        body = self._builders[name]()
        if self._own_header.session_id != self._session_id:
            self._own_header = MessageHeader(session_id=self._session_id)
        frame = write(self._own_header, body)
        self._request_name = name
        self._asked = True
        self._sent_at = now
        self._timers.start("message", now + self._timeouts.messages[name].timeout)
        self._outputs.append(frame)
        if self._trace is not None:
            self._note(Kind.STATE, name, now)
            self._note(Kind.SENT, name, now, frame.payload)

    def _on_timer(self, name: str, now: float) -> None:
        match name:
            case "pace":
                following, self._planned = self._planned, None
                if following is not None:
                    self._send(following, now)
            case "message":
                self._time_out(self._request_name, self._timeouts.messages[self._request_name], now)
            case "communication setup":
                self._time_out(name, self._timeouts.setup, now)
            case "contactor":
                self._time_out(self._waiting.value, self._timeouts.contactor, now)
            case _:
                self._end(EndReason.ABORTED, now, f"{self._waiting.value}: none within the sequence time")

    def _time_out(self, name: str, timing: Timing, now: float) -> None:
        if self._trace is not None:
            self._note(Kind.TIMER, name, now)
        self._end(timing.reason, now, f"{name}, {timing.clause}")

    def _in_time(self, phase: str, timing: Timing, now: float) -> bool:
        """Whether the phase, counted from its first request, may go on; late is reported once."""
        spent = now - self._phase_began.setdefault(phase, self._sent_at)
        if spent >= timing.timeout:
            self._time_out(phase, timing, now)
            return False
        if spent >= timing.performance and phase not in self._late_reported:
            self._late_reported.add(phase)
            self._events.append(Late(name=phase, by_peer=True, seconds=spent, allowed_s=timing.performance))
        return True

    def _leave_phase(self, phase: str) -> None:
        self._phase_began.pop(phase, None)
        self._late_reported.discard(phase)

    def _check_message_time(self, now: float) -> None:
        allowed = self._timeouts.messages[self._request_name].performance
        spent = now - self._sent_at
        if spent > allowed:
            self._events.append(Late(name=self._request_name, by_peer=True, seconds=spent, allowed_s=allowed))

    def _malformed(self, detail: str, payload: bytes, now: float) -> None:
        if self._trace is not None:
            self._note(Kind.RECEIVED, "malformed", now, payload)
        self._fail("malformed message", detail, EndReason.MALFORMED_MESSAGE, now)

    def _fail(self, name: str, detail: str, reason: EndReason, now: float) -> None:
        self._events.append(PeerFault(name=name, detail=detail))
        if self._trace is not None:
            self._note(Kind.FAULT, name, now, details={"detail": detail})
        self._end(reason, now, f"{name}: {detail}")

    def _end(self, reason: EndReason, now: float, detail: str, *, close: bool = True) -> None:
        if self._ended:
            return
        self._ended = True
        self._timers.clear()
        self._power_off(now)
        ok = reason in (EndReason.FINISHED, EndReason.PAUSED)
        self._events.append(SessionEnded(reason=reason, ok=ok, detail=detail, session_id=self._session_id))
        if self._trace is not None:
            self._note(Kind.NOTE, "session ended", now, details={"reason": reason.name, "detail": detail})
        if close:
            self._outputs.append(CLOSE)

    def _power_off(self, now: float) -> None:
        self._charging = False
        self._want_contactor(False, now)
        self._want_pilot(Pilot.B)

    def _want_contactor(self, closed: bool, now: float) -> None:
        if self._contactor_wanted is closed:
            return
        self._contactor_wanted = closed
        self._events.append(ContactorWanted(closed=closed))
        if self._trace is not None:
            self._note(Kind.NOTE, "contactor wanted", now, details={"closed": closed})

    def _want_pilot(self, state: Pilot) -> None:
        if self._pilot_wanted is not state:
            self._pilot_wanted = state
            self._events.append(PilotWanted(state=state))

    def _note(
        self,
        kind: Kind,
        name: str,
        now: float,
        raw: bytes | None = None,
        details: dict[str, JsonValue] | None = None,
    ) -> None:
        self._record(
            Trace(time=now, source="evcc.iso2", kind=kind, name=name, raw=raw, details=details or {})
        )

    def _must_run(self, command: str) -> None:
        if self._ended:
            raise StateError(f"{command}: the session has ended")


_LAST_WORDS = frozenset({"WeldingDetectionReq", "SessionStopReq", END})
"""What a car that leaves may still say when no energy flows."""
