"""A 1.6 station against a back end that others wrote, in its own process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Description, Registered, Restart
from evproto.ocpp_client.connectivity import BackOff
from evproto.ocpp_client.drivers import SimulatedStation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(find_spec("ocpp") is None, reason="the package ocpp is not installed"),
]


def course(port: int) -> list[Any]:
    """Plug in once registered, and let the back end do the rest until it resets the station."""
    events: list[Any] = []

    async def main() -> None:
        done = asyncio.Event()

        def on_event(event: Any) -> None:
            events.append(event)
            if isinstance(event, Registered) and not done.is_set():
                station.plug(1)
            elif isinstance(event, Restart):
                done.set()

        station = SimulatedStation(
            NetworkProfile(
                url=f"ws://127.0.0.1:{port}",
                identity="CS1",
                security=SecurityProfile.NONE,
                versions=(Version.V16,),
                allow_unsecured=True,
            ),
            Description(vendor="evproto", model="interop", evse_count=2),
            Store(":memory:"),
            on_event,
            back_off=BackOff(wait_minimum=0.1, random_range=0.1),
        )
        running = asyncio.create_task(station.run())
        await asyncio.wait_for(done.wait(), 30)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(main())
    return events


@pytest.fixture(scope="module")
def heard(hear: Callable[..., dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """By message: what the back end heard, and by call: how it was answered."""
    return hear("ocpp_back_end.py", course)


@pytest.mark.parametrize(
    ("request_name", "status"),
    [
        ("ChangeConfiguration", "Accepted"),
        ("SendLocalList", "Accepted"),
        ("ReserveNow", "Accepted"),
        ("CancelReservation", "Accepted"),
        ("ChangeAvailability", "Accepted"),
        ("DataTransfer", "UnknownVendorId"),
        ("ClearCache", "Accepted"),
        ("RemoteStartTransaction", "Accepted"),
        ("TriggerMessage", "Accepted"),
        ("RemoteStopTransaction", "Accepted"),
        ("UnlockConnector", "Unlocked"),
    ],
)
def test_the_other_back_end_takes_our_answer(
    heard: dict[str, list[Any]], request_name: str, status: str
) -> None:
    answers = heard[f"answer to {request_name}"]
    assert answers
    assert {answer["status"] for answer in answers} == {status}


def test_it_reads_our_configuration_our_list_version_and_our_file_name(heard: dict[str, list[Any]]) -> None:
    keys = heard["answer to GetConfiguration"][0]["configuration_key"]
    assert {"key": "NumberOfConnectors", "readonly": True, "value": "2"} in keys
    assert heard["answer to GetLocalListVersion"][0]["list_version"] == 0
    assert heard["answer to GetDiagnostics"][0]["file_name"] == "diagnostics.log"


def test_it_hears_a_whole_transaction(heard: dict[str, list[Any]]) -> None:
    (start,), (stop,) = heard["StartTransaction"], heard["StopTransaction"]
    assert (start["id_tag"], start["connector_id"]) == ("FAR", 1)
    assert (stop["transaction_id"], stop["reason"]) == (99, "Remote")
    contexts = [value["sampled_value"][0]["context"] for value in stop["transaction_data"]]
    assert contexts == ["Transaction.Begin", "Transaction.End"]


def test_it_hears_what_it_triggered_and_how_the_work_goes(heard: dict[str, list[Any]]) -> None:
    assert heard["Heartbeat"]
    assert heard["MeterValues"][0]["transaction_id"] == 99
    assert [one["status"] for one in heard["FirmwareStatusNotification"]] == [
        "Downloading",
        "Downloaded",
        "Installing",
        "Installed",
    ]
    assert [one["status"] for one in heard["DiagnosticsStatusNotification"]] == ["Uploading", "Uploaded"]
