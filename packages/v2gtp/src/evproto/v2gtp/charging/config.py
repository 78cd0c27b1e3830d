"""A charger and a car as every language wants them described."""

from __future__ import annotations

from dataclasses import dataclass

from evproto.v2gtp.charging.quantities import EvAcLimits, EvDcLimits, EvseAcLimits, EvseDcLimits, Service
from evproto.v2gtp.charging.terms import EnergyTransferMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SeccConfig:
    """A charger as every language wants it described.

    Of `dc_limits` and `ac_limits` those that `modes` needs must be there. `authorized` True is
    a charger that asks nobody. `own_schedules` False: the session offers one schedule made of
    the limits; True: the application answers `SchedulesWanted` with `set_schedules`.
    """

    evse_id: str
    modes: tuple[EnergyTransferMode, ...]
    dc_limits: EvseDcLimits | None = None
    ac_limits: EvseAcLimits | None = None
    authorized: bool = False
    free_service: bool = False
    services: tuple[Service, ...] = ()
    receipt_wanted: bool = False
    own_schedules: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvccConfig:
    """A car as every language wants it described.

    The first of `modes` that the charger offers is taken. Intervals are the pace in seconds at
    which the car asks again. `own_schedule` True: the application answers `SchedulesOffered`
    with `choose_schedule`. `services` are the ids of value added services to take where they are
    offered. `resume` is the id of a paused session. `welding_polls` is how often
    the car asks for the voltage after charging, unless it fell below 60 V before.
    """

    evcc_id: bytes
    modes: tuple[EnergyTransferMode, ...]
    dc_limits: EvDcLimits | None = None
    ac_limits: EvAcLimits | None = None
    departure_s: int | None = None
    own_schedule: bool = False
    services: tuple[int, ...] = ()
    resume: bytes | None = None
    loop_interval_s: float = 0.1
    status_interval_s: float = 0.5
    ongoing_interval_s: float = 0.1
    welding_polls: int = 3
