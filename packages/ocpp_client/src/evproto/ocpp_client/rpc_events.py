"""What the RPC machine tells its application."""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec

from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.types import OcppStruct


class Failure(enum.Enum):
    """Why a call of ours has no result."""

    REFUSED = "the peer answered CALLERROR"
    TIMEOUT = "the peer did not answer in time"
    DISCONNECTED = "the connection ended first"
    MALFORMED = "the peer's result is not what the action returns"


class CallReceived(msgspec.Struct, frozen=True, kw_only=True):
    """The peer calls; answer with `respond` or `refuse`."""

    id: str
    action: str
    request: OcppStruct


class SendReceived(msgspec.Struct, frozen=True, kw_only=True):
    """The peer sent a one-way message (2.1)."""

    action: str
    message: OcppStruct


class CallAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """Our call was carried out."""

    id: str
    action: str
    response: OcppStruct


class CallFailed(msgspec.Struct, frozen=True, kw_only=True):
    """Our call has no result; `code` and `description` are the peer's words, if it had any."""

    id: str
    action: str
    failure: Failure
    code: ErrorCode | None = None
    description: str = ""


class ResponseRefused(msgspec.Struct, frozen=True, kw_only=True):
    """The peer could not use our response (2.1: CALLRESULTERROR)."""

    id: str
    code: ErrorCode
    description: str


class PeerFault(msgspec.Struct, frozen=True, kw_only=True):
    """The peer sent what it should not; it was answered where the standard has an answer."""

    name: str
    detail: str


RpcEvent: TypeAlias = CallReceived | SendReceived | CallAnswered | CallFailed | ResponseRefused | PeerFault
