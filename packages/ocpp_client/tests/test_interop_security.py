"""Certificates against programs that others wrote: OpenSSL, and a back end on the package ocpp."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.certificates import (
    CertificateStore,
    HashAlgorithm,
    MemoryVault,
    OwnUse,
    RootUse,
    Subject,
    hash_data,
    new_key,
)
from evproto.ocpp_client.certificates.firmware import is_signed
from evproto.ocpp_client.certificates.testing import Authority
from evproto.ocpp_client.drivers import SimulatedStation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store

NOW = datetime.now(UTC)
ROOT, MAKER = Authority("operator", NOW), Authority("maker", NOW)
IMAGE = b"simulated firmware"

pytestmark = pytest.mark.interop
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_ocpp = pytest.mark.skipif(find_spec("ocpp") is None, reason="the package ocpp is not installed")


def openssl(*words: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True, check=True).stdout


@needs_openssl
def test_openssl_reads_our_csr_and_we_take_the_certificate_that_it_signs(tmp_path: Path) -> None:
    store = CertificateStore(MemoryVault(), new_key)
    csr = store.own.request(OwnUse.CHARGING_STATION, Subject(common_name="SN-1", organization="CPO"))
    subject = openssl("req", "-verify", "-noout", "-subject", given=csr.encode()).decode()
    assert {"CN = SN-1", "O = CPO"} <= set(re.split("subject=|, ", subject.strip()))
    ca, key = tmp_path / "ca.pem", tmp_path / "ca.key"
    openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/O=CPO/CN=root"),
        *("-keyout", key, "-out", ca),
    )
    (tmp_path / "csr.pem").write_text(csr)
    signed = openssl(
        "x509",
        "-req",
        "-in",
        tmp_path / "csr.pem",
        "-CA",
        ca,
        "-CAkey",
        key,
        "-days",
        "20",
        "-set_serial",
        "77",
    )
    at = datetime.now(UTC) + timedelta(minutes=1)
    assert store.roots.install(RootUse.CSMS, ca.read_text(), at).status.value == "Accepted"
    store.own.accept(OwnUse.CHARGING_STATION, signed.decode(), at, "SN-1")
    assert store.station_identity(at) is not None


@needs_openssl
@pytest.mark.parametrize("algorithm", HashAlgorithm)
def test_openssl_names_a_certificate_by_the_same_hashes(tmp_path: Path, algorithm: HashAlgorithm) -> None:
    leaf = ROOT.issue("leaf")
    issuer, certificate = tmp_path / "issuer.pem", tmp_path / "leaf.pem"
    issuer.write_text(ROOT.pem)
    certificate.write_text(leaf.pem)
    digest = f"-{algorithm.value.lower()}"
    text = openssl("ocsp", digest, "-issuer", issuer, "-cert", certificate, "-req_text", "-no_nonce").decode()
    text = re.sub(r"\\\n\s*", "", text)  # it breaks long lines
    found = dict(re.findall(r"(Issuer Name Hash|Issuer Key Hash|Serial Number): (\w+)", text))
    ours = hash_data(leaf.certificate, ROOT.certificate, algorithm)
    assert found["Issuer Name Hash"].lower() == ours.issuer_name_hash
    assert found["Issuer Key Hash"].lower() == ours.issuer_key_hash
    assert int(found["Serial Number"], 16) == int(ours.serial_number, 16)


@needs_openssl
@pytest.mark.parametrize(
    ("key", "options"),
    [
        (("rsa:2048",), ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1")),
        (("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), ()),
        (("ec", "-pkeyopt", "ec_paramgen_curve:P-384"), ()),
    ],
)
def test_a_firmware_that_openssl_signed_is_known(
    tmp_path: Path, key: tuple[str, ...], options: tuple[str, ...]
) -> None:
    private, certificate = tmp_path / "maker.key", tmp_path / "maker.pem"
    openssl(
        *("req", "-x509", "-newkey", *key, "-nodes", "-subj", "/O=maker/CN=maker"),
        *("-keyout", private, "-out", certificate),
    )
    raw = openssl("dgst", "-sha256", "-sign", private, *options, given=IMAGE)
    signature, pem = base64.b64encode(raw).decode(), certificate.read_text()
    assert is_signed(hashlib.sha256(IMAGE).digest(), signature, pem)
    assert not is_signed(hashlib.sha256(b"other").digest(), signature, pem)


@needs_ocpp
def test_a_back_end_on_the_package_ocpp_takes_our_security_messages() -> None:
    """It checks every message against the published schemas."""
    from ocpp.routing import on
    from ocpp.v16 import ChargePoint, call, call_result
    from websockets.asyncio.server import ServerConnection, serve

    heard: dict[str, list[Any]] = {}
    answers: dict[str, Any] = {}
    done = asyncio.Event()

    class BackEnd(ChargePoint):  # type: ignore[misc]
        @on("BootNotification")
        def on_boot(self, **payload: Any) -> Any:
            self.task = asyncio.create_task(self.course())
            return call_result.BootNotification(NOW.isoformat()[:19] + "Z", 300, "Accepted")

        @on("StatusNotification")
        def on_status(self, **payload: Any) -> Any:
            return call_result.StatusNotification()

        @on("SecurityEventNotification")
        def on_event(self, **payload: Any) -> Any:
            heard.setdefault("events", []).append(payload["type"])
            return call_result.SecurityEventNotification()

        @on("SignedFirmwareStatusNotification")
        def on_firmware(self, **payload: Any) -> Any:
            heard.setdefault("firmware", []).append(payload["status"])
            if payload["status"] == "Installed":
                self.installed.set()
            return call_result.SignedFirmwareStatusNotification()

        @on("SignCertificate")
        def on_sign(self, csr: str, **payload: Any) -> Any:
            self.csr.set_result(csr)
            return call_result.SignCertificate("Accepted")

        async def ask(self, name: str, request: Any) -> Any:
            answers[name] = await self.call(request, suppress=False)
            return answers[name]

        async def course(self) -> None:
            self.csr: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self.installed = asyncio.Event()
            use = "ManufacturerRootCertificate"
            await self.ask("install", call.InstallCertificate(use, MAKER.pem))
            await self.ask("list", call.GetInstalledCertificateIds(use))
            await self.ask("trigger", call.ExtendedTriggerMessage("SignChargePointCertificate"))
            chain = ROOT.sign(await self.csr).chain_pem
            await self.ask("signed", call.CertificateSigned(chain))
            signer = MAKER.issue("firmware")
            raw = signature_of(signer)
            firmware = {
                "location": "https://maker.example/f",
                "retrieveDateTime": "2020-01-01T00:00:00Z",
                "signingCertificate": signer.pem,
                "signature": raw,
            }
            await self.ask("update", call.SignedUpdateFirmware(7, firmware))
            await self.installed.wait()
            (data,) = answers["list"].certificate_hash_data
            camel = {re.sub(r"_(\w)", lambda m: m[1].upper(), name): value for name, value in data.items()}
            await self.ask("delete", call.DeleteCertificate(camel))
            done.set()

    async def converse(socket: ServerConnection) -> None:
        await BackEnd("CS1", socket).start()

    async def scenario() -> None:
        store = CertificateStore(MemoryVault(), new_key)
        store.roots.install(RootUse.CSMS, ROOT.pem, NOW)
        async with serve(converse, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
            port = next(iter(server.sockets)).getsockname()[1]
            profile = NetworkProfile(
                url=f"ws://127.0.0.1:{port}",
                identity="CS1",
                security=SecurityProfile.BASIC_AUTH,
                password="a-password-of-twenty",
                versions=(Version.V16,),
            )
            station = SimulatedStation(
                profile,
                Description(vendor="evproto", model="interop", serial_number="SN-1"),
                Store(":memory:"),
                lambda event: None,
                defaults={"CpoName": "CPO"},
                certificates=store,
            )
            task = asyncio.create_task(station.run())
            try:
                await asyncio.wait_for(done.wait(), 20)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scenario())
    assert {name: answer.status for name, answer in answers.items()} == {
        **dict.fromkeys(("install", "list", "trigger", "signed", "update", "delete"), "Accepted")
    }
    assert heard["firmware"][-2:] == ["Installing", "Installed"]
    assert "FirmwareUpdated" in heard["events"]


def signature_of(signer: Any) -> str:
    return base64.b64encode(signer.key.sign(IMAGE, ec.ECDSA(hashes.SHA256()))).decode()
