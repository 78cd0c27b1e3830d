from __future__ import annotations

import random

import pytest

from evproto.core.testing import Link, Pair, VirtualTime


def carry(count: int = 200, **chances: float) -> tuple[list[tuple[float, int]], Link[int]]:
    time = VirtualTime()
    arrived: list[tuple[float, int]] = []
    link: Link[int] = Link(time, lambda item: arrived.append((time.now, item)), **chances)  # type: ignore[arg-type]
    for number in range(count):
        time.at(number * 0.01, lambda number=number: link.send(number))  # type: ignore[misc]
    time.run(until=100.0)
    return arrived, link


def test_a_link_delays_and_keeps_order() -> None:
    arrived, _ = carry(delay=0.5, jitter=0.2)
    assert [item for _, item in arrived] == list(range(200))
    assert all(0.5 - 1e-9 <= at - item * 0.01 <= 0.7 + 1e-9 for at, item in arrived)


def test_the_same_seed_gives_the_same_faults_and_another_seed_others() -> None:
    chances = {"loss": 0.3, "duplicate": 0.2, "reorder": 0.2, "jitter": 0.1}
    assert carry(**chances, seed=1)[0] == carry(**chances, seed=1)[0]
    assert carry(**chances, seed=1)[0] != carry(**chances, seed=2)[0]


def test_loss_takes_about_its_share() -> None:
    arrived, link = carry(count=1000, loss=0.3)
    assert len(arrived) == 1000 - link.lost
    assert 230 < link.lost < 370


def test_duplicates_arrive_twice() -> None:
    arrived, _ = carry(duplicate=1.0)
    assert len(arrived) == 400


def test_reordering_lets_later_items_overtake() -> None:
    arrived, _ = carry(reorder=0.5, jitter=0.5)
    items = [item for _, item in arrived]
    assert items != sorted(items)
    assert sorted(items) == list(range(200))


def test_corruption_flips_one_bit_of_bytes() -> None:
    time = VirtualTime()
    arrived: list[bytes] = []
    link: Link[bytes] = Link(time, arrived.append, corrupt=1.0)
    link.send(bytes(8))
    time.run(until=1.0)
    assert sum(byte.bit_count() for byte in arrived[0]) == 1


def test_a_corruptor_of_the_callers_own_spoils_other_items() -> None:
    time = VirtualTime()
    arrived: list[int] = []

    def spoil(item: int, chance: random.Random) -> int:
        return item + chance.randint(1, 9)

    Link(time, arrived.append, corrupt=1.0, corruptor=spoil).send(0)
    time.run(until=1.0)
    assert 1 <= arrived[0] <= 9


def test_a_cut_link_carries_nothing_not_even_what_is_under_way() -> None:
    time = VirtualTime()
    arrived: list[int] = []
    link: Link[int] = Link(time, arrived.append, delay=1.0)
    link.send(1)
    link.cut = True
    link.send(2)
    time.run(until=10.0)
    assert arrived == []


def test_a_pair_talks_until_both_are_quiet(echo_class) -> None:
    pair = Pair(echo_class(first=True), echo_class(), delay=0.01)
    pair.run(until=10.0)
    assert [item for _, item in pair.b.received] == [b"hello"] * len(pair.b.received)
    assert len(pair.a.received) == 9
    assert pair.events_a == ["silence at 1.18"]


def test_close_ends_the_connection_for_both_sides_after_all_that_was_sent(echo_class) -> None:
    pair = Pair(echo_class(), echo_class(), delay=0.5, jitter=0.5)
    pair.command(pair.a.say, b"bye")
    pair.run(until=10.0)
    assert [item for _, item in pair.b.received] == [b"bye"]
    assert pair.closed
    assert pair.events_a[-1] == "lost"
    assert pair.events_b[-1] == "lost"


def test_stop_ends_a_run_early(echo_class) -> None:
    pair = Pair(echo_class(first=True), echo_class(), delay=0.1)
    assert pair.run(until=10.0, stop=lambda: bool(pair.b.received))
    assert pair.time.now == pytest.approx(0.1)


def test_machines_that_run_in_a_circle_without_time_are_found_out() -> None:
    time = VirtualTime()

    def again() -> None:
        time.after(0.0, again)

    again()
    with pytest.raises(RuntimeError, match="circle"):
        time.run(until=1.0, steps=1000)
