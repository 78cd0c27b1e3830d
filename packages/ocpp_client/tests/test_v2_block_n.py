"""Block N of part 6: diagnostics, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.ocpp_client.bridge import LogChanged, LogNamed, SecurityEvent, UploadLog
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

PLACE = "https://logs.example/upload"


def get_log(bench: Bench2, request_id: int = 1, kind: str = "DiagnosticsLog", **more: Any) -> Any:
    return bench.call(
        m.GetLogRequest(
            log=d.LogParameters(remote_location=PLACE),
            log_type=e.LogEnum(kind),
            request_id=request_id,
            **more,
        )
    )


def log_statuses(bench: Bench2) -> list[tuple[int | None, str]]:
    return [(one.request_id, one.status.value) for one in bench.said(m.LogStatusNotificationRequest)]


# --- logs ---


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("DiagnosticsLog", id="TC_N_25_CS"),
        pytest.param("SecurityLog", id="TC_N_35_CS"),
    ],
)
def test_a_log_is_uploaded(kind: str) -> None:
    bench = Bench2().boot()
    bench.charger.upload_time = 10.0
    answer = get_log(bench, 5, kind)
    assert answer.status is e.LogStatusEnum.ACCEPTED
    assert answer.filename
    assert bench.told(UploadLog)[0].kind == kind
    assert log_statuses(bench) == [(5, "Uploading")]
    bench.run(10.0)
    assert log_statuses(bench) == [(5, "Uploading"), (5, "Uploaded")]


def test_tc_n_26_cs_an_upload_that_fails_is_tried_again(bench2: Bench2) -> None:
    bench2.charger.uploads_fail = True
    began = bench2.now
    assert get_log(bench2, 5, retries=3, retry_interval=10).status is e.LogStatusEnum.ACCEPTED
    assert log_statuses(bench2) == [(5, "Uploading")]
    while log_statuses(bench2)[-1][1] != "UploadFailure":
        bench2.run(1.0)
        assert bench2.now < 100.0
    assert bench2.now - began == pytest.approx(3 * 10.0, abs=1.0)
    bench2.run(60.0)
    assert log_statuses(bench2)[-1] == (5, "UploadFailure")
    assert log_statuses(bench2).count((5, "UploadFailure")) == 1


def test_tc_n_36_cs_a_second_request_takes_the_place_of_the_first(bench2: Bench2) -> None:
    bench2.charger.upload_time = 10.0
    assert get_log(bench2, 1).status is e.LogStatusEnum.ACCEPTED
    assert log_statuses(bench2) == [(1, "Uploading")]
    bench2.forget()
    assert get_log(bench2, 2).status is e.LogStatusEnum.ACCEPTED_CANCELED
    bench2.run(30.0)
    assert log_statuses(bench2) == [(1, "AcceptedCanceled"), (2, "Uploading"), (2, "Uploaded")]


def test_what_is_told_of_a_cancelled_upload_is_not_passed_on(bench2: Bench2) -> None:
    bench2.charger.upload_time = 10.0
    get_log(bench2, 1)
    get_log(bench2, 2)
    bench2.forget()
    bench2.tell(LogChanged(1, "Uploaded"))
    assert log_statuses(bench2) == []


@pytest.mark.parametrize("answers", [True, False])
def test_where_there_is_no_log_the_request_is_rejected(bench2: Bench2, answers: bool) -> None:
    bench2.charger.receive = lambda item, now: None  # type: ignore[method-assign]
    request = m.GetLogRequest(
        log=d.LogParameters(remote_location=PLACE), log_type=e.LogEnum.SECURITY_LOG, request_id=9
    )
    bench2.csms.call(request, bench2.now)
    bench2.pump()
    if answers:
        bench2.tell(LogNamed(9, None))
    bench2.run(21.0)
    assert [answer.status.value for answer in bench2.answers] == ["Rejected"]


def test_how_an_upload_ended_is_told_after_an_absence_of_the_link(bench2: Bench2) -> None:
    bench2.charger.upload_time = 10.0
    get_log(bench2, 3)
    bench2.offline()
    bench2.run(20.0)
    bench2.forget()
    bench2.online()
    bench2.run(1.0)
    assert log_statuses(bench2) == [(3, "Uploaded")]


# --- security events ---


def test_security_events_arrive_after_an_absence_of_the_link_and_a_restart(bench2: Bench2) -> None:
    bench2.offline()
    bench2.tell(SecurityEvent("InvalidMessages", "twice"), SecurityEvent("TamperDetectionActivated"))
    bench2.power_cycle()
    said = bench2.said(m.SecurityEventNotificationRequest)
    assert [event.type for event in said] == [
        "InvalidMessages",
        "TamperDetectionActivated",
        "StartupOfTheDevice",
    ]
    assert said[0].tech_info == "twice"
    assert len(bench2.store) == 0


# --- customer information ---

TOKEN = d.IdToken(id_token="CUSTOMER", type=e.IdTokenEnum.ISO14443)


def remembered(bench: Bench2) -> None:
    """The token is in the authorization cache: its driver has charged here."""
    bench.token("CUSTOMER")
    bench.plug()
    bench.run(5.0)
    bench.token("CUSTOMER")
    bench.unplug()
    bench.run(1.0)
    bench.forget()


@pytest.fixture
def cached() -> Bench2:
    settings = {"AuthCacheCtrlr.Enabled": True, "AuthCtrlr.LocalPreAuthorize": True}
    bench: Bench2 = Bench2(settings=settings).boot()
    remembered(bench)
    return bench


def ask(bench: Bench2, *, report: bool = True, clear: bool = False, **who: Any) -> str:
    """CustomerInformation; gives its status."""
    bench.forget()
    who = who or {"id_token": TOKEN}
    request = m.CustomerInformationRequest(request_id=8, report=report, clear=clear, **who)
    status = str(bench.call(request).status.value)
    bench.run(1.0)
    return status


def customer_data(bench: Bench2) -> str:
    """All parts together."""
    parts = bench.said(m.NotifyCustomerInformationRequest)
    assert [part.seq_no for part in parts] == list(range(len(parts)))
    assert [part.tbc for part in parts] == [True] * (len(parts) - 1) + [False]
    assert {part.request_id for part in parts} == {8}
    return "".join(part.data for part in parts)


def test_tc_n_27_cs_what_is_known_of_a_token_is_told(cached: Bench2) -> None:
    assert ask(cached) == "Accepted"
    assert "authorization cache: ISO14443 CUSTOMER, Accepted" in customer_data(cached)


def test_tc_n_28_cs_where_nothing_is_known_the_report_is_empty(bench2: Bench2) -> None:
    assert ask(bench2) == "Accepted"
    assert customer_data(bench2) == ""


def test_tc_n_30_cs_what_is_known_is_told_and_forgotten(cached: Bench2) -> None:
    assert ask(cached, clear=True) == "Accepted"
    assert "CUSTOMER" in customer_data(cached)
    assert ask(cached) == "Accepted"
    assert customer_data(cached) == ""
    cached.forget()
    cached.token("CUSTOMER")
    assert cached.actions()[0] == "Authorize"


def test_tc_n_31_cs_where_nothing_is_known_nothing_is_told_nor_forgotten(bench2: Bench2) -> None:
    assert ask(bench2, clear=True) == "Accepted"
    assert customer_data(bench2) == ""


def test_tc_n_32_cs_forgetting_without_a_report_is_confirmed(cached: Bench2) -> None:
    assert ask(cached, report=False, clear=True) == "Accepted"
    assert "CUSTOMER" not in customer_data(cached)
    assert "cleared" in customer_data(cached)
    assert ask(cached) == "Accepted"
    assert customer_data(cached) == ""


def test_tc_n_62_cs_a_customer_of_the_operators_own_naming_is_told_and_forgotten(bench2: Bench2) -> None:
    bench2.charger.customers["customer-7"] = "Jane, 7 sessions. " * 50
    assert ask(bench2, clear=True, customer_identifier="customer-7") == "Accepted"
    assert len(bench2.said(m.NotifyCustomerInformationRequest)) == 2
    assert customer_data(bench2) == "Jane, 7 sessions. " * 50
    assert ask(bench2, customer_identifier="customer-7") == "Accepted"
    assert customer_data(bench2) == ""


def test_the_local_list_is_told_and_not_cleared() -> None:
    settings = {"LocalAuthListCtrlr.Enabled": True, "AuthCtrlr.LocalPreAuthorize": True}
    bench = Bench2(settings=settings).boot()
    entry = d.AuthorizationData(
        id_token=TOKEN, id_token_info=d.IdTokenInfo(status=e.AuthorizationStatusEnum.BLOCKED)
    )
    bench.call(
        m.SendLocalListRequest(
            version_number=1, update_type=e.UpdateEnum.FULL, local_authorization_list=(entry,)
        )
    )
    assert ask(bench, clear=True) == "Accepted"
    assert ask(bench) == "Accepted"
    assert customer_data(bench) == "local list: ISO14443 CUSTOMER, Blocked"


def test_a_running_transaction_is_told(bench2: Bench2) -> None:
    transaction_id = bench2.charge(1, "CUSTOMER")
    assert ask(bench2) == "Accepted"
    assert f"transaction {transaction_id} at EVSE 1" in customer_data(bench2)


@pytest.mark.parametrize("who", [{}, {"id_token": TOKEN, "customer_identifier": "x"}])
def test_a_customer_is_named_in_exactly_one_way(bench2: Bench2, who: dict[str, Any]) -> None:
    """N09.FR.09."""
    request = m.CustomerInformationRequest(request_id=8, report=True, clear=False, **who)
    assert bench2.call(request).status is e.CustomerInformationStatusEnum.INVALID
    assert bench2.calls == []


def test_an_application_that_is_silent_does_not_keep_the_report(bench2: Bench2) -> None:
    bench2.charger.receive = lambda item, now: None  # type: ignore[method-assign]
    ask(bench2)
    assert bench2.said(m.NotifyCustomerInformationRequest) == []
    bench2.run(31.0)
    assert customer_data(bench2) == ""


def test_only_so_many_customers_are_looked_for_at_a_time(bench2: Bench2) -> None:
    bench2.charger.receive = lambda item, now: None  # type: ignore[method-assign]
    statuses = [
        bench2.call(
            m.CustomerInformationRequest(request_id=number, report=True, clear=False, id_token=TOKEN)
        ).status.value
        for number in (1, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    ]
    assert statuses == ["Accepted", "Rejected", *["Accepted"] * 7, "Rejected"]
