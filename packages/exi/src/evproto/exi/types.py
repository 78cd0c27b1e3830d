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


_MEANINGS: Final[dict[str, tuple[type, str] | tuple[type, str, int | None, int | None]]] = {
    "AnyURI": (str, "anyURI"),
    "ID": (str, "ID"),
    "NCName": (str, "NCName"),
    "Token": (str, "token"),
    "QualifiedName": (str, "QName"),
    "Duration": (str, "duration"),
    "DateTime": (str, "dateTime"),
    "Date": (str, "date"),
    "Time": (str, "time"),
    "HexBinary": (bytes, "hexBinary"),
    "Base64Binary": (bytes, "base64Binary"),
    "Float": (float, "float"),
    "Double": (float, "double"),
    "Long": (int, "long", -(2**63), 2**63 - 1),
    "Int": (int, "int", -(2**31), 2**31 - 1),
    "Short": (int, "short", -(2**15), 2**15 - 1),
    "Byte": (int, "byte", -(2**7), 2**7 - 1),
    "NonNegativeInteger": (int, "nonNegativeInteger", 0, None),
    "PositiveInteger": (int, "positiveInteger", 1, None),
    "UnsignedLong": (int, "unsignedLong", 0, 2**64 - 1),
    "UnsignedInt": (int, "unsignedInt", 0, 2**32 - 1),
    "UnsignedShort": (int, "unsignedShort", 0, 2**16 - 1),
    "UnsignedByte": (int, "unsignedByte", 0, 2**8 - 1),
}
"""What stands for each in Python, its name in XML Schema, and its bounds."""

# An `Annotated` type takes as long to make as a class, and no program needs all of these: each is
# made when it is first asked for. So is Decimal, whose module takes longer to load than this package.


def __getattr__(name: str) -> Any:
    if name in _MEANINGS:
        python_type, xsd_name, *bounds = _MEANINGS[name]
    elif name == "Decimal":
        from decimal import Decimal

        python_type, xsd_name, bounds = Decimal, "decimal", []
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    marker = TypeName(QName(XSD, xsd_name))
    made = Annotated[python_type, marker, Interval(*bounds)] if bounds else Annotated[python_type, marker]
    globals()[name] = made
    return made


if TYPE_CHECKING:
    from decimal import Decimal

    AnyURI = str
    ID = str
    NCName = str
    Token = str
    QualifiedName = str
    Duration = str
    DateTime = str
    Date = str
    Time = str
    HexBinary = bytes
    Base64Binary = bytes
    Float = float
    Double = float
    Long = int
    Int = int
    Short = int
    Byte = int
    NonNegativeInteger = int
    PositiveInteger = int
    UnsignedLong = int
    UnsignedInt = int
    UnsignedShort = int
    UnsignedByte = int

__all__ = [
    "ANONYMOUS",
    "ID",
    "XSD",
    "AnyURI",
    "Base64Binary",
    "Byte",
    "Date",
    "DateTime",
    "Decimal",
    "Double",
    "Duration",
    "Float",
    "HexBinary",
    "Int",
    "Interval",
    "Length",
    "ListOf",
    "Long",
    "NCName",
    "NonNegativeInteger",
    "Pattern",
    "PositiveInteger",
    "QualifiedName",
    "Short",
    "Time",
    "Token",
    "TypeName",
    "UnsignedByte",
    "UnsignedInt",
    "UnsignedLong",
    "UnsignedShort",
]
