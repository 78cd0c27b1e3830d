from __future__ import annotations

import pytest

from evproto.core import CLOSE, StateError, Trace


def test_advance_before_the_deadline_does_nothing(echo_class) -> None:
    machine = echo_class()
    machine.receive(b"x", 0.0)
    machine.advance(0.999)
    assert machine.next_event() is None
    assert machine.deadline == 1.0


def test_a_late_advance_fires_each_timer_at_its_own_time(echo_class) -> None:
    machine = echo_class()
    machine.receive(b"x", 0.0)
    machine.advance(50.0)
    assert machine.next_event() == "silence at 1"
    assert machine.deadline is None


def test_outputs_come_in_order_and_then_none(echo_class) -> None:
    machine = echo_class()
    machine.receive(b"1", 0.0)
    machine.receive(b"bye", 0.0)
    assert [machine.next_output(), machine.next_output(), machine.next_output()] == [b"1", CLOSE, None]


def test_a_command_at_the_wrong_time_raises_state_error(echo_class) -> None:
    machine = echo_class()
    machine.connection_lost(0.0)
    with pytest.raises(StateError):
        machine.say(b"too late", 1.0)


def test_trace_gets_a_record_of_what_happened(echo_class) -> None:
    records: list[Trace] = []
    machine = echo_class(trace=records.append)
    machine.receive(b"\x01\x02", 3.5)
    assert [(record.time, record.raw) for record in records] == [(3.5, b"\x01\x02")]
