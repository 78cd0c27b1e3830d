"""The charger in the car that turns mains AC into battery current."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from evproto.charger.config import Config


class OnboardChargerConfig(Config):
    """Limits, ramp and efficiency of the charger."""

    phases: Literal[1, 3] = 3
    nominal_voltage_v: float = Field(default=230.0, gt=0)
    max_current_a: float = Field(default=32.0, gt=0)
    min_current_a: float = Field(default=6.0, ge=0)
    current_ramp_a_per_s: float = Field(default=12.0, gt=0)
    efficiency: float = Field(default=0.94, gt=0, le=1)


class OnboardCharger:
    """It draws what the pilot, the schedule and the battery allow, and follows with a ramp."""

    def __init__(self, config: OnboardChargerConfig | None = None) -> None:
        self.config = config or OnboardChargerConfig()
        self.current_a = 0.0
        """Current on each phase."""

    def step(self, limit_a: float, battery_w: float, mains_v: float, seconds: float) -> None:
        """`seconds` pass at `mains_v` (0 without mains).

        limit_a: what pilot and schedule allow per phase. battery_w: what the battery takes.
        """
        if mains_v <= 0.0:
            self.current_a = 0.0
            return
        by_battery = battery_w / self.config.efficiency / (self.config.phases * mains_v)
        wanted = min(limit_a, self.config.max_current_a, by_battery)
        if wanted < self.config.min_current_a:
            wanted = 0.0
        most = self.config.current_ramp_a_per_s * seconds
        if wanted < self.current_a:
            # IEC 61851-1: the car follows a lower limit at once, a higher one at its own pace.
            self.current_a = wanted
        else:
            self.current_a = min(wanted, self.current_a + most)

    def power_w(self, mains_v: float) -> float:
        """Power from the mains."""
        return self.config.phases * mains_v * self.current_a

    def battery_w(self, mains_v: float) -> float:
        """Power into the battery."""
        return self.power_w(mains_v) * self.config.efficiency
