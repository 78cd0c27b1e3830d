"""Certificates, keys and account identifiers of ISO 15118-2 (V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import attribute, element, text
from evproto.exi.types import ID
from evproto.v2gtp.messages.xmldsig import X509IssuerSerial

from .namespaces import DataType
from .simple_types import Certificate, DHpublickey, EMAIDText, PrivateKey


class ContractSignatureEncryptedPrivateKey(DataType):
    """The contract's private key, encrypted for the vehicle."""

    id: ID = attribute("Id")
    value: PrivateKey = text()


class DiffieHellmanPublickey(DataType):
    """The key from which the vehicle derives the secret that opens the private key."""

    id: ID = attribute("Id")
    value: DHpublickey = text()


class EMAID(DataType):
    """An account identifier that a signature can refer to."""

    id: ID = attribute("Id")
    value: EMAIDText = text()


class SubCertificates(DataType):
    """Intermediate certificates."""

    certificate: tuple[Certificate, ...] = element("Certificate", occurs=(1, 4))


class CertificateChain(DataType):
    """A leaf certificate and its intermediate ones, from the leaf up."""

    id: ID | None = attribute("Id", default=None)
    certificate: Certificate = element("Certificate")
    sub_certificates: SubCertificates | None = element("SubCertificates", default=None)


class ListOfRootCertificateIDs(DataType):
    """The root certificates that the vehicle holds."""

    root_certificate_id: tuple[X509IssuerSerial, ...] = element("RootCertificateID", occurs=(1, 20))
