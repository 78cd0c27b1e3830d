"""For users of Josev (the PyPI package iso15118): its codec without Java (extra `josev`)."""

from typing import TYPE_CHECKING

from evproto.core.lazy import lazy

if TYPE_CHECKING:
    from .codec import EvprotoExiCodec

__all__ = ["EvprotoExiCodec"]

__getattr__ = lazy(__name__, codec="EvprotoExiCodec")
