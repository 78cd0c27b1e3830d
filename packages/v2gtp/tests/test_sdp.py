from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import Datagram, DecodeError, Kind, StateError, Trace
from evproto.v2gtp import (
    SDP_GROUP,
    SDP_PORT,
    SdpAnswered,
    SdpClient,
    SdpFailed,
    SdpFault,
    SdpFaultKind,
    SdpFound,
    SdpRequest,
    SdpRequestWireless,
    SdpResponse,
    SdpResponseWireless,
    SdpServer,
    Security,
    Transport,
    decode_sdp,
)

CAR = ("fe80::2", 51234, 0, 4)
CHARGER = ("fe80::1", SDP_PORT, 0, 4)
ADDRESS = IPv6Address("fe80::1")

SECURITIES = st.sampled_from(Security)
TRANSPORTS = st.sampled_from(Transport)
ADDRESSES = st.binary(min_size=16, max_size=16).map(IPv6Address)
MESSAGES = st.one_of(
    st.builds(SdpRequest, SECURITIES, TRANSPORTS),
    st.builds(SdpResponse, ADDRESSES, st.integers(0, 0xFFFF), SECURITIES, TRANSPORTS),
    st.builds(
        SdpRequestWireless,
        SECURITIES,
        TRANSPORTS,
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFF),
        st.binary(min_size=20, max_size=20),
        st.binary(min_size=37, max_size=37),
    ),
    st.builds(
        SdpResponseWireless,
        ADDRESSES,
        st.integers(0, 0xFFFF),
        SECURITIES,
        TRANSPORTS,
        st.integers(0, 0xFF),
        st.integers(0, 0xFF),
        st.binary(min_size=37, max_size=37),
    ),
)


def server(*, tls_port: int | None = None, plain_port: int | None = 50000) -> SdpServer:
    return SdpServer(ADDRESS, tls_port=tls_port, plain_port=plain_port)


def ask(
    machine: SdpServer,
    data: bytes,
    now: float = 0.0,
    source: tuple[object, ...] = CAR,
) -> SdpResponse | None:
    machine.receive(Datagram(data, source), now)
    output = machine.next_output()
    assert machine.next_output() is None
    if output is None:
        return None
    assert output.address == source
    response = decode_sdp(output.data)
    assert isinstance(response, SdpResponse)
    return response


def client(**options: object) -> SdpClient:
    machine = SdpClient(security=Security.TLS, destination=(SDP_GROUP, SDP_PORT, 0, 4), **options)  # type: ignore[arg-type]
    machine.start(0.0)
    assert machine.next_output() is not None
    return machine


def response(security: Security = Security.TLS, **changes: object) -> bytes:
    fields: dict[str, object] = {"address": ADDRESS, "port": 50000, "security": security, **changes}
    return SdpResponse(**fields).to_bytes()  # type: ignore[arg-type]


@settings(deadline=None, max_examples=100)
@given(MESSAGES)
def test_every_sdp_message_survives_the_wire(message: SdpRequest | SdpResponse) -> None:
    assert decode_sdp(message.to_bytes()) == message


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=90), MESSAGES.map(lambda m: m.to_bytes()[:-1])))
def test_any_datagram_is_a_message_or_a_decode_error(data: bytes) -> None:
    try:
        message = decode_sdp(data)
    except DecodeError:
        return
    assert message.to_bytes() == data


def test_request_and_response_have_the_published_wire_form() -> None:
    assert SdpRequest(Security.TLS).to_bytes().hex() == "01fe9000000000020000"
    assert SdpRequest(Security.NONE).to_bytes().hex() == "01fe9000000000021000"
    expected = "01fe900100000014" + "fe800000000000000000000000000001" + "c350" + "1000"
    assert SdpResponse(ADDRESS, 50000, Security.NONE).to_bytes().hex() == expected


