"""An energy meter: it counts what passes."""

from __future__ import annotations


class EnergyMeter:
    """Energy since it was made, in Wh."""

    def __init__(self, reading_wh: float = 0.0) -> None:
        self._reading_wh = reading_wh

    @property
    def reading_wh(self) -> float:
        return self._reading_wh

    def count(self, power_w: float, seconds: float) -> None:
        """`power_w` flowed for `seconds`; a meter of imported energy never runs back."""
        self._reading_wh += max(0.0, power_w) * seconds / 3600.0
