"""Point types of the SunSpec information model specification: size, form on the wire, missing value."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TypeAlias

from evproto.core import EncodeError

Raw: TypeAlias = int | float | bytes
"""A point as it stands on the wire, before scale factor and symbols."""
Value: TypeAlias = "int | float | str | ipaddress.IPv4Address | ipaddress.IPv6Address | None"
"""A point for people and programs: scaled, named, and None where the device does not have it."""


@dataclass(frozen=True, slots=True)
class PointType:
    """One type: `words` registers (0: as the point says), `code` for struct, `missing` raw values."""

    name: str
    words: int
    code: str
    missing: tuple[Raw, ...]

    @property
    def scalable(self) -> bool:
        """Whether a scale factor may apply."""
        return self.code in tuple("hHiIqQ") and self.name not in _UNSCALED


def _integer(name: str, words: int, code: str, missing: int) -> PointType:
    return PointType(name, words, code, (missing,))


_UNSCALED = {"enum16", "enum32", "bitfield16", "bitfield32", "bitfield64", "sunssf", "ipaddr", "pad", "raw16"}
_TYPES = (
    _integer("int16", 1, "h", -(2**15)),
    _integer("int32", 2, "i", -(2**31)),
    _integer("int64", 4, "q", -(2**63)),
    _integer("uint16", 1, "H", 2**16 - 1),
    _integer("uint32", 2, "I", 2**32 - 1),
    _integer("uint64", 4, "Q", 2**64 - 1),
    _integer("acc16", 1, "H", 0),
    _integer("acc32", 2, "I", 0),
    _integer("acc64", 4, "Q", 0),
    _integer("count", 1, "H", 2**16 - 1),
    _integer("enum16", 1, "H", 2**16 - 1),
    _integer("enum32", 2, "I", 2**32 - 1),
    _integer("bitfield16", 1, "H", 2**16 - 1),
    _integer("bitfield32", 2, "I", 2**32 - 1),
    _integer("bitfield64", 4, "Q", 2**64 - 1),
    _integer("sunssf", 1, "h", -(2**15)),
    PointType("pad", 1, "H", ()),
    PointType("raw16", 1, "H", ()),
    _integer("ipaddr", 2, "I", 0),
    PointType("ipv6addr", 8, "16s", (bytes(16),)),
    PointType("eui48", 4, "8s", (bytes(8), b"\xff" * 8, b"\x00\x00" + b"\xff" * 6)),
    PointType("float32", 2, "f", ()),
    PointType("float64", 4, "d", ()),
    PointType("string", 0, "s", ()),
)
TYPES = {entry.name: entry for entry in _TYPES}
MAX_SCALE = 10
"""Scale factors beyond this (either sign) mean a broken device."""


def plain_value(kind: PointType, raw: Raw) -> Value:
    """The value of a raw that has no scale factor and no symbols."""
    if raw in kind.missing or raw != raw:  # a float that is not a number is a missing one
        return None
    if not isinstance(raw, bytes):
        return ipaddress.IPv4Address(raw) if kind.name == "ipaddr" and isinstance(raw, int) else raw
    if kind.name == "string":
        return raw.split(b"\0", 1)[0].decode("utf-8", "replace").rstrip() or None
    return ipaddress.IPv6Address(raw) if kind.name == "ipv6addr" else raw[2:].hex(":").upper()


def scaled_value(raw: int, scale: int) -> int | float:
    """raw * 10^scale, correctly rounded; an integer where the scale is not negative."""
    return raw * _POWERS[scale] if scale >= 0 else raw / _POWERS[-scale]


_POWERS: tuple[int, ...] = tuple(10**power for power in range(MAX_SCALE + 1))


def missing_raw(kind: PointType, words: int) -> Raw:
    """What a device that does not have the point puts there."""
    if kind.missing:
        return b"\xff" * 8 if kind.name == "eui48" else kind.missing[0]
    if kind.code in ("f", "d"):
        return float("nan")
    return bytes(2 * words) if kind.name == "string" else 0


def plain_raw(kind: PointType, words: int, value: Value, path: str) -> Raw:
    """The raw of an unscaled value; EncodeError where the type cannot hold it."""
    try:
        raw = _plain_raw(kind, words, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise EncodeError(f"{value!r} is no {kind.name}: {error}", path=path) from None
    if raw in kind.missing and kind.missing != (0,):
        raise EncodeError(f"{value!r} means that the point is missing; give None", path=path)
    return raw


def _plain_raw(kind: PointType, words: int, value: Value) -> Raw:
    match kind.name:
        case "string":
            data = str(value).encode()
            if len(data) > 2 * words or b"\0" in data:
                raise ValueError(f"at most {2 * words} bytes without NUL")
            return data.ljust(2 * words, b"\0")
        case "ipaddr":
            return int(ipaddress.IPv4Address(value))
        case "ipv6addr":
            return ipaddress.IPv6Address(value).packed
        case "eui48":
            return b"\0\0" + _eui48(str(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number is needed")
    return float(value) if kind.code in ("f", "d") else check_integer(kind, value)


def check_integer(kind: PointType, value: int | float) -> int:
    """The value as an integer within the range of the type; ValueError."""
    number = int(value)
    bits = 16 * kind.words
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if kind.code.islower() else (0, 2**bits - 1)
    if number != value or not low <= number <= high:
        raise ValueError(f"a whole number of {low} to {high} is needed")
    return number


def _eui48(text: str) -> bytes:
    data = bytes.fromhex(text.replace(":", "").replace("-", ""))
    if len(data) != 6:
        raise ValueError("six bytes are needed")
    return data
