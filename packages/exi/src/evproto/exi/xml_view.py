"""Messages as XML text for people, and XML text as messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from evproto.core import DecodeError

from .schema import QName
from .tree import Node

if TYPE_CHECKING:
    from .codec import Codec
    from .declare import Message

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE: Final = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_MAX_DEPTH: Final = 100


def to_xml(message: Message, codec: Codec, *, indent: int | None = 2, element: QName | None = None) -> str:
    """The XML of an object, under the element of its class or the one named.

    EncodeError when a value breaks its facets. `indent` None writes all in one line. Characters
    that XML cannot carry, such as NUL, are shown as \\uXXXX, which `from_xml` does not turn back.
    """
    return write(codec.tree.write(message, element), indent=indent)


def from_xml(text: str | bytes, codec: Codec) -> object:
    """The object of an XML document. Strict: DecodeError, with the path, for all that does not fit."""
    return codec.tree.read(parse(text))


def write(root: Node, *, indent: int | None = None) -> str:
    """The XML text of a node; prefixes are declared at the root."""
    prefixes = _prefixes(root)
    lines: list[str] = []
    _write(root, prefixes, lines, indent, 0, True)
    return "".join(lines)


def parse(text: str | bytes) -> Node:
    """The node of an XML document; a DOCTYPE is refused, so that no entity can expand."""
    return _Parser().parse(text)


def _prefixes(root: Node) -> dict[str, str]:
    uris: dict[str, None] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        uris[node.name.uri] = None
        uris.update((name.uri, None) for name, _ in node.attributes)
        pending.extend(part for part in reversed(node.content) if isinstance(part, Node))
    uris.pop("", None)
    return {uri: f"n{number}" for number, uri in enumerate(uris, 1)}


def _write(
    node: Node, prefixes: dict[str, str], out: list[str], indent: int | None, level: int, is_root: bool
) -> None:
    tag = _prefixed(node.name, prefixes)
    out.append(f"<{tag}")
    if is_root:
        out.extend(f' xmlns:{prefix}="{escape(uri, _ATTRIBUTE)}"' for uri, prefix in prefixes.items())
    for name, value in node.attributes:
        out.append(f' {_prefixed(name, prefixes)}="{escape(_shown(value), _ATTRIBUTE)}"')
    if not any(node.content):
        out.append("/>")
        return
    out.append(">")
    spread = indent is not None and node.simple is None and not node.ordered
    for part in node.content:
        if isinstance(part, str):
            out.append(escape(_shown(part), {"\r": "&#13;"}))
            continue
        if spread and indent is not None:
            out.append("\n" + " " * indent * (level + 1))
        _write(part, prefixes, out, indent, level + 1, False)
    if spread and indent is not None:
        out.append("\n" + " " * indent * level)
    out.append(f"</{tag}>")


def _prefixed(name: QName, prefixes: dict[str, str]) -> str:
    return f"{prefixes[name.uri]}:{name.local}" if name.uri else name.local


def _shown(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Parser:
    def __init__(self) -> None:
        self.stack: list[Node] = []
        self.root: Node | None = None

    def parse(self, text: str | bytes) -> Node:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(text, True)
        except expat.ExpatError as failure:
            raise DecodeError(f"no well-formed XML: {failure}") from None
        except (UnicodeEncodeError, ValueError) as failure:
            if isinstance(failure, DecodeError):
                raise
            raise DecodeError(f"no text: {failure}") from None
        if self.root is None:
            raise DecodeError("no element")
        return self.root

    def _start(self, name: str, attributes: list[str]) -> None:
        if len(self.stack) >= _MAX_DEPTH:
            raise DecodeError("elements are nested too deeply")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        node = Node(_name(name), [(_name(key), value) for key, value in pairs], [])
        if self.stack:
            self.stack[-1].content.append(node)
        else:
            self.root = node
        self.stack.append(node)

    def _end(self, _name: str) -> None:
        self.stack.pop()

    def _text(self, data: str) -> None:
        content = self.stack[-1].content
        if content and isinstance(content[-1], str):
            content[-1] += data
        else:
            content.append(data)

    def _doctype(self, *_about: object) -> None:
        raise DecodeError("a DOCTYPE is not taken")


def _name(name: str) -> QName:
    uri, _, local = name.rpartition(" ")
    return QName(uri, local)
