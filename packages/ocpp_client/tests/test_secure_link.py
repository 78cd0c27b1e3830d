"""Certificates, passwords and security profiles over real sockets: a simulated 1.6 station on loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evproto.ocpp_client import CallAnswered, CallReceived, OcppStruct, Version
from evproto.ocpp_client.bridge import Description, Registered
from evproto.ocpp_client.certificates import (
    CertificateStore,
    DirectoryVault,
    OwnUse,
    RootUse,
    Subject,
    new_key,
)
from evproto.ocpp_client.certificates.testing import Authority, Issued
from evproto.ocpp_client.connectivity import BackOff, Offline
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.drivers import CsmsServer, SimulatedStation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.enums import CertificateUseEnum, MessageTriggerEnum

NOW = datetime.now(UTC)
ROOT = Authority("operator", NOW)
OTHER = Authority("other", NOW)
SERVER = ROOT.issue("csms", address="127.0.0.1")
SOON = BackOff(wait_minimum=0.05, random_range=0.01, repeat_times=0, attempts_per_profile=200)


class BackEnd:
    """A server for one station; what it hears goes into `heard`."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.passwords: list[str] = []
        self.server = CsmsServer(
            lambda identity, version: Csms(version, datetime.now(UTC), asyncio.get_running_loop().time()),
            lambda identity, event: self.heard.put_nowait(event),
            password=self._know,
        )

    def _know(self, identity: str, password: str) -> bool:
        self.passwords.append(password)
        return True

    async def until(self, kind: type[OcppStruct]) -> Any:
        """The next call or answer of that kind."""
        async with asyncio.timeout(20):
            while True:
                event = await self.heard.get()
                if isinstance(event, CallReceived) and isinstance(event.request, kind):
                    return event.request
                if isinstance(event, CallAnswered) and isinstance(event.response, kind):
                    return event.response

    async def until_event(self, kind: str) -> Any:
        """The next security event of that kind."""
        while True:
            event = await self.until(m.SecurityEventNotificationRequest)
            if event.type == kind:
                return event

    def call(self, request: OcppStruct) -> None:
        csms = self.server.of("CS1")
        self.server.command("CS1", csms.call, request)


