"""Block B of part 6: provisioning, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import ClockSet, Restart, RestartEvse
from evproto.ocpp_client.device_model import Component, Source, Variable
from evproto.ocpp_client.rpc_events import CallFailed
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import NOON, Bench2
from evproto.ocpp_client.v21 import datatypes as d21
from evproto.ocpp_client.v21 import enums as e21
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

OCCUPIED, AVAILABLE, UNAVAILABLE = "Occupied", "Available", "Unavailable"


def name(text: str) -> tuple[d.Component, d.Variable]:
    """`Component.Variable[Instance]`."""
    component, _, variable = text.partition(".")
    variable, _, instance = variable.rstrip("]").partition("[")
    return d.Component(name=component), d.Variable(name=variable, instance=instance or None)


def get(bench: Bench2, *names: str, attribute: str | None = None) -> tuple[Any, ...]:
    """GetVariables; gives the results."""
    kind = None if attribute is None else e.AttributeEnum(attribute)
    data = tuple(
        d.GetVariableData(component=component, variable=variable, attribute_type=kind)
        for component, variable in map(name, names)
    )
    answer = bench.call(m.GetVariablesRequest(get_variable_data=data))
    return tuple(answer.get_variable_result)


def put(bench: Bench2, values: dict[str, str], attribute: str | None = None) -> tuple[Any, ...]:
    """SetVariables; gives the results."""
    kind = None if attribute is None else e.AttributeEnum(attribute)
    data = tuple(
        d.SetVariableData(
            component=name(text)[0], variable=name(text)[1], attribute_value=value, attribute_type=kind
        )
        for text, value in values.items()
    )
    answer = bench.call(m.SetVariablesRequest(set_variable_data=data))
    return tuple(answer.set_variable_result)


def base_report(bench: Bench2, base: str, request_id: int = 7) -> Any:
    """GetBaseReport; gives its status."""
    request = m.GetBaseReportRequest(request_id=request_id, report_base=e.ReportBaseEnum(base))
    return bench.call(request).status.value


def reported(bench: Bench2, request_id: int = 7) -> list[Any]:
    """The whole report, whose parts must be numbered and end with the last."""
    parts = [part for part in bench.said(m.NotifyReportRequest) if part.request_id == request_id]
    assert [part.seq_no for part in parts] == list(range(len(parts)))
    assert [part.tbc for part in parts] == [True] * (len(parts) - 1) + [False]
    return [data for part in parts for data in part.report_data]


def reset(bench: Bench2, kind: str, evse_id: int | None = None) -> str:
    """Reset; gives its status."""
    answer = bench.call(m.ResetRequest(type=e.ResetEnum(kind), evse_id=evse_id))
    return str(answer.status.value)


def restart(bench: Bench2, *, plugged: tuple[int, ...] = ()) -> Any:
    """The reboot that the station has asked for; gives its BootNotification."""
    assert len(bench.told(Restart)) == 1
    bench.forget()
    bench.power_cycle(online=False)
    for evse_id in plugged:
        bench.plug(evse_id)
    bench.online()
    bench.run(1.0)
    (boot,) = bench.said(m.BootNotificationRequest)
    return boot


def events(bench: Bench2) -> list[str]:
    return [event.type for event in bench.said(m.SecurityEventNotificationRequest)]


def boot_answer(status: str, interval: int = 20) -> m.BootNotificationResponse:
    return m.BootNotificationResponse(
        current_time=m.Timestamp.of(NOON), interval=interval, status=e.RegistrationStatusEnum(status)
    )


# --- cold boot ---


def test_tc_b_01_cs_after_a_cold_boot_every_connector_is_reported() -> None:
    bench = Bench2(connectors=(1, 2))
    bench.online()
    assert bench.actions()[0] == "BootNotification"
    (boot,) = bench.said(m.BootNotificationRequest)
    assert boot.reason is e.BootReasonEnum.POWER_UP
    for place in ((1, 1), (2, 1), (2, 2)):
        assert bench.statuses(*place) == [AVAILABLE]
    assert events(bench) == ["StartupOfTheDevice"]


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_tc_b_02_cs_a_pending_station_is_set_up_and_charges_nobody(version: Version) -> None:
    bench = Bench2(version)
    words = {Version.V201: (m, d, e), Version.V21: (m21, d21, e21)}[version]
    messages, datatypes, enums = words

    def answer(status: str) -> Any:
        return messages.BootNotificationResponse(
            current_time=m.Timestamp.of(NOON), interval=300, status=enums.RegistrationStatusEnum(status)
        )

    bench.script("BootNotification", answer("Pending"))
    bench.online()
    component, variable = (
        datatypes.Component(name="OCPPCommCtrlr"),
        datatypes.Variable(name="OfflineThreshold"),
    )
    value = datatypes.SetVariableData(attribute_value="300", component=component, variable=variable)
    (done,) = bench.call(messages.SetVariablesRequest(set_variable_data=(value,))).set_variable_result
    assert done.attribute_status.value == "Accepted"
    wanted = datatypes.GetVariableData(component=component, variable=variable)
    (read,) = bench.call(messages.GetVariablesRequest(get_variable_data=(wanted,))).get_variable_result
    assert (read.attribute_status.value, read.attribute_value) == ("Accepted", "300")

    full = messages.GetBaseReportRequest(request_id=7, report_base=enums.ReportBaseEnum.FULL_INVENTORY)
    assert bench.call(full).status.value == "Accepted"
    bench.run(1.0)
    parts = bench.said(messages.NotifyReportRequest)
    assert [part.seq_no for part in parts] == list(range(len(parts)))
    assert [part.tbc for part in parts] == [True] * (len(parts) - 1) + [False]

    kind = "ISO14443" if version is Version.V21 else e.IdTokenEnum.ISO14443
    token = datatypes.IdToken(id_token="TAG", type=kind)
    start = messages.RequestStartTransactionRequest(evse_id=1, remote_start_id=1, id_token=token)
    assert bench.call(start).status.value == "Rejected"
    assert set(bench.actions()) == {"BootNotification", "NotifyReport"}

    bench.forget()
    bench.script("BootNotification", answer("Accepted"))
    trigger = messages.TriggerMessageRequest(requested_message=enums.MessageTriggerEnum.BOOT_NOTIFICATION)
    assert bench.call(trigger).status.value == "Accepted"
    bench.run(1.0)
    (boot,) = bench.said(messages.BootNotificationRequest)
    assert boot.reason.value == "Triggered"
    assert bench.statuses(1) == bench.statuses(2) == [AVAILABLE]


def test_tc_b_03_cs_a_rejected_station_is_silent_until_the_interval_is_over() -> None:
    bench = Bench2()
    bench.script("BootNotification", boot_answer("Rejected"))
    bench.online()
    bench.forget()
    bench.script("BootNotification", boot_answer("Accepted", 300))
    bench.plug()
    bench.unplug()
    bench.run(19.9)
    assert bench.calls == []
    bench.run(0.2)
    assert bench.actions()[0] == "BootNotification"
    assert bench.statuses(1) == bench.statuses(2) == [AVAILABLE]


def test_a_registration_without_an_interval_is_tried_again_at_the_stations_own() -> None:
    bench = Bench2()
    bench.script("BootNotification", boot_answer("Rejected", 0))
    bench.online()
    bench.run(59.0)
    assert len(bench.calls) == 1
    bench.run(2.0)
    assert len(bench.calls) == 2


@pytest.mark.parametrize("base", ["FullInventory", "ConfigurationInventory"])
def test_tc_b_30_cs_a_rejected_station_answers_calls_with_security_error(base: str) -> None:
    bench = Bench2()
    bench.script("BootNotification", boot_answer("Rejected"))
    bench.online()
    bench.forget()
    request = m.GetBaseReportRequest(request_id=1, report_base=e.ReportBaseEnum(base))
    answer = bench.call(request)
    assert isinstance(answer, CallFailed)
    assert answer.code is ErrorCode.SECURITY_ERROR
    assert bench.calls == []


# --- get variables ---


@pytest.fixture
def bench2() -> Bench2:
    settings = {"OCPPCommCtrlr.OfflineThreshold": 300, "AuthCtrlr.LocalAuthorizeOffline": True}
    bench: Bench2 = Bench2(settings=settings).boot()
    return bench


def test_tc_b_06_cs_one_variable_is_read(bench2: Bench2) -> None:
    (result,) = get(bench2, "OCPPCommCtrlr.OfflineThreshold", attribute="Actual")
    assert result.attribute_status is e.GetVariableStatusEnum.ACCEPTED
    assert result.attribute_type is e.AttributeEnum.ACTUAL
    assert result.attribute_value == "300"
    assert (result.component, result.variable) == name("OCPPCommCtrlr.OfflineThreshold")
    assert result.attribute_status_info is None


def test_tc_b_07_cs_several_variables_are_read(bench2: Bench2) -> None:
    names = ("OCPPCommCtrlr.OfflineThreshold", "AuthCtrlr.LocalAuthorizeOffline")
    results = get(bench2, *names, attribute="Actual")
    assert [result.attribute_value for result in results] == ["300", "true"]
    assert {result.attribute_status.value for result in results} == {"Accepted"}
    assert [(result.component, result.variable) for result in results] == [name(text) for text in names]


def test_tc_b_32_cs_an_unknown_component_is_named_so(bench2: Bench2) -> None:
    (result,) = get(bench2, "UnknownComponent.OfflineThreshold")
    assert result.attribute_status is e.GetVariableStatusEnum.UNKNOWN_COMPONENT
    assert (result.component, result.variable) == name("UnknownComponent.OfflineThreshold")


def test_tc_b_33_cs_an_unknown_variable_is_named_so(bench2: Bench2) -> None:
    (result,) = get(bench2, "OCPPCommCtrlr.UnknownVariable")
    assert result.attribute_status is e.GetVariableStatusEnum.UNKNOWN_VARIABLE
    assert (result.component, result.variable) == name("OCPPCommCtrlr.UnknownVariable")


def test_tc_b_34_cs_an_attribute_that_is_not_there_cannot_be_read(bench2: Bench2) -> None:
    (result,) = get(bench2, "OCPPCommCtrlr.OfflineThreshold", attribute="Target")
    assert result.attribute_status is e.GetVariableStatusEnum.NOT_SUPPORTED_ATTRIBUTE_TYPE
    assert result.attribute_type is e.AttributeEnum.TARGET


def test_tc_b_08_cs_variables_over_the_limit_are_rejected(bench2: Bench2) -> None:
    base_report(bench2, "FullInventory")
    found = [
        (data.component, data.variable)
        for data in reported(bench2)
        if data.component.evse is None and data.variable_attribute[0].mutability.value != "WriteOnly"
    ]
    (limit,) = get(bench2, "DeviceDataCtrlr.ItemsPerMessage[GetVariables]")
    most = int(limit.attribute_value)
    data = tuple(
        d.GetVariableData(component=component, variable=variable) for component, variable in found[: most + 1]
    )
    assert len(data) == most + 1
    *accepted, last = bench2.call(m.GetVariablesRequest(get_variable_data=data)).get_variable_result
    assert {result.attribute_status.value for result in accepted} == {"Accepted"}
    assert last.attribute_status is e.GetVariableStatusEnum.REJECTED
    assert last.attribute_status_info.reason_code == "TooManyElements"


def test_values_over_the_limit_are_not_set() -> None:
    bench = Bench2(settings={"DeviceDataCtrlr.ItemsPerMessage[SetVariables]": 1}).boot()
    first, second = put(
        bench, {"OCPPCommCtrlr.OfflineThreshold": "10", "OCPPCommCtrlr.HeartbeatInterval": "10"}
    )
    assert first.attribute_status is e.SetVariableStatusEnum.ACCEPTED
    assert second.attribute_status_info.reason_code == "TooManyElements"
    assert bench.model.number("OCPPCommCtrlr", "HeartbeatInterval") == 300


def test_a_request_of_too_many_bytes_is_a_format_violation() -> None:
    bench = Bench2(settings={"DeviceDataCtrlr.BytesPerMessage[GetVariables]": 100}).boot()
    data = (d.GetVariableData(component=d.Component(name="A" * 50), variable=d.Variable(name="B" * 50)),)
    answer = bench.call(m.GetVariablesRequest(get_variable_data=data))
    assert answer.code is ErrorCode.FORMAT_VIOLATION


def test_the_clock_reads_the_time_at_which_it_is_read(bench2: Bench2) -> None:
    before = get(bench2, "ClockCtrlr.DateTime")[0].attribute_value
    bench2.run(10.0)
    after = get(bench2, "ClockCtrlr.DateTime")[0].attribute_value
    assert m.Timestamp.parse(after) - m.Timestamp.parse(before) == timedelta(seconds=10)


def test_what_is_write_only_is_not_told(bench2: Bench2) -> None:
    (result,) = get(bench2, "SecurityCtrlr.BasicAuthPassword")
    assert result.attribute_status is e.GetVariableStatusEnum.REJECTED
    assert result.attribute_value is None


def test_the_station_says_what_it_is(bench2: Bench2) -> None:
    results = get(bench2, "ChargingStation.VendorName", "ChargingStation.Model")
    assert [result.attribute_value for result in results] == ["evproto", "bench"]


# --- set variables ---


def test_tc_b_09_cs_one_variable_is_set(bench2: Bench2) -> None:
    (result,) = put(bench2, {"OCPPCommCtrlr.OfflineThreshold": "300"}, attribute="Actual")
    assert result.attribute_status is e.SetVariableStatusEnum.ACCEPTED
    assert result.attribute_type is e.AttributeEnum.ACTUAL
    assert (result.component, result.variable) == name("OCPPCommCtrlr.OfflineThreshold")
    assert result.attribute_status_info is None


def test_tc_b_10_cs_several_variables_are_set(bench2: Bench2) -> None:
    values = {"OCPPCommCtrlr.OfflineThreshold": "200", "AuthCtrlr.LocalAuthorizeOffline": "false"}
    results = put(bench2, values, attribute="Actual")
    assert [result.attribute_status.value for result in results] == ["Accepted", "Accepted"]
    assert [(result.component, result.variable) for result in results] == [name(text) for text in values]
    assert [result.attribute_value for result in get(bench2, *values)] == ["200", "false"]


def test_tc_b_35_cs_an_unknown_component_cannot_be_set(bench2: Bench2) -> None:
    (result,) = put(bench2, {"UnknownComponent.OfflineThreshold": "1"})
    assert result.attribute_status is e.SetVariableStatusEnum.UNKNOWN_COMPONENT
    assert (result.component, result.variable) == name("UnknownComponent.OfflineThreshold")


def test_tc_b_36_cs_an_unknown_variable_cannot_be_set(bench2: Bench2) -> None:
    (result,) = put(bench2, {"OCPPCommCtrlr.UnknownVariable": "1"})
    assert result.attribute_status is e.SetVariableStatusEnum.UNKNOWN_VARIABLE
    assert (result.component, result.variable) == name("OCPPCommCtrlr.UnknownVariable")


def test_tc_b_37_cs_an_attribute_that_is_not_there_cannot_be_set(bench2: Bench2) -> None:
    (result,) = put(bench2, {"OCPPCommCtrlr.OfflineThreshold": "1"}, attribute="Target")
    assert result.attribute_status is e.SetVariableStatusEnum.NOT_SUPPORTED_ATTRIBUTE_TYPE
    assert result.attribute_type is e.AttributeEnum.TARGET


@pytest.mark.parametrize(
    ("variable", "good"),
    [
        ("OCPPCommCtrlr.OfflineThreshold", {"1"}),
        ("SmartChargingCtrlr.LimitChangeSignificance", {"1", "1.1"}),
        ("AuthCtrlr.AuthorizeRemoteStart", {"true"}),
        ("ClockCtrlr.NextTimeOffsetTransitionDateTime", {"2026-01-01T12:00:00Z"}),
    ],
)
def test_tc_b_11_cs_only_values_of_the_right_form_are_set(variable: str, good: set[str]) -> None:
    bench = Bench2().boot()
    for value in ("1", "1.1", "true", "2026-01-01T12:00:00Z", "abc"):
        (result,) = put(bench, {variable: value})
        if result.attribute_status is e.SetVariableStatusEnum.UNKNOWN_COMPONENT:
            assert variable.startswith("SmartChargingCtrlr")  # a block that this station may not have
        elif value in good:
            assert result.attribute_status is e.SetVariableStatusEnum.ACCEPTED
        else:
            assert result.attribute_status is e.SetVariableStatusEnum.REJECTED
            assert result.attribute_status_info.reason_code == "InvalidValue"


def test_tc_b_39_cs_a_read_only_variable_is_not_set(bench2: Bench2) -> None:
    (result,) = put(bench2, {"OCPPCommCtrlr.MessageTimeout[Default]": "10"})
    assert result.attribute_status is e.SetVariableStatusEnum.REJECTED
    assert (result.component, result.variable) == name("OCPPCommCtrlr.MessageTimeout[Default]")
    assert result.attribute_status_info.reason_code == "ReadOnly"


def test_what_is_set_holds_over_a_restart(bench2: Bench2) -> None:
    put(bench2, {"OCPPCommCtrlr.OfflineThreshold": "77"})
    bench2.power_cycle()
    assert get(bench2, "OCPPCommCtrlr.OfflineThreshold")[0].attribute_value == "77"
    record = bench2.model.record(Component("OCPPCommCtrlr"), Variable("OfflineThreshold"))
    assert record.actual.source is Source.BACK_END


# --- reports ---


def test_tc_b_12_cs_the_configuration_inventory_holds_what_can_be_set(bench2: Bench2) -> None:
    assert base_report(bench2, "ConfigurationInventory") == "Accepted"
    report = reported(bench2)
    for data in report:
        assert data.variable_characteristics is not None
        assert {one.mutability.value for one in data.variable_attribute} & {"ReadWrite", "WriteOnly"}
        if data.variable_characteristics.data_type.value in ("SequenceList", "MemberList"):
            assert data.variable_characteristics.values_list
    found = {(data.component.name, data.variable.name) for data in report}
    for wanted in ("OfflineThreshold", "ResetRetries", "NetworkConfigurationPriority"):
        assert ("OCPPCommCtrlr", wanted) in found
    assert {("TxCtrlr", "EVConnectionTimeOut"), ("ClockCtrlr", "TimeSource")} <= found


def test_tc_b_13_cs_the_full_inventory_comes_in_numbered_parts(bench2: Bench2) -> None:
    assert base_report(bench2, "FullInventory") == "Accepted"
    report = reported(bench2)
    assert len(bench2.said(m.NotifyReportRequest)) > 2
    assert len(report) == len(bench2.model)
    assert all(data.variable_characteristics is not None for data in report)
    at = bench2.said(m.NotifyReportRequest)[0].generated_at
    assert at == m.Timestamp.of(NOON + timedelta(seconds=bench2.now))


def test_tc_b_15_cs_this_station_supports_the_summary_inventory(bench2: Bench2) -> None:
    """The case is for stations that do not; ours reports what is available and what is not well."""
    assert base_report(bench2, "SummaryInventory") == "Accepted"
    assert {data.variable.name for data in reported(bench2)} == {"AvailabilityState"}


def report(bench: Bench2, **wanted: Any) -> str:
    return str(bench.call(m.GetReportRequest(request_id=7, **wanted)).status.value)


def test_a_custom_report_holds_the_selected_variables(bench2: Bench2) -> None:
    component, variable = name("OCPPCommCtrlr.OfflineThreshold")
    connectors = d.ComponentVariable(
        component=d.Component(name="Connector", evse=d.EVSE(id=2)),
        variable=d.Variable(name="AvailabilityState"),
    )
    selected = (d.ComponentVariable(component=component, variable=variable), connectors)
    assert report(bench2, component_variable=selected) == "Accepted"
    found = [(data.component.name, data.variable.name) for data in reported(bench2)]
    assert found == [("OCPPCommCtrlr", "OfflineThreshold"), ("Connector", "AvailabilityState")]


def test_a_custom_report_of_nothing_is_an_empty_result_set(bench2: Bench2) -> None:
    assert report(bench2, component_criteria=(e.ComponentCriterionEnum.PROBLEM,)) == "EmptyResultSet"
    assert bench2.said(m.NotifyReportRequest) == []


def test_a_report_of_too_many_items_is_refused(bench2: Bench2) -> None:
    selected = tuple(d.ComponentVariable(component=d.Component(name=f"C{n}")) for n in range(51))
    answer = bench2.call(m.GetReportRequest(request_id=7, component_variable=selected))
    assert answer.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION


def test_a_report_that_the_link_cuts_off_is_not_continued(bench2: Bench2) -> None:
    bench2.script("NotifyReport", None)
    base_report(bench2, "FullInventory")
    bench2.offline()
    bench2.script("NotifyReport", m.NotifyReportResponse())
    bench2.forget()
    bench2.online()
    bench2.run(1.0)
    assert bench2.said(m.NotifyReportRequest) == []


# --- reset ---


def test_tc_b_20_cs_an_idle_station_resets_on_idle_at_once(bench2: Bench2) -> None:
    assert reset(bench2, "OnIdle") == "Accepted"
    boot = restart(bench2)
    assert boot.reason is e.BootReasonEnum.REMOTE_RESET
    assert bench2.statuses(1) == bench2.statuses(2) == [AVAILABLE]


def test_tc_b_21_cs_on_idle_waits_for_the_transaction(bench2: Bench2) -> None:
    bench2.charge()
    assert reset(bench2, "OnIdle") == "Scheduled"
    bench2.run(120.0)
    assert bench2.told(Restart) == []
    bench2.token()
    bench2.run(1.0)
    boot = restart(bench2, plugged=(1,))
    assert boot.reason is e.BootReasonEnum.SCHEDULED_RESET
    assert bench2.statuses(1) == [OCCUPIED]
    assert bench2.statuses(2) == [AVAILABLE]
    assert events(bench2) == ["ResetOrReboot"]


def test_tc_b_22_cs_immediate_ends_the_transaction(bench2: Bench2) -> None:
    bench2.charge()
    assert reset(bench2, "Immediate") == "Accepted"
    (ended,) = bench2.events_of()
    assert ended.event_type.value == "Ended"
    assert ended.trigger_reason.value == "ResetCommand"
    assert ended.transaction_info.charging_state.value == "EVConnected"
    assert ended.transaction_info.stopped_reason.value == "ImmediateReset"
    assert ended.id_token is None
    boot = restart(bench2, plugged=(1,))
    assert boot.reason is e.BootReasonEnum.REMOTE_RESET
    assert bench2.statuses(1) == [OCCUPIED]
    assert bench2.statuses(2) == [AVAILABLE]


def make_unavailable(bench: Bench2, evse_id: int, connector_id: int | None = None) -> None:
    place = d.EVSE(id=evse_id, connector_id=connector_id)
    request = m.ChangeAvailabilityRequest(operational_status=e.OperationalStatusEnum.INOPERATIVE, evse=place)
    assert bench.call(request).status.value == "Accepted"
    bench.forget()


def test_tc_b_23_cs_what_was_unavailable_is_so_after_a_reset(bench2: Bench2) -> None:
    make_unavailable(bench2, 1, 1)
    assert reset(bench2, "OnIdle") == "Accepted"
    boot = restart(bench2)
    assert boot.reason is e.BootReasonEnum.REMOTE_RESET
    assert bench2.statuses(1) == [UNAVAILABLE]
    assert bench2.statuses(2) == [AVAILABLE]


def test_tc_b_41_cs_on_idle_waits_for_the_last_transaction(bench2: Bench2) -> None:
    bench2.charge(1, "ONE")
    bench2.charge(2, "TWO")
    assert reset(bench2, "OnIdle") == "Scheduled"
    bench2.token("ONE", 1)
    bench2.unplug(1)
    bench2.run(60.0)
    assert bench2.told(Restart) == []
    bench2.token("TWO", 2)
    bench2.run(1.0)
    boot = restart(bench2, plugged=(2,))
    assert boot.reason is e.BootReasonEnum.SCHEDULED_RESET
    assert bench2.statuses(1) == [AVAILABLE]
    assert bench2.statuses(2) == [OCCUPIED]


def test_no_transaction_begins_while_a_reset_waits(bench2: Bench2) -> None:
    bench2.charge(1)
    reset(bench2, "OnIdle")
    bench2.plug(2)
    bench2.token("OTHER", 2)
    bench2.run(5.0)
    assert list(bench2.station.transaction_ids) == [1]


@pytest.fixture
def resettable() -> Bench2:
    bench: Bench2 = Bench2(settings={"EVSE.AllowReset": True}).boot()
    return bench


def test_tc_b_25_cs_one_evse_resets(resettable: Bench2) -> None:
    assert reset(resettable, "OnIdle", 1) == "Accepted"
    assert resettable.told(RestartEvse) == [RestartEvse(1)]
    assert resettable.told(Restart) == []


def test_tc_b_26_cs_one_evse_resets_after_its_transaction(resettable: Bench2) -> None:
    resettable.charge(1)
    resettable.charge(2, "OTHER")
    assert reset(resettable, "OnIdle", 1) == "Scheduled"
    resettable.run(60.0)
    assert resettable.told(RestartEvse) == []
    resettable.token()
    assert resettable.told(RestartEvse) == [RestartEvse(1)]
    assert list(resettable.station.transaction_ids) == [2]


def test_tc_b_27_cs_one_evse_resets_at_once(resettable: Bench2) -> None:
    resettable.charge(1)
    assert reset(resettable, "Immediate", 1) == "Accepted"
    (ended,) = resettable.events_of()
    assert ended.event_type.value == "Ended"
    assert ended.trigger_reason.value == "ResetCommand"
    assert ended.transaction_info.charging_state.value == "EVConnected"
    assert ended.transaction_info.stopped_reason.value == "ImmediateReset"
    assert resettable.told(RestartEvse) == [RestartEvse(1)]


def test_tc_b_28_cs_where_an_evse_cannot_be_reset_it_is_not(bench2: Bench2) -> None:
    assert reset(bench2, "OnIdle", 1) == "Rejected"
    assert bench2.told(RestartEvse) == []


def test_tc_b_29_cs_where_an_evse_cannot_be_reset_its_transaction_goes_on(bench2: Bench2) -> None:
    transaction_id = bench2.charge(1)
    assert reset(bench2, "OnIdle", 1) == "Rejected"
    bench2.run(60.0)
    assert bench2.station.transaction_ids == {1: transaction_id}


def test_an_evse_that_is_not_there_cannot_be_reset(resettable: Bench2) -> None:
    assert reset(resettable, "Immediate", 9) == "Rejected"


def test_a_reset_waits_only_so_long_for_what_the_back_end_does_not_take(bench2: Bench2) -> None:
    bench2.charge()
    bench2.script("TransactionEvent", None)
    reset(bench2, "Immediate")
    assert bench2.told(Restart) == []
    bench2.run(6.0)
    assert bench2.told(Restart) == [Restart(hard=True)]


def test_a_restart_that_does_not_come_is_asked_for_again(bench2: Bench2) -> None:
    bench2.set("OCPPCommCtrlr.ResetRetries", 2)
    reset(bench2, "Immediate")
    bench2.run(600.0)
    assert len(bench2.told(Restart)) == 3


def test_a_charger_that_does_not_restart_charges_on(bench2: Bench2) -> None:
    bench2.set("OCPPCommCtrlr.ResetRetries", 0)
    reset(bench2, "Immediate")
    bench2.run(120.0)
    bench2.charge()
    assert list(bench2.station.transaction_ids) == [1]


def test_a_transaction_may_go_on_after_a_reset_of_2_1() -> None:
    bench = Bench2(Version.V21, settings={"TxCtrlr.ResumptionTimeout": 120}).boot()
    transaction_id = bench.charge()
    answer = bench.call(m21.ResetRequest(type=e21.ResetEnum.IMMEDIATE_AND_RESUME))
    assert answer.status is e21.ResetStatusEnum.ACCEPTED
    (updated,) = bench.events_of()
    assert updated.trigger_reason is e21.TriggerReasonEnum.RESET_COMMAND
    assert updated.event_type is e21.TransactionEventEnum.UPDATED
    bench.forget()
    bench.power_cycle(online=False)
    bench.plug()
    bench.online()
    bench.run(1.0)
    assert bench.station.transaction_ids == {1: transaction_id}
    assert bench.events_of()[0].trigger_reason is e21.TriggerReasonEnum.TX_RESUMED


def test_a_station_that_resumes_nothing_rejects_a_reset_that_wants_it() -> None:
    bench = Bench2(Version.V21).boot()
    answer = bench.call(m21.ResetRequest(type=e21.ResetEnum.IMMEDIATE_AND_RESUME))
    assert answer.status is e21.ResetStatusEnum.REJECTED
    assert bench.told(Restart) == []


# --- after an absence of the link ---


def absent(seconds: float) -> Bench2:
    bench: Bench2 = Bench2(settings={"OCPPCommCtrlr.OfflineThreshold": 30}).boot()
    bench.offline()
    bench.plug(1)
    bench.run(seconds)
    bench.online()
    bench.run(1.0)
    return bench


def test_tc_b_51_cs_after_a_long_absence_all_connectors_are_reported() -> None:
    bench = absent(32.0)
    assert bench.statuses(1) == [OCCUPIED]
    assert bench.statuses(2) == [AVAILABLE]
    assert bench.said(m.BootNotificationRequest) == []


def test_tc_b_52_cs_after_a_short_absence_the_changed_connector_is_reported() -> None:
    bench = absent(28.0)
    assert bench.statuses(1) == [OCCUPIED]
    assert bench.statuses(2) == []


# --- the clock ---


def test_the_back_end_sets_the_clock_and_a_leap_is_a_security_event() -> None:
    bench = Bench2()
    late = m.Timestamp.of(NOON + timedelta(hours=1))
    bench.script(
        "BootNotification",
        m.BootNotificationResponse(current_time=late, interval=300, status=e.RegistrationStatusEnum.ACCEPTED),
    )
    bench.online()
    bench.run(1.0)
    assert "SettingSystemTime" in events(bench)
    assert bench.said(m.StatusNotificationRequest)[0].timestamp >= late


def test_a_source_of_the_chargers_own_goes_before_the_back_end() -> None:
    bench = Bench2(settings={"ClockCtrlr.TimeSource": "NTP,Heartbeat"})
    own = NOON + timedelta(hours=2)
    bench.tell(ClockSet(own))
    bench.online()
    bench.run(1.0)
    assert bench.said(m.StatusNotificationRequest)[0].timestamp >= own


def test_without_a_source_of_its_own_the_back_end_is_the_next() -> None:
    bench = Bench2(settings={"ClockCtrlr.TimeSource": "NTP,Heartbeat"})
    late = m.Timestamp.of(NOON + timedelta(hours=1))
    bench.script("BootNotification", lambda _: boot_answer("Accepted"))
    bench.script("Heartbeat", m.HeartbeatResponse(current_time=late))
    bench.online()
    bench.run(25.0)
    bench.plug()
    assert bench.said(m.StatusNotificationRequest)[-1].timestamp >= late
