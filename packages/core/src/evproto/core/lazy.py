"""Packages whose names are loaded when they are first used: a codec then does not load a whole stack."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def lazy(package: str, **homes: str) -> Callable[[str], Any]:
    """A module's `__getattr__`: each keyword is one of its modules, with the names that it gives.

        __getattr__ = lazy(__name__, timers="Due Timers", trace="Trace TraceSink")

    The package states the same names for type checkers by imports under `TYPE_CHECKING`.
    """
    home_of = {name: home for home, names in homes.items() for name in names.split()}

    def load(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
