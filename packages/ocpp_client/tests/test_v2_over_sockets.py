"""Resets and migration of a 2.0.1 station over real sockets on loopback."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.drivers import CsmsServer, SimulatedStation
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.rpc_events import CallAnswered, CallReceived
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

ON_IDLE = m.ResetRequest(type=e.ResetEnum.ON_IDLE)


class BackEnd:
    """What one back end hears, in order."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.server = CsmsServer(self._make, self._on_event, versions=(Version.V201,))

    def _make(self, identity: str, version: Version) -> Csms:
        return Csms(version, datetime.now(UTC), asyncio.get_running_loop().time())

    def _on_event(self, identity: str, event: Any) -> None:
        if isinstance(event, CallReceived):
            self.heard.put_nowait(event.request)
        elif isinstance(event, CallAnswered):
            self.heard.put_nowait(event.response)

    async def until(self, kind: type[Any]) -> Any:
        """The next of that kind; what comes before it is forgotten."""
        while not isinstance(found := await asyncio.wait_for(self.heard.get(), 20), kind):
            pass
        return found

    async def call(self, request: Any, kind: type[Any]) -> Any:
        self.server.command("CS1", self.server.of("CS1").call, request)
        return await self.until(kind)


def run(count: int, scenario: Any) -> None:
    """A scenario with so many back ends, of which the station knows the first."""

    async def main() -> None:
        async with AsyncExitStack() as stack:
            back_ends = [BackEnd() for _ in range(count)]
            ports = [await stack.enter_async_context(one.server.listen("127.0.0.1", 0)) for one in back_ends]
            station = SimulatedStation(
                NetworkProfile(
                    url=f"ws://127.0.0.1:{ports[0]}",
                    identity="CS1",
                    security=SecurityProfile.NONE,
                    versions=(Version.V201,),
                    allow_unsecured=True,
                ),
                Description(vendor="evproto", model="socket"),
                Store(":memory:"),
                lambda event: None,
            )
            running = asyncio.create_task(station.run())
            try:
                await scenario(back_ends, ports)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    asyncio.run(main())


def test_a_reset_is_answered_before_the_station_restarts() -> None:
    async def scenario(back_ends: list[BackEnd], ports: list[int]) -> None:
        (back_end,) = back_ends
        boot = await back_end.until(m.BootNotificationRequest)
        assert boot.reason is e.BootReasonEnum.POWER_UP
        await back_end.until(m.StatusNotificationRequest)
        answer = await back_end.call(ON_IDLE, m.ResetResponse)
        assert answer.status is e.ResetStatusEnum.ACCEPTED
        boot = await back_end.until(m.BootNotificationRequest)
        assert boot.reason is e.BootReasonEnum.REMOTE_RESET

    run(1, scenario)


def test_a_station_goes_from_one_back_end_to_another() -> None:
    async def scenario(back_ends: list[BackEnd], ports: list[int]) -> None:
        old, new = back_ends
        await old.until(m.StatusNotificationRequest)
        data = d.NetworkConnectionProfile(
            ocpp_version=e.OCPPVersionEnum.OCPP20,
            ocpp_transport=e.OCPPTransportEnum.JSON,
            ocpp_csms_url=f"ws://127.0.0.1:{ports[1]}",
            message_timeout=30,
            security_profile=0,
            ocpp_interface=e.OCPPInterfaceEnum.WIRED0,
        )
        request = m.SetNetworkProfileRequest(configuration_slot=2, connection_data=data)
        answer = await old.call(request, m.SetNetworkProfileResponse)
        assert answer.status is e.SetNetworkProfileStatusEnum.ACCEPTED
        order = d.SetVariableData(
            attribute_value="2,1",
            component=d.Component(name="OCPPCommCtrlr"),
            variable=d.Variable(name="NetworkConfigurationPriority"),
        )
        await old.call(m.SetVariablesRequest(set_variable_data=(order,)), m.SetVariablesResponse)
        await old.call(ON_IDLE, m.ResetResponse)
        boot = await new.until(m.BootNotificationRequest)
        assert boot.reason is e.BootReasonEnum.REMOTE_RESET
        assert "CS1" not in old.server.stations

    run(2, scenario)
