"""Plug & Charge over DataTransfer: the messages of 2.0.1 in the data of 1.6 (application note of the OCA)."""

from __future__ import annotations

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import Fact, TokenRefused
from evproto.ocpp_client.bridge_authorization import CertificateHash, ContractPresented
from evproto.ocpp_client.bridge_security import (
    EvCertificateBrought,
    EvCertificateNeeded,
    OcspBrought,
    OcspNeeded,
)
from evproto.ocpp_client.certificates import OwnUse, RootUse
from evproto.ocpp_client.certificates.signing import Answered
from evproto.ocpp_client.certificates.wire import read_hash, write_hash
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.authorization import Authorizer, Decision
from evproto.ocpp_client.v16.certificates import Certificates
from evproto.ocpp_client.v16.charge_point import Answer, Block, ChargePoint
from evproto.ocpp_client.v16.data_transfer import Vendor
from evproto.ocpp_client.v16.enums import AuthorizationStatus, DataTransferStatus
from evproto.ocpp_client.v16.extensions import Extension
from evproto.ocpp_client.v16.messages import DataTransferRequest, DataTransferResponse
from evproto.ocpp_client.v16.sessions import Sessions
from evproto.ocpp_client.v201 import datatypes, enums, messages

VENDOR = Extension.PLUG_AND_CHARGE.value


