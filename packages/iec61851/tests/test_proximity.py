"""The proximity tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.iec61851 import J1772_LATCH, PROFILES, TYPE2_CABLE, Latch


@pytest.mark.parametrize(
    ("rated", "lowest", "nominal", "highest"),
    [(13.0, 1100, 1500, 2460), (20.0, 400, 680, 936), (32.0, 164, 220, 308), (63.0, 80, 100, 140)],
)
def test_a_cable_is_rated_over_its_whole_tolerance(
    rated: float, lowest: float, nominal: float, highest: float
) -> None:
    for resistance in (lowest, nominal, highest):
        assert TYPE2_CABLE.read(resistance).current_a == rated


def test_a_63_ampere_cable_carries_70_on_one_phase() -> None:
    assert TYPE2_CABLE.read(100).current_1ph_a == 70.0


@pytest.mark.parametrize(("resistance", "rated"), [(150, 32.0), (350, 20.0), (1000, 13.0)])
def test_between_two_tolerances_the_lower_rating_counts(resistance: float, rated: float) -> None:
    assert TYPE2_CABLE.read(resistance).current_a == rated


@pytest.mark.parametrize("resistance", [0.0, 59.9, -5.0, math.nan])
def test_a_short_circuit_is_an_error_and_no_63_ampere_cable(resistance: float) -> None:
    assert TYPE2_CABLE.read(resistance).latch is Latch.ERROR


@pytest.mark.parametrize("resistance", [4501.0, 1e9, math.inf])
def test_an_open_contact_is_no_plug(resistance: float) -> None:
    assert TYPE2_CABLE.read(resistance).latch is Latch.OPEN


def test_the_latch_of_j1772_is_told_from_its_pressed_button() -> None:
    assert J1772_LATCH.read(150).latch is Latch.MATED
    assert J1772_LATCH.read(480).latch is Latch.PRESSED
    assert J1772_LATCH.read(2700).latch is Latch.OPEN
    assert J1772_LATCH.read(10).latch is Latch.ERROR


@given(st.floats())
def test_any_resistance_has_a_meaning(resistance: float) -> None:
    for profile in PROFILES.values():
        assert profile.vehicle_proximity.read(resistance).latch in Latch
