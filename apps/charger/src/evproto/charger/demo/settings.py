"""The settings of a demo session."""

from __future__ import annotations

from enum import Enum

from pydantic import Field, model_validator

from evproto.charger.config import Config
from evproto.charger.simulation import (
    AuthorizerConfig,
    BatteryConfig,
    ContactorConfig,
    DcSupplyConfig,
    IsolationConfig,
    OnboardChargerConfig,
)


class Current(Enum):
    """What the station gives."""

    AC = "ac"
    DC = "dc"


class FaultName(Enum):
    """What goes wrong on purpose."""

    PULLED_CABLE = "pulled-cable"
    SILENT_CAR = "silent-car"
    SILENT_STATION = "silent-station"
    MALFORMED_FRAME = "malformed-frame"
    MALFORMED_MESSAGE = "malformed-message"
    OUT_OF_ORDER = "out-of-order"
    OUT_OF_RANGE = "out-of-range"
    FOREIGN_SESSION = "foreign-session"
    EMERGENCY_STOP = "emergency-stop"
    ISOLATION_FAULT = "isolation-fault"
    REFUSED_CARD = "refused-card"


AC_BATTERY = BatteryConfig(capacity_wh=440.0)
"""Onboard chargers are slower, so the battery of an AC demo is smaller."""


class DemoConfig(Config):
    """One demo session. All times in seconds."""

    current: Current = Current.DC
    seed: int = Field(default=1, ge=0, lt=2**32)
    plug_in_s: float = Field(default=0.5, ge=0)
    plug_out_after_s: float = Field(default=1.5, ge=0)
    """From the end of the session to the moment the driver takes the cable out."""
    tick_s: float = Field(default=0.1, gt=0, le=0.5)
    """Pace of the physics and of the instruments."""
    sample_s: float = Field(default=0.2, gt=0)
    """Pace of the samples in the trace."""
    loop_interval_s: float = Field(default=0.25, gt=0)
    """Pace of the charge loop: the car's time from one request to the next."""
    ongoing_interval_s: float = Field(default=0.25, gt=0)
    """Pace at which the car asks again while the station is busy."""
    longest_s: float = Field(default=300.0, gt=0)
    """The driver takes the cable out after this, whatever happens."""
    stop_at_s: float | None = Field(default=None, ge=0)
    """When somebody presses stop at the station; None for never."""
    fault: FaultName | None = None
    fault_at_s: float = Field(default=12.0, ge=0)
    """When the fault happens, where it is not bound to a step of the session."""
    battery: BatteryConfig = BatteryConfig()
    supply: DcSupplyConfig = DcSupplyConfig()
    isolation: IsolationConfig = IsolationConfig()
    charger: OnboardChargerConfig = OnboardChargerConfig()
    contactor: ContactorConfig = ContactorConfig()
    authorizer: AuthorizerConfig = AuthorizerConfig()
    mains_v: float = Field(default=230.0, gt=0)
    mains_current_a: float = Field(default=32.0, ge=6, le=80)

    @model_validator(mode="after")
    def _target_is_ahead(self) -> DemoConfig:
        if self.battery.target_soc_percent <= self.battery.soc_percent:
            raise ValueError("battery.target_soc_percent: expected more than battery.soc_percent")
        return self

    @property
    def is_dc(self) -> bool:
        return self.current is Current.DC
