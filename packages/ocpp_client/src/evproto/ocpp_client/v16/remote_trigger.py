"""TriggerMessage (section 5.17): the back end asks for a message that the station sends by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.diagnostics import Diagnostics
from evproto.ocpp_client.v16.enums import MessageTrigger, TriggerMessageStatus
from evproto.ocpp_client.v16.firmware import Firmware
from evproto.ocpp_client.v16.messages import TriggerMessageRequest, TriggerMessageResponse
from evproto.ocpp_client.v16.metering import Metering
from evproto.ocpp_client.v16.registration import Registration
from evproto.ocpp_client.v16.status import StatusReporter


class RemoteTrigger(Block):
    """What is triggered goes also while the registration is pending (section 4.2.1)."""

    def __init__(
        self,
        point: ChargePoint,
        registration: Registration,
        status: StatusReporter,
        metering: Metering,
        firmware: Firmware,
        diagnostics: Diagnostics,
    ) -> None:
        super().__init__(point)
        self._registration = registration
        self._status = status
        self._metering = metering
        self._firmware = firmware
        self._diagnostics = diagnostics

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"TriggerMessage": self._on_trigger}

    def trigger(self, request: TriggerMessageRequest, now: float) -> TriggerMessageStatus:
        """Send the message once the answer has gone, which it must follow."""
        if request.connector_id is not None and request.connector_id not in self._point.connectors:
            return TriggerMessageStatus.REJECTED
        self._point.afterwards(lambda at: self._send(request, at))
        return TriggerMessageStatus.ACCEPTED

    def _on_trigger(self, request: TriggerMessageRequest, now: float) -> TriggerMessageResponse:
        return TriggerMessageResponse(status=self.trigger(request, now))

    def _send(self, request: TriggerMessageRequest, now: float) -> None:
        match request.requested_message:
            case MessageTrigger.BOOT_NOTIFICATION:
                self._registration.register(now)
            case MessageTrigger.HEARTBEAT:
                self._registration.heartbeat(now, first=True)
            case MessageTrigger.FIRMWARE_STATUS_NOTIFICATION:
                self._firmware.trigger(now)
            case MessageTrigger.DIAGNOSTICS_STATUS_NOTIFICATION:
                self._diagnostics.report(now, triggered=True)
            case MessageTrigger.STATUS_NOTIFICATION:
                for connector in self._meant(request.connector_id, whole=True):
                    self._status.report(connector, now, first=True)
            case MessageTrigger.METER_VALUES:
                for connector in self._meant(request.connector_id, whole=False):
                    self._metering.trigger(connector, now, first=True)

    def _meant(self, connector_id: int | None, *, whole: bool) -> list[Connector]:
        """One connector, or all: with connector 0 where it has a say of its own."""
        if connector_id is not None:
            return [self._point.connectors[connector_id]]
        return list(self._point.connectors.values()) if whole else list(self._point.outlets())
