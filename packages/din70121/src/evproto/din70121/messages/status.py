"""States of the charging point and of the vehicle, meter and fault reports of DIN SPEC 70121."""

from __future__ import annotations

from evproto.exi import element
from evproto.exi.types import Long, UnsignedInt

from .enumerations import DCEVErrorCode, DCEVSEStatusCode, EVSENotification, FaultCode, IsolationLevel
from .namespaces import DataType
from .physical import PhysicalValue
from .simple_types import FaultMsg, MeterID, MeterStatus, PercentValue, SigMeterReading


class EVSEStatus(DataType, element="EVSEStatus", abstract=True):
    """Head of the charger's states."""


class ACEVSEStatus(EVSEStatus, element="AC_EVSEStatus"):
    """State of an AC charging point; `notification_max_delay` in seconds."""

    power_switch_closed: bool = element("PowerSwitchClosed")
    rcd: bool = element("RCD")
    notification_max_delay: UnsignedInt = element("NotificationMaxDelay")
    evse_notification: EVSENotification = element("EVSENotification")


class DCEVSEStatus(EVSEStatus, element="DC_EVSEStatus"):
    """State of a DC charger; `notification_max_delay` in seconds."""

    evse_isolation_status: IsolationLevel | None = element("EVSEIsolationStatus", default=None)
    evse_status_code: DCEVSEStatusCode = element("EVSEStatusCode")
    notification_max_delay: UnsignedInt = element("NotificationMaxDelay")
    evse_notification: EVSENotification = element("EVSENotification")


class EVStatus(DataType, element="EVStatus", abstract=True):
    """Head of the vehicle's states."""


class DCEVStatus(EVStatus, element="DC_EVStatus"):
    """State of a DC vehicle; `ev_ress_soc` is the battery's state of charge in percent."""

    ev_ready: bool = element("EVReady")
    ev_cabin_conditioning: bool | None = element("EVCabinConditioning", default=None)
    ev_ress_conditioning: bool | None = element("EVRESSConditioning", default=None)
    ev_error_code: DCEVErrorCode = element("EVErrorCode")
    ev_ress_soc: PercentValue = element("EVRESSSOC")


class MeterInfo(DataType):
    """A meter reading; `t_meter` in seconds since 1970 UTC."""

    meter_id: MeterID = element("MeterID")
    meter_reading: PhysicalValue | None = element("MeterReading", default=None)
    sig_meter_reading: SigMeterReading | None = element("SigMeterReading", default=None)
    meter_status: MeterStatus | None = element("MeterStatus", default=None)
    t_meter: Long | None = element("TMeter", default=None)


class Notification(DataType):
    """A fault that a header reports."""

    fault_code: FaultCode = element("FaultCode")
    fault_msg: FaultMsg | None = element("FaultMsg", default=None)
