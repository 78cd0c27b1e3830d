"""Discovery over real UDP sockets on one interface."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Collection
from typing import Any

from evproto.core import EvprotoError, TraceSink
from evproto.core.drivers import DatagramDriver
from evproto.v2gtp.drivers.interface import Interface
from evproto.v2gtp.sdp import (
    SDP_GROUP,
    SDP_PORT,
    SdpClient,
    SdpClientEvent,
    SdpFailed,
    SdpFault,
    SdpFound,
    SdpServer,
    SdpServerEvent,
)
from evproto.v2gtp.sdp_messages import Security


class DiscoveryError(EvprotoError):
    """No charger answered as wanted; the text says how often we asked and what was refused."""


class SdpResponder(DatagramDriver[SdpServerEvent]):
    """Runs an `SdpServer` on an interface; what comes from other links is dropped."""

    def __init__(
        self, machine: SdpServer, interface: Interface, on_event: Callable[[SdpServerEvent], None]
    ) -> None:
        super().__init__(machine, on_event)
        self._scope = interface.scope

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if addr[3] == self._scope:
            super().datagram_received(data, addr)

    @classmethod
    async def open(
        cls,
        machine: SdpServer,
        interface: Interface,
        on_event: Callable[[SdpServerEvent], None],
        port: int = SDP_PORT,
    ) -> SdpResponder:
        """Listen; OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        _, responder = await loop.create_datagram_endpoint(
            lambda: cls(machine, interface, on_event), sock=_server_socket(interface, port)
        )
        return responder


async def discover(
    interface: Interface,
    *,
    security: Security,
    accept: Collection[Security] | None = None,
    port: int = SDP_PORT,
    trace: TraceSink | None = None,
) -> SdpFound:
    """Ask for a charger on the interface; DiscoveryError when none answers as wanted (12.5 s)."""
    loop = asyncio.get_running_loop()
    end: asyncio.Future[SdpFound] = loop.create_future()
    faults: list[SdpFault] = []

    def on_event(event: SdpClientEvent) -> None:
        if isinstance(event, SdpFault):
            del faults[:-1]
            faults.append(event)
        elif end.done():
            return
        elif isinstance(event, SdpFailed):
            end.set_exception(_nobody(event, interface, faults))
        else:
            end.set_result(event)

    machine = SdpClient(
        security=security, accept=accept, destination=interface.sdp_destination(port), trace=trace
    )
    _, driver = await loop.create_datagram_endpoint(
        lambda: DatagramDriver(machine, on_event), sock=_client_socket(interface)
    )
    try:
        driver.driver.command(machine.start)
        return await end
    finally:
        driver.close()


def _nobody(event: SdpFailed, interface: Interface, faults: list[SdpFault]) -> DiscoveryError:
    text = f"no SECC on {interface.name!r} answered {event.requests} SDP requests"
    if faults:
        text += f"; the last answer was refused: {faults[-1].kind.value}, {faults[-1].reason}"
    return DiscoveryError(text)


def _server_socket(interface: Interface, port: int) -> socket.socket:
    listener = _udp_socket()
    try:
        if not interface.scope:
            listener.bind(interface.socket_address(port))
            return listener
        # Bound to its device, each interface may have a server of its own. Where the system
        # does not let us, there can be one, and the scope tells it which senders are meant.
        with contextlib.suppress(OSError, AttributeError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.name.encode())
        listener.bind(("::", port, 0, 0))
        membership = socket.inet_pton(socket.AF_INET6, SDP_GROUP) + struct.pack("@I", interface.index)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
    except BaseException:
        listener.close()
        raise
    return listener


def _client_socket(interface: Interface) -> socket.socket:
    client = _udp_socket()
    try:
        client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index)
        client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        client.bind(interface.socket_address(0))
    except BaseException:
        client.close()
        raise
    return client


def _udp_socket() -> socket.socket:
    created = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    created.setblocking(False)
    created.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return created
