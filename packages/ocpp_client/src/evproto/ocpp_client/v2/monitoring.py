"""Block N, monitoring: the back end sets monitors, and hears what they see (N02 to N08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from msgspec.structs import replace

from evproto.ocpp_client.device_model.monitor_wire import MonitorWire
from evproto.ocpp_client.device_model.monitors import Monitors
from evproto.ocpp_client.v2.charging_station import WORDS, Block, ChargingStation, Handler
from evproto.ocpp_client.v2.event_streams import EventStreams
from evproto.ocpp_client.v2.events import Events
from evproto.ocpp_client.v2.parts import Parts
from evproto.ocpp_client.v2.reports import peek
from evproto.ocpp_client.v2.variables import check_count, check_size
from evproto.ocpp_client.v21.datatypes import MonitoringData, SetMonitoringData, SetMonitoringResult
from evproto.ocpp_client.v21.enums import (
    GenericDeviceModelStatusEnum,
    MonitorEnum,
    SetMonitoringStatusEnum,
)
from evproto.ocpp_client.v21.messages import (
    ClearVariableMonitoringRequest,
    ClearVariableMonitoringResponse,
    GetMonitoringReportRequest,
    GetMonitoringReportResponse,
    NotifyMonitoringReportRequest,
    SetMonitoringBaseRequest,
    SetMonitoringBaseResponse,
    SetMonitoringLevelRequest,
    SetMonitoringLevelResponse,
    SetVariableMonitoringRequest,
    SetVariableMonitoringResponse,
)


class Monitoring(Block):
    """Runs the monitors of the device model; comes after all that change variables."""

    name = "monitoring"

    def __init__(self, station: ChargingStation, events: Events, streams: EventStreams, parts: Parts) -> None:
        super().__init__(station)
        self._events = events
        self._streams = streams
        self._parts = parts
        self._wire = MonitorWire(WORDS, line=station.version)
        self._running: dict[int, str] = {}
        self._due: float | None = None
        station.watch_clock(lambda slow, now: self._monitors.clock_set(now))

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "SetVariableMonitoring": self._set,
            "ClearVariableMonitoring": self._clear,
            "SetMonitoringBase": self._set_base,
            "SetMonitoringLevel": self._set_level,
            "GetMonitoringReport": self._get_report,
        }

    def restore(self, now: float) -> None:
        station = self._station
        self._monitors = Monitors(station.model, now, seconds_of_day=station.clock.seconds_of_day)

    def settle(self, now: float) -> None:
        """Follow the transactions, tell what was seen, and wake when the next interval is over."""
        self._follow_transactions(now)
        while (seen := self._monitors.next_event()) is not None:
            if self._streams.take(seen, now):
                continue
            data = self._wire.event(seen, self._events.new_id(), self._station.clock.at(seen.at))
            self._events.tell_event(data, seen.monitor.severity)
        due, before = self._monitors.deadline, self._due
        self._due = due
        if due is None:
            self._stop("due")
        elif due != before:
            self._start("due", due)

    def on_timer(self, name: str, now: float) -> None:
        self._due = None
        self._monitors.advance(now)

    def _follow_transactions(self, now: float) -> None:
        running = {evse.id: evse.transaction.id for evse in self._station.evses.values() if evse.transaction}
        if running == self._running:
            return
        for evse_id, transaction_id in self._running.items():
            if running.get(evse_id) != transaction_id:
                self._monitors.transaction_ended(evse_id, now)
        for evse_id, transaction_id in running.items():
            if self._running.get(evse_id) != transaction_id:
                self._monitors.transaction_started(evse_id, transaction_id, now)
        self._running = running

    # --- calls of the back end ---

    def _set(self, request: SetVariableMonitoringRequest, now: float) -> SetVariableMonitoringResponse:
        check_size(self._station, "MonitoringCtrlr", "SetVariableMonitoring", request)
        count = len(request.set_monitoring_data)
        check_count(self._station, "MonitoringCtrlr", "SetVariableMonitoring", count)
        results = tuple(self._set_one(data, now) for data in request.set_monitoring_data)
        return SetVariableMonitoringResponse(set_monitoring_result=results)

    def _set_one(self, data: SetMonitoringData, now: float) -> SetMonitoringResult:
        """A monitor, and the stream that its values go by where it is to have one (N11)."""
        stream = data.periodic_event_stream
        periodic = data.type in (MonitorEnum.PERIODIC, MonitorEnum.PERIODIC_CLOCK_ALIGNED)
        if stream is not None and periodic and self._streams.has_room(data.id):
            data = replace(data, periodic_event_stream=None)
        request = SetVariableMonitoringRequest(set_monitoring_data=(data,))
        (result,) = self._wire.set_monitoring(self._monitors, request, now)
        if result.status is SetMonitoringStatusEnum.ACCEPTED:
            if stream is None:
                self._streams.end(result.id)
            else:
                self._streams.begin(result.id, stream)
        return cast(SetMonitoringResult, result)

    def _end_streams(self) -> None:
        """Of monitors that are not in force any more."""
        for id in self._streams.ids():
            if id not in self._monitors:
                self._streams.end(id)

    def _clear(self, request: ClearVariableMonitoringRequest, now: float) -> ClearVariableMonitoringResponse:
        check_size(self._station, "MonitoringCtrlr", "ClearVariableMonitoring", request)
        check_count(self._station, "MonitoringCtrlr", "ClearVariableMonitoring", len(request.id))
        results = self._wire.clear_monitoring(self._monitors, request, now)
        self._end_streams()
        return ClearVariableMonitoringResponse(clear_monitoring_result=results)

    def _set_base(self, request: SetMonitoringBaseRequest, now: float) -> SetMonitoringBaseResponse:
        status = self._wire.set_base(self._monitors, request, now)
        self._end_streams()
        return SetMonitoringBaseResponse(status=status)

    def _set_level(self, request: SetMonitoringLevelRequest, now: float) -> SetMonitoringLevelResponse:
        return SetMonitoringLevelResponse(status=self._wire.set_level(self._monitors, request, now))

    def _get_report(self, request: GetMonitoringReportRequest, now: float) -> GetMonitoringReportResponse:
        selected = request.component_variable or ()
        check_size(self._station, "DeviceDataCtrlr", "GetReport", request)
        check_count(self._station, "DeviceDataCtrlr", "GetReport", len(selected))
        portions: Iterator[tuple[Any, ...]] | None = peek(
            self._wire.report(self._station.model, self._monitors, request)
        )
        if portions is None:
            return GetMonitoringReportResponse(status=GenericDeviceModelStatusEnum.EMPTY_RESULT_SET)
        if self._parts.full:
            return GetMonitoringReportResponse(status=GenericDeviceModelStatusEnum.REJECTED)
        self._station.afterwards(lambda at: self._send(request.request_id, portions, at))
        return GetMonitoringReportResponse(status=GenericDeviceModelStatusEnum.ACCEPTED)

    def _send(self, request_id: int, portions: Iterator[tuple[Any, ...]], now: float) -> None:
        def make(
            portion: tuple[MonitoringData, ...], seq_no: int, tbc: bool, at: float
        ) -> NotifyMonitoringReportRequest:
            return NotifyMonitoringReportRequest(
                request_id=request_id,
                generated_at=self._station.clock.at(at),
                seq_no=seq_no,
                tbc=tbc,
                monitor=portion,
            )

        self._parts.send(portions, make, now)
