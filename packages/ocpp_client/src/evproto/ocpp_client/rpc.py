"""The RPC of OCPP-J as a machine: CALL and its answers, SEND, one open CALL each way.

Text in, text out. What is sent when (queue, retry, offline) is decided above; sockets are below.
Part 4 of OCPP 2.0.1 and 2.1, chapter 4; OCPP-J 1.6, chapter 4.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from evproto.core import DecodeError, Kind, StateError, Trace, TraceSink
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.dialect import Dialect
from evproto.ocpp_client.rpc_events import (
    CallAnswered,
    CallFailed,
    CallReceived,
    Failure,
    PeerFault,
    ResponseRefused,
    RpcEvent,
    SendReceived,
)
from evproto.ocpp_client.rpc_frames import (
    Call,
    Error,
    ErrorCode,
    FrameError,
    MessageType,
    Result,
    read_frame,
    write_call,
    write_error,
    write_result,
)
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class RpcLimits:
    """Bounds on what a peer may make us hold, and how long we wait (seconds)."""

    max_frame_characters: int = 1_048_576
    max_open_calls_in: int = 8
    remembered_answers: int = 32
    call_timeout: float = 30.0
    answer_timeout: float = 30.0


class _OpenCall(msgspec.Struct, frozen=True):
    id: str
    action: str


class Rpc(Conversation[RpcEvent]):
    """One side of the RPC, over any number of connections one after the other.

    `handled` names the actions that the application answers; others are refused by themselves
    (NotSupported when the version knows them, NotImplemented when not). `new_id` gives ids that
    are unique for the life of the charging station. words: the version whose structs the
    application speaks, where it is not that of the line (see `Dialect`).
    """

    def __init__(
        self,
        version: Version,
        handled: frozenset[str],
        new_id: Callable[[], str],
        *,
        words: Version | None = None,
        limits: RpcLimits | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self._version = version
        self._dialect = Dialect(version, words)
        self._handled = handled
        self._new_id = new_id
        self._limits = limits or RpcLimits()
        self._connected = False
        self._open: _OpenCall | None = None
        self._open_in: dict[str, str] = {}
        self._answers: OrderedDict[str, str] = OrderedDict()

    # --- commands ---

    @property
    def can_call(self) -> bool:
        """Whether `call` may be given now: connected, and no call of ours is open."""
        return self._connected and self._open is None

    def connected(self, now: float) -> None:
        """A WebSocket with our subprotocol stands."""
        if self._connected:
            raise StateError("connected already")
        self._connected = True
        self._note(now, Kind.STATE, "connected")

    def disconnected(self, now: float) -> None:
        """The WebSocket ended: the open call fails, calls of the peer are forgotten."""
        if not self._connected:
            return
        self._connected = False
        self._outputs.clear()
        self._timers.clear()
        self._open_in.clear()
        self._answers.clear()
        self._note(now, Kind.STATE, "disconnected")
        self._fail(Failure.DISCONNECTED)

    def call(
        self,
        request: OcppStruct,
        now: float,
        *,
        id: str | None = None,
        timeout: float | None = None,
        payload: bytes | None = None,
    ) -> str:
        """Send a CALL and give its id; `id` sends an earlier one again.

        payload: the request as `encode` wrote it, where that was done before.

        Raises StateError when not `can_call`, EncodeError when the request cannot be sent.
        """
        if not self.can_call:
            raise StateError("a call of ours is open" if self._connected else "not connected")
        action = self._dialect.action_of(request)
        if action is None or action in self._version.one_way:
            raise StateError(f"{type(request).__name__} is no request of {self._version.subprotocol}")
        if payload is None:
            payload = self._dialect.write_request(action, request)
        else:
            payload = self._dialect.translate(action, payload)
        id = id or self._new_id()
        self._open = _OpenCall(id, action)
        self._timers.start("call", now + (self._limits.call_timeout if timeout is None else timeout))
        self._send(write_call(id, action, payload), action, now)
        return id

    def send(self, message: OcppStruct, now: float) -> None:
        """Send a one-way message; allowed while a call is open (2.1)."""
        action = self._dialect.action_of(message)
        if not self._connected or action is None or action not in self._version.one_way:
            raise StateError(f"{type(message).__name__} cannot be sent by SEND now")
        self._send(write_call(self._new_id(), action, encode(message), confirmed=False), action, now)

    def respond(self, id: str, response: OcppStruct, now: float) -> bool:
        """Answer a call of the peer; False when it is no longer open (late, or the link was lost)."""
        action = self._open_in.get(id)
        if action is None:
            return False
        expected = self._dialect.words.actions[action][1]
        if type(response) is not expected:
            raise StateError(f"{action} is answered with {expected.__name__}, not {type(response).__name__}")
        payload = self._dialect.write_response(action, response)
        self._answer(id, write_result(id, payload), f"{action}Response", now)
        return True

    def refuse(self, id: str, code: ErrorCode, description: str, now: float) -> bool:
        """Answer a call of the peer with CALLERROR; False when it is no longer open."""
        if id not in self._open_in:
            return False
        # A refusal had no effect, so it is not remembered: the same call may be tried again.
        self._answer(id, write_error(id, code, description), code.value, now, remember=False)
        return True

    # --- what comes in ---

    def receive(self, item: str, now: float) -> None:
        """Take one text frame of the WebSocket."""
        if len(item) > self._limits.max_frame_characters:
            self._malformed(FrameError(f"a frame of {len(item)} characters"), now)
            return
        try:
            frame = read_frame(item)
        except FrameError as error:
            self._malformed(error, now)
            return
        match frame:
            case Call():
                self._note(now, Kind.RECEIVED, frame.action, item)
                self._on_call(frame, now) if frame.confirmed else self._on_send(frame, now)
            case Result():
                self._note(now, Kind.RECEIVED, "CALLRESULT", item)
                self._on_result(frame, now)
            case Error():
                self._note(now, Kind.RECEIVED, frame.code.value, item)
                self._on_error(frame, now)

    def _on_call(self, call: Call, now: float) -> None:
        if (answer := self._answers.get(call.id)) is not None:
            self._fault("RepeatedCall", f"{call.action} {call.id} came again; answered as before", now)
            self._send(answer, "repeated answer", now)
        elif call.id in self._open_in:
            self._fault("RepeatedCall", f"{call.action} {call.id} came again while it is open", now)
        elif len(self._open_in) >= self._limits.max_open_calls_in:
            self._refuse_at_once(call, ErrorCode.GENERIC_ERROR, "too many calls are open", now)
        elif call.action not in self._version.actions:
            self._refuse_at_once(call, ErrorCode.NOT_IMPLEMENTED, f"unknown action {call.action[:50]}", now)
        elif call.action not in self._handled:
            self._refuse_at_once(call, ErrorCode.NOT_SUPPORTED, f"{call.action} is not supported here", now)
        else:
            self._accept(call, now)

    def _accept(self, call: Call, now: float) -> None:
        try:
            request = self._dialect.read_request(call.action, call.payload)
        except DecodeError as error:
            self._refuse_at_once(call, error_code(error), error.reason, now)
            return
        self._open_in[call.id] = call.action
        self._timers.start(f"answer {call.id}", now + self._limits.answer_timeout)
        self._events.append(CallReceived(id=call.id, action=call.action, request=request))

    def _on_send(self, call: Call, now: float) -> None:
        kind = self._version.one_way.get(call.action) if self._version.has_send else None
        if kind is None:
            self._fault("UnknownSend", f"SEND of {call.action[:50]}", now)
            return
        try:
            message = decode(kind, call.payload)
        except DecodeError as error:
            self._fault("MalformedSend", str(error), now)
            return
        self._events.append(SendReceived(action=call.action, message=message))

    def _on_result(self, result: Result, now: float) -> None:
        open_call = self._close(result.id)
        if open_call is None:
            self._fault("UnexpectedResult", f"no call with id {result.id} is open", now)
            return
        try:
            response = self._dialect.read_response(open_call.action, result.payload)
        except DecodeError as error:
            self._bad_result(open_call, error, now)
            return
        self._events.append(CallAnswered(id=result.id, action=open_call.action, response=response))

    def _bad_result(self, call: _OpenCall, error: DecodeError, now: float) -> None:
        code = error_code(error)
        if self._version.has_send:
            self._send(write_error(call.id, code, error.reason, of_result=True), code.value, now)
        self._fault("MalformedResult", f"{call.action}: {error.reason}", now)
        self._events.append(
            CallFailed(
                id=call.id, action=call.action, failure=Failure.MALFORMED, code=code, description=error.reason
            )
        )

    def _on_error(self, error: Error, now: float) -> None:
        if error.of_result:
            self._events.append(ResponseRefused(id=error.id, code=error.code, description=error.description))
            return
        if self._open is not None and error.id in (self._open.id, "-1"):
            # "-1": the peer could not read the id of our call, and only one can be meant.
            self._fail(Failure.REFUSED, error.code, error.description)
            return
        self._fault("UnexpectedError", f"{error.code.value} for {error.id}: {error.description}", now)

    # --- timers ---

    def _on_timer(self, name: str, now: float) -> None:
        if name == "call":
            self._note(now, Kind.TIMER, "call timeout")
            self._fail(Failure.TIMEOUT)
        else:
            self.refuse(name.removeprefix("answer "), ErrorCode.INTERNAL_ERROR, "no answer in time", now)

    # --- small parts ---

    def _malformed(self, error: FrameError, now: float) -> None:
        """Part 4 section 4.2.3: an unreadable CALL is answered with id -1; nothing invalid is echoed."""
        self._fault("MalformedFrame", error.reason, now)
        if not self._connected:
            return
        known_type = error.type in tuple(MessageType)
        if error.type is not None and not known_type:
            if self._version is Version.V21:
                return  # part 4 section 4.4: ignored
            self._send(
                write_error(error.id or "-1", ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, error.reason),
                "error",
                now,
            )
        elif error.type in (None, MessageType.CALL):
            self._send(write_error(error.id or "-1", self._framework_error(), error.reason), "error", now)

    def _framework_error(self) -> ErrorCode:
        return ErrorCode.PROTOCOL_ERROR if self._version is Version.V16 else ErrorCode.RPC_FRAMEWORK_ERROR

    def _refuse_at_once(self, call: Call, code: ErrorCode, description: str, now: float) -> None:
        self._fault(code.value, f"{call.action[:50]}: {description}", now)
        self._open_in[call.id] = call.action
        self.refuse(call.id, code, description, now)

    def _answer(self, id: str, text: str, name: str, now: float, *, remember: bool = True) -> None:
        del self._open_in[id]
        self._timers.stop(f"answer {id}")
        if remember:
            self._answers[id] = text
        while len(self._answers) > self._limits.remembered_answers:
            self._answers.popitem(last=False)
        self._send(text, name, now)

    def _close(self, id: str) -> _OpenCall | None:
        if self._open is None or self._open.id != id:
            return None
        open_call, self._open = self._open, None
        self._timers.stop("call")
        return open_call

    def _fail(self, failure: Failure, code: ErrorCode | None = None, description: str = "") -> None:
        if self._open is None:
            return
        call = self._close(self._open.id)
        assert call is not None
        self._events.append(
            CallFailed(id=call.id, action=call.action, failure=failure, code=code, description=description)
        )

    def _send(self, text: str, name: str, now: float) -> None:
        if self._connected:
            self._outputs.append(text)
            self._note(now, Kind.SENT, name, text)

    def _fault(self, name: str, detail: str, now: float) -> None:
        self._events.append(PeerFault(name=name, detail=detail))
        self._record(
            Trace(time=now, source="ocpp.rpc", kind=Kind.FAULT, name=name, details={"detail": detail})
        )

    def _note(self, now: float, kind: Kind, name: str, text: str | None = None) -> None:
        """Payloads stay out of the trace: they hold id tokens and passwords."""
        if self._trace is None:
            return
        details = {} if text is None else {"characters": len(text)}
        self._record(Trace(time=now, source="ocpp.rpc", kind=kind, name=name, details=details))


def error_code(error: DecodeError) -> ErrorCode:
    """The RPC error code for a payload that does not fit (part 4 table 9)."""
    reason = error.reason
    if "missing required field" in reason or "`array` of length" in reason:
        return ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
    if "unknown field" in reason or "malformed" in reason or "too deep" in reason:
        return ErrorCode.FORMAT_VIOLATION
    if "got `" in reason:
        return ErrorCode.TYPE_CONSTRAINT_VIOLATION
    return ErrorCode.PROPERTY_CONSTRAINT_VIOLATION
