"""What carries the SECC's side of a conversation: dispatch, answers, timers, faults and the end.

The phases stand on top of this, each on the one before, with one method per message:
secc_setup.py, secc_parameters.py, secc_power.py, secc_charge.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from evproto.core import CLOSE, DecodeError, JsonValue, Kind, StateError, Trace
from evproto.v2gtp.charging import (
    ContactorWanted,
    EndReason,
    EvseCondition,
    Isolation,
    Late,
    Notification,
    PeerFault,
    Pilot,
    Schedule,
    SeccConfig,
    SeccSession,
    SessionEnded,
    SupplyOffWanted,
)
from evproto.v2gtp.language import Frame, SessionContext

from .failures import FailureContext, failed_response
from .messages import (
    ACEVSEStatus,
    BodyElement,
    DCEVSEStatus,
    MessageHeader,
    ResponseCode,
    SessionSetupReq,
)
from .paused import PausedSessions
from .states import ACCEPTS, CHARGING, SECC_NEXT, Outcome, SeccState
from .timeouts import STRICT, Timeouts, Timing
from .values import CONDITIONS, ISOLATION, MODES, NOTIFICATIONS
from .wire import read, write

Answer: TypeAlias = tuple[BodyElement, Outcome]
"""A response, and which row of the table it is."""


class Refusal(Exception):  # noqa: N818 - it is no error of ours, but the answer "no"
    """A handler's way to say no: answered with the code, then the session ends."""

    def __init__(self, code: ResponseCode, detail: str, reason: EndReason = EndReason.REFUSED) -> None:
        self.code = code
        self.detail = detail
        self.reason = reason
        super().__init__(detail)


