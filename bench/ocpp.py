"""A TransactionEvent there and back beside the package ocpp, and what a connected station costs.

Ours is typed, validated both ways and durable (SQLite, WAL, synchronous FULL, on a file); the
peer validates by JSON schema and keeps nothing. Both speak over memory. Time is CPU time of the
process; memory is the growth of the resident set.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _report import Figure, options, report

from evproto.ocpp_client import Rpc, Timestamp, Version, encode
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.outbox import Outbox
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16.station import Station
from evproto.ocpp_client.v201 import datatypes, enums, messages

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))
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


async def round_trips() -> Figure:
    """CPU per event, the two in turn."""
    ours: list[float] = []
    peers: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        station, peer = Ours(Path(folder) / "station.db"), Peer()
        station.run(5)
        await peer.run(5)
        for _ in range(ROUNDS):
            start = time.process_time()
            station.run(ROUND_TRIPS)
            middle = time.process_time()
            await peer.run(ROUND_TRIPS)
            ours.append((middle - start) / ROUND_TRIPS)
            peers.append((time.process_time() - middle) / ROUND_TRIPS)
        peer.stop()
    return Figure(
        case="TransactionEvent, 8 values",
        measure="CPU per round trip",
        value=min(ours) * 1e6,
        unit="us",
        peer="ocpp",
        ratio=statistics.median(ours) / statistics.median(peers),
    )


def memory(count: int, *, on_file: Callable[[int], Path | str]) -> float:
    """KiB per station that has booted: machine, store, and its back end in memory."""
    gc.collect()
    before = _resident()
    held = [_booted(on_file(number)) for number in range(count)]
    gc.collect()
    grown = _resident() - before
    assert len(held) == count
    return grown / count / 1024


def _booted(path: Path | str) -> Station:
    station = Station(Description(vendor="evproto", model="bench"), Store(path), NOON, 0.0)
    csms = Csms(Version.V16, NOON, 0.0)
    station.connected(0.0)
    csms.connected(0.0)
    while (text := station.next_output()) is not None:
        csms.receive(text, 0.0)
        while (answer := csms.next_output()) is not None:
            station.receive(answer, 0.0)
    assert station.online
    return station


def _resident() -> int:
    """Bytes of this process in memory (Linux)."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


def main() -> None:
    arguments = options(__doc__).parse_args()
    sys.path.remove(str(Path(__file__).resolve().parent))  # where `ocpp` would be this file, not the peer
    figures = [asyncio.run(round_trips())]
    if sys.platform == "linux":
        _booted(":memory:")
        value = memory(200, on_file=lambda number: ":memory:")
        figures.append(
            Figure(case="1.6 station, booted", measure="memory each of 200", value=value, unit="KiB")
        )
    report(figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
