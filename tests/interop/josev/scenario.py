"""One session between us and Josev: `scenario.py ours-secc|ours-evcc AC|DC JOSEV_PYTHON`.

Run it in a network namespace of its own: it makes a pair of interfaces and puts one side on each.
Prints one line of JSON: our end of the session, our messages, our faults, Josev's verdict.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from evproto.core import Kind, Trace
from evproto.iso15118 import iso2
from evproto.iso15118.testing import AC_MODES, DC_MODES, IdealCar, IdealCharger, evcc_config, secc_config
from evproto.v2gtp.charging import (
    ChargingStarted,
    ChargingStopped,
    Late,
    PeerFault,
    Pilot,
    SeccSession,
    SessionEnded,
)
from evproto.v2gtp.drivers import Connection, SeccServer, connect_evcc

OURS, PEERS = "v2g0", "v2g1"
AC_CHARGE_S = 1.0
PATIENCE_S = 120.0
"""Josev starts a Java machine first, which takes its time on a busy computer."""


def make_link() -> None:
    """A veth pair whose link-local addresses are usable at once."""
    run = lambda *words: subprocess.run(words, check=True)  # noqa: E731
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", OURS, "type", "veth", "peer", "name", PEERS)
    for name in (OURS, PEERS):
        Path(f"/proc/sys/net/ipv6/conf/{name}/accept_dad").write_text("0")
        run("ip", "link", "set", name, "up")


class Side:
    """Our application on either side, and what it saw."""

    def __init__(self, kind: str) -> None:
        self.is_dc = kind == "DC"
        self.ended: asyncio.Future[SessionEnded] = asyncio.get_running_loop().create_future()
        self.messages: list[str] = []
        self.faults: list[str] = []
        self.late = 0
        self.application: IdealCharger | IdealCar | None = None

    def trace(self, record: Trace) -> None:
        """Keep the names of what we sent."""
        if record.kind is Kind.SENT:
            self.messages.append(record.name)

    def hear(self, connection: Connection[Any, Any], event: object) -> None:
        """Give every event of the session to the application, and the pilot by hand."""
        session = connection.session
        if session is not None and self.application is None:
            self._begin(connection)
        if isinstance(event, SessionEnded) and not self.ended.done():
            self.ended.set_result(event)
        elif isinstance(event, PeerFault):
            self.faults.append(f"{event.name}: {event.detail}")
        elif isinstance(event, Late):
            self.late += 1
        if self.application is not None:
            self.application(event)  # type: ignore[arg-type]
        if isinstance(event, ChargingStopped) and isinstance(self.application, IdealCharger):
            # Josev's car has no wire to our pilot: it is moved for it.
            connection.command(SeccSession.pilot, Pilot.B)
        if isinstance(event, ChargingStarted) and not self.is_dc and isinstance(self.application, IdealCar):
            loop = asyncio.get_running_loop()
            loop.call_later(AC_CHARGE_S, lambda: connection.command(type(session).stop))

    def _begin(self, connection: Connection[Any, Any]) -> None:
        session = connection.session
        now = lambda: connection.driver.now  # noqa: E731
        if hasattr(session, "authorize"):
            session.pilot(Pilot.C, now())
            self.application = IdealCharger(session, now)
        else:
            self.application = IdealCar(session, now, lambda state: None, loops=5)


async def ours_secc(kind: str, side: Side, peer: str) -> tuple[SessionEnded, str]:
    """Our charger, Josev's car."""
    config = secc_config(*(DC_MODES if kind == "DC" else AC_MODES))
    languages = [iso2.Secc(config, timeouts=iso2.FIELD)]
    async with SeccServer(languages, OURS, side.hear, plain_tcp=True, trace=side.trace):
        process = await start_peer(peer, "evcc", kind)
        ended = await asyncio.wait_for(side.ended, PATIENCE_S)
        return ended, await last_line(process)


async def ours_evcc(kind: str, side: Side, peer: str) -> tuple[SessionEnded, str]:
    """Our car, Josev's charger."""
    process = await start_peer(peer, "secc", kind)
    await until_listening(15118)
    modes = DC_MODES if kind == "DC" else AC_MODES
    config = replace(evcc_config(*modes), status_interval_s=0.2)
    languages = [iso2.Evcc(config, timeouts=iso2.FIELD)]
    connection = await connect_evcc(languages, OURS, side.hear, plain_tcp=True, trace=side.trace)
    ended = await asyncio.wait_for(side.ended, PATIENCE_S)
    verdict = await last_line(process)
    connection.close()
    return ended, verdict


async def start_peer(
    python: str, role: str, kind: str, *more: str, interface: str = PEERS, **variables: str
) -> asyncio.subprocess.Process:
    environment = os.environ | {"JAVA_TOOL_OPTIONS": "-Xmx128m"} | variables
    return await asyncio.create_subprocess_exec(
        python,
        str(Path(__file__).with_name("peer.py")),
        role,
        interface,
        kind,
        *more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )


async def until_listening(port: int) -> None:
    """The charger has opened its SDP port; the kernel's table tells it without disturbing anybody."""
    wanted = f":{port:04X} "
    for _ in range(2400):
        if wanted in Path("/proc/net/udp6").read_text():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"nobody listens on UDP port {port}")


async def last_line(process: asyncio.subprocess.Process) -> str:
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    lines = [line for line in out.decode().splitlines() if line.startswith("{")]
    return lines[-1] if lines else json.dumps({"ok": False, "reason": err.decode()[-2000:], "sent": []})


async def main(direction: str, kind: str, peer: str) -> None:
    make_link()
    side = Side(kind)
    play = ours_secc if direction == "ours-secc" else ours_evcc
    ended, verdict = await play(kind, side, peer)
    result = {
        "reason": ended.reason.name,
        "ok": ended.ok,
        "detail": ended.detail,
        "messages": side.messages,
        "faults": side.faults,
        "late": side.late,
        "contactor_closed": side.application.contactor_closed if side.application else None,
        "josev": json.loads(verdict),
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
