"""Block L: firmware updates, signed (L01) and not (L02)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import Fact, FirmwareChanged
from evproto.ocpp_client.bridge_security import FirmwareDownloaded
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.firmware_update import RETRY_INTERVAL, FirmwareUpdate, Order, Trust
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler, Trigger
from evproto.ocpp_client.v2.provisioning import BOOT_REASON
from evproto.ocpp_client.v2.security_events import SecurityEvents
from evproto.ocpp_client.v21 import datatypes, enums, messages


class Firmware(Block):
    """With somebody to trust only signed firmware is taken."""

    name = "firmware"

    def __init__(self, station: ChargingStation, events: SecurityEvents, trust: Trust | None) -> None:
        super().__init__(station)
        self._events = events
        self._signed_only = trust is not None
        about = station.description
        self._update = FirmwareUpdate(
            self,
            station.store,
            station.clock,
            lambda at: self._start("due", at),
            station.emit,
            trust,
            while_charging=(about.download_while_charging, about.install_while_charging),
        )

    def handlers(self) -> Mapping[str, Handler]:
        return {"UpdateFirmware": self._on_update}

    def triggers(self) -> Mapping[enums.MessageTriggerEnum, Trigger]:
        return {enums.MessageTriggerEnum.FIRMWARE_STATUS_NOTIFICATION: lambda evse, now: self._trigger}

    def restore(self, now: float) -> None:
        self._update.restore(now)

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case FirmwareChanged(status, request_id):
                if status == "InstallRebooting":
                    self._station.store.put(BOOT_REASON, enums.BootReasonEnum.FIRMWARE_UPDATE.value)
                self._update.changed(status, request_id, now)
            case FirmwareDownloaded():
                self._update.downloaded(fact, now)
            case _:
                pass

    def accepted(self, now: float) -> None:
        self._update.heard(now)

    def reconnected(self, offline: float, now: float) -> None:
        self._update.heard(now)

    def settle(self, now: float) -> None:
        self._update.settle(now)

    def on_timer(self, name: str, now: float) -> None:
        self._update.settle(now)

    # --- what the update asks of its station ---

    @property
    def is_charging(self) -> bool:
        """Whether a transaction runs."""
        return any(True for _ in self._station.transactions())

    def report(self, status: str, request_id: int | None, now: float) -> bool:
        """Tell the back end; False when it cannot hear it now."""
        self._send(status, request_id, now)
        return self._station.online

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """Log it and tell the back end."""
        self._events.report(kind, info, now)

    def hold(self, held: bool, now: float) -> None:
        """AllowNewSessionsPendingFirmwareUpdate decides whether new transactions wait (L01.FR.07)."""
        pending = Variable("AllowNewSessionsPendingFirmwareUpdate")
        allowed = self._station.model.value(Component("ChargingStation"), pending) == "true"
        for evse in self._station.evses.values():
            evse.updating = held and not allowed

    def _send(self, status: str, request_id: int | None, now: float, *, first: bool = False) -> None:
        request = messages.FirmwareStatusNotificationRequest(
            status=enums.FirmwareStatusEnum(status), request_id=request_id
        )
        self._station.ask(request, now, first=first)

    def _trigger(self, now: float) -> None:
        status, request_id = self._update.last
        self._send(status, request_id, now, first=True)

    def _on_update(
        self, request: messages.UpdateFirmwareRequest, now: float
    ) -> messages.UpdateFirmwareResponse:
        firmware, status = request.firmware, enums.UpdateFirmwareStatusEnum
        signed = firmware.signing_certificate is not None and firmware.signature is not None
        if self._signed_only and not signed:
            info = datatypes.StatusInfo(reason_code="NotSigned")
            return messages.UpdateFirmwareResponse(status=status.REJECTED, status_info=info)
        order = Order(
            request_id=request.request_id,
            location=firmware.location,
            retrieve_at=firmware.retrieve_date_time,
            install_at=firmware.install_date_time,
            retries=request.retries or 0,
            retry_interval=request.retry_interval or RETRY_INTERVAL,
            signature=firmware.signature if signed else None,
            certificate=firmware.signing_certificate if signed else None,
        )
        taken = self._update.order(order, now)
        self._station.afterwards(self._update.settle)
        return messages.UpdateFirmwareResponse(status=status(taken))
