"""A meter as data: which register holds which quantity, and how."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

from evproto.core import EncodeError
from evproto.core.modbus import Function, Span, plan_blocks
from evproto.modbus_meter.quantities import Quantity

TYPES = {
    "int16": (1, "h"),
    "uint16": (1, "H"),
    "int32": (2, "i"),
    "uint32": (2, "I"),
    "int64": (4, "q"),
    "uint64": (4, "Q"),
    "float32": (2, "f"),
    "float64": (4, "d"),
}
"""Registers and struct code of each type."""
GAP = 40
"""Registers that are read along rather than asked for in a request of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One quantity: its value in SI units is raw * factor, kept exact until the division at the end.

    `low_word_first` swaps the order of words, never of bytes. `missing` are raws that mean "not
    measured". `low` and `high` bound what is believed.
    """

    quantity: Quantity
    function: Function
    address: int
    type: str
    low_word_first: bool
    factor: Decimal
    missing: tuple[int, ...]
    low: float
    high: float

    @property
    def span(self) -> Span:
        """The registers that it takes."""
        return Span(self.address, TYPES[self.type][0])

    def decode(self, data: bytes) -> float | None:
        """The value in SI units of the register's bytes; None where the meter does not measure it."""
        raw = struct.unpack(">" + TYPES[self.type][1], self._ordered(data))[0]
        if raw in self.missing or (isinstance(raw, float) and not math.isfinite(raw)):
            return None
        numerator, denominator = self.factor.as_integer_ratio()
        return float(raw * numerator / denominator)

    def believable(self, value: float) -> bool:
        """Whether the value is within bounds."""
        return self.low <= value <= self.high

    def encode(self, value: float | None) -> bytes:
        """The register's bytes for a value in SI units, as a simulated meter shows it. EncodeError."""
        code = TYPES[self.type][1]
        if value is None:
            raw: float = self.missing[0] if self.missing else (math.nan if code in "fd" else 0)
        elif code in "fd":
            raw = float(Decimal(value) / self.factor)
        else:
            raw = int((Decimal(value) / self.factor).to_integral_value(ROUND_HALF_EVEN))
        try:
            return self._ordered(struct.pack(">" + code, raw))
        except (struct.error, OverflowError) as error:
            raise EncodeError(f"{value} does not fit: {error}", path=self.quantity.name) from None

    def _ordered(self, data: bytes) -> bytes:
        if not self.low_word_first:
            return data
        return b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))


@dataclass(frozen=True)
class Block:
    """Registers that are read in one request."""

    function: Function
    span: Span


@dataclass(frozen=True, kw_only=True)
class MeterMap:
    """A kind of meter. `source` names where the registers are from, `serial` the usual line settings."""

    id: str
    name: str
    source: str
    registers: tuple[Register, ...]
    max_block: int = 125
    serial: str = ""

    def select(self, names: frozenset[str] | None = None) -> tuple[Register, ...]:
        """The registers of these quantities, all by default; KeyError for one that is not there."""
        if names is None:
            return self.registers
        missing = names - {register.quantity.name for register in self.registers}
        if missing:
            raise KeyError(f"{self.id} has no {', '.join(sorted(missing))}")
        return tuple(register for register in self.registers if register.quantity.name in names)

    def blocks(self, registers: tuple[Register, ...] | None = None) -> list[Block]:
        """The fewest requests that bring the registers."""
        chosen = self.registers if registers is None else registers
        return [
            Block(function, span)
            for function in (Function.READ_HOLDING, Function.READ_INPUT)
            for span in plan_blocks(
                [register.span for register in chosen if register.function is function],
                max_count=self.max_block,
                max_gap=min(GAP, self.max_block),
            )
        ]

    def __getitem__(self, name: str) -> Register:
        """The register of a quantity; KeyError."""
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, Register]:
        return {register.quantity.name: register for register in self.registers}
