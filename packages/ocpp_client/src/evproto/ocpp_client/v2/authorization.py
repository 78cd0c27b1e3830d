"""Block C: who may charge. The cache and the local list plug in at `known`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from evproto.ocpp_client.v2.charging_station import Block
from evproto.ocpp_client.v21.datatypes import IdToken, IdTokenInfo
from evproto.ocpp_client.v21.enums import AuthorizationStatusEnum
from evproto.ocpp_client.v21.messages import AuthorizeRequest, AuthorizeResponse
from evproto.ocpp_client.version import Version

NO_AUTHORIZATION = "NoAuthorization"
MAX_TOKEN = {Version.V201: 36, Version.V21: 255}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the token may charge, and what else is known of it."""

    status: AuthorizationStatusEnum
    info: IdTokenInfo | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may."""
        return self.status is AuthorizationStatusEnum.ACCEPTED

    @property
    def group_id_token(self) -> IdToken | None:
        """The group it belongs to (C09)."""
        return None if self.info is None else self.info.group_id_token


Then: TypeAlias = Callable[[Decision, float], None]

_ACCEPTED = Decision(AuthorizationStatusEnum.ACCEPTED)
_INVALID = Decision(AuthorizationStatusEnum.INVALID)
_UNKNOWN = Decision(AuthorizationStatusEnum.UNKNOWN)


class Authorizer(Block):
    """Decides on tokens."""

    name = "authorizer"

    def decide(self, id_token: IdToken, then: Then, now: float) -> None:
        """Give `then` the decision, at once or when the back end has answered (C01, C12 to C15)."""
        model = self._station.model
        if id_token.type == NO_AUTHORIZATION or not model.flag("AuthCtrlr", "Enabled", default=True):
            then(_ACCEPTED, now)  # C02: the start button
            return
        if not 0 < len(id_token.id_token) <= MAX_TOKEN[self._station.version]:
            then(_INVALID, now)
            return
        known = self.known(id_token, now)
        if known is not None and known.accepted and model.flag("AuthCtrlr", "LocalPreAuthorize"):
            then(known, now)
        elif not self._station.online:
            then(self._offline(known), now)
        elif model.flag("AuthCtrlr", "DisableRemoteAuthorization"):
            then(known or _UNKNOWN, now)
        else:
            self._station.ask(
                AuthorizeRequest(id_token=id_token),
                now,
                lambda answer, at: self._on_answer(id_token, answer, then, at),
            )

    def known(self, id_token: IdToken, now: float) -> Decision | None:
        """What the station knows of the token by itself; None where it knows nothing."""
        return None

    def remember(self, id_token: IdToken, info: IdTokenInfo, now: float) -> None:
        """The back end said this of the token, in whatever message."""

    def _on_answer(self, id_token: IdToken, answer: AuthorizeResponse | None, then: Then, now: float) -> None:
        if answer is None:
            then(self._offline(self.known(id_token, now)), now)
            return
        self.remember(id_token, answer.id_token_info, now)
        then(Decision(answer.id_token_info.status, answer.id_token_info), now)

    def _offline(self, known: Decision | None) -> Decision:
        """C13, C15: known tokens by LocalAuthorizeOffline, others by OfflineTxForUnknownIdEnabled."""
        model = self._station.model
        if known is not None:
            return known if model.flag("AuthCtrlr", "LocalAuthorizeOffline", default=True) else _INVALID
        return _ACCEPTED if model.flag("AuthCtrlr", "OfflineTxForUnknownIdEnabled") else _UNKNOWN
