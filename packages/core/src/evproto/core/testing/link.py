"""One direction of a link in virtual time, with seeded faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from evproto.core.testing.virtual_time import VirtualTime

Item = TypeVar("Item")


@dataclass
class Link(Generic[Item]):
    """Carries items to `deliver` after `delay` seconds, and does what the chances say on the way.

    Chances are between 0 and 1 and are drawn from a generator of `seed`, for each item alone.
    loss: the item vanishes. duplicate: it arrives twice. reorder: it is held back by up to
    `jitter` seconds more, so that later ones overtake it; without reordering items keep their
    order. corrupt: `corruptor` spoils it (default: one bit of a bytes object flips). cut: set
    it and nothing passes any more.
    """

    time: VirtualTime
    deliver: Callable[[Item], object]
    seed: int = 0
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0
    corruptor: Callable[[Item, random.Random], Item] | None = None
    cut: bool = False
    sent: int = 0
    lost: int = 0
    _random: random.Random = field(init=False, repr=False)
    _last_arrival: float = field(init=False, default=0.0, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def send(self, item: Item) -> None:
        """Put the item on its way."""
        self.sent += 1
        if self.cut or self._chance(self.loss):
            self.lost += 1
            return
        for _ in range(2 if self._chance(self.duplicate) else 1):
            spoiled = self._spoil(item) if self._chance(self.corrupt) else item
            self.time.at(self._arrival(), lambda spoiled=spoiled: self._arrive(spoiled))  # type: ignore[misc]

    def after_all(self, action: Callable[[], object]) -> None:
        """Run the action when all that was sent in order has arrived."""
        self.time.at(max(self.time.now + self.delay, self._last_arrival), action)

    def _arrive(self, item: Item) -> None:
        if not self.cut:
            self.deliver(item)

    def _arrival(self) -> float:
        jitter = self._random.random() * self.jitter if self.jitter else 0.0
        arrival = self.time.now + self.delay + jitter
        if not self._chance(self.reorder):
            arrival = self._last_arrival = max(arrival, self._last_arrival)
        return arrival

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance

    def _spoil(self, item: Item) -> Item:
        if self.corruptor is not None:
            return self.corruptor(item, self._random)
        if isinstance(item, bytes) and item:
            flipped = bytearray(item)
            flipped[self._random.randrange(len(flipped))] ^= 1 << self._random.randrange(8)
            return bytes(flipped)  # type: ignore[return-value]
        return item
