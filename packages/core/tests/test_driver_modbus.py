"""The pymodbus adapter on hostile lines: a wrong value is never an answer. Loop time is virtual."""

from __future__ import annotations

import asyncio
import os
import selectors
import shutil
import ssl
import struct
import subprocess
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("pymodbus", reason="the extra modbus is not installed")

from evproto.core.drivers.modbus import ModbusPort, serial_port, serve_tcp, tcp_port, tls_port
from evproto.core.modbus import (
    Answer,
    Failed,
    Function,
    Read,
    Refused,
    Registers,
    Request,
    Write,
    Written,
    checked,
)

_T = TypeVar("_T")


class JumpSelector(selectors.DefaultSelector):
    """Waits for sockets a moment at most; the rest of the time is skipped."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0.002 if timeout is None or timeout > 0 else 0)
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer when no socket has anything to say."""

    def __init__(self) -> None:
        self._jump = JumpSelector()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.passed


def run(work: Coroutine[Any, Any, _T]) -> _T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


class Line:
    """Registers that hold their own address, answered badly as long as `faults` has entries."""

    def __init__(self, *faults: str) -> None:
        self.faults = list(faults)
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readexactly(7)
                transaction, _, length, unit = struct.unpack(">HHHB", head)
                pdu = await reader.readexactly(length - 1)
                fault = self.faults.pop(0) if self.faults else ""
                if not await self._answer(writer, fault, transaction, unit, pdu):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, fault: str, transaction: int, unit: int, pdu: bytes
    ) -> bool:
        function, address, count = struct.unpack(">BHH", pdu[:5])
        data = b"".join(struct.pack(">H", address + i) for i in range(count if function < 5 else 0))
        good = bytes((function, len(data))) + data if function < 5 else pdu[:5]
        wrong = bytes((function, len(data))) + b"\xee" * len(data)
        frame = _frame(transaction, unit, good)
        match fault:
            case "silent":
                return True
            case "close":
                return False
            case "half":
                writer.write(frame[: len(frame) // 2])
                return True
            case "half_close":
                writer.write(frame[: len(frame) // 2])
                await writer.drain()
                return False
            case "late":
                asyncio.get_running_loop().call_later(
                    2.5,
                    lambda: None if writer.is_closing() else writer.write(_frame(transaction, unit, wrong)),
                )
                return True
            case "unit":
                frame = _frame(transaction, unit + 1, wrong)
            case "transaction":
                frame = _frame(transaction + 7, unit, wrong)
            case "function":
                frame = _frame(transaction, unit, bytes((7 - function,)) + wrong[1:])
            case "short":
                frame = _frame(transaction, unit, bytes((function, len(data) - 2)) + wrong[4:])
            case "long":
                frame = _frame(transaction, unit, bytes((function, len(data) + 2)) + wrong[2:] + b"\xee\xee")
            case "count_lies":
                frame = _frame(transaction, unit, bytes((function, 250)) + wrong[2:])
            case "length_lies":
                frame = frame[:4] + b"\xff\xff" + frame[6:]
            case "exception":
                frame = _frame(transaction, unit, bytes((function | 0x80, 2)))
            case "exception_of_another":
                frame = _frame(transaction, unit + 1, bytes((function | 0x80, 2)))
            case "garbage":
                frame = b"\xff" * 40
            case "byte_by_byte":
                for byte in frame:
                    writer.write(bytes((byte,)))
                    await writer.drain()
                    await asyncio.sleep(0.01)
                return True
        writer.write(frame)
        return True


def _frame(transaction: int, unit: int, pdu: bytes) -> bytes:
    return struct.pack(">HHHB", transaction & 0xFFFF, 0, len(pdu) + 1, unit & 0xFF) + pdu


FAULTS = [
    "silent",
    "close",
    "half",
    "half_close",
    "late",
    "unit",
    "transaction",
    "function",
    "short",
    "long",
    "count_lies",
    "length_lies",
    "exception",
    "exception_of_another",
    "garbage",
    "byte_by_byte",
]


def right(request: Read, answer: Answer) -> bool:
    expected = b"".join(struct.pack(">H", request.address + i) for i in range(request.count))
    return isinstance(answer, Registers) and answer.data == expected


async def exchanges(line: Line, requests: list[Read], timeout: float = 1.0) -> list[Answer]:
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    port = tcp_port("127.0.0.1", server.sockets[0].getsockname()[1], timeout=timeout)
    answers = [checked(request, await port.exchange(request)) for request in requests]
    await port.close()
    server.close()
    return answers


@pytest.mark.parametrize("fault", FAULTS)
def test_after_any_fault_an_answer_is_right_or_none(fault: str) -> None:
    requests = [Read(unit=1, address=100 * n, count=4) for n in range(1, 7)]
    answers = run(exchanges(Line("", fault), requests))
    for request, answer in zip(requests, answers, strict=True):
        assert right(request, answer) or isinstance(answer, Failed | Refused), (fault, answer)
    assert right(requests[0], answers[0])
    assert all(right(*pair) for pair in zip(requests[3:], answers[3:], strict=True)), (fault, answers)
    assert right(requests[1], answers[1]) == (fault == "byte_by_byte")


def test_a_line_with_all_faults_never_brings_a_wrong_value() -> None:
    requests = [Read(unit=1, address=50 * n, count=1 + n % 3) for n in range(60)]
    answers = run(exchanges(Line(*FAULTS, *reversed(FAULTS)), requests))
    assert all(
        right(*pair) or isinstance(pair[1], Failed | Refused) for pair in zip(requests, answers, strict=True)
    )
    assert all(right(*pair) for pair in zip(requests[-10:], answers[-10:], strict=True))


def test_an_exception_code_is_a_refusal() -> None:
    (answer,) = run(exchanges(Line("exception"), [Read(unit=1, address=0, count=1)]))
    assert answer == Refused(unit=1, function=3, code=2)


@pytest.mark.parametrize("fault", ["close", "silent", "half_close"])
def test_a_cable_pulled_during_a_write_is_told_and_not_repeated(fault: str) -> None:
    line = Line(fault)

    async def scenario() -> Answer:
        server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
        port = tcp_port("127.0.0.1", server.sockets[0].getsockname()[1], timeout=1.0)
        answer = await port.exchange(Write(unit=1, address=5, data=b"\0\1"))
        await port.close()
        server.close()
        return answer

    assert isinstance(run(scenario()), Failed)
    assert line.faults == []
    assert line.connections == 1


def test_nobody_listening_is_a_failure() -> None:
    answer = run(tcp_port("127.0.0.1", 1, timeout=0.5).exchange(Read(unit=1, address=0, count=1)))
    assert isinstance(answer, Failed)


class Echo:
    """Registers that hold their own address."""

    def answer(self, request: Request) -> Answer | None:
        if isinstance(request, Write):
            return Written(
                unit=request.unit, function=request.function, address=request.address, count=request.count
            )
        data = b"".join(struct.pack(">H", request.address + i) for i in range(request.count))
        return Registers(unit=request.unit, function=request.function, data=data)


async def all_functions(port: ModbusPort) -> None:
    for function in (Function.READ_HOLDING, Function.READ_INPUT):
        request = Read(unit=7, address=300, count=125, function=function)
        assert right(request, checked(request, await port.exchange(request)))
    for write in (
        Write(unit=7, address=9, data=b"\1\2\3\4"),
        Write(unit=7, address=9, data=b"\1\2", single=True),
    ):
        assert isinstance(checked(write, await port.exchange(write)), Written)


def test_the_server_serves_every_function_and_several_tasks() -> None:
    async def scenario() -> None:
        server = await serve_tcp(Echo(), "127.0.0.1", 0)
        port = tcp_port("127.0.0.1", server.sockets[0].getsockname()[1])
        await all_functions(port)
        requests = [Read(unit=1 + n % 3, address=n, count=2) for n in range(20)]
        answers = await asyncio.gather(*(port.exchange(request) for request in requests))
        assert all(right(*pair) for pair in zip(requests, answers, strict=True))
        await port.close()
        server.close()

    asyncio.run(scenario())


def test_modbus_over_tls_checks_the_certificate(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)

    async def scenario(trusted: bool) -> Answer:
        server = await serve_tcp(Echo(), "127.0.0.1", 0, context=serving)
        context = ssl.create_default_context(cafile=str(certificate) if trusted else None)
        port = tls_port("127.0.0.1", server.sockets[0].getsockname()[1], context=context, timeout=2.0)
        answer = await port.exchange(Read(unit=1, address=4, count=2))
        await port.close()
        server.close()
        return answer

    assert right(Read(unit=1, address=4, count=2), asyncio.run(scenario(True)))
    assert isinstance(asyncio.run(scenario(False)), Failed)


def test_several_units_share_a_serial_line() -> None:
    if not hasattr(os, "openpty"):
        pytest.skip("no pseudo terminals here")
    import tty

    from pymodbus.framer import FramerRTU

    async def scenario() -> None:
        ours, theirs = os.openpty()
        tty.setraw(ours)
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        buffer = bytearray()

        def serve() -> None:
            buffer.extend(os.read(ours, 300))
            while len(buffer) >= 8:
                unit, function, address, count = struct.unpack(">BBHH", buffer[:6])
                del buffer[:8]
                if unit == 3:  # a dead meter
                    continue
                body = bytes((unit, function, 2 * count)) + b"".join(
                    struct.pack(">H", address + i) for i in range(count)
                )
                os.write(ours, body + FramerRTU.compute_CRC(body).to_bytes(2, "big"))

        loop = asyncio.get_running_loop()
        loop.add_reader(ours, serve)
        port = serial_port(os.ttyname(theirs), timeout=0.2)
        for unit in (1, 2, 3, 4):
            request = Read(unit=unit, address=unit * 10, count=3)
            answer = checked(request, await port.exchange(request))
            assert isinstance(answer, Failed) if unit == 3 else right(request, answer)
        await port.close()
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)

    asyncio.run(scenario())
