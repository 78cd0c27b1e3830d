"""Connector profiles: what differs between connectors in the hands of one pilot machine."""

from __future__ import annotations

from dataclasses import dataclass

from evproto.iec61851.proximity import J1772_LATCH, TYPE2_CABLE, TYPE2_INLET, ProximityTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorProfile:
    """One kind of connector.

    supply_proximity: the table by which the supply reads the plug of a detachable cable, None for
    a cable that is part of the charger. supply_lock: the supply locks the plug in its socket.
    vehicle_proximity: the table by which the inlet reads the plug. vehicle_lock: the vehicle locks
    the plug in its inlet. max_current_a: the most that the connector carries as alternating
    current. phases: the most phases. direct_current: the contactor follows digital communication.
    """

    name: str
    supply_proximity: ProximityTable | None = None
    supply_lock: bool = False
    vehicle_proximity: ProximityTable
    vehicle_lock: bool = True
    max_current_a: float
    phases: int
    direct_current: bool = False


TYPE1 = ConnectorProfile(
    name="type 1", vehicle_proximity=J1772_LATCH, vehicle_lock=False, max_current_a=80.0, phases=1
)
TYPE2_SOCKET = ConnectorProfile(
    name="type 2 socket",
    supply_proximity=TYPE2_CABLE,
    supply_lock=True,
    vehicle_proximity=TYPE2_INLET,
    max_current_a=63.0,
    phases=3,
)
TYPE2_TETHERED = ConnectorProfile(
    name="type 2 tethered", vehicle_proximity=TYPE2_INLET, max_current_a=63.0, phases=3
)
CCS1 = ConnectorProfile(
    name="CCS1", vehicle_proximity=J1772_LATCH, max_current_a=80.0, phases=1, direct_current=True
)
CCS2 = ConnectorProfile(
    name="CCS2", vehicle_proximity=TYPE2_INLET, max_current_a=63.0, phases=3, direct_current=True
)
# SAE J3400 takes the pilot of J1772 unchanged; its proximity values are not public, so the table
# of J1772 stands in until a user puts the right one here.
NACS = ConnectorProfile(
    name="NACS", vehicle_proximity=J1772_LATCH, max_current_a=80.0, phases=1, direct_current=True
)

PROFILES = {p.name: p for p in (TYPE1, TYPE2_SOCKET, TYPE2_TETHERED, CCS1, CCS2, NACS)}
"""All profiles by name."""
