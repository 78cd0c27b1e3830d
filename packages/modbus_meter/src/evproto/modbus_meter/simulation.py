"""A simulated meter: a load, and the registers that a meter of some map would show for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.core.modbus import Answer, Code, Read, Refused, Registers, Request
from evproto.modbus_meter.meter_map import MeterMap, Register
from evproto.modbus_meter.quantities import Quantity


@dataclass(slots=True)
class Load:
    """What is really there: volts, amperes and power factor of each phase, energy in watt-hours.

    Power into the vehicle is positive; a negative current flows out of it.
    """

    voltages_v: tuple[float, float, float] = (230.0, 230.0, 230.0)
    currents_a: tuple[float, float, float] = (16.0, 16.0, 16.0)
    power_factor: float = 1.0
    frequency_hz: float = 50.0
    imported_wh: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    exported_wh: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def powers_w(self) -> tuple[float, ...]:
        """Active power of each phase."""
        return tuple(v * a * self.power_factor for v, a in zip(self.voltages_v, self.currents_a, strict=True))

    def advance(self, seconds: float) -> None:
        """Count the energy of a time in which nothing changes."""
        for phase, power in enumerate(self.powers_w()):
            counter = self.imported_wh if power >= 0 else self.exported_wh
            counter[phase] += abs(power) * seconds / 3600

    def value(self, quantity: Quantity) -> float | None:
        """The true value of a quantity in its SI unit; None for one that the load does not have."""
        phase = {"l1": 0, "l2": 1, "l3": 2}.get(quantity.phase or "")
        if quantity.phase is not None and phase is None:
            between = quantity.kind.name == "voltage" and quantity.phase != "n"
            return self.voltages_v[0] * 3**0.5 if between else 0.0
        return _value(self, quantity.kind.name, phase)


def _value(load: Load, kind: str, phase: int | None) -> float | None:
    def total(values: tuple[float, ...] | list[float]) -> float:
        return sum(values) if phase is None else values[phase]

    powers = load.powers_w()
    apparent = tuple(abs(v * a) for v, a in zip(load.voltages_v, load.currents_a, strict=True))
    reactive = tuple(s * (1 - load.power_factor**2) ** 0.5 for s in apparent)
    match kind:
        case "voltage":
            return load.voltages_v[phase or 0]
        case "current":
            return total(load.currents_a)
        case "power":
            return total(powers)
        case "power_import":
            return max(0.0, total(powers))
        case "power_export":
            return max(0.0, -total(powers))
        case "reactive_power":
            return total(reactive)
        case "apparent_power":
            return total(apparent)
        case "power_factor":
            return load.power_factor
        case "frequency":
            return load.frequency_hz
        case "energy_import":
            return total(load.imported_wh)
        case "energy_export":
            return total(load.exported_wh)
        case "energy_total":
            return total(load.imported_wh) + total(load.exported_wh)
    return 0.0 if kind.startswith("reactive_energy") else None


class SimulatedMeter:
    """A meter of this map that measures the load; reads of registers outside the map are refused."""

    def __init__(self, meter: MeterMap, load: Load, *, unit: int = 1) -> None:
        self._map = meter
        self._load = load
        self._unit = unit
        self._covered = {
            (block.function, address)
            for block in meter.blocks()
            for address in range(block.span.address, block.span.end)
        }

    def answer(self, request: Request) -> Answer | None:
        """Serve one request; None for another unit."""
        if request.unit != self._unit:
            return None
        if not isinstance(request, Read):
            return Refused(unit=request.unit, function=request.function, code=Code.ILLEGAL_FUNCTION)
        wanted = range(request.address, request.address + request.count)
        if request.count > self._map.max_block:
            return Refused(unit=request.unit, function=request.function, code=Code.ILLEGAL_VALUE)
        if any((request.function, address) not in self._covered for address in wanted):
            return Refused(unit=request.unit, function=request.function, code=Code.ILLEGAL_ADDRESS)
        data = bytearray(2 * request.count)
        for register in self._map.registers:
            span = register.span
            if (
                register.function is request.function
                and span.address < wanted.stop
                and wanted.start < span.end
            ):
                self._put(data, request.address, register)
        return Registers(unit=request.unit, function=request.function, data=bytes(data))

    def _put(self, data: bytearray, start: int, register: Register) -> None:
        true = self._load.value(register.quantity)
        if true is not None and register.type.startswith("uint"):
            true = abs(true)  # a meter without a sign shows the amount
        value = register.encode(true)
        for offset, byte in enumerate(value, 2 * (register.address - start)):
            if 0 <= offset < len(data):
                data[offset] = byte
