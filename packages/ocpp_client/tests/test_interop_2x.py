"""Stations of 2.0.1 and 2.1 against a back end that others wrote, in its own process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import CostTold, Description, Registered, TokenPresented
from evproto.ocpp_client.connectivity import BackOff
from evproto.ocpp_client.drivers import SimulatedStation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(find_spec("ocpp") is None, reason="the package ocpp is not installed"),
]


def course(port: int, version: Version) -> list[Any]:
    """Charge until the back end tells the cost, then stop; its answer tells the cost in all."""
    events: list[Any] = []

    async def main() -> None:
        done = asyncio.Event()

        def on_event(event: Any) -> None:
            events.append(event)
            match event:
                case Registered():
                    station.plug(1)
                    station.tell(TokenPresented("TAG", 1))
                case CostTold(total=1.5):
                    station.tell(TokenPresented("TAG", 1))
                    station.unplug(1)
                case CostTold():
                    done.set()
                case _:
                    pass

        station = SimulatedStation(
            NetworkProfile(
                url=f"ws://127.0.0.1:{port}",
                identity="CS1",
                security=SecurityProfile.NONE,
                versions=(version,),
                allow_unsecured=True,
            ),
            Description(vendor="evproto", model="interop", evse_count=2),
            Store(":memory:"),
            on_event,
            defaults={"TxCtrlr.TxStartPoint": "EVConnected"},
            back_off=BackOff(wait_minimum=0.1, random_range=0.1),
        )
        running = asyncio.create_task(station.run())
        await asyncio.wait_for(done.wait(), 30)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(main())
    return events


@pytest.fixture(scope="module", params=["2.0.1", "2.1"])
def heard(request: pytest.FixtureRequest, hear: Callable[..., dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """By message: what the back end heard, and by call: how it was answered."""
    version = Version.of_subprotocol(f"ocpp{request.param}")
    return hear("ocpp_back_end_2x.py", lambda port: course(port, version), request.param)


def test_it_registers_us_and_hears_of_every_connector(heard: dict[str, list[Any]]) -> None:
    (boot,) = heard["BootNotification"]
    assert boot["charging_station"] == {"model": "interop", "vendor_name": "evproto"}
    assert {one["evse_id"] for one in heard["StatusNotification"][:2]} == {1, 2}
    statuses = [one["connector_status"] for one in heard["StatusNotification"] if one["evse_id"] == 1]
    assert statuses[:2] == ["Available", "Occupied"]


def test_it_hears_a_whole_transaction(heard: dict[str, list[Any]]) -> None:
    events = heard["TransactionEvent"]
    assert [one["trigger_reason"] for one in events] == [
        "CablePluggedIn",
        "Authorized",
        "ChargingStateChanged",
        "Trigger",
        "StopAuthorized",
    ]
    assert [one["seq_no"] for one in events] == [0, 1, 2, 3, 4]
    assert events[-1]["event_type"] == "Ended"
    assert events[-1]["transaction_info"]["stopped_reason"] == "Local"
    assert events[0]["meter_value"][0]["sampled_value"][0]["context"] == "Transaction.Begin"
    assert events[-1]["meter_value"][-1]["sampled_value"][0]["context"] == "Transaction.End"


def test_it_takes_our_answers(heard: dict[str, list[Any]]) -> None:
    first, second = heard["answer to GetTransactionStatus"]
    assert first["ongoing_indicator"] is True
    assert second["ongoing_indicator"] is None
    assert heard["answer to CostUpdated"]


def test_it_reads_and_writes_our_variables_and_hears_all_of_them(heard: dict[str, list[Any]]) -> None:
    (read,) = heard["answer to GetVariables"][0]["get_variable_result"]
    assert (read["attribute_status"], read["attribute_value"]) == ("Accepted", "EVConnected")
    (written,) = heard["answer to SetVariables"][0]["set_variable_result"]
    assert written["attribute_status"] == "Accepted"
    reports = heard["NotifyReport"]
    assert [report["seq_no"] for report in reports] == list(range(len(reports)))
    assert not reports[-1].get("tbc")
    names = [name for report in reports for name in report["names"]]
    assert "TxStartPoint" in names
    assert len(names) > 100


def test_it_closes_an_evse_and_sends_data_of_a_vendor_that_we_do_not_know(
    heard: dict[str, list[Any]],
) -> None:
    assert heard["answer to ChangeAvailability"][0]["status"] == "Accepted"
    statuses = [one["connector_status"] for one in heard["StatusNotification"] if one["evse_id"] == 2]
    assert statuses[-1] == "Unavailable"
    assert heard["answer to DataTransfer"][0]["status"] == "UnknownVendorId"


def test_it_takes_what_we_say_of_lists_locks_and_remote_control(heard: dict[str, list[Any]]) -> None:
    def statuses(action: str) -> list[str]:
        return [one["status"] for one in heard[f"answer to {action}"]]

    assert statuses("SendLocalList") == ["Accepted"]
    assert heard["answer to GetLocalListVersion"][0]["version_number"] == 3
    assert statuses("ClearCache") == ["Accepted"]
    assert statuses("UnlockConnector") == ["OngoingAuthorizedTransaction", "Unlocked"]
    assert statuses("RequestStartTransaction") == ["Rejected", "Accepted"]
    assert statuses("RequestStopTransaction") == ["Rejected"]
    assert statuses("TriggerMessage") == ["Accepted", "Accepted", "NotImplemented"]


def test_it_hears_what_it_asked_for(heard: dict[str, list[Any]]) -> None:
    (values,) = heard["MeterValues"]
    assert values["evse_id"] == 2
    assert values["meter_value"][0]["sampled_value"][0]["context"] == "Trigger"
    assert [one["id_token"]["id_token"] for one in heard["Authorize"]] == ["TAG", "CARD"]


def test_it_monitors_us_and_hears_of_what_changed(heard: dict[str, list[Any]]) -> None:
    (result,) = heard["answer to SetVariableMonitoring"][0]["set_monitoring_result"]
    assert result["status"] == "Accepted"
    assert heard["answer to SetMonitoringBase"][0]["status"] == "Accepted"
    assert heard["answer to SetMonitoringLevel"][0]["status"] == "Accepted"
    assert heard["answer to GetMonitoringReport"][0]["status"] == "Accepted"
    (report,) = heard["NotifyMonitoringReport"]
    assert report["monitor"][0]["variable_monitoring"][0]["id"] == result["id"]
    (event,) = heard["NotifyEvent"][0]["event_data"]
    assert (event["actual_value"], event["trigger"]) == ("Unavailable", "Delta")
    assert event["variable_monitoring_id"] == result["id"]


def test_it_hears_of_logs_and_customers(heard: dict[str, list[Any]]) -> None:
    assert heard["answer to GetReport"][0]["status"] == "EmptyResultSet"
    log = heard["answer to GetLog"][0]
    assert (log["status"], log["filename"]) == ("Accepted", "log.txt")
    assert [one["status"] for one in heard["LogStatusNotification"]] == ["Uploading", "Uploaded"]
    assert heard["answer to CustomerInformation"][0]["status"] == "Accepted"
    (customer,) = heard["NotifyCustomerInformation"]
    assert customer["request_id"] == 11
    assert "CARD" in customer["data"]  # the local list, which the back end wrote itself
