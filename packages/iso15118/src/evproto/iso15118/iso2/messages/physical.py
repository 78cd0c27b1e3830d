"""Physical values of ISO 15118-2: a 16 bit number, a power of ten and a unit."""

from __future__ import annotations

import math
from typing import Final, Self

from evproto.exi import element
from evproto.exi.types import Short

from .enumerations import UnitSymbol
from .namespaces import DataType
from .simple_types import UnitMultiplier

_LARGEST: Final = 2**15 - 1
_SECONDS: Final = {UnitSymbol.H: 3600.0, UnitSymbol.M: 60.0}


class PhysicalValue(DataType):
    """A value times ten to the power of `multiplier`, in `unit`."""

    multiplier: UnitMultiplier = element("Multiplier")
    unit: UnitSymbol = element("Unit")
    value: Short = element("Value")

    @classmethod
    def from_si(cls, amount: float, unit: UnitSymbol) -> Self:
        """The physical value nearest to `amount`, which is in A, V, W, Wh or seconds.

        The multiplier is the one that keeps most digits, nearest to 0 where several keep all.
        ValueError for what does not fit, such as 40 MW or NaN.
        """
        amount /= _SECONDS.get(unit, 1.0)
        if not math.isfinite(amount):
            raise ValueError(f"{amount} has no physical value")
        for multiplier in range(-3, 4):
            value = round(amount * 1000) if multiplier == -3 else round(amount / 10.0**multiplier)
            if abs(value) <= _LARGEST:
                return cls._shortest(multiplier, unit, value)
        raise ValueError(f"{amount} {unit.value} does not fit into a physical value")

    @property
    def si(self) -> float:
        """The amount in A, V, W, Wh, or in seconds where the unit is a time."""
        scale: int = 10 ** abs(self.multiplier)
        amount = self.value / scale if self.multiplier < 0 else float(self.value * scale)
        return amount * _SECONDS.get(self.unit, 1.0)

    @classmethod
    def _shortest(cls, multiplier: int, unit: UnitSymbol, value: int) -> Self:
        while multiplier < 0 and value % 10 == 0:
            multiplier += 1
            value //= 10
        return cls(multiplier=multiplier, unit=unit, value=value)