class SeccBase(SeccSession):
    """State of the session and the plumbing around the handlers of the phases.

    A handler takes the request and gives the answer, or None when the answer has to wait for
    the application: then `_reply` or `_refuse` follows from a command or a timer.
    """

    def __init__(
        self,
        config: SeccConfig,
        context: SessionContext,
        now: float,
        *,
        timeouts: Timeouts = STRICT,
        paused: PausedSessions | None = None,
    ) -> None:
        super().__init__(trace=context.trace)
        self._config = config
        self._context = context
        self._timeouts = timeouts
        self._paused = paused
        self._handlers: dict[type[BodyElement], Callable[[Any, float], Answer | None]] = {}
        self._state = SeccState.SESSION_SETUP
        self._session_id = b""
        self._header: MessageHeader | None = None
        self._own_header: MessageHeader | None = None
        self._request: BodyElement | None = None
        self._requested_at = now
        self._answered_at: float | None = None
        self._phase_began: dict[str, float] = {}
        self._late_reported: set[str] = set()

        self._is_dc = config.modes[0].is_dc
        self._condition: EvseCondition | None = None
        self._isolation = Isolation.INVALID
        self._testing_isolation = False
        self._notification = Notification.NONE
        self._notification_delay = 0.0
        self._rcd = False
        self._pilot: Pilot | None = None
        self._contactor_wanted: bool | None = None
        self._contactor_closed = False
        self._contactor_obeyed = False
        self._supply_on = False
        self._emergency = False
        self._schedules: tuple[Schedule, ...] = ()
        self._ended = False
        self._dc_status_made: tuple[tuple[object, ...], DCEVSEStatus] | None = None
        self._timers.start("communication setup", context.setup_deadline)

    @property
    def state(self) -> SeccState:
        """What the session waits for."""
        return self._state

    @property
    def session_id(self) -> bytes:
        """The id of the session, empty before session setup."""
        return self._session_id

    def receive(self, item: Frame, now: float) -> None:
        """Take a frame from the car."""
        if self._state is SeccState.ENDED:
            return
        try:
            header, request, surplus = read(item)
        except DecodeError as error:
            self._malformed(str(error), item.payload, now)
            return
        name = type(request).__name__
        if self._trace is not None:
            details: dict[str, JsonValue] = {"surplus_bytes": surplus} if surplus else {}
            self._note(Kind.RECEIVED, name, now, item.payload, details)
        if self._request is not None or self._outputs:
            self._too_early(request, now)
            return
        self._check_sequence_time(name, now)
        self._timers.stop("sequence")
        self._request = request
        self._requested_at = now
        try:
            answer = self._dispatch(header, request, name, now)
        except Refusal as refusal:
            self._refuse(refusal, now)
            return
        if answer is not None:
            self._reply(answer, now)

    def connection_lost(self, now: float) -> None:
        """The connection ended under the conversation."""
        self._end(EndReason.CONNECTION_LOST, now, "", close=False)

    def abort(self, now: float) -> None:
        self._must_run("abort")
        self._end(EndReason.ABORTED, now, "")

    def _dispatch(self, header: MessageHeader, request: BodyElement, name: str, now: float) -> Answer | None:
        begins = type(request) is SessionSetupReq or not self._session_id
        if not begins and header.session_id != self._session_id:
            raise Refusal(
                ResponseCode.FAILED_UNKNOWN_SESSION,
                f"{name} carries session {header.session_id.hex()}",
                EndReason.WRONG_SESSION,
            )
        if name not in ACCEPTS[self._state]:
            raise self._sequence_error(name)
        self._header = header
        return self._handlers[type(request)](request, now)

    def _sequence_error(self, name: str) -> Refusal:
        expected = ", ".join(sorted(ACCEPTS[self._state])) or "nothing"
        return Refusal(
            ResponseCode.FAILED_SEQUENCE_ERROR,
            f"got {name}, expected {expected}",
            EndReason.SEQUENCE_ERROR,
        )

    def _reply(self, answer: Answer, now: float) -> None:
        """Answer the open request and go where the table says."""
        body, outcome = answer
        name = self._request_name
        following = SECC_NEXT[self._state, name, outcome]
        self._send(body, now)
        allowed = self._timeouts.messages[name].performance
        if now - self._requested_at > allowed:
            self._late(name, now - self._requested_at, allowed, by_peer=False)
        self._answered_at = now
        self._enter(following, now)
        if following is not SeccState.ENDED:
            self._timers.start("sequence", now + self._timeouts.sequence.timeout)

    def _refuse(self, refusal: Refusal, now: float) -> None:
        """Answer the open request with a failed response and end."""
        code = refusal.code.value
        self._fault(code, refusal.detail, now)
        body = failed_response(type(self._request), refusal.code, self._failure()) if self._request else None
        if body is not None:
            self._send(body, now)
        self._end(refusal.reason, now, f"{code}: {refusal.detail}")

    def _failure(self) -> FailureContext:
        return FailureContext(
            evse_id=self._config.evse_id,
            mode=MODES[self._config.modes[0]],
            is_dc=self._is_dc,
            ac_status=self._ac_status(),
            dc_status=self._dc_status(),
        )

    def _send(self, body: BodyElement, now: float) -> None:
        session_id = self._session_id or bytes(8)
        if self._own_header is None or self._own_header.session_id != session_id:
            self._own_header = MessageHeader(session_id=session_id)
        frame = write(self._own_header, body)
        self._outputs.append(frame)
        self._request = None
        if self._trace is not None:
            self._note(Kind.SENT, type(body).__name__, now, frame.payload)

    def _too_early(self, request: BodyElement, now: float) -> None:
        """A second request before the response to the first: V2G is half-duplex (ISO 15118-2, 8.1)."""
        name = type(request).__name__
        first = self._request_name if self._request else "the request before"
        self._request = request
        self._refuse(
            Refusal(
                ResponseCode.FAILED_SEQUENCE_ERROR,
                f"{name} came before the response to {first}",
                EndReason.SEQUENCE_ERROR,
            ),
            now,
        )

    def _malformed(self, detail: str, payload: bytes, now: float) -> None:
        """No response fits a message that cannot be read: the connection is closed."""
        if self._trace is not None:
            self._note(Kind.RECEIVED, "malformed", now, payload)
        self._fault("malformed message", detail, now)
        self._end(EndReason.MALFORMED_MESSAGE, now, detail)

    def _end(self, reason: EndReason, now: float, detail: str, *, close: bool = True) -> None:
        if self._ended:
            return
        self._ended = True
        if self._emergency and reason in (EndReason.FINISHED, EndReason.PAUSED, EndReason.REFUSED):
            reason = EndReason.EMERGENCY_SHUTDOWN
        self._power_off(now)
        self._timers.clear()
        self._request = None
        self._enter(SeccState.ENDED, now)
        ok = reason in (EndReason.FINISHED, EndReason.PAUSED)
        self._events.append(SessionEnded(reason=reason, ok=ok, detail=detail, session_id=self._session_id))
        if self._trace is not None:
            self._note(Kind.NOTE, "session ended", now, details={"reason": reason.name, "detail": detail})
        if close:
            self._outputs.append(CLOSE)

    def _power_off(self, now: float) -> None:
        """Whatever happened: no current, contactor open."""
        if self._supply_on:
            self._supply_on = False
            self._events.append(SupplyOffWanted())
        self._want_contactor(False, now)

    def _want_contactor(self, closed: bool, now: float) -> None:
        if self._contactor_wanted is closed:
            return
        self._contactor_wanted = closed
        self._contactor_obeyed = False
        self._events.append(ContactorWanted(closed=closed))
        if self._trace is not None:
            self._note(Kind.NOTE, "contactor wanted", now, details={"closed": closed})

    def _on_timer(self, name: str, now: float) -> None:
        timing = {"communication setup": self._timeouts.setup, "sequence": self._timeouts.sequence}[name]
        self._time_out(name, timing, now)

    def _time_out(self, name: str, timing: Timing, now: float) -> None:
        if self._trace is not None:
            self._note(Kind.TIMER, name, now)
        self._end(timing.reason, now, f"{name}, {timing.clause}")

    def _check_phase(self, phase: str, timing: Timing, now: float) -> None:
        """Count the phase from its first request; late once, then refused."""
        began = self._phase_began.setdefault(phase, now)
        spent = now - began
        if spent >= timing.timeout:
            raise Refusal(ResponseCode.FAILED, f"{phase} lasts for {spent:.1f} s", timing.reason)
        if spent >= timing.performance and phase not in self._late_reported:
            self._late_reported.add(phase)
            self._late(phase, spent, timing.performance, by_peer=False)

    def _leave_phase(self, phase: str) -> None:
        self._phase_began.pop(phase, None)
        self._late_reported.discard(phase)

    def _check_sequence_time(self, name: str, now: float) -> None:
        if self._answered_at is None:
            return
        spent = now - self._answered_at
        if spent > self._timeouts.sequence.performance:
            self._late(name, spent, self._timeouts.sequence.performance, by_peer=True)

    def _late(self, name: str, spent: float, allowed: float, *, by_peer: bool) -> None:
        self._events.append(Late(name=name, by_peer=by_peer, seconds=spent, allowed_s=allowed))

    def _fault(self, name: str, detail: str, now: float) -> None:
        self._events.append(PeerFault(name=name, detail=detail))
        if self._trace is not None:
            self._note(Kind.FAULT, name, now, details={"detail": detail})

    def _enter(self, state: SeccState, now: float) -> None:
        if state is self._state:
            return
        self._state = state
        if self._trace is not None:
            self._note(Kind.STATE, state.value, now)

    def _note(
        self,
        kind: Kind,
        name: str,
        now: float,
        raw: bytes | None = None,
        details: dict[str, JsonValue] | None = None,
    ) -> None:
        self._record(
            Trace(time=now, source="secc.iso2", kind=kind, name=name, raw=raw, details=details or {})
        )

    def _must_run(self, command: str) -> None:
        if self._state is SeccState.ENDED:
            raise StateError(f"{command}: the session has ended")

    @property
    def _request_name(self) -> str:
        return type(self._request).__name__

    @property
    def _charging(self) -> bool:
        return self._state in CHARGING

    def _ac_status(self) -> ACEVSEStatus:
        return ACEVSEStatus(
            notification_max_delay=round(self._notification_delay),
            evse_notification=NOTIFICATIONS[self._notification],
            rcd=self._rcd,
        )

    def _dc_status(self) -> DCEVSEStatus:
        key = (self._notification, self._notification_delay, self._isolation, self._dc_condition())
        if self._dc_status_made is None or self._dc_status_made[0] != key:
            status = DCEVSEStatus(
                notification_max_delay=round(self._notification_delay),
                evse_notification=NOTIFICATIONS[self._notification],
                evse_isolation_status=ISOLATION[self._isolation],
                evse_status_code=CONDITIONS[key[3]],
            )
            self._dc_status_made = (key, status)
        return self._dc_status_made[1]

    def _dc_condition(self) -> EvseCondition:
        if self._condition is not None:
            return self._condition
        if self._testing_isolation:
            return EvseCondition.ISOLATION_MONITORING
        if self._state in (SeccState.DC_STOPPED, SeccState.ENDED):
            return EvseCondition.NOT_READY
        return EvseCondition.READY
