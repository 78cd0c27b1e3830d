"""Efficient XML Interchange (W3C EXI 1.0) for declared messages and for XML schemas."""

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
from .json_view import from_json, to_json
from .schema import QName, Schema
from .xml_view import from_xml, to_xml

__all__ = [
    "ANY",
    "OTHER",
    "AnyAttribute",
    "AnyElement",
    "Codec",
    "GlobalElement",
    "Message",
    "Namespace",
    "QName",
    "Schema",
    "all_of",
    "attribute",
    "children",
    "choice",
    "counted",
    "element",
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
