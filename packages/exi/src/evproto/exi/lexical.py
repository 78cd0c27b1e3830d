"""Values of simple types: their text in XML, their form in JSON, and whether they keep the facets."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from .schema import Primitive, Schema, SimpleType

_TRUE: Final = {"true": True, "1": True, "false": False, "0": False}
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_MAX_DIGITS: Final = 4000
_FLOATS: Final = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


def to_text(schema: Schema, index: int, value: object) -> str:
    """The lexical form of a value; TypeError when it is no value of the type."""
    simple = schema.simple_types[index]
    if simple.enumeration:
        return _enumerated(simple, value)
    match simple.primitive, value:
        case Primitive.BOOLEAN, bool():
            return "true" if value else "false"
        case Primitive.INTEGER, int() if not isinstance(value, bool):
            return str(value)
        case Primitive.HEX_BINARY, bytes():
            return value.hex().upper()
        case Primitive.BASE64_BINARY, bytes():
            return base64.b64encode(value).decode("ascii")
        case Primitive.FLOAT, float() | int():
            return _float_text(float(value))
        case Primitive.DECIMAL, Decimal() | int():
            return format(Decimal(value), "f")
        case Primitive.LIST, tuple() if simple.item is not None:
            return " ".join(to_text(schema, simple.item, item) for item in value)
        case _, str():
            return value
    raise TypeError(f"{value!r} is no {describe(simple)}")


def from_text(schema: Schema, index: int, text: str) -> object:
    """The value that a text means; ValueError, with what was expected, when it means none."""
    simple = schema.simple_types[index]
    value = _read(schema, simple, text)
    check(simple, value)
    return value


def check(simple: SimpleType, value: object) -> None:
    """ValueError when a value breaks a bound or a length."""
    if isinstance(value, int) and simple.primitive is Primitive.INTEGER:
        low = simple.minimum is None or value >= simple.minimum
        high = simple.maximum is None or value <= simple.maximum
        if not (low and high):
            raise ValueError(f"{value} is outside {simple.minimum} to {simple.maximum}")
    elif isinstance(value, Sequence) and not simple.enumeration:
        longest = math.inf if simple.max_length is None else simple.max_length
        if not simple.min_length <= len(value) <= longest:
            raise ValueError(f"the length {len(value)} is outside {simple.min_length} to {longest}")


def describe(simple: SimpleType) -> str:
    """A name for people."""
    if simple.name is not None:
        return simple.name.local
    return simple.primitive.name.lower()


def _read(schema: Schema, simple: SimpleType, text: str) -> object:
    if simple.enumeration:
        return _member(simple, text)
    if simple.primitive in (Primitive.STRING, Primitive.UNION):
        return text
    word = " ".join(text.split())
    try:
        return _read_word(schema, simple, word)
    except (ValueError, InvalidOperation, KeyError):
        raise ValueError(f"{text[:60]!r} is no {describe(simple)}") from None


def _read_word(schema: Schema, simple: SimpleType, word: str) -> object:
    match simple.primitive:
        case Primitive.BOOLEAN:
            return _TRUE[word]
        case Primitive.INTEGER:
            if not _INTEGER.fullmatch(word) or len(word) > _MAX_DIGITS:
                raise ValueError
            return int(word)
        case Primitive.HEX_BINARY:
            return binascii.unhexlify(word)
        case Primitive.BASE64_BINARY:
            return base64.b64decode(word.replace(" ", ""), validate=True)
        case Primitive.FLOAT:
            return _FLOATS[word] if word in _FLOATS else float(word)
        case Primitive.DECIMAL:
            return Decimal(word)
        case Primitive.LIST if simple.item is not None:
            return tuple(from_text(schema, simple.item, part) for part in word.split())
    return word


def _enumerated(simple: SimpleType, value: object) -> str:
    if simple.values is not None and value in simple.values:
        return simple.enumeration[simple.values.index(value)]
    if isinstance(value, str) and value in simple.enumeration:
        return value
    raise TypeError(f"{value!r} is no {describe(simple)}")


def _member(simple: SimpleType, text: str) -> object:
    if text not in simple.enumeration:
        raise ValueError(f"{text[:60]!r} is none of {', '.join(simple.enumeration)}")
    return text if simple.values is None else simple.values[simple.enumeration.index(text)]


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(value)
