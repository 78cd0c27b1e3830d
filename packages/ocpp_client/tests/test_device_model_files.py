from __future__ import annotations

import json
from contextlib import suppress
from importlib import resources

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import ConfigError, DecodeError
from evproto.ocpp_client.device_model import (
    Component,
    DeviceModel,
    Mutability,
    Variable,
    component_schema,
    read_component,
    standard_component,
    standard_names,
    standard_station,
)

FOLDER = resources.files("evproto.ocpp_client.device_model") / "components"

VALIDATOR = jsonschema.Draft202012Validator(component_schema())

# What TC_B_53_CS wants of every station: component, variable, instance, allowed mutabilities, type, unit.
MANDATORY = """
AlignedDataCtrlr Interval - RW integer s
AlignedDataCtrlr Measurands - RW MemberList -
AlignedDataCtrlr TxEndedInterval - RW integer s
AlignedDataCtrlr TxEndedMeasurands - RW MemberList -
AuthCtrlr AuthorizeRemoteStart - RO,RW boolean -
AuthCtrlr LocalAuthorizeOffline - RW boolean -
AuthCtrlr LocalPreAuthorize - RW boolean -
ChargingStation AvailabilityState - RO OptionList -
ChargingStation Available - RO boolean -
ChargingStation SupplyPhases - RO integer -
ClockCtrlr DateTime - RO dateTime -
ClockCtrlr TimeSource - RW SequenceList -
Connector AvailabilityState - RO OptionList -
Connector Available - RO boolean -
Connector ConnectorType - RO string -
Connector SupplyPhases - RO integer -
DeviceDataCtrlr BytesPerMessage GetReport RO integer -
DeviceDataCtrlr BytesPerMessage GetVariables RO integer -
DeviceDataCtrlr BytesPerMessage SetVariables RO integer -
DeviceDataCtrlr ItemsPerMessage GetReport RO integer -
DeviceDataCtrlr ItemsPerMessage GetVariables RO integer -
DeviceDataCtrlr ItemsPerMessage SetVariables RO integer -
EVSE AvailabilityState - RO OptionList -
EVSE Available - RO boolean -
EVSE Power - RO decimal W
EVSE SupplyPhases - RO integer -
OCPPCommCtrlr FileTransferProtocols - RO MemberList -
OCPPCommCtrlr MessageTimeout Default RO integer s
OCPPCommCtrlr MessageAttemptInterval TransactionEvent RW integer s
OCPPCommCtrlr MessageAttempts TransactionEvent RW integer -
OCPPCommCtrlr NetworkConfigurationPriority - RW SequenceList -
OCPPCommCtrlr NetworkProfileConnectionAttempts - RW integer -
OCPPCommCtrlr OfflineThreshold - RW integer s
OCPPCommCtrlr ResetRetries - RW integer -
OCPPCommCtrlr UnlockOnEVSideDisconnect - RO,RW boolean -
SampledDataCtrlr TxEndedInterval - RW integer s
SampledDataCtrlr TxEndedMeasurands - RW MemberList -
SampledDataCtrlr TxStartedMeasurands - RW MemberList -
SampledDataCtrlr TxUpdatedInterval - RW integer s
SampledDataCtrlr TxUpdatedMeasurands - RW MemberList -
SecurityCtrlr CertificateEntries - RO integer -
SecurityCtrlr OrganizationName - RW string -
SecurityCtrlr SecurityProfile - RO integer -
TxCtrlr EVConnectionTimeOut - RW integer s
TxCtrlr StopTxOnEVSideDisconnect - RO,RW boolean -
TxCtrlr StopTxOnInvalidId - RW boolean -
TxCtrlr TxStartPoint - RO,RW MemberList -
TxCtrlr TxStopPoint - RO,RW MemberList -
DisplayMessageCtrlr DisplayMessages - RO integer -
DisplayMessageCtrlr SupportedFormats - RO MemberList -
DisplayMessageCtrlr SupportedPriorities - RO MemberList -
ISO15118Ctrlr ContractValidationOffline - RW boolean -
LocalAuthListCtrlr BytesPerMessage - RO integer -
LocalAuthListCtrlr Entries - RO integer -
LocalAuthListCtrlr ItemsPerMessage - RO integer -
MonitoringCtrlr BytesPerMessage SetVariableMonitoring RO integer -
SmartChargingCtrlr Entries ChargingProfiles RO integer -
SmartChargingCtrlr LimitChangeSignificance - RW decimal Percent
SmartChargingCtrlr PeriodsPerSchedule - RO integer -
SmartChargingCtrlr ProfileStackLevel - RO integer -
SmartChargingCtrlr RateUnit - RO MemberList -
TariffCostCtrlr Currency - RO,RW string -
TariffCostCtrlr TariffFallbackMessage - RW string -
TariffCostCtrlr TotalCostFallbackMessage - RW string -
"""
MUTABILITIES = {"RO": Mutability.READ_ONLY, "RW": Mutability.READ_WRITE}


