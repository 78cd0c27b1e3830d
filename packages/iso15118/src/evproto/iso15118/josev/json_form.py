"""The JSON in which Josev exchanges messages with its codec, to EXI events and back.

It is what a Java binding makes of the schemas: an element is an object with its attributes and
children by local name, an array where the schema lets it repeat; text beside attributes is the key
`value`; integers and booleans stand as such, all other values as their lexical text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from evproto.core import DecodeError, EncodeError
from evproto.exi.schema import ComplexType, Content, Particle, Primitive, QName, Schema, TypeRef

logger = logging.getLogger(__name__)

Json: TypeAlias = "dict[str, Any]"
Event: TypeAlias = "Sequence[Any]"

_START: Final = 0
_END: Final = (1,)
_ATTRIBUTE: Final = 2
_TEXT: Final = 3
_VALUE: Final = "value"


class _Child(NamedTuple):
    name: QName
    type: TypeRef
    repeated: bool


class _Shape(NamedTuple):
    """What an element of a complex type holds, in schema order."""

    attributes: dict[str, tuple[QName, int]]
    children: dict[str, _Child]
    text: int | None
    """The simple type of simple content."""


class JsonForm:
    """The JSON of the elements of one schema set."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._roots: dict[str, list[_Child]] = {}
        self._members: dict[int, list[int]] = {}
        for index, element in enumerate(schema.elements):
            same_name = self._roots.setdefault(element.name.local, [])
            place = 0 if element.is_global else len(same_name)
            same_name.insert(place, _Child(element.name, element.type, False))
            if element.substitutes is not None:
                self._members.setdefault(element.substitutes, []).append(index)
        self._shape = cache(self._make_shape)

    # JSON to events

    def events(self, root: str, value: object) -> list[Event]:
        """The events of a root element, named by its local name; EncodeError with the path."""
        known = self._roots.get(root, ())
        if not known:
            raise EncodeError(f"no element {root} in the schema")
        # A local name can stand for elements of different types: ISO 15118-2 has two called eMAID.
        fitting = (child for child in known if child.type.is_complex is isinstance(value, dict))
        found: list[Event] = []
        self._element(next(fitting, known[0]), value, found, root)
        return found

    def _element(self, child: _Child, value: object, found: list[Event], path: str) -> None:
        found.append((_START, *child.name))
        if not child.type.is_complex:
            self._characters(child.type.index, value, found, path)
        elif isinstance(value, dict):
            self._object(self._shape(child.type.index), value, found, path)
        else:
            raise EncodeError(f"expected an object, got {type(value).__name__}", path=path)
        found.append(_END)

    def _object(self, shape: _Shape, value: Json, found: list[Event], path: str) -> None:
        for key, (name, simple) in shape.attributes.items():
            if value.get(key) is not None:
                text = self._text(simple, value[key], f"{path}/@{key}")
                found.append((_ATTRIBUTE, *name, text))
        if shape.text is not None:
            self._characters(shape.text, value.get(_VALUE), found, path)
        for key, child in shape.children.items():
            inner = value.get(key)
            if inner is None:
                continue
            for item in inner if isinstance(inner, list) else (inner,):
                self._element(child, item, found, f"{path}/{key}")
        unknown = value.keys() - shape.attributes.keys() - shape.children.keys()
        if unknown - {_VALUE}:
            logger.warning("%s: %s is not in the schema and was left out", path, ", ".join(sorted(unknown)))

    def _characters(self, simple: int, value: object, found: list[Event], path: str) -> None:
        text = self._text(simple, value, path)
        found.append((_TEXT, text))

    def _text(self, simple: int, value: object, path: str) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        raise EncodeError(f"expected a value, got {type(value).__name__}", path=path)

    # Events to JSON

    def json(self, events: Iterable[Event]) -> Json:
        """The object with the root element as its only key."""
        walk = iter(events)
        first = next(walk)
        named = (child for child in self._roots.get(first[2], ()) if child.name.uri == first[1])
        root = next(named, None)
        if root is None:
            raise DecodeError(f"no message: the root is {{{first[1]}}}{first[2]}")
        return {first[2]: self._read(root, walk)}

    def _read(self, child: _Child, walk: Iterator[Event]) -> object:
        if not child.type.is_complex:
            return self._read_simple(child.type.index, walk)
        shape = self._shape(child.type.index)
        made: Json = {}
        text = ""
        for event in walk:
            kind = event[0]
            if kind == _START:
                self._read_child(shape, event, made, walk)
            elif kind == _ATTRIBUTE:
                if event[2] in shape.attributes:
                    made[event[2]] = self._value(shape.attributes[event[2]][1], event[3])
            elif kind == _TEXT:
                text += event[1]
            else:
                break
        if shape.text is not None:
            made[_VALUE] = self._value(shape.text, text)
        return made

    def _read_child(self, shape: _Shape, event: Event, made: Json, walk: Iterator[Event]) -> None:
        key = event[2]
        child = shape.children.get(key)
        if child is None or child.name.uri != event[1]:
            _skip(walk)
        elif child.repeated:
            made.setdefault(key, []).append(self._read(child, walk))
        else:
            made[key] = self._read(child, walk)

    def _read_simple(self, simple: int, walk: Iterator[Event]) -> object:
        text = ""
        for event in walk:
            if event[0] == _TEXT:
                text += event[1]
            elif event[0] == _START:
                _skip(walk)
            elif event[0] == _END[0]:
                break
        return self._value(simple, text)

    def _value(self, simple: int, text: str) -> object:
        made = self._schema.simple_types[simple]
        if made.primitive is Primitive.INTEGER and not made.enumeration:
            return int(text)
        if made.primitive is Primitive.BOOLEAN:
            return text == "true"
        return text

    # Shapes

    def _make_shape(self, index: int) -> _Shape:
        made = self._schema.complex_types[index]
        attributes = {use.name.local: (use.name, use.type) for use in made.attributes}
        children: dict[str, _Child] = {}
        if made.particle is not None:
            for child in self._children(made.particle, repeated=False):
                known = children.get(child.name.local)
                repeated = child.repeated or known is not None
                children[child.name.local] = child._replace(repeated=repeated)
        return _Shape(attributes, children, _text_type(made))

    def _children(self, particle: Particle, *, repeated: bool) -> Iterator[_Child]:
        repeated = repeated or particle.maximum is None or particle.maximum > 1
        for inner in particle.children:
            yield from self._children(inner, repeated=repeated)
        if particle.element is not None:
            for index in self._substitutes(particle.element):
                element = self._schema.elements[index]
                yield _Child(element.name, element.type, repeated)

    def _substitutes(self, head: int) -> Iterator[int]:
        yield head
        for member in self._members.get(head, ()):
            yield from self._substitutes(member)


def _text_type(made: ComplexType) -> int | None:
    return made.simple if made.content is Content.SIMPLE else None


def _skip(walk: Iterator[Event]) -> None:
    """Pass over an element that the schema does not foresee, up to its end."""
    depth = 1
    for event in walk:
        depth += {_START: 1, _END[0]: -1}.get(event[0], 0)
        if depth == 0:
            return
