"""Block E: transactions, from the conditions that begin them to those that end them (E01, E06).

Every change of an EVSE goes through `follow`: it works out which conditions of TxStartPoint and
TxStopPoint hold now, writes the TransactionEvent that this makes, and asks the charger for energy
or takes it away. What is written stands in the store before the charger hears of it.
"""

from __future__ import annotations

from evproto.ocpp_client.bridge import Flow, Pause, Start, Stop
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Transaction
from evproto.ocpp_client.v2.samples import SAMPLED, Sampler, energy
from evproto.ocpp_client.v2.transaction_events import TransactionEvents
from evproto.ocpp_client.v21.datatypes import IdToken, MeterValue
from evproto.ocpp_client.v21.enums import ReasonEnum, TransactionEventEnum, TriggerReasonEnum

BAY = "ParkingBayOccupancy"
EV_CONNECTED = "EVConnected"
AUTHORIZED = "Authorized"
DATA_SIGNED = "DataSigned"
POWER_PATH_CLOSED = "PowerPathClosed"
ENERGY_TRANSFER = "EnergyTransfer"


class Transactions(Block):
    """Begins, updates and ends them."""

    name = "transactions"

    def __init__(self, station: ChargingStation, sampler: Sampler) -> None:
        super().__init__(station)
        self._sampler = sampler
        self._events = TransactionEvents(station)

    def follow(
        self,
        evse: Evse,
        trigger: TriggerReasonEnum,
        now: float,
        *,
        reason: ReasonEnum = ReasonEnum.LOCAL,
        id_token: IdToken | None = None,
        deauthorized: bool = False,
    ) -> None:
        """Something changed at the EVSE, by this trigger; what follows is done.

        reason: of the end, if the change ends a transaction. id_token: of the driver who ended it.
        deauthorized: counts as the loss of the right to charge also where nobody had it.
        """
        before, evse.points = evse.points, self._points(evse)
        begun, gone = evse.points - before, before - evse.points
        if deauthorized:
            gone |= {AUTHORIZED, POWER_PATH_CLOSED}
        if evse.transaction is None:
            if begun & self._start_points() and self._station.is_usable(evse):
                self._begin(evse, trigger, begun, now)
        elif gone & set(self._names("TxStopPoint")):
            self._end(evse, trigger, reason, id_token, now)
        else:
            self.report(evse, trigger, now, id_token=id_token)
        self._switch(evse, reason)

    def end(self, evse: Evse, trigger: TriggerReasonEnum, reason: ReasonEnum, now: float) -> None:
        """End the transaction whatever TxStopPoint says (a reset, an emergency stop)."""
        evse.grant = None
        if evse.transaction is not None:
            evse.transaction.stopped_reason = None
            self._end(evse, trigger, reason, None, now)
        evse.flow = None
        evse.points = self._points(evse)
        self._switch(evse, reason)

    def report(
        self,
        evse: Evse,
        trigger: TriggerReasonEnum,
        now: float,
        *,
        values: tuple[MeterValue, ...] = (),
        id_token: IdToken | None = None,
        droppable: bool = False,
    ) -> None:
        """An Updated event. droppable: it goes first where the queue is full."""
        transaction = evse.transaction
        assert transaction is not None
        if evse.id and not transaction.metered:
            values = (*self._sampler.begin(evse, now), *values)
            transaction.energy_start = transaction.energy = energy(evse)
        self._events.write(
            evse,
            transaction,
            TransactionEventEnum.UPDATED,
            trigger,
            now,
            values=values,
            id_token=id_token,
            droppable=droppable,
        )

    def move(self, evse: Evse) -> None:
        """The driver whose place was not known is at this EVSE, with his transaction if it runs."""
        whole = self._station.whole
        evse.grant, whole.grant = whole.grant, None
        evse.points |= {AUTHORIZED}
        if evse.transaction is None and whole.transaction is not None:
            evse.transaction, whole.transaction = whole.transaction, None
            evse.transaction.evse_id = evse.id
        whole.points = self._points(whole)

    def pause(
        self,
        evse: Evse,
        now: float,
        *,
        trigger: TriggerReasonEnum = TriggerReasonEnum.CHARGING_STATE_CHANGED,
        reason: ReasonEnum = ReasonEnum.OTHER,
    ) -> None:
        """Hold energy back while the transaction goes on, unless TxStopPoint ends it for this reason."""
        if evse.transaction is None or evse.paused:
            return
        evse.paused = True
        evse.flow = Flow.SUSPENDED_EVSE if evse.connector is not None else None
        self.follow(evse, trigger, now, reason=reason)
        if evse.powered:
            self._station.emit(Pause(evse.id))

    def resume(self, evse: Evse) -> None:
        """Give energy again; the charger tells when it flows."""
        if evse.paused and evse.powered:
            evse.paused = False
            self._station.emit(Start(evse.id))

    def metered(self, evse: Evse, now: float) -> None:
        """The meter has new values: signed data may have come, a limit may be reached."""
        register = energy(evse)
        if evse.transaction is not None and register is not None:
            evse.transaction.energy = register
            if evse.transaction.limit is not None and register >= evse.transaction.limit:
                # What an invalid token was still given is used up.
                self.pause(evse, now, trigger=TriggerReasonEnum.DEAUTHORIZED)
        is_signed = any(reading.signed for reading in evse.readings)
        wanted = evse.grant is not None and evse.connector is not None
        if is_signed and wanted is not evse.signed and self._sampler.signs(SAMPLED, "TxEndedMeasurands"):
            evse.signed = wanted
            self.follow(evse, TriggerReasonEnum.SIGNED_DATA_RECEIVED, now)

    def save(self, transaction: Transaction) -> None:
        """What the transaction has come to, without an event."""
        self._events.save(transaction)

    def settle(self, now: float) -> None:
        """A fault or the back end took the EVSE out of use, or it may be used again."""
        for evse in self._station.evses.values():
            if evse.powered is self._may_have_power(evse):
                continue
            if evse.powered:
                evse.flow = Flow.SUSPENDED_EVSE if evse.connector is not None else None
            reason = _reason_of_fault(evse)
            if evse.transaction is not None:
                self.follow(evse, TriggerReasonEnum.ABNORMAL_CONDITION, now, reason=reason)
            else:
                self._switch(evse, reason)

    # --- the conditions ---

    def _points(self, evse: Evse) -> frozenset[str]:
        plugged, granted = evse.connector is not None, evse.grant is not None
        holds = {
            BAY: evse.bay_occupied,
            EV_CONNECTED: plugged,
            AUTHORIZED: granted,
            DATA_SIGNED: evse.signed,
            POWER_PATH_CLOSED: plugged and granted,
            ENERGY_TRANSFER: evse.flow is Flow.CHARGING,
        }
        return frozenset(name for name, held in holds.items() if held)

    def _start_points(self) -> frozenset[str]:
        """Energy never flows without a transaction, even where TxStartPoint waits for what has been."""
        points = frozenset(self._names("TxStartPoint"))
        late = DATA_SIGNED in points or ENERGY_TRANSFER in points
        return points | {ENERGY_TRANSFER} | (frozenset() if late else {POWER_PATH_CLOSED})

    def _names(self, variable: str) -> tuple[str, ...]:
        return self._station.model.names("TxCtrlr", variable)

    def _may_have_power(self, evse: Evse) -> bool:
        return evse.grant is not None and evse.connector is not None and self._station.is_usable(evse)

    def _switch(self, evse: Evse, reason: ReasonEnum) -> None:
        """Energy where a driver with the right to it is connected; none anywhere else."""
        wanted = self._may_have_power(evse)
        if wanted is not evse.powered:
            evse.powered, evse.paused = wanted, False
            self._station.emit(Start(evse.id) if wanted else Stop(evse.id, reason.value))

    # --- the events ---

    def _begin(self, evse: Evse, trigger: TriggerReasonEnum, begun: frozenset[str], now: float) -> None:
        if not begun & (set(self._names("TxStartPoint")) - {POWER_PATH_CLOSED}) and (
            POWER_PATH_CLOSED in begun
        ):
            # The power path is closed, and the charger has not been asked for energy yet.
            trigger = TriggerReasonEnum.CHARGING_STATE_CHANGED
            evse.flow = Flow.SUSPENDED_EVSE
        if evse.grant is not None and not evse.grant.told and evse.grant.remote_start_id is not None:
            trigger = TriggerReasonEnum.REMOTE_START  # F01.FR.03
        transaction = Transaction(
            id=self._station.new_transaction_id(now),
            evse_id=evse.id,
            started=self._station.clock.at(now),
            written=self._station.clock.at(now),
            energy_start=energy(evse),
            energy=energy(evse),
        )
        evse.transaction = transaction
        values = self._sampler.begin(evse, now) if evse.id else ()
        self._events.write(evse, transaction, TransactionEventEnum.STARTED, trigger, now, values=values)

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
        evse.flow = None
        self._events.write(
            evse,
            transaction,
            TransactionEventEnum.ENDED,
            trigger,
            now,
            reason=transaction.stopped_reason or reason,
            id_token=id_token,
            values=self._sampler.end(evse, now),
        )
        evse.transaction, evse.grant, evse.signed = None, None, False
        evse.points = self._points(evse)


def _reason_of_fault(evse: Evse) -> ReasonEnum:
    fault = evse.fault or (evse.connector.fault if evse.connector is not None else None)
    return _REASONS.get(fault.code, ReasonEnum.OTHER) if fault is not None else ReasonEnum.OTHER


_REASONS = {
    "GroundFailure": ReasonEnum.GROUND_FAULT,
    "OverCurrentFailure": ReasonEnum.OVERCURRENT_FAULT,
    "OverVoltage": ReasonEnum.POWER_QUALITY,
    "UnderVoltage": ReasonEnum.POWER_QUALITY,
}
"""By the ChargePointErrorCode of the fault."""
