"""Logs and the extended trigger of the 1.6 security whitepaper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from evproto.ocpp_client.bridge import Fact, LogChanged, LogNamed, UploadLog
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import MAX_HELD, Block, ChargePoint, Reply
from evproto.ocpp_client.v16.enums import (
    LogStatusEnum,
    MessageTrigger,
    MessageTriggerEnum,
    TriggerMessageStatus,
    TriggerMessageStatusEnum,
    UploadLogStatusEnum,
)
from evproto.ocpp_client.v16.firmware import Firmware
from evproto.ocpp_client.v16.messages import (
    ExtendedTriggerMessageRequest,
    ExtendedTriggerMessageResponse,
    GetLogRequest,
    GetLogResponse,
    LogStatusNotificationRequest,
    TriggerMessageRequest,
)
from evproto.ocpp_client.v16.remote_trigger import RemoteTrigger

if TYPE_CHECKING:
    from evproto.ocpp_client.v16.certificates import Certificates

RETRY_INTERVAL = 60
"""Seconds between attempts where the back end names none."""

_SAME = {one.value: one for one in MessageTrigger}


class Security(Block):
    """A new GetLog takes the place of one that is under way."""

    def __init__(
        self,
        point: ChargePoint,
        trigger: RemoteTrigger,
        firmware: Firmware,
        certificates: Certificates | None,
    ) -> None:
        super().__init__(point)
        self._trigger = trigger
        self._firmware = firmware
        self._certificates = certificates
        self._naming: dict[int, Reply] = {}
        self._upload: tuple[int, UploadLogStatusEnum] | None = None

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"ExtendedTriggerMessage": self._on_trigger}

    def slow_handlers(self) -> Mapping[str, Callable[[Any, Reply, float], None]]:
        return {"GetLog": self._on_get_log}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case LogNamed(request_id, file_name):
                self._on_named(request_id, file_name, now)
            case LogChanged(request_id, status):
                self._upload = (request_id, UploadLogStatusEnum(status))
                self._report(now)
            case _:
                pass

    def _on_get_log(self, request: GetLogRequest, reply: Reply, now: float) -> None:
        self._naming[request.request_id] = reply
        while len(self._naming) > MAX_HELD:
            del self._naming[next(iter(self._naming))]
        log = request.log
        self._point.emit(
            UploadLog(
                request_id=request.request_id,
                kind=request.log_type.value,
                location=log.remote_location,
                retries=request.retries or 0,
                retry_interval=request.retry_interval or RETRY_INTERVAL,
                since=str(log.oldest_timestamp) if log.oldest_timestamp else None,
                until=str(log.latest_timestamp) if log.latest_timestamp else None,
            )
        )

    def _on_named(self, request_id: int, file_name: str | None, now: float) -> None:
        reply = self._naming.pop(request_id, None)
        if reply is None:
            return
        status = LogStatusEnum.ACCEPTED
        if file_name is None:
            status = LogStatusEnum.REJECTED
        elif self._uploading:
            status = LogStatusEnum.ACCEPTED_CANCELED
        reply(GetLogResponse(status=status, filename=file_name), now)

    @property
    def _uploading(self) -> bool:
        return self._upload is not None and self._upload[1] is UploadLogStatusEnum.UPLOADING

    def _report(self, now: float, *, triggered: bool = False) -> None:
        """The state of the upload; Idle without an id when none runs and the back end asks."""
        request = LogStatusNotificationRequest(status=UploadLogStatusEnum.IDLE)
        if self._upload is not None and (self._uploading or not triggered):
            request_id, status = self._upload
            request = LogStatusNotificationRequest(status=status, request_id=request_id)
        self._point.ask(request, now, first=triggered)

    def _on_trigger(
        self, request: ExtendedTriggerMessageRequest, now: float
    ) -> ExtendedTriggerMessageResponse:
        return ExtendedTriggerMessageResponse(status=self._triggered(request, now))

    def _triggered(self, request: ExtendedTriggerMessageRequest, now: float) -> TriggerMessageStatusEnum:
        message, certificates = request.requested_message, self._certificates
        if message is MessageTriggerEnum.LOG_STATUS_NOTIFICATION:
            self._point.afterwards(lambda at: self._report(at, triggered=True))
            return TriggerMessageStatusEnum.ACCEPTED
        if message is MessageTriggerEnum.FIRMWARE_STATUS_NOTIFICATION and certificates is not None:
            self._point.afterwards(lambda at: self._firmware.trigger(at, signed=True))
            return TriggerMessageStatusEnum.ACCEPTED
        if message is MessageTriggerEnum.SIGN_CHARGE_POINT_CERTIFICATE and certificates is not None:
            return certificates.trigger()
        same = _SAME.get(message.value)
        if same is None:
            return TriggerMessageStatusEnum.NOT_IMPLEMENTED
        plain = TriggerMessageRequest(requested_message=same, connector_id=request.connector_id)
        accepted = self._trigger.trigger(plain, now) is TriggerMessageStatus.ACCEPTED
        return TriggerMessageStatusEnum.ACCEPTED if accepted else TriggerMessageStatusEnum.REJECTED
