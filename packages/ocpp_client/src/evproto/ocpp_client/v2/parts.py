"""What is too long for one message: numbered parts, each sent when the one before was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v2.charging_station import ChargingStation

T = TypeVar("T")
Make: TypeAlias = Callable[[T, int, bool, float], OcppStruct]
"""Makes the message of a portion, its seqNo, whether more is to come (tbc), and the time."""

MOST = 8
"""Reports that may be under way at a time; one more is refused."""


class Parts:
    """Sends them also while the registration is pending: the back end asked for them (B02.FR.02).

    What the link loses is not sent again; the back end asks anew.
    """

    def __init__(self, station: ChargingStation) -> None:
        self._station = station
        self._running = 0

    @property
    def full(self) -> bool:
        """Whether no more can be taken on."""
        return self._running >= MOST

    def send(self, portions: Iterator[T], make: Make[T], now: float) -> None:
        """Send all portions; where there are none nothing is sent."""
        first = next(portions, None)
        if first is not None:
            self._running += 1
            self._send(first, portions, make, 0, now)

    def _send(self, portion: T, rest: Iterator[T], make: Make[T], seq_no: int, now: float) -> None:
        following = next(rest, None)
        message = make(portion, seq_no, following is not None, now)

        def go_on(answer: object, at: float) -> None:
            if following is None or (answer is None and not self._station.linked):
                self._running -= 1
            else:
                self._send(following, rest, make, seq_no + 1, at)

        self._station.ask(message, now, go_on, first=not self._station.accepted)
