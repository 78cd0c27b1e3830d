"""Registration, heartbeats and the clock (sections 4.2 and 4.6)."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Registered
from evproto.ocpp_client.v16.charge_point import Block
from evproto.ocpp_client.v16.enums import RegistrationStatus
from evproto.ocpp_client.v16.messages import (
    BootNotificationRequest,
    BootNotificationResponse,
    HeartbeatRequest,
    HeartbeatResponse,
)

OWN_INTERVAL = 60
"""Seconds between attempts where the back end names none, or does not answer."""


class Registration(Block):
    """Registers once per start; `status` is None until the back end answered."""

    status: RegistrationStatus | None = None
    fresh = False
    """Whether the answer that made us accepted has just come: the station then tells its blocks."""

    def register(self, now: float) -> None:
        """Send BootNotification, before all other messages."""
        about = self._point.description
        request = BootNotificationRequest(
            charge_point_vendor=about.vendor,
            charge_point_model=about.model,
            charge_point_serial_number=about.serial_number,
            firmware_version=about.firmware_version,
        )
        self._point.timers.stop("registration:retry")
        self._point.ask(request, now, self._on_boot_answer, first=True)

    def linked(self, now: float) -> None:
        """The link stands: a reboot registers, a mere reconnection does not (OCPP-J section 5.3)."""
        if self.status is not RegistrationStatus.ACCEPTED and "registration:retry" not in self._point.timers:
            self.register(now)

    def heartbeat(self, now: float, *, first: bool = False) -> None:
        """Send one; its answer sets the clock."""
        self._point.ask(HeartbeatRequest(), now, self._on_heartbeat_answer, first=first)

    def configured(self, name: str, now: float) -> None:
        if name == "HeartbeatInterval":
            self._schedule_heartbeat(now)

    def on_timer(self, name: str, now: float) -> None:
        if name == "retry":
            self.register(now)
        else:
            self.heartbeat(now)
            self._schedule_heartbeat(now)

    def _on_boot_answer(self, response: BootNotificationResponse | None, now: float) -> None:
        if response is None:
            if self._point.linked:
                self._point.timers.start("registration:retry", now + OWN_INTERVAL)
            return
        was_accepted = self.status is RegistrationStatus.ACCEPTED
        self.status = response.status
        self._point.set_clock(response.current_time, now)
        self._point.emit(Registered(response.status.value))
        if response.status is not RegistrationStatus.ACCEPTED:
            self._point.accepted = False
            self._point.timers.stop("registration:heartbeat")
            self._point.timers.start("registration:retry", now + (response.interval or OWN_INTERVAL))
            return
        self._point.accepted = True
        if response.interval > 0:
            self._point.configuration.put("HeartbeatInterval", str(response.interval), now)
        self._schedule_heartbeat(now)
        self.fresh = not was_accepted

    def _on_heartbeat_answer(self, response: HeartbeatResponse | None, now: float) -> None:
        if response is not None:
            self._point.set_clock(response.current_time, now)

    def _schedule_heartbeat(self, now: float) -> None:
        interval = self._point.configuration.number("HeartbeatInterval")
        if self.status is RegistrationStatus.ACCEPTED and interval > 0:
            self._point.timers.start("registration:heartbeat", now + interval)
        else:
            self._point.timers.stop("registration:heartbeat")
