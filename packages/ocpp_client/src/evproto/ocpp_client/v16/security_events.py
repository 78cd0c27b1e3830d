"""Security events (A04): into the log of the charger, and to the back end whenever it can be reached."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Fact, SecurityEvent
from evproto.ocpp_client.bridge_security import SecurityLogged
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.messages import SecurityEventNotificationRequest


class SecurityEvents(Block):
    """They are durable and in order, like transactions.

    certified: the station has certificates. A back end that has neither given it any nor raised its
    security profile may not know the whitepaper: it hears only what the charger itself tells.
    """

    def __init__(self, point: ChargePoint, *, certified: bool) -> None:
        super().__init__(point)
        self._certified = certified
        point.watch_clock(self._on_clock)

    def restore(self, now: float) -> None:
        """Every start is one."""
        store = self._point.store
        was_reset = bool(store.get(RESET))
        self.report("ResetOrReboot" if was_reset else "StartupOfTheDevice", None, now)
        if was_reset:
            store.put(RESET, "")

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, SecurityEvent):
            self._send(fact.kind, fact.info, now)

    def report(self, kind: str, info: str | None, now: float) -> None:
        """One happened here; `kind` in the words of 2.x, some of which 1.6 has its own for."""
        configuration = self._point.configuration
        raised = configuration.has("SecurityProfile") and configuration.number("SecurityProfile") > 0
        if self._certified or raised:
            self._send(kind, info, now)
        else:
            self._point.emit(SecurityLogged(kind, info))

    def _on_clock(self, slow: float, now: float) -> None:
        if abs(slow) > CLOCK_TOLERANCE:
            self.report("SettingSystemTime", f"set by {slow:+.1f} s", now)

    def _send(self, kind: str, info: str | None, now: float) -> None:
        kind = WORDS.get(kind, kind)
        request = SecurityEventNotificationRequest(
            type=kind[:50], timestamp=self._point.clock.at(now), tech_info=info[:255] if info else None
        )
        self._point.emit(SecurityLogged(kind, info))
        with self._point.store.batch():
            self._point.queue(request)
        self._point.kick(now)


RESET = "v16.reset"
"""Where the back end's reset leaves its mark for the next start."""
CLOCK_TOLERANCE = 20.0
"""Seconds by which the clock may be set without an event; 2.x has a variable for it."""

WORDS = {
    "CsmsFailedToAuthenticate": "CentralSystemFailedToAuthenticate",
    "FailedToAuthenticateAtCsms": "FailedToAuthenticateAtCentralSystem",
    "InvalidChargingStationCertificate": "InvalidChargePointCertificate",
    "InvalidCsmsCertificate": "InvalidCentralSystemCertificate",
}
