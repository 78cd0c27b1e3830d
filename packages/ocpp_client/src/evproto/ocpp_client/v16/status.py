"""StatusNotification (section 4.9): what the back end has heard, and what it must hear."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Fact, FaultCleared, FaultRaised
from evproto.ocpp_client.v16.charge_point import Block
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.enums import ChargePointErrorCode, ChargePointStatus
from evproto.ocpp_client.v16.messages import StatusNotificationRequest

_Said = tuple[ChargePointStatus, ChargePointErrorCode]


class StatusReporter(Block):
    """Compares what is with what was said, after everything that happens."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._said: dict[int, _Said] = {}
        self._held: dict[int, _Said] = {}

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, FaultRaised | FaultCleared):
            connector = self._point.connectors.get(fact.evse_id)
            if connector is not None:
                connector.fault = fact if isinstance(fact, FaultRaised) else None

    def accepted(self, now: float) -> None:
        """After each start all states are reported (section 4.2.1)."""
        self._said.clear()

    def publish(self, now: float) -> None:
        """Report every status that the back end does not know; while offline nothing is said."""
        if not self._point.online:
            return
        for connector in self._point.connectors.values():
            if self._said.get(connector.id) != _state(connector):
                self._hold_or_report(connector, now)
            else:
                self._drop(connector.id)

    def report(self, connector: Connector, now: float, *, first: bool = False) -> None:
        """Report one connector now."""
        state = _state(connector)
        self._said[connector.id] = state
        self._drop(connector.id)
        fault = connector.fault
        request = StatusNotificationRequest(
            connector_id=connector.id,
            error_code=connector.error,
            status=connector.status,
            timestamp=self._point.clock.at(now),
            info=fault.info if fault else None,
            vendor_error_code=fault.vendor_code if fault else None,
        )
        self._point.ask(
            request, now, lambda answer, _: self._forget(connector.id, state, answer), first=first
        )

    def on_timer(self, name: str, now: float) -> None:
        connector = self._point.connectors[int(name)]
        if self._point.online and self._said.get(connector.id) != _state(connector):
            self.report(connector, now)

    def _hold_or_report(self, connector: Connector, now: float) -> None:
        """MinimumStatusDuration: a status that does not last is not reported (section 9.1.20)."""
        duration = self._point.configuration.number("MinimumStatusDuration")
        if not duration or connector.id not in self._said or connector.faulted:
            self.report(connector, now)
        elif self._held.get(connector.id) != _state(connector):
            self._held[connector.id] = _state(connector)
            self._point.timers.start(f"status:{connector.id}", now + duration)

    def _drop(self, connector_id: int) -> None:
        self._held.pop(connector_id, None)
        self._point.timers.stop(f"status:{connector_id}")

    def _forget(self, connector_id: int, state: _Said, answer: object) -> None:
        """What was lost with the link is said again; a refusal is not."""
        if answer is None and not self._point.linked and self._said.get(connector_id) == state:
            del self._said[connector_id]


def _state(connector: Connector) -> _Said:
    return connector.status, connector.error
