"""The serial line protocol: codec, parser, and the host's end of the dialogue."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import CLOSE, DecodeError, EncodeError
from evproto.iec61851 import supply_io as io
from evproto.iec61851.serial_line import (
    DUTY_STEPS,
    MAX_LINE,
    Ack,
    Hello,
    KeepAlive,
    LineParser,
    Query,
    Reject,
    decode_command,
    decode_report,
    encode_command,
    encode_report,
    frame,
)
from evproto.iec61851.serial_link import ACK_S, TRIES, LineFault, LinkLost, LinkUp, SerialLink

MILLI = st.integers(-1_000_000, 1_000_000).map(lambda milli: milli / 1000)
REPORTS = st.one_of(
    st.builds(io.PilotSample, MILLI, st.none() | MILLI),
    st.builds(io.ProximitySample, st.integers(0, 10**6).map(float) | st.just(math.inf)),
    st.builds(io.ContactorFeedback, st.booleans()),
    st.builds(io.LockFeedback, st.booleans()),
    st.builds(io.CurrentSample, st.lists(MILLI, min_size=1, max_size=3).map(tuple)),
    st.builds(io.ResidualCurrent, st.booleans()),
    st.builds(Hello, st.integers(0, 99), st.just("firmware-1.2")),
    st.builds(Ack, st.integers(0, 99)),
    st.builds(Reject, st.integers(0, 99), st.just("locked")),
)
COMMANDS = st.one_of(
    st.builds(io.SetPilot, st.integers(0, DUTY_STEPS).map(lambda steps: Fraction(steps, DUTY_STEPS))),
    st.builds(io.CutPilot, st.booleans()),
    st.builds(io.SetContactor, st.booleans()),
    st.builds(io.SetLock, st.booleans()),
    st.builds(io.SetPhases, st.sampled_from((1, 3))),
    st.just(io.TestResidualCurrent()),
    st.just(Query()),
    st.just(KeepAlive()),
)


@given(REPORTS)
def test_a_report_comes_back_as_it_was_sent(report: object) -> None:
    line = encode_report(report)  # type: ignore[arg-type]
    assert len(line) <= MAX_LINE
    (payload,) = LineParser().feed(line)
    assert isinstance(payload, str)
    assert decode_report(payload) == report


@given(st.integers(0, 99), COMMANDS)
def test_a_command_comes_back_as_it_was_sent(number: int, command: object) -> None:
    (payload,) = LineParser().feed(encode_command(number, command))  # type: ignore[arg-type]
    assert isinstance(payload, str)
    assert decode_command(payload) == (number, command)


def test_the_lines_are_those_of_the_document() -> None:
    assert frame("123456789") == b"123456789*29B1\n"  # the check value that catalogues give for this CRC
    assert frame("P 11950 -12010") == b"P 11950 -12010*EE97\n"
    assert encode_command(7, io.SetPilot(Fraction(2666, 10_000))) == b"7 D 2666*F52B\n"


@given(st.lists(st.binary(max_size=200)))
def test_any_bytes_give_payloads_or_decode_errors(chunks: list[bytes]) -> None:
    parser = LineParser()
    for chunk in chunks:
        for payload in parser.feed(chunk):
            if isinstance(payload, str):
                for decode in (decode_report, decode_command):
                    with contextlib.suppress(DecodeError):
                        decode(payload)


@given(st.text(st.characters(codec="ascii"), max_size=MAX_LINE))
def test_any_payload_gives_a_report_or_a_decode_error(payload: str) -> None:
    for decode in (decode_report, decode_command):
        with contextlib.suppress(DecodeError):
            decode(payload)


def test_a_line_may_come_byte_by_byte() -> None:
    parser = LineParser()
    line = encode_report(io.PilotSample(9.0, -12.0))
    found = [payload for byte in line for payload in parser.feed(bytes([byte]))]
    assert found == ["P 9000 -12000"]


def test_an_endless_line_costs_one_error_and_no_memory() -> None:
    parser = LineParser()
    found = [payload for _ in range(1000) for payload in parser.feed(b"x" * 1000)]
    assert len(found) == 1
    assert list(parser.feed(b"x\n" + encode_report(Ack(1)))) == ["A 1"]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "P",
        "P 1",
        "P x 1",
        "P 1 2 3",
        "P 9999999 1",
        "K 2",
        "I",
        "I 1 2 3 4",
        "X -1",
        "H 1 a*b",
        "A -1",
        "Z 1",
    ],
)
def test_a_report_of_another_form_is_refused(payload: str) -> None:
    with pytest.raises(DecodeError):
        decode_report(payload)


def test_a_broken_check_sum_is_refused() -> None:
    (error,) = LineParser().feed(b"K 1*0000\n")
    assert isinstance(error, DecodeError)


def test_not_a_number_cannot_be_sent() -> None:
    with pytest.raises(EncodeError):
        encode_report(io.PilotSample(math.nan))
    with pytest.raises(EncodeError):
        encode_report(io.ProximitySample(math.nan))


class Dialogue:
    """A link and the lines that it sent."""

    def __init__(self) -> None:
        self.link = SerialLink(0.0)

    def sent(self) -> list[object]:
        commands: list[object] = []
        parser = LineParser()
        while (output := self.link.next_output()) is not None:
            if output is CLOSE:
                commands.append(CLOSE)
                continue
            assert isinstance(output, bytes)
            commands += [decode_command(str(payload)) for payload in parser.feed(output)]
        return commands

    def events(self) -> list[object]:
        events = []
        while (event := self.link.next_event()) is not None:
            events.append(event)
        return events

    def report(self, report: object, now: float) -> None:
        self.link.receive(encode_report(report), now)  # type: ignore[arg-type]

    def up(self) -> None:
        self.report(Hello(1, "mcu"), 0.1)
        assert self.events() == [LinkUp("mcu")]
        self.sent()


def test_the_link_asks_until_the_microcontroller_answers() -> None:
    dialogue = Dialogue()
    assert dialogue.sent() == [(0, Query())]
    dialogue.link.advance(1.0)
    assert dialogue.sent() == [(0, Query())]
    dialogue.up()
    assert dialogue.link.up


def test_commands_given_before_the_link_is_up_are_sent_then_with_the_contactor_open() -> None:
    dialogue = Dialogue()
    dialogue.link.apply(io.SetContactor(True), 0.0)
    dialogue.link.apply(io.SetLock(True), 0.0)
    dialogue.sent()
    dialogue.report(Hello(1, "mcu"), 0.1)
    ((number, command),) = dialogue.sent()
    assert command == io.SetContactor(False)
    dialogue.report(Ack(number), 0.11)
    assert [command for _, command in dialogue.sent()] == [io.SetLock(True)]


def test_a_command_is_sent_again_until_it_is_acknowledged_and_then_the_link_is_lost() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.link.apply(io.SetLock(True), 0.2)
    dialogue.link.advance(0.2 + ACK_S * (TRIES - 1))
    assert dialogue.sent() == [(0, io.SetLock(True))] * TRIES
    dialogue.link.advance(0.2 + ACK_S * TRIES + 0.001)
    assert dialogue.events() == [LinkLost("no answer")]
    assert not dialogue.link.up


def test_a_newer_command_replaces_a_waiting_one_and_opening_goes_first() -> None:
    dialogue = Dialogue()
    dialogue.up()
    link = dialogue.link
    link.apply(io.SetLock(True), 0.2)
    link.apply(io.SetPilot(Fraction(1, 2)), 0.2)
    link.apply(io.SetPilot(Fraction(1, 4)), 0.2)
    link.apply(io.SetContactor(False), 0.2)
    found = []
    for _ in range(3):
        ((number, command),) = dialogue.sent()
        found.append(command)
        dialogue.report(Ack(number), 0.21)
    assert found == [io.SetLock(True), io.SetContactor(False), io.SetPilot(Fraction(1, 4))]
    assert not dialogue.sent()


def test_a_late_acknowledgement_of_another_number_changes_nothing() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.link.apply(io.SetLock(True), 0.2)
    dialogue.report(Ack(55), 0.21)
    dialogue.link.advance(0.2 + ACK_S)
    assert dialogue.sent() == [(0, io.SetLock(True))] * 2


def test_a_refused_command_is_told_and_not_repeated() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.link.apply(io.SetContactor(True), 0.2)
    dialogue.sent()
    dialogue.report(Reject(0, "state"), 0.21)
    assert dialogue.events() == [LineFault("command refused: state")]
    dialogue.link.advance(0.29)
    assert not dialogue.sent()


def test_a_quiet_line_carries_keep_alives() -> None:
    dialogue = Dialogue()
    dialogue.up()
    now = 0.1
    for _ in range(10):
        now += 0.3
        dialogue.link.advance(now)
        ((number, command),) = dialogue.sent()
        assert command == KeepAlive()
        dialogue.report(Ack(number), now)


def test_a_microcontroller_that_starts_anew_is_a_lost_link() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.report(Hello(1, "mcu"), 0.3)
    assert dialogue.events() == [LinkLost("the microcontroller started anew"), LinkUp("mcu")]


def test_another_version_is_refused() -> None:
    dialogue = Dialogue()
    dialogue.report(Hello(2, "mcu"), 0.1)
    assert dialogue.events() == [LinkLost("version 1 expected, got 2")]
    assert not dialogue.link.up


def test_readings_come_only_while_the_link_is_up() -> None:
    dialogue = Dialogue()
    dialogue.report(io.PilotSample(9.0), 0.05)
    assert not dialogue.events()
    dialogue.up()
    dialogue.report(io.PilotSample(9.0), 0.2)
    dialogue.link.receive(b"rubbish\n", 0.2)
    dialogue.link.receive(frame("Z 1"), 0.2)
    reading, *faults = dialogue.events()
    assert reading == io.PilotSample(9.0)
    assert [type(fault) for fault in faults] == [LineFault, LineFault]


def test_the_end_of_the_line_is_a_lost_link() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.link.connection_lost(1.0)
    assert dialogue.events() == [LinkLost("the line ended")]
    assert dialogue.link.deadline is None


def test_closing_ends_the_dialogue() -> None:
    dialogue = Dialogue()
    dialogue.up()
    dialogue.link.close(1.0)
    assert dialogue.sent()[-1] is CLOSE
    dialogue.link.connection_lost(1.0)
    assert dialogue.link.deadline is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.binary(max_size=30), st.floats(0.0, 1.0)), max_size=40))
def test_no_bytes_raise_in_a_link(chunks: list[tuple[bytes, float]]) -> None:
    dialogue = Dialogue()
    now = 0.0
    for data, wait in chunks:
        now += wait
        dialogue.link.receive(data, now)
        dialogue.link.advance(now)
    assert len(dialogue.sent()) < 2000
