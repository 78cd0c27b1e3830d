"""Blocks A and M, certificates: the station's own (A02, A03), roots (M03 to M05), those of vehicles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evproto.ocpp_client.bridge import Fact
from evproto.ocpp_client.bridge_security import (
    ChainStatusBrought,
    ChainStatusNeeded,
    EvCertificateBrought,
    EvCertificateNeeded,
    OcspBrought,
    OcspNeeded,
)
from evproto.ocpp_client.certificates import (
    CertificateError,
    CertificateStore,
    OwnUse,
    RootUse,
    Subject,
)
from evproto.ocpp_client.certificates.firmware import check_signing_certificate, is_signed
from evproto.ocpp_client.certificates.signing import Answered, Signing
from evproto.ocpp_client.certificates.wire import read_hash, write_hash
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2.charging_station import Action, Block, ChargingStation, Handler, Trigger
from evproto.ocpp_client.v2.security_events import SecurityEvents
from evproto.ocpp_client.v21 import datatypes, enums, messages
from evproto.ocpp_client.version import Version

SECURITY, ISO15118 = "SecurityCtrlr", "ISO15118Ctrlr"


class CertificateManagement(Block):
    """`changed` hears when another certificate came into force. It also says whose firmware is trusted."""

    name = "certificates"

    def __init__(
        self,
        station: ChargingStation,
        store: CertificateStore,
        events: SecurityEvents,
        changed: Callable[[float], None],
    ) -> None:
        super().__init__(station)
        self.store = store
        self._events = events
        self._changed = changed
        self._asked = 0
        self._signing = Signing(store, station.clock, self, self._start, self._stop)

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "CertificateSigned": self._on_signed,
            "InstallCertificate": self._on_install,
            "DeleteCertificate": self._on_delete,
            "GetInstalledCertificateIds": self._on_list,
        }

    def triggers(self) -> Mapping[enums.MessageTriggerEnum, Trigger]:
        return {
            message: lambda evse, now, use=use: self._asking(use)  # type: ignore[misc]
            for message, use in _TRIGGERS.items()
        }

    def restore(self, now: float) -> None:
        for name in self.store.damaged:
            self._events.report("ReconfigurationOfSecurityParameters", f"{name} cannot be read", now)
        checked = "true" if self.store.roots.signed_by_the_old else "false"
        self._write("AdditionalRootCertificateCheck", checked, now)
        self._count(now)
        self._signing.look(now)

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case EvCertificateNeeded():
                self._ask_for_vehicle(fact, now)
            case OcspNeeded():
                self._ask_after(fact, now)
            case ChainStatusNeeded():
                self._ask_after_chain(fact, now)
            case _:
                pass

    def accepted(self, now: float) -> None:
        """The clock has been set by now."""
        self._signing.look(now)

    def on_timer(self, name: str, now: float) -> None:
        self._signing.on_timer(name, now)

    # --- whose firmware is trusted ---

    def refusal(self, certificate: str, now: float) -> str | None:
        """Why this signing certificate is not taken; None when it is."""
        try:
            check_signing_certificate(certificate, self.store.roots, self._station.clock.at(now))
        except CertificateError as error:
            return str(error)
        return None

    def is_signed(self, digest: bytes, signature: str, certificate: str) -> bool:
        """Whether the signature is over the firmware with this digest."""
        return is_signed(digest, signature, certificate)

    # --- what signing asks of its station ---

    @property
    def wait_minimum(self) -> float:
        """CertSigningWaitMinimum, seconds."""
        return self._station.model.number(SECURITY, "CertSigningWaitMinimum", default=30)

    @property
    def repeat_times(self) -> int:
        """CertSigningRepeatTimes."""
        return self._station.model.number(SECURITY, "CertSigningRepeatTimes", default=3)

    def subject(self, use: OwnUse) -> Subject | None:
        """The serial number and OrganizationName; for vehicles the SeccId with what ISO 15118 adds."""
        if use is OwnUse.CHARGING_STATION:
            serial, owner = self._station.description.serial_number, self._text(SECURITY, "OrganizationName")
            return Subject(common_name=serial, organization=owner) if serial and owner else None
        name, owner = self._text(ISO15118, "SeccId"), self._text(ISO15118, "OrganizationName")
        country = self._text(ISO15118, "CountryName") or None
        return (
            Subject(common_name=name, organization=owner, country=country, domain="CPO")
            if name and owner
            else None
        )

    def send_csr(self, csr: str, use: OwnUse, then: Answered, now: float, *, triggered: bool) -> None:
        """SignCertificate; 2.1 wants to know which question an answer belongs to."""
        self._asked += 1
        request = messages.SignCertificateRequest(
            csr=csr,
            certificate_type=enums.CertificateSigningUseEnum(use.value),
            request_id=self._asked if self._station.version is Version.V21 else None,
        )

        def answered(response: messages.SignCertificateResponse | None, at: float) -> None:
            then(None if response is None else response.status is enums.GenericStatusEnum.ACCEPTED, at)

        self._station.ask(request, now, answered, first=triggered)

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """Log it and tell the back end."""
        self._events.report(kind, info, now)

    def identity_changed(self, use: OwnUse, now: float) -> None:
        """Another certificate came into force."""
        self._events.report("ReconfigurationOfSecurityParameters", f"new {use.value}", now)
        if use is OwnUse.CHARGING_STATION:
            self._changed(now)

    def _asking(self, use: OwnUse) -> Action | None:
        return (lambda at: self._signing.ask(use, at, triggered=True)) if self._signing.can_ask(use) else None

    # --- calls of the back end ---

    def _on_signed(
        self, request: messages.CertificateSignedRequest, now: float
    ) -> messages.CertificateSignedResponse:
        use = OwnUse(request.certificate_type.value) if request.certificate_type else OwnUse.CHARGING_STATION
        longest = self._station.model.number(SECURITY, "MaxCertificateChainSize", default=10_000)
        if len(request.certificate_chain) > longest:
            self._events.report("InvalidChargingStationCertificate", f"longer than {longest} characters", now)
            taken = False
        else:
            taken = self._signing.signed(use, request.certificate_chain, now)
        self._station.afterwards(self._signing.look)
        status = enums.CertificateSignedStatusEnum
        return messages.CertificateSignedResponse(status=status.ACCEPTED if taken else status.REJECTED)

    def _on_install(
        self, request: messages.InstallCertificateRequest, now: float
    ) -> messages.InstallCertificateResponse:
        use = RootUse(request.certificate_type.value)
        outcome = self.store.roots.install(use, request.certificate, self._station.clock.at(now))
        self._count(now)
        info = datatypes.StatusInfo(reason_code="InvalidCertificate", additional_info=outcome.reason[:500])
        accepted = outcome.status.value == "Accepted"
        return messages.InstallCertificateResponse(
            status=enums.InstallCertificateStatusEnum(outcome.status.value),
            status_info=None if accepted else info,
        )

    def _on_delete(
        self, request: messages.DeleteCertificateRequest, now: float
    ) -> messages.DeleteCertificateResponse:
        outcome = self.store.delete(read_hash(request.certificate_hash_data))
        self._count(now)
        return messages.DeleteCertificateResponse(status=enums.DeleteCertificateStatusEnum(outcome.value))

    def _on_list(
        self, request: messages.GetInstalledCertificateIdsRequest, now: float
    ) -> messages.GetInstalledCertificateIdsResponse:
        found = self.store.installed([one.value for one in request.certificate_type or ()])
        chains = tuple(
            datatypes.CertificateHashDataChain(
                certificate_type=enums.GetCertificateIdUseEnum(one.use),
                certificate_hash_data=write_hash(datatypes.CertificateHashData, one.hash),
                child_certificate_hash_data=tuple(
                    write_hash(datatypes.CertificateHashData, child) for child in one.children[:4]
                )
                or None,
            )
            for one in found
        )
        status = enums.GetInstalledCertificateStatusEnum
        return messages.GetInstalledCertificateIdsResponse(
            status=status.ACCEPTED if chains else status.NOT_FOUND,
            certificate_hash_data_chain=chains or None,
        )

    # --- what vehicles need ---

    def _ask_for_vehicle(self, fact: EvCertificateNeeded, now: float) -> None:
        def answered(response: messages.Get15118EVCertificateResponse | None, at: float) -> None:
            accepted = enums.Iso15118EVCertificateStatusEnum.ACCEPTED
            good = response is not None and response.status is accepted
            exi = response.exi_response if response is not None and good else None
            self._station.emit(EvCertificateBrought(fact.id, exi))

        request = messages.Get15118EVCertificateRequest(
            iso15118_schema_version=fact.schema,
            action=enums.CertificateActionEnum(fact.action),
            exi_request=fact.request,
        )
        self._station.ask(request, now, answered)

    def _ask_after(self, fact: OcspNeeded, now: float) -> None:
        def answered(response: messages.GetCertificateStatusResponse | None, at: float) -> None:
            self._station.emit(OcspBrought(fact.id, response.ocsp_result if response else None))

        hash = fact.certificate
        data = datatypes.OCSPRequestData(
            hash_algorithm=enums.HashAlgorithmEnum(hash.algorithm),
            issuer_name_hash=hash.issuer_name_hash,
            issuer_key_hash=hash.issuer_key_hash,
            serial_number=hash.serial_number,
            responder_url=hash.responder_url,
        )
        self._station.ask(messages.GetCertificateStatusRequest(ocsp_request_data=data), now, answered)

    def _ask_after_chain(self, fact: ChainStatusNeeded, now: float) -> None:
        """Only 2.1 has a message for it; others are asked after one by one."""

        def answered(response: messages.GetCertificateChainStatusResponse | None, at: float) -> None:
            statuses = tuple(one.status.value for one in response.certificate_status) if response else ()
            self._station.emit(ChainStatusBrought(fact.id, statuses))

        if self._station.version is not Version.V21 or not fact.certificates:
            answered(None, now)
            return
        requests = tuple(
            datatypes.CertificateStatusRequestInfo(
                certificate_hash_data=datatypes.CertificateHashData(
                    hash_algorithm=enums.HashAlgorithmEnum(hash.algorithm),
                    issuer_name_hash=hash.issuer_name_hash,
                    issuer_key_hash=hash.issuer_key_hash,
                    serial_number=hash.serial_number,
                ),
                source=enums.CertificateStatusSourceEnum(fact.source),
                urls=(hash.responder_url,),
            )
            for hash in fact.certificates[:4]
        )
        request = messages.GetCertificateChainStatusRequest(certificate_status_requests=requests)
        self._station.ask(request, now, answered)

    def _count(self, now: float) -> None:
        self._write("CertificateEntries", str(len(self.store.roots)), now)

    def _write(self, variable: str, value: str, now: float) -> None:
        self._station.model.write(Component(SECURITY), Variable(variable), value, now)

    def _text(self, component: str, variable: str) -> str:
        return self._station.model.value(Component(component), Variable(variable)) or ""


_TRIGGERS = {
    enums.MessageTriggerEnum.SIGN_CHARGING_STATION_CERTIFICATE: OwnUse.CHARGING_STATION,
    enums.MessageTriggerEnum.SIGN_V2G_CERTIFICATE: OwnUse.V2G,
    enums.MessageTriggerEnum.SIGN_V2G20CERTIFICATE: OwnUse.V2G_20,
}
