"""What holds for a 1.6 station whatever happens: properties, secrets, misuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import (
    Description,
    FaultCleared,
    FaultRaised,
    Plugged,
    StopPressed,
    TokenPresented,
)
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.enums import ChargePointStatus, Reason, ResetType
from evproto.ocpp_client.v16.station import HANDLED, Station

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DRIVER = ["plug 1", "plug 1", "token 1", "token 1", "token 1", "stop 1", "unplug 1", "left 1"]
OTHER_DRIVER = ["plug 2", "token 2", "unplug 2"]
BACK_END = ["remote 1", "unlock 1", "reserve 1", "inoperative 1", "operative 1"]
WORLD = ["fault 1", "clear 1", "offline", "offline", "online", "online", "power", "wait", "wait long"]
STEPS = st.lists(
    st.sampled_from([*DRIVER, *DRIVER, *OTHER_DRIVER, *BACK_END, *WORLD]), min_size=8, max_size=30
)


def act(bench: Any, step: str) -> None:
    verb, _, rest = step.partition(" ")
    number = int(rest) if rest.isdigit() else 0
    match verb:
        case "plug":
            bench.plug(number)
        case "unplug":
            bench.unplug(number)
        case "left":
            bench.unplug(number, cable_left=True)
        case "token":
            bench.token(f"TAG{number}", None)
        case "stop":
            bench.tell(StopPressed(number))
        case "fault":
            bench.tell(FaultRaised(evse_id=number, code="GroundFailure"))
        case "clear":
            bench.tell(FaultCleared(number))
        case "offline" if bench.linked:
            bench.offline()
        case "online" if not bench.linked:
            bench.online()
        case "power":
            bench.power_cycle()
        case "wait":
            bench.run(400.0 if rest else 5.0)
        case _ if bench.linked and number:
            bench.csms.call(COMMANDS[verb](number), bench.now)
            bench.pump()


COMMANDS: dict[str, Any] = {
    "remote": lambda number: m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=number),
    "unlock": lambda number: m.UnlockConnectorRequest(connector_id=number),
    "reserve": lambda number: m.ReserveNowRequest(
        connector_id=number,
        id_tag="GUEST",
        reservation_id=1,
        expiry_date=m.Timestamp.parse("2026-01-01T12:05:00Z"),
    ),
    "inoperative": lambda number: m.ChangeAvailabilityRequest(
        connector_id=number, type=m.enums.AvailabilityType.INOPERATIVE
    ),
    "operative": lambda number: m.ChangeAvailabilityRequest(
        connector_id=number, type=m.enums.AvailabilityType.OPERATIVE
    ),
}


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_every_transaction_starts_and_stops_once_in_order_whatever_happens(
    make_bench: Any, steps: list[str]
) -> None:
    bench = make_bench(AllowOfflineTxForUnknownId=True).boot()
    for step in [*steps, "online", "power", "wait long"]:
        act(bench, step)
    running: set[int] = set()
    begun = 0
    for call in bench.calls:
        if isinstance(call, m.StartTransactionRequest):
            begun += 1
            running.add(begun)
        elif isinstance(call, m.StopTransactionRequest):
            running.remove(call.transaction_id)
        elif isinstance(call, m.MeterValuesRequest) and call.transaction_id is not None:
            assert call.transaction_id in running
    assert not running
    assert len(bench.store) == 0


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_the_back_end_always_knows_the_true_status_in_the_end(make_bench: Any, steps: list[str]) -> None:
    bench = make_bench().boot()
    known = dict.fromkeys(range(3), "Available")
    for step in [*steps, "online", "wait"]:
        act(bench, step)
    for call in bench.calls:
        if isinstance(call, m.StatusNotificationRequest):
            known[call.connector_id] = call.status.value
    assert known == bench.station.statuses


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(sorted(Version.V16.actions)),
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
        lambda inner: st.dictionaries(
            st.sampled_from(["connectorId", "idTag", "key", "type", "transactionId", "status"]),
            inner,
            max_size=4,
        ),
        max_leaves=8,
    ),
)
def test_any_call_of_the_back_end_is_answered_once_or_held_for_the_charger(
    make_bench: Any, action: str, payload: Any
) -> None:
    bench = make_bench().boot()
    bench.station.receive(json.dumps([2, "hostile", action, payload]), bench.now)
    answers = []
    while (text := bench.station.next_output()) is not None:
        frame = json.loads(text)
        if frame[0] in (3, 4):
            answers.append(frame[1])
    assert len(answers) == 1 or action in ("UnlockConnector", "GetDiagnostics", "GetLog")
    bench.run(31.0)


@pytest.mark.parametrize(
    "time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_an_absurd_time_of_the_back_end_is_not_taken(make_bench: Any, time: str) -> None:
    bench = make_bench()
    bench.station.connected(0.0)
    answer = {"status": "Accepted", "currentTime": time, "interval": 300}
    bench.station.receive(json.dumps([3, "1-1", answer]), 0.0)
    bench.station.tell(Plugged(1), 1e6)
    while (text := bench.station.next_output()) is not None:
        assert "2026-01" in text or "BootNotification" in text


def test_an_unlock_that_the_charger_does_not_answer_is_refused_in_the_end(bench: Any) -> None:
    bench.station.receive('[2,"u1","UnlockConnector",{"connectorId":1}]', bench.now)
    assert bench.station.next_output() is None
    bench.station.advance(bench.now + 31.0)
    answer = json.loads(bench.station.next_output())
    assert answer[:3] == [4, "u1", "InternalError"]


def test_what_the_rpc_lets_in_is_what_the_blocks_handle(bench: Any) -> None:
    assert set(bench.station._handlers) | set(bench.station._slow_handlers) == HANDLED


def test_an_evse_that_does_not_exist_is_our_own_mistake(bench: Any) -> None:
    with pytest.raises(StateError, match="EVSE 3"):
        bench.station.tell(Plugged(3), bench.now)


def test_no_trace_and_no_repr_holds_a_token() -> None:
    records: list[Any] = []
    station = Station(
        Description(vendor="evproto", model="bench"), Store(":memory:"), NOON, 0.0, trace=records.append
    )
    station.connected(0.0)
    station.receive('[3,"1-1",{"status":"Accepted","currentTime":"2026-01-01T12:00:00Z","interval":9}]', 0.0)
    station.tell(TokenPresented("SECRET", 1), 0.0)
    station.receive('[2,"u1","ClearCache",{"idTag":"SECRET"}]', 0.0)
    assert records
    assert "SECRET" not in repr(records) + repr(TokenPresented("SECRET", 1))


def test_a_hard_reset_ends_all_transactions(bench: Any) -> None:
    bench.charge(1, "ONE")
    bench.charge(2, "TWO")
    bench.call(m.ResetRequest(type=ResetType.HARD))
    assert [one.reason for one in bench.said(m.StopTransactionRequest)] == [Reason.HARD_RESET] * 2


def test_every_status_but_the_suspended_ones_is_reached_by_plain_acts(bench: Any) -> None:
    seen: set[str] = set()
    steps = ("wait", "plug 1", "token 1", "left 1", "fault 2", "clear 2", "inoperative 2", "operative 2")
    for step in (*steps, "plug 1", "token 1", "stop 1", "unplug 1", "reserve 1"):
        act(bench, step)
        seen.update(bench.station.statuses.values())
    suspended = {"SuspendedEV", "SuspendedEVSE"}
    assert seen == {status.value for status in ChargePointStatus} - suspended
