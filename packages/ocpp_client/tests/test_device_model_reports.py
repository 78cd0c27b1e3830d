from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.ocpp_client import Version, decode, encode
from evproto.ocpp_client.device_model import (
    Component,
    DeviceModel,
    Variable,
    standard_component,
    standard_names,
)
from evproto.ocpp_client.device_model.reports import (
    Criterion,
    ReportBase,
    Selection,
    base_report,
    chunks,
    custom_report,
)
from evproto.ocpp_client.device_model.wire import Wire, read_selection

EVSE_1 = Component("EVSE", evse_id=1)
CONNECTOR_1 = Component("Connector", evse_id=1, connector_id=1)


def station() -> DeviceModel:
    return DeviceModel(
        ":memory:",
        [
            standard_component("ChargingStation"),
            standard_component("EVSE").at(evse_id=1),
            standard_component("EVSE").at(evse_id=2),
            standard_component("Connector").at(evse_id=1, connector_id=1),
            standard_component("DeviceDataCtrlr"),
            standard_component("OCPPCommCtrlr"),
            standard_component("SecurityCtrlr"),
            standard_component("FloodSensor"),
        ],
    )


def published(version: Version, message: str) -> Any:
    """The JSON schema of the PyPI package `ocpp`, found without importing it."""
    jsonschema = pytest.importorskip("jsonschema")
    spec = importlib.util.find_spec("ocpp")
    if spec is None or spec.origin is None:
        pytest.skip("the PyPI package ocpp is not installed")
    path = Path(spec.origin).parent / version.name.lower() / "schemas" / f"{message}.json"
    return jsonschema.Draft6Validator(json.loads(path.read_text(encoding="utf-8-sig")))


def names(records: Any) -> list[tuple[str, str]]:
    return [(record.component.name, record.variable.name) for record in records]


def test_a_full_inventory_holds_every_variable_once() -> None:
    model = station()
    records = list(base_report(model, ReportBase.FULL_INVENTORY))
    assert len(records) == len(model) == len({record.id for record in records})


def test_a_configuration_inventory_holds_what_can_be_set_and_nothing_else() -> None:
    reported = names(base_report(station(), ReportBase.CONFIGURATION_INVENTORY))
    assert ("OCPPCommCtrlr", "HeartbeatInterval") in reported
    assert ("SecurityCtrlr", "BasicAuthPassword") in reported
    assert ("OCPPCommCtrlr", "FileTransferProtocols") not in reported


def test_a_summary_holds_availability_and_the_alarms_of_what_is_not_well() -> None:
    model = station()
    quiet = names(base_report(model, ReportBase.SUMMARY_INVENTORY))
    assert sorted(quiet) == [
        ("ChargingStation", "AvailabilityState"),
        ("Connector", "AvailabilityState"),
        ("EVSE", "AvailabilityState"),
        ("EVSE", "AvailabilityState"),
    ]
    model.write(Component("FloodSensor"), Variable("Tripped"), "true", 0.0)
    alarmed = names(base_report(model, ReportBase.SUMMARY_INVENTORY))
    assert set(alarmed) - set(quiet) == {("FloodSensor", "Tripped"), ("FloodSensor", "Active")}


def test_a_selection_leaves_open_what_it_does_not_name() -> None:
    model = station()
    found = custom_report(model, selections=[Selection(Component("evse"), Variable("power"))])
    assert [record.component.evse_id for record in found] == [1, 2]
    found = custom_report(model, selections=[Selection(Component("EVSE", evse_id=2))])
    assert {record.component.evse_id for record in found} == {2}
    by_instance = Selection(Component("DeviceDataCtrlr"), Variable("ItemsPerMessage", "GetReport"))
    assert len(list(custom_report(model, selections=[by_instance]))) == 1
    assert not list(custom_report(model, selections=[Selection(Component("Nothing"))]))


def test_criteria_are_met_by_components_that_do_not_say_but_for_problems() -> None:
    model = station()
    model.write(EVSE_1, Variable("Problem"), "true", 0.0)
    problem = custom_report(model, [Criterion.PROBLEM])
    assert {record.component for record in problem} == {EVSE_1}
    model.set(EVSE_1, Variable("Enabled"), "false", 0.0)
    enabled = {record.component for record in custom_report(model, [Criterion.ENABLED])}
    assert EVSE_1 not in enabled
    assert Component("DeviceDataCtrlr") in enabled
    either = {record.component for record in custom_report(model, [Criterion.ENABLED, Criterion.PROBLEM])}
    assert EVSE_1 in either


