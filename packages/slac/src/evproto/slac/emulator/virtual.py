"""Cars and chargers on one line in virtual time: seconds of matching take milliseconds."""

from __future__ import annotations

import random
from collections.abc import Callable

from evproto.core.testing import VirtualTime
from evproto.core.trace import TraceSink
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.emulator.powerline import Channel, PortFrame, PowerLine
from evproto.slac.ev import Ev, EvConfig
from evproto.slac.events import Event, ToggleRequested
from evproto.slac.evse import Evse, EvseConfig
from evproto.slac.modem import ModemConfig
from evproto.slac.station import Station
from evproto.slac.timeouts import Timeouts


class Segment:
    """A line with stations; add cars and chargers, `plug` them, `run`.

    `events` has each station's events with their times, in order.
    """

    def __init__(self, channel: Channel | None = None, *, seed: int = 0) -> None:
        self.time = VirtualTime()
        self.line = PowerLine(channel, seed=seed)
        self.stations: dict[str, Station] = {}
        self.events: dict[str, list[tuple[float, Event]]] = {}
        self.watch: Callable[[str, Event], object] | None = None
        self._random = random.Random(seed)
        self._plugs: dict[str, str] = {}
        self._pumping = False
        self.time.add(self.line, self._pump_line)

    @property
    def channel(self) -> Channel:
        """What the line does to frames."""
        return self.line.channel

    def add_evse(
        self,
        name: str,
        *,
        config: EvseConfig | None = None,
        modem: EmulatedModem | None = None,
        modem_config: ModemConfig | None = None,
        timeouts: Timeouts | None = None,
        trace: TraceSink | None = None,
    ) -> Evse:
        """A charger at the port `name`; it is started."""
        evse = Evse(
            mac=self._mac(0x10),
            entropy=self._random.randbytes,
            config=config,
            modem=modem_config,
            timeouts=timeouts,
            trace=trace,
        )
        self._add(name, evse, modem)
        evse.start(self.time.now)
        self.pump(name)
        return evse

    def add_ev(
        self,
        name: str,
        *,
        config: EvConfig | None = None,
        modem: EmulatedModem | None = None,
        modem_config: ModemConfig | None = None,
        timeouts: Timeouts | None = None,
        trace: TraceSink | None = None,
    ) -> Ev:
        """A car at the port `name`; it waits for `plug`."""
        ev = Ev(
            mac=self._mac(0x20),
            entropy=self._random.randbytes,
            config=config,
            modem=modem_config,
            timeouts=timeouts,
            trace=trace,
        )
        modem = modem or EmulatedModem(mac=self._mac(0x40), reports_sounds=False)
        self._add(name, ev, modem)
        return ev

    def plug(self, ev: str, evse: str, at: float = 0.0) -> None:
        """Plug the car into the charger at that time; both hear of it at once."""
        self._plugs[ev] = evse
        self.time.at(at, lambda: self._plug(ev, evse))

    def inject(self, port: str, data: bytes) -> None:
        """Give the host at the port a frame, as if its modem had passed it on."""
        self.stations[port].receive(data, self.time.now)
        self.pump(port)

    def run(self, *, until: float, stop: Callable[[], bool] | None = None) -> bool:
        """Run to that time, or until `stop()` holds; tells whether it held."""
        return self.time.run(until=until, stop=stop)

    def command(self, port: str, verb: Callable[[float], object]) -> None:
        """Give the station a command without arguments now."""
        verb(self.time.now)
        self.pump(port)

    def pilot(self, evse: str, state: str) -> None:
        """The control pilot of a charger changes."""
        machine = self.stations[evse]
        if isinstance(machine, Evse):
            machine.pilot(state, self.time.now)
            self.pump(evse)

    def events_of(self, port: str, kind: type[Event]) -> list[Event]:
        """The events of one kind at one station."""
        return [event for _, event in self.events[port] if isinstance(event, kind)]

    def pump(self, port: str) -> None:
        """Send a station's outputs and take its events."""
        station = self.stations[port]
        while (data := station.next_output()) is not None:
            self.line.receive(PortFrame(port, data), self.time.now)
        while (event := station.next_event()) is not None:
            self.events[port].append((self.time.now, event))
            if isinstance(event, ToggleRequested) and port in self._plugs:
                self._toggle(self._plugs[port], event)
            if self.watch is not None:
                self.watch(port, event)

    def _add(self, name: str, station: Station, modem: EmulatedModem | None) -> None:
        self.stations[name] = station
        self.events[name] = []
        self.line.add(name, modem or EmulatedModem(mac=self._mac(0x30)))
        self.time.add(station, lambda: self.pump(name))

    def _plug(self, ev: str, evse: str) -> None:
        self.pilot(evse, "B")
        self.command(ev, self.stations[ev].start)  # type: ignore[attr-defined]

    def _toggle(self, evse: str, request: ToggleRequested) -> None:
        for step in range(2 * request.toggles):
            state = "CB"[step % 2]
            self.time.after(step * request.phase, lambda state=state: self.pilot(evse, state))  # type: ignore[misc]

    def _pump_line(self) -> None:
        while (frame := self.line.next_output()) is not None:
            station = self.stations[frame.port]
            station.receive(frame.data, self.time.now)
            self.pump(frame.port)
        while self.line.next_event() is not None:
            pass

    def _mac(self, kind: int) -> bytes:
        return bytes([0x02, kind]) + self._random.randbytes(4)
