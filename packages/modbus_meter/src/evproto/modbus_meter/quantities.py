"""What meters measure, in SI units: names, dimensions, and what values can be believed."""

from __future__ import annotations

from dataclasses import dataclass

PHASES = ("l1", "l2", "l3", "n", "l1_l2", "l2_l3", "l3_l1")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of quantity; `low` and `high` bound what any meter on a charger could measure."""

    name: str
    unit: str
    low: float
    high: float
    counts_up: bool = False


_ENERGY_MAX = 1e13
_KINDS = (
    Kind("voltage", "V", -2000, 2000),
    Kind("current", "A", -5000, 5000),
    Kind("power", "W", -5e6, 5e6),
    Kind("power_import", "W", 0, 5e6),
    Kind("power_export", "W", 0, 5e6),
    Kind("reactive_power", "var", -5e6, 5e6),
    Kind("apparent_power", "VA", -5e6, 5e6),
    Kind("power_factor", "1", -1.001, 1.001),
    Kind("frequency", "Hz", 0, 100),
    Kind("energy_import", "Wh", 0, _ENERGY_MAX, counts_up=True),
    Kind("energy_export", "Wh", 0, _ENERGY_MAX, counts_up=True),
    Kind("energy_total", "Wh", -_ENERGY_MAX, _ENERGY_MAX),
    Kind("reactive_energy_import", "varh", 0, _ENERGY_MAX, counts_up=True),
    Kind("reactive_energy_export", "varh", 0, _ENERGY_MAX, counts_up=True),
    Kind("reactive_energy_total", "varh", -_ENERGY_MAX, _ENERGY_MAX),
    Kind("temperature", "°C", -60, 200),
)
KINDS = {kind.name: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind on a phase; `phase` is None for the whole."""

    kind: Kind
    phase: str | None = None

    @property
    def name(self) -> str:
        """As it stands in meter files and readings: "power", "voltage_l1", "voltage_l1_l2"."""
        return self.kind.name if self.phase is None else f"{self.kind.name}_{self.phase}"

    @property
    def unit(self) -> str:
        """The SI unit of its values."""
        return self.kind.unit

    def __str__(self) -> str:
        return self.name


def parse_quantity(name: str) -> Quantity | None:
    """The quantity of a name, or None."""
    if name in KINDS:
        return Quantity(KINDS[name])
    for phase in sorted(PHASES, key=len, reverse=True):
        kind = KINDS.get(name.removesuffix(f"_{phase}"))
        if name.endswith(f"_{phase}") and kind is not None:
            return Quantity(kind, phase)
    return None


UNITS: dict[str, tuple[str, int]] = {
    "V": ("V", 0),
    "mV": ("V", -3),
    "kV": ("V", 3),
    "A": ("A", 0),
    "mA": ("A", -3),
    "W": ("W", 0),
    "kW": ("W", 3),
    "MW": ("W", 6),
    "var": ("var", 0),
    "kvar": ("var", 3),
    "VA": ("VA", 0),
    "kVA": ("VA", 3),
    "Hz": ("Hz", 0),
    "mHz": ("Hz", -3),
    "Wh": ("Wh", 0),
    "kWh": ("Wh", 3),
    "MWh": ("Wh", 6),
    "varh": ("varh", 0),
    "kvarh": ("varh", 3),
    "1": ("1", 0),
    "%": ("1", -2),
    "°C": ("°C", 0),
}
"""Units of meter files: the SI unit, and the power of ten that leads there."""
