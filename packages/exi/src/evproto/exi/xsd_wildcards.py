"""Namespace constraints of xs:any and xs:anyAttribute, and how derivation combines them.

Section 3.10.6 of XML Schema part 1. What that section calls not expressible becomes the nearest
constraint above it: for EXI all but lists of namespaces are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from .schema import ComplexType, Particle, Wildcard, WildcardKind
from .xsd_documents import Document, error

ANY: Final = Wildcard(kind=WildcardKind.ANY)


def read_wildcard(node: etree._Element, document: Document) -> Wildcard:
    """The namespace constraint that stands at a wildcard."""
    words = node.get("namespace", "##any").split()
    if words == ["##any"]:
        return ANY
    if words == ["##other"]:
        return Wildcard(kind=WildcardKind.OTHER, uris=(document.namespace,))
    special = {"##targetNamespace": document.namespace, "##local": ""}
    uris = dict.fromkeys(special.get(word, word) for word in words)
    for uri in uris:
        if uri.startswith("##"):
            raise error(node, document, f"namespace: {uri} cannot stand in a list of namespaces")
    return Wildcard(kind=WildcardKind.URIS, uris=tuple(uris))


def united(one: Wildcard | None, other: Wildcard | None) -> Wildcard | None:
    """The union of two attribute wildcards, as an extension makes it."""
    if one is None or other is None:
        return other if one is None else one
    if one == other:
        return one
    if one.kind is WildcardKind.URIS and other.kind is WildcardKind.URIS:
        return Wildcard(kind=WildcardKind.URIS, uris=tuple(dict.fromkeys(one.uris + other.uris)))
    return ANY


def common(one: Wildcard | None, other: Wildcard | None) -> Wildcard | None:
    """The intersection of two attribute wildcards, as attribute groups make it."""
    if one is None or other is None:
        return other if one is None else one
    if one.kind is not WildcardKind.URIS:
        one, other = other, one
    if one.kind is WildcardKind.URIS:
        return Wildcard(kind=WildcardKind.URIS, uris=tuple(uri for uri in one.uris if _lets_in(other, uri)))
    return other if one.kind is WildcardKind.ANY else one


def wildcard_uris(complex_types: tuple[ComplexType, ...]) -> set[str]:
    """The namespaces that wildcards of types name: they stand in the string table (section 7.3.1)."""
    found = [made.attribute_wildcard for made in complex_types if made.attribute_wildcard is not None]
    for made in complex_types:
        if made.particle is not None:
            found += _wildcards(made.particle)
    return {uri for one in found if one.kind is WildcardKind.URIS for uri in one.uris if uri}


def _wildcards(particle: Particle) -> Iterator[Wildcard]:
    if particle.wildcard is not None:
        yield particle.wildcard
    for child in particle.children:
        yield from _wildcards(child)


def _lets_in(wildcard: Wildcard, uri: str) -> bool:
    match wildcard.kind:
        case WildcardKind.URIS:
            return uri in wildcard.uris
        case WildcardKind.OTHER:
            return uri != "" and uri not in wildcard.uris
    return True
