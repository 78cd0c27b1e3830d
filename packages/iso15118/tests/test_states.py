"""The tables of both sides fit together, and the drawings are theirs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evproto.iso15118.iso2 import ACCEPTS, EVCC_TABLE, SECC_TABLE, SeccState, states

DRAW = Path(__file__).resolve().parents[3] / "scripts" / "draw_states.py"


def test_no_two_rows_say_different_things() -> None:
    assert len(states.SECC_NEXT) == len(SECC_TABLE)
    assert len(states.EVCC_NEXT) == len(EVCC_TABLE)


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {SeccState.SESSION_SETUP}
    for _ in SeccState:
        reached |= {row.next for row in SECC_TABLE if row.state in reached}
    assert reached == set(SeccState)


def test_every_state_but_the_last_leads_to_the_end() -> None:
    leading = {SeccState.ENDED}
    for _ in SeccState:
        leading |= {row.state for row in SECC_TABLE if row.next in leading}
    assert leading == set(SeccState)


def test_nothing_is_accepted_after_the_end() -> None:
    assert ACCEPTS[SeccState.ENDED] == frozenset()


def test_no_state_in_which_energy_flows_accepts_a_session_stop() -> None:
    assert all("SessionStopReq" not in ACCEPTS[state] for state in states.CHARGING)


def test_every_request_of_the_car_is_accepted_by_the_charger_somewhere() -> None:
    taken = set().union(*ACCEPTS.values())
    assert set(states.REQUESTS) == taken


def test_every_step_of_the_car_is_a_request_that_the_charger_accepts_next() -> None:
    """Each pair of requests in the car's table is a path through the charger's."""
    for step in EVCC_TABLE:
        if step.next == states.END:
            continue
        after = {row.next for row in SECC_TABLE if row.request == step.request}
        assert any(step.next in ACCEPTS[state] for state in after), step


@pytest.mark.skipif(not DRAW.exists(), reason="the package stands outside the repository")
def test_the_drawings_are_fresh() -> None:
    subprocess.run([sys.executable, str(DRAW), "--check"], check=True)
