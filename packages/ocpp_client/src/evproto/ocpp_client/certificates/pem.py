"""Certificates in PEM, as OCPP sends them: bounded, and with errors that say what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from evproto.core import DecodeError

MAX_CERTIFICATES = 8
"""In one chain; a V2G chain has at most four."""
MAX_CHARACTERS = 10_000
"""The largest field of OCPP that carries a chain."""


def read_chain(text: str, *, most: int = MAX_CERTIFICATES) -> tuple[x509.Certificate, ...]:
    """The certificates of a chain, leaf first as they were sent. Raises DecodeError."""
    if len(text) > MAX_CHARACTERS:
        raise DecodeError(f"a chain of {len(text)} characters is longer than {MAX_CHARACTERS}")
    if text.count("-----BEGIN") > most:
        raise DecodeError(f"expected at most {most} certificates in one chain")
    try:
        chain = tuple(x509.load_pem_x509_certificates(text.encode("ascii")))
        for certificate in chain:
            _read_lazy_parts(certificate)
    except (
        ValueError,
        UnsupportedAlgorithm,
        x509.DuplicateExtension,
        x509.InvalidVersion,
        x509.UnsupportedGeneralNameType,
    ) as error:
        raise DecodeError(f"no PEM certificates: {str(error).partition(chr(10))[0]}") from None
    return chain


def read_certificate(text: str) -> x509.Certificate:
    """Exactly one certificate. Raises DecodeError."""
    return read_chain(text, most=1)[0]


def write_chain(certificates: Iterable[x509.Certificate]) -> str:
    """The chain in PEM."""
    return "".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in certificates)


def label(certificate: x509.Certificate) -> str:
    """For a person: whose it is, with the number that its issuer gave it."""
    return f"{certificate.subject.rfc4514_string()} ({certificate.serial_number:x})"


def _read_lazy_parts(certificate: x509.Certificate) -> None:
    """They are decoded when they are asked for, and may be garbage."""
    for _ in (
        certificate.subject,
        certificate.issuer,
        certificate.extensions,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.public_key(),
    ):
        pass
