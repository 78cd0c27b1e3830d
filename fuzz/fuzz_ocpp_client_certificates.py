"""Whatever chain, signature or vendor data a back end sends, a station with certificates stays in service."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import Any

from _runner import run
from fuzz_ocpp_client_station import NOON, serve

from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.bridge_security import FirmwareDownloaded
from evproto.ocpp_client.certificates import CertificateStore, MemoryVault, RootUse, new_key
from evproto.ocpp_client.certificates.testing import Authority
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16.extensions import Extension
from evproto.ocpp_client.v16.station import Station

ROOT = Authority("root", NOON)
LEAF = ROOT.under("sub").issue("leaf", responder="http://x/")
PROFILE = NetworkProfile(
    url="ws://x", identity="CS", security=SecurityProfile.BASIC_AUTH, password="x" * 16, from_store=True
)
PNC, COST = Extension.PLUG_AND_CHARGE.value, Extension.PRICING.value


def call(action: str, **payload: Any) -> bytes:
    return json.dumps([2, "a", action, payload]).encode()


def transfer(vendor: str, message: str, **data: Any) -> bytes:
    return call("DataTransfer", vendorId=vendor, messageId=message, data=json.dumps(data))


def body(pem: str) -> bytes:
    """The DER of the first certificate: what a mutated line is wrapped in PEM again."""
    lines = pem.partition("-----END")[0].splitlines()[1:]
    return base64.b64encode(base64.b64decode("".join(lines)))


FIRMWARE = {
    "location": "x",
    "retrieveDateTime": "2020-01-01T00:00:00Z",
    "signingCertificate": ROOT.issue("maker").pem,
    "signature": "AAAA",
}
SEEDS = [
    b"pem " + body(ROOT.pem),
    b"pem " + body(LEAF.pem),
    call("CertificateSigned", certificateChain=LEAF.chain_pem),
    call("InstallCertificate", certificateType="ManufacturerRootCertificate", certificate=ROOT.pem),
    call("ExtendedTriggerMessage", requestedMessage="SignChargePointCertificate"),
    call("SignedUpdateFirmware", requestId=1, firmware=FIRMWARE) + b"\nfirmware",
    call("GetInstalledCertificateIds", certificateType="CentralSystemRootCertificate"),
    call("ChangeConfiguration", key="SecurityProfile", value="2"),
    call("ChangeConfiguration", key="AuthorizationKey", value="0" * 40),
    transfer(PNC, "InstallCertificate", certificateType="MORootCertificate", certificate=ROOT.pem),
    transfer(PNC, "TriggerMessage", requestedMessage="SignV2GCertificate"),
    transfer(COST, "FinalCost", transactionId=1, cost=1e308, priceText="x"),
    transfer(COST, "RunningCost", transactionId=1, timestamp="2026-01-01T12:00:00Z", meterValue=1, cost=1)
    + b'\n[3,"1-9",{}]',
]


def check(data: bytes) -> None:
    store = CertificateStore(MemoryVault(), new_key)
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    store.roots.install(RootUse.MANUFACTURER, ROOT.pem, NOON)
    station = Station(
        Description(vendor="v", model="m", serial_number="S"),
        Store(":memory:"),
        NOON,
        0.0,
        defaults={"CpoName": "O"},
        profile=PROFILE,
        certificates=store,
        extensions=frozenset(Extension),
    )
    serve(station, [partial(step, station, line) for line in data.split(b"\n")[:10]])
    assert store.roots.certificates(RootUse.CSMS)[:1] == [ROOT.certificate] or b"DeleteCertificate" in data


def step(station: Station, line: bytes, now: float) -> None:
    if line == b"firmware":
        station.tell(FirmwareDownloaded(bytes(32)), now)
    elif line.startswith(b"pem "):
        text = line[4:].decode("ascii", "replace")
        pem = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
        for use in ("ManufacturerRootCertificate", "CentralSystemRootCertificate"):
            station.receive(call("InstallCertificate", certificateType=use, certificate=pem).decode(), now)
        station.receive(call("CertificateSigned", certificateChain=pem * 2).decode(), now)
    else:
        station.receive(line.decode("utf-8", "replace"), now)


if __name__ == "__main__":
    run(check, SEEDS)
