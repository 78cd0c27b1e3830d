"""Discovery on devices that do not do as the specification says, in memory and counted."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core.modbus import Answer, Code, Failed, Failure, Read, Refused, Registers, Request
from evproto.sunspec import (
    DeviceServer,
    Library,
    NoSunSpecError,
    ScanOptions,
    ServedModel,
    UnknownModel,
    parse_model,
    refresh,
    scan,
)
from evproto.sunspec.testing import DER, SMALL, device_of, drive, random_model

LIBRARY = Library()
Answers = Callable[[Request], Answer | None]


def refused(request: Request, code: int = Code.ILLEGAL_ADDRESS) -> Refused:
    return Refused(unit=request.unit, function=request.function, code=code)


def registers(base: int, data: bytes) -> Answers:
    """Plain registers, strict about their ends."""

    def answer(request: Request) -> Answer | None:
        start = 2 * (request.address - base)
        end = start + 2 * request.count
        if start < 0 or end > len(data):
            return refused(request)
        return Registers(unit=request.unit, function=request.function, data=data[start:end])

    return answer


def image(*models: ServedModel, end: bytes = b"\xff\xff\0\0") -> bytes:
    return b"SunS" + b"".join(model.data() for model in models) + end


def same_values(ours, device: DeviceServer) -> bool:  # type: ignore[no-untyped-def]
    shown = [[repr(point.value) for point in model.points()] for model in ours]
    return shown == [[repr(point.value) for point in model.model().points()] for model in device.models]


@pytest.mark.parametrize("base", [0, 40000, 50000])
def test_scan_finds_the_map_at_each_usual_base(base: int) -> None:
    device = device_of(*SMALL)
    moved = DeviceServer(device.models, base=base)
    found, _ = drive(scan(1, LIBRARY), moved.answer)
    assert found.base == base
    assert same_values(found, moved)


def test_scan_finds_the_map_at_a_given_base_only() -> None:
    moved = DeviceServer(device_of(*SMALL).models, base=30000)
    with pytest.raises(NoSunSpecError, match="at 40000: refused with code 2"):
        drive(scan(1, LIBRARY), moved.answer)
    assert drive(scan(1, LIBRARY, ScanOptions(bases=(30000,))), moved.answer)[0].base == 30000


def test_a_base_that_is_silent_does_not_stop_the_search() -> None:
    device = DeviceServer(device_of(*SMALL).models, base=50000)

    def answer(request: Request) -> Answer | None:
        return device.answer(request) if request.address >= 50000 else Failed(failure=Failure.TIMEOUT)

    found, _ = drive(scan(1, LIBRARY), answer)
    assert found.base == 50000


def test_a_closed_connection_is_told_and_not_searched_on() -> None:
    with pytest.raises(NoSunSpecError, match="closed"):
        drive(scan(1, LIBRARY), lambda _: Failed(failure=Failure.CLOSED))


@pytest.mark.parametrize("most", [2, 10, 64, 100])
def test_a_device_with_short_blocks_is_read_whole(most: int) -> None:
    device = device_of(*SMALL)

    def answer(request: Request) -> Answer | None:
        return device.answer(request) if request.count <= most else refused(request, Code.ILLEGAL_VALUE)

    found, _ = drive(scan(1, LIBRARY), answer)
    assert same_values(found, device)
    drive(refresh(found), answer)
    assert same_values(found, device)


@pytest.mark.parametrize("numbers", [SMALL, DER])
@pytest.mark.parametrize("silent", [False, True])
def test_a_device_that_refuses_reads_across_models_is_read_model_by_model(
    numbers: tuple[int, ...], silent: bool
) -> None:
    device = device_of(*numbers)
    bounds = [device.base, device.base + 2]
    for model in device.models:
        bounds.append(bounds[-1] + model.length + 2)

    def answer(request: Request) -> Answer | None:
        start = max(bound for bound in [*bounds, 0] if bound <= request.address)
        after = [bound for bound in bounds if bound > start]
        if start >= device.base + 2 and after and request.address + request.count > after[0]:
            return None if silent else refused(request)
        if request.address < device.base + 2 and request.address + request.count > device.base + 3:
            return None if silent else refused(request)
        return device.answer(request)

    found, _ = drive(scan(1, LIBRARY), answer)
    assert same_values(found, device)
    assert not found.quirks.across_models
    _, again = drive(refresh(found), answer)
    assert same_values(found, device)
    assert len(again) <= len(numbers) + 2


@pytest.mark.parametrize("end", [b"\xff\xff", b"\xff\xff\0\0", b""])
def test_the_end_mark_may_lack_its_length_or_be_missing(end: bytes) -> None:
    models = device_of(*SMALL).models
    found, _ = drive(scan(1, LIBRARY), registers(40000, image(*models, end=end)))
    assert [model.id for model in found.models] == list(SMALL)
    assert bool(found.faults) == (end == b"")


def test_a_wrong_length_is_told_and_the_chain_goes_on() -> None:
    first, second, third = device_of(1, 714, 203).models
    data = bytearray(image(first, second, third))
    at = 4 + len(first.data()) + 2
    data[at : at + 2] = (second.length - 2).to_bytes(2, "big")
    found, _ = drive(scan(1, LIBRARY), registers(40000, bytes(data)))
    assert [model.id for model in found.models] == [1, 714, 203]
    assert any("714" in fault for fault in found.faults)
    assert found[203].value("Hz") == third.get("Hz")


def test_model_1_of_65_registers_is_read_without_its_pad() -> None:
    common, meter = device_of(1, 203).models
    data = common.data()[:-2]
    short = b"SunS" + data[:2] + (65).to_bytes(2, "big") + data[4:] + meter.data() + b"\xff\xff\0\0"
    found, _ = drive(scan(1, LIBRARY), registers(40000, short))
    assert [model.id for model in found.models] == [1, 203]
    assert found[1].value("SN") == common.get("SN")
    assert found[203].value("W") == meter.get("W")


def test_an_unknown_model_is_stepped_over_and_kept() -> None:
    first, second = device_of(1, 203).models
    stranger = (64999).to_bytes(2, "big") + (3).to_bytes(2, "big") + b"abcdef"
    data = b"SunS" + first.data() + stranger + second.data() + b"\xff\xff\0\0"
    found, _ = drive(scan(1, LIBRARY), registers(40000, data))
    assert [model.id for model in found.models] == [1, 64999, 203]
    assert isinstance(found.models[1], UnknownModel)
    assert found.models[1].data == stranger


def test_a_vendor_model_is_read_like_any_other() -> None:
    points = [
        {"name": "ID", "type": "uint16"},
        {"name": "L", "type": "uint16"},
        {"name": "T", "type": "int16", "sf": -1, "units": "C"},
    ]
    library = Library()
    library.add(parse_model({"id": 64999, "group": {"name": "vendor", "type": "group", "points": points}}))
    definition = library.get(64999)
    assert definition is not None
    model = ServedModel(definition)
    model.set({"T": 21.5})
    found, _ = drive(scan(1, library), registers(0, image(random_model(1, random.Random(0)), model)))
    assert found[64999].value("T") == 21.5


def test_a_length_that_leads_out_of_the_map_ends_the_chain() -> None:
    data = b"SunS" + (203).to_bytes(2, "big") + (0xFFF0).to_bytes(2, "big") + bytes(240)
    found, seen = drive(scan(1, LIBRARY), registers(50000, data))
    assert found.models == []
    assert "leads out of the map" in found.faults[0]
    assert len(seen) <= 10


def test_heads_alone_are_read_without_showing_any_value() -> None:
    device = device_of(*SMALL)
    found, _ = drive(scan(1, LIBRARY, ScanOptions(values=False)), device.answer)
    assert [model.id for model in found.models] == list(SMALL)
    assert found[203].value("W") is None
    drive(refresh(found), device.answer)
    assert same_values(found, device)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=700), st.integers(1, 125))
def test_any_registers_give_a_device_and_end(data: bytes, most: int) -> None:
    plain = registers(40000, b"SunS" + data)

    def answer(request: Request) -> Answer | None:
        return plain(request) if request.count <= most else refused(request, Code.ILLEGAL_VALUE)

    try:
        found, _ = drive(scan(1, LIBRARY), answer)
    except NoSunSpecError:
        return
    for model in found:
        for point in model.points():
            assert point.value == point.value


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.floats(0.0, 0.4))
def test_a_lossy_line_gives_right_values_or_none(seed: int, loss: float) -> None:
    device = device_of(*SMALL)
    rng = random.Random(seed)

    def answer(request: Request) -> Answer | None:
        return device.answer(request) if rng.random() >= loss else Failed(failure=Failure.TIMEOUT)

    try:
        found, _ = drive(scan(1, LIBRARY), answer)
    except NoSunSpecError:
        return
    truth = {model.definition.id: model for model in device.models}
    for model in found:
        for point in model.points():
            assert point.value is None or repr(point.value) == repr(truth[model.id].get(point.path))


def test_read_is_the_only_request_of_a_scan() -> None:
    _, seen = drive(scan(1, LIBRARY), device_of(*DER).answer)
    assert all(isinstance(request, Read) for request in seen)
