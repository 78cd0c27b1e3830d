"""Between frames and messages, the same on both sides."""

from __future__ import annotations

from evproto.core import DecodeError
from evproto.v2gtp.language import Frame

from .messages import CODEC, Body, BodyElement, MessageHeader, V2GMessage, encode

EXI_PAYLOAD = 0x8001
"""The payload type of all messages of ISO 15118-2 in a V2GTP header."""


def read(frame: Frame) -> tuple[MessageHeader, BodyElement, int]:
    """Header and body of the message, and the number of zero bytes after it, which are met in the field.

    DecodeError for anything else.
    """
    if frame.payload_type != EXI_PAYLOAD:
        raise DecodeError(f"payload type 0x{frame.payload_type:04x}, expected 0x{EXI_PAYLOAD:04x}")
    message, used = CODEC.decode_prefix(frame.payload)
    if not isinstance(message, V2GMessage):
        raise DecodeError(f"expected V2G_Message, got {type(message).__name__}")
    surplus = len(frame.payload) - used
    if surplus and any(frame.payload[used:]):
        raise DecodeError(f"{surplus} bytes after the message", offset=used)
    if message.body.body_element is None:
        raise DecodeError("the body is empty", path="V2G_Message/Body")
    return message.header, message.body.body_element, surplus


def write(header: MessageHeader, body: BodyElement) -> Frame:
    """The frame of a message."""
    return Frame(EXI_PAYLOAD, encode(V2GMessage(header=header, body=Body(body_element=body))))
