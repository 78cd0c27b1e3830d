"""The root certificates that a station trusts, by what for (use cases M03 to M05)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from evproto.core import DecodeError
from evproto.ocpp_client.certificates.checks import CertificateError, check_root, issued_by
from evproto.ocpp_client.certificates.hash_data import HashAlgorithm, HashData, hash_data
from evproto.ocpp_client.certificates.pem import read_certificate, read_chain, write_chain
from evproto.ocpp_client.certificates.uses import DeleteStatus, Installing, InstallStatus, RootUse
from evproto.ocpp_client.certificates.vault import Vault


@dataclass(frozen=True, slots=True)
class Root:
    """One root; `issuer` is itself, or who signed it in its place (M05.FR.09)."""

    use: RootUse
    name: str
    certificate: x509.Certificate
    issuer: x509.Certificate

    def hash(self, algorithm: HashAlgorithm = HashAlgorithm.SHA256) -> HashData:
        """By what the back end knows it."""
        return hash_data(self.certificate, self.issuer, algorithm)


class Roots:
    """Read once, then kept in memory.

    most: how many may be installed (CertificateStoreMaxLength). signed_by_the_old: a new CSMS root
    has to be signed by the one that it replaces (AdditionalRootCertificateCheck); the old one
    stays for the case that the back end cannot be verified with the new one.
    """

    def __init__(self, vault: Vault, *, most: int = 32, signed_by_the_old: bool = False) -> None:
        self._vault = vault
        self.most = most
        self.signed_by_the_old = signed_by_the_old
        self.damaged: list[str] = []
        """Files that could not be read; the technician has to look at them."""
        self._roots = [root for use in RootUse for root in self._load(use)]
        self._in_use: frozenset[bytes] = frozenset()

    def __len__(self) -> int:
        return len(self._roots)

    def __iter__(self) -> Iterator[Root]:
        return iter(self._roots)

    def of(self, use: RootUse) -> list[Root]:
        """Those of one use, in the order of their installation."""
        return [root for root in self._roots if root.use is use]

    def certificates(self, use: RootUse) -> list[x509.Certificate]:
        """What to verify with."""
        return [root.certificate for root in self.of(use)]

    def csms(self, *, fallback: bool) -> list[x509.Certificate]:
        """What to verify the back end with: with signed_by_the_old the newest, the old for the fall-back."""
        found = self.certificates(RootUse.CSMS)
        return found[-1:] if self.signed_by_the_old and not fallback else found

    def install(self, use: RootUse, pem: str, at: datetime) -> Installing:
        """Take a root that the back end sent (M05)."""
        try:
            certificate = read_certificate(pem)
            check_root(certificate, at)
            if any(root.certificate == certificate for root in self.of(use)):
                return Installing(InstallStatus.ACCEPTED, "it is installed already")
            issuer = self._issuer_of(certificate, use)
        except (DecodeError, CertificateError) as error:
            return Installing(InstallStatus.REJECTED, str(error))
        if len(self) >= self.most:
            return Installing(InstallStatus.REJECTED, f"{self.most} certificates are installed")
        return self._add(Root(use, self._new_name(use, certificate), certificate, issuer))

    def delete(self, hash: HashData) -> DeleteStatus:
        """Forget one (M04), unless the connection stands on it (M04.FR.06 of 1.6)."""
        found = [root for root in self._roots if hash.names(root.certificate, root.issuer)]
        if not found:
            return DeleteStatus.NOT_FOUND
        if any(root.use is RootUse.CSMS and _fingerprint(root.certificate) in self._in_use for root in found):
            return DeleteStatus.FAILED
        try:
            self._forget(found)
        except OSError:
            return DeleteStatus.FAILED
        return DeleteStatus.ACCEPTED

    def connected(self, path: Iterable[bytes]) -> None:
        """The back end was verified over these certificates (DER); none of them where TLS is not used.

        With signed_by_the_old, the old root is gone once the new one has proved itself (M05.FR.12).
        """
        self._in_use = frozenset(_digest(one) for one in path)
        if self.signed_by_the_old:
            roots = self.of(RootUse.CSMS)
            if roots and _fingerprint(roots[-1].certificate) in self._in_use:
                self._forget(roots[:-1])

    def _issuer_of(self, certificate: x509.Certificate, use: RootUse) -> x509.Certificate:
        """Raises CertificateError where it must be signed by the old root and is not."""
        own = self.certificates(use)
        signers = [one for one in (*reversed(own), certificate) if issued_by(certificate, one)]
        if self.signed_by_the_old and use is RootUse.CSMS and own and own[-1] not in signers:
            raise CertificateError("it is not signed by the root that it would replace")
        return signers[0] if signers else certificate

    def _add(self, root: Root) -> Installing:
        replaced = self.of(RootUse.CSMS)[:-1] if self.signed_by_the_old and root.use is RootUse.CSMS else []
        try:
            chain = (
                (root.certificate,) if root.issuer == root.certificate else (root.certificate, root.issuer)
            )
            self._vault.write(root.name, write_chain(chain).encode())
            self._roots.append(root)
            self._forget(replaced)
        except OSError as error:
            return Installing(InstallStatus.FAILED, str(error))
        return Installing(InstallStatus.ACCEPTED)

    def _forget(self, roots: list[Root]) -> None:
        for root in roots:
            self._vault.remove(root.name)
            self._roots.remove(root)

    def _load(self, use: RootUse) -> Iterator[Root]:
        """In the order of their names, in which they were installed."""
        for name in self._vault.names(use.value):
            try:
                certificate, *rest = read_chain(self._vault.read(name).decode("ascii"), most=2)
            except ValueError:
                self.damaged.append(name)
            else:
                yield Root(use, name, certificate, rest[0] if rest else certificate)

    def _new_name(self, use: RootUse, certificate: x509.Certificate) -> str:
        taken = [int(match[1]) for root in self.of(use) if (match := _NUMBER.match(root.name))]
        return f"{use.value}/{max(taken, default=0) + 1:06}-{_fingerprint(certificate).hex()[:16]}.pem"


_NUMBER = re.compile(r".*/(\d+)-")


def _fingerprint(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA256())


def _digest(der: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return digest.finalize()
