"""A contactor: it follows its coil after a time, and tells what it does by an auxiliary contact."""

from __future__ import annotations

from pydantic import Field

from evproto.charger.config import Config


class ContactorConfig(Config):
    """How a contactor moves and fails."""

    close_s: float = Field(default=0.08, ge=0)
    open_s: float = Field(default=0.03, ge=0)
    welded: bool = False
    """Once closed, it stays closed."""


class Contactor:
    """Coil in, auxiliary contact out."""

    def __init__(self, config: ContactorConfig | None = None) -> None:
        self._config = config or ContactorConfig()
        self._wanted = False
        self._closed = False
        self._moves_at: float | None = None

    @property
    def wanted(self) -> bool:
        """Whether the coil is on."""
        return self._wanted

    @property
    def closed(self) -> bool:
        """What the auxiliary contact tells."""
        return self._closed

    @property
    def deadline(self) -> float | None:
        """When the contact moves, or None while it rests."""
        return self._moves_at

    def switch(self, close: bool, now: float) -> None:
        """Put the coil on or off; the same again changes nothing."""
        if close == self._wanted:
            return
        self._wanted = close
        delay = self._config.close_s if close else self._config.open_s
        self._moves_at = None if close == self._closed else now + delay

    def advance(self, now: float) -> bool:
        """Move the contact when its time has come; True when it moved."""
        if self._moves_at is None or now < self._moves_at:
            return False
        self._moves_at = None
        if self._closed and self._config.welded:
            return False
        self._closed = self._wanted
        return True
