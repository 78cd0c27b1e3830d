"""JSON of typed messages, both ways."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

from evproto.core import DecodeError, EncodeError
from evproto.ocpp_client.types import OcppStruct, Timestamp

StructT = TypeVar("StructT", bound=OcppStruct)
AnyStructT = TypeVar("AnyStructT", bound=msgspec.Struct)


def encode(message: OcppStruct) -> bytes:
    """The message as JSON; absent fields are left out.

    Raises EncodeError when a value is not what the field may hold: msgspec checks types and
    limits on the way in only, so the text is read back once.
    """
    text = write(message)
    try:
        decoder(type(message)).decode(text)
    except msgspec.ValidationError as error:
        raise EncodeError(str(error), path=type(message).__name__) from None
    return text


def write(message: OcppStruct) -> bytes:
    """The message as JSON, unchecked: for who checks the text by another kind."""
    return _ENCODER.encode(message)


def decode(kind: type[StructT], text: bytes | str | msgspec.Raw) -> StructT:
    """The message of that kind.

    Raises DecodeError with the place in JSON path notation (`$.meterValue[0].timestamp`).
    """
    try:
        message: StructT = decoder(kind).decode(text)
        return message
    except msgspec.DecodeError as error:
        raise DecodeError(str(error), path=kind.__name__) from None
    except RecursionError:
        raise DecodeError("nested too deep", path=kind.__name__) from None


def to_builtins(message: msgspec.Struct) -> dict[str, Any]:
    """The message as plain dictionaries and lists with its JSON names."""
    plain: dict[str, Any] = msgspec.json.decode(_ENCODER.encode(message))
    return plain


def from_builtins(kind: type[AnyStructT], plain: dict[str, Any]) -> AnyStructT:
    """What `to_builtins` made plain. Raises DecodeError."""
    try:
        return msgspec.convert(plain, kind, dec_hook=_from_json)
    except msgspec.ValidationError as error:
        raise DecodeError(str(error), path=kind.__name__) from None


@cache
def decoder(kind: type[StructT]) -> msgspec.json.Decoder[StructT]:
    """The decoder of that kind of message, made once."""
    return msgspec.json.Decoder(kind, dec_hook=_from_json)


def _to_json(value: Any) -> Any:
    if isinstance(value, Timestamp):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in an OCPP message")


def _from_json(kind: type, value: Any) -> Any:
    if kind is Timestamp and isinstance(value, str):
        return Timestamp.parse(value)
    raise ValueError(f"expected a {kind.__name__}, got {type(value).__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_to_json)
