"""Security events (A04): whatever happens to the link, the back end hears of them."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Fact, SecurityEvent
from evproto.ocpp_client.bridge_security import SecurityLogged
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.provisioning import Registration
from evproto.ocpp_client.v21.enums import BootReasonEnum
from evproto.ocpp_client.v21.messages import SecurityEventNotificationRequest


class SecurityEvents(Block):
    """They are durable and in order, like transactions."""

    name = "security-events"

    def __init__(self, station: ChargingStation, registration: Registration) -> None:
        super().__init__(station)
        self._registration = registration
        station.watch_clock(self._on_clock)

    def restore(self, now: float) -> None:
        """Every start is one; `registration` has read by now why it came."""
        by_itself = (BootReasonEnum.POWER_UP, BootReasonEnum.UNKNOWN)
        started = self._registration.reason in by_itself
        self.report("StartupOfTheDevice" if started else "ResetOrReboot", None, now)

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, SecurityEvent):
            self.report(fact.kind, fact.info, now)

    def report(self, kind: str, info: str | None, now: float) -> None:
        """One happened; `kind` in the words of the standard's list."""
        request = SecurityEventNotificationRequest(
            type=kind[:50], timestamp=self._station.clock.at(now), tech_info=info[:255] if info else None
        )
        self._station.emit(SecurityLogged(kind, info))
        with self._station.store.batch():
            self._station.queue(request)
        self._station.kick(now)

    def _on_clock(self, slow: float, now: float) -> None:
        """ClockCtrlr.TimeAdjustmentReportingThreshold; 0 reports nothing."""
        threshold = self._station.model.number("ClockCtrlr", "TimeAdjustmentReportingThreshold")
        if threshold and abs(slow) > threshold:
            self.report("SettingSystemTime", f"set by {slow:+.1f} s", now)
