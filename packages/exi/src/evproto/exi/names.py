"""Qualified names."""

# Annotations are no texts here: NamedTuple compiles those, and the first compilation of a program
# costs more than this module.

from typing import NamedTuple


class QName(NamedTuple):
    """A namespace URI (empty for none) and a local name."""

    uri: str
    local: str
