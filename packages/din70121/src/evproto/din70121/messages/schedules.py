"""Schedules, tariffs and charging profiles of DIN SPEC 70121 (V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import attribute, element, ref
from evproto.exi.types import UnsignedByte, UnsignedInt

from .enumerations import CostKind
from .namespaces import DataType
from .simple_types import SAID, PMax, TariffDescription, UnitMultiplier
from .xml_types import IDRef


class SASchedules(DataType, element="SASchedules", abstract=True):
    """Head of the kinds of schedule. Cars and chargers have been seen to send it bare."""


class TimeInterval(DataType, element="TimeInterval", type="IntervalType", abstract=True):
    """Head of the kinds of time interval."""


class RelativeTimeInterval(TimeInterval, element="RelativeTimeInterval"):
    """An interval in seconds, counted from the message that carries it."""

    start: UnsignedInt = element("start")
    duration: UnsignedInt | None = element("duration", default=None)


class Entry(DataType, element="Entry", abstract=True):
    """Head of the entries that begin at a time."""

    time_interval: TimeInterval = ref()


class PMaxScheduleEntry(Entry, element="PMaxScheduleEntry"):
    """A power limit from a time on, in W."""

    p_max: PMax = element("PMax")


class PMaxSchedule(DataType):
    """Power limits over time."""

    p_max_schedule_id: SAID = element("PMaxScheduleID")
    p_max_schedule_entry: tuple[PMaxScheduleEntry, ...] = ref(occurs=(1, None))


class Cost(DataType):
    """A cost: `amount` times ten to the power of `amount_multiplier`."""

    cost_kind: CostKind = element("costKind")
    amount: UnsignedInt = element("amount")
    amount_multiplier: UnitMultiplier | None = element("amountMultiplier", default=None)


class ConsumptionCost(DataType):
    """What energy costs from a power of `start_value` upward."""

    start_value: UnsignedInt = element("startValue")
    cost: tuple[Cost, ...] = element("Cost", default=(), occurs=(0, None))


class SalesTariffEntry(Entry, element="SalesTariffEntry"):
    """A slot of a tariff."""

    e_price_level: UnsignedByte = element("EPriceLevel")
    consumption_cost: tuple[ConsumptionCost, ...] = element("ConsumptionCost", default=(), occurs=(0, None))


class SalesTariff(DataType):
    """A tariff as a list of time slots."""

    id: IDRef = attribute("Id")
    sales_tariff_id: SAID = element("SalesTariffID")
    sales_tariff_description: TariffDescription | None = element("SalesTariffDescription", default=None)
    num_e_price_levels: UnsignedByte = element("NumEPriceLevels")
    sales_tariff_entry: tuple[SalesTariffEntry, ...] = ref(occurs=(1, None))


class SAScheduleTuple(DataType):
    """A schedule: the grid's power limits, and the tariff that goes with them."""

    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    p_max_schedule: PMaxSchedule = element("PMaxSchedule")
    sales_tariff: SalesTariff | None = element("SalesTariff", default=None)


class SAScheduleList(SASchedules, element="SAScheduleList"):
    """The schedules to choose from."""

    sa_schedule_tuple: tuple[SAScheduleTuple, ...] = element("SAScheduleTuple", occurs=(1, None))


class ProfileEntry(DataType):
    """Power (W) from `charging_profile_entry_start` on, in seconds."""

    charging_profile_entry_start: UnsignedInt = element("ChargingProfileEntryStart")
    charging_profile_entry_max_power: PMax = element("ChargingProfileEntryMaxPower")


class ChargingProfile(DataType):
    """How the vehicle is going to charge, in the schedule of this number."""

    sa_schedule_tuple_id: SAID = element("SAScheduleTupleID")
    profile_entry: tuple[ProfileEntry, ...] = element("ProfileEntry", occurs=(1, None))
