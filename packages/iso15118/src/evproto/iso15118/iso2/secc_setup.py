"""The SECC from session setup to authorization (ISO 15118-2, 8.4.3)."""

from __future__ import annotations

from collections.abc import Iterable

from evproto.v2gtp.charging import (
    Authorization,
    AuthorizationDone,
    AuthorizationWanted,
    EndReason,
    SeccConfig,
    SessionStarted,
)
from evproto.v2gtp.language import SessionContext

from .failures import CHARGE_SERVICE_ID
from .messages import (
    AuthorizationReq,
    AuthorizationRes,
    ChargeService,
    EVSEProcessing,
    PaymentOption,
    PaymentOptionList,
    PaymentServiceSelectionReq,
    PaymentServiceSelectionRes,
    ResponseCode,
    SelectedService,
    ServiceCategory,
    ServiceDetailReq,
    ServiceDetailRes,
    ServiceDiscoveryReq,
    ServiceDiscoveryRes,
    ServiceList,
    SessionSetupReq,
    SessionSetupRes,
    SupportedEnergyTransferMode,
)
from .paused import PausedSessions
from .secc_base import Answer, Refusal, SeccBase
from .states import Outcome
from .timeouts import STRICT, Timeouts
from .values import (
    MODES,
    parameter_list,
    service,
)

SESSION_ID_BYTES = 8


class SetupPhase(SeccBase):
    """Handlers and commands of who is there, what is on offer, and who may charge."""

    def __init__(
        self,
        config: SeccConfig,
        context: SessionContext,
        now: float,
        *,
        timeouts: Timeouts = STRICT,
        paused: PausedSessions | None = None,
    ) -> None:
        super().__init__(config, context, now, timeouts=timeouts, paused=paused)
        self._evcc_id = b""
        self._authorized: bool | None = True if config.authorized else None
        self._authorization_asked = False
        self._handlers |= {
            SessionSetupReq: self._session_setup,
            ServiceDiscoveryReq: self._service_discovery,
            ServiceDetailReq: self._service_detail,
            PaymentServiceSelectionReq: self._payment_service_selection,
            AuthorizationReq: self._authorization,
        }

    def authorize(self, accepted: bool, now: float) -> None:
        self._must_run("authorize")
        self._authorized = accepted

    def _session_setup(self, request: SessionSetupReq, now: float) -> Answer:
        self._evcc_id = request.evcc_id
        resumed = self._resume(request)
        if not resumed:
            self._session_id = self._new_session_id()
        self._timers.stop("communication setup")
        self._events.append(
            SessionStarted(session_id=self._session_id, peer_id=self._evcc_id.hex().upper(), resumed=resumed)
        )
        code = ResponseCode.OK_OLD_SESSION_JOINED if resumed else ResponseCode.OK_NEW_SESSION_ESTABLISHED
        response = SessionSetupRes(
            response_code=code,
            evse_id=self._config.evse_id,
            evse_time_stamp=int(self._context.wall_clock().timestamp()),
        )
        return response, Outcome.OK

    def _resume(self, request: SessionSetupReq) -> bool:
        """Join the paused session that the header names; an unknown one becomes a new one."""
        if self._paused is None or self._header is None or not any(self._header.session_id):
            return False
        session = self._paused.take(self._header.session_id, request.evcc_id)
        if session is None:
            return False
        self._session_id = session.session_id
        if session.authorized and self._authorized is None:
            self._authorized = True
        return True

    def _new_session_id(self) -> bytes:
        """Random, at least 58 bits of it, and never zero, which stands for no session."""
        session_id = self._context.entropy(SESSION_ID_BYTES)
        return session_id if any(session_id) else bytes(SESSION_ID_BYTES - 1) + b"\1"

    def _service_discovery(self, request: ServiceDiscoveryReq, now: float) -> Answer:
        wanted = request.service_category
        services = [
            service(offer)
            for offer in self._config.services
            if wanted is None or offer.category == wanted.value
        ]
        response = ServiceDiscoveryRes(
            response_code=ResponseCode.OK,
            payment_option_list=PaymentOptionList(payment_option=(PaymentOption.EXTERNAL_PAYMENT,)),
            charge_service=ChargeService(
                service_id=CHARGE_SERVICE_ID,
                service_category=ServiceCategory.EV_CHARGING,
                free_service=self._config.free_service,
                supported_energy_transfer_mode=SupportedEnergyTransferMode(
                    energy_transfer_mode=tuple(MODES[mode] for mode in self._config.modes)
                ),
            ),
            service_list=ServiceList(service=tuple(services[:8])) if services else None,
        )
        return response, Outcome.OK

    def _service_detail(self, request: ServiceDetailReq, now: float) -> Answer:
        offers = {offer.id: offer for offer in self._config.services}
        if request.service_id != CHARGE_SERVICE_ID and request.service_id not in offers:
            raise Refusal(ResponseCode.FAILED_SERVICE_ID_INVALID, f"service {request.service_id}")
        offer = offers.get(request.service_id)
        response = ServiceDetailRes(
            response_code=ResponseCode.OK,
            service_id=request.service_id,
            service_parameter_list=parameter_list(offer) if offer else None,
        )
        return response, Outcome.OK

    def _payment_service_selection(self, request: PaymentServiceSelectionReq, now: float) -> Answer:
        if request.selected_payment_option is not PaymentOption.EXTERNAL_PAYMENT:
            raise Refusal(ResponseCode.FAILED_PAYMENT_SELECTION_INVALID, "a contract was not offered")
        self._check_services(request.selected_service_list.selected_service)
        return PaymentServiceSelectionRes(response_code=ResponseCode.OK), Outcome.OK

    def _check_services(self, selected: Iterable[SelectedService]) -> None:
        offers = {offer.id: offer for offer in self._config.services}
        chosen = {choice.service_id: choice.parameter_set_id for choice in selected}
        if CHARGE_SERVICE_ID not in chosen:
            raise Refusal(ResponseCode.FAILED_NO_CHARGE_SERVICE_SELECTED, f"selected {sorted(chosen)}")
        del chosen[CHARGE_SERVICE_ID]
        for number, parameter_set in chosen.items():
            offer = offers.get(number)
            if offer is None or (parameter_set is not None and parameter_set not in offer.parameter_sets):
                raise Refusal(
                    ResponseCode.FAILED_SERVICE_SELECTION_INVALID,
                    f"service {number}, parameter set {parameter_set}",
                )

    def _authorization(self, request: AuthorizationReq, now: float) -> Answer:
        if self._authorized is None:
            self._check_phase("authorization", self._timeouts.customer, now)
            if not self._authorization_asked:
                self._authorization_asked = True
                self._events.append(AuthorizationWanted(kind=Authorization.EXTERNAL))
            waiting = EVSEProcessing.ONGOING_WAITING_FOR_CUSTOMER_INTERACTION
            return AuthorizationRes(response_code=ResponseCode.OK, evse_processing=waiting), Outcome.ONGOING
        if not self._authorized:
            raise Refusal(ResponseCode.FAILED, "authorization was refused", EndReason.NOT_AUTHORIZED)
        self._leave_phase("authorization")
        self._events.append(AuthorizationDone())
        done = AuthorizationRes(response_code=ResponseCode.OK, evse_processing=EVSEProcessing.FINISHED)
        return done, Outcome.OK
