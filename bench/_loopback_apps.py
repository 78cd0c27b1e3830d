"""The two ends of the loopback benchmark: our charger as a server, and a car that takes times."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from evproto.core import Kind, Trace
from evproto.iso15118 import iso2
from evproto.iso15118.testing import IdealCar, IdealCharger, evcc_config, secc_config
from evproto.v2gtp import EndpointEvent
from evproto.v2gtp.charging import EvccEvent, EvccSession, Pilot, SeccEvent, SeccSession, SessionEnded
from evproto.v2gtp.drivers import Connection, SeccServer, connect_evcc

PACE = 0.002
"""Seconds from an answer to the next request."""


async def serve(interface: str) -> None:
    """Our SECC, until killed; one charger application for every connection."""
    chargers: dict[Connection[SeccSession, SeccEvent], IdealCharger] = {}

    def hear(connection: Connection[SeccSession, SeccEvent], event: EndpointEvent | SeccEvent) -> None:
        session = connection.session
        if session is not None and connection not in chargers:
            # There is no pilot between the two processes: the plug counts as in state C.
            session.pilot(Pilot.C, connection.driver.now)
            chargers[connection] = IdealCharger(session, lambda: connection.driver.now)
        if connection in chargers:
            chargers[connection](event)  # type: ignore[arg-type]

    server: SeccServer[SeccSession, SeccEvent] = SeccServer(
        [iso2.Secc(secc_config())], interface, hear, plain_tcp=True
    )
    async with server:
        await asyncio.Event().wait()


class TimingCar:
    """Charges for `loops` rounds of the charge loop and keeps how long each answer took."""

    def __init__(self, loops: int) -> None:
        self.answers: list[float] = []
        self._loops = loops
        self._asked = 0.0
        self._car: IdealCar | None = None
        self._ended: SessionEnded | None = None

    async def charge(self, interface: str) -> None:
        """One session from discovery to the end; RuntimeError when it did not end well."""
        language = iso2.Evcc(replace(evcc_config(), loop_interval_s=PACE), timeouts=iso2.FIELD)
        connection: Connection[EvccSession, EvccEvent] = await connect_evcc(
            [language], interface, self._hear, plain_tcp=True, trace=self._note
        )
        await connection.closed
        if self._ended is None or not self._ended.ok:
            raise RuntimeError(f"the session on {interface} ended with {self._ended}")

    def _note(self, record: Trace) -> None:
        if record.kind is Kind.SENT and record.name == "CurrentDemandReq":
            self._asked = record.time
        elif record.kind is Kind.RECEIVED and record.name == "CurrentDemandRes":
            self.answers.append(record.time - self._asked)

    def _hear(self, connection: Connection[EvccSession, EvccEvent], event: EndpointEvent | EvccEvent) -> None:
        session = connection.session
        if session is not None and self._car is None:
            self._car = IdealCar(
                session, lambda: connection.driver.now, lambda state: None, loops=self._loops
            )
        if isinstance(event, SessionEnded):
            self._ended = event
        if self._car is not None:
            self._car(event)  # type: ignore[arg-type]
