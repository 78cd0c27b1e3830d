"""Transactions that a loss of power cut short: they end, or go on with the same vehicle (E17)."""

from __future__ import annotations

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import Fact, Metered, Plugged
from evproto.ocpp_client.codec import from_builtins
from evproto.ocpp_client.store import OpenTransaction
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Grant, Transaction
from evproto.ocpp_client.v2.transactions import AUTHORIZED, Transactions
from evproto.ocpp_client.v21.enums import ChargingStateEnum, ReasonEnum, TriggerReasonEnum
from evproto.ocpp_client.version import Version

METER_GRACE = 10.0
"""Seconds that a transaction waits for the meter before it ends without its last values."""


class Resumption(Block):
    """Holds what was left open until the charger tells of its EVSE.

    TxCtrlr.ResumptionTimeout: how long after the loss of power a transaction goes on when its
    vehicle is there; 0, the default, ends it.
    """

    name = "resumption"

    def __init__(self, station: ChargingStation, transactions: Transactions) -> None:
        super().__init__(station)
        self._transactions = transactions
        self._left: dict[str, Transaction] = {}

    def restore(self, now: float) -> None:
        timeout = self._station.model.number("TxCtrlr", "ResumptionTimeout")
        for left in self._station.store.open_transactions():
            transaction = self._read(left, now)
            away = -self._station.clock.seconds_until(transaction.written, now)
            transaction.charging_state = ChargingStateEnum.IDLE
            self._left[transaction.id] = transaction
            self._start(transaction.id, now + max(timeout - away, METER_GRACE))

    def tell(self, fact: Fact, now: float) -> None:
        for transaction in [one for one in self._left.values() if one.evse_id == getattr(fact, "evse_id", 0)]:
            if self._may_resume(transaction, now):
                if isinstance(fact, Plugged):
                    self._resume(transaction, now)
            elif isinstance(fact, Metered | Plugged):
                self._end(transaction, now)

    def on_timer(self, name: str, now: float) -> None:
        if (transaction := self._left.get(name)) is not None:
            self._end(transaction, now)

    def _may_resume(self, transaction: Transaction, now: float) -> bool:
        timeout = self._station.model.number("TxCtrlr", "ResumptionTimeout")
        away = -self._station.clock.seconds_until(transaction.written, now)
        evse = self._station.evses.get(transaction.evse_id)
        return bool(timeout) and away <= timeout and evse is not None and evse.transaction is None

    def _resume(self, transaction: Transaction, now: float) -> None:
        """Its sequence goes on; the driver need not identify again."""
        evse = self._take(transaction)
        evse.transaction = transaction
        if transaction.id_token is not None and transaction.stopped_reason is None:
            evse.grant = Grant(transaction.id_token, transaction.group_id_token, told=True)
            evse.points = frozenset({AUTHORIZED})
        if self._station.version is Version.V21:
            self._transactions.report(evse, TriggerReasonEnum.TX_RESUMED, now)

    def _end(self, transaction: Transaction, now: float) -> None:
        evse = self._take(transaction)
        if evse.transaction is not None:  # another one began there before the meter spoke
            evse = Evse(transaction.evse_id)
        evse.transaction = transaction
        self._transactions.end(evse, TriggerReasonEnum.ABNORMAL_CONDITION, ReasonEnum.POWER_LOSS, now)

    def _take(self, transaction: Transaction) -> Evse:
        del self._left[transaction.id]
        self._stop(transaction.id)
        return self._station.evses.get(transaction.evse_id) or Evse(transaction.evse_id, 0)

    def _read(self, left: OpenTransaction, now: float) -> Transaction:
        try:
            return from_builtins(Transaction, left.facts)
        except DecodeError:
            # Written by another version of the program: what must be told is that it has ended.
            at = self._station.clock.at(now)
            return Transaction(id=left.transaction_id, evse_id=left.evse_id, started=at, written=at)
