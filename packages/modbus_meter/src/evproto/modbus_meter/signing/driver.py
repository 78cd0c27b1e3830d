"""The asyncio side of a signing session: commands to a meter over Modbus or HTTP.

HTTP needs the extra `evproto-modbus-meter[http]`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from evproto.core.modbus import Port, run_flow
from evproto.modbus_meter.signing.em580 import em580_command
from evproto.modbus_meter.signing.flow import SigningSession
from evproto.modbus_meter.signing.lem_dcbm import HttpRequest, HttpResponse, LemDcbm
from evproto.modbus_meter.signing.messages import Command, Reply, SigningEvent

Execute = Callable[[Command], Awaitable[Reply]]


def em580_over(port: Port, unit: int = 1) -> Execute:
    """Carries commands to an EM580."""

    async def execute(command: Command) -> Reply:
        return await run_flow(em580_command(command, unit), port)

    return execute


def lem_over(base_url: str, meter: LemDcbm, *, context: ssl.SSLContext | None = None) -> Execute:
    """Carries commands to a LEM DCBM at `base_url`; https with a context of the caller's."""
    import httpx

    client = httpx.AsyncClient(base_url=base_url, timeout=4.0, verify=context or True)

    async def send(request: HttpRequest) -> HttpResponse:
        headers = {"content-type": "application/json"} if request.body else {}
        try:
            answer = await client.request(
                request.method, request.path, content=request.body or None, headers=headers
            )
        except httpx.HTTPError as error:
            return HttpResponse(0, str(error))
        return HttpResponse(answer.status_code, answer.text)

    async def execute(command: Command) -> Reply:
        flow = meter.command(command)
        try:
            request = next(flow)
            while True:
                request = flow.send(await send(request))
        except StopIteration as end:
            reply: Reply = end.value
            return reply

    return execute


class SigningDriver:
    """Runs a session on the loop's clock; after a command of the application call `wake`."""

    def __init__(
        self, session: SigningSession, execute: Execute, on_event: Callable[[SigningEvent], Any]
    ) -> None:
        self._session = session
        self._execute = execute
        self._on_event = on_event
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at the session anew."""
        self._wake.set()

    async def run(self) -> None:
        """Carry commands and replies until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            while (command := self._session.next_output()) is not None:
                reply = await self._execute(command)
                self._session.receive(reply, loop.time())
            while (event := self._session.next_event()) is not None:
                self._on_event(event)
            deadline = self._session.deadline
            # no wait_for: in Python 3.11 it loses a cancellation that comes together with the event
            alarm = None if deadline is None else loop.call_at(deadline, self._wake.set)
            await self._wake.wait()
            if alarm is not None:
                alarm.cancel()
            self._session.advance(loop.time())
