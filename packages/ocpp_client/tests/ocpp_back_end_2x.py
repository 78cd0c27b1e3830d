"""A back end of 2.0.1 or 2.1 on the PyPI package ocpp, run as a program of its own: it validates all.

Its argument is the version. Prints its port, then a JSON line for each thing that it hears or is
answered. `COURSE` are its calls once a vehicle charges.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from ocpp.charge_point import ChargePoint
from ocpp.routing import on
from websockets.asyncio.server import ServerConnection, serve

VERSION = sys.argv[1]
MODULE = {"2.0.1": "v201", "2.1": "v21"}[VERSION]
call, call_result = (import_module(f"ocpp.{MODULE}.{name}") for name in ("call", "call_result"))
base: type[ChargePoint] = import_module(f"ocpp.{MODULE}").ChargePoint


def tell(**line: Any) -> None:
    print(json.dumps(line, default=str), flush=True)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class BackEnd(base):  # type: ignore[misc,valid-type]
    """Answers a station; once it charges, goes through a course of calls."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.transaction_id = ""
        self.tasks: list[asyncio.Task[None]] = []

    @on("BootNotification")
    def on_boot(self, **payload: Any) -> Any:
        tell(heard="BootNotification", payload=payload)
        return call_result.BootNotification(current_time=now(), interval=300, status="Accepted")

    @on("Heartbeat")
    def on_heartbeat(self) -> Any:
        return call_result.Heartbeat(current_time=now())

    @on("Authorize")
    def on_authorize(self, **payload: Any) -> Any:
        tell(heard="Authorize", payload=payload)
        return call_result.Authorize(id_token_info={"status": "Accepted"})

    @on("StatusNotification")
    def on_status(self, **payload: Any) -> Any:
        tell(heard="StatusNotification", payload=payload)
        return call_result.StatusNotification()

    @on("NotifyReport")
    def on_report(self, **payload: Any) -> Any:
        names = [one["variable"]["name"] for one in payload.pop("report_data")]
        tell(heard="NotifyReport", payload=payload | {"names": names})  # whole, it would fill the pipe
        return call_result.NotifyReport()

    @on("SecurityEventNotification")
    def on_security_event(self, **payload: Any) -> Any:
        tell(heard="SecurityEventNotification", payload=payload)
        return call_result.SecurityEventNotification()

    @on("NotifyMonitoringReport")
    def on_monitoring_report(self, **payload: Any) -> Any:
        tell(heard="NotifyMonitoringReport", payload=payload)
        return call_result.NotifyMonitoringReport()

    @on("NotifyEvent")
    def on_event(self, **payload: Any) -> Any:
        tell(heard="NotifyEvent", payload=payload)
        return call_result.NotifyEvent()

    @on("LogStatusNotification")
    def on_log_status(self, **payload: Any) -> Any:
        tell(heard="LogStatusNotification", payload=payload)
        return call_result.LogStatusNotification()

    @on("NotifyCustomerInformation")
    def on_customer_information(self, **payload: Any) -> Any:
        tell(heard="NotifyCustomerInformation", payload=payload)
        return call_result.NotifyCustomerInformation()

    @on("MeterValues")
    def on_meter_values(self, **payload: Any) -> Any:
        tell(heard="MeterValues", payload=payload)
        return call_result.MeterValues()

    @on("TransactionEvent")
    def on_transaction_event(self, **payload: Any) -> Any:
        tell(heard="TransactionEvent", payload=payload)
        self.transaction_id = payload["transaction_info"]["transaction_id"]
        if payload["transaction_info"].get("charging_state") == "Charging" and not self.tasks:
            self.tasks.append(asyncio.create_task(self.course()))
        ended = payload["event_type"] == "Ended"
        token = {"status": "Accepted"} if payload.get("id_token") else None
        return call_result.TransactionEvent(total_cost=9.5 if ended else None, id_token_info=token)

    async def course(self) -> None:
        try:
            for name, arguments in COURSE:
                given = {key: self.transaction_id if value is ID else value for key, value in arguments}
                answer = await self.call(getattr(call, name)(**given), suppress=False)
                tell(asked=name, answer=vars(answer))
        except Exception as error:  # the test reads it
            tell(failed=repr(error))


def variable(component: str, name: str, **more: Any) -> dict[str, Any]:
    return {"component": {"name": component}, "variable": {"name": name}, **more}


ID = object()
TOKEN = {"id_token": "CARD", "type": "ISO14443"}
ENTRY = {"id_token": TOKEN, "id_token_info": {"status": "Accepted"}}
COURSE: list[tuple[str, list[tuple[str, Any]]]] = [
    (
        "SendLocalList",
        [("version_number", 3), ("update_type", "Full"), ("local_authorization_list", [ENTRY])],
    ),
    ("GetLocalListVersion", []),
    ("ClearCache", []),
    ("UnlockConnector", [("evse_id", 1), ("connector_id", 1)]),
    ("UnlockConnector", [("evse_id", 2), ("connector_id", 1)]),
    ("RequestStartTransaction", [("id_token", TOKEN), ("remote_start_id", 4), ("evse_id", 1)]),
    ("RequestStartTransaction", [("id_token", TOKEN), ("remote_start_id", 5), ("evse_id", 2)]),
    ("RequestStopTransaction", [("transaction_id", "another")]),
    ("TriggerMessage", [("requested_message", "MeterValues"), ("evse", {"id": 2})]),
    ("TriggerMessage", [("requested_message", "TransactionEvent")]),
    ("TriggerMessage", [("requested_message", "SignCombinedCertificate")]),
    ("GetVariables", [("get_variable_data", [variable("TxCtrlr", "TxStartPoint")])]),
    (
        "SetVariables",
        [("set_variable_data", [variable("TxCtrlr", "EVConnectionTimeOut", attribute_value="45")])],
    ),
    ("GetBaseReport", [("request_id", 7), ("report_base", "FullInventory")]),
    (
        "SetVariableMonitoring",
        [
            (
                "set_monitoring_data",
                [
                    {
                        "value": 0.0,
                        "type": "Delta",
                        "severity": 5,
                        "component": {"name": "EVSE", "evse": {"id": 2}},
                        "variable": {"name": "AvailabilityState"},
                    }
                ],
            )
        ],
    ),
    ("SetMonitoringBase", [("monitoring_base", "All")]),
    ("SetMonitoringLevel", [("severity", 7)]),
    ("GetMonitoringReport", [("request_id", 8)]),
    ("GetReport", [("request_id", 9), ("component_criteria", ["Problem"])]),
    (
        "GetLog",
        [
            ("log", {"remote_location": "https://logs.example/"}),
            ("log_type", "SecurityLog"),
            ("request_id", 10),
        ],
    ),
    (
        "CustomerInformation",
        [("request_id", 11), ("report", True), ("clear", True), ("id_token", TOKEN)],
    ),
    ("ChangeAvailability", [("operational_status", "Inoperative"), ("evse", {"id": 2})]),
    ("DataTransfer", [("vendor_id", "com.example")]),
    ("GetTransactionStatus", [("transaction_id", ID)]),
    ("GetTransactionStatus", []),
    ("CostUpdated", [("total_cost", 1.5), ("transaction_id", ID)]),
]


async def converse(socket: ServerConnection) -> None:
    assert socket.request is not None
    await BackEnd(socket.request.path.strip("/"), socket).start()


async def main() -> None:
    subprotocols: Any = [f"ocpp{VERSION}"]
    async with serve(converse, "127.0.0.1", 0, subprotocols=subprotocols) as server:
        tell(port=next(iter(server.sockets)).getsockname()[1])
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
