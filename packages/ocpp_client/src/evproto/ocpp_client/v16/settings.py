"""Configuration keys and data transfer (sections 5.3, 5.6 and 5.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.bridge import DataAnswered
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.outbox import Outbox, RetryPolicy
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.datatypes import KeyValue
from evproto.ocpp_client.v16.enums import ConfigurationStatus, DataTransferStatus
from evproto.ocpp_client.v16.messages import (
    ChangeConfigurationRequest,
    ChangeConfigurationResponse,
    DataTransferRequest,
    DataTransferResponse,
    GetConfigurationRequest,
    GetConfigurationResponse,
)

Changed = Callable[[str, float], None]


def retry_policy(point: ChargePoint) -> RetryPolicy:
    """Sections 9.1.31 and 9.1.32; no attempts at all would lose every message, so there is one."""
    configuration = point.configuration
    return RetryPolicy(
        attempts=max(configuration.number("TransactionMessageAttempts"), 1),
        interval=configuration.number("TransactionMessageRetryInterval"),
    )


class Settings(Block):
    """Reads and changes keys; `changed` tells every block of a new value."""

    def __init__(self, point: ChargePoint, outbox: Outbox, changed: Changed) -> None:
        super().__init__(point)
        self._outbox = outbox
        self._changed = changed

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {
            "GetConfiguration": self._get,
            "ChangeConfiguration": self._change,
            "DataTransfer": self._data_transfer,
        }

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

    def configured(self, name: str, now: float) -> None:
        if name.startswith("TransactionMessage"):
            self._outbox.set_policy(retry_policy(self._point))

    def _get(self, request: GetConfigurationRequest, now: float) -> GetConfigurationResponse:
        configuration = self._point.configuration
        if not request.key:
            return GetConfigurationResponse(configuration_key=tuple(configuration))
        asked = request.key[: configuration.number("GetConfigurationMaxKeys")]
        known: list[KeyValue] = []
        unknown: list[str] = []
        for name in asked:
            found = configuration.find(name)
            if found is None:
                unknown.append(name)
            else:
                known.append(found)
        return GetConfigurationResponse(
            configuration_key=tuple(known) or None, unknown_key=tuple(unknown) or None
        )

    def _change(self, request: ChangeConfigurationRequest, now: float) -> ChangeConfigurationResponse:
        status = self._point.configuration.change(request.key, request.value)
        if status is ConfigurationStatus.ACCEPTED:
            key = self._point.configuration.find(request.key)
            assert key is not None
            self._point.afterwards(lambda at: self._changed(key.key, at))
        return ChangeConfigurationResponse(status=status)

    def _data_transfer(self, request: DataTransferRequest, now: float) -> DataTransferResponse:
        """No vendor's extension is known here (section 4.3)."""
        return DataTransferResponse(status=DataTransferStatus.UNKNOWN_VENDOR_ID)
