"""DataTransfer both ways (sections 4.3 and 5.6), and the vendors whose messages are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import DataAnswered
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.enums import DataTransferStatus
from evproto.ocpp_client.v16.messages import DataTransferRequest, DataTransferResponse

Handle: TypeAlias = Callable[[Any, float], OcppStruct | None]
"""Takes the message of a vendor and gives the data to answer with; None for none."""


class Vendor:
    """Messages of one vendor that the back end may send: by id, what they are and who takes them."""

    def __init__(self, id: str, messages: Mapping[str, tuple[type[OcppStruct], Handle]]) -> None:
        self.id = id
        self._messages = messages

    def on_message(self, request: DataTransferRequest, now: float) -> DataTransferResponse:
        """Answer one; data that is not as it should be is rejected."""
        found = self._messages.get(request.message_id or "")
        if found is None:
            return DataTransferResponse(status=DataTransferStatus.UNKNOWN_MESSAGE_ID)
        kind, handle = found
        try:
            message = decode(kind, request.data or "{}")
        except DecodeError as error:
            return DataTransferResponse(status=DataTransferStatus.REJECTED, data=str(error))
        answer = handle(message, now)
        data = None if answer is None else encode(answer).decode()
        return DataTransferResponse(status=DataTransferStatus.ACCEPTED, data=data)


class DataTransfer(Block):
    """Finds the vendor of a message; sends the application's own."""

    def __init__(self, point: ChargePoint, vendors: tuple[Vendor, ...] = ()) -> None:
        super().__init__(point)
        self._vendors = {vendor.id: vendor for vendor in vendors}

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"DataTransfer": self._on_transfer}

    def transfer(self, vendor_id: str, message_id: str | None, data: str | None, now: float) -> None:
        """Send data of a vendor; the answer comes as news."""
        request = DataTransferRequest(vendor_id=vendor_id, message_id=message_id, data=data)
        encode(request)  # what cannot be sent is told to the caller, not to the queue

        def answered(response: DataTransferResponse | None, at: float) -> None:
            if response is None:
                self._point.emit(DataAnswered(vendor_id, None))
            else:
                self._point.emit(DataAnswered(vendor_id, response.status.value, response.data))

        self._point.ask(request, now, answered)

    def _on_transfer(self, request: DataTransferRequest, now: float) -> DataTransferResponse:
        vendor = self._vendors.get(request.vendor_id)
        if vendor is None:
            return DataTransferResponse(status=DataTransferStatus.UNKNOWN_VENDOR_ID)
        return vendor.on_message(request, now)
