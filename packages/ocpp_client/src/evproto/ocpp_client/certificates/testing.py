"""An authority to test with: roots, sub CAs, certificates of all kinds, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from evproto.ocpp_client.certificates.pem import write_chain
from evproto.ocpp_client.certificates.store_directory import new_key

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate, with its key where it was made here, and what is between it and its root."""

    certificate: x509.Certificate
    key: Key | None = field(default=None, repr=False)
    between: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return write_chain((self.certificate,))

    @property
    def chain_pem(self) -> str:
        """With its sub CAs."""
        return write_chain((self.certificate, *self.between))

    @property
    def key_pem(self) -> str:
        """The private key, in the clear."""
        assert self.key is not None
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode("ascii")


class Authority:
    """A root; `under` makes sub CAs. at: the moment that its certificates count from."""

    def __init__(
        self,
        name: str,
        at: datetime,
        *,
        parent: Authority | None = None,
        days: float = 3650,
        make_key: Callable[[], Key] = new_key,
    ) -> None:
        self.at = at
        self._parent = parent
        self._key = make_key()
        self.issued = Issued(self._sign(name, self._key.public_key(), days=days), self._key)

    @property
    def certificate(self) -> x509.Certificate:
        """Its own certificate."""
        return self.issued.certificate

    @property
    def pem(self) -> str:
        """Its own certificate in PEM."""
        return self.issued.pem

    def under(self, name: str) -> Authority:
        """A sub CA, or a root that this one signed."""
        return Authority(name, self.at, parent=self)

    def issue(
        self,
        name: str,
        *,
        days: float = 365,
        begins_in: float = -1,
        key: Key | None = None,
        responder: str | None = None,
        address: str | None = None,
    ) -> Issued:
        """A leaf with a new key; times in days. address: the IP address of a server."""
        key = key or new_key()
        extensions: list[x509.ExtensionType] = []
        if responder is not None:
            place = x509.UniformResourceIdentifier(responder)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
            extensions.append(x509.AuthorityInformationAccess([access]))
        if address is not None:
            extensions.append(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]))
        leaf = self._leaf(name, key.public_key(), days, begins_in, extensions)
        return Issued(leaf, key, self._between())

    def sign(self, csr: str, *, days: float = 365, begins_in: float = -1, name: str | None = None) -> Issued:
        """What a CSR asks for."""
        asked = x509.load_pem_x509_csr(csr.encode("ascii"))
        assert asked.is_signature_valid
        key = asked.public_key()
        assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
        own = str(asked.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        return Issued(self._leaf(name or own, key, days, begins_in, []), None, self._between())

    def _leaf(
        self,
        name: str,
        key: PublicKey,
        days: float,
        begins_in: float,
        extensions: list[x509.ExtensionType],
    ) -> x509.Certificate:
        builder = _builder(name, self.certificate.subject, key, self.at, days, begins_in)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _between(self) -> tuple[x509.Certificate, ...]:
        above = self._parent
        return () if above is None else (self.certificate, *above._between())

    def _sign(self, name: str, key: PublicKey, *, days: float) -> x509.Certificate:
        signer = self._parent
        issuer = _subject(name) if signer is None else signer.certificate.subject
        builder = _builder(name, issuer, key, self.at, days, -1)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return builder.sign(self._key if signer is None else signer._key, hashes.SHA256())


def _builder(
    name: str, issuer: x509.Name, key: PublicKey, at: datetime, days: float, begins_in: float
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at + timedelta(days=min(begins_in, days - 1)))
        .not_valid_after(at + timedelta(days=days))
    )


def _subject(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "evproto test"),
        ]
    )
