"""What all evproto packages stand on: the Machine contract, timers, errors and trace records."""

from typing import TYPE_CHECKING

from .lazy import lazy

if TYPE_CHECKING:
    from evproto.core.errors import ConfigError, DecodeError, EncodeError, EvprotoError, StateError
    from evproto.core.machine import CLOSE, Close, Datagram, Machine, StreamMachine
    from evproto.core.timers import Due, Timers
    from evproto.core.trace import JsonLinesTrace, JsonValue, Kind, Trace, TraceSink

__all__ = [
    "CLOSE",
    "Close",
    "ConfigError",
    "Datagram",
    "DecodeError",
    "Due",
    "EncodeError",
    "EvprotoError",
    "JsonLinesTrace",
    "JsonValue",
    "Kind",
    "Machine",
    "StateError",
    "StreamMachine",
    "Timers",
    "Trace",
    "TraceSink",
]

__getattr__ = lazy(
    __name__,
    errors="ConfigError DecodeError EncodeError EvprotoError StateError",
    machine="CLOSE Close Datagram Machine StreamMachine",
    timers="Due Timers",
    trace="JsonLinesTrace JsonValue Kind Trace TraceSink",
)
