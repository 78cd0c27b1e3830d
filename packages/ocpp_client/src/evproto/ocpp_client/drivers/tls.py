"""TLS to the back end: what is trusted, what the station shows, and what a failure means."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from evproto.ocpp_client.bridge import SecurityEvent
from evproto.ocpp_client.bridge_security import OwnCertificateRefused
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore


def tls_context(
    profile: NetworkProfile, certificates: CertificateStore | None = None, *, fallback: bool = False
) -> ssl.SSLContext:
    """TLS 1.2 or newer, host name and chain checked; a client certificate for profile 3.

    fallback: trust also the root that a new one is to replace.
    """
    stored = certificates if profile.from_store else None
    if stored is None:
        context = ssl.create_default_context(cafile=profile.ca_file)
    else:
        context = _context_of(stored, profile.ca_file, fallback)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A root that another one signed ends the path as well (M05.FR.09).
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if profile.security is SecurityProfile.TLS_CLIENT_CERTIFICATE:
        _show_certificate(context, profile, stored)
    return context


def verified_path(connection: Any) -> tuple[bytes, ...]:
    """The certificates (DER) over which the peer of an asyncio transport was verified; none without TLS.

    Python offers it to the public from 3.13 on, and before that inside its own ssl module.
    """
    tls = connection.get_extra_info("ssl_object")
    if tls is None:
        return ()
    if hasattr(tls, "get_verified_chain"):
        return tuple(tls.get_verified_chain())
    chain = tls._sslobj.get_verified_chain() or ()
    return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in chain)


def meaning(error: BaseException) -> SecurityEvent | OwnCertificateRefused | None:
    """What a failed attempt to connect means for security; None for nothing."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return SecurityEvent("InvalidCsmsCertificate", one.verify_message)
        if isinstance(one, ssl.SSLError):
            return _meaning_of(one.reason or "")
    return None


def was_silent(error: BaseException) -> bool:
    """Whether the peer ended the connection after the handshake without a word."""
    return any(isinstance(one, EOFError | ConnectionResetError) for one in _causes(error))


def _meaning_of(reason: str) -> SecurityEvent | OwnCertificateRefused | None:
    if reason in _VERSION:
        return SecurityEvent("InvalidTLSVersion", reason)
    if reason in _CIPHERS:
        return SecurityEvent("InvalidTLSCipherSuite", reason)
    if "_ALERT_" in reason and any(word in reason for word in _CERTIFICATE):
        return OwnCertificateRefused(reason)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those behind it."""
    present: BaseException | None = error
    for _ in range(10):
        if present is None:
            return
        yield present
        present = present.__cause__ or present.__context__


def _context_of(store: CertificateStore, ca_file: Path | None, fallback: bool) -> ssl.SSLContext:
    """Only what is installed is trusted, not what the system trusts."""
    from evproto.ocpp_client.certificates.pem import write_chain

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    if roots := store.roots.csms(fallback=fallback):
        context.load_verify_locations(cadata=write_chain(roots))
    return context


def _show_certificate(
    context: ssl.SSLContext, profile: NetworkProfile, store: CertificateStore | None
) -> None:
    if profile.certificate_file is not None:
        context.load_cert_chain(profile.certificate_file, profile.key_file)
    identity = None if store is None else store.station_identity(datetime.now(UTC))
    if identity is None:
        return
    # OpenSSL takes files only; the folder is for us alone, and gone at once.
    with TemporaryDirectory() as folder:
        chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
        chain.write_text(identity.chain_pem)
        key.touch(mode=0o600)
        key.write_bytes(identity.key_pem)
        context.load_cert_chain(chain, key)


_VERSION = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE")
_CIPHERS = (
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    "WRONG_CIPHER_RETURNED",
    "NO_SHARED_CIPHER",
    "DH_KEY_TOO_SMALL",
)
_CERTIFICATE = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
