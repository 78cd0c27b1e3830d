"""A TransactionEvent there and back beside the package ocpp, and what connected stations cost.

Ours is typed, validated both ways and durable (SQLite, WAL, synchronous FULL, on a file); the
peer validates by JSON schema and keeps nothing. Both speak over memory. Time is CPU time of the
process; memory is the growth of the resident set. `--fleet 2000` holds so many stations for a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from _ocpp_fleet import NOON, figures_of, hold, hold_on_loopback, memory
from _report import Figure, options, report

from evproto.ocpp_client import Rpc, Version, encode
from evproto.ocpp_client.outbox import Outbox
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v201 import datatypes, enums, messages

Result = TypeVar("Result")
ROUND_TRIPS = 100
ROUNDS = 9
MEASURANDS = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Frequency",
    "SoC",
    "Current.Offered",
    "Power.Offered",
)


class Ours:
    """A station's outbox on a file; `run` sends one event after the other."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path)
        self._outbox = Outbox(Version.V201, Rpc(Version.V201, frozenset(), lambda: "unused"), self._store)
        self._outbox.connected(0.0)
        self._outbox.set_accepted(True, 0.0)
        with self._store.batch():
            self._store.begin_transaction("tx", 1, {})

    def run(self, count: int) -> None:
        for _ in range(count):
            with self._store.batch():
                seq_no = self._store.take_seq_no("tx")
                request = event(seq_no)
                self._store.enqueue(
                    f"m{seq_no}", "TransactionEvent", encode(request), transaction_id="tx", request=request
                )
            self._outbox.kick(0.0)
            text = self._outbox.next_output()
            assert text is not None
            self._outbox.receive(answer(text), 0.0)
            assert self._outbox.next_event() is not None


class Disk:
    """As many bytes as a round trip of ours writes, and nothing else."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        self._bytes = bytes(2200)

    def run(self, count: int) -> None:
        for number in range(count):
            os.pwrite(self._file, self._bytes, number * len(self._bytes))
            getattr(os, "fdatasync", os.fsync)(self._file)


class Peer:
    """A charge point of the package ocpp on a connection in memory."""

    def __init__(self) -> None:
        import ocpp.messages
        from ocpp.v201 import ChargePoint

        ocpp.messages.ASYNC_VALIDATION = False
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._point = ChargePoint("CS", self)
        self._receiving = asyncio.create_task(self._point.start())

    async def send(self, text: str) -> None:
        self._answers.put_nowait(answer(text))

    async def recv(self) -> str:
        return await self._answers.get()

    async def run(self, count: int) -> None:
        from ocpp.v201 import call

        for seq_no in range(count):
            await self._point.call(call.TransactionEvent(**peer_event(seq_no)), suppress=False)

    def stop(self) -> None:
        self._receiving.cancel()


def answer(call: str) -> str:
    """What the back end says; its work is on neither account."""
    id = call.split('"', 2)[1]
    return f'[3,"{id}",{{}}]'


def event(seq_no: int) -> messages.TransactionEventRequest:
    """Eight sampled values, made anew each time as a station does."""
    sampled = tuple(
        datatypes.SampledValue(
            value=230.1 + number,
            measurand=enums.MeasurandEnum(measurand),
            context=enums.ReadingContextEnum.SAMPLE_PERIODIC,
        )
        for number, measurand in enumerate(MEASURANDS)
    )
    return messages.TransactionEventRequest(
        event_type=enums.TransactionEventEnum.UPDATED,
        timestamp=NOON,
        trigger_reason=enums.TriggerReasonEnum.METER_VALUE_PERIODIC,
        seq_no=seq_no,
        transaction_info=datatypes.Transaction(transaction_id="tx"),
        evse=datatypes.EVSE(id=1),
        meter_value=(datatypes.MeterValue(timestamp=NOON, sampled_value=sampled),),
    )


def peer_event(seq_no: int) -> dict[str, Any]:
    """The same content for the peer."""
    sampled = [
        {"value": 230.1 + number, "measurand": measurand, "context": "Sample.Periodic"}
        for number, measurand in enumerate(MEASURANDS)
    ]
    return {
        "event_type": "Updated",
        "timestamp": str(NOON),
        "trigger_reason": "MeterValuePeriodic",
        "seq_no": seq_no,
        "transaction_info": {"transaction_id": "tx"},
        "evse": {"id": 1},
        "meter_value": [{"timestamp": str(NOON), "sampled_value": sampled}],
    }


async def round_trips() -> list[Figure]:
    """CPU per event, the two in turn, on a disk and on a file system in memory where there is one.

    Beside them: what one write and waiting for the disk costs without us. While it waits other
    processes fill the caches, so the disk costs more than its system calls on a busy machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        figures = await _beside_peer("TransactionEvent, 8 values", Path(folder))
    if Path("/dev/shm").is_dir():
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            figures += (await _beside_peer("the same, file in memory", Path(folder)))[:2]
    return figures


async def _beside_peer(case: str, folder: Path) -> list[Figure]:
    ours, disk, peers = Ours(folder / "station.db"), Disk(folder / "disk"), Peer()
    spent: dict[str, list[float]] = {"ours": [], "disk": [], "peer": []}
    for round_ in range(ROUNDS + 1):
        start = time.process_time()
        ours.run(ROUND_TRIPS)
        after_ours = time.process_time()
        disk.run(ROUND_TRIPS)
        after_disk = time.process_time()
        await peers.run(ROUND_TRIPS)
        if round_:  # the first one warms up
            spent["ours"].append(after_ours - start)
            spent["disk"].append(after_disk - after_ours)
            spent["peer"].append(time.process_time() - after_disk)
    peers.stop()
    return [
        figure
        for name, whose in ((case, "ours"), ("one write and fdatasync alone", "disk"))
        for figure in _figures(name, spent[whose], spent["peer"])
    ]


def _figures(case: str, ours: list[float], peers: list[float]) -> list[Figure]:
    return [
        Figure(
            case=case,
            measure=f"CPU per round trip, {name}",
            value=of(ours) / ROUND_TRIPS * 1e6,
            unit="us",
            peer="ocpp",
            ratio=of(ours) / of(peers),
        )
        for name, of in (("median", statistics.median), ("min", min))
    ]


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = options(__doc__)
    parser.add_argument("--fleet", type=int, default=0, help="hold so many stations, e.g. 2000")
    parser.add_argument("--loopback", type=int, default=0, help="the same over WebSockets, e.g. 200")
    parser.add_argument("--seconds", type=float, default=60.0, help="for so long (default: 60)")
    return parser.parse_args()


def main() -> None:
    arguments = parsed()
    figures: list[Figure] = []
    if sys.platform == "linux":
        each = alone(memory, 1000)
        figures.append(
            Figure(case="1.6 station, booted", measure="memory each of 1000", value=each, unit="KiB")
        )
    if arguments.fleet:
        case = f"{arguments.fleet} stations charging"
        figures += figures_of(case, alone(hold, arguments.fleet, arguments.seconds))
    if arguments.loopback:
        case = f"{arguments.loopback} on loopback"
        figures += figures_of(case, alone(hold_on_loopback, arguments.loopback, arguments.seconds))
    sys.path.remove(str(Path(__file__).resolve().parent))  # where `ocpp` would be this file, not the peer
    report(asyncio.run(round_trips()) + figures, as_json=arguments.json)


def alone(measure: Callable[..., Result], *arguments: object) -> Result:
    """Measured in a fresh interpreter, whose memory nobody has used and left."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


if __name__ == "__main__":
    main()
