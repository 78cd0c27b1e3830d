"""Firmware, local list, reservation and remote trigger of OCPP 1.6: the certification tool's cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evproto.ocpp_client import Timestamp
from evproto.ocpp_client.bridge import (
    DiagnosticsChanged,
    DiagnosticsNamed,
    FaultRaised,
    FirmwareChanged,
    Start,
    TokenRefused,
    UploadDiagnostics,
)
from evproto.ocpp_client.bridge_security import DownloadFirmware
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.datatypes import AuthorizationData, IdTagInfo
from evproto.ocpp_client.v16.enums import (
    AuthorizationStatus,
    AvailabilityType,
    CancelReservationStatus,
    MessageTrigger,
    RegistrationStatus,
    ReservationStatus,
    TriggerMessageStatus,
    UpdateStatus,
    UpdateType,
)

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))


def after(seconds: float) -> Timestamp:
    return Timestamp.of(NOON + timedelta(seconds=seconds))


# --- local authorization list ---


def entry(
    tag: str, status: AuthorizationStatus | None = AuthorizationStatus.ACCEPTED, **info: Any
) -> AuthorizationData:
    return AuthorizationData(id_tag=tag, id_tag_info=IdTagInfo(status=status, **info) if status else None)


def send_list(bench: Any, version: int, *entries: AuthorizationData, full: bool = True) -> UpdateStatus:
    request = m.SendLocalListRequest(
        list_version=version,
        update_type=UpdateType.FULL if full else UpdateType.DIFFERENTIAL,
        local_authorization_list=entries,
    )
    status: UpdateStatus = bench.call(request).status
    return status


def version_of(bench: Any) -> int:
    return int(bench.call(m.GetLocalListVersionRequest()).list_version)


def test_tc_042_1_cp_a_list_that_is_disabled_has_version_minus_one(bench: Any) -> None:
    bench.configure(LocalAuthListEnabled=False)
    assert version_of(bench) == -1


def test_tc_042_2_cp_an_empty_list_has_version_zero(bench: Any) -> None:
    assert version_of(bench) == 0


def test_tc_043_1_cp_a_list_that_is_disabled_takes_none(bench: Any) -> None:
    bench.configure(LocalAuthListEnabled=False)
    assert send_list(bench, 1, entry("A")) is UpdateStatus.NOT_SUPPORTED


def test_tc_043_2_cp_a_differential_update_of_an_old_version_mismatches(bench: Any) -> None:
    send_list(bench, 5, entry("A"))
    assert send_list(bench, 5, entry("B"), full=False) is UpdateStatus.VERSION_MISMATCH
    assert version_of(bench) == 5


@pytest.mark.parametrize(
    ("version", "entries"),
    [(0, [entry("A")]), (-1, [entry("A")]), (2, [entry("A"), entry("a")]), (2, [entry("A", None)])],
)
def test_tc_043_3_cp_an_unsound_list_fails_and_changes_nothing(
    bench: Any, version: int, entries: list[AuthorizationData]
) -> None:
    send_list(bench, 1, entry("OLD"))
    assert send_list(bench, version, *entries) is UpdateStatus.FAILED
    assert version_of(bench) == 1
    assert bench.store.token("v16.list", "OLD") is not None


def test_a_list_that_outgrows_its_limit_fails_whole(make_bench: Any) -> None:
    bench = make_bench(LocalAuthListMaxLength=2).boot()
    send_list(bench, 1, entry("A"))
    assert send_list(bench, 2, entry("B"), entry("C"), full=False) is UpdateStatus.FAILED
    assert version_of(bench) == 1
    assert bench.store.token("v16.list", "B") is None


def test_tc_043_4_cp_a_full_update_replaces_the_list(bench: Any) -> None:
    assert send_list(bench, 1, entry("A")) is UpdateStatus.ACCEPTED
    assert send_list(bench, 2, entry("B")) is UpdateStatus.ACCEPTED
    assert version_of(bench) == 2
    assert bench.store.token("v16.list", "A") is None


def test_tc_043_5_cp_a_differential_update_adds_changes_and_removes(bench: Any) -> None:
    send_list(bench, 1, entry("A"), entry("B"))
    changed = entry("B", AuthorizationStatus.BLOCKED)
    assert send_list(bench, 2, entry("A", None), changed, entry("C"), full=False) is UpdateStatus.ACCEPTED
    assert bench.store.count_tokens("v16.list") == 2
    assert b"Blocked" in bench.store.token("v16.list", "B")


def test_tc_008_1_cp_a_listed_tag_starts_without_authorize(make_bench: Any) -> None:
    bench = make_bench(LocalPreAuthorize=True).boot()
    send_list(bench, 1, entry("LISTED"))
    bench.plug()
    bench.token("LISTED")
    assert "Authorize" not in bench.actions()
    assert bench.told(Start) == [Start(1)]


def test_a_listed_tag_that_is_blocked_is_asked_about_online(make_bench: Any) -> None:
    bench = make_bench(LocalPreAuthorize=True).boot()
    send_list(bench, 1, entry("LISTED", AuthorizationStatus.BLOCKED))
    bench.plug()
    bench.token("LISTED")
    assert bench.said(m.AuthorizeRequest)


def test_the_list_goes_before_the_cache_offline(bench: Any) -> None:
    bench.token("BOTH")
    bench.token("BOTH")
    send_list(bench, 1, entry("BOTH", AuthorizationStatus.BLOCKED))
    bench.offline()
    bench.plug()
    bench.token("BOTH")
    assert bench.told(TokenRefused) == [TokenRefused("Blocked", 1)]


def test_an_entry_whose_time_is_over_is_expired(bench: Any) -> None:
    send_list(bench, 1, entry("SOON", expiry_date=after(60)))
    bench.offline()
    bench.plug()
    bench.run(61.0)
    bench.token("SOON")
    assert bench.told(TokenRefused) == [TokenRefused("Expired", 1)]


def test_the_list_outlives_a_power_failure(bench: Any) -> None:
    send_list(bench, 3, entry("A"))
    bench.power_cycle()
    assert version_of(bench) == 3


# --- reservation ---


def reserve(bench: Any, connector_id: int, tag: str = "GUEST", **more: Any) -> ReservationStatus:
    request = m.ReserveNowRequest(
        connector_id=connector_id,
        id_tag=tag,
        expiry_date=more.pop("expiry", after(600)),
        reservation_id=more.pop("id", 1),
        **more,
    )
    status: ReservationStatus = bench.call(request).status
    return status


def test_tc_046_cp_a_reserved_connector_starts_for_its_tag_and_names_the_reservation(bench: Any) -> None:
    assert reserve(bench, 1, id=42) is ReservationStatus.ACCEPTED
    assert bench.statuses() == ["Reserved"]
    bench.plug()
    bench.token("OTHER")
    assert not bench.said(m.StartTransactionRequest)
    bench.token("GUEST")
    assert bench.said(m.StartTransactionRequest)[0].reservation_id == 42
    bench.token("GUEST")
    bench.unplug()
    assert bench.statuses()[-1] == "Available"


def test_tc_047_cp_a_reservation_expires(bench: Any) -> None:
    reserve(bench, 1, expiry=after(30))
    bench.run(31.0)
    assert bench.statuses() == ["Reserved", "Available"]
    bench.plug()
    bench.token("OTHER")
    assert bench.told(Start) == [Start(1)]


def test_tc_048_1_and_tc_050_1_cp_a_faulted_place_is_not_reserved(bench: Any) -> None:
    for number in (1, 2):
        bench.tell(FaultRaised(evse_id=number, code="GroundFailure"))
    assert reserve(bench, 1) is ReservationStatus.FAULTED
    assert reserve(bench, 0) is ReservationStatus.FAULTED


def test_tc_048_2_and_tc_050_2_cp_an_occupied_place_is_not_reserved(bench: Any) -> None:
    bench.charge(1)
    bench.plug(2)
    assert reserve(bench, 1) is ReservationStatus.OCCUPIED
    assert reserve(bench, 0) is ReservationStatus.OCCUPIED


def test_tc_048_3_and_tc_050_3_cp_an_unavailable_place_is_not_reserved(bench: Any) -> None:
    bench.call(m.ChangeAvailabilityRequest(connector_id=0, type=AvailabilityType.INOPERATIVE))
    assert reserve(bench, 1) is ReservationStatus.UNAVAILABLE
    assert reserve(bench, 0) is ReservationStatus.UNAVAILABLE


def test_tc_048_4_cp_a_connector_that_does_not_exist_is_not_reserved(bench: Any) -> None:
    assert reserve(bench, 9) is ReservationStatus.REJECTED


def test_tc_050_4_cp_connector_zero_is_not_reserved_where_that_is_not_supported(make_bench: Any) -> None:
    bench = make_bench(ReserveConnectorZeroSupported=False).boot()
    assert reserve(bench, 0) is ReservationStatus.REJECTED


def test_a_connector_is_reserved_once_and_the_same_reservation_may_be_renewed(bench: Any) -> None:
    reserve(bench, 1, id=1)
    assert reserve(bench, 1, id=2) is ReservationStatus.OCCUPIED
    assert reserve(bench, 1, id=1, expiry=after(30)) is ReservationStatus.ACCEPTED
    bench.run(31.0)
    assert bench.statuses()[-1] == "Available"


def test_a_reservation_may_move_to_another_connector(bench: Any) -> None:
    reserve(bench, 1, id=1)
    assert reserve(bench, 2, id=1) is ReservationStatus.ACCEPTED
    assert bench.station.statuses == {0: "Available", 1: "Available", 2: "Reserved"}


def test_tc_049_cp_a_reserved_charge_point_keeps_one_connector_free(bench: Any) -> None:
    assert reserve(bench, 0, id=8) is ReservationStatus.ACCEPTED
    bench.charge(1, "OTHER")
    bench.plug(2)
    bench.token("THIRD", 2)
    assert bench.told(Start) == []
    bench.token("GUEST", 2)
    assert bench.said(m.StartTransactionRequest)[0].reservation_id == 8


def test_tc_051_cp_cancel_reservation(bench: Any) -> None:
    reserve(bench, 1, id=3)
    answer = bench.call(m.CancelReservationRequest(reservation_id=3))
    assert answer.status is CancelReservationStatus.ACCEPTED
    assert bench.statuses() == ["Reserved", "Available"]


def test_tc_052_cp_cancel_of_an_unknown_reservation(bench: Any) -> None:
    reserve(bench, 1, id=3)
    answer = bench.call(m.CancelReservationRequest(reservation_id=4))
    assert answer.status is CancelReservationStatus.REJECTED
    assert bench.statuses() == ["Reserved"]


def test_tc_053_1_cp_the_reserved_parent_lets_a_tag_of_the_group_start(bench: Any) -> None:
    group = IdTagInfo(status=AuthorizationStatus.ACCEPTED, parent_id_tag="GROUP")
    bench.script("Authorize", m.AuthorizeResponse(id_tag_info=group))
    reserve(bench, 1, id=5, parent_id_tag="GROUP")
    bench.plug()
    bench.token("MEMBER")
    assert bench.said(m.StartTransactionRequest)[0].reservation_id == 5


def test_tc_053_2_cp_another_parent_does_not(bench: Any) -> None:
    group = IdTagInfo(status=AuthorizationStatus.ACCEPTED, parent_id_tag="STRANGERS")
    bench.script("Authorize", m.AuthorizeResponse(id_tag_info=group))
    reserve(bench, 1, id=5, parent_id_tag="GROUP")
    bench.plug()
    bench.token("MEMBER")
    assert not bench.said(m.StartTransactionRequest)


def test_a_reserved_connector_refuses_the_remote_start_of_another_tag(bench: Any) -> None:
    reserve(bench, 1)
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="OTHER", connector_id=1))
    assert answer.status.value == "Rejected"
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="GUEST", connector_id=1))
    assert answer.status.value == "Accepted"


def test_a_reservation_outlives_a_power_failure_and_still_expires(bench: Any) -> None:
    reserve(bench, 1, expiry=after(300))
    bench.power_cycle()
    assert bench.station.statuses[1] == "Reserved"
    bench.run(300.0)
    assert bench.station.statuses[1] == "Available"


def test_a_reservation_follows_the_clock_that_the_back_end_sets(bench: Any) -> None:
    reserve(bench, 1, expiry=after(300))
    late = m.BootNotificationResponse(
        status=RegistrationStatus.ACCEPTED, current_time=after(1000), interval=300
    )
    bench.script("BootNotification", late)
    bench.power_cycle()
    assert bench.station.statuses[1] == "Available"


# --- remote trigger ---


def trigger(bench: Any, message: MessageTrigger, connector_id: int | None = None) -> TriggerMessageStatus:
    request = m.TriggerMessageRequest(requested_message=message, connector_id=connector_id)
    status: TriggerMessageStatus = bench.call(request).status
    return status


@pytest.mark.parametrize("message", list(MessageTrigger))
def test_tc_054_cp_every_message_is_triggered(bench: Any, message: MessageTrigger) -> None:
    assert trigger(bench, message, 1) is TriggerMessageStatus.ACCEPTED
    bench.run(1.0)
    assert bench.actions()[0] == message.value


def test_tc_054_cp_without_a_connector_all_are_meant(bench: Any) -> None:
    trigger(bench, MessageTrigger.STATUS_NOTIFICATION)
    bench.run(1.0)
    assert [one.connector_id for one in bench.said(m.StatusNotificationRequest)] == [0, 1, 2]
    bench.forget()
    trigger(bench, MessageTrigger.METER_VALUES)
    bench.run(1.0)
    values = bench.said(m.MeterValuesRequest)
    assert [one.connector_id for one in values] == [1, 2]
    assert values[0].meter_value[0].sampled_value[0].context.value == "Trigger"


def test_tc_055_cp_a_trigger_for_an_unknown_connector_is_rejected(bench: Any) -> None:
    assert trigger(bench, MessageTrigger.STATUS_NOTIFICATION, 9) is TriggerMessageStatus.REJECTED
    bench.run(1.0)
    assert bench.calls == []


def test_a_pending_station_sends_what_is_triggered_and_registers_by_trigger(make_bench: Any) -> None:
    bench = make_bench()
    pending = m.BootNotificationResponse(status=RegistrationStatus.PENDING, current_time=NOON, interval=600)
    bench.script("BootNotification", pending)
    bench.online()
    bench.forget()
    trigger(bench, MessageTrigger.STATUS_NOTIFICATION, 1)
    bench.run(1.0)
    assert bench.actions() == ["StatusNotification"]
    del bench.csms.scripts["BootNotification"]
    trigger(bench, MessageTrigger.BOOT_NOTIFICATION)
    bench.run(1.0)
    assert bench.actions()[1] == "BootNotification"
    assert bench.station.online


# --- firmware management ---


def test_tc_044_1_cp_firmware_is_retrieved_in_time_and_its_way_reported(bench: Any) -> None:
    bench.call(m.UpdateFirmwareRequest(location="ftp://user:pass@host/f", retrieve_date=after(60)))
    bench.run(58.0)
    assert bench.told(DownloadFirmware) == []
    bench.run(2.0)
    assert len(bench.told(DownloadFirmware)) == 1
    assert "pass" not in repr(bench.told(DownloadFirmware))
    found = [one.status.value for one in bench.said(m.FirmwareStatusNotificationRequest)]
    assert found == ["Downloading", "Downloaded", "Installing", "Installed"]


@pytest.mark.parametrize(
    ("case", "steps"),
    [
        ("TC_044_2_CP", ["Downloading", "DownloadFailed"]),
        ("TC_044_3_CP", ["Downloading", "Downloaded", "Installing", "InstallationFailed"]),
    ],
)
def test_tc_044_2_and_3_cp_a_failed_update_is_reported(bench: Any, case: str, steps: list[str]) -> None:
    for step in steps:
        bench.tell(FirmwareChanged(step))
    found = [one.status.value for one in bench.said(m.FirmwareStatusNotificationRequest)]
    assert found == steps
    trigger(bench, MessageTrigger.FIRMWARE_STATUS_NOTIFICATION)
    bench.run(1.0)
    assert bench.said(m.FirmwareStatusNotificationRequest)[-1].status.value == "Idle"


def test_tc_045_1_cp_diagnostics_are_named_then_uploaded(bench: Any) -> None:
    answer = bench.call(m.GetDiagnosticsRequest(location="ftp://user:pass@host/", start_time=NOON))
    assert answer.file_name == "diagnostics.log"
    (request,) = bench.told(UploadDiagnostics)
    assert request.since == "2026-01-01T12:00:00.000Z"
    assert "pass" not in repr(request)
    bench.run(1.0)
    found = [one.status.value for one in bench.said(m.DiagnosticsStatusNotificationRequest)]
    assert found == ["Uploading", "Uploaded"]


def test_tc_045_2_cp_a_failed_upload_is_reported(bench: Any) -> None:
    bench.tell(DiagnosticsNamed(None))
    bench.tell(DiagnosticsChanged("Uploading"))
    trigger(bench, MessageTrigger.DIAGNOSTICS_STATUS_NOTIFICATION)
    bench.tell(DiagnosticsChanged("UploadFailed"))
    found = [one.status.value for one in bench.said(m.DiagnosticsStatusNotificationRequest)]
    assert found == ["Uploading", "Uploading", "UploadFailed"]
