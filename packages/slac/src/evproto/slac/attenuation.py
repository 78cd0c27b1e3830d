"""Attenuation profiles: averaging what was heard, ranking who was heard (ISO 15118-3 A.9.2)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Average:
    """Mean attenuation per group over the sounds that arrived, in dB.

    offset_db: what the charger's own path takes away, subtracted from each group.
    """

    offset_db: int = 0
    sounds: int = 0
    _sums: list[int] = field(default_factory=list)

    def add(self, aag: bytes) -> bool:
        """Take the profile of one sound; False when its groups do not fit the first one's."""
        if not aag or (self._sums and len(aag) != len(self._sums)):
            return False
        self._sums = [total + value for total, value in zip(self._sums or bytes(len(aag)), aag, strict=True)]
        self.sounds += 1
        return True

    def profile(self) -> bytes:
        """The means, rounded half up; empty when nothing was heard."""
        half = self.sounds // 2
        return bytes(max(0, (total + half) // self.sounds - self.offset_db) for total in self._sums)


def mean_db(aag: bytes) -> float:
    """The mean over all groups."""
    return sum(aag) / len(aag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When an EV takes a charger for its own, in dB of mean attenuation.

    Below `direct` it is found, below `indirect` it may be (C_EV_match_signalattn_direct and
    _indirect, whose values depend on the vehicle), above it is not. Chargers that are within
    `margin` of the nearest are as likely as that one.
    """

    direct: float = 20.0
    indirect: float = 40.0
    margin: float = 3.0

    def rank(self, reports: dict[bytes, float]) -> list[tuple[bytes, float]]:
        """The chargers that come into question, nearest first."""
        near = [(mac, loss) for mac, loss in reports.items() if loss < self.indirect]
        return sorted(near, key=lambda entry: (entry[1], entry[0]))

    def is_direct(self, ranked: list[tuple[bytes, float]]) -> bool:
        """Whether the nearest needs no validation."""
        nearest = ranked[0][1]
        if nearest >= self.direct:
            return False
        return len(ranked) == 1 or ranked[1][1] - nearest >= self.margin
