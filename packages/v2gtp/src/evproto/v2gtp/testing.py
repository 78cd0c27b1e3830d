"""A toy language, for tests of endpoints and of what is built around them.

The car says "hello", then "ping" `rounds` times, then "bye"; the charger answers each word with
"pong". The events of both sides are plain words.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from evproto.core import CLOSE, StateError
from evproto.v2gtp.frames import PayloadType
from evproto.v2gtp.language import AppProtocol, Frame, LanguageSession, SessionContext

TOY = AppProtocol("urn:example:toy", 2, 0)
SEQUENCE_TIMEOUT = 60.0
MESSAGE_TIMEOUT = 2.0


class ToySession(LanguageSession[str]):
    """What both sides share. `context` is what the endpoint handed over."""

    def __init__(self, context: SessionContext) -> None:
        super().__init__(trace=context.trace)
        self.context = context
        self.over = False

    def connection_lost(self, now: float) -> None:
        if not self.over:
            self._end(f"lost at {now}")

    def stop(self, now: float, *, why: str = "stopped") -> str:
        """A command: end the conversation; tells when that was."""
        if self.over:
            raise StateError("the toy session is over")
        self._end(why)
        return f"stopped at {now}"

    @abstractmethod
    def nudge(self, now: float) -> str:
        """A command that each side takes in its own way; tells how."""

    def _hear(self, frame: Frame) -> bytes:
        self._events.append(f"heard {frame.payload.decode(errors='replace')}")
        return frame.payload

    def _end(self, how: str) -> None:
        self.over = True
        self._timers.clear()
        self._outputs.append(CLOSE)
        self._events.append(how)

    def _on_timer(self, name: str, now: float) -> None:
        self._end(f"{name} at {now}")


class ToySeccSession(ToySession):
    """Answers until it hears "bye"."""

    def __init__(self, context: SessionContext, now: float) -> None:
        super().__init__(context)
        self._timers.start("silence", now + SEQUENCE_TIMEOUT)

    def nudge(self, now: float) -> str:
        """The charger stays calm."""
        return "calm"

    def receive(self, item: Frame, now: float) -> None:
        if self.over:
            return
        word = self._hear(item)
        self._outputs.append(Frame(PayloadType.EXI, b"pong"))
        self._timers.start("silence", now + SEQUENCE_TIMEOUT)
        if word == b"bye":
            self._end("done")


class ToyEvccSession(ToySession):
    """Speaks first, and as often as `rounds` says."""

    def __init__(self, context: SessionContext, now: float, rounds: int) -> None:
        super().__init__(context)
        self._words = [b"ping"] * rounds + [b"bye"]
        self._say(b"hello", now)

    def nudge(self, now: float) -> str:
        """The car hurries."""
        return "hurry"

    def receive(self, item: Frame, now: float) -> None:
        if self.over:
            return
        self._hear(item)
        if not self._words:
            self._end("done")
            return
        self._say(self._words.pop(0), now)

    def _say(self, word: bytes, now: float) -> None:
        self._outputs.append(Frame(PayloadType.EXI, word))
        self._timers.start("no answer", now + MESSAGE_TIMEOUT)


@dataclass
class ToyLanguage:
    """One side of the toy language; `opened` keeps its sessions."""

    make_session: Callable[[SessionContext, float], ToySession]
    app_protocols: tuple[AppProtocol, ...] = (TOY,)
    opened: list[ToySession] = field(default_factory=list)

    def open(self, context: SessionContext, now: float) -> ToySession:
        """A session that begins now."""
        session = self.make_session(context, now)
        self.opened.append(session)
        return session


def toy_secc(*app_protocols: AppProtocol) -> ToyLanguage:
    """The charger's side."""
    return ToyLanguage(ToySeccSession, app_protocols or (TOY,))


def toy_evcc(*app_protocols: AppProtocol, rounds: int = 3) -> ToyLanguage:
    """The car's side."""
    return ToyLanguage(lambda context, now: ToyEvccSession(context, now, rounds), app_protocols or (TOY,))
