"""Monitoring and events of a 2.x station (N02 to N08, G05), in virtual time."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from evproto.core import StateError
from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import FaultCleared, FaultRaised, Observed
from evproto.ocpp_client.device_model import Component, MonitorEntry, Variable, standard_component
from evproto.ocpp_client.device_model.monitor_types import MonitorType
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

CURRENT = (d.Component(name="EVSE", evse=d.EVSE(id=1)), d.Variable(name="ACCurrent"))
STATE = (
    d.Component(name="Connector", evse=d.EVSE(id=1, connector_id=1)),
    d.Variable(name="AvailabilityState"),
)


def monitor(
    bench: Bench2, kind: str, value: float, severity: int = 5, place: tuple[Any, Any] = CURRENT, **more: Any
) -> Any:
    """SetVariableMonitoring of one; gives its result."""
    data = d.SetMonitoringData(
        value=value,
        type=e.MonitorEnum(kind),
        severity=severity,
        component=place[0],
        variable=place[1],
        **more,
    )
    (result,) = bench.call(m.SetVariableMonitoringRequest(set_monitoring_data=(data,))).set_monitoring_result
    return result


def measure(bench: Bench2, value: str) -> None:
    """The current of EVSE 1 is another."""
    bench.model.write(Component("EVSE", None, 1), Variable("ACCurrent"), value, bench.now)
    bench.station.advance(bench.now)
    bench.pump()


def events(bench: Bench2) -> list[Any]:
    kind = m21.NotifyEventRequest if bench.version is Version.V21 else m.NotifyEventRequest
    return [data for request in bench.said(kind) for data in request.event_data]


def told(bench: Bench2) -> list[tuple[str, str, bool | None]]:
    return [(event.actual_value, event.trigger.value, event.cleared) for event in events(bench)]


# --- setting monitors ---


def test_a_monitor_that_is_set_tells_what_it_sees(bench2: Bench2) -> None:
    result = monitor(bench2, "UpperThreshold", 20.0)
    assert result.status is e.SetMonitoringStatusEnum.ACCEPTED
    measure(bench2, "25")
    (event,) = events(bench2)
    assert (event.actual_value, event.trigger.value, event.cleared) == ("25", "Alerting", None)
    assert event.variable_monitoring_id == result.id
    assert event.event_notification_type is e.EventNotificationEnum.CUSTOM_MONITOR
    assert (event.component, event.variable) == CURRENT
    measure(bench2, "10")
    assert told(bench2)[1] == ("10", "Alerting", True)
    first, second = events(bench2)
    assert second.event_id > first.event_id


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ((d.Component(name="Nothing"), d.Variable(name="X")), "UnknownComponent"),
        ((d.Component(name="OCPPCommCtrlr"), d.Variable(name="X")), "UnknownVariable"),
        ((d.Component(name="OCPPCommCtrlr"), d.Variable(name="OfflineThreshold")), "UnsupportedMonitorType"),
    ],
)
def test_a_monitor_that_cannot_be_is_refused(bench2: Bench2, place: Any, status: str) -> None:
    assert monitor(bench2, "Delta", 1.0, place=place).status.value == status


def test_the_same_monitor_twice_is_a_duplicate(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0)
    assert monitor(bench2, "UpperThreshold", 21.0).status is e.SetMonitoringStatusEnum.DUPLICATE


def test_monitors_over_the_limit_are_an_occurrence_violation() -> None:
    bench = Bench2(settings={"MonitoringCtrlr.ItemsPerMessage[SetVariableMonitoring]": 1}).boot()
    data = d.SetMonitoringData(
        value=1.0, type=e.MonitorEnum.DELTA, severity=1, component=CURRENT[0], variable=CURRENT[1]
    )
    answer = bench.call(m.SetVariableMonitoringRequest(set_monitoring_data=(data, data)))
    assert answer.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION


def test_a_monitor_is_removed_and_is_silent_then(bench2: Bench2) -> None:
    id = monitor(bench2, "UpperThreshold", 20.0).id
    answer = bench2.call(m.ClearVariableMonitoringRequest(id=(id, 9_999)))
    assert [one.status.value for one in answer.clear_monitoring_result] == ["Accepted", "NotFound"]
    measure(bench2, "25")
    assert events(bench2) == []


def test_monitors_hold_over_a_restart(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0)
    bench2.power_cycle()
    measure(bench2, "25")
    assert told(bench2) == [("25", "Alerting", None)]


def test_a_periodic_monitor_tells_at_every_interval(bench2: Bench2) -> None:
    measure(bench2, "7")
    monitor(bench2, "Periodic", 10.0, severity=8)
    bench2.run(35.0)
    assert told(bench2) == [("7", "Periodic", None)] * 3


def test_a_clock_aligned_monitor_follows_the_clock_that_the_back_end_sets(bench2: Bench2) -> None:
    measure(bench2, "7")
    monitor(bench2, "PeriodicClockAligned", 60.0)
    late = m.Timestamp.of(bench2.csms._clock.at(bench2.now).replace(minute=30, second=50))
    bench2.script("Heartbeat", m.HeartbeatResponse(current_time=late))
    bench2.set("OCPPCommCtrlr.HeartbeatInterval", 5)
    bench2.run(5.5)
    bench2.set("OCPPCommCtrlr.HeartbeatInterval", 0)
    bench2.run(10.0)
    (event,) = events(bench2)
    assert str(event.timestamp)[11:19] == "12:31:00"


def test_a_monitor_of_a_transaction_names_it_and_ends_with_it(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0, transaction=True)
    measure(bench2, "25")
    assert events(bench2) == []
    transaction_id = bench2.charge()
    measure(bench2, "10")
    measure(bench2, "26")
    assert [event.transaction_id for event in events(bench2)][-1] == transaction_id
    bench2.token()
    bench2.forget()
    measure(bench2, "10")
    measure(bench2, "27")
    assert events(bench2) == []


def test_every_change_of_a_connector_can_be_an_event(bench2: Bench2) -> None:
    """G01 with NotifyEvent: a monitor of AvailabilityState."""
    monitor(bench2, "Delta", 0.0, place=STATE)
    bench2.plug()
    bench2.unplug()
    assert told(bench2) == [("Occupied", "Delta", None), ("Available", "Delta", None)]


# --- monitors of the factory ---

SENSOR = (d.Component(name="TemperatureSensor", evse=d.EVSE(id=1)), d.Variable(name="Temperature"))


def with_sensor(kind: Literal["HardWired", "Preconfigured"]) -> Bench2:
    """A station with a sensor that its factory has set a monitor on."""
    sensor = standard_component("TemperatureSensor").only("Temperature", "Problem").at(evse_id=1)
    hot = MonitorEntry(type=MonitorType.UPPER_THRESHOLD, value=70.0, severity=2, kind=kind)
    variables = tuple(
        replace(one, monitors=(hot,)) if one.name == "Temperature" else one for one in sensor.variables
    )
    bench: Bench2 = Bench2(components=(replace(sensor, variables=variables),)).boot()
    return bench


def warm(bench: Bench2, value: str) -> None:
    bench.tell(Observed(component="TemperatureSensor", variable="Temperature", value=value, evse_id=1))


def test_a_monitor_of_the_factory_tells_what_the_charger_observes() -> None:
    bench = with_sensor("Preconfigured")
    warm(bench, "71")
    (event,) = events(bench)
    assert (event.component, event.variable, event.actual_value) == (*SENSOR, "71")
    assert event.event_notification_type is e.EventNotificationEnum.PRECONFIGURED_MONITOR


def test_a_preconfigured_monitor_is_out_of_force_where_only_hard_wired_ones_are_wanted() -> None:
    bench = with_sensor("Preconfigured")
    set_base(bench, "HardWiredOnly")
    warm(bench, "71")
    assert events(bench) == []
    set_base(bench, "FactoryDefault")
    assert told(bench) == [("71", "Alerting", None)]


def test_a_hard_wired_monitor_is_always_in_force_and_cannot_be_removed() -> None:
    bench = with_sensor("HardWired")
    set_base(bench, "HardWiredOnly")
    warm(bench, "71")
    (event,) = events(bench)
    assert event.event_notification_type is e.EventNotificationEnum.HARD_WIRED_MONITOR
    answer = bench.call(m.ClearVariableMonitoringRequest(id=(event.variable_monitoring_id,)))
    assert answer.clear_monitoring_result[0].status is e.ClearMonitoringStatusEnum.REJECTED


def test_what_breaks_is_told_by_the_part_that_it_is_about_where_there_is_one() -> None:
    bench = with_sensor("HardWired")
    bench.tell(FaultRaised(evse_id=1, code="HighTemperature"))
    (event,) = events(bench)
    assert (event.component, event.variable.name, event.actual_value) == (SENSOR[0], "Problem", "true")


@pytest.mark.parametrize(
    ("variable", "value"), [("Nothing", "1"), ("Temperature", "hot")], ids=["unknown", "no number"]
)
def test_what_cannot_be_observed_is_the_chargers_mistake(variable: str, value: str) -> None:
    bench = with_sensor("HardWired")
    with pytest.raises(StateError):
        bench.tell(Observed(component="TemperatureSensor", variable=variable, value=value, evse_id=1))


# --- level and base ---


def set_level(bench: Bench2, severity: int) -> str:
    return str(bench.call(m.SetMonitoringLevelRequest(severity=severity)).status.value)


def test_events_less_severe_than_the_level_are_not_told(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0, severity=6)
    assert set_level(bench2, 5) == "Accepted"
    measure(bench2, "25")
    bench2.tell(FaultRaised(evse_id=1, code="OtherError", blocking=False))
    assert events(bench2) == []
    assert set_level(bench2, 10) == "Rejected"


def set_base(bench: Bench2, base: str) -> None:
    answer = bench.call(m.SetMonitoringBaseRequest(monitoring_base=e.MonitoringBaseEnum(base)))
    assert answer.status is e.GenericDeviceModelStatusEnum.ACCEPTED


@pytest.mark.parametrize("base", ["FactoryDefault", "HardWiredOnly"])
def test_a_base_puts_custom_monitors_out_of_force(bench2: Bench2, base: str) -> None:
    monitor(bench2, "UpperThreshold", 20.0)
    set_base(bench2, base)
    measure(bench2, "25")
    assert events(bench2) == []


# --- reports ---


def monitoring_report(bench: Bench2, **more: Any) -> str:
    return str(bench.call(m.GetMonitoringReportRequest(request_id=4, **more)).status.value)


def test_a_monitoring_report_holds_the_monitors(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0)
    monitor(bench2, "Delta", 5.0)
    assert monitoring_report(bench2) == "Accepted"
    (part,) = bench2.said(m.NotifyMonitoringReportRequest)
    assert (part.request_id, part.seq_no, part.tbc) == (4, 0, False)
    (data,) = part.monitor
    assert (data.component, data.variable) == CURRENT
    assert [one.type.value for one in data.variable_monitoring] == ["UpperThreshold", "Delta"]


def test_a_monitoring_report_goes_by_criteria_and_may_be_empty(bench2: Bench2) -> None:
    monitor(bench2, "UpperThreshold", 20.0)
    periodic = (e.MonitoringCriterionEnum.PERIODIC_MONITORING,)
    assert monitoring_report(bench2, monitoring_criteria=periodic) == "EmptyResultSet"
    other = (d.ComponentVariable(component=d.Component(name="EVSE", evse=d.EVSE(id=2))),)
    assert monitoring_report(bench2, component_variable=other) == "EmptyResultSet"
    assert bench2.said(m.NotifyMonitoringReportRequest) == []


def test_a_long_monitoring_report_comes_in_parts() -> None:
    bench = Bench2(settings={"DeviceDataCtrlr.ItemsPerMessage[GetReport]": 1}).boot()
    monitor(bench, "UpperThreshold", 20.0)
    monitor(bench, "Delta", 0.0, place=STATE)
    assert monitoring_report(bench) == "Accepted"
    parts = bench.said(m.NotifyMonitoringReportRequest)
    assert [(part.seq_no, part.tbc) for part in parts] == [(0, True), (1, False)]


# --- offline ---


def test_severe_events_wait_for_the_link_and_others_are_lost() -> None:
    bench = Bench2(settings={"MonitoringCtrlr.OfflineQueuingSeverity": 4}).boot()
    monitor(bench, "UpperThreshold", 20.0, severity=4)
    monitor(bench, "UpperThreshold", 20.0, severity=5, place=(CURRENT[0], d.Variable(name="Power")))
    bench.offline()
    measure(bench, "25")
    bench.model.write(Component("EVSE", None, 1), Variable("Power"), "25", bench.now)
    bench.station.advance(bench.now)
    bench.power_cycle()
    assert [event.variable.name for event in events(bench)] == ["ACCurrent"]


def test_event_ids_do_not_come_again_after_a_restart(bench2: Bench2) -> None:
    monitor(bench2, "Delta", 0.0, place=STATE)
    bench2.plug()
    (before,) = events(bench2)
    bench2.power_cycle()
    bench2.forget()
    bench2.plug()
    (after,) = events(bench2)
    assert after.event_id > before.event_id


def test_what_happens_at_one_moment_goes_together(bench2: Bench2) -> None:
    measure(bench2, "1")
    monitor(bench2, "UpperThreshold", 5.0)
    monitor(bench2, "Delta", 5.0)
    measure(bench2, "30")
    (request,) = bench2.said(m.NotifyEventRequest)
    assert [data.trigger.value for data in request.event_data] == ["Alerting", "Delta"]


def test_what_is_too_much_for_one_message_goes_in_numbered_parts() -> None:
    bench = Bench2(evse_count=21).boot()
    data = tuple(
        d.SetMonitoringData(
            value=0.0,
            type=e.MonitorEnum.DELTA,
            severity=5,
            component=d.Component(name="EVSE", evse=d.EVSE(id=evse_id)),
            variable=STATE[1],
        )
        for evse_id in range(1, 22)
    )
    bench.call(m.SetVariableMonitoringRequest(set_monitoring_data=data))
    bench.call(m.ChangeAvailabilityRequest(operational_status=e.OperationalStatusEnum.INOPERATIVE))
    parts = bench.said(m.NotifyEventRequest)
    assert [(part.seq_no, part.tbc, len(part.event_data)) for part in parts] == [(0, True, 20), (1, False, 1)]


# --- faults ---


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_lock_that_fails_is_an_event_and_nothing_is_charged(version: Version) -> None:
    """G05."""
    bench = Bench2(version).boot()
    bench.plug()
    bench.forget()
    bench.tell(FaultRaised(evse_id=1, connector_id=1, code="ConnectorLockFailure", vendor_code="E7"))
    bench.token()
    bench.run(5.0)
    (event,) = events(bench)
    assert event.component.name == "ConnectorPlugRetentionLock"
    assert (event.component.evse.id, event.component.evse.connector_id) == (1, 1)
    assert (event.variable.name, event.actual_value, event.tech_code) == ("Problem", "true", "E7")
    assert event.event_notification_type.value == "HardWiredNotification"
    assert bench.model.value(Component("Connector", None, 1, 1), Variable("Problem")) == "true"
    assert bench.station.transaction_ids == {}
    assert bench.statuses() == ["Faulted"]


@pytest.mark.parametrize(
    ("evse_id", "connector_id", "component"),
    [(0, None, "ChargingStation"), (1, None, "EVSE"), (1, 1, "Connector")],
)
def test_a_fault_is_the_problem_of_its_place_until_it_is_gone(
    bench2: Bench2, evse_id: int, connector_id: int | None, component: str
) -> None:
    bench2.tell(FaultRaised(evse_id=evse_id, connector_id=connector_id, code="OtherError", info="hot"))
    (event,) = events(bench2)
    assert (event.component.name, event.variable.name, event.actual_value) == (component, "Problem", "true")
    assert (event.tech_code, event.tech_info, event.cleared) == ("OtherError", "hot", None)
    bench2.tell(FaultCleared(evse_id, connector_id))
    assert told(bench2)[1] == ("false", "Alerting", True)
    assert bench2.statuses(1)[-2:] == ["Faulted", "Available"]


def test_the_evse_and_the_station_are_as_good_as_their_best_part(bench2: Bench2) -> None:
    def state(component: str, evse_id: int | None = None) -> str | None:
        return bench2.model.value(Component(component, None, evse_id), Variable("AvailabilityState"))

    bench2.plug(1)
    assert (state("EVSE", 1), state("EVSE", 2), state("ChargingStation")) == (
        "Occupied",
        "Available",
        "Available",
    )
    bench2.tell(FaultRaised(evse_id=2, code="OtherError"))
    assert (state("EVSE", 2), state("ChargingStation")) == ("Faulted", "Occupied")
