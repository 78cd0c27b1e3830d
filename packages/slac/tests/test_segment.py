"""Cars and chargers on one line in virtual time: cross-talk, loss, disorder."""

from __future__ import annotations

import random

import pytest

from evproto.slac import CandidatesRanked, EvConfig, EvseState, EvState, Limits, LinkReady, ValidationEnded
from evproto.slac.emulator import Channel, EmulatedModem, PortFrame, Segment
from evproto.slac.messages import CmMnbcSoundInd, CmSlacParmCnf, Mme


def grid(seed: int, size: int, channel: Channel, *, near: tuple[float, float] = (5, 15)) -> Segment:
    """Cars and as many chargers, each car in its own, all within reach of each other."""
    rng = random.Random(seed)
    segment = Segment(channel, seed=seed)
    for index in range(size):
        segment.add_evse(f"evse{index}")
        segment.add_ev(f"ev{index}")
    for ev in range(size):
        for evse in range(size):
            level = rng.uniform(*near) if ev == evse else rng.uniform(30, 60)
            segment.channel.set_attenuation(f"ev{ev}", f"evse{evse}", level)
        segment.plug(f"ev{ev}", f"evse{ev}", rng.uniform(1.0, 1.5))
    return segment


def is_matched(segment: Segment, ev: str, evse: str) -> bool:
    """Whether both name each other, both are linked, and both modems have the same key."""
    car, charger = segment.stations[ev], segment.stations[evse]
    modems = segment.line.modems
    return (
        (car.state, charger.state) == (EvState.MATCHED, EvseState.MATCHED)  # type: ignore[attr-defined]
        and (car.matched_evse, charger.matched_ev) == (charger.mac, car.mac)  # type: ignore[attr-defined]
        and modems[ev].nmk == modems[evse].nmk
    )


def run_grid(seed: int, size: int, channel: Channel, until: float = 20.0) -> list[bool]:
    segment = grid(seed, size, channel)

    def done() -> bool:
        return all(is_matched(segment, f"ev{index}", f"evse{index}") for index in range(size))

    segment.run(until=until, stop=done)
    return [is_matched(segment, f"ev{index}", f"evse{index}") for index in range(size)]


@pytest.mark.slow
def test_five_cars_find_their_own_of_five_chargers_in_1000_seeds() -> None:
    wrong = [seed for seed in range(1000) if not all(run_grid(seed, 5, Channel(noise_db=4.0, jitter=0.002)))]
    assert wrong == []


def test_at_10_percent_loss_995_of_1000_cars_match_within_the_repetition_time() -> None:
    def matched(seed: int) -> bool:
        segment = Segment(Channel(loss=0.1, noise_db=4.0, jitter=0.002), seed=seed)
        segment.add_evse("evse")
        segment.add_ev("ev")
        segment.plug("ev", "evse", 1.0)
        return segment.run(until=11.0, stop=lambda: is_matched(segment, "ev", "evse"))

    failed = [seed for seed in range(1000) if not matched(seed)]
    assert len(failed) <= 5, failed


def test_no_car_joins_a_foreign_charger_at_10_percent_loss() -> None:
    for seed in range(30):
        channel = Channel(loss=0.1, noise_db=4.0, jitter=0.002)
        segment = grid(seed, 3, channel)
        segment.run(until=12.0)
        for index in range(3):
            car = segment.stations[f"ev{index}"]
            assert car.matched_evse in (None, segment.stations[f"evse{index}"].mac)  # type: ignore[attr-defined]


def test_duplicated_and_delayed_frames_do_no_harm() -> None:
    for seed in range(30):
        assert all(run_grid(seed, 2, Channel(duplicate=0.3, jitter=0.01, noise_db=4.0)))


@pytest.mark.parametrize("lost", range(10))
def test_charger_answers_in_time_with_any_number_of_sounds_lost(lost: int) -> None:
    rng = random.Random(lost)
    dropped = set(rng.sample(range(10), lost))

    def drop(_sender: str, _receiver: str, message: Mme) -> bool:
        return isinstance(message, CmMnbcSoundInd) and message.cnt in dropped

    segment = Segment(Channel(drop=drop))
    segment.add_evse("evse")
    segment.add_ev("ev")
    segment.plug("ev", "evse", 1.0)
    assert segment.run(until=3.0, stop=lambda: is_matched(segment, "ev", "evse"))
    began = 1.001
    (sent_at,) = [at for at, event in segment.events["evse"] if type(event).__name__ == "ReportSent"]
    assert sent_at - began <= (0.25 if not lost else 0.7)


