"""Block B, registration (B01 to B03), and heartbeats (G02): BootNotification and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from evproto.ocpp_client.bridge import ClockSet, Fact, Registered
from evproto.ocpp_client.device_model import Changed, Component, Variable
from evproto.ocpp_client.v2.charging_station import Action, Block, Trigger
from evproto.ocpp_client.v21.datatypes import EVSE, ChargingStation
from evproto.ocpp_client.v21.enums import BootReasonEnum, MessageTriggerEnum, RegistrationStatusEnum
from evproto.ocpp_client.v21.messages import (
    BootNotificationRequest,
    BootNotificationResponse,
    HeartbeatRequest,
    HeartbeatResponse,
)

OWN_INTERVAL = 60
"""Seconds between attempts where the back end names none, or does not answer."""

HEARTBEAT = "Heartbeat"
"""The time source that is the back end."""

BOOT_REASON = "v2.boot-reason"
"""Where the reason of the next start is kept by who makes the station restart."""


class Registration(Block):
    """Registers once per start."""

    name = "registration"
    reason = BootReasonEnum.POWER_UP
    """Why the station started."""
    _has_own_time = False

    def restore(self, now: float) -> None:
        store = self._station.store
        known = {reason.value: reason for reason in BootReasonEnum}
        self.reason = known.get(store.get(BOOT_REASON), BootReasonEnum.POWER_UP)
        store.put(BOOT_REASON, "")

    def tell(self, fact: Fact, now: float) -> None:
        """The charger's own source of the time (NTP, GPS, ...) goes before the back end (TimeSource)."""
        if isinstance(fact, ClockSet):
            self._has_own_time = True
            self._station.set_clock(fact.moment, now)

    def triggers(self) -> Mapping[MessageTriggerEnum, Trigger]:
        return {
            MessageTriggerEnum.BOOT_NOTIFICATION: self._trigger_boot,
            MessageTriggerEnum.HEARTBEAT: lambda place, now: lambda at: self.heartbeat(at, first=True),
        }

    def register(self, now: float, reason: BootReasonEnum | None = None) -> None:
        """Send BootNotification, before all other messages."""
        about = self._station.description
        request = BootNotificationRequest(
            charging_station=ChargingStation(
                vendor_name=about.vendor,
                model=about.model,
                serial_number=about.serial_number,
                firmware_version=about.firmware_version,
            ),
            reason=reason or self.reason,
        )
        self._stop("retry")
        self._station.ask(request, now, self._on_boot_answer, first=True)

    def linked(self, now: float) -> None:
        """A reboot registers, a mere reconnection does not (B01, B04)."""
        if not self._station.accepted and not self._runs("retry"):
            self.register(now)

    def heartbeat(self, now: float, *, first: bool = False) -> None:
        """Send one; its answer sets the clock."""
        self._station.ask(HeartbeatRequest(), now, self._on_heartbeat_answer, first=first)

    def variable_changed(self, changed: Changed, now: float) -> None:
        if changed.variable.name == "HeartbeatInterval":
            self._schedule_heartbeat(now)

    def on_timer(self, name: str, now: float) -> None:
        if name == "retry":
            self.register(now)
        else:
            self.heartbeat(now)
            self._schedule_heartbeat(now)

    def _trigger_boot(self, place: EVSE | None, now: float) -> Action | None:
        """Who has been accepted does not register again (F06.FR.17)."""
        if self._station.accepted:
            return None
        return lambda at: self.register(at, BootReasonEnum.TRIGGERED)

    def _on_boot_answer(self, response: BootNotificationResponse | None, now: float) -> None:
        station = self._station
        if response is None:
            if station.linked:
                self._start("retry", now + OWN_INTERVAL)
            return
        station.registration = response.status
        self._take_time(response.current_time, now)
        station.emit(Registered(response.status.value))
        if response.status is not RegistrationStatusEnum.ACCEPTED:
            self._stop("heartbeat")
            self._start("retry", now + (response.interval if response.interval > 0 else OWN_INTERVAL))
            return
        station.ever_accepted = True
        if response.interval > 0:
            interval = Component("OCPPCommCtrlr"), Variable("HeartbeatInterval")
            station.model.write(*interval, str(response.interval), now)
        self._schedule_heartbeat(now)

    def _on_heartbeat_answer(self, response: HeartbeatResponse | None, now: float) -> None:
        if response is not None:
            self._take_time(response.current_time, now)

    def _take_time(self, moment: datetime, now: float) -> None:
        """ClockCtrlr.TimeSource: the first in the list that there is."""
        sources = self._station.model.names("ClockCtrlr", "TimeSource") or (HEARTBEAT,)
        if sources[0] == HEARTBEAT or (HEARTBEAT in sources and not self._has_own_time):
            self._station.set_clock(moment, now)

    def _schedule_heartbeat(self, now: float) -> None:
        interval = self._station.model.number("OCPPCommCtrlr", "HeartbeatInterval")
        if self._station.accepted and interval > 0:
            self._start("heartbeat", now + interval)
        else:
            self._stop("heartbeat")
