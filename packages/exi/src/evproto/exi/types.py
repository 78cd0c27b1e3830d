"""The built-in types of XML Schema as annotations, and the markers that derive others from them.

    PercentValue = Annotated[Byte, NAMESPACE.simple("percentValueType"), Interval(ge=0, le=100)]

reads as a derivation: each `TypeName` begins a step from what stands before it, and the facets
after it belong to that step. Facets of the package annotated-types do as well as ours; ours turn
into those for tools that look for them (hypothesis), but do not load the package before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

from .names import QName
from .struct import Struct

if TYPE_CHECKING:
    from decimal import Decimal as PythonDecimal

XSD: Final = "http://www.w3.org/2001/XMLSchema"


class TypeName(Struct):
    """Begins a derivation step; the name is None for an anonymous type."""

    name: QName | None


class Interval(Struct):
    """Bounds of a number, both included."""

    __is_annotated_types_grouped_metadata__ = True

    ge: int | None = None
    le: int | None = None

    def __iter__(self) -> Iterator[object]:
        import annotated_types

        return iter(annotated_types.Interval(ge=self.ge, le=self.le))


class Length(Struct):
    """Bounds of a length in characters, bytes or list items, both included."""

    __is_annotated_types_grouped_metadata__ = True

    min_length: int = 0
    max_length: int | None = None

    def __iter__(self) -> Iterator[object]:
        import annotated_types

        return iter(annotated_types.Len(self.min_length, self.max_length))


class Pattern(Struct):
    """The regular expression of an xs:pattern facet."""

    expression: str


class ListOf(Struct):
    """An xs:list whose items have the given (annotated) type; the field is a tuple of them."""

    item: object


ANONYMOUS: Final = TypeName(None)
"""Begins a step that has no name: a simpleType inside an element declaration."""


# The module decimal takes as long to load as this package, and few messages hold such a number.


def __getattr__(name: str) -> Any:
    if name != "Decimal":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from decimal import Decimal

    globals()[name] = Annotated[Decimal, _xs("decimal")]
    return globals()[name]


def _xs(name: str) -> TypeName:
    return TypeName(QName(XSD, name))


AnyURI = Annotated[str, _xs("anyURI")]
ID = Annotated[str, _xs("ID")]
NCName = Annotated[str, _xs("NCName")]
Token = Annotated[str, _xs("token")]
QualifiedName = Annotated[str, _xs("QName")]
Duration = Annotated[str, _xs("duration")]
DateTime = Annotated[str, _xs("dateTime")]
Date = Annotated[str, _xs("date")]
Time = Annotated[str, _xs("time")]

HexBinary = Annotated[bytes, _xs("hexBinary")]
Base64Binary = Annotated[bytes, _xs("base64Binary")]

if TYPE_CHECKING:
    Decimal = Annotated[PythonDecimal, _xs("decimal")]
Float = Annotated[float, _xs("float")]
Double = Annotated[float, _xs("double")]

Long = Annotated[int, _xs("long"), Interval(ge=-(2**63), le=2**63 - 1)]
Int = Annotated[int, _xs("int"), Interval(ge=-(2**31), le=2**31 - 1)]
Short = Annotated[int, _xs("short"), Interval(ge=-(2**15), le=2**15 - 1)]
Byte = Annotated[int, _xs("byte"), Interval(ge=-(2**7), le=2**7 - 1)]
NonNegativeInteger = Annotated[int, _xs("nonNegativeInteger"), Interval(ge=0)]
PositiveInteger = Annotated[int, _xs("positiveInteger"), Interval(ge=1)]
UnsignedLong = Annotated[int, _xs("unsignedLong"), Interval(ge=0, le=2**64 - 1)]
UnsignedInt = Annotated[int, _xs("unsignedInt"), Interval(ge=0, le=2**32 - 1)]
UnsignedShort = Annotated[int, _xs("unsignedShort"), Interval(ge=0, le=2**16 - 1)]
UnsignedByte = Annotated[int, _xs("unsignedByte"), Interval(ge=0, le=2**8 - 1)]
