from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import CLOSE, Close, Kind, StateError, Trace
from evproto.core.testing import Pair
from evproto.v2gtp import (
    AppProtocol,
    ConnectionEnded,
    Endpoint,
    EndpointFault,
    EndpointFaultKind,
    EndpointLate,
    EndpointTimedOut,
    EndpointTimer,
    Evcc,
    Frame,
    NoCommonProtocol,
    PayloadType,
    Phase,
    ProtocolAgreed,
    Secc,
    encode_frame,
)
from evproto.v2gtp.app_protocol import Agreement, answer, offer
from evproto.v2gtp.messages.app_protocol import encode
from evproto.v2gtp.testing import TOY, ToyLanguage, ToySession, toy_evcc, toy_secc

OTHER = AppProtocol("urn:example:other", 1, 0)


def entropy(count: int) -> bytes:
    return bytes(range(count))


def wall_clock() -> datetime:
    return datetime(2030, 1, 1, tzinfo=UTC)


def make_secc(*languages: ToyLanguage, **options: Any) -> Secc[ToySession, str]:
    return Secc(languages or (toy_secc(),), entropy=entropy, wall_clock=wall_clock, **options)


def make_evcc(*languages: ToyLanguage, **options: Any) -> Evcc[ToySession, str]:
    return Evcc(languages or (toy_evcc(),), entropy=entropy, wall_clock=wall_clock, **options)


def started(endpoint: Endpoint[ToySession, str]) -> Endpoint[ToySession, str]:
    endpoint.start(0.0)
    return endpoint


def outputs(endpoint: Endpoint[ToySession, str]) -> list[bytes | Close]:
    return list(iter(endpoint.next_output, None))


def events(endpoint: Endpoint[ToySession, str]) -> list[object]:
    return list(iter(endpoint.next_event, None))


def exi(payload: bytes) -> bytes:
    return encode_frame(Frame(PayloadType.EXI, payload))


OFFER = exi(encode(offer([TOY])))
AGREED = exi(encode(answer(Agreement(TOY, 1, False))))
REFUSED = exi(encode(answer(None)))


def in_session() -> Secc[ToySession, str]:
    secc = make_secc()
    secc.start(0.0)
    secc.receive(OFFER, 0.0)
    assert outputs(secc) == [AGREED]
    assert [type(event) for event in events(secc)] == [ProtocolAgreed]
    return secc


def join(secc: Secc[ToySession, str], evcc: Evcc[ToySession, str], **options: Any) -> Pair[object, object]:
    secc.start(0.0)
    evcc.start(0.0)
    return Pair(secc, evcc, **options)


def test_a_whole_session_goes_from_offer_to_closed_connection() -> None:
    pair = join(make_secc(), make_evcc())
    pair.run(until=100.0)
    agreed = ProtocolAgreed(TOY, False, (TOY,))
    assert pair.events_a == [
        agreed,
        "heard hello",
        *["heard ping"] * 3,
        "heard bye",
        "done",
        ConnectionEnded(by_us=False),
    ]
    assert pair.events_b == [agreed, *["heard pong"] * 5, "done", ConnectionEnded(by_us=True)]
    assert pair.closed


def test_the_language_that_the_car_ranks_highest_gets_the_session() -> None:
    iso, din = toy_secc(TOY), toy_secc(OTHER)
    pair = join(make_secc(din, iso), make_evcc(toy_evcc(TOY, OTHER)))
    pair.run(until=100.0)
    assert (len(iso.opened), len(din.opened)) == (1, 0)


def test_a_protocol_that_two_languages_speak_goes_to_the_first() -> None:
    first, second = toy_secc(), toy_secc()
    join(make_secc(first, second), make_evcc()).run(until=100.0)
    assert (len(first.opened), len(second.opened)) == (1, 0)


def test_session_is_told_what_the_endpoint_knows() -> None:
    records: list[Trace] = []
    language = toy_secc()
    secc = make_secc(language, tls=True, trace=records.append)
    secc.start(5.0, began=2.0)
    secc.receive(OFFER, 6.0)
    context = language.opened[0].context
    assert (context.protocol, context.tls, context.setup_deadline) == (TOY, True, 20.0)
    assert context.entropy(3) == b"\x00\x01\x02"
    assert context.wall_clock() == wall_clock()
    assert context.trace is not None
    assert secc.protocol == TOY


