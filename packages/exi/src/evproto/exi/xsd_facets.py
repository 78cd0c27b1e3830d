"""The facets that stand in a restriction element, and what they change in a simple type."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from .charset import charset_of
from .schema import Primitive, SimpleType, WhiteSpace
from .xsd_documents import Document, error

_NO_ENUMERATION: Final = (Primitive.LIST, Primitive.UNION, Primitive.QNAME)
_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]+\s*")
_DIGITS: Final = 38
"""The grammar holds bounds in 128 bits."""
_WHITE_SPACE: Final = {
    "preserve": WhiteSpace.PRESERVE,
    "replace": WhiteSpace.REPLACE,
    "collapse": WhiteSpace.COLLAPSE,
}


def changes_by_facets(
    base: SimpleType, *, is_string: bool, node: etree._Element, document: Document
) -> dict[str, Any]:
    """The fields of `base` that the facets at a restriction change; SchemaError names a wrong one.

    `is_string` is whether the type descends from xs:string, which alone has restricted sets of
    characters. Facets without a bearing on EXI (digits, bounds of other than integers) are passed over.
    """
    facets = _Facets(node, document)
    changes: dict[str, Any] = {}
    for white_space in facets.texts("whiteSpace"):
        if white_space not in _WHITE_SPACE:
            raise error(node, document, f"whiteSpace: {white_space!r} is none of {', '.join(_WHITE_SPACE)}")
        changes["white_space"] = _WHITE_SPACE[white_space]
    changes.update(facets.lengths())
    if base.primitive is Primitive.INTEGER:
        changes.update(facets.bounds(base))
    if base.primitive not in _NO_ENUMERATION:
        how = changes.get("white_space", base.white_space)
        values = tuple(how.normalized(value) for value in facets.texts("enumeration"))
        changes.update({"enumeration": values} if values else {})
    patterns = facets.texts("pattern")
    if patterns:
        changes["has_pattern"] = True
        changes["charset"] = facets.charset(patterns) if is_string else None
    return changes


class _Facets:
    def __init__(self, node: etree._Element, document: Document) -> None:
        self.node = node
        self.document = document
        self._found: dict[str, list[str]] = {}
        for child in node.iterchildren(tag=etree.Element):
            value = child.get("value")
            if value is not None:
                self._found.setdefault(etree.QName(child).localname, []).append(value)

    def texts(self, name: str) -> list[str]:
        return self._found.get(name, [])

    def lengths(self) -> dict[str, int]:
        found = {}
        for facet, fields in (
            ("length", ("min_length", "max_length")),
            ("minLength", ("min_length",)),
            ("maxLength", ("max_length",)),
        ):
            for number in self._numbers(facet):
                found.update(dict.fromkeys(fields, number))
        return found

    def bounds(self, base: SimpleType) -> dict[str, int | None]:
        lower = [*self._numbers("minInclusive"), *(value + 1 for value in self._numbers("minExclusive"))]
        upper = [*self._numbers("maxInclusive"), *(value - 1 for value in self._numbers("maxExclusive"))]
        lower += [base.minimum] if base.minimum is not None else []
        upper += [base.maximum] if base.maximum is not None else []
        return {"minimum": max(lower, default=None), "maximum": min(upper, default=None)}

    def charset(self, patterns: list[str]) -> tuple[int, ...] | None:
        try:
            return charset_of(*patterns)
        except ValueError as failure:
            raise error(self.node, self.document, str(failure)) from None

    def _numbers(self, name: str) -> list[int]:
        texts = self.texts(name)
        for text in texts:
            if not _WHOLE.fullmatch(text):
                raise error(self.node, self.document, f"{name}: {text[:60]!r} is no whole number")
            if len(text) > _DIGITS:
                raise error(self.node, self.document, f"{name}: more than {_DIGITS} digits")
        return [int(text) for text in texts]
