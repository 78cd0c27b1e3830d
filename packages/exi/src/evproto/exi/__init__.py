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
from .schema import QName, Schema

if TYPE_CHECKING:
    from .json_view import from_json, to_json
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

_VIEWS = {"from_json": "json_view", "to_json": "json_view", "from_xml": "xml_view", "to_xml": "xml_view"}


def __getattr__(name: str) -> Any:
    # The views are for people: a program that only talks EXI does not load them.
    if name not in _VIEWS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_VIEWS[name]}"), name)
