"""The built-in simple types of XML Schema 1.0: the first components of every schema.

Any of them can be named by xsi:type, and each counts as derived from its base: all are there
whether a declaration uses them or not.
"""

from __future__ import annotations

from typing import Final

from .schema import Primitive, QName, SimpleType, WhiteSpace
from .types import XSD

BUILT_INS: Final[dict[str, int]] = {}
"""The index of each in `BUILT_IN_TYPES` by its local name."""

_found: Final[list[SimpleType]] = []


def _enter(
    names: str,
    base: str | None,
    primitive: Primitive = Primitive.STRING,
    *,
    bounds: tuple[int | None, int | None] = (None, None),
    white_space: WhiteSpace = WhiteSpace.COLLAPSE,
) -> None:
    for name in names.split():
        BUILT_INS[name] = len(_found)
        _found.append(
            SimpleType(
                QName(XSD, name),
                primitive,
                None if base is None else BUILT_INS[base],
                minimum=bounds[0],
                maximum=bounds[1],
                white_space=white_space,
            )
        )


def _enter_list(name: str, item: str) -> None:
    BUILT_INS[name] = len(_found)
    _found.append(
        SimpleType(
            QName(XSD, name),
            Primitive.LIST,
            BUILT_INS["anySimpleType"],
            BUILT_INS[item],
            min_length=1,
            white_space=WhiteSpace.COLLAPSE,
        )
    )


def _enter_integer(name: str, base: str, minimum: int | None, maximum: int | None) -> None:
    _enter(name, base, Primitive.INTEGER, bounds=(minimum, maximum))


_enter("anySimpleType", None, white_space=WhiteSpace.PRESERVE)
_enter("string", "anySimpleType", white_space=WhiteSpace.PRESERVE)
_enter("normalizedString", "string", white_space=WhiteSpace.REPLACE)
_enter("token", "normalizedString")
_enter("language Name NMTOKEN", "token")
_enter("NCName", "Name")
_enter("ID IDREF ENTITY", "NCName")
_enter_list("IDREFS", "IDREF")
_enter_list("ENTITIES", "ENTITY")
_enter_list("NMTOKENS", "NMTOKEN")
_enter("anyURI duration", "anySimpleType")
_enter("QName NOTATION", "anySimpleType", Primitive.QNAME)
_enter("boolean", "anySimpleType", Primitive.BOOLEAN)
_enter("decimal", "anySimpleType", Primitive.DECIMAL)
_enter("float double", "anySimpleType", Primitive.FLOAT)
_enter("hexBinary", "anySimpleType", Primitive.HEX_BINARY)
_enter("base64Binary", "anySimpleType", Primitive.BASE64_BINARY)
_enter("dateTime", "anySimpleType", Primitive.DATE_TIME)
_enter("time", "anySimpleType", Primitive.TIME)
_enter("date", "anySimpleType", Primitive.DATE)
_enter("gYearMonth", "anySimpleType", Primitive.G_YEAR_MONTH)
_enter("gYear", "anySimpleType", Primitive.G_YEAR)
_enter("gMonthDay", "anySimpleType", Primitive.G_MONTH_DAY)
_enter("gDay", "anySimpleType", Primitive.G_DAY)
_enter("gMonth", "anySimpleType", Primitive.G_MONTH)
_enter_integer("integer", "decimal", None, None)
_enter_integer("nonPositiveInteger", "integer", None, 0)
_enter_integer("negativeInteger", "nonPositiveInteger", None, -1)
_enter_integer("nonNegativeInteger", "integer", 0, None)
_enter_integer("positiveInteger", "nonNegativeInteger", 1, None)
_enter_integer("long", "integer", -(2**63), 2**63 - 1)
_enter_integer("int", "long", -(2**31), 2**31 - 1)
_enter_integer("short", "int", -(2**15), 2**15 - 1)
_enter_integer("byte", "short", -(2**7), 2**7 - 1)
_enter_integer("unsignedLong", "nonNegativeInteger", 0, 2**64 - 1)
_enter_integer("unsignedInt", "unsignedLong", 0, 2**32 - 1)
_enter_integer("unsignedShort", "unsignedInt", 0, 2**16 - 1)
_enter_integer("unsignedByte", "unsignedShort", 0, 2**8 - 1)

BUILT_IN_TYPES: Final[tuple[SimpleType, ...]] = tuple(_found)
"""All of them; a base or an item stands before what refers to it."""
