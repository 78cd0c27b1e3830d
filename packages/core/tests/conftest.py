"""A small machine that the tests of core drive: it echoes, counts silence and can close."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.core import CLOSE, Kind, StateError, StreamMachine, Trace


class Echo(StreamMachine[str]):
    """Echoes every input, says "silent" after `patience` seconds without one."""

    def __init__(self, *, patience: float = 1.0, first: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.patience = patience
        self.received: list[tuple[float, bytes]] = []
        self.lost_at: float | None = None
        if first:
            self._outputs.append(b"hello")

    def receive(self, item: bytes, now: float) -> None:
        self.received.append((now, item))
        self._record(Trace(time=now, source="echo", kind=Kind.RECEIVED, name="item", raw=item))
        self._timers.start("silence", now + self.patience)
        if item == b"bye":
            self._outputs.append(CLOSE)
        elif len(self.received) < 10:
            self._outputs.append(item)

    def say(self, text: bytes, now: float) -> None:
        if self.lost_at is not None:
            raise StateError("the connection is lost")
        self._outputs.append(text)
        self._timers.start("silence", now + self.patience)

    def connection_lost(self, now: float) -> None:
        self.lost_at = now
        self._timers.clear()
        self._events.append("lost")

    def _on_timer(self, name: str, now: float) -> None:
        self._events.append(f"{name} at {now:g}")


@pytest.fixture
def echo_class() -> type[Echo]:
    return Echo
