from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.ocpp_client.connectivity import (
    BackOff,
    Connect,
    Connectivity,
    Disconnect,
    Offline,
    Online,
    SlotChanged,
)

BACK_OFF = BackOff(wait_minimum=10.0, random_range=4.0, repeat_times=3, attempts_per_profile=2)


def station(slots: tuple[int, ...] = (1,), chance: float = 0.5, **options: Any) -> Connectivity:
    machine = Connectivity(slots, lambda: chance, back_off=BACK_OFF, **options)
    machine.start(0.0)
    assert machine.next_output() == Connect(machine.slot)
    return machine


def waits(machine: Connectivity, failures: int) -> list[float]:
    """The waits after so many failed attempts in a row."""
    found, now = [], 0.0
    for _ in range(failures):
        machine.disconnected("refused", now)
        assert machine.deadline is not None
        found.append(machine.deadline - now)
        now = machine.deadline
        machine.advance(now)
        assert isinstance(machine.next_output(), Connect)
    return found


def events(machine: Connectivity) -> list[Any]:
    found = []
    while (event := machine.next_event()) is not None:
        found.append(event)
    return found


def test_the_wait_doubles_repeat_times_and_then_stays_flat() -> None:
    assert waits(station(), 6) == [12.0, 22.0, 42.0, 82.0, 82.0, 82.0]


def test_each_wait_gets_a_fresh_random_part_that_is_not_doubled() -> None:
    draws = iter([0.0, 1.0, 0.25])
    machine = Connectivity((1,), lambda: next(draws), back_off=BACK_OFF)
    machine.start(0.0)
    machine.next_output()
    assert waits(machine, 3) == [10.0, 24.0, 41.0]


def test_a_success_starts_the_back_off_anew() -> None:
    machine = station()
    waits(machine, 4)
    machine.connected(500.0)
    machine.disconnected("lost", 600.0)
    assert machine.deadline == 612.0


def test_after_the_attempts_at_one_profile_the_next_is_tried() -> None:
    machine = station((1, 2, 3))
    waits(machine, 2)
    assert machine.slot == 2
    assert SlotChanged(failed=1, next=2) in events(machine)


def test_when_all_profiles_failed_the_last_good_one_is_tried_again() -> None:
    machine = station((1, 2, 3), last_good=2)
    assert machine.slot == 1
    waits(machine, 6)
    assert machine.slot == 2


def test_the_last_good_profile_is_the_way_back_also_when_it_is_not_configured_any_more() -> None:
    """B10.FR.07."""
    machine = station((3,), last_good=1)
    assert machine.slot == 3
    waits(machine, 2)
    assert machine.slot == 1


def test_the_way_back_has_one_attempt_more_and_then_the_list_is_tried_again() -> None:
    machine = station((3,), last_good=1)
    waits(machine, 1)
    wanted = []
    for now in range(1, 5):
        machine.disconnected("refused", 100.0 * now)
        machine.advance(machine.deadline or 0.0)
        wanted.append(machine.next_output())
    way_back = Connect(1, fallback=True)
    assert wanted == [way_back, way_back, way_back, Connect(3)]


def test_a_new_back_off_holds_from_the_next_failure_on() -> None:
    machine = station()
    machine.set_back_off(BackOff(wait_minimum=3.0, random_range=0.0))
    assert waits(machine, 2) == [3.0, 6.0]


def test_a_lost_connection_is_first_tried_again_at_the_same_profile() -> None:
    machine = station((1, 2))
    machine.connected(1.0)
    waits(machine, 1)
    assert machine.slot == 1


def test_the_application_hears_of_both_directions() -> None:
    machine = station()
    machine.connected(1.0)
    machine.disconnected("going away", 2.0)
    assert events(machine) == [Online(1), Offline(reason="going away", retry_in=12.0)]


def test_after_stop_nothing_is_tried_any_more() -> None:
    machine = station()
    machine.disconnected("refused", 1.0)
    machine.stop(2.0)
    assert machine.next_output() == Disconnect()
    assert machine.deadline is None
    machine.disconnected("closed", 3.0)
    assert machine.deadline is None


def test_a_profile_that_was_taken_away_is_left_at_the_next_attempt() -> None:
    machine = station((1, 2))
    machine.set_slots((2,), 1.0)
    assert machine.slot == 2


def test_a_station_without_profiles_cannot_be_made() -> None:
    with pytest.raises(StateError):
        Connectivity((), lambda: 0.0)


@given(st.lists(st.sampled_from(["up", "down", "wait"]), max_size=60))
def test_while_running_there_is_always_a_connection_an_attempt_or_a_retry(steps: list[str]) -> None:
    machine = station((1, 2, 3))
    now, attempting = 0.0, True
    for step in steps:
        now += 1.0
        if step == "up" and attempting:
            machine.connected(now)
            attempting = False
        elif step == "down" and (attempting or machine.online):
            machine.disconnected("x", now)
            attempting = False
        elif step == "wait" and machine.deadline is not None:
            now = machine.deadline
            machine.advance(now)
            attempting = isinstance(machine.next_output(), Connect)
        assert machine.online or attempting or machine.deadline is not None
        assert machine.slot in (1, 2, 3)
