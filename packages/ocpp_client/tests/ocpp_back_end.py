"""A back end on the PyPI package ocpp, run as a program of its own: it validates all that it hears.

Prints its port, then a JSON line for each thing that it hears or is answered.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any

from ocpp.routing import after, on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.server import ServerConnection, serve


def tell(**line: Any) -> None:
    print(json.dumps(line, default=str), flush=True)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class BackEnd(ChargePoint):
    """Answers a station; once it has booted, goes through a course of calls."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.charging = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    @on("BootNotification")
    def on_boot(self, **payload: Any) -> Any:
        tell(heard="BootNotification", payload=payload)
        return call_result.BootNotification(current_time=now(), interval=300, status="Accepted")

    @after("BootNotification")
    def after_boot(self, **payload: Any) -> None:
        self.tasks.append(asyncio.create_task(self.course()))

    @on("Heartbeat")
    def on_heartbeat(self) -> Any:
        tell(heard="Heartbeat")
        return call_result.Heartbeat(current_time=now())

    @on("StatusNotification")
    def on_status(self, **payload: Any) -> Any:
        tell(heard="StatusNotification", payload=payload)
        if payload["status"] == "Charging":
            self.charging.set()
        return call_result.StatusNotification()

    @on("Authorize")
    def on_authorize(self, **payload: Any) -> Any:
        tell(heard="Authorize", payload=payload)
        return call_result.Authorize(id_tag_info={"status": "Accepted"})

    @on("StartTransaction")
    def on_start(self, **payload: Any) -> Any:
        tell(heard="StartTransaction", payload=payload)
        return call_result.StartTransaction(transaction_id=99, id_tag_info={"status": "Accepted"})

    @on("StopTransaction")
    def on_stop(self, **payload: Any) -> Any:
        tell(heard="StopTransaction", payload=payload)
        return call_result.StopTransaction(id_tag_info={"status": "Accepted"})

    @on("MeterValues")
    def on_meter_values(self, **payload: Any) -> Any:
        tell(heard="MeterValues", payload=payload)
        return call_result.MeterValues()

    @on("FirmwareStatusNotification")
    def on_firmware(self, **payload: Any) -> Any:
        tell(heard="FirmwareStatusNotification", payload=payload)
        return call_result.FirmwareStatusNotification()

    @on("DiagnosticsStatusNotification")
    def on_diagnostics(self, **payload: Any) -> Any:
        tell(heard="DiagnosticsStatusNotification", payload=payload)
        return call_result.DiagnosticsStatusNotification()

    async def ask(self, request: Any) -> None:
        answer = await self.call(request, suppress=False)
        tell(asked=type(request).__name__, answer=vars(answer))

    async def course(self) -> None:
        try:
            await self.before_charging()
            await asyncio.wait_for(self.charging.wait(), 10)
            await self.while_charging()
            tell(done=True)
        except Exception as error:  # the test reads it
            tell(failed=repr(error))

    async def before_charging(self) -> None:
        await self.ask(call.GetConfiguration())
        await self.ask(
            call.ChangeConfiguration(key="StopTxnSampledData", value="Energy.Active.Import.Register")
        )
        await self.ask(call.GetLocalListVersion())
        entry = {"id_tag": "LISTED", "id_tag_info": {"status": "Accepted"}}
        await self.ask(
            call.SendLocalList(list_version=1, update_type="Full", local_authorization_list=[entry])
        )
        await self.ask(
            call.ReserveNow(
                connector_id=2, expiry_date="2099-01-01T00:00:00Z", id_tag="GUEST", reservation_id=4
            )
        )
        await self.ask(call.CancelReservation(reservation_id=4))
        await self.ask(call.ChangeAvailability(connector_id=2, type="Inoperative"))
        await self.ask(call.GetDiagnostics(location="ftp://example.com/"))
        await self.ask(call.UpdateFirmware(location="ftp://example.com/f", retrieve_date=now()))
        await self.ask(call.DataTransfer(vendor_id="com.example"))
        await self.ask(call.ClearCache())
        await self.ask(call.RemoteStartTransaction(id_tag="FAR", connector_id=1))

    async def while_charging(self) -> None:
        for message in ("Heartbeat", "MeterValues", "StatusNotification"):
            await self.ask(call.TriggerMessage(requested_message=message, connector_id=1))
        await self.ask(call.RemoteStopTransaction(transaction_id=99))
        await self.ask(call.UnlockConnector(connector_id=1))
        await self.ask(call.Reset(type="Soft"))


async def converse(socket: ServerConnection) -> None:
    assert socket.request is not None
    await BackEnd(socket.request.path.strip("/"), socket).start()


async def main() -> None:
    async with serve(converse, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
        tell(port=next(iter(server.sockets)).getsockname()[1])
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
