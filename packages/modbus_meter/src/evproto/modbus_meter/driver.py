"""The asyncio side of a poller: carries its requests to a port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from evproto.core.modbus import Port
from evproto.modbus_meter.poller import Poller, PollerEvent


async def run_poller(
    poller: Poller, port: Port, on_event: Callable[[PollerEvent], None], *, until: float | None = None
) -> None:
    """Poll until cancelled, or for `until` seconds; every event goes to `on_event`.

    The port's time-out ends a request; the poller's own is for those who move bytes themselves, so
    give the poller a longer one than the port.
    """
    loop = asyncio.get_running_loop()
    end = None if until is None else loop.time() + until
    poller.start(loop.time())
    while end is None or loop.time() < end:
        while (request := poller.next_output()) is not None:
            poller.receive(await port.exchange(request), loop.time())
        while (event := poller.next_event()) is not None:
            on_event(event)
        deadline = poller.deadline
        wait = 1.0 if deadline is None else deadline - loop.time()
        if end is not None:
            wait = min(wait, end - loop.time())
        await asyncio.sleep(max(0.0, wait))
        poller.advance(loop.time())
