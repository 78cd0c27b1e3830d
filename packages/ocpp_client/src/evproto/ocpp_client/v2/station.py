"""A charging station of OCPP 2.0.1 or 2.1: all its blocks behind one machine.

A block is a class in the file of its functional block (`provisioning` for B, `availability` for G,
`diagnostics` for N, ...; what is too long stands in a file beside it), and a line in `blocks`.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from evproto.core import StateError, TraceSink
from evproto.ocpp_client.bridge import Description, Fact, MessageLost
from evproto.ocpp_client.bridge_security import UseNetwork
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.device_model import Changed, DeviceModel
from evproto.ocpp_client.network_profile import NetworkProfile
from evproto.ocpp_client.outbox import Delivered, GivenUp, Outbox, RetryPolicy
from evproto.ocpp_client.rpc import Rpc, RpcLimits
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, CallReceived
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v2.blocks import make_blocks
from evproto.ocpp_client.v2.charging_station import (
    WORDS,
    ChargingStation,
    Handler,
    RefusedError,
    SlowHandler,
    StationEvent,
)
from evproto.ocpp_client.v2.data_transfer import DataTransfer
from evproto.ocpp_client.v2.network import Network
from evproto.ocpp_client.v21.enums import RegistrationStatusEnum
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore


class Station(Conversation[StationEvent]):
    """The charger tells facts by `tell`; what comes out as events are requests to it, news, RPC events.

    version: V201 or V21, what the back end chose at the handshake. model: see `settings.make_model`.
    clock: an aware wall time that was read at the monotonic time `now`. After `Restart` make a new
    station on the same store and on the model's file, opened anew. profile: the back end as it was
    configured, in slot 1; with it the station manages its network profiles, and tells by
    `UseNetwork`. certificates: what the messages about certificates and signed firmware work on.
    """

    def __init__(
        self,
        version: Version,
        description: Description,
        store: Store,
        model: DeviceModel,
        clock: datetime,
        now: float,
        *,
        profile: NetworkProfile | None = None,
        certificates: CertificateStore | None = None,
        limits: RpcLimits | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        wall = WallClock(clock, now)
        self._station = ChargingStation(
            version,
            description,
            store,
            model,
            wall,
            self._timers,
            profile=profile,
            certificates=certificates,
        )
        self._blocks = {block.name: block for block in make_blocks(self._station)}
        self._handlers: dict[str, Handler] = {}
        self._slow_handlers: dict[str, SlowHandler] = {}
        for block in self._blocks.values():
            self._handlers |= block.handlers()
            self._slow_handlers |= block.slow_handlers()
        handled = frozenset(self._handlers) | frozenset(self._slow_handlers)
        rpc = Rpc(
            version, handled, self._station.new_id, words=WORDS, limits=limits or _limits(model), trace=trace
        )
        self._outbox = Outbox(WORDS, rpc, store, policy=_retry_policy(model), trace=trace)
        self._station.attach(self._outbox)
        self._was_accepted = False
        self._parted_at: float | None = None
        model.subscribe(self._on_changed)
        for block in self._blocks.values():
            block.restore(now)

    # --- the charger ---

    def tell(self, fact: Fact, now: float) -> None:
        """Take a fact from the charger. StateError where it names a place that does not exist."""
        self._check_place(fact)
        for block in self._blocks.values():
            block.tell(fact, now)
        self._settle(now)

    @property
    def network(self) -> UseNetwork:
        """What to connect to after a start. StateError where the station was given no profile."""
        block = self._blocks.get("network")
        if not isinstance(block, Network):
            raise StateError("the station was made without a network profile")
        return block.network()

    @property
    def online(self) -> bool:
        """Whether the back end is connected and has accepted the station."""
        return self._station.online

    @property
    def statuses(self) -> dict[tuple[int, int], str]:
        """The availability of each connector, by EVSE and connector."""
        operative = self._station.operative
        return {
            (evse.id, connector.id): evse.status(connector, station_operative=operative).value
            for evse in self._station.evses.values()
            for connector in evse.connectors.values()
        }

    @property
    def transaction_ids(self) -> dict[int, str]:
        """By EVSE: the transaction that runs there."""
        return {one.evse_id: one.id for one in self._station.transactions()}

    def transfer(self, vendor_id: str, message_id: str | None, data: Any, now: float) -> None:
        """Send data of a vendor (P02); the answer comes as `DataAnswered`. EncodeError for what cannot be."""
        block = self._blocks[DataTransfer.name]
        assert isinstance(block, DataTransfer)
        block.transfer(vendor_id, message_id, data, now)
        self._settle(now)

    # --- the back end ---

    def connected(self, now: float) -> None:
        """The link stands: register, or say what changed while it did not."""
        self._outbox.connected(now)
        self._station.linked = True
        for block in self._blocks.values():
            block.linked(now)
        if self._station.accepted and self._parted_at is not None:
            for block in self._blocks.values():
                block.reconnected(now - self._parted_at, now)
        self._parted_at = None
        self._settle(now)

    def disconnected(self, now: float) -> None:
        """The link is gone: charging goes on, and what must arrive waits."""
        self._station.linked = False
        self._parted_at = now if self._parted_at is None else self._parted_at
        self._outbox.disconnected(now)
        for block in self._blocks.values():
            block.unlinked(now)
        self._settle(now)

    def receive(self, item: str, now: float) -> None:
        """A text frame of the back end."""
        self._outbox.receive(item, now)
        self._settle(now)

    def next_output(self) -> str | None:
        return self._outbox.next_output()

    def next_event(self) -> StationEvent | None:
        return self._station.events.popleft() if self._station.events else None

    @property
    def deadline(self) -> float | None:
        due = [at for at in (super().deadline, self._outbox.deadline) if at is not None]
        return min(due, default=None)

    def advance(self, now: float) -> None:
        self._outbox.advance(now)
        self._settle(now)
        super().advance(now)

    def _on_timer(self, name: str, now: float) -> None:
        prefix, _, rest = name.partition(":")
        self._blocks[prefix].on_timer(rest, now)
        self._settle(now)  # before the next one, which may fall due at the same moment

    # --- acting on what happened ---

    def _settle(self, now: float) -> None:
        """Handle all events of the outbox, then what follows from the new state of things."""
        busy = True
        while busy:
            busy = self._station.act_afterwards(now)
            while (event := self._outbox.next_event()) is not None:
                busy = True
                self._on_event(event, now)
            self._follow_registration(now)
        for block in self._blocks.values():
            block.settle(now)

    def _on_event(self, event: Any, now: float) -> None:
        match event:
            case CallReceived():
                self._on_call(event, now)
            case CallAnswered(id=id, response=response):
                self._station.answered(id, response, now)
            case CallFailed(id=id):
                self._station.answered(id, None, now)
            case Delivered():
                for block in self._blocks.values():
                    block.delivered(event, now)
            case GivenUp(action=action, reason=reason):
                self._station.emit(MessageLost(action, reason))
                for block in self._blocks.values():
                    block.given_up(event, now)
            case _:
                self._station.emit(event)

    def _follow_registration(self, now: float) -> None:
        """The queue waits for acceptance; the blocks hear of the first one."""
        accepted = self._station.accepted
        self._outbox.set_accepted(accepted, now)
        if accepted and not self._was_accepted:
            for block in self._blocks.values():
                block.accepted(now)
        self._was_accepted = accepted

    def _on_call(self, call: CallReceived, now: float) -> None:
        if self._station.registration is RegistrationStatusEnum.REJECTED:
            self._outbox.refuse(call.id, ErrorCode.SECURITY_ERROR, "the station is not registered", now)
        else:
            try:
                self._handle(call, now)
            except RefusedError as refusal:
                self._outbox.refuse(call.id, refusal.code, str(refusal), now)
        self._station.act_afterwards(now)

    def _handle(self, call: CallReceived, now: float) -> None:
        slow = self._slow_handlers.get(call.action)
        if slow is not None:
            slow(call.request, partial(self._outbox.respond, call.id), now)
        else:
            self._outbox.respond(call.id, self._handlers[call.action](call.request, now), now)

    def _on_changed(self, changed: Changed, now: float) -> None:
        """Once what changed it is through: an answer goes before its consequences."""
        self._station.afterwards(partial(self._tell_changed, changed))

    def _tell_changed(self, changed: Changed, now: float) -> None:
        if changed.variable.name in ("MessageAttempts", "MessageAttemptInterval"):
            self._outbox.set_policy(_retry_policy(self._station.model))
        for block in self._blocks.values():
            block.variable_changed(changed, now)

    def _check_place(self, fact: Fact) -> None:
        evse_id = getattr(fact, "evse_id", None)
        connector_id = getattr(fact, "connector_id", None)
        if evse_id and evse_id not in self._station.evses:
            raise StateError(f"there is no EVSE {evse_id}")
        if evse_id and connector_id and self._station.connector(evse_id, connector_id) is None:
            raise StateError(f"EVSE {evse_id} has no connector {connector_id}")


def _limits(model: DeviceModel) -> RpcLimits:
    return RpcLimits(call_timeout=model.number("OCPPCommCtrlr", "MessageTimeout", "Default", default=30))


def _retry_policy(model: DeviceModel) -> RetryPolicy:
    """MessageAttempts and MessageAttemptInterval of TransactionEvent (E13)."""
    return RetryPolicy(
        attempts=max(model.number("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent", default=3), 1),
        interval=model.number("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent", default=60),
    )
