"""The built-in simple types of XML Schema 1.0: the first components of every schema.

Any of them can be named by xsi:type, and each counts as derived from its base: all are there
whether a declaration uses them or not.
"""

from __future__ import annotations

from typing import Final

from ._native import Components
from .schema import ComplexType, SimpleType

_ALONE: Final = Components(()).schema()

BUILT_IN_TYPES: Final[tuple[SimpleType, ...]] = _ALONE.simple_types
"""All of them; a base or an item stands before what refers to it."""

BUILT_INS: Final[dict[str, int]] = {
    one.name.local: index for index, one in enumerate(BUILT_IN_TYPES) if one.name is not None
}
"""The index of each in `BUILT_IN_TYPES` by its local name."""

ANY_TYPE: Final[ComplexType] = _ALONE.complex_types[0]
"""The type of what has no type; a part of every schema, as the built-in simple types are."""
