"""Firmware updates and diagnostics (sections 4.4, 4.5, 5.9 and 5.19): the charger does the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.bridge import (
    DiagnosticsChanged,
    DiagnosticsNamed,
    Fact,
    FirmwareChanged,
    UpdateFirmware,
    UploadDiagnostics,
)
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import MAX_HELD, Block, ChargePoint, Reply
from evproto.ocpp_client.v16.enums import DiagnosticsStatus, FirmwareStatus
from evproto.ocpp_client.v16.messages import (
    DiagnosticsStatusNotificationRequest,
    FirmwareStatusNotificationRequest,
    GetDiagnosticsRequest,
    GetDiagnosticsResponse,
    UpdateFirmwareRequest,
    UpdateFirmwareResponse,
)

RETRY_INTERVAL = 60
"""Seconds between attempts where the back end names none."""


class Firmware(Block):
    """Passes the work on and reports how it goes."""

    def __init__(self, point: ChargePoint) -> None:
        super().__init__(point)
        self._update: UpdateFirmwareRequest | None = None
        self._naming: list[Reply] = []
        self._firmware = FirmwareStatus.IDLE
        self._diagnostics = DiagnosticsStatus.IDLE

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"UpdateFirmware": self._on_update}

    def slow_handlers(self) -> Mapping[str, Callable[[Any, Reply, float], None]]:
        return {"GetDiagnostics": self._on_diagnostics}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case DiagnosticsNamed(file_name):
                for reply in self._naming:
                    reply(GetDiagnosticsResponse(file_name=file_name), now)
                self._naming.clear()
            case DiagnosticsChanged(status):
                self._diagnostics = DiagnosticsStatus(status)
                self.report_diagnostics(now)
            case FirmwareChanged(status):
                self._firmware = FirmwareStatus(status)
                self.report_firmware(now)
            case _:
                pass

    def report_firmware(self, now: float, *, triggered: bool = False) -> None:
        """Send the state; Idle is only said when asked for (section 7.25)."""
        status = self._firmware
        if triggered and status in _FIRMWARE_DONE:
            status = FirmwareStatus.IDLE
        self._point.ask(FirmwareStatusNotificationRequest(status=status), now, first=triggered)

    def report_diagnostics(self, now: float, *, triggered: bool = False) -> None:
        """Send the state; an upload that is over counts as Idle when asked for (section 7.24)."""
        status = self._diagnostics
        if triggered and status is not DiagnosticsStatus.UPLOADING:
            status = DiagnosticsStatus.IDLE
        self._point.ask(DiagnosticsStatusNotificationRequest(status=status), now, first=triggered)

    def on_timer(self, name: str, now: float) -> None:
        """The time to retrieve the firmware has come."""
        update, self._update = self._update, None
        if update is not None:
            self._point.emit(
                UpdateFirmware(
                    location=update.location,
                    retries=update.retries or 0,
                    retry_interval=update.retry_interval or RETRY_INTERVAL,
                )
            )

    def _on_update(self, request: UpdateFirmwareRequest, now: float) -> UpdateFirmwareResponse:
        self._update = request
        wait = max(self._point.clock.seconds_until(request.retrieve_date, now), 0.0)
        self._point.timers.start("firmware:retrieve", now + wait)
        return UpdateFirmwareResponse()

    def _on_diagnostics(self, request: GetDiagnosticsRequest, reply: Reply, now: float) -> None:
        self._naming.append(reply)
        del self._naming[:-MAX_HELD]
        self._point.emit(
            UploadDiagnostics(
                location=request.location,
                retries=request.retries or 0,
                retry_interval=request.retry_interval or RETRY_INTERVAL,
                since=str(request.start_time) if request.start_time else None,
                until=str(request.stop_time) if request.stop_time else None,
            )
        )


_FIRMWARE_DONE = (
    FirmwareStatus.INSTALLED,
    FirmwareStatus.INSTALLATION_FAILED,
    FirmwareStatus.DOWNLOAD_FAILED,
)
