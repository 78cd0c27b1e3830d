"""Any bytes are a component file or a DecodeError; any text is taken and reads back, or is refused."""

from __future__ import annotations

from contextlib import suppress

from _runner import run

from evproto.core import DecodeError
from evproto.ocpp_client.device_model import (
    DeviceModel,
    GetStatus,
    SetStatus,
    read_component,
    standard_component,
    standard_names,
)
from evproto.ocpp_client.device_model.monitor_types import MonitorType
from evproto.ocpp_client.device_model.monitors import MonitorRequest, Monitors
from evproto.ocpp_client.device_model.v16_keys import ConfigurationKeys, v16_components

SEEDS = [
    b'{"name": "X", "variables": [{"name": "V", "dataType": "integer", "maxLimit": "5"}]}',
    b'{"name": "X", "variables": [{"name": "V", "dataType": "decimal", "supportsMonitoring": true,'
    b'"monitors": [{"type": "Delta", "value": 1, "severity": 9}]}]}',
    b"1.5e-7",
    b"true",
    b"2026-01-01T00:00:00.000Z",
    b"EVConnected,Authorized",
]
MODEL = DeviceModel(":memory:", [standard_component(name) for name in standard_names()])
MONITORS = Monitors(MODEL, 0.0, seconds_of_day=lambda now: now % 86_400)
KEYS = ConfigurationKeys(DeviceModel(":memory:", v16_components({})))
RECORDS = list(MODEL)


def check(data: bytes) -> None:
    with suppress(DecodeError):
        entry = read_component(data)
        assert len(DeviceModel(":memory:", [entry])) == len(entry.variables)
    text = data.decode("utf-8", "replace")
    start = sum(data) % len(RECORDS)
    for record in RECORDS[start : start + 20]:
        for attribute in [cell.traits.attribute for cell in record.cells]:
            result = MODEL.set(record.component, record.variable, text, 0.0, attribute)
            if result.status in (SetStatus.ACCEPTED, SetStatus.REBOOT_REQUIRED):
                read = MODEL.get(record.component, record.variable, attribute)
                assert read.status is GetStatus.REJECTED or read.value is not None
                assert record.characteristics.refuse(read.value or text) is None
        for type_ in MonitorType:
            value = float(len(data) - 3)
            MONITORS.set(
                MonitorRequest(
                    component=record.component, variable=record.variable, type=type_, value=value, severity=5
                ),
                0.0,
            )
    KEYS.find(text)
    KEYS.change(text, text, 0.0)
    while MONITORS.next_event() is not None:
        pass


if __name__ == "__main__":
    run(check, SEEDS)
