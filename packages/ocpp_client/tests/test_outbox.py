from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.ocpp_client import CallAnswered, CallFailed, Failure, Rpc, Version, encode
from evproto.ocpp_client.outbox import Delivered, GivenUp, Outbox, RetryPolicy
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages


class Station:
    """An outbox on a store in memory, with a back end whose answers the test chooses."""

    def __init__(self, path: Path | str = ":memory:", **policy: Any) -> None:
        self.store = Store(path)
        rpc = Rpc(Version.V16, frozenset(), lambda: "unused")
        self.outbox = Outbox(Version.V16, rpc, self.store, policy=RetryPolicy(**policy))
        self.now = 0.0
        self.queued = 0

    def online(self, *, accepted: bool = True) -> None:
        self.outbox.connected(self.now)
        self.outbox.set_accepted(accepted, self.now)

    def queue(self) -> None:
        request = messages.StatusNotificationRequest(
            connector_id=self.queued,
            error_code=messages.enums.ChargePointErrorCode.NO_ERROR,
            status=messages.enums.ChargePointStatus.AVAILABLE,
        )
        with self.store.batch():
            self.store.enqueue(f"m{self.queued}", "StatusNotification", encode(request))
        self.queued += 1
        self.outbox.kick(self.now)

    def sent(self) -> str | None:
        """The id of the next frame that went out."""
        text = self.outbox.next_output()
        return None if text is None else str(json.loads(text)[1])

    def answer(self, id: str) -> None:
        self.outbox.receive(json.dumps([3, id, {}]), self.now)

    def refuse(self, id: str) -> None:
        self.outbox.receive(json.dumps([4, id, "InternalError", "no", {}]), self.now)

    def wait(self) -> None:
        assert self.outbox.deadline is not None
        self.now = self.outbox.deadline
        self.outbox.advance(self.now)

    def events(self) -> list[Any]:
        found = []
        while (event := self.outbox.next_event()) is not None:
            found.append(event)
        return found


def test_durable_messages_go_one_after_the_other_in_order() -> None:
    station = Station()
    for _ in range(3):
        station.queue()
    station.online()
    order = []
    while (id := station.sent()) is not None:
        order.append(id)
        assert station.sent() is None
        station.answer(id)
    assert order == ["m0", "m1", "m2"]
    assert [event.message_id for event in station.events() if isinstance(event, Delivered)] == order
    assert len(station.store) == 0


def test_a_refused_message_is_sent_again_with_the_same_id_after_a_growing_wait() -> None:
    station = Station(attempts=3, interval=60.0)
    station.queue()
    station.online()
    waits = []
    for _ in range(2):
        assert station.sent() == "m0"
        station.refuse("m0")
        before = station.now
        station.wait()
        waits.append(station.now - before)
    assert waits == [60.0, 120.0]
    assert station.sent() == "m0"


def test_after_the_allowed_attempts_a_message_is_given_up_and_the_next_one_goes() -> None:
    station = Station(attempts=2, interval=1.0)
    station.queue()
    station.queue()
    station.online()
    for _ in range(2):
        station.refuse(station.sent() or "")
        if station.outbox.deadline is not None and len(station.store) == 2:
            station.wait()
    assert [event.reason for event in station.events() if isinstance(event, GivenUp)] == ["no"]
    assert station.sent() == "m1"


def test_a_lost_link_costs_no_attempt() -> None:
    station = Station(attempts=1)
    station.queue()
    for _ in range(5):
        station.online()
        assert station.sent() == "m0"
        station.outbox.disconnected(station.now)
    station.online()
    station.answer(station.sent() or "")
    assert len(station.store) == 0


def test_the_wait_before_a_retry_lets_other_messages_pass() -> None:
    station = Station()
    station.queue()
    station.online()
    station.refuse(station.sent() or "")
    station.outbox.ask(messages.HeartbeatRequest(), "beat", station.now)
    assert station.sent() == "beat"


def test_before_acceptance_only_the_boot_notification_goes() -> None:
    station = Station()
    station.queue()
    station.outbox.ask(messages.HeartbeatRequest(), "beat", 0.0)
    station.online(accepted=False)
    assert station.sent() is None
    boot = messages.BootNotificationRequest(charge_point_vendor="v", charge_point_model="m")
    station.outbox.ask(boot, "boot", 0.0, first=True)
    assert station.sent() == "boot"
    text = json.dumps(
        [3, "boot", {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 300}]
    )
    station.outbox.receive(text, 0.0)
    assert isinstance(station.events()[-1], CallAnswered)
    assert station.sent() is None
    station.outbox.set_accepted(True, 0.0)
    assert station.sent() == "beat"


def test_what_was_asked_fails_when_the_link_is_lost_and_the_queue_stays() -> None:
    station = Station()
    station.online()
    station.outbox.ask(messages.HeartbeatRequest(), "one", 0.0)
    station.outbox.ask(messages.HeartbeatRequest(), "two", 0.0)
    station.queue()
    station.outbox.disconnected(1.0)
    failed = [event for event in station.events() if isinstance(event, CallFailed)]
    assert [(event.id, event.failure) for event in failed] == [
        ("one", Failure.DISCONNECTED),
        ("two", Failure.DISCONNECTED),
    ]
    assert len(station.store) == 1


def test_a_message_that_this_program_cannot_read_is_given_up_and_blocks_nothing() -> None:
    station = Station()
    with station.store.batch():
        station.store.enqueue("old", "ActionOfThePast", b"{}")
    station.queue()
    station.online()
    assert station.sent() == "m0"
    assert [event.message_id for event in station.events() if isinstance(event, GivenUp)] == ["old"]


@pytest.mark.parametrize("then", ["ask", "queue", "disconnect"])
def test_an_answered_message_is_gone_before_another_call_leaves(tmp_path: Path, then: str) -> None:
    station = Station(tmp_path / "station.db")
    station.online()
    station.queue()
    station.answer(station.sent() or "")
    match then:
        case "ask":
            station.outbox.ask(messages.HeartbeatRequest(), "beat", station.now)
        case "queue":
            station.queue()
        case _:
            station.outbox.disconnected(station.now)
    station.store._db.close()  # a crash
    head = Store(tmp_path / "station.db").head()
    assert (head.message_id if head else None) == ("m1" if then == "queue" else None)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(["queue", "answer", "refuse", "drop", "online", "wait"]), max_size=60))
def test_under_any_interleaving_deliveries_come_in_order_and_nothing_is_lost(steps: list[str]) -> None:
    station = Station(attempts=3, interval=5.0)
    on_wire: str | None = None
    connected = False
    settled: list[str] = []
    for step in [*steps, "online", *["answer", "wait"] * (2 * len(steps) + 2)]:
        if step == "queue":
            station.queue()
        elif step == "online" and not connected:
            station.online()
            connected = True
        elif step == "drop" and connected:
            station.outbox.disconnected(station.now)
            connected, on_wire = False, None
        elif step in ("answer", "refuse") and on_wire is not None:
            (station.answer if step == "answer" else station.refuse)(on_wire)
            on_wire = None
        elif step == "wait" and station.outbox.deadline is not None:
            station.wait()
            on_wire = None
        while (id := station.sent()) is not None:
            on_wire = id
        settled += [event.message_id for event in station.events() if isinstance(event, Delivered | GivenUp)]
    assert settled == [f"m{number}" for number in range(station.queued)]
