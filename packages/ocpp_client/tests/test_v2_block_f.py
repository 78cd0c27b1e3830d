"""Block F of part 6: remote control, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import (
    BayChanged,
    CustomTriggered,
    FaultRaised,
    TokenRefused,
    Unlock,
    UnlockDone,
    UnlockOutcome,
)
from evproto.ocpp_client.rpc_events import CallFailed
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import enums as enums21
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import messages as m
from evproto.ocpp_client.v201.enums import (
    AuthorizationStatusEnum,
    ChargingProfileKindEnum,
    ChargingProfilePurposeEnum,
    ChargingRateUnitEnum,
    FirmwareStatusEnum,
    IdTokenEnum,
    LogEnum,
    MessageTriggerEnum,
    ReadingContextEnum,
    RegistrationStatusEnum,
    UploadLogStatusEnum,
)

TAG = d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)
GROUP = d.IdToken(id_token="FAMILY", type=IdTokenEnum.CENTRAL)


def make(start: str = "Authorized", version: Version = Version.V201, **more: Any) -> Bench2:
    settings = {"TxCtrlr.TxStartPoint": start, "SampledDataCtrlr.TxUpdatedInterval": 0}
    settings |= {name.replace("__", "."): value for name, value in more.pop("settings", {}).items()}
    return Bench2(version, settings=settings, **more).boot()


def remote_start(bench: Bench2, evse_id: int | None = 1, token: d.IdToken = TAG, **more: Any) -> Any:
    return bench.call(
        m.RequestStartTransactionRequest(id_token=token, remote_start_id=7, evse_id=evse_id, **more)
    )


def remote_stop(bench: Bench2, transaction_id: str) -> Any:
    return bench.call(m.RequestStopTransactionRequest(transaction_id=transaction_id))


def refusal(answer: Any) -> tuple[str, str | None]:
    return answer.status.value, answer.status_info and answer.status_info.reason_code


def asked(bench: Bench2) -> list[str]:
    return [call.id_token.id_token for call in bench.said(m.AuthorizeRequest)]


def is_charging(bench: Bench2, evse_id: int = 1) -> bool:
    return bench.charger._outlets[evse_id].charging


def assert_remote(event: Any, kind: str) -> None:
    """The event that the remote start makes."""
    assert (event.event_type.value, event.trigger_reason.value) == (kind, "RemoteStart")
    assert event.transaction_info.remote_start_id == 7
    assert event.id_token == TAG


# --- F01, F02: start ---


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("Authorized", "Started"),
        ("PowerPathClosed", "Started"),
        ("EVConnected", "Updated"),
        ("ParkingBayOccupancy", "Updated"),
    ],
)
def test_tc_f_01_cs_remote_start_after_the_cable(start: str, kind: str) -> None:
    bench = make(start)
    bench.tell(BayChanged(1, True))
    bench.plug()
    running = bench.station.transaction_ids.get(1)
    bench.forget()
    answer = remote_start(bench)
    assert (answer.status.value, answer.transaction_id) == ("Accepted", running)
    assert asked(bench) == ["TAG"]
    assert_remote(bench.events_of()[0], kind)
    assert is_charging(bench)


@pytest.mark.parametrize(("ask", "case"), [(True, "TC_F_02_CS"), (False, "TC_F_03_CS")])
@pytest.mark.parametrize("start", ["Authorized", "ParkingBayOccupancy", "EVConnected", "PowerPathClosed"])
def test_remote_start_before_the_cable(start: str, ask: bool, case: str) -> None:
    bench = make(start, settings={"AuthCtrlr__AuthorizeRemoteStart": ask})
    bench.tell(BayChanged(1, True))
    bench.forget()
    assert remote_start(bench).status.value == "Accepted"
    assert asked(bench) == (["TAG"] if ask else [])
    assert not is_charging(bench)
    first = {"Authorized": "Started", "ParkingBayOccupancy": "Updated"}.get(start)
    if first is None:
        assert bench.events_of() == []
    else:
        assert_remote(bench.events_of()[0], first)
    bench.plug()
    assert is_charging(bench)
    assert [event.transaction_info.remote_start_id for event in bench.events_of()].count(7)


@pytest.mark.parametrize("start", ["Authorized", "ParkingBayOccupancy"])
def test_tc_f_04_cs_a_remote_start_without_a_cable_times_out(start: str) -> None:
    bench = make(
        start, settings={"TxCtrlr__EVConnectionTimeOut": 30, "TxCtrlr__TxStopPoint": "Authorized,EVConnected"}
    )
    bench.tell(BayChanged(1, True))
    remote_start(bench)
    bench.run(29.0)
    bench.forget()
    bench.run(2.0)
    (event,) = bench.events_of()
    assert (event.event_type.value, event.trigger_reason.value) == ("Ended", "EVConnectTimeout")
    bench.tell(BayChanged(1, False), BayChanged(1, True))
    bench.forget()
    assert remote_start(bench).status.value == "Accepted"
    assert_remote(bench.events_of()[0], "Started" if start == "Authorized" else "Updated")


def test_the_answer_goes_before_what_it_starts() -> None:
    bench = make()
    bench.plug()
    bench.forget()
    remote_start(bench)
    assert bench.actions() == ["Authorize", "TransactionEvent", "TransactionEvent"]


def test_tc_k_38_cs_without_smart_charging_the_profile_is_ignored() -> None:
    bench = make()
    bench.plug()
    period = d.ChargingSchedulePeriod(start_period=0, limit=6.0, number_phases=1)
    schedule = d.ChargingSchedule(
        id=1, charging_rate_unit=ChargingRateUnitEnum.A, charging_schedule_period=(period,)
    )
    profile = d.ChargingProfile(
        id=1,
        stack_level=0,
        charging_profile_purpose=ChargingProfilePurposeEnum.TX_PROFILE,
        charging_profile_kind=ChargingProfileKindEnum.RELATIVE,
        charging_schedule=(schedule,),
    )
    assert remote_start(bench, charging_profile=profile).status.value == "Accepted"
    assert asked(bench) == ["TAG"]
    assert_remote(bench.events_of()[0], "Started")
    assert is_charging(bench)


def test_a_token_that_is_refused_starts_nothing() -> None:
    bench = make()
    about = d.IdTokenInfo(status=AuthorizationStatusEnum.BLOCKED)
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=about))
    bench.plug()
    assert remote_start(bench).status.value == "Accepted"
    assert bench.events_of() == []
    assert bench.told(TokenRefused) == [TokenRefused("Blocked", 1)]
    bench.script("Authorize", lambda request: None)
    assert remote_start(bench).status.value == "Accepted"


def test_a_token_of_the_back_end_is_not_asked_about() -> None:
    bench = make()
    bench.plug()
    remote_start(bench, token=d.IdToken(id_token="APP-1", type=IdTokenEnum.CENTRAL))
    assert asked(bench) == []
    assert is_charging(bench)
    assert bench.store.tokens("v2.cache") == []


def test_a_cached_token_is_not_asked_about() -> None:
    bench = make(settings={"AuthCtrlr__LocalPreAuthorize": True})
    bench.token()
    bench.token()
    bench.plug()
    bench.forget()
    remote_start(bench)
    assert asked(bench) == []
    assert is_charging(bench)


@pytest.mark.parametrize("ask", [True, False])
def test_the_group_of_a_remote_start_may_stop(ask: bool) -> None:
    bench = make(settings={"AuthCtrlr__AuthorizeRemoteStart": ask})
    about = d.IdTokenInfo(status=AuthorizationStatusEnum.ACCEPTED, group_id_token=GROUP)
    bench.plug()
    remote_start(bench, group_id_token=GROUP)
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=about))
    bench.run(5.0)
    bench.token("WIFE")
    assert not is_charging(bench)
    assert bench.triggers[-1] == "StopAuthorized"


def test_the_token_of_a_remote_start_stops_at_the_station() -> None:
    bench = make()
    bench.plug()
    remote_start(bench)
    bench.run(5.0)
    bench.token("TAG")
    assert not is_charging(bench)


def test_without_an_evse_the_vehicle_that_waits_is_charged() -> None:
    bench = make()
    bench.plug(2)
    assert remote_start(bench, None).status.value == "Accepted"
    assert is_charging(bench, 2)


def test_without_an_evse_the_first_vehicle_that_comes_is_charged() -> None:
    bench = make()
    assert remote_start(bench, None).status.value == "Accepted"
    bench.plug(2)
    assert is_charging(bench, 2)
    assert not is_charging(bench, 1)


def test_a_remote_start_is_refused_with_its_reason() -> None:
    bench = make()
    assert refusal(remote_start(bench, 3)) == ("Rejected", "UnknownEvse")
    assert refusal(remote_start(bench, token=d.IdToken(id_token="", type=IdTokenEnum.ISO14443))) == (
        "Rejected",
        "InvalidIdToken",
    )
    bench.charge(1)
    assert refusal(remote_start(bench, 1)) == ("Rejected", "TxInProgress")
    bench.tell(FaultRaised(evse_id=2, code="InternalError"))
    assert refusal(remote_start(bench, 2)) == ("Rejected", None)
    assert refusal(remote_start(bench, None)) == ("Rejected", None)
    assert asked(bench) == []


def test_an_evse_is_promised_once() -> None:
    bench = make()
    bench.script("Authorize", None)
    assert remote_start(bench, 1).status.value == "Accepted"
    assert refusal(remote_start(bench, 1)) == ("Rejected", "TxInProgress")
    bench.run(60.0)
    assert remote_start(bench, 1).status.value == "Accepted"


def test_a_master_pass_starts_nothing_remotely_either() -> None:
    bench = make(settings={"AuthCtrlr__MasterPassGroupId": "FAMILY"})
    bench.plug()
    assert refusal(remote_start(bench, group_id_token=GROUP)) == ("Rejected", "InvalidIdToken")
    about = d.IdTokenInfo(status=AuthorizationStatusEnum.ACCEPTED, group_id_token=GROUP)
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=about))
    assert remote_start(bench).status.value == "Accepted"
    assert bench.events_of() == []
    assert bench.told(TokenRefused) == [TokenRefused("MasterPass", 1)]


def pending(status: RegistrationStatusEnum = RegistrationStatusEnum.PENDING) -> Bench2:
    bench = Bench2(settings={"TxCtrlr.TxStartPoint": "Authorized"})
    answer = {"current_time": bench.csms._clock.at(0.0), "interval": 600, "status": status}
    bench.script("BootNotification", m.BootNotificationResponse(**answer))
    bench.online()
    bench.run(1.0)
    bench.forget()
    return bench


def test_while_pending_transactions_are_not_controlled() -> None:
    bench = pending()
    assert refusal(remote_start(bench)) == ("Rejected", "CSNotAccepted")
    assert refusal(remote_stop(bench, "X")) == ("Rejected", "CSNotAccepted")


# --- F03: stop ---


@pytest.mark.parametrize(("stop", "kind"), [("Authorized", "Ended"), ("EVConnected", "Updated")])
def test_tc_f_08_cs_remote_stop(stop: str, kind: str) -> None:
    bench = make(settings={"TxCtrlr__TxStopPoint": stop})
    transaction_id = bench.charge()
    assert remote_stop(bench, transaction_id).status.value == "Accepted"
    first = bench.events_of()[0]
    assert (first.event_type.value, first.trigger_reason.value) == (kind, "RemoteStop")
    assert not is_charging(bench)
    bench.unplug()
    last = bench.events_of()[-1]
    assert (last.event_type.value, last.transaction_info.stopped_reason.value) == ("Ended", "Remote")


def test_tc_f_09_cs_the_stop_of_another_transaction_is_rejected() -> None:
    bench = make()
    transaction_id = bench.charge()
    assert refusal(remote_stop(bench, transaction_id + "X")) == ("Rejected", "UnknownTxId")
    assert is_charging(bench)
    assert bench.events_of() == []


# --- F05: unlock ---


def unlock(bench: Bench2, evse_id: int = 1, connector_id: int = 1) -> Any:
    return bench.call(m.UnlockConnectorRequest(evse_id=evse_id, connector_id=connector_id))


def test_tc_f_05_cs_while_a_driver_charges_nothing_is_unlocked(bench2: Bench2) -> None:
    bench2.charge()
    assert unlock(bench2).status.value == "OngoingAuthorizedTransaction"
    assert bench2.told(Unlock) == []
    assert is_charging(bench2)


@pytest.mark.parametrize("case", ["TC_F_06_CS", "TC_F_07_CS"])
def test_a_connector_is_unlocked(bench2: Bench2, case: str) -> None:
    if case == "TC_F_06_CS":
        bench2.plug()
    assert unlock(bench2).status.value == "Unlocked"
    assert bench2.told(Unlock) == [Unlock(1, 1)]


@pytest.mark.parametrize(("evse_id", "connector_id"), [(1, 999), (9, 1), (0, 0)])
def test_tc_f_10_cs_an_unknown_connector_is_not_unlocked(
    bench2: Bench2, evse_id: int, connector_id: int
) -> None:
    assert refusal(unlock(bench2, evse_id, connector_id)) == ("UnknownConnector", "UnknownConnectorId")


def test_a_jammed_lock_is_told() -> None:
    assert unlock(make(lock_jammed=frozenset({1}))).status.value == "UnlockFailed"


def test_a_fixed_cable_is_not_unlocked() -> None:
    assert refusal(unlock(make(fixed_cables=True))) == ("UnlockFailed", "FixedCable")


def test_a_transaction_that_nobody_is_authorized_for_does_not_hold_the_lock() -> None:
    bench = make("EVConnected", settings={"TxCtrlr__TxStopPoint": "EVConnected"})
    bench.plug()
    assert bench.station.transaction_ids
    assert unlock(bench).status.value == "Unlocked"


def test_the_other_connector_of_an_evse_may_be_unlocked() -> None:
    bench = make(connectors=(2,))
    bench.charge()
    assert unlock(bench, 1, 1).status.value == "OngoingAuthorizedTransaction"
    assert unlock(bench, 1, 2).status.value == "Unlocked"


def test_a_charger_that_does_not_unlock_in_time_has_failed(bench2: Bench2) -> None:
    bench2.charger.receive = lambda item, now: None
    bench2.csms.call(m.UnlockConnectorRequest(evse_id=1, connector_id=1), bench2.now)
    bench2.pump()
    assert bench2.answers == []
    bench2.run(25.0)
    assert [answer.status.value for answer in bench2.answers] == ["UnlockFailed"]
    bench2.tell(UnlockDone(1, UnlockOutcome.UNLOCKED))
    assert len(bench2.answers) == 1


# --- F06: trigger ---


def trigger(bench: Bench2, kind: MessageTriggerEnum, evse: d.EVSE | None = None) -> str:
    """The status of the answer; what was said before is forgotten."""
    bench.forget()
    answer = bench.call(m.TriggerMessageRequest(requested_message=kind, evse=evse))
    return str(answer.status.value)


def contexts(values: Any) -> set[ReadingContextEnum]:
    return {one.context for value in values for one in value.sampled_value}


def test_tc_f_11_cs_meter_values_of_one_evse(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.METER_VALUES, d.EVSE(id=2)) == "Accepted"
    (call,) = bench2.said(m.MeterValuesRequest)
    assert call.evse_id == 2
    assert contexts(call.meter_value) == {ReadingContextEnum.TRIGGER}


def test_tc_f_12_cs_meter_values_of_all_evses(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.METER_VALUES) == "Accepted"
    assert [call.evse_id for call in bench2.said(m.MeterValuesRequest)] == [1, 2]
    assert all(
        contexts(call.meter_value) == {ReadingContextEnum.TRIGGER}
        for call in bench2.said(m.MeterValuesRequest)
    )


def assert_triggered(event: Any, evse_id: int) -> None:
    assert event.trigger_reason.value == "Trigger"
    assert event.evse.id == evse_id
    assert event.transaction_info.charging_state.value == "Charging"
    assert contexts(event.meter_value) == {ReadingContextEnum.TRIGGER}


def test_tc_f_13_cs_the_transaction_of_one_evse(bench2: Bench2) -> None:
    bench2.charge(1, "ONE")
    bench2.charge(2, "TWO")
    assert trigger(bench2, MessageTriggerEnum.TRANSACTION_EVENT, d.EVSE(id=2)) == "Accepted"
    (event,) = bench2.events_of()
    assert_triggered(event, 2)


def test_tc_f_14_cs_the_transactions_of_all_evses(bench2: Bench2) -> None:
    bench2.charge(1, "ONE")
    bench2.charge(2, "TWO")
    assert trigger(bench2, MessageTriggerEnum.TRANSACTION_EVENT) == "Accepted"
    one, two = bench2.events_of()
    assert_triggered(one, 1)
    assert_triggered(two, 2)


def test_without_a_transaction_its_events_are_rejected(bench2: Bench2) -> None:
    bench2.charge(1)
    assert trigger(bench2, MessageTriggerEnum.TRANSACTION_EVENT, d.EVSE(id=2)) == "Rejected"
    assert bench2.events_of() == []


def test_tc_f_15_cs_the_log_is_idle(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.LOG_STATUS_NOTIFICATION) == "Accepted"
    (call,) = bench2.said(m.LogStatusNotificationRequest)
    assert call.status is UploadLogStatusEnum.IDLE


def test_tc_f_16_cs_the_log_is_being_uploaded(bench2: Bench2) -> None:
    bench2.charger.upload_time = 10.0
    log = d.LogParameters(remote_location="https://logs.example/upload")
    request = m.GetLogRequest(log_type=LogEnum.DIAGNOSTICS_LOG, request_id=4, log=log)
    assert bench2.call(request).status.value == "Accepted"
    uploading = m.LogStatusNotificationRequest(status=UploadLogStatusEnum.UPLOADING, request_id=4)
    assert bench2.said(m.LogStatusNotificationRequest) == [uploading]
    assert trigger(bench2, MessageTriggerEnum.LOG_STATUS_NOTIFICATION) == "Accepted"
    assert bench2.said(m.LogStatusNotificationRequest) == [uploading]


@pytest.mark.parametrize(
    "place", [pytest.param(d.EVSE(id=1), id="TC_F_17_CS"), pytest.param(None, id="TC_F_18_CS")]
)
def test_the_firmware_is_idle(bench2: Bench2, place: d.EVSE | None) -> None:
    assert trigger(bench2, MessageTriggerEnum.FIRMWARE_STATUS_NOTIFICATION, place) == "Accepted"
    (call,) = bench2.said(m.FirmwareStatusNotificationRequest)
    assert call.status is FirmwareStatusEnum.IDLE


def test_tc_f_20_cs_a_heartbeat(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.HEARTBEAT) == "Accepted"
    assert len(bench2.said(m.HeartbeatRequest)) == 1


@pytest.mark.parametrize(
    "status", [pytest.param("Available", id="TC_F_23_CS"), pytest.param("Occupied", id="TC_F_24_CS")]
)
def test_the_status_of_a_connector(bench2: Bench2, status: str) -> None:
    if status == "Occupied":
        bench2.plug()
    place = d.EVSE(id=1, connector_id=1)
    assert trigger(bench2, MessageTriggerEnum.STATUS_NOTIFICATION, place) == "Accepted"
    assert bench2.statuses() == [status]
    assert bench2.statuses(2) == []


@pytest.mark.parametrize(
    "place",
    [None, d.EVSE(id=1), d.EVSE(id=1, connector_id=2), d.EVSE(id=9, connector_id=1)],
)
def test_a_status_is_that_of_a_connector_that_is_named(bench2: Bench2, place: d.EVSE | None) -> None:
    assert trigger(bench2, MessageTriggerEnum.STATUS_NOTIFICATION, place) == "Rejected"
    assert bench2.calls == []


def test_tc_f_26_cs_who_is_accepted_does_not_register_again(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.BOOT_NOTIFICATION) == "Rejected"
    bench2.run(30.0)
    assert bench2.said(m.BootNotificationRequest) == []


@pytest.mark.parametrize(
    "kind",
    [
        MessageTriggerEnum.SIGN_COMBINED_CERTIFICATE,
        MessageTriggerEnum.PUBLISH_FIRMWARE_STATUS_NOTIFICATION,
    ],
)
def test_tc_f_27_cs_what_the_station_never_sends_is_not_implemented(
    bench2: Bench2, kind: MessageTriggerEnum
) -> None:
    assert trigger(bench2, kind) == "NotImplemented"
    assert bench2.calls == []


def test_an_evse_that_does_not_exist_has_nothing_to_say(bench2: Bench2) -> None:
    assert trigger(bench2, MessageTriggerEnum.METER_VALUES, d.EVSE(id=9)) == "Rejected"
    assert trigger(bench2, MessageTriggerEnum.TRANSACTION_EVENT, d.EVSE(id=9)) == "Rejected"


def test_while_pending_what_is_asked_for_is_sent() -> None:
    bench = pending()
    place = d.EVSE(id=1, connector_id=1)
    for kind, where, action in (
        (MessageTriggerEnum.HEARTBEAT, None, "Heartbeat"),
        (MessageTriggerEnum.STATUS_NOTIFICATION, place, "StatusNotification"),
        (MessageTriggerEnum.METER_VALUES, place, "MeterValues"),
        (MessageTriggerEnum.BOOT_NOTIFICATION, None, "BootNotification"),
    ):
        assert trigger(bench, kind, where) == "Accepted"
        assert bench.actions() == [action]
    assert bench.said(m.BootNotificationRequest)[0].reason.value == "Triggered"


def test_a_rejected_station_answers_no_trigger() -> None:
    bench = pending(RegistrationStatusEnum.REJECTED)
    answer = bench.call(m.TriggerMessageRequest(requested_message=MessageTriggerEnum.HEARTBEAT))
    assert isinstance(answer, CallFailed)


# --- 2.1 ---


def test_2_1_has_triggers_of_the_vendor() -> None:
    bench = make(version=Version.V21, about={"custom_triggers": ("SelfTest",)})
    assert bench.model.names("CustomizationCtrlr", "CustomTriggers") == ("SelfTest",)
    custom = enums21.MessageTriggerEnum.CUSTOM_TRIGGER
    for name, status in (("SelfTest", "Accepted"), ("Other", "NotImplemented"), (None, "NotImplemented")):
        answer = bench.call(m21.TriggerMessageRequest(requested_message=custom, custom_trigger=name))
        assert answer.status.value == status
    assert bench.told(CustomTriggered) == [CustomTriggered("SelfTest")]


def test_remote_control_is_the_same_on_a_line_of_2_1() -> None:
    bench = make(version=Version.V21)
    bench.plug()
    token = m21.datatypes.IdToken(id_token="TAG", type="ISO14443")
    start = m21.RequestStartTransactionRequest(id_token=token, remote_start_id=0, evse_id=1)
    assert bench.call(start).status.value == "Accepted"
    assert bench.events_of()[0].transaction_info.remote_start_id == 0
    stop = m21.RequestStopTransactionRequest(transaction_id=bench.station.transaction_ids[1])
    assert bench.call(stop).status.value == "Accepted"
    assert bench.triggers[-1] == "RemoteStop"
