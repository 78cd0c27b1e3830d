"""The test back end: its answers, its strictness, and both ends over a real WebSocket."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from evproto.core import DecodeError
from evproto.ocpp_client import CallReceived, ErrorCode, PeerFault, Version
from evproto.ocpp_client.bridge import Description, Registered, Restart, Start, TokenPresented
from evproto.ocpp_client.connectivity import BackOff, Offline
from evproto.ocpp_client.csms import Csms, Refusal
from evproto.ocpp_client.drivers import CsmsServer, SimulatedStation
from evproto.ocpp_client.drivers.simulated import parse_settings
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v16 import messages as m

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FAST = BackOff(wait_minimum=0.01, random_range=0.01, repeat_times=1)

BOOT = {
    Version.V16: {"chargePointVendor": "v", "chargePointModel": "m"},
    Version.V201: {"reason": "PowerUp", "chargingStation": {"vendorName": "v", "model": "m"}},
    Version.V21: {"reason": "PowerUp", "chargingStation": {"vendorName": "v", "model": "m"}},
}


def say(csms: Csms, *frame: Any, now: float = 0.0) -> list[Any]:
    csms.receive(json.dumps(frame), now)
    text = csms.next_output()
    assert text is not None
    answer: list[Any] = json.loads(text)
    return answer


def csms_of(version: Version, **options: Any) -> Csms:
    csms = Csms(version, NOON, 0.0, **options)
    csms.connected(0.0)
    return csms


@pytest.mark.parametrize("version", list(Version))
def test_a_station_of_any_version_is_registered_at_the_present_time(version: Version) -> None:
    answer = say(csms_of(version, heartbeat=17), 2, "a", "BootNotification", BOOT[version], now=60.0)
    assert answer == [
        3,
        "a",
        {"status": "Accepted", "currentTime": "2026-01-01T12:01:00.000Z", "interval": 17},
    ]


@pytest.mark.parametrize("version", list(Version))
def test_what_a_station_says_by_itself_is_answered_by_the_schema_or_refused(version: Version) -> None:
    csms = csms_of(version)
    for action in sorted(version.actions):
        answer = csms._default(action, 0.0)
        assert isinstance(answer, Refusal | version.actions[action][1])


def test_a_message_that_breaks_the_schema_is_refused_and_reported() -> None:
    csms = csms_of(Version.V16)
    answer = say(csms, 2, "a", "Authorize", {"idTag": "X" * 21})
    assert answer[:2] == [4, "a"]
    assert isinstance(csms.next_event(), PeerFault)


def test_a_script_answers_refuses_or_keeps_silent() -> None:
    csms = csms_of(Version.V16, scripts={"Heartbeat": lambda request, now: Refusal(ErrorCode.GENERIC_ERROR)})
    assert say(csms, 2, "a", "Heartbeat", {})[:3] == [4, "a", "GenericError"]
    csms.scripts["Heartbeat"] = lambda request, now: None
    csms.receive('[2,"b","Heartbeat",{}]', 0.0)
    assert csms.next_output() is None


def test_calls_wait_for_one_another_and_for_the_station() -> None:
    csms = Csms(Version.V16, NOON, 0.0)
    csms.call(m.ClearCacheRequest(), 0.0)
    csms.call(m.GetLocalListVersionRequest(), 0.0)
    assert csms.next_output() is None
    csms.connected(1.0)
    first = json.loads(csms.next_output() or "")
    assert first[2] == "ClearCache"
    assert csms.next_output() is None
    csms.receive(json.dumps([3, first[1], {"status": "Accepted"}]), 2.0)
    assert json.loads(csms.next_output() or "")[2] == "GetLocalListVersion"


def test_a_request_is_read_from_its_json() -> None:
    csms = Csms(Version.V16, NOON, 0.0)
    assert csms.read("ClearCache", "{}") == m.ClearCacheRequest()
    with pytest.raises(DecodeError):
        csms.read("ClearCash", "{}")
    with pytest.raises(DecodeError):
        csms.read("Reset", '{"type":"Lukewarm"}')


# --- over a real WebSocket ---


class Line:
    """A server, a station on it, and queues of what each heard."""

    def __init__(self, version: Version = Version.V16, **server: Any) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.events: asyncio.Queue[Any] = asyncio.Queue()
        self.server = CsmsServer(
            lambda identity, version: Csms(version, datetime.now(UTC), asyncio.get_running_loop().time()),
            lambda identity, event: self.heard.append((identity, event)),
            versions=(version,),
            **server,
        )

    async def until(self, kind: type[Any]) -> Any:
        while True:
            event = await asyncio.wait_for(self.events.get(), 10)
            if isinstance(event, kind):
                return event

    def station(self, port: int, **changes: Any) -> SimulatedStation:
        settings: dict[str, Any] = {
            "url": f"ws://127.0.0.1:{port}",
            "identity": "CS1",
            "security": SecurityProfile.NONE,
            "versions": (Version.V16,),
            "allow_unsecured": True,
        }
        return SimulatedStation(
            NetworkProfile(**(settings | changes)),
            Description(vendor="evproto", model="loopback"),
            Store(":memory:"),
            self.events.put_nowait,
            back_off=FAST,
        )

    def actions(self) -> list[str]:
        return [event.action for _, event in self.heard if isinstance(event, CallReceived)]


def converse(line: Line, scenario: Callable[[SimulatedStation], Awaitable[None]], **changes: Any) -> None:
    async def main() -> None:
        async with line.server.listen("127.0.0.1", 0) as port:
            station = line.station(port, **changes)
            running = asyncio.create_task(station.run())
            try:
                await scenario(station)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    asyncio.run(main())


@pytest.mark.parametrize("chosen", [Version.V201, Version.V21])
def test_a_station_becomes_one_of_the_version_that_the_back_end_chooses(chosen: Version) -> None:
    line = Line(chosen)

    async def scenario(station: SimulatedStation) -> None:
        await line.until(Registered)
        station.plug(1)
        station.tell(TokenPresented("TAG"))
        await line.until(Start)
        await asyncio.sleep(0.05)
        assert "TransactionEvent" in line.actions()
        assert station.station.statuses == {(1, 1): "Occupied"}

    converse(line, scenario, versions=(Version.V16, chosen))


def test_a_station_boots_charges_and_is_reset_over_the_line() -> None:
    line = Line()

    async def scenario(station: SimulatedStation) -> None:
        await line.until(Registered)
        station.plug(1)
        station.tell(TokenPresented("TAG"))
        await line.until(Start)
        reset = m.ResetRequest(type=m.enums.ResetType.SOFT)
        line.server.command("CS1", line.server.of("CS1").call, reset)
        assert (await line.until(Restart)) == Restart(hard=False)
        await line.until(Registered)
        await asyncio.sleep(0)
        assert station.station.statuses[1] == "Preparing"

    converse(line, scenario)
    assert line.actions().count("BootNotification") == 2
    assert line.actions().count("StartTransaction") == line.actions().count("StopTransaction") == 1


def test_the_right_password_lets_a_station_in() -> None:
    line = Line(password=lambda identity, password: (identity, password) == ("CS1", "right"))

    async def scenario(station: SimulatedStation) -> None:
        await line.until(Registered)

    converse(line, scenario, security=SecurityProfile.BASIC_AUTH, password="right")


def test_the_wrong_password_does_not() -> None:
    line = Line(password=lambda identity, password: (identity, password) == ("CS1", "right"))

    async def scenario(station: SimulatedStation) -> None:
        offline = await line.until(Offline)
        assert "401" in offline.reason

    converse(line, scenario, security=SecurityProfile.BASIC_AUTH, password="wrong")
    assert line.heard == []


def test_a_timer_of_the_station_runs_without_a_connection() -> None:
    line = Line()

    async def scenario(station: SimulatedStation) -> None:
        await line.until(Registered)
        await asyncio.sleep(0)
        link = station._link
        assert link._attempt is not None
        link._attempt.cancel()  # the line breaks
        await asyncio.sleep(0.005)
        station.tell(TokenPresented("TAG"))
        assert link._talk is not None
        assert link._talk._timer is not None

    converse(line, scenario)


def test_settings_are_key_value_pairs() -> None:
    assert parse_settings(["A=1", "B=x=y"]) == {"A": "1", "B": "x=y"}
    with pytest.raises(ValueError, match="KEY=VALUE"):
        parse_settings(["A"])


# --- the command ---


@pytest.mark.parametrize(
    ("version", "setting", "charging", "started"),
    [
        ("1.6", "HeartbeatInterval=5", "'Charging'", "StartTransaction"),
        ("2.0.1", "OCPPCommCtrlr.HeartbeatInterval=5", "'Occupied'", "TransactionEvent"),
        ("2.1", "TxCtrlr.TxStartPoint=Authorized", "'Occupied'", "TransactionEvent"),
    ],
)
def test_the_two_commands_talk_to_each_other(version: str, setting: str, charging: str, started: str) -> None:
    command = [sys.executable, "-m", "evproto.ocpp_client.cli"]
    back_end = subprocess.Popen(
        [*command, "csms", "--port", "0", "--version", version],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert back_end.stdout is not None
        url = next(line for line in back_end.stdout if line.startswith("listening")).split()[-1]
        script = "wait 1\nplug 1\ntoken TAG 1 KeyCode\nnonsense\nplug 9\nwait 0.5\nstatus\nquit\n"
        station = subprocess.run(
            [*command, "station", url.rstrip("/"), "--version", version, "--set", setting],
            input=script,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert charging in station.stdout, station.stdout + station.stderr
        heard, _ = back_end.communicate("quit\n", timeout=10)
        assert f"evproto-1 > {started}" in heard
        assert ('"type":"KeyCode"' in heard) is (version != "1.6")
    finally:
        back_end.kill()
        back_end.wait()


@pytest.mark.parametrize(
    "arguments",
    [
        ["station", "http://127.0.0.1"],
        ["station", "ws://127.0.0.1", "--security", "1"],
        ["station", "ws://127.0.0.1", "--set", "nonsense"],
        ["station", "ws://127.0.0.1", "--version", "2.0.1", "--set", "NoCtrlr.Variable=1"],
        ["station", "ws://127.0.0.1", "--version", "2.0.1", "--set", "TxCtrlr.NoVariable=1"],
        ["station", "ws://127.0.0.1", "--version", "2.1", "--set", "TxCtrlr.EVConnectionTimeOut=soon"],
        ["csms", "--version", "1.5"],
    ],
)
def test_a_wrong_argument_is_named_and_nothing_starts(arguments: list[str]) -> None:
    from typer.testing import CliRunner

    from evproto.ocpp_client.cli import app

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Invalid value" in result.output
