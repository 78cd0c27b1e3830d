"""Simple types of a schema under construction, from annotations and by explicit derivation."""

from __future__ import annotations

import enum
from typing import Any, Final

from .built_in import BUILT_IN_TYPES, BUILT_INS
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
from .types import ANONYMOUS, XSD, Interval, Length, ListOf, Pattern, TypeName, built_in_of

_BUILT_IN_NAMES: Final[dict[QName, int]] = {QName(XSD, name): index for name, index in BUILT_INS.items()}
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
        self.found = list(BUILT_IN_TYPES)
        self._named = _BUILT_IN_NAMES.copy()
        self._by_annotation: dict[int, tuple[object, int]] = {}
        """Index by the identity of the annotation, which is kept for as long."""

    def built_in(self, name: str) -> int:
        """The index of a type of the XML Schema namespace."""
        return BUILT_INS[name]

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
        known = self._by_annotation.get(id(annotation))
        if known is None:
            known = annotation, self._read(annotation)
            self._by_annotation[id(annotation)] = known
        return known[1]

    def _read(self, annotation: Any) -> int:
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            return self._enumeration(annotation)
        metadata: tuple[object, ...] = getattr(annotation, "__metadata__", ())
        if metadata:
            return self._derive(annotation.__origin__, metadata)
        return self._plain(annotation)

    def _plain(self, python_type: object) -> int:
        name = built_in_of(python_type)
        if name is None:
            raise TypeError(f"{python_type!r} is no simple type")
        return self.built_in(name)

    def _enumeration(self, cls: type[enum.Enum]) -> int:
        marker = getattr(cls, "__exi_type__", ANONYMOUS)
        if marker.name in self._named:
            return self._named[marker.name]
        members = tuple(cls)
        return self.add(
            SimpleType(
                name=marker.name,
                primitive=Primitive.STRING,
                base=self.built_in("string"),
                enumeration=tuple([member._value_ for member in members]),
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
        return self._plain(origin)

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
    for facet in facets:
        match facet:
            case Interval() if facet.ge is not None or facet.le is not None:
                _narrow(changes, base, _whole(facet, "ge"), _whole(facet, "le"))
            case Length():
                changes.update(_lengths(facet))
            case Pattern():
                changes.update(_pattern(base, facet))
            case ListOf():
                pass
            case _:
                _apply_foreign(changes, base, facet)
    return evolve(base, **changes)


def _pattern(base: SimpleType, facet: Pattern) -> dict[str, Any]:
    if base.primitive is not Primitive.STRING:
        return {"has_pattern": True}
    from .charset import charset_of

    return {"has_pattern": True, "charset": charset_of(facet.expression)}


def _apply_foreign(changes: dict[str, Any], base: SimpleType, facet: object) -> None:
    """Take a facet of annotated-types (Interval, Ge, Gt, Le, Lt, Len), or what looks like one."""
    above, below = _whole(facet, "gt"), _whole(facet, "lt")
    lower = _whole(facet, "ge") if above is None else above + 1
    upper = _whole(facet, "le") if below is None else below - 1
    lengths = _lengths(facet)
    if not lengths and lower is None and upper is None:
        raise TypeError(f"{facet!r} is no facet that EXI knows")
    changes.update(lengths)
    _narrow(changes, base, lower, upper)


def _narrow(changes: dict[str, Any], base: SimpleType, lower: int | None, upper: int | None) -> None:
    """Take bounds where they are tighter than those of the base and the facets before."""
    if lower is not None:
        known = changes.get("minimum", base.minimum)
        changes["minimum"] = lower if known is None else max(known, lower)
    if upper is not None:
        known = changes.get("maximum", base.maximum)
        changes["maximum"] = upper if known is None else min(known, upper)


def _whole(facet: object, side: str) -> int | None:
    bound = getattr(facet, side, None)
    if bound is not None and not isinstance(bound, int):
        raise TypeError(f"the bound {bound!r} is no integer")
    return bound


def _lengths(facet: object) -> dict[str, int]:
    found = {side: getattr(facet, side, None) for side in ("min_length", "max_length")}
    return {side: bound for side, bound in found.items() if bound is not None}
