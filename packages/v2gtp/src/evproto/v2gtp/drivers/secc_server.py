"""The charger's server: discovery and sessions on one interface."""

from __future__ import annotations

import asyncio
import errno
import logging
import secrets
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Generic, Self

from evproto.core import ConfigError, TraceSink
from evproto.v2gtp.drivers.connection import Connection
from evproto.v2gtp.drivers.discovery import SdpResponder
from evproto.v2gtp.drivers.interface import Interface, find_interface
from evproto.v2gtp.drivers.tls import check_context
from evproto.v2gtp.endpoint import EventT, Phase, SessionT
from evproto.v2gtp.events import EndpointEvent
from evproto.v2gtp.frames import DEFAULT_MAX_PAYLOAD
from evproto.v2gtp.language import Language
from evproto.v2gtp.sdp import SDP_PORT, SdpServer, SdpServerEvent
from evproto.v2gtp.secc import SETUP_PERFORMANCE_TIME, Secc

FIRST_PORT, LAST_PORT = 49152, 65535
"""Where the SECC listens: the dynamic ports."""

_ATTEMPTS = 50

_log = logging.getLogger(__name__)


class SeccServer(Generic[SessionT, EventT]):
    """Answers discovery on an interface and runs an `Secc` for every connection.

    languages: what we speak. interface: its name; "lo" serves ::1. on_event gets the connection
    and each event. tls: encrypted connections are served with this context. plain_tcp: serve
    unencrypted ones; one of the two at least. max_sessions: how many at a time, one for one
    connector; what comes beyond is closed at once. on_sdp_event: hears what discovery does.

    Use it with `async with`, or `start` and `close`.
    """

    def __init__(
        self,
        languages: Sequence[Language[SessionT]],
        interface: str,
        on_event: Callable[[Connection[SessionT, EventT], EndpointEvent | EventT], None],
        *,
        tls: ssl.SSLContext | None = None,
        plain_tcp: bool = False,
        max_sessions: int = 1,
        max_payload: int = DEFAULT_MAX_PAYLOAD,
        sdp_port: int = SDP_PORT,
        on_sdp_event: Callable[[SdpServerEvent], None] | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        if tls is None and not plain_tcp:
            raise ConfigError("an SECC server needs a TLS context, or plain_tcp=True to do without")
        if tls is not None:
            check_context(tls)
        self._languages = languages
        self._interface = find_interface(interface)
        self._on_event = on_event
        self._tls = tls
        self._plain_tcp = plain_tcp
        self._max_sessions = max_sessions
        self._max_payload = max_payload
        self._sdp_port = sdp_port
        self._on_sdp_event = on_sdp_event or (lambda event: None)
        self._trace = trace
        self._connections: set[Connection[SessionT, EventT]] = set()
        self._servers: list[asyncio.Server] = []
        self._responder: SdpResponder | None = None
        self.tls_port: int | None = None
        self.plain_port: int | None = None

    @property
    def connections(self) -> tuple[Connection[SessionT, EventT], ...]:
        """Those that stand now."""
        return tuple(self._connections)

    async def start(self) -> None:
        """Listen, and answer discovery; OSError when the SDP port is taken."""
        try:
            if self._tls is not None:
                self.tls_port = await self._listen(self._tls)
            if self._plain_tcp:
                self.plain_port = await self._listen(None)
            machine = SdpServer(
                self._interface.address,
                tls_port=self.tls_port,
                plain_port=self.plain_port,
                trace=self._trace,
            )
            self._responder = await SdpResponder.open(
                machine, self._interface, self._on_sdp_event, self._sdp_port
            )
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._responder is not None:
            self._responder.close()
            self._responder = None
        for server in self._servers:
            server.close()
        self._servers.clear()
        connections = self.connections
        for connection in connections:
            connection.close()
        await asyncio.gather(*(connection.closed for connection in connections))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _listen(self, tls: ssl.SSLContext | None) -> int:
        listener, port = _bind(self._interface)
        server = await asyncio.get_running_loop().create_server(
            lambda: self._new_connection(tls is not None),
            sock=listener,
            ssl=tls,
            ssl_handshake_timeout=None if tls is None else SETUP_PERFORMANCE_TIME,
        )
        self._servers.append(server)
        return port

    def _new_connection(self, tls: bool) -> Connection[SessionT, EventT]:
        endpoint: Secc[SessionT, EventT] = Secc(
            self._languages,
            entropy=secrets.token_bytes,
            wall_clock=lambda: datetime.now(UTC),
            tls=tls,
            max_payload=self._max_payload,
            trace=self._trace,
        )
        return Connection(endpoint, self._on_event, admit=self._admit)

    def _admit(self, connection: Connection[SessionT, EventT]) -> bool:
        # A connection that only waits to be closed is in nobody's way.
        busy = sum(other.endpoint.phase in (Phase.HANDSHAKE, Phase.SESSION) for other in self._connections)
        if busy >= self._max_sessions:
            _log.warning("refused a connection from %s: %d sessions run", connection.peer, busy)
            return False
        self._connections.add(connection)
        connection.closed.add_done_callback(lambda _: self._connections.discard(connection))
        return True


def _bind(interface: Interface) -> tuple[socket.socket, int]:
    """A listening socket on a random dynamic port."""
    for _ in range(_ATTEMPTS):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT + 1)
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        try:
            listener.bind(interface.socket_address(port))
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return listener, port
    raise OSError(errno.EADDRINUSE, f"found no free port from {FIRST_PORT} to {LAST_PORT}")
