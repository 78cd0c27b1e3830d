"""The errors of every evproto package. The class says who has to mend it.

EvprotoError
├── DecodeError     the peer (or a file) sent something that is no valid message
├── EncodeError     the application built a message that cannot be sent
├── StateError      the application gave a command that the machine cannot take now
└── ConfigError     a setting is missing, unknown or out of range
"""

from __future__ import annotations


class EvprotoError(Exception):
    """Base of all errors that evproto raises on purpose."""


class DecodeError(EvprotoError, ValueError):
    """Bytes or text from outside are not what the protocol allows.

    `offset` is the position of the first bad element, counted in `unit` ("byte", "bit" or
    "character"), None where it has none. `path` names the field, outermost first, with "/".
    """

    def __init__(self, reason: str, *, offset: int | None = None, unit: str = "byte", path: str = "") -> None:
        self.reason = reason
        self.offset = offset
        self.unit = unit
        self.path = path
        super().__init__(reason + _place(offset, unit, path))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_decode_error, (self.reason, self.offset, self.unit, self.path))


class EncodeError(EvprotoError, ValueError):
    """A message holds a value that the protocol cannot carry; `path` names the field."""

    def __init__(self, reason: str, *, path: str = "") -> None:
        self.reason = reason
        self.path = path
        super().__init__(reason + _place(None, "", path))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_encode_error, (self.reason, self.path))


class StateError(EvprotoError):
    """A command came at a time at which the machine cannot take it: a fault of the application."""


class ConfigError(EvprotoError, ValueError):
    """A setting is wrong; the text names the file or option, the key and the value."""


def _place(offset: int | None, unit: str, path: str) -> str:
    words = []
    if path:
        words.append(f"in {path}")
    if offset is not None:
        words.append(f"at {unit} {offset}")
    return f" ({' '.join(words)})" if words else ""


def _rebuild_decode_error(reason: str, offset: int | None, unit: str, path: str) -> DecodeError:
    return DecodeError(reason, offset=offset, unit=unit, path=path)


def _rebuild_encode_error(reason: str, path: str) -> EncodeError:
    return EncodeError(reason, path=path)
