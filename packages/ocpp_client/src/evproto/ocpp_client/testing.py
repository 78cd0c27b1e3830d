"""Whole stations in virtual time: a simulated charger, a station, a scripted back end.

For tests of stations and of what is built on them; nothing here sleeps or opens a socket.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evproto.core import TraceSink
from evproto.core.testing import VirtualTime
from evproto.ocpp_client.bridge import Description, Fact, Restart, TokenPresented
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.device_model import Component, ComponentEntry, DeviceModel, SetStatus, Variable
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, CallReceived, SendReceived
from evproto.ocpp_client.simulation import SimulatedCharger
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v2.settings import make_model
from evproto.ocpp_client.v2.station import Station
from evproto.ocpp_client.version import Version

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Bench(ABC):
    """What goes over the line is in `calls`; what the station told its application in `events`.

    A subclass makes `station`; `answers` are the station's to the calls of the back end.
    """

    station: Any

    def __init__(
        self, version: Version, description: Description, *, lock_jammed: frozenset[int] = frozenset()
    ) -> None:
        self.version = version
        self.time = VirtualTime()
        self.description = description
        self.store = Store(":memory:")
        self.lock_jammed = lock_jammed
        self.csms = Csms(version, NOON, 0.0)
        self.calls: list[Any] = []
        self.answers: list[Any] = []
        self.events: list[Any] = []
        self.linked = False
        self._start()
        for name in ("station", "charger", "csms"):
            self.time.add(_Following(self, name), self.pump)

    @abstractmethod
    def make_station(self) -> None:
        """Make the station anew on the same store."""

    # --- the course of things ---

    def boot(self) -> Any:
        """Connect for the first time and let everything settle; what was said is forgotten."""
        self.online()
        self.run(1.0)
        self.forget()
        return self

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.time.run(until=self.time.now + seconds)

    def online(self) -> None:
        """The link stands."""
        self.linked = True
        self.csms.connected(self.now)
        self.station.connected(self.now)
        self.pump()

    def offline(self) -> None:
        """The link is gone."""
        self.linked = False
        self.csms.disconnected(self.now)
        self.station.disconnected(self.now)
        self.pump()

    def power_cycle(self, *, online: bool = True) -> None:
        """Everything but what is on the disk is lost, and comes back."""
        if self.linked:
            self.linked = False
            self.csms.disconnected(self.now)
        self._start()
        if online:
            self.online()
        self.run(1.0)

    def forget(self) -> None:
        """Look only at what comes from here on."""
        self.calls.clear()
        self.answers.clear()
        self.events.clear()

    # --- the driver and the charger ---

    def plug(self, evse_id: int = 1) -> None:
        """A driver plugs in."""
        self.charger.plug(evse_id, self.now)
        self.pump()

    def unplug(self, evse_id: int = 1, *, cable_left: bool = False) -> None:
        """The vehicle leaves."""
        self.charger.unplug(evse_id, self.now, cable_left=cable_left)
        self.pump()

    def token(self, token: str = "TAG", evse_id: int | None = 1, kind: str = "ISO14443") -> None:
        """A driver identifies."""
        self.tell(TokenPresented(token, evse_id, kind))

    def tell(self, *facts: Fact) -> None:
        """The charger tells facts."""
        for fact in facts:
            self.station.tell(fact, self.now)
            self.pump()

    # --- the back end ---

    def call(self, request: OcppStruct) -> Any:
        """Call the station; gives its response, or CallFailed."""
        before = len(self.answers)
        self.csms.call(request, self.now)
        self.pump()
        assert len(self.answers) == before + 1, "the station did not answer at once"
        return self.answers[-1]

    def script(self, action: str, answer: Callable[[Any], Any] | OcppStruct | None) -> None:
        """What the back end answers from now on: a response, a Refusal, or None for silence."""

        def give(request: Any, now: float) -> Any:
            return answer(request) if callable(answer) else answer

        self.csms.scripts[action] = give

    # --- what was said ---

    @property
    def now(self) -> float:
        """The virtual time."""
        return self.time.now

    def said(self, kind: type[Any]) -> list[Any]:
        """The calls of one kind that the station made."""
        return [call for call in self.calls if isinstance(call, kind)]

    def told(self, kind: type[Any]) -> list[Any]:
        """The events of one kind that the station gave to its application."""
        return [event for event in self.events if isinstance(event, kind)]

    def actions(self) -> list[str]:
        """The actions of all calls of the station, in order."""
        return [self.version.action_of[type(call)] for call in self.calls]

    # --- machinery ---

    def pump(self) -> None:
        """Carry everything that waits, until nothing does."""
        while self._pump_once():
            pass

    def _pump_once(self) -> bool:
        busy = False
        while (text := self.station.next_output()) is not None:
            busy = True
            self.csms.receive(text, self.now)
        while (text := self.csms.next_output()) is not None:
            busy = True
            self.station.receive(text, self.now)
        while (fact := self.charger.next_output()) is not None:
            busy = True
            self.station.tell(fact, self.now)
        while (heard := self.csms.next_event()) is not None:
            busy = True
            self._hear(heard)
        while (event := self.station.next_event()) is not None:
            busy = True
            self.events.append(event)
            if not isinstance(event, Restart):
                self.charger.receive(event, self.now)
        return busy

    def _hear(self, event: Any) -> None:
        if isinstance(event, CallReceived):
            self.calls.append(event.request)
        elif isinstance(event, SendReceived):
            self.calls.append(event.message)
        elif isinstance(event, CallAnswered):
            self.answers.append(event.response)
        elif isinstance(event, CallFailed):
            self.answers.append(event)
        else:
            raise AssertionError(f"the station broke the RPC: {event}")

    def _start(self) -> None:
        self.make_station()
        # An RFID reader and meters that survive: where vehicles are is told anew by the driver.
        self.charger = SimulatedCharger(self.description.evse_count, lock_jammed=self.lock_jammed)
        self.charger.start(self.now)
        self.pump()


class Bench2(Bench):
    """A station of 2.0.1 or 2.1; what the back end hears and says are structs of that version.

    settings: first values of variables by `Component.Variable`. about: more of the `Description`.
    parts: more of the `Station`. components: more of the device model.
    """

    model: DeviceModel

    def __init__(
        self,
        version: Version = Version.V201,
        *,
        evse_count: int = 2,
        connectors: tuple[int, ...] = (),
        fixed_cables: bool = False,
        lock_jammed: frozenset[int] = frozenset(),
        settings: Mapping[str, object] | None = None,
        trace: TraceSink | None = None,
        about: Mapping[str, Any] | None = None,
        parts: Mapping[str, Any] | None = None,
        components: tuple[ComponentEntry, ...] = (),
    ) -> None:
        self.components = components
        self._trace = trace
        self.parts = dict(parts or {})
        self.settings = {name: _written(value) for name, value in (settings or {}).items()}
        self._folder = TemporaryDirectory()
        description = Description(
            vendor="evproto",
            model="bench",
            evse_count=len(connectors) or evse_count,
            connectors=connectors,
            fixed_cables=fixed_cables,
            **(about or {}),
        )
        super().__init__(version, description, lock_jammed=lock_jammed)

    def make_station(self) -> None:
        if hasattr(self, "model"):
            self.model.close()
        path = Path(self._folder.name) / "model.sqlite"
        self.model = make_model(path, self.description, self.settings, components=self.components)
        self.station = Station(
            self.version,
            self.description,
            self.store,
            self.model,
            NOON,
            0.0,
            trace=self._trace,
            **self.parts,
        )

    def set(self, name: str, value: object) -> None:
        """Set a variable of a controller as the back end does, by `Component.Variable[Instance]`."""
        component, _, variable = name.partition(".")
        variable, _, instance = variable.rstrip("]").partition("[")
        result = self.model.set(
            Component(component), Variable(variable, instance or None), _written(value), self.now
        )
        assert result.status is SetStatus.ACCEPTED, f"{name}: {result}"
        self.station.advance(self.now)
        self.pump()

    def charge(self, evse_id: int = 1, token: str = "TAG") -> str:
        """Into the middle of a transaction, whose id it gives; what was said is forgotten."""
        self.plug(evse_id)
        self.token(token, evse_id)
        self.run(5.0)
        self.forget()
        transaction_id: str = self.station.transaction_ids[evse_id]
        return transaction_id

    @property
    def triggers(self) -> list[str]:
        """The trigger reasons of all TransactionEvents that the back end heard."""
        return [event.trigger_reason.value for event in self.events_of()]

    def events_of(self, transaction_id: str | None = None) -> list[Any]:
        """The TransactionEvents that the back end heard, of all transactions or of one."""
        found = [call for call in self.calls if type(call).__name__ == "TransactionEventRequest"]
        return [one for one in found if transaction_id in (None, one.transaction_info.transaction_id)]

    def statuses(self, evse_id: int = 1, connector_id: int = 1) -> list[str]:
        """The statuses that the back end heard of a connector."""
        return [
            call.connector_status.value
            for call in self.calls
            if type(call).__name__ == "StatusNotificationRequest"
            and (call.evse_id, call.connector_id) == (evse_id, connector_id)
        ]


class _Following:
    """Whatever machine the bench has under this name at the time."""

    def __init__(self, bench: Bench, name: str) -> None:
        self._bench, self._name = bench, name

    @property
    def deadline(self) -> float | None:
        return getattr(self._bench, self._name).deadline  # type: ignore[no-any-return]

    def advance(self, now: float) -> None:
        getattr(self._bench, self._name).advance(now)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
