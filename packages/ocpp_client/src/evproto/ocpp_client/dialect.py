"""What is written on the line, and in whose words the application speaks.

OCPP 2.1 holds all of 2.0.1: no message, field or member of an enumeration is gone, limits have
only grown. So the blocks of a 2.x station speak 2.1, and a line of 2.0.1 says less: what comes in
is checked against 2.0.1 and read as 2.1; what goes out loses the fields that 2.0.1 has not, and
must then be valid there. A value that 2.0.1 has not (a member of an enumeration) is not lost but
raises EncodeError: the block looks at the version before it says such a thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from evproto.core import DecodeError, EncodeError
from evproto.ocpp_client.codec import decode, encode, write
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.version import Version

StructT = TypeVar("StructT", bound=OcppStruct)


class Dialect:
    """Reads and writes the payloads of `line` as structs of `words`, by default the same version."""

    def __init__(self, line: Version, words: Version | None = None) -> None:
        self.line = line
        self.words = words or line
        self._same = self.words is line

    def action_of(self, message: OcppStruct) -> str | None:
        """The action of a request or a one-way message; None where the line does not have it."""
        action = self.words.action_of.get(type(message))
        return action if action in self.line.actions or action in self.line.one_way else None

    def read_request(self, action: str, payload: bytes | str | msgspec.Raw) -> OcppStruct:
        """The request. Raises DecodeError."""
        return self._read(self.line.actions[action][0], self.words.actions[action][0], payload)

    def read_response(self, action: str, payload: bytes | str | msgspec.Raw) -> OcppStruct:
        """The response. Raises DecodeError."""
        return self._read(self.line.actions[action][1], self.words.actions[action][1], payload)

    def write_request(self, action: str, request: OcppStruct) -> bytes:
        """The request as it goes over the line. Raises EncodeError."""
        return encode(request) if self._same else _narrow(write(request), self.line.actions[action][0])

    def write_response(self, action: str, response: OcppStruct) -> bytes:
        """The response as it goes over the line. Raises EncodeError."""
        return encode(response) if self._same else _narrow(write(response), self.line.actions[action][1])

    def translate(self, action: str, payload: bytes) -> bytes:
        """A request that `encode` wrote in `words`, as it goes over the line."""
        return payload if self._same else _narrow(payload, self.line.actions[action][0])

    def _read(
        self, line: type[OcppStruct], words: type[StructT], payload: bytes | str | msgspec.Raw
    ) -> StructT:
        if not self._same:
            decode(line, payload)
        return decode(words, payload)


def _narrow(payload: bytes, kind: type[OcppStruct]) -> bytes:
    """The payload where it fits as it is, which most do; else without the fields that it may not have."""
    with suppress(DecodeError):
        decode(kind, payload)
        return payload
    plain = _kept(kind, msgspec.json.decode(payload))
    try:
        decode(kind, text := msgspec.json.encode(plain))
    except DecodeError as error:
        raise EncodeError(error.reason, path=kind.__name__) from None
    return text


def _kept(kind: type[msgspec.Struct], plain: dict[str, Any]) -> dict[str, Any]:
    """The fields that the kind has, at every depth."""
    fields = _inner(kind)
    return {name: _kept_in(fields[name], value) for name, value in plain.items() if name in fields}


def _kept_in(kind: type[msgspec.Struct] | None, value: Any) -> Any:
    if kind is None:
        return value
    return [_kept(kind, one) for one in value] if isinstance(value, list) else _kept(kind, value)


@cache
def _inner(kind: type[msgspec.Struct]) -> Mapping[str, type[msgspec.Struct] | None]:
    """By JSON name: the struct that the field holds or lists, or None."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return {field.encode_name: _struct_in(field.type) for field in info.fields}


def _struct_in(kind: inspect.Type) -> type[msgspec.Struct] | None:
    match kind:
        case inspect.StructType():
            return kind.cls
        case inspect.VarTupleType(item_type=item):
            return _struct_in(item)
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := _struct_in(one)) is not None), None)
        case _:
            return None
