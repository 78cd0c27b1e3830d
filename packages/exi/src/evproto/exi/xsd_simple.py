"""Simple types of schema documents."""

from __future__ import annotations

from lxml import etree

from .built_in import BUILT_IN_TYPES, BUILT_INS
from .schema import Primitive, QName, SimpleType, WhiteSpace
from .struct import evolve
from .types import XSD
from .xsd_documents import XS, Document, Documents, error
from .xsd_facets import changes_by_facets


class XsdSimpleTypes:
    """Simple types by name or by the node that defines them."""

    def __init__(self, documents: Documents) -> None:
        self.found = list(BUILT_IN_TYPES)
        self.documents = documents
        self._by_node: dict[etree._Element, int] = {}
        self._open: set[etree._Element] = set()

    def built_in(self, name: str) -> int:
        """The index of a type of the XML Schema namespace."""
        return BUILT_INS[name]

    def add(self, made: SimpleType) -> int:
        """Enter a type and give its index."""
        self.found.append(made)
        return len(self.found) - 1

    def is_simple(self, name: str, node: etree._Element, document: Document) -> bool:
        """Whether a type name means a simple type."""
        qname = self.documents.resolve(name, node, document)
        if qname.uri == XSD:
            return qname.local in BUILT_INS
        return ("simpleType", qname) in self.documents.components

    def referred(self, name: str, node: etree._Element, document: Document) -> int:
        """The index of the type that is named at a node."""
        qname = self.documents.resolve(name, node, document)
        if qname.uri == XSD and qname.local in BUILT_INS:
            return self.built_in(qname.local)
        return self.defined(*self.documents.find("simpleType", name, node, document))

    def defined(self, node: etree._Element, document: Document) -> int:
        """The index of the type that a simpleType element defines."""
        if node not in self._by_node:
            if node in self._open:
                raise error(node, document, "the type is derived from itself")
            self._open.add(node)
            self._by_node[node] = self.add(self._define(node, document))
        return self._by_node[node]

    def restricted(self, base: int, name: QName | None, node: etree._Element, document: Document) -> int:
        """A type with the facets that stand in a restriction element, entered; also for simpleContent."""
        return self.add(self._with_facets(base, name, node, document))

    def _define(self, node: etree._Element, document: Document) -> SimpleType:
        local = node.get("name")
        name = None if local is None else QName(document.namespace, local)
        for part in node.iterchildren(XS + "restriction", XS + "list", XS + "union"):
            if part.tag == XS + "restriction":
                return self._with_facets(self._base(part, document), name, part, document)
            made = SimpleType(
                name=name,
                primitive=Primitive.LIST if part.tag == XS + "list" else Primitive.UNION,
                base=self.built_in("anySimpleType"),
                white_space=WhiteSpace.COLLAPSE,
            )
            if made.primitive is Primitive.LIST:
                return evolve(made, item=self._inline_or_named("itemType", part, document)[0])
            return evolve(made, members=tuple(self._inline_or_named("memberTypes", part, document)))
        raise error(node, document, "a simpleType holds a restriction, a list or a union")

    def _base(self, node: etree._Element, document: Document) -> int:
        return self._inline_or_named("base", node, document)[0]

    def _inline_or_named(self, attribute: str, node: etree._Element, document: Document) -> list[int]:
        found = [self.referred(name, node, document) for name in node.get(attribute, "").split()]
        found += [self.defined(inner, document) for inner in node.iterchildren(XS + "simpleType")]
        if not found:
            raise error(node, document, f"neither {attribute} nor a type inside")
        return found

    def _with_facets(
        self, index: int, name: QName | None, node: etree._Element, document: Document
    ) -> SimpleType:
        base = self.found[index]
        changes = changes_by_facets(base, is_string=self._is_string(index), node=node, document=document)
        return evolve(base, name=name, base=index, **changes)

    def _is_string(self, index: int | None) -> bool:
        """Whether a type descends from xs:string, which alone has restricted character sets."""
        while index is not None:
            if self.found[index].name == QName(XSD, "string"):
                return True
            index = self.found[index].base
        return False
