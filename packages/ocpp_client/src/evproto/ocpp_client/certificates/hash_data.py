"""How OCPP names a certificate without sending it: the CertID of OCSP (RFC 6960 section 4.1.1)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID


class HashAlgorithm(enum.Enum):
    """The algorithms that OCPP knows."""

    SHA256 = "SHA256"
    SHA384 = "SHA384"
    SHA512 = "SHA512"


@dataclass(frozen=True, slots=True, kw_only=True)
class HashData:
    """CertificateHashData; hexadecimal digits, the serial number without leading zeros."""

    algorithm: HashAlgorithm
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str

    def names(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Whether it is this certificate's; peers write digits in either case, and leading zeros."""
        return _plain(self) == _plain(hash_data(certificate, issuer, self.algorithm))


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspData:
    """OCSPRequestData: what the back end needs to ask after a certificate."""

    hash: HashData
    responder_url: str


def hash_data(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    algorithm: HashAlgorithm = HashAlgorithm.SHA256,
) -> HashData:
    """The hash data of a certificate; a root is its own issuer."""
    asked = OCSPRequestBuilder().add_certificate(certificate, issuer, _HASHES[algorithm]).build()
    return HashData(
        algorithm=algorithm,
        issuer_name_hash=asked.issuer_name_hash.hex(),
        issuer_key_hash=asked.issuer_key_hash.hex(),
        serial_number=f"{asked.serial_number:x}",
    )


def ocsp_data(
    chain: Sequence[x509.Certificate], algorithm: HashAlgorithm = HashAlgorithm.SHA256
) -> tuple[OcspData, ...]:
    """For every certificate of a chain that ends with its root, the root excepted.

    One that names no responder gets an empty URL; it cannot be asked after.
    """
    return tuple(
        OcspData(hash=hash_data(one, issuer, algorithm), responder_url=responder_url(one))
        for one, issuer in pairwise(chain)
    )


def responder_url(certificate: x509.Certificate) -> str:
    """Where its revocation can be asked after (RFC 5280 section 4.2.2.1), or nothing."""
    try:
        access = certificate.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS)
    except (x509.ExtensionNotFound, ValueError):
        return ""
    assert isinstance(access.value, x509.AuthorityInformationAccess)
    for one in access.value:
        place = one.access_location
        if one.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            place, x509.UniformResourceIdentifier
        ):
            return place.value
    return ""


def _plain(data: HashData) -> tuple[str, str, str]:
    serial = data.serial_number.strip().lower().removeprefix("0x").lstrip("0")
    return data.issuer_name_hash.lower(), data.issuer_key_hash.lower(), serial


_HASHES = {
    HashAlgorithm.SHA256: hashes.SHA256(),
    HashAlgorithm.SHA384: hashes.SHA384(),
    HashAlgorithm.SHA512: hashes.SHA512(),
}
