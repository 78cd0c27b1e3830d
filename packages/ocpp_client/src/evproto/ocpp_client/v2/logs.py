"""Block N, logs (N01): the charger collects and uploads, the back end hears how it goes."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import Fact, LogChanged, LogNamed, UploadLog
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Reply, SlowHandler, Trigger
from evproto.ocpp_client.v21.datatypes import StatusInfo
from evproto.ocpp_client.v21.enums import LogStatusEnum, MessageTriggerEnum, UploadLogStatusEnum
from evproto.ocpp_client.v21.messages import GetLogRequest, GetLogResponse, LogStatusNotificationRequest

RETRY_INTERVAL = 60
"""Seconds between attempts where the back end names none."""

PATIENCE = 20.0
"""Seconds that the charger has to name the file."""

UPLOADING = UploadLogStatusEnum.UPLOADING
CANCELED = UploadLogStatusEnum.ACCEPTED_CANCELED


class Logs(Block):
    """A new GetLog takes the place of one that is under way."""

    name = "logs"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._naming: dict[int, Reply] = {}
        self._upload: LogStatusNotificationRequest | None = None
        self._unsaid: LogStatusNotificationRequest | None = None

    def triggers(self) -> Mapping[MessageTriggerEnum, Trigger]:
        return {MessageTriggerEnum.LOG_STATUS_NOTIFICATION: lambda place, now: self.report_status}

    def slow_handlers(self) -> Mapping[str, SlowHandler]:
        return {"GetLog": self._get}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case LogNamed(request_id, file_name):
                self._on_named(request_id, file_name, now)
            case LogChanged(request_id, status) if self._is_of(request_id):
                state = UploadLogStatusEnum(status)
                self._upload = LogStatusNotificationRequest(status=state, request_id=request_id)
                self._say(self._upload, now)
            case _:
                pass

    def accepted(self, now: float) -> None:
        self._say_unsaid(now)

    def reconnected(self, offline: float, now: float) -> None:
        self._say_unsaid(now)

    def report_status(self, now: float) -> None:
        """The back end asks how it goes: Idle without an id where nothing is uploaded."""
        idle = LogStatusNotificationRequest(status=UploadLogStatusEnum.IDLE)
        running = self._upload if self._is_uploading else None
        self._station.ask(running or idle, now, first=True)

    def on_timer(self, name: str, now: float) -> None:
        """The charger does not answer."""
        self._on_named(int(name), None, now)

    def _get(self, request: GetLogRequest, reply: Reply, now: float) -> None:
        self._naming[request.request_id] = reply
        self._start(str(request.request_id), now + PATIENCE)
        log = request.log
        self._station.emit(
            UploadLog(
                request_id=request.request_id,
                kind=request.log_type.value,
                location=log.remote_location,
                retries=request.retries or 0,
                retry_interval=RETRY_INTERVAL if request.retry_interval is None else request.retry_interval,
                since=str(log.oldest_timestamp) if log.oldest_timestamp else None,
                until=str(log.latest_timestamp) if log.latest_timestamp else None,
            )
        )

    def _on_named(self, request_id: int, file_name: str | None, now: float) -> None:
        reply = self._naming.pop(request_id, None)
        if reply is None:
            return
        self._stop(str(request_id))
        if file_name is None:
            info = StatusInfo(reason_code="NotFound")
            reply(GetLogResponse(status=LogStatusEnum.REJECTED, status_info=info), now)
            return
        before = self._upload if self._is_uploading else None
        status = LogStatusEnum.ACCEPTED if before is None else LogStatusEnum.ACCEPTED_CANCELED
        reply(GetLogResponse(status=status, filename=file_name[:255]), now)
        self._upload = LogStatusNotificationRequest(status=UploadLogStatusEnum.IDLE, request_id=request_id)
        if before is not None:
            self._say(LogStatusNotificationRequest(status=CANCELED, request_id=before.request_id), now)

    @property
    def _is_uploading(self) -> bool:
        return self._upload is not None and self._upload.status is UPLOADING

    def _is_of(self, request_id: int) -> bool:
        """What the charger tells of an upload that was cancelled is of no interest."""
        return self._upload is not None and self._upload.request_id == request_id

    def _say(self, request: LogStatusNotificationRequest, now: float) -> None:
        def heard(answer: object, at: float) -> None:
            self._unsaid = request if answer is None and not self._station.online else None

        self._station.ask(request, now, heard)

    def _say_unsaid(self, now: float) -> None:
        """The last state, if the link lost it."""
        if self._unsaid is not None:
            self._say(self._unsaid, now)
