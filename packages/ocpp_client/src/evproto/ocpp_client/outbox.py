"""What is sent when: the durable queue and everything else, over one RPC.

Durable messages (transactions, security events) go strictly in the order of their keys; each is
tried until it is answered or its attempts are used up, and its row is gone before another call is
sent, so that a crash repeats the very last call at most. Everything else is asked for while the
link stands and fails at once when it does not. Only BootNotification goes before the back end
has accepted the station (use cases B01 to B03).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec

from evproto.core import DecodeError, EncodeError, Kind, StateError, Trace, TraceSink
from evproto.ocpp_client.codec import decode
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.rpc import Rpc
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, Failure, RpcEvent
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.store import Queued, Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """MessageAttempts and MessageAttemptInterval of 2.0.1; their TransactionMessage twins of 1.6."""

    attempts: int = 3
    interval: float = 60.0


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A durable message was answered; its row goes before another call is sent."""

    message_id: str
    action: str
    transaction_id: str | None
    request: OcppStruct
    response: OcppStruct


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """A durable message was refused or not answered as often as is allowed (E13); its row is gone."""

    message_id: str
    action: str
    transaction_id: str | None
    reason: str


OutboxEvent: TypeAlias = RpcEvent | Delivered | GivenUp


class Adapter(Protocol):
    """What a version does to durable messages on their way."""

    def outgoing(self, queued: Queued, request: OcppStruct) -> OcppStruct:
        """The request as it is sent: with facts that were not known when it was queued."""

    def teaches(self, queued: Queued) -> bool:
        """Whether its answer holds something that must be stored."""

    def settled(self, queued: Queued, response: OcppStruct) -> None:
        """Store it; called inside the batch that removes the message."""


class _AsQueued:
    def outgoing(self, queued: Queued, request: OcppStruct) -> OcppStruct:
        return request

    def teaches(self, queued: Queued) -> bool:
        return False

    def settled(self, queued: Queued, response: OcppStruct) -> None:
        raise AssertionError("nothing is learned")


class _Asked(msgspec.Struct, frozen=True):
    id: str
    request: OcppStruct
    first: bool


