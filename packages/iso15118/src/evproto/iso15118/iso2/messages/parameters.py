"""What vehicle and charging point tell of themselves before they charge (V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import element
from evproto.exi.types import UnsignedInt

from .namespaces import DataType
from .physical import PhysicalValue
from .simple_types import PercentValue
from .status import ACEVSEStatus, DCEVSEStatus, DCEVStatus


class EVChargeParameter(DataType, element="EVChargeParameter", abstract=True):
    """Head of what a vehicle says of itself; `departure_time` in seconds from now."""

    departure_time: UnsignedInt | None = element("DepartureTime", default=None)


class ACEVChargeParameter(EVChargeParameter, element="AC_EVChargeParameter"):
    """An AC vehicle: energy it needs (Wh), voltage (V) and currents per phase (A)."""

    e_amount: PhysicalValue = element("EAmount")
    ev_max_voltage: PhysicalValue = element("EVMaxVoltage")
    ev_max_current: PhysicalValue = element("EVMaxCurrent")
    ev_min_current: PhysicalValue = element("EVMinCurrent")


class DCEVChargeParameter(EVChargeParameter, element="DC_EVChargeParameter"):
    """A DC vehicle: limits (A, W, V), energies (Wh) and states of charge (percent)."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")
    ev_maximum_current_limit: PhysicalValue = element("EVMaximumCurrentLimit")
    ev_maximum_power_limit: PhysicalValue | None = element("EVMaximumPowerLimit", default=None)
    ev_maximum_voltage_limit: PhysicalValue = element("EVMaximumVoltageLimit")
    ev_energy_capacity: PhysicalValue | None = element("EVEnergyCapacity", default=None)
    ev_energy_request: PhysicalValue | None = element("EVEnergyRequest", default=None)
    full_soc: PercentValue | None = element("FullSOC", default=None)
    bulk_soc: PercentValue | None = element("BulkSOC", default=None)


class EVSEChargeParameter(DataType, element="EVSEChargeParameter", abstract=True):
    """Head of what a charging point says of itself."""


class ACEVSEChargeParameter(EVSEChargeParameter, element="AC_EVSEChargeParameter"):
    """An AC charging point: nominal voltage (V), greatest current per phase (A)."""

    ac_evse_status: ACEVSEStatus = element("AC_EVSEStatus")
    evse_nominal_voltage: PhysicalValue = element("EVSENominalVoltage")
    evse_max_current: PhysicalValue = element("EVSEMaxCurrent")


class DCEVSEChargeParameter(EVSEChargeParameter, element="DC_EVSEChargeParameter"):
    """A DC charger: limits (A, W, V), regulation tolerance and ripple (A), energy (Wh)."""

    dc_evse_status: DCEVSEStatus = element("DC_EVSEStatus")
    evse_maximum_current_limit: PhysicalValue = element("EVSEMaximumCurrentLimit")
    evse_maximum_power_limit: PhysicalValue = element("EVSEMaximumPowerLimit")
    evse_maximum_voltage_limit: PhysicalValue = element("EVSEMaximumVoltageLimit")
    evse_minimum_current_limit: PhysicalValue = element("EVSEMinimumCurrentLimit")
    evse_minimum_voltage_limit: PhysicalValue = element("EVSEMinimumVoltageLimit")
    evse_current_regulation_tolerance: PhysicalValue | None = element(
        "EVSECurrentRegulationTolerance", default=None
    )
    evse_peak_current_ripple: PhysicalValue = element("EVSEPeakCurrentRipple")
    evse_energy_to_be_delivered: PhysicalValue | None = element("EVSEEnergyToBeDelivered", default=None)


class EVPowerDeliveryParameter(DataType, element="EVPowerDeliveryParameter", abstract=True):
    """Head of what a vehicle adds to a PowerDeliveryReq."""


class DCEVPowerDeliveryParameter(EVPowerDeliveryParameter, element="DC_EVPowerDeliveryParameter"):
    """What a DC vehicle adds to a PowerDeliveryReq."""

    dc_ev_status: DCEVStatus = element("DC_EVStatus")
    bulk_charging_complete: bool | None = element("BulkChargingComplete", default=None)
    charging_complete: bool = element("ChargingComplete")
