from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from evproto.core import ConfigError, StateError
from evproto.v2gtp import (
    ConnectionEnded,
    EndpointFault,
    Frame,
    PayloadType,
    Phase,
    ProtocolAgreed,
    SdpAnswered,
    SdpRequest,
    Security,
    encode_frame,
)
from evproto.v2gtp.app_protocol import offer
from evproto.v2gtp.drivers import (
    Connection,
    DiscoveryError,
    SeccServer,
    connect_evcc,
    discover,
    evcc_context,
    find_interface,
    secc_context,
)
from evproto.v2gtp.drivers.secc_server import FIRST_PORT, LAST_PORT
from evproto.v2gtp.messages.app_protocol import encode
from evproto.v2gtp.testing import TOY, ToySession, toy_evcc, toy_secc

pytestmark = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 on this machine's loopback")

OFFER = encode_frame(Frame(PayloadType.EXI, encode(offer([TOY]))))
Server = SeccServer[ToySession, str]
Link = Connection[ToySession, str]


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.bind(("::1", 0))
        return int(probe.getsockname()[1])


class Log(list[Any]):
    """Collects the events of connections."""

    def __call__(self, connection: Link, event: object) -> None:
        self.append(event)


@contextlib.asynccontextmanager
async def serving(log: Log, **options: Any) -> AsyncIterator[tuple[Server, int]]:
    port = free_udp_port()
    options = {"plain_tcp": True, **options}
    server: Server = SeccServer([toy_secc()], "lo", log, sdp_port=port, **options)
    async with server:
        yield server, port


async def drive(log: Log, port: int, **options: Any) -> Link:
    options = {"plain_tcp": True, **options}
    connection: Link = await connect_evcc([toy_evcc()], "lo", log, sdp_port=port, **options)
    return connection


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(limited())


async def raw(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("::1", server.plain_port)


def test_car_finds_the_charger_and_talks_to_the_end() -> None:
    async def test() -> None:
        charger, car = Log(), Log()
        answered: list[object] = []
        async with serving(charger, on_sdp_event=answered.append) as (server, port):
            connection = await drive(car, port)
            await connection.closed
            while server.connections:
                await asyncio.sleep(0)
        assert car[0] == ProtocolAgreed(TOY, False, (TOY,))
        assert car[-2:] == ["done", ConnectionEnded(by_us=True)]
        assert charger[-2:] == ["done", ConnectionEnded(by_us=False)]
        assert [type(event) for event in answered] == [SdpAnswered]

    run(test)


def test_charger_listens_on_a_dynamic_port() -> None:
    async def test() -> None:
        async with serving(Log()) as (server, _):
            assert server.plain_port is not None
            assert FIRST_PORT <= server.plain_port <= LAST_PORT
            assert server.tls_port is None

    run(test)


def test_command_to_the_running_session_is_sent_at_once() -> None:
    async def test() -> None:
        charger = Log()
        async with serving(charger) as (server, _):
            _, writer = await raw(server)
            writer.write(OFFER)
            while not charger:
                await asyncio.sleep(0)
            [connection] = server.connections
            assert connection.command(ToySession.stop, why="enough").startswith("stopped at")
            assert charger[-1] == "enough"
            with pytest.raises(StateError):
                connection.command(ToySession.stop)
            assert connection.endpoint.phase is Phase.CLOSING
            writer.close()
            await connection.closed

    run(test)


def test_command_before_the_handshake_is_a_state_error() -> None:
    async def test() -> None:
        async with serving(Log()) as (server, _):
            _, writer = await raw(server)
            while not server.connections:
                await asyncio.sleep(0)
            with pytest.raises(StateError, match="handshake"):
                server.connections[0].command(ToySession.stop)
            writer.close()

    run(test)


def test_connection_beyond_the_limit_is_closed_and_the_first_goes_on() -> None:
    async def test() -> None:
        charger = Log()
        async with serving(charger) as (server, _):
            reader, writer = await raw(server)
            while not server.connections:
                await asyncio.sleep(0)
            second, second_writer = await raw(server)
            assert await second.read() == b""
            second_writer.close()
            writer.write(OFFER)
            assert (await reader.read(100))[:4] == bytes.fromhex("01fe8001")
            assert len(server.connections) == 1
            writer.close()

    run(test)


def test_car_that_has_not_closed_yet_does_not_keep_the_next_one_out() -> None:
    async def test() -> None:
        charger, car = Log(), Log()
        async with serving(charger) as (server, port):
            _, writer = await raw(server)
            writer.write(OFFER + encode_frame(Frame(PayloadType.EXI, b"bye")))
            while "done" not in charger:
                await asyncio.sleep(0)
            assert len(server.connections) == 1
            await (await drive(car, port)).closed
            assert car[-2] == "done"
            writer.close()

    run(test)


def test_as_many_sessions_as_are_allowed_run_side_by_side() -> None:
    async def test() -> None:
        charger = Log()
        async with serving(charger, max_sessions=3) as (_, port):
            cars = [Log() for _ in range(3)]
            links = await asyncio.gather(*(drive(car, port) for car in cars))
            await asyncio.gather(*(link.closed for link in links))
            assert all(car[-2] == "done" for car in cars)

    run(test)


def test_malformed_frame_closes_the_connection_and_the_server_lives_on() -> None:
    async def test() -> None:
        charger = Log()
        async with serving(charger) as (server, port):
            reader, writer = await raw(server)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await reader.read() == b""
            writer.close()
            while server.connections:
                await asyncio.sleep(0)
            assert [type(event) for event in charger] == [EndpointFault, ConnectionEnded]
            car = Log()
            await (await drive(car, port)).closed
            assert car[-2] == "done"

    run(test)


def test_closing_the_server_ends_the_running_sessions() -> None:
    async def test() -> None:
        charger = Log()
        async with serving(charger) as (server, _):
            _, writer = await raw(server)
            writer.write(OFFER)
            while not charger:
                await asyncio.sleep(0)
        assert charger[-2].startswith("lost at")
        assert charger[-1] == ConnectionEnded(by_us=True)
        writer.close()

    run(test)


def test_peer_that_does_not_read_is_not_listened_to_until_it_does() -> None:
    async def test() -> None:
        async with serving(Log()) as (server, _):
            reader, writer = await raw(server)
            while not server.connections:
                await asyncio.sleep(0)
            [connection] = server.connections
            connection.pause_writing()
            writer.write(OFFER)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await reader.read(100)
            connection.resume_writing()
            assert (await reader.read(100))[:4] == bytes.fromhex("01fe8001")
            writer.close()

    run(test)


def test_peer_that_never_reads_is_cut_off_after_the_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evproto.v2gtp.drivers.connection._FLUSH_TIME", 0.05)

    async def test() -> None:
        charger = Log()
        async with serving(charger) as (server, _):
            _, writer = await raw(server)
            transport = writer.transport
            assert isinstance(transport, asyncio.Transport)
            transport.pause_reading()
            while not server.connections:
                await asyncio.sleep(0)
            [connection] = server.connections
            assert connection._stream is not None
            connection._stream.write(bytes(20_000_000))
            connection.close()
            await connection.closed
            assert charger[-1] == ConnectionEnded(by_us=True)
            transport.abort()

    run(test)


def test_nobody_on_the_link_is_a_discovery_error_that_counts_the_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evproto.v2gtp.sdp.MAX_REQUESTS", 2)

    async def test() -> None:
        with pytest.raises(DiscoveryError, match="2 SDP requests"):
            await discover(find_interface("lo"), security=Security.NONE, port=free_udp_port())

    run(test)


def test_refused_answer_is_told_in_the_discovery_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evproto.v2gtp.sdp.MAX_REQUESTS", 1)

    async def test() -> None:
        async with serving(Log()) as (_, port):
            with pytest.raises(DiscoveryError, match="expected TLS, got NONE"):
                await discover(find_interface("lo"), security=Security.TLS, port=port)

    run(test)


def test_charger_that_cannot_be_connected_to_is_a_discovery_error() -> None:
    async def test() -> None:
        async with serving(Log()) as (server, port):
            for listening in server._servers:
                listening.close()
            with pytest.raises(DiscoveryError, match="could not connect"):
                await drive(Log(), port)

    run(test)


def test_unknown_interface_is_a_config_error_that_names_it_and_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"'nonesuch0'; there are: .*lo"):
        find_interface("nonesuch0")


