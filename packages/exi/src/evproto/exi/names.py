"""Qualified names, and the namespaces that a schema leaves open."""

# Annotations are no texts here: NamedTuple compiles those, and the first compilation of a program
# costs more than this module.

import enum
from typing import NamedTuple

from .struct import Struct


class QName(NamedTuple):
    """A namespace URI (empty for none) and a local name."""

    uri: str
    local: str


class WildcardKind(enum.IntEnum):
    """The namespace constraint of a wildcard."""

    ANY = 0
    OTHER = 1
    """##other; EXI treats it as ANY (section 8.5.4.1.7)."""
    URIS = 2


class Wildcard(Struct):
    """xs:any or xs:anyAttribute.

    `uris` are the namespaces of `WildcardKind.URIS` in schema order; of OTHER, from an XSD, the one
    that is left out, which matters only where wildcards are combined.
    """

    kind: WildcardKind
    uris: tuple[str, ...] = ()
