"""The master pass, which stops transactions and starts none (C16)."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Fact, TokenRefused
from evproto.ocpp_client.bridge_authorization import ChooseTransactions, TransactionsChosen
from evproto.ocpp_client.v2.authorization import Authorizer, Decision
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v21.datatypes import IdToken
from evproto.ocpp_client.v21.enums import ReasonEnum, TriggerReasonEnum

CHOICE = 60.0
"""Seconds that its bearer has for his choice."""


class MasterPass(Block):
    """Takes the tokens of AuthCtrlr.MasterPassGroupId before they can start anything."""

    name = "master-pass"

    def __init__(self, station: ChargingStation, authorizer: Authorizer, sessions: Sessions) -> None:
        super().__init__(station)
        self._authorizer = authorizer
        self._sessions = sessions
        self._bearer: IdToken | None = None
        sessions.let_take(self._take)

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, TransactionsChosen) and self._bearer is not None:
            bearer, self._bearer = self._bearer, None
            self._stop("choice")
            self._stop_transactions(bearer, fact.evse_ids, now)

    def on_timer(self, name: str, now: float) -> None:
        self._bearer = None

    def _take(self, id_token: IdToken, decision: Decision, evse_id: int | None, now: float) -> bool:
        if not self._authorizer.is_master_pass(decision.group_id_token):
            return False
        running = tuple(one.evse_id for one in self._station.transactions())
        if not running:
            self._station.emit(TokenRefused("MasterPass", evse_id))
        elif self._station.description.chooses:
            self._bearer = id_token
            self._start("choice", now + CHOICE)
            self._station.emit(ChooseTransactions(running))
        else:
            self._stop_transactions(id_token, running, now)  # C16.FR.02
        return True

    def _stop_transactions(self, id_token: IdToken, evse_ids: tuple[int, ...], now: float) -> None:
        for evse in self._station.places():
            if evse.id in evse_ids and evse.transaction is not None:
                trigger, reason = TriggerReasonEnum.STOP_AUTHORIZED, ReasonEnum.MASTER_PASS
                self._sessions.revoke(evse, trigger, reason, now, id_token=id_token)
