"""What a station and a car exchange with the world outside: the pilot, datagrams and one stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from evproto.core import Close, Datagram


class Side(Enum):
    """Who speaks."""

    EV = "ev"
    EVSE = "evse"

    @property
    def other(self) -> Side:
        return Side.EVSE if self is Side.EV else Side.EV


@dataclass(frozen=True, slots=True)
class Connect:
    """The car opens a TCP connection to this address and port."""

    host: str
    port: int


NetworkOutput: TypeAlias = Datagram | Connect | bytes | Close
"""What a side sends on the network."""


def earliest(deadlines: Iterable[float | None]) -> float | None:
    """The first of some deadlines, None when none runs."""
    return min((deadline for deadline in deadlines if deadline is not None), default=None)
