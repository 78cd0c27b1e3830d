"""The one place that knows pymodbus: a `Port` over TCP, TLS or a serial line, and a TCP server.

Needs the extra `evproto-core[modbus]`. The server does without pymodbus, whose own answers only
one of several requests in a segment (3.16.1).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import struct
from collections.abc import Callable
from typing import Literal

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient, AsyncModbusTlsClient
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersResponse,
    ReadInputRegistersResponse,
    WriteMultipleRegistersResponse,
    WriteSingleRegisterResponse,
)

from evproto.core.machine import Close
from evproto.core.modbus import (
    Answer,
    Failed,
    Failure,
    Function,
    Read,
    Refused,
    RegisterDevice,
    Registers,
    Request,
    ServerConnection,
    Write,
    Written,
)

# every failure comes back as an answer: without a log of the application's, pymodbus need not print it too
logging.getLogger("pymodbus").addHandler(logging.NullHandler())

Client = AsyncModbusTcpClient | AsyncModbusTlsClient | AsyncModbusSerialClient


class ModbusPort:
    """One connection or serial line over pymodbus; requests of several tasks take turns.

    A connection is made with the first request and anew after it broke. After a time-out it is
    closed (TCP, TLS) or left quiet for `quiet` seconds (serial), so that no late answer is taken
    for the answer to the next request.
    """

    def __init__(self, connect: Callable[[], Client], *, quiet: float = 0.1) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._lock = asyncio.Lock()
        self._quiet = quiet

    async def exchange(self, request: Request) -> Answer:
        """Send the request and bring its answer, or `Failed`."""
        async with self._lock:
            client = await self._open()
            if client is None:
                return Failed(failure=Failure.CLOSED, text="no connection")
            try:
                answer = await _send(client, request)
            except (ModbusException, OSError) as error:
                lost = not client.connected
                await self._recover()
                return Failed(failure=Failure.CLOSED if lost else Failure.TIMEOUT, text=str(error))
            except BaseException:
                await self.close()
                raise
            return _answer(request, answer)

    async def close(self) -> None:
        """Close the connection; the next request opens it again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _open(self) -> Client | None:
        if self._client is not None and self._client.connected:
            return self._client
        await self.close()
        client = self._connect()
        try:
            connected = await client.connect()
        except (ModbusException, OSError):
            connected = False
        if not connected:
            client.close()
            return None
        self._client = client
        return client

    async def _recover(self) -> None:
        if isinstance(self._client, AsyncModbusSerialClient) and self._client.connected:
            await asyncio.sleep(self._quiet)
        else:
            await self.close()


def tcp_port(
    host: str, port: int = 502, *, timeout: float = 2.0, framing: Literal["tcp", "rtu"] = "tcp"
) -> ModbusPort:
    """Modbus/TCP, or RTU frames over TCP as some gateways speak them."""
    framer = FramerType.RTU if framing == "rtu" else FramerType.SOCKET
    return ModbusPort(
        lambda: AsyncModbusTcpClient(
            host, port=port, framer=framer, timeout=timeout, retries=0, reconnect_delay=0
        )
    )


def tls_port(
    host: str, port: int = 802, *, context: ssl.SSLContext, server_name: str = "", timeout: float = 2.0
) -> ModbusPort:
    """Modbus over TLS with a context of the caller's: there is no default key or certificate."""
    return ModbusPort(
        lambda: AsyncModbusTlsClient(
            host,
            port=port,
            sslctx=context,
            name=server_name or host,
            timeout=timeout,
            retries=0,
            reconnect_delay=0,
        )
    )


def serial_port(
    device: str, *, baudrate: int = 9600, parity: str = "N", stopbits: int = 1, timeout: float = 1.0
) -> ModbusPort:
    """Modbus RTU on a serial line; the device is opened with the first request."""
    return ModbusPort(
        lambda: AsyncModbusSerialClient(
            device,
            baudrate=baudrate,
            parity=parity,
            stopbits=stopbits,
            timeout=timeout,
            retries=0,
            reconnect_delay=0,
        )
    )


async def _send(client: Client, request: Request) -> ModbusPDU:
    match request:
        case Read(function=Function.READ_INPUT):
            return await client.read_input_registers(
                request.address, count=request.count, device_id=request.unit
            )
        case Read():
            return await client.read_holding_registers(
                request.address, count=request.count, device_id=request.unit
            )
        case Write(single=True):
            return await client.write_register(
                request.address, int.from_bytes(request.data, "big"), device_id=request.unit
            )
        case Write():
            values = list(struct.unpack(f">{request.count}H", request.data))
            return await client.write_registers(request.address, values, device_id=request.unit)


def _answer(request: Request, pdu: ModbusPDU) -> Answer:
    unit, function = pdu.dev_id, pdu.function_code
    match pdu:
        case ExceptionResponse():
            return Refused(unit=unit, function=function & 0x7F, code=pdu.exception_code)
        case ReadHoldingRegistersResponse() | ReadInputRegistersResponse():
            data = struct.pack(f">{len(pdu.registers)}H", *pdu.registers)
            return Registers(unit=unit, function=function, data=data)
        case WriteSingleRegisterResponse():
            if isinstance(request, Write) and request.data != struct.pack(">H", pdu.registers[0]):
                return Failed(failure=Failure.MISMATCH, text="the echo of the write has another value")
            return Written(unit=unit, function=function, address=pdu.address, count=1)
        case WriteMultipleRegistersResponse():
            return Written(unit=unit, function=function, address=pdu.address, count=pdu.count)
    return Failed(failure=Failure.MISMATCH, text=f"an answer of function {function}")


async def serve_tcp(
    device: RegisterDevice,
    host: str = "127.0.0.1",
    port: int = 502,
    *,
    context: ssl.SSLContext | None = None,
    observe: Callable[[Request], None] | None = None,
) -> asyncio.Server:
    """Serve the device over TCP, or over TLS with `context`; `observe` hears each request."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _ServerProtocol(device, observe), host, port, ssl=context)


class _ServerProtocol(asyncio.Protocol):
    """Carries bytes between one stream and its machine."""

    def __init__(self, device: RegisterDevice, observe: Callable[[Request], None] | None) -> None:
        self._machine = ServerConnection(device)
        self._observe = observe
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._machine.receive(data, 0.0)
        while (request := self._machine.next_event()) is not None:
            if self._observe is not None:
                self._observe(request)
        while (output := self._machine.next_output()) is not None:
            if isinstance(output, Close):
                self._transport.close()
            else:
                self._transport.write(output)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._machine.connection_lost(0.0)
