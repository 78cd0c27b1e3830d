"""What all parts of a 1.6 station share: its connectors, its memory, its way to the back end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from evproto.core import Timers
from evproto.ocpp_client.bridge import Description, Fact, News, Request
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.outbox import Outbox
from evproto.ocpp_client.rpc_events import RpcEvent
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.configuration import Keys
from evproto.ocpp_client.v16.connector import Connector, Transaction
from evproto.ocpp_client.version import Version

Answer: TypeAlias = Callable[[Any, float], None]
"""Takes the response, or None when there is none: refused, not in time, or offline."""
Reply: TypeAlias = Callable[[OcppStruct, float], object]
StationEvent: TypeAlias = Request | News | RpcEvent

MAX_HELD = 8
"""Calls of one kind that wait for the charger; older ones are left to the RPC's time-out."""


class ChargePoint:
    """Handed to every block; the blocks know each other only where their constructors say so."""

    def __init__(
        self,
        description: Description,
        store: Store,
        configuration: Keys,
        clock: WallClock,
        outbox: Outbox,
        timers: Timers,
    ) -> None:
        self.description = description
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.timers = timers
        self.connectors = {number: Connector(id=number) for number in range(description.evse_count + 1)}
        self.events: deque[StationEvent] = deque()
        self.linked = False
        self.accepted = False
        self._outbox = outbox
        self._answers: dict[str, Answer] = {}
        self._clock_watchers: list[Callable[[float, float], None]] = []
        self._afterwards: deque[Callable[[float], None]] = deque()
        self._boot = store.next_boot()
        self._made = 0

    @property
    def online(self) -> bool:
        """Whether the back end hears us."""
        return self.linked and self.accepted

    def watch_clock(self, watch: Callable[[float, float], None]) -> None:
        """Hear by how many seconds the clock was slow when the back end set it."""
        self._clock_watchers.append(watch)

    def set_clock(self, moment: datetime, now: float) -> None:
        """Set the wall clock, and tell who watches it."""
        slow = self.clock.set(moment, now)
        for watch in self._clock_watchers:
            watch(slow, now)

    def new_id(self) -> str:
        """Unique for the life of the station: the count of its boots and a number."""
        self._made += 1
        return f"{self._boot}-{self._made}"

    def outlets(self) -> Iterator[Connector]:
        """The connectors without 0."""
        return (connector for connector in self.connectors.values() if connector.id)

    def outlet(self, connector_id: int | None) -> Connector | None:
        """The connector of that number; None for 0 and numbers that do not exist."""
        return self.connectors.get(connector_id) if connector_id else None

    def transactions(self) -> Iterator[Transaction]:
        """Those that run."""
        return (one.transaction for one in self.connectors.values() if one.transaction is not None)

    def emit(self, event: StationEvent) -> None:
        """Tell the application."""
        self.events.append(event)

    # --- to the back end ---

    def ask(
        self, request: OcppStruct, now: float, then: Answer | None = None, *, first: bool = False
    ) -> None:
        """Call the back end now or not at all. `first`: also before it has accepted us."""
        if not (self.online or (first and self.linked)):
            if then is not None:
                then(None, now)
            return
        id = self.new_id()
        if then is not None:
            self._answers[id] = then
        self._outbox.ask(request, id, now, first=first)

    def answered(self, id: str, response: OcppStruct | None, now: float) -> bool:
        """Hand an answer to whoever asked; False when it was nobody here."""
        then = self._answers.pop(id, None)
        if then is not None:
            then(response, now)
        return then is not None

    def queue(self, request: OcppStruct, *, transaction: str | None = None, droppable: bool = False) -> None:
        """Queue a message that must arrive; call it inside `store.batch()`."""
        action = Version.V16.action_of[type(request)]
        self.store.enqueue(
            self.new_id(),
            action,
            encode(request),
            transaction_id=transaction,
            droppable=droppable,
            request=request,
        )

    def kick(self, now: float) -> None:
        """The queue has something new."""
        self._outbox.kick(now)

    def afterwards(self, action: Callable[[float], None]) -> None:
        """Act once the call that is being handled has been answered."""
        self._afterwards.append(action)

    def act_afterwards(self, now: float) -> None:
        """Do what `afterwards` put off."""
        while self._afterwards:
            self._afterwards.popleft()(now)


class RefusedError(Exception):
    """Raised by a handler: answer the call with CALLERROR."""

    def __init__(self, code: ErrorCode, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class Block:
    """One part of the station's behaviour, mostly a feature profile of the standard."""

    def __init__(self, point: ChargePoint) -> None:
        self._point = point

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        """By action: what answers a call of the back end at once."""
        return {}

    def slow_handlers(self) -> Mapping[str, Callable[[Any, Reply, float], None]]:
        """By action: what answers a call once the charger has acted."""
        return {}

    def restore(self, now: float) -> None:
        """The station starts: take up what the store holds."""

    def tell(self, fact: Fact, now: float) -> None:
        """The charger told a fact."""

    def accepted(self, now: float) -> None:
        """The back end accepted our registration, for the first time since the start."""

    def reconnected(self, now: float) -> None:
        """The link stands again, and no new registration is needed."""

    def configured(self, name: str, now: float) -> None:
        """A configuration key has a new value."""

    def on_timer(self, name: str, now: float) -> None:
        """A timer of this block fell due; its name comes without the block's prefix."""


def tag_matches(one: str | None, other: str | None) -> bool:
    """Whether two identifiers are the same; case does not matter (CiString)."""
    return one is not None and other is not None and one.casefold() == other.casefold()
