"""The events of a document (XML information set, EXI 1.0 table 4-1): small frozen classes for `match`."""

from __future__ import annotations

from typing import TypeAlias

from ._native import (
    Attribute,
    Characters,
    Comment,
    Doctype,
    EndDocument,
    EndElement,
    EntityReference,
    NamespaceDeclaration,
    ProcessingInstruction,
    SelfContained,
    StartDocument,
    StartElement,
    XsiNil,
    XsiType,
)

__all__ = [
    "Attribute",
    "Characters",
    "Comment",
    "Doctype",
    "EndDocument",
    "EndElement",
    "EntityReference",
    "Event",
    "NamespaceDeclaration",
    "ProcessingInstruction",
    "SelfContained",
    "StartDocument",
    "StartElement",
    "XsiNil",
    "XsiType",
]

Event: TypeAlias = (
    StartDocument
    | EndDocument
    | StartElement
    | EndElement
    | Attribute
    | XsiType
    | XsiNil
    | Characters
    | NamespaceDeclaration
    | Comment
    | ProcessingInstruction
    | Doctype
    | EntityReference
    | SelfContained
)
