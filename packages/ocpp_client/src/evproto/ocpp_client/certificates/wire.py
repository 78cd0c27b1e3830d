"""Hash data as the messages of any version carry it: the fields are the same in all."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from evproto.ocpp_client.certificates.hash_data import HashAlgorithm, HashData
from evproto.ocpp_client.codec import from_builtins
from evproto.ocpp_client.types import OcppStruct

StructT = TypeVar("StructT", bound=OcppStruct)


class WireHash(Protocol):
    """CertificateHashData of some version."""

    @property
    def hash_algorithm(self) -> Any: ...
    @property
    def issuer_name_hash(self) -> str: ...
    @property
    def issuer_key_hash(self) -> str: ...
    @property
    def serial_number(self) -> str: ...


def read_hash(data: WireHash) -> HashData:
    """What the wire says."""
    return HashData(
        algorithm=HashAlgorithm(data.hash_algorithm.value),
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
    )


def write_hash(kind: type[StructT], hash: HashData, **more: object) -> StructT:
    """For the wire, as a struct of that version; `more`: further fields by their JSON names."""
    return from_builtins(
        kind,
        {
            "hashAlgorithm": hash.algorithm.value,
            "issuerNameHash": hash.issuer_name_hash,
            "issuerKeyHash": hash.issuer_key_hash,
            "serialNumber": hash.serial_number,
            **more,
        },
    )
