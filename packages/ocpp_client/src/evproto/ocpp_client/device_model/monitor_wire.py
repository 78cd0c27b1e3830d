"""Monitors in the messages of 2.0.1 and 2.1 (N02 to N08)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.monitor_store import Monitor
from evproto.ocpp_client.device_model.monitor_types import (
    MonitoringBase,
    MonitorKind,
    MonitorType,
    SetMonitoringStatus,
)
from evproto.ocpp_client.device_model.monitors import (
    MonitoringCriterion,
    MonitoringResult,
    MonitorRequest,
    Monitors,
    Triggered,
)
from evproto.ocpp_client.device_model.record import Record
from evproto.ocpp_client.device_model.terms import Reason
from evproto.ocpp_client.device_model.wire import Wire, read_component_name, read_selection, read_variable
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.version import Version

_NOTIFICATIONS = {
    MonitorKind.HARD_WIRED: "HardWiredMonitor",
    MonitorKind.PRECONFIGURED: "PreconfiguredMonitor",
    MonitorKind.CUSTOM: "CustomMonitor",
}


class MonitorWire:
    """Translates for one version, like `Wire`; `line`: what is spoken to the back end, if another."""

    def __init__(self, version: Version, *, line: Version | None = None) -> None:
        self._wire = Wire(version)
        self._types = self._wire.types
        self._enums = self._wire.enums
        self._is_v21 = version is Version.V21
        self._knows_targets = (line or version) is Version.V21

    def set_monitoring(self, monitors: Monitors, request: Any, now: float) -> tuple[Any, ...]:
        """The setMonitoringResult of SetVariableMonitoring (N04)."""
        return tuple(self._set(monitors, data, now) for data in request.set_monitoring_data)

    def clear_monitoring(self, monitors: Monitors, request: Any, now: float) -> tuple[Any, ...]:
        """The clearMonitoringResult of ClearVariableMonitoring (N06)."""
        return tuple(
            self._types.ClearMonitoringResult(
                status=self._enums.ClearMonitoringStatusEnum(monitors.clear(id_, now).value), id=id_
            )
            for id_ in request.id
        )

    def set_base(self, monitors: Monitors, request: Any, now: float) -> Any:
        """Do what SetMonitoringBase asks for; gives its status (N03)."""
        monitors.set_base(MonitoringBase(request.monitoring_base.value), now)
        return self._enums.GenericDeviceModelStatusEnum.ACCEPTED

    def set_level(self, monitors: Monitors, request: Any, now: float) -> Any:
        """Do what SetMonitoringLevel asks for; gives its status (N05)."""
        taken = monitors.set_level(request.severity, now)
        return self._enums.GenericStatusEnum("Accepted" if taken else "Rejected")

    def report(
        self, model: DeviceModel, monitors: Monitors, request: Any
    ) -> Iterator[tuple[OcppStruct, ...]]:
        """The monitor of one NotifyMonitoringReport after the other, for a GetMonitoringReport (N02)."""
        criteria = [MonitoringCriterion(item.value) for item in request.monitoring_criteria or ()]
        selections = [read_selection(item) for item in request.component_variable or ()]
        entries = (
            self._data(record, known)
            for record, found in monitors.report(criteria, selections)
            if (known := [monitor for monitor in found if self._knows(monitor.type)])
        )
        return self._wire.cut(model, "DeviceDataCtrlr", "GetReport", entries)

    def event(self, triggered: Triggered, event_id: int, moment: datetime) -> Any:
        """The EventData of one event (N07, N08); `moment` is the wall time of `triggered.at`."""
        monitor = triggered.monitor
        return self._types.EventData(
            event_id=event_id,
            timestamp=Timestamp.of(moment),
            trigger=self._enums.EventTriggerEnum(triggered.trigger.value),
            actual_value=triggered.actual,
            cleared=triggered.cleared or None,
            component=self._wire.component(triggered.component),
            variable=self._wire.variable(triggered.variable),
            transaction_id=triggered.transaction_id,
            variable_monitoring_id=monitor.id,
            event_notification_type=self._notification(monitor),
            **({"severity": monitor.severity} if self._is_v21 else {}),
        )

    def _set(self, monitors: Monitors, data: Any, now: float) -> Any:
        if self._is_v21 and data.periodic_event_stream is not None:
            # Streams are the station's; a monitor without its stream would be another one.
            result = MonitoringResult(SetMonitoringStatus.REJECTED, reason=Reason.UNSUPPORTED_PARAM)
        else:
            result = monitors.set(_read_request(data), now)
        return self._types.SetMonitoringResult(
            id=result.id,
            status=self._enums.SetMonitoringStatusEnum(result.status.value),
            type=data.type,
            component=data.component,
            variable=data.variable,
            severity=data.severity,
            status_info=self._wire.status_info(result.reason),
        )

    def _data(self, record: Record, monitors: list[Monitor]) -> Any:
        return self._types.MonitoringData(
            component=self._wire.component(record.component),
            variable=self._wire.variable(record.variable),
            variable_monitoring=tuple(map(self._monitoring, monitors)),
        )

    def _monitoring(self, monitor: Monitor) -> Any:
        return self._types.VariableMonitoring(
            id=monitor.id,
            transaction=monitor.transaction,
            value=monitor.value,
            type=self._enums.MonitorEnum(monitor.type.value),
            severity=monitor.severity,
            **({"event_notification_type": self._notification(monitor)} if self._is_v21 else {}),
        )

    def _notification(self, monitor: Monitor) -> Any:
        return self._enums.EventNotificationEnum(_NOTIFICATIONS[monitor.kind])

    def _knows(self, type_: MonitorType) -> bool:
        """2.0.1 has no word for a target monitor of the factory."""
        return self._knows_targets or not type_.is_target


def _read_request(data: Any) -> MonitorRequest:
    return MonitorRequest(
        component=read_component_name(data.component),
        variable=read_variable(data.variable),
        type=MonitorType(data.type.value),
        value=data.value,
        severity=data.severity,
        transaction=data.transaction,
        id=data.id,
    )
