"""A network connection profile: where a back end is and how the way there is secured (use case B09)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from evproto.core import ConfigError
from evproto.ocpp_client.version import Version


class SecurityProfile(enum.IntEnum):
    """The security profiles of part 2 A00 and of the 1.6 security whitepaper."""

    NONE = 0
    """Neither password nor TLS; only where `allow_unsecured` says so."""
    BASIC_AUTH = 1
    """A password over plain TCP: for a trusted network only."""
    TLS_BASIC_AUTH = 2
    TLS_CLIENT_CERTIFICATE = 3

    @property
    def has_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self >= SecurityProfile.TLS_BASIC_AUTH


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkProfile:
    """One back end. Raises ConfigError naming the field that does not fit.

    url: ws:// or wss://, without the identity, which is appended. versions: in the order of
    preference. password: bytes where it is no text (AuthorizationKey of 1.6). ca_file: PEM roots
    that are trusted instead of the system's. from_store: the roots and the certificate of the
    station are those of its certificate store. Times in seconds; `ping_interval` 0 sends no pings.
    """

    url: str
    identity: str
    security: SecurityProfile
    versions: tuple[Version, ...] = (Version.V21, Version.V201, Version.V16)
    password: str | bytes | None = field(default=None, repr=False)
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = field(default=None, repr=False)
    from_store: bool = False
    allow_unsecured: bool = False
    connect_timeout: float = 30.0
    ping_interval: float = 60.0
    ping_timeout: float = 20.0
    max_frame_bytes: int = 1_048_576

    def __post_init__(self) -> None:
        scheme = urlsplit(self.url).scheme
        expected = "wss" if self.security.has_tls else "ws"
        if scheme != expected:
            raise ConfigError(
                f"url: security profile {self.security:d} needs {expected}://, got {scheme or 'none'}://"
            )
        if not self.identity or len(self.identity) > 48:
            raise ConfigError(f"identity: expected 1 to 48 characters, got {len(self.identity)}")
        if not self.versions:
            raise ConfigError("versions: at least one is needed")
        self._check_credentials()

    @property
    def endpoint(self) -> str:
        """The URL with the identity, percent-encoded (part 4 section 3.1.1)."""
        return f"{self.url.rstrip('/')}/{quote(self.identity, safe='')}"

    def secured(self, security: SecurityProfile, password: str | bytes | None) -> NetworkProfile:
        """The same back end under another security profile; ws:// becomes wss:// where it has TLS."""
        place = self.url.partition("://")[2]
        url = f"{'wss' if security.has_tls else 'ws'}://{place}"
        return replace(self, url=url, security=security, password=password)

    def _check_credentials(self) -> None:
        match self.security:
            case SecurityProfile.NONE:
                if not self.allow_unsecured:
                    raise ConfigError("allow_unsecured: security profile 0 has to be allowed by name")
            case SecurityProfile.BASIC_AUTH | SecurityProfile.TLS_BASIC_AUTH:
                if self.password is None:
                    raise ConfigError(f"password: security profile {self.security:d} needs one")
            case SecurityProfile.TLS_CLIENT_CERTIFICATE:
                if not self.from_store and (self.certificate_file is None or self.key_file is None):
                    raise ConfigError("certificate_file, key_file: security profile 3 needs both")