def test_plain_tcp_has_to_be_asked_for_by_name() -> None:
    with pytest.raises(ConfigError, match="plain_tcp=True"):
        SeccServer([toy_secc()], "lo", Log())

    async def test() -> None:
        with pytest.raises(ConfigError, match="plain_tcp=True"):
            await connect_evcc([toy_evcc()], "lo", Log())

    run(test)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_context_below_tls_1_2_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ConfigError, match=r"TLS 1\.2"):
        SeccServer([toy_secc()], "lo", Log(), tls=context)


def test_taken_sdp_port_is_an_error_and_leaves_nothing_open() -> None:
    async def test() -> None:
        async with serving(Log()) as (_, port):
            second: Server = SeccServer([toy_secc()], "lo", Log(), plain_tcp=True, sdp_port=port)
            with pytest.raises(OSError, match="in use"):
                await second.start()
            assert second._servers == []

    run(test)


def test_datagram_that_is_no_request_is_not_answered() -> None:
    async def test() -> None:
        async with serving(Log()) as (_, port):
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as car:
                car.connect(("::1", port))
                car.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_sendall(car, b"hello")
                await loop.sock_sendall(car, SdpRequest(Security.NONE).to_bytes())
                assert (await loop.sock_recv(car, 100))[:4] == bytes.fromhex("01fe9001")

    run(test)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    pytest.importorskip("cryptography", reason="the certificates of this test need cryptography")
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SECCCert")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("pki")
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


def test_car_and_charger_talk_over_tls_where_both_have_it(certificate: tuple[Path, Path]) -> None:
    chain, key = certificate

    async def test() -> None:
        charger, car = Log(), Log()
        async with serving(charger, tls=secc_context(chain, key)) as (server, port):
            assert server.tls_port is not None
            connection = await drive(car, port, tls=evcc_context(chain), plain_tcp=False)
            await connection.closed
            assert connection.session is not None
            assert connection.session.context.tls
        assert car[-2] == "done"

    run(test)


def test_car_refuses_a_charger_that_its_roots_do_not_know(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    chain, key = certificate

    async def test() -> None:
        async with serving(Log(), tls=secc_context(chain, key)) as (_, port):
            stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            stranger.check_hostname = False
            with pytest.raises(DiscoveryError, match="could not connect"):
                await drive(Log(), port, tls=stranger, plain_tcp=False)

    run(test)
