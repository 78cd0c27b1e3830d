"""Messages of ISO 15118-2 that bring contract certificates (8.4.3.10 and 8.4.3.11)."""

from __future__ import annotations

from evproto.exi import attribute, element
from evproto.exi.types import ID, Short

from .certificates import (
    EMAID,
    CertificateChain,
    ContractSignatureEncryptedPrivateKey,
    DiffieHellmanPublickey,
    ListOfRootCertificateIDs,
)
from .enumerations import ResponseCode
from .namespaces import BodyElement
from .simple_types import Certificate, EMAIDText


class CertificateUpdateReq(BodyElement, element="CertificateUpdateReq"):
    """Asks for a new contract certificate in place of an expiring one; signed."""

    id: ID = attribute("Id")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    emaid: EMAIDText = element("eMAID")
    list_of_root_certificate_ids: ListOfRootCertificateIDs = element("ListOfRootCertificateIDs")


class CertificateUpdateRes(BodyElement, element="CertificateUpdateRes"):
    """Brings the new contract; `retry_counter` in days until the next try is useful."""

    response_code: ResponseCode = element("ResponseCode")
    sa_provisioning_certificate_chain: CertificateChain = element("SAProvisioningCertificateChain")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    contract_signature_encrypted_private_key: ContractSignatureEncryptedPrivateKey = element(
        "ContractSignatureEncryptedPrivateKey"
    )
    dh_publickey: DiffieHellmanPublickey = element("DHpublickey")
    emaid: EMAID = element("eMAID")
    retry_counter: Short | None = element("RetryCounter", default=None)


class CertificateInstallationReq(BodyElement, element="CertificateInstallationReq"):
    """Asks for a contract certificate by the vehicle's provisioning certificate; signed."""

    id: ID = attribute("Id")
    oem_provisioning_cert: Certificate = element("OEMProvisioningCert")
    list_of_root_certificate_ids: ListOfRootCertificateIDs = element("ListOfRootCertificateIDs")


class CertificateInstallationRes(BodyElement, element="CertificateInstallationRes"):
    """Brings the contract certificate and its key."""

    response_code: ResponseCode = element("ResponseCode")
    sa_provisioning_certificate_chain: CertificateChain = element("SAProvisioningCertificateChain")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    contract_signature_encrypted_private_key: ContractSignatureEncryptedPrivateKey = element(
        "ContractSignatureEncryptedPrivateKey"
    )
    dh_publickey: DiffieHellmanPublickey = element("DHpublickey")
    emaid: EMAID = element("eMAID")
