"""A whole simulated station on a WebSocket; it restarts when the back end resets it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from evproto.core.drivers import Driver
from evproto.ocpp_client.bridge import Description, Fact, News, Request, Restart
from evproto.ocpp_client.bridge_security import UseNetwork
from evproto.ocpp_client.connectivity import BackOff, Connectivity, ConnectivityEvent
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.drivers.websocket import StationLink
from evproto.ocpp_client.network_profile import NetworkProfile
from evproto.ocpp_client.simulation import SimulatedCharger
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v2.settings import make_model
from evproto.ocpp_client.v2.station import Station as Station2
from evproto.ocpp_client.v16.charge_point import StationEvent
from evproto.ocpp_client.v16.station import Station as Station16
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore

AnyStation: TypeAlias = Station16 | Station2


class SimulatedStation:
    """A station of the version that the back end chooses, and a charger that is not there.

    Before the first connection it is of the version that its profile names first; another choice
    of the back end is a restart. `on_event` hears what the station says to its charger, and how the
    connection is. The charger stays over a restart, with the vehicles that are plugged in.

    defaults: configuration keys of 1.6, or variables of 2.x by `Component.Variable`. model: the file
    of the device model of 2.x, one that goes with this object by default.
    """

    def __init__(
        self,
        profile: NetworkProfile,
        description: Description,
        store: Store,
        on_event: Callable[[StationEvent | ConnectivityEvent], None],
        *,
        defaults: dict[str, str] | None = None,
        model: Path | None = None,
        back_off: BackOff | None = None,
        charger: SimulatedCharger | None = None,
        certificates: CertificateStore | None = None,
    ) -> None:
        self._profile = profile
        self._description = description
        self._store = store
        self._on_event = on_event
        self._defaults = defaults
        self._back_off = back_off
        self._certificates = certificates
        self._simulation = charger or SimulatedCharger(description.evse_count)
        self._restart = asyncio.Event()
        self._version = profile.versions[0]
        self._folder = None if model else TemporaryDirectory()
        self._model = model or Path(self._folder.name if self._folder else "") / "model.sqlite"
        self._close_model: Callable[[], None] = lambda: None

    @property
    def station(self) -> AnyStation:
        """The station as it runs now; a restart makes a new one."""
        return self._station

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._start()
            running = asyncio.create_task(self._link.run())
            try:
                await self._restart.wait()
            finally:
                self._charger.stop()
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    def tell(self, fact: Fact) -> None:
        """Tell the station a fact."""
        self._link.command(self._station.tell, fact)

    def plug(self, evse_id: int) -> None:
        """Plug a vehicle in."""
        self._charger.command(self._simulation.plug, evse_id)

    def unplug(self, evse_id: int) -> None:
        """Take it away."""
        self._charger.command(self._simulation.unplug, evse_id)

    def _start(self) -> None:
        self._restart.clear()
        self._station = self._make()
        network = self._station.network
        chance = random.Random(self._profile.identity).random
        self._link: StationLink[StationEvent] = StationLink(
            network.profiles,
            Connectivity(
                network.order,
                chance,
                back_off=self._back_off or network.back_off,
                last_good=network.last_good,
            ),
            self._conversation,
            self._on_station_event,
            self._on_event,
            tell=lambda fact, now: self._station.tell(fact, now),
            certificates=self._certificates,
        )
        self._charger: Driver[Request | News, Fact, Any] = Driver(
            self._simulation, self.tell, lambda event: None
        )
        self._link.drive(self._station)
        self._charger.command(self._simulation.start)

    def _make(self) -> AnyStation:
        self._close_model()
        clock, now = datetime.now(UTC), asyncio.get_running_loop().time()
        if self._version is Version.V16:
            return Station16(
                self._description,
                self._store,
                clock,
                now,
                defaults=self._defaults,
                profile=self._profile,
                certificates=self._certificates,
            )
        model = make_model(self._model, self._description, self._defaults)
        self._close_model = model.close
        return Station2(
            self._version,
            self._description,
            self._store,
            model,
            clock,
            now,
            profile=self._profile,
            certificates=self._certificates,
        )

    def _conversation(self, version: Version) -> Conversation[StationEvent]:
        if version is not self._version:
            self._version = version
            self._station = self._make()
            # It has to hear of the vehicles once the link drives it.
            asyncio.get_running_loop().call_soon(self._charger.command, self._simulation.start)
        return self._station

    def _on_station_event(self, event: StationEvent) -> None:
        self._on_event(event)
        if isinstance(event, Restart):
            self._restart.set()
        elif isinstance(event, UseNetwork):
            self._link.use(event)
        elif isinstance(event, Request | News):
            self._charger.receive(event)


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """KEY=VALUE pairs. Raises ValueError naming the one that is none."""
    parsed = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise ValueError(f"expected KEY=VALUE, got {setting!r}")
        parsed[key] = value
    return parsed
