"""Block N, events: what monitors saw and what broke, in NotifyEvents (N07, N08)."""

from __future__ import annotations

from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.device_model.wire import Wire
from evproto.ocpp_client.v2.charging_station import WORDS, Block, ChargingStation
from evproto.ocpp_client.v21.datatypes import EventData
from evproto.ocpp_client.v21.enums import EventNotificationEnum, EventTriggerEnum
from evproto.ocpp_client.v21.messages import NotifyEventRequest

MOST_PER_MESSAGE = 20
EVENT_ID = "v2.event-id"
RESERVED = 1_000
"""Ids that are taken at a time, so that not every event has to be counted on the disk."""
LEAST_SEVERE = 9


class Events(Block):
    """What happens at one moment goes together.

    Up to MonitoringCtrlr.OfflineQueuingSeverity events are durable, others are lost while offline;
    those less severe than ActiveMonitoringLevel are not told at all (N05).
    """

    name = "events"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._wire = Wire(WORDS)
        self._waiting: list[tuple[EventData, int]] = []
        self._next = self._reserved = int(station.store.get(EVENT_ID, "1"))

    def new_id(self) -> int:
        """Unique also over restarts."""
        if self._next == self._reserved:
            self._reserved += RESERVED
            self._station.store.put(EVENT_ID, str(self._reserved))
        self._next += 1
        return self._next - 1

    def tell_event(self, data: EventData, severity: int) -> None:
        """Tell one with all others of this moment."""
        level = self._station.model.number("MonitoringCtrlr", "ActiveMonitoringLevel", default=LEAST_SEVERE)
        if severity <= level:
            self._waiting.append((data, severity))

    def notify(
        self,
        component: Component,
        variable: Variable,
        actual: str,
        severity: int,
        now: float,
        *,
        cleared: bool = False,
        tech_code: str | None = None,
        tech_info: str | None = None,
    ) -> None:
        """One that needs no monitor (a hard-wired notification)."""
        evse = self._station.evses.get(component.evse_id or 0)
        transaction = None if evse is None else evse.transaction
        data = EventData(
            event_id=self.new_id(),
            timestamp=self._station.clock.at(now),
            trigger=EventTriggerEnum.ALERTING,
            actual_value=actual,
            component=self._wire.component(component),
            variable=self._wire.variable(variable),
            event_notification_type=EventNotificationEnum.HARD_WIRED_NOTIFICATION,
            cleared=cleared or None,
            tech_code=tech_code[:50] if tech_code else None,
            tech_info=tech_info[:500] if tech_info else None,
            transaction_id=None if transaction is None else transaction.id,
            severity=severity,
        )
        self.tell_event(data, severity)

    def settle(self, now: float) -> None:
        """Send what came up."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        most = self._station.model.number("MonitoringCtrlr", "OfflineQueuingSeverity", default=LEAST_SEVERE)
        self._send([data for data, severity in waiting if severity <= most], now, durable=True)
        self._send([data for data, severity in waiting if severity > most], now, durable=False)

    def _send(self, events: list[EventData], now: float, *, durable: bool) -> None:
        starts = range(0, len(events), MOST_PER_MESSAGE)
        portions = [tuple(events[start : start + MOST_PER_MESSAGE]) for start in starts]
        for seq_no, portion in enumerate(portions):
            request = NotifyEventRequest(
                generated_at=self._station.clock.at(now),
                seq_no=seq_no,
                tbc=seq_no < len(portions) - 1,
                event_data=portion,
            )
            if not durable:
                self._station.ask(request, now)
                continue
            with self._station.store.batch():
                self._station.queue(request)
            self._station.kick(now)
