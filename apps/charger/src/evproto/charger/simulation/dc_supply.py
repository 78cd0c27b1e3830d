"""A DC power supply with ramps for voltage and current, as one sees them at its terminals."""

from __future__ import annotations

from pydantic import Field

from evproto.charger.config import Config


class DcSupplyConfig(Config):
    """Limits and ramps of the supply."""

    min_voltage_v: float = Field(default=150.0, ge=0)
    max_voltage_v: float = Field(default=920.0, gt=0)
    max_current_a: float = Field(default=200.0, gt=0)
    max_power_w: float = Field(default=60_000.0, gt=0)
    voltage_ramp_v_per_s: float = Field(default=450.0, gt=0)
    current_ramp_a_per_s: float = Field(default=60.0, gt=0)


class DcSupply:
    """The supply follows its set points; `step` moves it on by a span of time."""

    def __init__(self, config: DcSupplyConfig | None = None) -> None:
        self.config = config or DcSupplyConfig()
        self._on = False
        self._target_voltage_v = 0.0
        self._target_current_a = 0.0
        self.voltage_v = 0.0
        """Voltage at the terminals."""
        self.current_a = 0.0
        """Current out of the terminals."""

    @property
    def on(self) -> bool:
        return self._on

    @property
    def target_voltage_v(self) -> float:
        return self._target_voltage_v

    def set(self, voltage_v: float, current_a: float) -> None:
        """Switch on with set points; they are cut to what the supply can do."""
        self._on = True
        self._target_voltage_v = min(max(0.0, voltage_v), self.config.max_voltage_v)
        self._target_current_a = min(max(0.0, current_a), self.config.max_current_a)

    def switch_off(self) -> None:
        """Switch off: no current at once; the voltage falls as the output discharges."""
        self._on = False
        self._target_voltage_v = self._target_current_a = 0.0
        self.current_a = 0.0

    def step_open(self, seconds: float) -> None:
        """`seconds` pass with nothing connected: only the voltage moves."""
        self.current_a = 0.0
        self.voltage_v = _toward(
            self.voltage_v, self._target_voltage_v, self.config.voltage_ramp_v_per_s * seconds
        )

    def step_loaded(self, taken_a: float, voltage_v: float, seconds: float) -> None:
        """`seconds` pass with a battery connected that would take `taken_a` and holds `voltage_v`."""
        wanted = min(self._target_current_a, taken_a, self.config.max_power_w / max(voltage_v, 1.0))
        if not self._on:
            wanted = 0.0
        self.current_a = _toward(self.current_a, wanted, self.config.current_ramp_a_per_s * seconds)
        self.voltage_v = voltage_v


def _toward(value: float, target: float, most: float) -> float:
    """`value` moved toward `target` by at most `most`."""
    if abs(target - value) <= most:
        return target
    return value + most if target > value else value - most
