"""An isolation monitor: a self-contained test that takes seconds and gives a resistance."""

from __future__ import annotations

from pydantic import Field

from evproto.charger.config import Config

FAULT_BELOW_OHM = 100_000.0
"""IEC 61851-23: under 100 ohm per volt (here for 1,000 V) the output must not be energised."""


class IsolationConfig(Config):
    """How long a test takes and what it finds."""

    test_s: float = Field(default=3.0, gt=0)
    resistance_ohm: float = Field(default=2_500_000.0, gt=0)


class IsolationMonitor:
    """Start a test; ask after its deadline."""

    def __init__(self, config: IsolationConfig | None = None) -> None:
        self._config = config or IsolationConfig()
        self._done_at: float | None = None

    @property
    def deadline(self) -> float | None:
        """When the running test ends, or None."""
        return self._done_at

    @property
    def resistance_ohm(self) -> float:
        return self._config.resistance_ohm

    @property
    def safe(self) -> bool:
        """Whether the resistance allows energy transfer."""
        return self._config.resistance_ohm >= FAULT_BELOW_OHM

    def start(self, now: float) -> None:
        """Begin a test; one that runs begins anew."""
        self._done_at = now + self._config.test_s

    def stop(self) -> None:
        """Give up a running test."""
        self._done_at = None

    def advance(self, now: float) -> bool:
        """True once, when the test has ended."""
        if self._done_at is None or now < self._done_at:
            return False
        self._done_at = None
        return True
