"""A 2.x station as a whole: cold boot, a session, both versions on the line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.ocpp_client import Version, decode
from evproto.ocpp_client.bridge import (
    BayChanged,
    FaultCleared,
    FaultRaised,
    Flow,
    FlowChanged,
    Plugged,
    Restart,
    StopPressed,
)
from evproto.ocpp_client.testing import Bench2

POINTS = [
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "DataSigned",
    "PowerPathClosed",
    "EnergyTransfer",
]
DRIVER = [
    "plug 1",
    "plug 1",
    "token 1",
    "token 1",
    "token 1",
    "stop 1",
    "unplug 1",
    "left 1",
    "bay 1",
    "gone 1",
]
OTHERS = ["plug 2", "token 2", "token 0", "token 0", "unplug 2", "suspend 1", "flow 1"]
WORLD = [
    "fault 1",
    "clear 1",
    "offline",
    "offline",
    "online",
    "online",
    "power",
    "wait",
    "wait long",
    "invalid",
]
BACK_END = {
    "inoperative": ("ChangeAvailability", '{"operationalStatus":"Inoperative","evse":{"id":1}}'),
    "operative": ("ChangeAvailability", '{"operationalStatus":"Operative","evse":{"id":1}}'),
    "closed": ("ChangeAvailability", '{"operationalStatus":"Inoperative"}'),
    "open": ("ChangeAvailability", '{"operationalStatus":"Operative"}'),
    "start 1": (
        "RequestStartTransaction",
        '{"idToken":{"idToken":"FAR","type":"Central"},"remoteStartId":1,"evseId":1}',
    ),
    "unlock 1": ("UnlockConnector", '{"evseId":1,"connectorId":1}'),
    "stop": ("RequestStopTransaction", '{"transactionId":"ID"}'),
    "reset": ("Reset", '{"type":"Immediate"}'),
    "reset idle": ("Reset", '{"type":"OnIdle"}'),
}
"""Calls of the back end: action and payload."""
STEPS = st.lists(st.sampled_from([*DRIVER, *DRIVER, *OTHERS, *WORLD, *BACK_END]), min_size=8, max_size=30)


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_whole_session_from_cold_boot_to_the_end(version: Version) -> None:
    bench = Bench2(version, evse_count=1)
    bench.online()
    assert bench.actions() == ["BootNotification", "SecurityEventNotification", "StatusNotification"]
    bench.forget()
    bench.plug()
    bench.token()
    bench.run(5.0)
    bench.token()
    bench.unplug()
    bench.run(1.0)
    assert bench.actions() == [
        "StatusNotification",
        "Authorize",
        "TransactionEvent",
        "TransactionEvent",
        "TransactionEvent",
        "StatusNotification",
    ]
    events = bench.events_of()
    assert [one.event_type.value for one in events] == ["Started", "Updated", "Ended"]
    assert [one.trigger_reason.value for one in events] == [
        "ChargingStateChanged",
        "ChargingStateChanged",
        "StopAuthorized",
    ]
    assert [one.seq_no for one in events] == [0, 1, 2]
    assert events[0].id_token.id_token == "TAG"
    assert bench.statuses() == ["Occupied", "Available"]
    assert len(bench.store) == 0


def test_a_place_that_does_not_exist_is_our_own_mistake(bench2: Any) -> None:
    with pytest.raises(StateError, match="EVSE 3"):
        bench2.station.tell(Plugged(3), bench2.now)
    with pytest.raises(StateError, match="no connector 2"):
        bench2.station.tell(Plugged(1, 2), bench2.now)


REFUSAL = b'{"idTokenInfo":{"status":"Invalid"}}'


def act(bench: Bench2, step: str) -> None:
    if step in BACK_END:
        verb, rest = step, ""
    else:
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
            bench.token(f"TAG{number}", number or None)
        case "stop":
            bench.tell(StopPressed(number))
        case "bay" | "gone":
            bench.tell(BayChanged(number, verb == "bay"))
        case "suspend" | "flow":
            bench.tell(FlowChanged(number, Flow.CHARGING if verb == "flow" else Flow.SUSPENDED_EV))
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
        case step if step in BACK_END:
            if bench.linked:
                action, payload = BACK_END[step]
                id = next(iter(bench.station.transaction_ids.values()), "none")
                bench.csms.call(bench.csms.read(action, payload.replace("ID", id)), bench.now)
                bench.pump()
        case "invalid":
            refused = decode(bench.version.actions["TransactionEvent"][1], REFUSAL)
            bench.script("TransactionEvent", refused)
    if bench.told(Restart):
        bench.events.clear()
        bench.power_cycle(online=bench.linked)


@settings(deadline=None, max_examples=50)
@given(
    STEPS,
    st.sets(st.sampled_from(POINTS), min_size=1),
    st.sets(st.sampled_from(POINTS), min_size=1),
    st.booleans(),
    st.sampled_from([0, 300]),
    st.sampled_from([Version.V201, Version.V21]),
)
def test_every_transaction_is_told_from_its_start_to_its_end_whatever_happens(
    steps: list[str], start: set[str], stop: set[str], ends: bool, resumption: int, version: Version
) -> None:
    bench = Bench2(
        version,
        settings={
            "TxCtrlr.TxStartPoint": ",".join(start),
            "TxCtrlr.TxStopPoint": ",".join(stop),
            "TxCtrlr.StopTxOnEVSideDisconnect": ends,
            "TxCtrlr.StopTxOnInvalidId": ends,
            "TxCtrlr.ResumptionTimeout": resumption,
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
        },
    ).boot()
    for step in [*steps, "online", "wait"]:
        act(bench, step)
        for evse in bench.station._station.evses.values():
            assert evse.flow is not Flow.CHARGING or evse.transaction is not None, step
    running = set(bench.station.transaction_ids.values())
    act(bench, "power")
    act(bench, "wait long")
    kinds: dict[str, list[str]] = {}
    numbers: dict[str, list[int]] = {}
    for event in bench.events_of():
        id = event.transaction_info.transaction_id
        kinds.setdefault(id, []).append(event.event_type.value)
        numbers.setdefault(id, []).append(event.seq_no)
    assert running <= set(kinds)
    for id, found in kinds.items():
        assert found == ["Started", *["Updated"] * (len(found) - 2), "Ended"]
        assert numbers[id] == list(range(len(found)))
    assert len(bench.store) == 0
    assert bench.store.open_transactions() == []


@settings(deadline=None, max_examples=25)
@given(STEPS)
def test_the_back_end_knows_the_true_status_in_the_end(steps: list[str]) -> None:
    bench = Bench2().boot()
    known = {(1, 1): "Available", (2, 1): "Available"}
    for step in [*steps, "online", "wait"]:
        act(bench, step)
    for call in bench.calls:
        if type(call).__name__ == "StatusNotificationRequest":
            known[call.evse_id, call.connector_id] = call.connector_status.value
    assert known == bench.station.statuses


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["evseId", "idToken", "type", "transactionId", "status", "requestId", "evse", "id"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(Version.V21.actions)), ANYTHING, st.sampled_from([Version.V201, Version.V21]))
def test_any_call_of_the_back_end_is_answered_once_or_held_for_the_charger(
    action: str, payload: Any, version: Version
) -> None:
    bench = Bench2(version).boot()
    bench.station.receive(json.dumps([2, "hostile", action, payload]), bench.now)
    answers = []
    while (text := bench.station.next_output()) is not None:
        frame = json.loads(text)
        if frame[0] in (3, 4):
            answers.append(frame[1])
    assert answers == ["hostile"] or action in bench.station._slow_handlers
    bench.run(31.0)


def test_no_trace_holds_a_token() -> None:
    records: list[Any] = []
    bench = Bench2(trace=records.append).boot()
    bench.charge(1, "SECRET")
    bench.token("SECRET")
    assert records
    assert "SECRET" not in repr(records)
    bench.plug(2)
    bench.token("SECRET", 2)
    bench.unplug(2, cable_left=True)
    assert "SECRET" not in repr(bench.station._station.evses)
