"""Block E: transactions, from the conditions that begin them to those that end them (E01, E06).

Every change of an EVSE goes through `follow`: it works out which conditions of TxStartPoint and
TxStopPoint hold now, writes the TransactionEvent that this makes, and asks the charger for energy
or takes it away. What is written stands in the store before the charger hears of it.
"""

from __future__ import annotations

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import Flow, Start, Stop
from evproto.ocpp_client.codec import from_builtins, to_builtins
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Transaction
from evproto.ocpp_client.v2.meter_values import MeterValues, energy
from evproto.ocpp_client.v21 import datatypes
from evproto.ocpp_client.v21.datatypes import IdToken, MeterValue
from evproto.ocpp_client.v21.enums import (
    ChargingStateEnum,
    ReadingContextEnum,
    ReasonEnum,
    TransactionEventEnum,
    TriggerReasonEnum,
)
from evproto.ocpp_client.v21.messages import TransactionEventRequest

POWER_PATH_CLOSED = "PowerPathClosed"


class Transactions(Block):
    """Begins, updates and ends them."""

    name = "transactions"

    def __init__(self, station: ChargingStation, meter: MeterValues) -> None:
        super().__init__(station)
        self._meter = meter

    def restore(self, now: float) -> None:
        """End what a loss of power cut short."""
        for left in self._station.store.open_transactions():
            try:
                transaction = from_builtins(Transaction, left.facts)
            except DecodeError:
                started = self._station.clock.at(now)
                transaction = Transaction(id=left.transaction_id, evse_id=left.evse_id, started=started)
            transaction.charging_state = ChargingStateEnum.IDLE
            self._write(
                transaction,
                TransactionEventEnum.ENDED,
                TriggerReasonEnum.ABNORMAL_CONDITION,
                now,
                reason=ReasonEnum.POWER_LOSS,
                values=tuple(transaction.samples),
            )

    def follow(
        self,
        evse: Evse,
        trigger: TriggerReasonEnum,
        now: float,
        *,
        reason: ReasonEnum = ReasonEnum.LOCAL,
        id_token: IdToken | None = None,
    ) -> None:
        """Something changed at the EVSE, by this trigger; what follows is done.

        reason: of the end, if the change ends a transaction. id_token: of the driver who ended it.
        """
        before, evse.points = evse.points, self._points(evse)
        begun, gone = evse.points - before, before - evse.points
        if evse.transaction is None:
            if begun & {*self._names("TxStartPoint"), POWER_PATH_CLOSED} and self._station.is_usable(evse):
                self._begin(evse, trigger, now)
        elif gone & set(self._names("TxStopPoint")):
            self._end(evse, trigger, reason, id_token, now)
        else:
            self._update(evse, trigger, now)
        self._switch(evse, reason)

    def end(self, evse: Evse, trigger: TriggerReasonEnum, reason: ReasonEnum, now: float) -> None:
        """End the transaction whatever TxStopPoint says (a reset, an emergency stop)."""
        evse.grant = None
        if evse.transaction is not None:
            self._end(evse, trigger, reason, None, now)
        evse.points = self._points(evse)
        self._switch(evse, reason)

    def report(
        self, evse: Evse, trigger: TriggerReasonEnum, now: float, *, values: tuple[MeterValue, ...] = ()
    ) -> None:
        """An Updated event of a transaction that goes on as before."""
        assert evse.transaction is not None
        self._write(evse.transaction, TransactionEventEnum.UPDATED, trigger, now, evse=evse, values=values)

    # --- the conditions ---

    def _points(self, evse: Evse) -> frozenset[str]:
        plugged, granted = evse.connector is not None, evse.grant is not None
        holds = {
            "ParkingBayOccupancy": evse.bay_occupied,
            "EVConnected": plugged,
            "Authorized": granted,
            POWER_PATH_CLOSED: plugged and granted,
            "EnergyTransfer": evse.flow is Flow.CHARGING,
        }
        return frozenset(name for name, held in holds.items() if held)

    def _names(self, variable: str) -> tuple[str, ...]:
        return self._station.model.names("TxCtrlr", variable)

    def _switch(self, evse: Evse, reason: ReasonEnum) -> None:
        """Energy where a driver with the right to it is connected; none anywhere else."""
        wanted = POWER_PATH_CLOSED in evse.points and self._station.is_usable(evse)
        if wanted is evse.powered:
            return
        evse.powered = wanted
        if not wanted:
            evse.flow = None
        self._station.emit(Start(evse.id) if wanted else Stop(evse.id, reason.value))

    # --- the events ---

    def _begin(self, evse: Evse, trigger: TriggerReasonEnum, now: float) -> None:
        transaction = Transaction(
            id=self._station.new_transaction_id(now),
            evse_id=evse.id,
            started=self._station.clock.at(now),
            energy_start=energy(evse),
            energy=energy(evse),
        )
        evse.transaction = transaction
        value = self._meter.transaction_value(evse, ReadingContextEnum.TRANSACTION_BEGIN, now)
        values = () if value is None else (value,)
        self._write(transaction, TransactionEventEnum.STARTED, trigger, now, evse=evse, values=values)

    def _update(self, evse: Evse, trigger: TriggerReasonEnum, now: float) -> None:
        self.report(evse, trigger, now)

    def _end(
        self,
        evse: Evse,
        trigger: TriggerReasonEnum,
        reason: ReasonEnum,
        id_token: IdToken | None,
        now: float,
    ) -> None:
        transaction = evse.transaction
        assert transaction is not None
        value = self._meter.transaction_value(evse, ReadingContextEnum.TRANSACTION_END, now)
        if value is not None:
            transaction.samples.append(value)
        self._write(
            transaction,
            TransactionEventEnum.ENDED,
            trigger,
            now,
            evse=evse,
            reason=reason,
            id_token=id_token,
            values=tuple(transaction.samples),
        )
        evse.transaction, evse.grant = None, None
        evse.points = self._points(evse)

    def _write(
        self,
        transaction: Transaction,
        kind: TransactionEventEnum,
        trigger: TriggerReasonEnum,
        now: float,
        *,
        evse: Evse | None = None,
        reason: ReasonEnum | None = None,
        id_token: IdToken | None = None,
        values: tuple[MeterValue, ...] = (),
    ) -> None:
        """The event with its sequence number, and what the transaction has come to, in one batch."""
        store = self._station.store
        place = None
        if evse is not None:
            place = self._take_place(transaction, evse, kind)
            id_token = self._take_token(transaction, evse) or id_token
        with store.batch():
            facts = to_builtins(transaction)
            if kind is TransactionEventEnum.STARTED:
                store.begin_transaction(transaction.id, transaction.evse_id, facts)
            else:
                store.update_transaction(transaction.id, facts)
            request = TransactionEventRequest(
                event_type=kind,
                timestamp=self._station.clock.at(now),
                trigger_reason=trigger,
                seq_no=store.take_seq_no(transaction.id),
                transaction_info=datatypes.Transaction(
                    transaction_id=transaction.id,
                    charging_state=transaction.charging_state,
                    stopped_reason=reason,
                    remote_start_id=transaction.remote_start_id,
                ),
                offline=not self._station.online,
                evse=place,
                id_token=id_token,
                meter_value=values or None,
            )
            self._station.queue(request, transaction=transaction.id)
            if kind is TransactionEventEnum.ENDED:
                store.end_transaction(transaction.id)
        self._station.kick(now)

    def _take_place(
        self, transaction: Transaction, evse: Evse, kind: TransactionEventEnum
    ) -> datatypes.EVSE | None:
        """EVSE and connector, once each is known; they are not said again (E02.FR.05)."""
        transaction.charging_state = evse.charging_state
        connector_id = evse.connector.id if evse.connector else None
        known = connector_id is None or connector_id == transaction.connector_id
        if known and kind is not TransactionEventEnum.STARTED:
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
        transaction.remote_start_id = grant.remote_start_id
        return grant.id_token
