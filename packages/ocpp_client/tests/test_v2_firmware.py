"""Block L of 2.0.1: firmware updates with a simulated charger, signed and not."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from evproto.ocpp_client import Timestamp
from evproto.ocpp_client.bridge import FirmwareChanged
from evproto.ocpp_client.bridge_security import (
    CancelFirmware,
    DownloadFirmware,
    FirmwareDownloaded,
    InstallFirmware,
)
from evproto.ocpp_client.certificates import CertificateStore, MemoryVault, RootUse, new_key
from evproto.ocpp_client.certificates.testing import Authority, Issued
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import datatypes
from evproto.ocpp_client.v201 import messages as m
from evproto.ocpp_client.v201.enums import MessageTriggerEnum

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MAKER, OTHER = Authority("maker", NOON), Authority("other", NOON)
SIGNER = MAKER.issue("firmware")
HAPPY = ["Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"]
ALLOW = "ChargingStation.AllowNewSessionsPendingFirmwareUpdate"


def trusting(*, allow: bool = False, **about: Any) -> Any:
    store = CertificateStore(MemoryVault(), new_key)
    store.roots.install(RootUse.MANUFACTURER, MAKER.pem, NOON)
    bench = Bench2(parts={"certificates": store}, about=about, settings={ALLOW: allow}).boot()
    bench.run(1.0)
    bench.forget()
    return bench


def signature(image: bytes = b"simulated firmware", signer: Issued = SIGNER) -> str:
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    return base64.b64encode(signer.key.sign(image, ec.ECDSA(hashes.SHA256()))).decode()


def update(
    bench: Any, *, request_id: int = 7, retrieve: float = -7200, install: float = -7200, **firmware: Any
) -> str:
    settings: dict[str, Any] = {
        "location": "https://user:pass@maker.example/f",
        "retrieve_date_time": after(retrieve),
        "install_date_time": after(install),
        "signing_certificate": SIGNER.pem,
        "signature": signature(),
    }
    request = m.UpdateFirmwareRequest(
        request_id=request_id, firmware=datatypes.Firmware(**(settings | firmware))
    )
    status: str = bench.call(request).status.value
    return status


def after(seconds: float) -> Timestamp:
    return Timestamp.of(NOON + timedelta(seconds=seconds))


def steps(bench: Any) -> list[str]:
    return [one.status.value for one in bench.said(m.FirmwareStatusNotificationRequest)]


def events(bench: Any) -> list[str]:
    return [one.type for one in bench.said(m.SecurityEventNotificationRequest)]


def end_transactions(bench: Any) -> None:
    for evse_id in tuple(bench.station.transaction_ids):
        bench.unplug(evse_id)
    bench.run(1.0)


def test_tc_l_01_cs_a_signed_firmware_is_installed() -> None:
    bench = trusting()
    assert update(bench) == "Accepted"
    bench.run(1.0)
    assert steps(bench) == HAPPY
    assert {one.request_id for one in bench.said(m.FirmwareStatusNotificationRequest)} == {7}
    assert events(bench) == ["FirmwareUpdated"]
    assert "pass" not in repr(bench.events)


def test_tc_l_01_cs_a_reboot_in_between_is_told_with_its_reason() -> None:
    bench = trusting()
    bench.charger.receive = lambda item, now: None  # a charger that reboots to install
    update(bench)
    bench.tell(
        FirmwareChanged("Downloading"), FirmwareDownloaded(hashlib.sha256(b"simulated firmware").digest())
    )
    bench.tell(FirmwareChanged("Installing"), FirmwareChanged("InstallRebooting"))
    bench.power_cycle()
    bench.tell(FirmwareChanged("Installed"))
    bench.run(1.0)
    assert steps(bench) == [*HAPPY[:4], "InstallRebooting", "Installed"]
    (boot,) = bench.said(m.BootNotificationRequest)
    assert boot.reason.value == "FirmwareUpdate"
    assert bench.said(m.FirmwareStatusNotificationRequest)[-1].request_id == 7


def test_tc_l_02_cs_the_installation_waits_for_its_time() -> None:
    bench = trusting()
    update(bench, install=600)
    bench.run(100.0)
    assert steps(bench) == [*HAPPY[:3], "InstallScheduled"]
    bench.run(600.0)
    assert steps(bench) == [*HAPPY[:3], "InstallScheduled", *HAPPY[3:]]


def test_tc_l_03_cs_the_download_waits_for_its_time() -> None:
    bench = trusting()
    update(bench, retrieve=600)
    bench.run(100.0)
    assert (steps(bench), bench.told(DownloadFirmware)) == (["DownloadScheduled"], [])
    bench.run(600.0)
    assert steps(bench) == ["DownloadScheduled", *HAPPY]


def test_tc_l_05_cs_an_invalid_signing_certificate_is_refused() -> None:
    bench = trusting()
    assert update(bench, signing_certificate=OTHER.issue("firmware").pem) == "InvalidCertificate"
    bench.run(1.0)
    assert (steps(bench), events(bench)) == ([], ["InvalidFirmwareSigningCertificate"])


def test_tc_l_06_cs_an_invalid_signature_ends_the_update() -> None:
    bench = trusting()
    assert update(bench, signature=signature(b"another firmware")) == "Accepted"
    bench.run(1.0)
    assert steps(bench) == ["Downloading", "Downloaded", "InvalidSignature"]
    assert events(bench) == ["InvalidFirmwareSignature"]
    assert bench.told(InstallFirmware) == []


def test_tc_l_07_cs_a_download_that_fails_is_told() -> None:
    bench = trusting()
    update(bench, retrieve=600)
    bench.tell(FirmwareChanged("Downloading"), FirmwareChanged("DownloadFailed"))
    assert steps(bench) == ["DownloadScheduled", "Downloading", "DownloadFailed"]
    bench.run(1000.0)
    assert bench.told(DownloadFirmware) == []


@pytest.mark.parametrize("status", ["InstallVerificationFailed", "InstallationFailed"])
def test_tc_l_08_cs_an_installation_that_fails_is_told(status: str) -> None:
    bench = trusting()
    update(bench, install=600)
    bench.tell(FirmwareChanged("Installing"), FirmwareChanged(status))
    assert steps(bench)[-2:] == ["Installing", status]
    bench.run(700.0)
    assert bench.told(InstallFirmware) == []


def test_tc_l_10_cs_a_new_order_cancels_the_one_before() -> None:
    bench = trusting()
    update(bench, request_id=1, install=600)
    assert update(bench, request_id=2) == "AcceptedCanceled"
    bench.run(1.0)
    assert bench.told(CancelFirmware) == [CancelFirmware(1)]
    assert steps(bench)[-1] == "Installed"


def test_tc_l_11_cs_an_installation_that_runs_cannot_be_cancelled() -> None:
    bench = trusting()
    update(bench, request_id=1, install=600)
    bench.charger.receive = lambda item, now: None  # a charger that takes its time
    bench.run(601.0)
    assert bench.told(InstallFirmware) == [InstallFirmware(1)]
    assert update(bench, request_id=2) == "Rejected"
    bench.tell(FirmwareChanged("Installing", 1), FirmwareChanged("Installed", 1))
    assert steps(bench)[-2:] == ["Installing", "Installed"]


def test_tc_l_12_cs_sessions_may_begin_while_the_download_waits_for_one_to_end() -> None:
    bench = trusting(allow=True, download_while_charging=False)
    bench.charge(1)
    update(bench)
    assert steps(bench) == ["DownloadScheduled"]
    bench.charge(2)
    assert len(bench.station.transaction_ids) == 2
    end_transactions(bench)
    assert steps(bench)[-5:] == HAPPY


def test_tc_l_13_cs_no_session_begins_while_the_download_waits_for_one_to_end() -> None:
    bench = trusting(download_while_charging=False)
    bench.charge(1)
    update(bench)
    bench.run(1.0)
    assert steps(bench) == ["DownloadScheduled"]
    assert bench.statuses(2) == ["Unavailable"]
    end_transactions(bench)
    assert steps(bench) == ["DownloadScheduled", *HAPPY]
    assert bench.statuses(2)[-1] == "Available"


def test_tc_l_14_cs_sessions_may_begin_while_the_installation_waits_for_one_to_end() -> None:
    bench = trusting(allow=True)
    bench.charge(1)
    update(bench)
    assert steps(bench) == [*HAPPY[:3], "InstallScheduled"]
    bench.charge(2)
    assert len(bench.station.transaction_ids) == 2
    end_transactions(bench)
    assert steps(bench)[-2:] == HAPPY[3:]


def test_tc_l_15_cs_no_session_begins_while_the_installation_waits_for_one_to_end() -> None:
    bench = trusting()
    bench.charge(1)
    update(bench)
    bench.run(1.0)
    assert steps(bench) == [*HAPPY[:3], "InstallScheduled"]
    assert bench.statuses(2) == ["Unavailable"]
    end_transactions(bench)
    assert steps(bench)[-2:] == HAPPY[3:]
    assert bench.statuses(2)[-1] == "Available"


def test_tc_l_16_cs_a_charger_that_can_updates_while_it_charges() -> None:
    bench = trusting(install_while_charging=True)
    bench.charge(1)
    update(bench)
    bench.run(1.0)
    assert steps(bench) == HAPPY
    assert len(bench.station.transaction_ids) == 1


def test_tc_l_18_cs_unsigned_firmware_is_rejected_where_signatures_are_known() -> None:
    bench = trusting()
    assert update(bench, signing_certificate=None, signature=None) == "Rejected"


def test_a_station_without_certificates_takes_unsigned_firmware() -> None:
    bench = Bench2().boot()
    assert update(bench, signing_certificate=None, signature=None) == "Accepted"
    bench.run(1.0)
    assert steps(bench) == ["Downloading", "Downloaded", "Installing", "Installed"]


def test_a_station_without_certificates_cannot_check_a_signature() -> None:
    assert update(Bench2().boot()) == "InvalidCertificate"


def test_tc_f_19_cs_the_back_end_asks_while_firmware_is_downloaded() -> None:
    bench = trusting()
    bench.charger.receive = lambda item, now: None
    assert update(bench) == "Accepted"
    bench.tell(FirmwareChanged("Downloading"))
    assert steps(bench) == ["Downloading"]
    asked = MessageTriggerEnum.FIRMWARE_STATUS_NOTIFICATION
    assert bench.call(m.TriggerMessageRequest(requested_message=asked)).status.value == "Accepted"
    assert steps(bench) == ["Downloading", "Downloading"]
    assert bench.said(m.FirmwareStatusNotificationRequest)[-1].request_id == 7
