"""A machine on an asyncio datagram transport (UDP)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from evproto.core.drivers.base import Driver
from evproto.core.machine import Datagram, Machine

Event = TypeVar("Event")

_log = logging.getLogger(__name__)


class DatagramDriver(asyncio.DatagramProtocol, Generic[Event]):
    """An asyncio protocol around one machine over datagrams."""

    def __init__(
        self, machine: Machine[Datagram, Datagram, Event], on_event: Callable[[Event], None]
    ) -> None:
        self.machine = machine
        self.driver: Driver[Datagram, Datagram, Event] = Driver(machine, self._send, on_event)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.driver.pump()

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self.driver.receive(Datagram(data, addr))

    def error_received(self, exc: Exception) -> None:
        _log.warning("datagram socket: %s", exc)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.driver.stop()

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()

    def _send(self, output: Datagram) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(output.data, output.address)
