"""Chosen reads, writes with read-back, and what a bad line may do to them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import EncodeError
from evproto.core.modbus import Answer, Code, Failed, Failure, Read, Refused, Registers, Request, Write
from evproto.sunspec import (
    DeviceServer,
    ExchangeError,
    Library,
    MapChangedError,
    WriteError,
    read_points,
    refresh,
    scan,
    write_points,
)
from evproto.sunspec.testing import DER, SMALL, device_of, drive

LIBRARY = Library()


@pytest.fixture
def device() -> DeviceServer:
    server = device_of(1, 704, 103)
    server[704].set({"PF_SF": -2, "WMaxLimPct_SF": -1, "WSet_SF": 0})
    server[103].set({"W_SF": 1, "W": 1230, "A_SF": -2, "A": 12.34})
    return server


def scanned(device: DeviceServer):  # type: ignore[no-untyped-def]
    return drive(scan(1, LIBRARY), device.answer)[0]


def test_chosen_points_come_with_their_scale_in_one_request(device: DeviceServer) -> None:
    found = scanned(device)
    values, seen = drive(read_points(found, found[103], ["W", "A"]), device.answer)
    assert values == {"W": 1230, "A": 12.34}
    assert len(seen) == 1
    assert seen[0].count < 30


def test_a_write_goes_out_in_its_units_and_is_read_back(device: DeviceServer) -> None:
    found = scanned(device)
    values = {"WMaxLimPct": 62.5, "WMaxLimPctEna": "ENABLED"}
    shown, seen = drive(write_points(found, found[704], values), device.answer)
    assert shown["WMaxLimPct"] == 62.5
    assert shown["WMaxLimPctEna"].name == "ENABLED"
    assert device[704].get("WMaxLimPct") == 62.5
    assert sum(isinstance(request, Write) for request in seen) == 1


def test_a_sync_group_is_written_whole_in_one_request(device: DeviceServer) -> None:
    device[704].set({"PFWInj.PF": 0.9, "PFWInj.Ext": "OVER_EXCITED"})
    found = scanned(device)
    _, seen = drive(write_points(found, found[704], {"PFWInj.PF": 0.85}), device.answer)
    writes = [request for request in seen if isinstance(request, Write)]
    assert [write.count for write in writes] == [2]
    assert device[704].get("PFWInj.PF") == 0.85
    assert device[704].get("PFWInj.Ext").name == "OVER_EXCITED"  # type: ignore[union-attr]


def test_a_sync_group_is_read_in_one_request(device: DeviceServer) -> None:
    found = scanned(device)
    slot = found[704].layout.by_path["PFWInj.PF"]
    _, seen = drive(read_points(found, found[704], ["PFWInj.Ext"]), device.answer)
    start = found[704].address + slot.offset
    assert any(r.address <= start and start + 2 <= r.address + r.count for r in seen)


@pytest.mark.parametrize(
    ("values", "limits", "text"),
    [
        ({"WMaxLimPct": 62.5}, {"WMaxLimPct": (0, 60)}, "outside 0 to 60"),
        ({"WMaxLimPct": 99999}, {}, "whole number"),
        ({"WMaxLimPct_SF": -2}, {}, "read-only"),
        ({"WMaxLimPctEna": "PERHAPS"}, {}, "none of DISABLED, ENABLED"),
        ({"Nothing": 1}, {}, "no such point"),
        ({"WSet": float("nan")}, {}, "WSet"),
        ({"WMaxLimPct": 6553.5}, {}, "means that the point is missing"),
    ],
)
def test_a_value_that_may_not_be_written_never_reaches_the_line(
    device: DeviceServer, values: dict[str, object], limits: dict[str, tuple[float, float]], text: str
) -> None:
    found = scanned(device)
    sent: list[Request] = []

    def answer(request: Request) -> Answer | None:
        sent.append(request)
        return device.answer(request)

    with pytest.raises(EncodeError, match=text):
        drive(write_points(found, found[704], values, limits=limits), answer)  # type: ignore[arg-type]
    assert not any(isinstance(request, Write) for request in sent)


def test_a_device_that_shows_something_else_than_was_written_is_told(device: DeviceServer) -> None:
    found = scanned(device)

    def answer(request: Request) -> Answer | None:
        if isinstance(request, Write):
            request = Write(unit=1, address=request.address, data=(500).to_bytes(2, "big"))
        return device.answer(request)

    with pytest.raises(WriteError) as caught:
        drive(write_points(found, found[704], {"WMaxLimPct": 80}), answer)
    assert caught.value.shown == {"WMaxLimPct": 50.0}


def test_a_write_without_an_answer_is_not_repeated(device: DeviceServer) -> None:
    found = scanned(device)
    writes = []

    def answer(request: Request) -> Answer | None:
        if isinstance(request, Write):
            writes.append(request)
            return Failed(failure=Failure.CLOSED, text="cable pulled")
        return device.answer(request)

    with pytest.raises(ExchangeError, match="cable pulled"):
        drive(write_points(found, found[704], {"WMaxLimPct": 80}), answer)
    assert len(writes) == 1


def test_a_device_without_function_16_gets_function_6(device: DeviceServer) -> None:
    found = scanned(device)

    def answer(request: Request) -> Answer | None:
        if isinstance(request, Write) and not request.single:
            return Refused(unit=1, function=16, code=Code.ILLEGAL_FUNCTION)
        return device.answer(request)

    shown, _ = drive(write_points(found, found[704], {"WMaxLimPct": 40}), answer)
    assert shown == {"WMaxLimPct": 40.0}


def test_a_refused_refresh_keeps_the_old_values(device: DeviceServer) -> None:
    found = scanned(device)
    device[103].set({"W": 4560})

    def answer(request: Request) -> Answer | None:
        if request.address > 40100:
            return Refused(unit=1, function=3, code=Code.DEVICE_FAILURE)
        return device.answer(request)

    with pytest.raises(ExchangeError, match="device_failure"):
        drive(refresh(found), answer)
    assert found[103].value("W") == 1230


def test_a_map_that_moved_is_noticed(device: DeviceServer) -> None:
    found = scanned(device)
    other = DeviceServer([device.models[0], device.models[2], device.models[1]])
    with pytest.raises(MapChangedError):
        drive(refresh(found), other.answer)


def test_a_scale_that_changes_between_two_requests_is_read_again() -> None:
    server = device_of(*DER)
    server[701].set({"W_SF": 0, "W": 1000})
    found = scanned(server)
    seen = []

    def answer(request: Request) -> Answer | None:
        result = server.answer(request)
        seen.append(request)
        if len(seen) == 1:
            server[701].set({"W_SF": 1, "W": 1000})
        return result

    drive(refresh(found), answer)
    assert found[701].value("W") == 1000


@pytest.mark.parametrize("kind", ["unit", "function", "short", "long", "late"])
def test_an_answer_that_is_not_ours_never_becomes_a_value(device: DeviceServer, kind: str) -> None:
    found = scanned(device)
    late = Registers(unit=1, function=3, data=b"\x11" * 6)

    def answer(request: Request) -> Answer | None:
        right = device.answer(request)
        assert isinstance(right, Registers)
        match kind:
            case "unit":
                return Registers(unit=2, function=3, data=right.data)
            case "function":
                return Registers(unit=1, function=4, data=right.data)
            case "short":
                return Registers(unit=1, function=3, data=right.data[:-2])
            case "long":
                return Registers(unit=1, function=3, data=right.data + b"\0\0")
        return late

    before = found[103].to_dict()
    with pytest.raises(ExchangeError, match="mismatch"):
        drive(refresh(found), answer)
    assert found[103].to_dict() == before


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(["W", "A", "Hz", "PhVphA", "WH"]), st.integers(0, 30000))
def test_what_is_set_is_what_is_read(seed: int, path: str, raw: int) -> None:
    server = device_of(*SMALL, seed=seed)
    scale = random.Random(seed).randint(-4, 4)
    server[103].set({f"{sf}_SF": scale for sf in ("W", "A", "Hz", "V", "WH")})
    server[103].set_raw({path: raw})
    value = server[103].get(path)
    server[103].set({path: value})
    assert server[103].model().raw(path) == raw
    assert scanned(server)[103].value(path) == value


def test_reads_and_writes_of_the_server_are_strict(device: DeviceServer) -> None:
    slot = device[704].layout.by_path["WSet"]
    base = 40002 + 68
    cases = [
        (Read(unit=1, address=39999, count=2), Code.ILLEGAL_ADDRESS),
        (Read(unit=1, address=device.end - 1, count=2), Code.ILLEGAL_ADDRESS),
        (Write(unit=1, address=base + slot.offset, data=b"\0\1"), Code.ILLEGAL_ADDRESS),
        (Write(unit=1, address=40002, data=b"\0\1"), Code.ILLEGAL_ADDRESS),
        (Write(unit=1, address=base + device[704].layout.by_path["PFWInj.PF"].offset, data=b"\0\1"), 3),
        (Write(unit=1, address=base + device[704].layout.by_path["PFWInjEna"].offset, data=b"\0\7"), 3),
    ]
    before = device[704].data()
    for request, code in cases:
        answer = device.answer(request)
        assert isinstance(answer, Refused), request
        assert answer.code == code, request
    assert device[704].data() == before
    assert device.answer(Read(unit=2, address=40000, count=2)) is None


def test_the_write_hook_may_refuse(device: DeviceServer) -> None:
    asked = []
    strict = DeviceServer(device.models, on_write=lambda changes: asked.append(changes) or False)  # type: ignore[func-returns-value]
    found = scanned(strict)
    with pytest.raises(ExchangeError, match="illegal_value"):
        drive(write_points(found, found[704], {"WMaxLimPct": 10}), strict.answer)
    assert [change.path for change in asked[0]] == ["WMaxLimPct"]
