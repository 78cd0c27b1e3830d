"""The serial board against a made-up microcontroller behind a pseudo terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import Callable

import pytest

from evproto.core import ConfigError
from evproto.iec61851 import (
    ContactorFeedback,
    CutPilot,
    Load,
    PilotCircuit,
    PilotState,
    SetContactor,
    SetPilot,
    Supply,
    SupplyEvent,
)
from evproto.iec61851.drivers import SerialBoard, open_serial
from evproto.iec61851.serial_line import (
    Ack,
    Command,
    Hello,
    LineParser,
    Query,
    Report,
    decode_command,
    encode_report,
)
from evproto.iec61851.serial_link import LinkLost, LinkUp


class Microcontroller:
    """Does as docs/control-pilot.md says, on a simulated circuit; `deaf` it answers nothing."""

    def __init__(self) -> None:
        self.circuit = PilotCircuit()
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        self._slave = slave
        self.closed = False
        self.deaf = False
        self.lose_next = False
        self.commands: list[Command] = []
        self._parser = LineParser()
        self._sampling: asyncio.Task[None] | None = None
        os.set_blocking(self.master, False)
        asyncio.get_running_loop().add_reader(self.master, self._read)
        self._sampling = asyncio.create_task(self._sample())

    def close(self) -> None:
        assert self._sampling is not None
        self._sampling.cancel()
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        os.close(self._slave)

    def send(self, report: Report) -> None:
        if not self.deaf:
            os.write(self.master, encode_report(report))

    def _read(self) -> None:
        for payload in self._parser.feed(os.read(self.master, 4096)):
            assert isinstance(payload, str)
            number, command = decode_command(payload)
            if self.deaf:
                continue
            if self.lose_next:
                self.lose_next = False
                continue
            self._obey(command)
            self.send(Ack(number))

    def _obey(self, command: Command) -> None:
        self.commands.append(command)
        match command:
            case Query():
                self.send(Hello(1, "made-up-1.0"))
                self.send(ContactorFeedback(self.closed))
            case SetPilot():
                self.circuit.duty = float(command.duty)
            case CutPilot():
                self.circuit.cut = command.cut
            case SetContactor():
                self.closed = command.closed
                self.send(ContactorFeedback(self.closed))

    async def _sample(self) -> None:
        while True:
            self.send(self.circuit.supply_sample())
            await asyncio.sleep(0.01)


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_supply_charges_over_a_serial_line_and_survives_a_silent_microcontroller() -> None:
    events: list[SupplyEvent] = []
    link_events: list[object] = []

    async def charge() -> None:
        mcu = Microcontroller()
        supply = Supply()
        board = SerialBoard(supply, events.append, link_events.append)
        await board.open(mcu.path)
        await until(lambda: supply.state is PilotState.A1)
        mcu.circuit.plugged = True
        await until(lambda: supply.state is PilotState.B1)
        mcu.lose_next = True  # the offer is sent again
        board.command(supply.authorize)
        board.command(supply.offer, 16.0)
        await until(lambda: 0.2 < mcu.circuit.duty < 0.3)
        mcu.circuit.load = Load.C
        await until(lambda: mcu.closed)
        assert supply.state is PilotState.C2
        mcu.deaf = True
        await until(lambda: not supply.contactor_closed)
        assert any(isinstance(event, LinkLost) for event in link_events)
        assert supply.state is PilotState.UNKNOWN
        mcu.deaf = False
        mcu.circuit.load = Load.B
        await until(lambda: supply.state is PilotState.B2)
        await until(lambda: not mcu.closed)
        assert not supply.faults
        await board.close()
        mcu.close()

    asyncio.run(charge())
    assert link_events[0] == LinkUp("made-up-1.0")


def test_a_line_that_breaks_leaves_an_open_contactor() -> None:
    link_events: list[object] = []

    async def charge() -> None:
        mcu = Microcontroller()
        supply = Supply()
        board = SerialBoard(supply, lambda _: None, link_events.append)
        await board.open(mcu.path)
        await until(lambda: supply.state is PilotState.A1)
        mcu.close()
        await until(lambda: supply.state is PilotState.UNKNOWN)
        await board.stream.closed
        board.driver.stop()

    asyncio.run(charge())
    assert isinstance(link_events[-1], LinkLost)


def test_a_path_without_a_serial_line_is_named(tmp_path: object) -> None:
    async def attempt(path: str) -> None:
        board = SerialBoard(Supply(), lambda _: None, lambda _: None)
        try:
            await board.open(path)
        finally:
            board.driver.stop()

    with pytest.raises(ConfigError, match="no serial line"):
        asyncio.run(attempt("/dev/no-such-line"))
    plain = f"{tmp_path}/plain"
    with open(plain, "w"):  # noqa: PTH123 - a plain file, whatever the path class
        pass
    with pytest.raises(ConfigError, match="no serial line of"):
        asyncio.run(attempt(plain))


class Listener(asyncio.Protocol):
    """Notes what a transport tells."""

    def __init__(self) -> None:
        self.data = b""
        self.lost: list[Exception | None] = []

    def data_received(self, data: bytes) -> None:
        self.data += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.append(exc)


def test_what_the_line_does_not_take_at_once_is_sent_later_and_in_order() -> None:
    async def talk() -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        listener = Listener()
        transport = await open_serial(os.ttyname(slave), listener)
        sent = bytes(range(256)) * 200
        assert isinstance(transport, asyncio.Transport)
        transport.write(sent)
        received = b""
        os.set_blocking(master, False)

        def take() -> None:
            nonlocal received
            received += os.read(master, 4096)

        asyncio.get_running_loop().add_reader(master, take)
        await until(lambda: len(received) == len(sent))
        assert received == sent
        os.write(master, b"back")
        await until(lambda: listener.data == b"back")
        asyncio.get_running_loop().remove_reader(master)
        transport.close()
        assert transport.is_closing()
        transport.write(b"nothing")
        transport.close()
        await until(lambda: bool(listener.lost))
        assert listener.lost == [None]
        os.close(master)
        os.close(slave)

    asyncio.run(talk())


def test_a_line_that_takes_nothing_is_given_up_before_memory_grows() -> None:
    async def talk() -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        listener = Listener()
        transport = await open_serial(os.ttyname(slave), listener)
        assert isinstance(transport, asyncio.Transport)
        for _ in range(40):
            transport.write(bytes(4096))
        await until(lambda: bool(listener.lost))
        assert isinstance(listener.lost[0], OSError)
        os.close(master)
        os.close(slave)

    asyncio.run(talk())
