"""A back end for tests: strict in its schemas, willing in its answers, and scriptable.

It speaks the RPC of all three versions to one station. Where no script says otherwise it answers
what lets a station get on: registered, authorized, started.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from evproto.core import DecodeError, TraceSink
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.codec import decode
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.rpc import Rpc
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, CallReceived, RpcEvent
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.version import Version

Script: TypeAlias = Callable[[Any, float], "OcppStruct | Refusal | None"]
"""Gives the response to a request; None for silence."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Answer with CALLERROR."""

    code: ErrorCode
    description: str = ""


class Csms(Conversation[RpcEvent]):
    """The back end of one station. Its events are those of the RPC, calls of the station included.

    scripts: by action, what to answer in place of the default. heartbeat: the interval that it
    gives at registration, seconds. clock: an aware time that was read at `now`.
    """

    def __init__(
        self,
        version: Version,
        clock: datetime,
        now: float,
        *,
        scripts: Mapping[str, Script] | None = None,
        heartbeat: int = 300,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self.scripts: dict[str, Script] = dict(scripts or {})
        self._version = version
        self._clock = WallClock(clock, now)
        self._heartbeat = heartbeat
        self._rpc = Rpc(version, frozenset(version.actions), self._new_id, trace=trace)
        self._waiting: deque[OcppStruct] = deque()
        self._calls = 0
        self._transactions = 0

    def call(self, request: OcppStruct, now: float) -> None:
        """Call the station, after the calls before; the answer comes as CallAnswered or CallFailed."""
        self._waiting.append(request)
        self._work(now)

    def read(self, action: str, payload: str) -> OcppStruct:
        """The request that this JSON is. Raises DecodeError; an unknown action is one, too."""
        pair = self._version.actions.get(action)
        if pair is None:
            raise DecodeError(f"{self._version.subprotocol} has no {action}", path="action")
        return decode(pair[0], payload)

    def connected(self, now: float) -> None:
        """The station is there."""
        self._rpc.connected(now)
        self._work(now)

    def disconnected(self, now: float) -> None:
        """The station is gone; what was not sent yet waits for its return."""
        self._rpc.disconnected(now)
        self._collect(now)

    def receive(self, item: str, now: float) -> None:
        """A text frame of the station."""
        self._rpc.receive(item, now)
        self._collect(now)

    def next_output(self) -> str | None:
        return self._rpc.next_output()

    @property
    def deadline(self) -> float | None:
        return self._rpc.deadline

    def advance(self, now: float) -> None:
        self._rpc.advance(now)
        self._collect(now)

    def _on_timer(self, name: str, now: float) -> None:
        """All timers are the RPC's."""

    def _work(self, now: float) -> None:
        if self._waiting and self._rpc.can_call:
            self._rpc.call(self._waiting.popleft(), now)

    def _collect(self, now: float) -> None:
        while (event := self._rpc.next_event()) is not None:
            self._events.append(event)
            if isinstance(event, CallReceived):
                self._answer(event, now)
            elif isinstance(event, CallAnswered | CallFailed):
                self._work(now)

    def _answer(self, call: CallReceived, now: float) -> None:
        script = self.scripts.get(call.action)
        answer = script(call.request, now) if script else self._default(call.action, now)
        if isinstance(answer, Refusal):
            self._rpc.refuse(call.id, answer.code, answer.description, now)
        elif answer is not None:
            self._rpc.respond(call.id, answer, now)

    def _default(self, action: str, now: float) -> OcppStruct | Refusal:
        """The friendly answer, made through the schema from its JSON."""
        kind = self._version.actions[action][1]
        try:
            return decode(kind, _FRIENDLY.get(action, _empty)(self, now))
        except DecodeError:
            return Refusal(ErrorCode.NOT_SUPPORTED, f"{action} is not scripted")

    def _new_id(self) -> str:
        self._calls += 1
        return f"csms-{self._calls}"

    def _time(self, now: float) -> str:
        return str(self._clock.at(now))

    def _new_transaction(self) -> int:
        self._transactions += 1
        return self._transactions


def _empty(csms: Csms, now: float) -> str:
    return "{}"


def _boot(csms: Csms, now: float) -> str:
    return f'{{"status":"Accepted","currentTime":"{csms._time(now)}","interval":{csms._heartbeat}}}'


def _time(csms: Csms, now: float) -> str:
    return f'{{"currentTime":"{csms._time(now)}"}}'


def _authorize(csms: Csms, now: float) -> str:
    name = "idTagInfo" if csms._version is Version.V16 else "idTokenInfo"
    return f'{{"{name}":{{"status":"Accepted"}}}}'


def _start(csms: Csms, now: float) -> str:
    return f'{{"idTagInfo":{{"status":"Accepted"}},"transactionId":{csms._new_transaction()}}}'


def _accepted(csms: Csms, now: float) -> str:
    return '{"status":"Accepted"}'


_FRIENDLY: dict[str, Callable[[Csms, float], str]] = {
    "Authorize": _authorize,
    "BootNotification": _boot,
    "DataTransfer": _accepted,
    "Heartbeat": _time,
    "SignCertificate": _accepted,
    "StartTransaction": _start,
}
