"""Meter files: dimensions, maps against independently written tables, and faults told by line."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import ConfigError
from evproto.core.modbus import Answer, Read, Registers, Request
from evproto.modbus_meter import (
    Load,
    MeterConfig,
    Poller,
    Quality,
    Reading,
    SimulatedMeter,
    load_meter,
    meter_ids,
    meter_map,
    parse_meter,
)

HOUR = 3600.0


def poll_once(name_or_map, answer: Callable[[Request], Answer | None]) -> tuple[Reading, list[Request]]:  # type: ignore[no-untyped-def]
    meter = meter_map(name_or_map) if isinstance(name_or_map, str) else name_or_map
    poller = Poller([MeterConfig(name="m", map=meter)])
    poller.start(0.0)
    seen = []
    now = 0.0
    while (event := poller.next_event()) is None:
        while (request := poller.next_output()) is not None:
            seen.append(request)
            reply = answer(request)
            assert reply is not None
            poller.receive(reply, now)
        if poller.deadline is not None:
            now = poller.deadline
            poller.advance(now)
    assert isinstance(event, Reading), event
    return event, seen


def test_there_are_at_least_forty_meters_each_with_its_source() -> None:
    assert len(meter_ids()) >= 40
    for name in meter_ids():
        assert len(meter_map(name).source) > 10, name
        assert meter_map(name).registers, name


@pytest.mark.parametrize("name", meter_ids())
@pytest.mark.parametrize("sign", [1, -1])
def test_power_times_time_is_energy(name: str, sign: int) -> None:
    meter = meter_map(name)
    load = Load(
        currents_a=(sign * 16.0, sign * 10.0, sign * 6.0), imported_wh=[4e6] * 3, exported_wh=[3e6] * 3
    )
    if "power" in meter and meter["power"].low == 0 and sign < 0:
        return
    simulated = SimulatedMeter(meter, load)
    before, _ = poll_once(meter, simulated.answer)
    load.advance(10 * HOUR)
    after, _ = poll_once(meter, simulated.answer)
    direction = "energy_import" if sign > 0 else "energy_export"
    name_of = direction if direction in meter else "energy_total"
    if name_of not in meter:
        assert sign < 0, "a meter without any energy of this direction"
        return
    power = _power(before)
    if power is None:
        return
    counted = after[name_of].value - before[name_of].value  # type: ignore[operator]
    whole = "power" in meter or "power_import" in meter
    true = sum(load.powers_w()) if whole else load.powers_w()[0]
    signed = (
        not meter["power" if "power" in meter else "power_l1"].type.startswith("uint")
        if "power_import" not in meter
        else True
    )
    assert power == pytest.approx(true if signed else abs(true), abs=15)
    expected = abs(sum(load.powers_w())) * 10
    assert counted == pytest.approx(expected, rel=0.02, abs=1500)


def _power(reading: Reading) -> float | None:
    if "power" in reading:
        return reading["power"].value
    if "power_import" in reading:
        return reading["power_import"].value - reading["power_export"].value  # type: ignore[operator]
    return reading["power_l1"].value if "power_l1" in reading else None


@pytest.mark.parametrize("name", meter_ids())
def test_a_meter_can_show_what_a_charger_draws_and_a_life_of_energy(name: str) -> None:
    load = Load(currents_a=(32.0, 32.0, 32.0), imported_wh=[1e6] * 3, exported_wh=[1e6] * 3)
    reading, _ = poll_once(name, SimulatedMeter(meter_map(name), load).answer)
    for measurement in reading.values():
        true = load.value(measurement.quantity)
        assert measurement.quality is Quality.GOOD, measurement
        tolerance = {"Wh": 1001.0, "varh": 1001.0, "W": 10.0, "var": 10.0, "VA": 10.0, "1": 0.02}
        limit = tolerance.get(measurement.quantity.unit, 1.0)
        assert measurement.value == pytest.approx(true, abs=limit, rel=1e-5), measurement


def f32(value: float) -> bytes:
    return struct.pack(">f", value)


def i32(value: int) -> bytes:
    return struct.pack(">i", value)


def swapped(value: int) -> bytes:
    high_first = struct.pack(">i", value)
    return high_first[2:] + high_first[:2]


# Written from the register tables of the manuals, without the package: address to bytes, for
# 231.5 V, 12.25 A, 2800 W on phase 1, 8400 W in all, 49.9 Hz, 12345.6 kWh in, 78.9 kWh out.
TABLES: dict[str, tuple[int, dict[int, bytes]]] = {
    "eastron_sdm630": (
        4,
        {
            0: f32(231.5),
            6: f32(12.25),
            12: f32(2800),
            52: f32(8400),
            70: f32(49.9),
            72: f32(12345.6),
            74: f32(78.9),
        },
    ),
    "schneider_iem3155": (
        3,
        {
            0x0BD3: f32(231.5),
            0x0BB7: f32(12.25),
            0x0BED: f32(2.8),
            0x0BF3: f32(8.4),
            0x0C25: f32(49.9),
            0x0C83: struct.pack(">q", 12345600),
            0x0C87: struct.pack(">q", 78900),
        },
    ),
    "abb_b23": (
        3,
        {
            0x5B00: struct.pack(">I", 2315),
            0x5B0C: struct.pack(">I", 1225),
            0x5B16: i32(280000),
            0x5B14: i32(840000),
            0x5B2C: struct.pack(">H", 4990),
            0x5000: struct.pack(">Q", 1234560),
            0x5004: struct.pack(">Q", 7890),
        },
    ),
    "carlo_gavazzi_em24": (
        4,
        {
            0x00: swapped(2315),
            0x0C: swapped(12250),
            0x12: swapped(28000),
            0x28: swapped(84000),
            0x37: struct.pack(">h", 499),
            0x42: swapped(123456),
            0x5C: swapped(789),
        },
    ),
    "carlo_gavazzi_em340": (
        4,
        {
            0x00: swapped(2315),
            0x0C: swapped(12250),
            0x12: swapped(28000),
            0x28: swapped(84000),
            0x33: struct.pack(">h", 499),
            0x34: swapped(123456),
            0x4E: swapped(789),
        },
    ),
    "siemens_pac2200": (
        4,
        {
            1: f32(231.5),
            13: f32(12.25),
            25: f32(2800),
            65: f32(8400),
            46: f32(49.9),
            801: struct.pack(">d", 12345600.0),
            809: struct.pack(">d", 78900.0),
        },
    ),
    "janitza_umg": (
        3,
        {
            19000: f32(231.5),
            19012: f32(12.25),
            19020: f32(2800),
            19026: f32(8400),
            19050: f32(49.9),
            19068: f32(12345600),
            19076: f32(78900),
        },
    ),
    "inepro_pro380": (
        3,
        {
            0x5002: f32(231.5),
            0x500C: f32(12.25),
            0x5014: f32(2.8),
            0x5012: f32(8.4),
            0x5008: f32(49.9),
            0x600C: f32(12345.6),
            0x6018: f32(78.9),
        },
    ),
    "dzg_dvh4013": (
        3,
        {
            4: i32(23150),
            10: i32(12250),
            0: i32(84000),
            2: i32(0),
            18: i32(49900),
            0x4000: i32(12345600),
            0x4100: i32(78900),
        },
    ),
    "chint_dtsu666": (
        3,
        {
            0x2000: f32(2315),
            0x200C: f32(12250),
            0x2014: f32(28000),
            0x2012: f32(84000),
            0x2044: f32(4990),
            0x101E: f32(12345.6),
            0x1028: f32(78.9),
        },
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_map_reads_what_the_manual_says(name: str) -> None:
    function, table = TABLES[name]
    registers = {
        address + i // 2: data[i : i + 2] for address, data in table.items() for i in range(0, len(data), 2)
    }

    def answer(request: Request) -> Answer:
        assert isinstance(request, Read)
        assert request.function == function
        data = b"".join(registers.get(request.address + i, b"\0\0") for i in range(request.count))
        return Registers(unit=1, function=function, data=data)

    reading, _ = poll_once(name, answer)
    power_l1 = [] if "power_l1" not in reading else [("power_l1", 2800.0)]
    whole = "power" if "power" in reading else "power_import"
    expected = [("voltage_l1", 231.5), ("current_l1", 12.25), *power_l1, (whole, 8400.0), ("frequency", 49.9)]
    expected += [("energy_import", 12_345_600.0), ("energy_export", 78_900.0)]
    for quantity, value in expected:
        assert reading.good(quantity) == pytest.approx(value, rel=1e-6), quantity


def test_28_values_of_an_sdm630_take_two_requests() -> None:
    meter = meter_map("eastron_sdm630")
    names = {f"{kind}_l{p}" for kind in ("voltage", "current", "power", "power_factor") for p in (1, 2, 3)}
    names |= {f"energy_{way}_l{p}" for way in ("import", "export", "total") for p in (1, 2, 3)}
    names |= {
        "power",
        "reactive_power",
        "power_factor",
        "frequency",
        "energy_import",
        "energy_export",
        "energy_total",
    }
    assert len(names) == 28
    assert len(meter.blocks(meter.select(frozenset(names)))) == 2


@pytest.mark.parametrize("name", meter_ids())
def test_coalescing_needs_far_fewer_requests_than_values(name: str) -> None:
    meter = meter_map(name)
    assert len(meter.blocks()) <= max(3, len(meter.registers) // 2)
    for block in meter.blocks():
        assert block.span.count <= meter.max_block


GOOD = "name: M\nsource: me\nregisters:\n  power: {at: 0x10, unit: kW, type: int32, scale: 0.01}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: a mapping is needed"),
        ("name: M\nsource: me\n", "line 1: registers is missing"),
        (GOOD.replace("kW", "kWh"), "line 4: 'kWh' is no unit of power; it has W, kW, MW"),
        (GOOD.replace("power", "powder"), "line 4: unknown quantity 'powder'"),
        (GOOD.replace("at", "address"), "line 4: unknown key 'address'"),
        (GOOD.replace("0x10", "ten"), "line 4: 'ten' is no whole number"),
        (GOOD.replace("0x10", "65535"), "ends beyond 65535"),
        (GOOD.replace("int32", "int31"), "line 4: type: 'int31' is none of"),
        (GOOD.replace("0.01", "0"), "is no scale"),
        (GOOD + "  power: {at: 0, unit: W}\n", "line 5: 'power' stands twice"),
        (GOOD.replace("source: me", "source: me\nmax_block: 126"), "line 3: max_block: 126 is not 1 to 125"),
        (GOOD.replace("source: me", "source: me\nmax_block: 1"), "longer than max_block"),
        (GOOD.replace("scale: 0.01", "valid: [5, 1]"), "5.0 is not below 1.0"),
        ("name: [", "while parsing"),
    ],
)
def test_a_wrong_meter_file_is_told_by_line(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_meter(path)
    assert fault in str(caught.value)
    assert "own.yaml" in str(caught.value)


def test_a_meter_of_ones_own_works_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD)
    meter = load_meter(path)
    reading, _ = poll_once(meter, SimulatedMeter(meter, Load()).answer)
    assert reading.good("power") == pytest.approx(11040, abs=10)


def test_an_unknown_meter_is_told() -> None:
    with pytest.raises(ConfigError, match="no meter 'sdm9000'"):
        meter_map("sdm9000")


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="name:[]{}'\"\n -0x1.5kWVsourceregistpw,#&*!|>%@`", max_size=120))
def test_any_text_is_a_meter_or_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        parse_meter(text, "any")
