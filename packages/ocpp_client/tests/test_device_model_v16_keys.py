from __future__ import annotations

from pathlib import Path

import pytest

from evproto.core import DecodeError
from evproto.ocpp_client import encode
from evproto.ocpp_client.device_model import (
    Component,
    ComponentEntry,
    DataType,
    DeviceModel,
    Variable,
    VariableEntry,
)
from evproto.ocpp_client.device_model.v16_keys import LEGACY, ConfigurationKeys, v16_components
from evproto.ocpp_client.v16.enums import ConfigurationStatus
from evproto.ocpp_client.v16.messages import GetConfigurationResponse

COMM = Component("OCPPCommCtrlr")


def station(path: Path | str = ":memory:", **values: str) -> tuple[DeviceModel, ConfigurationKeys]:
    model = DeviceModel(path, v16_components(values))
    return model, ConfigurationKeys(model)


def test_every_key_is_found_and_can_be_sent() -> None:
    _, keys = station()
    listed = list(keys)
    assert len({key.key for key in listed}) == len(listed) == 45
    for key in listed:
        assert keys.find(key.key.upper()) == key
    encode(GetConfigurationResponse(configuration_key=tuple(listed)))


def test_a_key_and_its_variable_are_one() -> None:
    model, keys = station()
    assert keys.change("heartbeatinterval", "77", 0.0) is ConfigurationStatus.ACCEPTED
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == keys.number("HeartbeatInterval") == 77
    model.set(COMM, Variable("MessageAttempts", "TransactionEvent"), "9", 0.0)
    assert keys.number("TransactionMessageAttempts") == 9


def test_first_values_are_given_by_key() -> None:
    _, keys = station(LocalPreAuthorize="true", TransactionMessageRetryInterval="7", NumberOfConnectors="2")
    assert keys.flag("LocalPreAuthorize")
    assert keys.number("TransactionMessageRetryInterval") == 7
    assert keys.number("NumberOfConnectors") == 2
    with pytest.raises(KeyError):
        station(Nothing="1")
    with pytest.raises(KeyError):
        station(LocalAuthListMaxLength="1")
    with pytest.raises(DecodeError):
        station(HeartbeatInterval="soon")


def test_a_max_length_is_the_limit_of_its_variable() -> None:
    model, keys = station()
    found = keys.find("MeterValuesSampledDataMaxLength")
    assert found is not None
    assert (found.value, found.readonly) == ("25", True)
    limit = model.record(
        Component("SampledDataCtrlr"), Variable("TxUpdatedMeasurands")
    ).characteristics.max_limit
    assert str(limit) == found.value
    assert keys.change("MeterValuesSampledDataMaxLength", "3", 0.0) is ConfigurationStatus.REJECTED


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Nothing", "1", ConfigurationStatus.NOT_SUPPORTED),
        ("NumberOfConnectors", "7", ConfigurationStatus.REJECTED),
        ("HeartbeatInterval", "-1", ConfigurationStatus.REJECTED),
        ("HeartbeatInterval", "soon", ConfigurationStatus.REJECTED),
        ("LocalPreAuthorize", "TRUE", ConfigurationStatus.ACCEPTED),
        ("LocalPreAuthorize", "yes", ConfigurationStatus.REJECTED),
        ("MeterValuesSampledData", "Voltage.L1-N, Temperature", ConfigurationStatus.ACCEPTED),
        ("MeterValuesSampledData", "", ConfigurationStatus.ACCEPTED),
        ("MeterValuesSampledData", "Voltage.L9", ConfigurationStatus.REJECTED),
        ("MeterValuesSampledData", "Humidity", ConfigurationStatus.REJECTED),
        ("AuthorizationKey", "short", ConfigurationStatus.REJECTED),
        ("SecurityProfile", "2", ConfigurationStatus.ACCEPTED),
        ("SecurityProfile", "1", ConfigurationStatus.REJECTED),
        ("SecurityProfile", "0", ConfigurationStatus.REJECTED),
        ("SecurityProfile", "4", ConfigurationStatus.REJECTED),
    ],
)
def test_change_answers_what_section_5_3_says(name: str, value: str, status: ConfigurationStatus) -> None:
    assert station()[1].change(name, value, 0.0) is status


def test_lists_are_read_without_their_spaces() -> None:
    _, keys = station()
    keys.change("StopTxnSampledData", "Voltage , SoC", 0.0)
    assert keys.names("StopTxnSampledData") == ("Voltage", "SoC")


def test_the_authorization_key_is_set_but_never_read() -> None:
    model, keys = station()
    assert keys.change("AuthorizationKey", "correct horse battery", 0.0) is ConfigurationStatus.ACCEPTED
    found = keys.find("AuthorizationKey")
    assert found is not None
    assert found.value is None
    assert model.value(Component("SecurityCtrlr"), Variable("BasicAuthPassword")) == "correct horse battery"


def test_rate_units_have_the_names_of_1_6() -> None:
    found = station()[1].find("ChargingScheduleAllowedChargingRateUnit")
    assert found is not None
    assert found.value == "Current,Power"


def test_a_key_of_the_vendor_is_a_variable_of_the_legacy_component() -> None:
    vendor = VariableEntry(name="BlinkRepeat", data_type=DataType.INTEGER)
    entries = [
        ComponentEntry(name=LEGACY, variables=(*entry.variables, vendor)) if entry.name == LEGACY else entry
        for entry in v16_components({})
    ]
    keys = ConfigurationKeys(DeviceModel(":memory:", entries))
    found = keys.find("blinkrepeat")
    assert found is not None
    assert found.key == "BlinkRepeat"
    assert found in list(keys)


def test_a_key_without_its_component_is_not_supported() -> None:
    entries = [entry for entry in v16_components({}) if entry.name != "ReservationCtrlr"]
    keys = ConfigurationKeys(DeviceModel(":memory:", entries))
    assert keys.find("ReserveConnectorZeroSupported") is None
    with pytest.raises(KeyError):
        keys.flag("ReserveConnectorZeroSupported")


def test_what_was_changed_outlives_a_restart(tmp_path: Path) -> None:
    model, keys = station(tmp_path / "dm.db")
    keys.change("ConnectionTimeOut", "33", 0.0)
    model.close()
    assert station(tmp_path / "dm.db", ConnectionTimeOut="99")[1].number("ConnectionTimeOut") == 33
