"""Block J: when meter values are taken and sent, in transactions and outside of them (J01, J02)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import Fact, Metered
from evproto.ocpp_client.device_model import Changed
from evproto.ocpp_client.v2.charging_station import Action, Block, ChargingStation, Trigger
from evproto.ocpp_client.v2.evse import Evse
from evproto.ocpp_client.v2.samples import ALIGNED, SAMPLED, Sampler
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import EVSE
from evproto.ocpp_client.v21.enums import MessageTriggerEnum, ReadingContextEnum, TriggerReasonEnum
from evproto.ocpp_client.v21.messages import MeterValuesRequest

DAY = 86_400
_INTERVALS = {
    ("SampledDataCtrlr", "TxUpdatedInterval"): "updated",
    ("SampledDataCtrlr", "TxEndedInterval"): "ended",
}


class MeterValues(Block):
    """Keeps the readings of each EVSE and sends them when their time has come.

    Timers: `updated-EVSE` and `ended-EVSE` while a transaction runs, `aligned` and `aligned-ended`
    from midnight on, evenly over the day.
    """

    name = "meter"

    def __init__(self, station: ChargingStation, sampler: Sampler, transactions: Transactions) -> None:
        super().__init__(station)
        self._sampler = sampler
        self._transactions = transactions
        self._sampling: dict[int, str] = {}

    def triggers(self) -> Mapping[MessageTriggerEnum, Trigger]:
        return {
            MessageTriggerEnum.METER_VALUES: self._trigger_values,
            MessageTriggerEnum.TRANSACTION_EVENT: self._trigger_events,
        }

    def restore(self, now: float) -> None:
        self._schedule_aligned("aligned", "Interval", now)
        self._schedule_aligned("aligned-ended", "TxEndedInterval", now)

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, Metered):
            evse = self._station.evses.get(fact.evse_id, self._station.whole)
            evse.readings = fact.readings
            self._transactions.metered(evse, now)

    def accepted(self, now: float) -> None:
        """The clock was set, so that midnight is another moment."""
        self.restore(now)

    def variable_changed(self, changed: Changed, now: float) -> None:
        component, variable = changed.component.name, changed.variable.name
        if component == ALIGNED and variable == "Interval":
            self._schedule_aligned("aligned", variable, now)
        elif component == ALIGNED and variable == "TxEndedInterval":
            self._schedule_aligned("aligned-ended", variable, now)
        elif (kind := _INTERVALS.get((component, variable))) is not None:
            for evse_id in self._sampling:
                self._schedule_sample(kind, evse_id, now)

    def settle(self, now: float) -> None:
        """Sample where a transaction has begun, and no longer where it has ended."""
        for evse in self._station.evses.values():
            running = None if evse.transaction is None else evse.transaction.id
            if running == self._sampling.get(evse.id):
                continue
            if running is None:
                del self._sampling[evse.id]
            else:
                self._sampling[evse.id] = running
            self._schedule_sample("updated", evse.id, now)
            self._schedule_sample("ended", evse.id, now)

    def on_timer(self, name: str, now: float) -> None:
        kind, _, number = name.partition("-")
        match kind, number:
            case "aligned", "":
                self._schedule_aligned(name, "Interval", now)
                self._align(now)
            case "aligned", _:
                self._schedule_aligned(name, "TxEndedInterval", now)
                for evse in self._station.evses.values():
                    self._keep(evse, ALIGNED, ReadingContextEnum.SAMPLE_CLOCK, now)
            case "updated", _:
                self._schedule_sample(kind, int(number), now)
                self._update(self._station.evses[int(number)], now)
            case _:
                self._schedule_sample(kind, int(number), now)
                self._keep(self._station.evses[int(number)], SAMPLED, ReadingContextEnum.SAMPLE_PERIODIC, now)

    # --- for the back end that asks (F06) ---

    def _trigger_values(self, place: EVSE | None, now: float) -> Action | None:
        """Of one EVSE or of all; None where the meter has no such values."""
        context = ReadingContextEnum.TRIGGER
        found = [
            MeterValuesRequest(evse_id=evse.id, meter_value=(value,))
            for evse in self._meant(place)
            if (value := self._sampler.take(evse, ALIGNED, "Measurands", context, now)) is not None
        ]

        def send(at: float) -> None:
            for request in found:
                self._station.ask(request, at, first=True)

        return send if found else None

    def _trigger_events(self, place: EVSE | None, now: float) -> Action | None:
        """Of the transactions that run; before acceptance none of their events goes out."""
        running = [evse for evse in self._meant(place) if evse.transaction is not None]

        def send(at: float) -> None:
            for evse in running:
                if evse.transaction is not None:
                    context = ReadingContextEnum.TRIGGER
                    value = self._sampler.take(evse, SAMPLED, "TxUpdatedMeasurands", context, at)
                    values = () if value is None else (value,)
                    self._transactions.report(evse, TriggerReasonEnum.TRIGGER, at, values=values)

        return send if running and self._station.accepted else None

    def _meant(self, place: EVSE | None) -> list[Evse]:
        return [evse for evse in self._station.places() if place is None or evse.id == place.id]

    # --- in a transaction ---

    def _update(self, evse: Evse, now: float) -> None:
        context = ReadingContextEnum.SAMPLE_PERIODIC
        value = self._sampler.take(evse, SAMPLED, "TxUpdatedMeasurands", context, now)
        if value is not None:
            trigger = TriggerReasonEnum.METER_VALUE_PERIODIC
            self._transactions.report(evse, trigger, now, values=(value,), droppable=True)

    def _keep(self, evse: Evse, controller: str, context: ReadingContextEnum, now: float) -> None:
        if evse.transaction is not None and self._sampler.keep(
            evse, controller, "TxEndedMeasurands", context, now
        ):
            self._transactions.save(evse.transaction)

    def _schedule_sample(self, kind: str, evse_id: int, now: float) -> None:
        variable = next(name for (_, name), of in _INTERVALS.items() if of == kind)
        interval = self._station.model.number(SAMPLED, variable)
        if interval and evse_id in self._sampling:
            self._start(f"{kind}-{evse_id}", now + interval)
        else:
            self._stop(f"{kind}-{evse_id}")

    # --- by the clock ---

    def _align(self, now: float) -> None:
        """SendDuringIdle: only while no transaction runs anywhere (J01.FR.20)."""
        idle_only = self._station.model.flag(ALIGNED, "SendDuringIdle")
        if idle_only and any(True for _ in self._station.transactions()):
            return
        context = ReadingContextEnum.SAMPLE_CLOCK
        for evse in self._station.places():
            value = self._sampler.take(evse, ALIGNED, "Measurands", context, now)
            if value is None:
                continue
            if evse.transaction is not None:
                trigger = TriggerReasonEnum.METER_VALUE_CLOCK
                self._transactions.report(evse, trigger, now, values=(value,), droppable=True)
            else:
                self._station.ask(MeterValuesRequest(evse_id=evse.id, meter_value=(value,)), now)

    def _schedule_aligned(self, timer: str, variable: str, now: float) -> None:
        interval = self._station.model.number(ALIGNED, variable)
        if not interval:
            self._stop(timer)
            return
        into_day = self._station.clock.seconds_of_day(now)
        next_at = min((into_day // interval + 1) * interval, DAY)
        self._start(timer, now + next_at - into_day)
