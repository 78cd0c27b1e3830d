"""A stream machine on an asyncio transport: TCP, TLS or a serial line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from evproto.core.drivers.base import Driver
from evproto.core.machine import Close, StreamMachine

Event = TypeVar("Event")


class StreamDriver(asyncio.Protocol, Generic[Event]):
    """An asyncio protocol around one `StreamMachine`.

    `on_connected` is called with the driver once the transport stands, so that the application
    may give its first command. `closed` is done when the connection has ended.
    """

    def __init__(
        self,
        machine: StreamMachine[Event],
        on_event: Callable[[Event], None],
        on_connected: Callable[[StreamDriver[Event]], None] | None = None,
    ) -> None:
        self.machine = machine
        self.driver: Driver[bytes, bytes | Close, Event] = Driver(machine, self._send, on_event)
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_connected = on_connected
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._on_connected is not None:
            self._on_connected(self)
        self.driver.pump()

    def data_received(self, data: bytes) -> None:
        self.driver.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.driver.command(self.machine.connection_lost)
        self.driver.stop()
        if not self.closed.done():
            self.closed.set_result(None)

    def abort(self) -> None:
        """Cut the connection at once, without the machine's leave."""
        if self._transport is not None:
            self._transport.abort()

    def _send(self, output: bytes | Close) -> None:
        if self._transport is None:
            return
        if isinstance(output, Close):
            self._transport.close()
        else:
            self._transport.write(output)
