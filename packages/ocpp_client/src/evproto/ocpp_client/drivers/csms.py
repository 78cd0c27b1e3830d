"""The test back end on a WebSocket: many stations, each with a `Csms` of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import unquote

from websockets.asyncio.server import Server, ServerConnection, basic_auth, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from evproto.core.drivers import Driver
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.rpc_events import RpcEvent
from evproto.ocpp_client.version import Version

MAX_FRAME = 1_048_576


class CsmsServer:
    """Give it a maker of back ends: `make(identity, version)`; a station that returns gets its old one.

    `on_event(identity, event)` hears all of them. password: what a station must present by basic
    auth, by identity; None asks for none.
    """

    def __init__(
        self,
        make: Callable[[str, Version], Csms],
        on_event: Callable[[str, RpcEvent], None],
        *,
        versions: tuple[Version, ...] = tuple(Version),
        password: Callable[[str, str], bool] | None = None,
    ) -> None:
        self._make = make
        self._on_event = on_event
        self._versions = versions
        self._password = password
        self._known: dict[tuple[str, Version], Csms] = {}
        self._online: dict[str, Driver[str, str, RpcEvent]] = {}

    @property
    def stations(self) -> tuple[str, ...]:
        """The identities that are connected."""
        return tuple(self._online)

    def of(self, identity: str) -> Csms:
        """The back end of a connected station. KeyError when it is not."""
        machine = self._online[identity].machine
        assert isinstance(machine, Csms)
        return machine

    def command(self, identity: str, verb: Callable[..., Any], *arguments: Any) -> Any:
        """Call a verb of that station's back end as `verb(*arguments, now)`."""
        return self._online[identity].command(verb, *arguments)

    @asynccontextmanager
    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        """Serve while the context stands; gives the port, which may be asked for as 0."""
        async with serve(
            self._converse,
            host,
            port,
            ssl=tls,
            subprotocols=[Subprotocol(version.subprotocol) for version in self._versions],
            process_request=self._guard(),
            max_size=MAX_FRAME,
            server_header=None,
        ) as server:
            yield _port_of(server)

    def _guard(self) -> Any:
        check = self._password
        return None if check is None else basic_auth(realm="OCPP", check_credentials=check)

    async def _converse(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        identity = unquote(socket.request.path.rpartition("/")[2])
        if socket.subprotocol is None or identity in self._online:
            await socket.close(1002, "no common subprotocol" if not socket.subprotocol else "here already")
            return
        if self._password is not None and getattr(socket, "username", identity) != identity:
            await socket.close(1008, "user name and identity differ")
            return
        version = Version.of_subprotocol(socket.subprotocol)
        machine = self._known.get((identity, version))
        if machine is None:
            machine = self._known[identity, version] = self._make(identity, version)
        await self._talk(identity, machine, socket)

    async def _talk(self, identity: str, machine: Csms, socket: ServerConnection) -> None:
        outgoing: asyncio.Queue[str] = asyncio.Queue()
        driver: Driver[str, str, RpcEvent] = Driver(
            machine, outgoing.put_nowait, lambda event: self._on_event(identity, event)
        )
        self._online[identity] = driver
        writer = asyncio.create_task(_write(socket, outgoing))
        driver.command(machine.connected)
        try:
            with suppress(ConnectionClosed):
                async for frame in socket:
                    if isinstance(frame, str):
                        driver.receive(frame)
        finally:
            writer.cancel()
            del self._online[identity]
            driver.command(machine.disconnected)
            driver.stop()


async def _write(socket: ServerConnection, outgoing: asyncio.Queue[str]) -> None:
    with suppress(ConnectionClosed):
        while True:
            await socket.send(await outgoing.get())


def _port_of(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])
