"""Diagnostics (sections 4.4 and 5.9): the charger collects and uploads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.bridge import DiagnosticsChanged, DiagnosticsNamed, Fact, UploadDiagnostics
from evproto.ocpp_client.firmware_update import RETRY_INTERVAL
from evproto.ocpp_client.v16.charge_point import MAX_HELD, Block, ChargePoint, Reply
from evproto.ocpp_client.v16.enums import DiagnosticsStatus
from evproto.ocpp_client.v16.messages import (
    DiagnosticsStatusNotificationRequest,
    GetDiagnosticsRequest,
    GetDiagnosticsResponse,
)


class Diagnostics(Block):
    """Passes the work on and reports how it goes."""

    def __init__(self, point: ChargePoint) -> None:
        super().__init__(point)
        self._naming: list[Reply] = []
        self._status = DiagnosticsStatus.IDLE

    def slow_handlers(self) -> Mapping[str, Callable[[Any, Reply, float], None]]:
        return {"GetDiagnostics": self._on_request}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case DiagnosticsNamed(file_name):
                for reply in self._naming:
                    reply(GetDiagnosticsResponse(file_name=file_name), now)
                self._naming.clear()
            case DiagnosticsChanged(status):
                self._status = DiagnosticsStatus(status)
                self.report(now)
            case _:
                pass

    def report(self, now: float, *, triggered: bool = False) -> None:
        """Send the state; an upload that is over counts as Idle when asked for (section 7.24)."""
        status = self._status
        if triggered and status is not DiagnosticsStatus.UPLOADING:
            status = DiagnosticsStatus.IDLE
        self._point.ask(DiagnosticsStatusNotificationRequest(status=status), now, first=triggered)

    def _on_request(self, request: GetDiagnosticsRequest, reply: Reply, now: float) -> None:
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
