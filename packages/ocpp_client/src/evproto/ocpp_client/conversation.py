"""What speaks over a WebSocket: text frames in and out, over one connection after the other."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from evproto.core import Machine

Event = TypeVar("Event")


class Conversation(Machine[str, str, Event]):
    """A machine that lives longer than its connections."""

    @abstractmethod
    def connected(self, now: float) -> None:
        """A WebSocket with our subprotocol stands."""

    @abstractmethod
    def disconnected(self, now: float) -> None:
        """The WebSocket ended."""