@pytest.mark.parametrize("name", standard_names())
def test_a_standard_component_keeps_the_schema_and_is_named_like_its_file(name: str) -> None:
    VALIDATOR.validate(json.loads((FOLDER / f"{name}.json").read_bytes()))
    assert standard_component(name).name == name


@pytest.mark.parametrize("line", MANDATORY.strip().splitlines())
def test_tc_b_53_cs_mandatory_variables_are_there(line: str) -> None:
    component, variable, instance, mutabilities, data_type, unit = line.split()
    model = DeviceModel(":memory:", [standard_component(component)])
    record = model.record(Component(component), Variable(variable, None if instance == "-" else instance))
    allowed = [MUTABILITIES[part] for part in mutabilities.split(",")]
    assert record.actual.traits.mutability in allowed
    assert record.characteristics.data_type.value == data_type
    assert unit in ("-", record.characteristics.unit)


def test_a_standard_station_has_what_is_required_of_every_station() -> None:
    model = DeviceModel(":memory:", standard_station([1, 2], "ReservationCtrlr"))
    reported = {(record.component.name, record.variable.name) for record in model}
    required = [line.split()[:2] for line in MANDATORY.strip().splitlines()]
    optional = {"DisplayMessageCtrlr", "ISO15118Ctrlr", "SmartChargingCtrlr", "TariffCostCtrlr"}
    assert {(name, variable) for name, variable in required if name not in optional} <= reported
    places = {record.component.connector_id for record in model if record.component.evse_id == 2}
    assert places == {None, 1, 2}
    assert ("ReservationCtrlr", "NonEvseSpecific") in reported


def test_a_component_can_stand_at_another_place_with_other_values() -> None:
    evse = standard_component("EVSE").at(evse_id=2).only("Power", "AvailabilityState")
    model = DeviceModel(":memory:", [evse.with_values({"AvailabilityState": "Occupied"})])
    assert len(model) == 2
    assert model.value(Component("EVSE", evse_id=2), Variable("AvailabilityState")) == "Occupied"
    with pytest.raises(KeyError, match="Powers"):
        evse.only("Powers")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "truncated"),
        ('{"name": "X"}', "variables"),
        ('{"name": "X", "variables": [], "more": 1}', "more"),
        ('{"name": "X", "connectorId": 1, "variables": []}', "evseId"),
        ('{"name": "X", "variables": [{"name": "V", "dataType": "number"}]}', "number"),
        (
            '{"name": "X", "variables": [{"name": "V", "dataType": "integer"},'
            '{"name": "v", "dataType": "integer"}]}',
            "twice",
        ),
        (
            '{"name": "X", "variables": [{"name": "V", "dataType": "integer", "maxLimit": "5",'
            '"attributes": [{"value": "6"}]}]}',
            "ValueTooHigh",
        ),
        (
            '{"name": "X", "variables": [{"name": "V", "dataType": "string", "supportsMonitoring": true,'
            '"monitors": [{"type": "UpperThreshold", "value": 1, "severity": 1}]}]}',
            "cannot have",
        ),
    ],
)
def test_a_component_file_with_a_fault_is_refused_with_its_reason(text: str, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        read_component(text)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_component_or_a_decode_error(data: bytes) -> None:
    with suppress(DecodeError):
        read_component(data)


def test_an_unknown_standard_component_is_a_key_error() -> None:
    for name in ("Nothing", "../__init__", ""):
        with pytest.raises(KeyError):
            standard_component(name)


def test_a_component_in_two_files_is_refused() -> None:
    with pytest.raises(ConfigError, match="two"):
        DeviceModel(":memory:", [standard_component("EVSE"), standard_component("EVSE")])
