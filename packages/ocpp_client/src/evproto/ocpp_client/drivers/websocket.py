"""Keeps a charging station on the WebSocket of one of its back ends.

`Connectivity` says when and whereto, this module opens the socket, and a machine of the
application's choice (an `Outbox`) speaks over it.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from evproto.core.drivers import Driver
from evproto.ocpp_client.connectivity import Connect, Connectivity, ConnectivityEvent, Disconnect
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.version import Version

Event = TypeVar("Event")

_log = logging.getLogger(__name__)


class StationLink(Generic[Event]):
    """Runs until cancelled.

    profiles: by slot. conversation: gives the machine that speaks the version that the back end
    chose; it is asked once per connection and may give the same machine again. The machine's
    timers run on while there is no connection; `drive` starts them before the first one.
    `command` calls a verb of that machine as `verb(*arguments, now)`. Call all of it from the
    event loop.
    """

    def __init__(
        self,
        profiles: Mapping[int, NetworkProfile],
        connectivity: Connectivity,
        conversation: Callable[[Version], Conversation[Event]],
        on_event: Callable[[Event], None],
        on_connectivity: Callable[[ConnectivityEvent], None],
    ) -> None:
        self._profiles = profiles
        self._connectivity = connectivity
        self._conversation = conversation
        self._on_event = on_event
        self._on_connectivity = on_connectivity
        self._attempt: asyncio.Task[None] | None = None
        self._talk: Driver[str, str, Event] | None = None
        self._outgoing: asyncio.Queue[str] | None = None

    async def run(self) -> None:
        """Connect, converse, reconnect."""
        driver = Driver(self._connectivity, self._obey, self._on_connectivity)
        self._driver = driver
        driver.command(self._connectivity.start)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            driver.stop()
            if self._attempt is not None:
                self._attempt.cancel()
                with suppress(asyncio.CancelledError):
                    await self._attempt
            if self._talk is not None:
                self._talk.stop()

    def drive(self, machine: Conversation[Event]) -> None:
        """Run this machine from now on, connected or not."""
        if self._talk is not None and self._talk.machine is machine:
            return
        if self._talk is not None:
            self._talk.stop()
        self._talk = Driver(machine, self._send, self._on_event)
        self._talk.pump()

    def command(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        """Call a verb of the conversation's machine as `verb(*arguments, now)` and act on what follows."""
        if self._talk is None:
            return verb(*arguments, asyncio.get_running_loop().time())
        return self._talk.command(verb, *arguments)

    def _obey(self, output: Connect | Disconnect) -> None:
        if isinstance(output, Disconnect):
            if self._attempt is not None:
                self._attempt.cancel()
            return
        self._attempt = asyncio.get_running_loop().create_task(self._connect(output.slot))

    async def _connect(self, slot: int) -> None:
        reason = "stopped"
        try:
            reason = await self._converse(self._profiles[slot])
        except KeyError:
            reason = f"slot {slot} has no profile"
        except TimeoutError:
            reason = "no connection in time"
        except ssl.SSLError as error:
            reason = f"TLS: {error.reason or error}"
        except InvalidStatus as error:
            reason = f"the back end answered HTTP {error.response.status_code}"
        except (OSError, InvalidHandshake, InvalidURI) as error:
            reason = f"{type(error).__name__}: {error}"
        _log.info("slot %d: %s", slot, reason)
        self._driver.command(self._connectivity.disconnected, reason)

    async def _converse(self, profile: NetworkProfile) -> str:
        async with connect(profile.endpoint, **_options(profile)) as socket:
            if socket.subprotocol is None:
                return "the back end chose none of our subprotocols"
            version = Version.of_subprotocol(socket.subprotocol)
            _log.info("connected to %s, %s", profile.url, socket.subprotocol)
            return await self._talk_over(socket, self._conversation(version))

    async def _talk_over(self, socket: ClientConnection, machine: Conversation[Event]) -> str:
        self.drive(machine)
        talk = self._talk
        assert talk is not None
        self._outgoing = asyncio.Queue()
        writer = asyncio.create_task(_write(socket, self._outgoing))
        self._driver.command(self._connectivity.connected)
        talk.command(machine.connected)
        try:
            async for frame in socket:
                if isinstance(frame, str):
                    talk.receive(frame)
                else:
                    _log.warning("a binary frame of %d bytes was left out", len(frame))
            return _closing(socket)
        except ConnectionClosed:
            return _closing(socket)
        finally:
            writer.cancel()
            self._outgoing = None
            talk.command(machine.disconnected)

    def _send(self, text: str) -> None:
        """What a machine says without a connection is nobody's to hear."""
        if self._outgoing is not None:
            self._outgoing.put_nowait(text)


async def _write(socket: ClientConnection, outgoing: asyncio.Queue[str]) -> None:
    """Frames go out in order; a closed socket ends the conversation by itself."""
    with suppress(ConnectionClosed):
        while True:
            await socket.send(await outgoing.get())


def _options(profile: NetworkProfile) -> dict[str, Any]:
    return {
        "subprotocols": [Subprotocol(version.subprotocol) for version in profile.versions],
        "ssl": tls_context(profile) if profile.security.has_tls else None,
        "additional_headers": _headers(profile),
        "open_timeout": profile.connect_timeout,
        "ping_interval": profile.ping_interval or None,
        "ping_timeout": profile.ping_timeout,
        "max_size": profile.max_frame_bytes,
        "user_agent_header": None,
    }


def _headers(profile: NetworkProfile) -> dict[str, str]:
    if profile.security not in (SecurityProfile.BASIC_AUTH, SecurityProfile.TLS_BASIC_AUTH):
        return {}
    token = base64.b64encode(f"{profile.identity}:{profile.password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def tls_context(profile: NetworkProfile) -> ssl.SSLContext:
    """TLS 1.2 or newer, host name and chain checked; a client certificate for profile 3."""
    context = ssl.create_default_context(cafile=profile.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if profile.security is SecurityProfile.TLS_CLIENT_CERTIFICATE:
        assert profile.certificate_file is not None
        context.load_cert_chain(profile.certificate_file, profile.key_file)
    return context


def _closing(socket: ClientConnection) -> str:
    code, reason = socket.close_code, socket.close_reason
    return f"closed with {code}{f': {reason}' if reason else ''}"
