"""Fixtures: a charger and a car, each with all others played by the test."""

from __future__ import annotations

import pytest

from evproto.slac.emulator.bench import EvBench, EvseBench


@pytest.fixture
def evse() -> EvseBench:
    """A plugged EVSE that waits for a car."""
    return EvseBench()


@pytest.fixture
def ev() -> EvBench:
    """An EV before its plug is in."""
    return EvBench()
