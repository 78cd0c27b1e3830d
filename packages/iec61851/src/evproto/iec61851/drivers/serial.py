"""A board behind a serial line: a microcontroller that speaks the protocol of serial_line.py."""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Callable

from evproto.core import ConfigError
from evproto.core.drivers import Driver, StreamDriver
from evproto.iec61851.serial_link import LineFault, LinkEvent, LinkLost, LinkUp, SerialLink
from evproto.iec61851.supply import Supply
from evproto.iec61851.supply_io import ReadingsLost, SupplyEvent, SupplyInput, SupplyOutput

_MOST_UNSENT = 65_536


class SerialBoard:
    """Runs a supply on a microcontroller: its readings come when they change, not at a pace.

    `on_event` hears the supply, `on_link` the line. Give commands by `command(verb, *arguments)`.
    """

    def __init__(
        self,
        supply: Supply,
        on_event: Callable[[SupplyEvent], None],
        on_link: Callable[[LinkUp | LinkLost | LineFault], None],
    ) -> None:
        self.driver: Driver[SupplyInput, SupplyOutput, SupplyEvent] = Driver(supply, self._apply, on_event)
        self.link = SerialLink(self.driver.now)
        self.stream: StreamDriver[LinkEvent] = StreamDriver(self.link, self._on_link_event)
        self._on_link = on_link
        self.driver.pump()

    def command(self, verb: Callable[..., object], *arguments: object) -> None:
        """Call `verb(*arguments, now)` of the supply and send what follows."""
        self.driver.command(verb, *arguments)

    async def open(self, path: str, baud: int = 115_200) -> None:
        """Open the line; raises ConfigError where there is none."""
        await open_serial(path, self.stream, baud)

    async def close(self) -> None:
        """Close the line; the microcontroller makes itself safe within a second."""
        self.driver.stop()
        self.stream.driver.command(self.link.close)
        await self.stream.closed

    def _apply(self, output: SupplyOutput) -> None:
        self.link.apply(output, self.driver.now)
        self.stream.driver.pump()

    def _on_link_event(self, event: LinkEvent) -> None:
        if isinstance(event, LinkLost):
            self.driver.receive(ReadingsLost())
        if isinstance(event, LinkUp | LinkLost | LineFault):
            self._on_link(event)
        else:
            self.driver.receive(event)


async def open_serial(path: str, protocol: asyncio.Protocol, baud: int = 115_200) -> asyncio.Transport:
    """Open a serial line, 8N1 without flow control, as the transport of `protocol`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        raise ConfigError(f"no serial line at {path}: {error.strerror}") from error
    try:
        _make_raw(descriptor, baud)
    except (termios.error, AttributeError) as error:
        os.close(descriptor)
        raise ConfigError(f"{path} is no serial line of {baud} baud") from error
    return SerialTransport(descriptor, protocol)


class SerialTransport(asyncio.Transport):
    """The part of a transport that a stream driver needs, on a descriptor of a terminal."""

    def __init__(self, descriptor: int, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._closing = False
        self._loop.add_reader(descriptor, self._read)
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send; what the line does not take now waits, up to 64 KiB."""
        if self._closing:
            return
        self._unsent += data
        if len(self._unsent) > _MOST_UNSENT:
            self._end(OSError("the line takes nothing"))
            return
        self._flush()

    def is_closing(self) -> bool:
        """Whether close was called, or the line broke."""
        return self._closing

    def close(self) -> None:
        """End the line."""
        self._end(None)

    abort = close

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, 4096)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(error)
            return
        if data:
            self._protocol.data_received(data)
        else:
            self._end(None)

    def _flush(self) -> None:
        try:
            sent = os.write(self._descriptor, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._end(error)
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._descriptor, self._flush)
        else:
            self._loop.remove_writer(self._descriptor)

    def _end(self, error: Exception | None) -> None:
        if self._closing:
            return
        self._closing = True
        self._loop.remove_reader(self._descriptor)
        self._loop.remove_writer(self._descriptor)
        os.close(self._descriptor)
        self._loop.call_soon(self._protocol.connection_lost, error)


def _make_raw(descriptor: int, baud: int) -> None:
    speed = getattr(termios, f"B{baud}")
    attributes = termios.tcgetattr(descriptor)
    control = termios.CREAD | termios.CLOCAL | termios.CS8
    special = attributes[6]
    special[termios.VMIN], special[termios.VTIME] = 1, 0
    termios.tcsetattr(descriptor, termios.TCSANOW, [0, 0, control, 0, speed, speed, special])
