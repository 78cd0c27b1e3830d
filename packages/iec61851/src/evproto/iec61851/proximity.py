"""Proximity (PP): cable coding of IEC 61851-1 Table B.2 and the latch of SAE J1772, as tables.

Each table is data: a `ProximityTable` of one's own may be put into a connector profile.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Latch(enum.Enum):
    """What a proximity resistance says of the plug."""

    OPEN = "open"
    """No plug."""
    MATED = "mated"
    PRESSED = "pressed"
    """The release button is pressed (S3 open): the vehicle stops drawing within 100 ms."""
    ERROR = "error"
    """Short circuit or a value that nothing has: no charging."""


@dataclass(frozen=True, slots=True)
class Proximity:
    """The meaning of a resistance; the currents in ampere where the cable is coded, else None."""

    latch: Latch
    current_a: float | None = None
    current_1ph_a: float | None = None


@dataclass(frozen=True, slots=True)
class ProximityTable:
    """Bands of resistance in ohm, each from its lower border up to that of the next, ascending.

    Between the tolerance bands of two cables the lower ampacity counts, so a band of the table
    ends where the next one's tolerance begins.
    """

    name: str
    bands: tuple[tuple[float, Proximity], ...]

    def read(self, resistance_ohm: float) -> Proximity:
        """The meaning of the resistance; infinity is an open contact, NaN an error."""
        found = _ERROR
        for lower, meaning in self.bands:
            if not resistance_ohm >= lower:
                break
            found = meaning
        return found


_ERROR = Proximity(Latch.ERROR)
_OPEN = Proximity(Latch.OPEN)

# Tolerance bands: 63 A 80..140, 32 A 164..308, 20 A 400..936, 13 A 1100..2460 ohm; between bands
# the lower ampacity. The 100 ohm resistor also stands for 70 A in single phase.
TYPE2_CABLE = ProximityTable(
    "IEC 61851-1 Table B.2",
    (
        (60.0, Proximity(Latch.MATED, 63.0, 70.0)),
        (140.0 + 1e-9, Proximity(Latch.MATED, 32.0, 32.0)),
        (308.0 + 1e-9, Proximity(Latch.MATED, 20.0, 20.0)),
        (936.0 + 1e-9, Proximity(Latch.MATED, 13.0, 13.0)),
        (4500.0 + 1e-9, _OPEN),
    ),
)
"""Detachable cables of type 2: the supply's socket reads the plug."""

# 150 ohm mated; 150 + 330 ohm with the button pressed; the inlet's own 2.7 kohm with no plug.
J1772_LATCH = ProximityTable(
    "SAE J1772 proximity",
    (
        (100.0, Proximity(Latch.MATED)),
        (270.0, Proximity(Latch.PRESSED)),
        (1000.0, _OPEN),
    ),
)
"""Type 1, CCS1 and NACS: the vehicle's inlet reads the plug and its release button."""

TYPE2_INLET = ProximityTable("IEC 61851-1 inlet", TYPE2_CABLE.bands)
"""Type 2 and CCS2: the vehicle's inlet reads the cable's coding."""
