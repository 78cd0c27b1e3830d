"""Plug & Charge contracts as the back end is asked about them (C07)."""

from __future__ import annotations

from evproto.core import EncodeError
from evproto.ocpp_client.bridge_authorization import CertificateHash, ContractPresented
from evproto.ocpp_client.dialect import Dialect
from evproto.ocpp_client.v2.charging_station import WORDS, ChargingStation
from evproto.ocpp_client.v21.datatypes import IdToken, OCSPRequestData
from evproto.ocpp_client.v21.enums import HashAlgorithmEnum
from evproto.ocpp_client.v21.messages import AuthorizeRequest

CONTROLLER = "ISO15118Ctrlr"


def may_decide(station: ChargingStation, contract: ContractPresented | None) -> bool:
    """Whether there is a way to find out what the contract is worth.

    Offline only the charger can verify it, and only where ContractValidationOffline allows it
    (C07.FR.07); online a chain without our root is verified by a back end that offers to
    (CentralContractValidationAllowed).
    """
    if contract is None:
        return True
    model = station.model
    if not model.flag(CONTROLLER, "PnCEnabled"):
        return False
    if not station.online:
        return contract.verified and model.flag(CONTROLLER, "ContractValidationOffline")
    central = contract.certificate is not None and model.flag(CONTROLLER, "CentralContractValidationAllowed")
    return bool(contract.hashes) or central


def ask_for(
    station: ChargingStation, id_token: IdToken, contract: ContractPresented | None
) -> AuthorizeRequest | None:
    """The request about a token; None where a vehicle's chain holds more than can be said on this line.

    The chain itself goes where the charger cannot make its hashes.
    """
    if contract is None:
        return AuthorizeRequest(id_token=id_token)
    request = AuthorizeRequest(
        id_token=id_token,
        certificate=None if contract.hashes else contract.certificate,
        iso15118_certificate_hash_data=tuple(map(_hash_data, contract.hashes)) or None,
    )
    try:
        Dialect(station.version, WORDS).write_request("Authorize", request)
    except EncodeError:
        return None
    return request


def _hash_data(one: CertificateHash) -> OCSPRequestData:
    """What the back end needs to ask after one certificate of the chain."""
    return OCSPRequestData(
        hash_algorithm=HashAlgorithmEnum(one.algorithm),
        issuer_name_hash=one.issuer_name_hash,
        issuer_key_hash=one.issuer_key_hash,
        serial_number=one.serial_number,
        responder_url=one.responder_url,
    )
