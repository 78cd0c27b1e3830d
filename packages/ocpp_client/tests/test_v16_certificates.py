"""Security whitepaper of OCPP 1.6: password, security profile, certificates, signed firmware."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from evproto.core import StateError
from evproto.ocpp_client import CallFailed, Timestamp
from evproto.ocpp_client.bridge import FirmwareChanged, SecurityEvent
from evproto.ocpp_client.bridge_security import (
    CancelFirmware,
    DownloadFirmware,
    FirmwareDownloaded,
    InstallFirmware,
    Linked,
    OwnCertificateRefused,
    SecurityLogged,
    UseNetwork,
)
from evproto.ocpp_client.certificates import CertificateStore, MemoryVault, RootUse, hash_data, new_key
from evproto.ocpp_client.certificates.testing import Authority, Issued
from evproto.ocpp_client.csms import Refusal
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.datatypes import CertificateHashData, Firmware
from evproto.ocpp_client.v16.enums import (
    CertificateUseEnum,
    GenericStatusEnum,
    HashAlgorithmEnum,
    MessageTriggerEnum,
    RegistrationStatus,
    ResetType,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = 86_400.0
OPERATOR = Authority("operator", NOON)
MAKER = Authority("maker", NOON)
OTHER = Authority("other", NOON)
KEY = "00112233445566778899aabbccddeeff"
CSMS_ROOT = CertificateUseEnum.CENTRAL_SYSTEM_ROOT_CERTIFICATE
MAKER_ROOT = CertificateUseEnum.MANUFACTURER_ROOT_CERTIFICATE


def profile(security: SecurityProfile = SecurityProfile.BASIC_AUTH, **more: Any) -> NetworkProfile:
    scheme = "wss" if security.has_tls else "ws"
    settings: dict[str, Any] = {
        "url": f"{scheme}://csms.example/ocpp",
        "identity": "CS1",
        "password": "old-password",
    }
    return NetworkProfile(security=security, **(settings | more))


def make_store(vault: MemoryVault | None = None, **settings: Any) -> CertificateStore:
    return CertificateStore(vault or MemoryVault(), new_key, **settings)


def secured(
    make_bench: Any,
    security: SecurityProfile = SecurityProfile.BASIC_AUTH,
    *,
    store: CertificateStore | None = None,
    **keys: Any,
) -> Any:
    """A station with certificates: the roots of the operator and of the maker are installed."""
    if store is None:
        store = make_store()
        store.roots.install(RootUse.CSMS, OPERATOR.pem, NOON)
        store.roots.install(RootUse.MANUFACTURER, MAKER.pem, NOON)
    parts = {"profile": profile(security, from_store=True), "certificates": store}
    about = {"serial_number": "SN-1"}
    bench = make_bench(parts=parts, about=about, **({"CpoName": "CPO"} | keys)).boot()
    bench.certificates = store
    return bench


def change(bench: Any, key: str, value: str) -> str:
    status: str = bench.call(m.ChangeConfigurationRequest(key=key, value=value)).status.value
    return status


def events(bench: Any) -> list[str]:
    return [one.type for one in bench.said(m.SecurityEventNotificationRequest)]


def linked(bench: Any, slot: int, *verified: x509.Certificate) -> None:
    """The connection is made anew, over this slot."""
    bench.offline()
    bench.tell(Linked(slot, tuple(one.public_bytes(serialization.Encoding.DER) for one in verified)))
    bench.online()


# --- password and security profile ---


def test_tc_073_cp_a_new_password_is_used_from_a_reconnection_on(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert change(bench, "AuthorizationKey", KEY) == "Accepted"
    (order,) = bench.told(UseNetwork)
    assert order.reconnect
    assert order.profiles[1].password == bytes.fromhex(KEY)
    assert KEY not in repr(order)
    bench.run(1.0)
    assert events(bench) == ["ReconfigurationOfSecurityParameters"]
    assert KEY not in repr(bench.calls)
    bench.power_cycle()
    assert bench.station.network.profiles[1].password == bytes.fromhex(KEY)


def test_the_password_is_never_read_out(make_bench: Any) -> None:
    bench = secured(make_bench)
    change(bench, "AuthorizationKey", KEY)
    (key,) = bench.call(m.GetConfigurationRequest(key=("AuthorizationKey",))).configuration_key
    assert (key.value, key.readonly) == (None, False)


@pytest.mark.parametrize("value", ["", "short", "x" * 41, "0123456789abcde", "with a space in it"])
def test_a_password_that_is_none_is_rejected_and_changes_nothing(make_bench: Any, value: str) -> None:
    bench = secured(make_bench)
    assert change(bench, "AuthorizationKey", value) == "Rejected"
    assert bench.told(UseNetwork) == []
    assert bench.station.network.profiles[1].password == "old-password"


def test_a_password_that_is_no_hexadecimal_is_taken_as_it_is(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert change(bench, "authorizationkey", "correct-horse-battery") == "Accepted"
    assert bench.station.network.profiles[1].password == "correct-horse-battery"


def test_tc_083_cp_the_security_profile_is_raised_by_a_connection_that_works(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert change(bench, "SecurityProfile", "2") == "Accepted"
    (order,) = bench.told(UseNetwork)
    assert (order.order, order.reconnect) == ((2, 1), True)
    assert order.profiles[2].url == "wss://csms.example/ocpp"
    linked(bench, 2)
    bench.run(1.0)
    assert bench.told(UseNetwork)[-1].order == (2,)
    assert not bench.told(UseNetwork)[-1].reconnect
    (key,) = bench.call(m.GetConfigurationRequest(key=("SecurityProfile",))).configuration_key
    assert key.value == "2"
    bench.power_cycle()
    assert bench.station.network.order == (2,)


def test_a_security_profile_that_does_not_connect_is_given_up(make_bench: Any) -> None:
    bench = secured(make_bench)
    change(bench, "SecurityProfile", "2")
    bench.power_cycle(online=False)
    assert bench.station.network.order == (2, 1)
    linked(bench, 1)
    assert bench.station.network.order == (1,)
    (key,) = bench.call(m.GetConfigurationRequest(key=("SecurityProfile",))).configuration_key
    assert key.value == "1"


@pytest.mark.parametrize("value", ["1", "0", "-1", "4", "two", ""])
def test_tc_084_cp_the_security_profile_never_goes_down(make_bench: Any, value: str) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_BASIC_AUTH)
    assert change(bench, "SecurityProfile", value) == "Rejected"
    assert bench.told(UseNetwork) == []
    assert bench.station.network.order == (2,)


def test_a_profile_that_was_raised_holds_against_an_old_configuration(make_bench: Any) -> None:
    bench = secured(make_bench)
    change(bench, "SecurityProfile", "2")
    linked(bench, 2)
    bench.parts["profile"] = profile(SecurityProfile.BASIC_AUTH, from_store=True)
    bench.power_cycle()
    assert bench.station.network.order == (2,)


def test_tc_084_cp_a_security_profile_without_what_it_needs_is_rejected(make_bench: Any) -> None:
    bench = secured(make_bench, store=make_store())
    assert change(bench, "SecurityProfile", "2") == "Rejected"  # A05.FR.03: no root
    install(bench, CSMS_ROOT, OPERATOR.pem)
    assert change(bench, "SecurityProfile", "3") == "Rejected"  # A05.FR.04: no certificate of its own
    assert change(bench, "SecurityProfile", "2") == "Accepted"
    renew(bench)
    assert change(bench, "SecurityProfile", "3") == "Accepted"
    bare = make_bench(
        parts={"profile": profile(SecurityProfile.NONE, allow_unsecured=True, password=None)}
    ).boot()
    assert change(bare, "SecurityProfile", "1") == "Rejected"  # A05.FR.02: no password
    change(bare, "AuthorizationKey", KEY)
    assert change(bare, "SecurityProfile", "1") == "Accepted"


def test_a_station_without_a_network_profile_has_none_of_its_keys(bench: Any) -> None:
    assert change(bench, "SecurityProfile", "1") == "NotSupported"
    with pytest.raises(StateError):
        _ = bench.station.network


# --- the station's certificate ---


def trigger(bench: Any, message: str = "SignChargePointCertificate") -> str:
    request = m.ExtendedTriggerMessageRequest(requested_message=MessageTriggerEnum(message))
    status: str = bench.call(request).status.value
    return status


def renew(bench: Any, **how: Any) -> Issued:
    """The back end has the station ask for a certificate, and brings it."""
    assert trigger(bench) == "Accepted"
    issued = OPERATOR.sign(csrs(bench)[-1], **how)
    assert bring(bench, issued) == "Accepted"
    return issued


def csrs(bench: Any) -> list[str]:
    return [one.csr for one in bench.said(m.SignCertificateRequest)]


def bring(bench: Any, issued: Issued) -> str:
    answer = bench.call(m.CertificateSignedRequest(certificate_chain=issued.chain_pem))
    status: str = answer.status.value
    return status


def test_tc_074_cp_a_certificate_is_asked_for_signed_and_shown_from_a_reconnection_on(
    make_bench: Any,
) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_CLIENT_CERTIFICATE)
    assert trigger(bench) == "Accepted"
    (csr,) = csrs(bench)
    asked = x509.load_pem_x509_csr(csr.encode())
    assert asked.subject.rfc4514_string() == "O=CPO,CN=SN-1"
    issued = OPERATOR.sign(csr)
    assert bring(bench, issued) == "Accepted"
    identity = bench.certificates.station_identity(NOON)
    assert identity.leaf == issued.certificate
    assert [one.reconnect for one in bench.told(UseNetwork)] == [True]
    assert identity.key_pem.decode() not in repr(bench.events)


def test_a_certificate_is_not_shown_before_its_beginning(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_CLIENT_CERTIFICATE)
    old = renew(bench)
    bench.forget()
    new = renew(bench, begins_in=2, days=99)
    assert bench.told(UseNetwork) == []
    assert bench.certificates.station_identity(NOON).leaf == old.certificate
    bench.run(2 * DAY + 1)
    assert len(bench.told(UseNetwork)) == 1
    assert bench.certificates.station_identity(NOON + timedelta(days=2.1)).leaf == new.certificate


def test_tc_077_cp_an_invalid_certificate_is_discarded_and_told(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_CLIENT_CERTIFICATE)
    trigger(bench)
    for bad in (OTHER.sign(csrs(bench)[0]), OPERATOR.sign(csrs(bench)[0], days=-1), OPERATOR.issue("SN-1")):
        bench.forget()
        assert bring(bench, bad) == "Rejected"
        bench.run(1.0)
        assert events(bench) == ["InvalidChargePointCertificate"]
    assert bench.certificates.station_identity(NOON) is None
    assert bench.told(UseNetwork) == []


def test_a_chain_that_is_longer_than_the_key_allows_is_rejected(make_bench: Any) -> None:
    bench = secured(make_bench, CertificateSignedMaxChainSize=100)
    trigger(bench)
    assert bring(bench, OPERATOR.sign(csrs(bench)[0])) == "Rejected"


def test_a_csr_that_is_not_answered_by_a_certificate_goes_again_with_the_same_key(make_bench: Any) -> None:
    bench = secured(make_bench, CertSigningWaitMinimum=100, CertSigningRepeatTimes=2)
    trigger(bench)
    counts = []
    for seconds in (99, 2, 198, 2, 2000):
        bench.run(seconds)
        counts.append(len(csrs(bench)))
    assert counts == [1, 2, 2, 3, 3]
    assert len(set(csrs(bench))) == 1
    assert bring(bench, OPERATOR.sign(csrs(bench)[0])) == "Accepted"


def test_a_csr_that_the_back_end_refuses_is_not_sent_again(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.script("SignCertificate", m.SignCertificateResponse(status=GenericStatusEnum.REJECTED))
    trigger(bench)
    bench.run(1000.0)
    assert len(csrs(bench)) == 1


def test_a_certificate_is_renewed_a_month_before_its_end(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_CLIENT_CERTIFICATE, HeartbeatInterval=0)
    renew(bench, days=32)
    bench.forget()
    bench.run(1.9 * DAY)
    assert csrs(bench) == []
    bench.run(0.2 * DAY)
    assert csrs(bench)
    assert bring(bench, OPERATOR.sign(csrs(bench)[0])) == "Accepted"


def test_a_renewed_certificate_that_the_back_end_refuses_gives_way_to_the_old_one(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_CLIENT_CERTIFICATE)
    old = renew(bench)
    linked(bench, 3)
    renew(bench, begins_in=-0.5)
    bench.forget()
    bench.offline()
    bench.tell(OwnCertificateRefused("bad certificate"))
    assert bench.certificates.station_identity(NOON).leaf == old.certificate
    bench.online()
    bench.run(1.0)
    assert "DiscardedRenewedClientCertificate" in events(bench)
    bench.tell(OwnCertificateRefused("bad certificate"))
    assert bench.certificates.station_identity(NOON).leaf == old.certificate


def test_a_station_that_is_not_accepted_yet_gets_its_certificate_too(make_bench: Any) -> None:
    bench = secured(make_bench)
    pending = m.BootNotificationResponse(
        current_time=Timestamp.of(NOON), interval=300, status=RegistrationStatus.PENDING
    )
    bench.script("BootNotification", pending)
    bench.power_cycle()
    bench.forget()
    renew(bench)
    assert bench.actions() == ["SignCertificate"]
    assert bench.certificates.station_identity(NOON) is not None


def test_without_the_name_of_the_operator_no_certificate_is_asked_for(make_bench: Any) -> None:
    bench = secured(make_bench, CpoName="")
    assert trigger(bench) == "Rejected"
    assert csrs(bench) == []


# --- roots ---


def install(bench: Any, use: CertificateUseEnum, pem: str) -> str:
    status: str = bench.call(m.InstallCertificateRequest(certificate_type=use, certificate=pem)).status.value
    return status


def listed(bench: Any, use: CertificateUseEnum) -> tuple[CertificateHashData, ...]:
    answer = bench.call(m.GetInstalledCertificateIdsRequest(certificate_type=use))
    found: tuple[CertificateHashData, ...] = answer.certificate_hash_data or ()
    assert (answer.status.value == "Accepted") == bool(found)
    return found


def named(certificate: x509.Certificate) -> CertificateHashData:
    data = hash_data(certificate, certificate)
    return CertificateHashData(
        hash_algorithm=HashAlgorithmEnum.SHA256,
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
    )


def delete(bench: Any, certificate: x509.Certificate) -> str:
    answer = bench.call(m.DeleteCertificateRequest(certificate_hash_data=named(certificate)))
    status: str = answer.status.value
    return status


@pytest.mark.parametrize(("case", "use"), [("TC_075_1_CP", MAKER_ROOT), ("TC_075_2_CP", CSMS_ROOT)])
def test_tc_075_1_and_tc_075_2_cp_a_root_is_installed_and_listed(
    make_bench: Any, case: str, use: CertificateUseEnum
) -> None:
    bench = secured(make_bench, store=make_store())
    assert listed(bench, use) == ()
    assert install(bench, use, OTHER.pem) == "Accepted"
    assert listed(bench, use) == (named(OTHER.certificate),)


def test_tc_075_2_cp_an_invalid_root_is_rejected(make_bench: Any) -> None:
    bench = secured(make_bench, store=make_store())
    for pem in ("", Authority("old", NOON, days=-1).pem, OTHER.issue("leaf").pem):
        assert install(bench, CSMS_ROOT, pem) == "Rejected"
    assert listed(bench, CSMS_ROOT) == ()


def test_keys_tell_the_limits_of_the_certificate_store(make_bench: Any) -> None:
    bench = secured(make_bench, store=make_store(most=1, signed_by_the_old=True))
    keys = ("CertificateStoreMaxLength", "AdditionalRootCertificateCheck")
    found = bench.call(m.GetConfigurationRequest(key=keys)).configuration_key
    assert [one.value for one in found] == ["1", "true"]
    assert install(bench, MAKER_ROOT, MAKER.pem) == "Accepted"
    assert install(bench, CSMS_ROOT, OPERATOR.pem) == "Rejected"


def test_tc_076_cp_a_root_is_deleted(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert delete(bench, OPERATOR.certificate) == "Accepted"
    assert delete(bench, OPERATOR.certificate) == "NotFound"
    assert listed(bench, CSMS_ROOT) == ()


def test_tc_076_cp_the_root_of_the_connection_is_not_deleted(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_BASIC_AUTH)
    linked(bench, 2, OPERATOR.issue("csms.example").certificate, OPERATOR.certificate)
    assert delete(bench, OPERATOR.certificate) == "Failed"
    assert len(listed(bench, CSMS_ROOT)) == 1


def test_the_stations_own_certificate_is_not_deleted(make_bench: Any) -> None:
    bench = secured(make_bench)
    issued = renew(bench)
    data = hash_data(issued.certificate, OPERATOR.certificate)
    wire = CertificateHashData(
        hash_algorithm=HashAlgorithmEnum.SHA256,
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
    )
    assert bench.call(m.DeleteCertificateRequest(certificate_hash_data=wire)).status.value == "Failed"


def test_tc_078_cp_an_invalid_certificate_of_the_back_end_is_told_once_connected(make_bench: Any) -> None:
    bench = secured(make_bench, SecurityProfile.TLS_BASIC_AUTH)
    bench.offline()
    bench.tell(SecurityEvent("InvalidCsmsCertificate", "certificate has expired"))
    linked(bench, 2)
    bench.run(1.0)
    assert events(bench) == ["InvalidCentralSystemCertificate"]


# --- signed firmware ---

SIGNER = MAKER.issue("firmware")


def signature(image: bytes = b"simulated firmware", signer: Issued = SIGNER) -> str:
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    return base64.b64encode(signer.key.sign(image, ec.ECDSA(hashes.SHA256()))).decode()


def update(
    bench: Any, *, request_id: int = 7, retrieve: float = -7200, install: float | None = None, **firmware: Any
) -> str:
    settings: dict[str, Any] = {
        "location": "https://user:pass@maker.example/f",
        "retrieve_date_time": after(retrieve),
        "install_date_time": None if install is None else after(install),
        "signing_certificate": SIGNER.pem,
        "signature": signature(),
    }
    request = m.SignedUpdateFirmwareRequest(request_id=request_id, firmware=Firmware(**(settings | firmware)))
    status: str = bench.call(request).status.value
    return status


def after(seconds: float) -> Timestamp:
    return Timestamp.of(NOON + timedelta(seconds=seconds))


def steps(bench: Any) -> list[str]:
    return [one.status.value for one in bench.said(m.SignedFirmwareStatusNotificationRequest)]


HAPPY = ["Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"]


def test_tc_080_cp_a_signed_firmware_is_downloaded_verified_and_installed(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert update(bench) == "Accepted"
    bench.run(1.0)
    assert steps(bench) == HAPPY
    assert {one.request_id for one in bench.said(m.SignedFirmwareStatusNotificationRequest)} == {7}
    assert events(bench) == ["FirmwareUpdated"]
    assert "pass" not in repr(bench.events)


def test_tc_080_cp_download_and_installation_wait_for_their_times(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert update(bench, retrieve=60, install=120) == "Accepted"
    bench.run(58.0)
    assert (steps(bench), bench.told(DownloadFirmware)) == (["DownloadScheduled"], [])
    bench.run(10.0)
    assert steps(bench) == ["DownloadScheduled", *HAPPY[:3], "InstallScheduled"]
    bench.run(60.0)
    assert steps(bench)[-2:] == HAPPY[-2:]


def test_installation_waits_for_transactions_and_starts_no_new_ones(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.charge(1)
    update(bench)
    bench.run(1.0)
    assert steps(bench)[-1] == "InstallScheduled"
    assert bench.station.statuses == {0: "Available", 1: "Charging", 2: "Unavailable"}
    bench.unplug(1)
    bench.run(1.0)
    assert steps(bench)[-2:] == HAPPY[-2:]
    assert bench.station.statuses[2] == "Available"


def test_tc_081_cp_a_firmware_with_a_wrong_signature_is_not_installed(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert update(bench, signature=signature(b"another firmware")) == "Accepted"
    bench.run(1.0)
    assert steps(bench) == ["Downloading", "Downloaded", "InvalidSignature"]
    assert events(bench) == ["InvalidFirmwareSignature"]
    assert bench.told(InstallFirmware) == []


def test_a_firmware_of_a_certificate_that_is_not_the_makers_is_not_even_downloaded(make_bench: Any) -> None:
    bench = secured(make_bench)
    for bad in (OTHER.issue("firmware"), OPERATOR.issue("firmware"), MAKER.issue("late", days=-1)):
        bench.forget()
        assert (
            update(bench, signing_certificate=bad.pem, signature=signature(signer=bad))
            == "InvalidCertificate"
        )
        bench.run(1.0)
        assert events(bench) == ["InvalidFirmwareSigningCertificate"]
        assert (steps(bench), bench.told(DownloadFirmware)) == ([], [])


@pytest.mark.parametrize("status", ["DownloadFailed", "InstallationFailed", "InstallVerificationFailed"])
def test_a_failure_ends_the_update(make_bench: Any, status: str) -> None:
    bench = secured(make_bench)
    bench.charger.firmware = b"x"
    update(bench, retrieve=50)
    bench.tell(FirmwareChanged(status))
    assert steps(bench) == ["DownloadScheduled", status]
    bench.run(100.0)
    assert bench.told(DownloadFirmware) == []


def test_a_new_order_takes_the_place_of_one_that_is_not_being_installed(make_bench: Any) -> None:
    bench = secured(make_bench)
    assert update(bench, request_id=1, install=600) == "Accepted"
    assert steps(bench)[-1] == "InstallScheduled"
    assert update(bench, request_id=2) == "AcceptedCanceled"
    bench.run(1.0)
    assert bench.told(CancelFirmware) == [CancelFirmware(1)]
    bench.tell(FirmwareChanged("DownloadFailed", 1))
    assert steps(bench)[-1] == "Installed"
    assert bench.said(m.SignedFirmwareStatusNotificationRequest)[-1].request_id == 2


def test_an_update_outlives_a_restart_and_its_end_is_told_after_it(make_bench: Any) -> None:
    bench = secured(make_bench)
    station = bench.station
    update(bench, install=600)
    bench.power_cycle()
    assert bench.station is not station
    bench.forget()
    bench.run(600.0)
    assert [one.request_id for one in bench.said(m.SignedFirmwareStatusNotificationRequest)] == [7, 7]
    assert steps(bench) == ["Installing", "Installed"]


def test_a_charger_that_died_while_it_installed_can_be_updated_anew(make_bench: Any) -> None:
    bench = secured(make_bench)
    update(bench, install=10)
    bench.charger.receive = lambda item, now: None  # nothing is heard of the installation
    bench.run(11.0)
    assert update(bench, request_id=8) == "Rejected"
    bench.power_cycle()
    trigger(bench, "FirmwareStatusNotification")
    assert steps(bench)[-1] == "Installing"
    assert update(bench, request_id=8) == "AcceptedCanceled"
    bench.run(1.0)
    assert steps(bench)[-1] == "Installed"


def test_a_vehicle_that_comes_while_an_update_waits_is_not_charged(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.charge(1)
    bench.token("OTHER", 2)
    update(bench)
    bench.plug(2)
    bench.run(1.0)
    assert 2 not in bench.station.transaction_ids


def test_a_status_that_the_back_end_missed_is_told_when_it_hears_us_again(make_bench: Any) -> None:
    bench = secured(make_bench)
    update(bench, install=10)
    bench.forget()
    bench.offline()
    bench.run(20.0)
    assert steps(bench) == []
    bench.online()
    bench.run(1.0)
    assert steps(bench) == ["Installed"]


def test_a_charger_may_not_leave_out_the_signature(make_bench: Any) -> None:
    bench = secured(make_bench)
    update(bench, retrieve=50)
    with pytest.raises(StateError):
        bench.station.tell(FirmwareChanged("Downloaded"), bench.now)
    bench.station.tell(FirmwareDownloaded(hashlib.sha256(b"").digest(), 99), bench.now)
    assert steps(bench) == ["DownloadScheduled"]


def test_a_station_for_signed_firmware_takes_no_other(make_bench: Any) -> None:
    bench = secured(make_bench)
    answer = bench.call(m.UpdateFirmwareRequest(location="ftp://x/f", retrieve_date=after(0)))
    assert isinstance(answer, CallFailed)
    assert answer.code is not None
    assert answer.code.value == "NotSupported"


def test_the_state_of_a_signed_update_can_be_asked_for(make_bench: Any) -> None:
    bench = secured(make_bench)
    update(bench, retrieve=50)
    assert trigger(bench, "FirmwareStatusNotification") == "Accepted"
    assert steps(bench) == ["DownloadScheduled", "DownloadScheduled"]
    bench.run(60.0)
    trigger(bench, "FirmwareStatusNotification")
    last = bench.said(m.SignedFirmwareStatusNotificationRequest)[-1]
    assert (last.status.value, last.request_id) == ("Idle", None)


def test_starts_and_resets_and_a_set_clock_are_security_events(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.power_cycle()
    assert events(bench) == ["StartupOfTheDevice"]
    bench.call(m.ResetRequest(type=ResetType.SOFT))
    bench.forget()
    bench.power_cycle()
    assert events(bench) == ["ResetOrReboot"]
    late = Timestamp.of(NOON + timedelta(seconds=bench.now + 60))
    bench.script("Heartbeat", m.HeartbeatResponse(current_time=late))
    trigger(bench, "Heartbeat")
    bench.run(1.0)
    assert events(bench) == ["ResetOrReboot", "SettingSystemTime"]


def test_every_security_event_is_told_to_the_log(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.tell(SecurityEvent("TamperDetectionActivated", "door"))
    assert bench.told(SecurityLogged) == [SecurityLogged("TamperDetectionActivated", "door")]


def test_a_back_end_without_the_whitepaper_holds_nothing_up(make_bench: Any) -> None:
    bench = secured(make_bench)
    bench.script("SecurityEventNotification", lambda request: Refusal(ErrorCode.NOT_IMPLEMENTED))
    bench.tell(SecurityEvent("MemoryExhaustion"))
    bench.plug(1)
    bench.token("TAG", 1)
    bench.run(1.0)
    assert len(bench.said(m.SecurityEventNotificationRequest)) == 1
    assert bench.said(m.StartTransactionRequest)
