"""Many stations of 1.6 in one process: what they take of memory and of a processor.

Each has a store of its own in memory, charges all the time, and sends heartbeats and meter values
in real time. Their back ends are in the same process and on the same account.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from _report import Figure

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import ENERGY, Description, Metered, Plugged, Reading, TokenPresented
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v16.station import Station

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))
HEARTBEAT = 60
SAMPLE = 10
DEFAULTS = {
    "MeterValueSampleInterval": str(SAMPLE),
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage",
}
DESCRIPTION = Description(vendor="evproto", model="bench")


class Simulated:
    """A station and its back end; texts go from hand to hand."""

    def __init__(self, now: float) -> None:
        self.station = Station(DESCRIPTION, Store(":memory:"), NOON, now, defaults=DEFAULTS)
        self._back_end = Csms(Version.V16, NOON, now, heartbeat=HEARTBEAT)
        self._energy = 0.0
        self.calls = 0

    def boot(self, now: float) -> None:
        """Connect and register."""
        self.station.connected(now)
        self._back_end.connected(now)
        self._talk(now)
        assert self.station.online

    def charge(self, now: float) -> None:
        """Begin a transaction."""
        for fact in (Plugged(1), TokenPresented("TAG", 1)):
            self.station.tell(fact, now)
            self._talk(now)
        assert self.station.transaction_ids == {1: 1}

    def go_on(self, now: float) -> None:
        """The meter has something new, and a timer is due."""
        self._energy += 30.0
        self.station.tell(
            Metered(
                1,
                (
                    Reading(measurand=ENERGY, value=self._energy, unit="Wh"),
                    Reading(measurand="Power.Active.Import", value=11_000.0, unit="W"),
                    Reading(measurand="Current.Import", value=16.0, unit="A"),
                    Reading(measurand="Voltage", value=230.0, unit="V"),
                ),
            ),
            now,
        )
        self.station.advance(now)
        self._talk(now)

    def _talk(self, now: float) -> None:
        while (text := self.station.next_output()) is not None:
            self.calls += 1
            self._back_end.receive(text, now)
            while (answer := self._back_end.next_output()) is not None:
                self.station.receive(answer, now)
        while self.station.next_event() is not None or self._back_end.next_event() is not None:
            pass


@dataclass(frozen=True, slots=True)
class Held:
    """What a fleet took over the time that it was held."""

    calls_per_second: float
    cpu_share: float
    kib_each: float


def memory(count: int) -> float:
    """KiB per station that has booted: the machine and its store. The back ends have gone."""
    before = _base()
    held = [_booted() for _ in range(count)]
    gc.collect()
    assert all(one.online for one in held)
    return (resident() - before) / count / 1024


def _booted() -> Station:
    one = Simulated(0.0)
    one.boot(0.0)
    return one.station


def hold(count: int, seconds: float) -> Held:
    """Hold so many stations for so many seconds of the wall clock; all are charging when it begins."""
    before = _base()
    held = [Simulated(0.0) for _ in range(count)]
    for number, one in enumerate(held):
        one.boot(SAMPLE * number / count)
        one.charge(SAMPLE * number / count)
    # Spread over one interval of samples as they are, they go on from there in real time.
    due = [(one.station.deadline or 0.0, number) for number, one in enumerate(held)]
    heapq.heapify(due)
    calls = sum(one.calls for one in held)
    origin, cpu = time.monotonic() - SAMPLE, time.process_time()
    while due[0][0] < SAMPLE + seconds:
        at, number = due[0]
        if (left := at - (time.monotonic() - origin)) > 0:
            time.sleep(left)
        held[number].go_on(max(at, time.monotonic() - origin))
        heapq.heapreplace(due, (held[number].station.deadline or float("inf"), number))
    passed, spent = time.monotonic() - origin - SAMPLE, time.process_time() - cpu
    assert all(one.station.online for one in held)
    gc.collect()
    return Held(
        (sum(one.calls for one in held) - calls) / passed,
        spent / passed,
        (resident() - before) / count / 1024,
    )


def figures_of(case: str, held: Held) -> list[Figure]:
    """As the report wants them."""
    return [
        Figure(case=case, measure="calls per second", value=held.calls_per_second, unit="1/s"),
        Figure(case=case, measure="CPU share", value=held.cpu_share * 100, unit="%"),
        Figure(case=case, measure="memory each", value=held.kib_each, unit="KiB"),
    ]


def _base() -> int:
    """The memory once all is loaded that the first station needs."""
    first = Simulated(0.0)
    first.boot(0.0)
    first.charge(0.0)
    gc.collect()
    return resident()


def resident() -> int:
    """Bytes of this process in memory (Linux)."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


def hold_on_loopback(count: int, seconds: float) -> Held:
    """The same over WebSockets on 127.0.0.1, with the asyncio drivers on both sides."""
    return asyncio.run(_on_loopback(count, seconds))


async def _on_loopback(count: int, seconds: float) -> Held:
    from evproto.ocpp_client.drivers import CsmsServer, SimulatedStation
    from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile

    calls = 0

    def count_call(identity: str, event: object) -> None:
        nonlocal calls
        calls += type(event).__name__ == "CallReceived"

    def station(port: int, number: int) -> SimulatedStation:
        profile = NetworkProfile(
            url=f"ws://127.0.0.1:{port}",
            identity=f"CS{number}",
            security=SecurityProfile.NONE,
            versions=(Version.V16,),
            allow_unsecured=True,
        )
        return SimulatedStation(
            profile, DESCRIPTION, Store(":memory:"), lambda event: None, defaults=DEFAULTS
        )

    before = _base()
    server = CsmsServer(
        lambda identity, version: Csms(version, NOON, asyncio.get_running_loop().time(), heartbeat=HEARTBEAT),
        count_call,
    )
    async with server.listen("127.0.0.1", 0) as port:
        stations = [station(port, number) for number in range(count)]
        running = [asyncio.create_task(one.run()) for one in stations]
        for one in stations:
            while not one_is_online(one):
                await asyncio.sleep(0.02)
            one.plug(1)
            one.tell(TokenPresented("TAG", 1))
        calls, cpu, start = 0, time.process_time(), time.monotonic()
        await asyncio.sleep(seconds)
        passed, spent = time.monotonic() - start, time.process_time() - cpu
        assert len(server.stations) == count
        grown = resident() - before
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return Held(calls / passed, spent / passed, grown / count / 1024)


def one_is_online(one: object) -> bool:
    """Whether the station runs and its back end has accepted it."""
    station = getattr(one, "_station", None)
    return station is not None and station.online