@given(st.lists(st.integers(1, 50)), st.integers(1, 5), st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_chunks_keep_all_in_order_within_both_limits(sizes: list[int], most: int, room: int) -> None:
    cut = list(chunks(sizes, most_items=most, most_bytes=room, size_of=lambda size: size))
    assert [size for chunk in cut for size in chunk] == sizes
    for chunk in cut:
        assert len(chunk) <= most
        assert sum(chunk) <= room or len(chunk) == 1


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_report_is_valid_in_its_version_and_tells_no_password(version: Version) -> None:
    model = station()
    model.set(Component("SecurityCtrlr"), Variable("BasicAuthPassword"), "correct horse battery", 0.0)
    wire = Wire(version)
    request_type = version.actions["NotifyReport"][0]
    portions = list(wire.report(model, base_report(model, ReportBase.FULL_INVENTORY)))
    assert len(portions) > 1
    for seq_no, portion in enumerate(portions):
        assert len(portion) <= 50
        request = request_type(
            request_id=1,
            generated_at="2026-01-01T00:00:00.000Z",
            seq_no=seq_no,
            tbc=seq_no + 1 < len(portions),
            report_data=portion,
        )
        text = encode(request)
        decode(request_type, text)
        assert b"horse" not in text


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_get_and_set_variables_answer_every_entry_in_its_order(version: Version) -> None:
    model, wire = station(), Wire(version)
    get = version.actions["GetVariables"][0]
    entries = [
        {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}},
        {"component": {"name": "Nothing"}, "variable": {"name": "HeartbeatInterval"}},
        {"component": {"name": "EVSE", "evse": {"id": 9}}, "variable": {"name": "Power"}},
        {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Nothing"}},
        {
            "component": {"name": "EVSE", "evse": {"id": 1}},
            "variable": {"name": "Power"},
            "attributeType": "Target",
        },
        {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}},
    ]
    response = wire.get_variables(model, decode(get, msgspec.json.encode({"getVariableData": entries})))
    assert [result.attribute_status.value for result in response.get_variable_result] == [
        "Accepted",
        "UnknownComponent",
        "UnknownComponent",
        "UnknownVariable",
        "NotSupportedAttributeType",
        "Rejected",
    ]
    assert response.get_variable_result[0].attribute_value == "300"
    decode(version.actions["GetVariables"][1], encode(response))
    put = version.actions["SetVariables"][0]
    values = ["60", "1", "1", "1", "1", "x" * 1000]
    entries = [entry | {"attributeValue": value} for entry, value in zip(entries, values, strict=True)]
    response = wire.set_variables(model, decode(put, msgspec.json.encode({"setVariableData": entries})), 0.0)
    assert [result.attribute_status.value for result in response.set_variable_result] == [
        "Accepted",
        "UnknownComponent",
        "UnknownComponent",
        "UnknownVariable",
        "NotSupportedAttributeType",
        "Rejected",
    ]
    decode(version.actions["SetVariables"][1], encode(response))
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == 60


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_reports_and_answers_are_valid_by_the_published_schemas(version: Version) -> None:
    model = DeviceModel(":memory:", map(standard_component, standard_names()))
    wire = Wire(version)
    notify = published(version, "NotifyReportRequest")
    for portion in wire.report(model, model):
        request = version.actions["NotifyReport"][0](
            request_id=1, generated_at="2026-01-01T00:00:00.000Z", seq_no=0, report_data=portion
        )
        notify.validate(json.loads(encode(request)))
    types = wire.types
    data = tuple(
        types.GetVariableData(component=wire.component(r.component), variable=wire.variable(r.variable))
        for r in model
    )
    get = version.actions["GetVariables"][0](get_variable_data=data)
    answer = wire.get_variables(model, get)
    published(version, "GetVariablesResponse").validate(json.loads(encode(answer)))


def test_a_selection_reads_from_a_message() -> None:
    types = Wire(Version.V201).types
    message = types.ComponentVariable(
        component=types.Component(name="Connector", evse=types.EVSE(id=1, connector_id=1))
    )
    assert read_selection(message) == Selection(CONNECTOR_1)


def test_a_version_without_a_device_model_is_refused() -> None:
    with pytest.raises(ValueError, match="no device model"):
        Wire(Version.V16)
