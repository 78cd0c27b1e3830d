"""All certificates of a station behind one door: what the messages of blocks A and M work on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from evproto.ocpp_client.certificates.hash_data import HashData
from evproto.ocpp_client.certificates.identities import Identities, Identity, NewKey
from evproto.ocpp_client.certificates.roots import Roots
from evproto.ocpp_client.certificates.uses import DeleteStatus, OwnUse, RootUse
from evproto.ocpp_client.certificates.vault import Vault

V2G_CHAIN = "V2GCertificateChain"
"""How the list of what is installed names the certificates that the EVSE shows to vehicles."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry of GetInstalledCertificateIds; `children`: the sub CAs of a V2G chain."""

    use: str
    hash: HashData
    children: tuple[HashData, ...] = ()


class CertificateStore:
    """`roots` of others and `own` identities. See `Roots` and `Identities` for the settings."""

    def __init__(
        self, vault: Vault, new_key: NewKey, *, most: int = 32, signed_by_the_old: bool = False
    ) -> None:
        self.roots = Roots(vault, most=most, signed_by_the_old=signed_by_the_old)
        self.own = Identities(vault, self.roots, new_key)

    @property
    def damaged(self) -> tuple[str, ...]:
        """Files that could not be read and are left out."""
        return (*self.roots.damaged, *self.own.damaged)

    def installed(self, uses: Collection[str] = ()) -> tuple[Installed, ...]:
        """What the back end may know of (M03); `uses`: only these, in the words of 2.x."""
        found = [Installed(root.use.value, root.hash()) for root in self.roots]
        chains = [self.own.chain_hashes(one) for one in self.own if one.use is not OwnUse.CHARGING_STATION]
        found += [Installed(V2G_CHAIN, hashes[0], hashes[1:]) for hashes in chains if hashes]
        return tuple(one for one in found if not uses or one.use in uses)

    def delete(self, hash: HashData) -> DeleteStatus:
        """Forget a certificate (M04); never the one that the station shows to its back end."""
        for identity in [one for one in self.own if self.own.is_meant(one, hash)]:
            if identity.use is OwnUse.CHARGING_STATION:
                return DeleteStatus.FAILED
            try:
                self.own.discard(identity)
            except OSError:
                return DeleteStatus.FAILED
            return DeleteStatus.ACCEPTED
        return self.roots.delete(hash)

    def trusts_csms(self, at: datetime) -> bool:
        """Whether a root is installed that can verify the back end now (A05.FR.03)."""
        roots = self.roots.certificates(RootUse.CSMS)
        return any(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in roots)

    def station_identity(self, at: datetime) -> Identity | None:
        """What the station shows to its back end."""
        return self.own.current(OwnUse.CHARGING_STATION, at)

    def discard_renewed(self, at: datetime) -> bool:
        """Go back to the certificate before; False where there is none that is valid."""
        new = self.station_identity(at)
        others = [one for one in self.own if one.use is OwnUse.CHARGING_STATION and one is not new]
        if new is None or not any(one.leaf.not_valid_after_utc >= at for one in others):
            return False
        self.own.discard(new)
        return True
