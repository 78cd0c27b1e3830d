"""A customer with a card: present after a while, and accepted or not."""

from __future__ import annotations

from pydantic import Field

from evproto.charger.config import Config


class AuthorizerConfig(Config):
    """When the card is shown after it is asked for, and what the answer is."""

    delay_s: float = Field(default=1.2, ge=0)
    accepted: bool = True


class DelayedAuthorizer:
    """Answers each question after the delay."""

    def __init__(self, config: AuthorizerConfig | None = None) -> None:
        self._config = config or AuthorizerConfig()
        self._due: float | None = None

    @property
    def deadline(self) -> float | None:
        """When the answer comes, or None."""
        return self._due

    def ask(self, now: float) -> None:
        """Begin to wait for the card."""
        self._due = now + self._config.delay_s

    def cancel(self) -> None:
        """Nobody wants to know any more."""
        self._due = None

    def advance(self, now: float) -> bool | None:
        """The decision, once; None while there is none."""
        if self._due is None or now < self._due:
            return None
        self._due = None
        return self._config.accepted
