"""Transactions: how they begin, how they end, and that the back end hears of both (4.8 and 4.10)."""

from __future__ import annotations

import msgspec

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import Fact, Flow, FlowChanged, Metered, Pause, Start, Stop, StopPressed
from evproto.ocpp_client.codec import from_builtins, to_builtins
from evproto.ocpp_client.outbox import Delivered
from evproto.ocpp_client.store import Queued, Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.authorization import Authorizer
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.connector import Connector, Transaction
from evproto.ocpp_client.v16.datatypes import IdTagInfo
from evproto.ocpp_client.v16.enums import AuthorizationStatus, Reason
from evproto.ocpp_client.v16.messages import (
    MeterValuesRequest,
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from evproto.ocpp_client.v16.metering import Metering
from evproto.ocpp_client.v16.reservations import Reservations

UNKNOWN_ID = -1
"""What stands for the id of a transaction whose start could not be delivered (errata 3.18)."""


class TransactionIds:
    """Puts the back end's id into what was queued before the id was known (an outbox Adapter)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def outgoing(self, queued: Queued, request: OcppStruct) -> OcppStruct:
        if queued.transaction_id is None or not isinstance(
            request, StopTransactionRequest | MeterValuesRequest
        ):
            return request
        facts = self._store.facts(queued.transaction_id) or {}
        id = facts.get("id")
        return msgspec.structs.replace(request, transaction_id=UNKNOWN_ID if id is None else id)

    def teaches(self, queued: Queued) -> bool:
        return queued.action == "StartTransaction" and queued.transaction_id is not None

    def settled(self, queued: Queued, response: OcppStruct) -> None:
        if isinstance(response, StartTransactionResponse) and queued.transaction_id is not None:
            facts = self._store.facts(queued.transaction_id) or {}
            self._store.update_transaction(queued.transaction_id, facts | {"id": response.transaction_id})


class Transactions(Block):
    """Begins and ends them; each fact is in the store before the charger hears of it."""

    def __init__(
        self, point: ChargePoint, authorizer: Authorizer, reservations: Reservations, metering: Metering
    ) -> None:
        super().__init__(point)
        self._authorizer = authorizer
        self._reservations = reservations
        self._metering = metering

    def restore(self, now: float) -> None:
        """End what a loss of power cut short; the meter stands as it was last stored."""
        for left in self._point.store.open_transactions():
            try:
                transaction = from_builtins(Transaction, left.facts)
            except DecodeError:
                transaction = Transaction(key=left.transaction_id, connector_id=left.evse_id, id_tag="")
            self._queue_stop(transaction, Reason.POWER_LOSS, None, now)

    def begin(self, connector: Connector, id_tag: str, parent_id_tag: str | None, now: float) -> None:
        """A transaction of a tag that may charge, at a connector with a vehicle."""
        energy = self._metering.energy(connector)
        transaction = Transaction(
            key=self._point.new_id(),
            connector_id=connector.id,
            id_tag=id_tag,
            parent_id_tag=parent_id_tag,
            reservation_id=self._reservations.use(connector, id_tag, parent_id_tag, now),
            meter_start=energy,
            energy=energy,
        )
        connector.transaction, connector.flow = transaction, None
        connector.claim, connector.finishing = None, False
        self._metering.began(transaction, now)
        self._queue_start(transaction, now)
        self._metering.started(connector, transaction, now)
        self._point.emit(Start(connector.id))
        self._point.kick(now)

    def end(self, connector: Connector, reason: Reason, now: float, *, id_tag: str | None = None) -> None:
        """End the transaction of this connector; `id_tag`: of the driver who ended it."""
        transaction = connector.transaction
        if transaction is None:
            return
        self._metering.ended(transaction, now)
        self._queue_stop(transaction, reason, id_tag, now)
        connector.transaction, connector.flow, connector.finishing = None, None, True
        self._point.emit(Stop(connector.id, reason.value))
        self._point.kick(now)

    def delivered(self, event: Delivered, now: float) -> None:
        """The back end answered a message of a transaction."""
        match event.request, event.response:
            case StartTransactionRequest(id_tag=id_tag), StartTransactionResponse() as response:
                self._authorizer.remember(id_tag, response.id_tag_info)
                self._on_started(event.transaction_id, response, now)
            case StopTransactionRequest(id_tag=str(id_tag)), StopTransactionResponse(
                id_tag_info=IdTagInfo() as info
            ):
                self._authorizer.remember(id_tag, info)
            case _:
                pass

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case FlowChanged(evse_id, flow):
                if (connector := self._point.outlet(evse_id)) and connector.transaction is not None:
                    connector.flow = flow
            case StopPressed(evse_id, emergency):
                if (connector := self._point.outlet(evse_id)) is not None:
                    self.end(connector, Reason.EMERGENCY_STOP if emergency else Reason.LOCAL, now)
            case Metered(evse_id):
                if (connector := self._point.outlet(evse_id)) is not None:
                    self._check_limit(connector)
            case _:
                pass

    def _on_started(self, key: str | None, response: StartTransactionResponse, now: float) -> None:
        connector = next(
            (one for one in self._point.outlets() if one.transaction and one.transaction.key == key), None
        )
        if connector is None or connector.transaction is None:
            return  # it has ended in the meantime
        transaction = connector.transaction
        info = response.id_tag_info
        transaction.id = response.transaction_id
        transaction.parent_id_tag = info.parent_id_tag or transaction.parent_id_tag
        if info.status is not AuthorizationStatus.ACCEPTED:
            self._on_refused(connector, transaction, now)

    def _on_refused(self, connector: Connector, transaction: Transaction, now: float) -> None:
        """The tag turns out to be invalid after the start (section 4.8)."""
        configuration = self._point.configuration
        if configuration.flag("StopTransactionOnInvalidId"):
            self.end(connector, Reason.DE_AUTHORIZED, now)
            return
        transaction.energy_limit = transaction.meter_start + configuration.number("MaxEnergyOnInvalidId")
        self._check_limit(connector)

    def _check_limit(self, connector: Connector) -> None:
        transaction = connector.transaction
        if transaction is None or transaction.energy_limit is None:
            return
        if transaction.energy >= transaction.energy_limit and connector.flow is not Flow.SUSPENDED_EVSE:
            connector.flow = Flow.SUSPENDED_EVSE
            self._point.emit(Pause(connector.id))

    def _queue_start(self, transaction: Transaction, now: float) -> None:
        request = StartTransactionRequest(
            connector_id=transaction.connector_id,
            id_tag=transaction.id_tag,
            meter_start=transaction.meter_start,
            timestamp=self._point.clock.at(now),
            reservation_id=transaction.reservation_id,
        )
        with self._point.store.batch():
            self._point.store.begin_transaction(
                transaction.key, transaction.connector_id, to_builtins(transaction)
            )
            self._point.queue(request, transaction=transaction.key)

    def _queue_stop(self, transaction: Transaction, reason: Reason, id_tag: str | None, now: float) -> None:
        request = StopTransactionRequest(
            meter_stop=transaction.energy,
            timestamp=self._point.clock.at(now),
            transaction_id=UNKNOWN_ID if transaction.id is None else transaction.id,
            id_tag=id_tag,
            reason=reason,
            transaction_data=tuple(transaction.samples) or None,
        )
        with self._point.store.batch():
            self._point.store.end_transaction(transaction.key)
            self._point.queue(request, transaction=transaction.key)
