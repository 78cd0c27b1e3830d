"""Block P: data of vendors, both ways (P01, P02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evproto.ocpp_client.bridge import DataAnswered, DataReceived, DataTaken, Fact
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Reply, SlowHandler
from evproto.ocpp_client.v21.datatypes import StatusInfo
from evproto.ocpp_client.v21.enums import DataTransferStatusEnum
from evproto.ocpp_client.v21.messages import DataTransferRequest, DataTransferResponse

PATIENCE = 20.0
"""Seconds that the application has to answer."""


class DataTransfer(Block):
    """What the vendors of the description send goes to the application, where
    CustomizationCtrlr.CustomImplementationEnabled of the vendor does not forbid it.
    """

    name = "data-transfer"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._waiting: dict[int, Reply] = {}
        self._count = 0

    def slow_handlers(self) -> Mapping[str, SlowHandler]:
        return {"DataTransfer": self._on_transfer}

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, DataTaken):
            self._answer(fact.id, DataTransferStatusEnum(fact.status), fact.data, now)

    def transfer(self, vendor_id: str, message_id: str | None, data: Any, now: float) -> None:
        """Send data of a vendor; the answer comes as `DataAnswered`, None without the back end."""
        request = DataTransferRequest(vendor_id=vendor_id, message_id=message_id, data=data)
        encode(request)  # what cannot be sent is told to the caller, not to the queue

        def answered(response: DataTransferResponse | None, at: float) -> None:
            if response is None:
                self._station.emit(DataAnswered(vendor_id, None))
            else:
                self._station.emit(DataAnswered(vendor_id, response.status.value, response.data))

        self._station.ask(request, now, answered)

    def on_timer(self, name: str, now: float) -> None:
        info = StatusInfo(reason_code="InternalError", additional_info="no answer in time")
        self._answer(int(name), DataTransferStatusEnum.REJECTED, None, now, info)

    def _on_transfer(self, request: DataTransferRequest, reply: Reply, now: float) -> None:
        if not self._is_known(request.vendor_id):
            reply(DataTransferResponse(status=DataTransferStatusEnum.UNKNOWN_VENDOR_ID), now)
            return
        self._count += 1
        self._waiting[self._count] = reply
        self._start(str(self._count), now + PATIENCE)
        self._station.emit(DataReceived(self._count, request.vendor_id, request.message_id, request.data))

    def _answer(
        self,
        id: int,
        status: DataTransferStatusEnum,
        data: Any,
        now: float,
        status_info: StatusInfo | None = None,
    ) -> None:
        reply = self._waiting.pop(id, None)
        if reply is not None:
            self._stop(str(id))
            reply(DataTransferResponse(status=status, data=data, status_info=status_info), now)

    def _is_known(self, vendor_id: str) -> bool:
        variable = Variable("CustomImplementationEnabled", vendor_id)
        enabled = self._station.model.value(Component("CustomizationCtrlr"), variable)
        return vendor_id in self._station.description.vendor_ids and enabled != "false"