def test_evcc_gives_its_session_20_seconds_from_the_begin_of_setup() -> None:
    language = toy_evcc()
    evcc = make_evcc(language)
    evcc.start(5.0, began=1.0)
    evcc.receive(AGREED, 6.0)
    assert language.opened[0].context.setup_deadline == 21.0


@settings(deadline=None, max_examples=50)
@given(at=st.lists(st.integers(1, 400), max_size=20))
def test_secc_does_not_mind_how_the_stream_is_cut(at: list[int]) -> None:
    stream = OFFER + exi(b"hello") + exi(b"bye")
    edges = sorted({0, len(stream), *(place % len(stream) for place in at)})
    secc = started(make_secc())
    for begin, end in itertools.pairwise(edges):
        secc.receive(stream[begin:end], 0.0)
    assert outputs(secc) == [AGREED, exi(b"pong"), exi(b"pong")]
    assert events(secc)[1:] == ["heard hello", "heard bye", "done"]


def test_secc_that_speaks_none_of_the_offer_says_so_and_closes_after_5_seconds() -> None:
    secc = make_secc(toy_secc(OTHER))
    secc.start(0.0)
    secc.receive(OFFER, 1.0)
    assert outputs(secc) == [REFUSED]
    assert events(secc) == [NoCommonProtocol((TOY,))]
    assert secc.deadline == 6.0
    secc.advance(6.0)
    assert outputs(secc) == [CLOSE]
    secc.connection_lost(6.1)
    assert events(secc) == [ConnectionEnded(by_us=True)]


def test_evcc_whose_offer_is_refused_closes_at_once() -> None:
    evcc = make_evcc()
    evcc.start(0.0)
    assert outputs(evcc) == [OFFER]
    evcc.receive(REFUSED, 1.0)
    assert outputs(evcc) == [CLOSE]
    assert events(evcc) == [NoCommonProtocol((TOY,))]


def test_minor_deviation_is_agreed_on_and_told_to_both() -> None:
    newer = AppProtocol(TOY.namespace, TOY.version_major, 7)
    pair = join(make_secc(), make_evcc(toy_evcc(newer)))
    pair.run(until=100.0)
    assert pair.events_a[0] == ProtocolAgreed(TOY, True, (newer,))
    assert pair.events_b[0] == ProtocolAgreed(newer, True, (newer,))
    assert pair.events_a[-2] == "done"


def test_secc_is_late_at_18_seconds_and_gives_up_at_20_without_a_request() -> None:
    secc = make_secc()
    secc.start(3.0, began=1.0)
    assert secc.deadline == 19.0
    secc.advance(19.0)
    assert events(secc) == [EndpointLate(EndpointTimer.COMMUNICATION_SETUP)]
    assert outputs(secc) == []
    secc.advance(21.0)
    assert events(secc) == [EndpointTimedOut(EndpointTimer.COMMUNICATION_SETUP)]
    assert outputs(secc) == [CLOSE]
    assert secc.deadline is None


def test_evcc_waits_2_seconds_for_the_answer_to_its_offer() -> None:
    evcc = make_evcc()
    evcc.start(0.0)
    outputs(evcc)
    evcc.advance(1.999)
    assert outputs(evcc) == []
    evcc.advance(2.0)
    assert outputs(evcc) == [CLOSE]
    assert events(evcc) == [EndpointTimedOut(EndpointTimer.SUPPORTED_APP_PROTOCOL)]


def test_evcc_gives_up_20_seconds_after_the_begin_of_setup() -> None:
    evcc = make_evcc()
    evcc.start(19.0, began=0.0)
    outputs(evcc)
    evcc.advance(20.0)
    assert events(evcc) == [EndpointTimedOut(EndpointTimer.COMMUNICATION_SETUP)]
    assert outputs(evcc) == [CLOSE]


def test_setup_timers_stop_once_the_language_has_taken_over() -> None:
    secc = in_session()
    assert secc.deadline == 60.0, "the sequence timeout of the toy language"
    secc.receive(exi(b"hello"), 30.0)
    assert outputs(secc) == [exi(b"pong")]


def test_secc_gives_the_car_5_seconds_to_close_after_the_last_response() -> None:
    secc = in_session()
    secc.receive(exi(b"bye"), 10.0)
    assert outputs(secc) == [exi(b"pong")]
    assert secc.phase is Phase.CLOSING
    secc.advance(14.999)
    assert outputs(secc) == []
    secc.advance(15.0)
    assert outputs(secc) == [CLOSE]


