"""An endpoint on an asyncio transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar, cast

from evproto.core import Close
from evproto.core.drivers import StreamDriver
from evproto.v2gtp.endpoint import Endpoint, EventT, SessionT
from evproto.v2gtp.events import EndpointEvent

Result = TypeVar("Result")

_FLUSH_TIME = 5.0
"""Seconds that the peer has to take what was sent before the close."""


class Connection(StreamDriver[EndpointEvent | EventT], Generic[SessionT, EventT]):
    """One V2G connection, of either side.

    `on_event` gets this connection and each event. `began` is when communication set-up began,
    in the time of the event loop. `admit` is asked once the transport stands: on False the
    connection is cut before anything is said.
    """

    def __init__(
        self,
        endpoint: Endpoint[SessionT, EventT],
        on_event: Callable[[Connection[SessionT, EventT], EndpointEvent | EventT], None],
        *,
        began: float | None = None,
        admit: Callable[[Connection[SessionT, EventT]], bool] | None = None,
    ) -> None:
        super().__init__(endpoint, lambda event: on_event(self, event))
        self.endpoint = endpoint
        self.peer: tuple[Any, ...] | None = None
        self._began = began
        self._admit = admit
        self._admitted = False
        self._stream: asyncio.Transport | None = None

    @property
    def session(self) -> SessionT | None:
        """The session of the language, from the agreement on."""
        return self.endpoint.session

    def command(self, verb: Callable[..., Result], *arguments: Any, **options: Any) -> Result:
        """Call `verb(session, *arguments, now, **options)` and send what follows.

        `verb` is a method of the session's class. StateError while no session runs.
        """
        with_options = partial(self.endpoint.command, **options)
        result: Result = self.driver.command(with_options, verb, *arguments)
        return result

    def close(self) -> None:
        """End the connection; a running session is told that it lost it."""
        self.driver.command(self.endpoint.close)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.peer = transport.get_extra_info("peername")
        if self._admit is not None and not self._admit(self):
            transport.close()
            return
        self._admitted = True
        self._stream = cast(asyncio.Transport, transport)
        self.endpoint.start(self.driver.now, self._began)
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """A peer that asks but does not read is not listened to either."""
        if self._stream is not None:
            self._stream.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        if self._stream is not None:
            self._stream.resume_reading()

    def data_received(self, data: bytes) -> None:
        if self._admitted:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._admitted:
            super().connection_lost(exc)
        elif not self.closed.done():
            self.closed.set_result(None)
        self._stream = None

    def _send(self, output: bytes | Close) -> None:
        super()._send(output)
        if isinstance(output, Close):
            # A peer that does not read would keep the connection open for ever.
            asyncio.get_running_loop().call_later(_FLUSH_TIME, self.abort)
