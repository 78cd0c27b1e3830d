"""A whole 1.6 station in virtual time: simulated charger, station, scripted back end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from evproto.core.testing import VirtualTime
from evproto.ocpp_client import CallAnswered, CallFailed, CallReceived, OcppStruct, Version
from evproto.ocpp_client.bridge import Description, Fact, Restart, TokenPresented
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.simulation import SimulatedCharger
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages
from evproto.ocpp_client.v16.station import Station

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Bench:
    """What goes over the line is in `calls`; what the station told its application in `events`."""

    def __init__(
        self,
        *,
        evse_count: int = 2,
        fixed_cables: bool = False,
        lock_jammed: frozenset[int] = frozenset(),
        **keys: object,
    ) -> None:
        self.time = VirtualTime()
        self.description = Description(
            vendor="evproto", model="bench", evse_count=evse_count, fixed_cables=fixed_cables
        )
        self.store = Store(":memory:")
        self.keys = {name: _written(value) for name, value in keys.items()}
        self.lock_jammed = lock_jammed
        self.csms = Csms(Version.V16, NOON, 0.0)
        self.calls: list[OcppStruct] = []
        self.answers: list[Any] = []
        self.events: list[Any] = []
        self.linked = False
        self._make_station()
        self.time.add(_Following(self, "station"), self.pump)
        self.time.add(_Following(self, "charger"), self.pump)
        self.time.add(_Following(self, "csms"), self.pump)

    # --- the course of things ---

    def boot(self) -> Bench:
        """Connect for the first time and let everything settle; what was said is forgotten."""
        self.online()
        self.run(1.0)
        self.forget()
        return self

    def run(self, seconds: float) -> None:
        self.time.run(until=self.time.now + seconds)

    def online(self) -> None:
        self.linked = True
        self.csms.connected(self.now)
        self.station.connected(self.now)
        self.pump()

    def offline(self) -> None:
        self.linked = False
        self.csms.disconnected(self.now)
        self.station.disconnected(self.now)
        self.pump()

    def power_cycle(self) -> None:
        """Everything but the store is lost, and comes back."""
        if self.linked:
            self.linked = False
            self.csms.disconnected(self.now)
        self._make_station()
        self.online()
        self.run(1.0)

    def forget(self) -> None:
        self.calls.clear()
        self.answers.clear()
        self.events.clear()

    # --- the driver and the charger ---

    def plug(self, evse_id: int = 1) -> None:
        self.charger.plug(evse_id, self.now)
        self.pump()

    def unplug(self, evse_id: int = 1, *, cable_left: bool = False) -> None:
        self.charger.unplug(evse_id, self.now, cable_left=cable_left)
        self.pump()

    def token(self, token: str = "TAG", evse_id: int | None = 1) -> None:
        self.tell(TokenPresented(token, evse_id))

    def tell(self, fact: Fact) -> None:
        self.station.tell(fact, self.now)
        self.pump()

    def charge(self, evse_id: int = 1, token: str = "TAG") -> None:
        """Into the middle of a transaction; what was said is forgotten."""
        self.plug(evse_id)
        self.token(token, evse_id)
        self.run(5.0)
        assert self.station.statuses[evse_id] == "Charging"
        self.forget()

    # --- the back end ---

    def call(self, request: OcppStruct) -> Any:
        """Call the station; gives its response, or CallFailed."""
        before = len(self.answers)
        self.csms.call(request, self.now)
        self.pump()
        assert len(self.answers) == before + 1, "the station did not answer at once"
        return self.answers[-1]

    def configure(self, **keys: object) -> None:
        for name, value in keys.items():
            answer = self.call(messages.ChangeConfigurationRequest(key=name, value=_written(value)))
            assert answer.status.value == "Accepted", name

    def script(self, action: str, answer: Callable[[Any], OcppStruct | None] | OcppStruct) -> None:
        def give(request: Any, now: float) -> Any:
            return answer(request) if callable(answer) else answer

        self.csms.scripts[action] = give

    # --- what was said ---

    @property
    def now(self) -> float:
        return self.time.now

    def said(self, kind: type[Any]) -> list[Any]:
        return [call for call in self.calls if isinstance(call, kind)]

    def statuses(self, connector_id: int = 1) -> list[str]:
        found = self.said(messages.StatusNotificationRequest)
        return [one.status.value for one in found if one.connector_id == connector_id]

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def actions(self) -> list[str]:
        return [Version.V16.action_of[type(call)] for call in self.calls]

    # --- machinery ---

    def pump(self) -> None:
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
                self.charger.receive(event, self.now)  # type: ignore[arg-type]
        return busy

    def _hear(self, event: Any) -> None:
        if isinstance(event, CallReceived):
            self.calls.append(event.request)
        elif isinstance(event, CallAnswered):
            self.answers.append(event.response)
        elif isinstance(event, CallFailed):
            self.answers.append(event)
        else:
            raise AssertionError(f"the station broke the RPC: {event}")

    def _make_station(self) -> None:
        self.station = Station(self.description, self.store, NOON, 0.0, defaults=self.keys)
        self.charger = SimulatedCharger(self.description.evse_count, lock_jammed=self.lock_jammed)
        self.charger.start(self.now)
        self.pump()


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


@pytest.fixture(scope="session")
def make_bench() -> type[Bench]:
    return Bench


@pytest.fixture
def bench() -> Bench:
    return Bench().boot()
