"""Simple types of a schema under construction, from annotations and by explicit derivation."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Final, get_origin

from .charset import charset_of
from .schema import (
    ComplexType,
    Content,
    Group,
    Particle,
    Primitive,
    QName,
    SimpleType,
    WhiteSpace,
    Wildcard,
    WildcardKind,
)
from .struct import evolve
from .types import ANONYMOUS, BUILT_INS, PYTHON_TYPES, XSD, ListOf, Pattern, TypeName

_WHITE_SPACE: Final = {
    "anySimpleType": WhiteSpace.PRESERVE,
    "string": WhiteSpace.PRESERVE,
    "normalizedString": WhiteSpace.REPLACE,
}
_ANY: Final = Wildcard(kind=WildcardKind.ANY)

ANY_TYPE: Final = ComplexType(
    name=QName(XSD, "anyType"),
    content=Content.MIXED,
    attribute_wildcard=_ANY,
    particle=Particle(group=Group.SEQUENCE, children=(Particle(minimum=0, maximum=None, wildcard=_ANY),)),
)
"""The type of what has no type; a part of every schema, as the built-in simple types are."""


class SimpleTypes:
    """Collects simple types; each named one stands once in `found`, after those that it needs."""

    def __init__(self) -> None:
        self.found: list[SimpleType] = []
        self._named: dict[QName, int] = {}
        self._by_annotation: dict[object, int] = {}

    def built_in(self, name: str) -> int:
        """The index of a type of the XML Schema namespace, entered with its ancestors."""
        qname = QName(XSD, name)
        if qname in self._named:
            return self._named[qname]
        about = BUILT_INS[name]
        base = None if about.base is None else self.built_in(about.base)
        item = None if about.item is None else self.built_in(about.item)
        return self.add(
            SimpleType(
                name=qname,
                primitive=about.primitive,
                base=base,
                item=item,
                minimum=about.minimum,
                maximum=about.maximum,
                min_length=1 if item is not None else 0,
                white_space=_WHITE_SPACE.get(name, WhiteSpace.COLLAPSE),
            )
        )

    def complete(self) -> None:
        """Enter every built-in type: any of them can be named by xsi:type, and counts as a sub-type."""
        for name in BUILT_INS:
            self.built_in(name)

    def add(self, made: SimpleType) -> int:
        """Enter a type and give its index."""
        self.found.append(made)
        if made.name is not None:
            self._named[made.name] = len(self.found) - 1
        return len(self.found) - 1

    def named(self, name: QName) -> int | None:
        """The index of a type entered under this name."""
        return self._named.get(name)

    def of(self, annotation: Any) -> int:
        """The index of the simple type that an annotation means; TypeError for none."""
        key = annotation if isinstance(annotation, type) else id(annotation)
        if key not in self._by_annotation:
            self._by_annotation[key] = self._read(annotation)
        return self._by_annotation[key]

    def _read(self, annotation: Any) -> int:
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            return self._enumeration(annotation)
        metadata: tuple[object, ...] = getattr(annotation, "__metadata__", ())
        if metadata:
            return self._derive(annotation.__origin__, metadata)
        if annotation in PYTHON_TYPES:
            return self.built_in(PYTHON_TYPES[annotation])
        raise TypeError(f"{annotation!r} is no simple type")

    def _enumeration(self, cls: type[enum.Enum]) -> int:
        members = tuple(cls)
        marker = getattr(cls, "__exi_type__", ANONYMOUS)
        if marker.name in self._named:
            return self._named[marker.name]
        return self.add(
            SimpleType(
                name=marker.name,
                primitive=Primitive.STRING,
                base=self.built_in("string"),
                enumeration=tuple(member.value for member in members),
                values=members,
            )
        )

    def _derive(self, origin: Any, metadata: tuple[object, ...]) -> int:
        steps = _steps(metadata)
        index = self._start(origin, steps)
        for marker, facets in steps:
            known = None if marker.name is None else self._named.get(marker.name)
            index = (
                self.add(_restrict(self.found[index], index, marker.name, facets)) if known is None else known
            )
        return index

    def _start(self, origin: Any, steps: list[tuple[TypeName, list[object]]]) -> int:
        """The type from which the steps derive; takes a leading built-in step off the list."""
        first = steps[0]
        if first[0].name is not None and first[0].name.uri == XSD:
            del steps[0]
            return self.built_in(first[0].name.local)
        lists = [facet for facet in first[1] if isinstance(facet, ListOf)]
        if lists:
            return self._list(lists[0])
        if get_origin(origin) is tuple or origin not in PYTHON_TYPES:
            raise TypeError(f"{origin!r} is no simple type")
        return self.built_in(PYTHON_TYPES[origin])

    def _list(self, marker: ListOf) -> int:
        base = self.built_in("anySimpleType")
        return self.add(
            SimpleType(
                name=None,
                primitive=Primitive.LIST,
                base=base,
                item=self.of(marker.item),
                white_space=WhiteSpace.COLLAPSE,
            )
        )


def _steps(metadata: tuple[object, ...]) -> list[tuple[TypeName, list[object]]]:
    steps: list[tuple[TypeName, list[object]]] = []
    for item in metadata:
        if isinstance(item, TypeName):
            steps.append((item, []))
            continue
        if not steps:
            steps.append((ANONYMOUS, []))
        steps[-1][1].append(item)
    return steps


def _restrict(base: SimpleType, index: int, name: QName | None, facets: list[object]) -> SimpleType:
    changes: dict[str, Any] = {"name": name, "base": index}
    minimum, maximum = base.minimum, base.maximum
    for facet in facets:
        if isinstance(facet, Pattern):
            changes["has_pattern"] = True
            if base.primitive is Primitive.STRING:
                changes["charset"] = charset_of(facet.expression)
        elif not isinstance(facet, ListOf):
            lengths = _lengths(facet)
            changes.update(lengths)
            lower, upper = _bounds(facet)
            if not lengths and lower is None and upper is None:
                raise TypeError(f"{facet!r} is no facet that EXI knows")
            minimum = _tighter(max, minimum, lower)
            maximum = _tighter(min, maximum, upper)
    return evolve(base, minimum=minimum, maximum=maximum, **changes)


def _bounds(facet: object) -> tuple[int | None, int | None]:
    """The bounds of a facet of ours or of annotated-types (Interval, Ge, Gt, Le, Lt)."""
    above, below = _whole(facet, "gt"), _whole(facet, "lt")
    return (
        _whole(facet, "ge") if above is None else above + 1,
        _whole(facet, "le") if below is None else below - 1,
    )


def _whole(facet: object, side: str) -> int | None:
    bound = getattr(facet, side, None)
    if bound is not None and not isinstance(bound, int):
        raise TypeError(f"the bound {bound!r} is no integer")
    return bound


def _tighter(pick: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return pick(one, other)


def _lengths(facet: object) -> dict[str, int]:
    found = {side: getattr(facet, side, None) for side in ("min_length", "max_length")}
    return {side: bound for side, bound in found.items() if bound is not None}
