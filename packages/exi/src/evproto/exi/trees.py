"""lxml trees as XML text and back (extra `evproto-exi[xsd]`). Nothing is fetched, no entity expanded."""

from __future__ import annotations

from typing import Final

from evproto.core import DecodeError

try:
    from lxml import etree
except ImportError as failure:
    raise ImportError("trees need the package lxml: pip install 'evproto-exi[xsd]'") from failure


# Making one takes as long as reading a short text.
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def tree_of(text: str) -> etree._ElementTree:
    """The tree of an XML text."""
    try:
        return etree.fromstring(text.encode(), _PARSER).getroottree()
    except etree.XMLSyntaxError as failure:
        raise DecodeError(f"the stream is no document that lxml takes: {failure}") from None


def text_of(tree: object) -> str:
    """The XML text of an element or a tree."""
    if not isinstance(tree, etree._Element | etree._ElementTree):
        raise TypeError(
            f"XML is text, bytes, a Path, a binary file or an lxml tree, not {type(tree).__name__}"
        )
    return etree.tostring(tree, encoding="unicode", with_tail=False)
