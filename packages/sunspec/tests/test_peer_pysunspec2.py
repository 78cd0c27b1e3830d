"""Every model and every point beside pysunspec2: its client on our server, our client on its registers."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import math
import random

import pytest

from evproto.sunspec import DeviceServer, Library, Model
from evproto.sunspec.client import Client
from evproto.sunspec.testing import DER, SMALL, device_of, random_model, served

sunspec_client = pytest.importorskip("sunspec2.modbus.client", reason="pysunspec2 is not installed")
pytestmark = pytest.mark.interop
IDS = Library().ids()


def peer_scan(port: int, **options: object):  # type: ignore[no-untyped-def]
    peer = sunspec_client.SunSpecModbusClientDeviceTCP(unit := 1, "127.0.0.1", port, timeout=5)
    assert unit == 1
    peer.scan(**options)
    peer.disconnect()
    return peer


def flat(group, prefix: str = ""):  # type: ignore[no-untyped-def]
    for name, point in group.points.items():
        yield prefix + name, point
    for name, child in group.groups.items():
        for index, inner in enumerate(child) if isinstance(child, list) else [(None, child)]:
            yield from flat(inner, f"{prefix}{name}." if index is None else f"{prefix}{name}.{index}.")


def assert_equal_points(ours: Model, peer) -> int:  # type: ignore[no-untyped-def]
    theirs = dict(flat(peer))
    assert list(theirs) == [point.path for point in ours.points()]
    for point in ours.points():
        other = theirs[point.path]
        expected = None if not other.is_impl() else other.value
        if point.definition.type.name == "string":
            expected = (expected or "").rstrip() or None
        if isinstance(point.value, ipaddress.IPv4Address | ipaddress.IPv6Address):
            shown = int(point.value)
            expected = expected if isinstance(expected, int) else int(expected.replace(":", ""), 16)
        else:
            shown = point.raw if point.value is not None and isinstance(point.raw, int) else point.value
        if point.value is None and other.sf is not None and expected is not None:
            scale = theirs.get(other.sf, theirs.get(point.path.rsplit(".", 1)[0] + "." + other.sf))
            assert scale.value is None, "only a missing scale factor makes a value missing"
            continue
        assert shown == expected, (ours.id, point.path)
        if other.sf_required and expected is not None:
            assert math.isclose(float(point.value), other.cvalue, rel_tol=1e-9, abs_tol=1e-12), point.path
    return len(theirs)


def devices(seed: int) -> list[DeviceServer]:
    rng = random.Random(seed)
    models = [random_model(number, rng, times=rng.randint(0, 3)) for number in IDS]
    return [
        DeviceServer(models[start : start + 28], base=rng.choice((0, 40000, 50000)))
        for start in range(0, len(models), 28)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_model_and_point_equals_pysunspec2_on_random_devices(seed: int) -> None:
    async def compare(device: DeviceServer) -> tuple[int, int]:
        async with served(device) as (port, _):
            peer = await asyncio.to_thread(peer_scan, port)
            async with Client.tcp("127.0.0.1", port) as client:
                ours = await client.scan()
        points = 0
        for model in ours:
            theirs = peer.models[model.id][0]
            assert not theirs.error_info, theirs.error_info
            points += assert_equal_points(model, theirs)
        return len(ours.models), points

    results = [asyncio.run(compare(device)) for device in devices(seed)]
    assert sum(models for models, _ in results) == len(IDS) == 112
    assert sum(points for _, points in results) >= 3000


@contextlib.asynccontextmanager
async def pymodbus_served(data: bytes, base: int):  # type: ignore[no-untyped-def]
    """The registers behind pymodbus's own server."""
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    words = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    block = SimData(base, values=words, datatype=DataType.REGISTERS)
    server = ModbusTcpServer(SimDevice(1, simdata=[block]), address=("127.0.0.1", 0))
    await server.listen()
    try:
        yield server.transport.sockets[0].getsockname()[1]
    finally:
        await server.shutdown()


@pytest.mark.parametrize("number", IDS)
def test_our_client_reads_registers_made_by_pysunspec2_behind_a_pymodbus_server(number: int) -> None:
    from sunspec2.device import Model as PeerModel

    image = random_model(number, random.Random(number), times=2)
    peer = PeerModel(model_id=number, model_len=image.length, data=image.data())
    registers = b"SunS" + peer.get_mb() + b"\xff\xff\0\0"

    async def read() -> Model:
        async with pymodbus_served(registers, 40000) as port, Client.tcp("127.0.0.1", port) as client:
            return (await client.scan())[number]

    assert_equal_points(asyncio.run(read()), peer)


@pytest.mark.parametrize(
    ("numbers", "most", "most_again"), [(SMALL, 3, 2), (DER, 10, 9)], ids=["small", "der"]
)
def test_scan_and_refresh_need_few_requests_beside_pysunspec2(
    numbers: tuple[int, ...], most: int, most_again: int
) -> None:
    async def count() -> tuple[int, int, int]:
        async with served(device_of(*numbers)) as (port, seen):
            async with Client.tcp("127.0.0.1", port) as client:
                await client.scan()
                ours = len(seen)
                await client.refresh()
                again = len(seen) - ours
            before = len(seen)
            await asyncio.to_thread(peer_scan, port)
            return ours, again, len(seen) - before

    ours, again, peer = asyncio.run(count())
    assert ours <= most
    assert again <= most_again
    assert peer >= 3 * ours


def test_pysunspec2_writes_a_sync_group_and_we_read_it_back() -> None:
    device = device_of(1, 704)
    device[704].set({"PF_SF": -2})

    def write(port: int) -> None:
        peer = sunspec_client.SunSpecModbusClientDeviceTCP(1, "127.0.0.1", port, timeout=5)
        peer.scan()
        group = peer.models[704][0].PFWInj
        group.PF.value, group.Ext.value = 95, 1
        group.write()
        peer.disconnect()

    async def scenario() -> None:
        async with served(device) as (port, _):
            await asyncio.to_thread(write, port)

    asyncio.run(scenario())
    assert device[704].get("PFWInj.PF") == 0.95
    assert device[704].get("PFWInj.Ext").name == "UNDER_EXCITED"  # type: ignore[union-attr]
