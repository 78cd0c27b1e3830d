from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.core.testing import Pair
from evproto.ocpp_client import (
    CallAnswered,
    CallFailed,
    CallReceived,
    ErrorCode,
    Failure,
    PeerFault,
    ResponseRefused,
    Rpc,
    RpcLimits,
    SendReceived,
    Timestamp,
    Version,
)
from evproto.ocpp_client.v16 import messages as messages16
from evproto.ocpp_client.v21 import datatypes as datatypes21
from evproto.ocpp_client.v21 import messages as messages21
from evproto.ocpp_client.v201 import enums, messages

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))


def machine(version: Version = Version.V201, handled: str = "Reset DataTransfer", **limits: Any) -> Rpc:
    numbers = iter(range(1, 10**9))
    rpc = Rpc(version, frozenset(handled.split()), lambda: f"id-{next(numbers)}", limits=RpcLimits(**limits))
    rpc.connected(0.0)
    return rpc


def say(rpc: Rpc, *frame: Any, now: float = 1.0) -> list[Any] | None:
    """Give the machine a frame; what it answers at once, parsed."""
    rpc.receive(frame[0] if len(frame) == 1 and isinstance(frame[0], str) else json.dumps(frame), now)
    text = rpc.next_output()
    return None if text is None else json.loads(text)


def events(rpc: Rpc) -> list[Any]:
    found = []
    while (event := rpc.next_event()) is not None:
        found.append(event)
    return found


def test_a_call_is_answered_by_its_result() -> None:
    rpc = machine()
    id = rpc.call(messages.HeartbeatRequest(), 1.0)
    assert json.loads(rpc.next_output() or "") == [2, id, "Heartbeat", {}]
    say(rpc, 3, id, {"currentTime": "2026-01-01T12:00:00Z"})
    response = messages.HeartbeatResponse(current_time=NOON)
    assert events(rpc) == [CallAnswered(id=id, action="Heartbeat", response=response)]
    assert rpc.can_call
    assert rpc.deadline is None


def test_only_one_call_may_be_open() -> None:
    rpc = machine()
    rpc.call(messages.HeartbeatRequest(), 1.0)
    assert not rpc.can_call
    with pytest.raises(StateError):
        rpc.call(messages.HeartbeatRequest(), 2.0)


def test_a_call_without_answer_times_out_and_a_late_answer_is_told_but_not_believed() -> None:
    rpc = machine(call_timeout=10.0)
    id = rpc.call(messages.HeartbeatRequest(), 1.0)
    assert rpc.deadline == 11.0
    rpc.advance(11.0)
    assert events(rpc) == [CallFailed(id=id, action="Heartbeat", failure=Failure.TIMEOUT)]
    say(rpc, 3, id, {"currentTime": "2026-01-01T12:00:00Z"}, now=12.0)
    assert [event.name for event in events(rpc) if isinstance(event, PeerFault)] == ["UnexpectedResult"]


def test_a_lost_connection_fails_the_open_call_and_clears_what_was_to_be_sent() -> None:
    rpc = machine()
    id = rpc.call(messages.HeartbeatRequest(), 1.0)
    rpc.disconnected(2.0)
    assert rpc.next_output() is None
    assert events(rpc) == [CallFailed(id=id, action="Heartbeat", failure=Failure.DISCONNECTED)]
    assert rpc.deadline is None
    assert not rpc.can_call


def test_an_earlier_id_may_be_used_again_for_a_retry() -> None:
    rpc = machine()
    id = rpc.call(messages.HeartbeatRequest(), 1.0)
    rpc.disconnected(2.0)
    rpc.connected(3.0)
    assert rpc.call(messages.HeartbeatRequest(), 4.0, id=id) == id


def test_a_refusal_carries_code_and_words() -> None:
    rpc = machine()
    id = rpc.call(messages.HeartbeatRequest(), 1.0)
    say(rpc, 4, id, "InternalError", "out of paper", {})
    [event] = events(rpc)
    assert (event.failure, event.code, event.description) == (
        Failure.REFUSED,
        ErrorCode.INTERNAL_ERROR,
        "out of paper",
    )


def test_a_refusal_with_id_minus_one_ends_the_open_call() -> None:
    rpc = machine()
    rpc.call(messages.HeartbeatRequest(), 1.0)
    say(rpc, 4, "-1", "RpcFrameworkError", "could not read that", {})
    assert events(rpc)[0].failure is Failure.REFUSED


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("FormationViolation", ErrorCode.FORMAT_VIOLATION),
        ("OccurenceConstraintViolation", ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION),
        ("SomethingOfOurOwn", ErrorCode.GENERIC_ERROR),
    ],
)
def test_error_codes_are_read_in_old_and_unknown_spellings(written: str, code: ErrorCode) -> None:
    rpc = machine(Version.V16)
    id = rpc.call(messages16.HeartbeatRequest(), 1.0)
    say(rpc, 4, id, written, "", {})
    assert events(rpc)[0].code is code


