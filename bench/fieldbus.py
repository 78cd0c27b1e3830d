"""SunSpec beside pysunspec2: requests, time, CPU per point; meter requests; OCMF."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from _report import Figure, interleave, options, report
from cryptography.hazmat.primitives.asymmetric import ec
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from sunspec2.device import Model as PeerModel
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP

from evproto.core.drivers.modbus import serve_tcp
from evproto.core.modbus import Request
from evproto.modbus_meter import meter_ids, meter_map
from evproto.modbus_meter.ocmf import KeySigner, parse_ocmf, sign_payload, verify_ocmf
from evproto.sunspec import DeviceServer, Model
from evproto.sunspec.client import Client
from evproto.sunspec.testing import DER, SMALL, device_of

HYBRID = (1, 103, 120, 121, 122, 123, 124, 160, 203, 802)
DEVICES = {"small": SMALL, "hybrid": HYBRID, "der": DER}
PEER = "pysunspec2"


@contextmanager
def served(device: DeviceServer) -> Iterator[tuple[int, list[Request]]]:
    """The device on a loopback port, in a thread, and the requests that come."""
    seen: list[Request] = []
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(serve_tcp(device, "127.0.0.1", 0, observe=seen.append))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1], seen
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def scans(name: str, numbers: tuple[int, ...]) -> list[Figure]:
    """Requests and milliseconds of a scan and of a refresh of all models."""
    with served(device_of(*numbers)) as (port, seen):
        peer = SunSpecModbusClientDeviceTCP(1, "127.0.0.1", port, timeout=5)
        loop = asyncio.new_event_loop()
        client = Client.tcp("127.0.0.1", port)

        def peer_refresh() -> None:
            for model in peer.model_list:
                model.read()

        pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "scan": (
                lambda: loop.run_until_complete(client.scan()),
                lambda: peer.scan(connect=False),
            ),
            "refresh": (lambda: loop.run_until_complete(client.refresh()), peer_refresh),
        }
        peer.connect()
        figures = []
        for what, (ours, theirs) in pairs.items():
            count, peer_count = _requests(ours, seen), _requests(theirs, seen)
            seconds, peer_seconds = _times(ours, theirs)
            figures += [
                _figure(name, f"{what} requests", count, "requests", PEER, count / peer_count),
                _figure(name, f"{what} time", seconds * 1e3, "ms", PEER, seconds / peer_seconds),
            ]
        peer.disconnect()
        loop.run_until_complete(client.close())
        loop.close()
        return figures


def serving() -> list[Figure]:
    """Time of one read of 20 registers at our server beside pymodbus's, by the same plain client."""
    request = bytes.fromhex("0001 0000 0006 01 03 9c40 0014")
    with contextlib.ExitStack() as stack:
        port, _ = stack.enter_context(served(device_of(*DER)))
        peer_port = stack.enter_context(peer_server())
        ours = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        theirs = stack.enter_context(socket.create_connection(("127.0.0.1", peer_port)))
        for connection in (ours, theirs):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def ask(connection: socket.socket, times: int = 1) -> None:
            connection.sendall(request * times)
            wanted = 49 * times
            while wanted:
                wanted -= len(connection.recv(wanted))

        mine, peer = interleave(lambda: ask(ours), lambda: ask(theirs), rounds=7)
        (pipelined,) = interleave(lambda: ask(ours, 10), rounds=7)
    return [
        _figure("server", "request", mine.median * 1e6, "us", "pymodbus", mine.median / peer.median),
        _figure("server", "pipelined requests", 10 / pipelined.median, "1/s"),
    ]


@contextmanager
def peer_server() -> Iterator[int]:
    """pymodbus's server with the same number of registers, in a thread."""
    block = SimData(40000, values=[0] * 1100, datatype=DataType.REGISTERS)
    loop = asyncio.new_event_loop()

    async def start() -> ModbusTcpServer:
        server = ModbusTcpServer(SimDevice(1, simdata=[block]), address=("127.0.0.1", 0))
        await server.listen()
        return server

    server = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.transport.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(server.shutdown(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def decoding() -> Figure:
    """CPU of one decoded point of a DER device, registers to Python values."""
    models = [(model.definition.id, model.layout, model.data()) for model in device_of(*DER).models]
    points = sum(len(layout.slots) for _, layout, _ in models)

    def ours() -> None:
        for _, layout, data in models:
            Model(layout, 0, layout.words - 2, data).to_dict()

    def theirs() -> None:
        for number, layout, data in models:
            PeerModel(model_id=number, model_len=layout.words - 2, data=data).get_dict(computed=True)

    mine, peer = interleave(ours, theirs, rounds=7)
    value = mine.median / points * 1e6
    return _figure("der", "decode", value, "us/point", PEER, mine.median / peer.median)


def meters() -> list[Figure]:
    """Requests for all values of a meter, beside one request for each value."""
    figures = []
    for name in ("eastron_sdm630", "inepro_pro380", "abb_b23", "carlo_gavazzi_em340", "janitza_umg"):
        meter = meter_map(name)
        count, values = len(meter.blocks()), len(meter.registers)
        figures.append(_figure(name, "read all", count, "requests", "one by one", count / values))
    total = [len(meter_map(name).registers) / len(meter_map(name).blocks()) for name in meter_ids()]
    figures.append(_figure("all meters", "values per request", statistics.median(total), "values"))
    return figures


def signatures() -> list[Figure]:
    """Parsing and verifying an OCMF record on P-256."""
    payload = (
        '{"FV":"1.4","GS":"1","PG":"T1","IS":false,"IT":"NONE","RD":[{"TM":"2026-05-01T12:00:00,000+0200 S",'
        '"TX":"B","RV":2935.600,"RI":"01-00:B2.08.00","RU":"kWh","ST":"G"},'
        '{"TM":"2026-05-01T13:00:00,000+0200 S",'
        '"TX":"E","RV":2946.640,"ST":"G"}]}'
    )
    signer = KeySigner(ec.derive_private_key(11, ec.SECP256R1()))
    text, key = sign_payload(payload, signer), signer.public_key
    parsing, both = interleave(lambda: parse_ocmf(text), lambda: verify_ocmf(parse_ocmf(text), key), rounds=7)
    return [
        _figure("ocmf", "parse", parsing.median * 1e6, "us"),
        _figure("ocmf", "parse and verify P-256", both.median * 1e6, "us"),
    ]


def _figure(
    case: str, measure: str, value: float, unit: str, peer: str | None = None, ratio: float | None = None
) -> Figure:
    return Figure(case=case, measure=measure, value=value, unit=unit, peer=peer, ratio=ratio)


def _requests(operation: Callable[[], object], seen: list[Request]) -> int:
    before = len(seen)
    operation()
    return len(seen) - before


def _times(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 20) -> tuple[float, float]:
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for operation, sample in zip((ours, theirs), samples, strict=True):
            start = time.perf_counter()
            operation()
            sample.append(time.perf_counter() - start)
    return statistics.median(samples[0]), statistics.median(samples[1])


def main() -> None:
    """Measure and print."""
    arguments = options(__doc__).parse_args()
    figures = [figure for name, numbers in DEVICES.items() for figure in scans(name, numbers)]
    report([*figures, *serving(), decoding(), *meters(), *signatures()], as_json=arguments.json)


if __name__ == "__main__":
    main()
