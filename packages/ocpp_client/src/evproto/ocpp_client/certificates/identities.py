"""The station's own certificates and keys: asked for, verified, in force, renewed (A02, A03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from evproto.core import DecodeError
from evproto.ocpp_client.certificates.checks import CertificateError, check_chain, common_name
from evproto.ocpp_client.certificates.hash_data import HashData, hash_data
from evproto.ocpp_client.certificates.pem import label, read_chain, write_chain
from evproto.ocpp_client.certificates.roots import Roots
from evproto.ocpp_client.certificates.uses import OwnUse
from evproto.ocpp_client.certificates.vault import Vault

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NewKey = Callable[[], Key]
"""Where the entropy of the outside world comes in."""

RENEW_BEFORE = timedelta(days=30)
"""A03.FR.02: one month before its end a certificate is renewed."""
KEEP_AFTER = timedelta(days=30)
"""A02.FR.10: for a month the certificate before stays as a way back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who a certificate of the station is for (A00.FR.511; ISO 15118-2 annex F for V2G)."""

    common_name: str
    organization: str
    country: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate of the station with its key and what is between it and its root."""

    use: OwnUse
    name: str
    chain: tuple[x509.Certificate, ...]
    key_pem: bytes = field(repr=False)

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate itself."""
        return self.chain[0]

    @property
    def chain_pem(self) -> str:
        """For TLS: the leaf and its sub CAs."""
        return write_chain(self.chain)


class Identities:
    """Several of one use may stand side by side; the newest that is valid is in force (A02.FR.09).

    new_key: gives a fresh private key, P-256 by preference.
    """

    def __init__(self, vault: Vault, roots: Roots, new_key: NewKey) -> None:
        self._vault = vault
        self._roots = roots
        self._new_key = new_key
        self.damaged: list[str] = []
        """Files that could not be read."""
        self._all = [identity for use in OwnUse for identity in self._load(use)]

    def __iter__(self) -> Iterator[Identity]:
        return iter(self._all)

    def current(self, use: OwnUse, at: datetime) -> Identity | None:
        """The one in force: of those that are valid the one that began last."""
        valid = [one for one in self._of(use) if _begin(one) <= at <= one.leaf.not_valid_after_utc]
        return max(valid, key=_begin, default=None)

    def next_change(self, use: OwnUse, at: datetime) -> datetime | None:
        """When one that is not valid yet comes into force (A02.FR.08)."""
        return min((_begin(one) for one in self._of(use) if _begin(one) > at), default=None)

    def renewal(self, use: OwnUse, at: datetime) -> datetime | None:
        """When a new one has to be asked for; None where there is none to renew."""
        ends = [one.leaf.not_valid_after_utc for one in self._of(use)]
        return max(ends) - RENEW_BEFORE if ends else None

    def request(self, use: OwnUse, subject: Subject) -> str:
        """A CSR in PEM for a new key; the key waits for its certificate, also over a restart."""
        key = self._new_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        builder = x509.CertificateSigningRequestBuilder().subject_name(_name_of(subject))
        deterministic = isinstance(key, ec.EllipticCurvePrivateKey) or None
        csr = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=deterministic)
        self._vault.write(_pending(use), pem)
        return csr.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def accept(self, use: OwnUse, chain_pem: str, at: datetime, name: str | None = None) -> Identity:
        """The certificate that was asked for, with its sub CAs. Raises CertificateError.

        name: the CN that it has to bear.
        """
        try:
            chain = read_chain(chain_pem)
            key_pem = self._vault.read(_pending(use))
        except DecodeError as error:
            raise CertificateError(str(error)) from None
        except KeyError:
            raise CertificateError(f"no {use.value} was asked for") from None
        leaf = chain[0]
        if leaf.public_key() != _public(key_pem):
            raise CertificateError(f"{label(leaf)} is not for the key that was asked for")
        if name is not None and common_name(leaf) != name:
            raise CertificateError(f"expected the common name {name}, got {label(leaf)}")
        # One that is not valid yet is kept for its time; its issuers must be valid then.
        check_chain(chain, self._roots.certificates(use.root), max(at, leaf.not_valid_before_utc))
        return self._keep(use, chain, key_pem, at)

    def is_meant(self, identity: Identity, hash: HashData) -> bool:
        """Whether the back end means this one."""
        issuer = self._issuer_of(identity)
        return issuer is not None and hash.names(identity.leaf, issuer)

    def chain_hashes(self, identity: Identity) -> tuple[HashData, ...]:
        """By what the back end knows the leaf and its sub CAs, as far as their issuers are known."""
        issuer = self._issuer_of(identity, last=True)
        issuers = (*identity.chain[1:], *([issuer] if issuer is not None else []))
        return tuple(hash_data(one, by) for one, by in zip(identity.chain, issuers, strict=False))

    def discard(self, identity: Identity) -> None:
        """It does not work: back to the one before."""
        self._all.remove(identity)
        self._vault.remove(f"{identity.name}.pem")
        self._vault.remove(f"{identity.name}.key")

    def _keep(
        self, use: OwnUse, chain: tuple[x509.Certificate, ...], key_pem: bytes, at: datetime
    ) -> Identity:
        """The key first: a certificate without one is worth nothing."""
        name = f"{use.value}/{chain[0].fingerprint(hashes.SHA256()).hex()[:16]}"
        self._vault.write(f"{name}.key", key_pem)
        self._vault.write(f"{name}.pem", write_chain(chain).encode())
        self._vault.remove(_pending(use))
        identity = Identity(use, name, chain, key_pem)
        self._all = [one for one in self._all if one.name != name] + [identity]
        for old in list(self._of(use)):
            if old is not identity and old.leaf.not_valid_after_utc < at:
                self.discard(old)
        return identity

    def retire(self, use: OwnUse, at: datetime) -> None:
        """Give up those that the one in force took the place of a month ago."""
        current = self.current(use, at)
        if current is None or at - _begin(current) < KEEP_AFTER:
            return
        for old in [one for one in self._of(use) if _begin(one) < _begin(current)]:
            self.discard(old)

    def _of(self, use: OwnUse) -> list[Identity]:
        return [one for one in self._all if one.use is use]

    def _issuer_of(self, identity: Identity, *, last: bool = False) -> x509.Certificate | None:
        """Who issued the leaf, or the last of the chain."""
        if not last and len(identity.chain) > 1:
            return identity.chain[1]
        roots = self._roots.certificates(identity.use.root)
        top = identity.chain[-1]
        return next((root for root in roots if root.subject == top.issuer), None)

    def _load(self, use: OwnUse) -> Iterator[Identity]:
        for file in self._vault.names(use.value):
            name, _, kind = file.rpartition(".")
            if kind != "pem":
                continue
            try:
                chain = read_chain(self._vault.read(file).decode("ascii"))
                key_pem = self._vault.read(f"{name}.key")
                if chain[0].public_key() != _public(key_pem):
                    raise ValueError("key and certificate are no pair")
            except (ValueError, KeyError):
                self.damaged.append(file)
                continue
            yield Identity(use, name, chain, key_pem)


def _begin(identity: Identity) -> datetime:
    return identity.leaf.not_valid_before_utc


def _pending(use: OwnUse) -> str:
    return f"pending/{use.value}.key"


def _public(key_pem: bytes) -> object:
    return serialization.load_pem_private_key(key_pem, None).public_key()


def _name_of(subject: Subject) -> x509.Name:
    parts = [
        (NameOID.COMMON_NAME, subject.common_name),
        (NameOID.ORGANIZATION_NAME, subject.organization),
        (NameOID.COUNTRY_NAME, subject.country),
        (NameOID.DOMAIN_COMPONENT, subject.domain),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])
