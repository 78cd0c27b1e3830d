"""Whether a certificate can be trusted: its properties (A00.FR.501 to 512) and its path (RFC 5280)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from evproto.core import EvprotoError
from evproto.ocpp_client.certificates.pem import label

MIN_RSA_BITS = 2048
MIN_CURVE_BITS = 224
MAX_SUB_CAS = 4
"""Between a leaf and its root."""


class CertificateError(EvprotoError):
    """Why a certificate is not taken; the text names it and is fit for a security event."""


def check_root(certificate: x509.Certificate, at: datetime) -> None:
    """Whether it can be a root. One that is not valid yet is taken: a change of roots is prepared.

    Raises CertificateError.
    """
    _check_strength(certificate)
    if certificate.not_valid_after_utc < at:
        raise CertificateError(f"{label(certificate)} expired at {certificate.not_valid_after_utc}")
    if not _is_authority(certificate):
        raise CertificateError(f"{label(certificate)} is not the certificate of an authority")
    if certificate.subject == certificate.issuer and not issued_by(certificate, certificate):
        raise CertificateError(f"the signature of {label(certificate)} is wrong")


def check_chain(
    chain: Sequence[x509.Certificate], roots: Iterable[x509.Certificate], at: datetime
) -> tuple[x509.Certificate, ...]:
    """The path from the leaf, which comes first, to one of the roots, the root included.

    Raises CertificateError.
    """
    leaf, *between = chain
    for one in chain:
        _check_strength(one)
    trusted = list(roots)
    if not trusted:
        raise CertificateError(f"no root is installed that {label(leaf)} could come from")
    if leaf.version is x509.Version.v1:
        return (leaf, *_check_old(leaf, between, trusted, at))
    return _verified(leaf, between, trusted, at)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed it, under the issuer's name."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm):
        return False
    return True


def common_name(certificate: x509.Certificate) -> str:
    """The CN of its subject, or nothing."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _check_old(
    leaf: x509.Certificate, between: Sequence[x509.Certificate], roots: list[x509.Certificate], at: datetime
) -> tuple[x509.Certificate, ...]:
    """A leaf of X.509 version 1, without extensions: what OpenSSL makes where it is told nothing."""
    if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
        raise CertificateError(f"{label(leaf)} is not valid at {at}")
    issuer = next((one for one in (*between, *roots) if issued_by(leaf, one)), None)
    if issuer is None or not _is_authority(issuer):
        raise CertificateError(f"{label(leaf)}: it comes from no root that is installed")
    return _verified(issuer, between, roots, at)


def _verified(
    leaf: x509.Certificate, between: Sequence[x509.Certificate], roots: list[x509.Certificate], at: datetime
) -> tuple[x509.Certificate, ...]:
    verifier = (
        PolicyBuilder()
        .store(Store(roots))
        .time(at)
        .max_chain_depth(MAX_SUB_CAS)
        .extension_policies(ca_policy=_AUTHORITY, ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        return tuple(verifier.verify(leaf, list(between)).chain)
    except (VerificationError, ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(f"{label(leaf)}: {_in_short(error)}") from None


def _in_short(error: Exception) -> str:
    """The library names every certificate that it tried; a security event has 255 characters."""
    text = str(error).removeprefix("validation failed: ").partition(" (encountered")[0]
    text = text.removeprefix("candidates exhausted: ")
    return "it comes from no root that is installed" if text.startswith("all candidates") else text


def _check_strength(certificate: x509.Certificate) -> None:
    """As strong as 112 bits of a symmetric key (A00.FR.501 to 503)."""
    match key := certificate.public_key():
        case rsa.RSAPublicKey():
            missing = MIN_RSA_BITS - key.key_size
        case ec.EllipticCurvePublicKey():
            missing = MIN_CURVE_BITS - key.key_size
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            missing = 0
        case _:
            raise CertificateError(f"{label(certificate)} has a key of an unknown kind")
    if missing > 0:
        raise CertificateError(f"the key of {label(certificate)} is {missing} bits too short")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return constraints.value.ca and _may_sign(certificate)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False


_AUTHORITY = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
