from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from evproto.ocpp_client import Version, decode, encode
from evproto.ocpp_client.device_model import Component, DeviceModel, Variable, standard_component
from evproto.ocpp_client.device_model.monitor_types import MonitorType
from evproto.ocpp_client.device_model.monitor_wire import MonitorWire
from evproto.ocpp_client.device_model.monitors import MonitorRequest, Monitors

VERSIONS = [Version.V201, Version.V21]
EVSE = {"name": "EVSE", "evse": {"id": 1}}
POWER = {"name": "Power"}
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def station() -> tuple[DeviceModel, Monitors]:
    model = DeviceModel(
        ":memory:", [standard_component("EVSE").at(evse_id=1), standard_component("MonitoringCtrlr")]
    )
    return model, Monitors(model, 0.0, seconds_of_day=lambda now: now)


def request(version: Version, action: str, **fields: Any) -> Any:
    return decode(version.actions[action][0], msgspec.json.encode(fields))


def entry(type_: str, value: float, severity: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "value": value,
        "severity": severity,
        "component": EVSE,
        "variable": POWER,
    } | more


@pytest.mark.parametrize("version", VERSIONS)
def test_set_variable_monitoring_answers_every_entry_in_its_order(version: Version) -> None:
    _, monitors = station()
    asked = request(
        version,
        "SetVariableMonitoring",
        setMonitoringData=[
            entry("UpperThreshold", 11_000),
            entry("UpperThreshold", 12_000),
            entry("UpperThreshold", 30_000, 4),
            entry("Delta", 1, component={"name": "Nothing"}),
            entry("Delta", 1, variable={"name": "Nothing"}),
            entry("UpperThreshold", 1, variable={"name": "AvailabilityState"}),
            entry("Delta", 1, 10),
        ],
    )
    results = MonitorWire(version).set_monitoring(monitors, asked, 0.0)
    assert [result.status.value for result in results] == [
        "Accepted",
        "Duplicate",
        "Rejected",
        "UnknownComponent",
        "UnknownVariable",
        "UnsupportedMonitorType",
        "Rejected",
    ]
    assert [result.id is not None for result in results] == [True] + [False] * 6
    response = version.actions["SetVariableMonitoring"][1]
    encode(response(set_monitoring_result=results))


@pytest.mark.parametrize("version", VERSIONS)
def test_clear_variable_monitoring_answers_every_id(version: Version) -> None:
    _, monitors = station()
    wire = MonitorWire(version)
    asked = request(version, "SetVariableMonitoring", setMonitoringData=[entry("Periodic", 60)])
    [result] = wire.set_monitoring(monitors, asked, 0.0)
    asked = request(version, "ClearVariableMonitoring", id=[result.id, result.id + 1])
    results = wire.clear_monitoring(monitors, asked, 0.0)
    assert [result.status.value for result in results] == ["Accepted", "NotFound"]
    encode(version.actions["ClearVariableMonitoring"][1](clear_monitoring_result=results))


@pytest.mark.parametrize("version", VERSIONS)
def test_base_and_level_are_set_and_seen_in_the_device_model(version: Version) -> None:
    model, monitors = station()
    wire = MonitorWire(version)
    base = request(version, "SetMonitoringBase", monitoringBase="HardWiredOnly")
    assert wire.set_base(monitors, base, 0.0).value == "Accepted"
    assert (
        wire.set_level(monitors, request(version, "SetMonitoringLevel", severity=3), 0.0).value == "Accepted"
    )
    assert (
        wire.set_level(monitors, request(version, "SetMonitoringLevel", severity=10), 0.0).value == "Rejected"
    )
    controller = Component("MonitoringCtrlr")
    assert model.value(controller, Variable("ActiveMonitoringBase")) == "HardWiredOnly"
    assert model.value(controller, Variable("ActiveMonitoringLevel")) == "3"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_monitoring_report_is_valid_in_its_version(version: Version) -> None:
    model, monitors = station()
    wire = MonitorWire(version)
    data = [entry("UpperThreshold", 11_000), entry("Delta", 500), entry("Periodic", 60)]
    wire.set_monitoring(monitors, request(version, "SetVariableMonitoring", setMonitoringData=data), 0.0)
    everything = request(version, "GetMonitoringReport", requestId=1)
    [portion] = wire.report(model, monitors, everything)
    [variable] = portion
    assert [found.type.value for found in variable.variable_monitoring] == [  # type: ignore[attr-defined]
        "UpperThreshold",
        "Delta",
        "Periodic",
    ]
    report = version.actions["NotifyMonitoringReport"][0]
    encode(report(request_id=1, seq_no=0, generated_at="2026-01-01T00:00:00.000Z", monitor=portion))
    nothing = request(
        version,
        "GetMonitoringReport",
        requestId=2,
        componentVariable=[{"component": {"name": "Connector"}}],
    )
    assert not list(wire.report(model, monitors, nothing))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_event_is_valid_in_its_version(version: Version) -> None:
    model, monitors = station()
    wire = MonitorWire(version)
    data = [entry("UpperThreshold", 11_000)]
    wire.set_monitoring(monitors, request(version, "SetVariableMonitoring", setMonitoringData=data), 0.0)
    component, variable = Component("EVSE", evse_id=1), Variable("Power")
    model.write(component, variable, "11001", 1.0)
    model.write(component, variable, "0", 2.0)
    events = []
    while (triggered := monitors.next_event()) is not None:
        events.append(wire.event(triggered, len(events), MOMENT))
    assert [(event.actual_value, event.cleared) for event in events] == [("11001", None), ("0", True)]
    assert {event.event_notification_type.value for event in events} == {"CustomMonitor"}
    notify = version.actions["NotifyEvent"][0]
    encode(notify(generated_at="2026-01-01T00:00:00.000Z", seq_no=0, event_data=tuple(events)))


def test_a_target_monitor_is_not_told_to_a_back_end_that_has_no_word_for_it() -> None:
    model, monitors = station()
    target = standard_component("BeaconLighting")
    model.add(target)
    component, variable = target.component, Variable("Percent")
    wanted = MonitorRequest(
        component=component, variable=variable, type=MonitorType.TARGET_DELTA, value=5, severity=5
    )
    assert monitors.set(wanted, 0.0).id is not None
    everything = request(Version.V21, "GetMonitoringReport", requestId=1)
    assert len(list(MonitorWire(Version.V21).report(model, monitors, everything))) == 1
    assert not list(MonitorWire(Version.V201).report(model, monitors, everything))


def test_a_monitor_with_a_stream_is_rejected_while_there_are_no_streams() -> None:
    _, monitors = station()
    asked = request(
        Version.V21,
        "SetVariableMonitoring",
        setMonitoringData=[entry("Periodic", 60, periodicEventStream={"interval": 1, "values": 2})],
    )
    [result] = MonitorWire(Version.V21).set_monitoring(monitors, asked, 0.0)
    assert (result.status.value, result.status_info.reason_code) == ("Rejected", "UnsupportedParam")
