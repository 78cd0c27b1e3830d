"""The pilot wire as physics: generator, resistors, diode, cable and their faults.

For simulation: a test sets what is soldered and plugged, and both ends read voltages from it.
Values of IEC 61851-1 Table A.2 / A.3.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from evproto.iec61851.supply_io import PilotSample
from evproto.iec61851.vehicle_io import Load, PilotReading


class Diode(enum.Enum):
    """The vehicle's diode and its faults."""

    GOOD = "good"
    SHORT = "short"
    OPEN = "open"


@dataclass(slots=True)
class PilotCircuit:
    """A pilot line between one supply and one vehicle. All values may be changed at any time.

    duty: 1 constant high, 0 constant low, else PWM. cut: the supply's relay disconnects the
    vehicle. cp_open, pe_open: the cable's conductor is broken. short_ohm: from pilot to
    protective earth. offset_v: what the supply's generator is off by.
    """

    duty: float = 1.0
    cut: bool = False
    plugged: bool = False
    load: Load = Load.B
    generator_v: float = 12.0
    offset_v: float = 0.0
    source_ohm: float = 1000.0
    r2_ohm: float = 2740.0
    r3_c_ohm: float = 1300.0
    r3_d_ohm: float = 270.0
    diode: Diode = Diode.GOOD
    diode_v: float = 0.7
    cp_open: bool = False
    pe_open: bool = False
    short_ohm: float = math.inf
    supply_proximity_ohm: float = math.inf
    vehicle_proximity_ohm: float = math.inf

    def supply_sample(self) -> PilotSample:
        """What the supply measures at its end."""
        attached = self.plugged and not self.cut and not self.cp_open and not self.pe_open
        high, low = self._volts(1, attached), self._volts(-1, attached)
        if self.duty >= 1:
            return PilotSample(high)
        if self.duty <= 0:
            return PilotSample(low)
        return PilotSample(high, low)

    def vehicle_reading(self) -> PilotReading:
        """What the vehicle measures at its end."""
        if not self.plugged or self.cut or self.cp_open or self.pe_open:
            return PilotReading(0.0, 0.0)
        high, low = self._volts(1, True), self._volts(-1, True)
        if self.duty >= 1:
            return PilotReading(1.0, high)
        if self.duty <= 0:
            return PilotReading(0.0, low)
        return PilotReading(self.duty, high)

    def _volts(self, sign: int, attached: bool) -> float:
        source = sign * self.generator_v + self.offset_v
        # a short lies in the cable, beyond the relay
        leak = 0.0 if self.cut else 1 / self.short_ohm if self.short_ohm > 0 else math.inf
        if leak == math.inf:
            return 0.0
        idle = source / self.source_ohm / (1 / self.source_ohm + leak)
        if not attached or self.diode is Diode.OPEN:
            return idle
        drop = 0.0 if self.diode is Diode.SHORT else self.diode_v
        if self.diode is Diode.GOOD and idle <= drop:
            return idle
        load = 1 / self._load_ohm()
        return (source / self.source_ohm + drop * load) / (1 / self.source_ohm + leak + load)

    def _load_ohm(self) -> float:
        if self.load is Load.B:
            return self.r2_ohm
        r3 = self.r3_c_ohm if self.load is Load.C else self.r3_d_ohm
        return 1 / (1 / self.r2_ohm + 1 / r3)
