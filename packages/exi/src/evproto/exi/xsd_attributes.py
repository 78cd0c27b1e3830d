"""Attributes and wildcards of schema documents."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from .schema import AttributeUse, QName, Wildcard
from .xsd_documents import XS, Document, Documents, error
from .xsd_simple import XsdSimpleTypes
from .xsd_wildcards import common, read_wildcard

Node = etree._Element


class XsdAttributes:
    """Reads attribute declarations, with the groups that hold them."""

    def __init__(self, documents: Documents, simple: XsdSimpleTypes) -> None:
        self.documents = documents
        self.simple = simple
        self._open: set[Node] = set()

    def uses(self, node: Node, document: Document) -> tuple[tuple[AttributeUse, ...], Wildcard | None]:
        """The attributes of a type or group, sorted, and its wildcard."""
        uses: list[AttributeUse] = []
        wildcard: Wildcard | None = None
        for child in node.iterchildren(XS + "attribute", XS + "attributeGroup", XS + "anyAttribute"):
            if child.tag == XS + "anyAttribute":
                wildcard = common(wildcard, read_wildcard(child, document))
            elif child.tag == XS + "attributeGroup":
                inner, inner_wildcard = self._group(child, document)
                uses += inner
                wildcard = common(wildcard, inner_wildcard)
            elif child.get("use") != "prohibited":
                uses.append(self._attribute(child, document))
        return _sorted(uses), wildcard

    def _group(self, node: Node, document: Document) -> tuple[tuple[AttributeUse, ...], Wildcard | None]:
        target, of_document = self.documents.find("attributeGroup", node.get("ref", ""), node, document)
        if target in self._open:
            raise error(node, document, "the attribute group stands in itself")
        self._open.add(target)
        found = self.uses(target, of_document)
        self._open.remove(target)
        return found

    def _attribute(self, node: Node, document: Document) -> AttributeUse:
        required = node.get("use") == "required"
        reference = node.get("ref")
        if reference is None:
            name = _attribute_name(node, document)
            return AttributeUse(name=name, type=self.value_type(node, document), required=required)
        target, of_document = self.documents.find("attribute", reference, node, document)
        return AttributeUse(
            name=self.documents.resolve(reference, node, document),
            type=self.value_type(target, of_document),
            required=required,
        )

    def value_type(self, node: Node, document: Document) -> int:
        """The index of the simple type of an attribute declaration."""
        named = node.get("type")
        if named is not None:
            return self.simple.referred(named, node, document)
        inner = node.find(XS + "simpleType")
        if inner is not None:
            return self.simple.defined(inner, document)
        return self.simple.built_in("anySimpleType")

    def prohibited(self, node: Node, document: Document) -> frozenset[QName]:
        """The attributes that a restriction takes away."""
        found = set()
        for child in node.iterchildren(XS + "attribute"):
            if child.get("use") == "prohibited":
                reference = child.get("ref")
                if reference is not None:
                    found.add(self.documents.resolve(reference, child, document))
                else:
                    found.add(_attribute_name(child, document))
        return frozenset(found)


def is_qualified(node: Node, habit: bool) -> bool:
    form = node.get("form")
    return habit if form is None else form == "qualified"


def merged(
    base: tuple[AttributeUse, ...], own: tuple[AttributeUse, ...], prohibited: frozenset[QName]
) -> tuple[AttributeUse, ...]:
    """The attributes of a type derived from another: its own ones go before."""
    by_name = {use.name: use for use in base if use.name not in prohibited}
    by_name.update({use.name: use for use in own})
    return _sorted(by_name.values())


def _attribute_name(node: Node, document: Document) -> QName:
    is_global = node.getparent() is document.root
    qualified = is_global or is_qualified(node, document.qualified_attributes)
    return QName(document.namespace if qualified else "", node.get("name", ""))


def _sorted(uses: Iterable[AttributeUse]) -> tuple[AttributeUse, ...]:
    return tuple(sorted(uses, key=lambda use: (use.name.local, use.name.uri)))
