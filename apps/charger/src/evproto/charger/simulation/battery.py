"""A traction battery: open-circuit voltage over charge, inner resistance, and the CC/CV demand."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from pydantic import Field

from evproto.charger.config import Config

CELL_CURVE = (
    (0.0, 3.00),
    (5.0, 3.35),
    (20.0, 3.55),
    (50.0, 3.70),
    (70.0, 3.88),
    (90.0, 4.06),
    (100.0, 4.20),
)
"""Open-circuit voltage of one cell (V) over state of charge (%), as of a usual NMC cell."""


class BatteryConfig(Config):
    """A pack of equal cells. The default is small, so that a demo sees the whole curve in seconds."""

    capacity_wh: float = Field(default=1100.0, gt=0)
    cells_in_series: int = Field(default=96, ge=1)
    resistance_ohm: float = Field(default=0.12, gt=0)
    soc_percent: float = Field(default=46.0, ge=0, le=100)
    target_soc_percent: float = Field(default=80.0, ge=0, le=100)
    max_current_a: float = Field(default=160.0, gt=0)
    max_cell_voltage_v: float = Field(default=4.06, gt=3.0, le=4.25)


class Battery:
    """The pack. `charge` moves energy in; the rest only looks."""

    def __init__(self, config: BatteryConfig) -> None:
        self._config = config
        self._energy_wh = config.capacity_wh * config.soc_percent / 100.0

    @property
    def soc_percent(self) -> float:
        return 100.0 * self._energy_wh / self._config.capacity_wh

    @property
    def full(self) -> bool:
        """Whether the charge that the driver asked for is reached."""
        return self.soc_percent >= self._config.target_soc_percent

    @property
    def open_circuit_v(self) -> float:
        return self._config.cells_in_series * _cell_voltage(self.soc_percent)

    @property
    def max_voltage_v(self) -> float:
        return self._config.cells_in_series * self._config.max_cell_voltage_v

    @property
    def max_current_a(self) -> float:
        return self._config.max_current_a

    @property
    def capacity_wh(self) -> float:
        return self._config.capacity_wh

    @property
    def missing_wh(self) -> float:
        """Energy until the target charge, never negative."""
        return max(0.0, self._config.capacity_wh * self._config.target_soc_percent / 100.0 - self._energy_wh)

    def voltage_at(self, current_a: float) -> float:
        """Terminal voltage (V) while `current_a` flows in."""
        return self.open_circuit_v + current_a * self._config.resistance_ohm

    def current_at(self, voltage_v: float) -> float:
        """Current (A) that flows in at a terminal voltage; a source cannot be fed, so never negative."""
        return max(0.0, (voltage_v - self.open_circuit_v) / self._config.resistance_ohm)

    @property
    def demand_a(self) -> float:
        """Current that the battery management asks for: constant current, then constant voltage."""
        if self.full:
            return 0.0
        return min(self.max_current_a, self.current_at(self.max_voltage_v))

    def charge(self, power_w: float, seconds: float) -> None:
        """Take in `power_w` at the terminals for `seconds`; what the resistance turns to heat is ignored."""
        taken = power_w * seconds / 3600.0
        self._energy_wh = min(self._config.capacity_wh, self._energy_wh + taken)


def _cell_voltage(soc_percent: float) -> float:
    index = min(bisect_right([soc for soc, _ in CELL_CURVE], soc_percent), len(CELL_CURVE) - 1)
    (soc0, volts0), (soc1, volts1) = list(pairwise(CELL_CURVE))[max(0, index - 1)]
    return volts0 + (volts1 - volts0) * (soc_percent - soc0) / (soc1 - soc0)
