"""Messages as trees of named nodes and back: the ground on which the XML and JSON views stand.

Reading is strict: an element or attribute that the schema does not foresee at its place, a
missing one, or a value outside its facets is a DecodeError that names the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evproto.core import DecodeError, EncodeError

from . import lexical
from .content import ContentReader
from .declare import AnyAttribute, AnyElement, Message
from .schema import AttributeUse, ComplexType, Content, Particle, QName, Schema

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HINTS = (QName(_XSI, "schemaLocation"), QName(_XSI, "noNamespaceSchemaLocation"))
"""Attributes that say where a schema lies, and nothing of the message."""
_MAX_DEPTH = 100


@dataclass(slots=True)
class Node:
    """An element with attributes and content as lexical text; `simple` is the type of its only text."""

    name: QName
    attributes: list[tuple[QName, str]]
    content: list[str | Node]
    simple: int | None = None
    ordered: bool = False
    """Text and children come in an order that counts; white space between them would be content."""
    repeated: bool = False
    """The element is one of several that a field holds."""
    head: QName | None = None
    """The head of the substitution group, where a field holds several members of it."""
    foreign: bool = False
    """The schema does not know the element."""


class TreeCodec:
    """Turns objects of a schema's classes into nodes and back."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.content = ContentReader(schema)
        self._types = {made.cls: made for made in schema.complex_types if made.cls is not None}
        self._global = {
            element.name: index for index, element in enumerate(schema.elements) if element.is_global
        }
        self._root_of: dict[int, QName] = {}
        for element in schema.elements:
            if element.type.is_complex and (element.is_global or element.type.index not in self._root_of):
                self._root_of[element.type.index] = element.name
        self._index_of = {made.cls: index for index, made in enumerate(schema.complex_types)}

    # Objects to nodes

    def write(self, message: Message, name: QName | None = None) -> Node:
        """The node of an object, under its own element or the one named; EncodeError for bad values."""
        if isinstance(message, AnyElement):
            return _any_node(message)
        index = self._index_of.get(type(message))
        if name is None and index is not None:
            name = self._root_of.get(index)
        if name is None:
            raise EncodeError(f"{type(message).__name__} has no element in this schema")
        return self._object(name, message, name.local)

    def _object(self, name: QName, message: object, path: str) -> Node:
        made = self._types.get(type(message))
        if made is None:
            raise EncodeError(f"{type(message).__name__} is no class of this schema", path=path)
        node = Node(name, [], [], ordered=self.content.is_ordered(made))
        for use in made.attributes:
            value = self._value(made, use.slot, message)
            if value is not None:
                node.attributes.append((use.name, self._text(use.type, value, f"{path}/@{use.name.local}")))
        if made.content is Content.SIMPLE and made.simple is not None:
            node.simple = made.simple
            node.content.append(self._text(made.simple, self._value(made, made.text_slot, message), path))
        else:
            node.content.extend(self._children(made, message, path))
        return node

    def _value(self, made: ComplexType, slot: int | None, message: object) -> object:
        return None if slot is None else getattr(message, made.fields[slot])

    def _text(self, simple: int, value: object, path: str) -> str:
        try:
            text = lexical.to_text(self.schema, simple, value)
            lexical.check(self.schema.simple_types[simple], value)
        except (TypeError, ValueError) as failure:
            raise EncodeError(str(failure), path=path) from None
        return text

    def _children(self, made: ComplexType, message: object, path: str) -> Iterator[str | Node]:
        done: set[int] = set()
        parts: dict[int, list[Particle]] = {}
        for part in self.content.leaves(made):
            if part.slot is not None:
                parts.setdefault(part.slot, []).append(part)
        for part in self.content.leaves(made):
            if part.slot is None or part.slot in done:
                continue
            done.add(part.slot)
            value = self._value(made, part.slot, message)
            items = value if part.repeated and isinstance(value, tuple) else (value,)
            for item in items:
                if item is not None:
                    child = self._item(parts[part.slot], item, path)
                    if isinstance(child, Node):
                        child.repeated = part.repeated
                        child.head = self.content.head_of(part)
                    yield child
        if made.content is Content.MIXED and made.text_slot is not None and made.text_slot not in done:
            yield from self._value(made, made.text_slot, message) or ()  # type: ignore[misc]

    def _item(self, parts: list[Particle], item: object, path: str) -> str | Node:
        if isinstance(item, AnyElement):
            return _any_node(item)
        for part in parts:
            if part.wrapper is not None:
                if type(item) is part.wrapper and part.element is not None:
                    return self._wrapped(part.element, item, path)
                continue
            name = None if part.element is None else self._name_for(part.element, item)
            if name is not None and part.element is not None:
                return self._element(part.element, name, item, f"{path}/{name.local}")
        if isinstance(item, str):
            return item
        raise EncodeError(f"{type(item).__name__} does not belong here", path=path)

    def _wrapped(self, element: int, item: object, path: str) -> Node:
        name = self.schema.elements[element].name
        (field,) = type(item).__exi__.specs  # type: ignore[attr-defined]
        return self._element(element, name, getattr(item, field), f"{path}/{name.local}")

    def _name_for(self, element: int, item: object) -> QName | None:
        """The name of the element, or of the member of its substitution group, that holds the item."""
        declared = self.schema.elements[element]
        if not declared.type.is_complex:
            return None if isinstance(item, Message) else declared.name
        for candidate in self.content.members(element):
            made = self.schema.elements[candidate]
            if made.type.is_complex and self.schema.complex_types[made.type.index].cls is type(item):
                return made.name
        return None

    def _element(self, element: int, name: QName, item: object, path: str) -> Node:
        declared = self.schema.elements[element]
        if declared.type.is_complex:
            return self._object(name, item, path)
        simple = declared.type.index
        return Node(name, [], [self._text(simple, item, path)], simple)

    # Nodes to objects

    def read(self, node: Node, element: int | None = None) -> object:
        """The object of a node: of a global element, or of the element with the given index."""
        if element is None:
            element = self._global.get(node.name)
            if element is None:
                raise DecodeError(f"{_shown(node.name)} is no global element of this schema")
        return self._read_element(node, element, node.name.local, 0)

    def _read_element(self, node: Node, element: int, path: str, depth: int) -> object:
        declared = self.schema.elements[element]
        if depth > _MAX_DEPTH:
            raise DecodeError("elements are nested too deeply", path=path)
        if declared.type.is_complex:
            return self._read_object(node, self.schema.complex_types[declared.type.index], path, depth)
        if node.attributes:
            raise DecodeError(f"unexpected attribute {_shown(node.attributes[0][0])}", path=path)
        return self._read_value(declared.type.index, self._only_text(node, path), path)

    def _read_object(self, node: Node, made: ComplexType, path: str, depth: int) -> object:
        if made.cls is None:
            raise DecodeError("the schema has no class for this element", path=path)
        values: list[object] = [None] * len(made.fields)
        self._read_attributes(node, made, values, path)
        if made.content is Content.SIMPLE and made.simple is not None and made.text_slot is not None:
            values[made.text_slot] = self._read_value(made.simple, self._only_text(node, path), path)
        else:
            self._read_content(node, made, values, path, depth)
        return made.cls(**dict(zip(made.fields, values, strict=True)))

    def _read_attributes(self, node: Node, made: ComplexType, values: list[object], path: str) -> None:
        uses: dict[QName, AttributeUse] = {use.name: use for use in made.attributes}
        for name, text in node.attributes:
            if name in _HINTS:
                continue
            use = uses.pop(name, None)
            if use is None:
                raise DecodeError(f"unexpected attribute {_shown(name)}", path=path)
            if use.slot is not None:
                values[use.slot] = self._read_value(use.type, text, f"{path}/@{name.local}")
        for use in uses.values():
            if use.required:
                raise DecodeError(f"attribute {use.name.local} is missing", path=path)

    def _read_content(
        self, node: Node, made: ComplexType, values: list[object], path: str, depth: int
    ) -> None:
        tuples: dict[int, list[object]] = {
            part.slot: [] for part in self.content.leaves(made) if part.slot is not None and part.repeated
        }
        if made.content is Content.MIXED and made.text_slot is not None:
            tuples.setdefault(made.text_slot, [])
        children = [part for part in node.content if isinstance(part, Node)]
        matched = self.content.match(made, [child.name for child in children], path)
        found = iter(matched)
        for part in node.content:
            if isinstance(part, str):
                self._read_run(part, made, tuples, path)
                continue
            particle, element = next(found)
            value = self._read_child(part, particle, element, f"{path}/{part.name.local}", depth + 1)
            if particle.slot in tuples:
                tuples[particle.slot].append(value)
            elif particle.slot is not None:
                values[particle.slot] = value
        for slot, items in tuples.items():
            values[slot] = tuple(items)

    def _read_run(self, text: str, made: ComplexType, tuples: dict[int, list[object]], path: str) -> None:
        if made.content is Content.MIXED and made.text_slot is not None:
            tuples[made.text_slot].append(text)
        elif text.strip():
            raise DecodeError(f"unexpected text {text.strip()[:40]!r}", path=path)

    def _read_child(
        self, node: Node, particle: Particle, element: int | None, path: str, depth: int
    ) -> object:
        if element is None:
            return _any_element(node)
        value = self._read_element(node, element, path, depth)
        return value if particle.wrapper is None else particle.wrapper(value=value)

    def _read_value(self, simple: int, text: str, path: str) -> object:
        try:
            return lexical.from_text(self.schema, simple, text)
        except ValueError as failure:
            raise DecodeError(str(failure), path=path) from None

    def _only_text(self, node: Node, path: str) -> str:
        for part in node.content:
            if isinstance(part, Node):
                raise DecodeError(f"unexpected element {_shown(part.name)}", path=path)
        return "".join(part for part in node.content if isinstance(part, str))


def _any_node(element: AnyElement) -> Node:
    return Node(
        QName(element.namespace, element.name),
        [(QName(one.namespace, one.name), one.value) for one in element.attributes],
        [part if isinstance(part, str) else _any_node(part) for part in element.content],
        ordered=True,
        foreign=True,
    )


def _any_element(node: Node) -> AnyElement:
    return AnyElement(
        namespace=node.name.uri,
        name=node.name.local,
        attributes=tuple(
            AnyAttribute(namespace=name.uri, name=name.local, value=value) for name, value in node.attributes
        ),
        content=tuple(part if isinstance(part, str) else _any_element(part) for part in node.content),
    )


def _shown(name: QName) -> str:
    return f"{{{name.uri}}}{name.local}" if name.uri else name.local
