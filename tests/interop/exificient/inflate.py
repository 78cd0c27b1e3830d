"""What a compressed EXI stream holds, whichever way it was deflated."""

from __future__ import annotations

import zlib

_LONGEST_HEADER = 500


def same(one: bytes, other: bytes) -> bool:
    """Whether two streams are equal, or hold the same deflated in different ways."""
    return one == other or _inflated(one) == _inflated(other)


def _inflated(data: bytes) -> tuple[bytes, ...]:
    """The header and each deflated part, inflated; where the header ends is not told: it is tried."""
    for start in range(min(len(data), _LONGEST_HEADER)):
        parts = _parts(data[start:])
        if parts is not None:
            return (data[:start], *parts)
    return (data,)


def _parts(rest: bytes) -> list[bytes] | None:
    parts = []
    while rest:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            parts.append(inflater.decompress(rest) + inflater.flush())
        except zlib.error:
            return None
        if not inflater.eof:
            return None
        rest = inflater.unused_data
    return parts
