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
from .schema import QName, Schema

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
    "local",
    "optional",
    "ref",
    "sequence",
    "text",
    "wildcard",
]
