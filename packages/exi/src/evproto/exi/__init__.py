"""Efficient XML Interchange (W3C EXI 1.0) for declared messages and for XML schemas."""

from typing import TYPE_CHECKING, Any

from .codec import Codec
from .declare import AnyAttribute, AnyElement, Message, Namespace
from .fields import (
    ANY,
    OTHER,
    GlobalElement,
    all_of,
    attribute,
    children,
    choice,
    counted,
    element,
    local,
    optional,
    ref,
    sequence,
    text,
    wildcard,
)
from .names import QName

if TYPE_CHECKING:
    from ._native import Grammar
    from .document import Schema, events
    from .explain import Explanation
    from .infoset import (
        Attribute,
        Characters,
        Comment,
        Doctype,
        EndDocument,
        EndElement,
        EntityReference,
        Event,
        NamespaceDeclaration,
        ProcessingInstruction,
        SelfContained,
        StartDocument,
        StartElement,
        XsiNil,
        XsiType,
    )
    from .json_view import from_json, to_json
    from .options import Alignment, Options, Preserve, Profile
    from .xml_view import from_xml, to_xml

__all__ = [
    "ANY",
    "OTHER",
    "Alignment",
    "AnyAttribute",
    "AnyElement",
    "Attribute",
    "Characters",
    "Codec",
    "Comment",
    "Doctype",
    "EndDocument",
    "EndElement",
    "EntityReference",
    "Event",
    "Explanation",
    "GlobalElement",
    "Grammar",
    "Message",
    "Namespace",
    "NamespaceDeclaration",
    "Options",
    "Preserve",
    "ProcessingInstruction",
    "Profile",
    "QName",
    "Schema",
    "SelfContained",
    "StartDocument",
    "StartElement",
    "XsiNil",
    "XsiType",
    "all_of",
    "attribute",
    "children",
    "choice",
    "counted",
    "element",
    "events",
    "from_json",
    "from_xml",
    "local",
    "optional",
    "ref",
    "sequence",
    "text",
    "to_json",
    "to_xml",
    "wildcard",
]

_LATER = {
    "Grammar": "_native",
    "from_json": "json_view",
    "to_json": "json_view",
    "from_xml": "xml_view",
    "to_xml": "xml_view",
    "Schema": "document",
    "events": "document",
    "Explanation": "explain",
    "Alignment": "options",
    "Options": "options",
    "Preserve": "options",
    "Profile": "options",
    "Attribute": "infoset",
    "Characters": "infoset",
    "Comment": "infoset",
    "Doctype": "infoset",
    "EndDocument": "infoset",
    "EndElement": "infoset",
    "EntityReference": "infoset",
    "Event": "infoset",
    "NamespaceDeclaration": "infoset",
    "ProcessingInstruction": "infoset",
    "SelfContained": "infoset",
    "StartDocument": "infoset",
    "StartElement": "infoset",
    "XsiNil": "infoset",
    "XsiType": "infoset",
}


def __getattr__(name: str) -> Any:
    # A program that only talks EXI in messages does not load what is for people and for any XML.
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return found
