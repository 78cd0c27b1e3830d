"""What the types of monitors compare, and which of them a variable can have (part 1, section 4.4)."""

from __future__ import annotations

import math
from decimal import Decimal

from evproto.ocpp_client.device_model.characteristics import DataType, parse_date_time, parse_number
from evproto.ocpp_client.device_model.monitor_types import MonitorType
from evproto.ocpp_client.device_model.record import Record
from evproto.ocpp_client.device_model.terms import Attribute, Reason

DAY = 86_400


def is_supported(record: Record, type_: MonitorType) -> bool:
    """Whether the variable can have a monitor of this type."""
    return (
        record.characteristics.supports_monitoring
        and type_.suits(record.characteristics.data_type)
        and (not type_.is_target or record.cell(Attribute.TARGET) is not None)
    )


def refuse_value(record: Record, type_: MonitorType, value: float) -> Reason | None:
    """A threshold has to be within the limits of the variable, a difference is no negative number."""
    if not math.isfinite(value):
        return Reason.INVALID_VALUE
    if type_.is_threshold:
        low, high = record.characteristics.min_limit, record.characteristics.max_limit
        if low is not None and Decimal(repr(value)) < low:
            return Reason.VALUE_TOO_LOW
        return Reason.VALUE_TOO_HIGH if high is not None and Decimal(repr(value)) > high else None
    if type_.is_periodic:
        if value < 1:
            return Reason.VALUE_TOO_LOW
        aligned = type_ is MonitorType.PERIODIC_CLOCK_ALIGNED
        return Reason.VALUE_TOO_HIGH if aligned and value > DAY else None
    return Reason.VALUE_POSITIVE_ONLY if value < 0 else None


def is_change(data_type: DataType, reference: str | None, actual: str, least: float) -> bool:
    """Whether the value has changed by `least`; of what is no quantity every change counts."""
    if data_type is DataType.DATE_TIME:
        before, after = parse_date_time(reference or ""), parse_date_time(actual)
        return before is not None and after is not None and abs((after - before).total_seconds()) >= least
    if data_type.is_number:
        old, new = parse_number(data_type, reference or ""), parse_number(data_type, actual)
        return old is not None and new is not None and abs(new - old) >= Decimal(repr(least))
    return actual != reference


def is_apart(record: Record, type_: MonitorType, allowed: float) -> bool:
    """Whether Actual is away from Target by what a target monitor allows, or by more."""
    actual, target = record.actual, record.cell(Attribute.TARGET)
    if target is None or actual.value is None or target.value is None:
        return False
    if not record.characteristics.data_type.is_number:
        return actual.value != target.value
    number, goal = record.number(Attribute.ACTUAL), record.number(Attribute.TARGET)
    if number is None or goal is None:
        return False
    scale = abs(goal) if type_ is MonitorType.TARGET_DELTA_RELATIVE else 1
    away = abs(number - goal)
    return away > 0 and away >= Decimal(repr(allowed)) * scale


def until_aligned(interval: float, seconds_of_day: float) -> float:
    """The wait for the next multiple of the interval since midnight; at midnight it starts anew.

    A moment just before one is that one, told a little early for want of precision of clocks.
    """
    wait = min(interval - seconds_of_day % interval, DAY - seconds_of_day)
    return wait if wait > min(0.5, interval / 2) else wait + interval
