"""The way to the back end: the password (A01) and the security profile, which only rises (A05)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from evproto.ocpp_client.bridge import Fact
from evproto.ocpp_client.bridge_security import Linked, OwnCertificateRefused, UseNetwork
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.enums import ConfigurationStatus
from evproto.ocpp_client.v16.security_events import SecurityEvents
from evproto.ocpp_client.v16.settings import Taker

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore, OwnUse

WANTED, PROVED = "v16.security.wanted", "v16.security.proved"
RECONFIGURED = "ReconfigurationOfSecurityParameters"

_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){16,20}")
_PLAIN = re.compile(r"[\x21-\x7e]{16,40}")


class Connection(Block):
    """The slots of its network profiles are the numbers of their security profiles.

    profile: the back end as the installer configured it. A profile that was raised stays raised.
    """

    def __init__(
        self,
        point: ChargePoint,
        profile: NetworkProfile,
        certificates: CertificateStore | None,
        events: SecurityEvents,
    ) -> None:
        super().__init__(point)
        self._base = profile
        self._certificates = certificates
        self._events = events
        configuration = point.configuration
        self._level = SecurityProfile(max(configuration.number("SecurityProfile"), profile.security))
        wanted = point.store.get(WANTED)
        self._wanted = SecurityProfile(int(wanted)) if wanted else None

    @property
    def network(self) -> UseNetwork:
        """What to connect to: what is wanted first, then what has worked."""
        return self._network(reconnect=False)

    def restore(self, now: float) -> None:
        """The installer may have raised the security profile."""
        if self._point.configuration.number("SecurityProfile") != self._level:
            self._point.configuration.put("SecurityProfile", str(int(self._level)), now)

    def takers(self) -> Mapping[str, Taker]:
        """The keys that are decided here."""
        return {"AuthorizationKey": self._take_key, "SecurityProfile": self._take_level}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case Linked(slot, verified):
                self._on_linked(slot, verified, now)
            case OwnCertificateRefused(info):
                self._on_refused(info, now)
            case _:
                pass

    def identity_changed(self, use: OwnUse, now: float) -> None:
        """The station's certificate is another: show it (A02.FR.08)."""
        if (
            self._level is SecurityProfile.TLS_CLIENT_CERTIFICATE
            and use.value == "ChargingStationCertificate"
        ):
            self._point.emit(self._network(reconnect=True))

    # --- the password ---

    def _take_key(self, value: str, now: float) -> ConfigurationStatus:
        """Hexadecimal digits of 16 to 20 bytes (chapter 7.2), or as the field has it, 16 to 40 characters."""
        if not _PLAIN.fullmatch(value):
            return ConfigurationStatus.REJECTED
        self._point.configuration.put("AuthorizationKey", value, now)
        self._point.afterwards(self._on_new_key)
        return ConfigurationStatus.ACCEPTED

    def _on_new_key(self, now: float) -> None:
        self._events.report(RECONFIGURED, "AuthorizationKey", now)
        if self._level in (SecurityProfile.BASIC_AUTH, SecurityProfile.TLS_BASIC_AUTH):
            self._point.emit(self._network(reconnect=True))

    def _password(self) -> str | bytes | None:
        key = self._point.configuration.text("AuthorizationKey")
        if not key:
            return self._base.password
        return bytes.fromhex(key) if _HEXADECIMAL.fullmatch(key) else key

    # --- the security profile ---

    def _take_level(self, value: str, now: float) -> ConfigurationStatus:
        if value not in ("1", "2", "3") or int(value) <= self._level:
            return ConfigurationStatus.REJECTED
        wanted = SecurityProfile(int(value))
        if not self._is_ready_for(wanted, now):
            return ConfigurationStatus.REJECTED
        self._point.store.put(WANTED, value)
        self._wanted = wanted
        self._point.afterwards(lambda at: self._point.emit(self._network(reconnect=True)))
        return ConfigurationStatus.ACCEPTED

    def _is_ready_for(self, level: SecurityProfile, now: float) -> bool:
        """A05.FR.02 to FR.04."""
        if level is not SecurityProfile.TLS_CLIENT_CERTIFICATE and not self._password():
            return False
        store, at = self._certificates, self._point.clock.at(now)
        if level.has_tls and self._base.ca_file is None and (store is None or not store.trusts_csms(at)):
            return False
        return (
            level is not SecurityProfile.TLS_CLIENT_CERTIFICATE
            or self._base.certificate_file is not None
            or (store is not None and store.station_identity(at) is not None)
        )

    def _on_linked(self, slot: int, verified: tuple[bytes, ...], now: float) -> None:
        if self._certificates is not None:
            self._certificates.roots.connected(verified)
            self._prove(slot, now)
        if self._wanted is None:
            return
        if slot == self._wanted:
            self._level = self._wanted
            self._point.configuration.put("SecurityProfile", str(slot), now)
            self._events.report(RECONFIGURED, f"security profile {slot}", now)
        self._wanted = None
        self._point.store.put(WANTED, "")
        self._point.emit(self._network(reconnect=False))

    # --- the station's certificate ---

    def _prove(self, slot: int, now: float) -> None:
        """The certificate in force has been taken by the back end."""
        if slot == SecurityProfile.TLS_CLIENT_CERTIFICATE and self._certificates is not None:
            current = self._certificates.station_identity(self._point.clock.at(now))
            if current is not None:
                self._point.store.put(PROVED, current.name)

    def _on_refused(self, info: str, now: float) -> None:
        """Back to the certificate before, where the new one has never worked (A02.FR.10)."""
        store, at = self._certificates, self._point.clock.at(now)
        if store is None:
            return
        new = store.station_identity(at)
        if new is not None and new.name != self._point.store.get(PROVED) and store.discard_renewed(at):
            self._events.report("DiscardedRenewedClientCertificate", info, now)

    def _network(self, *, reconnect: bool) -> UseNetwork:
        levels = (self._level,) if self._wanted is None else (self._wanted, self._level)
        password = self._password()
        profiles = {int(level): self._base.secured(level, password) for level in levels}
        return UseNetwork(profiles=profiles, order=tuple(profiles), reconnect=reconnect)