def test_wireless_messages_have_62_and_59_bytes_of_payload() -> None:
    request = SdpRequestWireless(Security.TLS, Transport.TCP, 1, 2, bytes(20), bytes(37))
    answer = SdpResponseWireless(ADDRESS, 50000, Security.TLS, Transport.TCP, 0, 2, bytes(37))
    assert (len(request.to_bytes()), len(answer.to_bytes())) == (8 + 62, 8 + 59)
    with pytest.raises(ValueError, match="20 bytes"):
        SdpRequestWireless(Security.TLS, Transport.TCP, 1, 2, bytes(21), bytes(37)).to_bytes()


@pytest.mark.parametrize(
    ("tls_port", "plain_port", "wanted", "got", "port"),
    [
        (50001, None, Security.TLS, Security.TLS, 50001),
        (None, 50000, Security.TLS, Security.NONE, 50000),
        (None, 50000, Security.NONE, Security.NONE, 50000),
        (50001, None, Security.NONE, Security.TLS, 50001),
        (50001, 50000, Security.TLS, Security.TLS, 50001),
        (50001, 50000, Security.NONE, Security.NONE, 50000),
    ],
)
def test_server_answers_with_the_wanted_security_where_it_is_offered(
    tls_port: int | None, plain_port: int | None, wanted: Security, got: Security, port: int
) -> None:
    machine = server(tls_port=tls_port, plain_port=plain_port)
    answer = ask(machine, SdpRequest(wanted).to_bytes())
    assert answer == SdpResponse(ADDRESS, port, got)
    assert machine.next_event() == SdpAnswered(SdpRequest(wanted), answer, CAR)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", SdpFaultKind.MALFORMED),
        (bytes.fromhex("01fe900000000002000000"), SdpFaultKind.MALFORMED),
        (bytes.fromhex("01fe9000000000022000"), SdpFaultKind.MALFORMED),
        (bytes.fromhex("01fe9000000000020001"), SdpFaultKind.MALFORMED),
        (bytes.fromhex("01fe8001000000020000"), SdpFaultKind.MALFORMED),
        (bytes.fromhex("01fe9000000000020010"), SdpFaultKind.WRONG_TRANSPORT),
        (response(), SdpFaultKind.WRONG_MESSAGE),
    ],
)
def test_server_stays_silent_to_anything_but_a_valid_request(data: bytes, kind: SdpFaultKind) -> None:
    machine = server()
    assert ask(machine, data) is None
    fault = machine.next_event()
    assert isinstance(fault, SdpFault)
    assert (fault.kind, fault.source) == (kind, CAR)


def test_server_answers_a_source_no_faster_than_it_may() -> None:
    machine = server()
    request = SdpRequest(Security.NONE).to_bytes()
    assert sum(ask(machine, request, 0.0) is not None for _ in range(1000)) == 10
    other = ("fe80::3", 51234, 0, 4)
    assert ask(machine, request, 0.0, other) is not None, "a flood must not silence others"
    assert ask(machine, request, 0.25) is not None


def test_server_answers_a_car_that_asks_every_250_ms_for_ever() -> None:
    machine = server()
    request = SdpRequest(Security.NONE).to_bytes()
    assert all(ask(machine, request, number * 0.25) is not None for number in range(200))


def test_server_remembers_only_the_sources_heard_last() -> None:
    machine = server()
    request = SdpRequest(Security.NONE).to_bytes()
    for number in range(10_000):
        ask(machine, request, 0.0, (f"fe80::{number:x}", 1, 0, 4))
    assert len(machine._buckets) <= 64


def test_server_that_offers_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="tls_port"):
        SdpServer(ADDRESS)


def test_client_asks_the_group_on_port_15118() -> None:
    machine = SdpClient(security=Security.TLS, destination=(SDP_GROUP, SDP_PORT, 0, 4))
    machine.start(0.0)
    expected = Datagram(SdpRequest(Security.TLS).to_bytes(), ("ff02::1", 15118, 0, 4))
    assert machine.next_output() == expected


