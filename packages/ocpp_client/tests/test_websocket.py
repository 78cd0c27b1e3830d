"""The WebSocket driver against a real server on loopback, with and without TLS."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve

from evproto.core import ConfigError
from evproto.ocpp_client import CallAnswered, Rpc, Version
from evproto.ocpp_client.connectivity import BackOff, Connectivity, Offline, Online
from evproto.ocpp_client.drivers import StationLink
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.outbox import Outbox
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages

FAST = BackOff(wait_minimum=0.01, random_range=0.01, repeat_times=1, attempts_per_profile=2)


class Bench:
    """A station on the link; `until` waits for an event of one of its two kinds."""

    def __init__(self, profiles: dict[int, NetworkProfile]) -> None:
        self.events: asyncio.Queue[Any] = asyncio.Queue()
        rpc = Rpc(Version.V16, frozenset(), lambda: "unused")
        self.outbox = Outbox(Version.V16, rpc, Store(":memory:"))
        self.connectivity = Connectivity(tuple(profiles), lambda: 0.5, back_off=FAST)
        self.link: StationLink[Any] = StationLink(
            profiles,
            self.connectivity,
            lambda version: self.outbox,
            self.events.put_nowait,
            self.events.put_nowait,
        )

    async def until(self, kind: type[Any]) -> Any:
        while True:
            event = await asyncio.wait_for(self.events.get(), 5)
            if isinstance(event, kind):
                return event


async def with_station(
    profiles: dict[int, NetworkProfile], scenario: Callable[[Bench], Awaitable[None]]
) -> None:
    bench = Bench(profiles)
    running = asyncio.create_task(bench.link.run())
    try:
        await scenario(bench)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def heartbeats(socket: ServerConnection) -> None:
    """A back end that answers every call with a time."""
    async for frame in socket:
        await socket.send(json.dumps([3, json.loads(frame)[1], {"currentTime": "2026-01-01T00:00:00Z"}]))


def profile(port: int, **changes: Any) -> NetworkProfile:
    settings: dict[str, Any] = {
        "url": f"ws://127.0.0.1:{port}/ocpp",
        "identity": "CS 1",
        "security": SecurityProfile.NONE,
        "allow_unsecured": True,
    }
    return NetworkProfile(**(settings | changes))


def port_of(server: Any) -> int:
    return int(server.sockets[0].getsockname()[1])


async def beat(bench: Bench) -> None:
    """One heartbeat there and back."""
    bench.link.command(lambda now: bench.outbox.ask(messages.HeartbeatRequest(), "beat", now, first=True))
    answered = await bench.until(CallAnswered)
    assert answered.id == "beat"


def test_a_call_goes_there_and_back_at_the_percent_encoded_identity() -> None:
    async def scenario() -> None:
        paths = []

        async def handler(socket: ServerConnection) -> None:
            assert socket.request is not None
            paths.append((socket.request.path, socket.subprotocol))
            await heartbeats(socket)

        async with serve(handler, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            await with_station({1: profile(port_of(server))}, beat)
        assert paths == [("/ocpp/CS%201", "ocpp1.6")]

    asyncio.run(scenario())


def test_basic_auth_carries_identity_and_password_and_no_log_does(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        seen = []

        async def handler(socket: ServerConnection) -> None:
            assert socket.request is not None
            seen.append(socket.request.headers["Authorization"])
            await heartbeats(socket)

        settings = profile(1, security=SecurityProfile.BASIC_AUTH, password="hush-hush-hush-1")
        async with serve(handler, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            url = f"ws://127.0.0.1:{port_of(server)}"
            await with_station(
                {1: profile(1, url=url, security=SecurityProfile.BASIC_AUTH, password="hush-hush-hush-1")},
                beat,
            )
        assert seen == ["Basic " + base64.b64encode(b"CS 1:hush-hush-hush-1").decode()]
        assert "hush" not in repr(settings)

    with caplog.at_level("DEBUG", logger="evproto"):
        asyncio.run(scenario())
    assert "hush" not in caplog.text


def test_a_lost_connection_is_made_again() -> None:
    async def scenario() -> None:
        async def handler(socket: ServerConnection) -> None:
            await socket.close(1001, "restart")

        async def twice(bench: Bench) -> None:
            await bench.until(Online)
            offline = await bench.until(Offline)
            assert offline.reason == "closed with 1001: restart"
            await bench.until(Online)

        async with serve(handler, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            await with_station({1: profile(port_of(server))}, twice)

    asyncio.run(scenario())


def test_a_fault_of_the_station_itself_does_not_leave_it_offline(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async def once(bench: Bench) -> None:
            receive = bench.outbox.receive

            def fail(item: str, now: float) -> None:
                bench.outbox.receive = receive  # type: ignore[method-assign]
                raise KeyError("a bug")

            bench.outbox.receive = fail  # type: ignore[method-assign]
            await bench.until(Online)
            bench.link.command(
                lambda now: bench.outbox.ask(messages.HeartbeatRequest(), "lost", now, first=True)
            )
            assert "KeyError" in (await bench.until(Offline)).reason
            await bench.until(Online)
            await beat(bench)

        async with serve(heartbeats, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            await with_station({1: profile(port_of(server))}, once)

    asyncio.run(scenario())
    assert "a bug" in caplog.text


def test_a_dead_profile_gives_way_to_the_next() -> None:
    async def scenario() -> None:
        async def second(bench: Bench) -> None:
            online = await bench.until(Online)
            assert online.slot == 2

        async with serve(heartbeats, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            await with_station({1: profile(9), 2: profile(port_of(server))}, second)

    asyncio.run(scenario())


def test_a_back_end_without_our_subprotocol_is_no_connection() -> None:
    async def scenario() -> None:
        async def refused(bench: Bench) -> None:
            offline = await bench.until(Offline)
            assert "subprotocol" in offline.reason

        async with serve(heartbeats, "127.0.0.1", 0) as server:
            await with_station({1: profile(port_of(server))}, refused)

    asyncio.run(scenario())


class Authority:
    """A root of our own and what it signs, as PEM files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign("root", self.key.public_key(), ca=True)
        self.root = self._write("root.pem", self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name, key.public_key(), ca=False)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return (
            self._write(f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM)),
            self._write(f"{name}.key", secret),
        )

    def _sign(self, name: str, key: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = "root"
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(_key_usage(ca=ca), critical=True)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    """What Python 3.13 asks for: it checks certificates strictly by RFC 5280."""
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def test_profile_3_shows_its_certificate_and_checks_the_back_ends(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server_files, client_files = authority.issue("server"), authority.issue("client")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server_files)
    context.load_verify_locations(authority.root)
    context.verify_mode = ssl.CERT_REQUIRED

    async def scenario() -> None:
        async with serve(heartbeats, "127.0.0.1", 0, subprotocols=["ocpp1.6"], ssl=context) as server:  # type: ignore[list-item]
            secured = {
                "url": f"wss://127.0.0.1:{port_of(server)}",
                "security": SecurityProfile.TLS_CLIENT_CERTIFICATE,
                "certificate_file": client_files[0],
                "key_file": client_files[1],
            }
            await with_station({1: profile(1, **secured, ca_file=authority.root)}, beat)

            async def refused(bench: Bench) -> None:
                offline = await bench.until(Offline)
                assert "CERTIFICATE_VERIFY_FAILED" in offline.reason

            await with_station({1: profile(1, **secured)}, refused)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"allow_unsecured": False}, "allow_unsecured"),
        ({"url": "http://x"}, "url"),
        ({"url": "wss://x"}, "url"),
        ({"identity": ""}, "identity"),
        ({"identity": "x" * 49}, "identity"),
        ({"versions": ()}, "versions"),
        ({"security": SecurityProfile.BASIC_AUTH}, "password"),
        ({"security": SecurityProfile.TLS_CLIENT_CERTIFICATE, "url": "wss://x"}, "certificate_file"),
    ],
)
def test_a_profile_that_does_not_fit_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError, match=f"^{field}"):
        profile(9, **changes)
