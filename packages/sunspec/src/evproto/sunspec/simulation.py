"""A house with sun: an inverter, a battery and a grid meter that agree with each other.

Everything follows from the hour of the day and a seed, so the same times give the same values.
Units: 1 inverter (models 1, 103), 2 battery (1, 713, 802), 3 meter at the grid (1, 203).
"""

from __future__ import annotations

import math

from evproto.sunspec.definitions import Library
from evproto.sunspec.server import DeviceServer, ServedModel, Units

_LIBRARY = Library()
VOLTAGE = 230.0


class House:
    """The simulated site; `units` is served, `advance` moves its time on.

    power signs in watts: sun into the house positive, battery discharge positive, grid import
    positive. `hour` is the hour of the day at the start, `peak_w` the inverter at noon.
    """

    def __init__(
        self, *, seed: int = 0, hour: float = 12.0, peak_w: float = 9000.0, battery_wh: float = 10_000.0
    ) -> None:
        self._seed = seed
        self._hour = hour
        self._peak_w = peak_w
        self._battery_wh = battery_wh
        self._stored_wh = battery_wh / 2
        self._yield_wh = 1_000_000.0
        self._imported_wh = 2_000_000.0
        self._exported_wh = 3_000_000.0
        self.sun_w = self.load_w = self.battery_w = self.grid_w = 0.0
        self.inverter = _device(1, "Inverter", 103)
        self.battery = _device(2, "Battery", 713, 802)
        self.meter = _device(3, "Grid meter", 203)
        self.units = Units([self.inverter, self.battery, self.meter])
        _set_scales(self.inverter[103], self.battery[802], self.battery[713], self.meter[203])
        self.advance(0.0)

    def advance(self, seconds: float) -> None:
        """Let time pass and show it in the registers."""
        hours = seconds / 3600
        self._balance()
        self._hour = (self._hour + hours) % 24
        self._stored_wh = min(self._battery_wh, max(0.0, self._stored_wh - self.battery_w * hours))
        self._yield_wh += self.sun_w * hours
        self._imported_wh += max(0.0, self.grid_w) * hours
        self._exported_wh += max(0.0, -self.grid_w) * hours
        self._show()

    def _balance(self) -> None:
        height = math.sin((self._hour - 6) / 12 * math.pi)
        cloud = 0.85 + 0.15 * math.sin(self._hour * 17 + self._seed)
        self.sun_w = self._peak_w * max(0.0, height) ** 1.3 * cloud
        self.load_w = 450 + 250 * math.sin(self._hour * 2.1 + self._seed) ** 2
        surplus = self.sun_w - self.load_w
        room = self._stored_wh < self._battery_wh if surplus > 0 else self._stored_wh > 0
        self.battery_w = max(-5000.0, min(5000.0, -surplus)) if room else 0.0
        self.grid_w = self.load_w - self.sun_w - self.battery_w

    def _show(self) -> None:
        phase_w = self.sun_w / 3
        self.inverter[103].set(
            {
                "A": self.sun_w / VOLTAGE,
                "W": self.sun_w,
                "Hz": 50.0,
                "WH": int(self._yield_wh),
                **{f"Aph{phase}": phase_w / VOLTAGE for phase in "ABC"},
                **{f"PhVph{phase}": VOLTAGE for phase in "ABC"},
                "St": "MPPT" if self.sun_w else "SLEEPING",
                "Evt1": 0,
                "Evt2": 0,
                "TmpCab": 35.0,
            }
        )
        charge = 100 * self._stored_wh / self._battery_wh
        self.battery[802].set({"SoC": charge, "W": self.battery_w, "V": 400.0, "A": self.battery_w / 400})
        self.battery[713].set({"SoC": charge, "WHAvail": self._stored_wh, "WHRtg": self._battery_wh})
        self.meter[203].set(
            {
                "A": self.grid_w / VOLTAGE,
                "PhV": VOLTAGE,
                "Hz": 50.0,
                "W": self.grid_w,
                **{f"Aph{phase}": self.grid_w / 3 / VOLTAGE for phase in "ABC"},
                **{f"PhVph{phase}": VOLTAGE for phase in "ABC"},
                **{f"Wph{phase}": self.grid_w / 3 for phase in "ABC"},
                "TotWhImp": int(self._imported_wh),
                "TotWhExp": int(self._exported_wh),
                "Evt": 0,
            }
        )


def _device(unit: int, name: str, *numbers: int) -> DeviceServer:
    models = []
    for number in (1, *numbers):
        definition = _LIBRARY.get(number)
        assert definition is not None
        models.append(ServedModel(definition))
    models[0].set({"Mn": "evproto", "Md": name, "SN": f"sim-{unit}", "Vr": "1", "DA": unit})
    return DeviceServer(models, unit=unit)


def _set_scales(
    inverter: ServedModel, battery: ServedModel, storage: ServedModel, meter: ServedModel
) -> None:
    inverter.set({"A_SF": -2, "V_SF": -1, "W_SF": 0, "Hz_SF": -2, "WH_SF": 0, "Tmp_SF": -1})
    battery.set({"SoC_SF": -1, "V_SF": -1, "A_SF": -2, "W_SF": 0, "WHRtg_SF": 0, "AHRtg_SF": 0})
    storage.set({"WH_SF": 0, "Pct_SF": -1})
    meter.set({"A_SF": -2, "V_SF": -1, "Hz_SF": -2, "W_SF": 0, "TotWh_SF": 0})