class PlugAndCharge(Block):
    """Contracts, and the certificates of the V2G side."""

    def __init__(
        self, point: ChargePoint, authorizer: Authorizer, sessions: Sessions, certificates: Certificates
    ) -> None:
        super().__init__(point)
        self._authorizer = authorizer
        self._sessions = sessions
        self._certificates = certificates
        certificates.send_by(OwnUse.V2G, self._send_csr)

    def vendor(self) -> Vendor:
        """What the back end may send."""
        return Vendor(
            VENDOR,
            {
                "CertificateSigned": (messages.CertificateSignedRequest, self._on_signed),
                "DeleteCertificate": (messages.DeleteCertificateRequest, self._on_delete),
                "GetInstalledCertificateIds": (messages.GetInstalledCertificateIdsRequest, self._on_list),
                "InstallCertificate": (messages.InstallCertificateRequest, self._on_install),
                "TriggerMessage": (messages.TriggerMessageRequest, self._on_trigger),
            },
        )

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case ContractPresented():
                self._on_contract(fact, now)
            case EvCertificateNeeded():
                self._ask_for_vehicle(fact, now)
            case OcspNeeded():
                self._ask_after(fact, now)
            case _:
                pass

    # --- contracts ---

    def _on_contract(self, contract: ContractPresented, now: float) -> None:
        configuration = self._point.configuration
        central = contract.certificate is not None and configuration.flag("CentralContractValidationAllowed")
        if not configuration.flag("ISO15118PnCEnabled"):
            self._refuse("Plug & Charge is switched off", contract)
        elif not self._point.online:
            if contract.verified and configuration.flag("ContractValidationOffline"):
                self._authorizer.decide(
                    contract.emaid, lambda decision, at: self._decided(contract, decision, at), now
                )
            else:
                self._refuse("the contract cannot be verified offline", contract)
        elif contract.hashes or central:
            self._authorize(contract, now)
        else:
            self._refuse("the contract cannot be verified", contract)

    def _authorize(self, contract: ContractPresented, now: float) -> None:
        token = datatypes.IdToken(id_token=contract.emaid, type=enums.IdTokenEnum.E_MAID)
        request = messages.AuthorizeRequest(
            id_token=token,
            certificate=None if contract.hashes else contract.certificate,
            iso15118_certificate_hash_data=tuple(map(_ocsp_data, contract.hashes[:4])) or None,
        )

        def answered(response: messages.AuthorizeResponse | None, at: float) -> None:
            if response is None:
                self._refuse("the back end did not answer", contract)
            else:
                self._decided(contract, _decision(response), at)

        self._transfer("Authorize", request, messages.AuthorizeResponse, answered, now)

    def _decided(self, contract: ContractPresented, decision: Decision, now: float) -> None:
        self._sessions.decided(contract.emaid, contract.evse_id, decision, now)

    def _refuse(self, reason: str, contract: ContractPresented) -> None:
        self._point.emit(TokenRefused(reason, contract.evse_id))

    # --- from the station ---

    def _send_csr(self, csr: str, then: Answered, now: float, first: bool) -> None:
        def answered(response: messages.SignCertificateResponse | None, at: float) -> None:
            then(None if response is None else response.status is enums.GenericStatusEnum.ACCEPTED, at)

        request = messages.SignCertificateRequest(
            csr=csr, certificate_type=enums.CertificateSigningUseEnum.V2G_CERTIFICATE
        )
        kind = messages.SignCertificateResponse
        self._transfer("SignCertificate", request, kind, answered, now, first=first)

    def _ask_for_vehicle(self, fact: EvCertificateNeeded, now: float) -> None:
        def answered(response: messages.Get15118EVCertificateResponse | None, at: float) -> None:
            accepted = enums.Iso15118EVCertificateStatusEnum.ACCEPTED
            good = response is not None and response.status is accepted
            exi = response.exi_response if response is not None and good else None
            self._point.emit(EvCertificateBrought(fact.id, exi))

        request = messages.Get15118EVCertificateRequest(
            iso15118_schema_version=fact.schema,
            action=enums.CertificateActionEnum(fact.action),
            exi_request=fact.request,
        )
        self._transfer(
            "Get15118EVCertificate", request, messages.Get15118EVCertificateResponse, answered, now
        )

    def _ask_after(self, fact: OcspNeeded, now: float) -> None:
        def answered(response: messages.GetCertificateStatusResponse | None, at: float) -> None:
            self._point.emit(OcspBrought(fact.id, response.ocsp_result if response else None))

        request = messages.GetCertificateStatusRequest(ocsp_request_data=_ocsp_data(fact.certificate))
        self._transfer("GetCertificateStatus", request, messages.GetCertificateStatusResponse, answered, now)

    def _transfer(
        self,
        message_id: str,
        request: OcppStruct,
        kind: type[OcppStruct],
        then: Answer,
        now: float,
        *,
        first: bool = False,
    ) -> None:
        """Ask by DataTransfer; an answer that is none counts as no answer."""

        def answered(response: DataTransferResponse | None, at: float) -> None:
            if response is None or response.status is not DataTransferStatus.ACCEPTED:
                then(None, at)
                return
            try:
                found = decode(kind, response.data or "")
            except DecodeError:
                then(None, at)
            else:
                then(found, at)

        data = encode(request).decode()
        message = DataTransferRequest(vendor_id=VENDOR, message_id=message_id, data=data)
        self._point.ask(message, now, answered, first=first)

    # --- from the back end ---

    def _on_signed(self, request: messages.CertificateSignedRequest, now: float) -> OcppStruct:
        """Without a type it is the V2G certificate: the other one has a message of its own."""
        kind = request.certificate_type or enums.CertificateSigningUseEnum.V2G_CERTIFICATE
        taken = self._certificates.signed(OwnUse(kind.value), request.certificate_chain, now)
        status = enums.CertificateSignedStatusEnum
        return messages.CertificateSignedResponse(status=status.ACCEPTED if taken else status.REJECTED)

    def _on_install(self, request: messages.InstallCertificateRequest, now: float) -> OcppStruct:
        use, at = RootUse(request.certificate_type.value), self._point.clock.at(now)
        outcome = self._certificates.store.roots.install(use, request.certificate, at)
        status = enums.InstallCertificateStatusEnum(outcome.status.value)
        return messages.InstallCertificateResponse(status=status)

    def _on_delete(self, request: messages.DeleteCertificateRequest, now: float) -> OcppStruct:
        outcome = self._certificates.store.delete(read_hash(request.certificate_hash_data))
        return messages.DeleteCertificateResponse(status=enums.DeleteCertificateStatusEnum(outcome.value))

    def _on_list(self, request: messages.GetInstalledCertificateIdsRequest, now: float) -> OcppStruct:
        kind = datatypes.CertificateHashData
        chains = tuple(
            datatypes.CertificateHashDataChain(
                certificate_type=enums.GetCertificateIdUseEnum(one.use),
                certificate_hash_data=write_hash(kind, one.hash),
                child_certificate_hash_data=tuple(write_hash(kind, child) for child in one.children[:4])
                or None,
            )
            for one in self._certificates.store.installed(
                [use.value for use in request.certificate_type or ()]
            )
        )
        status = enums.GetInstalledCertificateStatusEnum
        return messages.GetInstalledCertificateIdsResponse(
            status=status.ACCEPTED if chains else status.NOT_FOUND,
            certificate_hash_data_chain=chains or None,
        )

    def _on_trigger(self, request: messages.TriggerMessageRequest, now: float) -> OcppStruct:
        status = enums.TriggerMessageStatusEnum
        if request.requested_message is not enums.MessageTriggerEnum.SIGN_V2G_CERTIFICATE:
            return messages.TriggerMessageResponse(status=status.NOT_IMPLEMENTED)
        return messages.TriggerMessageResponse(status=status(self._certificates.trigger(OwnUse.V2G).value))


def _ocsp_data(hash: CertificateHash) -> datatypes.OCSPRequestData:
    return datatypes.OCSPRequestData(
        hash_algorithm=enums.HashAlgorithmEnum(hash.algorithm),
        issuer_name_hash=hash.issuer_name_hash,
        issuer_key_hash=hash.issuer_key_hash,
        serial_number=hash.serial_number,
        responder_url=hash.responder_url,
    )


def _decision(response: messages.AuthorizeResponse) -> Decision:
    """Both the token and its certificates have to be good (C07.FR.05)."""
    info, certificate = response.id_token_info, response.certificate_status
    if certificate not in (None, enums.AuthorizeCertificateStatusEnum.ACCEPTED):
        return Decision(AuthorizationStatus.INVALID)
    group = info.group_id_token.id_token[:20] if info.group_id_token else None
    return Decision(_STATUSES.get(info.status.value, AuthorizationStatus.INVALID), group)


_STATUSES = {status.value: status for status in AuthorizationStatus}
