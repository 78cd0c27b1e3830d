"""The interface of a board that is read at a steady pace, and the loop that does so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from evproto.core.drivers import Driver
from evproto.iec61851.duty import X1_DUTY
from evproto.iec61851.supply import Supply
from evproto.iec61851.supply_io import SetContactor, SetPilot, SupplyEvent, SupplyInput, SupplyOutput

_log = logging.getLogger(__name__)


class Board(Protocol):
    """What a supply needs of its hardware. Neither call may block; both may raise OSError."""

    def read(self) -> Iterable[SupplyInput]:
        """All readings of this moment."""
        ...

    def apply(self, output: SupplyOutput) -> None:
        """Do what the supply commands."""
        ...


async def run_board(
    supply: Supply,
    board: Board,
    on_event: Callable[[SupplyEvent], None],
    *,
    interval_s: float = 0.01,
    on_driver: Callable[[Driver[SupplyInput, SupplyOutput, SupplyEvent]], None] | None = None,
) -> None:
    """Run a supply on a board until cancelled; the contactor is open when it returns.

    A reading that fails is left out and logged once per failure in a row: the supply opens the
    contactor when readings stay away. Give commands by `Driver.command` of the driver that
    `on_driver` receives.
    """
    driver = Driver(supply, board.apply, on_event)
    if on_driver is not None:
        on_driver(driver)
    driver.pump()
    try:
        await _sample(driver, board, interval_s)
    finally:
        driver.stop()
        _make_safe(board)


async def _sample(
    driver: Driver[SupplyInput, SupplyOutput, SupplyEvent], board: Board, interval_s: float
) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    failing = False
    while True:
        try:
            readings = tuple(board.read())
            failing = False
        except OSError as error:
            readings = ()
            if not failing:
                _log.warning("no readings: %s", error)
            failing = True
        for reading in readings:
            driver.receive(reading)
        due = max(due + interval_s, loop.time())
        await asyncio.sleep(due - loop.time())


def _make_safe(board: Board) -> None:
    """Whoever stops the loop stops the watch: the contactor may not stay closed without it."""
    for output in (SetContactor(False), SetPilot(X1_DUTY)):
        try:
            board.apply(output)
        except OSError as error:
            _log.error("could not make the board safe: %s", error)
