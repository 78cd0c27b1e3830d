"""The simulated hardware by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.charger.config import checked
from evproto.charger.demo.settings import DemoConfig
from evproto.charger.simulation import (
    Battery,
    BatteryConfig,
    Contactor,
    ContactorConfig,
    DcSupply,
    EnergyMeter,
    IsolationConfig,
    IsolationMonitor,
    OnboardCharger,
)
from evproto.core import ConfigError


@given(st.floats(0, 99), st.floats(0.1, 1))
def test_the_open_circuit_voltage_rises_with_the_charge(soc: float, more: float) -> None:
    low, high = (Battery(BatteryConfig(soc_percent=value)) for value in (soc, soc + more))
    assert low.open_circuit_v < high.open_circuit_v


@given(st.floats(0, 79.9))
def test_the_demand_never_takes_the_battery_above_its_limits(soc: float) -> None:
    battery = Battery(BatteryConfig(soc_percent=soc))
    assert 0 <= battery.demand_a <= battery.max_current_a
    assert battery.voltage_at(battery.demand_a) <= battery.max_voltage_v + 1e-9


def test_a_full_battery_demands_nothing() -> None:
    battery = Battery(BatteryConfig(soc_percent=80, target_soc_percent=80))
    assert battery.full
    assert battery.demand_a == 0


def test_the_supply_ramps_to_its_set_points_and_never_beyond_its_limits() -> None:
    supply = DcSupply()
    supply.set(5000.0, 5000.0)
    supply.step_open(0.1)
    assert supply.voltage_v == pytest.approx(45.0)
    for _ in range(100):
        supply.step_open(0.1)
    assert supply.voltage_v == supply.config.max_voltage_v
    for _ in range(100):
        supply.step_loaded(1000.0, 400.0, 0.1)
    assert supply.current_a * 400.0 == pytest.approx(supply.config.max_power_w)


def test_a_supply_that_is_switched_off_gives_no_current_at_once() -> None:
    supply = DcSupply()
    supply.set(400.0, 100.0)
    supply.step_loaded(100.0, 400.0, 1.0)
    assert supply.current_a > 0
    supply.switch_off()
    assert supply.current_a == 0


def test_a_contactor_follows_its_coil_after_its_time() -> None:
    contactor = Contactor(ContactorConfig(close_s=0.1))
    contactor.switch(True, 1.0)
    assert contactor.deadline == pytest.approx(1.1)
    assert not contactor.advance(1.05)
    assert not contactor.closed
    assert contactor.advance(1.1)
    assert contactor.closed


def test_a_coil_that_changes_its_mind_in_time_moves_nothing() -> None:
    contactor = Contactor()
    contactor.switch(True, 1.0)
    contactor.switch(False, 1.01)
    assert contactor.deadline is None
    assert not contactor.closed


def test_a_welded_contactor_stays_closed() -> None:
    contactor = Contactor(ContactorConfig(welded=True))
    contactor.switch(True, 0.0)
    contactor.advance(1.0)
    contactor.switch(False, 2.0)
    contactor.advance(3.0)
    assert contactor.closed


def test_a_meter_never_runs_back() -> None:
    meter = EnergyMeter()
    meter.count(3600.0, 1.0)
    meter.count(-3600.0, 1.0)
    assert meter.reading_wh == pytest.approx(1.0)


def test_the_isolation_monitor_gives_its_result_once_after_its_time() -> None:
    monitor = IsolationMonitor(IsolationConfig(test_s=2.0, resistance_ohm=50_000))
    monitor.start(0.0)
    assert not monitor.advance(1.9)
    assert monitor.advance(2.0)
    assert not monitor.advance(2.1)
    assert not monitor.safe


def test_the_onboard_charger_obeys_a_lower_limit_at_once_and_a_higher_one_by_its_ramp() -> None:
    charger = OnboardCharger()
    charger.step(32.0, 1e6, 230.0, 1.0)
    assert charger.current_a == pytest.approx(12.0)
    charger.step(7.0, 1e6, 230.0, 0.1)
    assert charger.current_a == pytest.approx(7.0)
    charger.step(5.0, 1e6, 230.0, 0.1)
    assert charger.current_a == 0
    charger.step(32.0, 1e6, 0.0, 0.1)
    assert charger.current_a == 0


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"sed": 1}, "demo: sed"),
        ({"seed": "many"}, "demo: seed: .*'many'"),
        ({"battery": {"capacity_wh": -1}}, "demo: battery.capacity_wh"),
        ({"battery": {"soc_percent": 90.0}}, "target_soc_percent"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place_in_one_line(values: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        checked(DemoConfig, "demo", values)
    assert "\n" not in str(caught.value)
