"""States of the charging point and of the vehicle, meter and fault reports of ISO 15118-2."""

from __future__ import annotations

from evproto.exi import element
from evproto.exi.types import Long, UnsignedLong, UnsignedShort

from .enumerations import DCEVErrorCode, DCEVSEStatusCode, EVSENotification, FaultCode, IsolationLevel
from .namespaces import DataType
from .simple_types import FaultMsg, MeterID, MeterStatus, PercentValue, SigMeterReading


class EVSEStatus(DataType, element="EVSEStatus", abstract=True):
    """Head of the charger's states; `notification_max_delay` in seconds."""

    notification_max_delay: UnsignedShort = element("NotificationMaxDelay")
    evse_notification: EVSENotification = element("EVSENotification")


class ACEVSEStatus(EVSEStatus, element="AC_EVSEStatus"):
    """State of an AC charging point; `rcd` says that its residual current device tripped."""

    rcd: bool = element("RCD")


class DCEVSEStatus(EVSEStatus, element="DC_EVSEStatus"):
    """State of a DC charger."""

    evse_isolation_status: IsolationLevel | None = element("EVSEIsolationStatus", default=None)
    evse_status_code: DCEVSEStatusCode = element("EVSEStatusCode")


class EVStatus(DataType, element="EVStatus", abstract=True):
    """Head of the vehicle's states."""


class DCEVStatus(EVStatus, element="DC_EVStatus"):
    """State of a DC vehicle; `ev_ress_soc` is the battery's state of charge in percent."""

    ev_ready: bool = element("EVReady")
    ev_error_code: DCEVErrorCode = element("EVErrorCode")
    ev_ress_soc: PercentValue = element("EVRESSSOC")


class MeterInfo(DataType):
    """A meter reading: `meter_reading` in Wh, `t_meter` in seconds since 1970 UTC."""

    meter_id: MeterID = element("MeterID")
    meter_reading: UnsignedLong | None = element("MeterReading", default=None)
    sig_meter_reading: SigMeterReading | None = element("SigMeterReading", default=None)
    meter_status: MeterStatus | None = element("MeterStatus", default=None)
    t_meter: Long | None = element("TMeter", default=None)


class Notification(DataType):
    """A fault that a header reports."""

    fault_code: FaultCode = element("FaultCode")
    fault_msg: FaultMsg | None = element("FaultMsg", default=None)
