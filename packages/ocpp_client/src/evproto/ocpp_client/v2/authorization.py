"""Block C: who may charge, by the local list, the cache, the back end, or while offline (C01 to C15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from evproto.ocpp_client.bridge import DriverTold
from evproto.ocpp_client.bridge_authorization import ContractPresented, LanguagesPreferred
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2 import authorization_cache, contracts, local_list
from evproto.ocpp_client.v2.authorization_cache import AuthorizationCache
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.local_list import LocalList
from evproto.ocpp_client.v2.tokens import UNASKED, is_sound
from evproto.ocpp_client.v21.datatypes import IdToken, IdTokenInfo
from evproto.ocpp_client.v21.enums import AuthorizationStatusEnum, AuthorizeCertificateStatusEnum
from evproto.ocpp_client.v21.messages import AuthorizeResponse


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the token may charge, and what else is known of it.

    source: the controller of the cache or of the list where the decision comes from there.
    certificate: what the back end says of the contract, where there is one.
    """

    status: AuthorizationStatusEnum
    info: IdTokenInfo | None = None
    source: str | None = None
    certificate: AuthorizeCertificateStatusEnum | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may."""
        return self.reason == AuthorizationStatusEnum.ACCEPTED.value

    @property
    def reason(self) -> str:
        """Why it may not, in the words of OCPP; of token and certificate what is not Accepted."""
        certificate = self.certificate or AuthorizeCertificateStatusEnum.ACCEPTED
        refused = certificate is not AuthorizeCertificateStatusEnum.ACCEPTED
        return str(certificate.value if refused else self.status.value)

    @property
    def group_id_token(self) -> IdToken | None:
        """The group it belongs to (C09)."""
        return None if self.info is None else self.info.group_id_token

    @property
    def evse_ids(self) -> tuple[int, ...]:
        """The only EVSEs where it may charge; none is named where it may at all of them."""
        return () if self.info is None else self.info.evse_id or ()


Then: TypeAlias = Callable[[Decision, float], None]

_ACCEPTED = Decision(AuthorizationStatusEnum.ACCEPTED)
_INVALID = Decision(AuthorizationStatusEnum.INVALID)
_UNKNOWN = Decision(AuthorizationStatusEnum.UNKNOWN)


class Authorizer(Block):
    """Decides on tokens."""

    name = "authorizer"

    def __init__(self, station: ChargingStation, cache: AuthorizationCache, listed: LocalList) -> None:
        super().__init__(station)
        self._cache = cache
        self._list = listed

    def decide(
        self, id_token: IdToken, then: Then, now: float, *, contract: ContractPresented | None = None
    ) -> None:
        """Give `then` the decision, at once or when the back end has answered.

        contract: the token is the eMAID of this contract (C07).
        """
        station = self._station
        if id_token.type in UNASKED or not station.model.flag("AuthCtrlr", "Enabled", default=True):
            then(_ACCEPTED, now)
            return
        if not is_sound(id_token, station.version) or not contracts.may_decide(station, contract):
            then(_INVALID, now)
            return
        known = self.known(id_token, now, used=True)
        if not station.online:
            self._finish(self._offline(known), then, now)
        elif known is not None and contract is None and self._is_final(known):
            self._finish(known, then, now)
        elif station.model.flag("AuthCtrlr", "DisableRemoteAuthorization"):
            self._finish(known or _UNKNOWN, then, now)
        else:
            self._ask(id_token, contract, then, now)

    def known(self, id_token: IdToken, now: float, *, used: bool = False) -> Decision | None:
        """What the station knows of the token by itself: the list goes before the cache (C13, C14)."""
        info = self._list.find(id_token)
        if info is not None:
            return self._listed(info, now)
        info = self._cache.find(id_token, now, used=used)
        return None if info is None else Decision(info.status, info, authorization_cache.CONTROLLER)

    def remember(self, id_token: IdToken, info: IdTokenInfo, now: float) -> None:
        """The back end said this of the token, in whatever message; what is listed is not cached."""
        if self._list.find(id_token) is None:
            self._cache.keep(id_token, info, now)

    def is_master_pass(self, group_id_token: IdToken | None) -> bool:
        """Whether this is the group that may stop every transaction and start none (C16)."""
        master = self._station.model.value(Component("AuthCtrlr"), Variable("MasterPassGroupId"))
        if not master or group_id_token is None:
            return False
        return group_id_token.id_token.casefold() == master.casefold()

    def _listed(self, info: IdTokenInfo, now: float) -> Decision:
        status, until = info.status, info.cache_expiry_date_time
        if until is not None and self._station.clock.seconds_until(until, now) <= 0:
            status = AuthorizationStatusEnum.EXPIRED
        return Decision(status, info, local_list.CONTROLLER)

    def _is_final(self, known: Decision) -> bool:
        """LocalPreAuthorize: whether the back end need not be asked (C10.FR.11, C12, C14)."""
        model = self._station.model
        if not model.flag("AuthCtrlr", "LocalPreAuthorize"):
            return False
        assert known.source is not None
        return known.accepted or model.flag(known.source, "DisablePostAuthorize")

    def _offline(self, known: Decision | None) -> Decision:
        """LocalAuthorizeOffline lets known tokens charge, OfflineTxForUnknownIdEnabled others (C13, C15)."""
        model = self._station.model
        if known is not None and (
            not known.accepted or model.flag("AuthCtrlr", "LocalAuthorizeOffline", default=True)
        ):
            return known
        return _ACCEPTED if model.flag("AuthCtrlr", "OfflineTxForUnknownIdEnabled") else _UNKNOWN

    def _ask(self, id_token: IdToken, contract: ContractPresented | None, then: Then, now: float) -> None:
        request = contracts.ask_for(self._station, id_token, contract)
        if request is None:
            then(_INVALID, now)
            return
        self._station.ask(request, now, lambda answer, at: self._on_answer(id_token, answer, then, at))

    def _on_answer(self, id_token: IdToken, answer: AuthorizeResponse | None, then: Then, now: float) -> None:
        if answer is None:
            self._finish(self._offline(self.known(id_token, now)), then, now)
            return
        info = answer.id_token_info
        self.remember(id_token, info, now)
        self._finish(Decision(info.status, info, certificate=answer.certificate_status), then, now)

    def _finish(self, decision: Decision, then: Then, now: float) -> None:
        """What the back end has to say to the driver goes to the display (C01.FR.08)."""
        info = decision.info
        if info is not None and info.language1 is not None:
            languages = (info.language1,) if info.language2 is None else (info.language1, info.language2)
            self._station.emit(LanguagesPreferred(languages))
        if info is not None and (said := info.personal_message) is not None:
            self._station.emit(DriverTold(None, said.content, said.format.value, said.language))
        then(decision, now)
