"""XML Schema documents become schema components (extra `evproto-exi[xsd]`).

Imports, includes (chameleon ones too) and redefinitions are followed on disk only; nothing is
ever fetched and a DOCTYPE is ignored. Identity constraints, defaults and notations have no
bearing on EXI and are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from lxml import etree

from .built_in import ANY_TYPE
from .schema import (
    ComplexType,
    Content,
    Element,
    Group,
    Particle,
    QName,
    Schema,
    TypeRef,
)
from .struct import evolve
from .types import XSD
from .xsd_attributes import XsdAttributes, is_qualified, merged
from .xsd_documents import XS, Document, Documents, SchemaError, error, load_documents
from .xsd_simple import XsdSimpleTypes
from .xsd_wildcards import read_wildcard, united, wildcard_uris

_GROUPS: Final = {XS + "sequence": Group.SEQUENCE, XS + "choice": Group.CHOICE, XS + "all": Group.ALL}

Node = etree._Element


def schema_from_xsd(
    paths: str | Path | Iterable[str | Path],
    search: Iterable[str | Path] = (),
) -> Schema:
    """The schema set of one or several documents; SchemaError names file and line.

    `search` are folders in which imported documents are looked for by their file names when they
    are not where their schemaLocation says.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    files = [Path(path) for path in paths]
    documents = load_documents(files, (Path(folder) for folder in search))
    try:
        return _Reader(documents).read()
    except RecursionError:
        names = ", ".join(str(path) for path in files)
        raise SchemaError(f"{names}: groups or derivations are nested too deeply") from None


