"""What a charger and a car can do, in V, A, W, Wh, seconds and percent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseDcLimits:
    """What a DC charger can give. `energy_wh` limits the session, None for no limit."""

    max_voltage_v: float
    max_current_a: float
    max_power_w: float
    min_voltage_v: float = 0.0
    min_current_a: float = 0.0
    peak_current_ripple_a: float = 0.0
    current_regulation_tolerance_a: float | None = None
    energy_wh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseAcLimits:
    """What an AC charger can give: line voltage to neutral and current per phase."""

    nominal_voltage_v: float
    max_current_a: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EvDcLimits:
    """What a car takes of direct current."""

    max_voltage_v: float
    max_current_a: float
    max_power_w: float | None = None
    energy_capacity_wh: float | None = None
    energy_request_wh: float | None = None
    full_soc_percent: float | None = None
    bulk_soc_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvAcLimits:
    """What a car takes of alternating current, per phase; `energy_wh` is what it wants in all."""

    max_voltage_v: float
    max_current_a: float
    min_current_a: float
    energy_wh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    """From `start_s` (seconds after the offer) on at most this power."""

    start_s: int
    max_power_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Power over time, entries in the order of their start; the last one lasts to `end_s`."""

    id: int
    entries: tuple[ScheduleEntry, ...]
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEntry:
    """From `start_s` on the car will draw at most this power."""

    start_s: int
    max_power_w: float
    phases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """A reading of the meter: energy so far, and the signature where the meter makes one."""

    meter_id: str
    energy_wh: int
    signature: bytes | None = None
    status: int | None = None
    time_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A value added service; `parameter_sets` maps the set's id to named values."""

    id: int
    name: str | None = None
    category: str = "OtherCustom"
    scope: str | None = None
    free: bool = True
    parameter_sets: Mapping[int, Mapping[str, bool | int | str]] = field(default_factory=dict)
