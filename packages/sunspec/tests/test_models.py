"""Definitions, values and descriptions."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import ConfigError, EncodeError
from evproto.sunspec import Library, Model, ServedModel, parse_model
from evproto.sunspec.charger import ChargerDevice, Connector, Identity, Measured, Ratings
from evproto.sunspec.describe import load_device
from evproto.sunspec.layout import layout_for
from evproto.sunspec.simulation import House
from evproto.sunspec.testing import random_model

LIBRARY = Library()
HEAD = [{"name": "ID", "type": "uint16"}, {"name": "L", "type": "uint16"}]


def served(number: int, **counts: int) -> ServedModel:
    definition = LIBRARY.get(number)
    assert definition is not None
    return ServedModel(definition, counts)


@pytest.mark.parametrize("number", LIBRARY.ids())
def test_a_model_that_nobody_filled_has_no_values(number: int) -> None:
    definition = LIBRARY.get(number)
    assert definition is not None
    counts = {str(group.count) for group in definition.group.walk()}
    model = ServedModel(definition)
    for point in model.model().points():
        if point.path not in {"ID", "L", *counts} and point.definition.type.name not in ("pad", "raw16"):
            assert point.value is None, point.path


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(LIBRARY.ids()), st.integers(0, 2**32), st.integers(0, 3))
def test_registers_survive_the_round_trip(number: int, seed: int, times: int) -> None:
    model = random_model(number, random.Random(seed), times)
    again = random_model(number, random.Random(0), times)
    again.load(model.data())
    assert again.data() == model.data()


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(LIBRARY.ids()), st.binary(max_size=600), st.integers(0, 0xFFFF))
def test_any_registers_of_any_length_give_values_or_none(number: int, body: bytes, length: int) -> None:
    definition = LIBRARY.get(number)
    assert definition is not None
    data = number.to_bytes(2, "big") + length.to_bytes(2, "big") + body
    limit = min(length, 4000)
    model = Model(layout_for(definition, limit, data), 0, limit, data)
    assert model.layout.words <= limit + 2 + definition.group.words
    for point in model.points():
        assert point.value == point.value


def test_a_missing_or_broken_scale_makes_the_value_missing() -> None:
    model = served(103)
    model.set_raw({"W": 1234, "W_SF": -1})
    assert model.get("W") == 123.4
    for scale in (-(2**15), 11, -11):
        model.set_raw({"W_SF": scale})
        assert model.get("W") is None


def test_scaled_values_are_rounded_correctly() -> None:
    model = served(103)
    model.set_raw({"W": 1115, "W_SF": -3})
    assert model.get("W") == 1.115
    model.set_raw({"W_SF": 2})
    assert model.get("W") == 111500
    assert isinstance(model.get("W"), int)


def test_enumerations_and_bits_have_names() -> None:
    model = served(103)
    model.set_raw({"St": 4, "Evt1": 0b101})
    assert model.get("St").name == "MPPT"  # type: ignore[union-attr]
    assert model.get("Evt1").name == "GROUND_FAULT|AC_DISCONNECT"  # type: ignore[union-attr]
    model.set_raw({"St": 99})
    assert model.get("St") == 99


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ipaddr", ipaddress.IPv4Address("192.0.2.7")),
        ("ipv6addr", ipaddress.IPv6Address("2001:db8::1")),
        ("eui48", "00:01:02:AB:CD:EF"),
        ("string", "grün"),
        ("float32", 1.5),
    ],
)
def test_every_form_of_value_is_shown_as_it_was_set(kind: str, value: object) -> None:
    model, path = next(
        (ServedModel(definition), point.name)
        for number in LIBRARY.ids()
        if (definition := LIBRARY.get(number))
        for point in definition.group.points
        if point.type.name == kind
    )
    assert model.get(path) is None
    model.set({path: value})  # type: ignore[dict-item]
    assert model.get(path) == value


def test_groups_are_reached_by_name_and_place() -> None:
    model = served(705, Crv=2, Pt=3)
    model.set({"V_SF": -1, "DeptRef_SF": 0, "Crv.1.Pt.2.V": 106.5})
    tree = model.model()
    assert tree["Crv"][1]["Pt"][2]["V"] == 106.5  # type: ignore[index, call-overload]
    assert tree.value("Crv.1.Pt.2.V") == 106.5
    assert tree["NCrv"] == 2
    assert tree["NPt"] == 3


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ({"name": "g", "points": HEAD[:1]}, "first points must be ID and L"),
        ({"name": "g", "points": [*HEAD, {"name": "X", "type": "uint17"}]}, "g.X: unknown type 'uint17'"),
        ({"name": "g", "points": [*HEAD, {"name": "X", "type": "string"}]}, "g.X: size must be"),
        (
            {"name": "g", "points": [*HEAD, {"name": "X", "type": "uint16", "sf": "Y_SF"}]},
            "no scale factor Y_SF",
        ),
        ({"name": "g", "points": [*HEAD, HEAD[0]]}, "a name is used twice"),
        ({"name": "g", "points": HEAD, "groups": [{"name": "h", "count": "N", "points": []}]}, "no count N"),
        ({"name": "g", "points": [*HEAD, {"name": "X", "type": "int16", "size": 2}]}, "has 1 registers"),
    ],
)
def test_a_wrong_model_file_is_told_by_place(tmp_path: Path, group: dict[str, object], text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"id": 65000, "group": group}))
    with pytest.raises(ConfigError, match=text):
        Library().add_file(path)


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "group", "name", "points", "groups", "type", "count", "sf", "size"]),
                x,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_data_is_a_model_or_a_config_error(data: object) -> None:
    with contextlib.suppress(ConfigError):
        parse_model(data)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.text("_aA1 -é", min_size=1, max_size=5) | st.sampled_from(["mro", "name", "value", "real"]),
        min_size=1,
    ),
    st.sampled_from(["enum16", "bitfield16"]),
    st.integers(0, 2**16 - 2),
)
def test_symbols_of_any_name_can_be_read(names: list[str], kind: str, raw: int) -> None:
    symbols = [{"name": name, "value": value * 30} for value, name in enumerate(names)]
    point = {"name": "X", "type": kind, "symbols": symbols}
    model = ServedModel(parse_model({"id": 65000, "group": {"name": "m", "points": [*HEAD, point]}}))
    model.set_raw({"X": raw})
    assert model.get("X") == raw


def test_a_device_is_described_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "device.yaml"
    path.write_text(
        "unit: 3\nmodels:\n- id: 1\n  values: {Mn: Example, SN: '42'}\n"
        "- id: 705\n  groups: {Crv: 2, Pt: 4}\n  values: {V_SF: -1, Crv.0.Pt.1.V: 106}\n"
    )
    device = load_device(path)
    assert device.unit == 3
    assert device[1].get("SN") == "42"
    assert device[705].get("Crv.0.Pt.1.V") == 106.0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("models: []", "models: a list is needed"),
        ("modles: []", "unknown key 'modles'"),
        ("models: [{id: 9999}]", r"models\[0\]: model 9999 is unknown"),
        ("models: [{id: 103, values: {Watt: 1}}]", r"models\[0\]: model 103 has no such point \(in Watt\)"),
        ("models: [{id: 103, values: {W: 1}}]", "scale factor is missing"),
        ("models: [{id: 103, groups: {Crv: 2}}]", "no repeating group Crv"),
        ("unit: 300\nmodels: [{id: 1}]", "unit: 300"),
        ("{", "while parsing"),
        ("- 1", "a mapping is needed"),
    ],
)
def test_a_wrong_description_is_told_by_place(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "device.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=fault):
        load_device(path)


def test_setting_is_all_or_nothing() -> None:
    model = served(103)
    model.set({"W_SF": 0, "W": 1})
    with pytest.raises(EncodeError):
        model.set({"W": 2, "A": 3})
    assert model.get("W") == 1


MEASURED = Measured(
    voltages_v=(230.1, 231.0, 229.5),
    currents_a=(16.0, 15.9, 16.1),
    powers_w=(3680.0, 3670.0, 3690.0),
    frequency_hz=50.0,
    import_wh=123456.0,
    state_of_charge_pct=55.5,
)
IDENTITY = Identity(manufacturer="evproto", model="Test", serial_number="1")


@pytest.mark.parametrize("floats", [False, True])
@pytest.mark.parametrize("phases", [1, 2, 3])
def test_a_charger_shows_its_meter(phases: int, floats: bool) -> None:
    charger = ChargerDevice(IDENTITY, phases=phases, floats=floats)
    part = Measured(
        voltages_v=MEASURED.voltages_v[:phases],
        currents_a=MEASURED.currents_a[:phases],
        powers_w=MEASURED.powers_w[:phases],
        frequency_hz=50.0,
        import_wh=123456.0,
    )
    charger.update(part)
    assert [model.definition.id for model in charger.server.models] == [1, (210 if floats else 200) + phases]
    meter = charger.server.models[1]
    assert meter.get("W") == pytest.approx(sum(part.powers_w), abs=5)
    assert meter.get("AphA") == pytest.approx(16.0)
    assert meter.get("TotWhImp") == 123456
    assert (meter.get("AphC") is None) == (phases < 3)


def test_a_charger_in_delta_has_the_meter_for_it() -> None:
    for floats, number in ((False, 204), (True, 214)):
        charger = ChargerDevice(IDENTITY, floats=floats, delta=True)
        charger.update(MEASURED)
        assert charger.server[number].get("W") == pytest.approx(11040, abs=5)
    with pytest.raises(ConfigError, match="delta"):
        ChargerDevice(IDENTITY, phases=1, delta=True)


def test_a_bidirectional_charger_is_a_der() -> None:
    ratings = Ratings(charge_w=11000, discharge_w=10000, voltage_v=230, current_a=16, battery_wh=60000)
    charger = ChargerDevice(IDENTITY, ratings=ratings)
    charger.update(MEASURED)
    assert [model.definition.id for model in charger.server.models] == [1, 213, 701, 702, 703, 704, 713]
    assert charger.server[701].get("W") == -11040
    assert charger.server[702].get("WDisChaRteMaxRtg") == 10000
    assert charger.server[713].get("WHAvail") == pytest.approx(33300)


def test_the_evse_model_is_off_unless_asked_for() -> None:
    with pytest.raises(ConfigError):
        ChargerDevice(IDENTITY).update_connector(
            Connector(state="C", transfer="CHARGING", session_wh=0, max_current_a=16), 0
        )
    charger = ChargerDevice(IDENTITY, evse_model=True)
    charger.update_connector(
        Connector(state="C", transfer="CHARGING", session_wh=1500.4, max_current_a=16), 11040, 55.5
    )
    evse = charger.server[64950]
    assert evse.get("St").name == "C"  # type: ignore[union-attr]
    assert (evse.get("W"), evse.get("SesWh"), evse.get("SoC"), evse.get("AMax")) == (11040, 1500, 55.5, 16.0)


def test_the_simulated_house_balances_its_power_and_energy() -> None:
    house = House(hour=6.0)
    start = house.meter[203].get("TotWhImp"), house.meter[203].get("TotWhExp")
    imported = exported = 0.0
    for _ in range(24 * 60):
        house.advance(60)
        assert house.sun_w + house.battery_w + house.grid_w == pytest.approx(house.load_w)
        imported += max(0.0, house.grid_w) / 60
        exported += max(0.0, -house.grid_w) / 60
    end = house.meter[203].get("TotWhImp"), house.meter[203].get("TotWhExp")
    assert end[0] - start[0] == pytest.approx(imported, abs=2)  # type: ignore[operator]
    assert end[1] - start[1] == pytest.approx(exported, abs=2)  # type: ignore[operator]
    assert exported > 1000
