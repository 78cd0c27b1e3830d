"""Certificates of a charging station, for all versions of OCPP; needs the extra `certificates`."""

from evproto.ocpp_client.certificates.checks import CertificateError
from evproto.ocpp_client.certificates.hash_data import HashAlgorithm, HashData, OcspData, hash_data, ocsp_data
from evproto.ocpp_client.certificates.identities import Identities, Identity, Subject
from evproto.ocpp_client.certificates.roots import Root, Roots
from evproto.ocpp_client.certificates.store import V2G_CHAIN, CertificateStore, Installed
from evproto.ocpp_client.certificates.store_directory import DirectoryVault, new_key
from evproto.ocpp_client.certificates.uses import DeleteStatus, Installing, InstallStatus, OwnUse, RootUse
from evproto.ocpp_client.certificates.vault import MemoryVault, Vault

__all__ = [
    "V2G_CHAIN",
    "CertificateError",
    "CertificateStore",
    "DeleteStatus",
    "DirectoryVault",
    "HashAlgorithm",
    "HashData",
    "Identities",
    "Identity",
    "InstallStatus",
    "Installed",
    "Installing",
    "MemoryVault",
    "OcspData",
    "OwnUse",
    "Root",
    "RootUse",
    "Roots",
    "Subject",
    "Vault",
    "hash_data",
    "new_key",
    "ocsp_data",
]
