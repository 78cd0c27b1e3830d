"""Certificates of the security whitepaper: the station's own (A02, A03) and the roots (M03 to M05)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16 import enums
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.datatypes import CertificateHashData
from evproto.ocpp_client.v16.messages import (
    CertificateSignedRequest,
    CertificateSignedResponse,
    DeleteCertificateRequest,
    DeleteCertificateResponse,
    GetInstalledCertificateIdsRequest,
    GetInstalledCertificateIdsResponse,
    InstallCertificateRequest,
    InstallCertificateResponse,
    SignCertificateRequest,
    SignCertificateResponse,
)
from evproto.ocpp_client.v16.security_events import SecurityEvents

SendCsr = Callable[[str, Answered, float, bool], None]
"""Sends a CSR, also before acceptance where the last argument says so, and hears of the answer."""


class Certificates(Block):
    """`changed` hears when another certificate came into force. It also says whose firmware is trusted."""

    def __init__(
        self,
        point: ChargePoint,
        store: CertificateStore,
        events: SecurityEvents,
        changed: Callable[[OwnUse, float], None],
    ) -> None:
        super().__init__(point)
        self.store = store
        self._events = events
        self._changed = changed
        self._senders: dict[OwnUse, SendCsr] = {OwnUse.CHARGING_STATION: self._send}
        timers = point.timers
        self.signing = Signing(
            store,
            point.clock,
            self,
            lambda name, at: timers.start(f"certificates:{name}", at),
            lambda name: timers.stop(f"certificates:{name}"),
        )

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {
            "CertificateSigned": self._on_signed,
            "InstallCertificate": self._on_install,
            "DeleteCertificate": self._on_delete,
            "GetInstalledCertificateIds": self._on_list,
        }

    def restore(self, now: float) -> None:
        """Look at what is there; files that cannot be read are told to the log."""
        for name in self.store.damaged:
            self._events.report("ReconfigurationOfSecurityParameters", f"{name} cannot be read", now)
        self.signing.look(now)

    def accepted(self, now: float) -> None:
        """The clock has been set by now."""
        self.signing.look(now)

    def on_timer(self, name: str, now: float) -> None:
        self.signing.on_timer(name, now)

    def send_by(self, use: OwnUse, sender: SendCsr) -> None:
        """How CSRs of this use reach the back end, where it is not SignCertificate of 1.6."""
        self._senders[use] = sender

    def trigger(self, use: OwnUse = OwnUse.CHARGING_STATION) -> enums.TriggerMessageStatusEnum:
        """Ask for a new certificate once the answer has gone."""
        if not self.signing.can_ask(use):
            return enums.TriggerMessageStatusEnum.REJECTED
        self._point.afterwards(lambda at: self.signing.ask(use, at, triggered=True))
        return enums.TriggerMessageStatusEnum.ACCEPTED

    def signed(self, use: OwnUse, chain: str, now: float) -> bool:
        """The back end brought a certificate."""
        longest = self._point.configuration.number("CertificateSignedMaxChainSize")
        if len(chain) > longest:
            self._events.report(
                "InvalidChargingStationCertificate", f"its chain is longer than {longest} characters", now
            )
            return False
        taken = self.signing.signed(use, chain, now)
        self._point.afterwards(self.signing.look)
        return taken

    # --- whose firmware is trusted ---

    def refusal(self, certificate: str, now: float) -> str | None:
        """Why this signing certificate is not taken; None when it is."""
        try:
            check_signing_certificate(certificate, self.store.roots, self._point.clock.at(now))
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
        return self._point.configuration.number("CertSigningWaitMinimum")

    @property
    def repeat_times(self) -> int:
        """CertSigningRepeatTimes."""
        return self._point.configuration.number("CertSigningRepeatTimes")

    def subject(self, use: OwnUse) -> Subject | None:
        """The serial number and CpoName (A00.FR.511, A02.FR.13)."""
        serial, owner = self._point.description.serial_number, self._point.configuration.text("CpoName")
        return Subject(common_name=serial, organization=owner) if serial and owner else None

    def send_csr(self, csr: str, use: OwnUse, then: Answered, now: float, *, triggered: bool) -> None:
        """To the back end, in the message of its use."""
        if (sender := self._senders.get(use)) is not None:
            sender(csr, then, now, triggered)

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """Log it and tell the back end."""
        self._events.report(kind, info, now)

    def identity_changed(self, use: OwnUse, now: float) -> None:
        """Another certificate came into force."""
        self._events.report("ReconfigurationOfSecurityParameters", f"new {use.value}", now)
        self._changed(use, now)

    def _send(self, csr: str, then: Answered, now: float, first: bool) -> None:
        def answered(response: SignCertificateResponse | None, at: float) -> None:
            then(None if response is None else response.status is enums.GenericStatusEnum.ACCEPTED, at)

        self._point.ask(SignCertificateRequest(csr=csr), now, answered, first=first)

    # --- calls of the back end ---

    def _on_signed(self, request: CertificateSignedRequest, now: float) -> CertificateSignedResponse:
        taken = self.signed(OwnUse.CHARGING_STATION, request.certificate_chain, now)
        status = enums.CertificateSignedStatusEnum
        return CertificateSignedResponse(status=status.ACCEPTED if taken else status.REJECTED)

    def _on_install(self, request: InstallCertificateRequest, now: float) -> InstallCertificateResponse:
        use = ROOTS[request.certificate_type]
        outcome = self.store.roots.install(use, request.certificate, self._point.clock.at(now))
        return InstallCertificateResponse(status=enums.InstallCertificateStatusEnum(outcome.status.value))

    def _on_delete(self, request: DeleteCertificateRequest, now: float) -> DeleteCertificateResponse:
        outcome = self.store.delete(read_hash(request.certificate_hash_data))
        return DeleteCertificateResponse(status=enums.DeleteCertificateStatusEnum(outcome.value))

    def _on_list(
        self, request: GetInstalledCertificateIdsRequest, now: float
    ) -> GetInstalledCertificateIdsResponse:
        found = self.store.installed([ROOTS[request.certificate_type].value])
        status = enums.GetInstalledCertificateStatusEnum
        return GetInstalledCertificateIdsResponse(
            status=status.ACCEPTED if found else status.NOT_FOUND,
            certificate_hash_data=tuple(write_hash(CertificateHashData, one.hash) for one in found) or None,
        )


ROOTS = {
    enums.CertificateUseEnum.CENTRAL_SYSTEM_ROOT_CERTIFICATE: RootUse.CSMS,
    enums.CertificateUseEnum.MANUFACTURER_ROOT_CERTIFICATE: RootUse.MANUFACTURER,
}
