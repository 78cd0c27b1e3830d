"""A machine that is fed by reading something at a steady pace (control pilot, meter, sensor)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from evproto.core.drivers.base import Driver
from evproto.core.machine import Machine

In = TypeVar("In")
Out = TypeVar("Out")
Event = TypeVar("Event")

_log = logging.getLogger(__name__)


class SampleDriver(Generic[In, Out, Event]):
    """Reads a sample every `interval` seconds and gives it to the machine.

    `read` must not block. A reading that fails (OSError) is left out and logged once per
    failure in a row; the machine notices the silence by its own timers.
    """

    def __init__(
        self,
        machine: Machine[In, Out, Event],
        read: Callable[[], In],
        send: Callable[[Out], None],
        on_event: Callable[[Event], None],
        *,
        interval: float,
    ) -> None:
        self.driver: Driver[In, Out, Event] = Driver(machine, send, on_event)
        self._read = read
        self._interval = interval
        self._failing = False

    async def run(self) -> None:
        """Sample until cancelled; the pace does not drift."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while True:
                self._sample()
                due = max(due + self._interval, loop.time())
                await asyncio.sleep(due - loop.time())
        finally:
            self.driver.stop()

    def _sample(self) -> None:
        try:
            item = self._read()
        except OSError as error:
            if not self._failing:
                _log.warning("no sample: %s", error)
            self._failing = True
            return
        self._failing = False
        self.driver.receive(item)
