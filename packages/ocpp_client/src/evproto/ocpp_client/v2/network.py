"""Network profiles and the credentials of the connection (A01, A05, B09, B10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from evproto.core import ConfigError, DecodeError
from evproto.ocpp_client.bridge import Fact
from evproto.ocpp_client.bridge_security import Linked, OwnCertificateRefused, UseNetwork
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.connectivity import BackOff
from evproto.ocpp_client.device_model import Changed, Component, Reason, Source, Variable
from evproto.ocpp_client.device_model.characteristics import members
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v2.security_events import SecurityEvents
from evproto.ocpp_client.v21.datatypes import NetworkConnectionProfile, StatusInfo
from evproto.ocpp_client.v21.enums import OCPPTransportEnum, OCPPVersionEnum, SetNetworkProfileStatusEnum
from evproto.ocpp_client.v21.messages import SetNetworkProfileRequest, SetNetworkProfileResponse
from evproto.ocpp_client.version import Version

RECONFIGURED = "ReconfigurationOfSecurityParameters"
COMM, SECURITY = Component("OCPPCommCtrlr"), Component("SecurityCtrlr")
PRIORITY, ACTIVE = Variable("NetworkConfigurationPriority"), Variable("ActiveNetworkProfile")
LEVEL, PASSWORD = Variable("SecurityProfile"), Variable("BasicAuthPassword")
DOWNGRADE = "AllowSecurityProfileDowngrade"
PROVED, REACHED = "v2.network.proved", "v2.network.reached"
OWN_SLOT = 1
"""Where the profile stands that the station was made with, until the back end writes another there."""

_BACK_OFF = (
    "RetryBackOffWaitMinimum",
    "RetryBackOffRandomRange",
    "RetryBackOffRepeatTimes",
    "NetworkProfileConnectionAttempts",
)

_PASSWORD = re.compile(r"[A-Za-z0-9*\-_=:+|@.]{16,40}")
"""identifierString (part 2, A01): what may stand in a password."""


class Network(Block):
    """The back end writes profiles into slots and says by priority which are used, after a restart.

    A security profile that was reached is never left again for a lower one (A05, B09.FR.04).
    """

    name = "network"

    def __init__(self, station: ChargingStation, profile: NetworkProfile, events: SecurityEvents) -> None:
        super().__init__(station)
        self._base = profile
        self._events = events
        self._now = 0.0
        station.model.guard("OCPPCommCtrlr", "NetworkConfigurationPriority", self._guard_priority)
        station.model.guard("SecurityCtrlr", "BasicAuthPassword", _guard_password)

    def handlers(self) -> Mapping[str, Handler]:
        return {"SetNetworkProfile": self._on_set}

    def restore(self, now: float) -> None:
        """What was reached holds; the installer may have raised it further."""
        reached = max(int(self._station.store.get(REACHED, "0")), self._base.security)
        self._station.model.write(SECURITY, LEVEL, str(reached), now)
        self._now = now

    def settle(self, now: float) -> None:
        self._now = now

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case Linked(slot, verified):
                self._on_linked(slot, verified, now)
            case OwnCertificateRefused(info):
                self._on_refused(info, now)
            case _:
                pass

    def variable_changed(self, changed: Changed, now: float) -> None:
        """A new password is used from a reconnection on (A01); it stands in no log."""
        if changed.variable.name in _BACK_OFF:
            self._station.emit(self.network())
        if changed.variable.name == PASSWORD.name and changed.source is Source.BACK_END:
            self._station.afterwards(self._on_password)

    def identity_changed(self, now: float) -> None:
        """The station's certificate is another: show it (A02.FR.08)."""
        if self._level is SecurityProfile.TLS_CLIENT_CERTIFICATE:
            self._station.emit(self.network(reconnect=True))

    def network(self, *, reconnect: bool = False) -> UseNetwork:
        """The profiles by slot, in the order of their priority."""
        found = {slot: one for slot in self._order() if (one := self._usable(slot)) is not None}
        profiles = found or {OWN_SLOT: self._base.secured(self._level, self._password())}
        order, active = tuple(profiles), self._station.model.value(COMM, ACTIVE)
        last_good = int(active) if active else None
        way_back = None if last_good is None else self._usable(last_good)
        if last_good is not None and way_back is not None:
            profiles.setdefault(last_good, way_back)
        return UseNetwork(
            profiles=profiles,
            order=order,
            reconnect=reconnect,
            last_good=None if way_back is None else last_good,
            back_off=self._back_off(),
        )

    # --- profiles ---

    def _on_set(self, request: SetNetworkProfileRequest, now: float) -> SetNetworkProfileResponse:
        slot, data = request.configuration_slot, request.connection_data
        reason = self._refusal(slot, data)
        if reason is not None:
            return SetNetworkProfileResponse(
                status=SetNetworkProfileStatusEnum.REJECTED,
                status_info=StatusInfo(reason_code=reason[0], additional_info=reason[1]),
            )
        self._station.store.put(_key(slot), encode(data).decode())
        return SetNetworkProfileResponse(status=SetNetworkProfileStatusEnum.ACCEPTED)

    def _refusal(self, slot: int, data: NetworkConnectionProfile) -> tuple[str, str] | None:
        allowed = self._station.model.record(COMM, PRIORITY).characteristics.values_list
        if str(slot) not in allowed:
            return "InvalidConfSlot", f"slots are {', '.join(allowed)}"
        if data.security_profile < self._lowest:
            return "NoSecurityDowngrade", f"security profile {int(self._level)} is in use"
        if str(slot) == self._station.model.value(COMM, ACTIVE):
            return "InvalidNetworkConf", "the slot is in use"
        if data.ocpp_transport is not OCPPTransportEnum.JSON:
            return "InvalidNetworkConf", "only JSON is spoken here"
        try:
            self._made_of(data, password="x" * 16)
        except (ConfigError, ValueError) as error:
            return "InvalidNetworkConf", str(error)
        return None

    def _profile(self, slot: int) -> NetworkProfile | None:
        text = self._station.store.get(_key(slot))
        try:
            if not text:
                return self._own() if slot == OWN_SLOT else None
            data = decode(NetworkConnectionProfile, text)
            return self._made_of(data, data.basic_auth_password or self._password())
        except (DecodeError, ConfigError, ValueError):
            return None

    def _usable(self, slot: int) -> NetworkProfile | None:
        """Never one of lower security than was reached, wherever it stands."""
        profile = self._profile(slot)
        return None if profile is None or profile.security < self._lowest else profile

    def _own(self) -> NetworkProfile:
        return replace(self._base, password=self._password())

    def _made_of(self, data: NetworkConnectionProfile, password: str | bytes | None) -> NetworkProfile:
        """Raises ConfigError or ValueError for what cannot be connected to."""
        return replace(
            self._base,
            url=data.ocpp_csms_url,
            identity=data.identity or self._base.identity,
            security=SecurityProfile(data.security_profile),
            versions=_versions(data.ocpp_version) or self._base.versions,
            password=password,
        )

    def _back_off(self) -> BackOff:
        model, name = self._station.model, COMM.name
        usual = BackOff()
        return BackOff(
            wait_minimum=model.number(name, "RetryBackOffWaitMinimum", default=int(usual.wait_minimum)),
            random_range=model.number(name, "RetryBackOffRandomRange", default=int(usual.random_range)),
            repeat_times=model.number(name, "RetryBackOffRepeatTimes", default=usual.repeat_times),
            attempts_per_profile=max(model.number(name, "NetworkProfileConnectionAttempts", default=1), 1),
        )

    def _order(self) -> tuple[int, ...]:
        return tuple(map(int, self._station.model.names(COMM.name, PRIORITY.name)))

    def _guard_priority(self, value: str) -> Reason | None:
        """B10, A05.FR.02 and FR.03: only slots that can be connected to."""
        for slot in members(value):
            if not slot.isdecimal():
                return Reason.INVALID_VALUE
            profile = self._profile(int(slot))
            if profile is None:
                return Reason.NOT_FOUND
            if profile.security < self._lowest or not self._is_ready_for(profile):
                return Reason.INVALID_VALUE
        return None

    def _is_ready_for(self, profile: NetworkProfile) -> bool:
        store, at = self._station.certificates, self._station.clock.at(self._now)
        needs_root = profile.security.has_tls and self._base.ca_file is None
        if needs_root and (store is None or not store.trusts_csms(at)):
            return False
        if profile.security is SecurityProfile.TLS_CLIENT_CERTIFICATE:
            return self._base.certificate_file is not None or (
                store is not None and store.station_identity(at) is not None
            )
        return profile.security is SecurityProfile.NONE or bool(profile.password)

    @property
    def _level(self) -> SecurityProfile:
        return SecurityProfile(self._station.model.number(SECURITY.name, LEVEL.name))

    @property
    def _lowest(self) -> SecurityProfile:
        """2.1 lets the back end allow the way from 3 to 2, where both have TLS (A05)."""
        level, tls = self._level, SecurityProfile.TLS_BASIC_AUTH
        allowed = self._station.version is Version.V21 and self._station.model.flag(SECURITY.name, DOWNGRADE)
        return tls if allowed and level is SecurityProfile.TLS_CLIENT_CERTIFICATE else level

    # --- the connection ---

    def _on_linked(self, slot: int, verified: tuple[bytes, ...], now: float) -> None:
        station = self._station
        station.model.write(COMM, ACTIVE, str(slot), now)
        profile = self._profile(slot)
        if station.certificates is not None:
            station.certificates.roots.connected(verified)
        if profile is None:
            return
        self._prove(profile, now)
        if profile.security > self._level:
            self._reach(profile.security, now)
            self._forget_below(profile.security, now)
        elif profile.security < self._level and profile.security >= self._lowest:
            self._reach(profile.security, now)

    def _reach(self, level: SecurityProfile, now: float) -> None:
        self._station.store.put(REACHED, str(int(level)))
        self._station.model.write(SECURITY, LEVEL, str(int(level)), now)
        self._events.report(RECONFIGURED, f"security profile {int(level)}", now)

    def _forget_below(self, level: SecurityProfile, now: float) -> None:
        """Profiles of lower security are gone for good (A05.FR.05 and FR.06)."""
        station = self._station
        profiles = {slot: self._profile(slot) for slot in self._order()}
        kept = [slot for slot, one in profiles.items() if one is not None and one.security >= level]
        station.model.write(COMM, PRIORITY, ",".join(map(str, kept)), now)
        for slot in profiles.keys() - set(kept):
            station.store.put(_key(slot), "")
        station.emit(self.network())

    def _password(self) -> str | bytes | None:
        return self._station.model.value(SECURITY, PASSWORD) or self._base.password

    def _on_password(self, now: float) -> None:
        self._events.report(RECONFIGURED, "BasicAuthPassword", now)
        if self._level in (SecurityProfile.BASIC_AUTH, SecurityProfile.TLS_BASIC_AUTH):
            self._station.emit(self.network(reconnect=True))

    def _prove(self, profile: NetworkProfile, now: float) -> None:
        store = self._station.certificates
        if profile.security is SecurityProfile.TLS_CLIENT_CERTIFICATE and store is not None:
            current = store.station_identity(self._station.clock.at(now))
            if current is not None:
                self._station.store.put(PROVED, current.name)

    def _on_refused(self, info: str, now: float) -> None:
        """Back to the certificate before, where the new one has never worked (A02.FR.10)."""
        store, at = self._station.certificates, self._station.clock.at(now)
        new = None if store is None else store.station_identity(at)
        if store is None or new is None or new.name == self._station.store.get(PROVED):
            return
        if store.discard_renewed(at):
            self._events.report("DiscardedRenewedClientCertificate", info, now)


def _key(slot: int) -> str:
    return f"v2.network.{slot}"


def _guard_password(value: str) -> Reason | None:
    return None if _PASSWORD.fullmatch(value) else Reason.INVALID_VALUE


def _versions(name: OCPPVersionEnum | None) -> tuple[Version, ...]:
    """OCPP20 is what a 2.0.1 back end calls its own version."""
    return _VERSIONS.get(name, ()) if name is not None else ()


_VERSIONS = {
    OCPPVersionEnum.OCPP16: (Version.V16,),
    OCPPVersionEnum.OCPP20: (Version.V201,),
    OCPPVersionEnum.OCPP201: (Version.V201,),
    OCPPVersionEnum.OCPP21: (Version.V21,),
}
