"""Simple types of a schema under construction, from annotations and by explicit derivation."""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import Any, get_origin

from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen

from .charset import charset_of
from .schema import Primitive, QName, SimpleType
from .types import ANONYMOUS, BUILT_INS, PYTHON_TYPES, XSD, ListOf, Pattern, TypeName


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
            )
        )

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
        return self.add(SimpleType(name=None, primitive=Primitive.LIST, base=base, item=self.of(marker.item)))


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
        match facet:
            case Interval() | Ge() | Gt() | Le() | Lt():
                lower, upper = _bounds(facet)
                minimum = _tighter(max, minimum, lower)
                maximum = _tighter(min, maximum, upper)
            case Len() | MinLen() | MaxLen():
                changes.update(_lengths(facet))
            case Pattern():
                changes["has_pattern"] = True
                if base.primitive is Primitive.STRING:
                    changes["charset"] = charset_of(facet.expression)
            case ListOf():
                pass
            case _:
                raise TypeError(f"{facet!r} is no facet that EXI knows")
    return replace(base, minimum=minimum, maximum=maximum, **changes)


def _bounds(facet: Interval | Ge | Gt | Le | Lt) -> tuple[int | None, int | None]:
    lower = upper = None
    for part in facet if isinstance(facet, Interval) else (facet,):
        match part:
            case Ge():
                lower = _whole(part.ge)
            case Gt():
                lower = _whole(part.gt) + 1
            case Le():
                upper = _whole(part.le)
            case Lt():
                upper = _whole(part.lt) - 1
    return lower, upper


def _whole(bound: object) -> int:
    if not isinstance(bound, int):
        raise TypeError(f"the bound {bound!r} is no integer")
    return bound


def _tighter(pick: Any, one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return int(pick(one, other))


def _lengths(facet: Len | MinLen | MaxLen) -> dict[str, int | None]:
    if isinstance(facet, Len):
        return {"min_length": facet.min_length, "max_length": facet.max_length}
    if isinstance(facet, MinLen):
        return {"min_length": facet.min_length}
    return {"max_length": facet.max_length}
