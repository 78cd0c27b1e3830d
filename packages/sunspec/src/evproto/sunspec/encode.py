"""Values back into registers: scale factors, symbols, ranges."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from evproto.core import EncodeError
from evproto.sunspec.definitions import PointDef, symbol_enum
from evproto.sunspec.layout import Layout, Slot
from evproto.sunspec.types import Raw, Value, check_integer, missing_raw, plain_raw


def encode_value(layout: Layout, slot: Slot, value: Value, raws: tuple[Raw, ...]) -> Raw:
    """The raw of a value at a slot; `raws` give the scale factor in force. EncodeError."""
    point = slot.point
    if value is None:
        return missing_raw(point.type, point.words)
    if isinstance(value, str) and symbol_enum(point) is not None:
        return _symbol(point, value, slot.path)
    if not point.type.scalable or point.scale is None:
        return plain_raw(point.type, point.words, value, slot.path)
    scale = layout.scale_of(slot, raws)
    if scale is None:
        raise EncodeError("its scale factor is missing", path=slot.path)
    return _scaled(point, value, scale, slot.path)


def encode_raw(slot: Slot, raw: Raw) -> Raw:
    """The raw itself, checked against the type. EncodeError."""
    kind = slot.point.type
    if isinstance(raw, bytes):
        if kind.code[-1] != "s" or len(raw) > 2 * slot.point.words:
            raise EncodeError(f"{kind.name} takes no {len(raw)} bytes", path=slot.path)
        return raw.ljust(2 * slot.point.words, b"\0")
    if kind.code in ("f", "d"):
        return float(raw)
    try:
        return check_integer(kind, raw)
    except (ValueError, OverflowError) as error:
        raise EncodeError(f"{raw!r}: {error}", path=slot.path) from None


def _scaled(point: PointDef, value: Value, scale: int, path: str) -> int:
    try:
        exact = Decimal(str(value)).scaleb(-scale)
        number = int(exact.to_integral_value(ROUND_HALF_EVEN))
        raw = check_integer(point.type, number)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise EncodeError(f"{value!r} at scale 10^{scale}: {error}", path=path) from None
    if raw in point.type.missing and point.type.missing != (0,):
        raise EncodeError(f"{value!r} at scale 10^{scale} means that the point is missing", path=path)
    return raw


def _symbol(point: PointDef, text: str, path: str) -> int:
    """The value of a symbol, by the name in the model or in its enumeration; several bits with "|"."""
    bits = point.type.name.startswith("bitfield")
    values = {symbol.name: 1 << symbol.value if bits else symbol.value for symbol in point.symbols}
    names = symbol_enum(point)
    values |= {name: int(member) for name, member in names.__members__.items()} if names else {}
    try:
        total = 0
        for part in text.split("|") if bits else [text]:
            total |= values[part.strip()]
    except KeyError:
        known = ", ".join(symbol.name for symbol in point.symbols)
        raise EncodeError(f"{text!r} is none of {known}", path=path) from None
    return total
