"""The frames of OCPP-J (part 4 chapter 4): JSON arrays around the payloads.

Reading is in two steps: the frame with its payload untouched, then the payload as the type that
the action calls for. So a bad payload still has an id that can be answered.
"""

from __future__ import annotations

import enum
from typing import Any, TypeAlias

import msgspec

from evproto.core import DecodeError

MAX_ID_LENGTH = 36


class MessageType(enum.IntEnum):
    """The first element of a frame."""

    CALL = 2
    CALLRESULT = 3
    CALLERROR = 4
    CALLRESULTERROR = 5
    SEND = 6


class ErrorCode(enum.Enum):
    """Why a call was not carried out (part 4 table 9; the 1.6 errata adopt the same spelling)."""

    FORMAT_VIOLATION = "FormatViolation"
    GENERIC_ERROR = "GenericError"
    INTERNAL_ERROR = "InternalError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    OCCURRENCE_CONSTRAINT_VIOLATION = "OccurrenceConstraintViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    PROTOCOL_ERROR = "ProtocolError"
    RPC_FRAMEWORK_ERROR = "RpcFrameworkError"
    SECURITY_ERROR = "SecurityError"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"

    @classmethod
    def read(cls, text: str) -> ErrorCode:
        """The code that a peer wrote, in the old spelling of 1.6 too; unknown ones are GenericError."""
        try:
            return cls(_OLD_SPELLING.get(text, text))
        except ValueError:
            return cls.GENERIC_ERROR


_OLD_SPELLING = {
    "FormationViolation": "FormatViolation",
    "OccurenceConstraintViolation": "OccurrenceConstraintViolation",
}


class Call(msgspec.Struct, frozen=True):
    """CALL, or SEND when `confirmed` is false."""

    id: str
    action: str
    payload: msgspec.Raw
    confirmed: bool = True


class Result(msgspec.Struct, frozen=True):
    """CALLRESULT."""

    id: str
    payload: msgspec.Raw


class Error(msgspec.Struct, frozen=True):
    """CALLERROR, or CALLRESULTERROR when it answers a result."""

    id: str
    code: ErrorCode
    description: str
    details: Any
    of_result: bool = False


Frame: TypeAlias = Call | Result | Error


class FrameError(DecodeError):
    """A text that is no frame. `id` is what could be read of its id, `type` of its type."""

    def __init__(self, reason: str, *, type: int | None = None, id: str | None = None) -> None:
        super().__init__(reason, path="frame")
        self.type = type
        self.id = id


def read_frame(text: str) -> Frame:
    """The frame; its payload is checked to be JSON and no more. Raises FrameError."""
    parts = _split(text)
    kind = _integer(parts[0])
    id = _id(parts, kind)
    length = {2: 4, 3: 3, 4: 5, 5: 5, 6: 4}.get(kind)
    if length is None:
        raise FrameError(f"unknown message type {kind}", type=kind, id=id)
    if len(parts) != length:
        raise FrameError(f"expected {length} elements, got {len(parts)}", type=kind, id=id)
    if kind == MessageType.CALLRESULT:
        return Result(id, parts[2])
    if kind in (MessageType.CALL, MessageType.SEND):
        return Call(id, _string(parts[2], "action", kind, id), parts[3], kind == MessageType.CALL)
    code = ErrorCode.read(_string(parts[2], "error code", kind, id))
    description = _string(parts[3], "error description", kind, id)
    return Error(id, code, description, msgspec.json.decode(parts[4]), kind == MessageType.CALLRESULTERROR)


def write_call(id: str, action: str, payload: bytes, *, confirmed: bool = True) -> str:
    """A CALL, or a SEND when not `confirmed`, of an action that the version has."""
    return f'[{2 if confirmed else 6},{_quoted(id)},"{action}",{payload.decode()}]'


def write_result(id: str, payload: bytes) -> str:
    """A CALLRESULT."""
    return f"[3,{_quoted(id)},{payload.decode()}]"


def write_error(id: str, code: ErrorCode, description: str, *, of_result: bool = False) -> str:
    """A CALLERROR or a CALLRESULTERROR; descriptions are cut at the 255 characters that are allowed."""
    kind = MessageType.CALLRESULTERROR if of_result else MessageType.CALLERROR
    return f'[{kind:d},{_quoted(id)},"{code.value}",{_quoted(description[:255])},{{}}]'


def _split(text: str) -> list[msgspec.Raw]:
    try:
        parts = _FRAME.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise FrameError(f"no JSON array: {error}") from None
    except RecursionError:
        raise FrameError("nested too deep") from None
    if len(parts) < 3:
        raise FrameError(f"expected at least 3 elements, got {len(parts)}")
    return parts


def _integer(part: msgspec.Raw) -> int:
    try:
        return _INTEGER.decode(part)
    except msgspec.ValidationError:
        raise FrameError("the message type is no integer") from None


def _id(parts: list[msgspec.Raw], kind: int) -> str:
    id = _string(parts[1], "message id", kind, None)
    if len(id) > MAX_ID_LENGTH:
        raise FrameError(f"a message id of {len(id)} characters, {MAX_ID_LENGTH} are allowed", type=kind)
    return id


def _string(part: msgspec.Raw, what: str, kind: int, id: str | None) -> str:
    try:
        return _STRING.decode(part)
    except msgspec.ValidationError:
        raise FrameError(f"the {what} is no string", type=kind, id=id) from None


def _quoted(text: str) -> str:
    return _ENCODER.encode(text).decode()


_FRAME = msgspec.json.Decoder(list[msgspec.Raw])
_INTEGER = msgspec.json.Decoder(int)
_STRING = msgspec.json.Decoder(str)
_ENCODER = msgspec.json.Encoder()
