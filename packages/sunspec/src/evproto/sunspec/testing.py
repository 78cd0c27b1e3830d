"""Random devices, and ways to serve and drive them: for tests of this package and of its users."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from evproto.core.drivers.modbus import serve_tcp
from evproto.core.modbus import (
    Answer,
    Failed,
    Failure,
    Flow,
    RegisterDevice,
    Request,
    checked,
)
from evproto.sunspec.definitions import Library
from evproto.sunspec.layout import Slot
from evproto.sunspec.server import DeviceServer, ServedModel
from evproto.sunspec.types import Raw

_T = TypeVar("_T")
DER = (1, *range(701, 715))
SMALL = (1, 103, 203)
LIBRARY = Library()


@asynccontextmanager
async def served(device: RegisterDevice) -> AsyncIterator[tuple[int, list[Request]]]:
    """The device on a loopback port, and the requests that come."""
    seen: list[Request] = []
    server = await serve_tcp(device, "127.0.0.1", 0, observe=seen.append)
    try:
        yield server.sockets[0].getsockname()[1], seen
    finally:
        server.close()
        await server.wait_closed()


def drive(flow: Flow[_T], device: Callable[[Request], Answer | None]) -> tuple[_T, list[Request]]:
    """Run a flow against a device in memory; returns its result and the requests."""
    seen: list[Request] = []
    try:
        request = next(flow)
        while True:
            seen.append(request)
            assert len(seen) < 5000, "the flow does not end"
            answer = device(request) or Failed(failure=Failure.TIMEOUT)
            request = flow.send(checked(request, answer))
    except StopIteration as end:
        result: _T = end.value
        return result, seen


def counts_of(number: int, times: int, curves: int | None = None) -> dict[str, int]:
    """Every repeating group `times` times; `curves`, where given, for all but points and open-ended ones."""
    definition = LIBRARY.get(number)
    assert definition is not None
    repeating = [group for group in definition.group.walk() if isinstance(group.count, int | str)]
    return {
        group.name: times if group.count in (0, "NPt") else (times if curves is None else curves)
        for group in repeating
        if isinstance(group.count, str) or group.count == 0
    }


def random_raw(slot: Slot, rng: random.Random) -> Raw:
    """Any raw that a device could show, missing ones among them."""
    kind, words = slot.point.type, slot.point.words
    match kind.name:
        case "sunssf":
            return int(rng.choice([-(2**15), *range(-10, 11)]))
        case "string":
            text = "".join(rng.choices("ABCxyz089.-_", k=rng.randint(0, 2 * words)))
            return text.encode().ljust(2 * words, b"\0")
        case "float32":
            return float(rng.randint(-(2**20), 2**20)) / 64
        case "float64":
            return float(rng.uniform(-1e9, 1e9))
        case "eui48":
            return b"\0\0" + rng.randbytes(6)
        case "ipv6addr":
            return rng.randbytes(16)
    if kind.missing and rng.random() < 0.1:
        return kind.missing[0]
    bits = 16 * kind.words
    low = -(2 ** (bits - 1)) if kind.code.islower() else 0
    if slot.point.symbols and kind.name.startswith("enum") and rng.random() < 0.8:
        return int(rng.choice(slot.point.symbols).value)
    return rng.randint(low, low + 2**bits - 1)


def random_model(number: int, rng: random.Random, times: int = 2, curves: int | None = None) -> ServedModel:
    """A model with random raws."""
    definition = LIBRARY.get(number)
    assert definition is not None
    model = ServedModel(definition, counts_of(number, times, curves))
    fixed = {"ID", "L"} | {str(group.count) for group in definition.group.walk()}
    model.set_raw({slot.path: random_raw(slot, rng) for slot in model.layout.slots if slot.path not in fixed})
    return model


def device_of(*numbers: int, seed: int = 1, times: int = 4, curves: int | None = 2) -> DeviceServer:
    """A device with these models, random values, four points in each of two curves."""
    rng = random.Random(seed)
    return DeviceServer([random_model(number, rng, times, curves) for number in numbers])
