"""Drivers against real sockets: poller over TCP, signing over Modbus/TCP and over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from evproto.core.drivers.modbus import serve_tcp, tcp_port
from evproto.modbus_meter import Load, MeterConfig, Poller, PollerOptions, Reading, SimulatedMeter, meter_map
from evproto.modbus_meter.driver import run_poller
from evproto.modbus_meter.ocmf import KeySigner, parse_ocmf, verify_ocmf
from evproto.modbus_meter.signing import HttpRequest, LemDcbm, SigningSession, Stopped, TransactionRequest
from evproto.modbus_meter.signing.driver import Execute, SigningDriver, em580_over, lem_over
from evproto.modbus_meter.signing.messages import Ready, Started
from evproto.modbus_meter.signing.simulation import Em580Front, LemFront, SigningMeter


def test_a_poller_reads_over_a_socket() -> None:
    async def scenario() -> list[object]:
        meter = meter_map("schneider_iem3155")
        server = await serve_tcp(SimulatedMeter(meter, Load()), "127.0.0.1", 0)
        port = tcp_port("127.0.0.1", server.sockets[0].getsockname()[1])
        events: list[object] = []
        done = asyncio.Event()

        def take(event: object) -> None:
            events.append(event)
            done.set()

        poller = Poller([MeterConfig(name="m", map=meter)], PollerOptions(timeout=5.0))
        task = asyncio.ensure_future(run_poller(poller, port, take))
        await asyncio.wait_for(done.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await port.close()
        server.close()
        return events

    reading = asyncio.run(scenario())[0]
    assert isinstance(reading, Reading)
    assert reading.good("power") == pytest.approx(11040)


def signing_meter() -> SigningMeter:
    return SigningMeter(KeySigner(ec.derive_private_key(1234, ec.SECP256R1())), lambda: 1000.0)


async def one_transaction(execute: Execute) -> Stopped:
    loop = asyncio.get_running_loop()
    session = SigningSession()
    stopped: asyncio.Future[Stopped] = loop.create_future()

    def react(event: object) -> None:
        if isinstance(event, Ready) and not stopped.done() and not started:
            started.append(True)
            session.start(TransactionRequest(transaction_id="tx-1", evse_id="E1"), loop.time())
        elif isinstance(event, Started):
            session.stop(loop.time())
        elif isinstance(event, Stopped):
            stopped.set_result(event)
        driver.wake()

    started: list[bool] = []
    driver = SigningDriver(session, execute, react)
    session.begin(loop.time(), wall_clock=1_777_000_000.0)
    task = asyncio.ensure_future(driver.run())
    result = await asyncio.wait_for(stopped, 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return result


def test_a_transaction_is_signed_over_modbus_tcp() -> None:
    async def scenario() -> Stopped:
        server = await serve_tcp(Em580Front(signing_meter()), "127.0.0.1", 0)
        port = tcp_port("127.0.0.1", server.sockets[0].getsockname()[1])
        result = await one_transaction(em580_over(port))
        await port.close()
        server.close()
        return result

    result = asyncio.run(scenario())
    assert verify_ocmf(parse_ocmf(result.record), result.public_key)


def test_a_transaction_is_signed_over_http() -> None:
    pytest.importorskip("httpx", reason="the extra http is not installed")

    async def scenario() -> Stopped:
        server = await asyncio.start_server(_http(LemFront(signing_meter())), "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        result = await one_transaction(lem_over(url, LemDcbm()))
        server.close()
        return result

    result = asyncio.run(scenario())
    assert result.transaction_id == "tx-1"
    assert verify_ocmf(parse_ocmf(result.record), result.public_key)


def _http(front: LemFront) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line[15:]) for line in head.lower().splitlines() if line.startswith("content-length:")), 0
        )
        method, path, _ = head.split(" ", 2)
        answer = front.respond(HttpRequest(method, path, (await reader.readexactly(length)).decode()))
        body = answer.body.encode()
        start = f"HTTP/1.1 {answer.status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(start.encode() + body)
        await writer.drain()
        writer.close()

    return serve
