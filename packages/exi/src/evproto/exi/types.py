"""The built-in types of XML Schema as annotations, and the markers that derive others from them.

    PercentValue = Annotated[Byte, NAMESPACE.simple("percentValueType"), Interval(ge=0, le=100)]

reads as a derivation: each `TypeName` begins a step from what stands before it, and the facets
after it belong to that step. Facets of the package annotated-types do as well as ours; ours turn
into those for tools that look for them (hypothesis), but do not load the package before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal as PythonDecimal
from typing import Annotated, Final

from .schema import Primitive, QName
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


class BuiltIn(Struct):
    """A built-in type: the one that it restricts and how EXI represents its values."""

    base: str | None
    primitive: Primitive
    minimum: int | None = None
    maximum: int | None = None
    item: str | None = None


def _integer(base: str, minimum: int | None, maximum: int | None) -> BuiltIn:
    return BuiltIn(base, Primitive.INTEGER, minimum, maximum)


_STRING = Primitive.STRING
_LIST = Primitive.LIST

BUILT_INS: Final[dict[str, BuiltIn]] = {
    "anySimpleType": BuiltIn(None, _STRING),
    "string": BuiltIn("anySimpleType", _STRING),
    "normalizedString": BuiltIn("string", _STRING),
    "token": BuiltIn("normalizedString", _STRING),
    "language": BuiltIn("token", _STRING),
    "Name": BuiltIn("token", _STRING),
    "NMTOKEN": BuiltIn("token", _STRING),
    "NCName": BuiltIn("Name", _STRING),
    "ID": BuiltIn("NCName", _STRING),
    "IDREF": BuiltIn("NCName", _STRING),
    "ENTITY": BuiltIn("NCName", _STRING),
    "IDREFS": BuiltIn("anySimpleType", _LIST, item="IDREF"),
    "ENTITIES": BuiltIn("anySimpleType", _LIST, item="ENTITY"),
    "NMTOKENS": BuiltIn("anySimpleType", _LIST, item="NMTOKEN"),
    "anyURI": BuiltIn("anySimpleType", _STRING),
    "QName": BuiltIn("anySimpleType", Primitive.QNAME),
    "NOTATION": BuiltIn("anySimpleType", Primitive.QNAME),
    "boolean": BuiltIn("anySimpleType", Primitive.BOOLEAN),
    "decimal": BuiltIn("anySimpleType", Primitive.DECIMAL),
    "float": BuiltIn("anySimpleType", Primitive.FLOAT),
    "double": BuiltIn("anySimpleType", Primitive.FLOAT),
    "hexBinary": BuiltIn("anySimpleType", Primitive.HEX_BINARY),
    "base64Binary": BuiltIn("anySimpleType", Primitive.BASE64_BINARY),
    "duration": BuiltIn("anySimpleType", _STRING),
    "dateTime": BuiltIn("anySimpleType", Primitive.DATE_TIME),
    "time": BuiltIn("anySimpleType", Primitive.TIME),
    "date": BuiltIn("anySimpleType", Primitive.DATE),
    "gYearMonth": BuiltIn("anySimpleType", Primitive.G_YEAR_MONTH),
    "gYear": BuiltIn("anySimpleType", Primitive.G_YEAR),
    "gMonthDay": BuiltIn("anySimpleType", Primitive.G_MONTH_DAY),
    "gDay": BuiltIn("anySimpleType", Primitive.G_DAY),
    "gMonth": BuiltIn("anySimpleType", Primitive.G_MONTH),
    "integer": _integer("decimal", None, None),
    "nonPositiveInteger": _integer("integer", None, 0),
    "negativeInteger": _integer("nonPositiveInteger", None, -1),
    "nonNegativeInteger": _integer("integer", 0, None),
    "positiveInteger": _integer("nonNegativeInteger", 1, None),
    "long": _integer("integer", -(2**63), 2**63 - 1),
    "int": _integer("long", -(2**31), 2**31 - 1),
    "short": _integer("int", -(2**15), 2**15 - 1),
    "byte": _integer("short", -(2**7), 2**7 - 1),
    "unsignedLong": _integer("nonNegativeInteger", 0, 2**64 - 1),
    "unsignedInt": _integer("unsignedLong", 0, 2**32 - 1),
    "unsignedShort": _integer("unsignedInt", 0, 2**16 - 1),
    "unsignedByte": _integer("unsignedShort", 0, 2**8 - 1),
}
"""The built-in simple types of XML Schema 1.0 by their local names."""

PYTHON_TYPES: Final[dict[object, str]] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "double",
    PythonDecimal: "decimal",
}
"""What a plain Python type in an annotation means."""


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
