"""A 1.6 station whose configuration keys live in a device model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evproto.core import ConfigError
from evproto.ocpp_client.bridge_security import UseNetwork
from evproto.ocpp_client.device_model import Component, DeviceModel, Variable
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.extensions import Extension, keys_for
from evproto.ocpp_client.v16.model import v16_model

EVERYTHING = frozenset({Extension.PRICING, Extension.SIGNED_METER_VALUES})
PROFILE = NetworkProfile(
    url="ws://csms.example",
    identity="CS1",
    security=SecurityProfile.BASIC_AUTH,
    password="first-password-of-all",
)


def modelled(make_bench: Any, path: Path | str = ":memory:", **values: str) -> tuple[Any, DeviceModel]:
    keys = keys_for(EVERYTHING, secured=True)
    model = v16_model(path, keys, values)
    bench = make_bench(parts={"model": model, "profile": PROFILE, "extensions": EVERYTHING}).boot()
    return bench, model


def change(bench: Any, key: str, value: str) -> str:
    status: str = bench.call(m.ChangeConfigurationRequest(key=key, value=value)).status.value
    return status


def test_it_has_the_keys_of_a_station_without_a_model(make_bench: Any) -> None:
    bench, _ = modelled(make_bench)
    plain = make_bench(parts={"profile": PROFILE, "extensions": EVERYTHING}).boot()
    listed = [
        {one.key for one in some.call(m.GetConfigurationRequest()).configuration_key}
        for some in (bench, plain)
    ]
    assert listed[0] - listed[1] == {"ConnectorSwitch3to1PhaseSupported"} & listed[0]
    assert listed[1] - listed[0] == set()


def test_a_key_that_the_back_end_sets_is_a_variable_and_outlives_a_restart(
    make_bench: Any, tmp_path: Path
) -> None:
    bench, model = modelled(make_bench, tmp_path / "model.sqlite")
    assert change(bench, "ConnectionTimeOut", "77") == "Accepted"
    assert model.number("TxCtrlr", "EVConnectionTimeOut") == 77
    model.close()
    again, _ = modelled(make_bench, tmp_path / "model.sqlite")
    (key,) = again.call(m.GetConfigurationRequest(key=("ConnectionTimeOut",))).configuration_key
    assert key.value == "77"


def test_a_variable_that_somebody_else_sets_takes_effect(make_bench: Any) -> None:
    bench, model = modelled(make_bench)
    interval = Component("OCPPCommCtrlr"), Variable("HeartbeatInterval")
    model.set(*interval, "10", bench.now)
    bench.station.advance(bench.now)
    bench.run(25.0)
    assert len(bench.said(m.HeartbeatRequest)) == 2


def test_a_change_takes_effect_once(make_bench: Any) -> None:
    bench, _ = modelled(make_bench)
    assert change(bench, "HeartbeatInterval", "10") == "Accepted"
    bench.run(25.0)
    assert len(bench.said(m.HeartbeatRequest)) == 2


def test_a_whole_session_runs_on_it(make_bench: Any) -> None:
    bench, _ = modelled(make_bench, MeterValueSampleInterval="60")
    bench.charge(1)
    bench.run(61.0)
    bench.unplug(1)
    bench.run(1.0)
    assert [action for action in bench.actions() if action.endswith("Transaction")] == ["StopTransaction"]
    assert bench.said(m.MeterValuesRequest)


def test_password_and_security_profile_live_there_too(make_bench: Any) -> None:
    bench, model = modelled(make_bench)
    assert model.number("SecurityCtrlr", "SecurityProfile") == 1
    assert change(bench, "AuthorizationKey", "correct-horse-battery") == "Accepted"
    assert bench.told(UseNetwork)[0].profiles[1].password == "correct-horse-battery"
    assert change(bench, "SecurityProfile", "1") == "Rejected"
    password = Component("SecurityCtrlr"), Variable("BasicAuthPassword")
    assert model.value(*password) == "correct-horse-battery"


def test_a_model_of_another_station_is_refused(make_bench: Any) -> None:
    model = v16_model(":memory:", keys_for())
    with pytest.raises(ConfigError, match="DefaultPrice"):
        make_bench(parts={"model": model, "extensions": EVERYTHING})


@pytest.mark.parametrize(("key", "value"), [("Nothing", "1"), ("HeartbeatInterval", "soon")])
def test_a_first_value_that_cannot_be_is_named(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=key):
        v16_model(":memory:", keys_for(), {key: value})
