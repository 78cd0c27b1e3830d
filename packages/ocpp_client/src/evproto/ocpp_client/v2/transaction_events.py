"""TransactionEvent: the event with its sequence number, and the transaction, in one batch (E12)."""

from __future__ import annotations

from msgspec.structs import replace

from evproto.ocpp_client.codec import to_builtins
from evproto.ocpp_client.v2.charging_station import ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Transaction
from evproto.ocpp_client.v2.tokens import NO_AUTHORIZATION
from evproto.ocpp_client.v21 import datatypes
from evproto.ocpp_client.v21.datatypes import IdToken, MeterValue
from evproto.ocpp_client.v21.enums import (
    ChargingStateEnum,
    ReasonEnum,
    TransactionEventEnum,
    TriggerReasonEnum,
)
from evproto.ocpp_client.v21.messages import TransactionEventRequest


class TransactionEvents:
    """Writes events into the queue, and what the transaction has come to beside them."""

    def __init__(self, station: ChargingStation) -> None:
        self._station = station

    def write(
        self,
        evse: Evse,
        transaction: Transaction,
        kind: TransactionEventEnum,
        trigger: TriggerReasonEnum,
        now: float,
        *,
        reason: ReasonEnum | None = None,
        id_token: IdToken | None = None,
        values: tuple[MeterValue, ...] = (),
        droppable: bool = False,
    ) -> None:
        """One event. id_token: of the driver who acted; the one who may charge is told by himself."""
        again = kind is TransactionEventEnum.STARTED or trigger is TriggerReasonEnum.TRIGGER
        place = self._take_place(transaction, evse, again)
        token = self._take_token(transaction, evse)
        self._count_time(transaction, evse, now)
        request = TransactionEventRequest(
            event_type=kind,
            timestamp=transaction.written,
            trigger_reason=trigger,
            seq_no=0,
            transaction_info=datatypes.Transaction(
                transaction_id=transaction.id,
                charging_state=transaction.charging_state,
                time_spent_charging=round(transaction.charged),
                stopped_reason=reason,
                remote_start_id=transaction.remote_start_id,
                transaction_limit=transaction.limits if trigger in _TELL_LIMITS else None,
            ),
            offline=not self._station.online,
            number_of_phases_used=_phases_used(evse),
            evse=place,
            id_token=token or id_token,
            meter_value=values or None,
        )
        self._store(transaction, request, droppable=droppable and place is None and token is None)
        self._station.kick(now)

    def save(self, transaction: Transaction) -> None:
        """The transaction alone."""
        with self._station.store.batch():
            self._station.store.update_transaction(transaction.id, to_builtins(transaction))

    def _store(self, transaction: Transaction, request: TransactionEventRequest, *, droppable: bool) -> None:
        store = self._station.store
        with store.batch():
            facts = to_builtins(transaction)
            if request.event_type is TransactionEventEnum.STARTED:
                store.begin_transaction(transaction.id, transaction.evse_id, facts)
            else:
                store.update_transaction(transaction.id, facts)
            numbered = replace(request, seq_no=store.take_seq_no(transaction.id))
            self._station.queue(numbered, transaction=transaction.id, droppable=droppable)
            if request.event_type is TransactionEventEnum.ENDED:
                store.end_transaction(transaction.id)

    def _count_time(self, transaction: Transaction, evse: Evse, now: float) -> None:
        """Follow the charging state; its time is counted from one event to the next."""
        if transaction.charging_state is ChargingStateEnum.CHARGING:
            transaction.charged += now - evse.counted_at
        evse.counted_at = now
        transaction.charging_state = evse.charging_state
        transaction.written = self._station.clock.at(now)

    def _take_place(self, transaction: Transaction, evse: Evse, again: bool) -> datatypes.EVSE | None:
        """EVSE and connector when they become known; after that only where it is asked for (E01.FR.16)."""
        connector_id = evse.connector.id if evse.connector else None
        if not evse.id:
            return None
        known = connector_id is None or connector_id == transaction.connector_id
        if known and not again:
            return None
        transaction.connector_id = connector_id
        return datatypes.EVSE(id=evse.id, connector_id=connector_id)

    def _take_token(self, transaction: Transaction, evse: Evse) -> IdToken | None:
        """The token of the driver, in the first event after he was authorized (E03.FR.01)."""
        grant = evse.grant
        if grant is None or grant.told:
            return None
        grant.told = True
        transaction.id_token, transaction.group_id_token = grant.id_token, grant.group_id_token
        if grant.remote_start_id is not None:
            transaction.remote_start_id = grant.remote_start_id
        return None if grant.id_token.type == NO_AUTHORIZATION else grant.id_token


def _phases_used(evse: Evse) -> int | None:
    """How many phases carry current, where the meter tells them apart."""
    measured = {one.phase: one.value for one in evse.readings if one.measurand == "Current.Import"}
    used = sum(1 for phase in ("L1", "L2", "L3") if measured.get(phase, 0.0) > 0.0)
    return used or None


_TELL_LIMITS = (TriggerReasonEnum.LIMIT_SET, TriggerReasonEnum.TX_RESUMED)
