"""An EVSE or an EV on a network interface, under asyncio."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

from evproto.core import TraceSink
from evproto.core.drivers.ethernet import EthernetDriver, EthernetPort, interface_mac
from evproto.slac.ev import Ev, EvConfig
from evproto.slac.events import Event
from evproto.slac.evse import Evse, EvseConfig
from evproto.slac.messages import (
    ETHERTYPE,
    CmNwInfoReq,
    CmNwStatsReq,
    Frame,
    Mme,
    decode,
    encode,
    lumissil,
    qualcomm,
)
from evproto.slac.modem import ModemConfig
from evproto.slac.station import Station
from evproto.slac.timeouts import Timeouts

__all__ = ["StationDriver", "ask_modem", "open_ev", "open_evse"]


class StationDriver(EthernetDriver[Event]):
    """A station on an interface; `command` gives it a command, `close` ends it."""

    def __init__(self, station: Station, interface: str, on_event: Callable[[Event], None]) -> None:
        super().__init__(station, interface, ETHERTYPE, on_event)

    def command(self, verb: Callable[..., object], *arguments: object) -> None:
        """Call `verb(*arguments, now)` and send what follows."""
        self.driver.command(verb, *arguments)


def open_evse(
    interface: str,
    on_event: Callable[[Event], None],
    *,
    config: EvseConfig | None = None,
    modem: ModemConfig | None = None,
    timeouts: Timeouts | None = None,
    trace: TraceSink | None = None,
) -> tuple[Evse, StationDriver]:
    """An EVSE on an interface, started: give it the pilot by `driver.command(evse.pilot, "B")`.

    Raises ConfigError and PermissionError as `EthernetPort` does.
    """
    evse = Evse(
        mac=interface_mac(interface),
        entropy=secrets.token_bytes,
        config=config,
        modem=modem,
        timeouts=timeouts,
        trace=trace,
    )
    driver = StationDriver(evse, interface, on_event)
    driver.command(evse.start)
    return evse, driver


def open_ev(
    interface: str,
    on_event: Callable[[Event], None],
    *,
    config: EvConfig | None = None,
    modem: ModemConfig | None = None,
    timeouts: Timeouts | None = None,
    trace: TraceSink | None = None,
) -> tuple[Ev, StationDriver]:
    """An EV on an interface: `driver.command(ev.start)` begins to match."""
    ev = Ev(
        mac=interface_mac(interface),
        entropy=secrets.token_bytes,
        config=config,
        modem=modem,
        timeouts=timeouts,
        trace=trace,
    )
    return ev, StationDriver(ev, interface, on_event)


async def ask_modem(
    interface: str, *, wait: float = 0.5, address: bytes = qualcomm.LOCAL_MODEM
) -> list[Frame]:
    """Every answer of the modems at an interface to the harmless questions, within `wait` seconds."""
    answers: list[Frame] = []
    mac = interface_mac(interface)
    port = EthernetPort(interface, ETHERTYPE, lambda data: _take_answer(data, mac, answers))
    try:
        for question in _QUESTIONS:
            port.send(encode(Frame(address, mac, question)))
        deadline = time.monotonic() + wait
        while (left := deadline - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 0.05))
    finally:
        port.close()
    return answers


_QUESTIONS: tuple[Mme, ...] = (
    qualcomm.VsSwVerReq(),
    lumissil.NscmGetVersionReq(),
    CmNwInfoReq(),
    CmNwStatsReq(),
    qualcomm.VsPlLnkStatusReq(),
    lumissil.NscmGetDLinkStatusReq(),
    qualcomm.VsOpAttributesReq(),
)


def _take_answer(data: bytes, mac: bytes, answers: list[Frame]) -> None:
    try:
        frame = decode(data)
    except ValueError:
        return
    if frame.destination == mac:
        answers.append(frame)