def test_a_call_of_the_peer_is_handed_out_and_answered_when_the_application_is_ready() -> None:
    rpc = machine()
    assert say(rpc, 2, "abc", "Reset", {"type": "Immediate"}) is None
    request = messages.ResetRequest(type=enums.ResetEnum.IMMEDIATE)
    assert events(rpc) == [CallReceived(id="abc", action="Reset", request=request)]
    assert rpc.respond("abc", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 5.0)
    assert json.loads(rpc.next_output() or "") == [3, "abc", {"status": "Accepted"}]


def test_a_call_of_the_peer_may_be_served_while_ours_is_open() -> None:
    rpc = machine()
    rpc.call(messages.HeartbeatRequest(), 1.0)
    say(rpc, 2, "abc", "Reset", {"type": "Immediate"})
    assert rpc.respond("abc", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 2.0)


def test_a_slow_handler_is_answered_for_and_its_late_answer_is_not_sent() -> None:
    rpc = machine(answer_timeout=5.0)
    say(rpc, 2, "abc", "Reset", {"type": "Immediate"}, now=0.0)
    rpc.advance(5.0)
    assert json.loads(rpc.next_output() or "")[:3] == [4, "abc", "InternalError"]
    assert not rpc.respond("abc", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 6.0)
    assert rpc.next_output() is None


def test_the_wrong_kind_of_response_is_our_bug() -> None:
    rpc = machine()
    say(rpc, 2, "abc", "Reset", {"type": "Immediate"})
    with pytest.raises(StateError, match="ResetResponse"):
        rpc.respond("abc", messages.ClearCacheResponse(status=enums.ClearCacheStatusEnum.ACCEPTED), 2.0)


@pytest.mark.parametrize(
    ("action", "payload", "code"),
    [
        ("Nonsense", {}, "NotImplemented"),
        ("ClearCache", {}, "NotSupported"),
        ("Reset", {}, "OccurrenceConstraintViolation"),
        ("Reset", {"type": 5}, "TypeConstraintViolation"),
        ("Reset", {"type": "Sideways"}, "PropertyConstraintViolation"),
        ("Reset", {"type": "Immediate", "color": "red"}, "FormatViolation"),
        ("Reset", [], "TypeConstraintViolation"),
        ("DataTransfer", {"vendorId": "x" * 256}, "PropertyConstraintViolation"),
    ],
)
def test_a_bad_call_is_answered_with_the_code_of_the_table(action: str, payload: Any, code: str) -> None:
    rpc = machine()
    answer = say(rpc, 2, "abc", action, payload)
    assert answer is not None
    assert answer[:3] == [4, "abc", code]
    assert [event.name for event in events(rpc)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[2]",
        '"hello"',
        '[2,"a"]',
        '[2,5,"Reset",{}]',
        '["2","a","Reset",{}]',
        '[2,"%s","Reset",{}]' % ("x" * 37),
    ],
)
def test_an_unreadable_frame_is_answered_with_id_minus_one_and_never_echoed(text: str) -> None:
    answer = say(machine(), text)
    assert answer is not None
    assert answer[:3] == [4, "-1", "RpcFrameworkError"]


def test_a_readable_id_is_used_even_when_the_rest_is_broken() -> None:
    answer = say(machine(), '[2,"abc",["x"],{}]')
    assert answer is not None
    assert answer[:3] == [4, "abc", "RpcFrameworkError"]


def test_16_has_no_framework_error_code() -> None:
    answer = say(machine(Version.V16), "[2]")
    assert answer is not None
    assert answer[2] == "ProtocolError"


def test_broken_answers_are_told_but_never_answered() -> None:
    rpc = machine()
    for text in (
        '[3,"abc",{},{}]',
        '[4,"abc","X"]',
        '[4,"a",5,"x",{}]',
        '[3,"nobody",{}]',
        '[4,"nobody","GenericError","",{}]',
    ):
        rpc.receive(text, 1.0)
        assert rpc.next_output() is None, text
    assert all(isinstance(event, PeerFault) for event in events(rpc))


def test_an_unknown_message_type_is_refused_before_21_and_ignored_in_21() -> None:
    answer = say(machine(Version.V201), 9, "abc", "Later", {})
    assert answer is not None
    assert answer[2] == "MessageTypeNotSupported"
    assert say(machine(Version.V21), 9, "abc", "Later", {}) is None


def test_a_frame_over_the_limit_is_refused_unread() -> None:
    answer = say(
        machine(max_frame_characters=100), 2, "abc", "DataTransfer", {"vendorId": "x", "data": "y" * 100}
    )
    assert answer is not None
    assert answer[1] == "-1"