class _Reader:
    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.simple = XsdSimpleTypes(documents)
        self.attributes = XsdAttributes(documents, self.simple)
        self.complex: list[ComplexType | None] = []
        self.elements: list[Element | None] = []
        self._complex_by_node: dict[Node, int] = {}
        self._element_by_node: dict[Node, int] = {}
        self._any_type: int | None = None
        self._pending: list[Callable[[], object]] = []
        self._open: set[Node] = set()

    def read(self) -> Schema:
        attributes = []
        for _, node, document in self.documents.globals("simpleType"):
            self.simple.defined(node, document)
        for _, node, document in self.documents.globals("complexType"):
            self._complex_type(node, document)
        for _, node, document in self.documents.globals("element"):
            self._global_element(node, document)
        while self._pending:
            self._pending.pop()()
        for name, node, document in self.documents.globals("attribute"):
            attributes.append((name, self.attributes.value_type(node, document)))
        self._any()
        complex_types = tuple(made for made in self.complex if made is not None)
        uris = {document.namespace for document in self.documents.documents} - {""}
        return Schema(
            namespaces=tuple(sorted(uris | wildcard_uris(complex_types))),
            simple_types=tuple(self.simple.found),
            complex_types=complex_types,
            elements=tuple(made for made in self.elements if made is not None),
            attributes=tuple(sorted(attributes)),
        )

    # Elements

    def _global_element(self, node: Node, document: Document) -> int:
        if node not in self._element_by_node:
            self._reserve_element(node, lambda: self._read_global_element(node, document))
        return self._element_by_node[node]

    def _read_global_element(self, node: Node, document: Document) -> Element:
        substitutes = None
        for head in self._heads(node, document):
            substitutes = self._global_element(*head)
            break
        made = self._element(node, document, QName(document.namespace, node.get("name", "")))
        return evolve(made, is_global=True, substitutes=substitutes)

    def _heads(self, node: Node, document: Document) -> Iterator[tuple[Node, Document]]:
        """The head of the substitution group of an element, the head's head, and so on."""
        seen = {node}
        while (head := node.get("substitutionGroup")) is not None:
            node, document = self.documents.find("element", head, node, document)
            if node in seen:
                raise error(node, document, "substitutionGroup: the element is a head of itself")
            seen.add(node)
            yield node, document

    def _local_element(self, node: Node, document: Document) -> int:
        if node not in self._element_by_node:
            qualified = is_qualified(node, document.qualified_elements)
            name = QName(document.namespace if qualified else "", node.get("name", ""))
            self._reserve_element(node, lambda: self._element(node, document, name))
        return self._element_by_node[node]

    def _reserve_element(self, node: Node, read: Callable[[], Element]) -> None:
        index = self._element_by_node[node] = len(self.elements)
        self.elements.append(None)

        def complete() -> None:
            self.elements[index] = read()

        self._pending.append(complete)

    def _element(self, node: Node, document: Document, name: QName) -> Element:
        return Element(
            name=name,
            type=self._element_type(node, document),
            nillable=_is_true(node.get("nillable")),
            abstract=_is_true(node.get("abstract")),
        )

    def _element_type(self, node: Node, document: Document) -> TypeRef:
        for owner, of_document in chain([(node, document)], self._heads(node, document)):
            named = owner.get("type")
            if named is not None:
                return self._type(named, owner, of_document)
            for inner in owner.iterchildren(XS + "simpleType", XS + "complexType"):
                if inner.tag == XS + "simpleType":
                    return TypeRef(False, self.simple.defined(inner, of_document))
                return TypeRef(True, self._complex_type(inner, of_document))
        return TypeRef(True, self._any())

    def _type(self, name: str, node: Node, document: Document) -> TypeRef:
        if self.simple.is_simple(name, node, document):
            return TypeRef(False, self.simple.referred(name, node, document))
        if self.documents.resolve(name, node, document) == QName(XSD, "anyType"):
            return TypeRef(True, self._any())
        return TypeRef(True, self._complex_type(*self.documents.find("complexType", name, node, document)))

    def _any(self) -> int:
        if self._any_type is None:
            self._any_type = len(self.complex)
            self.complex.append(ANY_TYPE)
        return self._any_type

    # Complex types

    def _complex_type(self, node: Node, document: Document) -> int:
        """The index of a type, which is read later: references may go in circles and be many."""
        if node not in self._complex_by_node:
            self._complex_by_node[node] = len(self.complex)
            self.complex.append(None)
            self._pending.append(lambda: self._complete_complex(node, document))
        return self._complex_by_node[node]

    def _complete_complex(self, node: Node, document: Document) -> ComplexType:
        index = self._complex_type(node, document)
        made = self.complex[index]
        if made is None:
            if node in self._open:
                raise error(node, document, "the type is derived from itself")
            self._open.add(node)
            made = self.complex[index] = self._read_complex(node, document)
            self._open.remove(node)
        return made

    def _read_complex(self, node: Node, document: Document) -> ComplexType:
        local = node.get("name")
        plain = ComplexType(
            name=None if local is None else QName(document.namespace, local),
            content=Content.EMPTY,
            abstract=_is_true(node.get("abstract")),
        )
        for child in node.iterchildren(XS + "simpleContent", XS + "complexContent"):
            mixed = _is_true(child.get("mixed", node.get("mixed")))
            for derivation in child.iterchildren(XS + "extension", XS + "restriction"):
                if child.tag == XS + "simpleContent":
                    return self._simple_content(plain, derivation, document)
                return self._derived(plain, derivation, document, mixed)
            raise error(child, document, "neither extension nor restriction inside")
        return self._with_content(plain, node, document, None, _is_true(node.get("mixed")))

    def _derived(self, made: ComplexType, node: Node, document: Document, mixed: bool) -> ComplexType:
        base_name = node.get("base", "")
        reference = self._type(base_name, node, document)
        if not reference.is_complex:
            raise error(node, document, f"{base_name} is no complex type")
        if reference.index == self._any_type:
            base = self.complex[reference.index] if node.tag == XS + "extension" else None
            return self._with_content(made, node, document, base, mixed)
        base = self._complete_complex(*self.documents.find("complexType", base_name, node, document))
        made = evolve(made, base=reference.index)
        if node.tag == XS + "extension":
            return self._with_content(made, node, document, base, mixed)
        restricted = self._with_content(made, node, document, None, mixed)
        prohibited = self.attributes.prohibited(node, document)
        return evolve(restricted, attributes=merged(base.attributes, restricted.attributes, prohibited))

    def _with_content(
        self, made: ComplexType, node: Node, document: Document, base: ComplexType | None, mixed: bool
    ) -> ComplexType:
        own = self._content_particle(node, document)
        attributes, wildcard = self.attributes.uses(node, document)
        particle = own
        content = Content.ELEMENTS if own is not None else Content.EMPTY
        if base is not None:
            attributes = merged(base.attributes, attributes, frozenset())
            wildcard = united(base.attribute_wildcard, wildcard)
            particle = _extended(base.particle, own)
            content = base.content if own is None else content
            if content is Content.SIMPLE:
                return evolve(made, content=content, simple=base.simple, attributes=attributes)
            mixed = mixed or base.content is Content.MIXED
        return evolve(
            made,
            content=Content.MIXED if mixed else content,
            attributes=attributes,
            attribute_wildcard=wildcard,
            particle=particle,
        )

    def _simple_content(self, made: ComplexType, node: Node, document: Document) -> ComplexType:
        attributes, wildcard = self.attributes.uses(node, document)
        base_name = node.get("base", "")
        reference = self._type(base_name, node, document)
        simple: int | None = reference.index
        if reference.is_complex:
            base = self._complete_complex(*self.documents.find("complexType", base_name, node, document))
            simple = base.simple
            made = evolve(made, base=reference.index)
            attributes = merged(base.attributes, attributes, self.attributes.prohibited(node, document))
            if node.tag == XS + "extension":
                wildcard = united(base.attribute_wildcard, wildcard)
        inner = node.find(XS + "simpleType")
        if inner is not None:
            simple = self.simple.defined(inner, document)
        if simple is None:
            raise error(node, document, f"{base_name} has no simple content")
        if node.tag == XS + "restriction":
            simple = self.simple.restricted(simple, None, node, document)
        return evolve(
            made,
            content=Content.SIMPLE,
            simple=simple,
            attributes=attributes,
            attribute_wildcard=wildcard,
        )

    # Particles

    def _content_particle(self, node: Node, document: Document) -> Particle | None:
        for child in node.iterchildren(*_GROUPS, XS + "group"):
            particle = self._particle(child, document)
            empty = particle is None or (
                particle.group is not None
                and not particle.children
                and (particle.group is not Group.CHOICE or particle.minimum == 0)
            )
            return None if empty else particle
        return None

    def _particle(self, node: Node, document: Document) -> Particle | None:
        minimum, maximum = _occurs(node, document)
        if maximum == 0:
            return None
        if node.tag in _GROUPS:
            return self._group(node, document, minimum, maximum)
        if node.tag == XS + "group":
            return self._named_group(node, document, minimum, maximum)
        if node.tag == XS + "any":
            return Particle(minimum=minimum, maximum=maximum, wildcard=read_wildcard(node, document))
        reference = node.get("ref")
        if reference is None:
            element = self._local_element(node, document)
        else:
            element = self._global_element(*self.documents.find("element", reference, node, document))
        return Particle(minimum=minimum, maximum=maximum, element=element)

    def _named_group(
        self, node: Node, document: Document, minimum: int, maximum: int | None
    ) -> Particle | None:
        target, of_document = self.documents.find("group", node.get("ref", ""), node, document)
        if target in self._open:
            raise error(node, document, "the group stands in itself")
        self._open.add(target)
        found = [self._group(child, of_document, minimum, maximum) for child in target.iterchildren(*_GROUPS)]
        self._open.remove(target)
        return found[0] if found else None

    def _group(self, node: Node, document: Document, minimum: int, maximum: int | None) -> Particle:
        parts = node.iterchildren(*_GROUPS, XS + "group", XS + "any", XS + "element")
        children = [self._particle(part, document) for part in parts]
        return Particle(
            minimum=minimum,
            maximum=maximum,
            group=_GROUPS[node.tag],
            children=tuple(child for child in children if child is not None),
        )


def _occurs(node: Node, document: Document) -> tuple[int, int | None]:
    try:
        minimum = int(node.get("minOccurs", "1"))
        greatest = node.get("maxOccurs", "1")
        maximum = None if greatest == "unbounded" else int(greatest)
    except ValueError:
        raise error(node, document, "minOccurs or maxOccurs is no number") from None
    if minimum < 0 or (maximum is not None and maximum < minimum):
        raise error(node, document, f"occurs {minimum} to {maximum} times")
    return minimum, maximum


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip() in ("true", "1")


def _extended(inherited: Particle | None, own: Particle | None) -> Particle | None:
    if inherited is None or own is None:
        return own if inherited is None else inherited
    return Particle(group=Group.SEQUENCE, children=(inherited, own))


__all__ = ["SchemaError", "schema_from_xsd"]