def test_car_that_closes_in_time_leaves_the_secc_nothing_to_close() -> None:
    secc = in_session()
    secc.receive(exi(b"bye"), 10.0)
    secc.connection_lost(11.0)
    assert events(secc)[-2:] == ["done", ConnectionEnded(by_us=False)]
    assert secc.deadline is None


def test_lost_connection_is_told_to_the_session_before_the_last_event() -> None:
    secc = in_session()
    secc.connection_lost(4.0)
    assert events(secc) == ["lost at 4.0", ConnectionEnded(by_us=False)]
    assert outputs(secc) == []
    secc.connection_lost(5.0)
    assert events(secc) == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x02\xfd", EndpointFaultKind.WRONG_VERSION),
        (b"\x01\xff", EndpointFaultKind.WRONG_INVERSE_VERSION),
        (bytes.fromhex("01fe8001ffffffff"), EndpointFaultKind.PAYLOAD_TOO_LONG),
    ],
)
def test_broken_frame_ends_session_and_connection_by_name(data: bytes, kind: EndpointFaultKind) -> None:
    secc = in_session()
    secc.receive(data, 7.0)
    fault, lost = events(secc)
    assert isinstance(fault, EndpointFault)
    assert (fault.kind, fault.fatal) == (kind, True)
    assert lost == "lost at 7.0"
    assert outputs(secc) == [CLOSE]
    secc.receive(exi(b"hello"), 8.0)
    assert (outputs(secc), events(secc)) == ([], [])


def test_frame_of_unknown_type_is_told_and_the_session_goes_on() -> None:
    secc = in_session()
    secc.receive(encode_frame(Frame(0xA123, b"x")) + exi(b"hello"), 1.0)
    fault, heard = events(secc)
    assert isinstance(fault, EndpointFault)
    assert (fault.kind, fault.fatal) == (EndpointFaultKind.UNKNOWN_PAYLOAD_TYPE, False)
    assert heard == "heard hello"


@pytest.mark.parametrize("make", [make_secc, make_evcc])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (exi(b""), EndpointFaultKind.MALFORMED_HANDSHAKE),
        (exi(b"\x80\xff\xff"), EndpointFaultKind.MALFORMED_HANDSHAKE),
        (encode_frame(Frame(PayloadType.ISO20_MAIN, b"x")), EndpointFaultKind.UNEXPECTED_PAYLOAD_TYPE),
    ],
)
def test_anything_but_a_handshake_at_first_closes_the_connection_by_name(
    make: Any, data: bytes, kind: EndpointFaultKind
) -> None:
    endpoint = started(make())
    outputs(endpoint)
    endpoint.receive(data + OFFER, 1.0)
    [fault] = events(endpoint)
    assert isinstance(fault, EndpointFault)
    assert fault.kind is kind
    assert outputs(endpoint) == [CLOSE], "what follows in the same segment is not heard"


@pytest.mark.parametrize(("make", "data"), [(make_secc, AGREED), (make_evcc, OFFER)])
def test_handshake_message_of_the_wrong_side_closes_the_connection(make: Any, data: bytes) -> None:
    endpoint = started(make())
    outputs(endpoint)
    endpoint.receive(data, 1.0)
    [fault] = events(endpoint)
    assert isinstance(fault, EndpointFault)
    assert fault.kind is EndpointFaultKind.MALFORMED_HANDSHAKE


def test_answer_with_a_foreign_schema_id_closes_the_connection() -> None:
    evcc = started(make_evcc())
    outputs(evcc)
    evcc.receive(exi(encode(answer(Agreement(TOY, 9, False)))), 1.0)
    [fault] = events(evcc)
    assert isinstance(fault, EndpointFault)
    assert fault.kind is EndpointFaultKind.MALFORMED_HANDSHAKE
    assert outputs(evcc) == [CLOSE]


def test_frame_after_the_last_response_is_told_and_not_answered() -> None:
    secc = in_session()
    secc.receive(exi(b"bye") + exi(b"ping"), 1.0)
    assert outputs(secc) == [exi(b"pong")]
    fault = events(secc)[-1]
    assert isinstance(fault, EndpointFault)
    assert (fault.kind, fault.fatal) == (EndpointFaultKind.UNEXPECTED_FRAME, False)


