"""The power side of the cable: what supply, battery and onboard charger do to each other over time."""

from __future__ import annotations

from dataclasses import dataclass

from evproto.charger.simulation.battery import Battery
from evproto.charger.simulation.contactor import Contactor
from evproto.charger.simulation.dc_supply import DcSupply
from evproto.charger.simulation.meter import EnergyMeter
from evproto.charger.simulation.onboard_charger import OnboardCharger

DISCHARGE_V_PER_S = 900.0
"""How fast the inlet loses its voltage when nothing holds it: the car's capacitors and resistors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What instruments would show at one moment. voltage_v is at the inlet, power_w at the outlet."""

    voltage_v: float
    current_a: float
    power_w: float
    energy_wh: float
    soc_percent: float


class PowerLines:
    """Joins the power parts of one station and one car; `step` lets time pass for all of them.

    DC: supply, the station's contactor, the car's contactor, battery. AC: mains, the station's
    contactor, onboard charger, battery.
    """

    def __init__(
        self,
        *,
        battery: Battery,
        station_contactor: Contactor,
        meter: EnergyMeter,
        supply: DcSupply | None = None,
        car_contactor: Contactor | None = None,
        charger: OnboardCharger | None = None,
        mains_v: float = 230.0,
    ) -> None:
        self._battery = battery
        self._station = station_contactor
        self._meter = meter
        self._supply = supply
        self._car = car_contactor
        self._charger = charger
        self._mains_v = mains_v
        self._inlet_v = 0.0
        self._current_a = 0.0
        self.plugged = True
        """Whether the power contacts touch."""

    def step(self, seconds: float, *, limit_a: float) -> None:
        """`seconds` pass. limit_a: what pilot and schedule allow the onboard charger (AC), per phase."""
        if self._supply is not None:
            self._step_dc(self._supply, seconds)
        elif self._charger is not None:
            self._step_ac(self._charger, limit_a, seconds)

    def sample(self) -> Sample:
        """The present values."""
        return Sample(
            voltage_v=self._inlet_v,
            current_a=self._current_a,
            power_w=self._power_w(),
            energy_wh=self._meter.reading_wh,
            soc_percent=self._battery.soc_percent,
        )

    def _step_dc(self, supply: DcSupply, seconds: float) -> None:
        joined = self.plugged and self._station.closed
        loaded = joined and self._car is not None and self._car.closed
        if loaded:
            volts = self._battery.voltage_at(supply.current_a)
            supply.step_loaded(self._battery.current_at(supply.target_voltage_v), volts, seconds)
            self._inlet_v = self._battery.voltage_at(supply.current_a)
        else:
            supply.step_open(seconds)
            self._inlet_v = supply.voltage_v if joined else self._discharged(seconds)
        self._current_a = supply.current_a
        self._battery.charge(self._power_w(), seconds)
        self._meter.count(self._power_w(), seconds)

    def _step_ac(self, charger: OnboardCharger, limit_a: float, seconds: float) -> None:
        self._inlet_v = self._mains_v if self.plugged and self._station.closed else 0.0
        battery_w = self._battery.demand_a * self._battery.voltage_at(self._battery.demand_a)
        charger.step(limit_a, battery_w, self._inlet_v, seconds)
        self._current_a = charger.current_a
        self._battery.charge(charger.battery_w(self._inlet_v), seconds)
        self._meter.count(self._power_w(), seconds)

    def _discharged(self, seconds: float) -> float:
        return max(0.0, self._inlet_v - DISCHARGE_V_PER_S * seconds)

    def _power_w(self) -> float:
        if self._charger is not None:
            return self._charger.power_w(self._inlet_v)
        return self._inlet_v * self._current_a
