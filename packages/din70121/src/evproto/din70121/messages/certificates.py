"""Certificates of DIN SPEC 70121: in the schema, out of the scope of its DC charging."""

from __future__ import annotations

from evproto.exi import element

from .namespaces import DataType
from .simple_types import Certificate, RootCertificateID


class SubCertificates(DataType):
    """Intermediate certificates."""

    certificate: tuple[Certificate, ...] = element("Certificate", occurs=(1, None))


class CertificateChain(DataType):
    """A leaf certificate and its intermediate ones."""

    certificate: Certificate = element("Certificate")
    sub_certificates: SubCertificates | None = element("SubCertificates", default=None)


class ListOfRootCertificateIDs(DataType):
    """The root certificates that the vehicle holds."""

    root_certificate_id: tuple[RootCertificateID, ...] = element("RootCertificateID", occurs=(1, None))
