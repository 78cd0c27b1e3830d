"""Block N, faults (N07, G05): each is an event, by the part of the station that it is about."""

from __future__ import annotations

from evproto.ocpp_client.bridge import Fact, FaultCleared, FaultRaised
from evproto.ocpp_client.device_model import Component, Record, Variable
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.events import Events

BLOCKING, HARMLESS = 4, 6
"""Severities of part 2: Error, Warning."""

PROBLEM = "Problem"

PARTS = {
    "ConnectorLockFailure": ("ConnectorPlugRetentionLock", PROBLEM),
    "GroundFailure": ("GroundIsolationProtection", PROBLEM),
    "HighTemperature": ("TemperatureSensor", PROBLEM),
    "OverCurrentFailure": ("OverCurrentProtection", "Operated"),
    "PowerMeterFailure": ("FiscalMetering", PROBLEM),
    "PowerSwitchFailure": ("PowerContactor", PROBLEM),
    "ReaderFailure": ("TokenReader", PROBLEM),
    "WeakSignal": ("DataLink", PROBLEM),
}
"""What each code of `FaultRaised` is about, where the model of the station has such a part."""


class Faults(Block):
    """Keeps Problem of the connector, the EVSE or the station, and tells of it."""

    name = "faults"

    def __init__(self, station: ChargingStation, events: Events) -> None:
        super().__init__(station)
        self._events = events
        self._raised: dict[tuple[int, int], FaultRaised] = {}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case FaultRaised():
                key = (fact.evse_id, fact.connector_id or 0)
                before = self._raised.pop(key, None)
                if before is not None and before.code != fact.code:
                    self._report(before, now, raised=False)
                self._raised[key] = fact
                if before is None or before.code != fact.code:
                    self._report(fact, now, raised=True)
            case FaultCleared(evse_id, connector_id):
                before = self._raised.pop((evse_id, connector_id or 0), None)
                if before is not None:
                    self._report(before, now, raised=False)
            case _:
                pass

    def _report(self, fault: FaultRaised, now: float, *, raised: bool) -> None:
        value = "true" if raised else "false"
        place = _place(fault)
        self._station.model.write(place, Variable(PROBLEM), value, now)
        component, variable = self._part(fault) or (place, Variable(PROBLEM))
        self._station.model.write(component, variable, value, now)
        self._events.notify(
            component,
            variable,
            value,
            BLOCKING if fault.blocking else HARMLESS,
            now,
            cleared=not raised,
            tech_code=fault.vendor_code or fault.code,
            tech_info=fault.info,
        )

    def _part(self, fault: FaultRaised) -> tuple[Component, Variable] | None:
        """The part at this connector, or else at the EVSE, or of the station."""
        name, variable = PARTS.get(fault.code, ("", ""))
        for evse_id, connector_id in (
            (fault.evse_id or None, fault.connector_id or (1 if fault.evse_id else None)),
            (fault.evse_id or None, None),
            (None, None),
        ):
            component = Component(name, None, evse_id, connector_id)
            if isinstance(self._station.model.find(component, Variable(variable)), Record):
                return component, Variable(variable)
        return None


def _place(fault: FaultRaised) -> Component:
    if not fault.evse_id:
        return Component("ChargingStation")
    if not fault.connector_id:
        return Component("EVSE", None, fault.evse_id)
    return Component("Connector", None, fault.evse_id, fault.connector_id)
