"""The schema sets that installed packages offer, and finding out which of them a stream is in.

A package registers a `Codec` under the entry-point group `evproto.exi.schemas`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final

from evproto.core import DecodeError, EncodeError

from .codec import Codec
from .declare import AnyElement, Message

GROUP: Final = "evproto.exi.schemas"
_V2GTP_HEADER: Final = 8
_V2GTP_START: Final = b"\x01\xfe"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a stream: `rank` 0 is a message of the protocol, 1 a fragment, 2 any other."""

    key: str
    codec: Codec
    fragment: bool
    root: Message
    used: int
    surplus: int
    rank: int

    def __str__(self) -> str:
        kind = "fragment" if self.fragment else "document"
        return f"{self.key}: {self.codec.name} {kind}, {type(self.root).__name__}"


def codecs() -> dict[str, Codec]:
    """The registered schema sets by their keys, sorted."""
    found = {entry.name: entry.load() for entry in entry_points(group=GROUP)}
    return {key: found[key] for key in sorted(found)}


def readings(
    data: bytes, among: Iterable[tuple[str, Codec]], *, fragment: bool | None = None
) -> list[Reading]:
    """All ways in which a stream makes sense, the best rank only; empty when there is none.

    A way makes sense when the stream is decoded whole (zero bytes may follow) and the message,
    encoded again, gives the same bytes. `fragment` None tries both kinds.
    """
    kinds = (False, True) if fragment is None else (fragment,)
    found = [
        reading
        for key, codec in among
        for kind in kinds
        if (reading := _try(data, key, codec, kind)) is not None
    ]
    best = min((reading.rank for reading in found), default=0)
    return [reading for reading in found if reading.rank == best]


def strip_frame(data: bytes) -> tuple[bytes, int | None]:
    """The payload and the payload type of a V2GTP frame; other data as it is, with None.

    DecodeError for a frame that is cut short.
    """
    if not data.startswith(_V2GTP_START):
        return data, None
    kind = int.from_bytes(data[2:4], "big")
    length = int.from_bytes(data[4:_V2GTP_HEADER], "big")
    payload = data[_V2GTP_HEADER : _V2GTP_HEADER + length]
    if len(data) < _V2GTP_HEADER or len(payload) < length:
        raise DecodeError(f"a V2GTP frame of {length} bytes is cut short", offset=len(data))
    return payload, kind


def _try(data: bytes, key: str, codec: Codec, fragment: bool) -> Reading | None:
    try:
        root, used = codec.decode_prefix(data, fragment=fragment)
        if not isinstance(root, Message) or isinstance(root, AnyElement):
            return None
        again = codec.encode_fragment(root) if fragment else codec.encode(root)
    except (DecodeError, EncodeError):
        return None
    surplus = data[used:]
    if again != data[:used] or any(surplus):
        return None
    rank = 1 if fragment else 0 if isinstance(root, codec.roots or Message) else 2
    return Reading(key, codec, fragment, root, used, len(surplus), rank)
