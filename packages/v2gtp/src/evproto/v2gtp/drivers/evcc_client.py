"""The car's way to a charger: discovery, connection, session."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from evproto.core import ConfigError, TraceSink
from evproto.v2gtp.drivers.connection import Connection
from evproto.v2gtp.drivers.discovery import DiscoveryError, discover
from evproto.v2gtp.drivers.interface import Interface, find_interface
from evproto.v2gtp.drivers.tls import check_context
from evproto.v2gtp.endpoint import EventT, SessionT
from evproto.v2gtp.evcc import SETUP_TIMEOUT, Evcc
from evproto.v2gtp.events import EndpointEvent
from evproto.v2gtp.frames import DEFAULT_MAX_PAYLOAD
from evproto.v2gtp.language import Language
from evproto.v2gtp.sdp import SDP_PORT, SdpFound
from evproto.v2gtp.sdp_messages import Security


async def connect_evcc(
    languages: Sequence[Language[SessionT]],
    interface: str,
    on_event: Callable[[Connection[SessionT, EventT], EndpointEvent | EventT], None],
    *,
    tls: ssl.SSLContext | None = None,
    plain_tcp: bool = False,
    max_payload: int = DEFAULT_MAX_PAYLOAD,
    sdp_port: int = SDP_PORT,
    trace: TraceSink | None = None,
) -> Connection[SessionT, EventT]:
    """Discover a charger on the interface, connect to it and begin the handshake.

    tls: ask for an encrypted connection with this context. plain_tcp: take an unencrypted one,
    and ask for it where there is no context. One of the two at least; ConfigError otherwise.
    DiscoveryError when no charger is found or none can be connected to.
    """
    security, accept = _wanted(tls, plain_tcp)
    link = find_interface(interface)
    loop = asyncio.get_running_loop()
    began = loop.time()
    found = await discover(link, security=security, accept=accept, port=sdp_port, trace=trace)
    encrypted = found.response.security is Security.TLS

    def new_connection() -> Connection[SessionT, EventT]:
        endpoint: Evcc[SessionT, EventT] = Evcc(
            languages,
            entropy=secrets.token_bytes,
            wall_clock=lambda: datetime.now(UTC),
            tls=encrypted,
            max_payload=max_payload,
            trace=trace,
        )
        return Connection(endpoint, on_event, began=began)

    try:
        async with asyncio.timeout_at(began + SETUP_TIMEOUT):
            stream = await _connect(link, found)
            _, connection = await loop.create_connection(
                new_connection,
                sock=stream,
                ssl=tls if encrypted else None,
                server_hostname=_no_name(encrypted),
            )
    except (OSError, TimeoutError) as error:
        where = f"[{found.response.address}]:{found.response.port}"
        raise DiscoveryError(f"could not connect to the SECC at {where}: {error or 'too slow'}") from error
    return connection


def _wanted(tls: ssl.SSLContext | None, plain_tcp: bool) -> tuple[Security, set[Security]]:
    if tls is None:
        if not plain_tcp:
            raise ConfigError("an EVCC needs a TLS context, or plain_tcp=True to do without")
        return Security.NONE, {Security.NONE}
    check_context(tls)
    return Security.TLS, {Security.TLS, Security.NONE} if plain_tcp else {Security.TLS}


async def _connect(link: Interface, found: SdpFound) -> socket.socket:
    response = found.response
    scope = link.scope if response.address.is_link_local else 0
    stream = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    stream.setblocking(False)
    try:
        target = (str(response.address), response.port, 0, scope)
        await asyncio.get_running_loop().sock_connect(stream, target)
    except BaseException:
        stream.close()
        raise
    return stream


def _no_name(encrypted: bool) -> str | None:
    """SECC certificates name no host: the empty name means that none is checked or sent."""
    return "" if encrypted else None