def test_client_asks_50_times_every_250_ms_and_then_gives_up() -> None:
    machine = SdpClient(security=Security.TLS)
    machine.start(0.0)
    times = []
    now = 0.0
    while True:
        while machine.next_output() is not None:
            times.append(now)
        if machine.deadline is None:
            break
        now = machine.deadline
        machine.advance(now)
    assert times == [pytest.approx(number * 0.25) for number in range(50)]
    assert now == pytest.approx(12.5)
    assert machine.next_event() == SdpFailed(50)
    assert machine.next_event() is None


def test_client_ends_its_search_with_the_first_answer_as_wanted() -> None:
    machine = client()
    machine.receive(Datagram(response(), CHARGER), 0.1)
    assert machine.next_event() == SdpFound(SdpResponse(ADDRESS, 50000, Security.TLS), CHARGER)
    assert machine.deadline is None
    machine.receive(Datagram(response(), CHARGER), 0.2)
    assert machine.next_event() is None


def test_client_takes_no_plain_connection_when_it_asked_for_tls() -> None:
    machine = client()
    machine.receive(Datagram(response(Security.NONE), CHARGER), 0.1)
    fault = machine.next_event()
    assert isinstance(fault, SdpFault)
    assert fault.kind is SdpFaultKind.WRONG_SECURITY
    assert machine.deadline == 0.25, "the search goes on"


def test_client_takes_a_plain_connection_where_it_is_told_to_accept_one() -> None:
    machine = client(accept={Security.TLS, Security.NONE})
    machine.receive(Datagram(response(Security.NONE), CHARGER), 0.1)
    assert isinstance(machine.next_event(), SdpFound)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x00" * 8, SdpFaultKind.MALFORMED),
        (response()[:-1], SdpFaultKind.MALFORMED),
        (SdpRequest(Security.TLS).to_bytes(), SdpFaultKind.WRONG_MESSAGE),
        (response(transport=Transport.UDP), SdpFaultKind.WRONG_TRANSPORT),
        (response(port=0), SdpFaultKind.WRONG_ADDRESS),
        (response(address=IPv6Address("::")), SdpFaultKind.WRONG_ADDRESS),
        (response(address=IPv6Address("ff02::1")), SdpFaultKind.WRONG_ADDRESS),
    ],
)
def test_client_passes_over_an_answer_that_it_cannot_use(data: bytes, kind: SdpFaultKind) -> None:
    machine = client()
    machine.receive(Datagram(data, CHARGER), 0.1)
    fault = machine.next_event()
    assert isinstance(fault, SdpFault)
    assert fault.kind is kind
    machine.receive(Datagram(response(), CHARGER), 0.2)
    assert isinstance(machine.next_event(), SdpFound)


def test_client_does_not_ask_faster_than_the_standard_allows() -> None:
    with pytest.raises(ValueError, match=r"0\.25"):
        SdpClient(security=Security.TLS, interval=0.1)


def test_client_cannot_be_started_twice() -> None:
    with pytest.raises(StateError):
        client().start(1.0)


def test_trace_tells_of_both_sides_of_a_discovery() -> None:
    records: list[Trace] = []
    car = SdpClient(security=Security.NONE, trace=records.append)
    charger = SdpServer(ADDRESS, plain_port=50000, trace=records.append)
    car.start(0.0)
    request = car.next_output()
    assert request is not None
    charger.receive(Datagram(request.data, CAR), 0.0)
    answer = charger.next_output()
    assert answer is not None
    car.receive(Datagram(answer.data, CHARGER), 0.0)
    assert [(record.source, record.kind, record.name) for record in records] == [
        ("evcc.sdp", Kind.SENT, "SdpRequest"),
        ("secc.sdp", Kind.RECEIVED, "SdpRequest"),
        ("secc.sdp", Kind.SENT, "SdpResponse"),
        ("evcc.sdp", Kind.RECEIVED, "SdpResponse"),
    ]
    assert records[-1].details["SECCPort"] == 50000
