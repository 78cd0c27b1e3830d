"""TriggerMessage: the back end asks for a message that the station sends by itself (F06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evproto.ocpp_client.bridge import CustomTriggered
from evproto.ocpp_client.v2.charging_station import Action, Block, ChargingStation, Handler, Trigger
from evproto.ocpp_client.v21.datatypes import StatusInfo
from evproto.ocpp_client.v21.enums import MessageTriggerEnum, TriggerMessageStatusEnum
from evproto.ocpp_client.v21.messages import TriggerMessageRequest, TriggerMessageResponse


class RemoteTrigger(Block):
    """Each block says by `triggers` what can be asked of it; that goes before acceptance, too."""

    name = "trigger"

    def __init__(self, station: ChargingStation, blocks: Iterable[Block]) -> None:
        super().__init__(station)
        self._triggers: dict[MessageTriggerEnum, Trigger] = {}
        for block in blocks:
            self._triggers |= block.triggers()

    def handlers(self) -> Mapping[str, Handler]:
        return {"TriggerMessage": self._on_trigger}

    def _on_trigger(self, request: TriggerMessageRequest, now: float) -> TriggerMessageResponse:
        if request.requested_message is MessageTriggerEnum.CUSTOM_TRIGGER:
            return self._custom(request.custom_trigger)
        trigger = self._triggers.get(request.requested_message)
        if trigger is None:
            return _refused(TriggerMessageStatusEnum.NOT_IMPLEMENTED, "UnsupportedRequest")
        if (send := trigger(request.evse, now)) is None:
            return _refused(TriggerMessageStatusEnum.REJECTED, "NotFound")
        return self._accept(send)

    def _custom(self, name: str | None) -> TriggerMessageResponse:
        if name not in self._station.description.custom_triggers:
            return _refused(TriggerMessageStatusEnum.NOT_IMPLEMENTED, "UnsupportedRequest")
        return self._accept(lambda at: self._station.emit(CustomTriggered(name)))

    def _accept(self, send: Action) -> TriggerMessageResponse:
        """The message follows the answer (F06.FR.05)."""
        self._station.afterwards(send)
        return TriggerMessageResponse(status=TriggerMessageStatusEnum.ACCEPTED)


def _refused(status: TriggerMessageStatusEnum, reason: str) -> TriggerMessageResponse:
    return TriggerMessageResponse(status=status, status_info=StatusInfo(reason_code=reason))
