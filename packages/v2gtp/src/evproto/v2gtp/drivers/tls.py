"""TLS contexts with the settings of ISO 15118-2 section 7.7.3.

The certificates of the V2G key infrastructure name no host; what counts is that the chain ends
at a V2G root and that the leaf was issued for charging stations.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from evproto.core import ConfigError

CIPHERS = "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
"""Of TLS 1.2: the one that -2 prescribes ([V2G2-602]) and two newer ones of the same kind."""


def secc_context(certificate_chain: Path, private_key: Path, password: str | None = None) -> ssl.SSLContext:
    """A server context: the SECC certificate with its sub-CAs, leaf first, as PEM files."""
    context = _strict(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    context.load_cert_chain(certificate_chain, private_key, password)
    return context


def evcc_context(v2g_roots: Path) -> ssl.SSLContext:
    """A client context that trusts the V2G root certificates in a PEM file."""
    context = _strict(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(v2g_roots)
    return context


def check_context(context: ssl.SSLContext) -> None:
    """ConfigError for a context that would speak less than TLS 1.2."""
    if context.minimum_version < ssl.TLSVersion.TLSv1_2:
        raise ConfigError(f"the TLS context allows {context.minimum_version.name}; TLS 1.2 is the least")


def _strict(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    return context
