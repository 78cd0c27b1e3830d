"""The kinds of monitors and to which values they fit (part 1, section 4.4)."""

from __future__ import annotations

from enum import Enum

from evproto.ocpp_client.device_model.characteristics import DataType


class MonitorType(Enum):
    """What a monitor watches; the last two exist from 2.1 on."""

    UPPER_THRESHOLD = "UpperThreshold"
    LOWER_THRESHOLD = "LowerThreshold"
    DELTA = "Delta"
    PERIODIC = "Periodic"
    PERIODIC_CLOCK_ALIGNED = "PeriodicClockAligned"
    TARGET_DELTA = "TargetDelta"
    TARGET_DELTA_RELATIVE = "TargetDeltaRelative"

    @property
    def is_threshold(self) -> bool:
        """Whether it alerts beyond a value and clears behind it."""
        return self in (MonitorType.UPPER_THRESHOLD, MonitorType.LOWER_THRESHOLD)

    @property
    def is_periodic(self) -> bool:
        """Whether its value is an interval in seconds."""
        return self in (MonitorType.PERIODIC, MonitorType.PERIODIC_CLOCK_ALIGNED)

    @property
    def is_target(self) -> bool:
        """Whether it compares Actual with Target."""
        return self in (MonitorType.TARGET_DELTA, MonitorType.TARGET_DELTA_RELATIVE)

    def suits(self, data_type: DataType) -> bool:
        """Whether a variable of this type can have such a monitor."""
        if self.is_threshold:
            return data_type.is_number
        return self is MonitorType.DELTA or data_type is not DataType.DATE_TIME


class MonitorKind(Enum):
    """Where a monitor comes from; the back end's are custom."""

    HARD_WIRED = "HardWired"
    PRECONFIGURED = "Preconfigured"
    CUSTOM = "Custom"


class MonitoringBase(Enum):
    """Which monitors the back end wants (N03)."""

    ALL = "All"
    FACTORY_DEFAULT = "FactoryDefault"
    HARD_WIRED_ONLY = "HardWiredOnly"


class SetMonitoringStatus(Enum):
    """How setting a monitor went (N04)."""

    ACCEPTED = "Accepted"
    UNKNOWN_COMPONENT = "UnknownComponent"
    UNKNOWN_VARIABLE = "UnknownVariable"
    UNSUPPORTED_MONITOR_TYPE = "UnsupportedMonitorType"
    REJECTED = "Rejected"
    DUPLICATE = "Duplicate"


class ClearMonitoringStatus(Enum):
    """How removing a monitor went (N06)."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    NOT_FOUND = "NotFound"


class Trigger(Enum):
    """Why an event is told (EventTriggerEnumType)."""

    ALERTING = "Alerting"
    DELTA = "Delta"
    PERIODIC = "Periodic"
