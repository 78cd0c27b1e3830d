"""What charging profiles allow at a moment, and over a span (section 3.13).

All times are seconds of the caller's monotonic clock; limits are ampere per phase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v16.datatypes import ChargingProfile, ChargingSchedulePeriod
from evproto.ocpp_client.v16.enums import ChargingProfileKind, ChargingRateUnit, RecurrencyKind

VOLTAGE = 230.0
DEFAULT_PHASES = 3
_RECURRENCE = {RecurrencyKind.DAILY: 86_400.0, RecurrencyKind.WEEKLY: 604_800.0}


@dataclass(frozen=True, slots=True)
class Installed:
    """A profile at its connector; `began` is the start of its transaction, or of its reception."""

    connector_id: int
    profile: ChargingProfile
    began: float

    def limit(self, at: float, when: Callable[[Timestamp], float]) -> float | None:
        """Ampere at that time, None where the profile says nothing. `when` places a timestamp."""
        profile = self.profile
        if profile.valid_from is not None and at < when(profile.valid_from):
            return None
        if profile.valid_to is not None and at >= when(profile.valid_to):
            return None
        start = self._start(at, when)
        schedule = profile.charging_schedule
        if at < start or (schedule.duration is not None and at >= start + schedule.duration):
            return None
        reached = [one for one in schedule.charging_schedule_period if start + one.start_period <= at]
        return _amperes(reached[-1], schedule.charging_rate_unit) if reached else None

    def changes(self, since: float, until: float, when: Callable[[Timestamp], float]) -> set[float]:
        """The times in between at which the limit may change."""
        profile, schedule = self.profile, self.profile.charging_schedule
        found = {when(moment) for moment in (profile.valid_from, profile.valid_to) if moment is not None}
        offsets = [float(one.start_period) for one in schedule.charging_schedule_period]
        if schedule.duration is not None:
            offsets.append(float(schedule.duration))
        period = _RECURRENCE.get(profile.recurrency_kind) if profile.recurrency_kind else None
        start = self._start(since, when)
        while start < until:
            found.update(start + offset for offset in offsets)
            found.add(start)
            if period is None:
                break
            start += period
        return {time for time in found if since < time < until}

    def _start(self, at: float, when: Callable[[Timestamp], float]) -> float:
        profile = self.profile
        written = profile.charging_schedule.start_schedule
        if profile.charging_profile_kind is ChargingProfileKind.RELATIVE or written is None:
            return self.began
        start = when(written)
        if profile.charging_profile_kind is ChargingProfileKind.RECURRING and profile.recurrency_kind:
            period = _RECURRENCE[profile.recurrency_kind]
            return start + max((at - start) // period, 0.0) * period
        return start


def highest(profiles: Iterable[Installed], at: float, when: Callable[[Timestamp], float]) -> float | None:
    """The limit of the highest stack level that says something at that time (section 3.13.2)."""
    ordered = sorted(profiles, key=lambda one: one.profile.stack_level, reverse=True)
    return next((limit for one in ordered if (limit := one.limit(at, when)) is not None), None)


def _amperes(period: ChargingSchedulePeriod, unit: ChargingRateUnit) -> float:
    if unit is ChargingRateUnit.A:
        return period.limit
    return period.limit / VOLTAGE / (period.number_phases or DEFAULT_PHASES)