def server_tls(shown: Issued, folder: Path, *, clients: Authority | None = None) -> ssl.SSLContext:
    chain, key = folder / "server.pem", folder / "server.key"
    chain.write_text(shown.chain_pem)
    key.write_text(shown.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if clients is not None:
        context.load_verify_locations(cadata=clients.pem)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def certificates(folder: Path, *roots: Authority, **settings: Any) -> CertificateStore:
    store = CertificateStore(DirectoryVault(folder / "vault"), new_key, **settings)
    for root in roots:
        store.roots.install(RootUse.CSMS, root.pem, NOW)
    return store


def make_station(
    port: int, security: SecurityProfile, store: CertificateStore
) -> tuple[SimulatedStation, Any]:
    events: asyncio.Queue[Any] = asyncio.Queue()
    profile = NetworkProfile(
        url=f"{'wss' if security.has_tls else 'ws'}://127.0.0.1:{port}",
        identity="CS1",
        security=security,
        versions=(Version.V16,),
        password="first-password-of-all",
        from_store=True,
    )
    station = SimulatedStation(
        profile,
        Description(vendor="evproto", model="secured", serial_number="SN-1"),
        Store(":memory:"),
        events.put_nowait,
        defaults={"CpoName": "CPO"},
        back_off=SOON,
        certificates=store,
    )
    return station, events


@asynccontextmanager
async def running(station: SimulatedStation) -> AsyncIterator[None]:
    task = asyncio.create_task(station.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(events: asyncio.Queue[Any], kind: type[Any]) -> Any:
    async with asyncio.timeout(20):
        while True:
            event = await events.get()
            if isinstance(event, kind):
                return event


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_a_new_password_is_answered_before_the_reconnection_that_uses_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        back_end = BackEnd()
        async with back_end.server.listen("127.0.0.1", 0) as port:
            station, _ = make_station(port, SecurityProfile.BASIC_AUTH, certificates(tmp_path))
            async with running(station):
                await back_end.until(m.BootNotificationRequest)
                back_end.call(
                    m.ChangeConfigurationRequest(
                        key="AuthorizationKey", value="6e65772d70617373776f72642d343221"
                    )
                )
                assert (await back_end.until(m.ChangeConfigurationResponse)).status.value == "Accepted"
                await back_end.until_event("ReconfigurationOfSecurityParameters")
                for _ in range(200):
                    if back_end.passwords[-1] == "new-password-42!":
                        break
                    await asyncio.sleep(0.01)
        assert (back_end.passwords[0], back_end.passwords[-1]) == (
            "first-password-of-all",
            "new-password-42!",
        )

    run(scenario)


def test_a_station_gets_its_certificate_and_rises_to_profile_3(tmp_path: Path) -> None:
    store = certificates(tmp_path)

    async def scenario() -> None:
        plain, secured = BackEnd(), BackEnd()
        async with plain.server.listen("127.0.0.1", 0) as port:
            station, _ = make_station(port, SecurityProfile.BASIC_AUTH, store)
            task = asyncio.create_task(station.run())
            await plain.until(m.BootNotificationRequest)
            use = CertificateUseEnum.CENTRAL_SYSTEM_ROOT_CERTIFICATE
            plain.call(m.InstallCertificateRequest(certificate_type=use, certificate=ROOT.pem))
            assert (await plain.until(m.InstallCertificateResponse)).status.value == "Accepted"
            wanted = MessageTriggerEnum.SIGN_CHARGE_POINT_CERTIFICATE
            plain.call(m.ExtendedTriggerMessageRequest(requested_message=wanted))
            csr = (await plain.until(m.SignCertificateRequest)).csr
            plain.call(m.CertificateSignedRequest(certificate_chain=ROOT.sign(csr).chain_pem))
            assert (await plain.until(m.CertificateSignedResponse)).status.value == "Accepted"
            plain.call(m.ChangeConfigurationRequest(key="SecurityProfile", value="3"))
            assert (await plain.until(m.ChangeConfigurationResponse)).status.value == "Accepted"
        try:
            tls = server_tls(SERVER, tmp_path, clients=ROOT)
            secured.server._password = None
            async with secured.server.listen("127.0.0.1", port, tls):
                event = await secured.until(m.SecurityEventNotificationRequest)
                while event.tech_info != "security profile 3":
                    event = await secured.until(m.SecurityEventNotificationRequest)
                assert station.station.network.order == (3,)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run(scenario)


def test_tc_a_05_cs_a_back_end_of_an_unknown_root_is_refused_and_told_once_connected(tmp_path: Path) -> None:
    store = certificates(tmp_path, OTHER)

    async def scenario() -> None:
        back_end = BackEnd()
        async with back_end.server.listen("127.0.0.1", 0, server_tls(SERVER, tmp_path)) as port:
            station, events = make_station(port, SecurityProfile.TLS_BASIC_AUTH, store)
            async with running(station):
                for _ in range(3):
                    assert "CERTIFICATE_VERIFY_FAILED" in (await until(events, Offline)).reason
                store.roots.install(RootUse.CSMS, ROOT.pem, NOW)
                await back_end.until_event("InvalidCentralSystemCertificate")
                await until(events, Registered)
        assert back_end.heard.qsize() < 8  # told once, not with every attempt

    run(scenario)


OLD_SERVER_HELLO = bytes.fromhex("160302002a 02000026 0302" + "00" * 32 + "00 002f 00")
"""A server that chooses TLS 1.1; OpenSSL itself does not offer that any more."""


def test_tc_a_06_cs_a_back_end_of_an_old_tls_version_is_refused_and_told(tmp_path: Path) -> None:
    async def choose_tls_1_1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(OLD_SERVER_HELLO)
        await writer.drain()
        await reader.read(4096)
        writer.close()

    async def scenario() -> None:
        old = await asyncio.start_server(choose_tls_1_1, "127.0.0.1", 0)
        port = old.sockets[0].getsockname()[1]
        station, events = make_station(port, SecurityProfile.TLS_BASIC_AUTH, certificates(tmp_path, ROOT))
        async with running(station):
            await until(events, Offline)
            old.close()
            await old.wait_closed()
            back_end = BackEnd()
            async with back_end.server.listen("127.0.0.1", port, server_tls(SERVER, tmp_path)):
                await back_end.until_event("InvalidTLSVersion")

    run(scenario)


def test_a_new_root_that_verified_the_back_end_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    new = ROOT.under("new operator")
    store = certificates(tmp_path, ROOT, new, signed_by_the_old=True)

    async def scenario() -> None:
        for shown, left in ((SERVER, 2), (new.issue("csms", address="127.0.0.1"), 1)):
            back_end = BackEnd()
            leaf_alone = Issued(shown.certificate, shown.key)
            async with back_end.server.listen("127.0.0.1", 0, server_tls(leaf_alone, tmp_path)) as port:
                station, events = make_station(port, SecurityProfile.TLS_BASIC_AUTH, store)
                async with running(station):
                    await until(events, Registered)
                    assert len(store.roots) == left

    run(scenario)


def test_a_certificate_that_the_back_end_refuses_is_discarded_for_the_one_before(tmp_path: Path) -> None:
    store = certificates(tmp_path, ROOT, OTHER)
    own = store.own

    async def scenario() -> None:
        for authority, begins in ((ROOT, -2.0), (OTHER, -1.0)):
            csr = own.request(OwnUse.CHARGING_STATION, Subject(common_name="SN-1", organization="CPO"))
            own.accept(OwnUse.CHARGING_STATION, authority.sign(csr, begins_in=begins).chain_pem, NOW)
        back_end = BackEnd()
        back_end.server._password = None
        tls = server_tls(SERVER, tmp_path, clients=ROOT)
        async with back_end.server.listen("127.0.0.1", 0, tls) as port:
            station, events = make_station(port, SecurityProfile.TLS_CLIENT_CERTIFICATE, store)
            async with running(station):
                await until(events, Registered)
                await back_end.until_event("DiscardedRenewedClientCertificate")

    run(scenario)
