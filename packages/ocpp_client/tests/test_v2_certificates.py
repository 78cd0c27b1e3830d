"""Block M of 2.0.1: roots are installed, listed, deleted, changed; vehicles and OCSP are answered for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from evproto.ocpp_client import Timestamp, Version
from evproto.ocpp_client.bridge_authorization import CertificateHash
from evproto.ocpp_client.bridge_security import (
    ChainStatusBrought,
    ChainStatusNeeded,
    EvCertificateBrought,
    EvCertificateNeeded,
    Linked,
    OcspBrought,
    OcspNeeded,
)
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
from evproto.ocpp_client.certificates.testing import Authority
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import datatypes as datatypes21
from evproto.ocpp_client.v21 import enums as enums21
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes, enums
from evproto.ocpp_client.v201 import messages as m

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OPERATOR, MAKER, OTHER = (Authority(name, NOON) for name in ("operator", "maker", "other"))
USE = enums.InstallCertificateUseEnum
CSMS, MANUFACTURER = USE.CSMS_ROOT_CERTIFICATE, USE.MANUFACTURER_ROOT_CERTIFICATE


def certified(*roots: Authority, signed_by_the_old: bool = False, vault: MemoryVault | None = None) -> Any:
    store = CertificateStore(vault or MemoryVault(), new_key, signed_by_the_old=signed_by_the_old)
    for root in roots:
        store.roots.install(RootUse.CSMS, root.pem, NOON)
    bench = Bench2(parts={"certificates": store}).boot()
    bench.certificates = store
    return bench


def install(bench: Any, pem: str, use: enums.InstallCertificateUseEnum = CSMS) -> str:
    request = m.InstallCertificateRequest(certificate_type=use, certificate=pem)
    status: str = bench.call(request).status.value
    return status


def listed(bench: Any, *uses: str) -> dict[str, list[datatypes.CertificateHashData]]:
    wanted = tuple(map(enums.GetCertificateIdUseEnum, uses)) or None
    answer = bench.call(m.GetInstalledCertificateIdsRequest(certificate_type=wanted))
    found: dict[str, list[datatypes.CertificateHashData]] = {}
    for chain in answer.certificate_hash_data_chain or ():
        found.setdefault(chain.certificate_type.value, []).append(chain.certificate_hash_data)
    assert (answer.status.value == "Accepted") == bool(found)
    return found


def named(
    certificate: x509.Certificate, issuer: x509.Certificate | None = None, algorithm: str = "SHA256"
) -> datatypes.CertificateHashData:
    data = hash_data(certificate, issuer or certificate, HashAlgorithm(algorithm))
    return datatypes.CertificateHashData(
        hash_algorithm=enums.HashAlgorithmEnum(algorithm),
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
    )


def delete(bench: Any, data: datatypes.CertificateHashData) -> str:
    status: str = bench.call(m.DeleteCertificateRequest(certificate_hash_data=data)).status.value
    return status


# --- installing (M05) ---


@pytest.mark.parametrize(("case", "use"), [("TC_M_01_CS", CSMS), ("TC_M_02_CS", MANUFACTURER)])
def test_tc_m_01_and_tc_m_02_cs_a_root_is_installed(case: str, use: enums.InstallCertificateUseEnum) -> None:
    bench = certified()
    assert install(bench, OTHER.pem, use) == "Accepted"
    assert listed(bench, use.value) == {use.value: [named(OTHER.certificate)]}
    assert bench.model.number("SecurityCtrlr", "CertificateEntries") == 1


def test_tc_m_07_cs_an_expired_root_is_rejected() -> None:
    bench = certified(OPERATOR)
    assert install(bench, Authority("old", NOON, days=-1).pem) == "Rejected"
    assert listed(bench, CSMS.value) == {CSMS.value: [named(OPERATOR.certificate)]}


def test_tc_m_09_cs_a_root_that_the_old_one_did_not_sign_is_rejected_where_the_check_is_on() -> None:
    bench = certified(OPERATOR, signed_by_the_old=True)
    checked = Component("SecurityCtrlr"), Variable("AdditionalRootCertificateCheck")
    assert bench.model.value(*checked) == "true"
    assert install(bench, OTHER.pem) == "Rejected"
    assert listed(bench, CSMS.value) == {CSMS.value: [named(OPERATOR.certificate)]}


def reconnected_over(bench: Any, *path: x509.Certificate) -> None:
    bench.offline()
    bench.tell(Linked(1, tuple(one.public_bytes(serialization.Encoding.DER) for one in path)))
    bench.online()


def test_tc_m_30_cs_a_connection_over_the_new_root_removes_the_old_one() -> None:
    bench = certified_link()
    new = OPERATOR.under("new operator")
    assert install(bench, new.pem) == "Accepted"
    reconnected_over(bench, new.issue("csms").certificate, new.certificate)
    assert listed(bench, CSMS.value) == {CSMS.value: [named(new.certificate, OPERATOR.certificate)]}


def test_tc_m_31_cs_a_connection_over_the_old_root_keeps_it() -> None:
    bench = certified_link()
    assert install(bench, OPERATOR.under("new operator").pem) == "Accepted"
    reconnected_over(bench, OPERATOR.issue("csms").certificate, OPERATOR.certificate)
    assert named(OPERATOR.certificate) in listed(bench, CSMS.value)[CSMS.value]


def certified_link() -> Any:
    store = CertificateStore(MemoryVault(), new_key, signed_by_the_old=True)
    store.roots.install(RootUse.CSMS, OPERATOR.pem, NOON)
    profile = NetworkProfile(
        url="wss://csms.example",
        identity="CS1",
        security=SecurityProfile.TLS_BASIC_AUTH,
        password="first-password-of-all",
        from_store=True,
    )
    bench = Bench2(parts={"certificates": store, "profile": profile}).boot()
    bench.certificates = store
    return bench


# --- listing (M03) ---


@pytest.mark.parametrize(
    ("case", "uses"),
    [
        ("TC_M_12_CS", (CSMS.value,)),
        ("TC_M_13_CS", (MANUFACTURER.value,)),
        ("TC_M_17_CS", (CSMS.value, MANUFACTURER.value)),
        ("TC_M_18_CS", ()),
    ],
)
def test_tc_m_12_to_tc_m_18_cs_what_is_installed_is_listed_by_use(case: str, uses: tuple[str, ...]) -> None:
    bench = certified()
    install(bench, OPERATOR.pem)
    install(bench, MAKER.pem, MANUFACTURER)
    everything = {CSMS.value: [named(OPERATOR.certificate)], MANUFACTURER.value: [named(MAKER.certificate)]}
    assert listed(bench, *uses) == {use: everything[use] for use in uses or everything}


def test_tc_m_19_cs_nothing_of_that_use_is_not_found() -> None:
    assert listed(certified(OPERATOR), "MORootCertificate") == {}


def test_a_v2g_chain_is_listed_with_its_sub_cas() -> None:
    bench = certified()
    store = bench.certificates
    store.roots.install(RootUse.V2G, OTHER.pem, NOON)
    csr = store.own.request(OwnUse.V2G, Subject(common_name="SECC", organization="CPO"))
    store.own.accept(OwnUse.V2G, OTHER.under("sub").sign(csr).chain_pem, NOON)
    answer = bench.call(m.GetInstalledCertificateIdsRequest())
    (chain,) = [
        one
        for one in answer.certificate_hash_data_chain
        if one.certificate_type.value == "V2GCertificateChain"
    ]
    assert len(chain.child_certificate_hash_data) == 1


# --- deleting (M04) ---


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA384", "SHA512"])
def test_tc_m_20_cs_a_root_is_deleted(algorithm: str) -> None:
    bench = certified(OPERATOR)
    assert delete(bench, named(OPERATOR.certificate, algorithm=algorithm)) == "Accepted"
    assert listed(bench, CSMS.value) == {}
    assert bench.model.number("SecurityCtrlr", "CertificateEntries") == 0


def test_tc_m_22_cs_what_is_not_installed_is_not_found() -> None:
    assert delete(certified(OPERATOR), named(OTHER.certificate)) == "NotFound"


def test_tc_m_23_cs_the_certificate_of_the_station_is_not_deleted() -> None:
    bench = certified(OPERATOR)
    own = bench.certificates.own
    csr = own.request(OwnUse.CHARGING_STATION, Subject(common_name="SN-1", organization="CPO"))
    issued = OPERATOR.sign(csr)
    own.accept(OwnUse.CHARGING_STATION, issued.chain_pem, NOON)
    assert set(listed(bench)) == {CSMS.value}
    assert delete(bench, named(issued.certificate, OPERATOR.certificate)) == "Failed"
    assert bench.certificates.station_identity(NOON) is not None


# --- for vehicles (M01, M02, M06, M07) ---

NAMED = CertificateHash(
    algorithm="SHA256",
    issuer_name_hash="aa",
    issuer_key_hash="bb",
    serial_number="1",
    responder_url="http://x/",
)


def test_a_contract_certificate_is_fetched_for_a_vehicle() -> None:
    bench = certified()
    bench.script(
        "Get15118EVCertificate",
        m.Get15118EVCertificateResponse(
            status=enums.Iso15118EVCertificateStatusEnum.ACCEPTED, exi_response="gJgC"
        ),
    )
    bench.tell(EvCertificateNeeded(id=4, request="gJgA", schema="urn:iso:15118:2:2013:MsgDef"))
    (asked,) = bench.said(m.Get15118EVCertificateRequest)
    assert (asked.exi_request, asked.action.value) == ("gJgA", "Install")
    assert bench.told(EvCertificateBrought) == [EvCertificateBrought(4, "gJgC")]


def test_a_vehicle_hears_that_there_is_no_certificate_for_it() -> None:
    bench = certified()
    bench.script(
        "Get15118EVCertificate",
        m.Get15118EVCertificateResponse(status=enums.Iso15118EVCertificateStatusEnum.FAILED, exi_response=""),
    )
    bench.tell(EvCertificateNeeded(id=4, request="gJgA", schema="x"))
    bench.offline()
    bench.tell(EvCertificateNeeded(id=5, request="gJgA", schema="x"))
    assert bench.told(EvCertificateBrought) == [EvCertificateBrought(4), EvCertificateBrought(5)]


def test_the_back_end_asks_after_a_certificate() -> None:
    bench = certified()
    bench.script(
        "GetCertificateStatus",
        m.GetCertificateStatusResponse(
            status=enums.GetCertificateStatusEnum.ACCEPTED, ocsp_result="T0NTUA=="
        ),
    )
    bench.tell(OcspNeeded(id=1, certificate=NAMED))
    (asked,) = bench.said(m.GetCertificateStatusRequest)
    assert asked.ocsp_request_data.responder_url == "http://x/"
    assert bench.told(OcspBrought) == [OcspBrought(1, "T0NTUA==")]


def test_in_2_1_a_whole_chain_is_asked_after_at_once() -> None:
    parts = {"certificates": CertificateStore(MemoryVault(), new_key)}
    bench = Bench2(Version.V21, parts=parts).boot()

    def answer(request: Any) -> Any:
        (asked,) = request.certificate_status_requests
        status = datatypes21.CertificateStatus(
            certificate_hash_data=asked.certificate_hash_data,
            source=asked.source,
            status=enums21.CertificateStatusEnum.REVOKED,
            next_update=Timestamp.of(NOON),
        )
        return m21.GetCertificateChainStatusResponse(certificate_status=(status,))

    bench.script("GetCertificateChainStatus", answer)
    bench.tell(ChainStatusNeeded(id=3, certificates=(NAMED,)))
    assert bench.told(ChainStatusBrought) == [ChainStatusBrought(3, ("Revoked",))]


def test_2_0_1_has_no_question_for_a_whole_chain() -> None:
    bench = certified()
    bench.tell(ChainStatusNeeded(id=3, certificates=(NAMED,)))
    assert bench.told(ChainStatusBrought) == [ChainStatusBrought(3)]
    assert bench.calls == []
