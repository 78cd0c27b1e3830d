"""Messages of DIN SPEC 70121 about certificates: in the schema, out of scope."""

from __future__ import annotations

from evproto.exi import attribute, element
from evproto.exi.types import Short

from .certificates import CertificateChain, ListOfRootCertificateIDs
from .enumerations import ResponseCode
from .namespaces import MSG_BODY, BodyElement
from .simple_types import Certificate, ContractID, DHParams, PrivateKey
from .xml_types import IDRef


class CertificateUpdateReq(BodyElement, namespace=MSG_BODY, element="CertificateUpdateReq"):
    """Asks for a new contract certificate in place of an old one."""

    id: IDRef | None = attribute("Id", default=None)
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    contract_id: ContractID = element("ContractID")
    list_of_root_certificate_ids: ListOfRootCertificateIDs = element("ListOfRootCertificateIDs")
    dh_params: DHParams = element("DHParams")


class CertificateUpdateRes(BodyElement, namespace=MSG_BODY, element="CertificateUpdateRes"):
    """Gives the new contract certificate."""

    id: IDRef = attribute("Id")
    response_code: ResponseCode = element("ResponseCode")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    contract_signature_encrypted_private_key: PrivateKey = element("ContractSignatureEncryptedPrivateKey")
    dh_params: DHParams = element("DHParams")
    contract_id: ContractID = element("ContractID")
    retry_counter: Short = element("RetryCounter")


class CertificateInstallationReq(BodyElement, namespace=MSG_BODY, element="CertificateInstallationReq"):
    """Asks for a first contract certificate."""

    id: IDRef | None = attribute("Id", default=None)
    oem_provisioning_cert: Certificate = element("OEMProvisioningCert")
    list_of_root_certificate_ids: ListOfRootCertificateIDs = element("ListOfRootCertificateIDs")
    dh_params: DHParams = element("DHParams")


class CertificateInstallationRes(BodyElement, namespace=MSG_BODY, element="CertificateInstallationRes"):
    """Gives the first contract certificate."""

    id: IDRef = attribute("Id")
    response_code: ResponseCode = element("ResponseCode")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")
    contract_signature_encrypted_private_key: PrivateKey = element("ContractSignatureEncryptedPrivateKey")
    dh_params: DHParams = element("DHParams")
    contract_id: ContractID = element("ContractID")
