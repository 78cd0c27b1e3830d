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
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from evproto.core.drivers import Driver
from evproto.ocpp_client.bridge import Fact, SecurityEvent
from evproto.ocpp_client.bridge_security import Linked, OwnCertificateRefused, UseNetwork
from evproto.ocpp_client.connectivity import Connect, Connectivity, ConnectivityEvent, Disconnect
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.drivers.tls import meaning, tls_context, verified_path, was_silent
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore

Event = TypeVar("Event")

LAST_WORDS = 5.0
"""Seconds that a connection which is given up stays for what is still to be sent."""
SILENCES = 3
"""Connections that end without an answer before the station's certificate is taken for refused."""

_log = logging.getLogger(__name__)


class StationLink(Generic[Event]):
    """Runs until cancelled.

    profiles: by slot. conversation: gives the machine that speaks the version that the back end
    chose; it is asked once per connection and may give the same machine again. The machine's
    timers run on while there is no connection; `drive` starts them before the first one.
    `command` calls a verb of that machine as `verb(*arguments, now)`. Call all of it from the
    event loop.

    tell: the verb that takes facts about the connection. certificates: where network profiles with
    `from_store` find what to trust and what to show.
    """

    def __init__(
        self,
        profiles: Mapping[int, NetworkProfile],
        connectivity: Connectivity,
        conversation: Callable[[Version], Conversation[Event]],
        on_event: Callable[[Event], None],
        on_connectivity: Callable[[ConnectivityEvent], None],
        *,
        tell: Callable[[Fact, float], None] | None = None,
        certificates: CertificateStore | None = None,
    ) -> None:
        self._profiles = dict(profiles)
        self._connectivity = connectivity
        self._conversation = conversation
        self._on_event = on_event
        self._on_connectivity = on_connectivity
        self._tell = tell
        self._certificates = certificates
        self._told: set[str] = set()
        self._silences = 0
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

    def use(self, network: UseNetwork) -> None:
        """Do what the station says about its network profiles; what it has said is sent before."""
        self._profiles |= network.profiles
        self._driver.command(self._connectivity.set_slots, network.order)
        if network.back_off is not None:
            self._connectivity.set_back_off(network.back_off)
        if network.reconnect:
            self._driver.command(self._connectivity.reconnect)

    def _obey(self, output: Connect | Disconnect) -> None:
        loop, before = asyncio.get_running_loop(), self._attempt
        if isinstance(output, Disconnect):
            if before is not None:
                self._leaving = loop.create_task(self._leave(before, self._outgoing))
            return
        self._attempt = loop.create_task(self._connect(output, before))

    async def _leave(self, attempt: asyncio.Task[None], outgoing: asyncio.Queue[str] | None) -> None:
        """Close the connection once the answers that wait have gone."""
        if outgoing is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(outgoing.join(), LAST_WORDS)
        attempt.cancel()

    async def _connect(self, wanted: Connect, before: asyncio.Task[None] | None) -> None:
        slot = wanted.slot
        if before is not None:
            await asyncio.wait({before})  # a back end knows a station once
        reason = "stopped"
        try:
            if slot in self._profiles:
                reason = await self._converse(wanted, self._profiles[slot])
            else:
                reason = f"slot {slot} has no profile"
        except TimeoutError:
            reason = "no connection in time"
        except ssl.SSLError as error:
            reason = f"TLS: {error.reason or error}"
            self._report(meaning(error))
        except InvalidStatus as error:
            reason = f"the back end answered HTTP {error.response.status_code}"
            if error.response.status_code in (401, 403):
                self._report(SecurityEvent("FailedToAuthenticateAtCsms", reason))
        except (OSError, InvalidHandshake, InvalidURI) as error:
            reason = f"{type(error).__name__}: {error}"
            self._report(meaning(error) or self._silence(error, self._profiles[slot]))
        except Exception as error:
            # A fault of our own must not leave the station offline for good.
            _log.exception("the connection of slot %d is given up", slot)
            reason = f"fault of our own: {type(error).__name__}"
        _log.info("slot %d: %s", slot, reason)
        self._driver.command(self._connectivity.disconnected, reason)

    def _report(self, fact: SecurityEvent | OwnCertificateRefused | None) -> None:
        """Tell the station; the same failure once until a connection stands."""
        if fact is None or self._tell is None:
            return
        name = fact.kind if isinstance(fact, SecurityEvent) else ""
        if name not in self._told:
            self._told.add(name)
            self.command(self._tell, fact)

    def _silence(self, error: Exception, profile: NetworkProfile) -> OwnCertificateRefused | None:
        """TLS 1.3 ends in silence where the certificate is refused; asyncio does not show the alert."""
        if profile.security is not SecurityProfile.TLS_CLIENT_CERTIFICATE or not was_silent(error):
            return None
        self._silences += 1
        if self._silences < SILENCES:
            return None
        return OwnCertificateRefused(f"{SILENCES} connections closed before an answer")

    async def _converse(self, wanted: Connect, profile: NetworkProfile) -> str:
        options = _options(profile, self._certificates, fallback=wanted.fallback)
        async with connect(profile.endpoint, **options) as socket:
            if socket.subprotocol is None:
                return "the back end chose none of our subprotocols"
            version = Version.of_subprotocol(socket.subprotocol)
            _log.info("connected to %s, %s", profile.url, socket.subprotocol)
            linked = Linked(wanted.slot, verified_path(socket.transport))
            return await self._talk_over(socket, self._conversation(version), linked)

    async def _talk_over(self, socket: ClientConnection, machine: Conversation[Event], linked: Linked) -> str:
        self.drive(machine)
        talk = self._talk
        assert talk is not None
        self._outgoing = asyncio.Queue()
        writer = asyncio.create_task(_write(socket, self._outgoing))
        self._driver.command(self._connectivity.connected)
        self._told.clear()
        self._silences = 0
        if self._tell is not None:
            talk.command(self._tell, linked)
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
            outgoing.task_done()


def _options(
    profile: NetworkProfile, certificates: CertificateStore | None, *, fallback: bool
) -> dict[str, Any]:
    tls = tls_context(profile, certificates, fallback=fallback) if profile.security.has_tls else None
    return {
        "subprotocols": [Subprotocol(version.subprotocol) for version in profile.versions],
        "ssl": tls,
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
    password = profile.password or b""
    secret = password if isinstance(password, bytes) else password.encode()
    token = base64.b64encode(profile.identity.encode() + b":" + secret).decode()
    return {"Authorization": f"Basic {token}"}


def _closing(socket: ClientConnection) -> str:
    code, reason = socket.close_code, socket.close_reason
    return f"closed with {code}{f': {reason}' if reason else ''}"
