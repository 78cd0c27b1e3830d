"""Block E of part 6: transactions, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import (
    BayChanged,
    CostTold,
    DriverTold,
    FaultCleared,
    FaultRaised,
    Flow,
    FlowChanged,
    Metered,
    Pause,
    Reading,
    SignedReading,
    Start,
    Stop,
    StopPressed,
    TokenRefused,
    Unlock,
)
from evproto.ocpp_client.csms import Refusal
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import messages as m
from evproto.ocpp_client.v201.enums import AuthorizationStatusEnum, IdTokenEnum

INVALID = d.IdTokenInfo(status=AuthorizationStatusEnum.INVALID)


def make(start: str = "PowerPathClosed", stop: str = "EVConnected,Authorized", **more: Any) -> Bench2:
    settings = {
        "TxCtrlr.TxStartPoint": start,
        "TxCtrlr.TxStopPoint": stop,
        "SampledDataCtrlr.TxUpdatedInterval": 0,
    }
    settings |= {name.replace("__", "."): value for name, value in more.pop("settings", {}).items()}
    return Bench2(settings=settings, **more).boot()


def only(bench: Bench2) -> Any:
    (event,) = bench.events_of()
    return event


def told(event: Any) -> tuple[str, str, str | None]:
    """Type, trigger and charging state."""
    state = event.transaction_info.charging_state
    return event.event_type.value, event.trigger_reason.value, state and state.value


def course(bench: Bench2) -> list[tuple[str, str, str | None]]:
    return [told(event) for event in bench.events_of()]


def suspend(bench: Bench2) -> None:
    """State EnergyTransferSuspended."""
    bench.tell(FlowChanged(1, Flow.SUSPENDED_EV))
    bench.forget()


def assert_numbered(bench: Bench2) -> None:
    numbers: dict[str, list[int]] = {}
    for event in bench.events_of():
        numbers.setdefault(event.transaction_info.transaction_id, []).append(event.seq_no)
    for found in numbers.values():
        assert found == list(range(found[0], found[0] + len(found)))


# --- start transaction options ---


def test_tc_e_01_cs_the_transaction_starts_when_the_power_path_closes() -> None:
    bench = make("PowerPathClosed")
    bench.token()
    assert bench.events_of() == []
    bench.plug()
    started = bench.events_of()[0]
    assert bench.statuses() == ["Occupied"]
    assert told(started) == ("Started", "ChargingStateChanged", "SuspendedEVSE")
    assert started.evse == d.EVSE(id=1, connector_id=1)
    assert started.id_token.id_token == "TAG"


def test_tc_e_02_cs_the_transaction_starts_when_energy_flows() -> None:
    bench = make("EnergyTransfer")
    bench.token()
    bench.plug()
    assert bench.statuses() == ["Occupied"]
    event = only(bench)
    assert told(event) == ("Started", "ChargingStateChanged", "Charging")
    assert event.id_token == d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)
    assert event.evse == d.EVSE(id=1, connector_id=1)


def test_tc_e_09_cs_the_transaction_starts_when_the_vehicle_is_connected() -> None:
    bench = make("EVConnected")
    bench.tell(BayChanged(1, True))
    bench.plug()
    event = only(bench)
    assert told(event) == ("Started", "CablePluggedIn", "EVConnected")
    assert event.evse == d.EVSE(id=1, connector_id=1)
    assert event.id_token is None


def test_tc_e_10_cs_the_transaction_starts_when_the_driver_is_authorized() -> None:
    bench = make("Authorized")
    bench.token()
    assert bench.said(m.AuthorizeRequest)[0].id_token == d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)
    event = only(bench)
    assert told(event) == ("Started", "Authorized", "Idle")
    assert event.id_token.id_token == "TAG"


def test_the_start_button_starts_without_a_token(bench2: Bench2) -> None:
    bench2.plug()
    bench2.token("", 1, "NoAuthorization")
    assert bench2.said(m.AuthorizeRequest) == []
    assert [event.id_token for event in bench2.events_of()] == [None, None]


TAG = d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)


def test_tc_e_13_cs_the_transaction_starts_when_the_back_end_authorizes() -> None:
    bench = make("Authorized", settings={"AuthCtrlr__AuthorizeRemoteStart": True})
    answer = bench.call(m.RequestStartTransactionRequest(id_token=TAG, remote_start_id=7, evse_id=1))
    assert answer.status.value == "Accepted"
    assert bench.said(m.AuthorizeRequest)[0].id_token == TAG
    event = only(bench)
    assert told(event) == ("Started", "RemoteStart", "Idle")
    assert event.id_token == TAG
    assert event.transaction_info.remote_start_id == 7


def signed(value: float = 1_000.0) -> Metered:
    sign = SignedReading(data="T0NNRg==", encoding="OCMF", signing_method="ECDSA", public_key="KEY")
    reading = Reading(measurand="Energy.Active.Import.Register", value=value, unit="Wh", signed=sign)
    return Metered(1, (reading,))


def test_tc_e_11_cs_the_transaction_starts_when_signed_data_have_come() -> None:
    bench = make("DataSigned", settings={"SampledDataCtrlr__SignReadings": True})
    bench.token()
    bench.charger.plug(1, bench.now)
    bench.station.tell(bench.charger.next_output(), bench.now)  # the charger waits for its meter
    bench.station.tell(signed(), bench.now)
    bench.pump()
    assert bench.statuses() == ["Occupied"]
    assert course(bench) == [
        ("Started", "SignedDataReceived", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ]
    started = bench.events_of()[0]
    assert started.id_token.id_token == "TAG"
    assert started.evse == d.EVSE(id=1, connector_id=1)
    value = started.meter_value[0].sampled_value[0]
    assert value.context.value == "Transaction.Begin"
    assert value.signed_meter_value == d.SignedMeterValue(
        signed_meter_data="T0NNRg==", encoding_method="OCMF", signing_method="ECDSA", public_key=""
    )


def test_tc_e_12_cs_the_transaction_starts_when_the_bay_is_occupied() -> None:
    bench = make("ParkingBayOccupancy")
    bench.tell(BayChanged(1, True))
    assert told(only(bench)) == ("Started", "EVDetected", "Idle")


# --- local start ---


@pytest.mark.parametrize("start", ["EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer"])
def test_tc_e_03_cs_cable_first(start: str) -> None:
    bench = make(start)
    bench.plug()
    bench.token()
    assert bench.statuses() == ["Occupied"]
    events = bench.events_of()
    assert told(events[-1])[1:] == ("ChargingStateChanged", "Charging")
    assert [event.id_token is not None for event in events].count(True) == 1
    assert [event.event_type.value for event in events].count("Started") == 1
    if start in ("EVConnected", "Authorized"):
        assert "Authorized" in bench.triggers
    assert_numbered(bench)


@pytest.mark.parametrize("start", ["EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer"])
def test_tc_e_04_cs_authorization_first(start: str) -> None:
    bench = make(start)
    bench.tell(BayChanged(1, True))
    bench.token()
    bench.plug()
    expected = {
        "EVConnected": ["CablePluggedIn", "ChargingStateChanged"],
        "Authorized": ["Authorized", "CablePluggedIn", "ChargingStateChanged"],
        "PowerPathClosed": ["ChargingStateChanged", "ChargingStateChanged"],
        "EnergyTransfer": ["ChargingStateChanged"],
    }
    assert bench.triggers == expected[start]
    assert told(bench.events_of()[-1])[2] == "Charging"
    assert bench.events_of()[0].id_token.id_token == "TAG"


@pytest.mark.parametrize(("stop", "kind"), [("Authorized", "Ended"), ("EVConnected", "Updated")])
def test_tc_e_05_cs_authorization_first_without_a_cable_times_out(stop: str, kind: str) -> None:
    bench = make("Authorized", stop)
    bench.token()
    bench.forget()
    bench.run(61.0)
    event = only(bench)
    assert told(event) == (kind, "EVConnectTimeout", "Idle")
    if kind == "Ended":
        assert event.transaction_info.stopped_reason.value == "Timeout"
    bench.forget()
    bench.token()
    bench.plug()
    assert told(bench.events_of()[-1])[1:] == ("ChargingStateChanged", "Charging")


def test_without_a_transaction_the_time_out_is_not_told() -> None:
    bench = make("PowerPathClosed")
    bench.token()
    bench.run(61.0)
    bench.plug()
    assert bench.events_of() == []


def test_tc_e_38_cs_an_ev_that_is_not_ready_is_suspended() -> None:
    bench = make("EVConnected")
    bench.token()
    bench.charger.plug(1, bench.now)
    bench.station.tell(bench.charger.next_output(), bench.now)
    bench.tell(FlowChanged(1, Flow.SUSPENDED_EV))
    assert ("Updated", "ChargingStateChanged", "SuspendedEV") in course(bench)


def test_tc_e_52_cs_remote_authorization_that_is_disabled_is_not_asked_for() -> None:
    bench = make(settings={"AuthCtrlr__DisableRemoteAuthorization": True})
    bench.token()
    assert bench.calls == []
    assert bench.told(TokenRefused)


# --- local stop ---


def test_tc_e_06_cs_local_stop_from_start_to_the_empty_bay() -> None:
    bench = make(stop="ParkingBayOccupancy")
    bench.tell(BayChanged(1, True))
    bench.charge()
    bench.token()
    assert course(bench) == [
        ("Updated", "StopAuthorized", "Charging"),
        ("Updated", "ChargingStateChanged", "EVConnected"),
    ]
    assert bench.told(Stop)
    bench.unplug()
    bench.tell(BayChanged(1, False))
    assert course(bench)[2:] == [
        ("Updated", "EVCommunicationLost", "Idle"),
        ("Ended", "EVDeparted", "Idle"),
    ]
    assert_numbered(bench)


def test_tc_e_07_cs_a_local_stop_opens_the_power_path() -> None:
    bench = make(stop="PowerPathClosed")
    bench.charge()
    bench.token()
    event = only(bench)
    assert told(event) == ("Ended", "StopAuthorized", "EVConnected")
    assert event.transaction_info.stopped_reason.value == "Local"
    assert event.id_token.id_token == "TAG"


def test_tc_e_15_cs_a_local_stop_takes_the_authorization_back() -> None:
    bench = make(stop="Authorized")
    bench.charge()
    bench.token()
    event = only(bench)
    assert told(event)[:2] == ("Ended", "StopAuthorized")
    assert event.transaction_info.stopped_reason.value == "Local"


@pytest.mark.parametrize(
    "stop", [pytest.param("Authorized", id="TC_E_21_CS"), pytest.param("PowerPathClosed", id="TC_E_35_CS")]
)
def test_a_stop_of_the_back_end_ends_the_transaction(stop: str) -> None:
    bench = make(stop=stop)
    id = bench.charge()
    answer = bench.call(m.RequestStopTransactionRequest(transaction_id=id))
    assert answer.status.value == "Accepted"
    event = only(bench)
    assert told(event)[:2] == ("Ended", "RemoteStop")
    assert event.transaction_info.stopped_reason.value == "Remote"


def test_tc_e_08_cs_a_local_stop_ends_the_energy_transfer() -> None:
    bench = make(stop="EnergyTransfer")
    bench.charge()
    bench.token()
    assert course(bench) == [
        ("Updated", "StopAuthorized", "Charging"),
        ("Ended", "ChargingStateChanged", "EVConnected"),
    ]
    assert bench.events_of()[0].id_token.id_token == "TAG"
    assert bench.events_of()[1].transaction_info.stopped_reason.value == "Local"


def test_tc_e_22_cs_a_suspended_ev_ends_the_energy_transfer() -> None:
    bench = make(stop="EnergyTransfer")
    bench.charge()
    bench.tell(FlowChanged(1, Flow.SUSPENDED_EV))
    event = only(bench)
    assert told(event) == ("Ended", "ChargingStateChanged", "EVConnected")
    assert event.transaction_info.stopped_reason.value == "StoppedByEV"
    assert bench.told(Stop)


def test_tc_e_14_cs_the_vehicle_leaves_after_a_local_stop() -> None:
    bench = make(stop="EVConnected")
    bench.charge()
    bench.token()
    bench.forget()
    bench.unplug()
    assert bench.statuses() == ["Available"]
    event = only(bench)
    assert told(event) == ("Ended", "EVCommunicationLost", "Idle")
    assert event.transaction_info.stopped_reason.value == "Local"


@pytest.mark.parametrize("case", ["TC_E_20_CS", "TC_E_54_CS"])
def test_a_vehicle_that_leaves_ends_the_transaction(case: str) -> None:
    bench = make(stop="EVConnected", settings={"TxCtrlr__StopTxOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug(cable_left=case == "TC_E_20_CS")
    event = only(bench)
    assert told(event) == ("Ended", "EVCommunicationLost", "Idle")
    assert event.transaction_info.stopped_reason.value == "EVDisconnected"


def test_tc_e_37_cs_a_vehicle_that_leaves_opens_the_power_path() -> None:
    bench = make(stop="PowerPathClosed", settings={"TxCtrlr__StopTxOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug(cable_left=True)
    event = only(bench)
    assert told(event) == ("Ended", "EVCommunicationLost", "Idle")
    assert event.transaction_info.stopped_reason.value == "EVDisconnected"


def test_tc_e_19_cs_the_transaction_ends_when_the_bay_is_empty() -> None:
    bench = make(stop="ParkingBayOccupancy")
    bench.tell(BayChanged(1, True))
    bench.charge()
    bench.token()
    bench.unplug()
    bench.forget()
    bench.tell(BayChanged(1, False))
    event = only(bench)
    assert told(event)[:2] == ("Ended", "EVDeparted")
    assert event.transaction_info.stopped_reason.value == "Local"


# --- deauthorized ---


@pytest.mark.parametrize("stop", ["Authorized", "PowerPathClosed"])
def test_tc_e_16_cs_an_offline_start_of_an_invalid_token_is_deauthorized(stop: str) -> None:
    bench = make(stop=stop, settings={"AuthCtrlr__OfflineTxForUnknownIdEnabled": True})
    bench.offline()
    bench.tell(BayChanged(1, True))
    bench.token()
    bench.plug()

    def answer(request: Any) -> m.TransactionEventResponse:
        return m.TransactionEventResponse(id_token_info=INVALID if request.id_token else None)

    bench.script("TransactionEvent", answer)
    bench.online()
    *before, last = bench.events_of()
    assert before
    assert all(event.offline for event in before)
    assert told(last)[:2] == ("Ended", "Deauthorized")
    assert last.transaction_info.stopped_reason.value == "DeAuthorized"
    assert not last.offline
    assert bench.told(Stop)


def test_a_token_that_turns_out_invalid_may_be_held_to_a_pause() -> None:
    bench = make(settings={"TxCtrlr__StopTxOnInvalidId": False})
    bench.script("TransactionEvent", lambda request: refuse(request))
    bench.plug()
    bench.token()
    bench.run(5.0)
    assert course(bench)[-1] == ("Updated", "ChargingStateChanged", "SuspendedEVSE")
    assert "Deauthorized" not in bench.triggers
    assert bench.told(Pause) == [Pause(1)]


def test_a_token_that_turns_out_invalid_may_have_a_little_energy() -> None:
    bench = make(
        settings={"TxCtrlr__StopTxOnInvalidId": False, "TxCtrlr__MaxEnergyOnInvalidId": 500},
    )
    bench.script("TransactionEvent", lambda request: refuse(request))
    bench.plug()
    bench.token()
    bench.run(120.0)  # 11 kW: 367 Wh
    assert bench.told(Pause) == []
    bench.run(60.0)
    assert bench.told(Pause) == [Pause(1)]
    assert course(bench)[-1] == ("Updated", "Deauthorized", "SuspendedEVSE")
    outlet = bench.charger._outlets[1]
    assert outlet.energy - 1_000.0 <= 500 + 11_000 * 10 / 3600


def refuse(request: Any) -> m.TransactionEventResponse:
    return m.TransactionEventResponse(id_token_info=INVALID if request.id_token else None)


@pytest.mark.parametrize("stop", ["Authorized", "PowerPathClosed"])
def test_tc_e_17_cs_a_disconnect_at_the_vehicle_deauthorizes(stop: str) -> None:
    bench = make(stop=stop, settings={"OCPPCommCtrlr__UnlockOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug(cable_left=True)
    event = only(bench)
    assert told(event) == ("Ended", "EVCommunicationLost", "Idle")
    assert event.transaction_info.stopped_reason.value == "EVDisconnected"
    assert bench.statuses() == []
    bench.token()
    assert bench.said(m.AuthorizeRequest) == []
    assert bench.told(Unlock) == [Unlock(1)]
    assert bench.statuses() == ["Available"]


def test_tc_e_39_cs_the_time_out_ends_the_transaction() -> None:
    bench = make("Authorized", "Authorized", settings={"TxCtrlr__EVConnectionTimeOut": 20})
    bench.token()
    bench.forget()
    bench.run(19.0)
    assert bench.events_of() == []
    bench.run(2.0)
    event = only(bench)
    assert told(event)[:2] == ("Ended", "EVConnectTimeout")
    assert event.transaction_info.stopped_reason.value == "Timeout"


# --- the cable at the vehicle's side ---


def test_tc_e_24_cs_a_disconnect_at_the_vehicle_unlocks_the_cable() -> None:
    bench = make()
    bench.charge()
    suspend(bench)
    bench.unplug(cable_left=True)
    assert told(only(bench))[1:] == ("EVCommunicationLost", "Idle")
    assert bench.told(Unlock) == [Unlock(1)]
    assert bench.statuses() == ["Available"]


def test_tc_e_25_cs_a_disconnect_at_the_vehicle_may_keep_the_cable_locked() -> None:
    bench = make(settings={"OCPPCommCtrlr__UnlockOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug(cable_left=True)
    assert told(only(bench))[1:] == ("EVCommunicationLost", "Idle")
    assert bench.told(Unlock) == []
    bench.token("OTHER")
    assert bench.told(Unlock) == []
    bench.token("TAG")
    assert bench.told(Unlock) == [Unlock(1)]
    assert bench.statuses() == ["Available"]


@pytest.mark.parametrize("stop", ["Authorized", "ParkingBayOccupancy"])
def test_tc_e_26_cs_a_disconnect_at_the_vehicle_may_suspend_the_transaction(stop: str) -> None:
    bench = make(stop=stop, settings={"TxCtrlr__StopTxOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug()
    assert bench.statuses() == ["Available"]
    bench.run(30.0)
    bench.plug()
    bench.run(1.0)
    assert course(bench) == [
        ("Updated", "EVCommunicationLost", "Idle"),
        ("Updated", "CablePluggedIn", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ]


@pytest.mark.parametrize(("stop", "kind"), [("Authorized", "Ended"), ("ParkingBayOccupancy", "Updated")])
def test_tc_e_27_cs_a_vehicle_that_does_not_come_back_times_out(stop: str, kind: str) -> None:
    bench = make(stop=stop, fixed_cables=True, settings={"TxCtrlr__StopTxOnEVSideDisconnect": False})
    bench.charge()
    suspend(bench)
    bench.unplug()
    assert bench.statuses() == ["Available"]
    bench.run(61.0)
    assert [one[:2] for one in course(bench)] == [
        ("Updated", "EVCommunicationLost"),
        (kind, "EVConnectTimeout"),
    ]
    if kind == "Ended":
        assert bench.events_of()[-1].transaction_info.stopped_reason.value == "Timeout"


# --- check transaction status ---


def status(bench: Bench2, transaction_id: str | None) -> tuple[bool | None, bool]:
    answer = bench.call(m.GetTransactionStatusRequest(transaction_id=transaction_id))
    return answer.ongoing_indicator, answer.messages_in_queue


def silent(bench: Bench2) -> None:
    """The back end does not answer events yet, so that the queue is not empty."""
    bench.script("TransactionEvent", None)


def talk_again(bench: Bench2) -> None:
    del bench.csms.scripts["TransactionEvent"]
    bench.run(200.0)


def test_tc_e_28_cs_an_unknown_transaction_is_not_ongoing(bench2: Bench2) -> None:
    assert status(bench2, "nobody") == (False, False)


def test_tc_e_29_cs_an_ongoing_transaction_with_messages(bench2: Bench2) -> None:
    id = bench2.charge()
    bench2.offline()
    bench2.run(130.0)
    silent(bench2)
    bench2.online()
    assert status(bench2, id) == (True, True)
    bench2.forget()
    talk_again(bench2)
    events = bench2.events_of(id)
    assert events[0].offline
    assert {event.event_type.value for event in events} == {"Updated"}
    assert all(event.meter_value for event in events)


def test_tc_e_30_cs_an_ongoing_transaction_without_messages(bench2: Bench2) -> None:
    assert status(bench2, bench2.charge()) == (True, False)


def test_tc_e_31_cs_an_ended_transaction_with_messages(bench2: Bench2) -> None:
    id = bench2.charge()
    bench2.offline()
    bench2.token()
    bench2.unplug()
    bench2.run(10.0)
    silent(bench2)
    bench2.online()
    assert status(bench2, id) == (False, True)
    talk_again(bench2)
    assert bench2.events_of(id)[-1].event_type.value == "Ended"


def test_tc_e_32_cs_an_ended_transaction_without_messages(bench2: Bench2) -> None:
    id = bench2.charge()
    bench2.token()
    bench2.unplug()
    assert status(bench2, id) == (False, False)


def test_tc_e_33_cs_the_queue_of_no_transaction_in_particular(bench2: Bench2) -> None:
    bench2.charge()
    bench2.offline()
    bench2.run(130.0)
    silent(bench2)
    bench2.online()
    assert status(bench2, None) == (None, True)
    bench2.forget()
    talk_again(bench2)
    assert bench2.events_of()[0].offline
    assert all(event.meter_value for event in bench2.events_of())


def test_tc_e_34_cs_no_queue_of_no_transaction_in_particular(bench2: Bench2) -> None:
    assert status(bench2, None) == (None, False)


# --- offline ---


def test_tc_e_40_cs_meter_values_of_an_offline_time_come_later(bench2: Bench2) -> None:
    id = bench2.charge()
    bench2.offline()
    bench2.run(190.0)
    assert bench2.calls == []
    bench2.online()
    events = bench2.events_of(id)
    assert len(events) == 3
    assert all(event.offline and event.meter_value for event in events)
    assert {event.event_type.value for event in events} == {"Updated"}
    assert_numbered(bench2)


def test_tc_e_43_cs_a_whole_transaction_of_an_offline_time_comes_later() -> None:
    bench = make(settings={"AuthCtrlr__OfflineTxForUnknownIdEnabled": True})
    bench.offline()
    bench.plug()
    bench.token()
    bench.run(100.0)
    bench.token()
    bench.unplug()
    bench.online()
    events = bench.events_of()
    assert all(event.offline for event in events)
    assert events[0].event_type.value == "Started"
    assert events[-1].event_type.value == "Ended"
    assert [event.seq_no for event in events] == list(range(len(events)))
    times = [event.timestamp for event in events]
    assert times == sorted(times)
    assert (times[-1] - times[0]).total_seconds() == pytest.approx(100.0)


def test_tc_e_44_cs_a_stop_of_an_offline_time_comes_later(bench2: Bench2) -> None:
    bench2.charge()
    bench2.offline()
    bench2.token()
    bench2.unplug()
    bench2.online()
    events = bench2.events_of()
    assert all(event.offline for event in events)
    assert events[-1].event_type.value == "Ended"


def test_a_token_of_the_same_group_stops(bench2: Bench2) -> None:
    group = d.IdToken(id_token="FAMILY", type=IdTokenEnum.CENTRAL)
    info = d.IdTokenInfo(status=AuthorizationStatusEnum.ACCEPTED, group_id_token=group)
    bench2.script("Authorize", m.AuthorizeResponse(id_token_info=info))
    bench2.charge(1, "FATHER")
    bench2.token("MOTHER")
    event = only(bench2)
    assert told(event)[:2] == ("Ended", "StopAuthorized")
    assert event.id_token.id_token == "MOTHER"
    bench2.token("STRANGER", 2)
    assert len(bench2.events_of()) == 1


def test_tc_e_45_cs_a_token_of_the_same_group_stops_offline() -> None:
    group = d.IdToken(id_token="FAMILY", type=IdTokenEnum.CENTRAL)
    info = d.IdTokenInfo(status=AuthorizationStatusEnum.ACCEPTED, group_id_token=group)
    bench = make()
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=info))
    bench.token("MOTHER", 2)  # into the cache
    bench.token("MOTHER", 2)
    id = bench.charge(1, "FATHER")
    bench.offline()
    bench.token("MOTHER")
    bench.unplug()
    bench.online()
    events = bench.events_of(id)
    assert all(event.offline for event in events)
    assert told(events[-1])[:2] == ("Ended", "StopAuthorized")
    assert events[-1].id_token.id_token == "MOTHER"


def test_nobody_goes_on_with_the_transaction_of_a_driver_whose_vehicle_stays() -> None:
    bench = make(stop="EVConnected")
    bench.charge(1, "FIRST")
    bench.token("FIRST")
    bench.forget()
    bench.token("SECOND")
    assert bench.told(TokenRefused) == [TokenRefused("NoFreeEvse", 1)]
    assert bench.events_of() == []
    bench.token("FIRST")
    assert bench.told(Start) == [Start(1)]


# --- messages that are not accepted ---

RETRY = {
    "OCPPCommCtrlr__MessageAttempts[TransactionEvent]": 3,
    "OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": 10,
}


def attempts(bench: Bench2, answer: Any, seconds: float) -> list[float]:
    """When the first event was sent."""
    times: list[float] = []

    def give(request: Any) -> Any:
        if request.seq_no == 0:
            times.append(bench.now)
            return answer(len(times))
        return m.TransactionEventResponse()

    bench.script("TransactionEvent", give)
    bench.token()
    bench.plug()
    bench.run(seconds)
    return times


def test_tc_e_41_cs_an_event_without_an_answer_is_sent_as_often_as_is_set() -> None:
    bench = make(settings=RETRY)
    first, *later = attempts(bench, lambda count: None, 600.0)
    assert later == [first + 30 + 10, first + 30 + 10 + 30 + 20]
    assert [event.seq_no for event in bench.events_of()] == [0, 0, 0, 1]


def test_tc_e_50_cs_a_refused_event_is_sent_as_often_as_is_set() -> None:
    bench = make(settings=RETRY)
    first, *later = attempts(bench, lambda count: Refusal(ErrorCode.INTERNAL_ERROR), 600.0)
    assert later == [first + 10, first + 30]


def test_tc_e_42_cs_an_answer_ends_the_attempts() -> None:
    bench = make(settings=RETRY)
    answers = {1: None, 2: m.TransactionEventResponse()}
    first, *later = attempts(bench, answers.get, 600.0)
    assert later == [first + 40]


def test_tc_e_51_cs_an_answer_after_a_refusal_ends_the_attempts() -> None:
    bench = make(settings=RETRY)
    answers = {1: Refusal(ErrorCode.INTERNAL_ERROR), 2: m.TransactionEventResponse()}
    first, *later = attempts(bench, answers.get, 600.0)
    assert later == [first + 10]


# --- beyond part 6 ---


def test_a_loss_of_power_ends_the_transaction_with_the_next_number() -> None:
    bench = make(settings={"SampledDataCtrlr__TxUpdatedInterval": 60})
    id = bench.charge()
    bench.run(70.0)
    numbers = [event.seq_no for event in bench.events_of(id)]
    bench.forget()
    bench.power_cycle()
    event = only(bench)
    assert told(event) == ("Ended", "AbnormalCondition", "Idle")
    assert event.transaction_info.transaction_id == id
    assert event.transaction_info.stopped_reason.value == "PowerLoss"
    assert event.seq_no == numbers[-1] + 1
    assert event.meter_value[-1].sampled_value[0].context.value == "Transaction.End"
    assert len(bench.store) == 0


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_transaction_goes_on_after_a_short_loss_of_power(version: Version) -> None:
    bench = Bench2(version, settings={"TxCtrlr.ResumptionTimeout": 120}).boot()
    id = bench.charge()
    bench.forget()
    bench.power_cycle()
    assert bench.events_of() == []
    bench.plug()
    bench.run(1.0)
    triggers = ["CablePluggedIn", "ChargingStateChanged"]
    assert bench.triggers == (["TxResumed", *triggers] if version is Version.V21 else triggers)
    assert bench.events_of(id)[0].seq_no == 2
    bench.token()
    assert told(bench.events_of(id)[-1])[:2] == ("Ended", "StopAuthorized")


def test_a_transaction_that_nobody_resumes_ends_in_time() -> None:
    bench = make(settings={"TxCtrlr__ResumptionTimeout": 120})
    bench.charge()
    bench.power_cycle()
    bench.run(121.0)
    assert told(bench.events_of()[-1])[:2] == ("Ended", "AbnormalCondition")


@pytest.mark.parametrize("stop", ["EVConnected", "EnergyTransfer"])
def test_a_fault_takes_the_energy_away_and_its_end_gives_it_back(stop: str) -> None:
    bench = make(stop=stop)
    bench.charge()
    bench.tell(FaultRaised(evse_id=1, code="GroundFailure"))
    event = bench.events_of()[0]
    assert bench.told(Stop)
    if stop == "EnergyTransfer":
        assert told(event)[:2] == ("Ended", "AbnormalCondition")
        assert event.transaction_info.stopped_reason.value == "GroundFault"
        return
    assert told(event) == ("Updated", "AbnormalCondition", "SuspendedEVSE")
    bench.tell(FaultCleared(1))
    bench.run(1.0)
    assert bench.told(Start)
    assert course(bench)[-1] == ("Updated", "ChargingStateChanged", "Charging")


def test_the_emergency_stop_ends_every_transaction() -> None:
    bench = make(stop="ParkingBayOccupancy")
    bench.charge()
    bench.tell(StopPressed(1, emergency=True))
    event = only(bench)
    assert told(event)[:2] == ("Ended", "AbnormalCondition")
    assert event.transaction_info.stopped_reason.value == "EmergencyStop"
    assert bench.told(Stop)


def test_energy_never_flows_without_a_transaction() -> None:
    """The vehicle stays after a stop, and the next token starts anew whatever TxStartPoint says."""
    bench = make("EVConnected", "Authorized")
    first = bench.charge()
    bench.token()
    bench.token("NEXT")
    bench.run(1.0)
    second = bench.station.transaction_ids[1]
    assert second != first
    assert bench.events_of(second)[0].event_type.value == "Started"
    assert bench.events_of(second)[0].id_token.id_token == "NEXT"


def test_a_driver_may_be_authorized_before_it_is_known_where_he_plugs_in() -> None:
    bench = make("Authorized")
    bench.token("TAG", None)
    assert only(bench).evse is None
    bench.plug(2)
    bench.run(1.0)
    assert bench.triggers == ["Authorized", "CablePluggedIn", "ChargingStateChanged"]
    assert bench.events_of()[1].evse == d.EVSE(id=2, connector_id=1)
    assert bench.told(Start) == [Start(2)]
    bench.token("TAG", None)
    assert told(bench.events_of()[-1])[:2] == ("Ended", "StopAuthorized")


def test_the_phases_in_use_are_told_where_the_meter_tells_them_apart(bench2: Bench2) -> None:
    bench2.charge()
    currents = {"L1": 16.0, "L2": 16.0, "L3": 0.0}
    readings = (
        Reading(measurand="Current.Import", value=value, unit="A", phase=phase)
        for phase, value in currents.items()
    )
    bench2.tell(Metered(1, tuple(readings)), FlowChanged(1, Flow.SUSPENDED_EV))
    assert bench2.events_of()[-1].number_of_phases_used == 2


def test_the_time_of_energy_flow_is_counted(bench2: Bench2) -> None:
    bench2.charge()
    bench2.run(100.0)
    bench2.token()
    assert bench2.events_of()[-1].transaction_info.time_spent_charging == 105


def test_a_clock_that_is_set_does_not_change_the_time_of_energy_flow(bench2: Bench2) -> None:
    bench2.charge()
    wall = bench2.csms._clock
    wall.set(wall.at(bench2.now) + timedelta(hours=1), bench2.now)
    bench2.station._blocks["registration"].heartbeat(bench2.now)
    bench2.pump()
    bench2.token()
    event = bench2.events_of()[-1]
    assert f"{event.timestamp:%H}" == "13"
    assert event.transaction_info.time_spent_charging == 5


def test_cost_and_message_of_the_back_end_reach_the_display(bench2: Bench2) -> None:
    content = d.MessageContent(format=m.enums.MessageFormatEnum.UTF8, content="Goodbye")
    answer = m.TransactionEventResponse(total_cost=4.5, updated_personal_message=content)
    id = bench2.charge()
    bench2.script("TransactionEvent", answer)
    bench2.token()
    assert bench2.told(CostTold) == [CostTold(id, 4.5)]
    assert bench2.told(DriverTold) == [DriverTold(id, "Goodbye", "UTF8")]
    bench2.call(m.CostUpdatedRequest(total_cost=5.0, transaction_id=id))
    assert bench2.told(CostTold)[-1] == CostTold(id, 5.0)


def test_before_the_first_acceptance_nobody_charges_unless_it_is_allowed() -> None:
    for allowed in (False, True):
        bench = Bench2(
            settings={
                "TxCtrlr.TxBeforeAcceptedEnabled": allowed,
                "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
            }
        )
        bench.plug()
        bench.token()
        assert bool(bench.told(Start)) is allowed
        bench.online()
        assert bool(bench.events_of()) is allowed
