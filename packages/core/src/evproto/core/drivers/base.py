"""What all drivers share: pump a machine and keep its timer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from evproto.core.machine import Machine

In = TypeVar("In")
Out = TypeVar("Out")
Event = TypeVar("Event")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Driver(Generic[In, Out, Event]):
    """Runs one machine on the running event loop, in the loop's own time.

    `send` takes each output, `on_event` each event; both are called from the loop and must not
    block. An exception from them is logged and does not stop the machine.
    """

    def __init__(
        self,
        machine: Machine[In, Out, Event],
        send: Callable[[Out], None],
        on_event: Callable[[Event], None],
    ) -> None:
        self.machine = machine
        self._send = send
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._pumping = False

    @property
    def now(self) -> float:
        """The time that the machine is given, in seconds."""
        return self._loop.time()

    def receive(self, item: In) -> None:
        """Give the machine an input and act on what follows."""
        self.machine.receive(item, self.now)
        self.pump()

    def command(self, verb: Callable[..., Result], *arguments: Any) -> Result:
        """Call a verb of the machine as `verb(*arguments, now)` and act on what follows."""
        try:
            return verb(*arguments, self.now)
        finally:
            self.pump()

    def pump(self) -> None:
        """Send what the machine has to send, hand out its events, set the timer anew.

        An event handler may give commands: they are pumped by the loop that is running already.
        """
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._pump_once():
                pass
        finally:
            self._pumping = False
        self._set_timer()

    def stop(self) -> None:
        """Cancel the timer; the machine is left as it is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pump_once(self) -> bool:
        busy = False
        while (output := self.machine.next_output()) is not None:
            busy = True
            self._guarded(self._send, output)
        while (event := self.machine.next_event()) is not None:
            busy = True
            self._guarded(self._on_event, event)
        return busy

    def _guarded(self, action: Callable[[Any], None], item: object) -> None:
        try:
            action(item)
        except Exception:
            _log.exception(
                "%s could not handle %s", getattr(action, "__qualname__", action), type(item).__name__
            )

    def _set_timer(self) -> None:
        self.stop()
        deadline = self.machine.deadline
        if deadline is not None:
            self._timer = self._loop.call_at(deadline, self._on_deadline)

    def _on_deadline(self) -> None:
        self._timer = None
        self.machine.advance(self.now)
        self.pump()
