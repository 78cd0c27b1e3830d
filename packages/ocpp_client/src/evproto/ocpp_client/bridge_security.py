"""The part of the bridge to the charger that is about trust: the connection, firmware, Plug & Charge.

`bridge` counts what stands here among its facts, requests and news.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evproto.ocpp_client.bridge_authorization import CertificateHash
from evproto.ocpp_client.connectivity import BackOff
from evproto.ocpp_client.network_profile import NetworkProfile

# --- facts ---


@dataclass(frozen=True, slots=True)
class Linked:
    """The back end of this slot is connected; told just before `connected`.

    verified: the certificates (DER) over which TLS verified it, its own first.
    """

    slot: int
    verified: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OwnCertificateRefused:
    """The back end did not take the station's certificate at the TLS handshake."""

    info: str


@dataclass(frozen=True, slots=True)
class FirmwareDownloaded:
    """Answers `DownloadFirmware`: the SHA-256 digest of the whole file, for its signature."""

    digest: bytes
    request_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvCertificateNeeded:
    """A vehicle asks for a contract certificate (M01, M02); `EvCertificateBrought` follows.

    request: the CertificateInstallationReq or CertificateUpdateReq as EXI in base 64. schema: its
    namespace. action: Install or Update. Numbers of its own make a question known again.
    """

    id: int
    request: str = field(repr=False)
    schema: str
    action: str = "Install"


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspNeeded:
    """A certificate has to be asked after (M06); `OcspBrought` follows."""

    id: int
    certificate: CertificateHash


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStatusNeeded:
    """A chain has to be asked after with one question (M07 of 2.1); `ChainStatusBrought` follows.

    source: OCSP, or CRL with the place of the list as `responder_url`.
    """

    id: int
    certificates: tuple[CertificateHash, ...]
    source: str = "OCSP"


# --- requests ---


@dataclass(frozen=True, slots=True, kw_only=True)
class UseNetwork:
    """Connect to these back ends from now on, the first of `order` first, and tell `Linked`.

    reconnect: close the connection that stands, and connect at once with what is new. last_good:
    the way back when all in `order` fail. back_off: how to wait and how often to try.
    """

    profiles: Mapping[int, NetworkProfile]
    order: tuple[int, ...]
    reconnect: bool
    last_good: int | None = None
    back_off: BackOff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFirmware:
    """Download now: tell `FirmwareChanged` (Downloading, DownloadFailed), then `FirmwareDownloaded`."""

    request_id: int | None
    location: str = field(repr=False)
    """May carry a password."""
    retries: int
    retry_interval: float


@dataclass(frozen=True, slots=True)
class InstallFirmware:
    """Install what was downloaded, and tell `FirmwareChanged`: Installing, Installed, ...

    Where that takes a reboot tell InstallRebooting before and the outcome after it.
    """

    request_id: int | None


@dataclass(frozen=True, slots=True)
class CancelFirmware:
    """Forget the download, whole or not; tell nothing of it any more."""

    request_id: int | None


@dataclass(frozen=True, slots=True)
class EvCertificateBrought:
    """Answers `EvCertificateNeeded`: the EXI for the vehicle in base 64; None where there is none."""

    id: int
    response: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OcspBrought:
    """Answers `OcspNeeded`: the OCSP response (DER, base 64); None where there is none."""

    id: int
    response: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChainStatusBrought:
    """Answers `ChainStatusNeeded`: Good, Revoked, Unknown or Failed for each; nothing without an answer."""

    id: int
    statuses: tuple[str, ...] = ()


# --- news ---


@dataclass(frozen=True, slots=True)
class SecurityLogged:
    """An entry for the security log (A04.FR.04); `kind` in the words of 2.x."""

    kind: str
    info: str | None = None
