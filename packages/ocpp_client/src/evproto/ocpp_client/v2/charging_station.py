"""What all blocks of a 2.x station share: its EVSEs, its device model, its way to the back end.

Blocks speak the structs of 2.1 on every line; `Dialect` says less on a line of 2.0.1. A block asks
`station.version` only before it says a value of an enumeration that 2.0.1 has not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from evproto.core import Timers
from evproto.ocpp_client.bridge import Description, Fact, News, Request
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.device_model import Changed, DeviceModel
from evproto.ocpp_client.network_profile import NetworkProfile
from evproto.ocpp_client.outbox import Delivered, GivenUp, Outbox
from evproto.ocpp_client.rpc_events import RpcEvent
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v2.evse import Connector, Evse, Transaction
from evproto.ocpp_client.v21.datatypes import EVSE
from evproto.ocpp_client.v21.enums import MessageTriggerEnum, RegistrationStatusEnum
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore

WORDS = Version.V21
"""The version whose structs the blocks speak."""

Answer: TypeAlias = Callable[[Any, float], None]
"""Takes the response, or None when there is none: refused, not in time, or offline."""
Reply: TypeAlias = Callable[[OcppStruct, float], object]
Handler: TypeAlias = Callable[[Any, float], OcppStruct]
SlowHandler: TypeAlias = Callable[[Any, Reply, float], None]
Action: TypeAlias = Callable[[float], object]
Trigger: TypeAlias = Callable[[EVSE | None, float], Action | None]
"""Takes the place that is asked about, None for all; gives what sends the message, None if nothing can."""
StationEvent: TypeAlias = Request | News | RpcEvent


class RefusedError(Exception):
    """Raised by a handler: the call is answered with CALLERROR."""

    def __init__(self, code: ErrorCode, description: str) -> None:
        super().__init__(description)
        self.code = code


class ChargingStation:
    """Handed to every block; the blocks know each other only where their constructors say so.

    version: what is spoken on the line. operative: the back end's word on the station as a whole.
    whole: EVSE 0, where a driver's right waits while it is not known where he plugs in, and whose
    meter is the main one. registration: the answer to BootNotification, None until there is one.
    """

    def __init__(
        self,
        version: Version,
        description: Description,
        store: Store,
        model: DeviceModel,
        clock: WallClock,
        timers: Timers,
        *,
        profile: NetworkProfile | None = None,
        certificates: CertificateStore | None = None,
    ) -> None:
        self.version = version
        self.profile = profile
        self.certificates = certificates
        self.description = description
        self.store = store
        self.model = model
        self.clock = clock
        self.timers = timers
        self.evses = {id: Evse(id, count) for id, count in enumerate(description.connector_counts, start=1)}
        self.whole = Evse(0, 0)
        self.operative = True
        self.ever_accepted = False
        self.events: deque[StationEvent] = deque()
        self.linked = False
        self.registration: RegistrationStatusEnum | None = None
        self._outbox: Outbox | None = None
        self._answers: dict[str, Answer] = {}
        self._afterwards: deque[Action] = deque()
        self._clock_watchers: list[Callable[[float, float], None]] = []
        self._boot = store.next_boot()
        self._made = 0

    # --- what is ---

    @property
    def accepted(self) -> bool:
        """Whether the back end has accepted our registration."""
        return self.registration is RegistrationStatusEnum.ACCEPTED

    @property
    def online(self) -> bool:
        """Whether the back end hears us."""
        return self.linked and self.accepted

    def connector(self, evse_id: int, connector_id: int = 1) -> Connector | None:
        """One connector; None where there is none."""
        evse = self.evses.get(evse_id)
        return None if evse is None else evse.connectors.get(connector_id)

    def connectors(self) -> Iterator[Connector]:
        """All of them, in order."""
        for evse in self.evses.values():
            yield from evse.connectors.values()

    def transactions(self) -> Iterator[Transaction]:
        """Those that run."""
        return (evse.transaction for evse in self.places() if evse.transaction is not None)

    def places(self) -> Iterator[Evse]:
        """All EVSEs, 0 first."""
        yield self.whole
        yield from self.evses.values()

    def evse_of(self, transaction_id: str) -> Evse | None:
        """Where the transaction runs, maybe `whole`; None where it does not."""
        for evse in self.places():
            if evse.transaction is not None and evse.transaction.id == transaction_id:
                return evse
        return None

    def is_usable(self, evse: Evse) -> bool:
        """Whether a driver may charge there: operative, without a fault, and the back end knows us."""
        connector = evse.connector
        running = evse.transaction is not None
        return (
            (self.ever_accepted or self.model.flag("TxCtrlr", "TxBeforeAcceptedEnabled"))
            and (running or not evse.closing)
            and evse.is_operative(connector, station_operative=self.operative)
            and not evse.faulted
            and (connector is None or not connector.faulted)
        )

    # --- the clock ---

    def set_clock(self, moment: datetime, now: float) -> None:
        """Set the wall clock, and tell who watches it."""
        slow = self.clock.set(moment, now)
        if slow:
            for watch in self._clock_watchers:
                watch(slow, now)

    def watch_clock(self, watch: Callable[[float, float], None]) -> None:
        """Call `watch(slow, now)` whenever the clock is set; it was slow by so many seconds."""
        self._clock_watchers.append(watch)

    # --- ids ---

    def new_id(self) -> str:
        """Unique for the life of the station: the count of its boots and a number."""
        self._made += 1
        return f"{self._boot}-{self._made}"

    def new_transaction_id(self, now: float) -> str:
        """Unique also where the store was lost and the count of boots began anew."""
        return f"{int(self.clock.at(now).timestamp()):x}-{self.new_id()}"

    # --- to the application ---

    def emit(self, event: StationEvent) -> None:
        """Tell the application."""
        self.events.append(event)

    # --- to the back end ---

    def attach(self, outbox: Outbox) -> None:
        """The way to the back end; the station makes it once the blocks have named their calls."""
        self._outbox = outbox

    @property
    def outbox(self) -> Outbox:
        """The way to the back end."""
        assert self._outbox is not None
        return self._outbox

    def ask(
        self, request: OcppStruct, now: float, then: Answer | None = None, *, first: bool = False
    ) -> None:
        """Call the back end now or not at all. `first`: also before it has accepted us.

        With QueueAllMessages a call that nobody waits for is queued while the back end is away.
        """
        if not (self.online or (first and self.linked)):
            if then is not None:
                then(None, now)
            elif self.model.flag("OCPPCommCtrlr", "QueueAllMessages"):
                with self.store.batch():
                    self.queue(request, droppable=True)
            return
        id = self.new_id()
        if then is not None:
            self._answers[id] = then
        self.outbox.ask(request, id, now, first=first)

    def answered(self, id: str, response: OcppStruct | None, now: float) -> None:
        """Hand an answer to whoever asked."""
        then = self._answers.pop(id, None)
        if then is not None:
            then(response, now)

    def queue(self, request: OcppStruct, *, transaction: str | None = None, droppable: bool = False) -> None:
        """Queue a message that must arrive; call it inside `store.batch()` and `kick` after it."""
        action = WORDS.action_of[type(request)]
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
        if self._outbox is not None:
            self._outbox.kick(now)

    def afterwards(self, action: Action) -> None:
        """Act once the call that is being handled has been answered."""
        self._afterwards.append(action)

    def act_afterwards(self, now: float) -> bool:
        """Do what `afterwards` put off; gives whether there was anything."""
        acted = bool(self._afterwards)
        while self._afterwards:
            self._afterwards.popleft()(now)
        return acted


class Block:
    """One part of the station's behaviour, mostly a functional block of part 2.

    `name` is the prefix of its timers; every method is a hook that need not be there.
    """

    name: ClassVar[str]

    def __init__(self, station: ChargingStation) -> None:
        self._station = station

    def handlers(self) -> Mapping[str, Handler]:
        """By action: what answers a call of the back end at once."""
        return {}

    def slow_handlers(self) -> Mapping[str, SlowHandler]:
        """By action: what answers a call once the charger has acted."""
        return {}

    def triggers(self) -> Mapping[MessageTriggerEnum, Trigger]:
        """The messages of this block that the back end may ask for at any time (F06)."""
        return {}

    def restore(self, now: float) -> None:
        """The station starts: take up what the store holds. The link does not stand yet."""

    def tell(self, fact: Fact, now: float) -> None:
        """The charger told a fact."""

    def linked(self, now: float) -> None:
        """The link stands; nothing but `first` goes before `accepted`."""

    def unlinked(self, now: float) -> None:
        """The link is gone."""

    def accepted(self, now: float) -> None:
        """The back end accepted our registration, for the first time since the start."""

    def reconnected(self, offline: float, now: float) -> None:
        """The link stands again after so many seconds, and no new registration is needed."""

    def variable_changed(self, changed: Changed, now: float) -> None:
        """A variable of the device model has a new value, by whomever."""

    def delivered(self, event: Delivered, now: float) -> None:
        """A durable message was answered."""

    def given_up(self, event: GivenUp, now: float) -> None:
        """A durable message was given up."""

    def settle(self, now: float) -> None:
        """Everything that happened is handled: do what follows from the new state of things."""

    def on_timer(self, name: str, now: float) -> None:
        """A timer of this block fell due; its name comes without the block's prefix."""

    def _start(self, timer: str, at: float) -> None:
        self._station.timers.start(f"{self.name}:{timer}", at)

    def _stop(self, timer: str) -> None:
        self._station.timers.stop(f"{self.name}:{timer}")

    def _runs(self, timer: str) -> bool:
        return f"{self.name}:{timer}" in self._station.timers