class Outbox(Conversation[OutboxEvent]):
    """Feeds an `Rpc`; the station talks to this instead. Events of the RPC are passed on.

    version: whose structs the station speaks, which are the words of the RPC.
    """

    def __init__(
        self,
        version: Version,
        rpc: Rpc,
        store: Store,
        *,
        policy: RetryPolicy | None = None,
        adapter: Adapter | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self._version = version
        self._rpc = rpc
        self._store = store
        self._adapter = adapter or _AsQueued()
        self._policy = policy or RetryPolicy()
        self._accepted = False
        self._asked: deque[_Asked] = deque()
        self._sending: Queued | None = None
        self._request: OcppStruct | None = None

    def ask(self, request: OcppStruct, id: str, now: float, *, first: bool = False) -> None:
        """Send when the link is free; the answer comes as CallAnswered or CallFailed with this id.

        `first`: before all others and before acceptance (BootNotification).
        """
        asked = _Asked(id, request, first)
        if first:
            self._asked.insert(sum(1 for other in self._asked if other.first), asked)
        else:
            self._asked.append(asked)
        self._work(now)

    def set_policy(self, policy: RetryPolicy) -> None:
        """Use it from the next failure on."""
        self._policy = policy

    def kick(self, now: float) -> None:
        """The store has a new message."""
        self._work(now)

    def set_accepted(self, accepted: bool, now: float) -> None:
        """Whether the back end has accepted the station; until then only `first` messages go."""
        self._accepted = accepted
        self._work(now)

    def connected(self, now: float) -> None:
        """The link stands."""
        self._rpc.connected(now)
        self._work(now)

    def disconnected(self, now: float) -> None:
        """The link is gone: what was asked fails, what is durable waits without a lost attempt."""
        self._rpc.disconnected(now)
        self._store.write_removal()
        self._timers.stop("retry")
        self._collect(now)
        while self._asked:
            asked = self._asked.popleft()
            action = self._version.action_of[type(asked.request)]
            self._events.append(CallFailed(id=asked.id, action=action, failure=Failure.DISCONNECTED))

    def receive(self, item: str, now: float) -> None:
        """A text frame of the WebSocket."""
        self._rpc.receive(item, now)
        self._collect(now)
        self._work(now)

    def respond(self, id: str, response: OcppStruct, now: float) -> bool:
        """Answer a call of the back end; see `Rpc.respond`."""
        return self._rpc.respond(id, response, now)

    def refuse(self, id: str, code: ErrorCode, description: str, now: float) -> bool:
        """Refuse a call of the back end; see `Rpc.refuse`."""
        return self._rpc.refuse(id, code, description, now)

    def send(self, message: OcppStruct, now: float) -> None:
        """Send a one-way message (2.1); see `Rpc.send`."""
        self._rpc.send(message, now)

    def next_output(self) -> str | None:
        return self._rpc.next_output()

    @property
    def deadline(self) -> float | None:
        due = [at for at in (super().deadline, self._rpc.deadline) if at is not None]
        return min(due, default=None)

    def advance(self, now: float) -> None:
        self._rpc.advance(now)
        self._collect(now)
        super().advance(now)
        self._work(now)

    def _on_timer(self, name: str, now: float) -> None:
        """The wait before a retry is over; `advance` goes on with the queue."""

    def _work(self, now: float) -> None:
        if not self._rpc.can_call or self._sending is not None:
            return
        if self._asked and (self._accepted or self._asked[0].first):
            asked = self._asked.popleft()
            self._store.write_removal()
            self._rpc.call(asked.request, now, id=asked.id)
        elif self._accepted and "retry" not in self._timers:
            self._send_head(now)

    def _send_head(self, now: float) -> None:
        while (head := self._store.head()) is not None:
            try:
                self._call(head, now)
            except (DecodeError, EncodeError, StateError, KeyError) as error:
                # Written by another version of the program, or for another version of OCPP.
                self._give_up(head, f"cannot be sent: {error}", now)
                continue
            self._sending = head
            return

    def _call(self, head: Queued, now: float) -> None:
        request = head.request or decode(self._version.actions[head.action][0], head.payload)
        self._store.write_removal()
        self._request = self._adapter.outgoing(head, request)
        payload = head.payload if self._request is request else None
        self._rpc.call(self._request, now, id=head.message_id, payload=payload)

    def _collect(self, now: float) -> None:
        while (event := self._rpc.next_event()) is not None:
            sending = self._sending
            if sending is not None and isinstance(event, CallAnswered) and event.id == sending.message_id:
                self._sending = None
                self._settle(sending, event.response)
            elif sending is not None and isinstance(event, CallFailed) and event.id == sending.message_id:
                self._sending = None
                self._on_failure(sending, event, now)
            else:
                self._events.append(event)

    def _settle(self, sending: Queued, response: OcppStruct) -> None:
        assert self._request is not None
        if self._adapter.teaches(sending):
            self._store.remove(sending, effect=lambda: self._adapter.settled(sending, response))
        else:
            self._store.remove(sending)
        self._events.append(
            Delivered(
                message_id=sending.message_id,
                action=sending.action,
                transaction_id=sending.transaction_id,
                request=self._request,
                response=response,
            )
        )

    def _on_failure(self, sending: Queued, event: CallFailed, now: float) -> None:
        """A lost link is nobody's refusal: it counts no attempt and needs no wait."""
        if event.failure is Failure.DISCONNECTED:
            return
        attempts = self._store.count_attempt(sending)
        reason = event.description or event.failure.value
        # Asking again does not teach a back end a message; what follows must not wait for it.
        unknown = sending.transaction_id is None and event.code in _UNKNOWN
        if unknown or attempts >= self._policy.attempts:
            self._give_up(sending, reason, now)
            return
        self._timers.start("retry", now + self._policy.interval * attempts)
        self._record(
            Trace(
                time=now, source="ocpp.outbox", kind=Kind.TIMER, name="retry", details={"attempts": attempts}
            )
        )

    def _give_up(self, queued: Queued, reason: str, now: float) -> None:
        self._store.remove(queued)
        self._events.append(
            GivenUp(
                message_id=queued.message_id,
                action=queued.action,
                transaction_id=queued.transaction_id,
                reason=reason,
            )
        )
        self._record(
            Trace(
                time=now, source="ocpp.outbox", kind=Kind.FAULT, name="given up", details={"reason": reason}
            )
        )


_UNKNOWN = (ErrorCode.NOT_IMPLEMENTED, ErrorCode.NOT_SUPPORTED)
