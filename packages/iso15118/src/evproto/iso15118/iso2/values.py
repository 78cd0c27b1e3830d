"""Between the words of ISO 15118-2 and those of `evproto.v2gtp.charging`."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from evproto.v2gtp import charging

from .messages import (
    ChargingProfile,
    DCEVErrorCode,
    DCEVSEStatusCode,
    EnergyTransferMode,
    EVSENotification,
    IsolationLevel,
    MeterInfo,
    Parameter,
    ParameterSet,
    PaymentOption,
    PhysicalValue,
    PMaxSchedule,
    PMaxScheduleEntry,
    ProfileEntry,
    RelativeTimeInterval,
    SAScheduleTuple,
    Service,
    ServiceCategory,
    ServiceParameterList,
    UnitSymbol,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MODES = {mode: EnergyTransferMode(mode.value) for mode in charging.EnergyTransferMode}
NEUTRAL_MODES = {wire: mode for mode, wire in MODES.items()}

AUTHORIZATIONS = {
    PaymentOption.EXTERNAL_PAYMENT: charging.Authorization.EXTERNAL,
    PaymentOption.CONTRACT: charging.Authorization.CONTRACT,
}

ISOLATION = {isolation: IsolationLevel[isolation.name] for isolation in charging.Isolation}
NEUTRAL_ISOLATION = {wire: isolation for isolation, wire in ISOLATION.items()}

NOTIFICATIONS = {
    charging.Notification.NONE: EVSENotification.NONE,
    charging.Notification.STOP_CHARGING: EVSENotification.STOP_CHARGING,
    charging.Notification.RENEGOTIATION: EVSENotification.RE_NEGOTIATION,
}
NEUTRAL_NOTIFICATIONS = {wire: notification for notification, wire in NOTIFICATIONS.items()}

EV_ERRORS = {
    charging.EvError.NONE: DCEVErrorCode.NO_ERROR,
    charging.EvError.RESS_TEMPERATURE_INHIBIT: DCEVErrorCode.FAILED_RESS_TEMPERATURE_INHIBIT,
    charging.EvError.SHIFT_POSITION: DCEVErrorCode.FAILED_EV_SHIFT_POSITION,
    charging.EvError.CONNECTOR_LOCK_FAULT: DCEVErrorCode.FAILED_CHARGER_CONNECTOR_LOCK_FAULT,
    charging.EvError.RESS_MALFUNCTION: DCEVErrorCode.FAILED_EV_RESS_MALFUNCTION,
    charging.EvError.CURRENT_DIFFERENTIAL: DCEVErrorCode.FAILED_CHARGING_CURRENTDIFFERENTIAL,
    charging.EvError.VOLTAGE_OUT_OF_RANGE: DCEVErrorCode.FAILED_CHARGING_VOLTAGE_OUT_OF_RANGE,
    charging.EvError.SYSTEM_INCOMPATIBILITY: DCEVErrorCode.FAILED_CHARGING_SYSTEM_INCOMPATIBILITY,
    charging.EvError.NO_DATA: DCEVErrorCode.NO_DATA,
    charging.EvError.RESERVED: DCEVErrorCode.RESERVED_A,
}
NEUTRAL_EV_ERRORS = dict.fromkeys(DCEVErrorCode, charging.EvError.RESERVED) | {
    wire: error for error, wire in EV_ERRORS.items()
}

CONDITIONS = {
    charging.EvseCondition.NOT_READY: DCEVSEStatusCode.EVSE_NOT_READY,
    charging.EvseCondition.READY: DCEVSEStatusCode.EVSE_READY,
    charging.EvseCondition.SHUTDOWN: DCEVSEStatusCode.EVSE_SHUTDOWN,
    charging.EvseCondition.UTILITY_INTERRUPT: DCEVSEStatusCode.EVSE_UTILITY_INTERRUPT_EVENT,
    charging.EvseCondition.ISOLATION_MONITORING: DCEVSEStatusCode.EVSE_ISOLATION_MONITORING_ACTIVE,
    charging.EvseCondition.EMERGENCY_SHUTDOWN: DCEVSEStatusCode.EVSE_EMERGENCY_SHUTDOWN,
    charging.EvseCondition.MALFUNCTION: DCEVSEStatusCode.EVSE_MALFUNCTION,
    charging.EvseCondition.RESERVED: DCEVSEStatusCode.RESERVED_8,
}
NEUTRAL_CONDITIONS = dict.fromkeys(DCEVSEStatusCode, charging.EvseCondition.RESERVED) | {
    wire: condition for condition, wire in CONDITIONS.items()
}

_LARGEST = 32767 * 10.0**3
_DAY = 86400


def finite(value: float, name: str) -> float:
    """The value; ValueError for infinity and NaN, which no message can carry."""
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}")
    return value


def finite_all(facts: DataclassInstance) -> None:
    """ValueError when a number of a dataclass is infinity or NaN."""
    for field in fields(facts):
        value = getattr(facts, field.name)
        if isinstance(value, float):
            finite(value, field.name)


def physical(amount: float, unit: UnitSymbol) -> PhysicalValue:
    """The nearest physical value; what is too large becomes the largest."""
    return PhysicalValue.from_si(max(-_LARGEST, min(_LARGEST, amount)), unit)


# A charge loop says the same amounts again and again: the messages' parts are kept, not rebuilt.
@lru_cache(maxsize=1024)
def volts(amount: float) -> PhysicalValue:
    """A voltage in V."""
    return physical(amount, UnitSymbol.V)


@lru_cache(maxsize=1024)
def amps(amount: float) -> PhysicalValue:
    """A current in A."""
    return physical(amount, UnitSymbol.A)


@lru_cache(maxsize=1024)
def watts(amount: float) -> PhysicalValue:
    """A power in W."""
    return physical(amount, UnitSymbol.W)


def watt_hours(amount: float) -> PhysicalValue:
    """An energy in Wh."""
    return physical(amount, UnitSymbol.WH)


def percent(amount: float) -> int:
    """A whole percentage from 0 to 100."""
    return max(0, min(100, round(amount)))


def schedule_tuple(schedule: charging.Schedule) -> SAScheduleTuple:
    """A schedule as it is offered; only the last entry needs a duration."""
    last = len(schedule.entries) - 1
    return SAScheduleTuple(
        sa_schedule_tuple_id=schedule.id,
        p_max_schedule=PMaxSchedule(
            p_max_schedule_entry=tuple(
                PMaxScheduleEntry(
                    time_interval=RelativeTimeInterval(
                        start=entry.start_s,
                        duration=_duration(schedule.end_s - entry.start_s) if index == last else None,
                    ),
                    p_max=watts(entry.max_power_w),
                )
                for index, entry in enumerate(schedule.entries)
            )
        ),
    )


def _duration(seconds: int) -> int:
    return max(0, min(_DAY, seconds))


def schedule(offer: SAScheduleTuple) -> charging.Schedule:
    """A schedule that was offered; it lasts a day where its end was not told."""
    entries = offer.p_max_schedule.p_max_schedule_entry
    intervals = [entry.time_interval for entry in entries]
    starts = [interval.start if isinstance(interval, RelativeTimeInterval) else 0 for interval in intervals]
    last = intervals[-1]
    duration = last.duration if isinstance(last, RelativeTimeInterval) else None
    return charging.Schedule(
        id=offer.sa_schedule_tuple_id,
        entries=tuple(
            charging.ScheduleEntry(start_s=start, max_power_w=entry.p_max.si)
            for start, entry in zip(starts, entries, strict=True)
        ),
        end_s=starts[-1] + (_DAY if duration is None else duration),
    )


def charging_profile(entries: tuple[charging.ProfileEntry, ...]) -> ChargingProfile | None:
    """A profile as it is sent: its first 24 entries, or none. ValueError for what does not fit."""
    if not entries:
        return None
    for entry in entries:
        finite_all(entry)
        if not 0 <= entry.start_s < 2**32 or entry.phases not in (None, 1, 2, 3):
            raise ValueError(f"{entry} does not fit into ProfileEntry")
    return ChargingProfile(
        profile_entry=tuple(
            ProfileEntry(
                charging_profile_entry_start=entry.start_s,
                charging_profile_entry_max_power=watts(entry.max_power_w),
                charging_profile_entry_max_number_of_phases_in_use=entry.phases,
            )
            for entry in entries[:24]
        )
    )


def profile(sent: ChargingProfile | None) -> tuple[charging.ProfileEntry, ...]:
    """A profile that was sent."""
    if sent is None:
        return ()
    return tuple(
        charging.ProfileEntry(
            start_s=entry.charging_profile_entry_start,
            max_power_w=entry.charging_profile_entry_max_power.si,
            phases=entry.charging_profile_entry_max_number_of_phases_in_use,
        )
        for entry in sent.profile_entry
    )


def power_at(schedule: charging.Schedule, second: int) -> float:
    """The greatest power in W that the schedule allows at a second; its last entry has no end."""
    allowed = schedule.entries[0].max_power_w
    for entry in schedule.entries:
        if entry.start_s > second:
            break
        allowed = entry.max_power_w
    return allowed


def adheres(profile: tuple[charging.ProfileEntry, ...], schedule: charging.Schedule) -> bool:
    """Whether a profile keeps below the schedule at every time ([V2G2-225])."""
    if any(later.start_s <= earlier.start_s for earlier, later in pairwise(profile)):
        return False
    for index, entry in enumerate(profile):
        end = profile[index + 1].start_s if index + 1 < len(profile) else None
        begins = [slot.start_s for slot in schedule.entries if slot.start_s > entry.start_s]
        seconds = [entry.start_s, *(begin for begin in begins if end is None or begin < end)]
        if any(entry.max_power_w > power_at(schedule, second) for second in seconds):
            return False
    return True


def meter_info(reading: charging.MeterReading) -> MeterInfo:
    """A reading as it is sent; ValueError for what does not fit into the message."""
    fits = (
        len(reading.meter_id) <= 32
        and 0 <= reading.energy_wh < 2**64
        and len(reading.signature or b"") <= 64
        and -(2**15) <= (reading.status or 0) < 2**15
        and -(2**63) <= (reading.time_s or 0) < 2**63
    )
    if not fits:
        raise ValueError(f"{reading} does not fit into MeterInfo")
    return MeterInfo(
        meter_id=reading.meter_id,
        meter_reading=reading.energy_wh,
        sig_meter_reading=reading.signature,
        meter_status=reading.status,
        t_meter=reading.time_s,
    )


def meter_reading(info: MeterInfo) -> charging.MeterReading:
    """A reading that was sent."""
    return charging.MeterReading(
        meter_id=info.meter_id,
        energy_wh=info.meter_reading or 0,
        signature=info.sig_meter_reading,
        status=info.meter_status,
        time_s=info.t_meter,
    )


def service(offered: charging.Service) -> Service:
    """A value added service as it is offered."""
    return Service(
        service_id=offered.id,
        service_name=offered.name,
        service_category=ServiceCategory(offered.category),
        service_scope=offered.scope,
        free_service=offered.free,
    )


def neutral_service(offered: Service) -> charging.Service:
    """A value added service that was offered."""
    return charging.Service(
        id=offered.service_id,
        name=offered.service_name,
        category=offered.service_category.value,
        scope=offered.service_scope,
        free=offered.free_service,
    )


def parameter_list(offered: charging.Service) -> ServiceParameterList | None:
    """The parameter sets of a service, or None when it has none."""
    if not offered.parameter_sets:
        return None
    return ServiceParameterList(
        parameter_set=tuple(
            ParameterSet(
                parameter_set_id=number,
                parameter=tuple(_parameter(name, value) for name, value in values.items()),
            )
            for number, values in offered.parameter_sets.items()
        )
    )


def _parameter(name: str, value: bool | int | str) -> Parameter:
    if isinstance(value, bool):
        return Parameter(name=name, bool_value=value)
    if isinstance(value, int):
        return Parameter(name=name, int_value=value)
    return Parameter(name=name, string_value=value)
