"""Declared classes as schema components, for those who look at them."""

from __future__ import annotations

from collections.abc import Iterable

from ._native import Components
from .declare import Namespace
from .schema import Schema


def schema_from_namespaces(namespaces: Iterable[Namespace]) -> Schema:
    """The schema of all that the namespaces declare; TypeError names the class and field at fault."""
    return Components(tuple(namespaces)).schema()