def test_deep_nesting_is_refused() -> None:
    rpc = machine()
    rpc.receive('[2,"abc","DataTransfer",{"vendorId":"x","data":' + "[" * 50_000 + "]" * 50_000 + "}]", 1.0)
    assert (rpc.next_output() or "").startswith("[4,")


def test_a_repeated_call_gets_the_same_answer_and_is_carried_out_once() -> None:
    rpc = machine()
    say(rpc, 2, "abc", "Reset", {"type": "Immediate"})
    rpc.respond("abc", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 2.0)
    first = rpc.next_output()
    rpc.receive('[2,"abc","Reset",{"type":"Immediate"}]', 3.0)
    assert rpc.next_output() == first
    assert [type(event) for event in events(rpc)] == [CallReceived, PeerFault]


def test_what_the_peer_may_leave_open_is_bounded() -> None:
    rpc = machine(max_open_calls_in=2)
    answers = [say(rpc, 2, f"n{number}", "Reset", {"type": "Immediate"}) for number in range(3)]
    assert answers[:2] == [None, None]
    assert answers[2] is not None
    assert answers[2][:3] == [4, "n2", "GenericError"]


def test_remembered_answers_are_bounded() -> None:
    rpc = machine(remembered_answers=3)
    for number in range(50):
        say(rpc, 2, f"n{number}", "Reset", {"type": "Immediate"})
        rpc.respond(f"n{number}", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 2.0)
    assert len(rpc._answers) == 3


def test_a_call_that_was_refused_may_be_tried_again_with_its_id() -> None:
    rpc = machine(max_open_calls_in=1)
    say(rpc, 2, "first", "Reset", {"type": "Immediate"})
    refused = say(rpc, 2, "second", "Reset", {"type": "Immediate"})
    assert refused is not None
    assert refused[0] == 4
    rpc.respond("first", messages.ResetResponse(status=enums.ResetStatusEnum.ACCEPTED), 2.0)
    rpc.next_output()
    events(rpc)
    assert say(rpc, 2, "second", "Reset", {"type": "Immediate"}) is None
    assert [type(event) for event in events(rpc)] == [CallReceived]


def test_send_goes_out_while_a_call_is_open_and_is_not_answered() -> None:
    stream = messages21.NotifyPeriodicEventStreamRequest(
        data=(datatypes21.StreamDataElement(t=0.0, v="1"),), id=1, pending=0, basetime=NOON
    )
    pair = Pair(machine(Version.V21), machine(Version.V21))
    pair.command(pair.a.call, messages21.HeartbeatRequest())
    pair.command(pair.a.send, stream)
    pair.run(until=1.0)
    assert SendReceived(action="NotifyPeriodicEventStream", message=stream) in pair.events_b


def test_versions_before_21_have_no_send() -> None:
    rpc = machine(Version.V201)
    assert say(rpc, 6, "abc", "NotifyPeriodicEventStream", {}) is None
    assert [event.name for event in events(rpc)] == ["UnknownSend"]
    with pytest.raises(StateError):
        rpc.send(messages.HeartbeatRequest(), 1.0)


def test_a_malformed_result_fails_the_call_and_21_tells_the_peer() -> None:
    for version, module, told in ((Version.V201, messages, False), (Version.V21, messages21, True)):
        rpc = machine(version)
        id = rpc.call(module.HeartbeatRequest(), 1.0)
        rpc.next_output()
        answer = say(rpc, 3, id, {"currentTime": "yesterday"})
        assert (answer is not None and answer[:2] == [5, id]) == told
        assert any(
            isinstance(event, CallFailed) and event.failure is Failure.MALFORMED for event in events(rpc)
        )


def test_a_refused_response_is_told() -> None:
    rpc = machine(Version.V21)
    say(rpc, 5, "abc", "FormatViolation", "bad", {})
    assert events(rpc) == [ResponseRefused(id="abc", code=ErrorCode.FORMAT_VIOLATION, description="bad")]


def test_payloads_stay_out_of_the_trace() -> None:
    records = []
    rpc = Rpc(Version.V201, frozenset({"DataTransfer"}), lambda: "id-1", trace=records.append)
    rpc.connected(0.0)
    say(rpc, 2, "abc", "DataTransfer", {"vendorId": "x", "data": "secret-token"})
    assert records
    assert not any("secret-token" in record.to_json() for record in records)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps), max_size=8
    )
)
def test_any_text_gives_an_answer_or_an_event_and_never_ends_the_loop(texts: list[str]) -> None:
    rpc = machine()
    for text in texts:
        rpc.receive(text, 1.0)
        while (output := rpc.next_output()) is not None:
            json.loads(output)
        assert events(rpc)
    assert say(rpc, 2, "still-here", "Nonsense", {}) is not None