def test_deadline_and_timers_of_the_session_are_the_endpoint_s_own() -> None:
    secc = in_session()
    secc.receive(exi(b"hello"), 1.0)
    assert secc.deadline == 61.0
    secc.advance(61.0)
    assert events(secc) == ["heard hello", "silence at 61.0"]
    assert secc.deadline == 66.0


def test_command_reaches_the_session_and_gives_back_what_it_returns() -> None:
    secc = in_session()
    assert secc.command(ToySession.stop, 3.0) == "stopped at 3.0"
    assert events(secc) == ["stopped"]


def test_command_named_by_its_abstract_base_reaches_the_session_s_own() -> None:
    assert in_session().command(ToySession.nudge, 3.0) == "calm"


def test_command_without_a_session_is_a_state_error() -> None:
    secc = make_secc()
    secc.start(0.0)
    with pytest.raises(StateError, match="handshake"):
        secc.command(ToySession.stop, 3.0)


def test_closing_wait_after_a_command_starts_when_the_time_is_known() -> None:
    secc = in_session()
    assert secc.session is not None
    secc.session.stop(50.0)
    assert outputs(secc) == []
    assert secc.deadline is not None
    assert secc.deadline <= 50.0, "the driver is to call at once"
    secc.advance(50.0)
    assert secc.deadline == 55.0


def test_evcc_closes_at_once_after_a_command_that_ends_the_session() -> None:
    evcc = started(make_evcc())
    evcc.receive(AGREED, 1.0)
    outputs(evcc)
    evcc.command(ToySession.stop, 2.0)
    outputs(evcc)
    evcc.advance(2.0)
    assert outputs(evcc) == [CLOSE]


def test_application_can_close_at_any_time() -> None:
    secc = in_session()
    secc.close(9.0)
    assert outputs(secc) == [CLOSE]
    assert events(secc) == ["lost at 9.0"]
    secc.close(9.5)
    assert outputs(secc) == []
    secc.connection_lost(10.0)
    assert events(secc) == [ConnectionEnded(by_us=True)]


@pytest.mark.parametrize("make", [make_secc, make_evcc])
def test_endpoint_has_to_be_started_once_before_anything_else(make: Any) -> None:
    endpoint = make()
    with pytest.raises(StateError):
        endpoint.receive(b"", 0.0)
    endpoint.start(0.0)
    with pytest.raises(StateError):
        endpoint.start(0.0)


def test_endpoint_without_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language"):
        Secc([], entropy=entropy, wall_clock=wall_clock)


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=80), greet=st.booleans())
def test_any_bytes_leave_no_exception_and_end_in_a_closed_connection(data: bytes, greet: bool) -> None:
    secc = make_secc()
    secc.start(0.0)
    secc.receive((OFFER if greet else b"") + data, 0.0)
    secc.receive(data, 1.0)
    while secc.deadline is not None:
        secc.advance(secc.deadline)
        outputs(secc)
    secc.connection_lost(1000.0)
    assert events(secc)[-1] in (ConnectionEnded(by_us=False), ConnectionEnded(by_us=True))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), corrupt=st.floats(0, 0.5), loss=st.floats(0, 0.5))
def test_every_session_over_a_bad_link_ends_within_its_timeouts(
    seed: int, corrupt: float, loss: float
) -> None:
    pair = join(make_secc(), make_evcc(), seed=seed, corrupt=corrupt, loss=loss)
    assert pair.run(until=200.0, stop=lambda: pair.closed)
    assert isinstance(pair.events_a[-1], ConnectionEnded)
    assert isinstance(pair.events_b[-1], ConnectionEnded)


def test_trace_holds_the_handshake_of_both_sides() -> None:
    records: list[Trace] = []
    pair = join(make_secc(trace=records.append), make_evcc(trace=records.append))
    pair.run(until=100.0)
    messages = [
        (record.source, record.kind, record.name)
        for record in records
        if record.kind in (Kind.SENT, Kind.RECEIVED)
    ]
    assert messages == [
        ("evcc", Kind.SENT, "supportedAppProtocolReq"),
        ("secc", Kind.RECEIVED, "supportedAppProtocolReq"),
        ("secc", Kind.SENT, "supportedAppProtocolRes"),
        ("evcc", Kind.RECEIVED, "supportedAppProtocolRes"),
    ]
    states = [record.name for record in records if record.kind is Kind.STATE and record.source == "secc"]
    assert states == ["handshake", "session", "closing", "closed"]
    for record in records:
        assert Trace.from_json(record.to_json()).name == record.name
