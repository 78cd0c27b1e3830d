"""Block N of 2.1, periodic event streams (N11 to N15): what frequent monitors see, many values at a time.

The values of a monitor with a stream go by NotifyPeriodicEventStream, which nobody answers, in
place of NotifyEvent. A stream has the id of its monitor.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from evproto.ocpp_client.device_model.monitors import Triggered
from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v21.datatypes import (
    ConstantStreamData,
    PeriodicEventStreamParams,
    StatusInfo,
    StreamDataElement,
)
from evproto.ocpp_client.v21.enums import GenericStatusEnum
from evproto.ocpp_client.v21.messages import (
    AdjustPeriodicEventStreamRequest,
    AdjustPeriodicEventStreamResponse,
    ClosePeriodicEventStreamRequest,
    GetPeriodicEventStreamRequest,
    GetPeriodicEventStreamResponse,
    NotifyPeriodicEventStreamRequest,
    OpenPeriodicEventStreamRequest,
    OpenPeriodicEventStreamResponse,
)

STREAMS = "v2.event-streams"
MOST_KEPT = 1_000
"""Values of a stream that wait for the link; the oldest go first."""
MOST_PER_MESSAGE = 100


@dataclass(slots=True)
class _Stream:
    params: PeriodicEventStreamParams
    open: bool = False
    values: deque[tuple[Timestamp, str]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    @property
    def at_once(self) -> int:
        """How many values make a message; one where neither a number nor a time is given."""
        if self.params.values:
            return min(self.params.values, MOST_PER_MESSAGE)
        return MOST_PER_MESSAGE if self.params.interval else 1


class EventStreams(Block):
    """A stream is used once the back end has agreed to it; where it refuses, NotifyEvent it is."""

    name = "event-streams"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._streams: dict[int, _Stream] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetPeriodicEventStream": self._get, "AdjustPeriodicEventStream": self._adjust}

    def restore(self, now: float) -> None:
        kinds = dict[int, PeriodicEventStreamParams]
        stored = msgspec.json.decode(self._station.store.get(STREAMS, "{}"), type=kinds)
        self._streams = {id: _Stream(params) for id, params in stored.items()}

    def accepted(self, now: float) -> None:
        self._open_all(now)

    def reconnected(self, offline: float, now: float) -> None:
        self._open_all(now)
        for id, stream in self._streams.items():
            self._send_full(id, stream, now)

    def on_timer(self, name: str, now: float) -> None:
        """The interval of a stream is over."""
        id = int(name)
        if (stream := self._streams.get(id)) is not None:
            self._send_all(id, stream, now)

    # --- for the monitors ---

    def has_room(self, monitor_id: int | None) -> bool:
        """Whether this monitor may have a stream, a new one has no id yet (MaxPeriodicEventStreams)."""
        most = self._station.model.number("MonitoringCtrlr", "MaxPeriodicEventStreams")
        return monitor_id in self._streams or len(self._streams) < most

    def begin(self, monitor_id: int, params: PeriodicEventStreamParams) -> None:
        """The back end set a monitor with a stream: ask it to open that (N11)."""
        self._stop(str(monitor_id))
        self._streams[monitor_id] = _Stream(params)
        self._keep()
        self._station.afterwards(lambda at: self._open(monitor_id, at))

    def end(self, monitor_id: int) -> None:
        """The monitor is gone, and its stream with it (N13)."""
        if self._streams.pop(monitor_id, None) is None:
            return
        self._stop(str(monitor_id))
        self._keep()
        request = ClosePeriodicEventStreamRequest(id=monitor_id)
        self._station.afterwards(lambda at: self._station.ask(request, at))

    def ids(self) -> tuple[int, ...]:
        """The monitors with a stream."""
        return tuple(self._streams)

    def take(self, seen: Triggered, now: float) -> bool:
        """Take what a monitor saw into its stream; False where it has none."""
        id = seen.monitor.id
        stream = self._streams.get(id)
        if stream is None:
            return False
        stream.values.append((self._station.clock.at(seen.at), seen.actual))
        self._send_full(id, stream, now)
        if stream.params.interval and stream.values and not self._runs(str(id)):
            self._start(str(id), now + stream.params.interval)
        return True

    # --- the back end ---

    def _get(self, request: GetPeriodicEventStreamRequest, now: float) -> GetPeriodicEventStreamResponse:
        streams = tuple(_about(id, one.params) for id, one in self._streams.items() if one.open)
        return GetPeriodicEventStreamResponse(constant_stream_data=streams or None)

    def _adjust(
        self, request: AdjustPeriodicEventStreamRequest, now: float
    ) -> AdjustPeriodicEventStreamResponse:
        stream = self._streams.get(request.id)
        if stream is None:
            info = StatusInfo(reason_code="NotFound")
            return AdjustPeriodicEventStreamResponse(status=GenericStatusEnum.REJECTED, status_info=info)
        stream.params = request.params
        self._keep()
        self._stop(str(request.id))
        self._station.afterwards(lambda at: self._send_all(request.id, stream, at))
        return AdjustPeriodicEventStreamResponse(status=GenericStatusEnum.ACCEPTED)

    def _open_all(self, now: float) -> None:
        for id in [id for id, stream in self._streams.items() if not stream.open]:
            self._open(id, now)

    def _open(self, id: int, now: float) -> None:
        stream = self._streams.get(id)
        if stream is None:
            return

        def answered(response: OpenPeriodicEventStreamResponse | None, at: float) -> None:
            if response is None:
                return  # tried again with the next connection
            if response.status is GenericStatusEnum.ACCEPTED:
                stream.open = True
                self._send_full(id, stream, at)
            elif self._streams.get(id) is stream:
                del self._streams[id]
                self._keep()

        request = OpenPeriodicEventStreamRequest(constant_stream_data=_about(id, stream.params))
        self._station.ask(request, now, answered)

    # --- the values ---

    def _send_full(self, id: int, stream: _Stream, now: float) -> None:
        while stream.open and self._station.online and len(stream.values) >= stream.at_once:
            self._send(id, stream, now)

    def _send_all(self, id: int, stream: _Stream, now: float) -> None:
        while stream.open and self._station.online and stream.values:
            self._send(id, stream, now)

    def _send(self, id: int, stream: _Stream, now: float) -> None:
        count = min(len(stream.values), stream.at_once)
        portion = [stream.values.popleft() for _ in range(count)]
        base = portion[0][0]
        message = NotifyPeriodicEventStreamRequest(
            id=id,
            pending=len(stream.values),
            basetime=base,
            data=tuple(StreamDataElement(t=(at - base).total_seconds(), v=value) for at, value in portion),
        )
        self._station.outbox.send(message, now)
        self._stop(str(id))

    def _keep(self) -> None:
        params = {id: stream.params for id, stream in self._streams.items()}
        self._station.store.put(STREAMS, msgspec.json.encode(params).decode())


def _about(id: int, params: PeriodicEventStreamParams) -> ConstantStreamData:
    return ConstantStreamData(id=id, variable_monitoring_id=id, params=params)
