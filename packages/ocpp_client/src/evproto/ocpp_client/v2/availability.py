"""Block G, status (G01): what the back end has heard of each connector, and what it must hear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evproto.ocpp_client.bridge import Fact, FaultCleared, FaultRaised
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2.charging_station import Action, Block, ChargingStation, Trigger
from evproto.ocpp_client.v2.evse import Connector
from evproto.ocpp_client.v21.datatypes import EVSE
from evproto.ocpp_client.v21.enums import ConnectorStatusEnum, MessageTriggerEnum
from evproto.ocpp_client.v21.messages import StatusNotificationRequest


class StatusReporter(Block):
    """Compares what is with what was said, after everything that happens."""

    name = "status"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._said: dict[tuple[int, int], ConnectorStatusEnum] = {}
        self._held: dict[tuple[int, int], ConnectorStatusEnum] = {}
        self._shown: list[ConnectorStatusEnum] = []

    def triggers(self) -> Mapping[MessageTriggerEnum, Trigger]:
        return {MessageTriggerEnum.STATUS_NOTIFICATION: self._trigger}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case FaultRaised():
                self._set_fault(fact, fact)
            case FaultCleared():
                self._set_fault(fact, None)
            case _:
                pass

    def accepted(self, now: float) -> None:
        """After each start all states are reported (B01.FR.05)."""
        self._said.clear()

    def reconnected(self, offline: float, now: float) -> None:
        """After a long absence all states are reported, after a short one those that changed (B04)."""
        if offline > self._station.model.number("OCPPCommCtrlr", "OfflineThreshold"):
            self._said.clear()

    def settle(self, now: float) -> None:
        """Report every status that the back end does not know; while offline nothing is said."""
        found = [(connector, self.status(connector)) for connector in self._station.connectors()]
        self._show_changes([status for _, status in found], now)
        for connector, status in found:
            key = _key(connector)
            if not self._station.online:
                continue
            if self._said.get(key) is not status:
                self._hold_or_report(connector, status, now)
            else:
                self._drop(key)

    def status(self, connector: Connector) -> ConnectorStatusEnum:
        """The availability of a connector."""
        evse = self._station.evses[connector.evse_id]
        return evse.status(connector, station_operative=self._station.operative)

    def report(self, connector: Connector, now: float, *, first: bool = False) -> None:
        """Report one connector now."""
        key, status = _key(connector), self.status(connector)
        self._said[key] = status
        self._drop(key)
        request = StatusNotificationRequest(
            evse_id=connector.evse_id,
            connector_id=connector.id,
            connector_status=status,
            timestamp=self._station.clock.at(now),
        )
        self._station.ask(request, now, lambda answer, _: self._forget(key, status, answer), first=first)

    def on_timer(self, name: str, now: float) -> None:
        evse_id, _, connector_id = name.partition("-")
        connector = self._station.connector(int(evse_id), int(connector_id))
        assert connector is not None
        if self._station.online and self._said.get(_key(connector)) is not self.status(connector):
            self.report(connector, now)

    def _trigger(self, place: EVSE | None, now: float) -> Action | None:
        """Of a connector, which must be named (F06.FR.12)."""
        if place is None or place.connector_id is None:
            return None
        connector = self._station.connector(place.id, place.connector_id)
        return None if connector is None else lambda at: self.report(connector, at, first=True)

    def _set_fault(self, fact: FaultRaised | FaultCleared, fault: FaultRaised | None) -> None:
        """Of a connector, of a whole EVSE, or (0) of the station."""
        for evse in self._station.evses.values():
            if fact.evse_id not in (0, evse.id):
                continue
            connector = evse.connectors.get(fact.connector_id) if fact.connector_id else None
            if connector is None:
                evse.fault = fault
            else:
                connector.fault = fault

    def _show_changes(self, statuses: list[ConnectorStatusEnum], now: float) -> None:
        """AvailabilityState, also of the whole: with a vehicle an EVSE is as that connector is."""
        if statuses == self._shown:
            return
        self._shown = statuses
        for connector, status in zip(self._station.connectors(), statuses, strict=True):
            self._show(Component("Connector", None, connector.evse_id, connector.id), status, now)
        found = []
        for evse in self._station.evses.values():
            plugged = [one for one in evse.connectors.values() if one.plugged]
            found.append(_sum_up(map(self.status, plugged or evse.connectors.values())))
            self._show(Component("EVSE", None, evse.id), found[-1], now)
        self._show(Component("ChargingStation"), _sum_up(found), now)

    def _show(self, component: Component, status: ConnectorStatusEnum, now: float) -> None:
        self._station.model.write(component, Variable("AvailabilityState"), status.value, now)

    def _hold_or_report(self, connector: Connector, status: ConnectorStatusEnum, now: float) -> None:
        """MinimumStatusDuration: a status that does not last is not reported."""
        key = _key(connector)
        duration = self._station.model.number("OCPPCommCtrlr", "MinimumStatusDuration")
        if not duration or key not in self._said or status is ConnectorStatusEnum.FAULTED:
            self.report(connector, now)
        elif self._held.get(key) is not status:
            self._held[key] = status
            self._start(f"{key[0]}-{key[1]}", now + duration)

    def _drop(self, key: tuple[int, int]) -> None:
        if self._held.pop(key, None) is not None:
            self._stop(f"{key[0]}-{key[1]}")

    def _forget(self, key: tuple[int, int], status: ConnectorStatusEnum, answer: object) -> None:
        """What was lost with the link is said again; a refusal is not."""
        if answer is None and not self._station.linked and self._said.get(key) is status:
            del self._said[key]


_BEST_FIRST = (
    ConnectorStatusEnum.AVAILABLE,
    ConnectorStatusEnum.OCCUPIED,
    ConnectorStatusEnum.RESERVED,
    ConnectorStatusEnum.UNAVAILABLE,
    ConnectorStatusEnum.FAULTED,
)


def _sum_up(statuses: Iterable[ConnectorStatusEnum]) -> ConnectorStatusEnum:
    """A whole is as good as the best of its parts."""
    return min(statuses, key=_BEST_FIRST.index)


def _key(connector: Connector) -> tuple[int, int]:
    return connector.evse_id, connector.id
