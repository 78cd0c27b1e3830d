"""Tolerances, hysteresis and debounce of the pilot's levels."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.iec61851 import Diode, Level, Load, PilotCircuit
from evproto.iec61851.debounce import Debounce
from evproto.iec61851.levels import NOMINAL_V, level_of, low_shows_diode


@pytest.mark.parametrize("level", NOMINAL_V)
@pytest.mark.parametrize("offset", [-1.0, 0.0, 1.0])
def test_a_level_is_known_within_one_volt_of_its_nominal_voltage(level: Level, offset: float) -> None:
    assert level_of(NOMINAL_V[level] + offset) is level


@pytest.mark.parametrize("volts", [14.0, -14.0, -6.0, -2.0, math.nan, math.inf, -math.inf])
def test_a_voltage_that_no_state_has_is_invalid(volts: float) -> None:
    assert level_of(volts) is Level.INVALID


def test_a_border_moves_away_from_the_level_that_is_held() -> None:
    assert level_of(7.4, held=Level.B) is Level.B
    assert level_of(7.6, held=Level.C) is Level.C
    assert level_of(7.1, held=Level.B) is Level.C
    assert level_of(7.9, held=Level.C) is Level.B


@given(st.floats())
def test_any_voltage_has_a_level(volts: float) -> None:
    assert level_of(volts) in Level


@pytest.mark.parametrize("load", Load)
def test_the_resistors_of_table_a3_make_the_voltages_of_table_a2(load: Load) -> None:
    circuit = PilotCircuit(plugged=True, load=load, duty=0.5)
    sample = circuit.supply_sample()
    assert sample.high_v == pytest.approx(NOMINAL_V[Level(load.value)], abs=0.1)
    assert sample.low_v == pytest.approx(-12.0)


@pytest.mark.parametrize("load", Load)
def test_a_missing_diode_shows_in_the_negative_half(load: Load) -> None:
    circuit = PilotCircuit(plugged=True, load=load, duty=0.5)
    sample = circuit.supply_sample()
    assert sample.low_v is not None
    assert low_shows_diode(sample.low_v)
    circuit.diode = Diode.SHORT
    sample = circuit.supply_sample()
    assert sample.low_v is not None
    assert not low_shows_diode(sample.low_v)


@pytest.mark.parametrize("generator", [11.4, 12.6])
@pytest.mark.parametrize("r3", [0.97, 1.03])
@pytest.mark.parametrize("load", Load)
def test_tolerances_of_generator_and_resistors_keep_the_level(
    generator: float, r3: float, load: Load
) -> None:
    circuit = PilotCircuit(plugged=True, load=load, generator_v=generator)
    circuit.r2_ohm *= r3
    circuit.r3_c_ohm *= r3
    circuit.r3_d_ohm *= r3
    assert level_of(circuit.supply_sample().high_v) is Level(load.value)


def test_faults_of_the_cable_show_at_both_ends() -> None:
    circuit = PilotCircuit(plugged=True)
    circuit.cp_open = True
    assert level_of(circuit.supply_sample().high_v) is Level.A
    assert circuit.vehicle_reading().high_v == 0.0
    circuit.cp_open, circuit.pe_open = False, True
    assert level_of(circuit.supply_sample().high_v) is Level.A
    circuit.pe_open, circuit.short_ohm = False, 0.0
    assert level_of(circuit.supply_sample().high_v) is Level.E
    circuit.short_ohm, circuit.diode = math.inf, Diode.OPEN
    assert level_of(circuit.supply_sample().high_v) is Level.A
    circuit.cut = True
    assert circuit.vehicle_reading().high_v == 0.0


def test_state_f_reaches_the_vehicle_as_minus_twelve_volt() -> None:
    circuit = PilotCircuit(plugged=True, duty=0.0)
    assert circuit.vehicle_reading().high_v == pytest.approx(-12.0)
    assert circuit.supply_sample().high_v == pytest.approx(-12.0)


def test_a_value_counts_after_it_stood_for_the_debounce_time() -> None:
    debounce = Debounce(Level.A, 0.03, 0.08)
    debounce.feed(Level.B, 1.0)
    assert not debounce.confirm(1.029)
    assert debounce.confirm(1.03)
    assert debounce.held is Level.B


def test_a_glitch_that_goes_back_does_not_count() -> None:
    debounce = Debounce(Level.C, 0.03, 0.08)
    debounce.feed(Level.B, 1.0)
    debounce.feed(Level.C, 1.02)
    assert debounce.due is None
    assert not debounce.confirm(2.0)


def test_flutter_among_other_values_counts_after_the_limit() -> None:
    debounce = Debounce(Level.C, 0.03, 0.08)
    now = 1.0
    while not debounce.confirm(now):
        debounce.feed(Level.A if int(now * 100) % 2 else Level.B, now)
        now += 0.01
        assert now < 1.1
    assert debounce.held in (Level.A, Level.B)
