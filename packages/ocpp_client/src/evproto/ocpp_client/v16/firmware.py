"""Firmware updates: those of 1.6 (sections 4.5 and 5.19) and the signed ones of the whitepaper (L01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.bridge import Fact, FirmwareChanged
from evproto.ocpp_client.bridge_security import FirmwareDownloaded
from evproto.ocpp_client.firmware_update import RETRY_INTERVAL, FirmwareUpdate, Order, Trust
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint, RefusedError
from evproto.ocpp_client.v16.enums import FirmwareStatus, FirmwareStatusEnum, UpdateFirmwareStatusEnum
from evproto.ocpp_client.v16.messages import (
    FirmwareStatusNotificationRequest,
    SignedFirmwareStatusNotificationRequest,
    SignedUpdateFirmwareRequest,
    SignedUpdateFirmwareResponse,
    UpdateFirmwareRequest,
    UpdateFirmwareResponse,
)
from evproto.ocpp_client.v16.security_events import SecurityEvents


class Firmware(Block):
    """Signed updates need somebody to trust; where there is one, unsigned ones are refused (L01.FR.20)."""

    def __init__(self, point: ChargePoint, events: SecurityEvents, trust: Trust | None) -> None:
        super().__init__(point)
        self._events = events
        self._signed_only = trust is not None
        about = point.description
        self._update = FirmwareUpdate(
            self,
            point.store,
            point.clock,
            lambda at: point.timers.start("firmware:due", at),
            point.emit,
            trust,
            while_charging=(about.download_while_charging, about.install_while_charging),
        )

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        plain = {"UpdateFirmware": self._on_update}
        return plain | {"SignedUpdateFirmware": self._on_signed_update} if self._signed_only else plain

    def restore(self, now: float) -> None:
        """Go on with an update that a restart cut short."""
        self._update.restore(now)

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case FirmwareChanged(status, request_id):
                self._update.changed(status, request_id, now)
            case FirmwareDownloaded():
                self._update.downloaded(fact, now)
            case _:
                pass

    def accepted(self, now: float) -> None:
        self._update.heard(now)

    def reconnected(self, now: float) -> None:
        self._update.heard(now)

    def settle(self, now: float) -> None:
        """After everything that happens: go on as soon as no vehicle charges."""
        self._update.settle(now)

    def on_timer(self, name: str, now: float) -> None:
        self._update.settle(now)

    def trigger(self, now: float, *, signed: bool = False) -> None:
        """Send the state; what has ended is Idle (section 7.25, L01.FR.28 and 29)."""
        status, request_id = self._update.last
        if signed:
            self._send_signed(status, request_id, now, first=True)
            return
        plain = _PLAIN.get(status, FirmwareStatus.IDLE)
        if plain in _DONE:
            plain = FirmwareStatus.IDLE
        self._point.ask(FirmwareStatusNotificationRequest(status=plain), now, first=True)

    # --- what the update asks of its station ---

    @property
    def is_charging(self) -> bool:
        """Whether a transaction runs."""
        return any(True for _ in self._point.transactions())

    def report(self, status: str, request_id: int | None, now: float) -> bool:
        """Tell the back end, in the message of the order's kind."""
        if request_id is not None:
            self._send_signed(status, request_id, now)
        elif (plain := _PLAIN.get(status)) is not None:
            self._point.ask(FirmwareStatusNotificationRequest(status=plain), now)
        return self._point.online

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """Log it and tell the back end."""
        self._events.report(kind, info, now)

    def hold(self, held: bool, now: float) -> None:
        """Keep free connectors from starting a transaction."""
        for connector in self._point.outlets():
            connector.updating = held

    # --- orders ---

    def _on_update(self, request: UpdateFirmwareRequest, now: float) -> UpdateFirmwareResponse:
        if self._signed_only:
            raise RefusedError(ErrorCode.NOT_SUPPORTED, "this station takes signed firmware only")
        self._order(
            Order(
                request_id=None,
                location=request.location,
                retrieve_at=request.retrieve_date,
                retries=request.retries or 0,
                retry_interval=request.retry_interval or RETRY_INTERVAL,
            ),
            now,
        )
        return UpdateFirmwareResponse()

    def _on_signed_update(
        self, request: SignedUpdateFirmwareRequest, now: float
    ) -> SignedUpdateFirmwareResponse:
        firmware = request.firmware
        status = self._order(
            Order(
                request_id=request.request_id,
                location=firmware.location,
                retrieve_at=firmware.retrieve_date_time,
                install_at=firmware.install_date_time,
                retries=request.retries or 0,
                retry_interval=request.retry_interval or RETRY_INTERVAL,
                signature=firmware.signature,
                certificate=firmware.signing_certificate,
            ),
            now,
        )
        return SignedUpdateFirmwareResponse(status=UpdateFirmwareStatusEnum(status))

    def _order(self, order: Order, now: float) -> str:
        status = self._update.order(order, now)
        self._point.afterwards(self._update.settle)
        return status

    def _send_signed(self, status: str, request_id: int | None, now: float, *, first: bool = False) -> None:
        request = SignedFirmwareStatusNotificationRequest(
            status=FirmwareStatusEnum(status), request_id=request_id
        )
        self._point.ask(request, now, first=first)


_PLAIN = {status.value: status for status in FirmwareStatus}
"""What the message of 1.6 itself can say."""
_DONE = (
    FirmwareStatus.INSTALLED,
    FirmwareStatus.INSTALLATION_FAILED,
    FirmwareStatus.DOWNLOAD_FAILED,
)
