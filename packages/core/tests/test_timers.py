from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evproto.core import Due, Timers


def test_the_earliest_timer_is_next() -> None:
    timers = Timers()
    timers.start("late", 2.0)
    timers.start("early", 1.0)
    assert timers.next() == Due(1.0, "early")


def test_timers_due_at_the_same_time_fire_in_the_order_of_their_start() -> None:
    timers = Timers()
    timers.start("zulu", 1.0)
    timers.start("alpha", 1.0)
    assert timers.next() == Due(1.0, "zulu")


def test_starting_a_running_timer_moves_it() -> None:
    timers = Timers()
    timers.start("only", 1.0)
    timers.start("only", 5.0)
    assert timers.next() == Due(5.0, "only")
    assert timers.at("only") == 5.0


def test_leaving_a_scope_stops_its_timers_and_no_other() -> None:
    timers = Timers()
    timers.start("a", 1.0, scope="state")
    timers.start("b", 2.0, scope="state")
    timers.start("c", 3.0)
    timers.leave("state")
    assert timers.next() == Due(3.0, "c")
    assert "a" not in timers


def test_a_restarted_timer_belongs_to_its_new_scope() -> None:
    timers = Timers()
    timers.start("a", 1.0, scope="old")
    timers.start("a", 1.0, scope="new")
    timers.leave("old")
    assert "a" in timers


def test_stopping_a_timer_that_does_not_run_is_no_error() -> None:
    Timers().stop("never")


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 100), st.booleans()), max_size=30),
)
def test_next_is_always_the_minimum_of_what_runs(steps: list[tuple[str, float, bool]]) -> None:
    timers, model = Timers(), {}
    for name, at, start in steps:
        if start:
            timers.start(name, at)
            model[name] = at
        else:
            timers.stop(name)
            model.pop(name, None)
        due = timers.next()
        assert (due.at if due else None) == min(model.values(), default=None)
