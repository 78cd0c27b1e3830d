"""What the back end says of a transaction: its token, its cost, and whether it goes on (E05, E14, I02)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import CostTold, DriverTold
from evproto.ocpp_client.outbox import Delivered
from evproto.ocpp_client.v2.authorization import Authorizer
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v2.evse import Evse, same_token
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v2.transaction_limits import TransactionLimits
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import IdToken, IdTokenInfo, MessageContent
from evproto.ocpp_client.v21.enums import AuthorizationStatusEnum, ReasonEnum, TriggerReasonEnum
from evproto.ocpp_client.v21.messages import (
    CostUpdatedRequest,
    CostUpdatedResponse,
    GetTransactionStatusRequest,
    GetTransactionStatusResponse,
    TransactionEventRequest,
    TransactionEventResponse,
)


class TransactionAnswers(Block):
    """Acts on the answers to TransactionEvent, and on calls about transactions."""

    name = "answers"

    def __init__(
        self,
        station: ChargingStation,
        authorizer: Authorizer,
        transactions: Transactions,
        sessions: Sessions,
        limits: TransactionLimits,
    ) -> None:
        super().__init__(station)
        self._authorizer = authorizer
        self._transactions = transactions
        self._sessions = sessions
        self._limits = limits

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetTransactionStatus": self._status, "CostUpdated": self._cost_updated}

    def delivered(self, event: Delivered, now: float) -> None:
        match event.request, event.response:
            case TransactionEventRequest() as request, TransactionEventResponse() as response:
                self._on_answer(request, response, now)
            case _:
                pass

    def _on_answer(
        self, request: TransactionEventRequest, response: TransactionEventResponse, now: float
    ) -> None:
        transaction_id = request.transaction_info.transaction_id
        evse = self._station.evse_of(transaction_id)
        if response.total_cost is not None:
            self._on_cost(transaction_id, response.total_cost, now)
        if response.transaction_limit is not None and evse is not None:
            self._limits.set(evse, response.transaction_limit, now)
        for message in (response.updated_personal_message, *(response.updated_personal_message_extra or ())):
            if message is not None:
                self._tell_driver(transaction_id, message)
        if request.id_token is not None and response.id_token_info is not None:
            self._authorizer.remember(request.id_token, response.id_token_info, now)
            if evse is not None:
                self._on_token_info(evse, request.id_token, response.id_token_info, now)

    def _on_token_info(self, evse: Evse, id_token: IdToken, info: IdTokenInfo, now: float) -> None:
        """The token turns out to be invalid after the start (E05, C12.FR.04, C15.FR.04)."""
        if evse.grant is None or not same_token(evse.grant.id_token, id_token):
            return
        if info.group_id_token is not None:
            evse.grant.group_id_token = info.group_id_token
        if info.status is AuthorizationStatusEnum.ACCEPTED:
            return
        model = self._station.model
        if model.flag("TxCtrlr", "StopTxOnInvalidId", default=True):
            self._sessions.revoke(evse, TriggerReasonEnum.DEAUTHORIZED, ReasonEnum.DE_AUTHORIZED, now)
            return
        most = model.number("TxCtrlr", "MaxEnergyOnInvalidId")
        if evse.transaction is not None:
            evse.transaction.limit = (evse.transaction.energy_start or 0.0) + most
        if not most:
            self._transactions.pause(evse, now)
        else:
            self._transactions.metered(evse, now)

    def _on_cost(self, transaction_id: str, total: float, now: float) -> None:
        self._station.emit(CostTold(transaction_id, total))
        evse = self._station.evse_of(transaction_id)
        if evse is not None:
            self._limits.cost(evse, total, now)

    def _tell_driver(self, transaction_id: str, message: MessageContent) -> None:
        self._station.emit(
            DriverTold(transaction_id, message.content, message.format.value, message.language)
        )

    # --- calls of the back end ---

    def _status(self, request: GetTransactionStatusRequest, now: float) -> GetTransactionStatusResponse:
        id = request.transaction_id
        ongoing = None if id is None else self._station.evse_of(id) is not None
        return GetTransactionStatusResponse(
            ongoing_indicator=ongoing, messages_in_queue=self._station.store.has_queued(id)
        )

    def _cost_updated(self, request: CostUpdatedRequest, now: float) -> CostUpdatedResponse:
        self._on_cost(request.transaction_id, request.total_cost, now)
        return CostUpdatedResponse()
