"""Block B, reports: what the station is and how it is set (B07, B08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

from evproto.ocpp_client.device_model import Record
from evproto.ocpp_client.device_model.reports import Criterion, ReportBase, base_report, custom_report
from evproto.ocpp_client.device_model.wire import Wire, read_selection
from evproto.ocpp_client.v2.charging_station import WORDS, Block, ChargingStation, Handler
from evproto.ocpp_client.v2.parts import Parts
from evproto.ocpp_client.v2.variables import check_count, check_size, show_time
from evproto.ocpp_client.v21.datatypes import ReportData
from evproto.ocpp_client.v21.enums import GenericDeviceModelStatusEnum
from evproto.ocpp_client.v21.messages import (
    GetBaseReportRequest,
    GetBaseReportResponse,
    GetReportRequest,
    GetReportResponse,
    NotifyReportRequest,
)

T = TypeVar("T")


class Reports(Block):
    """The report follows its acceptance in as many NotifyReports as it takes."""

    name = "reports"

    def __init__(self, station: ChargingStation, parts: Parts) -> None:
        super().__init__(station)
        self._parts = parts
        self._wire = Wire(WORDS)

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetBaseReport": self._get_base, "GetReport": self._get}

    def _get_base(self, request: GetBaseReportRequest, now: float) -> GetBaseReportResponse:
        show_time(self._station, now)
        records = base_report(self._station.model, ReportBase(request.report_base.value))
        return GetBaseReportResponse(status=self._report(request.request_id, records))

    def _get(self, request: GetReportRequest, now: float) -> GetReportResponse:
        selected, criteria = request.component_variable or (), request.component_criteria or ()
        check_size(self._station, "DeviceDataCtrlr", "GetReport", request)
        check_count(self._station, "DeviceDataCtrlr", "GetReport", len(selected))
        show_time(self._station, now)
        records = custom_report(
            self._station.model,
            [Criterion(criterion.value) for criterion in criteria],
            [read_selection(one) for one in selected],
        )
        return GetReportResponse(status=self._report(request.request_id, records))

    def _report(self, request_id: int, records: Iterable[Record]) -> GenericDeviceModelStatusEnum:
        found = peek(records)
        if found is None:
            return GenericDeviceModelStatusEnum.EMPTY_RESULT_SET
        if self._parts.full:
            return GenericDeviceModelStatusEnum.REJECTED
        portions: Iterator[tuple[Any, ...]] = self._wire.report(self._station.model, found)

        def make(portion: tuple[ReportData, ...], seq_no: int, tbc: bool, now: float) -> NotifyReportRequest:
            return NotifyReportRequest(
                request_id=request_id,
                generated_at=self._station.clock.at(now),
                seq_no=seq_no,
                tbc=tbc,
                report_data=portion,
            )

        self._station.afterwards(lambda at: self._parts.send(portions, make, at))
        return GenericDeviceModelStatusEnum.ACCEPTED


def peek(items: Iterable[T]) -> Iterator[T] | None:
    """All of the items; None where there are none."""
    iterator = iter(items)
    for first in iterator:
        return chain((first,), iterator)
    return None
