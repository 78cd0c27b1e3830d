"""Random messages of declared classes, for tests: every field, choice and length comes up.

The same seed gives the same messages. Arrays are filled up to maxOccurs now and then, texts leave
ASCII, numbers sit on their bounds and beyond 64 bits where the type has none.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from .codec import Codec
from .content import ContentReader
from .declare import AnyAttribute, AnyElement
from .schema import ComplexType, Content, Group, Particle, Primitive, QName, SimpleType

_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "äöüßéñçøÅ",
    "Ωжя中文字日本語한",
    "😀𝔘🚗🔌",
    "-_.:/*#<>&'\"",
)
_LONG_ARRAY: Final = 30
_MAX_DEPTH: Final = 12
_TOKENS: Final = frozenset(("ID", "NCName", "anyURI", "token", "Name", "NMTOKEN", "language"))


class RandomMessages:
    """Makes objects of the classes of a codec.

    `foreign` allows elements unknown to the schema where it has wildcards; `empty` allows empty
    texts and binaries, which XML cannot tell from absent ones; `full` makes every optional element
    and fills every array that has a bound.
    """

    def __init__(
        self,
        codec: Codec,
        rng: random.Random,
        *,
        foreign: bool = False,
        empty: bool = True,
        full: bool = False,
    ) -> None:
        self.schema = codec.schema
        self.content = ContentReader(codec.schema)
        self.rng = rng
        self.foreign = foreign
        self.shortest = 0 if empty else 1
        self.full = full

    def of(self, cls: type) -> Any:
        """A random object of a class of the codec."""
        made = next(one for one in self.schema.complex_types if one.cls is cls)
        return self._object(made, 0)

    def _object(self, made: ComplexType, depth: int) -> object:
        assert made.cls is not None
        values: list[Any] = [None] * len(made.fields)
        for use in made.attributes:
            if use.slot is not None and (use.required or self.rng.random() < 0.5):
                values[use.slot] = self._value(use.type)
        if made.content is Content.SIMPLE and made.simple is not None and made.text_slot is not None:
            values[made.text_slot] = self._value(made.simple)
        for leaf in self.content.leaves(made):
            if leaf.repeated and leaf.slot is not None:
                values[leaf.slot] = []
        if made.particle is not None:
            self._fill(made.particle, made, values, depth)
        if made.content is Content.MIXED and made.text_slot is not None:
            values[made.text_slot] = self._with_runs(values[made.text_slot] or [])
        fixed = (tuple(value) if isinstance(value, list) else value for value in values)
        return made.cls(**dict(zip(made.fields, fixed, strict=True)))

    def _fill(self, particle: Particle, made: ComplexType, values: list[Any], depth: int) -> None:
        for _ in range(self._count(particle, depth)):
            if particle.group is Group.CHOICE:
                able = [child for child in particle.children if self._can_be_made(child, depth)]
                self._fill(self.rng.choice(able), made, values, depth)
            elif particle.group is not None:
                for child in particle.children:
                    self._fill(child, made, values, depth)
            elif particle.slot is not None:
                self._put(particle, self._child(particle, made, depth), values)

    def _put(self, particle: Particle, item: object, values: list[Any]) -> None:
        assert particle.slot is not None
        if particle.repeated:
            values[particle.slot].append(item)
        else:
            values[particle.slot] = item

    def _count(self, particle: Particle, depth: int) -> int:
        low, high = particle.minimum, particle.maximum
        if not self._can_be_made(particle, depth):
            return low
        if high is None:
            return low + self.rng.choice((0, 0, 1, 1, 2, 4))
        if high <= low or depth > _MAX_DEPTH:
            return low
        if self.full:
            return high
        roll = self.rng.random()
        if high > _LONG_ARRAY:
            return high if roll < 0.004 else min(high, low + self.rng.choice((0, 1, 2, 5, 13)))
        return high if roll < 0.25 else self.rng.randint(low, high)

    def _can_be_made(self, particle: Particle, depth: int) -> bool:
        if particle.wildcard is not None:
            return self.foreign and depth < _MAX_DEPTH
        if particle.element is not None:
            return bool(self._makeable(particle.element))
        if particle.group is Group.CHOICE:
            return any(self._can_be_made(child, depth) for child in particle.children)
        return all(child.minimum == 0 or self._can_be_made(child, depth) for child in particle.children)

    def _makeable(self, element: int) -> list[int]:
        elements = self.schema.elements
        return [
            member
            for member in self.content.members(element)
            if not elements[member].abstract
            and not (
                elements[member].type.is_complex
                and self.schema.complex_types[elements[member].type.index].abstract
            )
        ]

    def _child(self, particle: Particle, made: ComplexType, depth: int) -> object:
        if particle.element is None:
            return self._any_element(depth)
        element = self.schema.elements[self.rng.choice(self._makeable(particle.element))]
        if element.type.is_complex:
            return self._object(self.schema.complex_types[element.type.index], depth + 1)
        value = self._value(element.type.index)
        return value if particle.wrapper is None else particle.wrapper(value=value)

    def _any_element(self, depth: int) -> AnyElement:
        name = QName(self.rng.choice(("urn:foreign:a", "urn:foreign:b")), self._word(1, 6))
        attributes = [
            AnyAttribute(namespace="", name=local, value=self._word(1, 9))
            for local in sorted({self._word(1, 5) for _ in range(self.rng.choice((0, 0, 1, 2)))})
        ]
        inner: list[object] = []
        if depth < _MAX_DEPTH and self.rng.random() < 0.3:
            inner = [self._any_element(depth + 3) for _ in range(self.rng.randint(1, 3))]
        content: Any = self._with_runs(inner) if self.rng.random() < 0.7 else inner
        return AnyElement(
            namespace=name.uri, name=name.local, attributes=tuple(attributes), content=tuple(content)
        )

    def _with_runs(self, items: Sequence[object]) -> list[object]:
        """The items with texts between some of them."""
        mixed: list[object] = []
        for item in [*items, None]:
            if self.rng.random() < 0.25:
                mixed.append(self._text(1, 12))
            if item is not None:
                mixed.append(item)
        return mixed

    def _value(self, index: int) -> Any:
        simple = self.schema.simple_types[index]
        if simple.values is not None:
            return self.rng.choice(simple.values)
        if simple.enumeration:
            return self.rng.choice(simple.enumeration)
        match simple.primitive:
            case Primitive.BOOLEAN:
                return self.rng.random() < 0.5
            case Primitive.INTEGER:
                return self._integer(simple)
            case Primitive.HEX_BINARY | Primitive.BASE64_BINARY:
                return self.rng.randbytes(self._length(simple, 300))
            case Primitive.DECIMAL:
                return Decimal(self.rng.randint(-(10**9), 10**9)).scaleb(-self.rng.randint(0, 8))
            case Primitive.FLOAT:
                return float(self.rng.randint(-(10**6), 10**6)) / 2 ** self.rng.randint(0, 8)
            case Primitive.STRING:
                return self._string(simple, index)
        raise NotImplementedError(f"no random values of {simple.primitive.name}")

    def _integer(self, simple: SimpleType) -> int:
        low = -(2**160) if simple.minimum is None else simple.minimum
        high = 2**160 if simple.maximum is None else simple.maximum
        corners = [low, high, *(n for n in (-1, 0, 1, 127, 128, 2**14, 2**63, 2**64) if low <= n <= high)]
        near = self.rng.randint(max(low, -1000), min(high, 1000)) if low <= 1000 and high >= -1000 else low
        return self.rng.choice([*corners, near, near, near, self.rng.randint(low, high)])

    def _length(self, simple: SimpleType, usual: int) -> int:
        low = max(self.shortest, simple.min_length)
        high = low + usual if simple.max_length is None else simple.max_length
        roll = self.rng.random()
        if roll < 0.1:
            return high
        if roll < 0.2:
            return low
        return self.rng.randint(low, min(high, low + 40))

    def _string(self, simple: SimpleType, index: int | None) -> str:
        length = self._length(simple, 90)
        while index is not None:
            name = self.schema.simple_types[index].name
            if name is not None and name.local in _TOKENS:
                return self._word(max(1, length), max(1, length))
            index = self.schema.simple_types[index].base
        return self._text(length, length)

    def _word(self, low: int, high: int) -> str:
        letters = _ALPHABETS[0][:52]
        return "".join(self.rng.choices(letters, k=self.rng.randint(low, high)))

    def _text(self, low: int, high: int) -> str:
        alphabet = self.rng.choice((_ALPHABETS[0], _ALPHABETS[0], "".join(_ALPHABETS)))
        return "".join(self.rng.choices(alphabet, k=self.rng.randint(low, high)))
