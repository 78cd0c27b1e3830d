"""Content models: which child belongs to which particle, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from evproto.core import DecodeError

from .schema import ComplexType, Content, Group, Particle, QName, Schema, Wildcard, WildcardKind

Match = tuple[Particle, int | None]
"""A particle and the element of it that matched; None for a wildcard."""


class ContentReader:
    """Matches children against particles.

    XML Schema demands that a child's name alone decides its particle (unique particle
    attribution), so that taking each particle as often as it goes is right.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._members: dict[int, list[int]] = {}
        self._leaves: dict[int, tuple[Particle, ...]] = {}
        self._ordered: dict[int, bool] = {}
        """Both by the identity of a type: the schema keeps its types alive."""
        for index, element in enumerate(schema.elements):
            head = index if element.is_global else None
            while head is not None:
                self._members.setdefault(head, []).append(index)
                head = schema.elements[head].substitutes

    def members(self, element: int) -> list[int]:
        """An element with all that can stand in its place."""
        return self._members.get(element, [element])

    def leaves(self, made: ComplexType) -> tuple[Particle, ...]:
        """The elements and wildcards of a content model in the order of the schema."""
        known = self._leaves.get(id(made))
        if known is None:
            known = self._leaves[id(made)] = tuple(_leaves(made.particle))
        return known

    def is_ordered(self, made: ComplexType) -> bool:
        """Whether one field can hold children of several names, so that their order counts."""
        known = self._ordered.get(id(made))
        if known is None:
            known = self._ordered[id(made)] = self._find_ordered(made)
        return known

    def _find_ordered(self, made: ComplexType) -> bool:
        names: dict[int, QName | None] = {}
        for part in self.leaves(made):
            if part.slot is None:
                continue
            name = None if part.element is None else self.schema.elements[part.element].name
            if (
                part.wildcard is not None
                or part.wrapper is not None
                or names.setdefault(part.slot, name) != name
            ):
                return True
        return made.content is Content.MIXED

    def head_of(self, part: Particle) -> QName | None:
        """The name of a substitution-group head that may come several times, as which member ever."""
        if part.element is None or not part.repeated or len(self.members(part.element)) < 2:
            return None
        return self.schema.elements[part.element].name

    def match(self, made: ComplexType, names: list[QName], path: str) -> list[Match]:
        """The particle of each child; DecodeError for a child too many or missing."""
        run = _Run(self, made, names, path)
        if made.particle is not None:
            run.take(made.particle)
        if run.at < len(names):
            raise DecodeError(f"unexpected element {_shown(names[run.at])}", path=path)
        return run.found

    def element_for(self, particle: Particle, name: QName) -> int | None:
        """The element of a particle that has the name, substitution counted in."""
        if particle.element is None:
            return None
        for candidate in self.members(particle.element):
            if self.schema.elements[candidate].name == name:
                return candidate
        return None

    def begins(self, particle: Particle, name: QName, namespace: str) -> bool:
        """Whether a child of the name can be the first of the particle."""
        if particle.element is not None:
            return self.element_for(particle, name) is not None
        if particle.wildcard is not None:
            return _admits(particle.wildcard, name.uri, namespace)
        for child in particle.children:
            if self.begins(child, name, namespace):
                return True
            if particle.group is Group.SEQUENCE and not self.can_be_empty(child):
                return False
        return False

    def can_be_empty(self, particle: Particle) -> bool:
        """Whether the particle is content without any child."""
        if particle.minimum == 0:
            return True
        if particle.group is None:
            return False
        empty = [self.can_be_empty(child) for child in particle.children]
        return any(empty) or not empty if particle.group is Group.CHOICE else all(empty)


class _Run:
    """One walk over the children of an element."""

    def __init__(self, reader: ContentReader, made: ComplexType, names: list[QName], path: str) -> None:
        self.reader = reader
        self.names = names
        self.path = path
        self.namespace = made.name.uri if made.name is not None else ""
        self.at = 0
        self.found: list[Match] = []

    def take(self, particle: Particle) -> None:
        count = 0
        while (particle.maximum is None or count < particle.maximum) and self._begins(particle):
            before = self.at
            self._once(particle)
            count += 1
            if self.at == before:
                return
        if count < particle.minimum and not self.reader.can_be_empty(particle):
            raise self._missing(particle, count)

    def _begins(self, particle: Particle) -> bool:
        if self.at >= len(self.names):
            return False
        return self.reader.begins(particle, self.names[self.at], self.namespace)

    def _once(self, particle: Particle) -> None:
        if particle.group is None:
            self.found.append((particle, self.reader.element_for(particle, self.names[self.at])))
            self.at += 1
        elif particle.group is Group.SEQUENCE:
            for child in particle.children:
                self.take(child)
        elif particle.group is Group.CHOICE:
            self.take(next(child for child in particle.children if self._begins(child)))
        else:
            self._all(list(particle.children))

    def _all(self, open_children: list[Particle]) -> None:
        while chosen := next((child for child in open_children if self._begins(child)), None):
            open_children.remove(chosen)
            self.take(chosen)
        for child in open_children:
            if not self.reader.can_be_empty(child):
                raise self._missing(child, 0)

    def _missing(self, particle: Particle, count: int) -> DecodeError:
        expected = " or ".join(dict.fromkeys(self._first_names(particle)))
        got = _shown(self.names[self.at]) if self.at < len(self.names) else "the end"
        more = f" (has {count} of at least {particle.minimum})" if count else ""
        return DecodeError(f"expected {expected}{more}, got {got}", path=self.path)

    def _first_names(self, particle: Particle) -> Iterator[str]:
        if particle.wildcard is not None:
            yield "any element"
        elif particle.element is not None:
            elements = self.reader.schema.elements
            for member in self.reader.members(particle.element):
                if not elements[member].abstract:
                    yield elements[member].name.local
        else:
            for child in particle.children:
                yield from self._first_names(child)
                if particle.group is Group.SEQUENCE and not self.reader.can_be_empty(child):
                    return


def _leaves(particle: Particle | None) -> Iterator[Particle]:
    if particle is None:
        return
    if particle.group is None:
        yield particle
    for child in particle.children:
        yield from _leaves(child)


def _admits(wildcard: Wildcard, uri: str, namespace: str) -> bool:
    if wildcard.kind is WildcardKind.ANY:
        return True
    if wildcard.kind is WildcardKind.OTHER:
        return uri not in ("", namespace)
    return uri in wildcard.uris


def _shown(name: QName) -> str:
    return f"{{{name.uri}}}{name.local}" if name.uri else name.local
