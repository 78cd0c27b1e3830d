"""Messages as JSON for people, and such JSON as messages.

An element is an object of its attributes ("@Name") and children ("Name"), by their local names;
one with text only is the value itself, one with text and attributes has it under "#text".
Children that may come more than once are an array; if they are members of a substitution group,
the array is named after its head and holds an object of one member for each. Where the order of
children and text counts they stand in "#content". Elements that a wildcard let in are named
"{namespace}name".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evproto.core import DecodeError

from .schema import ComplexType, Content, Particle, Primitive, QName, Schema
from .tree import Node, TreeCodec

if TYPE_CHECKING:
    from .codec import Codec
    from .declare import Message

_MAX_DEPTH = 100


def to_json(message: Message, codec: Codec, *, indent: int | None = 2) -> str:
    """The JSON of an object whose class has an element; EncodeError when a value breaks its facets."""
    node = codec.tree.write(message)
    return json.dumps({_key(node): _value(codec.schema, node)}, indent=indent, ensure_ascii=False)


def from_json(text: str | bytes, codec: Codec) -> object:
    """The object of a JSON document. Strict: DecodeError, with the path, for all that does not fit."""
    try:
        document = json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise DecodeError("arrays and objects are nested too deeply") from None
    except DecodeError:
        raise
    except ValueError as failure:
        raise DecodeError(f"no JSON: {failure}") from None
    tree = codec.tree
    if not isinstance(document, dict) or len(document) != 1:
        raise DecodeError("expected an object with one member, the root element")
    ((key, value),) = document.items()
    return tree.read(_Reader(tree).root(key, value))


def _key(node: Node) -> str:
    return f"{{{node.name.uri}}}{node.name.local}" if node.foreign else node.name.local


def _value(schema: Schema, node: Node) -> object:
    members: dict[str, object] = {f"@{name.local}": value for name, value in node.attributes}
    if node.simple is not None:
        text = _typed(schema, node.simple, "".join(part for part in node.content if isinstance(part, str)))
        return {**members, "#text": text} if members else text
    if node.ordered:
        return {**members, "#content": [_part(schema, part) for part in node.content]}
    for part in node.content:
        if not isinstance(part, Node):
            continue
        if part.repeated:
            held = members.setdefault(_key(part) if part.head is None else part.head.local, [])
            assert isinstance(held, list)
            held.append(_value(schema, part) if part.head is None else _part(schema, part))
        else:
            members[_key(part)] = _value(schema, part)
    return members


def _part(schema: Schema, part: str | Node) -> object:
    return part if isinstance(part, str) else {_key(part): _value(schema, part)}


def _typed(schema: Schema, index: int, text: str) -> object:
    match schema.simple_types[index].primitive:
        case Primitive.INTEGER if not schema.simple_types[index].enumeration:
            return int(text)
        case Primitive.BOOLEAN:
            return text == "true"
    return text


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise DecodeError("a member stands twice in an object")
    return members


class _Reader:
    """JSON values to nodes; what fits where is checked by `TreeCodec.read` after it."""

    def __init__(self, tree: TreeCodec) -> None:
        self.tree = tree
        self.schema = tree.schema

    def root(self, key: str, value: object) -> Node:
        names = [one.name for one in self.schema.elements if one.is_global and _named(one.name, key)]
        if not names:
            raise DecodeError(f"{key} is no global element of this schema")
        index = next(
            number
            for number, one in enumerate(self.schema.elements)
            if one.is_global and one.name == names[0]
        )
        return self.element(names[0], index, value, key, 0)

    def element(self, name: QName, index: int | None, value: object, path: str, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise DecodeError("elements are nested too deeply", path=path)
        made: ComplexType | None = None
        if index is not None and self.schema.elements[index].type.is_complex:
            made = self.schema.complex_types[self.schema.elements[index].type.index]
        if not isinstance(value, dict):
            if made is not None and made.content is not Content.SIMPLE:
                raise DecodeError(f"expected an object, got {value!r:.40}", path=path)
            return Node(name, [], [_text(value, path)])
        node = Node(name, [], [])
        children: list[tuple[int, Node]] = []
        for key, member in value.items():
            if key.startswith("@"):
                node.attributes.append((self._attribute(made, key[1:]), _text(member, path)))
            elif key == "#text":
                node.content.append(_text(member, path))
            elif key == "#content":
                node.content.extend(self._content(made, member, path, depth))
            else:
                children += self._children(made, key, member, path, depth)
        # JSON objects have no order; the schema's is the one that counts.
        children.sort(key=lambda ranked: ranked[0])
        node.content.extend(child for _, child in children)
        return node

    def _attribute(self, made: ComplexType | None, local: str) -> QName:
        for use in made.attributes if made is not None else ():
            if use.name.local == local:
                return use.name
        return QName("", local)

    def _content(self, made: ComplexType | None, member: object, path: str, depth: int) -> list[str | Node]:
        if not isinstance(member, list):
            raise DecodeError("expected an array", path=path)
        parts: list[str | Node] = []
        for part in member:
            if isinstance(part, str):
                parts.append(part)
                continue
            key, value = _only_member(part, path)
            parts += [child for _, child in self._children(made, key, value, path, depth)]
        return parts

    def _members(self, leaf: Particle, member: object, path: str, depth: int) -> list[Node]:
        """The array of members of a substitution group."""
        if not isinstance(member, list):
            raise DecodeError("expected an array", path=path)
        nodes = []
        for part in member:
            key, value = _only_member(part, path)
            index = self._member_named(leaf, key)
            if index is None:
                raise DecodeError(f"unexpected member {key[:60]!r}", path=path)
            name = self.schema.elements[index].name
            nodes.append(self.element(name, index, value, f"{path}/{key}", depth + 1))
        return nodes

    def _children(
        self, made: ComplexType | None, key: str, member: object, path: str, depth: int
    ) -> list[tuple[int, Node]]:
        """The nodes of a member, each with its place in the schema's order."""
        leaves: list[Particle] = [] if made is None else list(self.tree.content.leaves(made))
        for rank, leaf in enumerate(leaves):
            head = self.tree.content.head_of(leaf)
            if head is not None and _named(head, key) and isinstance(member, list):
                return [(rank, node) for node in self._members(leaf, member, f"{path}/{key}", depth)]
            index = self._member_named(leaf, key)
            if index is not None:
                return [(rank, node) for node in self._nodes(index, key, member, path, depth)]
        if not key.startswith("{") and made is not None:
            raise DecodeError(f"unexpected member {key[:60]!r}", path=path)
        uri, _, local = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
        return [(len(leaves), self.element(QName(uri, local), None, member, f"{path}/{key}", depth + 1))]

    def _nodes(self, index: int, key: str, member: object, path: str, depth: int) -> list[Node]:
        values = member if isinstance(member, list) else [member]
        name = self.schema.elements[index].name
        return [self.element(name, index, value, f"{path}/{key}", depth + 1) for value in values]

    def _member_named(self, leaf: Particle, key: str) -> int | None:
        """The element that a particle and a member's name mean."""
        for member in [] if leaf.element is None else self.tree.content.members(leaf.element):
            if _named(self.schema.elements[member].name, key):
                return member
        return None


def _only_member(part: object, path: str) -> tuple[str, object]:
    if not isinstance(part, dict) or len(part) != 1:
        raise DecodeError("expected a text or an object with one member", path=path)
    ((key, value),) = part.items()
    return key, value


def _named(name: QName, key: str) -> bool:
    return key in (name.local, f"{{{name.uri}}}{name.local}")


def _text(value: Any, path: str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return value
    raise DecodeError(f"expected a value, got {value!r:.40}", path=path)
