"""Security whitepaper of OCPP 1.6: logs, security events, the extended trigger."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.ocpp_client.bridge import LogChanged, LogNamed, SecurityEvent, UploadLog
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.datatypes import LogParameters
from evproto.ocpp_client.v16.enums import (
    LogEnum,
    LogStatusEnum,
    MessageTriggerEnum,
    TriggerMessageStatusEnum,
)


def get_log(request_id: int = 5) -> m.GetLogRequest:
    log = LogParameters(remote_location="sftp://user:pass@host/")
    return m.GetLogRequest(log=log, log_type=LogEnum.SECURITY_LOG, request_id=request_id)


def trigger(bench: Any, message: MessageTriggerEnum, connector_id: int | None = None) -> str:
    request = m.ExtendedTriggerMessageRequest(requested_message=message, connector_id=connector_id)
    status: TriggerMessageStatusEnum = bench.call(request).status
    bench.run(1.0)
    return status.value


def test_tc_079_cp_a_security_log_is_named_then_uploaded(bench: Any) -> None:
    answer = bench.call(get_log())
    assert (answer.status, answer.filename) == (LogStatusEnum.ACCEPTED, "log.txt")
    (request,) = bench.told(UploadLog)
    assert request.kind == "SecurityLog"
    assert "pass" not in repr(request)
    bench.run(1.0)
    found = [(one.status.value, one.request_id) for one in bench.said(m.LogStatusNotificationRequest)]
    assert found == [("Uploading", 5), ("Uploaded", 5)]


def test_a_second_log_cancels_the_one_under_way(bench: Any) -> None:
    bench.tell(LogChanged(4, "Uploading"))
    assert bench.call(get_log()).status is LogStatusEnum.ACCEPTED_CANCELED


def test_a_log_that_the_charger_refuses_is_rejected(bench: Any) -> None:
    bench.station.receive(
        '[2,"x","GetLog",{"log":{"remoteLocation":"x"},"logType":"SecurityLog","requestId":9}]', bench.now
    )
    bench.station.tell(LogNamed(9, None), bench.now)
    assert bench.station.next_output() == '[3,"x",{"status":"Rejected"}]'


def test_security_events_wait_for_the_back_end_over_a_power_failure(bench: Any) -> None:
    bench.offline()
    bench.tell(SecurityEvent("TamperDetectionActivated", "door"))
    bench.power_cycle()
    (event,) = bench.said(m.SecurityEventNotificationRequest)
    assert (event.type, event.tech_info) == ("TamperDetectionActivated", "door")


@pytest.mark.parametrize(
    "message", sorted({one.value for one in MessageTriggerEnum} - {"SignChargePointCertificate"})
)
def test_the_extended_trigger_sends_what_it_names(bench: Any, message: str) -> None:
    assert trigger(bench, MessageTriggerEnum(message), 1) == "Accepted"
    assert bench.actions()[0] == message


def test_the_extended_trigger_knows_its_limits(bench: Any) -> None:
    assert trigger(bench, MessageTriggerEnum.SIGN_CHARGE_POINT_CERTIFICATE) == "NotImplemented"
    assert trigger(bench, MessageTriggerEnum.STATUS_NOTIFICATION, 9) == "Rejected"
    assert bench.calls == []


def test_a_log_status_that_is_asked_for_is_idle_when_none_runs(bench: Any) -> None:
    bench.tell(LogChanged(4, "Uploaded"))
    trigger(bench, MessageTriggerEnum.LOG_STATUS_NOTIFICATION)
    last = bench.said(m.LogStatusNotificationRequest)[-1]
    assert (last.status.value, last.request_id) == ("Idle", None)
