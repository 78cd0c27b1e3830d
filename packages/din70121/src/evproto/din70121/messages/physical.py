"""Physical values of DIN SPEC 70121: a 16 bit number, a power of ten and, mostly, a unit."""

from __future__ import annotations

from evproto.exi import element
from evproto.exi.types import Short

from .enumerations import UnitSymbol
from .namespaces import DataType
from .simple_types import UnitMultiplier


class PhysicalValue(DataType):
    """A value times ten to the power of `multiplier`; some peers leave the unit out."""

    multiplier: UnitMultiplier = element("Multiplier")
    unit: UnitSymbol | None = element("Unit", default=None)
    value: Short = element("Value")
