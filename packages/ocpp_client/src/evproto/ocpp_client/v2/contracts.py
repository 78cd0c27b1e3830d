"""Plug & Charge contracts as the back end is asked about them (C07)."""

from __future__ import annotations

from evproto.ocpp_client.bridge_authorization import ContractPresented
from evproto.ocpp_client.v2.charging_station import ChargingStation
from evproto.ocpp_client.v21.datatypes import OCSPRequestData
from evproto.ocpp_client.v21.enums import HashAlgorithmEnum

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


def hash_data(contract: ContractPresented | None) -> tuple[OCSPRequestData, ...] | None:
    """What the back end needs to ask after each certificate of the chain."""
    if contract is None or not contract.hashes:
        return None
    return tuple(
        OCSPRequestData(
            hash_algorithm=HashAlgorithmEnum(one.algorithm),
            issuer_name_hash=one.issuer_name_hash,
            issuer_key_hash=one.issuer_key_hash,
            serial_number=one.serial_number,
            responder_url=one.responder_url,
        )
        for one in contract.hashes
    )


def certificate(contract: ContractPresented | None) -> str | None:
    """The chain itself, where the charger cannot make its hashes."""
    return None if contract is None or contract.hashes else contract.certificate
