"""Block F: the back end starts and stops transactions, and unlocks connectors (F01 to F03, F05)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import Fact, TokenRefused, Unlock, UnlockDone, UnlockOutcome
from evproto.ocpp_client.v2.authorization import Authorizer, Decision
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler, Reply, SlowHandler
from evproto.ocpp_client.v2.evse import Connector, Evse, Grant
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v2.tokens import NO_AUTHORIZATION, is_sound
from evproto.ocpp_client.v21.datatypes import StatusInfo
from evproto.ocpp_client.v21.enums import (
    ReasonEnum,
    RequestStartStopStatusEnum,
    TriggerReasonEnum,
    UnlockStatusEnum,
)
from evproto.ocpp_client.v21.messages import (
    RequestStartTransactionRequest,
    RequestStartTransactionResponse,
    RequestStopTransactionRequest,
    RequestStopTransactionResponse,
    UnlockConnectorRequest,
    UnlockConnectorResponse,
)

ACCEPTED = RequestStartStopStatusEnum.ACCEPTED
REJECTED = RequestStartStopStatusEnum.REJECTED

PATIENCE = 20.0
"""Seconds that the charger has to unlock."""


class RemoteControl(Block):
    """A station without smart charging ignores the profile that comes with a start (F01.FR.12)."""

    name = "remote"

    def __init__(self, station: ChargingStation, authorizer: Authorizer, sessions: Sessions) -> None:
        super().__init__(station)
        self._authorizer = authorizer
        self._sessions = sessions
        self._promised: set[int] = set()
        self._unlocking: dict[tuple[int, int], list[Reply]] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "RequestStartTransaction": self._request_start,
            "RequestStopTransaction": self._request_stop,
        }

    def slow_handlers(self) -> Mapping[str, SlowHandler]:
        return {"UnlockConnector": self._unlock}

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, UnlockDone):
            self._unlocked((fact.evse_id, fact.connector_id), fact.outcome, now)

    def unlinked(self, now: float) -> None:
        """Whoever asked has gone."""
        self._unlocking.clear()

    def on_timer(self, name: str, now: float) -> None:
        """The charger does not answer."""
        evse_id, _, connector_id = name.partition("-")
        self._unlocked((int(evse_id), int(connector_id)), UnlockOutcome.FAILED, now)

    # --- start ---

    def _request_start(
        self, request: RequestStartTransactionRequest, now: float
    ) -> RequestStartTransactionResponse:
        place = self._sessions.place_for(request.id_token, request.evse_id)
        reason = self._refuse_start(request, place)
        if place is None or reason is not None:
            info = None if reason is None else StatusInfo(reason_code=reason)
            return RequestStartTransactionResponse(status=REJECTED, status_info=info)
        self._promised.add(place.id)
        self._station.afterwards(lambda at: self._authorize(place, request, at))
        running = None if place.transaction is None else place.transaction.id
        return RequestStartTransactionResponse(status=ACCEPTED, transaction_id=running)

    def _refuse_start(self, request: RequestStartTransactionRequest, place: Evse | None) -> str | None:
        """The reason code; None also where there is just no place to charge."""
        station, token = self._station, request.id_token
        evse = None if request.evse_id is None else station.evses.get(request.evse_id)
        if not station.accepted:
            return "CSNotAccepted"
        if request.evse_id is not None and evse is None:
            return "UnknownEvse"
        if token.type != NO_AUTHORIZATION and not is_sound(token, station.version):
            return "InvalidIdToken"
        if self._authorizer.is_master_pass(request.group_id_token):
            return "InvalidIdToken"  # C16.FR.03
        if (evse is not None and evse.grant is not None) or (
            place is not None and place.id in self._promised
        ):
            return "TxInProgress"
        return None

    def _authorize(self, place: Evse, request: RequestStartTransactionRequest, now: float) -> None:
        """AuthorizeRemoteStart: as if the token had been presented here (F01.FR.01, F01.FR.02)."""
        if self._station.model.flag("AuthCtrlr", "AuthorizeRemoteStart", default=True):
            self._authorizer.decide(
                request.id_token, lambda decision, at: self._on_decision(place, request, decision, at), now
            )
        else:
            self._grant(place, request, self._authorizer.known(request.id_token, now), now)

    def _on_decision(
        self, place: Evse, request: RequestStartTransactionRequest, decision: Decision, now: float
    ) -> None:
        if decision.accepted:
            self._grant(place, request, decision, now)
        else:
            self._break_promise(place, decision.reason)

    def _grant(
        self, place: Evse, request: RequestStartTransactionRequest, known: Decision | None, now: float
    ) -> None:
        group = request.group_id_token or (None if known is None else known.group_id_token)
        allowed = () if known is None else known.evse_ids
        found = self._sessions.place_for(request.id_token, request.evse_id, allowed)
        if self._authorizer.is_master_pass(group):
            self._break_promise(place, "MasterPass")
        elif found is None:
            self._break_promise(place, "NoFreeEvse")
        else:
            self._promised.discard(place.id)
            grant = Grant(request.id_token, group, request.remote_start_id, evse_ids=allowed)
            self._sessions.grant(found, grant, TriggerReasonEnum.REMOTE_START, now)

    def _break_promise(self, place: Evse, reason: str) -> None:
        self._promised.discard(place.id)
        self._station.emit(TokenRefused(reason, place.id or None))

    # --- stop ---

    def _request_stop(
        self, request: RequestStopTransactionRequest, now: float
    ) -> RequestStopTransactionResponse:
        if not self._station.accepted:
            return _refused_stop("CSNotAccepted")
        if self._station.evse_of(request.transaction_id) is None:
            return _refused_stop("UnknownTxId")
        self._station.afterwards(lambda at: self._stop_transaction(request.transaction_id, at))
        return RequestStopTransactionResponse(status=ACCEPTED)

    def _stop_transaction(self, transaction_id: str, now: float) -> None:
        evse = self._station.evse_of(transaction_id)
        if evse is not None:
            self._sessions.revoke(evse, TriggerReasonEnum.REMOTE_STOP, ReasonEnum.REMOTE, now)

    # --- unlock ---

    def _unlock(self, request: UnlockConnectorRequest, reply: Reply, now: float) -> None:
        """Never while a driver may charge there (F05.FR.02)."""
        connector = self._station.connector(request.evse_id, request.connector_id)
        if connector is None:
            reply(_unlock_answer(UnlockStatusEnum.UNKNOWN_CONNECTOR, "UnknownConnectorId"), now)
        elif self._is_charged_at(connector):
            reply(_unlock_answer(UnlockStatusEnum.ONGOING_AUTHORIZED_TRANSACTION, "TxInProgress"), now)
        elif self._station.description.fixed_cables:
            reply(_unlock_answer(UnlockStatusEnum.UNLOCK_FAILED, "FixedCable"), now)
        else:
            self._unlocking.setdefault((connector.evse_id, connector.id), []).append(reply)
            self._start(f"{connector.evse_id}-{connector.id}", now + PATIENCE)
            self._station.emit(Unlock(connector.evse_id, connector.id))

    def _is_charged_at(self, connector: Connector) -> bool:
        evse = self._station.evses[connector.evse_id]
        with_vehicle = evse.connector
        return (
            evse.transaction is not None
            and evse.grant is not None
            and (with_vehicle is None or with_vehicle is connector)
        )

    def _unlocked(self, place: tuple[int, int], outcome: UnlockOutcome, now: float) -> None:
        self._stop(f"{place[0]}-{place[1]}")
        done = outcome is UnlockOutcome.UNLOCKED
        status = UnlockStatusEnum.UNLOCKED if done else UnlockStatusEnum.UNLOCK_FAILED
        for reply in self._unlocking.pop(place, []):
            reply(UnlockConnectorResponse(status=status), now)


def _refused_stop(reason: str) -> RequestStopTransactionResponse:
    return RequestStopTransactionResponse(status=REJECTED, status_info=StatusInfo(reason_code=reason))


def _unlock_answer(status: UnlockStatusEnum, reason: str) -> UnlockConnectorResponse:
    return UnlockConnectorResponse(status=status, status_info=StatusInfo(reason_code=reason))
