"""Transactions with a fixed cost, energy, time or state of charge (E16, OCPP 2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from evproto.ocpp_client.bridge import Fact, LimitChosen, Metered
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Evse
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import TransactionLimit
from evproto.ocpp_client.v21.enums import ReasonEnum, TriggerReasonEnum
from evproto.ocpp_client.version import Version

_SINCE_21 = (TriggerReasonEnum.COST_LIMIT_REACHED, TriggerReasonEnum.SO_C_LIMIT_REACHED)


class TransactionLimits(Block):
    """Holds energy back where a limit of the transaction is reached, until there is a higher one.

    `TxCtrlr.SupportedLimits` says which limits are heeded; the others are not taken.
    """

    name = "limits"

    def __init__(self, station: ChargingStation, transactions: Transactions) -> None:
        super().__init__(station)
        self._transactions = transactions
        self._timed: dict[int, float] = {}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case LimitChosen() if (evse := self._station.evses.get(fact.evse_id)) is not None:
                limit = TransactionLimit(
                    max_cost=fact.cost, max_energy=fact.energy, max_time=fact.seconds, max_soc=fact.soc
                )
                self.set(evse, limit, now)
            case Metered(evse_id) if (evse := self._station.evses.get(evse_id)) is not None:
                self._check(evse, now)
            case _:
                pass

    def set(self, evse: Evse, limit: TransactionLimit, now: float) -> None:
        """A limit by the driver or by the back end, in place of the one before; in 2.1 it is confirmed."""
        transaction = evse.transaction
        if transaction is None:
            return
        transaction.limits = self._supported(limit)
        if self._station.version is Version.V21:
            self._transactions.report(evse, TriggerReasonEnum.LIMIT_SET, now)
        if transaction.limit_reached and next(self._reached(evse, now), None) is None:
            transaction.limit_reached = False
            self._transactions.resume(evse)
        self._check(evse, now)

    def cost(self, evse: Evse, total: float, now: float) -> None:
        """What the transaction costs by now."""
        assert evse.transaction is not None
        evse.transaction.cost = total
        self._check(evse, now)

    def settle(self, now: float) -> None:
        """Time runs from the start of the transaction, also over a loss of power."""
        for evse in self._station.evses.values():
            end = self._end_of_time(evse, now)
            if end is None:
                self._timed.pop(evse.id, None)
                self._stop(str(evse.id))
            elif abs(self._timed.get(evse.id, -1.0) - end) > 1e-3:
                self._timed[evse.id] = end
                self._start(str(evse.id), max(end, now))

    def on_timer(self, name: str, now: float) -> None:
        self._check(self._station.evses[int(name)], now)

    def _check(self, evse: Evse, now: float) -> None:
        if evse.transaction is None or evse.paused:
            return
        reached = next(self._reached(evse, now), None)
        if reached is not None:
            evse.transaction.limit_reached = True
            trigger, reason = reached
            if self._station.version is Version.V201 and trigger in _SINCE_21:
                trigger = TriggerReasonEnum.CHARGING_STATE_CHANGED
            self._transactions.pause(evse, now, trigger=trigger, reason=reason)

    def _reached(self, evse: Evse, now: float) -> Iterator[tuple[TriggerReasonEnum, ReasonEnum]]:
        transaction = evse.transaction
        assert transaction is not None
        limits = transaction.limits
        if limits is None:
            return
        used = (transaction.energy or 0.0) - (transaction.energy_start or 0.0)
        if limits.max_energy is not None and used >= limits.max_energy:
            yield TriggerReasonEnum.ENERGY_LIMIT_REACHED, ReasonEnum.ENERGY_LIMIT_REACHED
        if limits.max_cost is not None and (transaction.cost or 0.0) >= limits.max_cost:
            yield TriggerReasonEnum.COST_LIMIT_REACHED, ReasonEnum.LOCAL_OUT_OF_CREDIT
        soc = next((one.value for one in evse.readings if one.measurand == "SoC"), None)
        if limits.max_soc is not None and soc is not None and soc >= limits.max_soc:
            yield TriggerReasonEnum.SO_C_LIMIT_REACHED, ReasonEnum.SOC_LIMIT_REACHED
        end = self._end_of_time(evse, now)
        if end is not None and now >= end - 1e-3:
            yield TriggerReasonEnum.TIME_LIMIT_REACHED, ReasonEnum.TIME_LIMIT_REACHED

    def _end_of_time(self, evse: Evse, now: float) -> float | None:
        transaction = evse.transaction
        if transaction is None or transaction.limits is None or transaction.limits.max_time is None:
            return None
        return now + self._station.clock.seconds_until(transaction.started, now) + transaction.limits.max_time

    def _supported(self, limit: TransactionLimit) -> TransactionLimit:
        names = self._station.model.names("TxCtrlr", "SupportedLimits")
        return TransactionLimit(
            max_cost=limit.max_cost if "MaxCost" in names else None,
            max_energy=limit.max_energy if "MaxEnergy" in names else None,
            max_time=limit.max_time if "MaxTime" in names else None,
            max_soc=limit.max_soc if "MaxSoC" in names else None,
        )
