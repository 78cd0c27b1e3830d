"""Whatever a back end sends, a 1.6 station raises nothing, answers only in JSON, and stays in service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

from _runner import run

from evproto.ocpp_client.bridge import Description, Plugged, TokenPresented
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16.station import Station

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BOOTED = '[3,"1-1",{"status":"Accepted","currentTime":"2026-01-01T12:00:00Z","interval":300}]'
SEEDS = [
    b'[2,"a","Reset",{"type":"Soft"}]',
    b'[2,"b","RemoteStartTransaction",{"idTag":"A","connectorId":1}]\n[2,"c","UnlockConnector",{"connectorId":1}]',
    b'[2,"d","ChangeConfiguration",{"key":"ClockAlignedDataInterval","value":"7"}]',
    b'[2,"e","ReserveNow",{"connectorId":0,"expiryDate":"2026-01-01T12:00:09Z","idTag":"A","reservationId":1}]',
    b'[2,"f","SendLocalList",{"listVersion":1,"updateType":"Full","localAuthorizationList":[{"idTag":"A"}]}]',
    b'[2,"g","TriggerMessage",{"requestedMessage":"MeterValues"}]\n[3,"1-5",{}]\n[4,"1-6","GenericError","",{}]',
    b'[3,"1-2",{}]\n[3,"1-3",{}]\n[3,"1-4",{}]\n[3,"1-5",{"currentTime":"9999-12-31T23:59:59Z"}]',
    b'[2,"k","TriggerMessage",{"requestedMessage":"Heartbeat"}]\n[3,"1-2",{}]\n[3,"1-5",{"currentTime":"0001-01-01T00:00:00+14:00"}]',
    b'[2,"l","SetChargingProfile",{"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,'
    b'"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Recurring","recurrencyKind":"Daily",'
    b'"chargingSchedule":{"chargingRateUnit":"A","startSchedule":"0001-01-01T00:00:00Z","duration":9,'
    b'"chargingSchedulePeriod":[{"startPeriod":0,"limit":6}]}}}\n'
    b'[2,"m","GetCompositeSchedule",{"connectorId":1,"duration":999999999}]',
    b'[2,"h","ChangeAvailability",{"connectorId":0,"type":"Inoperative"}]',
    b'[2,"i","UpdateFirmware",{"location":"x","retrieveDate":"9999-12-31T23:59:59Z"}]',
]


def check(data: bytes) -> None:
    station = Station(Description(vendor="v", model="m", evse_count=2), Store(":memory:"), NOON, 0.0)
    lines = data.decode("utf-8", "replace").split("\n")[:20]
    serve(station, [partial(station.receive, line) for line in lines])


def serve(station: Station, steps: Iterable[Callable[[float], None]]) -> None:
    """Register, take the steps with time in between, and charge at the end."""
    station.connected(0.0)
    station.receive(BOOTED, 0.0)
    now = 0.0
    for step in steps:
        now += 1.0
        step(now)
        drain(station)
        if station.deadline is not None:
            now = max(now, min(station.deadline, now + 1e6))
            station.advance(now)
            drain(station)
    station.tell(Plugged(1), now)
    station.tell(TokenPresented("TAG", 1), now)
    drain(station)


def drain(station: Station) -> None:
    while (text := station.next_output()) is not None:
        json.loads(text)
    while station.next_event() is not None:
        pass


if __name__ == "__main__":
    run(check, SEEDS)
