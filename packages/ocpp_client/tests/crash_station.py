"""The child of the crash test: a station that works through transactions until it is killed.

It speaks to its back end over a socket, one JSON frame a line, and keeps its memory in SQLite.
`run` is a queue that is filled by hand, `run_station` a whole station of 2.0.1.
"""

from __future__ import annotations

import random
import select
import socket
from datetime import UTC, datetime

from evproto.ocpp_client import Rpc, Timestamp, Version, encode
from evproto.ocpp_client.bridge import (
    ENERGY,
    Description,
    Fact,
    Flow,
    FlowChanged,
    Metered,
    Plugged,
    Reading,
    TokenPresented,
    Unplugged,
)
from evproto.ocpp_client.device_model import DeviceModel
from evproto.ocpp_client.outbox import Outbox, RetryPolicy
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v2.settings import make_model
from evproto.ocpp_client.v2.station import Station
from evproto.ocpp_client.v201 import datatypes, enums, messages

DESCRIPTION = Description(vendor="evproto", model="crash")
SETTINGS = {
    "AuthCtrlr.Enabled": "false",
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": "100",
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": "0",
}
MODEL = make_model(":memory:", DESCRIPTION, SETTINGS)
RESUMING = make_model(":memory:", DESCRIPTION, SETTINGS | {"TxCtrlr.ResumptionTimeout": "86400"})
"""Made once, in the parent: the children that are killed while they start do so in their own code."""
NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))
EVENT = enums.TransactionEventEnum


def run(path: str, link: socket.socket, seed: int) -> None:
    """Never returns by itself but when the link ends."""
    chance = random.Random(seed)
    store = Store(path)
    boot = store.next_boot()
    rpc = Rpc(Version.V201, frozenset(), lambda: "unused")
    outbox = Outbox(Version.V201, rpc, store, policy=RetryPolicy(attempts=10**6, interval=0.0))
    outbox.connected(0.0)
    outbox.set_accepted(True, 0.0)
    received = b""
    step = 0
    while True:
        step += 1
        work(store, boot, step, chance)
        outbox.kick(float(step))
        while (text := outbox.next_output()) is not None:
            link.sendall(text.encode() + b"\n")
        while outbox.next_event() is not None:
            pass
        if select.select([link], [], [], 0.0)[0]:
            data = link.recv(65536)
            if not data:
                return
            received += data
        *lines, received = received.split(b"\n")
        for line in lines:
            outbox.receive(line.decode(), float(step))
        if outbox.deadline is not None and len(store) > 50:
            outbox.advance(outbox.deadline)  # nobody answered for long: time passes


def work(store: Store, boot: int, step: int, chance: random.Random) -> None:
    """One fact of a transaction, with its number and its message, in one batch."""
    if len(store) > 60:
        return
    with store.batch():
        running = store.open_transactions()
        if not running:
            transaction_id = f"tx-{boot}-{step}"
            store.begin_transaction(transaction_id, 1, {})
            queue(store, transaction_id, EVENT.STARTED)
        elif chance.random() < 0.2:
            queue(store, running[0].transaction_id, EVENT.ENDED)
            store.end_transaction(running[0].transaction_id)
        else:
            queue(store, running[0].transaction_id, EVENT.UPDATED)


def queue(store: Store, transaction_id: str, event: enums.TransactionEventEnum) -> None:
    seq_no = store.take_seq_no(transaction_id)
    request = messages.TransactionEventRequest(
        event_type=event,
        timestamp=NOON,
        trigger_reason=enums.TriggerReasonEnum.METER_VALUE_PERIODIC,
        seq_no=seq_no,
        transaction_info=datatypes.Transaction(transaction_id=transaction_id),
    )
    store.enqueue(
        f"{transaction_id}-{seq_no}", "TransactionEvent", encode(request), transaction_id=transaction_id
    )


def run_resuming_station(path: str, link: socket.socket, seed: int) -> None:
    """A station whose transactions go on after a loss of power."""
    run_station(path, link, seed, RESUMING)


def run_station(path: str, link: socket.socket, seed: int, model: DeviceModel = MODEL) -> None:
    """Never returns by itself but when the link ends."""
    station = Station(Version.V201, DESCRIPTION, Store(path), model, NOON, 0.0)
    driver = Driver(station, random.Random(seed))
    station.connected(0.0)
    received, now, idle = b"", 0.0, 0
    while True:
        for fact in driver.next_facts():
            station.tell(fact, now)
        while station.next_event() is not None:
            pass
        idle += 1
        while (text := station.next_output()) is not None:
            link.sendall(text.encode() + b"\n")
            idle = 0
        if select.select([link], [], [], 0.001 if idle else 0.0)[0]:
            data = link.recv(65536)
            if not data:
                return
            received, idle = received + data, 0
        *lines, received = received.split(b"\n")
        for line in lines:
            station.receive(line.decode(), now)
        if idle > 10 and station.deadline is not None:
            now, idle = station.deadline, 0  # nobody answered: time passes
            station.advance(now)


class Driver:
    """Plugs in, identifies, charges for a while, identifies again, leaves."""

    def __init__(self, station: Station, chance: random.Random) -> None:
        self._station = station
        self._chance = chance
        self._plugged = False
        self._energy = 0.0

    def next_facts(self) -> list[Fact]:
        if len(self._station._station.store) > 60 or not self._station.online:
            return []
        self._energy += 1.0
        meter = Metered(1, (Reading(measurand=ENERGY, value=self._energy, unit="Wh"),))
        if not self._plugged:
            self._plugged = True
            return [meter, Plugged(1), TokenPresented("TAG", 1)]
        if self._chance.random() < 0.2:
            self._plugged = False
            return [meter, TokenPresented("TAG", 1), Unplugged(evse_id=1)]
        return [meter, FlowChanged(1, Flow.CHARGING), FlowChanged(1, Flow.SUSPENDED_EV)]
