from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import CLOSE
from evproto.core.modbus import (
    Answer,
    Code,
    Failed,
    Failure,
    Function,
    Read,
    Refused,
    Registers,
    Request,
    ServerConnection,
    Span,
    Write,
    Written,
    checked,
    plan_blocks,
)

SPANS = st.lists(st.builds(Span, st.integers(0, 2000), st.integers(1, 60)), max_size=40)
READ = Read(unit=1, address=10, count=2)


class Echo:
    """Registers that hold their own address; writes to 100 and above are refused."""

    def answer(self, request: Request) -> Answer | None:
        if request.unit == 9:
            return None
        if isinstance(request, Read):
            words = range(request.address, request.address + request.count)
            data = b"".join(struct.pack(">H", word & 0xFFFF) for word in words)
            return Registers(unit=request.unit, function=request.function, data=data)
        if request.address >= 100:
            return Refused(unit=request.unit, function=request.function, code=Code.ILLEGAL_ADDRESS)
        return Written(
            unit=request.unit, function=request.function, address=request.address, count=request.count
        )


def frame(transaction: int, unit: int, pdu: str) -> bytes:
    body = bytes.fromhex(pdu)
    return struct.pack(">HHHB", transaction, 0, len(body) + 1, unit) + body


def outputs(machine: ServerConnection) -> list[object]:
    found = []
    while (output := machine.next_output()) is not None:
        found.append(output)
    return found


@settings(deadline=None, max_examples=200)
@given(SPANS, st.integers(0, 40), st.sampled_from([60, 80, 125]))
def test_blocks_cover_every_span_whole_and_are_never_too_long(spans: list[Span], gap: int, most: int) -> None:
    blocks = plan_blocks(spans, max_count=most, max_gap=gap)
    assert all(1 <= block.count <= most for block in blocks)
    for span in spans:
        assert any(block.address <= span.address and span.end <= block.end for block in blocks)


@settings(deadline=None, max_examples=100)
@given(SPANS)
def test_blocks_do_not_read_registers_that_nobody_asked_for_without_a_gap(spans: list[Span]) -> None:
    asked = {address for span in spans for address in range(span.address, span.end)}
    blocks = plan_blocks(spans)
    assert {address for block in blocks for address in range(block.address, block.end)} == asked


def test_a_span_longer_than_a_block_is_cut() -> None:
    assert plan_blocks([Span(0, 300)]) == [Span(0, 125), Span(125, 125), Span(250, 50)]


def test_server_answers_ten_pipelined_requests_in_order() -> None:
    machine = ServerConnection(Echo())
    machine.receive(b"".join(frame(n, 1, f"03 {n:04x} 0001") for n in range(10)), 0.0)
    assert outputs(machine) == [frame(n, 1, f"03 02 {n:04x}") for n in range(10)]


def test_server_takes_requests_byte_by_byte() -> None:
    machine = ServerConnection(Echo())
    for byte in (
        frame(7, 1, "04 0005 0002") + frame(8, 1, "06 0003 1234") + frame(9, 1, "10 0003 0001 02 abcd")
    ):
        machine.receive(bytes((byte,)), 0.0)
    assert outputs(machine) == [
        frame(7, 1, "04 04 0005 0006"),
        frame(8, 1, "06 0003 1234"),
        frame(9, 1, "10 0003 0001"),
    ]
    assert machine.next_event() == Read(unit=1, address=5, count=2, function=Function.READ_INPUT)
    assert machine.next_event() == Write(unit=1, address=3, data=b"\x12\x34", single=True)
    assert machine.next_event() == Write(unit=1, address=3, data=b"\xab\xcd")


def test_server_refuses_unknown_functions_and_bad_counts() -> None:
    machine = ServerConnection(Echo())
    cases = {
        "2b 0e": "ab 01",
        "03 0000 0000": "83 03",
        "03 0000 007e": "83 03",
        "10 0000 0002 04 0001": "90 03",
    }
    cases |= {"06 0000": "86 03", "10 0064 0001 02 0001": "90 02", "03": "83 03"}
    for request, answer in cases.items():
        machine.receive(frame(1, 1, request), 0.0)
        assert outputs(machine) == [frame(1, 1, answer)], request


def test_server_is_silent_for_a_unit_that_is_not_there() -> None:
    machine = ServerConnection(Echo())
    machine.receive(frame(1, 9, "03 0000 0001"), 0.0)
    assert outputs(machine) == []


def test_server_closes_a_stream_that_is_no_modbus() -> None:
    machine = ServerConnection(Echo())
    machine.receive(b"GET / HTTP/1.1\r\n\r\n", 0.0)
    assert outputs(machine) == [CLOSE]
    machine.receive(frame(1, 1, "03 0000 0001"), 0.0)
    assert outputs(machine) == []


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_server_survives_any_bytes(data: bytes) -> None:
    machine = ServerConnection(Echo())
    machine.receive(data, 0.0)
    outputs(machine)


def test_an_answer_of_another_unit_function_or_length_is_a_mismatch() -> None:
    right = Registers(unit=1, function=3, data=bytes(4))
    assert checked(READ, right) is right
    wrong: list[Answer] = [
        Registers(unit=2, function=3, data=bytes(4)),
        Registers(unit=1, function=4, data=bytes(4)),
        Registers(unit=1, function=3, data=bytes(2)),
        Written(unit=1, function=3, address=10, count=2),
        Refused(unit=3, function=3, code=2),
    ]
    for answer in wrong:
        found = checked(READ, answer)
        assert isinstance(found, Failed)
        assert found.failure is Failure.MISMATCH


def test_a_refusal_of_the_request_is_its_answer() -> None:
    refusal = Refused(unit=1, function=3, code=2)
    assert checked(READ, refusal) is refusal
