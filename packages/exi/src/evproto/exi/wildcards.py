"""What a schema leaves open: elements and attributes of some namespaces."""

from __future__ import annotations

import enum

from .struct import Struct


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
