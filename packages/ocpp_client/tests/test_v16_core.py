"""Core profile of OCPP 1.6: the cases of the certification tool for charge points, in virtual time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evproto.core import EncodeError
from evproto.ocpp_client import CallFailed, ErrorCode, Timestamp
from evproto.ocpp_client.bridge import (
    DataAnswered,
    FaultCleared,
    FaultRaised,
    Pause,
    Restart,
    Start,
    Stop,
    StopPressed,
    TokenRefused,
    Unlock,
)
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.datatypes import IdTagInfo
from evproto.ocpp_client.v16.enums import (
    AuthorizationStatus,
    AvailabilityType,
    ClearCacheStatus,
    ConfigurationStatus,
    DataTransferStatus,
    Reason,
    RegistrationStatus,
    ResetType,
    UnlockStatus,
)

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))
ACCEPTED = IdTagInfo(status=AuthorizationStatus.ACCEPTED)


def boot_answer(status: RegistrationStatus, interval: int = 30) -> m.BootNotificationResponse:
    return m.BootNotificationResponse(status=status, current_time=NOON, interval=interval)


def refuse(status: AuthorizationStatus) -> m.AuthorizeResponse:
    return m.AuthorizeResponse(id_tag_info=IdTagInfo(status=status))


def started(status: AuthorizationStatus, id: int = 7) -> m.StartTransactionResponse:
    return m.StartTransactionResponse(id_tag_info=IdTagInfo(status=status), transaction_id=id)


# --- registration ---


def test_tc_001_cp_cold_boot_reports_every_connector_once_accepted(make_bench: Any) -> None:
    bench = make_bench()
    bench.online()
    bench.run(1.0)
    assert bench.actions() == ["BootNotification"] + ["StatusNotification"] * 3
    assert [bench.statuses(number) for number in range(3)] == [["Available"]] * 3


def test_tc_001_cp_heartbeats_follow_the_interval_of_the_registration(make_bench: Any) -> None:
    bench = make_bench()
    bench.script("BootNotification", boot_answer(RegistrationStatus.ACCEPTED, 20))
    bench.online()
    bench.run(61.0)
    assert len(bench.said(m.HeartbeatRequest)) == 3


def test_tc_002_cp_while_pending_only_triggered_messages_are_sent(make_bench: Any) -> None:
    bench = make_bench()
    bench.script("BootNotification", boot_answer(RegistrationStatus.PENDING))
    bench.online()
    bench.run(1.0)
    bench.plug()
    bench.token()
    assert bench.actions() == ["BootNotification"]
    answer = bench.call(m.GetConfigurationRequest(key=("HeartbeatInterval",)))
    assert answer.configuration_key[0].value == "300"
    bench.run(30.0)
    assert bench.actions() == ["BootNotification"] * 2


def test_tc_002_cp_remote_start_is_rejected_while_pending(make_bench: Any) -> None:
    bench = make_bench()
    bench.script("BootNotification", boot_answer(RegistrationStatus.PENDING))
    bench.online()
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="TAG", connector_id=1))
    assert answer.status.value == "Rejected"


def test_a_rejected_station_waits_the_interval_and_refuses_all_calls(make_bench: Any) -> None:
    bench = make_bench()
    bench.script("BootNotification", boot_answer(RegistrationStatus.REJECTED, 90))
    bench.online()
    bench.run(89.0)
    assert bench.actions() == ["BootNotification"]
    failed = bench.call(m.GetConfigurationRequest())
    assert isinstance(failed, CallFailed)
    assert failed.code is ErrorCode.SECURITY_ERROR
    bench.run(2.0)
    assert bench.actions() == ["BootNotification"] * 2


def test_a_back_end_that_does_not_answer_is_asked_again(make_bench: Any) -> None:
    bench = make_bench()
    bench.script("BootNotification", lambda request: None)
    bench.online()
    bench.run(100.0)
    assert bench.actions() == ["BootNotification"] * 2


def test_the_clock_follows_the_back_end(make_bench: Any) -> None:
    bench = make_bench()
    later = Timestamp.of(NOON + timedelta(days=400))
    bench.script(
        "BootNotification",
        m.BootNotificationResponse(status=RegistrationStatus.ACCEPTED, current_time=later, interval=300),
    )
    bench.online()
    assert {one.timestamp for one in bench.said(m.StatusNotificationRequest)} == {later}


# --- sessions ---


def test_tc_003_cp_regular_charging_session_plugin_first(bench: Any) -> None:
    bench.plug()
    assert bench.statuses() == ["Preparing"]
    bench.token()
    bench.run(600.0)
    bench.token()
    bench.unplug()
    assert bench.statuses() == ["Preparing", "Charging", "Finishing", "Available"]
    start, stop = bench.said(m.StartTransactionRequest)[0], bench.said(m.StopTransactionRequest)[0]
    assert (start.connector_id, start.id_tag, start.meter_start) == (1, "TAG", 1000)
    assert (stop.transaction_id, stop.id_tag, stop.reason) == (1, "TAG", Reason.LOCAL)
    assert stop.meter_stop == 1000 + round(11_000 * 600 / 3600)
    assert len(bench.said(m.AuthorizeRequest)) == 1


def test_tc_004_1_cp_regular_charging_session_identification_first(bench: Any) -> None:
    bench.token()
    assert bench.actions() == ["Authorize", "StatusNotification"]
    assert bench.statuses() == ["Preparing"]
    bench.plug()
    assert bench.actions()[2:] == ["StartTransaction", "StatusNotification"]
    assert bench.statuses() == ["Preparing", "Charging"]


def test_tc_004_2_cp_identification_first_ends_after_connection_time_out(bench: Any) -> None:
    bench.configure(ConnectionTimeOut=20)
    bench.token()
    bench.run(19.0)
    assert bench.statuses() == ["Preparing"]
    bench.run(2.0)
    assert bench.statuses() == ["Preparing", "Available"]
    bench.plug()
    assert not bench.said(m.StartTransactionRequest)


def test_tc_005_1_cp_ev_side_disconnect_stops_and_unlocks(bench: Any) -> None:
    bench.charge()
    bench.unplug(cable_left=True)
    (stop,) = bench.said(m.StopTransactionRequest)
    assert stop.reason is Reason.EV_DISCONNECTED
    assert bench.told(Unlock) == [Unlock(1)]
    assert bench.statuses()[-1] == "Available"


def test_tc_005_2_cp_ev_side_disconnect_stops_and_keeps_the_cable_locked(bench: Any) -> None:
    bench.configure(UnlockConnectorOnEVSideDisconnect=False)
    bench.charge()
    bench.unplug(cable_left=True)
    assert bench.said(m.StopTransactionRequest)[0].reason is Reason.EV_DISCONNECTED
    assert bench.told(Unlock) == []
    assert bench.statuses() == ["Finishing"]


def test_tc_005_3_cp_ev_side_disconnect_suspends_and_goes_on_when_plugged_again(bench: Any) -> None:
    bench.configure(StopTransactionOnEVSideDisconnect=False, UnlockConnectorOnEVSideDisconnect=False)
    bench.charge()
    bench.unplug(cable_left=True)
    assert bench.statuses() == ["SuspendedEV"]
    assert not bench.said(m.StopTransactionRequest)
    bench.plug()
    assert bench.statuses() == ["SuspendedEV", "Charging"]
    bench.token()
    assert bench.said(m.StopTransactionRequest)[0].reason is Reason.LOCAL


def test_tc_007_cp_a_cached_id_starts_without_authorize(make_bench: Any) -> None:
    bench = make_bench(LocalPreAuthorize=True).boot()
    bench.token("OLD")
    bench.token("OLD")
    bench.forget()
    bench.plug()
    bench.token("OLD")
    assert "Authorize" not in bench.actions()
    assert bench.said(m.StartTransactionRequest)[0].id_tag == "OLD"


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("TC_023_1_CP", AuthorizationStatus.INVALID),
        ("TC_023_2_CP", AuthorizationStatus.EXPIRED),
        ("TC_023_3_CP", AuthorizationStatus.BLOCKED),
    ],
)
def test_tc_023_cp_a_refused_tag_starts_nothing(bench: Any, case: str, status: AuthorizationStatus) -> None:
    bench.script("Authorize", refuse(status))
    bench.plug()
    bench.token()
    assert bench.told(TokenRefused) == [TokenRefused(status.value, 1)]
    assert not bench.said(m.StartTransactionRequest)
    assert bench.statuses() == ["Preparing"]


def test_tc_024_cp_a_lock_failure_keeps_the_session_from_starting(bench: Any) -> None:
    bench.plug()
    bench.tell(FaultRaised(evse_id=1, code="ConnectorLockFailure"))
    fault = bench.said(m.StatusNotificationRequest)[-1]
    assert (fault.status.value, fault.error_code.value) == ("Faulted", "ConnectorLockFailure")
    bench.token()
    assert not bench.said(m.StartTransactionRequest)
    bench.tell(FaultCleared(1))
    assert bench.statuses()[-1] == "Preparing"


def test_a_fault_that_does_not_block_leaves_the_status(bench: Any) -> None:
    bench.tell(FaultRaised(evse_id=1, code="WeakSignal", blocking=False))
    report = bench.said(m.StatusNotificationRequest)[-1]
    assert (report.status.value, report.error_code.value) == ("Available", "WeakSignal")


def test_tc_068_cp_only_the_tag_that_started_stops_without_being_authorized(bench: Any) -> None:
    bench.charge()
    bench.token("OTHER")
    assert bench.actions() == ["Authorize"]
    bench.token("tag")
    assert bench.actions()[1] == "StopTransaction"


def test_tc_069_cp_a_tag_of_the_same_group_stops_the_transaction(bench: Any) -> None:
    group = IdTagInfo(status=AuthorizationStatus.ACCEPTED, parent_id_tag="GROUP")
    bench.script("Authorize", m.AuthorizeResponse(id_tag_info=group))
    bench.charge()
    bench.token("FRIEND")
    (stop,) = bench.said(m.StopTransactionRequest)
    assert (stop.id_tag, stop.reason) == ("FRIEND", Reason.LOCAL)


@pytest.mark.parametrize(("emergency", "reason"), [(False, Reason.LOCAL), (True, Reason.EMERGENCY_STOP)])
def test_the_stop_button_ends_the_transaction(bench: Any, emergency: bool, reason: Reason) -> None:
    bench.charge()
    bench.tell(StopPressed(1, emergency))
    assert bench.said(m.StopTransactionRequest)[0].reason is reason


def test_a_tag_presented_twice_before_the_vehicle_comes_is_withdrawn(bench: Any) -> None:
    bench.token()
    bench.token()
    assert bench.statuses() == ["Preparing", "Available"]


def test_a_tag_longer_than_the_schema_allows_is_refused_here(bench: Any) -> None:
    bench.token("X" * 21)
    assert bench.told(TokenRefused) == [TokenRefused("Invalid", 1)]
    assert bench.calls == []


# --- remote control ---


def test_tc_010_cp_remote_start_with_the_cable_in_first(bench: Any) -> None:
    bench.plug()
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1))
    assert answer.status.value == "Accepted"
    assert bench.actions() == ["StatusNotification", "StartTransaction", "StatusNotification"]
    assert bench.said(m.StartTransactionRequest)[0].id_tag == "FAR"


def test_tc_010_cp_remote_start_authorizes_when_the_key_says_so(bench: Any) -> None:
    bench.configure(AuthorizeRemoteTxRequests=True)
    bench.script("Authorize", refuse(AuthorizationStatus.BLOCKED))
    bench.plug()
    bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1))
    assert bench.said(m.AuthorizeRequest)[0].id_tag == "FAR"
    assert not bench.said(m.StartTransactionRequest)


def test_tc_011_1_cp_remote_start_before_the_cable(bench: Any) -> None:
    bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1))
    assert bench.statuses() == ["Preparing"]
    bench.plug()
    assert bench.said(m.StartTransactionRequest)[0].id_tag == "FAR"


def test_tc_011_2_cp_remote_start_times_out_without_a_cable(bench: Any) -> None:
    bench.configure(ConnectionTimeOut=15)
    bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1))
    bench.run(16.0)
    assert bench.statuses() == ["Preparing", "Available"]


def test_tc_012_cp_remote_stop(bench: Any) -> None:
    bench.charge()
    answer = bench.call(m.RemoteStopTransactionRequest(transaction_id=1))
    assert answer.status.value == "Accepted"
    assert bench.said(m.StopTransactionRequest)[0].reason is Reason.REMOTE
    assert bench.told(Stop) == [Stop(1, "Remote")]
    bench.unplug()
    assert bench.statuses() == ["Finishing", "Available"]


@pytest.mark.parametrize(("case", "kind"), [("TC_013_CP", ResetType.HARD), ("TC_014_CP", ResetType.SOFT)])
def test_tc_013_and_tc_014_cp_reset_without_a_transaction(bench: Any, case: str, kind: ResetType) -> None:
    answer = bench.call(m.ResetRequest(type=kind))
    assert answer.status.value == "Accepted"
    assert bench.told(Restart) == [Restart(hard=kind is ResetType.HARD)]
    bench.power_cycle()
    assert bench.actions() == ["BootNotification"] + ["StatusNotification"] * 3


@pytest.mark.parametrize(
    ("case", "kind", "reason"),
    [
        ("TC_015_CP", ResetType.HARD, Reason.HARD_RESET),
        ("TC_016_CP", ResetType.SOFT, Reason.SOFT_RESET),
    ],
)
def test_tc_015_and_tc_016_cp_reset_ends_the_transaction_first(
    bench: Any, case: str, kind: ResetType, reason: Reason
) -> None:
    bench.charge()
    bench.call(m.ResetRequest(type=kind))
    assert bench.said(m.StopTransactionRequest)[0].reason is reason
    assert bench.told(Restart) == [Restart(hard=kind is ResetType.HARD)]
    bench.power_cycle()
    assert len(bench.said(m.StopTransactionRequest)) == 1


def test_a_reset_does_not_wait_for_ever_for_an_answer_and_loses_nothing(bench: Any) -> None:
    bench.charge()
    bench.script("StopTransaction", lambda request: None)
    bench.call(m.ResetRequest(type=ResetType.SOFT))
    bench.run(29.0)
    assert bench.told(Restart) == []
    bench.run(2.0)
    assert bench.told(Restart) == [Restart(hard=False)]
    del bench.csms.scripts["StopTransaction"]
    bench.forget()
    bench.power_cycle()
    assert bench.said(m.StopTransactionRequest)[0].reason is Reason.SOFT_RESET


def test_tc_017_1_cp_unlock_without_a_session(bench: Any) -> None:
    assert bench.call(m.UnlockConnectorRequest(connector_id=1)).status is UnlockStatus.UNLOCKED
    assert bench.told(Unlock) == [Unlock(1)]


@pytest.mark.parametrize("case", ["TC_017_2_CP", "TC_018_2_CP"])
def test_tc_017_2_and_tc_018_2_cp_a_fixed_cable_is_not_unlocked(make_bench: Any, case: str) -> None:
    bench = make_bench(fixed_cables=True).boot()
    if case == "TC_018_2_CP":
        bench.charge()
    assert bench.call(m.UnlockConnectorRequest(connector_id=1)).status is UnlockStatus.NOT_SUPPORTED
    assert not bench.said(m.StopTransactionRequest)


def test_tc_018_1_cp_unlock_ends_the_session(bench: Any) -> None:
    bench.charge()
    assert bench.call(m.UnlockConnectorRequest(connector_id=1)).status is UnlockStatus.UNLOCKED
    assert bench.said(m.StopTransactionRequest)[0].reason is Reason.UNLOCK_COMMAND


def test_tc_030_cp_unlock_failure(make_bench: Any) -> None:
    bench = make_bench(lock_jammed=frozenset({1})).boot()
    assert bench.call(m.UnlockConnectorRequest(connector_id=1)).status is UnlockStatus.UNLOCK_FAILED


def test_tc_031_cp_unlock_of_an_unknown_connector(bench: Any) -> None:
    assert bench.call(m.UnlockConnectorRequest(connector_id=9)).status is UnlockStatus.NOT_SUPPORTED


def test_tc_026_cp_remote_start_is_rejected_where_a_transaction_runs(bench: Any) -> None:
    bench.charge()
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1))
    assert answer.status.value == "Rejected"
    assert not bench.said(m.StartTransactionRequest)


@pytest.mark.parametrize("connector_id", [0, 9])
def test_tc_027_cp_remote_start_needs_a_connector_that_exists(bench: Any, connector_id: int) -> None:
    answer = bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=connector_id))
    assert answer.status.value == "Rejected"


def test_tc_028_cp_remote_stop_of_an_unknown_transaction(bench: Any) -> None:
    bench.charge()
    answer = bench.call(m.RemoteStopTransactionRequest(transaction_id=99))
    assert answer.status.value == "Rejected"
    assert bench.station.statuses[1] == "Charging"


# --- configuration ---


def test_tc_019_1_cp_all_keys_are_returned(bench: Any) -> None:
    answer = bench.call(m.GetConfigurationRequest())
    keys = {one.key: one for one in answer.configuration_key}
    assert len(keys) == 38
    assert keys["NumberOfConnectors"].value == "2"
    assert keys["NumberOfConnectors"].readonly
    assert not keys["HeartbeatInterval"].readonly


def test_tc_019_2_cp_named_keys_are_returned_and_unknown_ones_listed(bench: Any) -> None:
    answer = bench.call(m.GetConfigurationRequest(key=("supportedfeatureprofiles", "Nothing")))
    assert [one.key for one in answer.configuration_key] == ["SupportedFeatureProfiles"]
    assert answer.unknown_key == ("Nothing",)


def test_tc_021_cp_a_changed_key_holds_over_a_reboot(bench: Any) -> None:
    bench.configure(MeterValueSampleInterval=17)
    bench.power_cycle()
    answer = bench.call(m.GetConfigurationRequest(key=("MeterValueSampleInterval",)))
    assert answer.configuration_key[0].value == "17"


def test_tc_040_1_cp_an_unknown_key_is_not_supported(bench: Any) -> None:
    answer = bench.call(m.ChangeConfigurationRequest(key="Nothing", value="1"))
    assert answer.status is ConfigurationStatus.NOT_SUPPORTED


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("MeterValueSampleInterval", "-1"),
        ("MeterValueSampleInterval", "ten"),
        ("HeartbeatInterval", "99999999999"),
        ("LocalPreAuthorize", "yes"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,Nonsense"),
        ("NumberOfConnectors", "5"),
    ],
)
def test_tc_040_2_cp_an_invalid_value_is_rejected_and_changes_nothing(
    bench: Any, key: str, value: str
) -> None:
    before = bench.call(m.GetConfigurationRequest(key=(key,)))
    answer = bench.call(m.ChangeConfigurationRequest(key=key, value=value))
    assert answer.status is ConfigurationStatus.REJECTED
    assert bench.call(m.GetConfigurationRequest(key=(key,))) == before


def test_a_key_that_waits_for_a_reboot_says_so(bench: Any) -> None:
    answer = bench.call(m.ChangeConfigurationRequest(key="WebSocketPingInterval", value="5"))
    assert answer.status is ConfigurationStatus.REBOOT_REQUIRED


def test_a_new_heartbeat_interval_holds_at_once(bench: Any) -> None:
    bench.configure(HeartbeatInterval=10)
    bench.run(31.0)
    assert len(bench.said(m.HeartbeatRequest)) == 3


def test_tc_061_cp_clear_cache_makes_the_tag_unknown(make_bench: Any) -> None:
    bench = make_bench(LocalPreAuthorize=True).boot()
    bench.token()
    bench.token()
    assert bench.call(m.ClearCacheRequest()).status is ClearCacheStatus.ACCEPTED
    bench.forget()
    bench.token()
    assert "Authorize" in bench.actions()


def test_clear_cache_is_rejected_without_a_cache(bench: Any) -> None:
    bench.configure(AuthorizationCacheEnabled=False)
    assert bench.call(m.ClearCacheRequest()).status is ClearCacheStatus.REJECTED


def test_tc_062_cp_data_goes_to_the_back_end_and_its_answer_comes_back(bench: Any) -> None:
    answer = m.DataTransferResponse(status=DataTransferStatus.ACCEPTED, data="pong")
    bench.script("DataTransfer", answer)
    bench.station.transfer("com.example", "Ping", "ping", bench.now)
    bench.pump()
    assert bench.said(m.DataTransferRequest)[0].data == "ping"
    assert bench.told(DataAnswered) == [DataAnswered("com.example", "Accepted", "pong")]
    bench.offline()
    bench.station.transfer("com.example", None, None, bench.now)
    bench.pump()
    assert bench.told(DataAnswered)[-1] == DataAnswered("com.example", None)


def test_data_that_cannot_be_sent_is_told_at_once(bench: Any) -> None:
    with pytest.raises(EncodeError):
        bench.station.transfer("v" * 256, None, None, bench.now)
    assert bench.calls == []


def test_tc_064_cp_data_of_an_unknown_vendor(bench: Any) -> None:
    answer = bench.call(m.DataTransferRequest(vendor_id="com.example", data="{}"))
    assert answer.status is DataTransferStatus.UNKNOWN_VENDOR_ID


# --- availability ---


def change(bench: Any, connector_id: int, kind: str) -> str:
    request = m.ChangeAvailabilityRequest(connector_id=connector_id, type=AvailabilityType(kind))
    return str(bench.call(request).status.value)


def test_change_availability_of_one_connector(bench: Any) -> None:
    assert change(bench, 1, "Inoperative") == "Accepted"
    assert bench.statuses(1) == ["Unavailable"]
    assert bench.statuses(2) == []
    bench.plug()
    bench.token()
    assert not bench.said(m.StartTransactionRequest)
    bench.unplug()
    assert change(bench, 1, "Operative") == "Accepted"
    assert bench.statuses(1) == ["Unavailable", "Available"]


def test_change_availability_of_the_charge_point_takes_all_connectors(bench: Any) -> None:
    assert change(bench, 0, "Inoperative") == "Accepted"
    assert [bench.statuses(number) for number in range(3)] == [["Unavailable"]] * 3


def test_change_availability_waits_for_the_transaction(bench: Any) -> None:
    bench.charge()
    assert change(bench, 1, "Inoperative") == "Scheduled"
    assert bench.statuses() == []
    bench.token()
    assert bench.statuses() == ["Unavailable"]


def test_change_availability_back_takes_the_scheduled_change_away(bench: Any) -> None:
    bench.charge()
    change(bench, 1, "Inoperative")
    assert change(bench, 1, "Operative") == "Accepted"
    bench.token()
    assert bench.statuses() == ["Finishing"]


def test_change_availability_of_an_unknown_connector_is_rejected(bench: Any) -> None:
    assert change(bench, 9, "Inoperative") == "Rejected"


def test_tc_034_cp_unavailable_outlives_a_power_failure(bench: Any) -> None:
    change(bench, 1, "Inoperative")
    bench.forget()
    bench.power_cycle()
    assert bench.statuses(1) == ["Unavailable"]
    assert bench.statuses(2) == ["Available"]


# --- power failure and offline ---


def test_tc_032_1_cp_a_power_failure_ends_the_transaction_with_the_stored_meter(bench: Any) -> None:
    bench.charge()
    bench.run(600.0)
    last = int(float(bench.said(m.MeterValuesRequest)[-1].meter_value[0].sampled_value[0].value))
    bench.forget()
    bench.power_cycle()
    (stop,) = bench.said(m.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (1, Reason.POWER_LOSS)
    assert last <= stop.meter_stop <= last + 1


def test_tc_036_cp_a_lost_connection_does_not_end_the_transaction(bench: Any) -> None:
    bench.charge()
    bench.offline()
    bench.run(300.0)
    assert bench.station.statuses[1] == "Charging"
    bench.online()
    bench.run(1.0)
    assert set(bench.actions()) == {"MeterValues"}
    assert len(bench.said(m.MeterValuesRequest)) == 5
    assert {one.transaction_id for one in bench.said(m.MeterValuesRequest)} == {1}


def test_tc_037_1_cp_offline_start_of_an_unknown_tag_where_allowed(make_bench: Any) -> None:
    bench = make_bench(AllowOfflineTxForUnknownId=True).boot()
    bench.offline()
    bench.plug()
    bench.token("NEW")
    assert bench.told(Start) == [Start(1)]
    bench.run(100.0)
    bench.online()
    bench.run(1.0)
    start = bench.said(m.StartTransactionRequest)[0]
    assert (start.id_tag, start.timestamp) == ("NEW", Timestamp.of(NOON + timedelta(seconds=1)))
    assert bench.statuses() == ["Charging"]


def test_tc_037_2_cp_offline_start_of_a_tag_that_turns_out_invalid_is_stopped(make_bench: Any) -> None:
    bench = make_bench(AllowOfflineTxForUnknownId=True).boot()
    bench.script("StartTransaction", started(AuthorizationStatus.INVALID))
    bench.offline()
    bench.plug()
    bench.token("NEW")
    bench.online()
    bench.run(1.0)
    (stop,) = bench.said(m.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (7, Reason.DE_AUTHORIZED)


def test_tc_037_3_cp_offline_start_of_an_invalid_tag_is_only_paused_where_the_key_says_so(
    make_bench: Any,
) -> None:
    bench = make_bench(AllowOfflineTxForUnknownId=True, StopTransactionOnInvalidId=False).boot()
    bench.script("StartTransaction", started(AuthorizationStatus.INVALID))
    bench.offline()
    bench.plug()
    bench.token("NEW")
    bench.online()
    bench.run(1.0)
    assert not bench.said(m.StopTransactionRequest)
    assert bench.told(Pause) == [Pause(1)]
    assert bench.statuses()[-1] == "SuspendedEVSE"


def test_max_energy_on_invalid_id_lets_some_energy_pass_before_the_pause(make_bench: Any) -> None:
    bench = make_bench(StopTransactionOnInvalidId=False, MaxEnergyOnInvalidId=500).boot()
    bench.script("StartTransaction", started(AuthorizationStatus.INVALID))
    bench.plug()
    bench.token()
    assert bench.told(Pause) == []
    bench.run(200.0)
    assert bench.told(Pause) == [Pause(1)]
    bench.token()
    delivered = bench.said(m.StopTransactionRequest)[0].meter_stop - 1000
    assert 500 <= delivered < 540


def test_an_unknown_tag_is_refused_offline_by_default(bench: Any) -> None:
    bench.offline()
    bench.plug()
    bench.token("NEW")
    assert bench.told(TokenRefused) == [TokenRefused("Invalid", 1)]


def test_tc_038_cp_an_offline_stop_is_told_later_with_its_own_time(bench: Any) -> None:
    bench.charge()
    bench.offline()
    bench.token()
    stopped_at = bench.now
    bench.run(1000.0)
    bench.online()
    bench.run(1.0)
    (stop,) = bench.said(m.StopTransactionRequest)
    assert stop.transaction_id == 1
    assert stop.timestamp == Timestamp.of(NOON + timedelta(seconds=stopped_at))
    assert bench.statuses() == ["Finishing"]


def test_tc_039_cp_a_whole_offline_transaction_gets_its_id_at_last(bench: Any) -> None:
    bench.charge()
    bench.token()
    bench.unplug()
    bench.forget()
    bench.offline()
    bench.plug()
    bench.token()  # known from the cache
    bench.run(130.0)
    bench.token()
    bench.online()
    bench.run(1.0)
    assert [action for action in bench.actions() if action != "StatusNotification"] == [
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    assert bench.said(m.StopTransactionRequest)[0].transaction_id == 2
    assert {one.transaction_id for one in bench.said(m.MeterValuesRequest)} == {2}


def test_an_offline_transaction_gets_its_id_also_after_a_reboot(bench: Any) -> None:
    bench.charge()
    bench.token()
    bench.offline()
    bench.unplug()
    bench.plug()
    bench.token()
    bench.forget()
    bench.power_cycle()
    assert bench.said(m.StartTransactionRequest)[0].id_tag == "TAG"
    (stop,) = bench.said(m.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (2, Reason.POWER_LOSS)


def test_a_start_that_is_never_taken_is_given_up_and_its_stop_has_id_minus_one(make_bench: Any) -> None:
    bench = make_bench(TransactionMessageAttempts=3, TransactionMessageRetryInterval=10).boot()
    bench.script("StartTransaction", lambda request: None)
    bench.plug()
    bench.token()
    bench.run(3 * 30 + 10 + 20 + 5)
    assert len(bench.said(m.StartTransactionRequest)) == 3
    bench.token()
    assert bench.said(m.StopTransactionRequest)[0].transaction_id == -1


def test_statuses_that_came_and_went_offline_are_not_reported(bench: Any) -> None:
    bench.offline()
    bench.plug(1)
    bench.unplug(1)
    bench.plug(2)
    bench.online()
    bench.run(1.0)
    assert bench.statuses(1) == []
    assert bench.statuses(2) == ["Preparing"]
    assert not bench.said(m.BootNotificationRequest)


def test_minimum_status_duration_holds_short_states_back(bench: Any) -> None:
    bench.configure(MinimumStatusDuration=5)
    bench.plug()
    bench.run(2.0)
    bench.unplug()
    bench.run(10.0)
    assert bench.statuses() == []
    bench.plug()
    bench.run(6.0)
    assert bench.statuses() == ["Preparing"]


# --- meter values ---


def test_tc_070_cp_sampled_meter_values(bench: Any) -> None:
    bench.configure(MeterValueSampleInterval=10, MeterValuesSampledData="Voltage,Power.Active.Import")
    bench.charge()
    bench.run(50.0)
    values = bench.said(m.MeterValuesRequest)
    assert len(values) == 5
    sampled = values[0].meter_value[0].sampled_value
    assert {one.measurand.value for one in sampled} == {"Voltage", "Power.Active.Import"}
    assert {one.context.value for one in sampled} == {"Sample.Periodic"}


def test_tc_070_cp_the_last_message_carries_begin_samples_and_end(bench: Any) -> None:
    bench.configure(
        StopTxnSampledData="Energy.Active.Import.Register",
        MeterValueSampleInterval=10,
        MeterValuesSampledData="",
    )
    bench.charge()
    bench.run(20.0)
    bench.token()
    (stop,) = bench.said(m.StopTransactionRequest)
    contexts = [one.sampled_value[0].context.value for one in stop.transaction_data]
    assert contexts == ["Transaction.Begin", "Sample.Periodic", "Sample.Periodic", "Transaction.End"]
    assert not bench.said(m.MeterValuesRequest)


def test_tc_071_cp_clock_aligned_meter_values_come_at_the_full_interval(bench: Any) -> None:
    bench.configure(ClockAlignedDataInterval=900, MeterValueSampleInterval=0)
    bench.charge()
    bench.run(1800.0)
    values = bench.said(m.MeterValuesRequest)
    times = [(one.connector_id, one.meter_value[0].timestamp) for one in values]
    first, second = (Timestamp.of(NOON + timedelta(seconds=after)) for after in (900, 1800))
    assert sorted(times) == [(1, first), (1, second), (2, first), (2, second)]
    assert [one.transaction_id for one in values if one.connector_id == 1] == [1, 1]
    assert [one.transaction_id for one in values if one.connector_id == 2] == [None, None]


def test_samples_for_the_last_message_are_thinned_and_keep_first_and_last(bench: Any) -> None:
    bench.configure(
        StopTxnSampledData="Energy.Active.Import.Register",
        MeterValueSampleInterval=2,
        MeterValuesSampledData="",
    )
    bench.charge()
    bench.run(900.0)
    bench.token()
    data = bench.said(m.StopTransactionRequest)[0].transaction_data
    assert len(data) <= 200
    assert data[0].sampled_value[0].context.value == "Transaction.Begin"
    assert data[-1].sampled_value[0].context.value == "Transaction.End"
    assert list(data) == sorted(data, key=lambda one: one.timestamp)
