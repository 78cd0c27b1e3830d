"""Whole sessions in virtual time: our charger and our car, joined by links that may fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from evproto.core.testing import Pair
from evproto.iso15118 import iso2
from evproto.iso15118.testing import (
    AC_MODES,
    DC_MODES,
    IdealCar,
    IdealCharger,
    context,
    evcc_config,
    secc_config,
)
from evproto.v2gtp.charging import (
    ChargingStarted,
    ContactorWanted,
    EvccConfig,
    SeccConfig,
    SessionEnded,
)


@dataclass
class Drive:
    """A charger and a car at the same cable; `run` lets them talk to the end."""

    is_dc: bool = True
    secc_config: SeccConfig | None = None
    evcc_config: EvccConfig | None = None
    paused: iso2.PausedSessions | None = None
    timeouts: iso2.Timeouts = iso2.STRICT
    loops: int = 5
    ac_seconds: float = 3.0
    seed: int = 0
    ignores: tuple[type[object], ...] = ()
    chances: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        modes = DC_MODES if self.is_dc else AC_MODES
        charger = iso2.Secc(
            self.secc_config or secc_config(*modes), timeouts=self.timeouts, paused=self.paused
        )
        car = iso2.Evcc(self.evcc_config or evcc_config(*modes), timeouts=self.timeouts)
        self.secc = charger.open(context(iso2.APP_PROTOCOL, seed=self.seed), 0.0)
        self.evcc = car.open(context(iso2.APP_PROTOCOL), 0.0)
        self.pair: Pair[Any, Any] = Pair(
            self.secc,
            self.evcc,
            on_event_a=lambda event: self.charger(event),
            on_event_b=self._hear_car,
            seed=self.seed,
            **self.chances,
        )
        self.charger = IdealCharger(self.secc, self.now, *self.ignores)
        self.car = IdealCar(
            self.evcc, self.now, lambda state: self.secc.pilot(state, self.now()), loops=self.loops
        )

    def now(self) -> float:
        return self.pair.time.now

    def _hear_car(self, event: object) -> None:
        self.car(event)  # type: ignore[arg-type]
        if isinstance(event, ChargingStarted) and not self.is_dc:
            self.pair.time.after(self.ac_seconds, self._stop)

    def _stop(self) -> None:
        if not self.of_car(SessionEnded):
            self.pair.command(self.evcc.stop)

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something at that time, then let the machines speak."""
        self.pair.time.at(seconds, lambda: (action(), self.pair.pump()))

    def run(self, until: float = 1000.0) -> None:
        self.pair.run(until=until)

    def of_charger(self, kind: type[object]) -> list[Any]:
        return [event for event in self.pair.events_a if isinstance(event, kind)]

    def of_car(self, kind: type[object]) -> list[Any]:
        return [event for event in self.pair.events_b if isinstance(event, kind)]

    @property
    def ends(self) -> tuple[SessionEnded, SessionEnded]:
        """The last words of charger and car; both must have ended, with open contactors."""
        (charger,), (car,) = self.of_charger(SessionEnded), self.of_car(SessionEnded)
        assert self.pair.events_a[-1] is charger
        assert self.pair.events_b[-1] is car
        for events in (self.of_charger(ContactorWanted), self.of_car(ContactorWanted)):
            assert events[-1].closed is False
        assert self.secc.deadline is None
        assert self.evcc.deadline is None
        return charger, car


@pytest.fixture
def drive() -> type[Drive]:
    """The class `Drive`: tests make as many as they need."""
    return Drive
