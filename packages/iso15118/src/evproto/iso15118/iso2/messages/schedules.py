"""Schedules, tariffs and charging profiles of ISO 15118-2 (V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import attribute, element, ref
from evproto.exi.types import ID, UnsignedByte, UnsignedInt

from .enumerations import CostKind
from .namespaces import DataType
from .physical import PhysicalValue
from .simple_types import SAID, Duration, MaxNumPhases, StartTime, TariffDescription, UnitMultiplier


class SASchedules(DataType, element="SASchedules", abstract=True):
    """Head of the kinds of schedule."""


class TimeInterval(DataType, element="TimeInterval", type="IntervalType", abstract=True):
    """Head of the kinds of time interval."""


class RelativeTimeInterval(TimeInterval, element="RelativeTimeInterval"):
    """An interval in seconds, counted from the message that carries it."""

    start: StartTime = element("start")
    duration: Duration | None = element("duration", default=None)


class Entry(DataType, element="Entry", abstract=True):
    """Head of the entries that begin at a time."""

    time_interval: TimeInterval = ref()


class PMaxScheduleEntry(Entry, element="PMaxScheduleEntry"):
    """A power limit from a time on, in W over all phases."""

    p_max: PhysicalValue = element("PMax")


class PMaxSchedule(DataType):
    """Power limits over time."""

    p_max_schedule_entry: tuple[PMaxScheduleEntry, ...] = ref(occurs=(1, 1024))


class Cost(DataType):
    """A cost: `amount` times ten to the power of `amount_multiplier`."""

    cost_kind: CostKind = element("costKind")
    amount: UnsignedInt = element("amount")
    amount_multiplier: UnitMultiplier | None = element("amountMultiplier", default=None)


class ConsumptionCost(DataType):
    """What energy costs from a power of `start_value` upward."""

    start_value: PhysicalValue = element("startValue")
    cost: tuple[Cost, ...] = element("Cost", occurs=(1, 3))


class SalesTariffEntry(Entry, element="SalesTariffEntry"):
    """A slot of a tariff; price level 0 is the cheapest."""

    e_price_level: UnsignedByte | None = element("EPriceLevel", default=None)
    consumption_cost: tuple[ConsumptionCost, ...] = element("ConsumptionCost", default=(), occurs=(0, 3))


class SalesTariff(DataType):
    """A tariff as a list of time slots; the contract's issuer may have signed it."""

    id: ID | None = attribute("Id", default=None)
    sales_tariff_id: SAID = element("SalesTariffID")
    sales_tariff_description: TariffDescription | None = element("SalesTariffDescription", default=None)
    num_e_price_levels: UnsignedByte | None = element("NumEPriceLevels", default=None)
    sales_tariff_entry: tuple[SalesTariffEntry, ...] = ref(occurs=(1, 1024))


class SAScheduleTuple(DataType):
    """A schedule: the grid's power limits, and the tariff that goes with them."""

    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    p_max_schedule: PMaxSchedule = element("PMaxSchedule")
    sales_tariff: SalesTariff | None = element("SalesTariff", default=None)


class SAScheduleList(SASchedules, element="SAScheduleList"):
    """Up to three schedules to choose from."""

    sa_schedule_tuple: tuple[SAScheduleTuple, ...] = element("SAScheduleTuple", occurs=(1, 3))


class ProfileEntry(DataType):
    """Power (W) from `charging_profile_entry_start` on, in seconds from the start of the schedule."""

    charging_profile_entry_start: UnsignedInt = element("ChargingProfileEntryStart")
    charging_profile_entry_max_power: PhysicalValue = element("ChargingProfileEntryMaxPower")
    charging_profile_entry_max_number_of_phases_in_use: MaxNumPhases | None = element(
        "ChargingProfileEntryMaxNumberOfPhasesInUse", default=None
    )


class ChargingProfile(DataType):
    """How the vehicle is going to charge."""

    profile_entry: tuple[ProfileEntry, ...] = element("ProfileEntry", occurs=(1, 24))
