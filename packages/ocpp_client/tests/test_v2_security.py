"""Block A of 2.0.1: passwords, security profiles, the station's certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from evproto.core import StateError
from evproto.ocpp_client import OcppStruct, Timestamp, Version
from evproto.ocpp_client.bridge import Restart, SecurityEvent
from evproto.ocpp_client.bridge_security import Linked, OwnCertificateRefused, UseNetwork
from evproto.ocpp_client.certificates import CertificateStore, MemoryVault, RootUse, new_key
from evproto.ocpp_client.certificates.testing import Authority, Issued
from evproto.ocpp_client.codec import from_builtins, to_builtins
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import enums as enums21
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes, enums
from evproto.ocpp_client.v201 import messages as m

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = 86_400.0
OPERATOR = Authority("operator", NOON)
OTHER = Authority("other", NOON)


def secured(
    security: SecurityProfile = SecurityProfile.BASIC_AUTH,
    *,
    roots: tuple[Authority, ...] = (OPERATOR,),
    version: Version = Version.V201,
    **settings: Any,
) -> Any:
    store = CertificateStore(MemoryVault(), new_key)
    for root in roots:
        store.roots.install(RootUse.CSMS, root.pem, NOON)
    profile = NetworkProfile(
        url=f"{'wss' if security.has_tls else 'ws'}://csms.example/ocpp",
        identity="CS1",
        security=security,
        password="first-password-of-all",
        from_store=True,
    )
    bench = Bench2(
        version,
        about={"serial_number": "SN-1"},
        settings={"SecurityCtrlr.OrganizationName": "CPO"} | settings,
        parts={"profile": profile, "certificates": store},
    ).boot()
    bench.certificates = store
    bench.run(1.0)
    bench.forget()
    return bench


def call(bench: Any, request: OcppStruct) -> Any:
    """2.1 is a superset: what is written in the structs of 2.0.1 is a request there, too."""
    action = Version.V201.action_of[type(request)]
    kind = bench.version.actions[action][0]
    return bench.call(from_builtins(kind, to_builtins(request)))


def set_variable(bench: Any, component: str, variable: str, value: str) -> str:
    data = datatypes.SetVariableData(
        component=datatypes.Component(name=component),
        variable=datatypes.Variable(name=variable),
        attribute_value=value,
    )
    (result,) = call(bench, m.SetVariablesRequest(set_variable_data=(data,))).set_variable_result
    status: str = result.attribute_status.value
    return status


def get_variable(bench: Any, component: str, variable: str) -> Any:
    data = datatypes.GetVariableData(
        component=datatypes.Component(name=component), variable=datatypes.Variable(name=variable)
    )
    (result,) = call(bench, m.GetVariablesRequest(get_variable_data=(data,))).get_variable_result
    return result


def set_profile(bench: Any, slot: int, security: int, url: str | None = None) -> str:
    data = datatypes.NetworkConnectionProfile(
        ocpp_version=enums.OCPPVersionEnum.OCPP20,
        ocpp_transport=enums.OCPPTransportEnum.JSON,
        ocpp_csms_url=url or f"{'wss' if security > 1 else 'ws'}://other.example/ocpp",
        message_timeout=30,
        security_profile=security,
        ocpp_interface=enums.OCPPInterfaceEnum.WIRED0,
    )
    request = m.SetNetworkProfileRequest(configuration_slot=slot, connection_data=data)
    status: str = call(bench, request).status.value
    return status


def events(bench: Any) -> list[str]:
    return [one.type for one in bench.said(m.SecurityEventNotificationRequest)]


def trigger(bench: Any) -> str:
    message = enums.MessageTriggerEnum.SIGN_CHARGING_STATION_CERTIFICATE
    status: str = bench.call(m.TriggerMessageRequest(requested_message=message)).status.value
    return status


def csrs(bench: Any) -> list[str]:
    return [one.csr for one in bench.said(m.SignCertificateRequest)]


def bring(bench: Any, issued: Issued) -> str:
    use = enums.CertificateSigningUseEnum.CHARGING_STATION_CERTIFICATE
    request = m.CertificateSignedRequest(certificate_chain=issued.chain_pem, certificate_type=use)
    status: str = bench.call(request).status.value
    return status


def renew(bench: Any, **how: Any) -> Issued:
    assert trigger(bench) == "Accepted"
    issued = OPERATOR.sign(csrs(bench)[-1], **how)
    assert bring(bench, issued) == "Accepted"
    return issued


def linked(bench: Any, slot: int) -> None:
    bench.offline()
    bench.tell(Linked(slot))
    bench.online()


# --- the connection (A00) ---


def test_tc_a_01_cs_the_connection_carries_identity_and_password() -> None:
    bench = secured()
    profile = bench.station.network.profiles[1]
    assert (profile.identity, profile.password) == ("CS1", "first-password-of-all")
    assert profile.security is SecurityProfile.BASIC_AUTH


def test_an_invalid_certificate_of_the_back_end_is_told_once_connected() -> None:
    bench = secured(SecurityProfile.TLS_BASIC_AUTH)
    bench.offline()
    bench.tell(SecurityEvent("InvalidCsmsCertificate", "certificate has expired"))
    bench.online()
    bench.run(1.0)
    assert events(bench) == ["InvalidCsmsCertificate"]


# --- the password (A01) ---


def test_tc_a_09_cs_a_new_password_is_used_from_a_reconnection_on() -> None:
    bench = secured()
    assert set_variable(bench, "SecurityCtrlr", "BasicAuthPassword", "new-password-of-16") == "Accepted"
    (order,) = bench.told(UseNetwork)
    assert order.reconnect
    assert order.profiles[1].password == "new-password-of-16"
    bench.run(1.0)
    assert events(bench) == ["ReconfigurationOfSecurityParameters"]
    assert "new-password-of-16" not in repr(bench.events) + repr(bench.calls)
    bench.power_cycle()
    assert bench.station.network.profiles[1].password == "new-password-of-16"


@pytest.mark.parametrize("password", ["too-short", "x" * 41, "with a space in it", "sixteen-letters-ü"])
def test_tc_a_10_cs_a_password_that_is_none_is_rejected_and_the_old_one_stays(password: str) -> None:
    bench = secured()
    assert set_variable(bench, "SecurityCtrlr", "BasicAuthPassword", password) == "Rejected"
    assert bench.told(UseNetwork) == []
    assert bench.station.network.profiles[1].password == "first-password-of-all"


def test_the_password_is_never_read_out() -> None:
    bench = secured()
    assert get_variable(bench, "SecurityCtrlr", "BasicAuthPassword").attribute_value is None


@pytest.mark.parametrize("case", ["TC_A_04_CS", "TC_A_07_CS"])
def test_tc_a_04_and_tc_a_07_cs_tls_takes_roots_and_certificate_from_the_store(case: str) -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE)
    renew(bench)
    (order,) = bench.told(UseNetwork)
    assert order.profiles[1].from_store
    assert order.profiles[1].url.startswith("wss://")
    assert bench.certificates.trusts_csms(NOON)
    key = bench.certificates.station_identity(NOON).leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.key_size >= 224


# --- the station's certificate (A02, A03) ---


def test_tc_a_11_cs_a_certificate_is_renewed_by_request() -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE)
    issued = renew(bench)
    csr = x509.load_pem_x509_csr(csrs(bench)[0].encode())
    assert csr.subject.rfc4514_string() == "O=CPO,CN=SN-1"
    assert bench.certificates.station_identity(NOON).leaf == issued.certificate
    assert [one.reconnect for one in bench.told(UseNetwork)] == [True]


def test_tc_a_14_cs_an_invalid_certificate_is_discarded_and_told() -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE)
    assert trigger(bench) == "Accepted"
    assert bring(bench, OTHER.sign(csrs(bench)[0])) == "Rejected"
    bench.run(1.0)
    assert events(bench) == ["InvalidChargingStationCertificate"]
    assert bench.certificates.station_identity(NOON) is None


def test_tc_a_15_cs_a_csr_that_is_refused_is_not_sent_again() -> None:
    bench = secured()
    bench.script("SignCertificate", m.SignCertificateResponse(status=enums.GenericStatusEnum.REJECTED))
    assert trigger(bench) == "Accepted"
    bench.run(10_000.0)
    assert len(csrs(bench)) == 1


def test_a_station_that_is_not_accepted_yet_gets_its_certificate_too() -> None:
    bench = secured()
    pending = m.BootNotificationResponse(
        current_time=Timestamp.of(NOON), interval=300, status=enums.RegistrationStatusEnum.PENDING
    )
    bench.script("BootNotification", pending)
    bench.power_cycle()
    bench.forget()
    renew(bench)
    assert bench.actions() == ["SignCertificate"]


def test_tc_a_23_cs_a_csr_that_brings_no_certificate_is_sent_again_after_doubled_waits() -> None:
    bench = secured(**{"SecurityCtrlr.CertSigningWaitMinimum": 60, "SecurityCtrlr.CertSigningRepeatTimes": 2})
    assert trigger(bench) == "Accepted"
    counts = []
    for seconds in (59, 2, 118, 2, 5000):
        bench.run(seconds)
        counts.append(len(csrs(bench)))
    assert counts == [1, 2, 2, 3, 3]
    assert bring(bench, OPERATOR.sign(csrs(bench)[0])) == "Accepted"


def test_a_certificate_is_renewed_by_itself_a_month_before_its_end() -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE)
    renew(bench, days=31)
    bench.forget()
    bench.run(1.1 * DAY)
    assert csrs(bench)


def test_a_renewed_certificate_that_does_not_connect_gives_way_to_the_old_one() -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE)
    old = renew(bench)
    linked(bench, 1)
    renew(bench, begins_in=-0.5)
    bench.tell(OwnCertificateRefused("unknown ca"))
    bench.run(1.0)
    assert bench.certificates.station_identity(NOON).leaf == old.certificate
    assert events(bench)[-1] == "DiscardedRenewedClientCertificate"


def test_in_2_1_a_csr_has_a_number() -> None:
    bench = secured(version=Version.V21)
    message = enums21.MessageTriggerEnum.SIGN_CHARGING_STATION_CERTIFICATE
    bench.call(m21.TriggerMessageRequest(requested_message=message))
    (request,) = bench.said(m21.SignCertificateRequest)
    assert request.request_id == 1


# --- the security profile (A05) ---


def test_tc_a_19_cs_the_security_profile_is_raised_by_a_network_profile() -> None:
    bench = secured()
    assert set_profile(bench, 2, 2) == "Accepted"
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1") == "RebootRequired"
    bench.call(m.ResetRequest(type=enums.ResetEnum.ON_IDLE))
    bench.run(1.0)
    assert bench.told(Restart)
    bench.power_cycle(online=False)
    assert bench.station.network.order == (2, 1)
    assert bench.station.network.profiles[2].url == "wss://other.example/ocpp"
    bench.forget()
    linked(bench, 2)
    bench.run(1.0)
    assert get_variable(bench, "SecurityCtrlr", "SecurityProfile").attribute_value == "2"
    assert get_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority").attribute_value == "2"
    assert bench.told(UseNetwork)[-1].order == (2,)
    bench.power_cycle()
    assert bench.station.network.order == (2,)


def test_the_old_profile_stays_where_the_new_one_does_not_connect() -> None:
    bench = secured()
    set_profile(bench, 2, 2)
    set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1")
    bench.power_cycle(online=False)
    linked(bench, 1)
    assert bench.station.network.order == (2, 1)
    assert get_variable(bench, "SecurityCtrlr", "SecurityProfile").attribute_value == "1"
    assert get_variable(bench, "OCPPCommCtrlr", "ActiveNetworkProfile").attribute_value == "1"


def test_tc_a_20_cs_without_a_root_there_is_no_tls() -> None:
    bench = secured(roots=())
    assert set_profile(bench, 2, 2) == "Accepted"
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1") == "Rejected"


def test_tc_a_21_cs_without_a_certificate_there_is_no_profile_3() -> None:
    bench = secured()
    assert set_profile(bench, 2, 3) == "Accepted"
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1") == "Rejected"
    renew(bench)
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1") == "RebootRequired"


@pytest.mark.parametrize(("reached", "asked"), [(2, 1), (3, 2), (3, 1)])
def test_tc_a_22_cs_a_profile_of_lower_security_is_rejected(reached: int, asked: int) -> None:
    bench = secured(SecurityProfile(reached))
    assert set_profile(bench, 2, asked) == "Rejected"


def test_a_profile_of_lower_security_is_not_even_a_way_back() -> None:
    bench = secured()
    set_profile(bench, 2, 2)
    set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1")
    bench.power_cycle(online=False)
    linked(bench, 1)
    assert bench.station.network.last_good == 1
    linked(bench, 2)
    network = bench.station.network
    assert {one.security for one in network.profiles.values()} == {SecurityProfile.TLS_BASIC_AUTH}
    bench.model.write(Component("OCPPCommCtrlr"), Variable("NetworkConfigurationPriority"), "3", bench.now)
    assert bench.station.network.profiles[1].security is SecurityProfile.TLS_BASIC_AUTH


def test_2_1_may_allow_the_way_from_profile_3_to_profile_2() -> None:
    bench = secured(SecurityProfile.TLS_CLIENT_CERTIFICATE, version=Version.V21)
    assert set_profile(bench, 2, 2) == "Rejected"
    assert set_variable(bench, "SecurityCtrlr", "AllowSecurityProfileDowngrade", "true") == "Accepted"
    assert set_profile(bench, 2, 1) == "Rejected"
    assert set_profile(bench, 2, 2) == "Accepted"
    set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2")
    bench.power_cycle(online=False)
    linked(bench, 2)
    assert get_variable(bench, "SecurityCtrlr", "SecurityProfile").attribute_value == "2"


@pytest.mark.parametrize(
    ("slot", "security", "url"),
    [(9, 1, None), (1, 1, None), (2, 1, "wss://x"), (2, 2, "ws://x"), (2, 7, None), (2, 1, "nonsense")],
)
def test_tc_b_43_cs_a_profile_that_cannot_be_used_is_rejected(
    slot: int, security: int, url: str | None
) -> None:
    bench = secured()
    linked(bench, 1)
    assert set_profile(bench, slot, security, url) == "Rejected"


def test_a_priority_of_slots_without_a_profile_is_rejected() -> None:
    bench = secured()
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "3,1") == "Rejected"


def test_a_station_without_a_network_profile_manages_none() -> None:
    bench = Bench2().boot()
    with pytest.raises(StateError):
        _ = bench.station.network
    assert bench.model.value(Component("SecurityCtrlr"), Variable("SecurityProfile")) == "1"


def test_tc_b_45_cs_another_back_end_of_the_same_security_is_connected_to_after_a_restart() -> None:
    bench = secured()
    assert set_profile(bench, 2, 1) == "Accepted"
    assert set_variable(bench, "OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1") == "RebootRequired"
    assert bench.station.network.order == (1,)
    bench.power_cycle(online=False)
    network = bench.station.network
    assert (network.order, network.profiles[2].url) == ((2, 1), "ws://other.example/ocpp")
    assert network.profiles[2].versions == (Version.V201,)
    linked(bench, 2)
    assert get_variable(bench, "OCPPCommCtrlr", "ActiveNetworkProfile").attribute_value == "2"
    assert set_profile(bench, 1, 1) == "Accepted"
