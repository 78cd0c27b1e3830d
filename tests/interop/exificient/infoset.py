"""XML documents as values to compare: prefixes and the writing of numbers do not count."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from lxml import etree

_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"


def infoset(xml: str) -> Any:
    """Names, attributes, text, comments and instructions of a document, in order."""
    root = etree.fromstring(xml.encode())
    before = [_node(node) for node in root.itersiblings(preceding=True)]
    return [*reversed(before), _node(root), *(_node(node) for node in root.itersiblings())]


def _node(node: Any) -> Any:
    if not isinstance(node.tag, str):
        return (type(node).__name__, getattr(node, "target", ""), node.text or "")
    attributes = {
        name: _qname(node, value) if name == _TYPE else _value(value) for name, value in node.attrib.items()
    }
    content: list[Any] = [_value(node.text)]
    for child in node:
        content += [_node(child), _value(child.tail)]
    return (node.tag, attributes, content)


def _qname(node: Any, value: str) -> str:
    prefix, _, local = value.rpartition(":")
    return f"{{{node.nsmap.get(prefix or None) or ''}}}{local}"


def _value(text: str | None) -> Any:
    words = [_word(word) for word in (text or "").split()]
    return words[0] if len(words) == 1 else words


def _word(word: str) -> Any:
    try:
        number = Decimal(word)
    except InvalidOperation:
        return word.lower()
    return number.normalize() if number.is_finite() else word
