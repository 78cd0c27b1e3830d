"""Readings: values per quantity and phase, each with its quality and time."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evproto.modbus_meter.quantities import Quantity


class Quality(enum.Enum):
    """How far a value can be trusted."""

    GOOD = "good"
    MISSING = "missing"
    """The meter says that it does not measure this."""
    INVALID = "invalid"
    """Outside of what can be: the value is kept back."""
    SUSPECT = "suspect"
    """An energy that is lower than before."""
    STALE = "stale"
    """Good once, but too old."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in the SI unit of its quantity, None unless GOOD, SUSPECT or STALE; `at` in seconds."""

    quantity: Quantity
    value: float | None
    quality: Quality
    at: float


@dataclass(frozen=True, slots=True)
class Reading(Mapping[str, Measurement]):
    """All values of one turn of a meter; `at` is when its last block came."""

    meter: str
    at: float
    measurements: Mapping[str, Measurement]

    def __getitem__(self, name: str) -> Measurement:
        return self.measurements[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.measurements)

    def __len__(self) -> int:
        return len(self.measurements)

    def good(self, name: str) -> float | None:
        """The value of a quantity by name, only when it is good."""
        measurement = self.measurements.get(name)
        if measurement is None or measurement.quality is not Quality.GOOD:
            return None
        return measurement.value

    def stale(self) -> Reading:
        """The same values, no longer good."""
        aged = {
            name: Measurement(m.quantity, m.value, Quality.STALE, m.at) if m.quality is Quality.GOOD else m
            for name, m in self.measurements.items()
        }
        return Reading(self.meter, self.at, aged)