def test_far_charger_that_answers_first_is_not_chosen() -> None:
    def drop_first_answers(sender: str, _receiver: str, message: Mme) -> bool:
        return sender == "near" and isinstance(message, CmSlacParmCnf)

    segment = Segment(Channel(drop=drop_first_answers))
    near = segment.add_evse("near")
    segment.add_evse("far")
    segment.channel.set_attenuation("ev", "far", 35)
    car = segment.add_ev("ev")
    segment.pilot("far", "B")
    segment.plug("ev", "near", 1.0)
    segment.run(until=4.0, stop=lambda: car.state is EvState.MATCHED)
    assert car.matched_evse == near.mac


def test_near_car_is_served_within_300_ms_though_a_far_one_came_first() -> None:
    segment = Segment(Channel(noise_db=2.0))
    charger = segment.add_evse("evse")
    segment.add_ev("far")
    car = segment.add_ev("near")
    segment.channel.set_attenuation("far", "evse", 60)
    segment.plug("far", "evse", 1.0)
    segment.plug("near", "evse", 1.05)
    segment.run(until=1.35)
    assert charger.matched_ev == car.mac


def test_two_equally_near_chargers_are_told_apart_by_the_toggles() -> None:
    right = 0
    for seed in range(40):
        segment = Segment(Channel(default_db=10.0, noise_db=1.0), seed=seed)
        segment.add_evse("own")
        segment.add_evse("neighbour")
        segment.add_ev("ev", config=EvConfig(limits=Limits(margin=5.0)))
        segment.pilot("neighbour", "B")
        segment.plug("ev", "own", 1.0)
        assert segment.run(until=12.0, stop=lambda s=segment: is_matched(s, "ev", "own"))  # type: ignore[misc]
        right += 1
        assert any(event.success for event in segment.events_of("own", ValidationEnded))  # type: ignore[union-attr]
    assert right == 40


def test_same_seed_gives_the_same_run() -> None:
    def events(seed: int) -> list[object]:
        segment = grid(seed, 2, Channel(loss=0.1, noise_db=4.0, jitter=0.003))
        segment.run(until=5.0)
        return [entry for name in sorted(segment.events) for entry in segment.events[name]]

    assert events(7) == events(7)
    assert events(7) != events(8)


def test_slow_modem_has_until_tt_match_join() -> None:
    for join_time, linked in ((11.0, True), (13.0, False)):
        segment = Segment()
        segment.add_evse("evse", modem=EmulatedModem(mac=b"\2\3\0\0\0\1", join_time=join_time))
        segment.add_ev("ev")
        segment.plug("ev", "evse", 1.0)
        segment.run(until=13.5)
        assert bool(segment.events_of("ev", LinkReady)) is linked


def test_ranking_names_every_charger_in_reach() -> None:
    segment = grid(3, 4, Channel())
    segment.run(until=5.0)
    for index in range(4):
        (ranked,) = segment.events_of(f"ev{index}", CandidatesRanked)
        levels = [level for _, level in ranked.candidates]  # type: ignore[union-attr]
        assert levels == sorted(levels)
        own = segment.stations[f"evse{index}"].mac
        assert ranked.candidates[0][0] == own  # type: ignore[union-attr]


def test_data_passes_only_between_modems_of_one_network() -> None:
    segment = Segment()
    segment.add_evse("evse")
    segment.add_ev("ev")
    packet = segment.stations["evse"].mac + segment.stations["ev"].mac + b"\x86\xdd" + bytes(50)
    passed: list[bytes] = []
    segment.run(until=0.1)
    segment.stations["evse"].receive = lambda item, now: passed.append(item)  # type: ignore[method-assign]
    segment.line.receive(PortFrame("ev", packet), segment.time.now)
    segment.run(until=0.2)
    assert packet not in passed
    segment.line.modems["ev"].nmk = segment.line.modems["evse"].nmk
    segment.line.receive(PortFrame("ev", packet), segment.time.now)
    segment.run(until=0.3)
    assert packet in passed
